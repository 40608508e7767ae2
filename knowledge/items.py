"""
What is searched: items, each a bundle of short texts in three fields. Collections of any origin come in this shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress, count
from operator import is_not

TITLE, WORDING, TEXT = "title", "wording", "text"
FIELDS = (TITLE, WORDING, TEXT)
OUTSIDE = "outside"  # the item that holds what no office answers


@dataclass(frozen=True)
class Item:
    """
    One thing that can be found.

    `titles` are its names, `wordings` what people say, `texts` what it holds. `family` is shared by near twins.
    `covers` are the ids of other items that say the same. `ward` is None for what everybody shares; `replaced_in` names the wards that have an item of their own instead.
    """

    id: str
    kind: str
    titles: tuple[str, ...]
    wordings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    family: str = ""
    ward: str | None = None
    replaced_in: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()

    def same_as(self, other: "Item") -> bool:
        """
        Tell whether two items say the same: an answer from one is an answer from the other.
        """
        return other.id == self.id or other.id in self.covers or self.id in other.covers

    def says_what(self, other: "Item") -> bool:
        """
        Tell whether two items hold the same passages.
        """
        return self.titles == other.titles and self.wordings == other.wordings and self.texts == other.texts

    def passages(self) -> list[tuple[str, str]]:
        """
        Return (field, text) of each passage, titles first.
        """
        return (
            [(TITLE, text) for text in self.titles]
            + [(WORDING, text) for text in self.wordings]
            + [(TEXT, text) for text in self.texts]
        )


def digest(field: str, text: str) -> str:
    """
    Return the name under which a passage's vector is remembered: the same text in the same field is never embedded twice.
    """
    return blake2b(f"{field}\0{text}".encode(), digest_size=12).hexdigest()


def in_ward(items: Sequence[Item], ward: str | None) -> list[bool]:
    """
    Tell for each item whether a citizen of this ward may be answered from it.
    """
    return [ward not in item.replaced_in if item.ward is None else item.ward == ward for item in items]


def differing(before: Sequence[Item], now: Sequence[Item]) -> tuple[slice, slice]:
    """
    Return the stretch of each list outside of which both hold the very same objects in the same order.
    """
    shorter = min(len(before), len(now))
    begin = next(compress(count(), map(is_not, before, now)), shorter)
    tails = map(is_not, reversed(before), reversed(now))
    end = min(next(compress(count(), tails), shorter), shorter - begin)
    return slice(begin, len(before) - end), slice(begin, len(now) - end)
