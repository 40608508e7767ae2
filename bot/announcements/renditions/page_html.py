"""
Pure: published announcements as HTML pages, as the frame for a portal, and as an Atom feed. Every value is escaped here;
the pages need no script.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.announcements.published import Published
from bot.announcements.renditions.making import page_path
from bot.announcements.renditions.rendition import Ward

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_ADDRESS = re.compile(r"https?://[^\s<>\"”]+[^\s<>\"”.,;:!?)\]]")

LIST_TITLE = "Thông báo của {ward}"
NOTHING = "Chưa có thông báo nào."
POSTED = "Đăng lúc {time}"
URGENT = "Khẩn"
UNTIL = "Có hiệu lực đến {time}"
OVER = "Thông báo này đã hết hiệu lực từ {time}."
WITHDRAWN = "Thông báo này đã được rút lại lúc {time}. Anh/chị không thực hiện theo thông báo này nữa."
PICTURE = "Ảnh kèm theo thông báo"
FILE = "Tải tệp kèm theo (PDF)"
ASK = "Hỏi trợ lý của {ward}"
ALL = "Tất cả thông báo của {ward}"
CALL = "Điện thoại: {hotline}"
FEED = "Theo dõi bằng Atom"
EMBED = "Đưa danh sách này lên cổng thông tin"
EMBED_HOW = "Chép đoạn mã sau vào trang của cổng thông tin:"
UNKNOWN = "Không có thông báo này"
UNKNOWN_LEAD = "Đường dẫn có thể đã gõ sai, hoặc thông báo chưa được đăng."
UNKNOWN_LINK = "Đường dẫn rút gọn không đúng"
UNKNOWN_LINK_LEAD = "Không có thông báo nào ở đường dẫn này. Anh/chị kiểm tra lại từng chữ; nếu nhận được từ người lạ, xin đừng làm theo."
WARDS = "Chọn phường, xã"


def one_page(shown: Published, ward: Ward, *, base: str, now: float, style: str) -> str:
    """
    Return the page of one announcement. `base` is the public address, "" when there is none.
    """
    path = page_path(ward.slug, shown.id)
    fields, valid_until = shown.fields, shown.time("valid_until")
    if shown.withdrawn_at is not None:
        content = f'<p class="notice" role="status">{_e(WITHDRAWN.format(time=_when(shown.withdrawn_at)))}</p>'
        return _page(shown.title, ward, _headed(shown) + content + _foot(ward), style=style, head=_NO_INDEX)
    parts = [_headed(shown)]
    if valid_until is not None and valid_until < now:
        parts.append(f'<p class="notice" role="status">{_e(OVER.format(time=_when(valid_until)))}</p>')
    if fields.get("picture"):
        parts.append(f'<img class="picture" src="{_e(path)}/hinh" alt="{_e(PICTURE)}">')
    parts.append(f'<div class="text">{_paragraphs(fields.get("text", ""))}</div>')
    if valid_until is not None and valid_until >= now:
        parts.append(f'<p class="soft">{_e(UNTIL.format(time=_when(valid_until)))}</p>')
    parts.append(_acts(fields, path))
    described = fields.get("summary", "")
    head = [
        f'<meta name="description" content="{_e(described)}">',
        f'<meta property="og:title" content="{_e(shown.title)}">',
    ]
    head += [
        f'<meta property="og:description" content="{_e(described)}">',
        '<meta property="og:type" content="article">',
    ]
    if base:
        head.append(f'<link rel="canonical" href="{_e(base + path)}">')
        head.append(f'<meta property="og:url" content="{_e(base + path)}">')
        if fields.get("picture"):
            head.append(f'<meta property="og:image" content="{_e(base + path)}/hinh">')
    return _page(shown.title, ward, "".join(parts) + _foot(ward), style=style, head="".join(head))


def list_page(shown: Sequence[Published], ward: Ward, *, base: str, style: str) -> str:
    title = LIST_TITLE.format(ward=ward.name)
    feed, frame = f"/thong-bao/{ward.slug}/feed.atom", f"{base}/thong-bao/{ward.slug}/nhung"
    code = f'<iframe src="{frame}" title="{title}" width="100%" height="420" style="border:0" loading="lazy"></iframe>'
    embed = f"<details><summary>{_e(EMBED)}</summary><p>{_e(EMBED_HOW)}</p><pre tabindex=0><code>{_e(code)}</code></pre></details>"
    content = (
        f"<h1>{_e(title)}</h1>{_items(shown, ward, new_window=False)}"
        f'<nav class="foot" aria-label="Liên kết">{_chat(ward)}<a href="{_e(feed)}">{_e(FEED)}</a></nav>{embed}'
    )
    head = f'<link rel="alternate" type="application/atom+xml" title="{_e(title)}" href="{_e(feed)}">'
    return _page(title, ward, content, style=style, head=head)


def frame_page(shown: Sequence[Published], ward: Ward, *, style: str) -> str:
    """
    Return the list as it stands inside a portal's frame; its links open beside the portal.
    """
    title = LIST_TITLE.format(ward=ward.name)
    content = f'<main class="framed"><h1>{_e(title)}</h1>{_items(shown, ward, new_window=True)}</main>'
    return _document(title, content, style=style, head=_NO_INDEX)


def problem_page(title: str, lead: str, ward: Ward | None, *, style: str) -> str:
    content = f'<h1>{_e(title)}</h1><p class="notice" role="status">{_e(lead)}</p>'
    if ward is not None:
        return _page(title, ward, content + _foot(ward), style=style, head=_NO_INDEX)
    home = f'<nav class="foot" aria-label="Liên kết"><a href="/">{_e(WARDS)}</a></nav>'
    return _document(title, f"<main>{content}{home}</main>", style=style, head=_NO_INDEX)


def feed(shown: Sequence[Published], ward: Ward, *, base: str, now: float) -> str:
    """
    Return the Atom feed (RFC 4287).
    """
    home = f"{base}/thong-bao/{ward.slug}"
    newest = max((one.published_at for one in shown), default=now)
    entries = "".join(
        f"<entry><id>{_e(base + page_path(ward.slug, one.id))}</id><title>{_e(one.title)}</title>"
        f"<updated>{_iso(one.published_at)}</updated><published>{_iso(one.published_at)}</published>"
        f'<link rel="alternate" type="text/html" href="{_e(base + page_path(ward.slug, one.id))}"/>'
        f"<summary>{_e(one.fields.get('summary', ''))}</summary>"
        f'<content type="text">{_e(one.fields.get("text", ""))}</content></entry>'
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">'
        f"<id>{_e(home)}</id><title>{_e(LIST_TITLE.format(ward=ward.name))}</title><updated>{_iso(newest)}</updated>"
        f"<author><name>UBND {_e(ward.name)}</name></author>"
        f'<link rel="self" type="application/atom+xml" href="{_e(home)}/feed.atom"/>'
        f'<link rel="alternate" type="text/html" href="{_e(home)}"/>{entries}</feed>\n'
    )


_NO_INDEX = '<meta name="robots" content="noindex">'


def _headed(shown: Published) -> str:
    badge = f'<span class="urgent">{_e(URGENT)}</span> ' if _marked(shown) else ""
    iso = _iso(shown.published_at)
    posted = f'<time datetime="{iso}">{_e(POSTED.format(time=_when(shown.published_at)))}</time>'
    return f'<h1>{_e(shown.title)}</h1><p class="soft">{badge}{posted}</p>'


def _marked(shown: Published) -> bool:
    # Most titles of emergencies say so themselves.
    return shown.urgent and not shown.title.upper().startswith("KHẨN")


def _acts(found: Mapping[str, str], path: str) -> str:
    parts = []
    if _safe(found.get("button_url", "")):
        parts.append(_link(found["button_url"], found.get("button_title") or found["button_url"], "button"))
    if _safe(found.get("link_url", "")):
        parts.append(_link(found["link_url"], found.get("link_title") or found["link_url"], "further"))
    if found.get("file"):
        parts.append(_link(f"{path}/tep", FILE, "further"))
    return f'<p class="acts">{"".join(parts)}</p>' if parts else ""


def _link(url: str, title: str, kind: str) -> str:
    return f'<a class="{kind}" href="{_e(url)}" rel="noopener noreferrer">{_e(title)}</a>'


def _safe(url: str) -> bool:
    return url.startswith(("https://", "http://", "tel:"))


def _items(shown: Sequence[Published], ward: Ward, *, new_window: bool) -> str:
    if not shown:
        return f"<p>{_e(NOTHING)}</p>"
    target = ' target="_blank" rel="noopener"' if new_window else ""
    items = "".join(
        f'<li><a href="{_e(page_path(ward.slug, one.id))}"{target}>{_e(one.title)}</a>'
        f'<p class="soft">{f"<span class=urgent>{_e(URGENT)}</span> " if _marked(one) else ""}{_e(_when(one.published_at))}</p>'
        f"<p>{_e(one.fields.get('summary', ''))}</p></li>"
        for one in shown
    )
    return f'<ul class="list">{items}</ul>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_linked(one)}</p>" for one in re.split(r"\n{2,}", text.strip()) if one.strip())


def _linked(text: str) -> str:
    made, after = [], 0
    for found in _ADDRESS.finditer(text):
        made.append(_e(text[after : found.start()]))
        made.append(f'<a href="{_e(found.group())}" rel="noopener noreferrer">{_e(found.group())}</a>')
        after = found.end()
    return "".join([*made, _e(text[after:])]).replace("\n", "<br>")


def _foot(ward: Ward) -> str:
    call = ""
    if ward.hotline:
        number = re.sub(r"[^\d+]", "", ward.hotline)
        call = f'<a href="tel:{_e(number)}">{_e(CALL.format(hotline=ward.hotline))}</a>'
    every = f'<a href="/thong-bao/{_e(ward.slug)}">{_e(ALL.format(ward=ward.name))}</a>'
    return f'<nav class="foot" aria-label="Liên kết">{every}{_chat(ward)}{call}</nav>'


def _chat(ward: Ward) -> str:
    return f'<a href="/{_e(ward.slug)}">{_e(ASK.format(ward=ward.name))}</a>'


def _page(title: str, ward: Ward, content: str, *, style: str, head: str = "") -> str:
    capital = ward.name[:1].upper() + ward.name[1:]
    banner = (
        f'<header class="banner"><a href="/thong-bao/{_e(ward.slug)}"><strong>{_e(capital)}</strong>'
        f"<span>{_e(ward.province[:1].upper() + ward.province[1:])}</span></a></header>"
    )
    return _document(title, f"{banner}<main>{content}</main>", style=style, head=head)


def _document(title: str, body: str, *, style: str, head: str) -> str:
    return (
        '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f'<title>{_e(title)}</title>\n{head}\n<link rel="stylesheet" href="{_e(style)}">\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    )


def _when(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, _LOCAL)
    return f"{moment:%H:%M}, {moment.day}/{moment.month}/{moment.year}"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _e(text: str) -> str:
    # XML allows no control characters, not even escaped ones.
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text), quote=True)
