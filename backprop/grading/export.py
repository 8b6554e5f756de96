"""Grades out: the platform's own exported table with one column filled, and every other byte as it was.

| table | column | matched by |
| --- | --- | --- |
| Canvas, Gradebook > Export | whose heading begins with the assignment's name: ``06-backward-propagation (12345)`` | ``ID``, ``SIS Login ID``, ``SIS User ID`` |
| Moodle, the assignment's grading worksheet | ``Grade`` | ``Identifier``, ``ID number``, ``Email address`` |
| Moodle, Grades > Export | ``Assignment: 06-backward-propagation (Real)`` | ``ID number``, ``Email address`` |
| any other, such as Gradescope's, which takes no grades back | what ``--column`` says | ``SID``, ``Email`` |
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from backprop.checking.wire import printable
from backprop.course import Chapter, CourseError, assignments
from backprop.grading.gradebook import address
from backprop.grading.people import People, Person, accounts, collected, few, key, label, names, several
from backprop.grading.release import nbgrader_config
from backprop.grading.roster import load, rows
from backprop.grading.table import Table, plain
from backprop.whole import write_whole

NUMBER = re.compile(r"\d+([.,]\d+)?")
NOTHING = re.compile(r"(?:[-–—]|N/?A)?", re.I)  # what stands where there is no grade: Moodle has a dash there
FILLED = "-filled"  # stands behind the name of what was written
AGAIN = "points by hand count, and formgrader asks for another look, as it was graded anew since"


@dataclass
class Exported:
    """What became of a table: student ids by what happened, rows that are nobody's, and what is to be said of all."""

    target: Path
    heading: str
    filled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def export(
    root: Path,
    name: str,
    file: Path,
    column: str | None = None,
    zero: bool = False,
    scale: bool = False,
    target: Path | None = None,
    in_place: bool = False,
    dry: bool = False,
    db_url: str | None = None,
) -> Exported:
    """Fill an assignment's grades into a platform's table.

    Parameters
    ----------
    root : path
    name : str
        The assignment.
    file : path
        What the platform exported.
    column : str, optional
        The heading of the column to be filled; by default the platform's.
    zero : bool
        Whether one who never handed in gets a 0 where the cell is empty. Otherwise it stays as it is.
    scale : bool
        Whether points are scaled to the platform's maximum, which the table has to say.
    target : path, optional
        What is written; by default a file beside ``file``.
    in_place : bool
        Write ``file`` itself.
    dry : bool
        Only say what would happen.
    db_url : str, optional
        The gradebook.

    Raises
    ------
    CourseError
        If nothing is graded, the table or the column is not understood, or nobody is matched.
    """
    Chapter(root, name)
    root, file = Path(root), Path(file)
    scores, most, by_hand = grades(root, name, db_url)
    table = Table(file)
    place = _column(table, name, column, root)
    if target is None and not in_place and file.stem.endswith(FILLED):
        shown = printable(os.fspath(file))
        raise CourseError(
            f"{shown} was filled before, as its name says. To fill a further column of it: --in-place. To leave it as it is: --output FILE"
        )
    done = Exported(target or (file if in_place else _beside(file)), table.headings()[place])
    done.names = names(root, name, db_url)
    people = _people(root, name, scores)
    comma = table.decimal_comma()
    possible = _possible(table, place)
    if possible is not None and abs(possible - most) > 1e-9:
        factor = f"{possible:g} for the platform and {most:g} here"
        done.notes.append(
            f"full marks are {factor}: points are {'scaled' if scale else 'written as they are (--scale scales them)'}"
        )
    elif scale and possible is None:
        raise CourseError(f"{file} does not say what full marks are, so nothing can be scaled to them: leave --scale away")
    by = possible / most if scale and possible is not None and most else 1.0
    persons = rows(table)
    at: dict[str, list[int]] = {}
    for row, person in persons.items():
        found = people.find(person)
        if found is None:
            done.nobody.append(
                person.name or next((table.value(row, n) for n in range(len(table.rows[row])) if table.value(row, n)), "?")
            )
        else:
            at.setdefault(found.student, []).append(row)
    for student, lines_ in sorted(at.items()):
        if len(lines_) > 1 and len({tuple(persons[row].keys) for row in lines_}) > 1:
            done.notes.append(f"{len(lines_)} rows are {label(student, done.names.get(student))}'s, and are left as they are")
            continue
        for row in lines_:
            before = table.value(row, place)
            if student in scores:
                text = f"{round(scores[student] * by, 6 if by == 1 else 2):.10g}"
                text = text.replace(".", ",") if comma else text
                if not NUMBER.fullmatch(before) and not NOTHING.fullmatch(before):
                    done.left.append(f"{label(student, done.names.get(student))} has {printable(before, most=20)}")
                    continue
                if not NOTHING.fullmatch(before) and _number(before) != _number(text):
                    done.changed.append(f"{label(student, done.names.get(student))} had {printable(before, most=20)}, has {text}")
                if _number(before) != _number(text):  # 8.50 stays 8.50
                    table.put(row, place, text)
                done.filled.append(student)
            elif (root / "submitted" / student / name).is_dir():
                done.ungraded.append(student)
            else:
                done.never.append(student)
                if zero and NOTHING.fullmatch(before):
                    table.put(row, place, "0")
    done.without = sorted(set(scores) - set(at))
    for why, students in by_hand.items():
        if here := sorted(students & set(at)):
            done.notes.append(f"{why}: {few([label(one, done.names.get(one)) for one in here])}")
    if not done.filled:
        raise CourseError(
            f"No row of {printable(os.fspath(file))} is that of a student with a grade in {name}: of {len(persons)} rows "
            f"{len(done.nobody)} match nobody here. If their logins or ids are new to the course, give them first: backprop roster "
            f"{printable(os.fspath(file))}"
        )
    if not dry:
        try:
            write_whole(done.target, table.data(), file.stat().st_mode & 0o777)
        except OSError as error:
            raise CourseError(f"{done.target} cannot be written: {error.strerror}. {file} is as it was.") from None
    return done


def grades(root: Path, name: str, db_url: str | None = None) -> tuple[dict[str, float], float, dict[str, set[str]]]:
    """Each student's points as the gradebook has them, penalties taken off; full marks; and who is to be looked at, by the reason.

    Raises
    ------
    CourseError
        If there are none.
    """
    from nbgrader.api import Gradebook, MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    url = address(root, db_url)
    missing = CourseError(f"{name} has no grades in the gradebook yet. Run: backprop grade {name}")
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise missing
    try:
        with Gradebook(url, nbgrader_config(root).CourseDirectory.get("course_id", "")) as gradebook:
            try:
                assignment = gradebook.find_assignment(name)
            except MissingEntry:
                raise missing from None
            found: dict[str, float] = {}
            by_hand: dict[str, set[str]] = {}
            for one in assignment.submissions:
                found[one.student_id] = max(0.0, (one.score or 0.0) - (one.late_submission_penalty or 0.0))
                if one.needs_manual_grade:
                    open_ = [grade for each in one.notebooks for grade in each.grades if grade.needs_manual_grade]
                    again = all(grade.manual_score is not None for grade in open_)
                    by_hand.setdefault(AGAIN if again else "needs a grade by hand still", set()).add(one.student_id)
            most = assignment.max_score or 0.0
    except SQLAlchemyError as error:
        raise CourseError(f"The gradebook {url} cannot be read: {str(error).splitlines()[0]}") from None
    if not found:
        raise missing
    return found, most, by_hand


def _people(root, name, scores):
    """Everyone with all the keys by which a table may know them: the roster's, the download's, and the id in the gradebook."""
    everyone = {one.student: one for one in load(root)}
    for one in collected(root):
        known = everyone.setdefault(one.student, Person(one.student, one.first, one.last, one.email))
        known.keys = list(dict.fromkeys(known.keys + one.keys))
    for student in scores:
        known = everyone.setdefault(student, Person(student))
        own = key("mail" if "@" in student else "id", student)
        known.keys = list(dict.fromkeys(known.keys + own))
    return People(everyone.values())


def _column(table, name, column, root):
    headings = table.headings()
    if column is not None:
        found = [n for n, heading in enumerate(headings) if heading == column] or [
            n for n, heading in enumerate(headings) if plain(heading) == plain(column)
        ]
        why = f"is called {column!r}"
    else:
        # 06-backward-propagation, … (12345), Assignment: … (Real), Aufgabe: … (Punkte)
        form = re.compile(rf"(?:[^:]{{1,40}}:\s*)?{re.escape(name)}(?![\w-]).*", re.I | re.S)
        found = [
            n for n, heading in enumerate(headings) if form.fullmatch(heading) and not re.search(r"feedback|comment", heading, re.I)
        ]
        if not found and table.platform == "moodle":
            if other := _another(table, name, root):
                raise CourseError(
                    f"{printable(os.fspath(table.path))} is the grading worksheet of {other}, and not of {name}. To fill it all the same: "
                    "--column HEADING"
                )
            found = [n for n, heading in enumerate(headings) if plain(heading) in ("grade", "bewertung", "note", "calificación")]
        why = f"begins with {name}"
    if len(found) == 1:
        return found[0]
    listed = printable(", ".join(headings), most=600)
    if found:
        several = printable(", ".join(headings[n] for n in found), most=300)
        raise CourseError(f"{table.path} has {len(found)} columns that may be meant: {several}. Say which: --column HEADING")
    if column is None and table.platform == "gradescope":
        raise CourseError(
            f"{table.path} is Gradescope's, which takes no grades from a file. To fill a column of it all the same: --column HEADING. "
            f"It has: {listed}"
        )
    raise CourseError(f"{table.path} has no column that {why}. Say which: --column HEADING. It has: {listed}")


def _another(table, name, root):
    """Which other assignment a grading worksheet of Moodle's belongs to, where that is certain; else None.

    Moodle puts the assignment into the file's name (``Grades-ML-03-activations-77.csv``), and participants have other numbers in each.
    """
    called = [one for one in assignments(root) if plain(one) in plain(table.path.stem)]
    if called:
        return None if name in called else f"{called[0]}, as its name says"
    numbers = {key for person in rows(table).values() for key in person.keys if key.startswith("moodle:")}
    theirs = {one for (one, _), about in accounts(root).items() if numbers & set(about["person"]["keys"])}
    return None if name in theirs or not theirs else f"{min(theirs)}, whose participants' numbers it has"


def _possible(table, place):
    """Full marks as the table says them: in Canvas's row Points Possible, or Moodle's column Maximum Grade."""
    for row in table.body():
        if plain(table.value(row, 0)) == "pointspossible":
            return _number(table.value(row, place))
    for column, heading in enumerate(table.headings()):
        if plain(heading) in ("maximumgrade", "besterwert", "maximalebewertung"):
            return next((found for row in table.body() if (found := _number(table.value(row, column))) is not None), None)
    return None


def _number(text):
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def _beside(file):
    return file.with_name(f"{file.stem}{FILLED}{file.suffix}")


def lines(done: Exported, dry: bool) -> list[str]:
    """What a person reads of it."""

    def named(students):
        return few([label(one, done.names.get(one)) for one in students])

    found = [f"{several(len(done.filled), 'grade')} in the column {printable(done.heading, most=80)}."]
    for word, shown in (
        ("another grade stood there", few(done.changed, between="; ")),
        ("left as it stood there", few(done.left, between="; ")),
        ("never handed in", named(done.never)),
        ("handed in and not graded yet (run backprop grade)", named(done.ungraded)),
        ("rows that match nobody here, and are left as they are", few([printable(one, most=60) for one in done.nobody])),
        ("graded here, and in no row", named(done.without)),
    ):
        if shown:
            found.append(f"  {word}: {shown}")
    found += [f"  {note}" for note in done.notes]
    return [*found, "Nothing was written: --dry-run." if dry else f"Written: {printable(os.fspath(done.target))}"]
