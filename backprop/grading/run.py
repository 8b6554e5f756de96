"""Grade a class. A submission's way goes one way: read, mended, run and judged in parallel, recorded in one process.

| step | where |
| --- | --- |
| read what was handed in | `backprop.grading.read` |
| mend what was changed or lost by accident | `backprop.grading.mend` |
| run it in a sandbox and judge what it answers | `backprop.grading.examine`, in a process of `backprop.grading.pool` |
| record points, notebook and page | `backprop.grading.record` |
| keep what need not be done again | `backprop.grading.kept` |
"""

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from backprop import notebook
from backprop.checking.wire import printable, writable
from backprop.course import CourseError
from backprop.grading.bubblewrap import NotStarted
from backprop.grading.gradebook import totals
from backprop.grading.graded import Graded, collapsed, nothing
from backprop.grading.kept import Examined, Recorded
from backprop.grading.mend import Submission, put_notice, restore
from backprop.grading.pool import examine_elsewhere, pool, ready
from backprop.grading.read import MACHINE, files_beside, read_submission, students, unfit

AHEAD = 8  # submissions under way for each worker: more, so that none waits for the gradebook; not all, so that memory stays flat


@dataclass
class Handed:
    """One submission on its way."""

    student: str
    raw: bytes
    trouble: str | None  # why it cannot be graded
    files: dict  # what its code may read
    kept: Path  # where it will be said that it stands in the gradebook
    submission: Submission | None = None

    @property
    def code(self) -> tuple:
        """What is run of it: its cells, where its checks stand, what its code may read."""
        assert self.submission is not None, "mended first"
        return self.submission.cells, self.submission.places, self.files


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
        self.recorded = Recorded(root, name, self.examined.basis, db_url)
        template = self.root / "exercises" / name / f"{name}.ipynb"
        if not template.exists():
            raise CourseError(f"{template} is missing. Run: backprop release {name}")
        self.template = notebook.read(template)
        self.students = students(root, name)

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
        graded, waiting = {}, []
        in_gradebook = {} if self.force else totals(self.root, self.name, self.db_url)
        for student in self.students:
            if why := unfit(student):
                graded[student] = Graded(
                    writable(student),
                    0.0,
                    self.max_score,
                    "unreadable",
                    nothing(self.exercises)["exercises"],
                    [why],
                )
                progress(graded[student], False)
            elif not self.force and (line := self.recorded.line(self._read(student).kept, in_gradebook)):
                graded[student] = line
                progress(line, True)
            else:
                waiting.append(student)
        with pool(self.workers, self.scheduler) as elsewhere:
            running: dict[Future, Handed] = {}
            coming = iter(waiting)
            try:
                while True:
                    while len(running) < AHEAD * self.workers and (following := next(coming, None)):
                        handed = self._read(following)  # again: all of a class at once may not fit into memory
                        try:
                            self._mend(handed)
                        except Exception as error:  # a fault of the course's own must not cost the others their grades
                            graded[following] = self._failed(following, error)
                            progress(graded[following], False)
                            continue
                        running[self._submit(elsewhere, handed)] = handed
                    if not running:
                        break
                    recorded = []
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        handed = running.pop(future)
                        try:
                            recorded.append((handed, *self._record(handed, future.result())))
                        except NotStarted as error:  # three times: the machine's fault, and the next may fare better
                            graded[handed.student] = self._not_started(handed.student, error)
                            progress(graded[handed.student], False)
                        except (CourseError, BrokenExecutor):
                            raise
                        except Exception as error:
                            if isinstance(error, OSError) and error.errno in MACHINE:
                                raise
                            graded[handed.student] = self._failed(handed.student, error)
                            progress(graded[handed.student], False)
                    if recorded:
                        self._recorder.commit()
                    for handed, one, total in recorded:
                        self.recorded.keep(handed.kept, one, total)
                        graded[handed.student] = one
                        progress(one, False)
            finally:
                if "_recorder" in self.__dict__:
                    self._recorder.close()
        return [graded[student] for student in self.students]

    def _read(self, student):
        folder, raw, files, trouble = self.root / "submitted" / student / self.name, b"", {}, None
        try:
            raw, files = read_submission(folder, self.name), files_beside(folder, self.name)
        except notebook.NotebookError as error:
            trouble = printable(str(error))  # it may hold another file's name
        return Handed(student, raw, trouble, files, self.recorded.path(student, raw, files, trouble))

    def _mend(self, handed):
        """Mend a submission; one that cannot be read is an untouched one."""
        if handed.trouble is None:
            try:
                handed.submission = restore(notebook.parse(handed.raw, f"{self.name}.ipynb"), self.template)
            except notebook.NotebookError as error:
                handed.trouble = str(error)
            except RecursionError:
                handed.trouble = f"{self.name}.ipynb: nested too deeply"
        handed.raw = b""
        handed.submission = handed.submission or restore(self.template, self.template)

    def _submit(self, elsewhere, handed):
        if handed.trouble:
            return ready(None)
        if self.force:
            self.examined.forget(handed.student, handed.code)
        stored = self.examined.stored(handed.student, handed.code)
        if stored:
            return ready(stored)
        return elsewhere.submit(
            examine_elsewhere, str(self.root), self.name, self.examined.key, self.examined.sandboxed, handed.student, handed.code
        )

    @cached_property
    def _recorder(self):
        from backprop.grading.record import Recorder  # nbgrader: a second that an unchanged class need not spend

        return Recorder(self.root, self.name, self.db_url)

    def _record(self, handed, record):
        """Write one submission's results. Returns its line and its total, which stand once the recorder commits."""
        submission, trouble = handed.submission, handed.trouble
        notes = list(submission.notes)
        if record is None:
            notes = [trouble]
            put_notice(submission.notebook, f"Your notebook could not be graded: {trouble}.")
            record = nothing(self.exercises)
        else:
            record = self.examined.keep(handed.student, handed.code, record)
        recorder = self._recorder
        score = recorder.record(handed.student, self.root / "submitted" / handed.student / self.name, submission.notebook, record)
        status = "graded" if trouble is None else "missing" if "missing" in trouble else "unreadable"
        exercises = {
            name: {"points": found["points"], "max_points": found["max_points"], "diagnoses": found["diagnoses"]}
            for name, found in record["exercises"].items()
        }
        notes = collapsed(notes + record["notes"] + recorder.notes)
        return Graded(handed.student, score, self.max_score, status, exercises, notes), recorder.total

    def _not_started(self, student, error):
        """The line of a submission for which the machine had no sandbox: nothing is recorded for it."""
        note = (
            f"not graded: a sandbox did not start ({writable(error.why)[:200]}). This is no fault of the student's: "
            "run the same command again"
        )
        return self._line(student, note)

    def _failed(self, student, error):
        """The line of a submission that the judge itself failed on: nothing is recorded for it."""
        note = (
            f"not graded: the judge itself failed ({type(error).__name__}: {writable(str(error)[:200])}). This is no fault of "
            "the student's: please report it to whoever maintains the course"
        )
        return self._line(student, note)

    def _line(self, student, note):
        return Graded(student, 0.0, self.max_score, "failed", nothing(self.exercises)["exercises"], [note])
