import pytest

from actions.errors import SettingsError
from actions.settings import Settings, from_environment


def test_nothing_set_gives_the_loopback_defaults():
    assert from_environment({}) == Settings("127.0.0.1", 8082, "http://127.0.0.1:8083", "info")


def test_everything_can_be_set():
    environment = {
        "ACTIONS_HOST": "0.0.0.0",
        "ACTIONS_PORT": "9082",
        "ACTIONS_KNOWLEDGE_URL": "http://knowledge:8083/",
        "ACTIONS_LOG_LEVEL": "WARNING",
    }

    assert from_environment(environment) == Settings("0.0.0.0", 9082, "http://knowledge:8083", "warning")


def test_all_problems_are_said_at_once():
    environment = {
        "ACTIONS_HOST": "",
        "ACTIONS_PORT": "five",
        "ACTIONS_KNOWLEDGE_URL": "knowledge",
        "ACTIONS_LOG_LEVEL": "loud",
    }

    with pytest.raises(SettingsError) as error:
        from_environment(environment)

    assert len(error.value.problems) == 4
    assert "ACTIONS_PORT='five' is not a port number" in str(error.value)
