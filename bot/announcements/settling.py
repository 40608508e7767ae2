"""
An officer has looked whether a post is there, of which the program did not know: it counts as made, or is made once more.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.admin import audit
from bot.admin.officers import Officer
from bot.announcements import states, store
from bot.announcements.tables import publication
from bot.errors import RequestError
from bot.log import log


def settle(
    connection: sa.Connection, announcement_id: int, publication_id: int, officer: Officer, *, there: bool, now: float
) -> None:
    """
    Settle one uncertain post. One that is not there is posted again, which only a person who looked may decide.

    Raises:
        RequestError: 404 "publication.unknown"; 409 "publication.certain", when it is not uncertain (any more), or
            "announcement.state"; 403 "officer.not_allowed".
    """
    row = store.found(connection, announcement_id, hold=True)
    query = sa.select(publication.c.state, publication.c.outlet).where(
        publication.c.id == publication_id, publication.c.announcement_id == announcement_id
    )
    post = connection.execute(query).one_or_none()
    if post is None:
        raise RequestError(404, "publication.unknown", f"announcement {announcement_id} has no post {publication_id}")
    state = states.check("settle" if there or row.state == "cancelled" else "resend", row, officer)
    if post.state != "uncertain":
        raise RequestError(409, "publication.certain", f"the post is {post.state}")
    values: dict[str, Any] = {"problem": None}
    if there:
        values |= {"state": "sent", "sent_at": now}
    elif row.state == "cancelled":
        values |= {"state": "cancelled"}
    else:
        # From the beginning, with what the steps before had already made: a picture, a hidden article.
        values |= {"state": "due", "step": None, "claimed_at": None, "url": None}
        finished = {"finished_at": None, "work_id": None} if row.state == "finished" else {}
        store.change(connection, announcement_id, state=state, **finished)
    connection.execute(sa.update(publication).where(publication.c.id == publication_id).values(**values))
    action = "announcement.post_seen" if there else "announcement.post_again"
    what = f"announcement/{announcement_id}"
    audit.note(connection, officer, ward=row.ward, action=action, what=what, after={"outlet": post.outlet}, now=now)
    log.info(action, announcement=announcement_id, publication=publication_id, officer=officer.id)
