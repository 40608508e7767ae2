"""
Zalo's OAuth, OpenAPI and webhook, played on a real socket. Every rule comes from the channel's fact sheet.
"""

from emulators.zalo.platform import ZaloPlatform
from emulators.zalo.weather import Weather
from emulators.zalo.world import Account, Bubble, Delivery, Grant, User, ZaloApp

__all__ = ["Account", "Bubble", "Delivery", "Grant", "User", "Weather", "ZaloApp", "ZaloPlatform"]
