"""The checks are mutation-tested: every known mistake fails with its own diagnosis, every right answer passes.

Prints the table: exercises × (mistakes caught, named; right answers accepted).
"""

import ast
from collections import defaultdict
from graphlib import TopologicalSorter

import pytest
from judging import CHAPTERS, EXERCISES, exercise_of, verdict

SEEDS = [(0,), (1, 7), (20, 3), (5, 5, 5)]  # the visible cases' seed, then some of the kind that grading uses
MISTAKES = [(name, e, m) for name, e in EXERCISES for m in CHAPTERS[name].mistakes(e.name)]
VARIANTS = [(name, e, style, source) for name, e in EXERCISES for style, source in CHAPTERS[name].variants(e.name).items()]
TABLE = defaultdict(lambda: [0, 0, 0, 0, 0])


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda v: getattr(v, "name", v))
def test_reference_earns_full_marks(name, exercise):
    for seed in SEEDS:
        result = verdict(name, exercise, CHAPTERS[name].reference[exercise.name], seed)
        assert (result.status, result.points) == ("right", exercise.max_points), result.text()


@pytest.mark.parametrize("name, exercise, mistake", MISTAKES, ids=lambda v: getattr(v, "id", getattr(v, "name", v)))
def test_mistake_fails_with_its_own_diagnosis(name, exercise, mistake):
    chapter, row = CHAPTERS[name], TABLE[name, exercise.name]
    row[0] += 1
    wrong = chapter.functions(**{exercise.name: mistake.apply(chapter.sources[exercise.name])})[exercise.name]
    verdicts = [verdict(name, exercise, wrong, seed) for seed in SEEDS]
    row[1] += all(v.points < v.max_points and v.status != "right" for v in verdicts)
    row[2] += all(v.diagnoses == [mistake.id] for v in verdicts)
    for v in verdicts:
        assert v.points < v.max_points, f"{mistake.id} earns full marks"
        assert v.diagnoses == [mistake.id], v.text()


@pytest.mark.parametrize(
    "name, exercise, style, source", VARIANTS, ids=lambda v: getattr(v, "name", v if len(str(v)) < 40 else "source")
)
def test_right_answer_in_another_style_earns_full_marks(name, exercise, style, source):
    chapter, row = CHAPTERS[name], TABLE[name, exercise.name]
    row[3] += 1
    function = chapter.functions(**{exercise.name: source})[exercise.name]
    for seed in SEEDS:
        result = verdict(name, exercise, function, seed)
        assert result.status == "right", result.text()
    row[4] += 1


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda v: getattr(v, "name", v))
def test_every_exercise_has_five_other_right_answers_and_known_mistakes(name, exercise):
    assert len(CHAPTERS[name].variants(exercise.name)) >= 5
    assert len(CHAPTERS[name].mistakes(exercise.name)) >= 3


def test_mistake_ids_are_unique_within_an_exercise():
    reserved = set(pytest.importorskip("backprop.grading.report", exc_type=ImportError).STRUCTURAL)  # absent at the student's door
    for name, exercise in EXERCISES:
        ids = [m.id for m in CHAPTERS[name].mistakes(exercise.name)]
        assert len(ids) == len(set(ids)), exercise.name
        assert not set(ids) & reserved, "a name of what compare sees is no mistake's"


def calls(trees):
    """The names that each function of some modules takes from outside itself, by the function's name."""
    found = defaultdict(set)
    for tree in trees:
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            own = {function.name, *(argument.arg for argument in function.args.args)}  # as what a proof is handed
            found[function.name] |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} - own
    return found


def reached(name, graph):
    """What a function calls, itself or through others."""
    seen, left = set(), {name}
    while left:
        new = set().union(*(graph.get(one, ()) for one in left))
        seen, left = seen | new, new - seen
    return seen


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_reference_calls_is_declared(name):
    """From the code: the notebook's, the script of chapter 10 with it, and that of the functions that do the calling."""
    chapter = CHAPTERS[name]
    cells = [cell.source for cell in chapter.notebook.cells if cell.cell_type == "code"]
    graph = calls(map(ast.parse, [*cells, (chapter.folder / "checks.py").read_text(encoding="utf-8")]))
    names = {exercise.name for exercise in chapter.exercises}
    for exercise in chapter.exercises:
        own = reached(exercise.name, graph) | (reached(exercise.call.__name__, graph) if exercise.call else set())
        assert own & names <= {exercise.name, *exercise.uses}, exercise.name
        assert set(exercise.uses) <= names
    TopologicalSorter({exercise.name: exercise.uses for exercise in chapter.exercises}).prepare()  # no circle


def test_a_right_mend_that_calls_what_is_still_broken_is_told_so():
    """In the order of the notebook: pair 2 is mended as the script has it, and pairs 3 and 5 are not yet."""
    name = "10-debugging"
    chapter = CHAPTERS[name]
    script = next(cell.source for cell in chapter.notebook.cells if "def train(" in cell.source)
    mend = script[script.index("def backward_propagation") : script.index("def update")].replace(
        '1 - forward["A"] ** 2', 'forward["A"] > 0'
    )
    broken = script[script.index("def binary_cross_entropy_with_logits") : script.index("def backward_propagation")]
    exercise, space = exercise_of(name, "backward_propagation"), chapter.functions(backward_propagation=mend)
    assert verdict(name, exercise, space["backward_propagation"], (0,)).status == "right"
    exec(broken, space)
    upstream = [used for used in exercise.uses if not verdict(name, exercise_of(name, used), space[used], (0,)).sound]
    assert upstream == ["bias_gradient"]
    found = verdict(name, exercise, space["backward_propagation"], (0,), upstream=upstream)
    assert found.diagnoses == ["upstream"] and found.lines[0].startswith("bias_gradient comes first"), found.text()


PAIRS = [
    (exercise.name, proof, mend)
    for exercise in CHAPTERS["10-debugging"].exercises
    if not exercise.name.startswith("prove_") and f"prove_{exercise.name}" in CHAPTERS["10-debugging"].sources
    for proof in (None, *CHAPTERS["10-debugging"].variants(f"prove_{exercise.name}"))
    for mend in (None, *CHAPTERS["10-debugging"].variants(exercise.name))
]


@pytest.mark.parametrize("function, proof, mend", PAIRS)
def test_every_right_proof_accepts_every_right_mend(function, proof, mend):
    """Five of 472 pairs once refused each other: over keys that nobody asked for, lists for tuples, the last digit of a float."""
    chapter, checks = CHAPTERS["10-debugging"], CHAPTERS["10-debugging"].checks
    wanted = {f"prove_{function}": proof, function: mend}
    space = chapter.functions(**{name: chapter.variants(name)[style] for name, style in wanted.items() if style})
    assert checks.trial(space[f"prove_{function}"], space[function], function) is False


@pytest.fixture(scope="module", autouse=True)
def table(request):
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n\n  exercise                                        mistakes  caught  named   right answers  accepted")
        for (name, exercise), row in sorted(TABLE.items()):
            print(f"  {name[:2]} {exercise:44} {row[0]:8} {row[1]:7} {row[2]:6} {row[3]:15} {row[4]:9}")
