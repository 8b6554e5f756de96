"""Deadlines: when something is due and was handed in, what being late costs, and that a recount runs nothing."""

import csv
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from test_grading import grade, hand_in_right, pytestmark, records  # noqa: F401

from backprop.course import CourseError
from backprop.grading import deadlines
from backprop.grading.deadlines import Rule
from backprop.grading.timestamp import handed_in, parse
from conftest import NAME, POINTS, run

BERLIN = ZoneInfo("Europe/Berlin")
DUE = f"""
timezone = "Europe/Berlin"
late_days = 1

[{NAME}]
due = 2026-03-01T23:59:00
grace = "15 minutes"
per_day = 10
extensions.cem = "3 days"
"""


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2026-03-01 13:00:00.123456 UTC", "2026-03-01T13:00:00.123456"),
        ("2026-03-01 13:00:00 CET\n", "2026-03-01T12:00:00"),
        ("2026-07-01 13:00:00 CEST", "2026-07-01T11:00:00"),
        ("2026-03-01 13:00:00 America/New_York", "2026-03-01T18:00:00"),
        ("2026-03-01 13:00:00 +0100", "2026-03-01T12:00:00"),
        ("2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00"),
        ("2026-03-01T13:00:00Z", "2026-03-01T13:00:00"),
        ("2026-03-01 13:00:00", "2026-03-01T13:00:00"),
        ("2026-03-01-18-05-33", "2026-03-01T18:05:33"),
        ("2026-03-01-03-04-05", "2026-03-01T03:04:05"),
        ("March 1, 2026 1:00 pm", "2026-03-01T13:00:00"),
        ("Sun, 01 Mar 2026 13:00:00 GMT", "2026-03-01T13:00:00"),
        ("13.12.2026 10:00", "2026-12-13T10:00:00"),
        ("01.01.2026 10:00", "2026-01-01T10:00:00"),
        ("1 Dec 2026 10:00", "2026-12-01T10:00:00"),
        ("2026-12-01 1:00 pm", "2026-12-01T13:00:00"),
        ("2026/12/01 10:00", "2026-12-01T10:00:00"),
        ("10:00 2026-12-01", "2026-12-01T10:00:00"),
        ("01.12.2026 10:00", None),  # dateutil takes it for 12 January
        ("10:00 12/1/2026 +0100", None),
        ("1/12/26 10:00", None),
        ("2026-07-01 13:00:00 NOWHERE", None),  # dateutil takes it for UTC, and warns
        ("12:30", None),  # dateutil takes it for today's
        ("2026-03-01", None),
        ("2026-02-30 12:00:00", None),
        ("0001-01-01 00:00:00 +1000", None),
        ("yesterday", None),
        ("", None),
        ("\x1b[2J", None),
    ],
)
def test_a_time_is_read_as_it_is_meant_or_not_at_all(text, moment):
    assert parse(text, BERLIN) == (moment and datetime.fromisoformat(moment).replace(tzinfo=UTC))


def test_a_time_that_cannot_be_read_is_told(tmp_path):
    for content, says in (
        (b"gestern\x1b[2J", "cannot be understood (gestern\\x1b[2J; 2026-03-01 13:00:00 UTC can)"),
        (b"01.12.2026 10:00", "(01.12.2026 10:00, where the day could be the month; 2026-03-01 13:00:00 UTC can)"),
        (b"\xff\xfe", "is no text"),
        (b"", "is empty"),
        (b"x" * 2000, "no small regular file"),
    ):
        (tmp_path / "timestamp.txt").write_bytes(content)
        moment, trouble = handed_in(tmp_path)
        assert moment is None and says in trouble and "counts as in time" in trouble
    (tmp_path / "timestamp.txt").unlink()
    assert handed_in(tmp_path) == (None, None)
    (tmp_path / "timestamp.txt").symlink_to("/etc/hostname")
    assert "no small regular file" in handed_in(tmp_path)[1]


def days(rule, text, student="ada"):
    return rule.days(student, parse(text, BERLIN))


def test_a_day_ends_at_the_clocks_time_and_its_grace():
    rule = Rule(datetime(2026, 3, 28, 18, tzinfo=BERLIN), timedelta(minutes=10), extensions={"cem": timedelta(days=1)})
    for text, late in (
        ("2026-03-28 18:00:00 CET", 0),
        ("2026-03-28 18:10:00 CET", 0),
        ("2026-03-28 18:10:01 CET", 1),
        ("2026-03-29 18:10:00 CEST", 1),  # 23 hours later: the clocks went forward
        ("2026-03-29 18:10:01 CEST", 2),
        ("2027-03-28 18:00:00 CEST", 365),
        ("2020-01-01 00:00:00 CET", 0),
    ):
        assert days(rule, text) == late, text
    assert days(rule, "2026-03-29 18:00:00 CEST", "cem") == 0 and days(rule, "2026-03-30 18:00:00 CEST", "cem") == 1


def course_with(tmp_path, text, *stamps):
    """A course of two assignments, with this file and these times of one student."""
    for name, stamp in zip(("01-first", "02-second"), (*stamps, None, None)):
        (tmp_path / "solutions" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "solutions" / name / "checks.py").touch()
        if stamp:
            folder = tmp_path / "submitted" / "ada" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "timestamp.txt").write_text(stamp)
    (tmp_path / "deadlines.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_late_days_are_spent_in_the_order_of_the_due_dates(tmp_path):
    text = """
        timezone = "UTC"
        late_days = 3
        [02-second]
        due = 2026-03-08
        per_day = 25
        [01-first]
        due = 2026-03-01T12:00:00
        per_day = 10
        late_days = 2
    """
    root = course_with(tmp_path, text, "2026-03-04 11:00:00 UTC", "2026-03-10 12:00:00 UTC")
    first, second = (deadlines.load(root).late("ada", name)[0] for name in ("01-first", "02-second"))
    assert (first.days, first.free, round(first.share, 9)) == (3, 2, 0.1)
    assert (second.days, second.free, second.share) == (2, 1, 0.25)
    assert (
        first.penalty(13.0) == 1.3
        and first.words(1.3) == "2 days late: 1.3 points off (10 % of the points; 3 days have begun; 2 late days used)"
    )
    (root / "submitted" / "ada" / "01-first" / "timestamp.txt").write_text("2026-03-01 11:00:00 UTC")
    late, _ = deadlines.load(root).late("ada", "02-second")
    assert (late.free, late.share, late.words(0.0)) == (2, 0.0, "36 hours late, at no cost (2 late days used)")


def test_a_penalty_is_never_more_than_there_is(tmp_path):
    root = course_with(tmp_path, "[01-first]\ndue = 2026-03-01T12:00:00Z\nper_day = 30\n", "2026-04-01 12:00:00 UTC")
    late, _ = deadlines.load(root).late("ada", "01-first")
    assert late.share == 1.0 and late.penalty(7.5) == 7.5 and late.penalty(0.0) == 0.0 and late.penalty(-1.0) == 0.0


HEAD = 'timezone = "Europe/Berlin"\n[01-first]\ndue = 2026-03-01T12:00:00\n'


@pytest.mark.parametrize(
    "text, line, says",
    [
        ('timezone = "Berlin"\n', 1, "no time zone that is known"),
        ("late_days = -1\n", 1, "a whole number of days"),
        ("late_day = 1\n", 1, "do you mean late_days?"),
        ("[01-frist]\n", 1, "do you mean 01-first?"),
        ("\n[01-first]\nper_day = 10\n", 2, "has no due"),
        ("[01-first]\ndue = 2026-03-01T12:00:00\n", 2, 'timezone = "Europe/Berlin"'),
        ('[01-first]\ndue = "Sunday"\n', 2, "is no date"),
        ("[01-first]\ndue = 12:00:00\n", 2, "is no date"),
        (HEAD + "grace = 15\n", 4, "minutes, hours, days or weeks"),
        (HEAD + 'grace = "soon"\n', 4, "minutes, hours, days or weeks"),
        (HEAD + "per_day = 110\n", 4, "from 0 to 100"),
        (HEAD + 'per_day = "10%"\n', 4, "from 0 to 100"),
        (HEAD + "per_day = true\n", 4, "from 0 to 100"),
        (HEAD + "perday = 10\n", 4, "do you mean per_day?"),
        (HEAD + "extensions = 3\n", 4, "one a student"),
        (HEAD + 'extensions.ada = "a bit"\n', 4, "minutes, hours, days or weeks"),
        (HEAD + "extensions.ada = 2026-02-01\n", 4, "ends before"),
        (HEAD + 'extensions.ada.l = "3 days"\n', 4, "stands in quotes"),
        (HEAD + '[01-first.extensions]\nben = "3 days"\nada = 2\n', 6, "is no date"),
        (HEAD + "[02-second]\ndue = 2026-03-08\nper_day = 200\n", 6, "from 0 to 100"),
        (HEAD + "grace = 15 minutes\n", 4, "A text stands in quotes"),
        (HEAD + 'extensions.ada@uni = "3 days"\n', 4, "stands in quotes"),
        ("01-first = 3\n", 1, "is a table"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(tmp_path, text, line, says):
    with pytest.raises(CourseError) as error:
        deadlines.load(course_with(tmp_path, text))
    assert says in str(error.value) and f"line {line}" in str(error.value), str(error.value)


def test_without_a_file_nothing_is_due(tmp_path):
    assert deadlines.load(tmp_path).rules == {}


def stamp(root, student, text):
    (root / "submitted" / student / NAME / "timestamp.txt").write_text(text)


def without_results(root):
    """So that whatever were run would leave something behind."""
    shutil.rmtree(root / ".backprop" / "results")
    return lambda: list((root / ".backprop" / "results" / NAME).iterdir())


def test_a_date_that_moves_is_a_recount_by_both_commands(course):
    """Today's dates count at the next grading, for all of nbgrader's tables and pages, and no code is run for it."""
    hand_in_right(course, "ada", "ben", "cem", "dan", "eve")
    stamp(course, "ada", "2026-03-01 23:10:00 UTC")  # within the grace
    stamp(course, "ben", "2026-03-03 21:00:00 UTC")  # two days, one of them free
    stamp(course, "cem", "2026-03-04 12:00:00 UTC")  # has three days more
    stamp(course, "dan", "sometime")
    (course / "deadlines.toml").write_text(DUE)
    lines = grade(course)
    off = round(POINTS * 0.1, 2)
    assert {s: round(POINTS - line["score"], 6) for s, line in lines.items()} == {
        "ada": 0,
        "ben": off,
        "cem": 0,
        "dan": 0,
        "eve": 0,
    }
    assert (
        lines["ben"]["late"]["says"]
        == f"46 hours late: {off:g} points off (10 % of the points; 2 days have begun; 1 late day used)"
    )
    assert (
        "cannot be understood (sometime; 2026-03-01 13:00:00 UTC can)" in lines["dan"]["notes"][0]
        and "is missing" in lines["eve"]["notes"][0]
    )
    assert lines["ada"]["notes"] == lines["ben"]["notes"] == []
    page = (course / "feedback" / "ben" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert lines["ben"]["late"]["says"] in page and "due 2026-03-01 23:59 UTC+01:00" in page
    assert lines["ben"]["late"]["says"] in (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    table = list(csv.DictReader((course / "reports" / f"{NAME}.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["student"]: float(row["penalty"]) for row in table} == {**dict.fromkeys(lines, 0.0), "ben": off}

    stand, left = records(course), without_results(course)
    assert grade(course) == lines and left() == []
    (course / "deadlines.toml").write_text(DUE.replace("03-01T", "03-02T").replace('"3 days"', '"1 day"'))
    moved = grade(course)
    assert left() == [], "nothing is run"
    assert {s: round(POINTS - line["score"], 6) for s, line in moved.items()} == {"ada": 0, "ben": 0, "cem": 0, "dan": 0, "eve": 0}
    assert moved["ben"]["late"]["says"] == "22 hours late, at no cost (1 late day used)"
    (course / "deadlines.toml").write_text(DUE.replace("late_days = 1", ""))
    moved = grade(course)
    assert left() == [] and moved["ben"]["late"]["penalty"] == pytest.approx(POINTS * 0.2)

    (course / "deadlines.toml").write_text(DUE)
    pages = {p: p.read_text() for p in sorted((course / "feedback").rglob("*.html"))}
    stamp(course, "dan", "2026-03-01 12:00:00 UTC")  # which ends nbgrader's whole run where it cannot be understood
    run("nbgrader", "autograde", NAME, "--force", cwd=course)
    assert [records(course)[n] for n in (2, 3, 4)] == [stand[n] for n in (2, 3, 4)], "penalties, points and comments"
    lines = grade(course)
    plain = records(course)
    pages = {p: p.read_text() for p in sorted((course / "feedback").rglob("*.html"))}
    run("nbgrader", "autograde", NAME, "--force", cwd=course)
    assert records(course) == plain
    run("nbgrader", "generate_feedback", NAME, "--force", cwd=course)
    assert {p: p.read_text() for p in pages} == pages
    assert grade(course) == lines


def test_nbgraders_own_due_date_is_followed_too(course):
    """An assignment that does not stand in the file: its date was moved, and the old penalty had stayed until --force."""
    path = course / "nbgrader_config.py"
    path.write_text(path.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    hand_in_right(course, "ada")
    stamp(course, "ada", "2026-03-01 13:00:00 UTC")
    scores = []
    for due in ("2026-03-01", "2026-03-02", "2026-02-01"):
        run("nbgrader", "db", "assignment", "add", NAME, "--duedate", f"{due} 12:00:00 UTC", cwd=course)
        line = grade(course)["ada"]
        scores.append((line["score"], line["late"]["says"]))
    assert scores == [(0, f"1 hour late: {POINTS:g} points off"), (POINTS, ""), (0, f"28 days late: {POINTS:g} points off")]


def change(root, statement, *values):
    with sqlite3.connect(root / "gradebook.db") as db:
        assert db.execute(statement, values).rowcount == 1


ONE = (
    "WHERE cell_id = (SELECT id FROM base_cell WHERE name = ?) AND notebook_id = (SELECT sn.id FROM submitted_notebook AS sn "
    "JOIN submitted_assignment AS sa ON sn.assignment_id = sa.id WHERE sa.student_id = ?)"
)


def test_what_formgrader_writes_is_on_the_page_without_a_run(course):
    """A comment, points by hand, a name: at the next grading they are on page and report, and nothing is to be looked at again."""
    hand_in_right(course, "ada", "ben")
    stamp(course, "ada", "2026-03-02 12:00:00 UTC")
    stamp(course, "ben", "2026-03-01 12:00:00 UTC")
    (course / "deadlines.toml").write_text(DUE.replace("late_days = 1", ""))
    before = grade(course)
    left = without_results(course)
    page = course / "feedback" / "ada" / NAME / f"{NAME}.html"
    others = (course / "feedback" / "ben" / NAME / f"{NAME}.html").stat().st_mtime_ns
    change(course, f"UPDATE comment SET manual_comment = 'Well <b>put</b>' {ONE}", "relu", "ada")
    lines = grade(course)
    assert lines == before and "Well &lt;b&gt;put&lt;/b&gt;" in page.read_text(encoding="utf-8")
    change(course, f"UPDATE grade SET manual_score = 0.5, needs_manual_grade = 0 {ONE}", "check_relu", "ada")
    change(course, "UPDATE student SET first_name = 'Ada <i>', last_name = 'Lovelace' WHERE id = 'ada'")
    line = grade(course)["ada"]
    assert line["exercises"]["relu"]["points"] == 0.5 and line["exercises"]["relu"]["automatic"] == 1.0
    assert line["score"] == pytest.approx((POINTS - 0.5) * 0.9), "what being late costs follows the points"
    assert "Ada &lt;i&gt; Lovelace" in page.read_text(encoding="utf-8")
    with sqlite3.connect(course / "gradebook.db") as db:
        assert db.execute("SELECT count(*) FROM grade WHERE needs_manual_grade").fetchone() == (0,)
    report = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert "by hand; 1 by the checks" in report
    table = list(csv.DictReader((course / "reports" / f"{NAME}.csv").read_text(encoding="utf-8").splitlines()))
    assert [(r["points"], r["automatic"]) for r in table if (r["student"], r["exercise"]) == ("ada", "relu")] == [("0.5", "1.0")]
    assert left() == [] and (course / "feedback" / "ben" / NAME / f"{NAME}.html").stat().st_mtime_ns == others


def test_a_mistake_in_the_file_changes_nothing(course):
    hand_in_right(course, "ada")
    (course / "deadlines.toml").write_text(DUE.replace("10", '"ten"'))
    done = grade(course, ok=False)
    assert done.returncode == 1 and "line 8" in done.stderr and "from 0 to 100" in done.stderr and "Traceback" not in done.stderr
    assert not (course / "autograded").exists()


def test_an_extension_for_nobody_is_told(course):
    hand_in_right(course, "ada")
    (course / "deadlines.toml").write_text(DUE)
    done = run("backprop", "grade", NAME, "--workers", "1", cwd=course)
    assert (
        "deadlines.toml: extensions for cem: no student of that id. Ids are the names of the folders in submitted/" in done.stderr
    )
    (course / "submitted" / "cem").mkdir()  # who has handed in nothing yet
    assert deadlines.load(course).unknown(NAME, ["ada"]) is None


def test_a_page_of_what_cannot_be_read_ends_its_sentences_once(course):
    """Jupyter.. was said."""
    hand_in_right(course, "ada")
    (course / "submitted" / "ada" / NAME / f"{NAME}.ipynb").write_bytes(b"")
    grade(course)
    page = (course / "feedback" / "ada" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Save it again from Jupyter." in page and "Jupyter.." not in page


def test_the_example_in_the_docstring_is_one(tmp_path):
    block = deadlines.__doc__.split("::\n")[1].split("\nA day late")[0]
    text = "\n".join(line.removeprefix("    ") for line in block.splitlines()).replace(NAME, "01-first")
    rule = deadlines.load(course_with(tmp_path, text)).rules["01-first"]
    assert rule.per_day == 0.1 and rule.late_days == 2 and rule.grace == timedelta(minutes=15) and len(rule.extensions) == 2
