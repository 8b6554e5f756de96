"""What a class misunderstands: the diagnoses of an assignment, added up by the misconception behind them.

A student counts once for a misconception, in however many functions it shows. What follows from an earlier function of their own
(``upstream``) is that function's and counts there alone. Who handed in nothing that can be read counts nowhere.

| what you can do | with |
| --- | --- |
| add a class up | `tally` |
| say the two or three things that matter | `sentences` |
"""

from collections import Counter
from dataclasses import dataclass, field

from backprop.course import Chapter
from backprop.grading.misconceptions import LIST, MISCONCEPTIONS, WHATEVER_THE_CODE, Misconception

MANY = 0.1  # of those who handed in, from which something is said of the class
RIGHT = {"warning"}  # diagnoses of an answer whose numbers are right
PARTS = {0.9: "nine tenths", 2 / 3: "two thirds", 0.5: "half", 1 / 3: "a third", 0.25: "a quarter", 0.2: "a fifth", 0.1: "a tenth"}


@dataclass
class Row:
    """One line of the sum.

    ``students`` maps each student to the functions in which it shows, in their order; ``mistakes`` counts students by function and
    diagnosis; ``read`` is where the book explains the one that was made most.
    """

    id: str
    name: str
    about: Misconception | None = None
    students: dict[str, list[str]] = field(default_factory=dict)
    mistakes: Counter = field(default_factory=Counter)
    read: str = ""

    @property
    def functions(self) -> list[tuple[str, int]]:
        """Functions, and of how many students each, the most first."""
        return Counter(name for names in self.students.values() for name in names).most_common()

    def add(self, student: str, function: str, diagnosis: str = "") -> None:
        """Have it show in a student's function."""
        names = self.students.setdefault(student, [])
        if function not in names:
            names.append(function)
        if diagnosis:
            self.mistakes[function, diagnosis] += 1


@dataclass
class Tally:
    """A class, added up.

    ``handed`` is how many handed in what can be read; ``rows`` are the misconceptions that show, the most frequent first;
    ``untouched`` is who left which function as it was handed out, ``unknown`` whose wrong answers no misconception is known for;
    ``functions`` is how many functions the assignment has.
    """

    handed: int
    rows: list[Row]
    untouched: Row
    unknown: Row
    functions: int = 0

    def share(self, row: Row) -> float:
        """Of those who handed in, the share in which it shows."""
        return len(row.students) / self.handed if self.handed else 0.0

    @property
    def all(self) -> list[Row]:
        """All that has a student to it."""
        return [row for row in (*self.rows, self.untouched, self.unknown) if row.students]


def behind(chapter: Chapter) -> dict[tuple[str, str], str]:
    """The misconception behind each diagnosis of an assignment that has one: by function and diagnosis, its id."""
    found = {(e.name, diagnosis): about for e in chapter.exercises for diagnosis, about in WHATEVER_THE_CODE.items()}
    return found | {(e.name, m.id): m.about for e in chapter.exercises for m in chapter.mistakes(e.name)}


def tally(lines: list[dict], chapter: Chapter) -> Tally:
    """Add a class up.

    Parameters
    ----------
    lines : list of dict
        As `backprop.grading.graded.Graded.line`.
    chapter : backprop.course.Chapter
    """
    known = behind(chapter)
    rows = {one.id: Row(one.id, one.name, one) for one in LIST}
    untouched, unknown = Row("not-attempted", "Not attempted"), Row("no-known-mistake", "Wrong, and no known mistake")
    handed = [line for line in lines if line["status"] == "graded"]
    for line in handed:
        for function, got in line["exercises"].items():
            diagnoses = dict.fromkeys(got["diagnoses"])
            if not diagnoses and not got.get("automatic", got["points"]):
                untouched.add(line["student"], function)
            abouts = {diagnosis: known[function, diagnosis] for diagnosis in diagnoses if (function, diagnosis) in known}
            for diagnosis, about in abouts.items():
                if about in MISCONCEPTIONS and "upstream" not in diagnoses:
                    rows[about].add(line["student"], function, diagnosis)
            if not abouts and diagnoses.keys() - RIGHT and "upstream" not in diagnoses:
                for diagnosis in diagnoses:
                    unknown.add(line["student"], function, diagnosis)
    reads = {(e.name, m.id): m.read for e in chapter.exercises for m in chapter.mistakes(e.name)}
    for row in rows.values():
        most = next((made for made, _ in row.mistakes.most_common() if made in reads), None)
        row.read = reads[most] if most else row.about.read if row.about else ""
    made = sorted((row for row in rows.values() if row.students), key=lambda row: (row.id == "slip", -len(row.students)))
    return Tally(len(handed), made, untouched, unknown, len(chapter.exercises))


def sentences(found: Tally) -> list[str]:
    """What matters most, in at most three sentences, with code between backticks; none where there is nothing to be said of a class.

    Shares are rounded down, and "at least" says so: mistakes that no catalogue knows count nowhere.
    """
    said: list[str] = []
    for row in [row for row in found.rows if row.id != "slip" and _many(found, row)][:2]:
        functions = row.functions
        ahead = len(functions) == 1 or functions[0][1] > functions[1][1]
        where = (
            f"{'most often ' if len(functions) > 1 else ''}in `{functions[0][0]}`" if ahead else f"in {len(functions)} functions"
        )
        count = f"{len(row.students)} of {found.handed}"
        if said:
            said.append(f"Then comes “{row.name}”: {count}, {where}.")
        else:
            part = next(words for least, words in PARTS.items() if found.share(row) >= least)
            said.append(f"At least {part} of those who handed in ({count}) stumble over “{row.name}”, {where}.")
    blank = sum(len(functions) == found.functions for functions in found.untouched.students.values())
    function, left = next(iter(found.untouched.functions), ("", 0))
    if left - blank > 1 and left >= MANY * found.handed:
        others = f", {blank} of them all the others too" if blank else ""
        said.append(f"{left} of {found.handed} left `{function}` as it was handed out{others}.")
    elif blank > 1 and blank >= MANY * found.handed:
        said.append(f"{blank} of {found.handed} attempted nothing.")
    return said


def _many(found, row):
    """Whether a row is one to speak of before a class: a tenth of it, and more than one."""
    return len(row.students) > 1 and found.share(row) >= MANY
