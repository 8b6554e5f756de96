"""The check that a student runs under each stub: ``check(the_function)``."""

import inspect
import json
import os
import sys
import types
from pathlib import Path

from backprop.checking import answers, wire
from backprop.checking.diagnose import from_store
from backprop.checking.judge import judge
from backprop.checking.observe import undisturbed


class CheckFailed(AssertionError):
    """An answer is not right yet. Notebooks show its one line and no traceback."""

    def _render_traceback_(self):
        return [f"CheckFailed: {self}"]


class CheckError(Exception):
    """The check itself cannot run; the message says what is missing and what to do."""

    def _render_traceback_(self):
        return [f"CheckError: {self}"]


class Check:
    """The ``check`` of one assignment, made at the end of its ``checks.py``.

    Parameters
    ----------
    checks_file : str
        ``__file__`` of the ``checks.py``; the visible cases' right answers lie beside it in ``expected.json``.
    exercises : list of Exercise
    """

    def __init__(self, checks_file, exercises):
        self.path = Path(checks_file).with_name("expected.json")
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self._expected = None

    def __call__(self, function):
        """Check one function: print what is right and what is not.

        Parameters
        ----------
        function : callable
            Named as the exercise is.

        Returns
        -------
        float or None
            The points, where nbgrader grades; elsewhere nothing.

        Raises
        ------
        CheckFailed
            If the answer is not right yet; where nbgrader grades, points are returned instead.
        CheckError
            If there is no such exercise, or ``expected.json`` is missing or damaged.
        """
        with undisturbed():
            verdict = self.verdict(function)
        print(verdict.text(self.expected["book"]))
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            return verdict.points
        if verdict.status == "not attempted":
            raise CheckFailed(f"{verdict.exercise} is not attempted yet.")
        if verdict.status != "right":
            raise CheckFailed(f"{verdict.exercise} is not right yet: see above.")

    def verdict(self, function, name=None):
        """The verdict on one function over the visible cases: by default that of the exercise whose name it has."""
        exercise = self._exercise(function) if name is None else self.exercises[name]
        if exercise.name not in self.expected["exercises"]:
            raise CheckError(f"{self.path} knows no {exercise.name}: fetch the assignment again.")
        known = self.expected["exercises"][exercise.name]
        cases = exercise.cases()
        expected = [answers.from_plain(wire.decode(r)) for r in known["expected"]]
        given = answers.call(exercise, function, cases)
        verdict = judge(exercise, cases, expected, given, lambda plausible: _catalogue(known), self._upstream(exercise, function))
        if verdict.status == "right":
            self._probe(exercise, function, expected, verdict)
        return verdict

    def _exercise(self, function):
        """The exercise that a function is meant for: by its own name, or by the one that it was assigned to."""
        name = getattr(function, "__name__", None)
        if name not in self.exercises:
            for space in (getattr(function, "__globals__", {}), vars(sys.modules["__main__"])):
                for known in self.exercises:
                    if space.get(known) is function:
                        return self.exercises[known]
            raise CheckError(f"There is no exercise named {name}. check() takes one of: {', '.join(self.exercises)}.")
        return self.exercises[name]

    def _upstream(self, exercise, function):
        """Those of the student's functions that this one may call and that are not right themselves."""
        own = getattr(inspect.unwrap(function), "__globals__", vars(sys.modules["__main__"]))
        return [
            name
            for name in exercise.uses
            if callable(own.get(name)) and name in self.exercises and not self.verdict(own[name], name).sound
        ]

    def _probe(self, exercise, function, expected, verdict):
        """Try inputs whose answer no file holds: a function that only knows the visible ones fails here."""
        cases = exercise.cases(entropy=(1,), repeats=1)
        for answer in answers.call(exercise, function, cases):
            kept = from_store([], [answer], [True], expected)
            if answer.error or answer.structure or kept:
                verdict.status, verdict.points, verdict.sound, verdict.diagnoses = "wrong", 0.0, False, ["stored-answers"]
                verdict.lines = [
                    "What: it answers the inputs of this check and no others.",
                    "Why: the answer has to be worked out from the arguments; other numbers come at grading.",
                ]
                return

    @property
    def expected(self):
        if self._expected is None:
            try:
                self._expected = json.loads(self.path.read_text(encoding="utf-8"))
                self._expected["exercises"], self._expected["book"]
            except (OSError, ValueError, TypeError, KeyError):
                raise CheckError(
                    f"{self.path} is missing or damaged: fetch the assignment again, and keep its files together in one folder."
                ) from None
        return self._expected


def _catalogue(known):
    count = len(known["expected"])
    return [(types.SimpleNamespace(**m["about"]), answers.traces_from_plain(m["traces"], count)) for m in known["mistakes"]]
