"""
JSON lines on stdout, one per unit of work, event named noun.past_verb. Citizen text, names, addresses and tokens are
dropped here even if a caller passes them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot")

NEVER_LOGGED = frozenset(
    {"text", "question", "message", "reply", "name", "phone", "address", "conversation", "token", "payload", "title",
     "message_id", "dialogue_id", "secret", "password"}
)  # fmt: skip


def configure(level: str = "INFO") -> None:
    """
    Send everything, the libraries' lines too, to stdout as JSON.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_private,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for library in ("dbos", "alembic", "aiohttp", "asyncio"):
        logging.getLogger(library).setLevel(logging.WARNING)


def drop_private(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """
    Remove the fields that may say who a citizen is or what was written.
    """
    for field in NEVER_LOGGED & event.keys():
        del event[field]
    return event


def _dumps(value: Any, **_options: Any) -> str:
    return orjson.dumps(value, default=str).decode()
