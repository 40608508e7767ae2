"""
The Page's feed: posts and photos, read back, edited, deleted, scheduled. Meta knows no key that makes a second call
harmless, and may answer an error after it has published (shared/channels/facebook-page.md, sections 2, 3 and 5).
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from emulators.messenger import media, posts
from emulators.messenger.call import Call
from emulators.messenger.errors import GraphError, bad
from emulators.messenger.pages import Page, Photo, Post, Thread

if TYPE_CHECKING:
    from emulators.messenger.platform import MessengerPlatform

MAX_TEXT, MAX_PHOTO_BYTES = 63_206, 10 * 1024 * 1024
SOONEST_SECONDS, LATEST_SECONDS = 10 * 60, 30 * 86_400


async def publish(call: Call) -> dict[str, Any]:
    """
    POST /{page}/feed.
    """
    _may_post(call)
    message, link = str(call.params.get("message") or ""), str(call.params.get("link") or "")
    photos = _attached(call)
    if not message.strip() and not link and not photos:
        raise bad("You must provide a message, a link or attached media")
    if link and not link.startswith(("https://", "http://")):
        raise bad("link URL is not properly formatted")
    # Of a link and attached media one is ignored (likely).
    return {"id": _put(call, message, "" if photos else link, photos).id}


async def add_photo(call: Call) -> dict[str, Any]:
    """
    POST /{page}/photos: by address, or as `source`. One that is published makes a post, and only then has a post_id.
    """
    _may_post(call)
    if call.upload is not None:
        name, mime, size = call.upload
        if not mime.startswith("image/") or not 0 < size <= MAX_PHOTO_BYTES:
            raise GraphError("324")
    elif call.params.get("url"):
        name, size = str(call.params["url"]), 0
        await media.fetch(call, "image", call.params["url"])
    else:
        raise GraphError("324")
    published = _flag(call, "published", default=True)
    photo = Photo(str(4 * 10**15 + len(call.page.photos)), name, size, call.now, published)
    call.page.photos[photo.id] = photo
    if not published:
        return {"id": photo.id}
    caption = str(call.params.get("caption") or call.params.get("message") or "")
    return {"id": photo.id, "post_id": _put(call, caption, "", [photo.id]).id}


def of_post(call: Call, post: Post, edge: str) -> dict[str, Any]:
    """
    GET, POST and DELETE /{post}, and its comments.
    """
    if edge == "comments" and call.method == "POST":
        _may_post(call)
        return {"id": _comment(call.platform, call.page, post, str(call.required("message")), sender=None)}
    if edge == "comments" and call.method == "GET":
        return {"data": list(post.comments)}
    if edge:
        raise GraphError("100/33")
    if call.method == "GET":
        call.need("pages_read_engagement")
        return posts.described(call, post, call.names("fields") or ["created_time", "message"])
    _may_post(call)
    if call.method == "DELETE":
        del call.page.posts[post.id]
        _tell(call.platform, call.page, post, "remove")
        return {"success": True}
    post.message = str(call.required("message"))
    _tell(call.platform, call.page, post, "edited")
    return {"success": True}


def comment(platform: MessengerPlatform, thread: Thread, post_id: str, text: str) -> str:
    """
    Raises:
        KeyError: The Page has no such post.
    """
    return _comment(platform, thread.page, thread.page.posts[post_id], text, sender=thread)


def _may_post(call: Call) -> None:
    call.need("pages_manage_posts")
    if not call.platform.weather.creates_content:
        raise GraphError("200", "(#200) The user must be able to perform the CREATE_CONTENT task on the Page.")


def _put(call: Call, message: str, link: str, photos: list[str]) -> Post:
    """
    Make a post, unless the day is bad; afterwards its answer may get lost.
    """
    platform, page, weather = call.platform, call.page, call.platform.weather
    if len(message) > MAX_TEXT:
        raise bad(f"Length of param message must be less than or equal to {MAX_TEXT}")
    due_at, published = _due(call), _flag(call, "published", default=True)
    if weather.post_error:
        error, weather.post_error_times = weather.post_error, weather.post_error_times - 1
        if weather.post_error_times == 0:
            weather.post_error = ""
        weather.post_error_times = max(0, weather.post_error_times)
        raise GraphError(error)
    recent = (one for one in page.posts.values() if call.now - one.created_at < weather.duplicate_seconds)
    if message.strip() and any(_same(one.message, message) for one in recent):
        raise GraphError("506")
    post = Post(
        f"{page.id}_{platform.stamp()}",
        message.strip(),
        link,
        photos,
        call.now,
        hidden=not published and due_at is None,
        due_at=due_at,
        staff_only=not weather.live,
    )
    page.posts[post.id] = post
    if published:
        _tell(platform, page, post, "add")
    _lose_answer(call)
    return post


def _lose_answer(call: Call) -> None:
    weather = call.platform.weather
    lost = weather.post_lost
    if lost == "no":
        return
    weather.post_lost_times -= 1
    if weather.post_lost_times == 0:
        weather.post_lost = "no"
    weather.post_lost_times = max(0, weather.post_lost_times)
    if lost == "code_2":
        raise GraphError("2", transient=True)
    call.lost = True


def _attached(call: Call) -> list[str]:
    given = call.params.get("attached_media") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad("param attached_media must be an array of objects.")
    photos = [str(one.get("media_fbid")) for one in given]
    for one in photos:
        if one not in call.page.photos or call.page.photos[one].published:
            raise bad(f"Invalid media id {one}: not uploaded by this Page, or published already")
    return photos


def _due(call: Call) -> float | None:
    given = call.params.get("scheduled_publish_time")
    if given in (None, ""):
        return None
    if _flag(call, "published", default=True):
        raise bad("You cannot specify a scheduled publish time on a published post")
    try:
        at = float(given)
    except (TypeError, ValueError):
        try:
            told = datetime.fromisoformat(str(given))
        except ValueError:
            raise bad("param scheduled_publish_time must be a time") from None
        # Without an offset it is not the office's local time: the usual wrong hour.
        at = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    if not SOONEST_SECONDS <= at - call.now <= LATEST_SECONDS:
        raise bad("The specified scheduled publish time is invalid: 10 minutes to 30 days from now")
    return at


def _flag(call: Call, name: str, *, default: bool) -> bool:
    value = call.params.get(name, default)
    return value if isinstance(value, bool) else str(value).lower() in ("1", "true")


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()


def _comment(platform: MessengerPlatform, page: Page, post: Post, text: str, *, sender: Thread | None) -> str:
    number = f"{post.id.partition('_')[2]}_{len(post.comments) + 1}"
    who = {"id": sender.person if sender else page.id, "name": f"Công dân số {sender.number}" if sender else page.name}
    post.comments.append({"id": number, "message": text, "from": who, "created_time": int(platform.clock())})
    value: dict[str, Any] = {
        "item": "comment",
        "verb": "add",
        "post_id": post.id,
        "comment_id": number,
        "parent_id": post.id,
    }
    value |= {"message": text, "created_time": int(platform.clock())}
    named = sender is None or platform.weather.comment_from
    platform.change(page, value | ({"from": who} if named else {}))
    return number


def _tell(platform: MessengerPlatform, page: Page, post: Post, verb: str) -> None:
    value: dict[str, Any] = {
        "item": "photo" if post.photos else "status",
        "verb": verb,
        "post_id": post.id,
        "message": post.message,
    }
    platform.change(page, value | {"from": {"id": page.id, "name": page.name}, "created_time": int(platform.clock())})
