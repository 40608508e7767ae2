"""The small encoder we ship: a table of n-gram vectors, the card that describes it, and the script that made it."""
