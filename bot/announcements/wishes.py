"""
Pure: what a citizen writes or taps about announcements → a Wish: to get them, to get no more, or to know which.

Words are compared folded ("Đăng ký nhận tin" = "dang ki nhan tin"), with the short forms of phones written out. What names
anything else besides ("đăng ký nhận thông báo lưu trú") is no wish of this kind: Rasa answers it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import orjson

from bot.announcements.subscriptions import ALL, Choice, How
from bot.announcements.topics import SAID, TOPICS

Act = Literal["subscribe", "unsubscribe", "list", "choose", "choose_topic"]
MOST_WORDS = 24
SAME_NAME = 0.84  # of a neighbourhood that is called by a name: "cho maau" is "Chợ Mẫu"

_SHORT = {
    "dk": "dang ki", "dki": "dang ki", "dky": "dang ki", "dag": "dang", "dnag": "dang", "ky": "ki", "kp": "khu pho", "tdp": "to dan pho",
    "tb": "thong bao", "nhn": "nhan", "nhanh": "nhan", "nhaan": "nhan", "k": "khong", "ko": "khong", "hok": "khong", "kg": "khong", "hong": "khong",
    "tinn": "tin", "tn": "tin", "thogn": "thong", "p": "phuong", "j": "gi", "zi": "gi", "cac": "cac",
}  # fmt: skip
_NEWS = r"(?:cac |nhung |ban |moi (?!truong)|them |lai |duoc |tat ca |toan bo )*(?:tin(?: tuc| nhan| moi(?! truong))?(?: thong bao)?|ban tin|thong bao)"
_WHO = r"(?:toi|em|minh|tui|chau|con|bac|ban|gia dinh)"
_STOP = re.compile(
    rf"\b(?:dung|ngung|ngat|huy|thoi|tat|bo|chan|cham dut|xoa|(?:khong|dung|thoi|chang)(?: con)?(?: muon| can)?) (?:{_WHO} )?(?:dang ki )?(?:nhan |gui |nhan gui |theo doi |bao )*{_NEWS}"
    rf"|\b(?:huy|bo|ngung) dang ki (?:nhan |theo doi )*{_NEWS}|^(?:huy|bo) theo doi$"
)
_LIST = re.compile(
    rf"\b(?:dang|da) (?:dang ki )?(?:duoc )?(?:nhan|theo doi|dang ki) {_NEWS}.*\b(?:gi|nao)\b"
    rf"|\bdang ki (?:nhan )?{_NEWS}(?: ve)? (?:gi|nhung gi|nao)(?: roi| vay| the| nhi)*$"
    rf"|\b(?:xem|kiem tra) (?:lai )?(?:cac )?(?:dang ki nhan {_NEWS}|{_NEWS} (?:{_WHO} )?dang nhan)"
    rf"|^{_NEWS} (?:ma )?(?:{_WHO} )?dang nhan$"
)
_START = re.compile(
    rf"\b(?:(?:dang ki|muon|xin|can|cho {_WHO}|bat|thich) )(?:{_WHO} )?(?:xin |duoc |dang ki |de )*(?:nhan|theo doi) {_NEWS}"
    rf"|\bdang ki {_NEWS}|^nhan {_NEWS}"
)
_ASKS = re.compile(r"\b(?:the nao|lam sao|cach|o dau|nhu nao|bang cach nao)\b")
_PLACE = re.compile(r"\b(?:khu pho|to dan pho|khu dan cu|thon|xom|ap|ban|to|khu) (?:so )?(\d{1,3}|[a-z]+)\b")
_FILLER = re.compile(
    r"\b(?:toi|em|minh|tui|chau|con|bac|anh|chi|ad|admin|ban|oi|a|ah|nhe|nha|nhen|voi|giup|gium|dum|ho|di|luon|nua|khong|cam on|xin|cho|muon|can|dang ki|dang|duoc|nhan"
    r"|cua|tu|ben|ve|o|tai|thuoc|va|hay|hoac|ca|cac|nhung|moi|phuong|xa|ubnd|uy ban|chinh quyen|dia phuong|nay|day|minh|qua|zalo|facebook|messenger|telegram|tin|thong bao|ban tin"
    r"|khu vuc|vuc|khu pho|to dan pho|to|khu|thon|so|roi|thi|la|da|hang ngay|thuong xuyen|tu dong|lai|nay|chu de|linh vuc|gi|nao|vay|the|lam sao|cach|nhu|bang|lam on|vui long|tat ca|toan bo|toan|het"
    r"|dung|ngung|huy|thoi|bo|tat|khong|gui|theo doi)\b"
)
_EVERYTHING = re.compile(r"\b(?:tat ca|toan bo|toan phuong|toan xa|ca phuong|ca xa|moi tin|het)\b")
_NUMBERS = {
    "mot": "1",
    "hai": "2",
    "ba": "3",
    "bon": "4",
    "tu": "4",
    "nam": "5",
    "sau": "6",
    "bay": "7",
    "tam": "8",
    "chin": "9",
    "muoi": "10",
}
_BARE_STOP = frozenset(
    {"dung", "stop", "huy", "ngung", "dung lai", "dung tin", "thoi", "huy tin", "unsubscribe", "dung nhan"}
)
_SURE_STOP = frozenset({"stop", "unsubscribe", "dung tin", "huy tin", "dung nhan"})
# The longest first: "cảnh báo lừa đảo" is no storm.
_TOPICS_SAID = sorted(((phrase, slug) for slug, all in SAID.items() for phrase in all), key=lambda pair: -len(pair[0]))
_CHOOSE = re.compile(r"/choose(\{.{1,200}\})", re.DOTALL)


@dataclass(frozen=True)
class Wish:
    """
    `choices` is empty when nothing in particular was named. `unknown`: a neighbourhood was named that the ward has not.
    """

    act: Act
    choices: tuple[Choice, ...] = ()
    unknown: bool = False
    how: How = "words"


def said(text: str, neighbourhoods: Sequence[str]) -> Wish | None:
    """
    Return the wish in typed words, None when there is none.
    """
    words = plain(text)
    if not words or len(words.split()) > MOST_WORDS:
        return None
    act: Act
    if _LIST.search(words):
        return Wish("list")
    if match := _STOP.search(words):
        act = "unsubscribe"
    elif match := _START.search(words):
        act = "subscribe"
    else:
        return None
    rest = " ".join(f"{words[: match.start()]} , {words[match.end() :]}".split())
    choices, unknown, left = _named(rest, neighbourhoods)
    if act == "subscribe" and _ASKS.search(left):
        return Wish("choose")
    left = " ".join(_FILLER.sub(" ", left).replace(",", " ").split())
    if left:
        # "Đăng ký nhận tin tuyển sinh" is not ours to guess at, and neither is "hủy thông báo lưu trú".
        return None
    if act == "subscribe" and not choices and not unknown:
        return Wish("subscribe", (ALL,)) if _EVERYTHING.search(words) else Wish("choose")
    return Wish(act, tuple(choices), unknown)


def says_stop(text: str) -> bool:
    """
    Say whether a message is nothing but the way out, "DUNG". Without marks it may be "đúng", too.
    """
    words = plain(text)
    return words in _BARE_STOP and (words != "dung" or _typed(text).lower() in ("dung", "dừng", "đừng"))


def surely_stop(text: str) -> bool:
    """
    Say whether it is the way out just as it was told, "DUNG", or words that mean nothing else.
    """
    return says_stop(text) and (_typed(text) in ("DUNG", "DỪNG") or plain(text) in _SURE_STOP or "ừ" in _typed(text))


def _typed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).strip(" .!“”\"'")


def tapped(payload: str, neighbourhoods: Sequence[str]) -> Wish | None:
    """
    Return the wish that one of our buttons carries. One of last year may name a neighbourhood that is gone.
    """
    match = _CHOOSE.fullmatch(payload)
    if match is None:
        return None
    try:
        entry = orjson.loads(match[1]).get("entry")
    except (orjson.JSONDecodeError, AttributeError):
        return None
    act, _, rest = entry.partition(":") if isinstance(entry, str) else ("", "", "")
    if act == "subscriptions":
        asked: dict[str, Act] = {"": "list", "choose": "choose", "topics": "choose_topic"}
        return Wish(asked[rest], how="button") if rest in asked else None
    if act not in ("subscribe", "unsubscribe"):
        return None
    kind, _, value = rest.partition(":")
    wanted: Act = "subscribe" if act == "subscribe" else "unsubscribe"
    if kind == "all":
        return Wish(wanted, (ALL,), how="button")
    if kind == "topic" and value in TOPICS:
        return Wish(wanted, (Choice("topic", value),), how="button")
    if kind == "neighbourhood":
        name = next((one for one in neighbourhoods if slug(one) == value), None)
        return Wish(wanted, (Choice("neighbourhood", name),) if name else (), name is None, "button")
    return None


def payload(act: str, choice: Choice | None = None) -> str:
    """
    Return what a button carries; it has the form that all channels let through.
    """
    value = slug(choice.value) if choice and choice.kind == "neighbourhood" else choice.value if choice else ""
    entry = ":".join(part for part in (act, choice.kind if choice else "", value) if part)
    return f'/choose{{"entry":"{entry}"}}'


def slug(name: str) -> str:
    return plain(name).replace(" ", "-")


def plain(text: str) -> str:
    """
    Return words folded, short forms written out, with single blanks; commas stay as " , ".
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("ð", "d"))
    bare = "".join(one for one in decomposed if not unicodedata.combining(one))
    bare = re.sub(r"\b(kp|tdp|khu|to)(\d)", r"\1 \2", bare)
    return " ".join(_SHORT.get(word, word) for word in re.findall(r"[^\W_]+", bare))


def _named(rest: str, neighbourhoods: Sequence[str]) -> tuple[list[Choice], bool, str]:
    """
    Return the neighbourhoods and topics that are named, whether one is unknown, and the words that are left.
    """
    found: list[Choice] = []
    keys = {name: _key(name) for name in neighbourhoods}
    unknown = False
    # Names first, the longest before others, so that "khu phố Chợ Mẫu" is not a khu phố called "chợ".
    for name, key in sorted(keys.items(), key=lambda pair: -len(pair[1])):
        if not key.isdigit() and (spot := _spot(key, rest)):
            found.append(Choice("neighbourhood", name))
            rest = rest.replace(spot, " ", 1)
    for match in list(_PLACE.finditer(rest)):
        number = _NUMBERS.get(match[1], match[1]).lstrip("0") or "0"
        name = next((name for name, key in keys.items() if key == number), "")
        if name:
            found.append(Choice("neighbourhood", name))
        elif not number.isdigit():
            continue
        else:
            unknown = True
        rest = rest.replace(match[0], " ", 1)
    # "khu phố 3 , 4 và 5"
    if any(one.kind == "neighbourhood" for one in found):
        for number in re.findall(r"\b\d{1,3}\b", rest):
            name = next((name for name, key in keys.items() if key == number.lstrip("0")), "")
            if name:
                found.append(Choice("neighbourhood", name))
                rest = re.sub(rf"\b{number}\b", " ", rest, count=1)
    for phrase, topic in _TOPICS_SAID:
        if re.search(rf"\b{phrase}\b", rest):
            found.append(Choice("topic", topic))
            rest = re.sub(rf"\b{phrase}\b", " ", rest)
    return list(dict.fromkeys(found)), unknown, " ".join(rest.split())


def _key(name: str) -> str:
    """
    "Khu phố 3" → "3", "Khu phố Chợ Mẫu" → "cho mau".
    """
    return re.sub(r"^(?:khu pho|to dan pho|khu dan cu|thon|xom|ap|ban|to|khu)(?: so)? 0*", "", plain(name)) or plain(
        name
    )


def _spot(key: str, rest: str) -> str:
    """
    Return the words of `rest` that are this name, also with a slip of the finger; "" when none are.
    """
    if re.search(rf"\b{re.escape(key)}\b", rest):
        return key
    words, length = rest.split(), len(key.split())
    if len(key) < 5:
        return ""
    for start in range(len(words) - length + 1):
        spot = " ".join(words[start : start + length])
        if spot[:1] == key[:1] and SequenceMatcher(None, spot, key).ratio() >= SAME_NAME:
            return spot
    return ""
