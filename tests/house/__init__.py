"""The house rules: docs that tell the truth, words in their places, nothing that belongs to one machine."""
