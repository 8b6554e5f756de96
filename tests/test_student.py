"""What a student has who only has the folder that was handed out: Run All, ``backprop check``, ``nbgrader validate``, the help."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partial

import nbformat
import pytest

from backprop import course, notebook
from backprop.checking.compare import come_first
from backprop.grading.mend import restore
from conftest import ROOT, run

NAME = "03-activations"
POINTS = course.Chapter(ROOT, NAME).exercises
TOTAL = sum(exercise.max_points for exercise in POINTS)
LEAKY = "def relu(Z):\n    return np.where(Z > 0, Z, 0.01 * Z)"
RIGHT = "def relu_derivative(Z):\n    return np.where(Z > 0, 1.0, 0.0)"
FEEDBACK = "What: Negative values come back scaled down: that is the leaky ReLU."


def cells_of(nb):
    """A notebook's cells by their names."""
    return {c.metadata.nbgrader.grade_id: c for c in nb.cells if "nbgrader" in c.metadata}


@pytest.fixture
def folder(tmp_path):
    """The handed-out folder, outside of any course, with one function wrong, one right, and the others not begun."""
    made = shutil.copytree(ROOT / "exercises" / NAME, tmp_path / "my work" / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    answer(made, relu=LEAKY, relu_derivative=RIGHT)
    return made


def answer(folder, **sources):
    path = folder / f"{NAME}.ipynb"
    nb = notebook.read(path)
    for name, source in sources.items():
        cells_of(nb)[name].source = source
    path.write_text(notebook.dumps(nb), encoding="utf-8")


def test_run_all_runs_all(folder):
    """In a real kernel, which stops at an exception unless its cell is tagged: each check that is not right shows its feedback."""
    nb = notebook.read(folder / f"{NAME}.ipynb")
    notebook.execute(nb, folder)
    found = cells_of(nb)
    shown, line = found["check_relu"].outputs
    assert FEEDBACK in shown.data["text/plain"] and "<b>What:</b>" in shown.data["text/html"]
    assert line.traceback == ["CheckFailed: relu is not right yet: see above."], "and says what it is about once"
    assert "All right" in found["check_relu_derivative"].outputs[0].data["text/plain"]
    assert found["check_softplus_derivative"].outputs[-1].evalue == "softplus_derivative is not attempted yet."
    assert all(c.execution_count for c in nb.cells if c.cell_type == "code")


@pytest.mark.parametrize("name", course.assignments(ROOT))
def test_checks_let_run_all_go_on_in_exercises_and_not_in_solutions(name):
    """In a solution, nbval has to see an exception."""
    for kind in ("exercises", "solutions"):
        for grade_id, cell in cells_of(notebook.read(ROOT / kind / name / f"{name}.ipynb")).items():
            tagged = "raises-exception" in cell.metadata.get("tags", [])
            assert tagged == (kind == "exercises" and cell.metadata.nbgrader.grade), (kind, grade_id)


def test_tags_that_come_back_are_the_releases():
    """What a student's editor has tagged is forgotten, and a check that has lost its tags has them again."""
    released = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    handed_in = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    for cell in handed_in.cells:
        tags = cell.metadata.pop("tags", [])
        if "raises-exception" not in tags:
            cell.metadata["tags"] = ["raises-exception", "skip-execution"]
    mended, untouched = restore(handed_in, released), restore(released, released)
    assert (mended.cells, mended.places, mended.notes) == (untouched.cells, untouched.places, [])
    assert [c.metadata for c in mended.notebook.cells] == [c.metadata for c in untouched.notebook.cells]
    nbformat.validate(mended.notebook)


def test_validate_shows_the_feedback(folder):
    """It shows of a cell what it raised, in lines of 87 characters: without the course, and with its configuration."""
    answer(folder, sigmoid="def sigmoid(Z):\n    return np.dot(Z, np.ones((31, 47)))")
    answer(folder, relu_derivative=f"import sys\n{RIGHT.replace('return', 'print(1, file=sys.stderr); return')}")
    said = {}
    for where in (folder.parent, folder.parent / "course"):
        if where.name == "course":
            where.mkdir()
            shutil.copy(ROOT / "nbgrader_config.py", where)
            shutil.copytree(folder, where / NAME)
        said[where] = run("nbgrader", "validate", f"{NAME}/{NAME}.ipynb", cwd=where).stdout
        assert f"VALIDATION FAILED ON {len(POINTS) - 1} CELL(S)" in said[where]
        for words in (
            FEEDBACK,
            "→ Chapter 3, “ReLU”",
            "CheckFailed: relu is not right yet: see above.",
            "dead_units is not attempted",
        ):
            assert words in said[where], said[where]
        assert "check(relu_derivative)" not in said[where] and "..." not in said[where]
        assert "Why: `@` joins the columns of the left factor to the rows of the right one:" in said[where]
    assert len(set(said.values())) == 1


def test_validate_shows_a_check_that_cannot_run(folder):
    (folder / "expected.json").unlink()
    said = run("nbgrader", "validate", f"{NAME}.ipynb", cwd=folder).stdout
    assert "keep its files together in one folder." in re.sub(r"\s+", " ", said), said


def test_check_counts_the_points_in_all(folder):
    """Last, after the feedback; of a folder, the notebook in it is meant."""
    done = run("backprop", "check", f"{NAME}/{NAME}.ipynb", cwd=folder.parent, ok=False)
    assert done.returncode == 1 and FEEDBACK in done.stdout
    total = done.stdout.splitlines()[-1]
    assert total.startswith(f"2 of {TOTAL:g} points: relu is not right yet; merge_layers, dead_units, "), total
    assert total.endswith("sigmoid_derivative, tanh_derivative and softplus_derivative are not attempted yet."), total
    for words, cwd in (([NAME], folder.parent), ([f"{NAME}/"], folder.parent), (["."], folder)):
        assert run("backprop", "check", *words, cwd=cwd, ok=False).stdout == done.stdout
    assert "SHA-256 of" in run("backprop", "check", "--receipt", NAME, cwd=folder.parent).stdout


def test_check_says_when_all_is_right_and_what_stopped(tmp_path):
    folder = shutil.copytree(ROOT / "solutions" / NAME, tmp_path / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    assert run("backprop", "check", NAME, cwd=tmp_path).stdout.splitlines()[-1] == f"{TOTAL:g} of {TOTAL:g} points: all right."
    nb = notebook.read(folder / f"{NAME}.ipynb")
    nb.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    (folder / f"{NAME}.ipynb").write_text(notebook.dumps(nb), encoding="utf-8")
    total = run("backprop", "check", NAME, cwd=tmp_path, ok=False).stdout.splitlines()[-1]
    assert total == f"{TOTAL:g} of {TOTAL:g} points: all right. Cell {len(nb.cells)} stopped with an error: see above."
    cells_of(nb)["relu"].source = "def relu(Z)\n    return Z"
    (folder / f"{NAME}.ipynb").write_text(notebook.dumps(nb), encoding="utf-8")
    total = run("backprop", "check", NAME, cwd=tmp_path, ok=False).stdout.splitlines()[-1]
    assert f"{TOTAL - 2:g} of {TOTAL:g} points: relu is not checked: see above. Cells " in total, total


def test_check_says_of_a_folder_what_to_do(folder):
    for words, made, says in (
        (".", {}, f". is a folder without a notebook. Name one, or the folder it is in: backprop check {NAME}/{NAME}.ipynb"),
        (NAME, {f"{NAME}-Copy1.ipynb"}, f"{NAME} holds 2 notebooks: {NAME}-Copy1.ipynb, {NAME}.ipynb. Say which: backprop check"),
    ):
        for name in made:
            shutil.copy(folder / f"{NAME}.ipynb", folder / name)
        done = run("backprop", "check", words, cwd=folder.parent, ok=False)
        assert done.returncode == 1 and says in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_help_lists_commands_by_whom_they_are_for():
    said = run("backprop", "--help", cwd=ROOT, env={"COLUMNS": "80"}).stdout
    parts = dict(re.findall(r"^(For \w+):\n((?:  .+\n)+)", said, re.M))
    listed = {title: re.findall(r"^  (\w+)  +(.*)$", part, re.M) for title, part in parts.items()}
    assert [name for name, _ in listed["For students"]] == ["check"]
    assert [name for name, _ in listed["For maintainers"]] == ["book", "tidy"]
    assert {"release", "collect", "grade", "export"} <= {name for name, _ in listed["For instructors"]}
    assert "Others" not in said, "a new command has to say for whom it is"
    sentences = [words for part in listed.values() for _, words in part]
    assert len(sentences) == said.count("\n  ") - 3 and not any("..." in words for words in sentences), said


def test_several_come_first_and_one_comes():
    assert come_first(["relu", "sigmoid"]) == "relu and sigmoid come first: mend them, then run this again."
    assert come_first(["relu"]) == "relu comes first: mend it, then run this again."


@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN], ids=["shell", "background"])
def test_a_loop_without_end_is_stopped_by_ctrl_c_and_named(folder, before):
    """What comes before it stands there already: a check says what it has found as soon as it has."""
    answer(folder, sigmoid="def sigmoid(Z):\n    while True:\n        pass")
    words = [sys.executable, "-m", "backprop", "check", NAME]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    begin = partial(signal.signal, signal.SIGINT, before)
    with subprocess.Popen(words, cwd=folder.parent, start_new_session=True, preexec_fn=begin, **quiet) as done:
        said = ""
        while "'count': 7}" not in said and (line := done.stdout.readline()):  # what the cell before it prints last
            said += line
        time.sleep(2)
        os.killpg(done.pid, signal.SIGINT)
        said += done.stdout.read()
    number = 1 + next(n for n, c in enumerate(notebook.read(folder / f"{NAME}.ipynb").cells) if c.source == "check(sigmoid)")
    assert (
        done.returncode == 130
        and FEEDBACK in said
        and f"Stopped in cell {number}, line 1: does a loop there ever end?" in said.splitlines()[-1]
    ), said


def test_checks_of_another_chapter_say_so(folder, tmp_path):
    """Two chapters unpacked into one folder: the second one's checks lie over the first one's."""
    for name in ("checks.py", "expected.json"):
        shutil.copy(ROOT / "exercises" / "00-a-network-learns" / name, folder / name)
    said = run("backprop", "check", NAME, cwd=folder.parent, ok=False).stdout
    assert "There is no exercise named relu." in said and "Each chapter's files need a folder of their own." in said
