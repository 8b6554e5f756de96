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

import math
import os
import select
import shutil
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop.checking import wire
from backprop.grading.bubblewrap import TEMPLATES, NotStarted, Unsandboxed
from backprop.grading.filter import SandboxMissing
from backprop.grading.template import DESK_SIZE

HEADER = struct.Struct(">I")
TRIES = 3  # to start a sandbox
MAX_STDOUT = 20_000  # characters of a cell's output; the worker itself stops at half of that


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
        self.limits, self.count = limits, 0
        self.secret = os.urandom(8).hex()
        for left in reversed(range(TRIES)):
            try:
                self._start(checks, sandboxed)
                return
            except NotStarted:
                if not left:
                    raise
                time.sleep(0.2)

    def _start(self, checks, sandboxed):
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
            self._receive("ready", self.limits.start)
        except Died as error:
            raise NotStarted(self.process.complaint() or str(error)) from None

    def files(self, files):
        """Put files, name to bytes, into the working directory. Returns whether they all are there."""
        arrays = {name: np.frombuffer(content, np.uint8) for name, content in files.items()}
        return self._ask({"do": "files", "files": arrays}, self.limits.cell) is True

    def run(self, number, source, definitions=False):
        """Run one cell, or only the definitions in it. Returns a dict of ``stdout`` and ``error``."""
        body = self._ask({"do": "run", "number": number, "source": source, "definitions": definitions}, self.limits.cell)
        if not (
            isinstance(body, dict)
            and set(body) == {"stdout", "error"}
            and _is_text(body["stdout"], MAX_STDOUT)
            and _is_error(body["error"])
        ):
            self._fail("sent junk in place of an answer")
        return body

    def call(self, exercise, arguments, seconds=None):
        """Call the function of an exercise. Returns what `backprop.checking.observe.observe` recorded, or None where there is no such function."""
        body = self._ask(
            {
                "do": "call",
                "name": exercise.name,
                "through": exercise.call and exercise.call.__name__,
                "arguments": wire.dumps(arguments),
            },
            seconds or self.limits.call,
        )
        if body == "undefined":
            return None
        if not _is_observation(body):
            self._fail("sent junk in place of an answer")
        return body

    def _ask(self, request, seconds):
        self.count += 1
        identity = f"{self.secret}-{self.count}"
        data = wire.dumps({"id": identity, **request}).encode()
        deadline = time.monotonic() + seconds
        self._send(HEADER.pack(len(data)) + data, deadline)
        return self._receive(identity, seconds)

    def _send(self, data, deadline):
        pipe = self.inbox
        while data:
            if not select.select([], [pipe], [], max(0, deadline - time.monotonic()))[1]:
                self._fail("took too long")
            try:
                data = data[os.write(pipe, data) :]
            except BlockingIOError:
                continue
            except OSError:
                self._fail("ended")

    def _receive(self, identity, seconds):
        deadline = time.monotonic() + seconds
        size = HEADER.unpack(self._read(4, deadline))[0]
        if size > self.limits.frame:
            self._fail(f"sent an answer of {size} bytes; {self.limits.frame} are allowed")
        data = self._read(size, deadline)
        if (parts := data.count(b",")) > self.limits.parts:
            self._fail(f"sent an answer of {parts} parts; {self.limits.parts} are allowed")
        try:
            message = wire.loads(data.decode())
        except (wire.WireError, UnicodeDecodeError, RecursionError):
            self._fail("sent junk in place of an answer")
        if not isinstance(message, dict) or message.get("id") != identity:
            self._fail("spoke out of turn")
        return message.get("body")

    def _read(self, size, deadline):
        pipe, pieces = self.outbox, []
        while size:
            if not select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
                self._fail("took too long")
            piece = os.read(pipe, min(size, 1 << 20))
            if not piece:
                self._fail("ended")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

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


def _is_observation(body):
    if not isinstance(body, dict) or set(body) != {"value", "error", "mutated", "warnings", "global_random"}:
        return False
    return (
        _is_error(body["error"])
        and type(body["global_random"]) is bool
        and all(
            isinstance(body[k], list) and len(body[k]) <= 100 and all(_is_text(s) for s in body[k]) for k in ("mutated", "warnings")
        )
    )


def _is_error(error):
    """Whether this is None, or a type, a message, and a line that is None, its number, or its number and text."""
    if error is None:
        return True
    if not (
        isinstance(error, dict)
        and _is_text(error.get("type"))
        and _is_text(error.get("message"))
        and (error.get("inside") is None or _is_text(error["inside"]))
    ):
        return False
    line = error.get("line")
    return (
        line is None
        or type(line) is int
        or (isinstance(line, list) and len(line) == 2 and type(line[0]) is int and _is_text(line[1], MAX_STDOUT))
    )


def _is_text(value, most=1000):
    return isinstance(value, str) and len(value) <= most
