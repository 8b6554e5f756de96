"""What earlier runs left, kept by content: what did not change is not run again, and a killed run resumes.

| what is kept | where | by |
| --- | --- | --- |
| what a submission answered, and the verdicts | ``.backprop/results/`` | `Examined` |
| that it stands in the gradebook, with its line of the summary | ``.backprop/graded/`` | `Recorded` |
| what regrading changed | ``.backprop/regraded/`` | `backprop.grading.changes` |
"""

import contextlib
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from backprop.checking.receipt import checks_version
from backprop.course import Chapter
from backprop.grading import examine, key, released
from backprop.grading.changes import Changes
from backprop.grading.gradebook import State
from backprop.grading.graded import Graded
from backprop.grading.pool import examine_elsewhere, guarded
from backprop.grading.read import content_digest, files_beside
from backprop.whole import write_whole

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

    Raises
    ------
    CourseError
        If the assignment is not the released one.
    """

    def __init__(self, root: Path, name: str, sandboxed: bool = True):
        self.root, self.chapter, self.limits = Path(root), Chapter(root, name), examine.limits(root)
        released.insist(self.chapter)
        self.key = key.load()
        self.about = str(self.chapter.root), name, self.key, sandboxed  # what `examine_elsewhere` makes an examiner of
        self.folder = Path(root) / ".backprop" / "results" / name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.grader = examine.fingerprint(self.chapter)
        self.basis = hashlib.sha256(f"{self.grader}{self.limits}".encode() + self.key).hexdigest()
        self.versions = {"checks": checks_version(self.chapter.folder), "grader": self.grader[:12]}
        self.changes = Changes(self.root, name)
        self._forgotten: dict[Path, dict] = {}

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
        """Store a record with its time. Returns it as it will be read again."""
        path = self._path(student, code)
        before = self._forgotten.pop(path, None)
        same = before is not None and before["exercises"] == json.loads(json.dumps(record["exercises"]))
        text = json.dumps({**record, "time": before["time"] if before and same else now()})
        write_whole(path, text.encode())
        return self._raised(student, code, _numbered(json.loads(text)))

    def stored(self, student: str, code: Code) -> dict | None:
        """The record that is kept of this submission, or None. Its points are those that it keeps, where it was regraded."""
        found = self._read(self._path(student, code))
        return None if found is None else self._raised(student, code, found)

    def given(self, student: str, code: Code) -> dict | None:
        """The record that is kept of this submission, with what today's checks give, or None."""
        return self._read(self._path(student, code))

    def _read(self, path):
        try:
            record = _numbered(json.loads(path.read_text(encoding="utf-8")))
            record["exercises"].items()
            return record if "time" in record else {**record, "time": _iso(path.stat().st_mtime)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _raised(self, student, code, record):
        return self.changes.raised(student, self.handed(student, code[2]), record)

    def handed(self, student: str, files: dict[str, bytes]) -> str:
        """The digest of what a student has handed in: the notebook's file, and the files beside it that its code may read."""
        return hashlib.sha256(f"{self.file_digest(student)}\0{digests(files)}".encode()).hexdigest()

    def file_digest(self, student: str) -> str | None:
        """The SHA-256 of a student's notebook as it was handed in, or None where there is none that can be read."""
        name = self.chapter.name
        return content_digest(self.root / "submitted" / student / name / f"{name}.ipynb", self.limits.file)

    def receipt(self, student: str, time: str) -> dict:
        """What the page of a submission that was graded then says of it: the file, and the version of the checks."""
        return {"notebook": self.file_digest(student), "checks": self.versions["checks"], "graded": time}

    def forget(self, student: str, code: Code) -> None:
        """Have this submission examined afresh."""
        path = self._path(student, code)
        if before := self._read(path):
            self._forgotten[path] = before  # if it comes out the same, its time stays
        with contextlib.suppress(OSError):
            path.unlink()


class Recorded:
    """The submissions of one assignment that stand in a gradebook.

    Parameters
    ----------
    examined : Examined
    db_url : str, optional
        The gradebook.
    names : dict of str to str, optional
        Students' names, which stand on their pages, by their ids.
    """

    def __init__(self, examined: Examined, db_url: str | None = None):
        self.examined, self.root, self.name, self.db_url = examined, examined.root, examined.chapter.name, db_url
        self.folder = self.root / ".backprop" / "graded" / self.name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _path(self, student):
        return self.folder / f"{hashlib.sha256(student.encode()).hexdigest()}.json"

    def handed(self, student: str) -> str:
        """The digest of what a student has handed in; it is read in pieces, and not looked into."""
        folder = self.root / "submitted" / student / self.name
        return self.examined.handed(student, files_beside(folder, self.name, self.examined.limits))

    def digest(self, student: str, handed: str) -> str:
        """Of what a student has handed in and of all else that its points depend on."""
        held = self.examined.changes.held(student, handed)
        return hashlib.sha256(f"{self.examined.basis}\0{student}\0{self.db_url}\0{handed}\0{held}".encode()).hexdigest()

    def kept(self, student: str) -> dict | None:
        """What `keep` has written of a submission, with ``line`` as a `Graded`; None where there is nothing."""
        try:
            data = json.loads(self._path(student).read_text(encoding="utf-8"))
            return {**data, "line": Graded(**data["line"]), "written": {**data["written"]}, "scores": {**data["scores"]}}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def stands(self, kept: dict, student: str, digest: str, state: State) -> bool:
        """Whether a submission need not be recorded again: it is the same, and its automatic points and its notebook are there.

        Parameters
        ----------
        kept : dict
            As `kept` gives it.
        student, digest : str
        state : backprop.grading.gradebook.State
            What the gradebook says.
        """
        if kept.get("digest") != digest or kept["scores"] != state.automatic:
            return False
        return kept["written"].get("autograded") == content_digest(self.written("autograded", student))

    def shows(self, kept: dict, student: str, seen: str) -> bool:
        """Whether the page of a submission is there, and says what there is to say of it now."""
        return kept.get("seen") == seen and kept["written"].get("feedback") == content_digest(self.written("feedback", student))

    def written(self, kind: str, student: str) -> Path:
        """Where a submission's notebook or page is."""
        return self.root / kind / student / self.name / f"{self.name}.{WRITTEN[kind]}"

    def keep(self, student: str, line: Graded, written: dict[str, str], **about: object) -> None:
        """Say that a submission stands in the gradebook, with this line, and these texts in its folders.

        Parameters
        ----------
        student : str
        line : Graded
        written : dict of str to str
            Texts by the kind of folder.
        **about
            ``digest``; ``handed``; ``scores``, the automatic points by cell; ``seen``, the digest of what its page says of it;
            ``notes`` that do not hang on the time.
        """
        texts = {kind: hashlib.sha256(text.encode()).hexdigest() for kind, text in written.items()}
        data = {**about, "line": line.line(), "written": texts, "versions": self.examined.versions}
        write_whole(self._path(student), json.dumps(data).encode())


def now() -> str:
    """This moment, to the second, as ISO writes it."""
    return _iso(datetime.now(UTC).timestamp())


def _iso(seconds):
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _numbered(record):
    """Cell numbers as integers again: JSON knows only strings as keys."""
    return {**record, "cells": {int(number): output for number, output in record["cells"].items()}}
