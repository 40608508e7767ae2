"""
A page that looks like a citizen's phone, for every emulator: `add_phone(app, platform)` mounts it under /_phone/.
"""

from emulators.phone.protocol import Phone
from emulators.phone.routes import add_phone

__all__ = ["Phone", "add_phone"]
