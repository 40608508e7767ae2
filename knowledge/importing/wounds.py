"""
Finds what typing, copying and blind replacement broke in a text, and says whether the repair is certain.

"Certain" means: the present words do not stand beside each other anywhere in Vietnamese of offices, and exactly one
small change makes all of them do so. Everything else that looks wrong is a question for a person.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge.importing.collocations import Collocations, Syllable, syllables
from knowledge.importing.replacements import replacements
from knowledge.importing.wound import UNITS, Wound, in_case
from knowledge.text import fold, is_syllable

_DOUBLED = frozenset(
    "dần đều luôn thường ngày người nhà đời nơi từng xa gần mãi vừa càng hằng lâu sớm nhanh chậm nhỏ to rất quá xã".split()
)
_CYRILLIC = str.maketrans("аесорхутнкмвпАЕСОРХТНКМВП", "aecopxytnkmbpAECOPXTHKMBP")
_MORE_RIMES = re.compile(
    r"^[bcdghklmnpqrstvx]*(?:eu|enh|ech|uynh|uyu|ooc|oong)$"
)  # not in `text.RIMES`: nếu, bệnh, lệch
_LOOSE = frozenset("và của trong các tại theo cho với là để được từ đến về những có không".split())
_OFTEN = 5  # what is written so more often than this is meant so
_FOREIGN = re.compile(r"[fjwz]|^[bcdđghklmnpqrstvx]+$", re.IGNORECASE)
_DECREE = re.compile(r"\b[Nn]ghị ([^\W\d_]+) (?:số\s*:?\s*)?\d{1,4}(?:/\d{4}/(?=NĐ)|/(?=NQ)|-(?=NQ))(NĐ|NQ)")
_SAME_UNIT = re.compile(rf"\b({'|'.join(UNITS)}),\s*\1\b", re.IGNORECASE)


def find(texts: Sequence[str], words: Collocations) -> list[list[Wound]]:
    """
    Return the wounds of each text of one document, in order, none overlapping another.

    The texts are looked at together: a replacement that was made blindly shows in several places.
    """
    here = words.of_document(texts)
    found = [[*_letters(text), *_punctuation(text), *_same_unit(text), *_kinds_of_documents(text)] for text in texts]
    replaced = [list(replacements(text, here)) for text in texts]
    total = sum(len(one) for one in replaced)
    for place, (text, wounds) in enumerate(zip(texts, replaced, strict=True)):
        for wound in _apart(wounds):
            sure = total > 1 or not all(_possible(one.said) for one in syllables(text[wound.start : wound.end]))
            found[place].append(wound if sure else _doubtful(wound))
        taken = [(wound.start, wound.end) for wound in found[place]]
        for wound in (*_repeats(text, here), *_slips(text, here)):
            if not any(wound.start < end and start < wound.end for start, end in taken):
                taken.append((wound.start, wound.end))
                found[place].append(wound)
        found[place].sort(key=lambda one: one.start)
    return found


def _apart(found: Sequence[Wound]) -> Iterator[Wound]:
    """
    Yield the wounds that do not overlap one before; the others are found again once that one is mended.
    """
    end = 0
    for wound in sorted(found, key=lambda one: (one.start, one.end)):
        if wound.start >= end:
            yield wound
            end = wound.end


def _doubtful(wound: Wound) -> Wound:
    return Wound(wound.start, wound.end, wound.put, False, wound.why)


def _letters(text: str) -> Iterator[Wound]:
    for match in re.finditer(r"[\u0400-\u04ff]+(?:\w*[\u0400-\u04ff]+)*", text):
        put = match[0].translate(_CYRILLIC)
        yield Wound(match.start(), match.end(), put, not re.search(r"[\u0400-\u04ff]", put), "chu-kirin")


def _punctuation(text: str) -> Iterator[Wound]:
    for match in re.finditer(r"([;,:])\s*(?:\1\s*)+(?=\s|$)|\s+([;,.:!?])(?=\s|$)", text):
        if match[1]:
            yield Wound(
                match.start(), match.end(), match[1] + (" " if match[0][-1:].isspace() else ""), True, "dau-cau"
            )


def _same_unit(text: str) -> Iterator[Wound]:
    for match in _SAME_UNIT.finditer(text):
        other = {"xã": "phường", "phường": "xã"}.get(match[1].lower())
        if other:
            yield Wound(
                match.start(),
                match.end(),
                f"{other}, {match[1]}" if match[1] == "xã" else f"{match[1]}, {other}",
                False,
                "lap-don-vi",
            )


def _kinds_of_documents(text: str) -> Iterator[Wound]:
    """
    Yield what a document's own number corrects: "Nghị nghị số 107/2021/NĐ-CP" is a Nghị định.
    """
    for match in _DECREE.finditer(text):
        right = "định" if match[2] == "NĐ" else "quyết"
        if match[1].lower() != right:
            yield Wound(match.start(1), match.end(1), right, True, "go-sai")


def _repeats(text: str, words: Collocations) -> Iterator[Wound]:
    """
    Yield words written twice: "hành hành chính", "giải quyết giải quyết".
    """
    found = syllables(text)
    for length in (3, 2, 1):
        for place in range(len(found) - 2 * length + 1):
            first, second = found[place : place + length], found[place + length : place + 2 * length]
            if [one.said for one in first] != [one.said for one in second] or not all(
                one.joined for one in (*first[1:], *second)
            ):
                continue
            if length == 1 and (first[0].said in _DOUBLED or words.holds(first[0].said, first[0].said)):
                continue
            before = found[place - 1].said if place and first[0].joined else None
            following = found[place + 2 * length] if place + 2 * length < len(found) else None
            after = following.said if following and following.joined else None
            if (
                length == 1
                and after not in _LOOSE
                and _bound(found, place, words)
                and words.holds(first[0].said, after)
            ):
                continue  # "nội địa | địa phương", "trụ sở | Sở Tư pháp"; but "thủ tục | hành hành chính"
            # Without one of the two, the words must hold together: "Nghị nghị số" is not "Nghị số" but "Nghị định số".
            fits = (
                length > 1
                or (before is None and after is None)
                or words.holds(before, first[0].said)
                or words.holds(first[0].said, after)
            )
            yield Wound(first[0].start, second[-1].end, text[first[0].start : first[-1].end], fits, "lap-chu")


def _bound(found: Sequence[Syllable], place: int, words: Collocations) -> bool:
    """
    Tell whether a syllable makes a word with the one before it, rather than that one with the one before.
    """
    before, one = _joined_before(found, place), found[place].said
    return (
        words.holds(before, one)
        and not words.known[_joined_before(found, place - 1) or "", before or ""] > words.known[before or "", one]
    )


def _slips(text: str, words: Collocations) -> Iterator[Wound]:
    """
    Yield slips of `slips.txt`, and what is no syllable of Vietnamese beside one that would fit: "Triển kahi".

    That two syllables were never met together is no evidence by itself: tried on 120,000 words of the national list, it
    took "công cụ" for a slip of "công vụ" (2026-11-20). So other slips are questions, and only where both neighbours agree.
    """
    for wrong, rights in words.slips.items():
        for match in re.finditer(rf"(?<![^\W\d_]){wrong}(?![^\W\d_])", text, re.IGNORECASE):
            yield _of_list(text, match.start(), match.end(), rights)
    found = syllables(text)
    for place, one in enumerate(found):
        raw = text[one.start : one.end]
        before, after = _joined_before(found, place), _joined_after(found, place)
        if len(one.said) < 2 or len(raw) > 8 or raw.isupper() or _FOREIGN.search(raw) or _is_name(text, found, place):
            continue
        if words.holds(before, one.said) or words.holds(one.said, after) or words.here[before or "", one.said] > _OFTEN:
            continue
        if _possible(one.said):
            choices = [
                other for other in words.alike(one.said) if words.lists(before, other) and words.lists(other, after)
            ]
        else:
            choices = [
                other for other in words.alike(one.said) if words.lists(before, other) or words.lists(other, after)
            ]
        if choices:
            yield Wound(
                one.start, one.end, in_case(choices[0], raw), len(choices) == 1 and not _possible(one.said), "go-sai"
            )


def _of_list(text: str, start: int, end: int, rights: tuple[str, ...]) -> Wound:
    return Wound(start, end, in_case(rights[0], text[start:end]), len(rights) == 1, "go-sai")


def _possible(syllable: str) -> bool:
    """
    Tell whether a syllable can be Vietnamese by its letters.
    """
    plain = fold(syllable)
    return is_syllable(plain) or bool(_MORE_RIMES.search(plain))


def _joined_before(found: Sequence[Syllable], place: int) -> str | None:
    return found[place - 1].said if place > 0 and found[place].joined else None


def _joined_after(found: Sequence[Syllable], place: int) -> str | None:
    return found[place + 1].said if place + 1 < len(found) and found[place + 1].joined else None


def _is_name(text: str, found: Sequence[Syllable], place: int) -> bool:
    """
    Tell whether a syllable is part of a name: a capital in the middle of a sentence, beside another capital.
    """
    one = found[place]
    if not text[one.start].isupper():
        return False
    beside = [other for other in (place - 1, place + 1) if 0 <= other < len(found)]
    return one.joined and any(text[found[other].start].isupper() for other in beside if found[max(other, place)].joined)
