"""The course's secret, from which grading's random numbers come. It lives outside the repository."""

import os
import secrets
import stat
from pathlib import Path

import click

from backprop.course import CourseError


def path() -> Path:
    """Where the key lies: ``$BACKPROP_KEY``, or ``key`` in the user's configuration folder."""
    return Path(os.environ.get("BACKPROP_KEY") or Path(click.get_app_dir("backprop")) / "key")


def load() -> bytes:
    """Read the key, making one on first use that only its owner can read.

    Returns
    -------
    bytes

    Raises
    ------
    CourseError
        If the file can be read by others, is too short, or cannot be made.
    """
    where = path()
    try:
        if not where.exists():
            return _write(where)
        if stat.S_IMODE(where.stat().st_mode) & 0o077:
            raise CourseError(f"The grading key {where} can be read by others. Run: chmod 600 {where}")
        key = where.read_bytes()
    except OSError as error:
        raise CourseError(f"The grading key {where} cannot be read or made: {error.strerror}.") from None
    if len(key) < 32:
        raise CourseError(f"The grading key {where} is damaged. Make a new one with: backprop key --rotate")
    return key


def rotate() -> bytes:
    """Replace the key: from now on every submission is graded with other numbers."""
    return _write(path())


def _write(where):
    where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    fresh = where.with_name(where.name + f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    os.replace(fresh, where)
    return key
