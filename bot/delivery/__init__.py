"""
Work that survives a kill: turns of a conversation, and what they send.
"""
