"""
Where content stands: in a ward, or in the base that all wards share. And its addresses.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.admin import wording
from bot.admin.errors import not_allowed
from bot.admin.guard import officer_of, ward_of
from bot.admin.office import Office
from bot.admin.officers import Permission
from bot.wards import Ward

SHARED = "-"  # in addresses: what all wards share
KINDS = ("faq", "procedure", "service", "plan", "ward")
NEW_KINDS = ("faq", "procedure", "service")
KIND = "{kind:" + "|".join(KINDS) + "}"
ENTRY = f"/admin/content/{KIND}/{{id:[a-z0-9]+(?:-[a-z0-9]+)*}}"
BASE = Ward(SHARED, wording.WARD_WORDS[""], "", None)


def place_of(request: web.Request, office: Office, permission: Permission = "see") -> Ward:
    """
    Return the ward that a page is about, or BASE for `?ward=-`.

    Raises:
        Refused: 403.
    """
    officer = officer_of(request)
    if request.query.get("ward") == SHARED:
        if not officer.may(permission, ""):
            raise not_allowed(permission)
        return BASE
    if not office.wards_of(officer, permission) and officer.may(permission, "") and not request.query.get("ward"):
        return BASE
    return ward_of(request, office, permission)


def slug_of(place: Ward) -> str:
    """
    Return the ward as knowledge and the audit know it: "" is the base.
    """
    return "" if place.slug == SHARED else place.slug


def frame(request: web.Request, office: Office, place: Ward, permission: Permission = "see") -> dict[str, Any]:
    """
    Return what every content page shows of places: this one, and those to choose from.
    """
    officer = officer_of(request)
    places = office.wards_of(officer, permission)
    if officer.may(permission, ""):
        places.insert(0, BASE)
    # `wards` stays empty: the chooser of the frame knows no base.
    real = {} if place.slug == SHARED else {"ward": place}
    return {"place": place, "places": places, "is_base": place.slug == SHARED, "here": f"ward={place.slug}", **real}


def address(kind: str, id: str, place: Ward, *more: str, **query: str | int) -> str:
    """
    Return the address of an entry's page, or of one below it.
    """
    path = "/".join(("/admin/content", quote(kind), quote(id), *more))
    return f"{path}?{urlencode({'ward': place.slug, **query})}"


def chat_of(office: Office, request: web.Request, place: Ward) -> Ward | None:
    """
    Return the ward in whose chat an officer tries out what was changed here.
    """
    if place.slug != SHARED:
        return place
    return next(iter(office.wards_of(officer_of(request))), None)
