"""
Measures the road of a message and the search; see __main__.py. Slow is no error, lost or doubled is.
"""
