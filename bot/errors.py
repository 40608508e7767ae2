"""
Everything that can go wrong in the gateway, as one tree.

    BotError
    ├── SettingsError                  settings.invalid       the environment cannot be used; lists every problem
    │   └── AccountsError              accounts.invalid       the file of channel accounts cannot be used
    ├── SitesError                     sites.invalid          the file of embedding sites cannot be used
    ├── AccountUnknown                 account.unknown        a command names an account that the file does not have
    ├── DatabaseError                  database.unusable      a database cannot be opened or brought up to date
    ├── RequestError                   request.*, ward.*, …   a request is refused: status, code, sentence, fields
    │   ├── admin.errors.Refused                              a page of the office refuses
    │   ├── office_api                                        knowledge refuses what an officer wanted
    │   │   ├── OfficeRefused                                 its own status and code
    │   │   ├── EntryChanged           entry.changed          somebody else has changed the entry
    │   │   └── EntryInvalid           content.invalid        the entry has mistakes; carries them
    │   └── plan_drafts_api                                   the same of a plan that comes as a file
    │       ├── FileRefused            source.unreadable      a file of another form; says why in Vietnamese
    │       ├── DraftChanged           draft.changed          somebody else has worked on the draft
    │       └── DraftNotReady          draft.not_ready        something was not looked at; carries what
    ├── DialogueError
    │   ├── DialogueUnreachable        dialogue.unreachable   Rasa does not answer; the message waits
    │   └── DialogueBroken             dialogue.broken        Rasa answered, but not with a turn; tried again a few times
    ├── KnowledgeUnreachable           knowledge.unreachable  the list of wards cannot be fetched; the last one is used
    ├── GatewayUnreachable             gateway.unreachable    `ask` finds no gateway
    ├── ask.Refused                    ask.refused            the gateway refuses a question of `ask`
    ├── channels.base.SendError        send.failed            a reply did not reach the platform; `trouble` says whose matter
    │   └── messenger.graph.GraphError                        the same, with what Meta's Graph API said
    ├── fetching.FetchError            file.not_fetched       a file that a citizen sent cannot be had, for now or for ever
    ├── channels.zalo.oauth
    │   ├── GrantRefused               zalo.grant_refused     Zalo answered and gave no tokens
    │   └── GrantUnclear               zalo.grant_unclear     Zalo did not answer; the grant may be spent
    └── granting.GrantProblem          grant.unusable         a consent came back that cannot be used
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class BotError(Exception):
    """
    Root of the tree. The code is stable; the sentence is for the operator.
    """

    code = "bot.error"


class SettingsError(BotError):
    """
    The environment cannot be used. `problems` holds one line each.
    """

    code = "settings.invalid"

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class SitesError(BotError):
    """
    The file of embedding sites cannot be used. `problems` holds one line each.
    """

    code = "sites.invalid"

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class AccountsError(SettingsError):
    """
    The file of channel accounts cannot be used. `problems` holds one line each, and no secret.
    """

    code = "accounts.invalid"


class AccountUnknown(BotError):
    """
    A command names an account that the accounts file does not have.
    """

    code = "account.unknown"


class DatabaseError(BotError):
    """
    A database cannot be opened or brought up to date. Never holds the URL, which may hold a password.
    """

    code = "database.unusable"

    def __init__(self, setting: str, error: Exception):
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        super().__init__(f"{setting}: {reason[0] if reason else type(error).__name__}")


class RequestError(BotError):
    """
    A request is refused. Becomes `{"code", "message", "fields"}` in the one middleware that answers errors.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.fields = dict(fields or {})
        self.retry_after = retry_after


class DialogueError(BotError):
    """
    Rasa gave no usable answer to a message.
    """

    code = "dialogue.error"


class DialogueUnreachable(DialogueError):
    """
    No connection, or no answer in time.
    """

    code = "dialogue.unreachable"


class DialogueBroken(DialogueError):
    """
    An answer that is no turn: `[]` (Rasa's way of saying that an action broke), no closing item, a 5xx, no JSON.

    `texts_only` is True when there was something to show, only without the item that closes a turn.
    """

    code = "dialogue.broken"

    def __init__(self, message: str, *, texts_only: bool = False):
        super().__init__(message)
        self.texts_only = texts_only


class KnowledgeUnreachable(BotError):
    """
    The knowledge service does not answer, or not in its contract.
    """

    code = "knowledge.unreachable"


class GatewayUnreachable(BotError):
    """
    No gateway listens where `python -m bot ask` looks for one.
    """

    code = "gateway.unreachable"
