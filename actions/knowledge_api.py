"""
The only HTTP client of this package: knowledge's /answer and /wards.
"""

from types import TracebackType
from typing import Any, Self

import aiohttp

from actions.errors import KnowledgeBroken, KnowledgeRefused, KnowledgeUnreachable

# Knowledge answers in milliseconds; the gateway repeats a failed turn, so a long wait here only delays the apology.
TIMEOUT_SECONDS = 5.0

OUTCOMES = frozenset(
    {
        "answered",
        "clarify",
        "unanswerable_no_passage",
        "unanswerable_out_of_scope",
        "unanswerable_elsewhere",
        "unanswerable_expired",
    }
)


class Knowledge:
    """
    Knowledge's service over one session; use it as an async context manager.
    """

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS):
        self._url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout_seconds))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def answer(
        self, ward: str, question: str, *, context: dict[str, Any] | None = None, choose: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """
        Ask a question, or fetch what a button or number chose.

        Args:
            ward: The ward's slug.
            question: What the citizen wrote; empty when `choose` says it all.
            context: {"entry", "part", "options"} of the conversation so far.
            choose: {"entry", "part"}: this entry, without searching.

        Returns:
            The Answer as knowledge sent it, with a known `outcome`.

        Raises:
            KnowledgeUnreachable, KnowledgeRefused, KnowledgeBroken
        """
        body = {"ward": ward, "question": question, "context": context, "choose": choose}
        answer = await self._call("POST", "/answer", body)
        if answer.get("outcome") not in OUTCOMES:
            raise KnowledgeBroken(self._url + "/answer", f"unknown outcome {answer.get('outcome')!r}")
        return answer

    async def ward(self, slug: str) -> dict[str, Any]:
        """
        Return the ward's own fields (name, hotlines, desk …).

        Raises:
            KnowledgeRefused: no such ward. KnowledgeUnreachable, KnowledgeBroken as in `answer`.
        """
        wards = (await self._call("GET", "/wards", None)).get("wards", [])
        for ward in wards:
            if ward.get("slug") == slug:
                return dict(ward)
        raise KnowledgeRefused(self._url + "/wards", 404, f"no ward {slug!r}")

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        if self._session is None:
            raise RuntimeError("Knowledge is used outside `async with`")
        url = self._url + path
        try:
            async with self._session.request(method, url, json=body) as response:
                reply = await response.json(content_type=None)
                status = response.status
        except (TimeoutError, aiohttp.ClientConnectionError) as error:
            raise KnowledgeUnreachable(url, self._timeout_seconds) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise KnowledgeBroken(url, f"no readable JSON: {type(error).__name__}") from error
        if not isinstance(reply, dict):
            raise KnowledgeBroken(url, f"a JSON object was expected, not {type(reply).__name__}")
        if 400 <= status < 500:
            raise KnowledgeRefused(url, status, str(reply.get("code", "")))
        if status != 200:
            raise KnowledgeBroken(url, f"status {status}")
        return reply
