"""Read what was handed in, with care: a pipe is not waited for, a link not followed, nothing is taken for what it is not."""

import errno
import os
import re
import stat
from pathlib import Path

from backprop.checking.wire import writable
from backprop.course import CourseError
from backprop.notebook import NotebookError

MAX_FILE = 250 << 20  # bytes of a notebook's file
MAX_NOTEBOOK = 10 << 20  # bytes of it without outputs and attachments: what is graded
MAX_PIECES = 5_000_000  # texts and brackets in a file: more would be looked through for seconds
# Of the files beside a notebook that its code may read: bytes of one, how many, and bytes of all.
MAX_BESIDE, MAX_COUNT, MAX_TOGETHER = 1 << 20, 20, 4 << 20
COURSES_OWN = {"checks.py", "expected.json", "timestamp.txt", "submission_secret.txt"}
PIECE = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.S)
DROPPED = re.compile(rb'("outputs"|"attachments")\s*:\s*[\[{]')
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}  # errors of the machine, not of one submission


def students(root: Path, name: str) -> list[str]:
    """Names of the folders in ``submitted/`` that hold this assignment, in order; like nbgrader, none that is hidden.

    Raises
    ------
    CourseError
        If there is no ``submitted/``, or nobody has handed in this assignment.
    """
    folder = Path(root) / "submitted"
    if not folder.is_dir():
        raise CourseError(
            f"There is no {folder}. Collect submissions into submitted/<student>/{name}/, "
            f"or try a simulated class: backprop class {name}"
        )
    found = sorted(p.name for p in folder.iterdir() if not p.name.startswith(".") and p.is_dir() and os.path.lexists(p / name))
    if not found:
        raise CourseError(f"No student in {folder} has handed in {name}. Expected: submitted/<student>/{name}/{name}.ipynb")
    return found


def unfit(student: str) -> str | None:
    """Why nothing can be recorded under the name of a student's folder, or None: nbgrader's pages write it out as it stands."""
    if writable(student) != student:
        return "the student's folder has a name that is not UTF-8 text: rename it"
    if set(student) & set('<>"\\'):
        return "the student's folder has a name with < > \" or \\, which nbgrader's pages would take for their own: rename it"
    return None


def linked(folder: Path) -> bool:
    """Whether a submission's folder, or its student's that holds it, is a link: what lies behind it may be another student's."""
    return folder.is_symlink() or folder.parent.is_symlink()


def read_submission(folder: Path, name: str) -> bytes:
    """A submission's notebook as bytes, without the outputs and attachments of its cells, which may be as large as they like.

    Raises
    ------
    NotebookError
        If it is missing or is no file to be read: a link or behind one, a pipe, too large.
    """
    path = folder / f"{name}.ipynb"
    if linked(folder):
        raise NotebookError("the student's folder is a link to somewhere else, and is not followed")
    if not folder.is_dir():
        raise NotebookError("the folder is not a folder")
    try:
        about = os.lstat(path)
    except OSError:
        others = sorted(p.name for p in folder.glob("*.ipynb"))
        raise NotebookError(f"{name}.ipynb is missing" + (f"; there is {others[0]}" if others else "")) from None
    if not stat.S_ISREG(about.st_mode):
        raise NotebookError(f"{name}.ipynb is not a regular file")
    if about.st_size > MAX_FILE:
        raise NotebookError(f"{name}.ipynb has {_megabytes(about.st_size)}; {_megabytes(MAX_FILE)} are read")
    try:
        raw = without_outputs(path.read_bytes())
    except OSError as error:
        raise NotebookError(f"{name}.ipynb cannot be read: {error.strerror}") from None
    if len(raw) > MAX_NOTEBOOK:
        raise NotebookError(
            f"{name}.ipynb has {_megabytes(len(raw))} without its outputs and pictures; {_megabytes(MAX_NOTEBOOK)} are read"
        )
    return raw


def _megabytes(size):
    return f"{size / (1 << 20):.1f} MB"


def without_outputs(raw: bytes) -> bytes:
    """A notebook's bytes with the outputs and attachments of its cells emptied, without the memory that reading them takes.

    What is no notebook, or no JSON, comes back as it is, or too large to be one: it is whoever parses it who says so.
    """
    open_, kept, last, dropping = bytearray(), [], 0, 0
    for count, piece in enumerate(PIECE.finditer(raw)):
        if count > MAX_PIECES:
            break
        at = piece.start()
        sign = raw[at]
        if sign == 0x22:
            if open_ == b"{[{" and not dropping and (found := DROPPED.match(raw, at)):
                kept.append(raw[last : found.end()])
                dropping = found.end()
        elif sign in b"[{":
            open_.append(sign)
        elif open_:
            open_.pop()
            if dropping and open_ == b"{[{":
                last, dropping = at, 0
    return b"".join([*kept, raw[dropping or last :]])


def files_beside(folder: Path, name: str) -> dict[str, bytes]:
    """The files that were handed in beside a notebook and that its code may read, by their relative names.

    Regular files in the folder and in folders in it, Python's first, within limits; what is hidden, a link, another copy of
    the notebook or the course's own is left out.
    """
    if linked(folder) or not folder.is_dir():
        return {}
    found = []
    for where in [folder, *sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink())]:
        if where.name.startswith((".", "__pycache__")) and where != folder:
            continue
        try:
            listed = list(os.scandir(where))
        except OSError:
            continue
        for entry in listed:
            try:
                about = entry.stat(follow_symlinks=False)
                relative = Path(entry.path).relative_to(folder).as_posix().encode().decode()
            except (OSError, UnicodeError):
                continue
            own = relative in COURSES_OWN or relative == f"{name}.ipynb" or entry.name.startswith(".")
            if stat.S_ISREG(about.st_mode) and not own and about.st_size <= MAX_BESIDE:
                found.append((not relative.endswith(".py"), relative.count("/"), relative, about.st_size))
    files, room = {}, MAX_TOGETHER
    for *_, relative, size in sorted(found)[:MAX_COUNT]:
        if size <= room:
            try:
                files[relative] = (folder / relative).read_bytes()[:MAX_BESIDE]
            except OSError:
                continue
            room -= len(files[relative])
    return files


def has_timestamp(folder: Path) -> bool:
    """Whether a submission's ``timestamp.txt`` is one: a small regular file, neither a link nor a pipe, which would be waited for."""
    if linked(folder):
        return False
    try:
        about = os.lstat(folder / "timestamp.txt")
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size <= 1000
