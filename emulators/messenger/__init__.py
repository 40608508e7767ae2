"""
Facebook Messenger for Pages: the webhook sender and the Graph endpoints that a Page's bot needs.
"""

from emulators.messenger.courier import Delivery
from emulators.messenger.pages import ALL_FIELDS, PAGE_INBOX, App, Page
from emulators.messenger.platform import MessengerPlatform
from emulators.messenger.weather import Weather

__all__ = ["ALL_FIELDS", "PAGE_INBOX", "App", "Delivery", "MessengerPlatform", "Page", "Weather"]
