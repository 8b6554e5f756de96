"""A fresh sandbox for each submission: a room of its own (`bubblewrap`, `template`), limits and a system-call filter.

Inside there is one process and there can be no second: the filter refuses new processes and threads, so
the limits that Linux keeps per process hold for the submission as a whole, for a grader who is root too.
Nothing is writable but a desk of its own in memory, nothing but Python is readable, and there is no network.

| what you can do | with |
| --- | --- |
| say what a submission may use | `Limits` |
| know whether a sandbox starts here | `available` |
| run a submission's cells and call its functions | `Worker` |
"""

import json
import math
import os
import select
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop.checking import wire
from backprop.checking.observe import anonymous
from backprop.grading import schema
from backprop.grading.bubblewrap import TEMPLATES, NotStarted, Unsandboxed
from backprop.grading.filter import SandboxMissing
from backprop.grading.template import DESK_SIZE
from backprop.grading.worker import AGAIN, HEADER

TRIES = 3  # to start a sandbox
PATIENCE = 3  # as long again as a call may take, so often, for answers to what it asks
MAX_ASKED = 5_000  # questions that a function may put to those it is given, in one call


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds, bytes, and parts of an answer: an array is one, a list as many as it holds.

    ``cells`` is for all cells together: then only those run that the answers need, in the time of the ``answers``.
    ``step`` is the processor's for each thing done with it outside of its sandbox: reading, judging, showing. ``file`` is for
    the notebook's file, ``notebook`` for it without outputs and attachments; of the files beside it those of ``beside``
    bytes each can be read by its code, so many and so large together; the ``attached`` ones are kept with it.
    """

    start: float = 20.0
    cell: float = 10.0
    call: float = 5.0
    cells: float = 30.0
    answers: float = 60.0
    memory: int = 1 << 30
    frame: int = 8 << 20
    parts: int = 50_000
    step: float = 20.0
    file: int = 250 << 20
    notebook: int = 10 << 20
    beside: tuple[int, int, int] = (1 << 20, 20, 4 << 20)
    attached: tuple[int, int, int] = (10 << 20, 100, 50 << 20)


LIMITS = Limits()


class Died(Exception):
    """The worker ended, spoke out of turn or took too long; the message is one short phrase."""


class Interrupted(Exception):
    """The machine, or whoever runs it, ended a process or kept it waiting: no submission's doing. The message says what it did."""


def resources(limits):
    """The limits that the system keeps for a worker's process, by the names of `resource`."""
    return {
        "RLIMIT_AS": limits.memory,
        # More than the judge waits for in all: what ends by this limit is a process that nobody waits for any more.
        "RLIMIT_CPU": math.ceil(limits.start + limits.cells + limits.cell + limits.answers + limits.call),
        "RLIMIT_FSIZE": DESK_SIZE,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_STACK": 64 << 20,
    }


def available(checks=None):
    """Raise `SandboxMissing` unless a sandbox starts here, with these public checks in it."""
    if sys.platform != "linux" or not shutil.which("bwrap"):
        raise SandboxMissing(
            "Grading needs bubblewrap (the command bwrap), which keeps submissions from harming this machine. Install it "
            "with: apt install bubblewrap (Linux only; on macOS or Windows grade in a Linux virtual machine), or accept "
            "the risk of running submissions without it with --unsandboxed."
        )
    worker = None
    try:
        worker = Worker(checks=checks)
    except NotStarted as error:
        raise SandboxMissing(
            f"bubblewrap is installed but cannot start a sandbox here ({error.why}). Allow unprivileged user "
            "namespaces, or accept running without a sandbox with --unsandboxed."
        ) from None
    finally:
        if worker:
            worker.close()


class Worker:
    """One submission's process.

    Parameters
    ----------
    limits : Limits
    checks : path, optional
        The public ``checks.py``, where functions among the arguments are looked up.
    sandboxed : bool
        False only where the instructor has accepted the risk.

    Raises
    ------
    NotStarted
    """

    def __init__(self, limits: Limits = LIMITS, checks: Path | None = None, sandboxed: bool = True):
        self.limits, self.count, self.secret = limits, 0, os.urandom(8).hex()
        self.asked: set[str] = set()  # identities of all that was ever asked
        for left in reversed(range(TRIES)):
            try:
                self._start(checks, sandboxed)
                return
            except NotStarted:
                if not left:
                    raise
                time.sleep(0.2)

    def _start(self, checks, sandboxed):
        self.unsent, self.received = bytearray(), bytearray()
        inbox, self.inbox = os.pipe()
        self.outbox, outbox = os.pipe()
        self.process, self.pipes = None, [self.inbox, self.outbox]
        try:
            kept = resources(self.limits)
            if sandboxed:
                self.process = TEMPLATES.room(checks, kept, (inbox, outbox), self.limits.start)
            else:
                self.process = Unsandboxed(checks, kept, (inbox, outbox))
            os.set_blocking(self.inbox, False)
        except NotStarted:
            self.close()
            raise
        finally:
            os.close(inbox)
            os.close(outbox)
        try:
            self._receive("ready", time.monotonic() + self.limits.start, body=schema.DONE)
        except Died as error:
            raise NotStarted(self.process.complaint() or str(error)) from None

    def files(self, files):
        """Put files, name to bytes, into the working directory. Returns whether they all are there."""
        arrays = {name: np.frombuffer(content, np.uint8) for name, content in files.items()}
        return self._ask(schema.DONE, self.limits.cell, do="files", files=wire.dumps(arrays)) is True

    def run(self, number, source, definitions=False):
        """Run one cell, or only the definitions in it. Returns a dict of ``stdout`` and ``error``."""
        return self._ask(schema.RAN, self.limits.cell, do="run", number=number, source=source, definitions=definitions)

    def calls(self, exercise, turns, seconds=None, answer=None):
        """Call the function of an exercise with some arguments after others, in one request.

        Parameters
        ----------
        exercise : backprop.checking.contract.Exercise
        turns : list of dict
            Arguments; `AGAIN` for those of the turn before, as the call has left them. A function among them arrives as a
            stand-in.
        seconds : float, optional
            For each call.
        answer : callable, optional
            Gives the answer to what a stand-in asks: takes its name and the question; None where that took too long. Without it
            all arguments are sent ahead.

        Yields
        ------
        dict or None
            What `backprop.checking.observe.observe` recorded, a turn each; None where there is no such function.
        """
        through = exercise.call and exercise.call.__name__
        identity = self._request(do="call", name=exercise.name, through=through, turns=len(turns))
        frames = [AGAIN if arguments is AGAIN else wire.dumps(_nameless(arguments)) for arguments in turns]
        self.asked.update(f"{identity}.{turn}" for turn in range(len(turns)))
        shapes = {"body": schema.SEEN, "asked": schema.ASKED} if answer else {"body": schema.SEEN}
        if not answer:
            self._queue(*frames)
        for turn, text in enumerate(frames):
            deadline = time.monotonic() + (seconds or self.limits.call)
            latest = deadline + PATIENCE * (seconds or self.limits.call)
            if answer:
                self._queue(text)
            kind, body = self._receive(f"{identity}.{turn}", deadline, **shapes)
            asked = 0
            while kind == "asked":
                if asked == MAX_ASKED:
                    self._fail(f"called what it was given more than {MAX_ASKED} times")
                asked += 1
                begun = time.monotonic()
                found = answer(*body)
                if found is None:
                    self._fail("took too long")
                # How long others take is not the submission's time, as long as it does not keep them at it.
                deadline = min(deadline + time.monotonic() - begun, latest)
                self._queue(found)
                kind, body = self._receive(f"{identity}.{turn}", deadline, **shapes)
            if body is None:
                self._queue(*frames[turn + 1 :] if answer else ())
            yield body

    def hold(self, functions):
        """Have functions, by their names, that stand in the public ``checks.py`` or were made by a cell."""
        self._ask(schema.DONE, self.limits.cell, do="hold", functions=wire.dumps(functions))

    def ask(self, name, question, seconds):
        """The answer of a function that is held to a question of its stand-in's."""
        return self._ask(schema.text(self.limits.frame), seconds, do="ask", name=name, question=question)

    def _ask(self, shape, seconds, **request):
        return self._receive(self._request(**request), time.monotonic() + seconds, body=shape)[1]

    def _request(self, **request):
        self.count += 1
        identity = f"{self.secret}-{self.count}"
        self.asked.add(identity)
        self._queue(json.dumps({"id": identity, **request}))
        return identity

    def _queue(self, *texts):
        """Have frames written as soon as the worker reads."""
        for text in texts:
            data = text.encode()
            self.unsent += HEADER.pack(len(data)) + data

    def _receive(self, identity, deadline, **shapes):
        """The next frame of an identity: which of the shapes it has, and its content. Another answer to what was asked is not heard."""
        while True:
            size = HEADER.unpack(self._read(4, deadline))[0]
            if size > self.limits.frame:
                self._fail(f"sent an answer of {size} bytes; {self.limits.frame} are allowed")
            data = self._read(size, deadline)
            if (parts := data.count(b",")) > self.limits.parts:
                self._fail(f"sent an answer of {parts} parts; {self.limits.parts} are allowed")
            try:
                found, kind, content = schema.frame(data, shapes)
                if found == identity:
                    return kind, shapes[kind](content)
            except wire.WireError:
                self._fail("sent junk in place of an answer")
            if found not in self.asked:
                self._fail("spoke out of turn")

    def _read(self, size, deadline):
        """So many bytes from the worker; meanwhile it is sent what is still unsent."""
        while len(self.received) < size:
            inbox = [self.inbox] if self.unsent else []
            readable, writable, _ = select.select([self.outbox], inbox, [], max(0, deadline - time.monotonic()))
            if readable:
                piece = os.read(self.outbox, 1 << 16)
                if not piece:
                    self._fail("ended")
                self.received += piece
            elif writable:
                try:
                    del self.unsent[: os.write(self.inbox, self.unsent)]
                except BlockingIOError:
                    continue
                except OSError:  # it reads no more; what it has written is still there
                    self.unsent.clear()
            else:
                self._fail("took too long")
        data = bytes(self.received[:size])
        del self.received[:size]
        return data

    def _fail(self, phrase):
        self.close()
        raise Died(phrase)

    def close(self):
        """End the process and everything in its sandbox."""
        if self.process:
            self.process.kill()
            self.process.wait()
        while self.pipes:
            os.close(self.pipes.pop())


def _nameless(arguments):
    """The same arguments, of whose functions nothing shows but the name of the argument."""
    return {name: anonymous(value, name) if callable(value) else value for name, value in arguments.items()}
