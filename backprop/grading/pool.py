"""Where what is done with submissions is done: processes that may die of one of them, here or on a Dask cluster.

| what you can do | with |
| --- | --- |
| do one thing with a submission, under limits | `guarded` |
| do many at once on this machine | `pool` |
| do them on a cluster | `cluster` |
"""

import atexit
import contextlib
import ctypes
import gc
import itertools
import math
import os
import pickle
import queue
import resource
import signal
import socket
import struct
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Any

from backprop.course import Chapter, CourseError
from backprop.grading.bubblewrap import TEMPLATES
from backprop.grading.examine import Examiner, limits
from backprop.grading.sandbox import Interrupted, available

PATIENCE = 60  # as many seconds for each of the processor's: what has not ended then waits for something that never comes
NUMBER = struct.Struct("i")
FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT}


class TooMuch(Exception):
    """A submission took more than it may: its own doing, and the same the next time. The message says what it took."""


class Helper:
    """A process for one thing after another. It may die of one: a fresh one takes its place.

    Processes are forked by one that has been forked itself when there was nothing yet that a copy could harm, and that
    touches no submission. They end with whoever made the helper.
    """

    def __init__(self) -> None:
        self.worker: Connection | None = None
        self.closed, self.pid = False, 0
        self.control, theirs = socket.socketpair()
        self.templates = TEMPLATES.copies()  # to load what one holds takes ten times as long
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until Ctrl-C is no business of the copy's
        try:
            parent = os.getpid()
            with warnings.catch_warnings():  # of other threads: none of them holds what the copy needs
                warnings.simplefilter("ignore", DeprecationWarning)
                self.keeper = os.fork()
            if self.keeper == 0:
                _keep(theirs, parent, self.templates)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            for template in self.templates.values():
                template.control.close()  # it ends with the process that asks it
        theirs.close()

    def do(self, doing: str, seconds: float, memory: int, function: Callable, *arguments: object) -> Any:
        """Call a function in the helper's process. Exceptions that it raises come through.

        Parameters
        ----------
        doing : str
            What is done with the submission: read, judged, shown.
        seconds : float
            Of the processor.
        memory : int
            Bytes beyond what the process has already.
        function : callable
            By its name in a module, with arguments and a value that can be pickled.

        Raises
        ------
        TooMuch, Interrupted
        """
        for last in (False, True):
            code = self._try(seconds, memory, function, arguments)
            if not isinstance(code, int):
                kind, value = code
                if kind == "memory":
                    raise TooMuch(f"needed more than {memory >> 20} MB of memory to be {doing}")
                if kind == "raised":
                    raise value
                return value
            if code == -signal.SIGXCPU:
                raise TooMuch(f"took more than {seconds:g} seconds to be {doing}")
            if self.closed or (last and -code in FROM_OUTSIDE):
                raise Interrupted(f"the process in which it was to be {doing} was ended from outside")
        raise TooMuch(f"ended the process in which it was to be {doing}")

    def _try(self, seconds, memory, function, arguments):
        """What came back, or the code with which the process ended."""
        if self.worker is None:
            self._start()
        try:
            self.worker.send((seconds, memory, function, arguments))
            if not self.worker.poll(PATIENCE * seconds):
                os.kill(self.pid, signal.SIGKILL)
                self._ended()
                raise Interrupted(f"nothing came of it for {PATIENCE * seconds:g} seconds")
            answer = self.worker.recv()
        except (EOFError, OSError):
            return self._ended()
        if answer[0] == "memory":  # and what is left of it may be in pieces
            self._ended()
        return answer

    def _start(self):
        if self.closed:
            raise Interrupted("grading was ended")
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self.control, [b"fork"], [theirs.fileno()])
            self.pid = self._number()
        except OSError:
            ours.close()
            self.closed = True
            raise Interrupted("the process that starts the others has ended") from None
        finally:
            theirs.close()
        self.worker = Connection(ours.detach())

    def _ended(self):
        """Put away a process that has ended. Returns its code."""
        self.worker.close()
        self.worker = None
        try:
            code, self.pid = self._number(), 0
        except OSError:
            self.closed, code = True, -signal.SIGKILL
        return code

    def _number(self):
        data = self.control.recv(NUMBER.size, socket.MSG_WAITALL)
        if len(data) < NUMBER.size:
            raise OSError("ended")
        return NUMBER.unpack(data)[0]

    def end(self) -> None:
        """End it, whatever it does. From any thread: the one that waits for it is told."""
        self.closed = True
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, once nobody waits for it any more."""
        self.end()
        if self.worker:
            self.worker.close()
        self.control.close()
        os.waitpid(self.keeper, 0)
        for template in self.templates.values():
            template.close()


def _keep(control, parent, templates):
    """Fork a process for each connection that comes, and tell its number and the code with which it ended. Never returns.

    The first one has the templates; what it may have left unread there is no business of the next.
    """
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        _end_with_parent(parent)
        ends = [number for template in templates.values() for number in template.descriptors]
        # What else is open is somebody else's: a lock, a pipe whose end is waited for.
        for one, following in itertools.pairwise(sorted([2, control.fileno(), *ends, 1 << 16])):
            os.closerange(one + 1, following)
        gc.freeze()
        _inherited.append(TEMPLATES.running)  # their ends were just closed, and nothing may close them again
        TEMPLATES.running = templates
        keeper = os.getpid()
        while True:
            message, descriptors, *_ = socket.recv_fds(control, 16, 1)
            if not message:
                os._exit(0)
            worker = os.fork()
            if worker == 0:
                control.close()
                _end_with_parent(keeper)
                _serve(Connection(descriptors[0]))
                os._exit(0)
            os.close(descriptors[0])
            while TEMPLATES.running:
                TEMPLATES.running.popitem()[1].leave()
            control.sendall(NUMBER.pack(worker))
            control.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])))
    finally:
        os._exit(1)


def _end_with_parent(parent):
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, where there is Linux
    if os.getppid() != parent:  # it ended before that was set
        os._exit(1)


def _serve(connection):
    while True:
        try:
            seconds, memory, function, arguments = connection.recv()
        except EOFError:
            return
        used, size = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), _size()
        _limit(resource.RLIMIT_CPU, math.ceil(used + seconds))
        _limit(resource.RLIMIT_AS, size + memory)
        try:
            answer = "done", function(*arguments)
        except MemoryError:
            answer = "memory", None
        except Exception as error:
            answer = "raised", error
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        if answer[0] == "raised":
            try:
                pickle.loads(pickle.dumps(answer))
            except Exception:
                answer = "raised", RuntimeError(f"{type(answer[1]).__name__}: {answer[1]}")
        connection.send(answer)
        if answer[0] == "memory":
            return


def _size():
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # no Linux, and no limit of that kind
        return 0


def _limit(what, value):
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


_own = threading.local()  # each thread's helper
_inherited: list = []  # what a keeper found when it was forked


def guarded(doing: str, seconds: float, memory: int, function: Callable, *arguments: object) -> Any:
    """As `Helper.do`, with the helper of the thread that asks."""
    if "helper" not in _own.__dict__:
        _own.helper = Helper()
        atexit.register(_at_exit, _own.helper)
    return _own.helper.do(doing, seconds, memory, function, *arguments)


def _at_exit(helper):
    """Close a helper when all is done: Ctrl-C has nothing left to stop."""
    with contextlib.suppress(ValueError):  # not in the main thread, which it does not reach
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    helper.close()


@contextlib.contextmanager
def pool(workers: int) -> Iterator[Executor]:
    """An executor for `guarded` with as many processes, which end with the block and leave nothing running when it is left early."""
    made: queue.SimpleQueue[Helper] = queue.SimpleQueue()
    helpers = [Helper() for _ in range(workers)]  # now, while there is no other thread and no open gradebook
    for helper in helpers:
        made.put(helper)
    threads = ThreadPoolExecutor(workers, initializer=lambda: setattr(_own, "helper", made.get()))
    try:
        yield threads
    finally:
        for helper in helpers:
            helper.end()
        threads.shutdown(cancel_futures=True)
        for helper in helpers:
            helper.close()


@contextlib.contextmanager
def cluster(scheduler: str) -> Iterator[Executor]:
    """An executor for `guarded` whose threads are a Dask cluster's.

    Parameters
    ----------
    scheduler : str
        Address of its scheduler.

    Raises
    ------
    CourseError
        If Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask. In the course's folder: pip install '.[cluster]'") from None
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise CourseError(f"No Dask scheduler answers at {scheduler}: {error}") from None
    with client, client.get_executor(retries=10) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False)
            raise


def ready(result) -> Future:
    """A future that has ended already."""
    future: Future = Future()
    future.set_result(result)
    return future


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


def prepare(root: str, name: str, key: bytes, sandboxed: bool) -> None:
    """Have this process's examiner, and what its sandboxes are made from: the first time, both take half a second.

    Raises
    ------
    backprop.course.CourseError
        If no sandbox starts here, or the assignment is not as it should be.
    """
    examiner(root, name, key, sandboxed)


@lru_cache(maxsize=2)
def examiner(root: str, name: str, key: bytes, sandboxed: bool) -> Examiner:
    """This process's examiner of an assignment."""
    chapter = Chapter(root, name)
    if sandboxed:
        available(chapter.folder / "checks.py")
    return Examiner(chapter, key, limits(root), sandboxed)
