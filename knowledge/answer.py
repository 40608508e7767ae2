"""
Question → answer: one of the named outcomes, with what it is made of.

    answered                    one finding, or two for a question with two needs
    clarify                     two to five entries that fit, and what to ask back
    unanswerable_out_of_scope   no office answers this
    unanswerable_elsewhere      another level or agency does; who, and what to do next
    unanswerable_no_passage     ours to answer, but nothing in the content does
    unanswerable_expired        the entry that would answer is past its date
"""

from typing import Any

from knowledge import asking_back, cases, families, findings, followup, names, needs, parts
from knowledge.confidence import answerable
from knowledge.entries import Case, Entry
from knowledge.items import OUTSIDE
from knowledge.library import Library, PlanPart
from knowledge.outcomes import (
    ANSWERED,
    CLARIFY,
    ELSEWHERE,
    EXPIRED,
    NO_PASSAGE,
    OUT_OF_SCOPE,
    Answer,
    Context,
    Verdict,
)
from knowledge.query import Query
from knowledge.retrieve import Hit, Ranking
from knowledge.text import fold, tokenise

MOST_JUDGED = 32  # verdicts remembered
NAMELESS = 0.8  # of what an answer needs: below it a question without a topic is asked what it is about


def answer(library: Library, ward: str, question: str, context: Context | None = None) -> Answer:
    """
    Answer a question of a citizen of one ward.

    Raises:
        UnknownWard: when there is no such ward.
    """
    library.ward(ward)
    found = _answer(library, ward, question, _still_known(library, ward, context or Context()))
    found.corrections = names.corrections(question, library.ward(ward))
    return found


def choose(library: Library, ward: str, entry: str, part: str | None) -> Answer:
    """
    Answer with a chosen entry, or one part of it.

    Raises:
        UnknownEntry: when the ward has no such entry.
    """
    wanted = [part] if part and part not in (findings.SUMMARY, "case") else []
    return _of_id(library, ward, entry, wanted, 1.0, "chosen")


def _of_id(library: Library, ward: str, id: str, asked: list[str], confidence: float, reason: str) -> Answer:
    record = library.entry(ward, id)
    if not isinstance(record, Entry | PlanPart):
        return Answer(ELSEWHERE, elsewhere=_elsewhere(library, ward, id), confidence=confidence, reason=reason)
    return _answered(library, ward, [(record, asked, None)], confidence, reason)


def _still_known(library: Library, ward: str, context: Context) -> Context:
    """
    Return what was talked about without what this ward cannot answer from: withdrawn, another ward's, another agency's.
    """
    subject = library.find(ward, context.entry) if context.entry else None
    entry = context.entry if isinstance(subject, Entry | PlanPart) else None
    options = tuple(id for id in context.options if library.find(ward, id) is not None)
    return Context(entry, context.part if entry else None, options)


def _answer(library: Library, ward: str, question: str, context: Context) -> Answer:
    tokens = tokenise(question)
    if not tokens:
        return Answer(OUT_OF_SCOPE, reason="no_words")
    asked = parts.asked(tokens)
    named = next((id for token in tokens if (id := library.by_code(ward, token))), None)
    if named is not None:
        return _of_id(library, ward, named, asked, 1.0, "code_named")
    chosen = followup.pick(library, ward, question, context)
    if chosen is not None:
        return _of_id(library, ward, chosen, asked, 0.9, "option_said")
    verdict = _judge(library, ward, question)
    chosen = followup.option_meant(verdict, context, tokens)
    if chosen is not None:
        return _of_id(library, ward, chosen, asked, 0.85, "option_meant")
    both = _two_needs(library, ward, question, verdict)
    if both:
        return both
    current = followup.subject(library, ward, question, context, verdict)
    if current is not None:
        case = (
            None
            if asked and not parts.topic(tokens)
            else cases.closest(library, ward, verdict.ranking, current.id, current, leaning=True)
        )
        return _answered(library, ward, [(current, [] if case else asked, case)], 0.9, "follow_up")
    unsure = min(verdict.right, verdict.inside) < NAMELESS * library.confidence.thresholds.right
    if not context.entry and not context.options and unsure and _names_nothing(tokens, asked):
        return Answer(CLARIFY, confidence=verdict.right, reason="no_topic")
    if context.options and not context.entry and asked and len(parts.topic(tokens)) <= 1:
        # "Lệ phí bao nhiêu?" after we asked which one: still the same choice, now about the fee.
        options = [asking_back.option(library, ward, id, asked[0]) for id in context.options]
        return Answer(CLARIFY, options=options, confidence=verdict.right, reason="still_open")
    whole = verdict.ranking.query
    verdict = max(
        [verdict, *(_judge(library, ward, core) for core in needs.cores(question))],
        key=lambda each: (round(min(each.right, each.inside), 2), each is verdict),
    )
    both = _two_needs(library, ward, question, verdict)
    if both:
        return both
    return _decide(library, ward, verdict, asked, whole)


def _names_nothing(tokens: list[str], asked: list[str]) -> bool:
    """
    Tell whether a question is about paperwork but does not say which ("thủ tục này làm online được không").
    """
    said = f" {' '.join(map(fold, tokens))} "
    paperwork = bool(asked) or any(f" {word} " in said for word in ("thu tuc", "giay to", "ho so"))
    return paperwork and len(tokens) <= followup.SHORT and not parts.topic(tokens)


def _judge(library: Library, ward: str, question: str) -> Verdict:
    """
    Rank and judge a question; the clauses of a long one are asked for twice or more.
    """
    known = library.judged.get((ward, question))
    if known is None:
        ranking = library.retriever.rank(question, ward)
        known = Verdict(ranking, *library.confidence.judge(ranking))
        if len(library.judged) >= MOST_JUDGED:
            library.judged.clear()
        library.judged[ward, question] = known
    return known


def _two_needs(library: Library, ward: str, question: str, whole: Verdict) -> Answer | None:
    """
    Answer both of two needs when each clause alone is clear, and they are not the same thing.
    """
    pieces = needs.clauses(question)
    if not 2 <= len(pieces) <= 4:
        return None
    limits = library.confidence.thresholds
    sure: list[tuple[Any, list[str], Case | None]] = []
    families: set[str] = set()
    for piece in pieces:
        if not parts.topic(tokenise(piece)):
            continue
        verdict = _judge(library, ward, piece)
        hits = answerable(verdict.ranking)
        if not hits or verdict.ranking.hits[0].item.kind in (OUTSIDE, "elsewhere"):
            continue
        family = hits[0].item.family or hits[0].item.id
        if (
            verdict.right >= max(0.75, limits.right)
            and verdict.inside >= max(0.6, limits.inside)
            and family not in families
        ):
            families.add(family)
            sure.append((library.entry(ward, hits[0].item.id), parts.asked(tokenise(piece)), None))
    first = answerable(whole.ranking)[:1]
    if len(sure) != 2 or (
        whole.right > 0.95 and first and first[0].item.id not in {record.id for record, _, _ in sure}
    ):
        return None
    shared = parts.asked(tokenise(question))
    return _answered(
        library, ward, [(record, wanted or shared, case) for record, wanted, case in sure], 0.8, "two_needs"
    )


def _decide(library: Library, ward: str, verdict: Verdict, asked: list[str], whole: Query) -> Answer:
    limits, ranking = library.confidence.thresholds, verdict.ranking
    if not ranking.hits:
        return Answer(NO_PASSAGE, reason="nothing_found")
    best = ranking.hits[0]
    ours = answerable(ranking)
    if not ours or verdict.inside < limits.inside:
        away = [hit for hit in ranking.hits if hit.item.kind == "elsewhere"]
        if away and (best.item.kind == "elsewhere" or away[0].share > 0.25):
            return Answer(
                ELSEWHERE,
                elsewhere=_elsewhere(library, ward, away[0].item.id),
                confidence=1 - verdict.inside,
                reason="another_agency",
            )
        outcome = OUT_OF_SCOPE if best.item.kind == OUTSIDE or verdict.inside < limits.inside / 2 else NO_PASSAGE
        return Answer(outcome, confidence=1 - verdict.inside, reason="not_ours")
    fork = families.fork(ours, whole, lambda id: getattr(library.entry(ward, id), "told_apart", ()))
    if fork is not None and library.find(ward, fork[1].other) is not None:
        return asking_back.between(library, ward, *fork, asked, verdict.right)
    usual = families.ordinary_meant(ours, ranking) if verdict.right < limits.right else None
    if usual is not None and verdict.inside >= limits.surely_inside:
        return _of_hit(library, ward, usual, asked, ranking, verdict.family_share, "ordinary_case")
    if verdict.right >= limits.right and verdict.inside >= limits.surely_inside:
        return _of_hit(library, ward, ours[0], asked, ranking, verdict.right)
    return asking_back.ask_back(library, ward, ours, asked, verdict)


def _of_hit(
    library: Library, ward: str, hit: Hit, asked: list[str], ranking: Ranking, confidence: float, reason: str = "sure"
) -> Answer:
    record = library.entry(ward, hit.item.id)
    case = cases.closest(library, ward, ranking, hit.item.id, record)
    return _answered(library, ward, [(record, asked if not case else [], case)], confidence, reason)


def _answered(
    library: Library, ward: str, chosen: list[tuple[Any, list[str], Case | None]], confidence: float, reason: str
) -> Answer:
    place = library.ward(ward)
    living = [each for each in chosen if not each[0].expired(library.today)]
    if not living:
        record = chosen[0][0]
        return Answer(
            EXPIRED,
            options=[],
            elsewhere={"title": record.title, "who": "", "next_step": ""},
            confidence=confidence,
            reason="expired",
        )
    return Answer(
        ANSWERED,
        [
            findings.finding(record, place, wanted, case, _fallback(library, ward, record))
            for record, wanted, case in living
        ],
        confidence=confidence,
        reason=reason,
    )


def _fallback(library: Library, ward: str, record: Any) -> Any | None:
    return library.find(ward, record.fallback) if getattr(record, "fallback", None) else None


def _elsewhere(library: Library, ward: str, id: str) -> dict[str, Any]:
    record = library.elsewhere(ward, id)
    return {"id": record.id, "title": record.title, "who": record.who, "next_step": record.next_step}
