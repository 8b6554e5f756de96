"""A whole term: for each misconception and assignment the share of students in which it shows, and whether it goes away.

All of it is read from what the last grading of each assignment kept in ``reports/``; nothing is graded and no code is run. A student
counts in an assignment where they handed in what can be read. Where no mistake of an assignment's catalogue has a misconception
behind it, it cannot show there, which is something else than nobody.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from backprop import course
from backprop.checking.mistakes import place
from backprop.checking.show import coded
from backprop.course import Chapter, CourseError
from backprop.grading.misconceptions import LIST, Misconception
from backprop.grading.pages import template
from backprop.grading.tally import Row, Tally, tally

SMALL = 10  # who handed in, below which a difference is not put into words
MOVES = 0.1  # by which a share has to differ before it is said to


@dataclass
class Share:
    """Of those who handed an assignment in, in how many something shows; ``can`` says whether it can there."""

    students: int
    handed: int
    can: bool = True

    @property
    def value(self) -> float | None:
        """The share, where there is one."""
        return self.students / self.handed if self.can and self.handed else None

    @property
    def words(self) -> str:
        value = self.value
        return "cannot show" if not self.can else "nobody handed in" if value is None else percent(value)


@dataclass
class Line:
    """One misconception through the term."""

    id: str
    name: str
    about: Misconception | None
    shares: list[Share]

    @property
    def most(self) -> float:
        """The largest share."""
        return max((share.value or 0.0 for share in self.shares), default=0.0)

    @property
    def goes(self) -> str:
        """Whether it goes away, from the first assignment in which it can show to the last: ``31 % → 4 %: fades``."""
        shown = [(share.value, share) for share in self.shares]
        seen = [(value, share) for value, share in shown if value is not None]
        if len(seen) < 2:
            return ""
        (first, _), (last, ending) = seen[0], seen[-1]
        numbers = f"{percent(first)} → {percent(last)}"
        if min(share.handed for _, share in seen) < SMALL:
            return numbers
        if self.most - max(first, last) >= MOVES:
            return f"{numbers}: came and went"
        if first - last >= MOVES:
            return f"{numbers}: " + ("gone" if not ending.students else "fades" if last <= first / 2 else "less")
        return f"{numbers}: " + ("more" if last - first >= MOVES else "about the same")


def percent(value: float) -> str:
    """A share in words; one that is not 0 is not called 0."""
    return "< 1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"


def lines(root: Path) -> tuple[list[str], list[Tally], list[Line]]:
    """The term, added up.

    Parameters
    ----------
    root : path

    Returns
    -------
    (list of str, list of Tally, list of Line)
        The assignments that were graded, in the course's order; their sums; misconceptions that show somewhere, those with the largest
        share first, and below them what was not attempted.

    Raises
    ------
    CourseError
        If nothing has been graded yet, or what was kept cannot be read.
    """
    names, sums, able = [], [], []
    for name in course.assignments(root):
        kept = Path(root) / "reports" / f"{name}.json"
        if kept.exists():
            chapter = Chapter(root, name)
            try:
                sums.append(tally(json.loads(kept.read_text(encoding="utf-8")), chapter))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise CourseError(f"{kept} is not as grading wrote it. Run: backprop grade {name}") from None
            names.append(name)
            able.append({m.about for e in chapter.exercises for m in chapter.mistakes(e.name)})
    if not names:
        raise CourseError("No assignment has been graded yet. Run: backprop grade NAME")
    found = []
    for about in LIST:
        rows = [next((row for row in one.rows if row.id == about.id), Row(about.id, about.name)) for one in sums]
        shares = [
            Share(len(row.students), one.handed, about.id in can or bool(row.students)) for row, one, can in zip(rows, sums, able)
        ]
        if any(row.students for row in rows):
            found.append(Line(about.id, about.name, about, shares))
    found.sort(key=lambda line: (line.id == "slip", -line.most))
    left = [Share(len(one.untouched.students), one.handed) for one in sums]
    return names, sums, [*found, Line("not-attempted", "Not attempted: a function at least", None, left)]


def write(root: Path) -> Path:
    """Write ``reports/term.html`` and ``reports/term.csv``.

    Parameters
    ----------
    root : path

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    CourseError
        As `lines`.
    """
    names, sums, found = lines(root)
    page = Path(root) / "reports" / "term.html"
    _write_csv(page.with_suffix(".csv"), names, found)
    filters = {"coded": lambda words: Markup(coded(words)), "place": lambda read: place(read)[1]}
    page.write_text(template("term.html", **filters).render(names=names, sums=sums, found=found), encoding="utf-8")
    return page


def _write_csv(path, names, found):
    """One row a misconception, one column an assignment: shares as numbers, from 0 to 1."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(["misconception", "name", *names, "goes"])
        for line in found:
            shares = [share.words if share.value is None else round(share.value, 4) for share in line.shares]
            writer.writerow([line.id, line.name, *shares, line.goes])
