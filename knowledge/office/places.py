"""
Where everything stood when the content was last read: the file of each entry, and who has which id.
"""

from collections.abc import Iterator
from typing import Any

from knowledge.content import Content, Stored
from knowledge.office.records import MODELS, Key


class Places:
    """
    The entries of one content by key; for each (ward, id) the entry or plan that has it, with its title; and for each id
    those that speak of it to tell themselves apart from it. `touched` are the entries of files that were read anew.
    """

    def __init__(self, content: Content, before: "Places | None" = None):
        """
        Args:
            before: Of an earlier reading: what files say that were not read anew is taken over, `touched` is the rest.
        """
        self.content = content
        old, new = (before.content.parts if before else ()), content.parts
        told, tell = {id(part) for part in old}, {id(part) for part in new}
        self.stored: dict[Key, Stored[Any]] = dict(before.stored) if before else {}
        self.owners: dict[tuple[str, str], tuple[Key, str]] = dict(before.owners) if before else {}
        self.touched: set[Key] = set()
        for part in old:
            for _, key, ids in _standing(part) if id(part) not in tell else ():
                self.touched.add(key)
                self.stored.pop(key, None)
                for each in ids:
                    self.owners.pop((key.ward, each), None)
        for part in new:
            for stored, key, ids in _standing(part) if id(part) not in told else ():
                self.touched.add(key)
                if stored.kind in MODELS:
                    self.stored[key] = stored
                self.owners.update({(key.ward, each): (key, stored.record.title) for each in ids})
        self.speaking_of: dict[str, list[Stored[Any]]] = {}
        for stored in content.told_apart:
            for apart in stored.record.told_apart:
                self.speaking_of.setdefault(apart.other, []).append(stored)

    def missing(self, key: Key) -> list[str]:
        """
        Return the titles of the entries that would speak of nothing if an entry were gone.
        """
        if key.ward and ("", key.id) in self.owners:
            return []
        return [
            str(stored.record.title) for stored in self.speaking_of.get(key.id, [])
            if (stored.ward == key.ward if key.ward else not stored.ward or (stored.ward, key.id) not in self.owners)
            and stored.record.id != key.id
        ]  # fmt: skip


def _standing(part: Content) -> Iterator[tuple[Stored[Any], Key, list[str]]]:
    """
    Yield what a file says, with the ids that are taken by it.
    """
    for stored in part.entries:
        yield stored, Key(stored.kind, stored.record.id, stored.ward or ""), [stored.record.id]
    for plan in part.plans:
        yield plan, Key("plan", plan.record.id, plan.ward or ""), part_ids(plan.record)
    for slug, ward in part.wards.items():
        yield ward, Key("ward", slug, slug), []


def part_ids(plan: Any) -> list[str]:
    """
    Return a plan's id and those of its tasks, KPIs and facts.
    """
    return [plan.id, *(part.id for table in (plan.tasks, plan.kpis, plan.facts) for part in table)]
