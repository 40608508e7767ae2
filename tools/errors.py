"""
The one error of these tools: a sentence for the person at the keyboard, never a traceback.
"""


class RunError(Exception):
    """
    Something that stops the start, said so that the reader knows what to do.
    """
