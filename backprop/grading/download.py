"""A platform's download, read with care: what is in a zip or a folder, without unpacking more than was asked for.

A zip comes from others, and so does each zip in it: nothing is written by a name that it gives, no link is followed, no path leads
out, and what its files hold is counted as it comes, whatever the zip says of their sizes.

| what you can do | with |
| --- | --- |
| read what a platform gave | `Download` |
| read a zip in it, once it is known not to be `crowded` | `listed` |
| write out one file, or read it | `Entry.copy`, `Entry.read` |
"""

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import IO

from backprop.checking.wire import printable
from backprop.course import CourseError

MOST = 50_000  # files in a download
PIECE = 1 << 20
END, LISTED = b"PK\x05\x06", 1 << 20  # what the end of a zip begins with, and bytes of the list of files in one that a student made
PASSED_OVER = {"__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".venv", "node_modules"}


class Unreadable(Exception):
    """A file in a download that cannot be read; the message says why, and ``size`` how many bytes came until that was known."""

    size = 0


class TooLarge(Unreadable):
    """A file that holds more than it may."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One file of a download.

    ``path`` is its name with / between folders, in which nothing leads upwards; ``when`` its own time in UTC, None where it has
    none; ``opened`` opens it; ``clock`` is what a clock showed then, as ISO writes it, where ``when`` hangs on the zone.
    """

    path: str
    when: datetime | None
    opened: Callable[[], IO[bytes]]
    clock: str | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def copy(self, target: Path, most: int) -> int:
        """Write what it holds to a file. Returns its size in bytes.

        Raises
        ------
        TooLarge
            Where that is more than ``most``.
        Unreadable
            Where it is damaged, encrypted, or packed in a way that Python does not know.
        """
        size = 0
        try:
            with open(target, "wb") as file:
                for piece in self._pieces():
                    size += len(piece)
                    if size > most:
                        raise TooLarge("is too large, and is left out")
                    file.write(piece)
        except Unreadable as error:
            target.unlink()
            error.size = size
            raise
        return size

    def read(self, most: int) -> bytes:
        """What it holds, of at most so many bytes. Raises as `copy`."""
        found = bytearray()
        for piece in self._pieces():
            found += piece
            if len(found) > most:
                raise TooLarge("is too large")
        return bytes(found)

    def _pieces(self):
        try:
            with self.opened() as source:
                while piece := source.read(PIECE):
                    yield piece
        except (zipfile.BadZipFile, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise Unreadable(f"is damaged ({printable(str(error), most=80)})") from None
        except NotImplementedError:
            raise Unreadable("is packed in a way that is not known here: unpack the download and give the folder") from None
        except RuntimeError:  # zipfile's word for it
            raise Unreadable("is encrypted") from None
        except OSError as error:
            if error.errno is None:  # bz2's word for what zlib calls an error
                raise Unreadable("is damaged") from None
            raise


class Download:
    """What a FILE of a platform's holds: a zip, a folder, or a single file. To be closed, or used with ``with``.

    Parameters
    ----------
    path : path
    zone : datetime.tzinfo, optional
        In which a zip's times are; by default this machine's.

    Attributes
    ----------
    entries : list of Entry
    notes : list of str
        What was left out, and why.

    Raises
    ------
    CourseError
    """

    def __init__(self, path: Path, zone: tzinfo | None = None):
        self.path = Path(path)
        self.notes: list[str] = []
        self.entries: list[Entry] = []
        self._zip: zipfile.ZipFile | None = None
        try:
            if not self.path.exists():
                raise CourseError(f"There is no {self.path}. Give the zip that the platform made, or a folder.")
            if self.path.is_dir():
                self._folder()
            elif zipfile.is_zipfile(self.path):
                self._zip = zipfile.ZipFile(self.path)
                self.entries = listed(self._zip, zone, self.notes)
            elif self.path.suffix.lower() in (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar"):
                raise CourseError(f"{self.path} is no zip that can be read. Download it again, or unpack it and give the folder.")
            elif self.path.is_file():
                self.entries = [self._file(self.path, self.path.name)]
            else:
                raise CourseError(f"{self.path} is neither a file nor a folder.")
        except zipfile.BadZipFile as error:
            raise CourseError(f"{self.path} is damaged ({printable(str(error), most=80)}). Download it again.") from None
        except OSError as error:
            raise CourseError(f"{self.path} cannot be read: {error.strerror}.") from None
        if len(self.entries) > MOST:
            raise CourseError(f"{self.path} holds {len(self.entries)} files; {MOST} are read. Is it one assignment's download?")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._zip:
            self._zip.close()

    def _folder(self):
        for where, folders, files in os.walk(self.path):
            folders[:] = sorted(set(folders) - PASSED_OVER)
            for name in sorted(files):
                path = Path(where, name)
                relative = path.relative_to(self.path).as_posix()
                if not _hidden(relative):
                    if stat.S_ISREG(os.lstat(path).st_mode):
                        self.entries.append(self._file(path, relative))
                    else:
                        self.notes.append(f"left out, as it is a link or no file: {printable(relative, most=100)}")
            if len(self.entries) > MOST:
                return

    @staticmethod
    def _file(path, relative):
        when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Entry(relative, when, lambda: open(path, "rb"))


def crowded(path: Path) -> bool:
    """Whether a zip has a list of files that nobody should read: reading it takes memory before one knows how long it is."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        file.seek(max(0, size - 70_000))
        tail = file.read()
    at, lengths = tail.find(END), []
    while at >= 0:
        if len(tail) - at >= 22:
            lengths.append(struct.unpack("<L", tail[at + 12 : at + 16])[0])
        at = tail.find(END, at + 1)
    return b"PK\x06\x07" in tail or max(lengths, default=0) > LISTED


def listed(archive: zipfile.ZipFile, zone: tzinfo | None, notes: list[str]) -> list[Entry]:
    """The files in a zip.

    Parameters
    ----------
    archive : zipfile.ZipFile
    zone : datetime.tzinfo, optional
        In which its times are, by default this machine's.
    notes : list of str
        Is told what was left out.
    """
    found: dict[str, Entry] = {}
    untimed = 0
    for info in archive.infolist()[: MOST + 1]:
        path = _name(info).replace("\\", "/")
        if path.endswith("/") or _hidden(path):
            continue
        parts = path.split("/")
        if ".." in parts or path.startswith("/") or parts[0][1:2] == ":" or "\0" in path:
            notes.append(f"left out, as its name leads out of the folder: {printable(path, most=100)}")
            continue
        mode = info.external_attr >> 16
        if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
            notes.append(f"left out, as it is a link or no file: {printable(path, most=100)}")
            continue
        path = "/".join(part for part in parts if part not in ("", "."))
        when, clock = _time(info, zone)
        untimed += when is None
        found[path] = Entry(path, when, partial(archive.open, info), clock)
    if untimed and untimed < len(found):  # none at all is the platform's habit
        notes.append(f"{untimed} of {len(found)} files have no time that can be read")
    return list(found.values())


def _hidden(path):
    parts = path.split("/")
    return bool(PASSED_OVER & set(parts)) or parts[-1] in ("Thumbs.db", "desktop.ini") or parts[-1].startswith(("._", ".DS_Store"))


def _name(info):
    """A file's name in a zip: where a zip does not say that it is UTF-8, it often is all the same."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _time(info, zone):
    """A file's time in UTC: to the second and in UTC where the zip has that, else what clocks showed in the zone, and that as well."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<i", extra[5:9])[0], UTC), None
        extra = extra[4 + size :]
    if info.date_time[:3] == (1980, 1, 1):  # what a zip says that knows no time
        return None, None
    try:
        moment = datetime(*info.date_time)
        return (moment.replace(tzinfo=zone) if zone else moment.astimezone()).astimezone(UTC), moment.isoformat()
    except (ValueError, OverflowError, OSError):
        return None, None
