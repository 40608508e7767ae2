"""
Reads one file that was sent into a draft, as a process of its own: `python -m knowledge.office.plan_upload FOLDER WARD ID
CONTENT`, the ward's record as JSON on stdin. Tells on stdout how far it is, and at last what became of it, a JSON object
to a line.
"""

import os
import resource
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import orjson

from knowledge import sources
from knowledge.entries import today
from knowledge.errors import SourceError
from knowledge.importing import draft, plan
from knowledge.office.plan_drafts import PlanDrafts
from knowledge.wards import Ward

NICE = 10  # citizens' questions go first
MOST_BYTES = 4 << 30  # of memory: a small file can unpack to a very large one


def main(arguments: list[str]) -> int:
    folder, slug, id, content = Path(arguments[0]), arguments[1], arguments[2], Path(arguments[3])
    os.nice(NICE)
    with suppress(ValueError, OSError):  # not every system takes such a limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    drafts = PlanDrafts(folder)
    sent = drafts.reading(slug, id)
    if sent is None:
        return 1
    data = drafts.source(slug, id).read_bytes()
    try:
        document = sources.read_bytes(data, sent.file, lambda page, pages: _tell(page=page, pages=pages))
    except SourceError as error:
        _tell(code=error.code, message=str(error))
        return 1
    ward = Ward.model_validate_json(sys.stdin.read())
    digest = blake2b(data, digest_size=8).hexdigest()
    made = plan.make(document, ward, plan.know(content), today=today(), digest=digest)
    if not drafts.path(slug, id).exists():  # a reader whose service was killed may have been first
        draft.write(made, drafts.path(slug, id))
    _tell(code="", message="")
    return 0


def _tell(**said: str | int) -> None:
    sys.stdout.write(orjson.dumps(said).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
