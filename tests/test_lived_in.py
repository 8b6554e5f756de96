"""What passes in the notebook passes at grading: the bank of lived-in notebooks, each run in four ways.

| way | what it is |
| --- | --- |
| kernel | a real ipykernel, fresh, that runs all cells in a folder with what was released and what the student added |
| terminal | ``backprop check`` in such a folder |
| grade | ``backprop grade``, sandboxed, the whole bank as a class |
| autograde | plain ``nbgrader autograde``, the cases of the chapter on backward propagation as a class |

Each must say of each function what the case deserves. Prints a table of those that do not.
"""

import asyncio
import json
import os
import re
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import lived_in
import pytest
import warm
from lived_in import BANK, RIGHT, UNTOUCHED, WRONG

from backprop import notebook, terminal
from backprop.grading.examine import Examiner
from backprop.grading.mend import restore
from backprop.grading.sandbox import Limits
from conftest import NAME, ROOT, run, short_course

pytestmark = pytest.mark.skipif(not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed")
VERDICT = re.compile(r"(\w+): [\d.]+ of [\d.]+ points(\. All right\.|\. Not attempted yet)?")
AT_ONCE = 4  # kernels under way: to start one is half waiting


def said(text):
    """The verdicts in a check's words, by function: the last of each."""
    meant = {". All right.": RIGHT, ". Not attempted yet": UNTOUCHED, "": WRONG}
    return {name: meant[rest] for name, rest in VERDICT.findall(text)}


def desk(root, case, folder):
    """A student's folder: what was released, and on it what the case adds. Returns the notebook's path."""
    chapter = lived_in.chapter_of(root, case)
    shutil.copytree(root / "exercises" / chapter.name, folder)
    lived_in.put(case, chapter, folder)
    return folder / f"{chapter.name}.ipynb"


async def in_a_kernel(root, case, folder):
    """What the check cells show when the notebook is restarted and all of it run. Output may be hidden, errors are not."""
    from nbclient import NotebookClient

    path = desk(root, case, folder)
    nb = notebook.read(path)
    work = {"metadata": {"path": str(path.parent)}}
    await NotebookClient(
        nb, timeout=60, kernel_name="python3", allow_errors=True, resources=work, shutdown_kernel="immediate"
    ).async_execute()
    found = {}
    for cell in nb.cells:
        check = re.match(r"check\((\w+)\)", cell.source)
        if cell.cell_type == "code" and check:
            assert cell.execution_count, "the kernel ended before this cell"
            error = next((o for o in cell.outputs if o.output_type == "error"), None)
            untouched = error and error.ename == "CheckFailed" and "not attempted" in error.evalue
            found[check[1]] = RIGHT if not error else UNTOUCHED if untouched else WRONG
    return found


async def in_kernels(root, folder):
    """Every case in a kernel of its own, some at once: by case its verdicts, or the error that came in their place."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(case):
        async with room:
            try:
                return case.name, await in_a_kernel(root, case, folder / case.name)
            except Exception as error:
                return case.name, f"{type(error).__name__}: {error}"

    return dict(await asyncio.gather(*map(one, BANK)))


def in_a_terminal(root, case, folder):
    """What ``backprop check`` prints. A function of which it prints no verdict is not right."""
    lines, right = terminal.check(desk(root, case, folder))
    assert not right or case.wrong in case.unchecked, "something is wrong in each of the bank's notebooks"
    return {e.name: WRONG for e in lived_in.chapter_of(root, case).exercises} | said("\n".join(lines))


def words(root, case):
    """All that a graded notebook says to its student, as text."""
    chapter = lived_in.chapter_of(root, case).name
    outputs = [
        output
        for cell in notebook.read(root / "autograded" / case.name / chapter / f"{chapter}.ipynb").cells
        for output in cell.get("outputs", [])
    ]
    return "\n".join(
        text if isinstance(text, str) else "\n".join(text)
        for o in outputs
        for text in (o.get("text", ""), o.get("traceback", []), o.get("data", {}).get("text/plain", ""))
    )


def by_points(points, told):
    """Verdicts by function: full points are right; of the others the words say which were never begun."""
    return {
        name: RIGHT if got == full else UNTOUCHED if told.get(name) == UNTOUCHED and not got else WRONG
        for name, (got, full) in points.items()
    }


def graded(root):
    """``backprop grade``: by case its verdicts, and every line of feedback."""
    names, found = lived_in.write(root), {}
    lines = {
        line["student"]: line
        for name in names
        for line in map(json.loads, run("backprop", "grade", name, "--json", cwd=root).stdout.splitlines())
    }
    for case in BANK:
        points = {name: (e["points"], e["max_points"]) for name, e in lines[case.name]["exercises"].items()}
        text = words(root, case)
        found[case.name] = by_points(points, said(text)), lines[case.name]["notes"] + text.splitlines()
    return found


def autograded(root):
    """Plain ``nbgrader autograde``: by case its verdicts."""
    bank = [case for case in BANK if lived_in.chapter_of(root, case).name == NAME]
    lived_in.write(root, bank)
    run("nbgrader", "generate_assignment", NAME, "--force", cwd=root)
    run("nbgrader", "autograde", NAME, cwd=root, ok=False)
    with sqlite3.connect(root / "gradebook.db") as db:
        rows = db.execute(
            "SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade_cells.max_score FROM grade "
            "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
            "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
            "JOIN base_cell ON grade.cell_id = base_cell.id JOIN grade_cells ON grade_cells.id = base_cell.id"
        ).fetchall()
    found = {case.name: {} for case in bank}
    for student, cell, score, most in rows:
        found[student][cell.removeprefix("check_")] = score, most
    graded = [case for case in bank if list((root / "autograded" / case.name).rglob("*.ipynb"))]
    return {case.name: by_points(found[case.name], said(words(root, case))) for case in graded}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """By case and way the verdicts by function, or the error that came in their place; by case the lines of feedback; the course."""
    folder = tmp_path_factory.mktemp("lived-in")
    (folder / "home").mkdir()
    ways, feedback = {case.name: {} for case in BANK}, {}
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(4) as pool:
        patch.setenv("HOME", str(folder / "home"))  # some notebooks write there
        patch.setenv("BACKPROP_KEY", str(folder / "key"))
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setattr(terminal, "subprocess", warm)
        grade = pool.submit(graded, short_course(folder / "grade", lived_in.SHORT))
        autograde = pool.submit(autograded, short_course(folder / "autograde", lived_in.SHORT))
        root = short_course(folder / "course", lived_in.SHORT)
        terminals = {case.name: pool.submit(in_a_terminal, root, case, folder / "terminal" / case.name) for case in BANK}
        kernels = asyncio.run(in_kernels(root, folder / "kernel"))
        for case in BANK:
            name, error = case.name, terminals[case.name].exception()
            ways[name] = {
                "kernel": kernels[name],
                "terminal": f"{type(error).__name__}: {error}" if error else terminals[name].result(),
            }
            ways[name]["grade"], feedback[name] = grade.result()[name]
            if lived_in.chapter_of(root, case).name == NAME:
                ways[name]["autograde"] = autograde.result().get(name, "not graded")
    return {"root": root, "ways": ways, "feedback": feedback}


def differing(case, verdicts):
    """Where a way says something else than the case deserves: (way, function, what it says) each."""
    deserved, ways = lived_in.deserved(case, lived_in.chapter_of(verdicts["root"], case).exercises), verdicts["ways"][case.name]
    found = []
    for way, given in ways.items():
        if isinstance(given, str):
            found.append((way, "all", given))
            continue
        unseen = case.unchecked if way in ("kernel", "terminal") else ()
        found += [(way, name, given.get(name)) for name, want in deserved.items() if name not in unseen and given.get(name) != want]
    return found


def test_the_table(verdicts, capsys):
    """For people to read: the next test is the one that demands."""
    with capsys.disabled():
        print(f"\n\n  {'lived-in notebook':48} not as it should be")
        for case in BANK:
            off = {}
            for way, name, given in differing(case, verdicts):
                off.setdefault(way, []).append(f"{name} {given}")
            for way, what in off.items():
                print(f"  {case.name:48} {way:10} {'; '.join(what)[:110]}")
        print(f"  {len(BANK)} cases")
    assert len(BANK) >= 80


@pytest.mark.parametrize("case", BANK, ids=lambda case: case.name)
def test_every_way_says_what_a_notebook_deserves(verdicts, case):
    assert differing(case, verdicts) == []


@pytest.mark.parametrize("case", [case for case in BANK if case.says], ids=lambda case: case.name)
def test_one_line_says_where_a_sandbox_differs(verdicts, case):
    lines = verdicts["feedback"][case.name]
    assert [line for line in lines if re.search(case.says, line, re.I)], lines


@pytest.mark.parametrize("name", ["slow-scratch-cells", "slow-scratch-cells-ahead"])
def test_scratch_work_does_not_eat_the_answers_time(name):
    """Each cell is cut off, and all of them together would use up the budget."""
    case = next(case for case in BANK if case.name == name)
    chapter = lived_in.chapter_of(ROOT, case)
    template = notebook.read(ROOT / "exercises" / chapter.name / f"{chapter.name}.ipynb")
    submission = restore(notebook.parse(lived_in.make(case, chapter), name), template)
    found = Examiner(chapter, b"k" * 32, Limits(cell=0.3, cells=1.5)).examine("ada", submission.cells, submission.places)[
        "exercises"
    ]
    deserved = lived_in.deserved(case, chapter.exercises)
    assert {e: RIGHT if found[e]["points"] == found[e]["max_points"] else WRONG for e in found} == deserved


def test_a_case_is_the_same_whenever_it_is_made():
    """Its mistake comes of its name and its cells' ids of their places: what is graded once need not be graded again."""
    for case in BANK[::10]:
        chapter = lived_in.chapter_of(ROOT, case)
        assert lived_in.make(case, chapter) == lived_in.make(case, chapter)
