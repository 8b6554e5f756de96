"""Examine one submission: run its cells in a sandbox, call its functions, judge what they answer."""

import ast
import hashlib
import hmac
import json
import re
import time
import warnings
from dataclasses import dataclass

import numpy as np

from backprop.checking import answers, wire
from backprop.checking.cells import parse
from backprop.checking.judge import Verdict, judge
from backprop.course import CourseError
from backprop.grading.expected import noise_in, traces
from backprop.grading.sandbox import LIMITS, Died, Worker

REPEATS = 2
BUDGET = 60.0  # seconds a submission may take in all
SHORT = 0.5  # seconds for a call of a function that may call one that never ended
PARSED = 500_000  # characters of a submission that are parsed here, where no sandbox limits what that takes
# What shows to code which function it was handed, other than by calling it.
INSIDE = {
    "_getframe",
    "_current_frames",
    "currentframe",
    "f_back",
    "f_locals",
    "f_globals",
    "tb_frame",
    "gi_frame",
    "__code__",
    "__closure__",
    "cell_contents",
    "settrace",
    "setprofile",
    "gc",
    "inspect",
    "dis",
    "ctypes",
}


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


def looks_inside(cells):
    """Names in a submission's code that look inside functions or frames: for an instructor to read, no proof of anything.

    Inside one Python process nobody can be kept from that; comments and prose that speak of it do not count.

    Parameters
    ----------
    cells : list of (int, str)
        Number and source of each cell. One that is no Python is passed over: it does not run either.

    Returns
    -------
    list of str
        Those of `INSIDE` that occur as names, attributes, imports or whole strings, sorted.
    """
    found, room = set(), PARSED
    for _, source in cells:
        room -= len(source)
        if room < 0:
            names = re.findall(r"\w+", source)
        else:
            try:
                with warnings.catch_warnings():  # of the student's spelling, as of escapes in strings
                    warnings.simplefilter("ignore")
                    tree, _ = parse(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):  # a null byte is the second, deep nesting the others
                continue
            texts = (getattr(node, kind, None) for node in ast.walk(tree) for kind in ("id", "attr", "name", "module", "value"))
            names = (name for text in texts if isinstance(text, str) for name in text.split("."))
        found |= INSIDE.intersection(names)
    return sorted(found)


@dataclass(frozen=True)
class NoAnswers:
    """Stands for the answers of a function that gave none: a diagnosis and a sentence, or neither where there is no function."""

    diagnosis: str = ""
    why: str = ""


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

    def __init__(self, chapter, key, limits=LIMITS, sandboxed=True):
        self.chapter, self.key, self.limits, self.sandboxed = chapter, key, limits, sandboxed
        self.checks = chapter.folder / "checks.py"
        released = _released(chapter)
        self.visible = {
            e.name: list(map(answers.from_plain, map(wire.decode, released[e.name]["expected"]))) for e in chapter.exercises
        }
        self.noise = {e.name: noise_in(released[e.name], e) for e in chapter.exercises}

    def examine(self, student, cells):
        """Run and judge one submission.

        Parameters
        ----------
        student : str
        cells : list of (int, str)
            Number and source of each cell to run.

        Returns
        -------
        dict
            ``exercises``: name to points, max_points, status, diagnoses, text and read; ``cells``: number to
            stdout and error; ``notes``: one line for each thing that went wrong with the run or is worth a look.
        """
        numbers = entropy(self.key, student, self.chapter.name)
        with _Session(self, cells) as session:
            given = {}
            for exercise in self.chapter.exercises:
                cases = exercise.cases(numbers, REPEATS)
                # In a secret order, so that no function can go by how often it was called.
                order = np.random.default_rng(numbers).permutation(len(cases)).tolist()
                given[exercise.name] = cases, session.answers(exercise, cases, order)
        verdicts = {}
        for exercise in self.chapter.exercises:
            upstream = [name for name in exercise.uses if name in verdicts and not verdicts[name].sound]
            verdicts[exercise.name] = self._judge(exercise, *given[exercise.name], upstream)
        inside = looks_inside(cells)
        looks = [f"mentions {', '.join(inside)}, which can look inside functions or frames: for a look"] if inside else []
        return {
            "exercises": {
                v.exercise: {
                    "points": v.points,
                    "max_points": v.max_points,
                    "status": v.status,
                    "diagnoses": v.diagnoses,
                    "lines": v.lines,
                    "read": v.read,
                }
                for v in verdicts.values()
            },
            "cells": session.outputs,
            "notes": session.notes + looks,
        }

    def _judge(self, exercise, cases, given, upstream):
        if isinstance(given, NoAnswers):
            if given.diagnosis == "died" and upstream:
                given = NoAnswers("upstream", f"{upstream[0]} comes first: mend it, then run this again.")
            return Verdict(
                exercise.name,
                0.0,
                exercise.max_points,
                "error" if given.diagnosis else "not attempted",
                [given.diagnosis] if given.diagnosis else [],
                [given.why] if given.why else [],
                [],
            )
        expected = answers.call(exercise, self.chapter.reference[exercise.name], cases, twice=False)

        def catalogue(plausible):
            for mistake in self.chapter.mistakes(exercise.name):
                noise = self.noise[exercise.name].get(mistake.id, {})
                if plausible(traces(self.chapter, exercise, mistake, cases[:1], expected, twice=False, noise=noise)[0]):
                    yield mistake, traces(self.chapter, exercise, mistake, cases, expected, noise=noise)

        return judge(exercise, cases, expected, given, catalogue, upstream, self.visible[exercise.name])


def _released(chapter):
    """What the assignment's ``expected.json`` holds of each exercise."""
    path = chapter.folder / "expected.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["exercises"]
        missing = [exercise.name for exercise in chapter.exercises if exercise.name not in found]
    except (OSError, ValueError, KeyError, TypeError):
        missing = [exercise.name for exercise in chapter.exercises]
    if missing:
        raise CourseError(f"{path} knows nothing of {', '.join(missing)}. Run: backprop release {chapter.name}")
    return found


class _Session:
    """One submission's worker, started again where it died: what works still earns its marks."""

    def __init__(self, examiner, cells):
        self.examiner, self.cells = examiner, cells
        self.skip, self.outputs, self.notes, self.stuck = set(), {}, [], set()
        self.deadline = time.monotonic() + BUDGET
        self.worker = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.worker:
            self.worker.close()

    def _ready(self):
        """Have a worker in which every cell that can run has run. False once the budget is spent."""
        while True:
            if time.monotonic() > self.deadline:
                if "took too long in all" not in self.notes:
                    self.notes.append("took too long in all")
                return False
            if self.worker:
                return True
            number = None
            worker = Worker(self.examiner.limits, self.examiner.checks, self.examiner.sandboxed)
            try:
                for number, source in self.cells:
                    if time.monotonic() > self.deadline:
                        worker.close()
                        break
                    if number not in self.skip:
                        self.outputs[number] = worker.run(number, source)
                        if (self.outputs[number]["error"] or {}).get("type") == "MemoryError":
                            worker.close()  # what it filled would be missing for everything after it
                            raise Died("ran out of memory")
                else:
                    self.worker = worker
            except Died as error:
                self.skip.add(number)
                self.notes.append(f"cell {number + 1} {error}")
                self.outputs[number] = {
                    "stdout": "",
                    "error": {"type": "Stopped", "message": f"This cell {error}; grading went on without it.", "line": None},
                }

    def answers(self, exercise, cases, order):
        """Results of every case, called in an order, or `NoAnswers`."""
        observations = []
        try:
            for number in [*order, 0]:
                if not self._ready():
                    return NoAnswers("died", "What: the submission had used up its time before this function had answered.")
                # A loop is waited for once: a function that may call the one that loops gets a short turn.
                short = self.stuck & set(exercise.uses)
                seen = self.worker.call(exercise, cases[number].arguments, SHORT if short else None)
                if seen is None:
                    return self._undefined(exercise)
                observations.append(seen)
        except Died as error:
            self.worker = None
            self.stuck.add(exercise.name)
            if not self.stuck & set(exercise.uses):
                self.notes.append(f"{exercise.name} {error}")
            hint = ": does a loop in it ever end?" if "long" in str(error) else ""
            return NoAnswers("died", f"What: the process {error} while {exercise.name} was running{hint}.")
        return answers.results(exercise, [observations[order.index(n)] for n in range(len(cases))], observations[-1])

    def _undefined(self, exercise):
        """Why there is no such function: the cell that defines it may have raised."""
        for number, source in reversed(self.cells):
            error = self.outputs.get(number, {}).get("error")
            if error and re.search(rf"^\s*def {re.escape(exercise.name)}\b", source, re.M):
                line = f" at line {error['line']}" if error.get("line") else ""
                return NoAnswers(
                    "error",
                    f"What: the cell that defines {exercise.name} stops with {error['type']}{line}: "
                    f"{error['message']}, so there is no function to call.",
                )
        return NoAnswers()


def fingerprint(chapter):
    """A digest of all that a score depends on besides submission, student and key: the judge and the assignment."""
    from backprop.grading.sandbox import PACKAGE

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
