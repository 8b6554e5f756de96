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
from backprop.grading.read import has_timestamp
from backprop.grading.sandbox import available

Code = tuple[list, dict, dict]  # what of a submission is run: cells, places and files, as `Examiner.examine` takes them


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
        self.chapter, self.key, self.limits, self.sandboxed = Chapter(root, name), key.load(), examine.limits(root), sandboxed
        self.folder = Path(root) / ".backprop" / "results" / name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.basis = hashlib.sha256(f"{examine.fingerprint(self.chapter)}{self.limits}".encode() + self.key).hexdigest()
        self._examiner, self._once = None, threading.Lock()

    def of(self, student: str, code: Code) -> dict:
        """The record of one submission, from the store or from a fresh examination, which it then keeps."""
        return self.stored(student, code) or self.keep(student, code, self._examine(student, code))

    def _path(self, student, code):
        """Where the record of this submission is kept: a name made of everything its score depends on."""
        cells, places, files = code
        content = json.dumps([self.basis, student, cells, places, digests(files)]).encode()
        return self.folder / f"{hashlib.sha256(content).hexdigest()}.json"

    def _examine(self, student, code):
        with self._once:  # several threads may ask first
            if self._examiner is None:
                if self.sandboxed:
                    available(self.chapter.folder / "checks.py")
                self._examiner = examine.Examiner(self.chapter, self.key, self.limits, self.sandboxed)
        return self._examiner.examine(student, *code)

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
    """

    def __init__(self, root: Path, name: str, basis: str, db_url: str | None = None):
        self.root, self.name, self.basis, self.db_url = Path(root), name, basis, db_url
        self.folder = self.root / ".backprop" / "graded" / name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, student: str, raw: bytes, files: dict[str, bytes], trouble: str | None) -> Path:
        """Where it is said of this submission, as it was read, that it stands in the gradebook."""
        digest = hashlib.sha256(f"{self.basis}\0{student}\0{trouble}\0{self.db_url}\0{digests(files)}\0".encode() + raw)
        folder = self.root / "submitted" / student / self.name
        with contextlib.suppress(OSError):
            if has_timestamp(folder):
                digest.update((folder / "timestamp.txt").read_bytes())
        return self.folder / f"{digest.hexdigest()}.json"

    def line(self, path: Path, in_gradebook: dict) -> Graded | None:
        """What an earlier run said there, if the gradebook and the submission's files still agree.

        Parameters
        ----------
        path : path
        in_gradebook : dict
            As `backprop.grading.gradebook.totals` gives it.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            kept = Graded(**data["line"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        auto = sum(e["points"] for e in kept.exercises.values())
        stored = in_gradebook.get(kept.student)
        pages = [
            self.root / "autograded" / kept.student / self.name / f"{self.name}.ipynb",
            self.root / "feedback" / kept.student / self.name / f"{self.name}.html",
        ]
        if stored is None or abs(stored[0] - auto) > 1e-9 or not all(p.exists() for p in pages):
            return None
        return kept if abs(stored[1] - data["total"]) < 1e-9 else None

    def keep(self, path: Path, graded: Graded, total: float) -> None:
        """Say that a submission stands in the gradebook, with this line and total."""
        _write(path, json.dumps({"line": graded.line(), "total": total, "time": time.time()}))


def _write(path, text):
    """Write a file whole or not at all."""
    fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def _numbered(record):
    """Cell numbers as integers again: JSON knows only strings as keys."""
    return {**record, "cells": {int(number): output for number, output in record["cells"].items()}}
