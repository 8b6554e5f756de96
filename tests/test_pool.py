"""What is done with a submission outside of its sandbox may take no more than its own line, and what a machine does to it nothing."""

import contextlib
import ctypes
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from test_grading import configure, grade, gradebook, hand_in_right, pytestmark, simulate, undisturbed, untimed  # noqa: F401

from backprop import notebook
from backprop.course import Chapter
from backprop.grading import alike, bubblewrap, kept, mend, pool, run, sandbox, steps
from backprop.grading.examine import Examiner
from backprop.grading.sandbox import Interrupted, Limits
from conftest import CHECKS, NAME, POINTS, ROOT

GB = 1 << 30


def exit_with(code):
    os._exit(code)


def spin():
    while True:
        pass


def fill():
    return len(bytearray(3 * GB))


def crash():
    ctypes.string_at(0)


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def kill_itself_once(marker):
    if not marker.exists():
        marker.touch()
        kill_itself()
    return "done"


def fail():
    raise ValueError("as it is")


@pytest.fixture
def helper():
    made = pool.Helper()
    yield made
    made.close()


@pytest.mark.parametrize(
    "function, error, says",
    [
        (spin, pool.TooMuch, "took more than 1 seconds to be read"),
        (fill, pool.TooMuch, "needed more than 1024 MB of memory to be read"),
        (crash, pool.TooMuch, "ended the process in which it was to be read"),
        (kill_itself, Interrupted, "ended from outside"),
        (fail, ValueError, "as it is"),
    ],
)
def test_a_process_dies_of_one_thing_and_the_next_is_done(helper, function, error, says):
    with pytest.raises(error, match=says):
        helper.do("read", 1, GB, function)
    assert helper.do("read", 1, GB, kill_itself_once, Path("/")) == "done"


def test_a_process_that_is_ended_from_outside_is_no_submissions_fault(helper, tmp_path):
    """Once: it is tried again. As often as it is tried: nobody is charged."""
    assert helper.do("read", 1, GB, kill_itself_once, tmp_path / "marker") == "done"
    with pytest.raises(Interrupted):
        helper.do("read", 1, GB, kill_itself)


def test_what_never_comes_is_waited_for_no_longer_than_it_may(helper, monkeypatch):
    monkeypatch.setattr(pool, "PATIENCE", 1)
    with pytest.raises(Interrupted, match="nothing came of it"):
        helper.do("read", 1, GB, time.sleep, 100)
    assert helper.do("read", 1, GB, os.getpid) != os.getpid()


def test_a_pool_that_is_left_early_leaves_nothing():
    before = below(os.getpid())  # other tests' browsers and kernels
    with pytest.raises(KeyboardInterrupt), pool.pool(2) as processes:
        waiting = [processes.submit(pool.guarded, "read", 1, GB, time.sleep, 100) for _ in range(5)]
        pids = below(os.getpid()) - before
        assert len(pids) >= 2
        raise KeyboardInterrupt
    assert all(future.cancelled() or isinstance(future.exception(), Interrupted) for future in waiting)
    assert not alive(pids)


def below(ancestor):
    """The processes that a process has started, and that they have started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
    found, more = set(), {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in more} - found:
        found |= more
    return found


def alive(pids):
    """Those that still run."""

    def state(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return "X"

    return {pid for pid in pids if state(pid) not in "ZX"}


def started(course, *options):
    """A grading under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "backprop", "grade", NAME, "--json", *options],
        cwd=course,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize("after", ["at once", "the pool", "the first"])
def test_a_grader_that_is_killed_leaves_no_process(course, after):
    """Nothing is told of it: the processes have to see for themselves that nobody is left."""
    simulate(course, 12)
    process, seen = started(course), set()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        seen |= below(process.pid)
        if after == "at once" or (after == "the pool" and seen) or list(course.glob(".backprop/graded/*/*.json")):
            break
    seen |= below(process.pid)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while alive(seen | in_folder(course)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(seen | in_folder(course))
    assert after == "at once" or seen


def in_folder(course):
    """Processes that work in a course, though their parent may be gone."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if path.readlink() == course:
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found


def test_ctrl_c_at_any_moment_leaves_what_is_consistent(course, undisturbed):  # noqa: F811
    shutil.copytree(undisturbed / "submitted", course / "submitted")
    shutil.copy(undisturbed / "key", os.environ["BACKPROP_KEY"])
    moments = random.Random(7)
    for _ in range(3):
        process, lock = started(course), course / ".backprop" / "lock"
        while not (lock.exists() and lock.read_text() == str(process.pid)) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 4))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=100)
        assert process.returncode in (0, 130) and "Traceback" not in errors, errors
        deadline = time.monotonic() + 10
        while in_folder(course) and time.monotonic() < deadline:  # a sandbox that was just starting ends with whoever started it
            time.sleep(0.05)
        assert not in_folder(course)
    lines = map(json.loads, json.loads((undisturbed / "lines.json").read_text()))
    assert untimed(grade(course).values()) == untimed(lines)
    with sqlite3.connect(course / "gradebook.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(gradebook(course)) == 24 * CHECKS


def hand_in(course, student, **sources):
    chapter = Chapter(course, NAME)
    nb = notebook.read(course / "exercises" / NAME / f"{NAME}.ipynb")
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in chapter.sources and cell.metadata.nbgrader.solution:
            cell.source = sources.get(name, chapter.sources[name])
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").write_text(notebook.dumps(nb), encoding="utf-8")


def graded(course, **options):
    return {one.student: one for one in run.Grading(course, NAME, workers=1, **options).run()}


def written(course, student="ada"):
    return [(course / kind / student / NAME / f"{NAME}.{suffix}").read_bytes() for kind, suffix in kept.WRITTEN.items()]


def test_what_was_handed_in_before_and_again_is_graded_again(course):
    """Two versions with the same total: what is kept of the first must not stand for what was written of the second."""
    chapter = Chapter(course, NAME)
    right, known = chapter.sources["backward_propagation"], {m.id: m for m in chapter.mistakes("backward_propagation")}
    one, other = (known[f"mean-missing-{name}"].apply(right) for name in ("dLdW1", "dLdW2"))
    hand_in(course, "ada", backward_propagation=one)
    first, rows, texts = graded(course)["ada"], gradebook(course), written(course)
    hand_in(course, "ada", backward_propagation=other)
    second = graded(course)["ada"]
    assert second.score == first.score and written(course) != texts
    hand_in(course, "ada", backward_propagation=one)
    assert graded(course)["ada"] == first
    assert gradebook(course) == rows and written(course) == texts


@pytest.mark.parametrize("kind", ["feedback", "autograded"])
def test_a_page_that_a_kill_cut_off_is_written_again(course, kind):
    hand_in(course, "ada")
    first, texts = graded(course), written(course)
    path = next((course / kind).rglob(f"{NAME}.{kept.WRITTEN[kind]}"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:100])
    assert graded(course) == first and written(course) == texts


def test_points_that_changed_in_the_gradebook_are_put_back(course):
    hand_in(course, "ada")
    first, rows = graded(course), gradebook(course)
    with sqlite3.connect(course / "gradebook.db") as db:
        db.execute("UPDATE grade SET auto_score = 1 - auto_score WHERE auto_score <= 1")
    assert gradebook(course) != rows
    assert graded(course) == first and gradebook(course) == rows


@pytest.fixture
def rooms(monkeypatch):
    """Every room that is had, in order."""
    had, room = [], bubblewrap.Templates.room

    def remembered(self, *words):
        had.append(room(self, *words))
        return had[-1]

    monkeypatch.setattr(bubblewrap.Templates, "room", remembered)
    return had


SLOW = "import time\n{body}\n_{name} = {name}\ndef {name}(*inputs):\n    time.sleep(0.01)\n    return _{name}(*inputs)"


@pytest.mark.parametrize("times", [1, 2])
def test_a_worker_that_is_ended_from_outside_costs_nothing(rooms, times):
    """As by an operator, or by a system that is out of memory: what it was at is tried again, and is nobody's fault."""
    chapter = Chapter(ROOT, NAME)
    cells = [(n, SLOW.format(name=name, body=body)) for n, (name, body) in enumerate(chapter.sources.items())]

    def end_some():
        for number in range(times):
            while len(rooms) <= number:
                time.sleep(0.01)
            time.sleep(0.4 + 0.3 * number)
            rooms[number].kill()

    killer = threading.Thread(target=end_some)
    killer.start()
    record = Examiner(chapter, b"k" * 32).examine("ada", cells)
    killer.join()
    assert len(rooms) > times
    assert record["notes"] == [] and all(e["points"] == e["max_points"] for e in record["exercises"].values())


def test_an_end_for_want_of_memory_is_never_charged(monkeypatch):
    counts = iter(range(100))
    monkeypatch.setattr("backprop.grading.examine.killed_for_memory", lambda: next(counts))
    with pytest.raises(Interrupted, match="out of memory"):
        Examiner(Chapter(ROOT, NAME), b"k" * 32).examine("ada", [(0, "import os\nos._exit(1)")])


def limits_of_a_template():
    """Of the process that forks rooms, which was started by one that is under limits itself: its time and its memory."""
    bubblewrap.TEMPLATES.close()
    sandbox.Worker().close()
    (one,) = bubblewrap.TEMPLATES.running.values()
    (pid,) = re.findall(r"^Pid:\s*(\d+)", Path(f"/proc/self/fdinfo/{one.descriptor}").read_text(), re.M)
    return re.findall(r"^Max (?:cpu time|address space) +(\S+)", Path(f"/proc/{pid}/limits").read_text(), re.M)


def test_what_serves_many_submissions_has_the_limits_of_none():
    """And it is the helper's own, whatever there was where the helper comes from."""
    sandbox.Worker().close()
    with contextlib.closing(pool.Helper()) as helper:
        assert helper.do("judged", 20, GB, limits_of_a_template) == ["unlimited", "unlimited"]


def where_rooms_come_from():
    """Whether a room is had, and the kinds of what forks them."""
    sandbox.Worker().close()
    return [type(source).__name__ for source in bubblewrap.TEMPLATES.running.values()]


def test_a_helper_has_a_copy_of_the_template_and_the_next_process_one_of_its_own(monkeypatch, tmp_path):
    """Nothing that a process has asked for and not read when it died is taken for an answer to the next."""
    templates = bubblewrap.Templates()
    for module in (bubblewrap, pool, sandbox):
        monkeypatch.setattr(module, "TEMPLATES", templates)
    sandbox.Worker().close()
    with contextlib.closing(pool.Helper()) as one, contextlib.closing(pool.Helper()) as other:
        for helper in (one, other, one):
            assert helper.do("judged", 20, GB, where_rooms_come_from) == ["Source"]
        assert one.do("judged", 20, GB, kill_itself_once, tmp_path / "marker") == "done"
        assert one.do("judged", 20, GB, where_rooms_come_from) == ["Template"]
        assert other.do("judged", 20, GB, where_rooms_come_from) == ["Source"]
        (own,) = templates.running.values()
        own.close()
        assert other.do("judged", 20, GB, where_rooms_come_from) == ["Template"], "what copies came from has ended"
    templates.close()


def die_reading(root, folder, *more, read=steps.read):
    return spin() if folder.parent.name == "bob" else read(root, folder, *more)


def die_showing(name, text, shown, page=steps.page):
    return crash() if "of bob" in text else page(name, text, shown)


def die_making(text, *more, made=steps.made):
    return fill() if "of bob" in text else made(text, *more)


def die_judging(*words):
    return spin() if words[4] == "bob" else pool.examine_elsewhere(*words)


def killed_judging(*words):
    return kill_itself() if words[4] == "bob" else pool.examine_elsewhere(*words)


@pytest.fixture
def three(course, monkeypatch):
    """A class of three, whose second hurts whoever handles it."""
    for student in ("ada", "bob", "cem"):
        hand_in(course, student, relu=Chapter(course, NAME).sources["relu"] + f"\n# of {student}")
    configure(course, '\nc.Examine.limits = {"step": 1.0}\n')
    return course


@pytest.mark.parametrize(
    "where, what, how, score, status, says",
    [
        (steps, "read", die_reading, 0, "unreadable", "took more than 1 seconds to be read"),
        (run, "examine_elsewhere", die_judging, 0, "unreadable", "took more than 1 seconds to be judged"),
        (run, "examine_elsewhere", killed_judging, 0, "failed", "run the same command again"),
        (steps, "made", die_making, POINTS, "graded", "shows the verdicts alone: the notebook needed more than 1024 MB"),
        (steps, "page", die_showing, POINTS, "graded", "shows the verdicts alone: the notebook ended the process"),
    ],
)
def test_each_step_costs_only_the_line_of_whom_it_dies_of(three, monkeypatch, where, what, how, score, status, says):
    monkeypatch.setattr(where, what, how)
    found = graded(three)
    assert [found[s].score for s in ("ada", "bob", "cem")] == [POINTS, score, POINTS]
    assert found["bob"].status == status and says in found["bob"].notes[0]
    assert found["ada"].notes == found["cem"].notes == []
    page = three / "feedback" / "bob" / NAME / f"{NAME}.html"
    assert page.exists() == (status != "failed")
    if status != "failed":
        assert says.removeprefix("shows the verdicts alone: the notebook ") in page.read_text(encoding="utf-8")
        assert graded(three) == found, "and it stays so"


def test_whom_comparing_dies_of_is_not_compared(three, monkeypatch):
    found = graded(three)
    lines = [one.line() for one in found.values()]
    assert list(alike.spelled(three, NAME, lines, {})) == ["ada", "bob", "cem"]
    monkeypatch.setattr(steps, "read", die_reading)
    assert list(alike.spelled(three, NAME, lines, {})) == ["ada", "cem"]
    assert list(alike.spelled(three, NAME, lines, {"bob": {"relu": {1}}})) == ["ada", "bob", "cem"], (
        "who was read is not read again"
    )


def test_who_was_just_graded_is_not_read_again_for_the_report(three, monkeypatch):
    grading = run.Grading(three, NAME)
    lines = [one.line() for one in grading.run()]
    assert sorted(grading.read) == ["ada", "bob", "cem"] and all("relu" in its for its in grading.read.values())
    monkeypatch.setattr(alike, "guarded", None)
    assert alike.spelled(three, NAME, lines, grading.read) == grading.read


def test_every_folder_has_its_line_or_is_named(course):
    hand_in_right(course, "ada", "n" * 200, ".hidden", "two\nlines", " ", "-", "..double")
    submitted = course / "submitted"
    for name in (b"half \xff", b"half \xfe"):
        shutil.copytree(submitted / "ada", submitted / os.fsdecode(name))
    (submitted / "lost").symlink_to("nowhere")
    (submitted / "link").symlink_to("ada")
    (submitted / "bare").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "backprop", "grade", NAME, "--json"], cwd=course, capture_output=True, text=True, timeout=400
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["score"] for line in lines if line["status"] == "graded"] == [POINTS] * 4, done.stderr
    troubles = sorted(line["notes"][0].split(" ", 4)[4] for line in lines if line["status"] != "graded")
    assert len(lines) == 8 and len(troubles) == 4
    assert sum("not UTF-8" in trouble for trouble in troubles) == 2
    assert sum("200 characters" in trouble for trouble in troubles) == 1
    assert sum("link" in trouble for trouble in troubles) == 1


def test_what_is_not_graded_is_named(course):
    hand_in_right(course, "ada", ".hidden", "..double")
    (course / "submitted" / "lost").symlink_to("nowhere")
    (course / "submitted" / "bare").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "backprop", "grade", NAME], cwd=course, capture_output=True, text=True, timeout=400
    )
    assert f"for want of a folder {NAME}: bare, lost, in" in done.stderr
    assert "for a dot in front of their names: ..double, .hidden, in" in done.stderr


def test_limits_of_files_are_set_where_the_others_are(course):
    hand_in(course, "ada")
    configure(course, '\nc.Examine.limits = {"notebook": 1000}\n')
    assert "0.0 MB are read" in graded(course)["ada"].notes[0]


@pytest.mark.parametrize("limits", [Limits(), Limits(cells=600.0), Limits(cell=0.5, cells=3.0), Limits(answers=1000.0, start=1.0)])
def test_a_process_has_the_time_that_its_cells_and_answers_have(limits):
    """Else a notebook of many cells, each quick enough, would be ended by the system in the middle."""
    seconds = sandbox.resources(limits)["RLIMIT_CPU"]
    assert seconds >= limits.start + limits.cells + limits.cell + limits.answers + limits.call


def test_ids_are_made_where_none_is_left():
    nb = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    number = len(nb.cells) + 58
    for length in range(7, 65):
        nb.cells.append(notebook.nbformat.v4.new_markdown_cell("a", id=f"cell-{number}".ljust(length, "-")))
    nb.cells.insert(number, notebook.nbformat.v4.new_markdown_cell("a"))
    nb.cells[number]["id"] = "not valid!"
    nb.cells.append(notebook.nbformat.v4.new_markdown_cell("a", id="notice"))
    mended = mend.restore(nb, notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")).notebook
    mend.put_notice(mended, "Above all.")
    notebook.nbformat.validate(mended)
    assert len({cell.id for cell in mended.cells}) == len(mended.cells)
