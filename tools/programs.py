"""
The four programs: how each is started, where it says that it is healthy.
"""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tools.model import PYTHON as RASA_PYTHON


@dataclass(frozen=True)
class Program:
    """
    `health` is the URL that answers 200 once the program can work.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    port: int
    health: str
    directory: Path = field(default_factory=Path.cwd)


def programs(root: Path, state: Path, port: int, model: Path) -> list[Program]:
    """
    Return the programs in the order in which they are started. The ports follow from the first.
    """
    rasa, actions, knowledge = port + 1, port + 2, port + 3
    python = sys.executable
    # One BLAS thread: a query is too small to share, and two threads waiting for each other cost three times the CPU.
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    return [
        Program("knowledge", (python, "-m", "knowledge", "serve"),
                {**quiet, "KNOWLEDGE_HOST": "127.0.0.1", "KNOWLEDGE_PORT": str(knowledge), "KNOWLEDGE_INDEX": str(state / "index")},
                knowledge, f"http://127.0.0.1:{knowledge}/healthz", root),
        Program("actions", (python, "-m", "actions"),
                {**quiet, "ACTIONS_PORT": str(actions), "ACTIONS_KNOWLEDGE_URL": f"http://127.0.0.1:{knowledge}", "SANIC_HOST": "127.0.0.1"},
                actions, f"http://127.0.0.1:{actions}/health", root),
        Program("rasa", (str(root / RASA_PYTHON), "dialogue/rasa_slim.py", "run", "-i", "127.0.0.1", "-p", str(rasa), "-m", str(model),
                         "--endpoints", "dialogue/endpoints.yml", "--credentials", "dialogue/credentials.yml"),
                {**quiet, "PYTHONPATH": "dialogue", "RASA_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
                 "RASA_TRACKER_URL": f"sqlite:///{state / 'rasa' / 'tracker.sqlite'}"},
                rasa, f"http://127.0.0.1:{rasa}/", root),
        Program("bot", (python, "-m", "bot", "serve"),
                {**quiet, "BOT_HOST": os.environ.get("BOT_HOST", "127.0.0.1"), "BOT_PORT": str(port), "BOT_DATABASE": f"sqlite:///{state / 'bot.sqlite'}",
                 "BOT_DBOS_DATABASE": f"sqlite:///{state / 'dbos.sqlite'}", "BOT_RASA_URL": f"http://127.0.0.1:{rasa}",
                 "BOT_ACTIONS_URL": f"http://127.0.0.1:{actions}", "BOT_KNOWLEDGE_URL": f"http://127.0.0.1:{knowledge}"},
                port, f"http://127.0.0.1:{port}/healthz", root),
    ]  # fmt: skip
