"""Grading a class: nbgrader's own commands, `backprop grade`, and that both say the same."""

import contextlib
import csv
import dataclasses
import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Executor
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from backprop import __main__ as command_line
from backprop import notebook
from backprop.book import build
from backprop.checking import answers
from backprop.checking.judge import judge
from backprop.course import Chapter, CourseError
from backprop.grading import classroom, read
from backprop.grading.graded import Graded, collapsed
from backprop.grading.lock import only_one
from backprop.grading.pool import ready
from backprop.grading.sandbox import LIMITS
from conftest import CHECKS, NAME, POINTS, ROOT, copy_course, once, run

pytestmark = pytest.mark.skipif(not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed")


def simulate(root, students, seed=1):
    chapter = Chapter(root, NAME)
    template = notebook.read(root / "exercises" / NAME / f"{NAME}.ipynb")
    simulated = classroom.simulate(chapter, template, students, np.random.default_rng(seed))
    classroom.write(root, NAME, simulated)
    return chapter, simulated


def grade(root, *options, ok=True, **more):
    """By student, the lines of a class graded by one process: more would only start while others test."""
    done = run("backprop", "grade", NAME, "--json", "--workers", "1", *options, cwd=root, ok=ok, **more)
    return {line["student"]: line for line in map(json.loads, done.stdout.splitlines())} if ok else done


def untimed(lines):
    """Lines by student, but for when they were graded."""
    return {line["student"]: {**line, "receipt": {**line["receipt"], "graded": None}} for line in lines}


def configure(root, text):
    """Add lines to nbgrader's configuration."""
    path = root / "nbgrader_config.py"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def gradebook(root):
    with sqlite3.connect(root / "gradebook.db") as db:
        return db.execute(
            "SELECT submitted_assignment.student_id, grade_cell.id IS NULL, base_cell.name, grade.auto_score, grade.manual_score, "
            "grade.needs_manual_grade FROM grade JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
            "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
            "JOIN base_cell ON grade.cell_id = base_cell.id LEFT JOIN grade_cells AS grade_cell ON grade_cell.id = base_cell.id "
            "ORDER BY 1, 3"
        ).fetchall()


def records(root):
    """All that a gradebook holds of submissions, but the ids that it makes up."""
    students = (
        "JOIN submitted_notebook AS sn ON {0}.notebook_id = sn.id JOIN submitted_assignment AS sa ON sn.assignment_id = sa.id "
        "JOIN base_cell ON {0}.cell_id = base_cell.id ORDER BY sa.student_id, base_cell.name"
    )
    with sqlite3.connect(root / "gradebook.db") as db:
        return [
            db.execute(query).fetchall()
            for query in (
                "SELECT * FROM student ORDER BY id",
                "SELECT a.name, student_id, timestamp, extension FROM submitted_assignment AS s "
                "JOIN assignment AS a ON s.assignment_id = a.id ORDER BY student_id",
                "SELECT student_id, n.name, flagged, late_submission_penalty FROM submitted_notebook AS s JOIN notebook AS n "
                "ON s.notebook_id = n.id JOIN submitted_assignment AS sa ON s.assignment_id = sa.id ORDER BY student_id",
                "SELECT student_id, name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade "
                + students.format("grade"),
                "SELECT student_id, name, auto_comment, manual_comment FROM comment " + students.format("comment"),
            )
        ]


def test_twenty_students_get_what_their_mistakes_deserve(course):
    chapter, simulated = simulate(course, 20)
    lines = grade(course, "--workers", "2")
    assert len(lines) == 20
    for one in simulated:
        got = lines[one.student]["exercises"]
        for exercise in chapter.exercises:
            why, found = one.answers[exercise.name], got[exercise.name]
            if why == "right" or why.startswith("style: "):
                upstream = [u for u in exercise.uses if one.answers[u] not in ("right",) and not one.answers[u].startswith("style")]
                assert found["points"] == exercise.max_points or upstream, (one.student, exercise.name, found)
            elif why == "untouched":
                assert found["points"] == 0 and found["diagnoses"] == []
            else:
                assert found["points"] < exercise.max_points
                cases = exercise.cases((0,))
                expected = answers.call(exercise, chapter.reference[exercise.name], cases)
                mistake = next(m for m in chapter.mistakes(exercise.name) if m.id == why)
                given = answers.call(exercise, chapter.mistaken(exercise.name, mistake), cases)
                deserved = judge(exercise, cases, expected, given).points
                broken = [u for u in exercise.uses if one.answers[u] != "right" and not one.answers[u].startswith("style")]
                if not broken:
                    assert found["diagnoses"] == [why] and found["points"] == deserved, (one.student, why, found)
        assert lines[one.student]["score"] == sum(e["points"] for e in got.values())


def test_nbgraders_own_commands_work_and_agree(bare_course):
    """generate_assignment, validate, autograde, generate_feedback, export, zip_collect: from the root, as documented."""
    simulate(bare_course, 4)
    (bare_course / "submitted" / "student-0002" / NAME / "timestamp.txt").write_text("2026-02-02 12:00:00.5 CET")
    shutil.copy(bare_course / "exercises" / NAME / f"{NAME}.ipynb", bare_course / "submitted" / "student-0003" / NAME)
    run("nbgrader", "generate_assignment", NAME, "--force", cwd=bare_course)
    released = notebook.read(bare_course / "exercises" / NAME / f"{NAME}.ipynb")
    assert notebook.dumps(released) == (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    done = run("nbgrader", "validate", f"exercises/{NAME}/{NAME}.ipynb", cwd=bare_course)
    assert "not attempted yet" in done.stdout + done.stderr
    run("nbgrader", "autograde", NAME, cwd=bare_course)
    plain = records(bare_course)
    assert len(plain[3]) == 4 * CHECKS and {row[2] for row in plain[4]} >= {None, "No response."}
    pages = {p: p.read_text() for p in sorted((bare_course / "autograded").rglob("*.ipynb"))}
    run("nbgrader", "generate_feedback", NAME, cwd=bare_course)
    feedback = {p: p.read_text() for p in sorted((bare_course / "feedback").rglob("*.html"))}
    assert len(feedback) == 4
    run("nbgrader", "export", cwd=bare_course)
    rows = list(csv.DictReader((bare_course / "grades.csv").read_text().splitlines()))
    assert {row["student_id"] for row in rows} == {f"student-{i:04d}" for i in range(1, 5)}

    shutil.rmtree(bare_course / "autograded")
    shutil.rmtree(bare_course / "feedback")
    (bare_course / "gradebook.db").unlink()
    lines = grade(bare_course)
    assert records(bare_course) == plain
    run("nbgrader", "autograde", NAME, "--force", cwd=bare_course)
    assert records(bare_course) == plain, "and what stands there is no hindrance"
    grade(bare_course, "--force")
    assert records(bare_course) == plain
    assert {row["student_id"]: float(row["score"]) for row in rows} == {s: line["score"] for s, line in lines.items()}
    assert {p: p.read_text() for p in sorted((bare_course / "autograded").rglob("*.ipynb"))} == pages
    assert {p: p.read_text() for p in feedback} == feedback


def test_zip_collect_brings_submissions_in(course):
    import zipfile

    archive = course / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "all.zip", "w") as bundle:
        for student, time in (("ada", "03-04-05"), ("bob", "12-30-00"), ("eve", "18-05-33"), ("joe", "99-99-99")):
            bundle.write(ROOT / "solutions" / NAME / f"{NAME}.ipynb", f"{student}_attempt_2026-01-02-{time}_{NAME}.ipynb")
    configure(
        course,
        "\nc.FileNameCollectorPlugin.named_regexp = r'.*?(?P<student_id>[a-z]+)_attempt_(?P<timestamp>[0-9\\-]+)_(?P<file_id>.+)\\.ipynb$'\n",
    )
    run("nbgrader", "zip_collect", NAME, "--force", cwd=course)
    stamps = {path.parent.parent.name: path.read_text() for path in course.glob(f"submitted/*/{NAME}/timestamp.txt")}
    assert stamps == {
        student: f"2026-01-02 {time}" for student, time in (("ada", "03:04:05"), ("bob", "12:30:00"), ("eve", "18:05:33"))
    }
    assert (course / "submitted" / "joe" / NAME / f"{NAME}.ipynb").exists()
    assert grade(course)["ada"]["score"] == POINTS


def test_same_key_same_score_other_key_other_numbers(course):
    simulate(course, 3)
    first = grade(course)
    assert grade(course, "--force") == first
    run("backprop", "key", "--rotate", cwd=course)
    assert {s: line["score"] for s, line in grade(course).items()} == {s: line["score"] for s, line in first.items()}


def test_unchanged_submissions_are_left_alone_and_changed_ones_graded_again(course):
    _chapter, simulated = simulate(course, 4)
    first = grade(course)
    stamps = {p: p.stat().st_mtime_ns for p in (course / "autograded").rglob("*.ipynb")}
    assert grade(course) == first
    assert {p: p.stat().st_mtime_ns for p in (course / "autograded").rglob("*.ipynb")} == stamps
    one = simulated[0].student
    path = course / "submitted" / one / NAME / f"{NAME}.ipynb"
    shutil.copy(course / "exercises" / NAME / f"{NAME}.ipynb", path)
    again = grade(course)
    assert again[one]["score"] == 0 and {s: v for s, v in again.items() if s != one} == {s: v for s, v in first.items() if s != one}
    changed = {p for p, stamp in stamps.items() if p.stat().st_mtime_ns != stamp}
    assert changed == {course / "autograded" / one / NAME / f"{NAME}.ipynb"}


def test_a_lost_gradebook_is_filled_again(course):
    simulate(course, 3)
    first = grade(course)
    (course / "gradebook.db").unlink()
    assert grade(course) == first
    assert len(gradebook(course)) == 3 * CHECKS


def test_manual_grades_survive_grading_again(course):
    simulate(course, 2)
    grade(course)
    with sqlite3.connect(course / "gradebook.db") as db:
        db.execute("UPDATE grade SET manual_score = 0.5 WHERE id = (SELECT id FROM grade LIMIT 1)")
    grade(course, "--force")
    assert [row[4] for row in gradebook(course)].count(0.5) == 1


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A class of 24 with its key, and what one run that nobody kills makes of it."""

    def make(folder):
        root = copy_course(folder)
        simulate(root, 24)
        done = run("backprop", "grade", NAME, "--json", cwd=root, env={**os.environ, "BACKPROP_KEY": str(root / "key")})
        (root / "lines.json").write_text(json.dumps(done.stdout.splitlines()))

    return once(tmp_path_factory, "undisturbed", make)


@pytest.mark.parametrize("after", [1.5, 3.0, 4.5])
def test_a_killed_run_resumes_with_the_same_scores(course, undisturbed, after):
    shutil.copytree(undisturbed / "submitted", course / "submitted")
    shutil.copy(undisturbed / "key", os.environ["BACKPROP_KEY"])
    process = subprocess.Popen(
        [sys.executable, "-m", "backprop", "grade", NAME, "--json"],
        cwd=course,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    resumed = grade(course)
    rows = gradebook(course)
    assert len(rows) == 24 * CHECKS and None not in [row[3] for row in rows]
    with sqlite3.connect(course / "gradebook.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    lines = map(json.loads, json.loads((undisturbed / "lines.json").read_text()))
    assert untimed(resumed.values()) == untimed(lines)


def test_ctrl_c_says_what_was_finished(course):
    simulate(course, 30)
    # A shell that starts the tests in the background has them ignore Ctrl-C, and what they start inherits that.
    process = subprocess.Popen(
        [sys.executable, "-m", "backprop", "grade", NAME],
        cwd=course,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for _ in range(200):
        time.sleep(0.05)
        if list((course / ".backprop").glob("graded/*/*.json")):
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "submissions are graded and in the gradebook" in errors and "Traceback" not in errors
    assert len(grade(course)) == 30


def test_a_second_grader_waits_and_says_so(course):
    simulate(course, 6)
    with only_one(course):
        process = subprocess.Popen(
            [sys.executable, "-m", "backprop", "grade", NAME, "--json"],
            cwd=course,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert select.select([process.stderr], [], [], 60)[0], "it waits and says nothing"
        assert f"process {os.getpid()}" in process.stderr.readline()
        time.sleep(0.5)
        assert process.poll() is None and not (course / "autograded").exists()
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0 and len(out.splitlines()) == 6


@pytest.mark.parametrize(
    "words, says",
    [
        (["grade", "99-nothing"], "There is no assignment '99-nothing'"),
        (["grade", NAME], "There is no"),
        (["report", NAME], "has not been graded yet"),
        (["class", "99-nothing"], "There is no assignment"),
        (["release", "99-nothing"], "There is no assignment"),
        (["check", "nowhere.ipynb"], "cannot be read"),
        (["tidy", "LICENSE"], "not valid JSON"),
        (["grade", NAME, "--workers", "0"], "Invalid value"),
        (["where", "99-nothing"], "There is no assignment"),
    ],
)
def test_a_users_mistake_is_one_clear_line(course, words, says):
    done = run("backprop", *words, cwd=course, ok=False)
    assert done.returncode != 0 and says in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words, missing",
    [
        (["release", NAME], "nbgrader"),
        (["grade", NAME, "--db", "mysql://localhost/none"], "MySQLdb"),
    ],
)
def test_a_package_that_is_not_installed_is_named_in_one_line(course, words, missing):
    """As on a student's installation, which has neither nbgrader nor Jupyter Book nor a database's driver."""
    simulate(course, 1)
    start = f"import sys; sys.modules[{missing!r}] = None; from backprop.__main__ import main; main({words!r})"
    done = subprocess.run([sys.executable, "-c", start], cwd=course, capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and f"needs {missing}" in done.stderr and "requirements.txt" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_where_names_only_what_is_there(bare_course):
    said = run("backprop", "where", NAME, cwd=bare_course).stdout
    assert said.count("none yet") == 3 and f"backprop grade {NAME}" in said


def test_the_summary_counts_and_names_what_was_not_graded(course):
    simulate(course, 2)
    submitted = course / "submitted"
    for folder in ("ada", "bob/07-backwards-propagation", f"cem/{NAME}"):
        (submitted / folder).mkdir(parents=True)
    (submitted / "dan.ipynb").write_text("{}")
    done = run("backprop", "grade", NAME, cwd=course)
    assert "3 submissions: 2 graded, 1 missing." in done.stdout
    assert f"for want of a folder {NAME}: ada, bob, dan.ipynb, in" in done.stderr


def hand_in_right(root, *students):
    for student in students:
        folder = root / "submitted" / student / NAME
        shutil.copytree(root / "solutions" / NAME, folder, ignore=shutil.ignore_patterns("*.py", "*.json", "__pycache__"))


def test_names_in_the_summary_are_shown_as_they_are(course):
    """What rich takes for markup or an emoji is part of a name; what a terminal takes for an order is written out."""
    hand_in_right(course, "[red]ada", "\x1b[31mbob", ":bomb:")
    (course / "submitted" / "cem" / NAME).mkdir(parents=True)
    (course / "submitted" / "cem" / NAME / "\x1b[2J[blue].ipynb").touch()
    (course / "submitted" / "\x1b[2Jdan").mkdir()
    done = run("backprop", "grade", NAME, cwd=course, env={**os.environ, "COLUMNS": "200"})
    for shown in ("[red]ada", "\\x1b[31mbob", ":bomb:", "there is \\x1b[2J[blue].ipynb"):
        assert shown in done.stdout, done.stdout
    assert "\\x1b[2Jdan" in done.stderr
    assert "\x1b[31m" not in done.stdout and "\x1b[2J" not in done.stdout + done.stderr


def test_hidden_folders_are_no_students(course):
    """As for nbgrader: a file manager's or Jupyter's own folder holds a copy of a notebook, not a submission."""
    hand_in_right(course, "ada", ".ipynb_checkpoints")
    assert list(grade(course)) == ["ada"]


def test_a_students_folder_that_is_a_link_is_not_followed(course):
    """Neither by `backprop grade` nor by nbgrader: another's work earns nothing, and stays where it is."""
    hand_in_right(course, "ada")
    ada = course / "submitted" / "ada" / NAME
    (ada / "notes.txt").write_text("ada's")
    (ada / "timestamp.txt").write_text("2026-02-02 12:00:00 UTC")
    alone = grade(course)
    (course / "submitted" / "eve").symlink_to("ada")
    before = {p: p.read_bytes() for p in ada.iterdir()}
    lines = grade(course)
    assert lines["ada"] == alone["ada"] and lines["ada"]["score"] == POINTS
    assert lines["eve"]["status"] == "unreadable" and lines["eve"]["score"] == 0
    assert lines["eve"]["notes"] == ["the student's folder is a link to somewhere else, and is not followed"]
    assert not (course / "autograded" / "eve" / NAME / "notes.txt").exists()
    assert "is a link" in (course / "feedback" / "eve" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    with sqlite3.connect(course / "gradebook.db") as db:
        assert db.execute("SELECT student_id FROM submitted_assignment WHERE timestamp IS NOT NULL").fetchall() == [("ada",)]

    shutil.rmtree(course / "autograded")
    done = run("nbgrader", "autograde", NAME, cwd=course, ok=False)
    assert "is a link" in done.stdout + done.stderr
    assert (course / "autograded" / "ada" / NAME / f"{NAME}.ipynb").exists()
    assert not (course / "autograded" / "eve" / NAME).exists()
    assert sum(row[3] or 0 for row in gradebook(course)) == POINTS
    assert {p: p.read_bytes() for p in ada.iterdir()} == before


def test_notes_that_repeat_are_told_once(course):
    notes = ["cell 2 ended", "missing: relu", "cell 2 ended", "cell 2 ended"]
    assert collapsed(notes) == ["cell 2 ended, 3 times", "missing: relu"]
    hand_in_right(course, "ada")
    path = course / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    nb = notebook.read(path)
    relu = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "relu")
    nb.cells += [relu] * 3
    path.write_text(json.dumps(nb), encoding="utf-8")
    assert grade(course)["ada"]["notes"] == ["there twice: relu (4 times)"]


def test_the_progress_line_counts_as_failed_what_the_judge_failed_on():
    with command_line._progress(4, quiet=True) as step:
        for status in ("graded", "unreadable", "missing", "unreadable"):
            step(Graded("ada", 0.0, 13.0, status), False)
        assert step.bar.tasks[0].fields["others"] == "2 unreadable, 1 missing, 0 failed"
        step(Graded("ada", 0.0, 13.0, "failed"), False)
        assert "1 failed" in step.bar.tasks[0].fields["others"]


def test_files_beside_a_notebook_are_copied_within_limits(course):
    """Thousands, or some gigabytes, would fill autograded/: one note says what is not there, and the marks are what they are."""
    hand_in_right(course, "few", "large", "many", "together")
    for student, files in {"few": [9], "large": [11, 9], "many": [1] * 5, "together": [9, 9, 9]}.items():
        for number, size in enumerate(files):
            (course / "submitted" / student / NAME / f"{number}.bin").write_bytes(bytes(size))
    configure(course, '\nc.Examine.limits = {"attached": (10, 3, 20)}\n')
    found = grade(course)
    assert [line["score"] for line in found.values()] == [POINTS] * 4
    assert {s: [note.split(" (")[0] for note in line["notes"]] for s, line in found.items()} == {
        "few": [],
        "large": ["not copied: 0.bin"],
        "many": ["not copied: 3.bin, 4.bin"],
        "together": ["not copied: 2.bin"],
    }
    copied = {s: sorted(p.name for p in (course / "autograded" / s / NAME).glob("*.bin")) for s in found}
    assert copied == {"few": ["0.bin"], "large": ["1.bin"], "many": ["0.bin", "1.bin", "2.bin"], "together": ["0.bin", "1.bin"]}


def test_thousands_of_files_beside_a_notebook_are_no_burden(tmp_path, monkeypatch):
    """nbgrader's own search lists the folder again for each file in it: the time grew with the square of their number."""
    for number in range(6000):
        (tmp_path / f"{number}.txt").touch()
    listed, scan = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: listed.append(path) or scan(path))
    kept, left = read.beside(tmp_path, (), LIMITS)
    assert len(kept) == 100 and "and 5897 more" in read.left_out(left, LIMITS)[0]
    assert len(listed) == 1


def test_plain_nbgrader_hands_on_the_files_that_the_courses_limits_allow(course, monkeypatch):
    """It had the limits of a course that sets none."""
    from backprop.grading import nbgrader

    folder, given = course / "submitted" / "ada" / NAME, []
    shutil.copytree(course / "exercises" / NAME, folder)
    (folder / "helpers.py").write_text("x = 1\n")
    (folder / "table.csv").write_text("x" * 100)
    limits = dataclasses.replace(LIMITS, beside=(10, 20, 100))
    record = {"notes": [], "cells": {}, "exercises": {}, "time": "2026-03-01T12:00:00+00:00"}
    store = SimpleNamespace(limits=limits, of=lambda student, code: given.append(code[2]) or record, receipt=lambda *_: {})
    monkeypatch.setattr(nbgrader, "examined", lambda *_: store)
    monkeypatch.chdir(course)
    nb = notebook.read(folder / f"{NAME}.ipynb")
    nbgrader.Examine().preprocess(nb, {"nbgrader": {"student": "ada", "assignment": NAME}})
    assert given == [{"helpers.py": b"x = 1\n"}]


def test_what_is_noted_stays_noted(course):
    hand_in_right(course, "ada", "bob")
    path = course / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    nb = notebook.read(path)
    nb.cells.append(nbformat.v4.new_code_cell("import os\nos._exit(0)"))
    path.write_text(json.dumps(nb), encoding="utf-8")
    first = grade(course)
    (noted,) = first["ada"]["notes"]
    assert (
        noted.startswith("cell ")
        and noted.endswith(" ended")
        and first["bob"]["notes"] == []
        and first["ada"]["score"] == first["bob"]["score"] == POINTS
    )
    page = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert noted in page.split('id="look"')[1].split("</section>")[0]
    assert grade(course) == first
    shutil.rmtree(course / ".backprop" / "graded")  # then what was examined is recorded again
    assert grade(course) == first
    assert grade(course, "--force") == first


def test_a_port_that_is_taken_is_one_clear_line():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CourseError, match=r"cannot be had.*--port"):
        build.serve(ROOT, taken.getsockname()[1])


def test_a_course_that_cannot_be_written_is_one_clear_line(bare_course):
    simulate(bare_course, 1)
    (bare_course / ".backprop").write_text("in the way")
    done = grade(bare_course, ok=False)
    assert done.returncode == 1 and "cannot be read or written" in done.stderr and "Traceback" not in done.stderr
    assert not (bare_course / "gradebook.db").exists()


def test_outside_of_a_course_it_says_so(tmp_path):
    done = run("backprop", "grade", NAME, cwd=tmp_path, ok=False)
    assert done.returncode != 0 and "not inside a course" in done.stderr and "Traceback" not in done.stderr


def test_without_bubblewrap_it_refuses_with_one_line(bare_course, tmp_path):
    simulate(bare_course, 2)
    done = run("backprop", "grade", NAME, cwd=bare_course, ok=False, env={**os.environ, "PATH": str(tmp_path)})
    assert done.returncode != 0 and "apt install bubblewrap" in done.stderr and "--unsandboxed" in done.stderr
    assert "Traceback" not in done.stderr and not (bare_course / "gradebook.db").exists()


def test_a_student_needs_nothing_that_only_linux_has():
    """Where there is no fcntl and no resource, as on Windows, a notebook is checked all the same, and grading says why not."""
    path = str(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    start = "import sys; sys.modules['fcntl'] = sys.modules['resource'] = None; from backprop.__main__ import main; sys.platform = 'win32'; "
    for words, says in ((["check", path], "relu: 0 of 1 points. Not attempted yet"), (["grade", NAME], "WSL 2")):
        done = subprocess.run([sys.executable, "-c", f"{start}main({words!r})"], cwd=ROOT, capture_output=True, encoding="utf-8")
        assert done.returncode == 1 and says in done.stdout + done.stderr and "Traceback" not in done.stderr, done.stderr


def test_every_command_has_help():
    listing = run("backprop", "--help", cwd=ROOT).stdout
    for command in ("book", "release", "check", "class", "grade", "report", "key", "tidy"):
        assert command in listing
        assert "Usage:" in run("backprop", command, "--help", cwd=ROOT).stdout


def test_the_gradebook_learns_of_a_changed_assignment(course):
    """Points can change after the first grading; cells cannot, says nbgrader: then there is one clear line, not half a gradebook."""
    simulate(course, 2)
    (before,) = {line["max_score"] for line in grade(course).values()}
    checks, solution = course / "solutions" / NAME / "checks.py", course / "solutions" / NAME / f"{NAME}.ipynb"
    was = checks.read_text(encoding="utf-8")
    assert "network.relu(1)" in was
    checks.write_text(was.replace("network.relu(1)", "network.relu(3)"), encoding="utf-8")
    run("backprop", "release", NAME, cwd=course)
    assert {line["max_score"] for line in grade(course, "--force").values()} == {before + 2}
    run("nbgrader", "export", cwd=course)
    assert {row["max_score"] for row in csv.DictReader((course / "grades.csv").read_text().splitlines())} == {str(before + 2)}

    nb = notebook.read(solution)
    nb.cells.insert(1, nbformat.v4.new_code_cell("print('a locked cell more')"))
    solution.write_text(notebook.dumps(nb), encoding="utf-8")
    run("backprop", "release", NAME, cwd=course)
    done = grade(course, ok=False)
    assert done.returncode == 1 and "nbgrader db assignment remove" in done.stderr and "Traceback" not in done.stderr
    run("nbgrader", "db", "assignment", "remove", NAME, "--force", cwd=course)
    assert len(grade(course)) == 2


def test_late_submissions_keep_nbgraders_penalties(course):
    _, simulated = simulate(course, 1)
    configure(course, "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    folder = course / "submitted" / simulated[0].student / NAME
    shutil.copy(course / "solutions" / NAME / f"{NAME}.ipynb", folder / f"{NAME}.ipynb")
    (folder / "timestamp.txt").write_text("2026-02-02 12:00:00 UTC")
    run("nbgrader", "db", "assignment", "add", NAME, "--duedate", "2026-02-01 12:00:00 UTC", cwd=course)
    assert grade(course)[simulated[0].student]["score"] == 0


def test_key_that_others_can_read_is_refused(course, tmp_path):
    simulate(course, 1)
    grade(course)
    (tmp_path / "key").chmod(0o644)
    done = grade(course, ok=False)
    assert done.returncode != 0 and "chmod 600" in done.stderr


def test_find_root_names_the_problem(tmp_path):
    from backprop.course import find_root

    with pytest.raises(CourseError, match="not inside a course"):
        find_root(tmp_path)


def test_a_fault_of_the_judge_costs_nobody_else(course, monkeypatch):
    """One examination fails in a way that nobody foresaw: that one is named and left alone, the others are graded."""
    from backprop.grading import run as grading

    _, simulated = simulate(course, 3)
    monkeypatch.setattr(grading, "examine_elsewhere", examine_but_fail_on_the_second)
    monkeypatch.chdir(course)
    found = {one.student: one for one in grading.Grading(course, NAME, workers=1, scheduler=None).run()}
    second = simulated[1].student
    assert found[second].status == "failed" and "no fault of the student's" in found[second].notes[0]
    assert second not in {row[0] for row in gradebook(course)} and len({row[0] for row in gradebook(course)}) == 2
    monkeypatch.undo()
    assert grade(course)[second]["status"] == "graded"


def test_what_one_submission_takes_back_is_its_own(course, monkeypatch):
    """Several share a commit: the gradebook's refusal of one must leave those before and after it as they are."""
    from backprop.grading import run as grading
    from backprop.grading.record import Recorder

    simulate(course, 12)
    monkeypatch.chdir(course)
    write, commits = Recorder._write_scores, []

    def refuse_some(self, student, *more):
        total = write(self, student, *more)
        if student.endswith(("3", "7")):
            self.gradebook.add_student(student)  # once more
        return total

    monkeypatch.setattr(Recorder, "_write_scores", refuse_some)
    monkeypatch.setattr(Recorder, "commit", lambda self, commit=Recorder.commit: (commits.append(1), commit(self)))
    found = {one.student: one.status for one in grading.Grading(course, NAME, workers=1, scheduler=None).run()}
    assert [student for student, status in found.items() if status == "failed"] == ["student-0003", "student-0007"]
    assert {row[0] for row in gradebook(course)} >= {student for student, status in found.items() if status == "graded"}
    commits.clear()
    monkeypatch.setattr(Recorder, "_write_scores", write)
    monkeypatch.setattr(grading, "pool", at_once)
    again = grading.Grading(course, NAME, workers=2, scheduler=None, force=True).run()
    assert {one.status for one in again} == {"graded"} and len(commits) == 1


@contextlib.contextmanager
def at_once(workers):
    """In the place of a pool, one whose every future has ended when it is there."""

    class Once(Executor):
        def submit(self, function, *arguments):
            return ready(function(*arguments))

    yield Once()


def test_a_sandbox_that_does_not_start_costs_only_its_own_submission(course, monkeypatch):
    """Under load one of hundreds did not, and the whole run had ended."""
    from backprop.grading import run as grading

    _, simulated = simulate(course, 3)
    monkeypatch.setattr(grading, "examine_elsewhere", examine_but_start_no_second)
    monkeypatch.chdir(course)
    found = {one.student: one for one in grading.Grading(course, NAME, workers=1, scheduler=None).run()}
    second = simulated[1].student
    assert [one.status for one in found.values()] == ["graded", "failed", "graded"]
    assert found[second].notes[0].startswith("not graded: a sandbox did not start (Cannot allocate memory)")
    monkeypatch.undo()
    assert grade(course)[second]["status"] == "graded"


def examine_but_start_no_second(root, name, key, sandboxed, student, code):
    from backprop.grading import bubblewrap, pool

    if student.endswith("2"):
        raise bubblewrap.NotStarted("Cannot allocate memory")
    return pool.examiner(root, name, key, sandboxed).examine(student, *code)


def examine_but_fail_on_the_second(root, name, key, sandboxed, student, code):
    from backprop.grading import pool

    if student.endswith("2"):
        raise ZeroDivisionError("nobody thought of this")
    return pool.examiner(root, name, key, sandboxed).examine(student, *code)
