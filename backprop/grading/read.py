"""Read what was handed in, with care: a pipe is not waited for, a link not followed, nothing is taken for what it is not.

| what you can do | with |
| --- | --- |
| know who handed in, and whether their folder's name will do | `students`, `unfit` |
| read a submission's notebook | `read_submission` |
| know why a notebook cannot be read | `trouble` |
| have the files beside it | `files_beside`, `beside`, `left_out` |
| read or compare one file | `small_file`, `content_digest` |
"""

import errno
import fnmatch
import hashlib
import itertools
import os
import re
import stat
from pathlib import Path

from backprop.checking.wire import printable, writable
from backprop.course import CourseError
from backprop.grading.sandbox import Limits
from backprop.notebook import NotebookError, parse

MAX_PIECES = 5_000_000  # texts and brackets in a file: more would be looked through for seconds
NAMES = 128  # characters of a student's name in nbgrader's gradebook
MAX_DEPTH = 460  # of brackets in brackets: as much as every Python reads
MAX_LISTED = 20_000  # files and folders beside a notebook that are looked at
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
    if len(student) > NAMES:
        return f"the student's folder has a name of {len(student)} characters, of which the gradebook takes {NAMES}: rename it"
    if set(student) & set('<>"\\'):
        return "the student's folder has a name with < > \" or \\, which nbgrader's pages would take for their own: rename it"
    return None


def linked(folder: Path) -> bool:
    """Whether a submission's folder, or its student's that holds it, is a link: what lies behind it may be another student's."""
    return folder.is_symlink() or folder.parent.is_symlink()


def read_submission(folder: Path, name: str, limits: Limits) -> bytes:
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
    return _bounded(path, f"{name}.ipynb", about.st_size, limits)


def trouble(path: Path, shown: str, limits: Limits) -> str | None:
    """Why a regular file is no notebook that can be read, or None where it is one. To be asked in a process that may die of it.

    Parameters
    ----------
    path : path
    shown : str
        What it is called.
    limits : backprop.grading.sandbox.Limits
    """
    try:
        parse(_bounded(path, shown, os.lstat(path).st_size, limits), shown)
    except NotebookError as error:
        return printable(str(error))
    return None


def _bounded(path, shown, size, limits):
    """A notebook's bytes without outputs and attachments, within limits."""
    if size > limits.file:
        raise NotebookError(f"{shown} has {_megabytes(size)}; {_megabytes(limits.file)} are read")
    try:
        raw = without_outputs(path.read_bytes())
    except OSError as error:
        raise NotebookError(f"{shown} cannot be read: {error.strerror}") from None
    if len(raw) > limits.notebook:
        raise NotebookError(
            f"{shown} has {_megabytes(len(raw))} without its outputs and pictures; {_megabytes(limits.notebook)} are read"
        )
    return raw


def _megabytes(size):
    return f"{size / (1 << 20):.1f} MB"


def without_outputs(raw: bytes) -> bytes:
    """A notebook's bytes with the outputs and attachments of its cells emptied, without the memory that reading them takes.

    What is no notebook, or no JSON, comes back as it is, or too large to be one: it is whoever parses it who says so.

    Raises
    ------
    NotebookError
        If what stays is nested so deeply that not every Python could read it.
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
            if len(open_) > MAX_DEPTH and not dropping:
                raise NotebookError("not valid JSON for a notebook: nested too deeply. Save it again from Jupyter.")
        elif open_:
            open_.pop()
            if dropping and open_ == b"{[{":
                last, dropping = at, 0
    return b"".join([*kept, raw[dropping or last :]])


def files_beside(folder: Path, name: str, limits: Limits) -> dict[str, bytes]:
    """The files that were handed in beside a notebook and that its code may read, by their relative names.

    Regular files in the folder and in folders in it, Python's first, within limits; what is hidden, a link, another copy of
    the notebook or the course's own is left out.
    """
    most, count, room = limits.beside
    found = []
    for relative, about in _listed(folder, deep=1):
        hidden = any(part.startswith((".", "__pycache__")) for part in relative.split("/"))
        own = relative in COURSES_OWN or relative == f"{name}.ipynb"
        if not own and not hidden and about and about.st_size <= most:
            found.append((not relative.endswith(".py"), relative.count("/"), relative, about.st_size))
    files: dict[str, bytes] = {}
    for *_, relative, size in sorted(found)[:count]:
        if size <= room:
            try:
                files[relative] = (folder / relative).read_bytes()[:most]
            except OSError:
                continue
            room -= len(files[relative])
    return files


def beside(folder: Path, ignore: tuple, limits: Limits) -> tuple[list[str], list[str]]:
    """Names of the files beside a notebook that are kept with it, and of those that are not: links, pipes, too many, too large.

    Parameters
    ----------
    folder : path
    ignore : tuple of str
        Patterns of names that are passed over.
    limits : backprop.grading.sandbox.Limits
    """
    most, count, room = limits.attached
    kept: list[str] = []
    left = []
    for relative, about in sorted(_listed(folder, ignore=(*ignore, "*.ipynb"))):
        if about and len(kept) < count and about.st_size <= min(most, room):
            kept.append(relative)
            room -= about.st_size
        else:
            left.append(relative)
    return kept, left


def left_out(names: list[str], limits: Limits) -> list[str]:
    """A note on the files that were not kept with a notebook, if there are any."""
    if not names:
        return []
    named = ", ".join(printable(name, most=100) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    one, count, every = limits.attached
    return [
        f"not copied: {named} (of what lies beside a notebook, {count} files are, "
        f"each of at most {one >> 20} MB and together {every >> 20} MB, and no link)"
    ]


def _listed(folder, deep=20, ignore=()):
    """Relative names of what lies in a folder and in folders in it, and what is known of each: None where it is no regular file."""
    if linked(folder) or not folder.is_dir():
        return
    waiting, count = [(folder, "", deep)], 0
    while waiting:
        where, before, left = waiting.pop(0)
        try:
            entries = list(itertools.islice(os.scandir(where), MAX_LISTED - count))
        except OSError:
            continue
        count += len(entries)
        for entry in sorted(entries, key=lambda entry: entry.name):
            relative = before + entry.name
            if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in ignore):
                continue
            try:
                relative.encode()
                about = entry.stat(follow_symlinks=False)
            except (OSError, UnicodeError):
                continue
            if stat.S_ISDIR(about.st_mode):
                waiting += [(entry.path, relative + "/", left - 1)] if left else []
            else:
                yield relative, about if stat.S_ISREG(about.st_mode) else None


def content_digest(path: Path, most: int = 1 << 30) -> str | None:
    """The digest of a regular file's content, or None where there is none or it is larger than `most` bytes."""
    try:
        about = os.lstat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size > most:
            return None
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def small_file(folder: Path, name: str) -> bytes | None:
    """What a small file of a submission's holds; None where it is none: a link or behind one, a pipe, which would be waited for."""
    if linked(folder):
        return None
    try:
        about = os.lstat(folder / name)
        return (folder / name).read_bytes() if stat.S_ISREG(about.st_mode) and about.st_size <= 1000 else None
    except OSError:
        return None
