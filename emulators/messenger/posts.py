"""
A Page's posts as they are read: over the Graph API by who may, and by everybody on the Page.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from emulators.messenger.call import Call
from emulators.messenger.errors import bad
from emulators.messenger.pages import Page, Post

DEFAULT_LIMIT, MAX_LIMIT = 25, 100
POST_FIELDS = (
    "id", "message", "created_time", "permalink_url", "is_published", "scheduled_publish_time", "attachments", "from",
)  # fmt: skip


async def newest(call: Call) -> dict[str, Any]:
    """
    GET /{page}/feed.
    """
    call.need("pages_read_engagement")
    shown = [post for post in reversed(call.page.posts.values()) if post.published(call.now)]
    return _listed(call, shown)


async def scheduled(call: Call) -> dict[str, Any]:
    """
    GET /{page}/scheduled_posts.
    """
    call.need("pages_read_engagement")
    return _listed(call, [one for one in call.page.posts.values() if one.due_at and not one.published(call.now)])


def seen(page: Page, *, now: float) -> list[dict[str, Any]]:
    """
    Return what everybody sees on the Page, newest first.
    """
    return [
        {"id": one.id, "text": one.message, "link": one.link, "photos": list(one.photos), "at": one.due_at or one.created_at}
        for one in reversed(page.posts.values())
        if one.published(now) and not one.staff_only
    ]  # fmt: skip


def _listed(call: Call, posts: list[Post]) -> dict[str, Any]:
    try:
        limit = min(int(call.params.get("limit", DEFAULT_LIMIT)), MAX_LIMIT)
    except (TypeError, ValueError):
        raise bad("param limit must be a number") from None
    names = call.names("fields") or ["created_time", "message"]
    return {"data": [described(call, post, names) for post in posts[: max(limit, 0)]]}


def described(call: Call, post: Post, names: list[str]) -> dict[str, Any]:
    for name in names:
        if name not in POST_FIELDS:
            raise bad(f"Tried accessing nonexisting field ({name}) on node type (PagePost)")
    at = datetime.fromtimestamp(post.due_at or post.created_at, UTC)
    values: dict[str, Any] = {
        "id": post.id,
        "created_time": at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "permalink_url": f"https://www.facebook.com/{call.page.id}/posts/{post.id.partition('_')[2]}",
        "is_published": post.published(call.now),
        "from": {"id": call.page.id, "name": call.page.name},
    }
    values |= {"message": post.message} if post.message else {}
    values |= {"scheduled_publish_time": int(post.due_at)} if post.due_at else {}
    values |= {"attachments": {"data": [{"type": "photo", "target": {"id": one}} for one in post.photos]}}
    return {name: values[name] for name in [*names, "id"] if name in values}
