"""The check that a student runs under each stub: ``check(the_function)``."""

import contextlib
import inspect
import linecache
import os
import re
import sys
import textwrap
import types
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from backprop.checking import answers, visible
from backprop.checking.cells import code_of
from backprop.checking.compare import listed
from backprop.checking.contract import Exercise
from backprop.checking.diagnose import from_store
from backprop.checking.errors import why
from backprop.checking.failed import VALIDATING, CheckError, CheckFailed
from backprop.checking.judge import Verdict, judge
from backprop.checking.observe import undisturbed
from backprop.checking.reach import reached
from backprop.checking.saved import Runs
from backprop.checking.show import show


class Check:
    """The ``check`` of one assignment, made at the end of its ``checks.py``.

    Parameters
    ----------
    checks_file : str
        ``__file__`` of the ``checks.py``; the visible cases' right answers lie beside it in ``expected.json``.
    exercises : list of Exercise
    """

    def __init__(self, checks_file: str, exercises: list[Exercise]):
        self.path = Path(checks_file).with_name("expected.json")
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self.verdicts: dict[str, Verdict] = {}
        self._expected, self._runs = None, None
        shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
        if shell and not getattr(
            shell, "custom_exceptions", True
        ):  # neither a page's nor grading's, nor one with handlers of its own
            shell.set_custom_exc((NameError,), self._show_name_error)
            self._runs = Runs(shell, list(self.exercises))

    def _show_name_error(self, shell, kind, error, traceback, tb_offset=None):
        """Have IPython say in one line that a function is checked before its cell was run; any other NameError as ever."""
        innermost = traceback
        while innermost.tb_next:
            innermost = innermost.tb_next
        line = linecache.getline(innermost.tb_frame.f_code.co_filename, innermost.tb_lineno)
        if error.name in self.exercises and re.search(rf"\bcheck\(\s*{error.name}\b", line):
            words = f"CheckError: there is no {error.name} yet: run the cell above that makes it, then this one again."
            error._render_traceback_ = lambda: [words]
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset, running_compiled_code=True)

    def __call__(self, function: Callable) -> float | None:
        """Check one function: show what is right and what is not.

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
        # nbgrader's validation takes whatever stands on stderr for an error
        with undisturbed(), contextlib.redirect_stderr(sys.stdout if VALIDATING in os.environ else sys.stderr):
            verdict = self.verdict(function, out=sys.stdout)
        more: tuple[str, ...] = ()
        if self._runs and self._runs.edited(verdict.exercise, function, self.path.parent):
            more = (
                f"The cell of {verdict.exercise} was changed after it was run, and the notebook holds another one now: "
                "run it (Shift-Enter), and check again.",
            )
        show(verdict, self.expected["book"], more)
        self.verdicts[verdict.exercise] = verdict
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            return verdict.points
        if verdict.status == "not attempted":
            raise CheckFailed(f"{verdict.exercise} is not attempted yet.")
        if verdict.status != "right":
            raise CheckFailed(f"{verdict.exercise} is not right yet: see above.", verdict.text(self.expected["book"]))
        return None

    def total(self) -> str:
        """The points in all, and which functions are not right yet: of each, the check that was run last counts."""
        points = sum(verdict.points for verdict in self.verdicts.values())
        most = sum(exercise.max_points for exercise in self.exercises.values())
        status = {name: self.verdicts[name].status if name in self.verdicts else "not checked" for name in self.exercises}
        left = []
        for words, states in (
            ("not right yet", ("partial", "wrong", "error")),
            ("not attempted yet", ("not attempted",)),
            ("not checked: see above", ("not checked",)),
        ):
            names = [name for name in self.exercises if status[name] in states]
            left += [f"{listed(names)} {'is' if len(names) == 1 else 'are'} {words}"] if names else []
        return f"{points:g} of {most:g} points: {'; '.join(left) or 'all right'}."

    def verdict(self, function: Callable, name: str | None = None, out: TextIO | None = None) -> Verdict:
        """The verdict on one function over the visible cases: by default that of the exercise whose name it has.

        What it prints in its first call goes to the stream `out`.
        """
        exercise = self._exercise(function) if name is None else self.exercises[name]
        if exercise.name not in self.expected["exercises"]:
            raise CheckError(f"{self.path} knows no {exercise.name}: fetch the assignment again.")
        known = self.expected["exercises"][exercise.name]
        cases = exercise.cases()
        expected = [result for part in ("expected", "edges") for result in answers.results_from_plain(known[part])]
        given, used = answers.call(exercise, function, cases, out=out), self._used(exercise, function)
        upstream, charged = [v.exercise for v in used if not v.sound], set().union(*(v.conduct for v in used))
        verdict = judge(
            exercise, cases, expected, given, lambda telling: _catalogue(known, self.expected["words"]), upstream, charged=charged
        )
        if verdict.status == "not attempted" and _begun(function, known["stub"]):
            verdict.status, verdict.diagnoses = "error", ["stub-left"]
            verdict.lines = [f"What: `raise NotImplementedError()` of the stub still stands in {exercise.name}: delete it."]
        if verdict.status == "right" and not exercise.near:  # a prediction is what it is
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
            raise CheckError(
                f"There is no exercise named {name}. check() takes one of: {', '.join(self.exercises)}. Is {self.path.parent.name or 'this'} "
                "the folder of another chapter? Each chapter's files need a folder of their own."
            )
        return self.exercises[name]

    def _used(self, exercise, function):
        """The verdicts on those of the student's functions that this one calls, or may call where that cannot be seen."""
        own = getattr(inspect.unwrap(function), "__globals__", vars(sys.modules["__main__"]))
        used = exercise.leans_on
        if not exercise.call:
            used = reached(exercise.name, _sources(own, exercise.name, function), used)
        return [self.verdict(own[name], name) for name in used if callable(own.get(name)) and name in self.exercises]

    def _probe(self, exercise, function, expected, verdict):
        """Try inputs whose answer no file holds: a function that only knows the visible ones fails here."""
        cases = [case for case in exercise.cases(entropy=(1,), repeats=1) if not case.edge]  # of few entries many are alike
        for case, answer in zip(cases, answers.call(exercise, function, cases)):
            failed = f"it {answers.error_text(answer.error, exercise.name)}" if answer.error else answer.structure
            if failed:
                verdict.diagnoses = ["error" if answer.error else "structure"]
                verdict.lines = [f"What: right for the inputs of this check, but not for others: {failed} ({case.title})."]
                meaning = why(answer.error) if answer.error else ""
                verdict.lines += [f"Why: {meaning}"] if meaning else []
            elif from_store([], [answer], [True], expected):
                verdict.diagnoses = ["stored-answers"]
                verdict.lines = [
                    "What: for other inputs it gives back an answer of this check's own.",
                    "Why: the answer has to be worked out from the arguments; other numbers come at grading.",
                ]
            else:
                continue
            verdict.status, verdict.points, verdict.sound = "wrong", 0.0, False
            return

    @property
    def expected(self):
        if self._expected is None:
            try:
                self._expected = visible.loads(self.path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                raise CheckError(
                    f"{self.path} is missing or damaged: fetch the assignment again, and keep its files together in one folder."
                ) from None
        return self._expected


def _sources(own, *named):
    """The definitions of a notebook's functions, and of one by its name; of one whose definition cannot be seen, what is no Python."""
    found = []
    for name, value in [*own.items(), named]:
        if inspect.isfunction(value) and value.__globals__ is own:
            try:
                found.append(textwrap.dedent(inspect.getsource(value)))
            except (OSError, TypeError):
                found.append("(")
            if value.__name__ != name and value.__name__.isidentifier():
                found.append(f"{name} = {value.__name__}")
    return found


def _begun(function, stub):
    """Whether a function is no longer the stub that was handed out, where that can be seen."""
    try:
        return code_of(inspect.getsource(function)) != stub
    except (OSError, TypeError, SyntaxError):
        return False


def _catalogue(known, words):
    count = len(answers.results_from_plain(known["expected"]))
    return [
        (
            types.SimpleNamespace(id=m["id"], **{field: words[number] for field, number in m["about"].items()}),
            answers.traces_from_plain(m["traces"], count),
        )
        for m in known["mistakes"]
    ]
