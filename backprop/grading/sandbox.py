"""A fresh sandbox for each submission: bubblewrap, resource limits and a system-call filter.

Inside there is one process and there can be no second: the filter refuses new processes and threads, so
the limits that Linux keeps per process hold for the submission as a whole, for a grader who is root too.
Nothing is writable, nothing but Python is readable, and there is no network.
"""

import os
import resource
import select
import shutil
import site
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from backprop.checking import wire
from backprop.course import CourseError
from backprop.grading.filter import SandboxMissing, system_call_filter

PACKAGE = Path(__file__).parents[1]
HEADER = struct.Struct(">I")
MAX_STDOUT = 20_000  # characters of a cell's output; the worker itself stops at half of that


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds, bytes, and parts of an answer: an array is one, a list as many as it holds."""

    start: float = 20.0
    cell: float = 10.0
    call: float = 5.0
    memory: int = 1 << 30
    frame: int = 8 << 20
    parts: int = 50_000


LIMITS = Limits()


class NotStarted(CourseError):
    """A sandbox did not start: no fault of the submission's, so nothing may be graded."""

    def __init__(self, why):
        self.why = why
        super().__init__(why)

    def __str__(self):
        return (
            f"A sandbox did not start: {self.why}. What was graded before is kept; mend the machine and run the same command again."
        )


class Died(Exception):
    """The worker ended, spoke out of turn or took too long; the message is one short phrase."""


@lru_cache
def readable():
    """The folders a submission may read: the system's libraries and Python with its packages."""
    base = Path(sys.base_prefix).resolve()
    folders = [Path("/usr")] if Path("/usr") in [base, *base.parents] else [Path("/usr/lib"), Path("/usr/lib64"), base]
    packages = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    packages |= {Path(p).resolve() for p in site.getsitepackages()}
    folders += [p for p in sorted(packages) if not any(f in p.parents for f in folders)]
    return [str(f) for f in folders if f.is_dir()]


@lru_cache
def interpreter():
    """This Python itself, not the link to it that a virtual environment holds."""
    return str(Path(getattr(sys, "_base_executable", None) or sys.executable).resolve())


@lru_cache
def packages_path():
    """Where the sandboxed Python finds NumPy: this Python's own package folders."""
    return ":".join(sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))


def command(checks=None):
    """The command line that starts a worker in a sandbox, up to the filter's file descriptor."""
    args = [
        shutil.which("bwrap") or "bwrap",
        "--unshare-all",
        "--as-pid-1",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--cap-drop",
        "ALL",
        "--uid",
        "65534",
        "--gid",
        "65534",
        "--hostname",
        "sandbox",
    ]
    for folder in readable():
        args += ["--ro-bind", folder, folder]
    for link in ("/lib", "/lib64", "/bin"):
        if os.path.islink(link):
            args += ["--symlink", os.readlink(link), link]
        elif os.path.isdir(link):
            args += ["--ro-bind", link, link]
    for name in ("__init__.py", "checking", "grading/__init__.py", "grading/worker.py"):
        args += ["--ro-bind", str(PACKAGE / name), f"/course/backprop/{name}"]
    if checks:
        args += ["--ro-bind", str(checks), "/course/checks.py"]
    for name, value in {
        "PYTHONPATH": packages_path(),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "HOME": "/",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "NBGRADER_EXECUTION": "autograde",
    }.items():
        args += ["--setenv", name, value]
    return args + ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def _limit(limits):
    """Set in the child before bubblewrap starts, and inherited by all that follows."""
    cpu = int(limits.start + 12 * limits.cell)
    for what, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_STACK, 64 << 20),
    ):
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))


def available():
    """Raise `SandboxMissing` unless a sandbox starts here."""
    if sys.platform != "linux" or not shutil.which("bwrap"):
        raise SandboxMissing(
            "Grading needs bubblewrap (the command bwrap), which keeps submissions from harming this machine. Install it "
            "with: apt install bubblewrap (Linux only; on macOS or Windows grade in a Linux virtual machine), or accept "
            "the risk of running submissions without it with --unsandboxed."
        )
    worker = None
    try:
        worker = Worker()
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

    def __init__(self, limits=LIMITS, checks=None, sandboxed=True):
        self.limits, self.count = limits, 0
        self.secret = os.urandom(8).hex()
        with tempfile.TemporaryFile() as program:
            if sandboxed:
                program.write(system_call_filter())
                program.seek(0)
                line = [
                    *command(checks),
                    "--seccomp",
                    str(program.fileno()),
                    interpreter(),
                    "-S",
                    "-B",
                    "/course/backprop/grading/worker.py",
                    "/course/checks.py",
                ]
                keep, env = (program.fileno(),), {}  # bubblewrap's own environment could be read through /proc
            else:
                line = [sys.executable, "-B", str(PACKAGE / "grading" / "worker.py"), str(checks)]
                keep, env = (
                    (),
                    {
                        "PATH": os.environ.get("PATH", ""),
                        "PYTHONPATH": str(PACKAGE.parent),
                        "OPENBLAS_NUM_THREADS": "1",
                        "PYTHONHASHSEED": "0",
                    },
                )
            try:
                self.process = subprocess.Popen(
                    line,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=keep,
                    env=env,
                    cwd="/",
                    bufsize=0,
                    preexec_fn=lambda: _limit(limits),
                )
            except OSError as error:
                raise NotStarted(error.strerror) from None
            os.set_blocking(self.process.stdin.fileno(), False)
            try:
                self._receive("ready", limits.start)
            except Died as error:
                words = self.process.stderr.read(500).decode(errors="replace").strip().splitlines()
                raise NotStarted(words[-1] if words else str(error)) from None
            finally:
                self.process.stderr.close()

    def run(self, number, source):
        """Run one cell. Returns a dict of ``stdout`` and ``error``."""
        body = self._ask({"do": "run", "number": number, "source": source}, self.limits.cell)
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
        pipe = self.process.stdin.fileno()
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
        pipe, pieces = self.process.stdout.fileno(), []
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
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


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
