"""
Question → answer, with the announcements that are valid: from them, or as ever.

A question about a procedure is never answered with an announcement: what the content answers stays, unless the question
speaks of the announced event itself ("cúp điện", "tiêm chủng") and of when or where it is, or asks for the notice.
"""

from dataclasses import replace
from datetime import date

from knowledge import answer as answers
from knowledge.announcements import asking
from knowledge.announcements.asking import Asked
from knowledge.announcements.matching import Match, matches
from knowledge.announcements.record import PREFIX, Announced, finding, option
from knowledge.errors import UnknownEntry
from knowledge.library import Library
from knowledge.outcomes import ANSWERED, CLARIFY, ELSEWHERE, EXPIRED, NO_PASSAGE, Answer, Context

MOST_LISTED = 5
SHORT = 8  # tokens of a question that may lean on the announcement just told
WHOLLY = 0.85  # of its words: from here on "thông báo …" means this notice, even when the content has an answer, too
WHICH = "Dạ, có {count} thông báo đang còn hiệu lực, anh/chị muốn xem thông báo nào ạ?"
NONE_PUBLISHED = "no_announcement"


def answer(
    library: Library, known: list[Announced], ward: str, question: str, context: Context | None, today: date
) -> Answer:
    """
    Answer a question of a citizen of one ward, `known` being what is announced there, newest first.

    Raises:
        UnknownWard: when there is no such ward.
    """
    library.ward(ward)
    asked = asking.read(library.retriever.read(question).meant)
    leaning = _leaning(asked, known, context)
    if leaning is not None:
        return _of([leaning], ward, "follow_up")
    ordinary = answers.answer(library, ward, question, context)
    if ordinary.reason in ("code_named", "option_said", "option_meant"):
        return ordinary
    if asked.listing and not asked.procedural:
        # "Phường có thông báo gì không?"
        return _of(known[:MOST_LISTED], ward, "announced") if known else Answer(NO_PASSAGE, reason=NONE_PUBLISHED)
    found = matches(asked, known, library.retriever.index.seen, today)
    if found and _is_meant(asked, found[0], ordinary):
        told = _of([match.found for match in found[:MOST_LISTED]], ward, "announced")
        if not asked.notice and ordinary.outcome == ANSWERED and told.outcome == ANSWERED:
            # Nobody loses what the content says to a notice that merely fits as well.
            return replace(told, findings=[*told.findings, *ordinary.findings[:1]])
        return told
    if not found and _asks_for_news(asked) and ordinary.outcome not in (ANSWERED, CLARIFY, EXPIRED):
        return _none(ordinary)
    return ordinary


def choose(known: list[Announced], ward: str, entry: str) -> Answer:
    """
    Answer with a chosen announcement.

    Raises:
        UnknownEntry: when it is not valid in this ward, any more or at all.
    """
    found = next((one for one in known if one.entry_id == entry), None)
    if found is None:
        raise UnknownEntry(f"no announcement {entry!r} in ward {ward!r}")
    return _of([found], ward, "chosen")


def _is_meant(asked: Asked, best: Match, ordinary: Answer) -> bool:
    """
    Decide between the announcement and what the content says.
    """
    if not best.strong:
        return False
    settled = ordinary.outcome == ANSWERED
    if best.event:
        if asked.procedural:
            # "Tiêm chủng mai cần mang gì?" is about the event; "đăng ký … cần gì" is not.
            return (not settled and ordinary.outcome != CLARIFY) or (asked.when and _speaks_of_a_day(asked))
        if settled:
            return asked.notice or asked.when
        if ordinary.outcome == CLARIFY:
            return asked.notice or asked.when or asked.where
        return asked.notice or (asked.cued and not asked.whom) or ordinary.outcome != ELSEWHERE
    if asked.procedural:
        return False
    if asked.notice:
        return not settled or best.covered >= WHOLLY
    return asked.cued and ordinary.outcome not in (ANSWERED, CLARIFY, ELSEWHERE)


def _speaks_of_a_day(asked: Asked) -> bool:
    return bool(asking.days(asked.words, date(2000, 1, 1)))


def _asks_for_news(asked: Asked) -> bool:
    """
    Tell whether somebody waits for a notice: it is named, or an event with its day.
    """
    return not asked.procedural and not asked.whom and (asked.notice or (bool(asked.events) and asked.cued))


def _leaning(asked: Asked, known: list[Announced], context: Context | None) -> Announced | None:
    """
    Return the announcement just told, when a question without a topic of its own goes on about it: "mấy giờ vậy?"
    """
    if context is None or not context.entry or not context.entry.startswith(PREFIX):
        return None
    if asked.topic or asked.events or asked.notice or not asked.cued or len(asked.words.split()) > SHORT:
        return None
    return next((one for one in known if one.entry_id == context.entry), None)


def _of(found: list[Announced], ward: str, reason: str) -> Answer:
    if len(found) == 1:
        return Answer(ANSWERED, [finding(found[0], ward)], confidence=1.0, reason=reason)
    question = WHICH.format(count=len(found))
    return Answer(CLARIFY, options=[option(one) for one in found], difference=question, confidence=1.0, reason=reason)


def _none(ordinary: Answer) -> Answer:
    """
    Say that nothing is announced on this; who decides elsewhere stays, for that is whom to ask.
    """
    if ordinary.outcome == ELSEWHERE:
        return replace(ordinary, reason=NONE_PUBLISHED)
    return Answer(NO_PASSAGE, confidence=ordinary.confidence, reason=NONE_PUBLISHED)
