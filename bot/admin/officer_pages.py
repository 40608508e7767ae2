"""
Who works in the office: accounts, their roles in each ward, and the one-time links with which they set a password.

Whoever administers a ward gives and takes roles there. Name, password link and closing of an account belong to those
who administer every ward where it has a role: otherwise a ward's administrator could become somebody greater.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from bot.admin import audit, auth, links, officers, wording
from bot.admin.errors import not_allowed, not_found
from bot.admin.guard import address_of, officer_of
from bot.admin.office import Office
from bot.admin.officers import ALL_WARDS, ROLES, Account, Officer
from bot.admin.sign_in_pages import normal, wrong_officer
from bot.log import log

# Above this, wards without a role are chosen from a list and not shown one by one.
SHOWN_WARDS = 8
Roles = Mapping[str, Collection[str]]


def routes(office: Office) -> list[web.RouteDef]:
    pages = OfficerPages(office)
    return [
        web.get("/admin/officers", pages.everyone),
        web.get("/admin/officers/new", pages.new_form),
        web.post("/admin/officers/new", pages.create),
        web.get(r"/admin/officers/{id:\d{1,12}}", pages.form),
        web.post(r"/admin/officers/{id:\d{1,12}}", pages.save),
        web.post(r"/admin/officers/{id:\d{1,12}}/link", pages.make_link),
        web.post(r"/admin/officers/{id:\d{1,12}}/disable", pages.disable),
        web.post(r"/admin/officers/{id:\d{1,12}}/enable", pages.enable),
    ]


class OfficerPages:
    def __init__(self, office: Office):
        self._office = office

    async def everyone(self, request: web.Request) -> web.Response:
        manager = self._manager(request)
        mine = self._wards(manager)
        found = [one for one in await self._office.database.read(officers.accounts) if sees(manager, one.officer)]
        rows = [(one, self._shown_roles(one.officer, mine)) for one in found]
        return self._office.render(request, "officers.html", rows=rows)

    async def new_form(self, request: web.Request) -> web.Response:
        return self._form_page(request, self._manager(request), None)

    async def create(self, request: web.Request) -> web.Response:
        manager, form = self._manager(request), await request.post()
        login, name = normal(str(form.get("login", ""))), str(form.get("name", "")).strip()
        roles = self._given_roles(manager, form)
        problems = wrong_officer(login, name)
        if not roles:
            problems["roles"] = wording.NO_ROLE
        if not problems:
            made = await self._office.database.keep(_create, manager, login, name, roles, now=self._office.clock())
            if made is not None:
                log.info("officer.created", officer=made[0], by=manager.id)
                return self._link_page(request, name, made[1])
            problems["login"] = wording.LOGIN_TAKEN
        values = {"login": login, "name": name, "problems": problems, "roles": roles}
        return self._form_page(request, manager, None, status=422, **values)

    async def form(self, request: web.Request) -> web.Response:
        manager, account = await self._target(request)
        return self._form_page(request, manager, account)

    async def save(self, request: web.Request) -> web.Response:
        """
        Store name and roles; roles in wards of others stay as they are.
        """
        manager, account = await self._target(request)
        form, officer = await request.post(), account.officer
        whole = manages(manager, officer)
        name = str(form.get("name", "")).strip() if whole else officer.name
        roles = self._given_roles(manager, form)
        problems = {} if not whole else wrong_officer(officer.login, name)
        problems.pop("login", None)
        if officer.id == manager.id and _administers(officer.roles) - _administers(roles):
            problems["roles"] = wording.OWN_ROLE
        if problems:
            values = {"name": name, "problems": problems, "roles": roles}
            return self._form_page(request, manager, account, status=422, **values)
        mine = set(self._wards(manager))
        kept = {ward: held for ward, held in officer.roles.items() if ward not in mine}
        await self._office.database.keep(_save, manager, officer, name, {**kept, **roles}, now=self._office.clock())
        log.info("officer.changed", officer=officer.id, by=manager.id)
        return _go("/admin/officers?done=saved")

    async def make_link(self, request: web.Request) -> web.Response:
        manager, account = await self._target(request, whole=True)
        if account.disabled_at is not None:
            raise not_allowed("link of a closed account")
        token = await self._office.database.keep(_link, manager, account.officer, now=self._office.clock())
        log.info("officer.link_made", officer=account.officer.id, by=manager.id)
        return self._link_page(request, account.officer.name, token)

    async def disable(self, request: web.Request) -> web.Response:
        manager, account = await self._target(request, whole=True)
        if account.officer.id == manager.id:
            raise not_allowed("close one's own account")
        await self._office.database.keep(_disable, manager, account.officer, now=self._office.clock())
        log.info("officer.disabled", officer=account.officer.id, by=manager.id)
        return _go("/admin/officers?done=officer_disabled")

    async def enable(self, request: web.Request) -> web.Response:
        manager, account = await self._target(request, whole=True)
        await self._office.database.keep(_enable, manager, account.officer, now=self._office.clock())
        log.info("officer.enabled", officer=account.officer.id, by=manager.id)
        return _go("/admin/officers?done=officer_enabled")

    def _manager(self, request: web.Request) -> Officer:
        officer = officer_of(request)
        if not officer.may_anywhere("manage"):
            raise not_allowed("manage")
        return officer

    async def _target(self, request: web.Request, *, whole: bool = False) -> tuple[Officer, Account]:
        """
        Return who manages whom. Somebody else's officers do not exist here.

        Raises:
            Refused: 404; with `whole` 403 when parts of the account are somebody else's.
        """
        manager, officer_id = self._manager(request), int(request.match_info["id"])
        everyone = await self._office.database.read(officers.accounts)
        account = next((one for one in everyone if one.officer.id == officer_id), None)
        if account is None or not sees(manager, account.officer):
            raise not_found("officer")
        if whole and not manages(manager, account.officer):
            raise not_allowed("manage all of the account")
        return manager, account

    def _wards(self, manager: Officer) -> list[str]:
        """
        Return the wards where the manager gives roles, by name; "*" first.
        """
        own = [one.slug for one in self._office.wards_of(manager, "manage")]
        return [ALL_WARDS, *own] if manager.may("manage", "") else own

    def _given_roles(self, manager: Officer, form: Any) -> dict[str, set[str]]:
        """
        Read the ticked boxes `role` = "ward:role", and the ward that was added by the list. Others' wards are dropped.
        """
        pairs = {tuple(str(one).partition(":")[::2]) for one in form.getall("role", [])}
        pairs |= {(str(form.get("add_ward", "")), str(one)) for one in form.getall("add_role", [])}
        mine = set(self._wards(manager))
        roles: dict[str, set[str]] = {}
        for ward, role in sorted(pairs):
            if ward in mine and role in ROLES:
                roles.setdefault(ward, set()).add(role)
        return roles

    def _shown_roles(self, officer: Officer, wards: Iterable[str]) -> list[tuple[str, list[str]]]:
        return [
            (self._office.ward_name(ward), [role for role in ROLES if role in officer.roles[ward]])
            for ward in wards
            if ward in officer.roles
        ]

    def _form_page(
        self, request: web.Request, manager: Officer, account: Account | None, *, status: int = 200, **given: Any
    ) -> web.Response:
        officer = account.officer if account is not None else None
        roles: Roles = given.get("roles", officer.roles if officer is not None else {})
        mine = self._wards(manager)
        shown = mine if len(mine) <= SHOWN_WARDS else [one for one in mine if one in roles or one == ALL_WARDS]
        values = {
            "account": account,
            "target": officer,
            "whole": officer is None or manages(manager, officer),
            "own": officer is not None and officer.id == manager.id,
            "name": officer.name if officer is not None else "",
            "login": officer.login if officer is not None else "",
            "problems": {},
            "all_roles": ROLES,
            "shown_wards": [(ward, self._office.ward_name(ward), set(roles.get(ward, ()))) for ward in shown],
            "more_wards": [(ward, self._office.ward_name(ward)) for ward in mine if ward not in shown],
            **given,
        }
        return self._office.render(request, "officer.html", status=status, **values)

    def _link_page(self, request: web.Request, name: str, token: str) -> web.Response:
        address = f"{address_of(self._office, request)}{links.PATH}{token}"
        return self._office.render(request, "officer_link.html", name=name, address=address)


def sees(manager: Officer, officer: Officer) -> bool:
    return manager.may("manage", "") or any(manager.may("manage", ward) for ward in officer.roles if ward != ALL_WARDS)


def manages(manager: Officer, officer: Officer) -> bool:
    """
    Say whether all that the officer may do is in the manager's hands.
    """
    return manager.may("manage", "") or (
        bool(officer.roles) and all(ward != ALL_WARDS and manager.may("manage", ward) for ward in officer.roles)
    )


def _administers(roles: Roles) -> set[str]:
    return {ward for ward, held in roles.items() if "admin" in held}


def _pairs(roles: Roles) -> list[tuple[str, str]]:
    return [(ward, role) for ward, held in roles.items() for role in held]


def _note(
    connection: sa.Connection, manager: Officer, login: str, wards: Iterable[str], action: str, **values: Any
) -> None:
    """
    Note a change in every ward that it concerns, so that each finds it in its own list.
    """
    for ward in sorted({"" if one == ALL_WARDS else one for one in wards}) or [""]:
        audit.note(connection, manager, ward=ward, action=action, what=f"officer/{login}", **values)


def _shown(name: str, roles: Roles) -> dict[str, Any]:
    return {"name": name, "roles": {ward: sorted(held, key=ROLES.index) for ward, held in sorted(roles.items())}}


def _create(
    connection: sa.Connection, manager: Officer, login: str, name: str, roles: Roles, *, now: float
) -> tuple[int, str] | None:
    officer_id = officers.create(connection, login=login, name=name, roles=_pairs(roles), now=now)
    if officer_id is None:
        return None
    _note(connection, manager, login, roles, "officer.created", after=_shown(name, roles), now=now)
    return officer_id, links.make_password(connection, officer_id, now=now)


def _save(
    connection: sa.Connection, manager: Officer, officer: Officer, name: str, roles: Roles, *, now: float
) -> None:
    officers.rename(connection, officer.id, name)
    officers.set_roles(connection, officer.id, _pairs(roles))
    wards = {one for one in {*officer.roles, *roles} if set(officer.roles.get(one, ())) != set(roles.get(one, ()))}
    if name != officer.name:
        wards |= set(roles)
    if wards:
        before = _shown(officer.name, {ward: officer.roles[ward] for ward in wards if ward in officer.roles})
        after = _shown(name, {ward: roles[ward] for ward in wards if ward in roles})
        _note(connection, manager, officer.login, wards, "officer.changed", before=before, after=after, now=now)


def _link(connection: sa.Connection, manager: Officer, officer: Officer, *, now: float) -> str:
    _note(connection, manager, officer.login, officer.roles, "officer.link_made", now=now)
    auth.forgive(connection, officer.login)
    return links.make_password(connection, officer.id, now=now)


def _disable(connection: sa.Connection, manager: Officer, officer: Officer, *, now: float) -> None:
    officers.disable(connection, officer.id, now=now)
    _note(connection, manager, officer.login, officer.roles, "officer.disabled", now=now)


def _enable(connection: sa.Connection, manager: Officer, officer: Officer, *, now: float) -> None:
    officers.enable(connection, officer.id)
    _note(connection, manager, officer.login, officer.roles, "officer.enabled", now=now)


def _go(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})
