"""
Facebook Messenger of a Page. Facts about the platform: docs/channels/messenger.md, read 2026-11-20.
"""
