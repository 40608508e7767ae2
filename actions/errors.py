"""
Everything that can go wrong in the action server.

    ActionsError
    ├── SettingsError          settings.invalid         the environment cannot be used; lists every problem
    ├── TurnError              turn.unreadable          Rasa's call lacks what a turn needs
    └── KnowledgeError
        ├── KnowledgeUnreachable   knowledge.unreachable    no answer in time
        ├── KnowledgeRefused       knowledge.refused        4xx: what was asked for does not exist
        └── KnowledgeBroken        knowledge.broken         5xx, or an answer outside the contract

An error that leaves an action makes Rasa's REST channel answer `[]`, which the gateway treats as a failed turn and
repeats. So nothing here is turned into a sentence for the citizen: the gateway does that, after its last try.
"""


class ActionsError(Exception):
    """
    Root of the tree; `code` is stable and goes into logs.
    """

    code = "actions.error"


class SettingsError(ActionsError):
    code = "settings.invalid"

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


class TurnError(ActionsError):
    code = "turn.unreadable"


class KnowledgeError(ActionsError):
    code = "knowledge.error"


class KnowledgeUnreachable(KnowledgeError):
    code = "knowledge.unreachable"

    def __init__(self, url: str, waited_seconds: float):
        super().__init__(f"url={url} waited_seconds={waited_seconds:g} — is the knowledge service up?")


class KnowledgeRefused(KnowledgeError):
    code = "knowledge.refused"

    def __init__(self, url: str, status: int, refusal: str):
        super().__init__(f"url={url} status={status} refusal={refusal}")
        self.status, self.refusal = status, refusal


class KnowledgeBroken(KnowledgeError):
    code = "knowledge.broken"

    def __init__(self, url: str, problem: str):
        super().__init__(f"url={url} problem={problem}")
