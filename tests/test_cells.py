"""A cell means in grading what it means in Jupyter, and a function is judged where its check stands."""

import json
import linecache
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from judging import CHAPTERS

from backprop import course, notebook
from backprop.checking import wire
from backprop.checking.cells import Kernel
from backprop.grading import examine, read
from backprop.grading.examine import Examiner
from backprop.grading.mend import restore
from backprop.grading.needs import needed
from backprop.grading.sandbox import LIMITS, Limits, Worker
from conftest import NAME, ROOT, run

SANDBOXED = bool(shutil.which("bwrap") or os.environ.get("CI"))
CHAPTER = CHAPTERS[NAME]
TEMPLATE = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # a kernel puts its own there
    made = Kernel()
    with ThreadPoolExecutor(1) as apart:  # in this thread a browser's loop may be running
        run = made.run
        monkeypatch.setattr(made, "run", lambda *words, **more: apart.submit(run, *words, **more).result())
        yield made
    if made._loop:
        made._loop.close()


@pytest.mark.parametrize(
    "source, name, value",
    [
        ("%%time\nx = 1", "x", 1),
        ("%time x = 2", "x", 2),
        ("x = %time 1 + 2", "x", 3),
        ("t = %timeit -o -n1 -r1 sum(range(3))\nx = t.average >= 0 and t.loops", "x", 1),
        ("x = 4\n%%timeit x = 5\n".replace("%%timeit", "%timeit"), "x", 4),
        ("x = !ls -l\nx = (list(x), x.n)", "x", ([], "")),
        ("x = 5\nx?\n?x\nsum??", "x", 5),
        ("!pip install \\\n  numpy\nx = 6", "x", 6),
        ("get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')\nx = 7", "x", 7),
        ("get_ipython().run_cell('x = 8')", "x", 8),
        ("get_ipython().events.register('post_execute', print)\nx = 9", "x", 9),
        ("from IPython import get_ipython\nget_ipython().magic('time x = 10')", "x", 10),
        ("%load_ext autoreload\n%autoreload 2\n%config InlineBackend.figure_format = 'svg'\nx = 11", "x", 11),
        ("%%capture said\nprint('hello')", "said", "hello\n"),
        ("x = 12\nx", "_", 12),
        ("import asyncio\nasync def f():\n    await asyncio.sleep(0.001)\n    return 13\nx = await f()", "x", 13),
        (">>> x = 14\n>>> x", "x", 14),
        ("  x = 15", "x", 15),
        ("%%time\r\nx = 16\r\n", "x", 16),
        ("display(1, 'two')\nx = 17", "x", 17),
        ("help(sum)\nexit()\nquit\nx = 18", "x", 18),
        ("%reset -f\nx = 19\ndisplay(x)", "x", 19),
    ],
)
def test_a_cell_means_what_it_means_in_jupyter(kernel, source, name, value):
    assert kernel.run(source, 0) is None
    found = kernel.namespace[name]
    assert getattr(found, "stdout", found) == value


@pytest.mark.parametrize("magic", ["%%script echo", "%%bash", "%%html", "%%javascript", "%%latex", "%%something_of_my_own"])
def test_the_body_of_another_languages_magic_is_not_run(kernel, magic):
    assert kernel.run(f"{magic}\nx = 1", 0) is None
    assert "x" not in kernel.namespace


@pytest.mark.parametrize("line", ["pip install numpy", "ls -l", "cd .", "pwd", "matplotlib inline", "load_ext autoreload"])
def test_a_line_that_is_a_magic_without_its_sign_is_one(kernel, line):
    assert kernel.run(line, 0) is None


def test_a_name_of_the_students_own_is_no_magic(kernel):
    kernel.run("time = 3", 0)
    assert kernel.run("time", 1) is None and kernel.namespace["_"] == 3


@pytest.mark.parametrize(
    "source, line",
    [
        ("x = 1\n1 / 0", 2),
        ("%%time\nx = 1\n1 / 0", 3),
        ("\n\n%matplotlib inline\n1 / 0", 4),
        ("%%capture\n\n1 / 0", 3),
        ("def f():\n    return 1 / 0\nf()", 2),
        ("x = (1,\n", 1),
        ("return 5", 1),
    ],
)
def test_an_error_is_shown_at_its_line(kernel, source, line):
    error = kernel.run(source, 3)
    assert error["line"] == line and error["type"] in ("ZeroDivisionError", "SyntaxError")


def test_what_stands_below_an_error_is_still_defined(kernel):
    error = kernel.run(
        "import nowhere_to_be_found\nimport math\ndef f():\n    return math.pi\nx = 1\ng = lambda: f()\n"
        "class A:\n    pass\n@undefined\ndef h():\n    pass\ndef k():\n    return 7",
        0,
    )
    assert error["type"] == "ModuleNotFoundError" and error["line"] == 1
    assert kernel.namespace["g"]() == np.pi and kernel.namespace["k"]() == 7
    assert "x" not in kernel.namespace and "h" not in kernel.namespace


@pytest.mark.parametrize("magic", ["", "%%time\n", "%%capture\n", "%matplotlib inline\n"])
def test_a_cell_that_never_ended_still_defines(kernel, magic):
    assert kernel.run(f"{magic}def f():\n    return 1\nwhile True:\n    pass", 0, definitions=True) is None
    assert kernel.namespace["f"]() == 1


def test_future_imports_carry_on(kernel):
    assert kernel.run("from __future__ import annotations", 0) is None
    assert kernel.run("def f(x: of_no_known_type):\n    return x", 1) is None


def test_await_needs_no_sockets(kernel, monkeypatch):
    def refused(*_):
        raise PermissionError("no sockets here")

    monkeypatch.setattr(socket, "socketpair", refused)
    assert kernel.run("import asyncio\nawait asyncio.gather(asyncio.sleep(0.001), asyncio.sleep(0.002))\nx = 1", 0) is None


def test_input_is_answered_by_nobody(kernel):
    assert kernel.run("name = input('Your name? ')", 0)["type"] == "StdinNotImplementedError"


def test_a_notebook_runs_another_file(kernel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert kernel.run("%%writefile more.py\nx = 1", 0) is None and "x" not in kernel.namespace
    assert kernel.run("%run more.py", 1) is None and kernel.namespace["x"] == 1
    assert kernel.run("from more import x as y", 2) is None or "" not in sys.path


def grade(**changed):
    """What the reference's cells get with some of them replaced, in the released notebook."""
    extra = changed.pop("extra", {})
    limits, files = changed.pop("limits", Limits()), changed.pop("files", {})
    nb = restore(TEMPLATE, TEMPLATE).notebook
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = changed.get(name, CHAPTER.sources[name])
    for name, where in changed.pop("moved", {}).items():
        at = next(i for i, c in enumerate(nb.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == name)
        nb.cells.insert(where, nb.cells.pop(at))
    for where, source in sorted(extra.items(), reverse=True):
        at = (
            len(nb.cells)
            if where == "end"
            else 1 + next(i for i, c in enumerate(nb.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == where)
        )
        sources = source if isinstance(source, list) else [source]
        nb.cells[at:at] = [notebook.nbformat.v4.new_code_cell(text) for text in sources]
    mended = restore(nb, TEMPLATE)
    return Examiner(CHAPTER, b"k" * 32, limits, SANDBOXED).examine("ada", mended.cells, mended.places, files)


def points(record):
    return {name: found["points"] for name, found in record["exercises"].items()}


FULL = {e.name: e.max_points for e in CHAPTER.exercises}


@pytest.mark.parametrize(
    "extra",
    [
        {"end": "sigmoid = sigmoid(0.0)"},
        {"end": "def relu(Z):\n    return 'an older version'"},
        {f"check_{CHAPTER.exercises[-1].name}": "relu = sigmoid = None"},
        {"import-numpy-as-np": "import subprocess\nsubprocess.run(['true'])"},
        {"relu": "%%script echo skipped\ndef relu(Z):\n    return Z * (Z > 1)"},
        {"end": "import os\nos._exit(0)"},
        {"relu": "import os\nos._exit(0)"},
    ],
)
def test_what_is_no_part_of_an_answer_cannot_spoil_it(extra):
    assert points(grade(extra=extra)) == FULL


def test_what_came_before_a_check_counts():
    record = grade(extra={"relu": "def relu(Z):\n    return Z"})
    assert record["exercises"]["relu"]["points"] == 0
    record = grade(extra={"check_relu": "def relu(Z):\n    return Z"})
    assert record["exercises"]["relu"]["points"] == 1 and record["exercises"]["forward_propagation"]["points"] < 1


@pytest.mark.parametrize("where", [0, 1, 12])
def test_a_moved_check_counts_after_its_solution(where):
    assert points(grade(moved={"check_relu": where, "check_sigmoid": where})) == FULL


def test_a_worker_that_dies_in_a_call_is_started_again_up_to_the_place():
    record = grade(
        sigmoid="def sigmoid(Z):\n    import os\n    os._exit(0)",
        extra={"check_sigmoid": CHAPTER.sources["sigmoid"], "end": "def relu(Z):\n    return 0"},
    )
    assert points(record) == {**FULL, "sigmoid": 0}


STUB = next(c.source for c in TEMPLATE.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "relu")


@pytest.mark.parametrize(
    "relu, extra, status, says",
    [
        (STUB, {}, "not attempted", ""),
        (STUB.replace("raise", "return np.maximum(Z, 0.0)\n    raise"), {}, "right", ""),
        (STUB.replace("    # YOUR", "    Z = np.maximum(Z, 0.0)\n    # YOUR"), {}, "error", "still stands in relu"),
        (
            "def relu(Z):\n    if np.ndim(Z):\n        raise NotImplementedError\n    return max(Z, 0)",
            {},
            "wrong",
            "NotImplementedError",
        ),
        ("def relU(Z):\n    return Z", {}, "error", "no cell makes relu"),
        ("from helpers import relu", {}, "error", "nor handed in beside the notebook"),
        ("x = undefined\nrelu = max(x, 0)", {}, "error", "cell 4, which should make relu, stops with NameError at line 1"),
        ("def relu(Z:\n    return Z", {}, "error", "stops with SyntaxError at line 1"),
        (STUB, {"check_relu": "def relu(Z):\n    return np.maximum(Z, 0.0)"}, "error", "stands below the check of relu"),
        ("x = 1", {"check_relu": "def relu(Z):\n    return np.maximum(Z, 0.0)"}, "error", "stands below the check of relu"),
        ("relu = 5", {}, "error", "relu is no function"),
    ],
)
def test_what_is_said_of_a_function_that_is_not_there_is_so(relu, extra, status, says):
    found = grade(relu=relu, extra=extra)["exercises"]["relu"]
    assert found["status"] == status and says in " ".join(found["lines"]), found


@pytest.mark.parametrize(
    "scratch",
    [
        ["import time\ntime.sleep(1.5)"] * 6,  # each too slow
        ["import time\ntime.sleep(0.8)"] * 12,  # too slow together
        ["history = []\nwhile True:\n    history = [*history[-9:], np.exp(1.0)]"] * 3,
    ],
)
@pytest.mark.parametrize("where", ["end", "import-numpy-as-np", "relu"])
def test_scratch_work_does_not_eat_the_answers_time(scratch, where):
    begun = time.monotonic()
    record = grade(extra={where: scratch}, limits=Limits(cell=1.0, cells=2.0, answers=20.0))
    assert points(record) == FULL and time.monotonic() - begun < 12
    assert any("passed over" in note for note in record["notes"])


def test_a_slow_cell_that_defines_an_answer_still_defines_it():
    source = CHAPTER.sources["relu"] + "\nimport time\ntime.sleep(30)"
    assert points(grade(relu=source, limits=Limits(cell=1.0))) == FULL


def test_which_cells_the_answers_need():
    cells = {
        "import": "import numpy as np",
        "relu": "def relu(Z):\n    return np.maximum(Z, low)",
        "low": "low = 0",
        "scratch": "import time\nstart = time.time()\nwhile time.time() - start < 8:\n    relu(np.ones(3))",
        "timed": "%time history = relu(3)",
        "shown": "print(history)\nnp.mean(history)",
        "appended": "cache.append(1)",
        "uses": "def uses(Z):\n    cache[1] = 2",
        "called": "for i in range(9):\n    uses(i)",
        "cache": "cache = [0]",
        "seed": "np.random.seed(0)",
        "run": "%run more.py",
        "star": "from helpers import *",
        "exec": "exec('low = 1')",
    }
    numbered = list(enumerate(cells.values()))
    found = [[list(cells)[n] for n in sorted(needed(numbered, names))] for names in (["relu"], ["relu", "uses"])]
    assert found[0] == ["low", "seed", "run", "star", "exec"]
    assert found[1] == ["low", "appended", "called", "cache", "seed", "run", "star", "exec"]


def test_a_limit_is_set_in_nbgrader_config(tmp_path):
    config = tmp_path / "nbgrader_config.py"
    assert examine.limits(tmp_path) == Limits()
    config.write_text("c = get_config()\nc.Examine.limits = {'cell': 20.0}")
    assert examine.limits(tmp_path) == Limits(cell=20.0)
    config.write_text("c = get_config()\nc.Examine.limits = {'cel': 20.0}")
    with pytest.raises(course.CourseError, match="knows start, cell"):
        examine.limits(tmp_path)


def test_conduct_is_charged_to_the_function_that_has_it():
    record = grade(relu="def relu(Z):\n    np.random.seed(0)\n    return np.maximum(Z, 0.0)")
    assert points(record) == {**FULL, "relu": 0.5}
    assert record["exercises"]["relu"]["diagnoses"] == ["global-random"]
    check = course.load(ROOT / "exercises" / NAME / "checks.py", "public").check
    functions = CHAPTER.functions(relu="def relu(Z):\n    np.random.seed(0)\n    return np.maximum(Z, 0.0)")
    assert check.verdict(functions["relu"]).points == 0.5
    for name in ("forward_propagation", "backward_propagation"):
        assert check.verdict(functions[name]).points == FULL[name]


MARKED = "    # YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.mark.parametrize(
    "source",
    [
        f"def relu(Z) -> object:\n{MARKED}",
        f"def relu(Z):\n    a = 1\n{MARKED}",
        f"def relu(Z):\n    a = {' + '.join('1' * 900)}\n{MARKED}",
    ],
)
def test_a_stub_that_is_begun_is_told_as_that_in_the_notebook_and_at_grading(source):
    """Whatever was begun: an annotation, a line, a line that is deeper than Python's own tools go."""
    linecache.cache["begun"] = len(source), None, source.splitlines(True), "begun"
    space = {}
    exec(compile(source, "begun", "exec"), space)
    check = course.load(ROOT / "exercises" / NAME / "checks.py", "public").check
    verdict, found = check.verdict(space["relu"]), grade(relu=source)["exercises"]["relu"]
    assert (verdict.status, verdict.diagnoses) == (found["status"], found["diagnoses"]) == ("error", ["stub-left"])
    assert "of the stub still stands in relu" in verdict.lines[0] and "of the stub still stands in relu" in found["lines"][0]


HOLDS_ITSELF = "a = []\n    a += [a, a]\n    return a"
DEEP = "a = []\n    for _ in range(100_000):\n        a = [a]\n    return a"


@pytest.mark.parametrize(
    "body",
    [
        HOLDS_ITSELF,
        DEEP,
        "return [0.5] * 1_000_000",
        "a = {}\n    a['a'] = a['b'] = a\n    return a",
        "return np.zeros((2000, 2000))",
        "return 10 ** 100_000",
        "return 'x' * 10_000_000",
        "class Endless(list):\n        def __iter__(self):\n            while True:\n                yield 1\n    return Endless([1])",
    ],
)
def test_an_answer_without_end_gets_a_verdict_at_once(body):
    source = f"def relu(Z):\n    {body}"
    begun = time.monotonic()
    check = course.load(ROOT / "exercises" / NAME / "checks.py", "public").check
    verdict = check.verdict(CHAPTER.functions(relu=source)["relu"])
    found = grade(relu=source)["exercises"]
    assert time.monotonic() - begun < 20 and verdict.points == 0 and verdict.lines  # of which half is NumPy's, in what calls relu
    shapes = re.compile(r"shape \(.*?\)")  # which come from the secret there
    assert [shapes.sub("", line) for line in found["relu"]["lines"]] == [shapes.sub("", line) for line in verdict.lines]
    assert found["sigmoid"]["points"] == 1


def test_an_answer_as_large_as_is_needed_crosses_whole():
    for value in ([0.5] * 30_000, np.zeros((500, 500)), [np.ones(3)] * 5000, "x" * 1_000_000):
        assert wire.decode(wire.encode(value)) is not None and not isinstance(wire.decode(wire.encode(value)), wire.Opaque)


def test_what_a_function_prints_is_shown_once(capsys):
    check = course.load(ROOT / "exercises" / NAME / "checks.py", "public").check
    functions = CHAPTER.functions(
        relu="def relu(Z):\n    print('in relu')\n    return np.maximum(Z, 0.0)",
        forward_propagation=CHAPTER.sources["forward_propagation"].replace("):\n", "):\n    print('in forward')\n", 1),
    )
    check(functions["relu"])
    assert capsys.readouterr().out.count("in relu") == 1
    check(functions["forward_propagation"])
    assert capsys.readouterr().out.count("in forward") == 1


def test_outputs_and_attachments_are_dropped_while_reading():
    nb = json.loads(notebook.dumps(TEMPLATE))
    nb["metadata"]["outputs"] = [{"outputs": "]"}]
    odd = {"data": {'a]}"\\': ["x", {"outputs": [1]}], "image/png": "iVBORw0KGgo=\n" * 1000}, "outputs": [[]]}
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [odd] * 50
            cell["source"] = [*cell["source"], '# "outputs": [1, "]'] if isinstance(cell["source"], list) else cell["source"]
        else:
            cell["attachments"] = {"a.png": odd}
    for indent in (None, 1):
        found = json.loads(read.without_outputs(json.dumps(nb, indent=indent).encode()))
        for cell, was in zip(found["cells"], nb["cells"]):
            assert cell == {**was, **({"outputs": []} if "outputs" in was else {"attachments": {}})}
        assert found["metadata"] == nb["metadata"]


@pytest.mark.parametrize("junk", [b'"' + b'\\"' * 5_000_000, b'"' * 1_000_001, b"}" * 10, b'{"cells": [{"outputs": ['])
def test_what_is_no_notebook_is_looked_through_quickly(junk):
    begun = time.process_time()
    assert read.without_outputs(junk).startswith(junk[:20])
    assert time.process_time() - begun < 5


def test_what_is_nested_too_deeply_is_refused_quickly():
    begun = time.process_time()
    with pytest.raises(notebook.NotebookError, match="nested too deeply"):
        read.without_outputs(b"[" * 10_000_000)
    assert time.process_time() - begun < 5


def test_files_beside_a_notebook_that_its_code_may_read(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("helpers.py", "data/x.csv", ".hidden", "checks.py", "timestamp.txt", f"{NAME}.ipynb", ".git/config"):
        (tmp_path / name).write_text(name)
    (tmp_path / "large.npy").write_bytes(bytes(Limits().beside[0] + 1))
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.py")
    assert read.files_beside(tmp_path, NAME, LIMITS) == {"helpers.py": b"helpers.py", "data/x.csv": b"data/x.csv"}
    for number in range(100):
        (tmp_path / f"a{number:03}.txt").write_bytes(b"x" * 300_000)
    files = read.files_beside(tmp_path, NAME, LIMITS)
    assert len(files) <= Limits().beside[1] and sum(map(len, files.values())) <= Limits().beside[2] and "helpers.py" in files


def test_code_finds_what_was_handed_in_beside_it():
    worker = Worker(sandboxed=SANDBOXED)
    there = worker.files({"x.txt": b""})
    worker.close()
    if not there:
        pytest.skip("a submission has no folder of its own here")
    files = {"helpers.py": CHAPTER.sources["relu"].replace("np.", "__import__('numpy').").encode(), "data/low.txt": b"0"}
    assert points(grade(relu="from helpers import relu", files=files)) == FULL
    reads = "def relu(Z):\n    return np.maximum(Z, low)\nlow = float(open('data/low.txt').read())"
    assert points(grade(relu=reads, files=files)) == FULL


def test_cells_that_end_the_process_are_not_waited_for_one_by_one():
    begun = time.monotonic()
    record = grade(extra={"import-numpy-as-np": ["import os\nos._exit(0)"] * 500}, limits=Limits(cells=2.0))
    assert points(record) == FULL and time.monotonic() - begun < 20


def test_feedback_reaches_a_pipe_in_a_windows_code_page(tmp_path):
    shutil.copytree(
        ROOT / "exercises" / "03-activations", tmp_path / "03-activations", ignore=shutil.ignore_patterns("__pycache__")
    )
    path = tmp_path / "03-activations" / "03-activations.ipynb"
    nb = notebook.read(path)
    relu = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "relu")
    relu.source = "def relu(Z):\n    print('∇ — ü')\n    return np.where(Z > 0, Z, 0.01 * Z)"
    path.write_text(notebook.dumps(nb), encoding="utf-8")
    for page in ("cp1252", "cp850", "cp437"):
        done = subprocess.run(
            [sys.executable, "-m", "backprop", "check", str(path)],
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": page},
        )
        assert done.returncode == 1 and b"  -> " in done.stdout and b"UnicodeEncodeError" not in done.stdout + done.stderr, done


def test_backprop_check_says_of_a_deleted_check_what_grading_says(tmp_path):
    shutil.copytree(ROOT / "exercises" / NAME, tmp_path / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / NAME / f"{NAME}.ipynb"
    nb = notebook.read(path)
    nb.cells = [c for c in nb.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    nb.cells += [notebook.nbformat.v4.new_code_cell("import os\nos._exit(0)")]
    path.write_text(notebook.dumps(nb), encoding="utf-8")
    done = run("backprop", "check", str(path), cwd=ROOT, ok=False)
    assert done.returncode == 1 and done.stdout.endswith(
        "A cell has ended Python, or taken all memory: nothing below it was run or checked.\n"
    )
    nb.cells.pop()
    path.write_text(notebook.dumps(nb), encoding="utf-8")
    done = run("backprop", "check", str(path), cwd=ROOT, ok=False)
    assert done.returncode == 1 and done.stdout.count("Not attempted yet") == len(CHAPTER.exercises)


def test_a_check_before_its_cell_was_run_is_told_in_one_line(tmp_path):
    """In a real kernel; every other NameError keeps its traceback."""
    shutil.copytree(ROOT / "exercises" / NAME, tmp_path / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    nb = notebook.read(tmp_path / NAME / f"{NAME}.ipynb")
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") in ("import-numpy-as-np", "check_relu")]
    nb.cells += [notebook.nbformat.v4.new_code_cell("def f():\n    return relu(1)\nf()")]
    for cell in nb.cells:
        cell.metadata = notebook.nbformat.from_dict({"tags": ["raises-exception"]})
    notebook.execute(nb, tmp_path / NAME)
    _, check, other = (cell.outputs for cell in nb.cells)
    assert check[0].traceback == ["CheckError: there is no relu yet: run the cell above that makes it, then this one again."]
    assert "".join(other[0].traceback).count("relu") > 1 and other[0].ename == "NameError"
