"""
The Telegram Bot API and its webhook, played on a real socket. Every rule comes from the channel's fact sheet.
"""

from emulators.telegram.platform import TelegramPlatform
from emulators.telegram.weather import Weather
from emulators.telegram.world import Bot, Chat, Delivery

__all__ = ["Bot", "Chat", "Delivery", "TelegramPlatform", "Weather"]
