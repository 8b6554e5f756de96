"""Who a student is: the name that goes with a folder in ``submitted/``, and the names that platforms know them by.

A person has *keys*, each a kind and a text in small: ``canvas:12345`` (Canvas's own number), ``moodle:123456`` (the participant's
number in one assignment), ``id:ada`` (a login, a SIS id, an ID number, a SID: whatever the school gave them), ``mail:ada@example.edu``.
Two people are one where they share a key.

| what you can do | with |
| --- | --- |
| know everyone's name by their student id | `names`, `named`, `label` |
| find who somebody is among others | `People` |
| make a folder's name of any text | `safe` |
| name a few of many | `few`, `several` |
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from backprop.checking.wire import printable, writable
from backprop.grading.gradebook import full_name, query

LONGEST = 200  # bytes of a folder's name that is made here: a file system takes 255
FEW = 20  # students in one line
NAME = 128  # characters of a name or an address in nbgrader's gradebook
KINDS = ("canvas", "moodle", "id", "mail")  # of keys, the most certain first


@dataclass
class Person:
    """Somebody, as a roster or a platform's download knows them.

    ``student`` is the name of their folder and their id in nbgrader's gradebook, or "" where that is not known; ``spare`` says
    what it may be made of, the best first; ``platforms`` are those whose rosters have them.
    """

    student: str = ""
    first: str = ""
    last: str = ""
    email: str = ""
    keys: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    def kept(self) -> dict:
        """As JSON keeps it."""
        return {name: value for name, value in asdict(self).items() if name != "spare"}


class People:
    """Persons, to be found again by their keys or by their names.

    Parameters
    ----------
    persons : iterable of Person
    """

    def __init__(self, persons: Iterable[Person] = ()):
        self.by_key: dict[str, list[Person]] = {}
        self.by_name: dict[str, list[Person]] = {}
        self.all: list[Person] = []
        for person in persons:
            self.add(person)

    def add(self, person: Person) -> None:
        self.all.append(person)
        for key in person.keys:
            self.by_key.setdefault(key, []).append(person)
        for name in spellings(person):
            self.by_name.setdefault(name, []).append(person)

    def find(self, person: Person) -> Person | None:
        """Who shares a key with a person, the most certain kind of key first; None where nobody does, or two do."""
        for kind in KINDS:
            found = [one for key in person.keys if key.startswith(f"{kind}:") for one in self.by_key.get(key, [])]
            if found and all(one is found[0] for one in found):
                return found[0]
        return None

    def called(self, person: Person) -> list[Person]:
        """Those who have a person's name."""
        found: list[Person] = []
        for name in spellings(person):
            found += [one for one in self.by_name.get(name, []) if not any(one is other for other in found)]
        return found


def key(kind: str, text: str) -> list[str]:
    """A key, in a list; none where the text is empty."""
    text = unicodedata.normalize("NFC", text.strip()).casefold()
    return [f"{kind}:{text}"] if text else []


def spellings(person: Person) -> set[str]:
    """A name as it is compared: its words in any order, and last name first in one word, as Canvas writes it in the names of files."""
    words = [re.findall(r"\w+", unicodedata.normalize("NFC", part).casefold()) for part in (person.first, person.last)]
    if not any(words):
        return set()
    return {" ".join(sorted(words[0] + words[1])), "".join(words[1] + words[0])}


def parted(name: str) -> tuple[str, str]:
    """First and last name from ``Lovelace, Ada`` or ``Ada Lovelace``."""
    name = " ".join(name.split())
    if "," in name:
        last, first = name.split(",", 1)
        return first.strip()[:NAME], last.strip()[:NAME]
    first, _, last = name.rpartition(" ")
    return first[:NAME], last[:NAME]


def safe(text: str) -> str:
    """A name for a folder, of any text: letters and digits of any script, and . _ @ + -, none of them first but a letter or digit.

    Where something had to be left out, a few signs of its digest stand behind it, so that no two texts become one name.
    """
    text = unicodedata.normalize("NFC", writable(text)).strip()
    made = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" or c in "._@+-" else "-" for c in text)
    made = made.lstrip("._@+-")
    if made and made == text and len(made.encode()) <= LONGEST and len(made) <= 100:
        return made
    made = made[:80].encode()[: LONGEST - 10].decode(errors="ignore").rstrip("-")
    return f"{made or 'student'}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def label(student: str, name: str | None = None) -> str:
    """A student as a line of text shows one: the id, and the name where it is known and says more."""
    student = printable(student, most=60)
    return f"{student} ({printable(name, most=60)})" if name and name != student else student


def several(number: int, word: str) -> str:
    """A number of things: ``1 page``, ``2 pages``."""
    return f"{number} {word}{'s' * (number != 1)}"


def few(shown: list[str], most: int = FEW, between: str = ", ") -> str:
    """The first of many as a line shows them, and how many more there are."""
    return between.join(shown[:most]) + (f" and {len(shown) - most} more" if len(shown) > most else "")


def names(root: Path, name: str, db_url: str | None = None) -> dict[str, str]:
    """Everyone's name by their student id: as the gradebook has it, else as an assignment's download had it."""
    found = {student: person.name for student, person in named(root, name).items()}
    rows = query(root, "SELECT id, first_name, last_name FROM student", db_url)
    return {**found, **{student: known for student, *parts in rows if (known := full_name(*parts))}}


def named(root: Path, name: str) -> dict[str, Person]:
    """Of those whose hand-ins were collected for an assignment, whom the download called by a name, by student id."""
    return {one.student: one for one in collected(root, name) if shows_name(one)}


def shows_name(person: Person) -> bool:
    """Whether a download's name is one to be shown: Canvas's files say lovelaceada, which is good for finding somebody."""
    return bool(person.name) and (bool(person.first) or not any(key.startswith("canvas:") for key in person.keys))


def accounts(root: Path, name: str = "*") -> dict[tuple[str, str], dict]:
    """What is known of each student's collected hand-ins (`backprop.grading.collect`), by assignment and student id."""
    found = {}
    for path in sorted((Path(root) / "collected").glob(f"{name}/*/about.json")):
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
            Person(**about["person"]), about["versions"], about["current"]
        except (OSError, ValueError, TypeError, KeyError):  # cut off, or somebody else's
            continue
        found[path.parent.parent.name, path.parent.name] = about
    return found


def collected(root: Path, name: str = "*") -> list[Person]:
    """Those of whom something was collected, for one assignment or for any: each once, with all their keys."""
    found: dict[str, Person] = {}
    for (_, who), about in accounts(root, name).items():
        one = Person(**about["person"])
        known = found.setdefault(who, one)
        known.keys += [key for key in one.keys if key not in known.keys]
        known.first, known.last, known.email = one.first or known.first, one.last or known.last, one.email or known.email
    return list(found.values())
