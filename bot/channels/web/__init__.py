"""
The web chat: its pages, its messages in, its stream of messages out, and how portals embed it.
"""
