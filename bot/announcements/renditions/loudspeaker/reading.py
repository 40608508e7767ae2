"""
Pure: a written text → what a newsreader says. Every rule is tried wherever a word, a number or a sign begins; the first
that knows what it sees speaks, and nothing is read twice.
"""

from __future__ import annotations

import re
import unicodedata

from bot.announcements.renditions.loudspeaker import amounts, contacts, dates, numbers, papers, times, words
from bot.announcements.renditions.loudspeaker.rules import Rule

RULES: tuple[Rule, ...] = (
    *contacts.RULES[:3],  # addresses hold whatever the others look for
    *words.FIRST,
    *papers.RULES,
    *dates.RULES,
    *contacts.RULES[3:],
    *times.RULES,
    *amounts.RULES,
    *words.RULES,
)
_SIGNS = {
    "&": " và ", "+": " cộng ", "=": " bằng ", "@": " a còng ", "%": " phần trăm ", "‰": " phần nghìn ", "×": " nhân ",
    "÷": " chia ", "°": " độ ", "→": ", ", "⇒": ", ", "->": ", ", "/": ", ", "\\": ", ", "|": ", ", "_": " ", "^": " ", "~": " ",
    "(": ", ", ")": ", ", "[": ", ", "]": ", ", "{": ", ", "}": ", ", "–": ", ", "—": ", ", "−": " trừ ", "…": ", ", "•": ", ",
    "€": " ơ-rô ", "$": " đô la ", "₫": " đồng ", "£": " bảng Anh ", "⁄": " trên ", "≥": " không dưới ", "≤": " không quá ",
}  # fmt: skip
_KEPT = frozenset(".,:;?!-\n ")
# Nothing that is read aloud is one run of so many letters; without an end, trying every rule would take minutes.
_ENDLESS = re.compile(r"(\S{200})")
_BULLET = re.compile(
    r"^[ \t]*(?:[-–—+*](?=[ \t]|[^\W\d_])|[•▪●○◦■□►✓✔☑➤➢❖·]|[\U0001F300-\U0001FAFF])+[ \t]*", re.MULTILINE
)
_ORDERED = re.compile(r"^[ \t]*(\d{1,2})[.)][ \t]+(?=\D)([^\W\d_](?=[^\W\d_A-ZĐÀ-Ỹ]* ?[^\sA-ZĐ]))?", re.MULTILINE)
_LETTERED = re.compile(r"^[ \t]*([a-hđ])[)][ \t]+", re.MULTILINE)


def spoken(text: str) -> str:
    """
    Return the text as it is said: no digit, no abbreviation and no sign is left, line for line.
    """
    text = _prepared(text)
    said: list[str] = []
    at = fresh = 0  # a rule may end within a word, and the next begins there
    while at < len(text):
        letter = text[at]
        within = at != fresh and at > 0 and text[at - 1].isalnum() and letter.isalnum()
        if letter in " \n" or within:
            said.append(_letter(letter))
            at += 1
            continue
        for pattern, say in RULES:
            found = pattern.match(text, at)
            if found is None or found.end() == at:
                continue
            answer = say(found)
            if answer is None:
                continue
            words_said, after = answer if isinstance(answer, tuple) else (answer, found.end())
            said.append(f" {words_said} " if _sets_apart(words_said) else words_said)
            at = fresh = after
            break
        else:
            said.append(_letter(letter))
            at += 1
    return _tidied("".join(said))


def _sets_apart(words_said: str) -> bool:
    return words_said[:1] not in ("", ",", ".", " ")


def _letter(letter: str) -> str:
    if letter.isalpha() or letter in _KEPT:
        return letter
    if letter.isdigit():
        return f" {numbers.DIGITS[int(letter)]} " if letter in "0123456789" else " "
    return _SIGNS.get(letter, " ")


def _prepared(text: str) -> str:
    """
    Return the text with one way of writing each thing: composed letters, plain digits, no lists but sentences.
    """
    text = _ENDLESS.sub(r"\1 ", text)
    text = text.replace("º", "°").replace("˚", "°").replace("\t", " ")
    text = re.sub(r"[™®©\u200b-\u200f\u2060\ufeff\u00ad\ufe0f]", "", text)
    text = re.sub(r"(?<=\d)([½¼¾⅓⅔])", r" \1", text)
    # m² and m³ are units; ² and ³ behind a digit are powers.
    text = re.sub(r"(?<=\d)²", " bình phương", re.sub(r"(?<=\d)³", " lập phương", text))
    text = re.sub(r"(?<=\d)([⁰¹⁴⁵⁶⁷⁸⁹]+)", r" mũ \1", text)
    text = re.sub(r"[\u2018\u2019\u02bc]", "'", text).replace("…", "\ue000")
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).replace("\ue000", "…"))
    text = "".join(str(unicodedata.digit(one)) if one.isdigit() and one not in "0123456789" else one for one in text)
    text = _BULLET.sub("", text)
    text = _ORDERED.sub(lambda found: f"{numbers.cardinal(int(found[1])).capitalize()} là, {found[2].lower()}", text)
    text = _LETTERED.sub(lambda found: f"Ý {words.letter(found[1])}: ", text)
    return re.sub(r"\.{2,}", "…", text)


def _tidied(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        line = re.sub(r"\s+", " ", line)
        line = re.sub(r"(?<!\w)-+|-+(?!\w)", " ", re.sub(r"\s-+\s", ", ", line))
        line = re.sub(r"\s+([.,:;?!])", r"\1", line)
        line = re.sub(r"[,;:]+(?=\s*[.?!;])|,+(?=\s*[,:])|:+(?=\s*,)", "", line)
        line = re.sub(r"([.,:;?!])(?=[^\s.,:;?!])", r"\1 ", line)
        line = re.sub(r"([.,;:?!])[\s.,;:]*(?=[.,;:?!])", "", line)
        line = re.sub(r"^[\s.,:;?!-]+", "", re.sub(r"\s+", " ", line)).strip()
        line = re.sub(r"(^|[.?!]\s)([^\W\d_])", lambda found: found[1] + found[2].upper(), line)
        lines.append(line.removesuffix(",").rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
