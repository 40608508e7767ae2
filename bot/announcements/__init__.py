"""
Announcements: one approved text, every outlet, every citizen who may be reached.
"""
