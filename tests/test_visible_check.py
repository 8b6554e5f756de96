"""The check in a student's notebook: from the release's file alone, under whatever NumPy there is."""

from functools import cache

import numpy as np
import pytest
from judging import CHAPTERS, ROOT

from backprop import course
from backprop.checking import answers
from backprop.checking.diagnose import arrays_in


def numbers_in(results):
    """The numbers of right answers as feedback might print them, but those that are plain."""
    parts = [np.ravel(np.asarray(v, dtype=float)) for r in results for v in arrays_in(r.outputs)]
    return {f"{abs(x):.4f}" for part in parts for x in part if np.isfinite(x) and abs(x - round(x, 3)) > 1e-6}


@pytest.mark.parametrize("name", CHAPTERS)
def test_visible_check_is_the_catalogue_of_the_release(name, monkeypatch):
    """The notebook's check, from numbers alone, says what the judge says with the references at hand, and shows no right number."""
    chapter = CHAPTERS[name]
    module = course.load(ROOT / "exercises" / name / "checks.py", f"public_{name}")
    used = cache(lambda name, judged=module.check._used: judged(module.check.exercises[name], chapter.reference[name]))
    monkeypatch.setattr(module.check, "_used", lambda exercise, _: used(exercise.name))  # references, whatever calls them
    for exercise in chapter.exercises:
        assert module.check.verdict(chapter.reference[exercise.name]).status == "right"
        numbers = numbers_in(answers.call(exercise, chapter.reference[exercise.name], exercise.cases()))
        for mistake in chapter.mistakes(exercise.name):
            verdict = module.check.verdict(chapter.mistaken(exercise.name, mistake))
            assert verdict.diagnoses == [mistake.id], verdict.text()
            text = verdict.text()
            assert not any(number in text for number in numbers)


def test_what_fails_on_other_inputs_than_the_checks_is_said_as_that():
    """Sizes written in: not an answer out of store, and no sentence says that it is."""
    name, function = "06-backward-propagation", "backward_propagation"
    chapter, public = CHAPTERS[name], course.load(ROOT / "exercises" / name / "checks.py", "public_probe").check
    shapes = {case.arguments["X"].shape for case in public.exercises[function].cases()}
    source = chapter.sources[function].replace("m = X.shape[1]", f"m = {{s: s[1] for s in {shapes}}}[X.shape]")
    found = public.verdict(chapter.functions(backward_propagation=source)[function])
    assert found.diagnoses == ["error"] and found.points == 0 and not found.sound
    assert found.lines[0].startswith("What: right for the inputs of this check, but not for others: it raises KeyError at line"), (
        found.text()
    )
