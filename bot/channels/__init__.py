"""
One folder per channel. Which have accounts stands in bot/accounts.py, how they are built in bot/registry.py.
"""
