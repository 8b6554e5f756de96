"""Grade a class. A submission's way goes one way: read, mended, run and judged in parallel, recorded in one process.

| step | where |
| --- | --- |
| read what was handed in, mend what was changed or lost by accident | `backprop.grading.steps`, in a process of `backprop.grading.pool` |
| run it in a sandbox and judge what it answers | `backprop.grading.examine`, the same |
| make its notebook and its page | `backprop.grading.steps`, the same |
| record points, notebook and page | `backprop.grading.record`, in this one |
| where only dates, comments or points by hand have changed: work out what being late costs, make the page | the same two |
| keep what need not be done again | `backprop.grading.kept` |
"""

import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from backprop.checking.wire import writable
from backprop.course import CourseError
from backprop.grading import deadlines, gradebook, steps
from backprop.grading.bubblewrap import NotStarted
from backprop.grading.graded import Graded, collapsed, nothing
from backprop.grading.kept import Examined, Recorded, now
from backprop.grading.people import names
from backprop.grading.pool import TooMuch, cluster, examine_elsewhere, guarded, pool, prepare, ready
from backprop.grading.read import MACHINE, students, unfit
from backprop.grading.sandbox import Interrupted
from backprop.terminal import on_ctrl_c

AHEAD = 8  # submissions under way for each worker: more, so that none waits for the gradebook; not all, so that memory stays flat


CTRL_C = 0.2  # seconds that it may wait


@contextmanager
def between_steps() -> Iterator[list]:
    """What Ctrl-C is remembered in, to be looked at between steps: raised in the middle of one, it could be lost, or cut it off."""
    pressed: list[int] = []
    with on_ctrl_c(lambda number, _: pressed.append(number)):
        yield pressed


class Nobody:
    """In the place of a recorder, where nothing is to be written."""

    def commit(self):
        pass

    def close(self):
        pass


class Grading:
    """One run over an assignment's submissions.

    Parameters
    ----------
    root : path
    name : str
        The assignment.
    workers : int, optional
        Submissions examined at once; by default one a core.
    scheduler : str, optional
        Address of a Dask scheduler that examines them instead.
    db_url : str, optional
        The gradebook.
    sandboxed : bool
    force : bool
        Examine and record afresh what did not change, too.

    Raises
    ------
    CourseError
        If the assignment is not released, or nobody has handed it in.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        workers: int | None = None,
        scheduler: str | None = None,
        db_url: str | None = None,
        sandboxed: bool = True,
        force: bool = False,
    ):
        self.root, self.name, self.db_url, self.force = Path(root), name, db_url, force
        self.workers, self.scheduler = workers or os.cpu_count() or 1, scheduler
        self.examined = Examined(root, name, sandboxed)
        self.limits = self.examined.limits
        self.names = names(root, name, db_url)
        self.recorded = Recorded(self.examined, db_url)
        self.dates = deadlines.load(self.root)
        template = self.root / "exercises" / name / f"{name}.ipynb"
        if not template.exists():
            raise CourseError(f"{template} is missing. Run: backprop release {name}")
        self.students = students(root, name)
        self.read: dict[str, dict[str, set[int]]] = {}  # how the functions of those who are graded now are spelled

    @property
    def exercises(self):
        return self.examined.chapter.exercises

    @property
    def max_score(self) -> float:
        return sum(e.max_points for e in self.exercises)

    def run(self, progress: Callable[[Graded, bool], object] = lambda graded, unchanged: None) -> list[Graded]:
        """Grade every submission, calling progress with each `Graded` and whether it was graded before.

        Returns
        -------
        list of Graded
            In the order of the students' names.
        """
        graded: dict[str, Graded] = {}
        waiting: dict[str, tuple] = {}

        def finished(student, line, unchanged=False):
            graded[student] = line
            progress(line, unchanged)

        states = gradebook.states(self.root, self.name, self.db_url)
        for student in self.students:
            if trouble := unfit(student):
                finished(student, self._line(writable(student), trouble, "unreadable"))
                continue
            kept, state, handed = self.recorded.kept(student), states.get(student), self.recorded.handed(student)
            digest = self.recorded.digest(student, handed)
            if self.force or not kept or not state or not self.recorded.stands(kept, student, digest, state):
                waiting[student] = self._way, digest, handed
            elif self.recorded.shows(kept, student, self._seen(student, state)):
                finished(student, kept["line"], True)
            else:
                waiting[student] = self._recount, kept, digest, handed
        if waiting:
            self._grade(waiting, finished)
        return [graded[student] for student in self.students]

    def outdated(self) -> dict[str, int]:
        """How many submissions are still the same, and were graded by other ``checks`` than today's, or by another ``grader`` alone."""
        found = {"checks": 0, "grader": 0}
        for student in self.students:
            kept = self.recorded.kept(student)
            if kept and kept.get("handed") == self.recorded.handed(student):
                before, today = kept.get("versions") or {}, self.examined.versions
                differing = [part for part in found if before.get(part) != today[part]]
                found.update({part: found[part] + 1 for part in differing[:1]})
        return found

    def look(self, students: list[str], progress: Callable[[Graded, bool], object] = lambda graded, unchanged: None) -> dict:
        """Examine submissions by today's checks, and write nothing but what is kept of that.

        Returns
        -------
        dict
            By student the record, as `backprop.grading.examine.Examiner.examine` gives it; a `Graded` where that failed.
        """
        found: dict[str, dict | Graded] = {}

        def finished(student, record):
            found[student] = record
            progress(record if isinstance(record, Graded) else Graded(student, 0.0, self.max_score, "graded"), False)

        if students:
            self._grade(dict.fromkeys(students, (self._look,)), finished, writing=False)
        return found

    def _look(self, student, recorder, here, there):
        """The way of a submission that is examined, and no more."""
        folder = self.root / "submitted" / student / self.name
        try:
            handed = yield here("read", steps.read, str(self.root), folder, self.name, (), self.limits)
            if handed.trouble is None:
                if stored := self.examined.given(student, handed.code):
                    return stored
                record = yield there("judged", examine_elsewhere, *self.examined.about, student, handed.code)
                self.examined.keep(student, handed.code, record)
                return self.examined.given(student, handed.code)
        except TooMuch:
            pass
        return nothing(self.exercises)

    def _seen(self, student, state):
        """The digest of all that a page says, beside the verdicts, and of what that follows from."""
        late, trouble = self.dates.late(student, self.name)
        return state.digest(asdict(late), trouble)

    def _grade(self, waiting, finished, writing=True):
        """Prepare what the steps need, and have each submission take them."""
        workers = min(self.workers, len(waiting))
        examined = any(way != self._recount for way, *_ in waiting.values())
        with between_steps() as pressed:  # from here: what is imported loses it, if it is raised there
            with ThreadPoolExecutor(1) as aside:  # a sandbox takes its time to start, which is not this process's
                there = aside.submit(prepare, *self.examined.about) if examined and not self.scheduler else ready(None)
                if writing:
                    from backprop.grading.record import Recorder  # nbgrader: half a second, which an unchanged class need not spend

                    steps.prepare(str(self.root), self.name)
                there.result()  # made once, for the processes that are forked now
            if pressed:
                raise KeyboardInterrupt
            with (
                pool(workers) as here,
                cluster(self.scheduler) if self.scheduler else nullcontext(here) as there,
            ):
                if examined and self.scheduler:
                    for future in [self._do(there, "judged", prepare, *self.examined.about) for _ in range(workers)]:
                        if isinstance(error := future.exception(), CourseError):
                            raise error
                recorder = Recorder(self.root, self.name, self.db_url, self.limits, self.dates) if writing else Nobody()
                do = partial(self._do, here), partial(self._do, there)
                coming = ((student, way(student, *about, recorder, *do)) for student, (way, *about) in waiting.items())
                with closing(recorder):
                    self._take(coming, recorder, finished, pressed)

    def _take(self, coming, recorder, finished, pressed):
        """Take each submission from step to step, as soon as what it waits for is there."""
        running: dict[Future, tuple[str, Generator]] = {}
        written: dict[Future, tuple[str, Generator]] = {}  # waiting for a commit, which waits for the disk
        while True:
            while len(running) + len(written) < AHEAD * self.workers and (following := next(coming, None)):
                running[next(following[1])] = following
            if not running and not written:
                return
            done = wait(running, timeout=0).done
            if not done:  # there is nothing else to do just now
                recorder.commit()
                running.update(written)
                written.clear()
                done = wait(running, CTRL_C, FIRST_COMPLETED).done
            if pressed:
                raise KeyboardInterrupt
            for future in done:
                student, way = running.pop(future)
                try:
                    error = future.exception()
                    following = way.throw(error) if error else way.send(future.result())
                    (written if following is None else running)[following or ready(None)] = student, way
                except StopIteration as end:
                    finished(student, end.value)
                except (NotStarted, Interrupted) as error:  # again and again: the machine's fault, the next may fare better
                    finished(student, self._interrupted(student, error))
                except CourseError:
                    raise
                except Exception as error:  # a fault of the course's own must not cost the others their grades
                    if isinstance(error, OSError) and error.errno in MACHINE:
                        raise
                    finished(student, self._failed(student, error))

    def _do(self, where, doing, *words):
        return where.submit(guarded, doing, self.limits.step, self.limits.memory, *words)

    def _recount(self, student, kept, digest, handed, recorder, here, there):
        """The way of a submission whose points and notebook stand: nothing of it is run, and its verdicts are those that were."""
        text = self.recorded.written("autograded", student).read_text(encoding="utf-8")
        recorder.recount(student)
        shown, says = recorder.shown, (recorder.state, recorder.late, recorder.trouble)
        try:
            page = yield here("shown", steps.page, self.name, text, shown)
        except TooMuch:  # its page shows less than its notebook: it is made anew from the verdicts that are kept
            return (yield from self._way(student, digest, handed, recorder, here, there))
        recorder.write_page(student, page)
        yield None
        line = self._counted(kept["line"], kept["notes"], *says)
        self._keep(student, digest, handed, line, kept["notes"], says[0], text, page)
        return line

    def _counted(self, line, notes, state, late, trouble):
        """A line with the points that count, and with what being late costs."""
        exercises = {}
        for name, found in line.exercises.items():
            automatic = found.get("automatic", found["points"])
            counting = state.counting(f"check_{name}", automatic)
            exercises[name] = {key: value for key, value in found.items() if key != "automatic"} | {"points": counting}
            if counting != automatic:
                exercises[name]["automatic"] = automatic
        return replace(
            line,
            score=state.total - state.penalty,
            exercises=exercises,
            notes=[*notes, *([trouble] if trouble else [])],
            late=late.line(state.penalty),
        )

    def _keep(self, student, digest, handed, line, notes, state, text, page):
        self.recorded.keep(
            student,
            line,
            {"autograded": text, "feedback": page},
            digest=digest,
            handed=handed,
            scores=state.automatic,
            seen=self._seen(student, state),
            notes=notes,
        )

    def _way(self, student, digest, handed_in, recorder, here, there):
        """One submission's way: yields each future that it waits for, or None for a commit, and returns its line."""
        about, record = (str(self.root), self.name), nothing(self.exercises)
        folder, ignore = self.root / "submitted" / student / self.name, tuple(recorder.coursedir.ignore)
        try:
            handed = yield here("read", steps.read, about[0], folder, self.name, ignore, self.limits)
            self.read[student] = handed.spelled
            if handed.trouble is None:
                if self.force:
                    self.examined.forget(student, handed.code)
                if stored := self.examined.stored(student, handed.code):
                    record = stored
                else:
                    fresh = yield there("judged", examine_elsewhere, *self.examined.about, student, handed.code)
                    record = self.examined.keep(student, handed.code, fresh)
        except TooMuch as error:
            handed = steps.untouched(*about, str(error))
        notes = [handed.trouble] if handed.trouble else [*handed.notes, *record["notes"]]
        notice = f"Your notebook could not be graded: {handed.trouble.rstrip('.')}." if handed.trouble else None
        receipt = self.examined.receipt(student, record.get("time") or self._unread_since(student, digest))
        record = {**record, "receipt": receipt}

        def bare(error):
            notes.append(f"its feedback shows the verdicts alone: the notebook {error}")
            text = f"Only the verdicts stand here: your notebook {error}."
            return steps.untouched(*about, None).text, {**record, "cells": {}}, *words, text

        words = recorder.kernelspec, recorder.book
        try:
            made = yield here("shown", steps.made, handed.text, record, *words, notice)
        except TooMuch as error:
            made = yield here("shown", steps.made, *bare(error))
        recorder.record(student, made, handed.attached, handed.left)
        notes, shown, says = collapsed(notes + recorder.notes), recorder.shown, (recorder.state, recorder.late, recorder.trouble)
        try:
            page = yield here("shown", steps.page, self.name, made.text, shown)
        except TooMuch as error:
            plain = yield here("shown", steps.made, *bare(error))
            page = yield here("shown", steps.page, self.name, plain.text, shown)
        recorder.write_page(student, page)
        yield None
        status = "graded" if handed.trouble is None else "missing" if "missing" in handed.trouble else "unreadable"
        exercises = {
            name: {kept: found[kept] for kept in ("points", "max_points", "diagnoses", "signed") if kept in found}
            for name, found in record["exercises"].items()
        }
        line = self._counted(Graded(student, 0.0, self.max_score, status, exercises, receipt=receipt), notes, *says)
        self._keep(student, digest, handed_in, line, notes, says[0], made.text, page)
        return line

    def _unread_since(self, student, digest):
        """When a submission that cannot be read was found to be so."""
        before = self.recorded.kept(student)
        same = before and before.get("digest") == digest and before["line"].receipt
        return same["graded"] if same else now()

    def _interrupted(self, student, error):
        """The line of a submission that the machine failed, whose end is nothing of its doing: nothing is recorded for it."""
        why = f"a sandbox did not start ({writable(error.why)[:200]})" if isinstance(error, NotStarted) else str(error)
        return self._line(student, f"not graded: {why}. This is no fault of the student's: run the same command again")

    def _failed(self, student, error):
        """The line of a submission that the judge itself failed on: nothing is recorded for it."""
        note = (
            f"not graded: the judge itself failed ({type(error).__name__}: {writable(str(error)[:200])}). This is no fault of "
            "the student's: please report it to whoever maintains the course"
        )
        return self._line(student, note)

    def _line(self, student, note, status="failed"):
        return Graded(student, 0.0, self.max_score, status, nothing(self.exercises)["exercises"], [note])
