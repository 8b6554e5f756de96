"""Grade a class: examine in parallel, record in one process, resume where a run was cut off."""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import multiprocessing
import os
import signal
import stat
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from backprop import notebook
from backprop.course import Chapter, CourseError
from backprop.examine import Examiner
from backprop.results import Results
from backprop.sandbox import available
from backprop.submission import put_notice, restore
from backprop.wire import printable, writable

MAX_NOTEBOOK = 10 << 20  # bytes
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}  # errors of the machine, not of one submission


@dataclass
class Graded:
    """One line of a run's summary.

    ``status`` is ``graded``, ``unreadable``, ``missing``, or ``failed`` where the fault is the course's own; ``notes`` say
    what happened along the way.
    """

    student: str
    score: float
    max_score: float
    status: str
    exercises: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    def line(self):
        """As the JSON object that ``backprop grade --json`` prints."""
        return {"student": self.student, "score": self.score, "max_score": self.max_score, "status": self.status,
                "exercises": self.exercises, "notes": self.notes}


@contextlib.contextmanager
def only_one(root, waiting=lambda who: None):
    """Hold the course's lock: a second grader waits until the first has finished.

    Parameters
    ----------
    root : path
    waiting : callable
        Told once, with the other's process number, where there is a wait.
    """
    folder = Path(root) / ".backprop"
    folder.mkdir(exist_ok=True, mode=0o700)
    with open(folder / "lock", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            waiting(file.read().strip() or "?")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        os.pwrite(file.fileno(), str(os.getpid()).encode(), 0)
        yield


def students(root, name):
    """Names of the folders in ``submitted/`` that hold this assignment, in order; like nbgrader, none that is hidden."""
    folder = Path(root) / "submitted"
    if not folder.is_dir():
        raise CourseError(f"There is no {folder}. Collect submissions into submitted/<student>/{name}/, "
                          f"or try a simulated class: backprop class {name}")
    found = sorted(p.name for p in folder.iterdir() if not p.name.startswith(".") and p.is_dir() and os.path.lexists(p / name))
    if not found:
        raise CourseError(f"No student in {folder} has handed in {name}. Expected: submitted/<student>/{name}/{name}.ipynb")
    return found


def linked(folder):
    """Whether a submission's folder, or its student's that holds it, is a link: what lies behind it may be another student's."""
    return folder.is_symlink() or folder.parent.is_symlink()


def read_submission(folder, name):
    """A submission's notebook as bytes.

    Raises
    ------
    notebook.NotebookError
        If it is missing or is no file to be read: a link or behind one, a pipe, too large.
    """
    path, others = folder / f"{name}.ipynb", []
    if linked(folder):
        raise notebook.NotebookError("the student's folder is a link to somewhere else, and is not followed")
    if not folder.is_dir():
        raise notebook.NotebookError("the folder is not a folder")
    try:
        about = os.lstat(path)
    except OSError:
        others = sorted(p.name for p in folder.glob("*.ipynb"))
        raise notebook.NotebookError(f"{name}.ipynb is missing" + (f"; there is {others[0]}" if others else "")) from None
    if not stat.S_ISREG(about.st_mode):
        raise notebook.NotebookError(f"{name}.ipynb is not a regular file")
    if about.st_size > MAX_NOTEBOOK:
        raise notebook.NotebookError(f"{name}.ipynb has {about.st_size >> 20} MB; {MAX_NOTEBOOK >> 20} are read")
    try:
        return path.read_bytes()
    except OSError as error:
        raise notebook.NotebookError(f"{name}.ipynb cannot be read: {error.strerror}") from None


def has_timestamp(folder):
    """Whether a submission's ``timestamp.txt`` is one: a small regular file, neither a link nor a pipe, which would be waited for."""
    if linked(folder):
        return False
    try:
        about = os.lstat(folder / "timestamp.txt")
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size <= 1000


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
    """

    def __init__(self, root, name, workers=None, scheduler=None, db_url=None, sandboxed=True, force=False):
        self.root, self.name, self.db_url, self.force = Path(root), name, db_url, force
        self.workers, self.scheduler = workers or os.cpu_count() or 1, scheduler
        self.results = Results(root, name, sandboxed)
        self.template = self._template()
        self.students = students(root, name)
        self.done = self.root / ".backprop" / "graded" / name
        self.done.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._recorder = None

    def _template(self):
        path = self.root / "exercises" / self.name / f"{self.name}.ipynb"
        if not path.exists():
            raise CourseError(f"{path} is missing. Run: backprop release {self.name}")
        return notebook.read(path)

    @property
    def max_score(self):
        return sum(e.max_points for e in self.results.chapter.exercises)

    def run(self, progress=lambda graded, unchanged: None):
        """Grade every submission, calling progress with each `Graded` and whether it was graded before.

        Returns
        -------
        list of Graded
            In the order of the students' names.
        """
        graded, waiting = {}, []
        in_gradebook = {} if self.force else self._in_gradebook()
        for student in self.students:
            if writable(student) != student:
                graded[student] = Graded(writable(student), 0.0, self.max_score, "unreadable", self._nothing()["exercises"],
                                         ["the student's folder has a name that is not UTF-8 text: rename it"])
                progress(graded[student], False)
                continue
            raw, trouble = self._raw(student)
            marker = self._marker(student, raw, trouble)
            kept = None if self.force else self._kept(marker, in_gradebook)
            if kept:
                graded[student] = kept
                progress(kept, True)
            else:
                waiting.append(student)
        with self._pool() as pool:
            # More than there are workers, so that none waits for the gradebook, but not all: memory stays flat.
            running, waiting = {}, iter(waiting)
            try:
                while True:
                    while len(running) < 8 * self.workers and (student := next(waiting, None)):
                        raw, trouble = self._raw(student)  # again: all of a class at once may not fit into memory
                        marker = self._marker(student, raw, trouble)
                        try:
                            submission, trouble = self._mend(raw, trouble)
                        except Exception as error:  # a fault of the course's own must not cost the others their grades
                            graded[student] = self._failed(student, error)
                            progress(graded[student], False)
                            continue
                        running[self._submit(pool, student, submission, trouble)] = student, submission, trouble, marker
                    if not running:
                        break
                    if self._recorder is None:
                        from backprop.record import Recorder  # nbgrader: a second that an unchanged class need not spend

                        self._recorder = Recorder(self.root, self.name, self.db_url)
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        student, submission, trouble, marker = running.pop(future)
                        try:
                            graded[student] = self._record(student, submission, future.result(), trouble, marker)
                        except (CourseError, BrokenExecutor):
                            raise
                        except Exception as error:
                            if isinstance(error, OSError) and error.errno in MACHINE:
                                raise
                            graded[student] = self._failed(student, error)
                        progress(graded[student], False)
            finally:
                if self._recorder:
                    self._recorder.close()
        return [graded[student] for student in self.students]

    def _raw(self, student):
        folder = self.root / "submitted" / student / self.name
        try:
            return read_submission(folder, self.name), None
        except notebook.NotebookError as error:
            return b"", printable(str(error))  # it may hold another file's name

    def _marker(self, student, raw, trouble):
        digest = hashlib.sha256(f"{self.results.basis}\0{student}\0{trouble}\0{self.db_url}\0".encode() + raw)
        folder = self.root / "submitted" / student / self.name
        with contextlib.suppress(OSError):
            if has_timestamp(folder):
                digest.update((folder / "timestamp.txt").read_bytes())
        return self.done / f"{digest.hexdigest()}.json"

    def _kept(self, marker, in_gradebook):
        """What an earlier run said of the same submission, if the gradebook and its files still agree."""
        try:
            data = json.loads(marker.read_text(encoding="utf-8"))
            kept = Graded(**data["line"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        auto = sum(e["points"] for e in kept.exercises.values())
        stored = in_gradebook.get(kept.student)
        pages = [self.root / "autograded" / kept.student / self.name / f"{self.name}.ipynb",
                 self.root / "feedback" / kept.student / self.name / f"{self.name}.html"]
        if stored is None or abs(stored[0] - auto) > 1e-9 or not all(p.exists() for p in pages):
            return None
        return kept if abs(stored[1] - data["total"]) < 1e-9 else None

    def _in_gradebook(self):
        """Automatic and final points of each student, read straight from the gradebook."""
        from sqlalchemy import create_engine, text
        from sqlalchemy.exc import SQLAlchemyError

        from backprop.release import nbgrader_config

        url = self.db_url or nbgrader_config(self.root).CourseDirectory.get("db_url", f"sqlite:///{self.root / 'gradebook.db'}")
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
            return {}
        query = text(
            "SELECT submitted_assignment.student_id, SUM(grade.auto_score), "
            "SUM(COALESCE(grade.manual_score, grade.auto_score, 0) + COALESCE(grade.extra_credit, 0)) FROM grade "
            "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
            "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
            "JOIN assignment ON submitted_assignment.assignment_id = assignment.id "
            "WHERE assignment.name = :name GROUP BY submitted_assignment.student_id")
        try:
            engine = create_engine(url)
            with engine.connect() as connection:
                rows = connection.execute(query, {"name": self.name}).all()
            engine.dispose()
        except SQLAlchemyError:
            return {}
        return {row[0]: (row[1] or 0.0, row[2] or 0.0) for row in rows}

    def _mend(self, raw, trouble):
        """The mended submission and what to run of it; one that cannot be read is an untouched one."""
        if trouble is None:
            try:
                submission = restore(notebook.parse(raw, f"{self.name}.ipynb"), self.template)
                return submission, None
            except notebook.NotebookError as error:
                trouble = str(error)
            except RecursionError:
                trouble = f"{self.name}.ipynb: nested too deeply"
        return restore(self.template, self.template), trouble

    @contextlib.contextmanager
    def _pool(self):
        if not self.scheduler:
            # Processes, not threads: judging is Python's own work, and would wait for the gradebook's.
            with ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"), _end_with_parent) as pool:
                try:
                    yield pool
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
            return
        try:
            from distributed import Client
        except ImportError:
            raise CourseError("--scheduler needs Dask. In the course's folder: pip install '.[cluster]'") from None
        try:
            client = Client(self.scheduler, timeout=20)
        except (OSError, ValueError, TimeoutError) as error:
            raise CourseError(f"No Dask scheduler answers at {self.scheduler}: {error}") from None
        with client, client.get_executor(retries=10) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False)
                raise

    def _submit(self, pool, student, submission, trouble):
        if trouble:
            return _ready(None)
        if self.force:
            with contextlib.suppress(OSError):
                self.results.path(student, submission.cells).unlink()
        stored = self.results.stored(self.results.path(student, submission.cells))
        if stored:
            return _ready(stored)
        return pool.submit(examine_elsewhere, str(self.root), self.name, self.results.key, self.results.sandboxed,
                           student, submission.cells)

    def _nothing(self):
        """A record without a point."""
        return {"exercises": {e.name: {"points": 0.0, "max_points": e.max_points, "status": "not attempted",
                                       "diagnoses": [], "lines": [], "read": []}
                              for e in self.results.chapter.exercises}, "cells": {}, "notes": []}

    def _failed(self, student, error):
        """The line of a submission that the judge itself failed on: nothing is recorded for it."""
        note = (f"not graded: the judge itself failed ({type(error).__name__}: {writable(str(error)[:200])}). This is no fault of "
                "the student's: please report it to whoever maintains the course")
        return Graded(student, 0.0, self.max_score, "failed", self._nothing()["exercises"], [note])

    def _record(self, student, submission, record, trouble, marker):
        """Write one submission's results and say so in a marker once they are in the gradebook."""
        notes = list(submission.notes)
        if record is None:
            notes = [trouble]
            put_notice(submission.notebook, f"Your notebook could not be graded: {trouble}.")
            record = self._nothing()
        else:
            record = self.results.keep(student, submission.cells, record)
        score = self._recorder.record(student, self.root / "submitted" / student / self.name,
                                      submission.notebook, record)
        status = "graded" if trouble is None else "missing" if "missing" in trouble else "unreadable"
        exercises = {name: {"points": found["points"], "max_points": found["max_points"],
                            "diagnoses": found["diagnoses"]} for name, found in record["exercises"].items()}
        notes = collapsed(notes + record["notes"] + self._recorder.notes)
        graded = Graded(student, score, self.max_score, status, exercises, notes)
        fresh = marker.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"line": graded.line(), "total": self._recorder.total, "time": time.time()}), encoding="utf-8")
        os.replace(fresh, marker)
        return graded


def collapsed(notes):
    """Notes, each once, in the order of their first; one that was repeated says how often."""
    return [note if n == 1 else f"{note}, {n} times" for note, n in Counter(notes).items()]


def _ready(record):
    """A future that has ended already."""
    future = Future()
    future.set_result(record)
    return future


def _end_with_parent():
    """Set up a process of the pool: Ctrl-C is the parent's business, and so is the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, where there is Linux


def examine_elsewhere(root, name, key, sandboxed, student, cells):
    """Examine one submission in another process, here or on a machine that has the course at the same path.

    Parameters
    ----------
    root, name : str
        The course's root and the assignment.
    key : bytes
    sandboxed : bool
    student : str
    cells : list of (int, str)

    Returns
    -------
    dict
        As `backprop.examine.Examiner.examine`.
    """
    return _examiner(root, name, key, sandboxed).examine(student, cells)


@lru_cache(maxsize=2)
def _examiner(root, name, key, sandboxed):
    if sandboxed:
        available()
    return Examiner(Chapter(root, name), key, sandboxed=sandboxed)
