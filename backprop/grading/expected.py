"""What a release writes into ``expected.json``: right answers for the visible seeds, and what known mistakes leave there.

What is nothing but rounding differs from one processor to the next. It shows by itself: inputs are moved by one unit in
the last place, and what then moves by more than the tolerance is neither stored nor recognised by.
"""

import re
from dataclasses import replace

import numpy as np

from backprop.checking import answers
from backprop.checking.cells import code_of
from backprop.checking.compare import alike
from backprop.course import CourseError

NUDGES = 3


def expected_data(chapter, book=""):
    """What ``expected.json`` holds.

    Parameters
    ----------
    chapter : backprop.course.Chapter
    book : str
        Address of the published book, or "".

    Returns
    -------
    dict
        As JSON holds it: for each exercise the visible cases' right results, and the traces of each mistake; the sentences on
        mistakes once each, as many say the same.

    Raises
    ------
    CourseError
        If a right answer is nothing but rounding: no answer could be held against it.
    """
    exercises: dict = {}
    words: dict[str, int] = {}
    for exercise in chapter.exercises:
        cases = exercise.cases()
        right = answers.call(exercise, chapter.reference[exercise.name], cases)
        ordinary = [case for case in cases if not case.edge]
        for case, result, nudged in zip(cases, right, nudged_results(exercise, chapter.reference[exercise.name], cases)):
            if case.draw not in exercise.accept and any(_differ(result, other) for other in nudged):
                raise CourseError(
                    f"{chapter.name}: the right answer of {exercise.name} {case.title} is decided by rounding. Draw "
                    "other inputs, or say in `accept` which answers are right."
                )
        exercises[exercise.name] = {
            "expected": answers.results_to_plain([result for case, result in zip(cases, right) if not case.edge]),
            "edges": answers.results_to_plain([result for case, result in zip(cases, right) if case.edge]),
            "stub": code_of(_stub(chapter.cells[exercise.name])),
            "mistakes": [
                {
                    "id": m.id,
                    "about": {
                        k: words.setdefault(getattr(m, k), len(words)) for k in ("says", "why", "read", "line") if getattr(m, k)
                    },
                    "traces": answers.traces_to_plain(
                        traces(ordinary, results_of(chapter, exercise, m, ordinary), right, noise_of(chapter, exercise, m, cases))
                    ),
                }
                for m in chapter.mistakes(exercise.name)
            ],
        }
    return {"book": book, "words": list(words), "exercises": exercises}


def _stub(source):
    """A solution cell as it is handed out."""
    return re.sub(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION", r"\1raise NotImplementedError()", source, flags=re.M | re.S)


def results_of(chapter, exercise, mistake, cases, twice=True):
    """What a known mistake gives in each case; ``twice`` has the first called again, to see whether it always answers the same."""
    return answers.call(exercise, chapter.mistaken(exercise.name, mistake), cases, twice, trusted=True)


def traces(cases, results, expected, noise=()):
    """The traces that results of a known mistake leave beside the right ones.

    Parameters
    ----------
    cases : list of Case
        None of them is an edge: there a mistake leaves none.
    results, expected : list of Result
        One a case; more right ones may follow.
    noise : mapping of str to set of str
        Outputs that are nothing but rounding, by the name of the draw; ``*`` stands for everything.

    Returns
    -------
    list of Trace
    """
    return [
        _without(answers.trace(result, right), dict(noise).get(case.title, ()))
        for case, result, right in zip(cases, results, expected)
    ]


def noise_of(chapter, exercise, mistake, cases):
    """What of a mistake's answers is nothing but rounding: names of outputs, or ``*``, by the name of the draw."""
    function, found = chapter.mistaken(exercise.name, mistake), {}
    cases = [case for case in cases if not case.edge]
    results = answers.call(exercise, function, cases, twice=False)
    for case, result, nudged in zip(cases, results, nudged_results(exercise, function, cases)):
        for other in nudged:
            for name in _differ(result, other):
                found.setdefault(case.title, set()).add(name)
    return found


def traces_in(stored):
    """The traces of an exercise in ``expected.json``: by the mistake's id, one a visible case that is no edge."""
    count = len(answers.results_from_plain(stored["expected"]))
    return {mistake["id"]: answers.traces_from_plain(mistake["traces"], count) for mistake in stored["mistakes"]}


def noise_in(left, exercise):
    """What traces, as `traces_in` gives them, say is noise: by the mistake's id, as `noise_of` gives it."""
    titles, found = [case.title for case in exercise.cases() if not case.edge], {}
    for mistake, its in left.items():
        for title, trace in zip(titles, its):
            names = {"*"} if trace.noise else {name for name, output in trace.outputs.items() if output.noise}
            if names:
                found.setdefault(mistake, {}).setdefault(title, set()).update(names)
    return found


def nudged_results(exercise, function, cases):
    """For each case, the results for its arguments moved by one unit in the last place, `NUDGES` times."""
    rng = np.random.default_rng(0)
    moved = [[replace(case, arguments=nudge(case.arguments, rng)) for case in cases] for _ in range(NUDGES)]
    return list(zip(*(answers.call(exercise, function, those, twice=False) for those in moved)))


def nudge(value, rng):
    """A value with every float in it moved by one unit in the last place, up or down; whole numbers stay what they are."""
    if isinstance(value, dict):
        return {key: nudge(part, rng) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(nudge(part, rng) for part in value)
    if isinstance(value, (float, np.floating)) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        numbers = np.asarray(value)
        aside = np.nextafter(numbers, np.where(rng.random(numbers.shape) < 0.5, -np.inf, np.inf).astype(numbers.dtype))
        moved = np.where(numbers == np.round(numbers), numbers, aside)
        return moved if isinstance(value, np.ndarray) else type(value)(moved)
    return value


def _differ(a, b):
    """Names of the outputs in which two results differ; ``*`` where something else does."""
    if (bool(a.error), a.structure, bool(a.warnings), a.mutated) != (bool(b.error), b.structure, bool(b.warnings), b.mutated):
        return {"*"}
    if a.error:
        return set() if answers.signature(a.error) == answers.signature(b.error) else {"*"}
    return {name for name, value in a.outputs.items() if not alike(value, b.outputs.get(name))}


def _without(trace, noise):
    if "*" in noise:
        return answers.Trace(noise=True)
    return replace(
        trace,
        outputs={
            name: replace(found, leaves=(), sizes=(), noise=True) if name in noise else found
            for name, found in trace.outputs.items()
        },
    )


def same_content(a, b):
    """Whether two contents of ``expected.json`` agree: words exactly, numbers to the tolerance, as processors round differently."""
    try:
        return (
            (a["book"], a["words"]) == (b["book"], b["words"])
            and list(a["exercises"]) == list(b["exercises"])
            and all(map(_same_exercise, a["exercises"].values(), b["exercises"].values()))
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        return False


def _same_exercise(a, b):
    for part in ("expected", "edges"):
        rows = [answers.results_from_plain(one[part]) for one in (a, b)]
        if not alike(*(list(map(vars, results)) for results in rows)):
            return False
    count = len(answers.results_from_plain(a["expected"]))
    if a["stub"] != b["stub"] or [(m["id"], m["about"]) for m in a["mistakes"]] != [(m["id"], m["about"]) for m in b["mistakes"]]:
        return False
    return all(
        _same_trace(s, t)
        for m, n in zip(a["mistakes"], b["mistakes"])
        for s, t in zip(answers.traces_from_plain(m["traces"], count), answers.traces_from_plain(n["traces"], count))
    )


def _same_trace(a, b):
    return (
        replace(a, outputs={}) == replace(b, outputs={})
        and list(a.outputs) == list(b.outputs)
        and all(found.agrees(b.outputs[name]) for name, found in a.outputs.items())
    )
