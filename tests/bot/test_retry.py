from __future__ import annotations

import pytest

from bot.delivery.pacing import Buckets, Pace
from bot.delivery.retry import BROKEN_SECONDS, OUTAGE_SECONDS, SEND_SECONDS, next_question, next_send


@pytest.mark.parametrize(
    ("attempts", "permanent", "retry_after", "expected"),
    [
        (1, False, None, SEND_SECONDS[0]),
        (len(SEND_SECONDS), False, None, SEND_SECONDS[-1]),
        (len(SEND_SECONDS) + 100, False, None, SEND_SECONDS[-1]),
        (1, True, None, None),
        (1, False, 90, 90),
        (5, False, 1, SEND_SECONDS[4]),
    ],
)
def test_a_reply_is_sent_again(
    attempts: int, permanent: bool, retry_after: float | None, expected: float | None
) -> None:
    assert next_send(attempts, permanent=permanent, retry_after=retry_after) == expected


def test_a_platform_that_is_down_too_long_is_given_up() -> None:
    assert next_send(50, permanent=False, waited_seconds=899, patience_seconds=900) == SEND_SECONDS[-1]
    assert next_send(50, permanent=False, waited_seconds=900, patience_seconds=900) is None


def question(failures: int = 0, outages: int = 0, *, outage: bool = False, waited: float = 1) -> float | None:
    return next_question(failures, outage=outage, outages=outages, waited_seconds=waited, patience_seconds=900)


def test_a_message_that_breaks_turns_is_given_up_after_a_few_tries() -> None:
    assert [question(number) for number in range(1, 7)] == [*BROKEN_SECONDS, None]


def test_an_outage_is_waited_out() -> None:
    waits = [question(outages=number, outage=True) for number in range(1, 100)]

    assert waits[: len(OUTAGE_SECONDS)] == list(OUTAGE_SECONDS)
    assert set(waits[len(OUTAGE_SECONDS) :]) == {OUTAGE_SECONDS[-1]}


def test_patience_ends() -> None:
    assert question(outages=5, outage=True, waited=900) is None


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    buckets = Buckets(Pace(per_second=2, burst=3))

    assert [buckets.wait("a", now=0) for _ in range(3)] == [0, 0, 0]
    assert buckets.wait("a", now=0) == pytest.approx(0.5)
    assert buckets.wait("b", now=0) == 0
    assert buckets.wait("a", now=0.5) == 0
    assert buckets.wait("a", now=0.5) > 0


def test_full_buckets_are_forgotten() -> None:
    buckets = Buckets(Pace(per_second=1, burst=1))
    buckets.MAX_KEYS = 10
    for number in range(10):
        buckets.wait(str(number), now=0)

    buckets.wait("new", now=100)

    assert len(buckets._buckets) == 1
