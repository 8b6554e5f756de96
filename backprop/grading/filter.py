"""The system calls that a submission may not make, as a program for the kernel."""

import platform
import struct
from functools import lru_cache

from backprop.course import CourseError


class SandboxMissing(CourseError):
    """There is no bubblewrap that works here; the message says what to do."""


# System calls that a function of NumPy never needs, by their numbers on each machine. New processes and
# programs, threads, sockets, shared memory, locks and watches on files that all can read, other namespaces,
# and what reaches into the kernel or other processes.
REFUSED = {
    "x86_64": (
        0xC000003E,
        {
            "shmget": 29,
            "socket": 41,
            "socketpair": 53,
            "clone": 56,
            "fork": 57,
            "vfork": 58,
            "kill": 62,
            "semget": 64,
            "msgget": 68,
            "ptrace": 101,
            "mount": 165,
            "umount2": 166,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "tkill": 200,
            "tgkill": 234,
            "unshare": 272,
            "setns": 308,
            "perf_event_open": 298,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "memfd_create": 319,
            "bpf": 321,
            "userfaultfd": 323,
            "io_uring_setup": 425,
            "pidfd_open": 434,
            "memfd_secret": 447,
            "execve": 59,
            "flock": 73,
            "rt_sigqueueinfo": 129,
            "io_setup": 206,
            "mq_open": 240,
            "inotify_init": 253,
            "inotify_init1": 294,
            "rt_tgsigqueueinfo": 297,
            "fanotify_init": 300,
            "kcmp": 312,
            "execveat": 322,
            "pidfd_send_signal": 424,
            "open_tree": 428,
            "move_mount": 429,
            "fsopen": 430,
            "pidfd_getfd": 438,
            "mount_setattr": 442,
        },
        435,
    ),
    "aarch64": (
        0xC00000B7,
        {
            "shmget": 194,
            "socket": 198,
            "socketpair": 199,
            "clone": 220,
            "kill": 129,
            "semget": 190,
            "msgget": 186,
            "ptrace": 117,
            "mount": 40,
            "umount2": 39,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "tkill": 130,
            "tgkill": 131,
            "unshare": 97,
            "setns": 268,
            "perf_event_open": 241,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "memfd_create": 279,
            "bpf": 280,
            "userfaultfd": 282,
            "io_uring_setup": 425,
            "pidfd_open": 434,
            "memfd_secret": 447,
            "io_setup": 0,
            "inotify_init1": 26,
            "flock": 32,
            "rt_sigqueueinfo": 138,
            "mq_open": 180,
            "execve": 221,
            "rt_tgsigqueueinfo": 240,
            "fanotify_init": 262,
            "kcmp": 272,
            "execveat": 281,
            "pidfd_send_signal": 424,
            "open_tree": 428,
            "move_mount": 429,
            "fsopen": 430,
            "pidfd_getfd": 438,
            "mount_setattr": 442,
        },
        435,
    ),
}
EPERM, ENOSYS = 1, 38


@lru_cache
def system_call_filter(machine=None):
    """The filter as a program for the kernel's classic BPF machine (Linux: Documentation/userspace-api/seccomp_filter).

    Refused calls fail with EPERM; clone3 with ENOSYS, so that the C library falls back to clone; another
    architecture's calls end the process.

    Raises
    ------
    SandboxMissing
        On a machine whose numbers are not known.
    """
    machine = machine or platform.machine()
    if machine not in REFUSED:
        raise SandboxMissing(
            f"The sandbox knows no system-call filter for {machine}: grade on x86_64 or aarch64, "
            "or accept grading without a sandbox with --unsandboxed."
        )
    arch, calls, clone3 = REFUSED[machine]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse, kill, unknown = 0x7FFF0000, 0x00050000 | EPERM, 0x80000000, 0x00050000 | ENOSYS
    numbers = sorted(calls.values())
    size = len(numbers)
    program = [
        (load, 0, 0, 4),
        (equal, 1, 0, arch),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),
        (at_least, size + 2, 0, 0x40000000),
        (equal, size + 2, 0, clone3),
    ]
    program += [(equal, size - i, 0, number) for i, number in enumerate(numbers)]
    program += [(answer, 0, 0, allow), (answer, 0, 0, refuse), (answer, 0, 0, unknown)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
