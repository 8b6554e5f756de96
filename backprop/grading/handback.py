"""Hand back: the feedback pages of an assignment in the one file that a platform takes for many students at once.

| to | what is made | where it goes |
| --- | --- | --- |
| ``canvas`` | a zip of pages named as Canvas named what was handed in, ``lovelaceada_12345_67890_….html``: Canvas finds the student and the hand-in by the two numbers | the assignment > Upload Submissions |
| ``moodle`` | a zip with a folder for each student, named as in the download | the assignment > Upload multiple feedback files in a zip |
| ``gradescope`` | a zip that holds one zip a student and ``students.csv``, with names, addresses and points: Gradescope takes no files back, mail or a folder does | |
| ``folder`` | a zip with ``<student>/NAME.html`` | |

Canvas may show a page under the name of the file that was handed in, as it does with every file that comes back.
"""

import csv
import io
import os
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from backprop.checking.wire import printable
from backprop.course import Chapter, CourseError
from backprop.grading.export import grades
from backprop.grading.people import accounts, few, label, names, several
from backprop.grading.platforms import MOODLE
from backprop.grading.report import cell
from backprop.grading.roster import load
from backprop.whole import write_whole

TIME = (1980, 1, 1, 0, 0, 0)  # of all files: the same pages make the same zip


@dataclass
class HandedBack:
    """The files that were made, by platform, with whose pages they hold; and those that are in none."""

    files: dict[str, Path] = field(default_factory=dict)
    students: dict[str, list[str]] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def handback(root: Path, name: str, to: str | None = None, dry: bool = False, db_url: str | None = None) -> HandedBack:
    """Make a zip of the pages in ``feedback/`` for each platform from which an assignment was collected.

    Parameters
    ----------
    root : path
    name : str
        The assignment.
    to : str, optional
        The platform; by default those that the hand-ins came from, and ``folder`` for what was not collected by
        `backprop.grading.collect`.
    dry : bool
        Only say what would happen.
    db_url : str, optional
        The gradebook.

    Raises
    ------
    CourseError
        If there are no pages, or none for the platform.
    """
    Chapter(root, name)
    root, done = Path(root), HandedBack()
    done.names = names(root, name, db_url)
    pages = {
        path.parent.parent.name: path
        for path in sorted((root / "feedback").glob(f"*/{name}/{name}.html"))
        if path.is_file() and not path.is_symlink()
    }
    known = {student: about for (_, student), about in accounts(root, name).items()}
    if not pages:
        raise CourseError(f"There are no feedback pages of {name} in {root / 'feedback'}. Run: backprop grade {name}")
    chosen: dict[str, dict[str, Path]] = {}
    for student, page in pages.items():
        about = known.get(student)
        where = about["platform"] if about else "folder"
        if to is not None and to != where and to not in ("folder", "gradescope"):
            done.elsewhere.append(student)
            continue
        chosen.setdefault(to or where, {})[student] = page
        if about and page.stat().st_mtime < about.get("since", 0.0) - 1:
            done.stale.append(student)
    done.without = sorted(set(known) - set(pages))
    if not chosen:
        raise CourseError(
            f"No feedback page of {name} is for something that was collected from {to}. What was collected otherwise goes into a "
            f"zip of its own: backprop handback {name} --to folder"
        )
    for platform, ones in sorted(chosen.items()):
        done.students[platform] = sorted(ones)
        done.files[platform] = root / "handback" / f"{name}-{platform}.zip"
        if not dry:
            done.files[platform].parent.mkdir(exist_ok=True, mode=0o700)
            write_whole(done.files[platform], _zip(_members(platform, ones, known, root, name, db_url, done.names)))
    return done


def _members(platform, pages, known, root, name, db_url, shown):
    """What goes into a platform's zip: pairs of a name and bytes."""
    if platform == "gradescope":
        yield "students.csv", _table(pages, root, name, db_url, shown)
    for student, page in sorted(pages.items()):
        data = page.read_bytes()
        about = known.get(student)
        path = about["versions"][about["current"] - 1]["path"] if about else ""
        if platform == "canvas":
            yield f"{_stem(path.rpartition('/')[2])}.html", data
        elif platform == "moodle":
            parts = path.split("/")
            at = next(n for n, part in enumerate(parts) if MOODLE.fullmatch(part))
            if at < len(parts) - 1:
                yield f"{parts[at]}/{name}.html", data
            else:
                yield f"{_stem(parts[at])}.html", data
        elif platform == "gradescope":
            yield f"{student}.zip", _zip([(f"{name}.html", data)])
        else:
            yield f"{student}/{name}.html", data


def _stem(name):
    return re.sub(r"\.[^.]{1,10}$", "", name)


def _table(pages, root, name, db_url, shown):
    scores, most, _ = grades(root, name, db_url)
    persons = {one.student: one for one in load(root)}
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["student", "name", "email", "score", "max_score", "file"])
    for student in sorted(pages):
        email = persons[student].email if student in persons else ""
        about = cell(student), cell(shown.get(student, "")), cell(email)
        writer.writerow([*about, scores.get(student, ""), most, cell(f"{student}.zip")])
    return file.getvalue().encode("utf-8", "replace")


def _zip(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(info, data)
    return file.getvalue()


WHERE = {
    "canvas": "in Canvas: the assignment > Upload Submissions",
    "moodle": "in Moodle: the assignment > Upload multiple feedback files in a zip",
    "gradescope": "Gradescope takes no files back: one zip a student, and students.csv to mail them by",
    "folder": "a folder for each student",
}


def lines(done: HandedBack, dry: bool) -> list[str]:
    """What a person reads of it."""
    found = []
    for platform, path in done.files.items():
        found.append(f"{printable(os.fspath(path))}: {several(len(done.students[platform]), 'page')} ({WHERE[platform]}).")
    for word, students in (
        ("collected, and without a page yet (run backprop grade)", done.without),
        ("handed in again since their page was written (run backprop grade)", done.stale),
        ("not collected from there, and not in it", done.elsewhere),
    ):
        if students:
            found.append(f"  {word}: {few([label(one, done.names.get(one)) for one in students])}")
    return found + (["Nothing was written: --dry-run."] if dry else [])
