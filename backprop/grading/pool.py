"""Where submissions are examined: processes of this machine, or a Dask cluster's, behind one interface of ``concurrent.futures``."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import lru_cache

from backprop.course import Chapter, CourseError
from backprop.grading.examine import Examiner, limits
from backprop.grading.sandbox import available


@contextlib.contextmanager
def pool(workers: int, scheduler: str | None = None) -> Iterator[Executor]:
    """An executor for `examine_elsewhere`, which ends with the block and leaves nothing running when it is left early.

    Parameters
    ----------
    workers : int
        Processes on this machine.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers take the place of these.

    Raises
    ------
    CourseError
        If Dask is not installed, or no scheduler answers.
    """
    if not scheduler:
        # Processes, not threads: judging is Python's own work, and would wait for the gradebook's.
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _end_with_parent) as processes:
            try:
                yield processes
            except BaseException:
                processes.shutdown(wait=False, cancel_futures=True)
                raise
        return
    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask. In the course's folder: pip install '.[cluster]'") from None
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise CourseError(f"No Dask scheduler answers at {scheduler}: {error}") from None
    with client, client.get_executor(retries=10) as cluster:
        try:
            yield cluster
        except BaseException:
            cluster.shutdown(wait=False)
            raise


def ready(record: dict | None) -> Future:
    """A future that has ended already."""
    future: Future = Future()
    future.set_result(record)
    return future


def _end_with_parent():
    """Set up a process of the pool: Ctrl-C is the parent's business, and so is the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, where there is Linux
    parent = multiprocessing.parent_process()
    if parent and not parent.is_alive():  # it ended before that was set
        os._exit(1)


def examine_elsewhere(root: str, name: str, key: bytes, sandboxed: bool, student: str, code: tuple) -> dict:
    """Examine one submission in another process, here or on a machine that has the course at the same path.

    Parameters
    ----------
    root, name : str
        The course's root and the assignment.
    key : bytes
    sandboxed : bool
    student : str
    code : tuple
        Cells, places and files, as `backprop.grading.examine.Examiner.examine` takes them.

    Returns
    -------
    dict
        As `backprop.grading.examine.Examiner.examine`.
    """
    return examiner(root, name, key, sandboxed).examine(student, *code)


@lru_cache(maxsize=2)
def examiner(root: str, name: str, key: bytes, sandboxed: bool) -> Examiner:
    """This process's examiner of an assignment."""
    chapter = Chapter(root, name)
    if sandboxed:
        available(chapter.folder / "checks.py")
    return Examiner(chapter, key, limits(root), sandboxed)
