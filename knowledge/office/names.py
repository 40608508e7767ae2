"""
What one ward adds to how a shared entry is asked for: names and questions, in `wards/<ward>/wordings/`. The entry itself stays
the base's, so that whatever changes there is seen in the ward, too.
"""

import os
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from knowledge import content as contents
from knowledge import located
from knowledge.errors import FileBroken, FileNotWritable, Mistake
from knowledge.importing.yaml_text import dump
from knowledge.office.files import moment
from knowledge.office.history import History, sync
from knowledge.office.records import Key

KIND = "wording"
FILE = "mot-cua.yml"
NOTE = "Cách người dân của đơn vị hay nói, thêm vào các mục dùng chung (trang cán bộ ghi tệp này)."


class Names:
    """
    The wordings of wards below a content folder. Only our own file is written; those that people write are read beside it.
    """

    def __init__(self, root: Path, history: History):
        self._root, self._history = root, history

    def change(self, ward: str, id: str, words: str, *, drop: bool, by: str, now: datetime) -> list[str]:
        """
        Add a phrase to those of an entry, or take it away; return those that our file has then. On the disk when it returns.

        Raises:
            FileBroken: while our file has a mistake.
            FileNotWritable: when the system refuses.
        """
        path = self._root / "wards" / ward / "wordings" / FILE
        with self._history.lock():
            there = self._read(path)
            said = [one for one in there.get(id, []) if one.casefold() != words.casefold()]
            if not drop:
                said.append(words)
            if said == there.get(id, []):
                return said
            told = {key: phrases for key, phrases in {**there, id: said}.items() if phrases}
            self._write(path, told)
            entry = {"words": said} if said else None
            self._history.append(Key(KIND, id, ward), entry, by=by, note="", at=moment(now))
            return said

    def _read(self, path: Path) -> dict[str, list[str]]:
        if not path.exists():
            return {}
        piece = contents.read_file(path, path, contents.ward_of(path, self._root))
        if piece.mistakes:
            raise FileBroken(path.relative_to(self._root), piece.mistakes)
        value, _, _ = located.load(path)
        if value.get("kind") != KIND:
            raise FileBroken(path.relative_to(self._root), [Mistake(path, 1, f"tệp này phải là “kind: {KIND}”")])
        return {str(key): list(phrases) for key, phrases in (value.get("wordings") or {}).items()}

    def _write(self, path: Path, told: dict[str, list[str]]) -> None:
        beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(dump({"kind": KIND, "wordings": told}, NOTE), encoding="utf-8")
            sync([beside])
            os.replace(beside, path)
            sync([path.parent])
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise FileNotWritable(path.relative_to(self._root), error.strerror or str(error)) from error
