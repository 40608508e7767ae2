"""
The registry of channels: one line per channel, built in app.py.
"""

from __future__ import annotations

CHANNELS: tuple[str, ...] = ("web",)
