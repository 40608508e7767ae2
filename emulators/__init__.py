"""
Stand-ins for the platforms, on real sockets: rehearse and test with no live account. Imports nothing of the bot.
"""
