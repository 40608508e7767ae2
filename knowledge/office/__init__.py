"""
What staff do to the content: read, try, save, compare, go back. JSON under /office, see docs/api.md.
"""
