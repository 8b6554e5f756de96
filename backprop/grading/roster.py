"""The roster: from a platform's own export of its students to names and addresses in nbgrader's gradebook.

The forms, by their first lines:

| platform | its export | headings |
| --- | --- | --- |
| Canvas | Gradebook > Export | ``Student,ID,SIS User ID,SIS Login ID,Section,…``; then rows ``Manual Posting`` and ``Points Possible`` |
| Moodle | Participants, Grades > Export, or an assignment's grading worksheet | ``First name,Last name,ID number,Email address``; ``Identifier,Full name,Email address,…`` |
| Gradescope | Roster > Download | ``First Name,Last Name,SID,Email,Role,…`` |

What the platforms know a student by is kept in ``collected/roster.json``: downloads and tables of grades are matched by it.

| what you can do | with |
| --- | --- |
| read the students of a file | `students` |
| know those of the course | `load` |
| take a file's students into the course | `take` |
"""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from backprop.checking.wire import printable
from backprop.course import CourseError
from backprop.grading.gradebook import address, query
from backprop.grading.people import NAME, People, Person, collected, few, key, label, parted, safe, several
from backprop.grading.read import unfit
from backprop.grading.release import nbgrader_config
from backprop.grading.table import Table, plain
from backprop.whole import write_whole

# What a student's id is made of, the best first: what they type to log in, or what the school calls them by.
IDS = {
    "canvas": ("login", "sis", "canvas"),
    "moodle": ("login", "number", "email", "moodle"),
    "gradescope": ("number", "email"),
}


@dataclass
class Taken:
    """What became of a roster's rows: student ids by what happened to each, and what is to be said besides."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def rows(table: Table) -> dict[int, Person]:
    """The students of a table by their rows: without Canvas's rows that are nobody's, its test student, and who teaches."""
    found = {}
    for row in table.body():
        value = {meaning: table.value(row, meaning) for meaning in table.columns}
        if table.platform == "canvas" and not re.search(
            r"\w", value.get("canvas", "") + value.get("login", "") + value.get("sis", "")
        ):
            continue  # Points Possible, Manual Posting
        if plain(value.get("name", "")) == "studenttest" and not value.get("sis"):
            continue
        if value.get("role") and not re.search(r"student|teilnehm|étudiant|estudiante", value["role"], re.I):
            continue
        first, last = parted(value.get("name", ""))
        first, last = value.get("first", first)[:NAME], value.get("last", last)[:NAME]
        participant = re.search(r"[^\W\d_]{4}\D*(\d+)$", value.get("moodle", "") or value.get("canvas", ""))  # Participant 123456
        if participant:
            value["canvas"], value["moodle"] = "", participant[1]
        if "canvas" in value and table.platform != "canvas":
            value["canvas"], value["number"] = "", value.get("number") or value["canvas"]
        keys = key("canvas", value.get("canvas", "")) + key("moodle", value.get("moodle", ""))
        for meaning in ("login", "sis", "number"):
            keys += key("id", value.get(meaning, ""))
        for meaning in ("email", "login", "sis"):  # at many schools one logs in with one's address
            if meaning == "email" or "@" in value.get(meaning, ""):
                keys += key("mail", value.get(meaning, ""))
        spare = [value[meaning] for meaning in IDS[table.platform] if value.get(meaning)]
        if spare and spare[-1] in (value.get("canvas"), value.get("moodle")):  # a bare number of the platform's says nothing
            spare[-1] = f"{table.platform}-{spare[-1]}"
        found[row] = Person("", first, last, value.get("email", "")[:NAME], list(dict.fromkeys(keys)), spare, [table.platform])
    return found


def place(root: Path) -> Path:
    """Where the roster is kept."""
    return Path(root) / "collected" / "roster.json"


def load(root: Path) -> list[Person]:
    """The students of the course, or none where no roster was given.

    Raises
    ------
    CourseError
        If what is kept of it cannot be read.
    """
    try:
        return [Person(**one) for one in json.loads(place(root).read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        raise CourseError(f"{place(root)} is damaged. Remove it, and give the roster again: backprop roster FILE.csv") from None


def take(
    root: Path, file: Path, column: str | None = None, db_url: str | None = None, replace: bool = False, dry: bool = False
) -> Taken:
    """Take a file's students into the roster and into the gradebook.

    A student of whom the course has a folder, a grade or a roster's line already keeps that id; another's is what ``column`` says,
    or the best that the platform has.

    Parameters
    ----------
    root, file : path
    column : str, optional
        The heading under which new students' ids stand.
    db_url : str, optional
        The gradebook.
    replace : bool
        Whether those whom the file does not have leave the roster. Their grades stay.
    dry : bool
        Only say what would happen.

    Raises
    ------
    CourseError
    """
    table, taken = Table(file), Taken()
    persons = rows(table)
    if not persons:
        raise CourseError(f"{file} has headings, and no row of a student below them. Is it the whole export?")
    if column is not None:
        wanted = [n for n, heading in enumerate(table.headings()) if plain(heading) == plain(column)]
        if not wanted:
            raise CourseError(f"{file} has no column {column!r}. It has: {printable(', '.join(table.headings()), most=500)}")
        for row, person in persons.items():
            person.spare = [value for value in (table.value(row, wanted[0]), *person.spare) if value]
    before = load(root)
    known, seen = People(before), People(collected(root))
    ids = _ids(root, db_url)
    owner = {one.student: one for one in before}
    local: dict[str, int] = {}
    for person in persons.values():
        local[_local(person)] = local.get(_local(person), 0) + 1
    merged: list[Person] = []
    fresh_ones = People(persons.values())
    for row, person in persons.items():
        old = known.find(person) or _local_match(person, known, local) or _by_name(person, known, fresh_ones, taken)
        if any(old is one for one in merged):
            old = None
        if old is None:
            student = _id(person, seen, ids, local, owner, fresh_ones)
            if not student:
                taken.notes.append(
                    f"row {row + 1} has neither id nor address, and is left out: {label(person.name or '(no name)')}"
                )
                continue
            person.student, owner[student] = student, person
            merged.append(person)
            taken.new.append(student)
        else:
            fresh = Person(
                old.student,
                person.first or old.first,
                person.last or old.last,
                person.email or old.email,
                list(dict.fromkeys(old.keys + person.keys)),
                platforms=sorted({*old.platforms, *person.platforms}),
            )
            (taken.unchanged if fresh.kept() == {**old.kept(), "platforms": fresh.platforms} else taken.changed).append(old.student)
            old.__dict__.update(fresh.__dict__)
            merged.append(old)
    others = [one for one in before if not any(one is other for other in merged)]
    taken.others = [one.student for one in others]
    everyone = merged if replace else [*others, *merged]
    taken.names = {one.student: one.name for one in [*others, *merged]}
    for name, same in People(merged).by_name.items():
        students = sorted({one.student for one in same})
        if len(students) > 1 and " " in name:
            taken.notes.append(f"of one name: {', '.join(label(one, taken.names[one]) for one in students)}")
    if not dry:
        _write_gradebook(root, everyone, db_url)
        place(root).parent.mkdir(exist_ok=True, mode=0o700)
        data = [one.kept() for one in sorted(everyone, key=lambda one: one.student)]
        write_whole(place(root), json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    return taken


def _ids(root, db_url):
    """Student ids that the course has already: folders in ``submitted/``, and the gradebook's."""
    folder = Path(root) / "submitted"
    found = {path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."} if folder.is_dir() else set()
    return found | {row[0] for row in query(root, "SELECT id FROM student", db_url)}


def _local(person):
    """What stands before the @ of a person's address."""
    return person.email.partition("@")[0].casefold()


def _local_match(person, known, local):
    """Who logs in as a person's address begins, where that is one of each: Moodle's export has no logins, Canvas's no addresses."""
    for key_ in [f"id:{_local(person)}"] if person.email and local[_local(person)] == 1 else []:
        found = known.by_key.get(key_, [])
        if len(found) == 1 and not found[0].email:
            return found[0]
    return None


def _by_name(person, known, persons, taken):
    """Who has a person's name, where that is one of each and no address says otherwise."""
    found = known.called(person)
    if len(found) == 1 and len(persons.called(person)) == 1 and not (person.email and found[0].email):
        taken.notes.append(f"taken for the same by name alone: {label(found[0].student, person.name)}")
        return found[0]
    return None


def _id(person, seen, ids, local, owner, persons):
    """A new student's id: one that the course has already, else the best that the platform has."""
    if (one := seen.find(person)) and one.student not in owner:
        return one.student
    named = seen.called(person)
    if len(named) == 1 and len(persons.called(person)) == 1 and named[0].student not in owner:
        return named[0].student
    best = [safe(text) for text in person.spare]
    begins = [safe(_local(person))] if person.email and local[_local(person)] == 1 else []
    free = [one for one in best if one not in owner and not unfit(one)]
    return next((one for one in [*best, *begins] if one in ids and one not in owner), next(iter(free), ""))


def _write_gradebook(root, persons, db_url):
    from nbgrader.api import Gradebook, Student
    from sqlalchemy.exc import SQLAlchemyError

    # nbgrader calls alembic by name for a new gradebook, and its configuration says where that is.
    course_id = nbgrader_config(root).CourseDirectory.get("course_id", "")
    url = address(root, db_url)
    try:
        with Gradebook(url, course_id) as gradebook:
            there = {student.id: student for student in gradebook.db.query(Student)}
            for one in persons:
                about = {"first_name": one.first or None, "last_name": one.last or None, "email": one.email or None}
                canvas = next((key_.partition(":")[2] for key_ in one.keys if key_.startswith("canvas:")), None)
                if one.student not in there:
                    gradebook.db.add(Student(id=one.student, lms_user_id=canvas, **about))
                    continue
                for name, value in {**about, "lms_user_id": canvas}.items():
                    if value is not None:
                        setattr(there[one.student], name, value)
            gradebook.db.commit()
    except SQLAlchemyError as error:
        raise CourseError(f"The gradebook {url} cannot be written: {str(error).splitlines()[0]}. Nothing was changed.") from None


def lines(taken: Taken, file: Path, dry: bool, replace: bool) -> list[str]:
    """What a person reads of it."""
    counts = {"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged}
    total = sum(map(len, counts.values()))
    found = [
        f"{printable(os.fspath(file))}: {several(total, 'student')}: {', '.join(f'{len(x)} {word}' for word, x in counts.items())}."
    ]
    for word in ("new", "changed"):
        if counts[word]:
            found.append(f"  {word}: {few([label(one, taken.names[one]) for one in counts[word]])}")
    if taken.others:
        found.append(
            f"  in the roster and not in this file, {'and taken out of it' if replace else 'and kept (--replace takes them out)'}: "
            + few([label(one, taken.names[one]) for one in taken.others])
        )
    found += [f"  {note}" for note in taken.notes]
    return found + (["Nothing was written: --dry-run."] if dry else [])
