"""
Pure: the script that is read over the ward's loudspeakers: who speaks to whom, the text as it is said, what matters twice.
"""

from __future__ import annotations

import re

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.loudspeaker import sentences
from bot.announcements.renditions.loudspeaker.abbreviations import ABBREVIATIONS, FOREIGN
from bot.announcements.renditions.loudspeaker.reading import spoken
from bot.announcements.renditions.loudspeaker.syllables import LETTERS, is_syllable
from bot.announcements.renditions.loudspeaker.units import MONEY, UNITS
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, links_of, one_line

WORDS_A_MINUTE = 160  # a newsreader's pace in Vietnamese is 150 to 170 syllables
PAUSE_SECONDS = 0.5  # after a sentence
LONGEST_SECONDS = 240
LONGEST_SENTENCE = 45

URGENT = "Thông báo khẩn! Thông báo khẩn!"
GREETING = "Kính thưa bà con nhân dân {ward}!"
OPENING = "Ủy ban nhân dân {ward} xin thông báo: {title}"
OPENING_ABOUT = "Ủy ban nhân dân {ward} xin thông báo {title}"
REMEMBER = "Nội dung quan trọng: {line}"
AGAIN = "Xin nhắc lại: {line}"
CALL = "Khi cần hỏi thêm, bà con gọi số điện thoại {hotline}."
CLOSING = "Kính mong bà con lưu ý và thực hiện. Xin trân trọng cảm ơn!"
LONG = "Bài đọc dài {time}; nên dưới 4 phút để người nghe nhớ được."
LONG_SENTENCE = "Câu “{start}…” dài {words} chữ, khó đọc một hơi; nên tách thành hai câu."
LEFT = "Còn “{left}” chưa viết thành lời; anh/chị sửa thành chữ để người đọc không vấp."
FOREIGN_LEFT = "Từ nước ngoài có thể khó đọc: {words}. Anh/chị sửa thành cách đọc nếu cần."


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    title = re.sub(r"^thông báo\s*[:,-]?\s+(?!khẩn)", "", one_line(announcement.title), flags=re.IGNORECASE)
    about = re.match(r"(?:về(?: việc)?|v/v)\s", title, re.IGNORECASE)
    title = title[:1].lower() + title[1:] if about else title
    opening = (OPENING_ABOUT if about else OPENING).format(ward=ward.name, title=title)
    key = one_line(announcement.key_line) or title[:1].upper() + title[1:]
    text = clean(announcement.text)
    parts = [
        URGENT if announcement.kind == "emergency" else "",
        GREETING.format(ward=ward.name),
        _said(opening),
        _said(text),
        _said(links_of(announcement)),
        _said(CALL.format(hotline=ward.hotline)) if ward.hotline and _digits(ward.hotline) not in _digits(text) else "",
        _said(REMEMBER.format(line=key)),
        _said(AGAIN.format(line=key)),
        CLOSING,
    ]
    return {"script": "\n".join(one for one in parts if one)}, []


def times_of(script: str) -> dict[str, str]:
    """
    Return how long reading takes, as seconds and as words.
    """
    pauses = len(re.findall(r"[.?!](?:\s|$)", script)) * PAUSE_SECONDS
    seconds = round(sentences.words_in(script) * 60 / WORDS_A_MINUTE + pauses)
    return {"seconds": str(seconds), "time": _lasting(seconds)}


def problems_of(script: str) -> list[Problem]:
    """
    Return what a reader may stumble over, also in a script that was changed by hand.
    """
    found = []
    times = times_of(script)
    if int(times["seconds"]) > LONGEST_SECONDS:
        found.append(LONG.format(time=times["time"]))
    for sentence in re.split(r"(?<=[.?!])\s+", script.replace("\n", " ")):
        if sentences.words_in(sentence) > LONGEST_SENTENCE:
            start = " ".join(sentence.split()[:6])
            found.append(LONG_SENTENCE.format(start=start, words=sentences.words_in(sentence)))
            break
    left = list(dict.fromkeys(re.findall(r"\S*\d\S*", script)))
    if left:
        found.append(LEFT.format(left=", ".join(left[:5])))
    foreign = foreign_words(script)
    if foreign:
        found.append(FOREIGN_LEFT.format(words=", ".join(foreign[:6])))
    return [Problem("script", one, blocking=False) for one in found]


def foreign_words(script: str) -> list[str]:
    """
    Return the words that are no Vietnamese syllables and that no table taught how to say.
    """
    found = re.findall(r"[^\W\d_]+", script)
    return list(
        dict.fromkeys(one for one in found if len(one) > 1 and one.lower() not in _TAUGHT and not is_syllable(one))
    )


_TAUGHT = frozenset(
    part.lower()
    for table in (ABBREVIATIONS, FOREIGN, LETTERS, UNITS, MONEY)
    for said in table.values()
    for part in re.findall(r"[^\W\d_]+", said)
)


def _said(text: str) -> str:
    return "\n".join(sentences.lines(spoken(text)))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _lasting(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"khoảng {rest} giây"
    return f"khoảng {minutes} phút" + (f" {rest} giây" if rest else "")
