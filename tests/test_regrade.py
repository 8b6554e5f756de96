"""Checks that were mended: nobody is graded by half of a change, who moves is told before it is written, and nobody falls."""

import json
import os
import shutil

import pytest
from test_grading import grade, gradebook, hand_in_right, pytestmark, records  # noqa: F401

from backprop import notebook
from backprop.course import CourseError
from backprop.grading.changes import Changes
from conftest import NAME, POINTS, run


def edit(root, old, new, count=1):
    path = root / "solutions" / NAME / "checks.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == count
    path.write_text(text.replace(old, new), encoding="utf-8")


def lenient(root):
    """Have the steps be checked without their edges. Returns what mends that."""
    path = root / "solutions" / NAME / "checks.py"
    text = path.read_text(encoding="utf-8")
    start = text.index('        "edges": (\n            *(draws.draw(f"for')
    end = text.index("    }\n", start)
    path.write_text(text[:start] + '        "edges": (),\n' + text[end:], encoding="utf-8")
    run("backprop", "release", NAME, cwd=root)

    def mend():
        path.write_text(text, encoding="utf-8")
        run("backprop", "release", NAME, cwd=root)

    return mend


def answer(root, student, function, old, new):
    path = root / "submitted" / student / NAME / f"{NAME}.ipynb"
    nb = notebook.read(path)
    cell = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == function)
    assert cell.source.count(old) == 1, cell.source
    cell.source = cell.source.replace(old, new)
    path.write_text(json.dumps(nb), encoding="utf-8")


def state(root):
    """All that regrading may write."""
    return records(root), {p: p.read_bytes() for kind in ("autograded", "feedback", "reports") for p in (root / kind).rglob("*.*")}


def regrade(root, *options, **more):
    return run("backprop", "regrade", NAME, "--workers", "1", *options, cwd=root, **more)


def test_points_that_were_not_released_are_refused_in_one_line(course):
    """Twelve of thirty-five had 0 points, and were told that the judge itself had failed."""
    hand_in_right(course, "ada", "ben")
    edit(course, "network.relu(1)", "network.relu(3)")
    for command in ("grade", "regrade"):
        done = run("backprop", command, NAME, cwd=course, ok=False)
        assert done.returncode == 1 and "relu has 1 point there and 3 points here" in done.stderr and "Traceback" not in done.stderr
        assert f"backprop release {NAME}" in done.stderr
    assert gradebook(course) == [] and not (course / "autograded").exists()
    edit(course, "network.relu(3)", "network.relu(1)")
    with open(course / "solutions" / NAME / "checks.py", "a", encoding="utf-8") as file:
        file.write("# another draw\n")
    assert "checks.py differs" in run("backprop", "grade", NAME, cwd=course, ok=False).stderr


def test_a_mended_check_moves_whom_it_says_and_nobody_falls(course):
    """One answer was wrong for one example only, and nothing looked; then a function is worth more."""
    hand_in_right(course, "ada", "ben")
    answer(
        course,
        "ben",
        "bias_gradient",
        "### BEGIN SOLUTION",
        "### BEGIN SOLUTION\n    if delta.shape[1] == 1:\n        return 2 * delta",
    )
    (course / "submitted" / "cem" / NAME).mkdir(parents=True)
    shutil.copy(course / "exercises" / NAME / f"{NAME}.ipynb", course / "submitted" / "cem" / NAME)
    mend = lenient(course)
    first = {s: line["score"] for s, line in grade(course).items()}
    had = first["ben"]  # less than all of them: what calls it was checked for one example already
    assert first == {"ada": POINTS, "ben": had, "cem": 0} and had > POINTS - 5
    mend()
    before = state(course)
    said = regrade(course, env=wide())
    assert (
        "bias_gradient keeps 2 in place of 0 (was: right; now:" in said.stdout
        and "0 of 3 rise, 0 fall, 1 keep points" in said.stdout
    )
    assert f"backprop regrade {NAME} --yes" in said.stdout and "ada" not in said.stdout
    falls = regrade(course, "--allow-falls", env=wide()).stdout
    assert "bias_gradient 2 -> 0" in falls and "0 of 3 rise, 1 fall." in falls
    assert state(course) == before, "nothing is written without --yes"

    regrade(course, "--yes")
    (entry,) = map(json.loads, (course / ".backprop" / "regraded" / f"{NAME}.jsonl").read_text().splitlines())
    assert entry["student"] == "ben" and entry["points"] == {"bias_gradient": [2.0, 0.0, 2.0]} and entry["score"] == [had, had]
    assert len(set(entry["checks"])) == len(set(entry["grader"])) == 2
    page = (course / "feedback" / "ben" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "bias_gradient: 2 of 2 points" in page and "before the checks were mended this answer had 2 points" in page
    stand = state(course)
    assert "0 of 3 rise, 0 fall." in regrade(course, "--yes").stdout and state(course) == stand
    assert len((course / ".backprop" / "regraded" / f"{NAME}.jsonl").read_text().splitlines()) == 1
    for again in ("force", "nothing kept", "nbgrader"):  # what was kept is kept, whoever grades
        if again == "nbgrader":
            run("nbgrader", "autograde", NAME, "--force", cwd=course)
        else:
            if again == "nothing kept":
                for folder in ("results", "graded"):
                    shutil.rmtree(course / ".backprop" / folder)
            assert grade(course, "--force" if again == "force" else "--workers=1")["ben"]["score"] == had
        assert records(course) == stand[0], again

    regrade(course, "--allow-falls", "--yes")
    line = grade(course)["ben"]
    assert line["score"] == had - 2 and line["exercises"]["bias_gradient"]["points"] == 0
    edit(course, "network.relu(1)", "network.relu(3)")
    run("backprop", "release", NAME, cwd=course)
    before = state(course)
    refused = grade(course, ok=False, env=wide())
    assert refused.returncode == 1 and "have changed since 3 of these" in refused.stderr and "--force" in refused.stderr, (
        refused.stderr
    )
    assert state(course) == before, "where points could fall without a word, nothing is graded"
    assert grade(course, "--force")["ada"]["score"] == POINTS + 2
    with open(course / "solutions" / NAME / "mistakes.py", "a", encoding="utf-8") as file:
        file.write("# a word more\n")
    warned = grade(course, ok=False, env=wide())
    assert warned.returncode == 0 and "The grader has changed since 3 of these" in warned.stderr, warned.stderr


def wide():
    return {**os.environ, "COLUMNS": "200"}


def test_regrading_shows_points_that_grew_and_who_is_new(course):
    hand_in_right(course, "ada")
    grade(course)
    edit(course, "network.relu(1)", "network.relu(3)")
    run("backprop", "release", NAME, cwd=course)
    hand_in_right(course, "ben")
    done = regrade(course, "--json")
    assert [json.loads(line)["points"] for line in done.stdout.splitlines()] == [{"relu": [1.0, 3.0, 3.0]}]
    assert "1 of 1 rise, 0 fall." in done.stderr and "not graded before or have handed in anew: ben" in done.stderr
    regrade(course, "--yes")
    assert {s: line["score"] for s, line in grade(course).items()} == dict.fromkeys(("ada", "ben"), POINTS + 2)


def test_what_was_never_graded_cannot_be_regraded(course):
    hand_in_right(course, "ada")
    done = regrade(course, ok=False)
    assert done.returncode == 1 and f"Run: backprop grade {NAME}" in done.stderr and "Traceback" not in done.stderr


def entry(student, handed_in, **points):
    return {"student": student, "handed_in": handed_in, "points": points}


def test_the_log_keeps_points_of_one_submission_only(tmp_path):
    log = Changes(tmp_path, NAME)
    record = {"exercises": {"relu": {"points": 0.0, "max_points": 1.0, "lines": []}}, "notes": []}
    assert log.raised("ada", "a1", record) == record
    log.add([entry("ada", "a1", relu=[2.0, 0.0, 2.0]), entry("ben", "b1", relu=[0.0, 1.0, 1.0])])
    for one in (log, Changes(tmp_path, NAME)):
        found = one.raised("ada", "a1", record)["exercises"]["relu"]
        assert found["points"] == 1.0 and "keeps them" in found["lines"][0], "no more than there are today"
        assert (
            log.raised("ada", "a2", record) == log.raised("ben", "b1", record) == record
            and record["exercises"]["relu"]["lines"] == []
        )
    log.add([{**entry("ben", "b1", relu=[0.0, 1.0, 1.0]), "time": "later"}])
    assert len(log.lines) == 2, "a run that was stopped, and run again"
    log.add([entry("ada", "a1", relu=[2.0, 0.0, 0.0])])
    assert Changes(tmp_path, NAME).held("ada", "a1") == {}
    with open(log.path, "a") as file:
        file.write('{"student": ')
    with pytest.raises(CourseError, match="line 4"):
        Changes(tmp_path, NAME)
