"""
Opens SQLAlchemy engines as our tables need them. Exceptions hide parameters: their text may reach the log, and
parameters hold what citizens wrote.
"""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa


def postgresql_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url, pool_size=16, max_overflow=0, pool_pre_ping=True, hide_parameters=True, **_JSON)


def sqlite_engine(url: sa.URL, *, begin: str, synchronous: str) -> sa.Engine:
    engine = sa.create_engine(url, hide_parameters=True, **_JSON)

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


_JSON: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": orjson.loads}
