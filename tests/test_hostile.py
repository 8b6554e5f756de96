"""Nothing a submission does can hurt: the bank of hostile submissions, graded in one run among honest ones.

The run happens in a process group of its own under an outer cap, so that a sandbox that failed could not take
the machine down: a watchdog ends the group when memory or processes go beyond what grading ever needs.
Prints the table: each case, the score it deserves and got, and what the summary says.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from backprop import notebook
from backprop.checking.wire import printable
from backprop.course import Chapter
from backprop.grading import classroom, hostile
from backprop.grading.examine import Examiner
from backprop.grading.sandbox import Died, Limits, Worker
from conftest import NAME, ROOT, run, short_course

needs_sandbox = pytest.mark.skipif(not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed")
pytestmark = needs_sandbox
MEMORY_CAP = 6 << 30
PROCESS_CAP = 400


def used_memory():
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return (int(lines["MemTotal"].split()[0]) - int(lines["MemAvailable"].split()[0])) << 10


def capped(words, cwd, timeout, env=None):
    """Run a command under the outer cap. Returns (output, errors, return code, what the watchdog saw, peak memory)."""
    before, processes = used_memory(), len([p for p in os.listdir("/proc") if p.isdigit()])
    run = subprocess.Popen(
        words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=env
    )
    alarm, peak, over = [], [0], threading.Event()

    def watch():
        while not over.wait(0.1):
            peak[0] = max(peak[0], used_memory() - before)
            count = len([p for p in os.listdir("/proc") if p.isdigit()]) - processes
            if peak[0] > MEMORY_CAP or count > PROCESS_CAP:
                alarm.append(f"{peak[0] >> 20} MB, {count} processes")
                os.killpg(run.pid, signal.SIGKILL)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        out, err = run.communicate(timeout=timeout)
    finally:
        over.set()
        watcher.join()
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
    return out, err, run.returncode, alarm, peak[0]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The bank and five honest students, graded in one run. Services listen on loopback meanwhile."""
    folder = tmp_path_factory.mktemp("hostile")
    root = short_course(folder / "course")
    with open(root / "nbgrader_config.py", "a") as config:  # a loop is a loop after a second and a half as well as after five
        config.write('\nc.Examine.limits = {"call": 1.5, "cell": 4.0, "cells": 12.0}\n')
    chapter = Chapter(root, NAME)
    template = notebook.read(root / "exercises" / NAME / f"{NAME}.ipynb")
    honest = classroom.simulate(chapter, template, 5, np.random.default_rng(3))
    classroom.write(root, NAME, honest)
    hostile.write(root, NAME)
    reached = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0backprop-test-service-{os.getpid()}")
        abstract.listen()
        for service in (tcp, udp, abstract):
            service.settimeout(0.0)
        knock = hostile.Case(
            "knocks-on-services",
            lambda k: k.before(
                "import socket\nopened = 0\n"
                f"for family, kind, address in ((socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', {tcp.getsockname()[1]})),\n"
                f"        (socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', {udp.getsockname()[1]})),\n"
                f"        (socket.AF_UNIX, socket.SOCK_STREAM, chr(0) + 'backprop-test-service-{os.getpid()}')):\n"
                "    try:\n        s = socket.socket(family, kind)\n        s.connect(address)\n        s.send(b'x')\n        opened += 1\n"
                "    except OSError:\n        pass\nassert not opened"
            ),
            "all",
        )
        hostile.write(root, NAME, [knock])
        key = folder / "key"
        env = {**os.environ, "BACKPROP_KEY": str(key), "SECRET_TOKEN": "canary-7f3a"}
        before = snapshot(root)
        words = [sys.executable, "-m", "backprop", "grade", NAME, "--json"]
        out, err, code, alarm, peak = capped(words, root, 900, env)
        for service in (tcp, abstract):
            with contextlib.suppress(BlockingIOError):
                reached.append(service.accept())
        with contextlib.suppress(BlockingIOError):
            reached.append(udp.recv(1))
        abstract.close()
    assert not alarm, f"the sandbox let something through: {alarm}"
    assert code == 0, out[-2000:] + err[-4000:]
    lines = {line["student"]: line for line in map(json.loads, out.splitlines())}
    return {
        "root": root,
        "lines": lines,
        "honest": honest,
        "reached": reached,
        "before": before,
        "key": key,
        "peak": peak,
        "knock": knock,
        "chapter": chapter,
    }


def snapshot(root):
    """Content of everything that a submission must leave alone."""
    return {
        str(p): (p.read_bytes() if p.is_file() and not p.is_symlink() else None)
        for kind in ("solutions", "exercises", "backprop", "submitted")
        for p in sorted((root / kind).rglob("*"))
        if "__pycache__" not in p.parts and not p.is_fifo()
    }


def test_every_case_gets_the_score_it_deserves(graded, capsys):
    wrong = []
    with capsys.disabled():
        print(f"\n\n  {'hostile or broken submission':34} deserves   got  what the summary says")
        for case in [*hostile.BANK, graded["knock"]]:
            line = graded["lines"][case.name]
            want = hostile.deserved(case, graded["chapter"].exercises)
            said = "; ".join(line["notes"])
            right = abs(line["score"] - want) < 1e-9 and case.says in said
            wrong += [] if right else [case.name]
            print(
                f"  {printable(case.name):34} {want:8g} {line['score']:5g}  {said[:70]}{'' if right else '   <-- NOT AS IT SHOULD BE'}"
            )
        print(f"  {len(hostile.BANK) + 1} cases; memory of the whole machine rose by at most {graded['peak'] >> 20} MB")
    assert len(hostile.BANK) >= 40
    assert not wrong


def test_honest_students_are_not_touched(graded):
    for one in graded["honest"]:
        line = graded["lines"][one.student]
        for exercise in graded["chapter"].exercises:
            got, why = line["exercises"][exercise.name], one.answers[exercise.name]
            right = [
                one.answers[name] == "right" or one.answers[name].startswith("style") for name in (exercise.name, *exercise.uses)
            ]
            assert got["points"] == exercise.max_points or not all(right), (one.student, exercise.name, why)
            assert got["points"] < exercise.max_points or right[0], (one.student, exercise.name, why)


def test_nothing_outside_was_reached_or_changed(graded):
    assert graded["reached"] == []
    assert snapshot(graded["root"]) == graded["before"]
    assert not Path("/tmp/bomb").exists()


def test_cells_that_reach_out_raise_nothing(graded):
    """The reaching cells assert that they failed: an error in them would mean that one succeeded."""
    for name in (
        "reads-what-is-not-its-own",
        "looks-at-other-processes",
        "opens-sockets",
        "writes-everywhere",
        "knocks-on-services",
        "looks-out-of-windows",
        "rings-for-the-neighbours",
    ):
        nb = notebook.read(graded["root"] / "autograded" / name / NAME / f"{NAME}.ipynb")
        errors = [o for c in nb.cells for o in c.get("outputs", []) if o.output_type == "error"]
        assert errors == [], (name, errors)


def test_nothing_of_the_judge_is_in_what_students_get(graded):
    secret = graded["key"].read_bytes()
    for page in (graded["root"] / "feedback").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "canary-7f3a" not in text and secret.hex() not in text and str(graded["root"]) not in text
        assert "root:x:0:0" not in text, "the content of /etc/passwd was followed through a link"
    assert not list((graded["root"] / "autograded").rglob("notes.txt"))


def test_the_key_is_its_owners_alone(graded):
    assert graded["key"].stat().st_mode & 0o077 == 0


def test_plain_nbgrader_gives_the_same_scores(graded, tmp_path):
    """`nbgrader autograde` alone: it goes on to the last, and only what cannot be read has no score.

    What nbgrader does before any of the course's steps stays its own: it waits for a pipe by the name of its timestamp,
    takes a student's name for a pattern, and gives up a submission with pipes or nonsense beside the notebook.
    """
    root, own = (
        tmp_path / "course",
        {"pipe-for-a-timestamp", "odd id: ünï' ; $(x) [*]", "links-and-pipes-beside", "folder-for-a-file"},
    )
    subprocess.run(["cp", "-a", graded["root"], root], check=True)
    for made in ("autograded", "feedback", "submitted/pipe-for-a-timestamp"):
        shutil.rmtree(root / made)
    (root / "gradebook.db").unlink()
    env = {**os.environ, "BACKPROP_KEY": str(graded["key"])}
    run("nbgrader", "generate_assignment", NAME, "--force", cwd=root, env=env)
    done = run("nbgrader", "autograde", NAME, cwd=root, ok=False, env=env)
    lines = {name: line for name, line in graded["lines"].items() if name not in own}
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as db:
        scores = dict(
            db.execute(
                "SELECT student_id, SUM(auto_score) FROM grade JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
                "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
                "WHERE auto_score IS NOT NULL GROUP BY student_id"
            )
        )
        known = {student for (student,) in db.execute("SELECT id FROM student")}
    assert known >= {one.student for one in graded["honest"]} and not [student for student in known if set(student) & set("<>")], (
        "formgrader writes it out"
    )
    scores = {name: score for name, score in scores.items() if name not in own}
    assert scores == {name: line["score"] for name, line in lines.items() if line["status"] == "graded"}
    for name, line in lines.items():
        assert line["status"] != "unreadable" or f"for student '{name}'" in done.stdout + done.stderr


def test_a_sandbox_that_forks_no_rooms_gives_the_same(graded, tmp_path):
    """Where a machine allows no namespaces within bubblewrap's: here its template cannot fork, for want of ``/proc``."""
    real, root = shutil.which("bwrap"), tmp_path / "course"
    subprocess.run(["cp", "-a", graded["root"], root], check=True)
    for made in ("autograded", "feedback", "reports", ".backprop/results", ".backprop/graded"):
        shutil.rmtree(root / made, ignore_errors=True)
    (root / "gradebook.db").unlink()
    told = tmp_path / "told"
    wrapper = tmp_path / "bin" / "bwrap"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f"#!{sys.executable}\nimport os, sys\nwords = sys.argv[1:]\nif '--proc' in words:\n    words[words.index('--proc')] = '--dir'\n"
        f"print(words[-2], file=open({str(told)!r}, 'a'))\nos.execv({real!r}, ['bwrap', *words])\n"
    )
    wrapper.chmod(0o755)
    env = {**os.environ, "BACKPROP_KEY": str(graded["key"]), "PATH": f"{wrapper.parent}:{os.environ['PATH']}"}
    out, err, code, alarm, _ = capped([sys.executable, "-m", "backprop", "grade", NAME, "--json"], root, 900, env)
    assert not alarm and code == 0, err[-2000:]
    lines = {line["student"]: line for line in map(json.loads, out.splitlines())}
    kinds = told.read_text().split()
    assert kinds.count("becomes") >= len(lines) - 10 and kinds.count("forks") < 10

    def stopped(line):  # what ends a hog, and so what is said of it, is whichever limit is met first
        notes = [re.sub("took too long|ran out of memory|ended", "was stopped", note) for note in line["notes"]]
        return {**line, "receipt": None, "notes": [] if line["student"].startswith("memory-hog") else notes}

    differ = {name: (lines[name], line) for name, line in graded["lines"].items() if stopped(lines[name]) != stopped(line)}
    assert not differ


def test_no_kernel_is_started():
    """nbgrader falls back to a kernel silently: what stands in its place must not know one."""
    text = (ROOT / "nbgrader_config.py").read_text()
    assert '"backprop.grading.nbgrader.Examine"' in text and "nbgrader.preprocessors.Execute" not in text


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"{",
        b"null",
        b"[" * 50,
        b"\xff\xfe",
        b'{"id": 1}',
        b'{"dict": [[1]]}',
        b'{"array": "x"}',
        b'{"array": "AAAA", "dtype": "O", "shape": [1]}',
        b'{"array": "", "dtype": "<f8", "shape": [-1]}',
        b'{"array": "", "dtype": "<f8", "shape": [9999999999]}',
        b'{"dict": 7}',
        b'{"opaque": {}}',
        b'{"scalar": "AAAAAAAAAAA=", "dtype": "<U2", "shape": []}',
        b'{"generator": {}}',
        b'{"function": "eval"}',
    ],
)
def test_a_junk_frame_ends_the_worker_and_nothing_else(junk):
    worker = Worker(Limits(cell=3))
    with pytest.raises(Died):
        worker.run(
            0,
            f"import os\njunk = {junk!r}\nos.write(4, len(junk).to_bytes(4, 'big') + junk)\n"
            f"os.write(3, len(junk).to_bytes(4, 'big') + junk)\nos._exit(0)",
        )
    assert worker.process.poll() is not None


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.fork()",
        "import threading; threading.Thread(target=print).start()",
        "import socket; socket.socket()",
        "import os; os.memfd_create('x')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.kill(1, 9)",
        "import multiprocessing; multiprocessing.Process(target=print).start()",
        "open('/tmp/x', 'w')",
        "open('/dev/shm/x', 'w')",
        "import os; os.mkdir('/x')",
    ],
)
def test_what_the_sandbox_refuses(code):
    """Each line was seen to succeed outside of the sandbox."""
    worker = Worker()
    try:
        assert worker.run(0, code)["error"]["type"] in ("PermissionError", "OSError", "RuntimeError", "FileNotFoundError")
    finally:
        worker.close()


def test_limits_hold_without_relying_on_who_grades():
    worker = Worker(Limits(cell=20, memory=400 << 20))
    try:
        assert worker.run(0, "x = bytearray(1 << 30)")["error"]["type"] == "MemoryError"
        started = time.monotonic()
        with pytest.raises(Died, match="took too long"):
            worker.limits = Limits(cell=1)
            worker.run(1, "while True: pass")
        assert time.monotonic() - started < 10
    finally:
        worker.close()


@pytest.mark.parametrize(
    "body",
    [
        "seen.append(1)\n    return pattern[len(seen) - 1]",
        "return 'wrong' not in grad.__name__ + grad.__qualname__ + repr(grad)",
        "return True",
        "return False",
    ],
)
def test_a_yes_or_no_is_not_had_by_counting_or_by_name(body):
    """Functions that know the answers of the visible cases, in their order, and look at the names of what they are given."""
    chapter = Chapter(ROOT, "07-gradient-checking")
    exercise = next(e for e in chapter.exercises if e.name == "check_gradient")
    pattern = [bool(chapter.reference["check_gradient"](*case.arguments.values())) for case in exercise.cases()]
    assert True in pattern and False in pattern
    source = f"seen, pattern = [], {pattern}\ndef check_gradient(f, grad, x):\n    {body}"
    cells = list(enumerate({**chapter.sources, "check_gradient": source}.values()))
    for student in ("ada", "emmy"):
        found = Examiner(chapter, b"k" * 32).examine(student, cells)["exercises"]
        assert found["check_gradient"]["points"] == 0, found["check_gradient"]
        assert found["numerical_gradient"]["status"] == "right"


@pytest.mark.parametrize(
    "source",
    [
        "def check_gradient(f, grad, x):\n    try:\n        grad()\n    except TypeError as error:\n"
        "        while error.__context__:\n            error = error.__context__\n        return '_gradient' in str(error)",
    ],
)
def test_a_call_that_does_not_fit_says_nothing_of_a_function(source):
    """Python's own message for a wrong number of arguments names the function: a yes or no was had by it."""
    chapter = Chapter(ROOT, "07-gradient-checking")
    cells = list(enumerate({**chapter.sources, "check_gradient": source}.values()))
    assert Examiner(chapter, b"k" * 32).examine("ada", cells)["exercises"]["check_gradient"]["points"] == 0


@pytest.mark.parametrize("way", hostile.PEEKS)
@pytest.mark.parametrize(
    "name, signature, answer",
    [
        ("07-gradient-checking", "check_gradient(f, grad, x)", "return not looks(grad, x)"),
        (
            "10-debugging",
            "prove_standardise(standardise)",
            "assert not looks(standardise, np.random.default_rng(0).standard_normal((3, 5)))",
        ),
    ],
    ids=["checker", "proof"],
)
def test_a_yes_or_no_is_not_had_without_calling(name, signature, answer, way):
    """Most of these earned all points of a checker, of a proof or of both while the functions lived in the student's process."""
    chapter, exercise = Chapter(ROOT, name), signature.partition("(")[0]
    own = [chapter.sources["standardise"]] if "standardise" in chapter.sources else []
    cells = list(enumerate([*own, hostile.cheat(way, signature, answer)]))
    found = Examiner(chapter, b"k" * 32).examine("ada", cells)
    assert found["exercises"][exercise]["points"] == 0, found["exercises"][exercise]
    assert found["cells"][len(own)]["error"] is None, "it did not even try"


def test_a_checker_that_asks_for_too_much_ends_itself_and_no_other():
    """What it hands over is worked on in a sandbox of its own: not here, and not for long."""
    chapter = Chapter(ROOT, "10-debugging")
    proofs = {
        "prove_batches": "def prove_batches(batches):\n    while True:\n        batches(3, 0)",
        "prove_initialize": "def prove_initialize(initialize):\n    initialize(10**5, 10**5, 10**5, np.random.default_rng(0))",
        "prove_update": "def prove_update(update):\n    update({'W1': np.ones((1000, 1000))}, {}, 1.0)",
        "prove_standardise": "def prove_standardise(standardise):\n    while True:\n        standardise(np.ones((400, 500)))",
    }
    sources, begun = {**chapter.sources, **proofs}, time.monotonic()
    found = Examiner(chapter, b"k" * 32, Limits(call=2)).examine("ada", list(enumerate(sources.values())))["exercises"]
    assert time.monotonic() - begun < 60
    assert "took too long" in found["prove_standardise"]["lines"][0]
    assert {name for name, e in found.items() if e["status"] != "right"} == set(proofs), found
    assert re.search("took too long|ran out of memory", found["prove_batches"]["lines"][0])


def test_a_stand_in_is_as_the_function_would_be():
    """Arguments changed in place, shared, read-only; generators and NumPy's global one; warnings, errors and NumPy's settings."""
    from backprop.checking import standin

    def function(W, rng, n=1, raises=None):
        W["b"] *= n
        W["c"] = W["a"]
        del W["d"]
        rng.standard_normal()
        np.random.random_sample()
        if raises:
            raise raises
        return {"a": W["a"], "all": W, "list": [np.exp(1000.0 * n), (1, "x", None)]}

    def given():
        W = {"a": np.ones(3), "b": np.ones(2), "d": 4}
        W["a"].flags.writeable = False
        return W, np.random.default_rng(5)

    there = standin.StandIns(lambda name, question: standin.answer(function, question))["function"]
    outcomes = []
    for call in (function, there):
        np.random.seed(3)
        (W, rng), kept = given(), []
        kept[:] = [W["a"], W["b"]]
        with np.errstate(over="warn"), pytest.warns(RuntimeWarning, match="overflow"):
            result = call(W, rng, n=2)
        assert result["all"] is W and result["a"] is W["a"] is W["c"] is kept[0] and W["b"] is kept[1] and "d" not in W
        assert result["list"][1] == (1, "x", None)
        outcomes.append([W["b"].tolist(), rng.random(), np.random.random_sample(), result["list"][0]])
        with np.errstate(over="raise"), pytest.raises(FloatingPointError):
            call(*given())
        for error in (KeyError("W3"), ValueError("no"), ZeroDivisionError("x")):
            with pytest.raises(type(error)) as raised:
                call(*given(), raises=error) if call is function else standin.StandIns(
                    lambda name, question, error=error: standin.answer(lambda *w: function(*w, raises=error), question)
                )["function"](*given())
            assert raised.value.args == error.args
    assert outcomes[0] == outcomes[1]
    with pytest.raises(TypeError, match="a set cannot be handed over"):
        there({1}, 2)


@pytest.mark.parametrize(
    "more, says",
    [
        (["import time\ntime.sleep(1)"] * 12, "passed over"),
        (["import time\n_relu = relu\ndef relu(Z):\n    time.sleep(1)\n    return _relu(Z)"], "took too long in all"),
        (
            ["import time\ntime.sleep(1)\nslow = 0"] * 12 + ["_relu = relu\ndef relu(Z):\n    return _relu(Z) + slow"],
            "took too long in all",
        ),
    ],
)
def test_slow_cells_and_calls_are_waited_for_no_longer_than_the_budget(more, says):
    """Each stays under its own time-out; together they took minutes, or hours."""
    chapter = Chapter(ROOT, NAME)
    started = time.monotonic()
    examiner = Examiner(chapter, b"k" * 32, Limits(cells=2.0, answers=3.0))
    found = examiner.examine("ada", list(enumerate([*chapter.sources.values(), *more])))
    assert time.monotonic() - started < 10 and any(says in note for note in found["notes"])


def test_a_dtype_is_not_read_for_seconds(monkeypatch):
    """NumPy takes seconds to read such a one, so it is not asked."""
    from backprop.checking import wire

    monkeypatch.setattr(wire, "np", None)
    with pytest.raises(wire.WireError):
        wire.loads('{"array":"","dtype":"' + "f8," * 1_000_000 + 'f8","shape":[0]}')


def test_odd_names_in_submitted_stop_nothing(graded):
    """A name that is not UTF-8, a link to a folder elsewhere, a file in place of the folder: each is one line, none is followed."""
    root = graded["root"]
    elsewhere = root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "private.txt").write_text("private")
    for student in ("link", "file"):
        (root / "submitted" / f"odd-{student}").mkdir()
    (root / "submitted" / "odd-link" / NAME).symlink_to(elsewhere)
    (root / "submitted" / "odd-file" / NAME).write_text("x")
    os.makedirs(os.path.join(os.fsencode(root), b"submitted", b"odd-\xff", NAME.encode()))
    renamed = root / "submitted" / "odd-renamed" / NAME
    renamed.mkdir(parents=True)
    open(os.path.join(os.fsencode(renamed), b"\xff\x1b[31m.ipynb"), "w").close()
    out, err, code, *_ = capped(
        [sys.executable, "-m", "backprop", "grade", NAME, "--json"], root, 300, {**os.environ, "BACKPROP_KEY": str(graded["key"])}
    )
    assert code == 0, err[-2000:]
    lines = {line["student"]: line for line in map(json.loads, out.splitlines())}
    assert {s: lines[s]["status"] for s in lines if s.startswith("odd-")} == {
        "odd-link": "unreadable",
        "odd-file": "unreadable",
        "odd-?": "unreadable",
        "odd-renamed": "missing",
    }
    assert "\x1b" not in lines["odd-renamed"]["notes"][0]
    assert not list((root / "autograded").rglob("private.txt"))
    assert {s: lines[s] for s in graded["lines"]} == graded["lines"]
