"""What earlier runs left, kept by content: what did not change is not run again, and a killed run resumes.

| what is kept | where | by |
| --- | --- | --- |
| what a submission answered, and the verdicts | ``.backprop/results/`` | `Examined` |
| that it stands in the gradebook, with its line of the summary | ``.backprop/graded/`` | `Recorded` |
"""

import contextlib
import hashlib
import json
import os
import threading
import time
from pathlib import Path

from backprop.course import Chapter
from backprop.grading import examine, key
from backprop.grading.graded import Graded
from backprop.grading.pool import examine_elsewhere, guarded
from backprop.grading.read import content_digest, files_beside
from backprop.grading.sandbox import Limits

Code = tuple[list, dict, dict]  # what of a submission is run: cells, places and files, as `Examiner.examine` takes them


WRITTEN = {"autograded": "ipynb", "feedback": "html"}  # what there is of a graded submission, and its suffix


def digests(files: dict[str, bytes]) -> dict[str, str]:
    """For each file the digest of what it holds."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


class Examined:
    """The examined submissions of one assignment.

    Parameters
    ----------
    root : path
        The course's root.
    name : str
        The assignment.
    sandboxed : bool
        False only where the instructor has accepted the risk.
    """

    def __init__(self, root: Path, name: str, sandboxed: bool = True):
        self.chapter, self.key, self.limits = Chapter(root, name), key.load(), examine.limits(root)
        self.about = str(self.chapter.root), name, self.key, sandboxed  # what `examine_elsewhere` makes an examiner of
        self.folder = Path(root) / ".backprop" / "results" / name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.basis = hashlib.sha256(f"{examine.fingerprint(self.chapter)}{self.limits}".encode() + self.key).hexdigest()

    def of(self, student: str, code: Code) -> dict:
        """The record of one submission, from the store or from a fresh examination, which it then keeps."""
        return self.stored(student, code) or self.keep(student, code, self._examine(student, code))

    def _path(self, student, code):
        """Where the record of this submission is kept: a name made of everything its score depends on."""
        cells, places, files = code
        content = json.dumps([self.basis, student, cells, places, digests(files)]).encode()
        return self.folder / f"{hashlib.sha256(content).hexdigest()}.json"

    def _examine(self, student, code):
        return guarded("judged", self.limits.step, self.limits.memory, examine_elsewhere, *self.about, student, code)

    def keep(self, student: str, code: Code, record: dict) -> dict:
        """Store a record. Returns it as it will be read again."""
        text = json.dumps(record)
        _write(self._path(student, code), text)
        return _numbered(json.loads(text))

    def stored(self, student: str, code: Code) -> dict | None:
        """The record that is kept of this submission, or None."""
        try:
            return _numbered(json.loads(self._path(student, code).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self, student: str, code: Code) -> None:
        """Have this submission examined afresh."""
        with contextlib.suppress(OSError):
            self._path(student, code).unlink()


class Recorded:
    """The submissions of one assignment that stand in a gradebook.

    Parameters
    ----------
    root : path
    name : str
    basis : str
        What every score depends on, as `Examined` has it.
    db_url : str, optional
        The gradebook.
    names : dict of str to str, optional
        Students' names, which stand on their pages, by their ids.
    """

    def __init__(self, root: Path, name: str, basis: str, db_url: str | None = None, names: dict[str, str] | None = None):
        self.root, self.name, self.basis, self.db_url, self.names = Path(root), name, basis, db_url, names or {}
        self.folder = self.root / ".backprop" / "graded" / name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _path(self, student):
        return self.folder / f"{hashlib.sha256(student.encode()).hexdigest()}.json"

    def digest(self, student: str, limits: Limits) -> str:
        """Of what a student has handed in and of all else that its score depends on; it is read in pieces, and not looked into."""
        folder = self.root / "submitted" / student / self.name
        files = digests(files_beside(folder, self.name, limits))
        found = hashlib.sha256(f"{self.basis}\0{student}\0{self.db_url}\0{files}\0".encode())
        found.update(self.names.get(student, "").encode("utf-8", "replace"))
        for path in (folder / f"{self.name}.ipynb", folder / "timestamp.txt"):
            found.update(str(content_digest(path, limits.file)).encode())
        return found.hexdigest()

    def line(self, student: str, digest: str, in_gradebook: dict) -> Graded | None:
        """What an earlier run said of the same submission, if what it wrote is still there: points, notebook and page.

        Parameters
        ----------
        student, digest : str
        in_gradebook : dict
            As `backprop.grading.gradebook.scores` gives it.
        """
        try:
            data = json.loads(self._path(student).read_text(encoding="utf-8"))
            kept = Graded(**data["line"])
            scores, total = in_gradebook[student]
            stand = data["digest"] == digest and data["scores"] == scores and abs(total - data["total"]) < 1e-9
            written = {kind: content_digest(self._written(kind, student)) for kind in WRITTEN}
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if stand and data["written"] == written else None

    def _written(self, kind, student):
        return self.root / kind / student / self.name / f"{self.name}.{WRITTEN[kind]}"

    def keep(self, student: str, digest: str, graded: Graded, scores: dict, total: float, written: dict[str, str]) -> None:
        """Say that a submission stands in the gradebook, with this line, these points, and these texts in its folders."""
        texts = {kind: hashlib.sha256(text.encode()).hexdigest() for kind, text in written.items()}
        about = {"line": graded.line(), "digest": digest, "scores": scores, "total": total, "written": texts, "time": time.time()}
        _write(self._path(student), json.dumps(about))


def _write(path, text):
    """Write a file whole or not at all."""
    fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def _numbered(record):
    """Cell numbers as integers again: JSON knows only strings as keys."""
    return {**record, "cells": {int(number): output for number, output in record["cells"].items()}}
