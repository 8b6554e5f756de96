"""Find an assignment's notebook in what somebody handed in: under another name, in a folder, in a zip.

A notebook is known by its cells, which carry nbgrader's ids, and else by its name: ``06-backward-propagation (2).ipynb``,
``…-1.ipynb`` and ``…-Copy1.ipynb`` are what platforms, browsers and Jupyter make of one name.

| what you can do | with |
| --- | --- |
| unpack a hand-in and find the notebook in it | `look`, `Found` |
| know whether a notebook can be read | `trouble` |
| know which assignment's a notebook is | `whose` |
| have the files that are to stand beside it | `beside` |
"""

import contextlib
import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from backprop.checking.wire import printable, writable
from backprop.course import assignments
from backprop.grading import read
from backprop.grading.download import Entry, Unreadable, crowded, listed
from backprop.grading.pool import TooMuch, guarded
from backprop.grading.read import COURSES_OWN
from backprop.grading.sandbox import Interrupted, Limits

FILES = 1_000  # in one hand-in, those in its zips with it
UNPACKED = 300 << 20  # bytes of all of them
TRIED = 5  # notebooks of one hand-in that are looked at for one that can be read
ENOUGH = 0.5  # of an assignment's ids that make a notebook its own
GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([A-Za-z0-9_.:-]{1,100})"')
AGAIN = re.compile(r"[\s_]*(?:\((\d+)\)|-(\d+)|[-_ ]*copy[-_ ]?(\d*))$", re.I)
OTHER_ARCHIVES = (".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2")


@dataclass
class Found:
    """What a hand-in holds, in files of a folder of our own.

    ``files`` are relative names as they are to stand beside the notebook, ``notebook`` the name of the one that counts, or ""
    where there is none; ``trouble`` why that cannot be read, or None; ``entry`` the file of the download that it came in;
    ``elsewhere`` are other assignments whose notebooks are among them; ``digest`` is of all of it.
    """

    files: dict[str, Path] = field(default_factory=dict)
    notebook: str = ""
    trouble: str | None = None
    entry: Entry | None = None
    elsewhere: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    digest: str = ""


def look(files: list[tuple[str, Entry]], folder: Path, root: Path, name: str, limits: Limits) -> Found:
    """Unpack a hand-in into an empty folder and find the notebook of an assignment in it.

    Parameters
    ----------
    files : list of (str, backprop.grading.download.Entry)
        Names as the student had them.
    folder, root : path
    name : str
        The assignment.
    limits : backprop.grading.sandbox.Limits
    """
    found = Found()
    with contextlib.ExitStack() as stack:
        came = _unpack(found, files, folder, limits, stack)
    _choose(found, came, root, name, limits)
    digest = hashlib.sha256(found.notebook.encode())
    for relative, path in sorted(found.files.items()):
        with open(path, "rb") as file:
            digest.update(f"{relative}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\0".encode())
    found.digest = digest.hexdigest()
    return found


def _unpack(found, files, folder, limits, stack):
    """Write out what a hand-in holds, that of zips in it too. Returns for each name the download's file and its own."""
    came = {}
    waiting = [(tame(relative), entry, entry, 0) for relative, entry in files]
    size = count = 0
    while waiting:
        relative, entry, origin, depth = waiting.pop(0)
        shown = printable(relative, most=80)
        if count >= FILES or size >= UNPACKED:
            found.notes.append(f"more than {FILES} files or {UNPACKED >> 20} MB: not all are kept")
            break
        count += 1
        target = folder / f"{count}"
        try:
            whole = relative.lower().endswith((".ipynb", ".zip"))
            size += entry.copy(target, min(limits.file if whole else limits.attached[2], UNPACKED - size))
        except Unreadable as error:
            size += error.size
            found.notes.append(f"{shown} {error}")
            continue
        if relative.lower().endswith(".zip"):
            if depth or not zipfile.is_zipfile(target) or crowded(target):
                why = "a zip in a zip" if depth else "no zip that can be read, or one of too many files"
                found.notes.append(f"{shown} is {why}, and is not opened")
            else:
                try:
                    inside = listed(stack.enter_context(zipfile.ZipFile(target)), None, found.notes)
                except (zipfile.BadZipFile, NotImplementedError) as error:
                    found.notes.append(f"{shown} is damaged ({printable(str(error), most=80)})")
                else:
                    waiting += [(tame(one.path), one, origin, 1) for one in inside[: FILES + 1]]
                    continue
        elif relative.lower().endswith(OTHER_ARCHIVES):
            found.notes.append(f"{shown} is an archive that is not opened")
        number, (stem, dot, suffix) = 1, relative.rpartition(".")
        while relative in found.files:  # two of one name
            relative, number = f"{stem or suffix}-{number}{dot}{suffix if stem else ''}", number + 1
        found.files[relative], came[relative] = target, (origin, entry)
    return came


def tame(path: str) -> str:
    """A relative name that every file system takes: nothing that cannot be seen in it, no part that is too long or leads elsewhere."""
    parts = []
    for part in writable(path).replace("\\", "/").split("/"):
        part = "".join(c if c.isprintable() else "_" for c in part).strip()
        if len(part.encode()) > 150:
            stem, dot, suffix = part.rpartition(".")
            part = (stem or suffix).encode()[:120].decode(errors="ignore") + (dot + suffix[:20] if stem else "")
        if part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts[-20:]) or "file"


@lru_cache
def ids(root: Path) -> dict[str, set[bytes]]:
    """Of each assignment the ids of its cells."""
    return {
        name: set(GRADE_ID.findall((Path(root) / "solutions" / name / f"{name}.ipynb").read_bytes())) for name in assignments(root)
    }


def whose(raw: bytes, stem: str, root: Path, name: str) -> str | None:
    """Which assignment's a notebook is: by its cells, else by its name; None where neither says.

    Parameters
    ----------
    raw : bytes
    stem : str
        Its name without the suffix.
    root : path
    name : str
        The assignment for which it was handed in: where its cells are as much that one's as another's, it is that one's.
    """
    here = set(GRADE_ID.findall(raw))
    share = {one: len(here & known) / len(known) for one, known in ids(root).items() if known}
    best = max(share, key=lambda one: (share[one], one == name), default=None)
    if best and share[best] >= ENOUGH:
        return best
    called = [one for one in share if one.lower() in stem.lower()]
    return name if name in called else called[0] if called else None


def again(stem: str) -> int:
    """How often a name was given before: 2 of ``…(2)``, 1 of ``…-1``."""
    found = AGAIN.search(stem)
    return int(next(filter(None, found.groups()), "1")[:6]) if found else 0


def trouble(path: Path, name: str, limits: Limits) -> str | None:
    """Why a notebook cannot be read, or None, with no more of this machine than its limits allow."""
    shown = printable(name, most=80)
    try:
        return guarded("read", limits.step, limits.memory, read.trouble, path, shown, limits)
    except TooMuch as error:
        return f"{shown} {error}"
    except Interrupted:  # no doing of a student's, and grading will try again
        return None


def _choose(found, came, root, name, limits):
    mine, unknown = [], []
    for relative, path in found.files.items():
        if not relative.lower().endswith(".ipynb") or relative.rpartition("/")[2].startswith("."):
            continue
        stem = relative.rpartition("/")[2][: -len(".ipynb")]
        one = whose(path.read_bytes(), stem, root, name)
        if one == name:
            mine.append(relative)
        elif one is None:
            unknown.append(relative)
        elif one not in found.elsewhere:
            found.elsewhere.append(one)
    if mine or len(unknown) == 1:
        # The newest that can be read: of Canvas, whose files come in the order of their numbers, the last; else by the files' times and names.
        order = {relative: number for number, relative in enumerate(found.files)}
        ranked = sorted(
            mine or unknown,
            key=lambda one: (
                came[one][1].when.timestamp() if came[one][1].when else 0.0,
                again(one.rpartition("/")[2][: -len(".ipynb")]),
                order[one],
            ),
            reverse=True,
        )
        troubles = {}
        for chosen in ranked[:TRIED]:
            troubles[chosen] = trouble(found.files[chosen], chosen, limits)
            if troubles[chosen] is None:
                break
        else:
            chosen = ranked[0]
        found.notebook, found.entry, found.trouble = chosen, came[chosen][0], troubles[chosen]
        shown = printable(chosen, most=80)
        if len(mine) > 1:
            why = "" if chosen == ranked[0] else f", the newest that can be read ({troubles[ranked[0]]})"
            found.notes.append(f"{len(mine)} notebooks of {name} at once: {shown} is taken{why}")
        if not mine:
            found.notes.append(f"{shown} has neither the name nor the cells of {name}, and is taken as it is the only notebook")
    elif unknown:
        found.notes.append(f"{len(unknown)} notebooks, none with the name or the cells of {name}")
    elif not found.elsewhere:
        shown = ", ".join(printable(one, most=60) for one in list(found.files)[:3])
        found.notes.append(f"no notebook{f': {shown}' if shown else ''}")
    if found.elsewhere:
        found.notes.append(f"has a notebook of {', '.join(found.elsewhere)}, which is another assignment")


def beside(found: Found, name: str, limits: Limits, numbered: bool) -> dict[str, Path]:
    """What is to stand in ``submitted/<student>/NAME``: the notebook under its right name, and the files that it may need.

    Parameters
    ----------
    found : Found
    name : str
    limits : backprop.grading.sandbox.Limits
    numbered : bool
        Whether the platform adds ``-1`` to a name that was handed in before: ``helpers-1.py`` then stands there as ``helpers.py``
        as well, which the notebook imports.
    """
    most, count, room = limits.attached
    where = found.notebook.rpartition("/")[0]
    placed = {f"{name}.ipynb": found.files[found.notebook]}
    for relative, path in sorted(found.files.items(), key=lambda one: (not one[0].endswith(".py"), one[0])):
        near = relative[len(where) + 1 :] if where and relative.startswith(f"{where}/") else relative
        hidden = any(part.startswith(".") for part in near.split("/"))
        size = path.stat().st_size
        if near.lower().endswith((".ipynb", ".zip")) or near in COURSES_OWN or hidden:
            continue
        if len(placed) > count or size > min(most, room):
            found.notes.append(f"{printable(near, most=80)} is not copied beside the notebook: too many files, or too large")
            continue
        room -= size
        stem, dot, suffix = near.rpartition(".")
        for one in [near, re.sub(r"-\d+$", "", stem) + dot + suffix] if numbered else [near]:
            folders = [one[:at] for at, sign in enumerate(one) if sign == "/"]
            if one not in COURSES_OWN and one not in placed and not any(folder in placed for folder in folders):
                placed[one] = path
    return placed
