"""
The Page and its app as seen over the Graph API: names, subscriptions, tokens, templates.
"""

from __future__ import annotations

from typing import Any

from emulators.messenger.call import Call
from emulators.messenger.errors import GraphError, bad
from emulators.messenger.pages import ALL_FIELDS, App, Page, Thread

SCOPES = ("pages_messaging", "pages_manage_metadata", "pages_show_list", "pages_read_engagement", "pages_manage_posts")
PERSON_FIELDS = ("first_name", "last_name", "profile_pic", "name", "locale", "timezone", "gender")


async def page_node(call: Call) -> dict[str, Any]:
    """
    GET /me or /{page}.
    """
    names = call.names("fields") or ["name", "id"]
    values = {"id": call.page.id, "name": call.page.name, "category": "Government organization"}
    return {name: values[name] for name in [*names, "id"] if name in values}


def person_node(call: Call, thread: Thread) -> dict[str, Any]:
    """
    GET /{PSID}: a name that nobody has, when the app may read names at all.
    """
    call.need("pages_messaging")
    if not call.platform.weather.profile_access:
        raise GraphError("100/33", f"Unsupported get request. Object with ID '{thread.person}' does not exist.")
    names = call.names("fields") or ["first_name", "last_name", "profile_pic"]
    for name in names:
        if name not in (*PERSON_FIELDS, "id"):
            raise bad(f"Tried accessing nonexisting field ({name}) on node type (User)")
    last = f"số {thread.number}"
    values = {
        "first_name": "Công dân",
        "last_name": last,
        "name": f"Công dân {last}",
        "profile_pic": f"{call.origin}/_media/sticker/{thread.number}.png",
        "locale": "vi_VN",
        "timezone": 7,
    }
    return {name: values[name] for name in names if name in values} | {"id": thread.person}


async def subscribed_apps(call: Call) -> dict[str, Any]:
    """
    GET, POST, DELETE /{page}/subscribed_apps. An app that was disabled comes back by POST.
    """
    call.need("pages_manage_metadata")
    page = call.page
    if call.method == "POST":
        wanted = call.names("subscribed_fields")
        if not wanted:
            raise bad("The parameter subscribed_fields is required.")
        for index, name in enumerate(wanted):
            if name not in ALL_FIELDS:
                raise bad(f"Param subscribed_fields[{index}] must be one of {{{', '.join(ALL_FIELDS)}}}")
        page.fields, page.failing_since, page.warned = tuple(dict.fromkeys(wanted)), None, False
        return {"success": True}
    if call.method == "DELETE":
        page.fields = ()
        return {"success": True}
    if not page.fields:
        return {"data": []}
    app = {"category": "Business", "name": "Emulated app", "id": page.app.id, "subscribed_fields": list(page.fields)}
    return {"data": [app]}


async def app_subscriptions(call: Call, app: App) -> dict[str, Any]:
    """
    GET and POST /{app}/subscriptions with the app's own token: the webhook's address, challenged before it is taken.
    """
    if call.method != "POST":
        held = {"object": "page", "callback_url": app.webhook_url, "active": True}
        return {"data": [held | {"fields": [{"name": name, "version": "v25.0"} for name in app.fields]}]}
    if call.required("object") != "page":
        raise bad("param object must be one of {page}.")
    url, token = str(call.required("callback_url")), str(call.required("verify_token"))
    names = call.names("fields") or list(app.fields)
    status = await call.platform.courier.challenge(App(app.id, app.secret, token, url), token)
    if status != 200:
        raise GraphError(
            "2200", f"(#2200) Callback verification failed with the following errors: HTTP status {status}"
        )
    app.webhook_url, app.verify_token, app.fields = url, token, tuple(names)
    return {"success": True}


def debug_token(call: Call, pages: dict[str, Page]) -> dict[str, Any]:
    """
    GET /debug_token: is a token good, whose is it, what may it do.
    """
    page = pages.get(str(call.required("input_token")))
    if page is None:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    weather = call.platform.weather
    data: dict[str, Any] = {"app_id": page.app.id, "type": "PAGE", "profile_id": page.id, "expires_at": 0}
    data["is_valid"] = weather.token == "ok"  # noqa: S105 (a switch)
    if not data["is_valid"]:
        error_of_token = GraphError(weather.token)
        data["error"] = {"code": 190, "message": error_of_token.message, "subcode": error_of_token.subcode}
    data["scopes"] = [scope for scope in SCOPES if scope != weather.missing_permission]
    return {"data": data}


async def message_templates(call: Call) -> dict[str, Any]:
    """
    GET and POST /{page}/message_templates: utility templates.
    """
    call.need("pages_messaging")
    page = call.page
    if call.method != "POST":
        return {"data": [dict(template) for template in page.templates.values()]}
    name, language = str(call.required("name")), str(call.required("language"))
    if call.required("category") != "UTILITY":
        raise bad("param category must be one of {UTILITY}.")
    parts = call.required("components")
    texts = [str(part.get("text", "")) for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    if not any(texts):
        raise bad("param components must have a BODY with text.")
    status = "APPROVED" if call.platform.weather.template_approval else "PENDING"
    template = {"id": str(2 * 10**15 + len(page.templates)), "name": name, "language": language, "category": "UTILITY"}
    page.templates[name, language] = {**template, "status": status, "text": "\n".join(filter(None, texts))}
    return {"id": template["id"], "status": status, "category": "UTILITY"}
