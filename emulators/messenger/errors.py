"""
Every error of the Graph API that a Page's bot meets, with the body that Meta sends.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# "code" or "code/subcode" → message. Meta's list of 2026-06-25 (shared/channels/messenger.md, section 6).
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "1": "An unknown error occurred",
        "2": "Service temporarily unavailable",
        "2/2018344": "(#2) An admin of this Page has to accept the label privacy terms first.",
        "4": "(#4) Application request limit reached",
        "4/2018354": "(#4) Too many messages were sent to this Page's people. Try again later.",
        "10": "(#10) Application does not have permission for this action",
        "10/1893015": "(#10) This person has opted out of messages from this Page.",
        "10/1893063": "(#10) This Page is temporarily restricted from sending messages.",
        "10/2018065": "(#10) This message is sent outside of allowed window.",
        "10/2018108": "(#10) This Person Cannot Receive Messages: This person isn't receiving messages from you right now.",
        "10/2018278": "(#10) This message is sent outside of allowed window.",
        "10/2534022": "(#10) This message is sent outside of allowed window.",
        "17": "(#17) User request limit reached",
        "32": "(#32) Page request limit reached",
        "100": "(#100) Invalid parameter",
        "100/33": "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation.",
        "100/2018001": "(#100) No matching user found",
        "100/2018008": "(#100) Failed to fetch the file from the url",
        "100/2018015": "(#100) Message cannot be empty, must provide valid attachment or text",
        "100/2018040": "(#100) Postback payload cannot be empty for postback button",
        "100/2018041": "(#100) Url cannot be empty for url button",
        "100/2018047": "(#100) Upload attachment failure.",
        "100/2018053": "(#100) Button title cannot be empty",
        "100/2018074": "(#100) Invalid attachment id. Not owned by your page or expired.",
        "100/2018109": "(#100) Attachment size exceeds allowable limit",
        "100/2018145": "(#100) You must set a Get Started button if you also wish to use persistent menu",
        "100/2018294": "(#100) The type of the file does not match the type of the attachment",
        "100/2018300": "(#100) Another app is controlling this thread now.",
        "100/2534037": "(#100) Another app is controlling this thread now.",
        "190": "Invalid OAuth access token - Cannot parse access token",
        "190/458": "Error validating access token: The user has not authorized application.",
        "190/460": "Error validating access token: The session has been invalidated because the user changed their "
        "password or Facebook has changed the session for security reasons.",
        "190/463": "Error validating access token: Session has expired.",
        "190/467": "Error validating access token: The session is invalid because the user logged out.",
        "199": "(#199) An unknown error occurred.",
        "200": "(#200) Permissions error",
        "200/1545041": "(#551) This person isn't available right now.",
        "200/2018028": "(#200) Cannot message users who are not admins, developers or testers of the app until "
        "pages_messaging permission is reviewed and the app is live.",
        "324": "(#324) Missing or invalid image file",
        "368": "(#368) The action attempted has been deemed abusive or is otherwise disallowed",
        "368/1390008": "(#368) It looks like you were misusing this feature by going too fast.",
        "506": "(#506) Duplicate status message",
        "551": "(#551) This person isn't available right now.",
        "551/1545041": "(#551) This person isn't available right now.",
        "613": "(#613) Calls to this api have exceeded the rate limit.",
        "613/2018338": "(#613) Calls to this api have exceeded the rate limit.",
        "1200": "(#1200) Temporary send message failure. Please try again later.",
        "2022": "(#2022) The message could not be sent.",
        "2200": "(#2200) Callback verification failed",
        "2018014": "(#2018014) The message could not be sent.",
        "2018218": "(#2018218) The Messenger profile could not be changed.",
        "2018247": "(#2018247) The Messenger profile could not be changed.",
        "2018300": "(#2018300) Another app is controlling this thread now.",
        "2018321": "(#2018321) The message could not be sent.",
        "9000001": "(#9000001) This account was deleted.",
        "11357046": "(#11357046) An unknown error occurred.",
    }
)
STATUSES: Mapping[int, int] = MappingProxyType({1: 500, 2: 500, 10: 403, 190: 401, 200: 403, 368: 403})
_traces = itertools.count(1)


class GraphError(Exception):
    """
    An answer that is an error. `name` is "code" or "code/subcode"; `message` replaces the usual one.
    """

    def __init__(self, name: str, message: str | None = None, *, transient: bool | None = None):
        code, _, subcode = name.partition("/")
        self.code, self.subcode = int(code), int(subcode) if subcode else None
        self.message = message or MESSAGES.get(name) or MESSAGES["1"]
        self.transient = transient
        self.status = STATUSES.get(self.code, 400)
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": "OAuthException"}
        if self.transient is not None:
            error["is_transient"] = self.transient
        error["code"] = self.code
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = f"A{next(_traces):010d}"
        return {"error": error}


def bad(problem: str) -> GraphError:
    """
    A parameter is not as it must be: code 100 without a subcode.
    """
    return GraphError("100", f"(#100) {problem}")
