"""
The forms that one announcement takes: what each outlet gets, within its limits, and what an officer may change in it.
"""

from bot.announcements.renditions.making import make, render
from bot.announcements.renditions.rendition import EDITABLE, Problem, Rendition

__all__ = ["EDITABLE", "Problem", "Rendition", "make", "render"]
