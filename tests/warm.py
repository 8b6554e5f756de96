"""Processes of this Python's that need not load their libraries first: kernels, and commands.

Each is forked from one process that has loaded them and run nobody's code. It has a folder, an environment, files and a ``__main__``
of its own, and ends at the latest with whoever asked for it. Run as a script, this file is that one process.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
import types
from functools import cache

from jupyter_client.provisioning import LocalProvisioner

# What kernels and commands load as they start, or soon after.
LIBRARIES = [
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "nbgrader.apps",
    "numpy.random",
    "pygments.lexers.python",
    "rich.progress",
    "sqlalchemy.dialects.sqlite",
]
HERE = hasattr(os, "pidfd_open")  # on Linux: elsewhere every process starts cold


STARTING = threading.Lock()  # asked by two threads at once, a cache alone starts two


def server():
    """The one process, and the socket on which it hears what to start. It ends when that is closed."""
    with STARTING:
        return started()


@cache
def started():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with theirs:
        words = [sys.executable, __file__, str(theirs.fileno())]
        return ours, subprocess.Popen(words, env=env, pass_fds=[theirs.fileno()])


def end():
    """Have the one process end, where there is one."""
    if started.cache_info().currsize:
        control, process = server()
        started.cache_clear()
        control.close()
        process.wait()


class Process:
    """What `subprocess.Popen` is for ``[sys.executable, …, "-m" or "-c", …]``, with what of it is needed here.

    Parameters
    ----------
    words : list of str
    cwd : path, optional
    env : dict, optional
    files : three of int, optional
        Descriptors in the place of standard input, output and errors. By default they lead nowhere.
    """

    stdin = stdout = stderr = None

    def __init__(self, words, cwd=None, env=None, files=()):
        words = list(map(str, words[next(n for n, word in enumerate(words) if word in ("-m", "-c")) :]))
        message = json.dumps([words, str(cwd or os.getcwd()), dict(os.environ if env is None else env)]).encode()
        self.link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, open(os.devnull, "r+b") as nowhere:
            socket.send_fds(server()[0], [message], [theirs.fileno(), *(files or [nowhere.fileno()] * 3)])
        self.pid, self.returncode = int(self.link.recv(64)), None

    def poll(self):
        return self.wait(0)

    def wait(self, timeout=None):
        if self.returncode is None and select.select([self.link], [], [], timeout)[0]:
            self.returncode = int(self.link.recv(64))
            self.link.close()
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Kernel(LocalProvisioner):
    """Starts a kernel of Jupyter's in such a process."""

    async def launch_kernel(self, cmd, **options):
        self.process = Process(cmd, options.get("cwd"), options.get("env"))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def run(words, input="", cwd=None, env=None, timeout=600, encoding="utf-8", errors="strict", **_):
    """As `subprocess.run`, whose output is captured as text."""
    if not HERE:
        return subprocess.run(
            words, input=input, cwd=cwd, env=env, timeout=timeout, encoding=encoding, errors=errors, capture_output=True
        )
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(input.encode(encoding))
        files[0].seek(0)
        process = Process(words, cwd, env, [file.fileno() for file in files])
        if process.wait(timeout) is None:
            process.kill()
            process.wait()
            raise subprocess.TimeoutExpired(words, timeout)
        texts = []
        for file in files[1:]:
            file.seek(0)
            texts.append(file.read().decode(encoding, errors))
        return subprocess.CompletedProcess(words, process.returncode, *texts)


PIPE, STDOUT = subprocess.PIPE, subprocess.STDOUT


class Popen(Process):
    """As `subprocess.Popen` of text, with a pipe to it and one for what it prints."""

    def __init__(self, words, cwd=None, env=None, encoding="utf-8", errors="strict", **_):
        (inbox, write), (read, outbox) = os.pipe(), os.pipe()
        super().__init__(words, cwd, env, [inbox, outbox, outbox])
        os.close(inbox)
        os.close(outbox)
        self.stdin = open(write, "w", encoding=encoding)  # noqa: SIM115 (whoever starts it closes it)
        self.stdout = open(read, encoding=encoding, errors=errors)  # noqa: SIM115

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stdout.close()
        self.wait()


if not HERE:
    Popen = subprocess.Popen


# What follows runs in the one process.


def serve(control):
    """Load, then fork a guard for each message."""
    path = sys.path[1:]  # without this file's folder
    for name in LIBRARIES:
        importlib.import_module(name)
    sys.path[:] = path
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        message, fds, *_ = socket.recv_fds(control, 1 << 20, 4)
        if not message:
            return
        if not os.fork():
            control.close()
            guard(socket.socket(fileno=fds[0]), fds[1:], *json.loads(message))
        for fd in fds:
            os.close(fd)


def guard(link, fds, words, cwd, env):
    """Start the process, say its number and how it ended; end it when nobody listens any more."""
    pid = os.fork()
    if not pid:
        link.close()
        become(fds, words, cwd, env)
    for fd in fds:
        os.close(fd)
    with contextlib.suppress(OSError):
        link.send(b"%d" % pid)
    if link in select.select([link, os.pidfd_open(pid)], [], [])[0]:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(OSError):
        link.send(b"%d" % status)
    os._exit(0)


def become(fds, words, cwd, env):
    """Be what a fresh Python with these words would be, to its end."""
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, fd in enumerate(fds):
            os.dup2(fd, number)
            os.close(fd)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        importlib.import_module("numpy").random.seed()
        encoding, _, errors = env.get("PYTHONIOENCODING", "").partition(":")
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            file = open(number, "w" if number else "r", encoding=encoding or "utf-8", errors=errors or None, closefd=False)  # noqa: SIM115 (to the end)
            file.reconfigure(line_buffering=name == "stderr")
            setattr(sys, name, file)
            setattr(sys, f"__{name}__", file)
        kind, what, *rest = words
        sys.argv = [kind, *rest]
        sys.path[:0] = ["" if kind == "-c" else cwd, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
        if kind == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            sys.modules["__main__"] = types.ModuleType("__main__")
            exec(compile(what, "<string>", "exec"), vars(sys.modules["__main__"]))
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if end.code is not None and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            threading._shutdown()
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status & 0xFF)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
