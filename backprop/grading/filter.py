"""The few system calls that a submission may make, as a program for the kernel; all others are refused.

What stands here is what Python, NumPy, Matplotlib and IPython make of a notebook with one process, no thread, no network
and a desk to write on. Left out on purpose is what would reach beyond it: new processes, programs, threads and sockets;
signals; locks, watches and time stamps on files that several sandboxes can read, and what tells of their pages in memory;
the machine's memory, load and disks. A call that is new in the kernel, or that nobody has thought of, is refused too.

What remains to a determined submission is to measure: how long it takes to read a shared file or to reach a cache of the
processor's depends a little on what others do on the same machine, and the kernel's version and the clock are no secret.
"""

import platform
import struct
from errno import ENOSYS, ENOTSOCK, EPERM, EXDEV
from functools import lru_cache

from backprop.course import CourseError


class SandboxMissing(CourseError):
    """There is no bubblewrap that works here; the message says what to do."""


# By which number the kernel's records say what machine a call is made for, and the column of a call's own below.
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

# Calls by their number on x86_64 and on aarch64, where newer ones stand in for None.
ALLOWED = {
    # what is open
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "lseek": (8, 62),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "close": (3, 57),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "pipe2": (293, 59),
    # files and folders: mounts say which can be seen, and which can be written
    "open": (2, None),
    "openat": (257, 56),
    "access": (21, None),
    "faccessat": (269, 48),
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "getdents64": (217, 61),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "umask": (95, 166),
    "getxattr": (191, 8),
    "lgetxattr": (192, 9),
    "fgetxattr": (193, 10),
    "listxattr": (194, 11),
    "llistxattr": (195, 12),
    "flistxattr": (196, 13),
    # memory
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    # time
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrusage": (98, 165),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "restart_syscall": (219, 128),
    "alarm": (37, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    # waiting for what is open, as an event loop does
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "sched_yield": (24, 124),
    # what a signal does, but not to send one
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    # who and where one is
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getpgrp": (111, None),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getrlimit": (97, 163),
    "sched_getaffinity": (204, 123),
    "uname": (63, 160),
    "getrandom": (318, 278),
    # the end
    "exit": (60, 93),
    "exit_group": (231, 94),
}

# Calls that do many things, with what they are allowed for: by words of 32 bits, of which each argument has a lower, with
# an even number, and an upper.
ALLOWED_FOR = {
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, and FICLONE, which a desk does not know
    "ioctl": (16, 29, {2: (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x40049409)}),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks, leases, owners and notices
    "fcntl": (72, 25, {2: (0, 1, 2, 3, 4, 1030)}),
    # MADV_DONTNEED, MADV_FREE, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP: what an allocator says of its own memory
    "madvise": (28, 233, {4: (4, 8, 14, 15, 16)}),
    # wait, wake and their bitset forms, all private: two who have mapped the same file could wake each other by it
    "futex": (202, 98, {2: (128, 129, 137, 138, 128 + 256, 137 + 256)}),
    # to read a limit, not to set one
    "prlimit64": (302, 261, {4: (0,), 5: (0,)}),
}

# What others are answered: 0 means that nothing happens and nothing is missed.
ANSWERED = {
    # A desk is memory, so there is nothing to wait for; what is shared could be slowed down for others.
    "fsync": (74, 82, 0),
    "fdatasync": (75, 83, 0),
    "msync": (26, 227, 0),
    # /dev/null is shared and anyone's to write, its time stamp too; copies of files want theirs set.
    "utimensat": (280, 88, 0),
    # What programs take for "do it another way".
    "statx": (332, 291, ENOSYS),
    "copy_file_range": (326, 285, EXDEV),
    "sendfile": (40, 71, ENOTSOCK),
}
YOUNG = 424  # from here on numbers are the same on every machine, and programs know what to do where a kernel has none of it

# The kernel's classic BPF machine: Documentation/userspace-api/seccomp_filter in Linux.
LOAD, EQUAL, AT_LEAST, ANSWER = 0x20, 0x15, 0x35, 0x06
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16  # where they stand in the record of a call


@lru_cache
def system_call_filter(machine=None):
    """The filter as a program for the kernel, of 8 bytes an instruction.

    What is refused fails with EPERM, and a young call with ENOSYS; a call made for another machine ends the process.

    Raises
    ------
    SandboxMissing
        On a machine whose numbers are not known.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise SandboxMissing(
            f"The sandbox knows no system-call filter for {machine}: grade on x86_64 or aarch64, "
            "or accept grading without a sandbox with --unsandboxed."
        )
    known, column = MACHINES[machine]
    program = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, known), (ANSWER, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    for *numbers, words in ALLOWED_FOR.values():
        program += _when(numbers[column], [step for word in words.items() for step in _holds(*word)] + [(ANSWER, 0, 0, ALLOW)])
    for *numbers, error in ANSWERED.values():
        program += _when(numbers[column], [(ANSWER, 0, 0, ERROR | error)])
    for call in ALLOWED.values():  # last: young kernels remember which these are, and do not ask again
        if call[column] is not None:
            program += _when(call[column], [(ANSWER, 0, 0, ALLOW)])
    program += [(AT_LEAST, 0, 1, YOUNG), (ANSWER, 0, 0, ERROR | ENOSYS), (ANSWER, 0, 0, ERROR | EPERM)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _when(number, steps):
    """Steps for one call, which end with an answer."""
    return [(EQUAL, 0, len(steps), number), *steps]


def _holds(word, values):
    """Go on where a word is one of these, or refuse."""
    found = [(EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [(LOAD, 0, 0, ARGUMENTS + 4 * word), *found, (ANSWER, 0, 0, ERROR | EPERM)]
