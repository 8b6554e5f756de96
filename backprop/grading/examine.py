"""Examine one submission: run its cells in a sandbox, call its functions, judge what they answer."""

import hashlib
import hmac
import math
from dataclasses import replace
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import numpy as np

from backprop import notebook
from backprop.checking import answers, visible
from backprop.checking.compare import come_first
from backprop.checking.judge import Verdict, judge, untouched
from backprop.checking.reach import reached
from backprop.course import Chapter, CourseError
from backprop.grading.expected import noise_in, results_of, traces, traces_in
from backprop.grading.sandbox import LIMITS, TRIES, Interrupted, Limits
from backprop.grading.session import NoAnswers, Session

REPEATS = 2


def entropy(key, student, assignment):
    """The secret numbers that seed one student's inputs.

    Parameters
    ----------
    key : bytes
        The course's secret.
    student, assignment : str

    Returns
    -------
    tuple of int
    """
    digest = hmac.new(key, f"{assignment}\0{student}".encode(), hashlib.sha256).digest()
    return tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))


class Examiner:
    """Examines submissions to one assignment.

    Parameters
    ----------
    chapter : backprop.course.Chapter
    key : bytes
        The course's secret: the same key, submission and checks always give the same score.
    limits : backprop.grading.sandbox.Limits
    sandboxed : bool
        False only where the instructor has accepted the risk.
    """

    def __init__(self, chapter: Chapter, key: bytes, limits: Limits = LIMITS, sandboxed: bool = True):
        self.chapter, self.key, self.limits, self.sandboxed = chapter, key, limits, sandboxed
        self.checks = chapter.folder / "checks.py"
        released = _released(chapter)
        self.visible = {e.name: answers.results_from_plain(released[e.name]["expected"]) for e in chapter.exercises}
        self.mistakes = {e.name: chapter.mistakes(e.name) for e in chapter.exercises}
        self.left = {e.name: traces_in(released[e.name]) for e in chapter.exercises}
        self.noise = {e.name: noise_in(self.left[e.name], e) for e in chapter.exercises}

    def examine(self, student: str, cells: list, places: dict | None = None, files: dict | None = None) -> dict:
        """Run and judge one submission.

        Parameters
        ----------
        student : str
        cells : list of (int, str)
            Number and source of each cell to run.
        places : dict of str to int, optional
            For each exercise, the number of the last cell to run before it is judged: as in the notebook, what comes later
            cannot change what its check says. By default, and for those not in it, all of them are run before.
        files : dict of str to bytes, optional
            What lies beside the notebook.

        Returns
        -------
        dict
            ``exercises``: name to points, max_points, status, diagnoses, text and read; ``cells``: number to
            stdout and error; ``notes``: one line for each thing that went wrong with the run or is worth a look.

        Raises
        ------
        backprop.grading.sandbox.NotStarted
            If no sandbox starts.
        backprop.grading.sandbox.Interrupted
            If the machine ended it for want of memory.
        """
        told: list[list[str]] = []
        while True:
            before = killed_for_memory()
            record = self._once(student, cells, places or {}, files or {})
            ended = [note for note in record["notes"] if note.endswith(" ended")]
            if ended and killed_for_memory() != before:
                raise Interrupted("the machine was out of memory, and ended a process")
            # Whatever ends a process from outside does not do so at the same place again: what does is the submission's own.
            if not ended or ended in told or len(told) == TRIES:
                return record
            told.append(ended)

    def _once(self, student, cells, places, files):
        numbers = entropy(self.key, student, self.chapter.name)
        given = {}
        with Session(self, cells, files) as session:
            for exercise in sorted(self.chapter.exercises, key=lambda exercise: places.get(exercise.name, math.inf)):
                cases = exercise.cases(numbers, REPEATS)
                # In a secret order, so that no function can go by how often it was called.
                order = np.random.default_rng(numbers).permutation(len(cases)).tolist()
                given[exercise.name] = cases, session.answers(exercise, cases, order, places.get(exercise.name, math.inf))
            session.finish()
        verdicts: dict[str, Verdict] = {}
        exercises = {exercise.name: exercise for exercise in self.chapter.exercises}
        for name in TopologicalSorter({name: exercise.uses for name, exercise in exercises.items()}).static_order():
            used = [verdicts[other] for other in exercises[name].leans_on]
            if not exercises[name].call and any(not v.sound or v.conduct for v in used):
                called = reached(name, tuple(source for _, source in cells), exercises[name].leans_on)
                used = [verdicts[other] for other in called]
            upstream, charged = [v.exercise for v in used if not v.sound], set().union(*(v.conduct for v in used))
            verdict = self._judge(exercises[name], *given[name], upstream, charged)
            place = places.get(name, math.inf)
            if verdict.status == "not attempted" and (told := session.attempted(name, place, self.stubs)):
                verdict = replace(verdict, status="error", diagnoses=[told.diagnosis], lines=[told.why])
            verdicts[name] = verdict
        return {
            "exercises": {
                v.exercise: {
                    "points": v.points,
                    "max_points": v.max_points,
                    "status": v.status,
                    "diagnoses": v.diagnoses,
                    "lines": v.lines,
                    "read": v.read,
                    **({"signed": session.signed[v.exercise]} if v.exercise in session.signed else {}),
                }
                for v in map(verdicts.__getitem__, exercises)
            },
            "cells": session.outputs,
            "notes": session.notes,
        }

    @cached_property
    def stubs(self):
        """The source of each stub as released."""
        released = notebook.read(self.chapter.root / "exercises" / self.chapter.name / f"{self.chapter.name}.ipynb")
        return {c.metadata.nbgrader.grade_id: c.source for c in released.cells if c.metadata.get("nbgrader", {}).get("solution")}

    def _judge(self, exercise, cases, given, upstream, charged):
        if isinstance(given, NoAnswers):
            if given.diagnosis == "died" and upstream:
                given = NoAnswers("upstream", come_first(upstream))
            return Verdict(exercise.name, 0.0, exercise.max_points, "error", [given.diagnosis], [given.why], [])
        if untouched(exercise, cases, given):  # said without the right answers, which take their time
            return Verdict(exercise.name, 0.0, exercise.max_points, "not attempted")
        expected = answers.right(exercise, self.chapter.reference[exercise.name], cases)

        ordinary = [case for case in cases if not case.edge]

        def catalogue(telling):
            for mistake in self.mistakes[exercise.name]:
                left = self.left[exercise.name].get(mistake.id, [])
                noise = self.noise[exercise.name].get(mistake.id, {})
                if likely(self.chapter, exercise, mistake, telling, cases, expected, left, noise):
                    yield mistake, traces(ordinary, results_of(self.chapter, exercise, mistake, ordinary), expected, noise)

        return judge(exercise, cases, expected, given, catalogue, upstream, self.visible[exercise.name], charged)


def likely(chapter, exercise, mistake, telling, cases, expected, left, noise) -> bool:
    """Whether a known mistake may be what a `Telling` tells of: to work it out in every case takes longer than to ask.

    Parameters
    ----------
    chapter, exercise, mistake, cases, expected
        As `backprop.grading.expected.traces` and `results_of` take them.
    telling : backprop.checking.telling.Telling
    left : list of Trace
        What the release kept of the mistake.
    noise : mapping
        As `backprop.grading.expected.noise_of` gives it.
    """
    if left and not any(map(telling.fits, left)):
        return False
    which = slice(telling.number, telling.number + 1)
    one = results_of(chapter, exercise, mistake, cases[which], twice=False)
    return bool(noise or telling.may_be(one[0])) and telling.is_like(traces(cases[which], one, expected[which], noise)[0])


def killed_for_memory() -> int:
    """How many processes of this machine the system has ended for want of memory, since it started."""
    try:
        return int(Path("/proc/vmstat").read_text().split("oom_kill ")[1].split()[0])
    except (OSError, IndexError):
        return 0


def _released(chapter):
    """What the assignment's ``expected.json`` holds of each exercise."""
    path = chapter.folder / "expected.json"
    try:
        found = visible.loads(path.read_text(encoding="utf-8"))["exercises"]
        missing = [exercise.name for exercise in chapter.exercises if exercise.name not in found]
    except (OSError, ValueError):
        missing = [exercise.name for exercise in chapter.exercises]
    if missing:
        raise CourseError(f"{path} knows nothing of {', '.join(missing)}. Run: backprop release {chapter.name}")
    return found


def limits(root):
    """The limits that ``nbgrader_config.py`` sets: ``c.Examine.limits = {"cell": 20.0}``.

    Raises
    ------
    CourseError
        If there is no limit of that name.
    """
    from traitlets.config import ConfigFileNotFound, PyFileConfigLoader

    try:
        chosen = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config().Examine.get("limits", {})
        return replace(LIMITS, **chosen)
    except ConfigFileNotFound:
        return LIMITS
    except TypeError:
        known = ", ".join(vars(LIMITS))
        raise CourseError(f"c.Examine.limits in nbgrader_config.py knows {known}; there stands {chosen}.") from None


def fingerprint(chapter):
    """A digest of all that a score depends on besides submission, student and key: the judge and the assignment."""
    from backprop.grading.bubblewrap import PACKAGE

    digest = hashlib.sha256()
    files = [
        *sorted(PACKAGE.rglob("*.py")),
        *sorted(chapter.folder.glob("*.py")),
        chapter.folder / f"{chapter.name}.ipynb",
        chapter.folder / "expected.json",
    ]
    files += sorted(p for p in (chapter.root / "solutions").glob("*/mistakes.py") if p.parent != chapter.folder)
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
