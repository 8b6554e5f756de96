"""What an instructor reads after grading: one self-contained page and the same as CSV.

| what it says | from |
| --- | --- |
| what the class misunderstands, and what to say in the next lecture | `backprop.grading.tally`, `backprop.grading.misconceptions` |
| the same wrong answer in the same rare spelling | `backprop.grading.alike` |
| a whole term | `backprop.grading.term` |
"""

import csv
import json
import re
import statistics
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from backprop.checking.mistakes import place
from backprop.checking.show import coded
from backprop.checking.wire import printable
from backprop.course import Chapter, CourseError
from backprop.grading.alike import groups
from backprop.grading.graded import Graded
from backprop.grading.pages import template
from backprop.grading.tally import Tally, behind, sentences, tally

MANY = 0.1  # of the class, from which a note is the class's and nobody's own
COLUMNS = "student score max_score status exercise points max_points diagnoses notes automatic handed_in due penalty late name misconceptions"
SUMS = "misconception name students handed_in share functions who say read"

# Diagnoses that come from comparing, not from the catalogue, in words for the instructor.
STRUCTURAL = {
    "upstream": "an earlier function of their own is wrong",
    "error": "raises an error",
    "shape": "wrong shape",
    "value": "wrong numbers, no known mistake",
    "factor": "off by a constant factor",
    "relation": "no known mistake, but a plain relation to the right answer or to what went in",
    "nan": "NaN or infinity",
    "dtype": "wrong dtype",
    "type": "wrong type",
    "missing": "an output is missing",
    "structure": "wrong form of result",
    "transpose": "transposed",
    "zero": "zero everywhere",
    "none": "returns None",
    "died": "process ended or took too long",
    "stored-answers": "returns stored answers",
    "warning": "right, but NumPy warns",
    "mutated": "changes its arguments",
    "global-random": "uses a global generator",
    "varies": "gives different answers",
    "length": "wrong length",
    "prediction": "a prediction too far off",
}


def write(
    root: Path,
    name: str,
    found: list[Graded] | None = None,
    names: dict[str, str] | None = None,
    read: dict[str, dict[str, set[int]]] | None = None,
) -> Path:
    """Write ``reports/<name>.html`` and ``.csv``, and ``<name>-misconceptions.csv``.

    Parameters
    ----------
    root : path
    name : str
    found : list of backprop.grading.run.Graded, optional
        A run's results; without them those of the last run are read.
    names : dict of str to str, optional
        Students' names by their ids, as the page and the table show them.
    read : dict, optional
        As `backprop.grading.alike.groups` takes it.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    CourseError
        If nothing has been graded yet.
    """
    folder = Path(root) / "reports"
    kept = folder / f"{name}.json"
    if found is None:
        if not kept.exists():
            raise CourseError(f"{name} has not been graded yet. Run: backprop grade {name}")
        lines = json.loads(kept.read_text(encoding="utf-8"))
        lines = [{**line, "name": (names or {}).get(line["student"], "")} for line in lines]
    else:
        lines = [{**one.line(), "name": (names or {}).get(one.student, "")} for one in found]
        text = json.dumps(lines)
        written = all((folder / f"{name}{end}").exists() for end in (".html", "-misconceptions.csv"))
        if written and kept.exists() and kept.read_text(encoding="utf-8") == text:
            return folder / f"{name}.html"
        folder.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    chapter = Chapter(root, name)
    write_csv(folder / f"{name}.csv", lines, behind(chapter))
    write_sums(folder / f"{name}-misconceptions.csv", tally(lines, chapter))
    page = folder / f"{name}.html"
    alike, pages = groups(root, name, lines, chapter, read), feedback_pages(root, name, lines)
    page.write_text(render(name, lines, chapter, alike, pages), encoding="utf-8")
    return page


def feedback_pages(root: Path, name: str, lines: list[dict]) -> dict[str, str]:
    """Addresses of the feedback pages that exist, relative to the report's, by student."""
    places = {line["student"]: ("feedback", line["student"], name, f"{name}.html") for line in lines}
    return {
        student: "../" + "/".join(quote(part, safe="") for part in place)
        for student, place in places.items()
        if Path(root, *place).is_file()
    }


def write_csv(path: Path, lines: list[dict], known: dict[tuple[str, str], str] | None = None) -> None:
    """One row a student and exercise: the same numbers as on the page, and texts as `cell` writes them.

    Parameters
    ----------
    path : path
    lines : list of dict
        As `backprop.grading.graded.Graded.line`.
    known : dict, optional
        As `backprop.grading.tally.behind`.
    """
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)  # a spreadsheet that takes ; for the separator finds none
        writer.writerow(COLUMNS.split())
        for line in lines:
            about = [cell(line["student"]), line["score"], line["max_score"], cell(line["status"])]
            late = line.get("late") or {}
            times = (
                cell(late.get("handed_in") or ""),
                cell(late.get("due") or ""),
                late.get("penalty", 0),
                cell(late.get("says", "")),
            )
            for exercise, got in line["exercises"].items():
                texts = cell(" ".join(got["diagnoses"])), cell("; ".join(line["notes"]))
                automatic = got.get("automatic", got["points"])
                row = [*about, cell(exercise), got["points"], got["max_points"], *texts, automatic, *times]
                abouts = dict.fromkeys(
                    (known or {}).get((exercise, d)) for d in got["diagnoses"] if "upstream" not in got["diagnoses"]
                )
                writer.writerow([*row, cell(line.get("name") or ""), cell(" ".join(filter(None, abouts)))])


def write_sums(path: Path, found: Tally) -> None:
    """One row a misconception, for the whole class; whoever left a function alone or has a mistake of their own stand below."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(SUMS.split())
        for row in found.all:
            functions, who = " ".join(name for name, _ in row.functions), "; ".join(row.students)
            say, read = (row.about.say, place(row.read)[1]) if row.about else ("", "")
            numbers = len(row.students), found.handed, round(found.share(row), 4)
            writer.writerow([row.id, row.name, *numbers, cell(functions), cell(who), say, read])


def cell(text: str) -> str:
    """A text as one line that no spreadsheet takes for a formula; ``re.sub("(^|;)'", r"\1", text)`` gives it back.

    An apostrophe goes before a sign that begins a formula, in whatever width, and before an apostrophe, where the text
    begins, or begins for a spreadsheet that splits at semicolons.
    """
    return re.sub(r"(^|;)(?=\s*['=+\-@＝＋－＠﹦﹢﹣﹫])", r"\1'", printable(text))


def same_draw(lines: list[dict]) -> list[tuple[str, str, list[str]]]:
    """Exercises that are drawn by a name, and the students who gave one and the same: exercise, name, students."""
    signed: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for exercise, got in line["exercises"].items():
            if got.get("signed"):
                signed.setdefault((exercise, got["signed"]), []).append(line["student"])
    return [(exercise, own, students) for (exercise, own), students in sorted(signed.items()) if len(students) > 1]


def render(name: str, lines: list[dict], chapter: Chapter, alike: list, pages: dict | None = None) -> str:
    """The page as HTML.

    Parameters
    ----------
    name : str
    lines : list of dict
        As `backprop.grading.run.Graded.line`.
    chapter : backprop.course.Chapter
    alike : list of (str, list of str, list of str)
        As `backprop.grading.alike.groups`.
    pages : dict, optional
        Student to the address of their feedback.

    Returns
    -------
    str
    """
    exercises = chapter.exercises
    words = {(e.name, m.id): m.says for e in exercises for m in chapter.mistakes(e.name)}
    counts = Counter((e, d) for line in lines for e, got in line["exercises"].items() for d in set(got["diagnoses"]))
    share = [line["score"] / line["max_score"] if line["max_score"] else 0 for line in lines]
    bins = [sum(1 for s in share if min(int(s * 10), 9) == b) for b in range(10)]
    summed = tally(lines, chapter)
    means = {e.name: statistics.fmean(line["exercises"][e.name]["points"] for line in lines) if lines else 0 for e in exercises}
    rows: list[dict] = []
    for (exercise, diagnosis), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        says = words.get((exercise, diagnosis), STRUCTURAL.get(diagnosis, diagnosis))
        row = next((r for r in rows if (r["id"], r["words"]) == (diagnosis, says)), None)
        if row is None:  # one mistake can say one thing of a function and another of the next: then it has a row for each
            row = {"id": diagnosis, "words": says, "counts": dict.fromkeys((e.name for e in exercises), 0)}
            rows.append(row)
        row["counts"][exercise] = n
    most = max(counts.values(), default=1)
    said = Counter(note for line in lines for note in set(line["notes"]))
    shared = {note: n for note, n in said.most_common() if n >= max(MANY * len(lines), 5)}  # as of a platform that keeps no times
    own = {line["student"]: [note for note in line["notes"] if note not in shared] for line in lines}
    look = sorted(
        (line for line in lines if line["status"] != "graded" or own[line["student"]]),
        key=lambda line: (line["status"] == "graded", line["score"]),
    )  # who lost most by it first
    return template("report.html", coded=lambda words: Markup(coded(words)), place=lambda read: place(read)[1]).render(
        name=name,
        total=len(lines),
        bins=bins,
        tallest=max(bins, default=1) or 1,
        exercises=exercises,
        means=means,
        mean=statistics.fmean(share) if share else 0,
        median=statistics.median(share) if share else 0,
        full=sum(1 for s in share if s >= 1),
        nothing=sum(1 for s in share if s == 0),
        summed=summed,
        matters=sentences(summed),
        words=words,
        structural=STRUCTURAL,
        rows=rows,
        most=most,
        look=look,
        shared=shared,
        own=own,
        alike=alike,
        drawn=same_draw(lines),
        lines=lines,
        late=[line for line in lines if (line.get("late") or {}).get("says")],
        pages=pages or {},
        names={line["student"]: line.get("name") or "" for line in lines},
    )
