"""
What `python -m bot COMMAND` does besides serving: one file each.
"""
