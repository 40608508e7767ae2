"""
The gateway: messages in, replies out. The only program that faces the public.
"""

__version__ = "0.1.0"
