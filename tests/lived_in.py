"""A bank of notebooks as students really leave them, each with what it deserves, function by function.

Used by the tests, which run each in a real kernel, with ``backprop check``, and graded, and demand one verdict of all.
In each, one function is wrong by a known mistake and the others are right, unless the case says more. The bank is
written for the chapter on backward propagation, with a few notebooks of other chapters.
"""

import copy
import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import nbformat

from backprop import notebook
from backprop.course import Chapter, assignments
from backprop.grading.classroom import fill

# The functions that the bank is about: one behind the last that a notebook is wrong in, what it leans on, and one whose stub holds
# given code, among them.
SHORT = ("relu", "sigmoid", "forward_propagation", "weight_gradient", "back_through", "backward_propagation", "input_gradient")
RIGHT, WRONG, UNTOUCHED = "right", "not right", "not attempted"


@dataclass(frozen=True)
class Case:
    """One lived-in notebook.

    Parameters
    ----------
    name : str
        Also the student's.
    edits : tuple of callable
        Each takes the notebook, filled in, and changes it in place.
    wrong : str
        The function that holds a known mistake. Where it is not the last, those that could call it stand on their own.
    also : tuple of str
        Other functions that are not right either, as they come to call something wrong.
    untouched : tuple of str
        Functions whose stub is still there.
    unchecked : tuple of str
        Functions whose check is not, or not in its place, in the student's own notebook: only grading can tell.
    says : str
        A word that one line of the feedback holds, where a sandbox has to differ from a kernel.
    assignment : str
        How the assignment's name goes on after its number.
    files : dict
        What lies beside the notebook: path to bytes, or to None for a file as released.
    write : callable
        Makes the file's bytes of the notebook.
    """

    name: str
    edits: tuple[Callable, ...]
    wrong: str = "backward_propagation"
    also: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    says: str = ""
    assignment: str = "backward-propagation"
    files: dict = field(default_factory=dict)
    write: Callable = lambda nb: notebook.dumps(nb).encode()


def case(name, *edits, **more):
    return Case(name, edits, **more)


@cache
def _chapter(root, assignment):
    """One for all cases of an assignment: what it reads of the course's files, each would read again."""
    return Chapter(root, next(name for name in assignments(root) if name.partition("-")[2] == assignment))


def chapter_of(root, case) -> Chapter:
    """The chapter that a case belongs to."""
    return _chapter(root, case.assignment)


def deserved(case, exercises) -> dict[str, str]:
    """What each function of a case deserves: `RIGHT`, `WRONG` or `UNTOUCHED`."""
    wrong = {case.wrong, *case.also} - set(case.untouched)
    return {e.name: WRONG if e.name in wrong else UNTOUCHED if e.name in case.untouched else RIGHT for e in exercises}


def make(case, chapter) -> bytes:
    """The notebook of a case, made of the released one and the references."""
    sources = {name: _as_typed(source) for name, source in chapter.sources.items()}
    mistakes = chapter.mistakes(case.wrong)
    mistake = mistakes[zlib.crc32(case.name.encode()) % len(mistakes)]
    for exercise in chapter.exercises:
        if case.wrong in exercise.uses and not case.also:
            sources[exercise.name] = chapter.variants(exercise.name)[ALONE[exercise.name]]
    sources[case.wrong] = _as_typed(mistake.apply(chapter.sources[case.wrong]))
    for name in case.untouched:
        del sources[name]
    nb = fill(notebook.read(chapter.root / "exercises" / chapter.name / f"{chapter.name}.ipynb"), sources)
    for edit in case.edits:
        edit(nb)
    for number, cell in enumerate(nb.cells):  # a notebook is the same whenever it is made
        if cell.metadata.get("own"):
            cell.metadata.pop("own")
            cell.id = f"own-{number}"
    return case.write(nb)


def put(case, chapter, folder):
    """Write a case's notebook, and what lies beside it, into a folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{chapter.name}.ipynb").write_bytes(make(case, chapter))
    for name, data in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            shutil.copy(chapter.root / "exercises" / chapter.name / name, folder / name)
        else:
            (folder / name).write_bytes(data)


# Right answers that call none of the others.
ALONE = {
    "forward_propagation": "einsum",
    "backward_propagation": "rows",
    "backward_graph": "own_forward",
    "input_gradient": "alone",
    "backward_leaky": "alone",
    "forward_one": "loops",
}


def _as_typed(source):
    """A reference as a student would have it: without the marks that nbgrader takes out."""
    return "\n".join(line for line in source.split("\n") if "### " not in line)


# Edits. A place is a cell's grade_id: a function's name, or check_ and that.


def _place(nb, name):
    return next(n for n, c in enumerate(nb.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def _own(source, kind="code", **more):
    made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}[kind]
    cell = made(source, **more)
    cell.metadata["own"] = True
    return cell


def top(*sources):
    """Cells of the student's own below the imports."""
    return lambda nb: nb.cells.__setitem__(slice(2, 2), [_own(source) for source in sources])


def end(*sources):
    """Cells of the student's own at the end."""
    return lambda nb: nb.cells.extend(_own(source) for source in sources)


def before(name, *sources, kind="code"):
    """Cells of the student's own ahead of a place."""
    return lambda nb: nb.cells.__setitem__(slice(_place(nb, name), _place(nb, name)), [_own(s, kind) for s in sources])


def after(name, *sources, kind="code"):
    """Cells of the student's own behind the check of a function, or behind another place."""

    def edit(nb):
        at = _place(nb, name if name.startswith("check_") else f"check_{name}") + 1
        nb.cells[at:at] = [_own(source, kind) for source in sources]

    return edit


def first(name, lines):
    """Lines at the top of a function's cell."""
    return source(name, lambda text: f"{lines}\n{text}")


def last(name, lines):
    """Lines at the bottom of a function's cell."""
    return source(name, lambda text: f"{text}\n\n{lines}")


def inside(name, lines):
    """Lines at the top of a function's body."""

    def edit(text):
        import ast

        body = next(node for node in ast.parse(text).body if getattr(node, "name", "") == name).body
        start = body[0].end_lineno if isinstance(body[0], ast.Expr) and len(body) > 1 else body[0].lineno - 1
        rows = text.split("\n")
        return "\n".join(rows[:start] + ["    " + line for line in lines.split("\n")] + rows[start:])

    return source(name, edit)


def source(name, change):
    """A function's cell, changed."""

    def edit(nb):
        cell = nb.cells[_place(nb, name)]
        cell.source = change(cell.source)

    return edit


def answer(**sources):
    """Functions' cells, written by the student from nothing."""

    def edit(nb):
        for name, text in sources.items():
            nb.cells[_place(nb, name)].source = text.strip("\n")

    return edit


def without(*names):
    """Cells deleted."""

    def edit(nb):
        for name in names:
            del nb.cells[_place(nb, name)]

    return edit


def merged(first, *names):
    """Cells joined, as Jupyter joins them: the first one's metadata stays."""

    def edit(nb):
        for name in names:
            nb.cells[_place(nb, first)].source += "\n\n" + nb.cells.pop(_place(nb, name)).source

    return edit


def moved(name, behind):
    """A cell moved behind another."""

    def edit(nb):
        cell = nb.cells.pop(_place(nb, name))
        nb.cells.insert(_place(nb, behind) + 1, cell)

    return edit


def doubled(name, change=lambda source: source, behind=None):
    """A cell copied and pasted, with all its metadata."""

    def edit(nb):
        cell = copy.deepcopy(nb.cells[_place(nb, name)])
        cell.source, cell.metadata["own"] = change(cell.source), True
        nb.cells.insert(_place(nb, behind or name) + 1, cell)

    return edit


def every(change, solutions_only=False):
    """Each code cell, changed."""

    def edit(nb):
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "code" and (not solutions_only or cell.metadata.get("nbgrader", {}).get("solution")):
                change(number, cell)

    return edit


def _sources(change):
    def edit(nb):
        for cell in nb.cells:
            cell.source = change(cell.source)

    return edit


def _checks_at_the_end(nb):
    checks = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")]
    nb.cells = [c for c in nb.cells if c not in checks] + checks


def _pair_moved_up(nb):
    pair = [nb.cells.pop(_place(nb, "sigmoid")), nb.cells.pop(_place(nb, "check_sigmoid"))]
    nb.cells[_place(nb, "relu") : _place(nb, "relu")] = pair


def _without_metadata(nb):
    for cell in nb.cells:
        cell.metadata.pop("nbgrader", None)


def _one_cell(nb):
    """All answers in one cell at the top; each stub's cell is deleted."""
    names = [c.metadata.nbgrader.grade_id for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")]
    merged(*names)(nb)
    own = _own(nb.cells[_place(nb, names[0])].source)
    without(names[0])(nb)
    nb.cells.insert(2, own)


# What other programs write into a notebook


def _colab(nb):
    nb.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": [], "toc_visible": True, "gpuType": "T4"},
            "accelerator": "GPU",
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(nb.cells):
        cell.metadata.update({"id": f"aB3_{number:08}", "colab": {"base_uri": "https://localhost:8080/", "height": 35}})
        if cell.cell_type == "code":
            cell.metadata["executionInfo"] = {
                "status": "ok",
                "timestamp": 1761000000000 + number,
                "user_tz": -120,
                "elapsed": 3,
                "user": {"displayName": "Ada", "userId": "0123"},
            }
            cell.metadata["outputId"] = "0f"
        cell.metadata["outputs_hidden"] = False
    nb.cells.insert(1, _own("from google.colab import drive\ndrive.mount('/content/drive')"))


def _vscode(nb):
    nb.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": ".venv (3.12.3)", "language": "python"},
            "language_info": {
                "codemirror_mode": {"name": "ipython", "version": 3},
                "file_extension": ".py",
                "mimetype": "text/x-python",
                "name": "python",
                "nbconvert_exporter": "python",
                "pygments_lexer": "ipython3",
                "version": "3.12.3",
            },
            "vscode": {"interpreter": {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b9275f58929596ceb00d14d90e3e16cd6"}},
        }
    )
    for cell in nb.cells:
        cell.metadata["vscode"] = {"languageId": "python"}


def _lab(nb):
    nb.metadata.update({"toc-autonumbering": True, "toc-showcode": False, "widgets": {}})
    for cell in nb.cells:
        cell.metadata.update({"jupyter": {"source_hidden": False}, "slideshow": {"slide_type": ""}, "tags": ["mine"]})
        if cell.cell_type == "code":
            cell.metadata.update({"scrolled": True, "collapsed": False, "editable": True})
            cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00.000000Z", "shell.execute_reply": "x"}


def _classic(nb):
    nb.metadata.update({"toc": {"base_numbering": 1}, "varInspector": {"cols": {"lenName": 16}}, "hide_input": False})
    for cell in nb.cells:
        cell.metadata.update({"ExecuteTime": {"end_time": "x", "start_time": "y"}, "hidden": True, "heading_collapsed": True})


def _stored_outputs(nb):
    """Outputs of an earlier session: out of order, with errors that are mended by now."""
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            cell.execution_count = 90 - number
            cell.outputs = [
                nbformat.v4.new_output("stream", name="stderr", text="old words\n"),
                nbformat.v4.new_output("error", ename="NameError", evalue="old", traceback=["\x1b[31mNameError\x1b[0m"]),
            ]


def _pictures(megabytes):
    def edit(nb):
        cell = nb.cells[_place(nb, "check_sigmoid")]
        picture = {"image/png": "iVBORw0KGgo" + "A" * (megabytes << 20), "text/plain": "<Figure>"}
        cell.outputs, cell.execution_count = [nbformat.v4.new_output("display_data", picture)], 3

    return edit


def _attachments(megabytes):
    def edit(nb):
        cell = _own("Photographed from the blackboard: ![board](attachment:board.png)", "markdown")
        cell.attachments = {"board.png": {"image/png": "iVBORw0KGgo" + "A" * (megabytes << 20)}}
        nb.cells.insert(3, cell)

    return edit


def _format(minor):
    """As written by programs of that format; cells have ids from 4.5 on."""

    def write(nb):
        data = json.loads(notebook.dumps(nb))
        data["nbformat_minor"] = minor
        for cell in data["cells"]:
            cell.pop("id", None)
        return json.dumps(data, indent=1).encode()

    return write


def _same_ids(nb):
    data = json.loads(notebook.dumps(nb))
    for number, cell in enumerate(data["cells"]):
        cell["id"] = f"cell-{number // 4}"
    return json.dumps(data).encode()


def _windows_file(nb):
    return b"\xef\xbb\xbf" + notebook.dumps(nb).replace("\n", "\r\n").encode()


def _odd_lists(nb):
    """Sources as lists, broken elsewhere than at line ends."""
    data = json.loads(json.dumps(nb))
    for cell in data["cells"]:
        cell["source"] = [cell["source"][i : i + 7] for i in range(0, len(cell["source"]), 7)]
    return json.dumps(data).encode()


# Pieces of students' code

AFFINE = """
def forward_propagation(X, W_B):
    Z1 = f(W_B["W1"], X, W_B["b1"])
    A = np.maximum(Z1, 0)
    Z2 = f(W_B["W2"], A, W_B["b2"])
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": np.exp(-np.logaddexp(0, -Z2))}
"""
HISTORY = """
history = []
def backward_propagation(X, W_B, Y_true):
    m = X.shape[1]
    c = forward_propagation(X, W_B)
    d2 = c["Y_pred"] - Y_true
    d1 = (W_B["W2"].T @ d2) * (c["Z1"] > 0)
    g = {"dLdW2": d2 @ c["A"].T / m, "dLdb2": d2.sum(axis=1, keepdims=True) / m}
    g |= {"dLdW1": d1 @ X.T / m, "dLdb1": d1.sum(axis=1, keepdims=True) / m}
    L = np.sum(np.logaddexp(0, c["Z2"]) - Y_true * c["Z2"]) / m
    MORE
    return g, L
"""
NAIVE = "def sigmoid(Z):\n    return 1 / (1 - np.exp(-Z))"
TIMED = """
import functools, time

def timed(function):
    WRAPS
    def inner(*arguments, **named):
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            inner.seconds = time.perf_counter() - start
    return inner
"""
HELPERS = b"import numpy as np\n\n\ndef positive(Z):\n    return np.maximum(Z, 0.0)\n"
FROM_HELPERS = {"relu": "from helpers import positive\n\ndef relu(Z):\n    return positive(Z)"}
WB = (
    'W_B = {"W1": np.ones((3, 2)), "b1": np.zeros((3, 1)), "W2": np.ones((1, 3)), "b2": np.zeros((1, 1))}\n'
    "X = np.arange(8.0).reshape(2, 4)"
)
PLOT = (
    'Z = np.linspace(-6, 6, 200)\nfig, ax = plt.subplots()\nax.plot(Z, sigmoid(Z), label=r"$\\sigma$")\nax.legend()\n'
    'ax.set_title("The sigmoid")\nplt.show()'
)
BODY = {
    "relu": "    return np.maximum(Z, 0.0)",
    "sigmoid": "    return 0.5 * (1 + np.tanh(0.5 * np.asarray(Z)))",
}

BANK = [
    # Plots and files
    case("matplotlib-in-the-solution-cell", first("relu", "import matplotlib.pyplot as plt")),
    case("matplotlib-in-a-helper-cell", top("import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (4, 3)")),
    case("matplotlib-inside-the-function", inside("sigmoid", "import matplotlib.pyplot as plt"), wrong="relu"),
    case("plot-behind-a-task", after("sigmoid", "import matplotlib.pyplot as plt\n" + PLOT)),
    case(
        "figure-saved",
        first(
            "sigmoid",
            "import os\nimport matplotlib.pyplot as plt\nos.makedirs('figures', exist_ok=True)\nplt.plot([1, 2])\nplt.savefig('figures/a.png')",
        ),
    ),
    case(
        "log-file-in-the-solution-cell",
        first("relu", "import logging\nlog = logging.getLogger('mine')\nlog.addHandler(logging.FileHandler('mine.log'))"),
        inside("relu", "log.warning('shape %s', np.shape(Z))"),
    ),
    case(
        "temporary-folder", first("relu", "import tempfile\nfolder = tempfile.mkdtemp()\nopen(folder + '/a.txt', 'w').write('x')")
    ),
    case(
        "temporary-file-inside-the-function",
        inside("sigmoid", "import tempfile\nwith tempfile.TemporaryFile() as file:\n    np.save(file, Z)"),
    ),
    case(
        "folder-made",
        first(
            "sigmoid",
            "from pathlib import Path\nPath('results').mkdir(exist_ok=True)\nPath('results/notes.txt').write_text('ü', encoding='utf-8')",
        ),
    ),
    case(
        "saved-and-read-back",
        answer(
            relu="np.save('zero.npy', np.zeros(1))\nzero = np.load('zero.npy')\n\ndef relu(Z):\n    return np.maximum(Z, zero[0])"
        ),
    ),
    case("home-folder", first("relu", "from pathlib import Path\n(Path.home() / '.notes').write_text('x')")),
    case(
        "written-inside-the-function",
        inside("sigmoid", "with open('trace.txt', 'a') as file:\n    print(np.shape(Z), file=file)"),
        end("print(len(open('trace.txt').readlines()))"),
    ),
    # Files beside the notebook
    case("helpers-beside", answer(**FROM_HELPERS), files={"helpers.py": HELPERS}),
    case(
        "helpers-with-a-star",
        top("from helpers import *\nimport helpers, importlib\nimportlib.reload(helpers)"),
        answer(relu="def relu(Z):\n    return helpers.positive(Z)"),
        files={"helpers.py": HELPERS},
    ),
    case(
        "package-beside",
        answer(relu="from tools.activations import positive as relu_\nrelu = lambda Z: relu_(Z)"),
        files={"tools/__init__.py": b"", "tools/activations.py": HELPERS},
    ),
    case(
        "path-of-its-own",
        top("import sys, os\nsys.path.insert(0, os.path.join(os.getcwd(), 'lib'))"),
        answer(**FROM_HELPERS),
        files={"lib/helpers.py": HELPERS},
    ),
    case(
        "data-beside",
        top("data = np.loadtxt('data.csv', delimiter=',', skiprows=1)\nX_train, Y_train = data[:, :2].T, data[:, 2:].T"),
        after("relu", "print(relu(X_train).mean(), open('data.csv').readline())"),
        files={"data.csv": b"x,y,label\n1.0,-2.0,0\n3.5,0.25,1\n"},
    ),
    case(
        "data-in-the-solution-cell",
        answer(
            relu="import csv\nwith open('limits.csv', newline='') as file:\n    LOW = float(next(csv.reader(file))[0])\n\ndef relu(Z):\n    return np.maximum(Z, LOW)"
        ),
        files={"limits.csv": b"0.0,1.0\r\n"},
    ),
    case(
        "file-run",
        top("%run activations.py"),
        answer(relu="def relu(Z):\n    return positive(Z)"),
        files={"activations.py": HELPERS},
    ),
    case("whole-folder-handed-in", files={"checks.py": None, "expected.json": None, "notes.txt": b"to do"}),
    # Names that come to mean something else
    case("name-used-again-at-the-end", end("sigmoid = sigmoid(0.0)\nprint(sigmoid)")),
    case("results-named-like-functions", end(WB, "forward_propagation = forward_propagation(X, W_B)\nrelu = relu(X)")),
    case("old-version-further-down", end("# before I found the overflow\n" + NAIVE)),
    case("old-version-pasted", doubled("sigmoid", lambda source: NAIVE, behind="check_input_gradient")),
    case("old-version-pasted-behind-its-check", doubled("sigmoid", lambda source: NAIVE, behind="check_sigmoid"), wrong="relu"),
    case("old-version-between", after("relu", "def relu(Z):\n    return Z"), also=("forward_propagation", "input_gradient")),
    case("wrong-relu-in-all-that-follows", wrong="relu", also=("forward_propagation", "backward_propagation", "input_gradient")),
    case(
        "right-version-after-a-wrong-one",
        after("relu", "def relu(Z):  # second try, forgot to check it\n    return np.maximum(Z, 0)"),
        answer(relu="def relu(Z):\n    return np.minimum(Z, 0.0)"),
        also=("relu",),
    ),
    case(
        "helper-of-one-name-for-each-task",
        answer(
            relu="def f(Z):\n    return np.maximum(Z, 0)\n\ndef relu(Z):\n    return f(Z)",
            sigmoid="def f(Z):\n    return np.exp(-np.logaddexp(0, -np.asarray(Z)))\n\ndef sigmoid(Z):\n    return f(Z)",
            forward_propagation="def f(W, X, b):\n    return W @ X + b\n" + AFFINE,
        ),
        first("backward_propagation", "def f(d, A):\n    return d @ A.T\n"),
        also=("input_gradient",),
    ),
    case(
        "helper-of-one-name-that-breaks-an-earlier-one",
        answer(
            relu="def f(Z):\n    return np.maximum(Z, 0)\n\ndef relu(Z):\n    return f(Z)",
            sigmoid="def f(Z):\n    return np.exp(-np.logaddexp(0, -np.asarray(Z)))\n\ndef sigmoid(Z):\n    return f(Z)",
        ),
        also=("forward_propagation", "input_gradient"),
    ),
    case("deleted-at-the-end", end("del np, relu, sigmoid, check")),
    case("reset-at-the-end", end("%reset -f")),
    case(
        "builtins-used-as-names",
        end("sum = 0\nlist = []\nfor id in range(3):\n    sum += id\n    list.append(sum)\nprint = max = len = None"),
    ),
    case("builtins-used-as-names-early", top("list = [1, 2]\nsum = 0\nstr = 'x'\ninput = np.ones(3)\nmax = 3\ntype = 'relu'")),
    case("np-used-again", end("np = 3\ncheck = None")),
    case(
        "numpy-twice",
        top("import numpy\nimport numpy as np\nimport numpy.linalg as la\nfrom numpy import *"),
        answer(relu="def relu(Z):\n    return numpy.where(asarray(Z) > 0, Z, 0.0)"),
    ),
    case(
        "constants",
        top("EPSILON = 1e-12\nrng = np.random.default_rng(0)\nW = rng.normal(size=(3, 2))"),
        inside("sigmoid", "assert EPSILON < 1"),
    ),
    case("global-counter", first("relu", "calls = 0"), inside("relu", "global calls\ncalls += 1"), after("relu", "print(calls)")),
    case("defined-twice-in-a-cell", first("sigmoid", NAIVE + "\n\n# better:")),
    case("checked-again-by-hand", after("sigmoid", "check(relu)\ncheck(sigmoid)"), end("for f in (relu, sigmoid):\n    check(f)")),
    case("leftover-of-another-order", after("relu", "print(cache['A'])"), end(WB, "cache = forward_propagation(X, W_B)")),
    # Cells as IPython reads them
    case("shell-output", after("relu", "files = !ls\nprint(len(files))")),
    case("shell-output-in-the-solution-cell", first("relu", "files = !ls -a\n!echo start")),
    case("shell-in-a-loop", first("sigmoid", "for name in ('a', 'b'):\n    !echo {name}\nif True:\n    out = !pwd")),
    case("pip-over-two-lines", first("relu", "!pip install --quiet \\\n    numpy")),
    case("timeit-object", last("relu", "t = %timeit -o -q -n1 -r1 relu(np.zeros(3))"), after("relu", "print(t.best)")),
    case("timeit-object-ahead", first("sigmoid", "t = %timeit -o -q -n1 -r1 np.exp(1.0)")),
    case("timeit-cell", after("relu", "%%timeit -n1 -r1\nrelu(np.zeros(3))")),
    case("help-behind", after("relu", "relu?", "?np.maximum", "relu??", "np.*max*?")),
    case("help-in-the-solution-cell", last("sigmoid", "np.exp?")),
    case("help-ahead-in-the-solution-cell", first("sigmoid", "?np.exp\nnp.where?")),
    case("time-on-the-solution-cell", first("relu", "%%time")),
    case("time-a-statement", last("relu", "%time relu(np.arange(3.0))\nx = %time relu(1.0)"), after("relu", "print(x)")),
    case("capture-on-the-solution-cell", first("relu", "%%capture out"), after("relu", "out.show()")),
    case(
        "magics-called-by-name",
        first(
            "relu",
            "ip = get_ipython()\nip.run_line_magic('matplotlib', 'inline')\nget_ipython().system('echo')\nget_ipython().run_cell_magic('time', '', 'a_name = 1')",
        ),
        after("relu", "print(a_name)"),
    ),
    case("matplotlib-inline", first("relu", "%matplotlib inline\nimport matplotlib.pyplot as plt")),
    case(
        "matplotlib-widget",
        top("%config InlineBackend.figure_format = 'retina'\n%matplotlib widget\nimport matplotlib.pyplot as plt"),
    ),
    case("autoreload", top("%load_ext autoreload\n%autoreload 2"), answer(**FROM_HELPERS), files={"helpers.py": HELPERS}),
    case("many-magics", first("sigmoid", "%precision 4\n%env SEED=3\n%xmode Plain\n%pwd\n%who\n%alias_magic t timeit\n%pdb off")),
    case("magics-that-do-not-exist", top("%no_such_magic", "%load_ext no_such_extension", "%%no_such_cell_magic\nx = 1")),
    case("another-folder", top("%mkdir -p elsewhere\n%cd elsewhere")),
    case("shell-cell", after("relu", "%%bash\nls\necho done", "%%sh\nfalse")),
    case(
        "file-written-by-a-cell",
        before("relu", "%%writefile mine.py\n" + HELPERS.decode()),
        answer(relu="from mine import positive\n\ndef relu(Z):\n    return positive(Z)"),
    ),
    case(
        "pages-and-formulas", top("%%html\n<b>mine</b>", "%%latex\n$a$", "%%markdown\n# Mine", "%%javascript\n1", "%%svg\n<svg/>")
    ),
    case("skipped-with-script", after("relu", "%%script false --no-raise-error\ndef relu(Z):\n    return Z")),
    case("skipped-with-script-that-raises", after("relu", "%%script false\ndef relu(Z):\n    return Z")),
    case(
        "await", after("relu", "import asyncio\nawait asyncio.sleep(0)"), first("sigmoid", "import asyncio\nawait asyncio.sleep(0)")
    ),
    case(
        "async-functions",
        first(
            "relu",
            "import asyncio\nasync def load():\n    await asyncio.sleep(0)\n    return 0.0\n\nasync def count():\n    for i in range(3):\n        yield i\n\nZERO = await load()\nasync for i in count():\n    pass\nnumbers = [i async for i in count()]",
        ),
        inside("relu", "assert ZERO == 0.0"),
    ),
    case(
        "annotations-from-the-future",
        top("from __future__ import annotations"),
        answer(relu="def relu(Z: Array) -> Array:\n    return np.maximum(Z, 0.0)"),
    ),
    case("last-results", after("relu", "relu(np.array([1.0]))", "print(_, __, Out, In[-1])", "relu(2.0);")),
    case("profile", after("relu", "%prun -q relu(np.zeros(3))"), last("sigmoid", "%prun -q sigmoid(np.zeros(3))")),
    case(
        "percent-that-is-no-magic",
        answer(
            relu='TEXT = """\n%time flies\n!like an arrow\n"""\n\ndef relu(Z):\n    assert 7 \\\n        % 4 == 3 and TEXT.count("!")\n    return np.maximum(Z, 0.0)'
        ),
    ),
    # Time and size
    case(
        "slow-scratch-cells",
        *[after("sigmoid", f"import time\nfor epoch in range(4):\n    time.sleep(0.1)\nprint('run {n}')") for n in range(5)],
    ),
    case("slow-scratch-cells-ahead", top(*[f"import time\ntime.sleep(0.4)  # training {n}" for n in range(5)])),
    case("pictures", _pictures(12)),
    case("pictures-attached", _attachments(12)),
    case("long-outputs", after("relu", "for i in range(20_000):\n    print('epoch', i, 'loss', 1 / (i + 1))")),
    case("prints-inside-functions", inside("relu", "print('Z', Z)"), inside("forward_propagation", "print(X.shape, W_B.keys())")),
    case("stored-outputs", _stored_outputs),
    case("answer-that-holds-itself", answer(backward_propagation=HISTORY.replace("MORE", "g['all'] = g")), wrong="sigmoid"),
    case(
        "answer-with-a-long-history",
        answer(backward_propagation=HISTORY.replace("MORE", "history.extend([0.5] * 2000); g['history'] = list(history)")),
        wrong="sigmoid",
    ),
    case(
        "long-history-kept-outside", answer(backward_propagation=HISTORY.replace("MORE", "history.append((g, L))")), wrong="sigmoid"
    ),
    # Conduct, settings, and what is printed
    case("seed-in-relu", answer(relu="def relu(Z):\n    np.random.seed(0)\n    return np.maximum(Z, 0.0)"), also=("relu",)),
    case(
        "seed-at-the-top",
        top("import random\nnp.random.seed(0)\nrandom.seed(0)\nnp.random.randn(3)"),
        after("relu", "relu(np.random.randn(3, 2))"),
    ),
    case("warnings-are-errors", top("import warnings\nwarnings.simplefilter('error')")),
    case(
        "warnings-ignored",
        top("import warnings\nwarnings.filterwarnings('ignore')"),
        first("sigmoid", "import warnings\nwarnings.simplefilter('ignore')"),
    ),
    case("numpy-raises", top("np.seterr(all='raise')")),
    case(
        "overflow-hidden-by-a-setting",
        top("np.seterr(all='ignore')"),
        answer(sigmoid="def sigmoid(Z):\n    return 1 / (1 + np.exp(-np.asarray(Z)))"),
        also=("sigmoid",),
    ),
    case("warnings-inside-the-function", inside("relu", "import warnings\nwarnings.warn('relu is called', UserWarning)")),
    case(
        "asserts-of-its-own",
        after("relu", "assert relu(-1.0) == 0\nassert np.allclose(relu(np.ones(3)), 1)"),
        after("sigmoid", "assert sigmoid(0.0) == 1, 'why?'"),
    ),
    case("assert-that-fails-in-the-solution-cell", last("sigmoid", "assert sigmoid(0.0) == 1, 'why?'")),
    case(
        "scratch-that-raises",
        top("1 / 0"),
        after("relu", "relu(np.ones((2, 3)) @ np.ones((2, 3)))"),
        end("raise ValueError('stop here')"),
    ),
    case("scratch-that-is-no-python", after("relu", "relu(Z) = max(0, Z)"), before("sigmoid", "if True\n    x = 1")),
    # A kernel goes no further than the error, grading does: the name may have been there in an earlier session.
    case(
        "stops-above-its-function",
        first("relu", "print(name_of_an_earlier_session)\n"),
        unchecked=("relu", "forward_propagation", "input_gradient"),
    ),
    case("no-python-in-the-solution-cell", answer(relu="def relu(Z):\n    return np.maximum(Z, 0.0))"), wrong="relu"),
    case(
        "stderr",
        inside("relu", "import sys\nprint('in relu', file=sys.stderr)"),
        after("relu", "import sys\nsys.stderr.write('x')\nsys.stdout.flush()"),
    ),
    case("stdout-lost", top("import io, sys\nsys.stdout = io.StringIO()")),
    case(
        "stdout-redirected",
        inside("relu", "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as text:\n    print(Z)"),
    ),
    case("input-guarded", top("try:\n    name = input('Your name? ')\nexcept Exception:\n    name = 'nobody'")),
    case("input-unguarded", top("name = input('Your name? ')\nprint('Hello', name)")),
    case(
        "display",
        top("from IPython.display import HTML, Image, Markdown, clear_output, display"),
        inside("relu", "display(np.shape(Z))"),
        after("relu", "display(HTML('<b>x</b>'), Markdown('# x'))\nclear_output()\ndisplay(relu(np.zeros(2)))"),
    ),
    case(
        "widgets-guarded",
        first(
            "relu",
            "try:\n    import ipympl, ipywidgets as widgets\n    slider = widgets.FloatSlider()\nexcept ImportError:\n    widgets = None",
        ),
    ),
    case(
        "packages-guarded",
        top(
            "try:\n    import torch, pandas as pd\nexcept ImportError:\n    torch = pd = None\ntry:\n    from numba import njit\nexcept ImportError:\n    njit = lambda f: f"
        ),
        first("relu", "@njit"),
    ),
    case("doctests-run", end("import doctest\ndoctest.testmod()")),
    case(
        "unittests-run",
        end(
            "import unittest\n\nclass TestRelu(unittest.TestCase):\n    def test_zero(self):\n        self.assertEqual(relu(0.0), 1)\n\nunittest.main(argv=[''], exit=False)"
        ),
    ),
    # Where a sandbox has to differ
    case(
        "network-in-a-scratch-cell",
        after("sigmoid", "import socket\nserver = socket.create_server(('127.0.0.1', 0))\nserver.close()"),
        says="network",
    ),
    case(
        "network-in-the-solution-cell",
        first("relu", "import socket\nserver = socket.create_server(('127.0.0.1', 0))\nserver.close()\n"),
        says="network",
    ),
    case(
        "thread-for-fun",
        after("relu", "import threading\nt = threading.Thread(target=relu, args=(1.0,))\nt.start()\nt.join()"),
        says="thread",
    ),
    case(
        "threads-in-the-solution-cell",
        first(
            "sigmoid",
            "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    squares = list(pool.map(abs, range(3)))\n",
        ),
        says="thread",
    ),
    case(
        "program-started", after("relu", "import subprocess\nprint(subprocess.run(['true'], check=True))"), says="program|process"
    ),
    # The notebook's cells
    case(
        "solution-cell-split-in-two",
        answer(relu="def _relu(Z):\n    return np.maximum(Z, 0.0)"),
        before("check_relu", "relu = _relu"),
    ),
    case(
        "solution-split-off-below-its-heading",
        answer(relu="# Task 1: see below"),
        before("check_relu", "def relu(Z):\n    return np.maximum(Z, 0.0)"),
    ),
    case("two-solutions-in-one-cell", merged("relu", "sigmoid")),
    case("task-merged-into-one-cell", merged("relu", "check_relu", "sigmoid"), unchecked=("relu",)),
    case("all-in-one-cell", _one_cell),
    case(
        "stub-kept-above-the-answer",
        before("check_relu", "def relu(Z):\n" + BODY["relu"]),
        answer(relu="def relu(Z):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
    ),
    case(
        "stub-below-the-answer",
        before("sigmoid", "def sigmoid(Z):\n" + BODY["sigmoid"]),
        untouched=("sigmoid",),
        also=("forward_propagation", "input_gradient"),
    ),
    case("one-untouched", untouched=("sigmoid",), wrong="sigmoid"),
    case(
        "stub-and-code-below-its-raise",
        source(
            "relu", lambda text: "def relu(Z):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n    return np.maximum(Z, 0)"
        ),
        wrong="relu",  # begun: what is there is not the released stub
    ),
    case("check-deleted", without("check_relu", "check_backward_propagation"), unchecked=("relu", "backward_propagation")),
    case("check-moved-to-the-end", moved("check_relu", "check_backward_propagation")),
    case("checks-at-the-end", _checks_at_the_end),
    case("check-ahead-of-its-function", moved("relu", "check_relu"), unchecked=("relu",)),
    case(
        "check-edited",
        every(lambda n, c: setattr(c, "source", c.source + "\nprint('again')") if c.source.startswith("check(") else None),
    ),
    case("solution-deleted", without("relu"), wrong="relu"),
    case("solution-pasted-elsewhere", without("sigmoid"), top("def sigmoid(Z):\n" + BODY["sigmoid"])),
    case("cell-doubled", doubled("relu"), doubled("check_sigmoid")),
    case("cells-reordered", _pair_moved_up),
    case("empty-cells", top("", "   \n\n", "# nothing yet"), after("relu", "", "", "pass")),
    case("raw-cell", before("relu", "def relu(Z):\n    return Z", kind="raw"), after("relu", "1 / 0", kind="raw")),
    case(
        "notes",
        before("relu", "**Answer:** $\\max(0, z)$\n\n```python\ndef relu(Z): ...\n```", kind="markdown"),
        after("sigmoid", "✅ überprüft – 完了", kind="markdown"),
    ),
    case("metadata-lost", _without_metadata),
    case("colab", _colab, write=_format(0)),
    case("vscode", _vscode, write=lambda nb: json.dumps(nb, indent=2).encode()),
    case("jupyterlab", _lab),
    case("classic-notebook", _classic, write=_format(1)),
    case("format-4-3", write=_format(3)),
    case("format-4-4", write=_format(4)),
    case("ids-doubled", write=_same_ids),
    case("windows-file", write=_windows_file),
    case(
        "windows-lines",
        first("relu", "%%time"),
        after("relu", "!echo \\\n  x\nrelu?"),
        _sources(lambda text: text.replace("\n", "\r\n")),
    ),
    case("sources-as-strings", write=lambda nb: json.dumps(nb).encode()),
    case("sources-as-odd-lists", write=_odd_lists),
    case("tabs", every(lambda n, c: setattr(c, "source", c.source.replace("    ", "\t")), solutions_only=True)),
    case(
        "indented-and-padded",
        source("relu", lambda text: "\n\n" + "\n".join("    " + line if line else "" for line in text.split("\n")) + "\n\n   \n"),
    ),
    # The ways of writing Python
    case(
        "type-hints",
        answer(
            relu="from typing import TypeAlias\nfrom numpy.typing import NDArray\n\nArray: TypeAlias = NDArray[np.float64]\n\ndef relu(Z: Array | float) -> Array | float:\n    result: Array = np.maximum(Z, 0.0)\n    return result"
        ),
    ),
    case(
        "dataclass",
        first(
            "forward_propagation",
            "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Layer:\n    W: np.ndarray\n    b: np.ndarray\n\n    def __call__(self, X):\n        return self.W @ X + self.b\n",
        ),
        inside("forward_propagation", "hidden = Layer(W_B['W1'], W_B['b1'])\nassert hidden(X).shape[1] == X.shape[1]"),
    ),
    case(
        "decorator-that-wraps",
        top(TIMED.replace("WRAPS", "@functools.wraps(function)")),
        first("relu", "@timed"),
        first("backward_propagation", "@timed"),
    ),
    case(
        "decorator-that-does-not-wrap",
        top(TIMED.replace("WRAPS", "# no functools.wraps")),
        first("relu", "@timed"),
        wrong="sigmoid",
    ),
    case(
        "decorated-with-a-class",
        first(
            "sigmoid",
            "class Counted:\n    def __init__(self, f):\n        self.f, self.n = f, 0\n    def __call__(self, *a):\n        self.n += 1\n        return self.f(*a)\n\n@Counted",
        ),
    ),
    case(
        "lru-cache-on-a-helper",
        answer(
            relu="from functools import lru_cache\n\n@lru_cache(maxsize=None)\ndef zero():\n    return 0.0\n\ndef relu(Z):\n    return np.maximum(Z, zero())"
        ),
    ),
    case(
        "object-that-is-called",
        answer(relu="class Relu:\n    def __call__(self, Z):\n        return np.maximum(Z, 0.0)\n\nrelu = Relu()"),
    ),
    case("partial", answer(relu="from functools import partial\n\nrelu = partial(np.maximum, 0.0)")),
    case(
        "lambda",
        answer(relu="relu = lambda Z: np.maximum(Z, 0.0)", sigmoid="sigmoid = lambda Z: 0.5 * (1 + np.tanh(np.asarray(Z) / 2))"),
    ),
    case(
        "matmul-and-loops",
        answer(
            relu="def relu(Z):\n    A = np.zeros(np.shape(Z))\n    for index, z in np.ndenumerate(Z):\n        if z > 0:\n            A[index] = z\n    return A",
            forward_propagation="def forward_propagation(X, W_B):\n    Z1 = np.matmul(W_B['W1'], X) + W_B['b1']\n    A = relu(Z1)\n    Z2 = np.dot(W_B['W2'], A) + W_B['b2']\n    return dict(Z1=Z1, A=A, Z2=Z2, Y_pred=sigmoid(Z2))",
        ),
    ),
    case("vectorize", answer(relu="@np.vectorize\ndef relu(z):\n    return z if z > 0 else 0.0")),
    case(
        "unicode-names",
        answer(
            sigmoid="def σ(ζ):\n    return 0.5 * (1 + np.tanh(0.5 * np.asarray(ζ)))\n\ndef sigmoid(Z):\n    ŷ = σ(Z)\n    return ŷ"
        ),
    ),
    case(
        "walrus",
        answer(
            sigmoid="def sigmoid(Z):\n    return np.where((Z := np.asarray(Z)) >= 0, 1.0, (small := np.exp(-np.abs(Z)))) / (1 + small)"
        ),
    ),
    case(
        "match",
        answer(
            relu="def relu(Z):\n    match np.ndim(Z):\n        case 0:\n            return Z if Z > 0 else 0.0\n        case _:\n            return np.where(Z > 0, Z, 0)"
        ),
    ),
    case(
        "nested-functions",
        answer(
            relu="def make(low):\n    def relu(Z):\n        nonlocal low\n        low = 0.0\n        return np.maximum(Z, low)\n    return relu\n\nrelu = make(1.0)"
        ),
    ),
    case(
        "recursion",
        answer(
            sigmoid="def sigmoid(Z):\n    if np.ndim(Z) > 0:\n        return np.array([sigmoid(z) for z in Z])\n    return 1 / (1 + np.exp(-Z)) if Z >= 0 else 1 - sigmoid(-Z) if Z > -30 else np.exp(Z)"
        ),
    ),
    case(
        "generators",
        answer(
            relu="import itertools\n\ndef entries(Z):\n    for z in np.ravel(Z):\n        yield z if z > 0 else 0.0\n\ndef relu(Z):\n    return np.fromiter(itertools.chain(entries(Z)), float).reshape(np.shape(Z))"
        ),
    ),
    case(
        "main-guard",
        answer(relu="def relu(Z):\n    return np.maximum(Z, 0.0)\n\nif __name__ == '__main__':\n    print(relu(-1.0))"),
        first("sigmoid", "if __name__ != '__main__':\n    raise SystemExit\n"),
    ),
    case(
        "defined-under-a-condition", answer(relu="if __name__ == '__main__':\n    def relu(Z):\n        return np.maximum(Z, 0.0)")
    ),
    case(
        "defined-in-a-try",
        answer(
            relu="try:\n    from scipy.special import no_such_relu as relu\nexcept ImportError:\n    def relu(Z):\n        return np.maximum(Z, 0.0)"
        ),
    ),
    case(
        "named-tuple",
        answer(
            backward_propagation="from typing import NamedTuple\n\nclass Found(NamedTuple):\n    gradients: dict\n    L: float\n"
            + HISTORY.replace("MORE", "return Found(g, L)")
        ),
        wrong="sigmoid",
    ),
    case(
        "self-inspection",
        inside("relu", "import inspect\nassert inspect.signature(relu).parameters"),
        after("relu", "import inspect\nprint(inspect.getsource(relu))"),
    ),
    case(
        "module-of-its-own",
        top(
            "import types, sys\nnet = types.ModuleType('net')\nexec('def positive(Z):\\n    return (Z + abs(Z)) / 2', net.__dict__)\nsys.modules['net'] = net"
        ),
        answer(relu="from net import positive\n\ndef relu(Z):\n    return positive(Z)"),
    ),
    # Other chapters
    case(
        "graph-with-a-class",
        top("%matplotlib inline\nimport matplotlib.pyplot as plt"),
        end("forward = forward([('input', 1.0)])"),
        wrong="backward",
        assignment="chain-rule",
    ),
    case(
        "losses-with-a-seed-and-a-file",
        first("mean_squared_error", "np.savetxt('m.txt', np.eye(2))"),
        end("output_gradient = output_gradient(np.ones((1, 2)), np.ones((1, 2)))"),
        wrong="binary_cross_entropy",
        assignment="losses",
    ),
    case(
        "losses-with-magics",
        first("output_gradient", "%%time"),
        after("output_gradient", "x = !ls"),
        wrong="binary_cross_entropy_with_logits",
        assignment="losses",
    ),
    case(
        "forward-with-an-old-version",
        end("def relu(Z):\n    return Z"),
        wrong="forward_propagation",
        assignment="forward-propagation",
    ),
]


def write(root, bank=BANK):
    """Write the bank's submissions into ``submitted/``. Returns the assignments that they are of."""
    names = {}
    for case in bank:
        chapter = chapter_of(root, case)
        put(case, chapter, Path(root) / "submitted" / case.name / chapter.name)
        names[chapter.name] = True
    return list(names)
