"""The checks are mutation-tested: every known mistake fails with its own diagnosis, every right answer passes.

Prints the table: exercises × (mistakes caught, named; right answers accepted).
"""

from collections import defaultdict

import pytest
from judging import CHAPTERS, EXERCISES, verdict

from backprop.grading.report import STRUCTURAL

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
    for name, exercise in EXERCISES:
        ids = [m.id for m in CHAPTERS[name].mistakes(exercise.name)]
        assert len(ids) == len(set(ids)), exercise.name
        assert not set(ids) & set(STRUCTURAL), "a name of what compare sees is no mistake's"


@pytest.fixture(scope="module", autouse=True)
def table(request):
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n\n  exercise                                        mistakes  caught  named   right answers  accepted")
        for (name, exercise), row in sorted(TABLE.items()):
            print(f"  {name[:2]} {exercise:44} {row[0]:8} {row[1]:7} {row[2]:6} {row[3]:15} {row[4]:9}")
