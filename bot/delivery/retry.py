"""
Pure: what happened so far → seconds to wait before the next try, or None to give up.
"""

from __future__ import annotations

SEND_SECONDS = (1, 5, 15, 30, 60)
# A reply whose fate is unknown is sent again this often at most, within a minute; then an officer decides. Twice is
# better than never, but not twenty times.
UNCERTAIN_TRIES = 4
BROKEN_SECONDS = (0.5, 1, 2, 4, 8)
OUTAGE_SECONDS = (0.25, 0.5, 1, 2, 3)


def next_send(
    attempts: int,
    *,
    permanent: bool,
    retry_after: float | None = None,
    waited_seconds: float = 0.0,
    patience_seconds: float = 900.0,
) -> float | None:
    """
    Return the seconds until a Reply is sent again after `attempts` tries, or None to give up.

    A platform may be down for hours: it is tried every minute until the reply has waited `patience_seconds`.
    """
    if permanent or waited_seconds >= patience_seconds:
        return None
    return max(SEND_SECONDS[min(max(attempts, 1), len(SEND_SECONDS)) - 1], retry_after or 0)


def next_question(
    failures: int, *, outage: bool, outages: int, waited_seconds: float, patience_seconds: float
) -> float | None:
    """
    Return the seconds until Rasa is asked again, or None to give up.

    While a program that is needed is down (`outage`), the message waits up to `patience_seconds` and the try is
    not counted against it. When all are up and the turn still breaks, the message itself is the likely cause:
    after len(BROKEN_SECONDS) such failures an officer must look at it.

    Args:
        failures: Tries that broke although everything was up, this one included.
        outages: Tries that failed because something was down, this one included.
        waited_seconds: Since the message was accepted.
    """
    if waited_seconds >= patience_seconds:
        return None
    if outage:
        return OUTAGE_SECONDS[min(max(outages, 1), len(OUTAGE_SECONDS)) - 1]
    if failures > len(BROKEN_SECONDS):
        return None
    return BROKEN_SECONDS[max(failures, 1) - 1]
