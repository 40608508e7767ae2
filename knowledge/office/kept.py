"""
A copy of every content file as it last was good: what is served while somebody's mistake stands in the file.

    var/history/good/…    the content folder's files, each copied once it was read without a mistake

So one bad file keeps back its own news and nobody else's, also over a restart; and what was edited by hand while the
service was down can be told from what stood there before.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

from knowledge import content as contents
from knowledge.content import Content
from knowledge.errors import ContentError, Mistake
from knowledge.office import files

Instead = Mapping[Path, Path | None]
Read = Callable[[Path, Instead], Content]
ONE_BY_ONE = 20  # more changed files than that are not tried singly, but go back together
Signature = tuple[int, int]  # when a file was changed, in ns, and its size


class Kept:
    """
    The good copies of one content folder.
    """

    def __init__(self, root: Path, folder: Path):
        self.root, self.folder = root, folder
        self.seen: dict[Path, Signature] = {}
        self.copied: dict[Path, Signature] = {}  # what there is a copy of, as far as this process knows
        self.swept = False
        self.mistakes: list[Mistake] = []

    def read(self, root: Path, read: Read = contents.read) -> Content:
        """
        Read the content; what would make it invalid is read as it last was good. `mistakes` tells what is wrong on disk.

        Args:
            read: Reads the folder, with other files in place of some.

        Raises:
            ContentError: when no ward is left that could be served.
        """
        self.seen = {path: _signature(path) for path in files.paths(root)}

        def tried(instead: Instead) -> tuple[Content | None, set[Mistake]]:
            try:
                return read(root, instead), set()
            except ContentError as error:
                return None, set(error.mistakes)

        content, wrong = tried({})
        told = sorted(wrong)
        if wrong:
            content, wrong = self._read_around(tried, wrong)
        if content is None or not content.wards:
            raise ContentError(told or sorted(wrong))
        self.mistakes = told
        return content

    def _read_around(
        self, tried: Callable[[Instead], tuple[Content | None, set[Mistake]]], wrong: set[Mistake]
    ) -> tuple[Content | None, set[Mistake]]:
        """
        Go back to the good copies: of the files with mistakes; of others that changed, when a mistake comes of that (an
        entry is gone that another speaks of); and leave out what is still wrong.
        """
        news = self._news()
        instead = {mistake.path: news[mistake.path] for mistake in wrong if mistake.path in news}
        content, wrong = tried(instead)
        rest = {path: copy for path, copy in news.items() if path not in instead}
        if wrong and len(rest) > ONE_BY_ONE:
            instead |= rest
            content, wrong = tried(instead)
        elif wrong:
            for path, copy in rest.items():
                found, left = tried({**instead, path: copy})
                if len(left) < len(wrong):
                    instead[path], content, wrong = copy, found, left
        while wrong:
            of_copy = {copy: path for path, copy in instead.items() if copy}
            out = {of_copy.get(mistake.path, mistake.path) for mistake in wrong}
            if all(path in instead and instead[path] is None for path in out):
                break
            instead |= dict.fromkeys(out)
            content, wrong = tried(instead)
        return content, wrong

    def _news(self) -> dict[Path, Path | None]:
        """
        Return the files that are not what was kept of them, each with its copy: None for those that are new.
        """
        found: dict[Path, Path | None] = dict(self.edited())
        return found | {path: None for path in self.seen if not self.copy_of(path).exists()}

    def keep(self) -> None:
        """
        Copy what was read without a mistake; a file that has been saved since is copied the next time.
        """
        bad = {mistake.path for mistake in self.mistakes}
        for path, signature in self.seen.items():
            if path not in bad and self.copied.get(path) != signature and self._copy(path, signature):
                self.copied[path] = signature
        if self.mistakes:
            return
        gone = self.edited().keys() - self.seen.keys() if not self.swept else self.copied.keys() - self.seen.keys()
        for path in gone:  # and nobody misses it
            self.copy_of(path).unlink(missing_ok=True)
            self.copied.pop(path, None)
        self.swept = True

    def _copy(self, path: Path, signature: Signature) -> bool:
        """
        Copy a file if it still is what was read; tell whether there is a copy of that.
        """
        copy = self.copy_of(path)
        if _signature(copy) == signature:
            return True
        copy.parent.mkdir(parents=True, exist_ok=True)
        beside = copy.with_name(f".{copy.name}.{uuid4().hex[:8]}")
        try:
            shutil.copy2(path, beside)
            if _signature(path) != signature:
                return False
            os.replace(beside, copy)
        except FileNotFoundError:
            return False
        finally:
            beside.unlink(missing_ok=True)
        return True

    def edited(self) -> Mapping[Path, Path]:
        """
        Return the files that are not what was kept of them, or are gone, each with its copy.
        """
        copies = files.paths(self.folder) if self.folder.exists() else ()
        pairs = {self.root / copy.relative_to(self.folder): copy for copy in copies}
        return {path: copy for path, copy in pairs.items() if _signature(path) != _signature(copy)}

    def copy_of(self, path: Path) -> Path:
        return self.folder / path.relative_to(self.root)


def _signature(path: Path) -> Signature:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return (0, -1)
    return (stat.st_mtime_ns, stat.st_size)
