"""One submission's run: cells in a worker up to where an answer is asked for, and what was answered.

| what you can do | with |
| --- | --- |
| have a function's answers at its place in the notebook | `Session.answers` |
| run what comes after the last of them | `Session.finish` |
| say why there is no function, or why it is as released | `Session.undefined`, `Session.attempted` |
"""

import math
import re
import time
from dataclasses import dataclass

import numpy as np

from backprop.checking import answers, wire
from backprop.checking.cells import definitions, parse
from backprop.grading.needs import binds, needed
from backprop.grading.sandbox import AGAIN, Died, Worker
from backprop.grading.subjects import Subjects

DIFFERS = r"Operation not permitted|can't start new thread|Network is unreachable"
SHORT = 0.5  # seconds for a call of a function that may call one that never ended


@dataclass(frozen=True)
class NoAnswers:
    """Stands for the answers of a function that gave none: a diagnosis and a sentence."""

    diagnosis: str
    why: str


class Spent(Exception):
    """The time for a submission's answers is used up."""


class Session:
    """One submission's worker, started again where it died: what works still earns its marks.

    Cells run in order, up to the place where an answer is asked for. Once one has taken too long, or the time for all of
    them is spent, only those that the answers need still run, in the answers' own time.
    """

    def __init__(self, examiner, cells, files):
        self.examiner, self.limits, self.cells, self.files = examiner, examiner.limits, cells, files
        self.outputs, self.notes, self.stuck = {}, [], set()
        self.stopped, self.skipped = set(), set()  # cells of which only the definitions still run, or nothing
        self.passed = set()  # cells that were not needed
        self.signed = {}  # the name by which a task was drawn, as the submission gives it
        self.open = [exercise.name for exercise in examiner.chapter.exercises]
        self.needed = None  # of the cells, once time is short
        self.spent = {"cells": 0.0, "answers": 0.0}
        self.worker, self.next, self.started = None, 0, False
        self.subjects = Subjects(examiner)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.subjects.close()
        if self.worker:
            self.worker.close()

    def _start(self):
        begun = time.monotonic()
        worker = Worker(self.limits, self.examiner.checks, self.examiner.sandboxed)
        if self.files:
            worker.files(self.files)
        if self.started:  # again: a thousand cells that end the process are not waited for
            self._spend(begun)
        self.started = True
        return worker

    def _spend(self, begun):
        self.spent["cells" if self.needed is None else "answers"] += time.monotonic() - begun
        if self.spent["cells"] > self.limits.cells:
            self._hurry()

    def _ready(self, place):
        """Have a worker in which every cell that can run has run, up to a place. False once time is spent."""
        while True:
            if self._spent_all():
                return False
            if self.needed is not None and not self.open:
                return False
            try:
                if not self.worker:
                    self.worker, self.next = self._start(), 0
                if self.next == len(self.cells) or self.cells[self.next][0] > place:
                    return True
                self._run(*self.cells[self.next])
                self.next += 1
            except Died:
                self.worker = None

    def _run(self, number, source):
        whole = number not in self.stopped and (self.needed is None or number in self.needed)
        if number in self.skipped:
            return
        begun = time.monotonic()
        try:
            output = self.worker.run(number, source, definitions=not whole)
            self._end_if_full(output["error"])
        except Died as error:
            (self.stopped if whole else self.skipped).add(number)
            self.notes += [f"cell {number + 1} {error}"] if whole else []
            self.outputs[number] = _stopped(f"This cell {error}; grading went on without it.")
            if "long" in str(error):
                self._hurry()
            raise
        finally:
            self._spend(begun)
        if whole:
            self.outputs[number] = {**output, "error": _told(output["error"])}
        elif number not in self.stopped:
            self._pass(number)

    def _hurry(self):
        if self.needed is None:
            self.needed = needed(self.cells, self.open)

    def _pass(self, number):
        if number not in self.outputs:
            self.passed.add(number)
            self.outputs[number] = _stopped("Passed over: time was short, and no answer needs this cell.")

    def finish(self):
        """Run what comes after the last answer, for its output, while there is time."""
        if self.needed is None:
            self._ready(math.inf)
        if self.needed is not None:
            for number in {number for number, _ in self.cells} - set(self.outputs):
                self._pass(number)
        if self.passed:
            count = len(self.passed)
            self.notes.append(f"{count} cell{'s' * (count > 1)} passed over: time was short, and no answer needs what is in them")

    def answers(self, exercise, cases, order, place):
        """Results of every case, called in an order at a place in the notebook, or `NoAnswers`."""
        # A loop is waited for once: a function that may call the one that loops gets a short turn.
        seconds = SHORT if self.stuck & set(exercise.leans_on) else None
        try:
            turns = [(number, False) for number in order]
            turns.insert(order.index(0) + 1, (0, True))
            seen = self._calls(exercise, cases, turns, place, seconds)
            if seen is None:
                return self.undefined(exercise.name, place)
            again = seen.pop(order.index(0) + 1)
            first = seen[order.index(0)]
            if answers.varies(exercise, first, again):
                fresh = self._calls(exercise, cases, [(0, False)] * 2, place, seconds) or [again]
                varying = [one for one in fresh if answers.varies(exercise, first, one)]
                if varying or first["mutated"]:
                    again = (varying or fresh)[0]
                elif changeable := _changeable(cases[0].arguments):
                    first["mutated"], again = [changeable], fresh[0]
        except Spent:
            return NoAnswers("died", "What: the submission had used up its time before this function had answered.")
        except Died as error:
            self.worker = None
            self.stuck.add(exercise.name)
            if not self.stuck & set(exercise.leans_on):
                self.notes.append(f"{exercise.name} {error}")
            hint = ": does a loop in it ever end?" if "long" in str(error) else ""
            return NoAnswers("died", f"What: the process {error} while {exercise.name} was running{hint}.")
        finally:
            self.open.remove(exercise.name)
        if isinstance(value := seen[0]["value"], wire.Opaque) and "more than" in value.type:
            self.notes.append(f"{exercise.name} gave a {value.type}")
        if exercise.signed and isinstance(value, dict) and isinstance(value.get(exercise.signed), str):
            self.signed[exercise.name] = " ".join(value[exercise.signed].casefold().split())[:100]
        return answers.results(exercise, [seen[order.index(n)] for n in range(len(cases))], again)

    def _calls(self, exercise, cases, turns, place, seconds):
        """What is recorded of a function's calls with some cases' arguments; None where there is no such function.

        A turn is a case's number, and whether it is called again with the same objects: a function that has changed them,
        whatever it does to what observes it, most often shows by another answer.
        """
        if not self._ready(place):
            raise Spent
        asks = any(map(callable, cases[0].arguments.values()))
        arguments = [AGAIN if again and not _drawn_from(cases[number]) else cases[number].arguments for number, again in turns]
        calls = self.worker.calls(exercise, arguments, seconds, self.subjects.answer if asks else None)
        seen = []
        for number, _ in turns:
            if self._spent_all():
                self.worker.close()
                self.worker = None
                raise Spent
            if asks:
                self.subjects.hold(cases[number].arguments)
            begun = time.monotonic()
            try:
                one = next(calls)
            finally:
                self.spent["answers"] += time.monotonic() - begun
            if one is None:
                return None
            self._end_if_full(one["error"])
            seen.append(answers.told(exercise, cases[number], {**one, "error": _told(one["error"])}))
        return seen

    def _end_if_full(self, error):
        """End a worker that ran out of memory: what it filled would be missing for everything after it. As a loop, it is waited for once."""
        if error and error["type"] == "MemoryError":
            self.worker.close()
            raise Died("ran out of memory")

    def _spent_all(self):
        if self.spent["answers"] < self.limits.answers:
            return False
        self.notes += ["took too long in all"] if "took too long in all" not in self.notes else []
        return True

    def undefined(self, name, place):
        """Why there is no such function at a place."""
        for number, source in reversed([cell for cell in self.cells if cell[0] <= place]):
            error = self.outputs.get(number, {}).get("error")
            bound = binds(source, name)
            if error and (bound or (bound is None and re.search(rf"\b{re.escape(name)}\b", source))):
                line = f" at line {error['line']}" if error.get("line") else ""
                return NoAnswers(
                    "error",
                    f"What: cell {number + 1}, which should make {name}, stops with {error['type']}{line}: "
                    f"{error['message']}, so there is no function to call.",
                )
            if bound:
                return NoAnswers(
                    "undefined", f"What: after cell {number + 1}, {name} is no function: it names something else there."
                )
        return NoAnswers(
            "undefined", self.later(name, place) or f"What: no cell makes {name}: its cell was deleted, or it has another name."
        )

    def attempted(self, name, place, stubs):
        """What was done about a function that raises as its stub does, as `NoAnswers`, or None where nothing was."""
        if later := self.later(name, place):
            return NoAnswers("below-its-check", later)
        for number, source in reversed([cell for cell in self.cells if cell[0] <= place]):
            if binds(source, name):
                made, released = (definitions(parse(code)[0], name) for code in (source, stubs.get(name, source)))
                if made == released:
                    return None
                return NoAnswers(
                    "stub-left",
                    f"What: `raise NotImplementedError()` of the stub still stands in {name}, in cell {number + 1}: delete it.",
                )
        return None

    def later(self, name, place):
        """A sentence on the cell below a place that makes a function, or ""."""
        for number, source in self.cells:
            if number > place and binds(source, name):
                return (
                    f"What: cell {number + 1} makes {name}, but it stands below the check of {name}. Why: a notebook is run from "
                    "top to bottom, and a check sees what stands above it. Move the code into the cell above the check."
                )
        return ""


def _drawn_from(case):
    """Whether a generator is among the arguments: the same one gives something else the next time."""
    return any(isinstance(value, np.random.Generator) for value in case.arguments.values())


def _changeable(arguments):
    return " or ".join(name for name, value in arguments.items() if isinstance(value, (np.ndarray, dict, list)))


def _stopped(why):
    return {"stdout": "", "error": {"type": "Stopped", "message": why, "line": None}}


def _told(error):
    """An error as the sandbox reports it, with what a student should know who does not see it where they work."""
    if error and error["type"] == "ModuleNotFoundError":
        message = f"{error['message'][:300]} (neither installed where this is graded, nor handed in beside the notebook)"
        return {**error, "message": message}
    if error and error["type"] in ("PermissionError", "OSError", "RuntimeError") and re.search(DIFFERS, error["message"]):
        return {
            **error,
            "message": f"{error['message'][:300]} (where this is graded, there is no network, no other program and no thread)",
        }
    if error and error["type"] == "FileNotFoundError" and re.search(r"'[^/']", error["message"]):
        return {**error, "message": f"{error['message'][:300]} (not among the files beside the notebook that grading reads)"}
    return error
