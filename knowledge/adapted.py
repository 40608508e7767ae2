"""
The encoder adapted to an installation's own content: kept beside the index, made current by one rename, never needed.

    var/index/encoder/<version>/    the encoder's files, and adapted.json: from which one it was made, when, what the check said
    var/index/encoder/current       a link to the one in use

`python -m knowledge adapt` writes it. Whatever is wrong with it, the encoder that we ship takes its place.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from knowledge.embed import SHIPPED, Embedder, Shipped, embedder
from knowledge.encoder.static import SETTINGS, StaticEncoder
from knowledge.errors import EncoderError
from knowledge.settings import Settings

log = structlog.get_logger()
FACTS, CURRENT = "adapted.json", "current"
KEPT = 2  # versions: a service may still be reading the one before


def version_of(folder: Path) -> str:
    """
    Return the version of the encoder in a folder, a digest of its vectors.

    Raises:
        EncoderError: when there is none.
    """
    try:
        return str(json.loads((folder / SETTINGS).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise EncoderError(f"no usable encoder in {folder}: {error}") from error


def current(root: Path) -> Path | None:
    """
    Return the folder of the adapted encoder in use, or None.
    """
    link = root / CURRENT
    return link.resolve() if link.exists() else None


def publish(encoder: StaticEncoder, root: Path, facts: dict[str, Any]) -> Path:
    """
    Write an adapted encoder beside the others and make it the current one by one rename; older ones go.
    """
    root.mkdir(parents=True, exist_ok=True)
    mark = uuid4().hex
    beside = root / f".new.{mark}"
    encoder.save(beside)
    (beside / FACTS).write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    folder = root / f"{facts['at'].replace(':', '')}-{mark[:6]}"
    beside.rename(folder)
    link = root / f".{CURRENT}.{mark}"
    link.symlink_to(folder.name)
    link.rename(root / CURRENT)
    versions = sorted(path for path in root.iterdir() if (path / FACTS).exists() and not path.is_symlink())
    for old in versions[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def keep(encoder: StaticEncoder, root: Path, *, better: bool, facts: dict[str, Any]) -> Path | None:
    """
    Publish an adapted encoder when it passed its check, and return its folder; else leave all as it is and return None.
    """
    if not better:
        return None
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return publish(encoder, root, {"from": version_of(SHIPPED), "at": at, **facts})


def remove(root: Path) -> bool:
    """
    Go back to the encoder that we ship; tell whether there was another.
    """
    link = root / CURRENT
    if not link.is_symlink():
        return False
    link.unlink()
    return True


def embedder_of(settings: Settings) -> Embedder:
    """
    Return the encoder that the settings name; when they name none, the adapted one, or else the one that we ship.

    Raises:
        EncoderError: when the encoder that is named, or the one that we ship, cannot be loaded.
    """
    folder = None if settings.encoder else current(settings.adapted)
    if folder is None:
        return embedder(settings.encoder)
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        if facts["from"] != version_of(SHIPPED):
            raise EncoderError(f"{folder} was made from another encoder than is shipped now: adapt again")
        return Shipped(folder)
    except (EncoderError, OSError, ValueError, KeyError) as error:
        log.warning("encoder.adapted_left_out", folder=str(folder), problem=str(error))
        return embedder()
