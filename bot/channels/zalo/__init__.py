"""
Zalo Official Account: one app for all accounts, or one for each (docs/channels/zalo.md).
"""
