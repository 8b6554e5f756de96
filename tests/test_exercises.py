"""What students receive: generated, complete, honest, and in one form."""

import ast
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import course, notebook
from backprop.checking import CheckError, answers, draws, place, visible
from backprop.checking.judge import judge
from backprop.grading import classroom
from backprop.grading.examine import Examiner
from backprop.grading.mend import restore

ROOT = course.find_root(Path(__file__).parent)
SANDBOXED = bool(shutil.which("bwrap"))  # what is tested here holds on a machine without it as well
NAMES = course.assignments(ROOT)
NOTEBOOKS = sorted(
    p for kind in ("book", "exercises", "solutions") for p in (ROOT / kind).rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts
)


def functions(path):
    """Functions defined in a notebook's solution cells: name to (arguments, docstring, whole source)."""
    found = {}
    for cell in notebook.read(path).cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            node = next(n for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef))
            assert node.name == cell.metadata.nbgrader.grade_id
            found[node.name] = ast.unparse(node.args), ast.get_docstring(node), cell.source
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(ROOT)))
def test_notebook_is_normalised(path):
    assert notebook.dumps(notebook.normalise(notebook.read(path))) == path.read_text(encoding="utf-8"), f"run: backprop tidy {path}"


def test_make_on_a_fresh_clone_changes_nothing_that_is_tracked(fresh):
    """So exercises/ is what solutions/ generates, on this machine as on the one that it was committed from."""
    assert subprocess.run(["git", "status", "--porcelain"], cwd=fresh, capture_output=True, text=True).stdout == "", (
        "run: backprop release"
    )


@pytest.mark.parametrize("name", NAMES)
def test_private_files_never_go_out(name):
    assert {p.name for p in (ROOT / "exercises" / name).iterdir() if p.is_file()} == {f"{name}.ipynb", "checks.py", "expected.json"}
    text = (ROOT / "exercises" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in text and text.count("raise NotImplementedError()") == len(course.Chapter(ROOT, name).exercises)


def size(node):
    """How many parts code has."""
    return sum(map(size, node)) if isinstance(node, list) else sum(1 for _ in ast.walk(node)) if isinstance(node, ast.AST) else 1


def replaced(one, other, names):
    """The sizes of what has to be replaced in one piece of code to have another, whatever names stand in them."""
    if isinstance(one, ast.Name) and isinstance(other, ast.Name):
        same, parts = names.setdefault(one.id, other.id) == other.id, []
    elif isinstance(one, list) and isinstance(other, list):
        same, parts = len(one) == len(other), list(zip(one, other))
    elif isinstance(one, ast.AST):
        same = type(one) is type(other)
        parts = [(getattr(one, part), getattr(other, part)) for part in one._fields if same and part != "ctx"]
    else:
        same, parts = one == other, []
    pieces = [found for pair in parts for found in replaced(*pair, names)]
    return pieces if same and (len(pieces) < 2 or not isinstance(one, ast.expr)) else [size(other)]


def bodies(source, least=20):
    """The bodies of functions of some size in a source, without their docstrings."""
    for function in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        body = function.body[ast.get_docstring(function) is not None :]
        if size(body) >= least:
            yield function.name, body


def is_near(body, answer):
    """Whether a function becomes an answer by another expression in one place, of no more than a quarter of it."""
    if len(body) != len(answer):  # then all of it would have to be replaced
        return False
    pieces = replaced(body, answer, {})
    return len(pieces) <= 1 and sum(pieces) <= size(answer) / 4


@cache
def right_answers(name):
    """The body of each of an assignment's right answers, with its function and its style."""
    chapter = course.Chapter(ROOT, name)
    return [
        (exercise, style, body)
        for exercise in chapter.sources
        for style, source in {"": chapter.sources[exercise], **chapter.variants(exercise)}.items()
        for body in [next((body for function, body in bodies(source) if function == exercise), None)]
        if body
    ]


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_out_holds_no_other_assignments_answer(name):
    """Nor one that is an expression away from it: the broken functions of chapter 10 once held chapter 6's."""
    texts = [(ROOT / "exercises" / name / "checks.py").read_text(encoding="utf-8")]
    texts += [c.source for c in notebook.read(ROOT / "exercises" / name / f"{name}.ipynb").cells if c.cell_type == "code"]
    handed_out = [found for text in texts for found in bodies(text)]
    near = []
    for other in set(NAMES) - {name}:
        for exercise, style, answer in right_answers(other):
            near += [(where, exercise, style) for where, body in handed_out if is_near(body, answer)]
    assert not near


@pytest.mark.parametrize("name", NAMES)
def test_stub_and_solution_agree(name):
    stubs = functions(ROOT / "exercises" / name / f"{name}.ipynb")
    solutions = functions(ROOT / "solutions" / name / f"{name}.ipynb")
    assert list(stubs) == list(solutions)
    predictions = {exercise.name for exercise in course.Chapter(ROOT, name).exercises if exercise.near}
    for function in stubs:
        assert stubs[function][:2] == solutions[function][:2]
        docstring = stubs[function][1]
        parts = ("Returns",) if function in predictions else ("Parameters", "Returns", "Examples", ">>>")
        assert all(word in docstring for word in parts), function


def test_a_function_has_one_source():
    """Wherever it is asked for. Two that promise something else are two functions, of whatever name."""
    known = {}
    for name in NAMES:
        for function, source in course.Chapter(ROOT, name).sources.items():
            says = ast.get_docstring(ast.parse(source).body[0])
            assert known.setdefault((function, says), source) == source, f"{function} differs in {name}"


@pytest.mark.parametrize("name", NAMES)
def test_docstring_examples_are_true(name):
    import doctest

    chapter = course.Chapter(ROOT, name)
    namespace, predictions = chapter.reference, {exercise.name for exercise in chapter.exercises if exercise.near}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    finder = doctest.DocTestFinder()
    for function in chapter.sources.keys() - predictions:
        for example in finder.find(namespace[function], function, globs=dict(namespace), module=False):
            assert example.examples, function
            assert runner.run(example).failed == 0, function


@pytest.mark.parametrize("name", NAMES)
def test_untouched_exercise_scores_nothing_and_says_so(name, tmp_path):
    template = notebook.read(ROOT / "exercises" / name / f"{name}.ipynb")
    record = Examiner(course.Chapter(ROOT, name), b"k" * 32, sandboxed=SANDBOXED).examine(
        "nobody", restore(template, template).cells
    )
    assert {e["status"] for e in record["exercises"].values()} == {"not attempted"}
    assert sum(e["points"] for e in record["exercises"].values()) == 0
    assert record["notes"] == []


@pytest.mark.parametrize("name", NAMES)
def test_reference_earns_full_marks_where_it_is_graded(name):
    chapter, template = course.Chapter(ROOT, name), notebook.read(ROOT / "exercises" / name / f"{name}.ipynb")
    handed_in = restore(classroom.fill(template, chapter.sources), template)
    record = Examiner(chapter, b"k" * 32, sandboxed=SANDBOXED).examine("somebody", handed_in.cells)
    assert {e: v["points"] for e, v in record["exercises"].items()} == {e.name: e.max_points for e in chapter.exercises}, record


@pytest.mark.parametrize("style", range(8))
@pytest.mark.parametrize("name", ["07-gradient-checking", "10-debugging"])
def test_right_checkers_and_proofs_earn_full_marks_where_they_are_graded(name, style):
    """There they are put to stand-ins, which are handed what nobody thought of: read-only arrays, views of dicts, the global generator."""
    chapter, sources = course.Chapter(ROOT, name), {}
    for exercise in chapter.exercises:
        if any(map(callable, exercise.cases()[0].arguments.values())):
            styles = [chapter.sources[exercise.name], *chapter.variants(exercise.name).values()]
            sources[exercise.name] = styles[min(style + 1, len(styles) - 1)]
    record = Examiner(chapter, b"k" * 32, sandboxed=SANDBOXED).examine(
        "somebody", list(enumerate({**chapter.sources, **sources}.values()))
    )
    assert len(sources) >= 3
    assert {e: v["lines"] for e, v in record["exercises"].items() if v["status"] != "right"} == {}


@pytest.mark.parametrize("name", NAMES)
def test_untouched_exercise_runs_to_its_end_in_jupyter(name, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    nb = notebook.read(ROOT / "exercises" / name / f"{name}.ipynb")
    NotebookClient(nb, allow_errors=True, resources={"metadata": {"path": str(ROOT / "exercises" / name)}}).execute()
    errors = [o for c in nb.cells for o in c.get("outputs", []) if o.output_type == "error"]
    assert len(errors) == len(course.Chapter(ROOT, name).exercises)
    for error in errors:
        assert error.ename == "CheckFailed" and error.evalue.endswith("is not attempted yet.")
        assert error.traceback == [f"CheckFailed: {error.evalue}"], "a library's traceback shows"


@pytest.mark.parametrize(
    "source, says",
    [
        ("def backward_propagation(:\n    return", "stops with SyntaxError at line 1: invalid syntax, so there is no function"),
        (
            "from nothing_here import backward_propagation",
            "stops with ModuleNotFoundError at line 1",
        ),
    ],
)
def test_a_cell_that_raises_is_named_and_costs_only_its_own_function(source, says):
    name = "06-backward-propagation"
    chapter, template = course.Chapter(ROOT, name), notebook.read(ROOT / "exercises" / name / f"{name}.ipynb")
    handed_in = restore(classroom.fill(template, {**chapter.sources, "backward_propagation": source}), template)
    found = Examiner(chapter, b"k" * 32, sandboxed=SANDBOXED).examine("nobody", handed_in.cells)["exercises"]
    assert found["backward_propagation"]["status"] == "error" and says in found["backward_propagation"]["lines"][0]
    others = [e.max_points for e in chapter.exercises if e.name != "backward_propagation"]
    assert sum(e["points"] for e in found.values()) == sum(others)


def test_a_lookup_of_the_visible_answers_is_seen_through():
    name = "06-backward-propagation"
    chapter = course.Chapter(ROOT, name)
    check = course.load(ROOT / "exercises" / name / "checks.py", "public_07").check
    exercise = next(e for e in chapter.exercises if e.name == "backward_propagation")
    stored = [(case.arguments, chapter.reference[exercise.name](*case.arguments.values())) for case in exercise.cases()]

    def backward_propagation(X, W_B, Y_true):
        for arguments, answer in stored:
            if arguments["X"].shape == X.shape and np.array_equal(arguments["X"], X):
                return answer
        return stored[0][1]

    verdict = check.verdict(backward_propagation)
    assert verdict.diagnoses == ["stored-answers"] and verdict.points == 0
    cases = exercise.cases((4, 4))
    expected = answers.call(exercise, chapter.reference[exercise.name], cases)
    graded = judge(
        exercise,
        cases,
        expected,
        answers.call(exercise, backward_propagation, cases),
        stored=answers.call(exercise, chapter.reference[exercise.name], exercise.cases()),
    )
    assert graded.diagnoses == ["stored-answers"] and graded.points == 0


def test_an_error_brought_along_is_named_as_that():
    name = "06-backward-propagation"
    chapter = course.Chapter(ROOT, name)
    check = course.load(ROOT / "exercises" / name / "checks.py", "public_07").check
    wrong = chapter.functions(relu=chapter.sources["relu"].replace("np.maximum(Z, 0.0)", "np.sin(Z)"))
    verdict = check.verdict(wrong["backward_propagation"])
    assert "upstream" in verdict.diagnoses and "relu" in verdict.text() and "first: mend" in verdict.text()


def test_a_stub_that_is_called_is_not_taken_for_the_one_that_is_checked():
    """A finished function whose helper is a stub was once called "not attempted"."""
    name = "06-backward-propagation"
    chapter = course.Chapter(ROOT, name)
    check = course.load(ROOT / "exercises" / name / "checks.py", "public_07").check
    half = chapter.functions(relu="def relu(Z):\n    raise NotImplementedError()")
    assert check.verdict(half["relu"]).status == "not attempted"
    verdict = check.verdict(half["backward_propagation"])
    assert verdict.status == "error" and verdict.diagnoses == ["upstream"] and "relu and forward_propagation" in verdict.text()


def test_a_function_without_a_name_of_its_own_is_known_by_where_it_is_assigned():
    name = "03-activations"
    check = course.load(ROOT / "exercises" / name / "checks.py", "public_03").check
    namespace = {"np": np}
    exec(
        "relu = lambda Z: np.maximum(Z, 0.0)\nsigmoid = lambda Z: 0.5 + 0.5 * np.tanh(Z / 2)\n"
        "def sigmoid_derivative(Z):\n    return 7 * sigmoid(Z)",
        namespace,
    )
    assert check.verdict(namespace["relu"]).status == check.verdict(namespace["sigmoid"]).status == "right"
    assert check.verdict(namespace["sigmoid_derivative"]).status == "wrong"


def test_an_earlier_function_that_is_only_loud_at_extremes_is_not_blamed():
    name = "06-backward-propagation"
    chapter = course.Chapter(ROOT, name)
    check = course.load(ROOT / "exercises" / name / "checks.py", "public_07").check
    wrong = chapter.functions(
        sigmoid="def sigmoid(Z):\n    return 1 / (1 + np.exp(-Z))",
        forward_propagation=chapter.sources["forward_propagation"].replace("@ X + W_B", "@ X - W_B", 1),
    )
    assert check.verdict(wrong["sigmoid"]).status == "partial"
    assert "upstream" not in check.verdict(wrong["forward_propagation"]).diagnoses


def test_the_terminal_says_when_a_check_itself_cannot_run(tmp_path):
    from backprop import terminal

    name = "03-activations"
    shutil.copytree(ROOT / "exercises" / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    nb = notebook.read(tmp_path / name / f"{name}.ipynb")
    nb.cells[-1].source = "def other():\n    pass\ncheck(other)"
    (tmp_path / name / f"{name}.ipynb").write_text(notebook.dumps(nb), encoding="utf-8")
    lines, right = terminal.check(tmp_path / name / f"{name}.ipynb")
    assert not right and any("CheckError: There is no exercise named other" in line for line in lines)


def test_check_error_messages_are_plain(tmp_path):
    name = "06-backward-propagation"
    check = course.load(ROOT / "exercises" / name / "checks.py", "public_07").check
    with pytest.raises(CheckError, match="no exercise named nothing"):

        def nothing():
            pass

        check(nothing)
    (tmp_path / "checks.py").write_bytes((ROOT / "exercises" / name / "checks.py").read_bytes())
    for content in (None, "{", "[1, 2]"):
        if content:
            (tmp_path / "expected.json").write_text(content)
        with pytest.raises(CheckError, match="missing or damaged"):
            course.load(tmp_path / "checks.py", "lost").check(chapter_function())


def chapter_function():
    return course.Chapter(ROOT, "06-backward-propagation").reference["relu"]


def test_every_diagnosis_leads_to_a_section_of_the_book():
    import re

    headings = {}
    for path in [*(ROOT / "book").glob("*.ipynb")]:
        text = "\n".join(c.source for c in notebook.read(path).cells if c.cell_type == "markdown")
        titles = re.findall(r"^#{1,4} +(.+?)\s*$", text, re.M)
        headings[path.stem] = {re.sub(r"[^a-z0-9]+", "-", t.replace("`", "").lower()).strip("-") for t in titles}
    lost = set()
    for name in NAMES:
        chapter = course.Chapter(ROOT, name)
        for exercise in chapter.exercises:
            for read in [exercise.read, *(m.read for m in chapter.mistakes(exercise.name))]:
                link, _ = place(read)
                page, _, anchor = link.removeprefix("book/").partition(".html#")
                if anchor not in headings.get(page, ()):
                    lost.add(read)
    assert not lost, sorted(lost)


sizes = st.integers(min_value=1, max_value=6)


@settings(max_examples=60, deadline=None)
@given(num_f=sizes, num_h=sizes, num_out=sizes, m=sizes, seed=st.integers(0, 2**32 - 1))
def test_reference_gradients_are_the_slopes_of_the_loss(num_f, num_h, num_out, m, seed):
    """Every entry of every gradient against a central difference, at points away from ReLU's kink."""
    rng = np.random.default_rng(seed)
    backward = course.Chapter(ROOT, "06-backward-propagation").reference["backward_propagation"]
    while True:
        X = rng.standard_normal((num_f, m))
        W_B = {
            "W1": rng.standard_normal((num_h, num_f)),
            "b1": rng.standard_normal((num_h, 1)),
            "W2": rng.standard_normal((num_out, num_h)),
            "b2": rng.standard_normal((num_out, 1)),
        }
        if np.abs(W_B["W1"] @ X + W_B["b1"]).min() > 1e-3:
            break
    Y = rng.integers(0, 2, (num_out, m)).astype(float)
    gradients, _ = backward(X, W_B, Y)
    h = 1e-5
    for name, W in W_B.items():
        assert gradients["dLd" + name].shape == W.shape
        for index in np.ndindex(W.shape):
            step = np.zeros(W.shape)
            step[index] = h
            slope = (backward(X, {**W_B, name: W + step}, Y)[1] - backward(X, {**W_B, name: W - step}, Y)[1]) / (2 * h)
            assert abs(slope - gradients["dLd" + name][index]) <= 1e-7 + 1e-6 * abs(slope)


@settings(max_examples=40, deadline=None)
@given(widths=st.lists(sizes, min_size=2, max_size=6), m=sizes, seed=st.integers(0, 2**32 - 1))
def test_gradients_of_any_number_of_layers_are_the_slopes_of_the_loss(widths, m, seed):
    """With the mean in what arrives at the last layer, and along every weight and bias, at points away from ReLU's kink."""
    rng = np.random.default_rng(seed)
    eleven = course.Chapter(ROOT, "11-deep-networks").reference
    forward, backward = eleven["forward_layers"], eleven["backward_layers"]
    case = draws.walk(rng, widths, m)
    X, layers, Y = case["caches"][0]["A"], case["layers"], rng.integers(0, 2, (widths[-1], m))

    def loss(layers):
        Z, _ = forward(X, layers)
        return np.sum(np.logaddexp(0, Z) - Y * Z) / m

    Z, caches = forward(X, layers)
    gradients = backward((1 / (1 + np.exp(-Z)) - Y) / m, caches, layers)
    h = 1e-6
    for l, layer in enumerate(layers):
        for name, array in layer.items():
            assert gradients[l]["dLd" + name].shape == array.shape
            v = rng.standard_normal(array.shape)
            moved = [loss([*layers[:l], {**layer, name: array + sign * h * v}, *layers[l + 1 :]]) for sign in (1, -1)]
            claimed = np.sum(gradients[l]["dLd" + name] * v)
            assert abs((moved[0] - moved[1]) / (2 * h) - claimed) <= 1e-6 + 1e-5 * abs(claimed)


@settings(max_examples=60, deadline=None)
@given(rows=sizes, m=sizes, seed=st.integers(0, 2**32 - 1))
def test_reference_derivatives_agree_with_complex_steps(rows, m, seed):
    """σ', tanh' and the output gradient against the imaginary part of a complex step (Squire and Trapp 1998)."""
    rng = np.random.default_rng(seed)
    three, four = (course.Chapter(ROOT, n).reference for n in ("03-activations", "04-losses"))
    Z, h = rng.normal(0, 3, (rows, m)), 1e-20
    slope = (1 / (1 + np.exp(-(Z + 1j * h)))).imag / h
    np.testing.assert_allclose(three["sigmoid_derivative"](Z), slope, rtol=1e-12, atol=1e-15)  # 1 − σ rounds at 1e-16
    np.testing.assert_allclose(three["tanh_derivative"](Z), np.tanh(Z + 1j * h).imag / h, rtol=1e-9, atol=1e-15)
    Y = rng.integers(0, 2, (rows, m)).astype(float)
    loss = np.log(1 + np.exp(Z + 1j * h)) - Y * (Z + 1j * h)
    np.testing.assert_allclose(four["output_gradient"](three["sigmoid"](Z), Y), loss.imag / h, rtol=1e-12, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(classes=sizes, m=sizes, seed=st.integers(0, 2**32 - 1))
def test_softmax_and_its_gradients_agree_with_complex_steps(classes, m, seed):
    """The way back through the softmax for any loss, and that of the cross-entropy, also with smoothed labels."""
    rng, twelve, h = np.random.default_rng(seed), course.Chapter(ROOT, "12-softmax").reference, 1e-20
    Z, V, labels = rng.normal(0, 3, (classes, m)), rng.normal(size=(classes, m)), rng.integers(0, classes, m)
    targets = 0.8 * np.eye(classes)[:, labels] + 0.2 / classes
    found = {name: np.zeros((classes, m)) for name in ("any", "plain", "smoothed")}
    for entry in np.ndindex(classes, m):
        moved = Z.astype(complex)
        moved[entry] += 1j * h
        powers = np.exp(moved)
        P = powers / powers.sum(axis=0)
        found["any"][entry] = np.sum(V * P).imag / h
        found["plain"][entry] = -np.sum(np.log(P)[labels, np.arange(m)]).imag / h / m
        found["smoothed"][entry] = -np.sum(targets * np.log(P)).imag / h / m
    P = twelve["softmax"](Z)
    np.testing.assert_allclose(np.log(P), twelve["log_softmax"](Z), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(twelve["softmax_backward"](P, V), found["any"], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(twelve["cross_entropy_gradient"](Z, labels), found["plain"], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(twelve["smoothed_gradient"](Z, labels, 0.2), found["smoothed"], rtol=1e-9, atol=1e-13)


def test_losses_from_predictions_and_from_logits_agree():
    three, four = (course.Chapter(ROOT, n).reference for n in ("03-activations", "04-losses"))
    rng = np.random.default_rng(0)
    Z, Y = rng.normal(0, 3, (3, 8)), rng.integers(0, 2, (3, 8)).astype(float)
    a = four["binary_cross_entropy"](three["sigmoid"](Z), Y)
    b = four["binary_cross_entropy_with_logits"](Z, Y)
    np.testing.assert_allclose(a, b, rtol=1e-12)


def test_expected_json_holds_numbers_and_texts_only():
    for name in NAMES:
        held = visible.loads((ROOT / "exercises" / name / "expected.json").read_text(encoding="utf-8"))
        text = json.dumps(held, ensure_ascii=False)
        assert "def " not in text and "lambda" not in text and "import" not in text.lower().replace("important", "")


@pytest.mark.parametrize("name", NAMES)
def test_predictions_are_what_the_cell_after_them_measures(name):
    """Any cell after the check of a prediction says what is true of it, by the same names; to the digits that are given."""
    chapter = course.Chapter(ROOT, name)
    predicted = [exercise for exercise in chapter.exercises if exercise.near]
    cells = [cell.source for cell in chapter.notebook.cells if cell.cell_type == "code" and "checks import" not in cell.source]
    names = {"np": np, "__name__": "notebook", "check": lambda function: None}
    for source in cells:
        if predicted and source == f"check({predicted[0].name})":
            exercise, names["measured"] = predicted.pop(0), None
        elif not source.startswith("import matplotlib"):
            exec(source, names)
            if names.get("measured"):
                said, measured = names[exercise.name](), names.pop("measured")
                assert set(said) == set(measured) == set(exercise.near)
                for output, true in measured.items():
                    assert abs(said[output] - true) <= exercise.near[output] / 20 + 5e-5, output
    assert not predicted and "measured" not in names


def test_the_first_exercise_ends_with_digits_that_are_read(capsys, monkeypatch):
    """What a student's three functions are for: the network that they train reads digits it has never seen."""
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", plt.close)
    chapter = course.Chapter(ROOT, "00-a-network-learns")
    (cell,) = (
        c for c in notebook.read(chapter.folder / f"{chapter.name}.ipynb").cells if "illustration" in c.metadata.get("tags", [])
    )
    names = {"np": np, **chapter.functions()}
    exec(cell.source, names)
    names["read_digits"](steps=6, classes=(0, 1))
    read, shown = re.search(r"(\d+) of (\d+) new digits", capsys.readouterr().out).groups()
    assert int(read) > 0.9 * int(shown)


def test_digits_are_split_and_named():
    """Pixels between paper and ink, no digit in both halves, and an error in words for what is no digit."""
    from backprop.checking.digits import digits

    X, labels = digits()
    X_new, labels_new = digits(split="test")
    assert X.shape == (64, labels.size) and X_new.shape == (64, labels_new.size) and labels.size > 2 * labels_new.size - 10
    assert (X.min(), X.max()) == (0, 1) and set(labels) == set(labels_new) == {3, 8}
    assert not {column.tobytes() for column in X.T.copy()} & {column.tobytes() for column in X_new.T.copy()}
    assert digits(range(10))[1].size + digits(range(10), "test")[1].size == 1797
    with pytest.raises(ValueError, match="'train' or 'test', not 'all'"):
        digits(split="all")
    with pytest.raises(ValueError, match="from 0 to 9, not 11"):
        digits(classes=(3, 11))


def test_the_unseen_script_is_packed_from_what_is_private():
    """What goes out holds its lines, and of the broken ones a digest; in clear they stand in the private catalogue."""
    folder = ROOT / "solutions" / "10-debugging"
    checks, private = (course.load(folder / f"{name}.py", f"unseen_{name}") for name in ("checks", "mistakes"))
    assert private.packed() == (checks.PACKED, checks.BROKEN_LINES)


@pytest.mark.parametrize("make", [draws.walk_two, draws.walk_more, draws.layers_two, draws.layers_more])
def test_a_network_of_any_depth_is_drawn_in_time(monkeypatch, make):
    """One student in some hundreds was never judged: behind a layer that is off for nearly all examples no bias parts them."""
    count, between = 0, draws._between

    def counted(*arguments):
        nonlocal count
        count += 1
        assert count < 20 * draws.TRIES
        return between(*arguments)

    monkeypatch.setattr(draws, "_between", counted)
    for seed in range(300):
        count = 0
        make(np.random.default_rng(seed))
