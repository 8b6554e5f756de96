"""No answer, however odd, makes the judge fail or earns a point that it should not."""

from dataclasses import replace

import numpy as np
import pytest

from backprop import course, judge, wire
from backprop.check import mistaken

ROOT = course.find_root()
EXERCISES = [(name, e) for name in course.assignments(ROOT) for e in course.Chapter(ROOT, name).exercises]
ODD = [
    None, True, "text", b"bytes", object(), len, 10**400, -10**30, 10**5000, float("nan"), float("inf"), 1j, complex("nan"),
    [], (), {}, [[]], [1, "a"], [10**400, 1], {"a": 1}, {1: 2}, {None: 1}, np.str_("a"), np.datetime64("2020"), np.longdouble(1),
    np.array(5), np.array(10**40), np.array("a"), np.array([1, None], dtype=object), np.array([["a"] * 11] * 2), np.zeros(0),
    np.zeros((0, 3)), np.zeros((2, 0)), np.zeros((1,) * 32), np.zeros((2, 11), bool), np.array([1], dtype="u8"),
    np.array(5.0, dtype="f2"), np.array([[1e308] * 11] * 2), np.full((2, 11), np.nan), np.full((2, 11), 1j),
    np.full((7, 3), -0.0), np.full((7, 3), 5e-324), np.full((7, 3), 1e-320), np.ma.masked_array([1.0, 2.0], [True, False]),
]


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda v: getattr(v, "name", v))
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_odd_answers_are_wrong_answers(name, exercise):
    """In the place of the whole answer and of each part, as the sandbox sends it and as the notebook sees it."""
    chapter = course.Chapter(ROOT, name)
    cases = exercise.cases((3, 4))
    expected = judge.call(exercise, chapter.reference[exercise.name], cases)

    def catalogue(plausible):
        for mistake in chapter.mistakes(exercise.name):
            if plausible(mistaken(chapter, exercise, mistake, cases[:1], twice=False)[0]):
                yield mistake, mistaken(chapter, exercise, mistake, cases)

    for odd in ODD:
        every = dict.fromkeys(exercise.points, odd)
        for answer in (odd, every, (odd,) * max(2, len(exercise.returns)), (every,) * max(2, len(exercise.returns))):
            seen = [{"value": answer, "error": None, "mutated": [], "warnings": [], "global_random": False}]
            try:
                seen.append({**seen[0], "value": wire.loads(wire.dumps(answer))})
            except (wire.WireError, ValueError):
                pass  # it cannot leave the sandbox: the worker ends and says so
            for one in seen:
                verdict = judge.judge(exercise, cases, expected, judge.results(exercise, [one] * len(cases), one), catalogue)
                assert verdict.points < exercise.max_points and verdict.text()


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
    chapter = course.Chapter(ROOT, name)
    cases = exercise.cases((6, 1))
    reference = chapter.reference[exercise.name]
    expected = judge.call(exercise, reference, cases)
    if any(isinstance(v, (bool, str)) for r in expected for v in r.outputs.values()):
        pytest.skip("a yes or a no is right or it is not: there is no other number")
    answers = [replace(r, outputs=spoilt(r.outputs, UNKNOWN[how])) for r in expected]
    verdict = judge.judge(exercise, cases, expected, answers, lambda plausible: [
        (m, mistaken(chapter, exercise, m, cases)) for m in chapter.mistakes(exercise.name)])
    assert verdict.points < exercise.max_points and verdict.lines
    assert not {m.id for m in chapter.mistakes(exercise.name)} & set(verdict.diagnoses), verdict.text()
    if how.startswith("a factor") and verdict.diagnoses[0] == "factor":
        assert "1.37 times" in verdict.text()


@pytest.mark.parametrize("name, exercise, two", [
    # Each was once given a third mistake's name: one that spoils more than was spoilt, or less.
    ("05-initialisation", "initialize", ("W1-zeros", "one-for-two")),
    ("05-initialisation", "initialize", ("variance-for-deviation", "integer-biases")),
    ("07-backward-propagation", "backward_propagation", ("mean-missing-dLdW1", "W2-from-prediction")),
    ("07-backward-propagation", "backward_propagation", ("keepdims-missing", "loss-of-positives")),
    ("09-gradient-descent", "backward_propagation", ("mean-missing-weights", "loss-squared")),
    ("09-gradient-descent", "update", ("first-layer-forgotten", "twice")),
])
def test_two_mistakes_at_once_are_not_taken_for_a_third(name, exercise, two):
    chapter = course.Chapter(ROOT, name)
    exercise = next(e for e in chapter.exercises if e.name == exercise)
    known = {m.id: m for m in chapter.mistakes(exercise.name)}
    source = known[two[1]].apply(known[two[0]].apply(chapter.sources[exercise.name]))
    wrong = chapter.functions(**{exercise.name: source})[exercise.name]
    cases = exercise.cases((8, 2))
    expected = judge.call(exercise, chapter.reference[exercise.name], cases)
    verdict = judge.judge(exercise, cases, expected, judge.call(exercise, wrong, cases),
                          lambda plausible: [(m, mistaken(chapter, exercise, m, cases)) for m in known.values()])
    assert set(verdict.diagnoses) & set(known) and set(verdict.diagnoses) & set(known) <= set(two), verdict.text()
