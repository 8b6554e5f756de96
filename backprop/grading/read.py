"""Read what was handed in, with care: a pipe is not waited for, a link not followed, nothing is taken for what it is not."""

import errno
import os
import stat
from pathlib import Path

from backprop.course import CourseError
from backprop.notebook import NotebookError

MAX_NOTEBOOK = 10 << 20  # bytes
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


def linked(folder: Path) -> bool:
    """Whether a submission's folder, or its student's that holds it, is a link: what lies behind it may be another student's."""
    return folder.is_symlink() or folder.parent.is_symlink()


def read_submission(folder: Path, name: str) -> bytes:
    """A submission's notebook as bytes.

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
    if about.st_size > MAX_NOTEBOOK:
        raise NotebookError(f"{name}.ipynb has {about.st_size >> 20} MB; {MAX_NOTEBOOK >> 20} are read")
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotebookError(f"{name}.ipynb cannot be read: {error.strerror}") from None


def has_timestamp(folder: Path) -> bool:
    """Whether a submission's ``timestamp.txt`` is one: a small regular file, neither a link nor a pipe, which would be waited for."""
    if linked(folder):
        return False
    try:
        about = os.lstat(folder / "timestamp.txt")
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size <= 1000
