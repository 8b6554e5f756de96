"""No answer, however odd, makes the judge fail or earns a point that it should not."""

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
