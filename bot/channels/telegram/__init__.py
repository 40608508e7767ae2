"""
Telegram, through python-telegram-bot's Bot. Off unless the accounts file lists a bot (docs/channels/telegram.md).
"""
