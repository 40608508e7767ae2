"""
The action server's settings, read once from the environment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from actions.errors import SettingsError


@dataclass(frozen=True)
class Settings:
    """
    host and port: where Rasa finds the action server. knowledge_url: root of the knowledge service, no trailing slash.
    """

    host: str = "127.0.0.1"
    port: int = 8082
    knowledge_url: str = "http://127.0.0.1:8083"
    log_level: str = "info"


LOG_LEVELS = ("debug", "info", "warning", "error")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """
    Read ACTIONS_HOST, ACTIONS_PORT, ACTIONS_KNOWLEDGE_URL and ACTIONS_LOG_LEVEL; what is not set keeps its default.

    Raises:
        SettingsError: with every problem found, one line each.
    """
    problems = []
    defaults = Settings()

    port_text = environment.get("ACTIONS_PORT", str(defaults.port))
    port = int(port_text) if port_text.isascii() and port_text.isdigit() else 0
    if not 0 < port < 65536:
        problems.append(f"ACTIONS_PORT={port_text!r} is not a port number (1–65535)")

    knowledge_url = environment.get("ACTIONS_KNOWLEDGE_URL", defaults.knowledge_url).rstrip("/")
    address = urlsplit(knowledge_url)
    if address.scheme not in ("http", "https") or not address.netloc:
        problems.append(f"ACTIONS_KNOWLEDGE_URL={knowledge_url!r} is not an http(s) URL")

    log_level = environment.get("ACTIONS_LOG_LEVEL", defaults.log_level).lower()
    if log_level not in LOG_LEVELS:
        problems.append(f"ACTIONS_LOG_LEVEL={log_level!r} is none of {', '.join(LOG_LEVELS)}")

    host = environment.get("ACTIONS_HOST", defaults.host)
    if not host:
        problems.append("ACTIONS_HOST is set but empty")
    if problems:
        raise SettingsError(problems)
    return Settings(host=host, port=port, knowledge_url=knowledge_url, log_level=log_level)
