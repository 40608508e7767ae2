"""
The script for the loudspeakers: a written text as a newsreader says it.
"""
