"""No answer, however odd, makes the judge fail or earns a point that it should not."""

import contextlib
import enum
from dataclasses import replace

import numpy as np
import pytest
from judging import CHAPTERS, EXERCISES, catalogue, drawn, exercise_of, verdict, verdict_on

from backprop.checking import answers, compare, wire
from backprop.checking.judge import judge
from backprop.checking.observe import observe
from backprop.grading import examine, expected

ODD = [
    None,
    True,
    "text",
    b"bytes",
    object(),
    len,
    10**400,
    -(10**30),
    10**5000,
    float("nan"),
    float("inf"),
    1j,
    complex("nan"),
    [],
    (),
    {},
    [[]],
    [1, "a"],
    [10**400, 1],
    {"a": 1},
    {1: 2},
    {None: 1},
    np.str_("a"),
    np.datetime64("2020"),
    np.longdouble(1),
    np.array(5),
    np.array(10**40),
    np.array("a"),
    np.array([1, None], dtype=object),
    np.array([["a"] * 11] * 2),
    np.zeros(0),
    np.zeros((0, 3)),
    np.zeros((2, 0)),
    np.zeros((1,) * 32),
    np.zeros((2, 11), bool),
    np.array([1], dtype="u8"),
    np.array(5.0, dtype="f2"),
    np.array([[1e308] * 11] * 2),
    np.full((2, 11), np.nan),
    np.full((2, 11), 1j),
    np.full((7, 3), -0.0),
    np.full((7, 3), 5e-324),
    np.full((7, 3), 1e-320),
    np.ma.masked_array([1.0, 2.0], [True, False]),
]


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda v: getattr(v, "name", v))
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_odd_answers_are_wrong_answers(name, exercise):
    """In the place of the whole answer and of each part, as the sandbox sends it and as the notebook sees it."""
    for odd in ODD:
        every = dict.fromkeys(exercise.points, odd)
        for answer in (odd, every, (odd,) * max(2, len(exercise.returns)), (every,) * max(2, len(exercise.returns))):
            seen = [{"value": answer, "error": None, "mutated": [], "warnings": [], "global_random": False}]
            with contextlib.suppress(wire.WireError, ValueError):  # it cannot leave the sandbox: the worker ends and says so
                seen.append({**seen[0], "value": wire.loads(wire.dumps(answer))})
            for one in seen:
                given = answers.results(exercise, [one] * len(drawn(name, exercise.name, (3, 4))[0]), one)
                found = verdict_on(name, exercise, given, (3, 4))
                assert found.points < exercise.max_points and found.text()


def spoilt(value, how):
    """A value with every number changed in a way that no mistake in a catalogue changes it."""
    if isinstance(value, dict):
        return {key: spoilt(part, how) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(spoilt(part, how) for part in value)
    return how(np.asarray(value, dtype=float))


UNKNOWN = {
    "a factor of 1.37": lambda a: a * 1.37,
    "noise": lambda a: a + 0.01 * np.sin(1 + 12.9 * np.arange(a.size)).reshape(a.shape) * (1 + np.abs(a)),
    "the first entry": lambda a: a + 0.37 * (np.arange(a.size).reshape(a.shape) == 0),
    "a curve": lambda a: np.arctan(a) + 0.123,
}


@pytest.mark.parametrize("how", UNKNOWN)
@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda v: getattr(v, "name", v))
def test_an_unknown_mistake_is_described_and_given_no_name(name, exercise, how):
    """Wrong in a way that no catalogue lists: what compare sees is said, and no diagnosis that is another mistake's."""
    _, expected = drawn(name, exercise.name, (6, 1))
    if exercise.near:
        pytest.skip("a prediction that is a little off is right, or as near to a known slip")
    if any(isinstance(v, (bool, str)) for r in expected for v in r.outputs.values()):
        pytest.skip("a yes or a no is right or it is not: there is no other number")
    found = verdict_on(name, exercise, [replace(r, outputs=spoilt(r.outputs, UNKNOWN[how])) for r in expected], (6, 1))
    assert found.points < exercise.max_points and found.lines
    assert not {m.id for m in CHAPTERS[name].mistakes(exercise.name)} & set(found.diagnoses), found.text()
    if how.startswith("a factor") and found.diagnoses[0] == "factor":
        assert "1.37 times" in found.text()


LOSS = """def binary_cross_entropy(P, Y):
    with np.errstate(all="ignore"):
        L = -np.sum(Y * LOG_P + (1 - Y) * LOG_Q) / Y.shape[1]
    return L"""


def test_names_and_numbers_of_own_types_leave_the_sandbox():
    class Number(float):
        pass

    class Name(enum.StrEnum):
        DERIVATIVE = "dLdb"

    for name in (np.str_("dLdb"), Name.DERIVATIVE):
        sent = wire.loads(wire.dumps({name: Number(0.5)}))
        assert sent == {"dLdb": 0.5} and [type(part) for part in (*sent, *sent.values())] == [str, float]


def test_what_is_off_in_later_digits_only_is_said_to_be_that():
    for got in (0.3333, np.array([0.3333, 0.66667])):
        finding = compare.compare(np.array([1 / 3, 2 / 3]) if np.ndim(got) else 1 / 3, got)
        assert "first digits" in finding.text
    assert compare.compare(1 / 3, 0.33) and "first digits" not in compare.compare(1 / 3, 0.33).text


@pytest.mark.parametrize(
    "name, exercise, source, not_this",
    [
        # Each once earned full marks, or was given the name of a mistake that it is not.
        (
            "05-forward-propagation",
            "forward_propagation",
            """def forward_propagation(X, W_B):
    Z1 = W_B["W1"] @ X + W_B["b1"]
    return {"z1": Z1, "a": relu(Z1), "z2": W_B["W2"] @ relu(Z1) + W_B["b2"]}""",
            "prediction-only",
        ),
        (
            "09-gradient-descent",
            "accuracy",
            "accuracy = lambda Y_pred, Y_true: float(np.mean((Y_pred > 0.52) == Y_true))",
            "threshold-high",
        ),
        (
            "09-gradient-descent",
            "accuracy",
            "accuracy = lambda Y_pred, Y_true: float(np.allclose(np.round(Y_pred), Y_true))",
            "compared-without-threshold",
        ),
        (
            "10-debugging",
            "shuffle",
            "def shuffle(X, Y_true, rng):\n    order = rng.permutation(X.shape[1])\n"
            "    return rng.permuted(X[:, order], axis=0), Y_true[:, order]",
            "with-replacement",
        ),
        (
            "01-chain-rule",
            "forward",
            """def forward(nodes):
    v = []
    for kind, i, *j in nodes:
        v.append({"input": lambda: i, "add": lambda: v[i] + v[j[0]], "multiply": lambda: v[i] * v[j[0]], "square": lambda: v[i] ** 2,
                  "tanh": lambda: np.tanh(v[i]), "exp": lambda: 2.71828 ** v[i]}[kind]())
    return v""",
            "factor",
        ),
        ("03-activations", "relu", "relu = lambda Z: np.clip(Z, 0, 6)", "clipped-at-one"),
        (
            "04-losses",
            "binary_cross_entropy",
            LOSS.replace("LOG_P", "np.maximum(np.log(P), -1e10)").replace("LOG_Q", "np.maximum(np.log(1 - P), -1e10)"),
            "log-of-zero",
        ),
        (
            "04-losses",
            "binary_cross_entropy",
            LOSS.replace("LOG_P", "np.log(P + 1e-15)").replace("LOG_Q", "np.log(1 - P * (P < 1))"),
            "log-of-zero",
        ),
        (
            "04-losses",
            "binary_cross_entropy",
            LOSS.replace("LOG_P", "np.log(P + (P == 0))").replace("LOG_Q", "np.log(1 - P + 1e-15)"),
            "log-of-zero",
        ),
        (
            "04-losses",
            "binary_cross_entropy",
            LOSS.replace("LOG_P", "np.log(P)")
            .replace("LOG_Q", "np.log(1 - P)")
            .replace("return L", "return L if L < 9 else 100.0"),
            "log-of-zero",
        ),
        (
            "10-debugging",
            "batches",
            "def batches(m, size):\n    return zip(range(0, m, size), range(size, m + size, size))",
            "varies",
        ),
    ],
)
def test_a_wrong_answer_is_not_taken_for_another(name, exercise, source, not_this):
    chapter, exercise = CHAPTERS[name], exercise_of(name, exercise)
    wrong = chapter.functions(**{exercise.name: source})[exercise.name]
    for seed in ((0,), (8, 2), (4, 1)):
        found = verdict(name, exercise, wrong, seed)
        assert found.points < exercise.max_points and not_this not in found.diagnoses, found.text()


@pytest.mark.parametrize(
    "name, exercise, two",
    [
        # Each was once given a third mistake's name: one that spoils more than was spoilt, or less.
        ("08-initialisation", "initialize", ("W1-zeros", "one-for-two")),
        ("08-initialisation", "initialize", ("variance-for-deviation", "integer-biases")),
        ("06-backward-propagation", "backward_propagation", ("mean-missing-dLdW1", "W2-from-prediction")),
        ("06-backward-propagation", "backward_propagation", ("keepdims-missing", "loss-of-positives")),
        ("09-gradient-descent", "backward_propagation", ("mean-missing-weights", "loss-squared")),
        ("09-gradient-descent", "update", ("first-layer-forgotten", "twice")),
    ],
)
def test_two_mistakes_at_once_are_not_taken_for_a_third(name, exercise, two):
    chapter, exercise = CHAPTERS[name], exercise_of(name, exercise)
    known = {m.id: m for m in chapter.mistakes(exercise.name)}
    source = known[two[1]].apply(known[two[0]].apply(chapter.sources[exercise.name]))
    wrong = chapter.functions(**{exercise.name: source})[exercise.name]
    found = verdict(name, exercise, wrong, (8, 2))
    assert set(found.diagnoses) & set(known) and set(found.diagnoses) & set(known) <= set(two), found.text()


def test_the_slope_check_of_the_book_refuses_nan():
    from backprop.book.numeric import slope_error

    x, right = np.ones(3), np.full(3, 3.0)
    assert slope_error(lambda x: np.sum(x**3), x, right, np.random.default_rng(0)) < 1e-6
    for wrong in (np.array([3.0, np.nan, 3.0]), -right):
        assert not slope_error(lambda x: np.sum(x**3), x, wrong, np.random.default_rng(0)) < 1e-6


def test_what_is_right_but_at_an_edge_is_told_at_which():
    name = "06-backward-propagation"
    chapter, exercise = CHAPTERS[name], exercise_of(name, "backward_propagation")
    source = chapter.sources[exercise.name].replace("m = X.shape[1]", "m = max(X.shape[1], 2)")
    found = verdict(name, exercise, chapter.functions(backward_propagation=source)[exercise.name], (0,))
    assert found.diagnoses == ["factor"] and not found.sound
    assert found.lines == ["What: right for most inputs, but for one example your L is exactly 1/2 of the right answer."]
    found = verdict(name, exercise, chapter.functions(backward_propagation=source)[exercise.name], (0,), upstream=["relu"])
    assert found.diagnoses == ["upstream"] and "relu comes first" in found.text()


def test_an_array_that_is_contiguous_in_no_order_reaches_the_function_so():
    """Across the pipe and in the notebook; one that is contiguous comes as it is, and the caller's is never handed over."""
    Z = wire.scattered(np.arange(12.0).reshape(3, 4))
    for given in (Z, wire.loads(wire.dumps(Z)), wire.loads(wire.dumps({"W": Z}))["W"]):
        seen = observe(lambda case: [case["Z"].flags.forc, case["Z"].tolist()], {"case": {"Z": given}})
        assert seen["value"] == [False, np.arange(12.0).reshape(3, 4).tolist()]
        assert observe(lambda Z: Z.__imul__(2), {"Z": given})["mutated"] == ["Z"] and given[1, 0] == 4
    assert observe(lambda Z: Z.flags.c_contiguous, {"Z": np.ones((3, 4))})["value"] is True


@pytest.mark.parametrize("right", [0.0, 1.0, -3e-320, 2.5e-7, 1e300, float("inf"), float("nan")])
def test_a_number_agrees_where_an_array_of_it_does(right):
    """Numbers are compared without NumPy, arrays with it: by one measure, to the last bit."""
    for factor in (1.0, -1.0, 1 + 0.9e-6, 1 + 1.1e-6, 1 - 1e-15, float("nan")):
        for aside in (0.0, 0.9e-12, -1.1e-12, 1e-300, float("inf")):
            given = right * factor + aside
            assert compare.close(given, right) == compare.close(np.array([given]), np.array([right])), (given, right)
            assert compare.close(np.float64(given), right) == compare.close(given, right)


def test_no_mistake_is_tried_after_the_one_that_explains_an_answer():
    """Each is a run of a function: of a class's time for judging they are half."""
    name, tried = "06-backward-propagation", []
    exercise = exercise_of(name, "backward_propagation")
    known = CHAPTERS[name].mistakes(exercise.name)
    cases, expected = drawn(name, exercise.name, (4, 1))
    given = answers.call(exercise, CHAPTERS[name].mistaken(exercise.name, known[5]), cases)

    def trying(telling):
        for mistake, traces in catalogue(name, exercise.name, (4, 1)):
            tried.append(mistake.id)
            yield mistake, traces

    assert judge(exercise, cases, expected, given, trying).diagnoses == [known[5].id]
    assert tried == [mistake.id for mistake in known[:6]]
    tried.clear()
    broken = [replace(answer, outputs={}, error={"type": "ValueError", "message": "", "line": None}) for answer in given]
    assert judge(exercise, cases, expected, broken, trying, ["relu"]).diagnoses == ["upstream"]
    assert not tried, "where relu comes first and everything raises, no mistake can be told from another"


def judged_with(given, name="06-backward-propagation", function="backward_propagation"):
    """What `judge` has to tell mistakes by, from answers to the cases of a seed."""
    cases, expected = drawn(name, function, (4, 1))
    had = []
    judge(exercise_of(name, function), cases, expected, given, lambda telling: had.append(telling) or [])
    return had[0]


def test_mistakes_are_told_by_the_first_case_that_is_not_right():
    name, function = "06-backward-propagation", "sigmoid"
    cases, right = drawn(name, function, (4, 1))
    extreme = next(number for number, case in enumerate(cases) if case.extreme)
    for change in (
        {"outputs": {"sigmoid(Z)": right[extreme].outputs["sigmoid(Z)"] * 2}},
        {"warnings": ("overflow encountered in exp",)},
    ):
        given = [replace(answer, **change) if number == extreme else answer for number, answer in enumerate(right)]
        assert judged_with(given, name, function).number == extreme
    assert judged_with([replace(answer, mutated=("Z",)) for answer in right], name, function).number == 0


def test_a_mistake_that_only_extreme_inputs_show_is_not_run_for_all_others(monkeypatch):
    """All of a catalogue for every case takes as long as ten submissions."""
    name, run = "06-backward-propagation", []
    chapter = CHAPTERS[name]
    monkeypatch.setattr(
        examine, "results_of", lambda *about, made=expected.results_of, **more: run.append(about[3]) or made(*about, **more)
    )
    examiner = examine.Examiner(chapter, b"k" * 32)
    exercise = exercise_of(name, "backward_propagation")
    cases = exercise.cases((4, 1), examine.REPEATS)
    right = answers.call(exercise, chapter.reference[exercise.name], cases)
    given = [
        replace(answer, warnings=("divide by zero encountered in log",) if case.extreme else ())
        for case, answer in zip(cases, right)
    ]
    assert examiner._judge(exercise, cases, given, [], set()).diagnoses == ["warning"]
    assert len(run) > 20 and [len(these) for these in run if len(these) > 1] == []


def test_one_number_puts_no_mistake_aside_that_gives_the_same():
    name = "06-backward-propagation"
    for function in ("relu", "backward_propagation", "back_through"):
        exercise = exercise_of(name, function)
        cases, _ = drawn(name, function, (4, 1))
        aside = 0
        for mistake in CHAPTERS[name].mistakes(function):
            given = answers.call(exercise, CHAPTERS[name].mistaken(function, mistake), cases)
            telling = judged_with(given, name, function)
            nearly = {
                key: value * (1 + 1e-9) for key, value in given[telling.number].outputs.items() if isinstance(value, np.ndarray)
            }
            for same in (given[telling.number], replace(given[telling.number], outputs=given[telling.number].outputs | nearly)):
                assert telling.may_be(same), mistake.id
            for other in CHAPTERS[name].mistakes(function):
                aside += not telling.may_be(
                    answers.call(exercise, CHAPTERS[name].mistaken(function, other), cases[telling.number :][:1], twice=False)[0]
                )
        assert aside > len(CHAPTERS[name].mistakes(function)), "and most others it does"


def test_of_what_is_wrong_only_what_is_read_is_put_into_words(monkeypatch):
    put = []
    monkeypatch.setattr(compare, "_value_finding", lambda *about, words=compare._value_finding: put.append(1) or words(*about))
    name = "05-forward-propagation"
    wrong = CHAPTERS[name].functions(
        forward_propagation=CHAPTERS[name].sources["forward_propagation"] + "\n_right = forward_propagation\n"
        "forward_propagation = lambda *given: {key: value + 0.1 * value**2 for key, value in _right(*given).items()}"
    )["forward_propagation"]
    found = verdict(name, exercise_of(name, "forward_propagation"), wrong, (4, 1))
    assert "entries" in found.text() and len(put) == 1, found.text()


def test_float32_on_the_way_is_seen_and_nothing_right_is_taken_for_it():
    rng = np.random.default_rng(0)
    right = rng.standard_normal((3, 5))
    through = right.astype(np.float32).astype(float)
    assert "float32 on the way" in compare.compare(right, through).text
    assert "float32 on the way" in compare.compare(1 / 3, float(np.float32(1 / 3))).text
    for fine in (right, right * (1 + 1e-15), right + 1e-9, np.where(right > 0, right, right * (1 + 1e-13))):
        assert compare.compare(right, fine) is None
    assert compare.compare(np.nextafter(0.25, 1), 0.25) is None and compare.compare(np.zeros(3), np.zeros(3)) is None
    assert compare.compare(np.array([0.0, 1.0, 0.5]), np.array([0.0, 1.0, 0.5])) is None

    name = "06-backward-propagation"
    source = CHAPTERS[name].sources["backward_propagation"]
    source = source.replace(
        "m = X.shape[1]", "m, X = X.shape[1], X.astype(np.float32)\n    W_B = {k: W.astype(np.float32) for k, W in W_B.items()}"
    )
    source = source.replace("Y_pred - Y_true", "(Y_pred - Y_true).astype(np.float32)").replace(
        '"dLdW1": dLdW1, "dLdb1": dLdb1, "dLdW2": dLdW2, "dLdb2": dLdb2',
        '"dLdW1": dLdW1.astype(float), "dLdb1": dLdb1.astype(float), "dLdW2": dLdW2.astype(float), "dLdb2": dLdb2.astype(float)',
    )
    found = verdict(
        name,
        exercise_of(name, "backward_propagation"),
        CHAPTERS[name].functions(backward_propagation=source)["backward_propagation"],
        (3, 1),
    )
    assert found.status != "right" and "float32 on the way" in found.text(), found.text()


def walked_back(seed=(0,)):
    """A chapter whose function returns a list of dicts: its exercise, the cases, and right answers."""
    name = "11-deep-networks"
    exercise = exercise_of(name, "backward_layers")
    return name, exercise, [CHAPTERS[name].reference["backward_layers"](*case.arguments.values()) for case in exercise.cases(seed)]


@pytest.mark.parametrize(
    "spoilt, says",
    [
        (lambda rows: {"dLdW": [row["dLdW"] for row in rows], "dLdb": [row["dLdb"] for row in rows]}, "should return a list, each"),
        (lambda rows: [rows[0], *(None for _ in rows[1:])], "with dLdW and dLdb, and element 1 of yours is None"),
        (lambda rows: [*rows[:-1], {"dLdW": rows[-1]["dLdW"]}], "of yours lacks dLdb"),
        (lambda rows: [*rows[:-1], [1, 2]], "of yours is a list of 2"),
    ],
)
def test_of_a_list_of_dicts_the_form_is_told(spoilt, says):
    _, exercise, right = walked_back()
    outputs, structure = answers.split(exercise, spoilt(right[0]))
    assert says in structure and set(outputs) == set(exercise.points)


def test_of_a_list_it_is_said_which_elements_are_right():
    """So that of many layers the one is found at which an error enters."""
    name, exercise, right = walked_back()
    for rows in right:
        rows[0]["dLdb"] = rows[0]["dLdb"] * np.pi
    given = iter([*right, right[0]])
    found = verdict_on(name, exercise, answers.call(exercise, lambda *_: next(given), exercise.cases()), (0,))
    assert found.points == exercise.points["dLdW"] and "dLdb differs at element 0: it is exactly" in found.text()
    assert "; element 1 is right (for two layers)" in found.text(), found.text()
    assert "elements 1 and 2 are right" in compare.compare([np.ones(2)] * 3, [np.zeros(2), np.ones(2), np.ones(2)]).text


def test_arrays_in_a_list_of_dicts_can_be_contiguous_in_no_order():
    case = walked_back()[1].cases()[-1]
    assert (
        "not contiguous" in case.title
        and not case.arguments["layers"][1]["W"].flags.forc
        and not case.arguments["caches"][0]["A"].flags.forc
    )
