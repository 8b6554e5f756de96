"""Runs inside the sandbox, and runs nobody's code: it has loaded what a worker needs, and forks one room a submission.

A room is a process that starts as a copy of this one, in namespaces of its own: no other process can be seen or
signalled, an empty desk in memory is the only place to write, there is no ``/proc`` and no network. It gives up what it
could do, sets its limits and the filter of system calls, and becomes a `worker`. Memory is shared until it is written
to, so what one submission does to Python or NumPy no other can see.

Where a machine allows no namespaces within a sandbox, this process becomes the worker itself: one sandbox a submission.
What a submission finds is the same then, but that bubblewrap's first process is beside it and cannot be signalled, and
that a machine which lets this process mount nothing limits the desk's bytes but not how many empty files are on it.

Requests come over a socket of packets: the limits and the filter as JSON, and the two ends of pipes that the worker
reads from and writes to. Or a socket alone: then this process forks a copy of itself that takes requests there, for
another process that grades. The answer holds a file descriptor that stands for the process.
"""

import contextlib
import ctypes
import gc
import json
import os
import platform
import resource
import signal
import socket
import sys

DESK = "/home/student"
DESK_SIZE, DESK_FILES = 16 << 20, 1024  # bytes, files and folders
STUDENT = 65533  # who a submission runs as; nobody else on a machine is
FONTS = "/course/matplotlib"

CLONE = {"x86_64": 56, "aarch64": 220}
NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
WITH_PIDFD = 0x1000
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
SET_DEATH_SIGNAL, SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVILEGES = 1, 4, 22, 38

libc = ctypes.PyDLL(None, use_errno=True)


def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def prctl(option, *values):
    checked(libc.prctl(option, *[ctypes.c_ulong(v) if isinstance(v, int) else v for v in [*values, 0, 0, 0, 0][:4]]))


def mount(kind, where, flags, options):
    checked(libc.mount(b"none", where.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()))


def clone():
    """Fork into namespaces of its own. Returns the process's number, which is 0 in the new one, and a descriptor for it."""
    flags = NEW_MOUNTS | NEW_IPC | NEW_USER | NEW_PROCESSES | NEW_NETWORK | WITH_PIDFD | signal.SIGCHLD
    pidfd = ctypes.c_int(-1)
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    pid = libc.syscall(CLONE[platform.machine()], ctypes.c_ulong(flags), None, ctypes.byref(pidfd), None, None)
    (python.PyOS_AfterFork_Parent if pid else python.PyOS_AfterFork_Child)()
    return checked(pid), pidfd.value


def copy():
    """Fork as it is. Returns as `clone` does."""
    pid = os.fork()
    return pid, os.pidfd_open(pid) if pid else -1


def furnish(uid, gid):
    """In a room that has just been forked: somebody to be, a desk, and nothing in ``/proc``."""
    for name, text in (("uid_map", f"{STUDENT} {uid} 1"), ("setgroups", "deny"), ("gid_map", f"{STUDENT} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    put_desk()
    mount("tmpfs", "/proc", READ_ONLY | NO_SETUID | NO_DEVICES | NO_PROGRAMS, "size=4k,nr_inodes=1,mode=555")


def put_desk():
    """An empty folder in memory, the student's own."""
    options = f"size={DESK_SIZE},nr_inodes={DESK_FILES},mode=700,uid={STUDENT},gid={STUDENT}"
    mount("tmpfs", DESK, NO_SETUID | NO_DEVICES | NO_PROGRAMS, options)


def enter(request, pipes):
    """Become what a submission may be: its desk, its limits, no rights and few system calls. There is no way back."""
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
    os.closerange(3, 1 << 20)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(DESK)
    if os.path.isdir(FONTS):  # what fonts there are, so that Matplotlib need not look for them
        os.makedirs(os.environ["MPLCONFIGDIR"])
        for name in os.listdir(FONTS):
            os.symlink(f"{FONTS}/{name}", f"{os.environ['MPLCONFIGDIR']}/{name}")
    limit(request["limits"])
    drop_rights()
    prctl(SET_DUMPABLE, 0)
    prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    prctl(SET_NO_NEW_PRIVILEGES, 1)
    instructions = bytes.fromhex(request["filter"])

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    prctl(SET_SECCOMP, 2, ctypes.byref(Program(len(instructions) // 8, instructions)))


def drop_rights():
    """Give up every capability."""
    checked(libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()))


def limit(limits):
    """Set this process's limits, by the names of `resource`, to these or to what is allowed, if that is less."""
    for name, value in limits.items():
        what = getattr(resource, name)
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))


def load():
    """Import what a worker imports, and its first steps with it."""
    import linecache
    from pathlib import Path

    import numpy  # noqa: F401

    from backprop.checking import observe, standin, wire  # noqa: F401
    from backprop.checking.cells import Kernel
    from backprop.grading import worker

    own = sys.modules["__main__"]
    Kernel().run("import numpy\n", 0)
    list(Path().glob("backprop_course-*.whl"))  # as the first cell of each notebook does
    linecache.clearcache()
    sys.modules["__main__"] = own
    return worker


def leave_root():
    """Have no root in here, not even one without rights: files of root's stay closed for what is root's number."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(STUDENT, STUDENT, STUDENT)
        os.setresuid(STUDENT, STUDENT, STUDENT)
        prctl(SET_DUMPABLE, 1)  # or the files of this process in /proc would be root's
    drop_rights()


def try_a_room():
    """Fork a room that ends at once. Returns what went wrong, or None."""
    try:
        pipe, end = os.pipe()
        owner = os.getuid(), os.getgid()
        pid, pidfd = clone()
        if pid == 0:
            try:
                furnish(*owner)
            except OSError as error:
                os.write(end, str(error).encode())
            os._exit(0)
        os.close(pidfd)
        os.close(end)
        with open(pipe) as words:
            return words.read() or None
    except OSError as error:
        return str(error)


def next_room(control, forks):
    """Answer requests until this process is a submission's. Returns its request and pipes."""
    uid, gid = os.getuid(), os.getgid()
    while True:
        message, given, *_ = socket.recv_fds(control, 1 << 16, 2)
        if not message:  # whoever grades is gone
            os._exit(0)
        request = json.loads(message)
        if not forks:
            return request, given
        try:
            pid, pidfd = clone() if request else copy()
        except OSError as error:
            control.send(json.dumps({"error": error.strerror}).encode())
        else:
            if pid == 0:
                if request:
                    furnish(uid, gid)
                    return request, given
                control.close()
                control = socket.socket(fileno=given[0])
                continue
            socket.send_fds(control, [b"{}"], [pidfd])
            os.close(pidfd)
        for descriptor in given:
            os.close(descriptor)


def main():
    sys.path.insert(0, "/course")
    control, forks = socket.socket(fileno=int(sys.argv.pop())), sys.argv.pop() == "forks"
    if not forks:
        with contextlib.suppress(OSError):  # then there is the one that bubblewrap made
            put_desk()
    for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS):  # its starter's are for one submission: this serves many
        resource.setrlimit(what, (resource.getrlimit(what)[1],) * 2)
    leave_root()
    worker = load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave nothing behind
    gc.collect()
    gc.freeze()  # what is here now stays where it is: no room pays for going through it
    control.send(b"{}")
    if forks:
        control.send(json.dumps({"error": try_a_room()}).encode())
    try:
        enter(*next_room(control, forks))
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    control.detach()
    del control
    worker.main()


if __name__ == "__main__":
    main()
