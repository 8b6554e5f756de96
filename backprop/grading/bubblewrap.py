"""Where a worker's process comes from: a `template` in bubblewrap that forks a room for it, or a bubblewrap of its own.

| a process | is started by |
| --- | --- |
| in a room that a template or its copy has forked | `Templates.room`, where a sandbox may hold namespaces of its own |
| the only one in its bubblewrap | `Templates.room`, elsewhere |
| in no sandbox at all | `Unsandboxed`, where the instructor has accepted the risk |

Each has the ``poll``, ``kill`` and ``wait`` of `subprocess.Popen`. What a sandbox holds has the same names on every
machine: ``/usr``, ``/python``, ``/packages``, ``/course`` and the desk. Where `make` has installed the packages, their compiled files
hold those names too; files in which an installer writes where the course lies are empty there. A submission that keeps a processor busy or fills its gigabyte
within its limits slows down what else runs on the machine, and others can measure that.
"""

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import site
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np

from backprop.course import CourseError, find_root
from backprop.grading import template
from backprop.grading.filter import system_call_filter

PACKAGE = Path(__file__).parents[1]
INSIDE = ("__init__.py", "checking", "grading/__init__.py", "grading/template.py", "grading/worker.py")
DEVICES = ("null", "zero", "full", "random", "urandom")
TELLS = (
    "*.dist-info/direct_url.json",
    "__editable__*",
    "__pycache__/__editable__*",
)  # where installers write from which folder of the machine a package came
CAP_SYS_ADMIN = 1 << 21


class NotStarted(CourseError):
    """A sandbox did not start: no fault of the submission's, so nothing may be graded."""

    def __init__(self, why):
        self.why = why
        super().__init__(why)

    def __str__(self):
        return (
            f"A sandbox did not start: {self.why}. What was graded before is kept; mend the machine and run the same command again."
        )


class NoRooms(NotStarted):
    """This machine allows no namespaces within a sandbox."""


@lru_cache
def python():
    """This Python: the folders that hold it, as (here, inside), and the interpreter inside.

    Not the link to it that a virtual environment holds.
    """
    base = Path(sys.base_prefix).resolve()
    interpreter = Path(getattr(sys, "_base_executable", None) or sys.executable).resolve()
    if Path("/usr") in [base, *base.parents]:
        return [("/usr", "/usr")], str(interpreter)
    system = [(folder, folder) for folder in ("/usr/lib", "/usr/lib64") if os.path.isdir(folder)]
    inside = Path("/python", interpreter.relative_to(base)) if base in interpreter.parents else interpreter
    return [*system, (str(base), "/python")], str(inside)


@lru_cache
def packages():
    """The folders that hold NumPy and what else is installed, wherever links lead, as (here, inside)."""
    folders = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages(), Path(np.__file__).parents[1]]
    found = dict.fromkeys(Path(f).resolve() for f in folders if Path(f).is_dir())
    return [(str(folder), f"/packages/{number}") for number, folder in enumerate(found)]


@lru_cache
def telling():
    """The files inside that tell where they were installed; an empty one stands in the place of each."""
    return [
        f"{inside}/{path.relative_to(here)}"
        for here, inside in packages()
        for pattern in TELLS
        for path in Path(here).glob(pattern)
        if path.is_file()
    ]


@lru_cache
def has_rights():
    """Whether this process may make namespaces as it is: root, and not one that a container has left without rights."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return os.getuid() == 0 and bool(int(status["CapEff"], 16) & CAP_SYS_ADMIN)


@lru_cache
def fonts(checks):
    """A folder with the list of fonts that Matplotlib brings, or None: to make one takes longer than most cells, and a thread.

    It is made once a course and version of Matplotlib, and nothing of this machine's fonts is in it.
    """
    with contextlib.suppress(CourseError, metadata.PackageNotFoundError, OSError):
        root = find_root(Path(checks).parent if checks else PACKAGE)
        folder = root / ".backprop" / f"matplotlib-{metadata.version('matplotlib')}"
        if not folder.is_dir():
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent) as made:
                subprocess.run(
                    [sys.executable, "-c", "import matplotlib.font_manager"],
                    env={**os.environ, "MPLCONFIGDIR": made, "MPL_IGNORE_SYSTEM_FONTS": "1"},
                    capture_output=True,
                )
                fresh = Path(tempfile.mkdtemp(dir=folder.parent))
                for path in Path(made).glob("fontlist-*.json"):
                    shutil.copyfile(path, fresh / path.name)
                fresh.chmod(0o755)
                try:
                    fresh.rename(folder)
                except OSError:  # another process was first
                    shutil.rmtree(fresh)
        return str(folder)
    return None


def command(checks, forks, info):
    """The command line that starts a template in a sandbox, up to the number of its socket.

    Parameters
    ----------
    checks : path or None
    forks : bool
        Whether it is to fork rooms, for which it needs ``/proc``, or to become the worker itself.
    info : int
        The file descriptor that learns the number of the sandbox's first process.
    """
    words = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if has_rights():  # no namespace of users: in one, its nobody would be the machine's root
        words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user", "--uid", str(template.STUDENT), "--gid", str(template.STUDENT), "--cap-drop", "ALL"]
    words += [] if forks else ["--cap-add", "CAP_SYS_ADMIN"]  # to put the desk in its place, and dropped before all else
    words += ["--new-session", "--clearenv", "--hostname", "sandbox", "--info-fd", str(info)]
    # A template is the first process in its namespace: it ends with its socket, and then everything in its rooms does,
    # whatever thread had it started. A submission is not the first, which bubblewrap keeps: it cannot ask to outlive it.
    words += ["--as-pid-1"] if forks else ["--die-with-parent"]
    folders, interpreter = python()
    course = [(str(PACKAGE / name), f"/course/backprop/{name}") for name in INSIDE]
    course += [(str(checks), "/course/checks.py")] if checks else []
    course += [(fonts(checks), template.FONTS)] if fonts(checks) else []
    mounts = [*folders, *packages(), *course]
    for folder in sorted({str(parent) for _, inside in mounts for parent in Path(inside).parents}):
        words += ["--perms", "0755", "--dir", folder]  # else none but root could look into it
    for here, inside in mounts:
        words += ["--ro-bind", here, inside]
    for inside in telling():
        words += ["--ro-bind", str(PACKAGE / "py.typed"), inside]
    if (PACKAGE / "checking" / "__pycache__").is_dir():  # compiled where the course lies, which it tells
        words += ["--tmpfs", "/course/backprop/checking/__pycache__", "--remount-ro", "/course/backprop/checking/__pycache__"]
    for link in ("/lib", "/lib64", "/bin"):
        if os.path.islink(link):
            words += ["--symlink", os.readlink(link), link]
        elif os.path.isdir(link):
            words += ["--ro-bind", link, link]
    words += ["--tmpfs", "/dev"]
    for name in DEVICES:
        words += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    words += ["--remount-ro", "/dev"]
    words += ["--proc", "/proc"] if forks else ["--perms", "0555", "--dir", "/proc"]
    words += ["--dir", template.DESK] if forks else ["--size", str(template.DESK_SIZE), "--perms", "0777", "--tmpfs", template.DESK]
    for name, value in environment().items():
        words += ["--setenv", name, value]
    words += ["--remount-ro", "/", "--chdir", "/", interpreter, "-S", "-B", "-P"]
    return [*words, "/course/backprop/grading/template.py", "/course/checks.py", "forks" if forks else "becomes"]


def environment():
    return {
        "PYTHONPATH": ":".join(inside for _, inside in packages()),
        "LD_LIBRARY_PATH": "/python/lib",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "HOME": template.DESK,
        "TMPDIR": template.DESK,
        "USER": "student",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{template.DESK}/.config/matplotlib",
        "NBGRADER_EXECUTION": "autograde",
    }


class Room:
    """A process that stands for all in its namespace of processes: they end with it, and it has ended when all have.

    Parameters
    ----------
    descriptor : int
        Of the process; the room closes it.
    complaint : callable
        Gives the last line that the sandbox wrote about itself.
    """

    def __init__(self, descriptor, complaint):
        self.descriptor, self.complaint, self.ended = descriptor, complaint, False

    def poll(self):
        """0 once it has ended, until then None."""
        return self._wait(0)

    def wait(self):
        return self._wait(None)

    def _wait(self, seconds):
        if not self.ended and select.select([self.descriptor], [], [], seconds)[0]:
            self.ended = True
            os.close(self.descriptor)
        return 0 if self.ended else None

    def kill(self):
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)


class Source(Room):
    """A process in a sandbox that forks rooms, ready for requests: a template, or a copy that it has made of itself.

    Parameters
    ----------
    control : socket
        Where it takes requests; the source closes it.
    seconds : float
        For which an answer is waited for.
    descriptor, complaint
        As of a `Room`.
    """

    def __init__(self, control, seconds, descriptor, complaint=lambda: ""):
        super().__init__(descriptor, complaint)
        self.control, self.seconds = control, seconds

    def ask(self, limits, pipes):
        """Have a worker read from and write to these pipes, in a room that is forked for it or in this process itself."""
        self._send({"limits": limits, "filter": system_call_filter().hex()}, pipes)

    def fork(self, limits, pipes):
        """The room of a worker that reads from and writes to these pipes."""
        self.ask(limits, pipes)
        return Room(self._forked(), self.complaint)

    def copy(self):
        """A copy of it, which ends when it does: for a process that is forked from this one, as two cannot ask the same."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._send({}, [theirs.fileno()])
                return Source(control, self.seconds, self._forked())
            except NotStarted:
                control.close()
                raise

    def _send(self, request, descriptors):
        try:
            socket.send_fds(self.control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            self._fail(error.strerror)

    def _forked(self):
        answer, descriptors = self._receive()
        if not descriptors:
            raise NotStarted(json.loads(answer)["error"])
        return descriptors[0]

    def _receive(self):
        if not select.select([self.control], [], [], self.seconds)[0]:
            self._fail("took too long")
        try:
            answer, descriptors, *_ = socket.recv_fds(self.control, 1 << 16, 1)
        except OSError:
            answer = b""
        if not answer:
            self._fail("ended")
        return answer, descriptors

    def _fail(self, why):
        self.close()
        raise NotStarted(self.complaint() or why)

    def wait(self):
        super().wait()
        self.control.close()

    def close(self):
        """End it and everything in its sandbox."""
        self.kill()
        self.wait()

    @property
    def descriptors(self):
        """What a process needs to have open to use it."""
        return self.control.fileno(), self.descriptor

    def leave(self):
        """Leave it to the other processes that have it."""
        self.ended = True
        self.control.close()
        os.close(self.descriptor)


class Template(Source):
    """A template in its bubblewrap.

    Raises
    ------
    NotStarted
    NoRooms
        If it was to fork rooms, and cannot on this machine.
    """

    def __init__(self, checks, forks, seconds):
        self.words = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the template has ended)
        self.last_words = ""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        info, told = os.pipe()
        try:
            self.process = subprocess.Popen(
                [*command(checks, forks, told), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.words,
                pass_fds=(theirs.fileno(), told),
                env={"PATH": os.environ.get("PATH", "")},
                cwd="/",
            )
        except OSError as error:
            os.close(info)
            control.close()
            self.words.close()
            raise NotStarted(error.strerror) from None
        finally:
            theirs.close()
            os.close(told)
        with open(info) as told:
            try:
                first = os.pidfd_open(json.load(told)["child-pid"])
            except (ValueError, OSError):
                self.process.wait()
                control.close()
                raise NotStarted(self._last_words() or "ended") from None
        super().__init__(control, seconds, first, self._complaint)
        self._receive()
        if forks and (trouble := json.loads(self._receive()[0]).get("error")):
            self.close()
            raise NoRooms(trouble)

    def _complaint(self):
        if not self.words.closed:
            lines = os.pread(self.words.fileno(), 1 << 16, 0).decode(errors="replace").strip().splitlines()
            self.last_words = lines[-1] if lines else ""
        return self.last_words

    def _last_words(self):
        self._complaint()
        self.words.close()
        return self.last_words

    def wait(self):
        super().wait()
        self._last_words()
        return self.process.wait()


class Unsandboxed(subprocess.Popen):
    """A worker that can do whatever its user can, with a desk of its own."""

    def __init__(self, checks, limits, pipes):
        self.desk = tempfile.TemporaryDirectory()
        super().__init__(
            [sys.executable, "-B", str(PACKAGE / "grading" / "worker.py"), str(checks)],
            stdin=pipes[0],
            stdout=pipes[1],
            stderr=subprocess.DEVNULL,
            env={
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": str(PACKAGE.parent),
                "HOME": self.desk.name,
                "TMPDIR": self.desk.name,
                "OPENBLAS_NUM_THREADS": "1",
                "PYTHONHASHSEED": "0",
                "MPLBACKEND": "agg",
            },
            cwd=self.desk.name,
            preexec_fn=lambda: template.limit(limits),
        )

    def complaint(self):
        return ""

    def wait(self, *words, **more):
        code = super().wait(*words, **more)
        self.desk.cleanup()
        return code


class Templates:
    """The templates of this process, one for each ``checks.py``; none where a sandbox can fork no rooms."""

    def __init__(self):
        self.running, self.lock, self.forks = {}, threading.Lock(), True
        atexit.register(self.close)

    def room(self, checks, limits, pipes, seconds):
        """The room of a new worker.

        Raises
        ------
        NotStarted
        """
        forks = self.forks
        with self.lock:
            if forks:
                try:
                    return self._template(checks, seconds).fork(limits, pipes)
                except NoRooms:
                    forks = False
        alone = Template(checks, False, seconds)
        self.forks = forks  # not before: a machine in trouble refuses both
        alone.ask(limits, pipes)
        return alone

    def _template(self, checks, seconds):
        about = checks and os.stat(checks)
        which = checks and (str(checks), about.st_ino, about.st_mtime_ns)
        found = self.running.get(which)
        if found and found.poll() is not None:
            found.close()
        if not found or found.ended:
            try:
                self.running[which] = Template(checks, True, seconds)
            except NotStarted as error:  # a container may allow no new ``/proc``, which one that forks needs
                raise NoRooms(error.why) from None
        return self.running[which]

    def copies(self):
        """Copies of those that run, for the `running` of a process that is forked from this one; none where that fails."""
        with self.lock, contextlib.suppress(NotStarted):
            return {which: source.copy() for which, source in self.running.items() if source.poll() is None}
        return {}

    def close(self):
        """End them all, with every worker in their rooms."""
        with self.lock:
            while self.running:
                self.running.popitem()[1].close()


TEMPLATES = Templates()
