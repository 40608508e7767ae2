"""
Questions with one written answer, and what belongs to another office.
"""

from pydantic import Field

from knowledge.entries import Confidence, Entry, IsoDate, Record, Slug, Text


class Faq(Entry):
    """
    `title` is the question as the ward would print it; `questions` are other ways to ask it. `covers` names services
    that say the same.
    """

    answer: Text
    link: Text | None = None
    covers: list[Slug] = Field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [self.id, *self.covers]


class Elsewhere(Record):
    """
    What citizens ask the ward for but another level or agency does: who, and what to do next.
    """

    id: Slug
    title: Text
    who: Text
    next_step: Text
    questions: list[Text] = Field(min_length=1)
    as_of: IsoDate | None = None
    legal_basis: list[Text] = Field(default_factory=list)
    sources: list[Text] = Field(default_factory=list)
    confidence: Confidence = "likely"
    review_by: IsoDate | None = None
