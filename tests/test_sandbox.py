"""The room that a submission runs in, all ways of having one: forked from a template or its copy, and a bubblewrap of its own.

| what is held | by tests of |
| --- | --- |
| what a room holds, and what can be written | the desk, names, users, descriptors |
| that nothing goes from one room to another | what is left behind, what is shared |
| that nothing is alive afterwards | closed workers, killed graders |
| which system calls are answered | the filter, tried inside and read as the kernel reads it |
| that all of it is so for an ordinary user | these tests again, where root runs them |
"""

import os
import platform
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from errno import ENOSYS, EPERM
from pathlib import Path

import pytest

from backprop.course import Chapter
from backprop.grading import bubblewrap, filter, sandbox, template
from backprop.grading.bubblewrap import NotStarted
from backprop.grading.sandbox import Died, Limits, Worker
from conftest import NAME, ROOT, copy_course

pytestmark = pytest.mark.skipif(not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed")
CHECKS = ROOT / "exercises" / NAME / "checks.py"


class Copied(bubblewrap.Templates):
    """Every room is forked by a copy of a template."""

    def __init__(self):
        super().__init__()
        self.originals = bubblewrap.Templates()

    def _template(self, checks, seconds):
        if checks not in self.running:
            self.running[checks] = self.originals._template(checks, seconds).copy()
        return self.running[checks]

    def close(self):
        super().close()
        self.originals.close()


@pytest.fixture(params=["forked", "copied", "alone"])
def way(request, monkeypatch):
    """Each test runs with rooms that a template forks, with those that its copy forks, and with templates that can fork none."""
    templates = Copied() if request.param == "copied" else bubblewrap.Templates()
    if request.param == "alone":
        templates.forks = False
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    yield request.param
    assert templates.forks is (request.param != "alone")
    templates.close()


def ran(code, worker=None):
    """What a cell printed; its error fails the test."""
    one = worker or Worker()
    try:
        done = one.run(0, code)
    finally:
        if one is not worker:
            one.close()
    assert done["error"] is None, done["error"]
    return done["stdout"]


def stat(pid):
    """State and parent of a process, or None where there is none."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[:2]
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else (state, int(parent))


def alive(pids):
    return {pid for pid in pids if stat(pid)}


def below(ancestor):
    """The processes that a process has started, and that they have started."""
    parents = {int(path.name): about[1] for path in Path("/proc").glob("[0-9]*") if (about := stat(path.name))}
    found, fresh = set(), {ancestor}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh}
        found |= fresh
    return found


def test_the_desk_is_there(way):
    """What a notebook does beside its answers: figures, files, folders, logs."""
    assert ran(
        "import logging, os, tempfile\nimport numpy as np\nimport matplotlib.pyplot as plt\n"
        "plt.plot([1, 2])\nplt.title('$x^2$')\nplt.savefig('x.png')\nplt.show()\n"
        "with tempfile.NamedTemporaryFile() as file:\n    file.write(b'x')\n"
        "logging.FileHandler('run.log').close()\nos.mkdir('folder')\nnp.save('folder/a', np.zeros(3))\n"
        "home = os.path.expanduser('~')\nopen(os.path.join(home, 'note.txt'), 'w').write('x')\n"
        "print(home == os.getcwd() == tempfile.gettempdir(), sorted(n for n in os.listdir('.') if n[0] != '.'))"
    ) == ("True ['folder', 'note.txt', 'run.log', 'x.png']\n")


def test_matplotlib_finds_its_fonts_without_looking_for_them(way):
    """To look takes seconds and a thread, which is refused."""
    assert ran("import matplotlib.font_manager as f\nf.FontManager = None\nprint(len(f.fontManager.ttflist) > 20)") == "True\n"
    code = "import time\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.savefig('x.png')\nprint(time.process_time())"
    assert float(ran(code)) < 2


def test_the_desk_is_limited(way):
    """A file, all files, and how many there are."""
    cells = ["open('big', 'wb').write(bytes(17 << 20))", "for n in range(20):\n    open(f'{n}', 'wb').write(bytes(1 << 20))"]
    cells += ["import os\nos.remove('big')\nfor n in range(3000):\n    open(f'empty{n}', 'w').close()"]
    worker = Worker()
    errors = [worker.run(number, cell)["error"] for number, cell in enumerate(cells)]
    worker.close()
    assert [error["message"].split(":")[0] for error in errors] == [
        "[Errno 27] File too large",
        *["[Errno 28] No space left on device"] * 2,
    ]


def test_the_desk_is_like_any_folder(way):
    """Copies with their times, files written to the end, arrays on files: nothing says that some of it is not done."""
    assert (
        ran("""
import os, shutil
import numpy as np
array = np.memmap("a", np.float64, "w+", shape=3)
array[:] = 1
array.flush()
with open("a", "rb") as file:
    os.fsync(file.fileno())
os.mkdir("folder")
shutil.copy2("a", "folder/b")
shutil.copytree("folder", "again")
os.utime("a")
os.chmod("a", 0o600)
print(np.fromfile("again/b"), os.path.getsize("a"))
""")
        == "[1. 1. 1.] 24\n"
    )


def test_nothing_else_can_be_written(way):
    """Every file and folder that is there, tried: as root too, and what ``/proc`` would hold."""
    worker = Worker(Limits(cell=120))
    assert (
        ran(
            """
import os
written = []
for folder, folders, files in os.walk("/"):
    if folder == os.getcwd():
        folders[:] = []
        continue
    if os.access(folder, os.W_OK):
        written.append(folder)
    for name in files:
        path = os.path.join(folder, name)
        if not os.path.islink(path) and os.access(path, os.W_OK) and not folder == "/dev":
            written.append(path)
print(written, os.listdir("/proc"), sorted(os.listdir("/dev")), os.getuid() != 0)
""",
            worker,
        )
        == f"[] [] {sorted(bubblewrap.DEVICES)} True\n"
    )
    worker.close()


FACTS = """
import os, resource, signal, sys
print(sorted(os.listdir("/")), os.getcwd(), sorted(os.listdir(".")), [os.stat(p)[0] for p in ("/", ".", "/proc", "/dev", "/course")])
print(os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.stat(".")[4:6], os.uname(), sys.path, sys.flags, sorted(os.environ.items()))
print([resource.getrlimit(n) for n in range(16)], os.umask(0), os.sched_getaffinity(0), os.listdir("/dev"))
print([str(signal.getsignal(n)) for n in range(1, 32)], signal.pthread_sigmask(signal.SIG_BLOCK, []))
"""


def test_a_room_is_the_same_both_ways(monkeypatch):
    """But for the number of its process."""
    found = []
    for forks in (True, False):
        templates = bubblewrap.Templates()
        templates.forks = forks
        monkeypatch.setattr(sandbox, "TEMPLATES", templates)
        found.append(ran(FACTS).splitlines())
        templates.close()
    assert found[0] == found[1]


def test_a_sandbox_holds_fixed_names(way):
    """Where the course, Python and its packages lie on this machine is no business of a submission's."""
    worker = Worker(checks=CHECKS)
    found = ran(
        "import checks, json, os, sys, traceback, numpy\n"
        "print(sys.path, sys.argv, sys.prefix, numpy.__file__, os.environ, os.listdir('/'))\n"
        "for call in (lambda: numpy.linalg.inv(numpy.zeros(3)), lambda: json.loads('{'), lambda: checks.nothing):\n"
        "    try:\n        call()\n    except Exception:\n        print(traceback.format_exc())",
        worker,
    )
    assert all(f'"/{place}/' in found for place in ("packages", "python", "course")) or sys.base_prefix == "/usr"
    worker.close()
    here = {str(ROOT), str(Path.home()), sys.prefix, sys.base_prefix} - {"/usr", "/"}
    assert [name for name in here if name in found] == []


def test_no_file_in_a_sandbox_tells_where_it_was_installed(way):
    """Compiled files, what installers write down, and the course's own: as `make` installs them, and pytest has not added to it."""
    worker = Worker(checks=CHECKS)
    found = ran(
        f"""
import os
marks = {[str(ROOT).encode() + b"/", os.path.realpath(sysconfig.get_path("purelib")).encode()]!r}
own, seen = ("numpy", "matplotlib", "IPython", "backprop", "__pycache__"), 0
for top in ("/course", "/packages/0"):
    for folder, _, names in os.walk(top):
        words = folder[len(top) + 1 :].split(os.sep)
        if top != "/course" and words[0] not in ("", *own) and not words[0].endswith("-info"):
            continue
        for name in names:
            path = os.path.join(folder, name)
            if os.path.getsize(path) < 1 << 20 and not name.endswith((".so", ".npz")) and "-pytest-" not in name:
                content, seen = open(path, "rb").read(), seen + 1
                if any(mark in content for mark in marks):
                    print(path)
print(seen > 2000)
""",
        worker,
    )
    worker.close()
    assert found == "True\n"


def test_a_submission_has_the_user_of_nobody_on_the_machine(way):
    """Where root grades, what root may read by its number a submission may not."""
    worker = Worker()
    about = [Path(f"/proc/{pid}/status").read_text() for pid in below(os.getpid())]
    inside = [dict(line.split(":\t", 1) for line in text.splitlines()) for text in about if "\nSeccomp:\t2\n" in text]
    worker.close()
    uid, gid = (template.STUDENT,) * 2 if bubblewrap.has_rights() else (os.getuid(), os.getgid())
    assert [(one["Uid"], one["Gid"], int(one["CapEff"], 16), int(one["CapPrm"], 16)) for one in inside] == [
        ("\t".join([str(uid)] * 4), "\t".join([str(gid)] * 4), 0, 0)
    ]


def test_a_crash_leaves_no_image_of_its_memory(way):
    """Where a service of the machine takes such images no limit counts; the kernel makes none of a process that is root's to look at."""
    worker = Worker()
    inside = [pid for pid in below(os.getpid()) if "\nSeccomp:\t2\n" in Path(f"/proc/{pid}/status").read_text()]
    assert [Path(f"/proc/{pid}/maps").stat().st_uid for pid in inside] == [0]
    worker.close()


@pytest.mark.parametrize(
    "leaves, finds",
    [
        ("open('left.txt', 'w').write('x')", "import os\nprint(os.path.exists('left.txt'))"),
        ("import numpy\nnumpy.mean = None", "import numpy\nprint(numpy.mean is None)"),
        ("import builtins\nbuiltins.left = 1", "import builtins\nprint(hasattr(builtins, 'left'))"),
        ("import os\nos.environ['LEFT'] = '1'", "import os\nprint('LEFT' in os.environ)"),
        ("import sys\nsys.modules['left'] = sys", "import sys\nprint('left' in sys.modules)"),
        ("import linecache\nlinecache.cache['left'] = 1", "import linecache\nprint('left' in linecache.cache)"),
        (
            "import mmap\ntry:\n    open('/dev/shm/left', 'w')\nexcept OSError:\n    pass",
            "import os\nprint(os.path.exists('/dev/shm/left'))",
        ),
        (
            "import numpy\nnumpy.arange(10).dtype.type\nx = numpy.core if hasattr(numpy, 'core') else 0\nimport ctypes\n"
            "ctypes.CDLL(None).setenv(b'LEFT', b'1', 1)",
            "import ctypes\nprint(bool(ctypes.CDLL(None).getenv(b'LEFT')))",
        ),
    ],
)
def test_what_one_submission_leaves_the_next_does_not_see(way, leaves, finds):
    """While the first is there still, and after it is gone."""
    first = Worker()
    ran(leaves, first)
    during = ran(finds)
    first.close()
    assert during == ran(finds) == "False\n"


SHARED = "import fcntl, os, struct\nfile = open(os.__file__, 'rb')\n"


@pytest.mark.parametrize(
    "does, sees",
    [
        ("os.utime('/dev/null')", "print(os.stat('/dev/null').st_mtime_ns)"),
        ("fcntl.flock(file, fcntl.LOCK_EX)", "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)"),
        (
            "fcntl.lockf(file, fcntl.LOCK_SH)",
            "print(fcntl.fcntl(file, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)))",
        ),
        (
            "null = open('/dev/null', 'wb'); fcntl.lockf(null, fcntl.LOCK_EX)",
            "null = open('/dev/null', 'wb'); fcntl.lockf(null, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        ),
    ],
)
def test_what_one_submission_does_to_a_shared_file_another_does_not_see(way, does, sees):
    """Each was seen to be seen, the first lock outside of a sandbox, the others before there was a list of calls."""
    first, second = Worker(), Worker()
    before, _, after = [
        ran(SHARED + f"try:\n    {code}\nexcept OSError as error:\n    print(error)", worker)
        for code, worker in ((sees, second), (does, first), (sees, second))
    ]
    first.close()
    second.close()
    assert before == after


def test_nobody_sees_who_has_read_a_file(way, tmp_path):
    """Its time of access says so elsewhere, where it is old."""
    checks = tmp_path / "checks.py"
    shutil.copyfile(CHECKS, checks)
    os.utime(checks, (0, 0))
    worker = Worker(checks=checks)
    code = "import os\nopen('/course/checks.py').read()\nprint(os.stat('/course/checks.py').st_atime)"
    assert ran(code, worker) == "0.0\n"
    worker.close()


def test_descriptors_of_others_are_closed(way):
    """A worker holds its two pipes and what reads nothing: no socket to the template, no pipe of a neighbour's."""
    first, second = Worker(), Worker()
    code = "import os, stat\nkinds = {}\nfor n in range(1024):\n    try:\n        mode = os.fstat(n).st_mode\n"
    code += "        kinds[n] = 'pipe' if stat.S_ISFIFO(mode) else 'null' if stat.S_ISCHR(mode) else 'else'\n    except OSError:\n"
    code += "        pass\nprint(kinds)"
    expected = "{0: 'null', 1: 'null', 2: 'null', 3: 'pipe', 4: 'pipe', 5: 'null'}\n"
    assert ran(code, first) == ran(code, second) == expected
    first.close()
    second.close()


def test_nothing_is_alive_when_a_worker_is_closed(way):
    """Busy, deaf to signals, told to outlive its parent: gone when `close` returns."""
    ran("1")
    before = below(os.getpid())  # the template, where there is one
    workers = [Worker(Limits(cell=0.3)) for _ in range(4)]
    theirs = below(os.getpid()) - before
    assert len(theirs) >= 4
    for worker in workers:
        with pytest.raises(Died, match="took too long"):
            worker.run(
                0,
                "import ctypes, signal, os\nctypes.CDLL(None).prctl(1, 0)\nfor n in range(1, 60):\n    try:\n"
                "        signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\n"
                "try:\n    os.fork()\nexcept OSError:\n    pass\nwhile True: pass",
            )
        assert worker.process.poll() is not None
    assert not alive(theirs)


GRADER = """
import sys, time
from backprop.grading import sandbox
from backprop.grading.sandbox import Worker
sandbox.TEMPLATES.forks = sys.argv[1] != "alone"
if sys.argv[1] == "copied":
    Worker().close()
    own, sandbox.TEMPLATES.running = sandbox.TEMPLATES.running, sandbox.TEMPLATES.copies()
worker = Worker()
print("ready", flush=True)
worker.run(0, "import ctypes\\nctypes.CDLL(None).prctl(1, 0)\\nwhile True: pass")
"""


def test_nothing_is_alive_when_the_grader_is_killed(way):
    """It had no time to say goodbye."""
    grader = subprocess.Popen([sys.executable, "-c", GRADER, way], stdout=subprocess.PIPE, cwd=ROOT)
    assert grader.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    theirs = below(grader.pid)
    assert len(theirs) >= 3
    grader.kill()
    grader.communicate()
    deadline = time.monotonic() + 5
    while alive(theirs) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(theirs)


NUMBERS = filter.MACHINES[platform.machine()][1] if platform.machine() in filter.MACHINES else 0
CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(number, *words):
    ctypes.set_errno(0)
    return ctypes.get_errno() if libc.syscall(*map(ctypes.c_long, (number, *words))) == -1 else 0
"""


def listed(column):
    """What the filter says of each number: None where a call is made, or may be, else its answer."""
    made = {call[column]: None for call in [*filter.ALLOWED.values(), *filter.ALLOWED_FOR.values()]}
    return made | {call[column]: call[2] for call in filter.ANSWERED.values()}


def test_only_calls_on_the_list_are_made(way):
    """Every number, known or not, with arguments that make no sense to any call."""
    deadly = {filter.ALLOWED[name][NUMBERS] for name in ("exit", "exit_group", "rt_sigreturn")}
    # uretprobe and uprobe, where the kernel puts them itself: it asks no filter, and ends whoever calls them from elsewhere.
    deadly |= {335, 336} if platform.machine() == "x86_64" else set()
    tried = [number for number in range(601) if number not in deadly]
    got = dict(zip(tried, eval(ran(CALL + f"print([call(number, *[-1] * 6) for number in {tried}])")), strict=True))
    known = listed(NUMBERS)
    assert {n: e for n, e in got.items() if n not in known and e != (EPERM if n < filter.YOUNG else ENOSYS)} == {}
    assert {n: e for n, e in got.items() if known.get(n) is not None and e != known[n]} == {}
    only_for = {call[NUMBERS] for call in filter.ALLOWED_FOR.values()}
    assert {got[n] for n in only_for} == {EPERM}
    assert {n: e for n, e in got.items() if n in known and known[n] is None and n not in only_for and e in (EPERM, ENOSYS)} == {}


def test_calls_that_do_many_things_do_few(way):
    """Locks, leases, notices, owners and seals; pages read ahead and thrown out; waking others; limits set."""
    number = {name: call[NUMBERS] for name, call in filter.ALLOWED_FOR.items()}
    refused = [("fcntl", 3, command, 0) for command in [*range(5, 42), *range(1024, 1030), *range(1031, 1050)]]
    refused += [("madvise", 0, 4096, advice) for advice in (0, 1, 2, 3, 9, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 100, 101)]
    refused += [("futex", 0, operation, 0) for operation in range(128)] + [("futex", 0, 256 + 9, 0)]
    refused += [("prlimit64", 0, 7, 1), ("prlimit64", 0, 7, 1 << 32)]
    refused += [("ioctl", 3, command) for command in (0x5402, 0x5412, 0x541C, 0x8901, 0x4004667F, 0x40045201)]
    calls = [(number[name], *words) for name, *words in refused]
    got = eval(ran(CALL + f"print([call(*words) for words in {calls}])"))
    assert {refused[i]: error for i, error in enumerate(got) if error != EPERM} == {}
    assert ran("import os, resource\nprint(os.isatty(1), os.get_inheritable(0), resource.getrlimit(resource.RLIMIT_CORE))") == (
        "False True (0, 0)\n"
    )


def answer(program, machine, number, arguments=()):
    """What the kernel does with a call under a filter: its answer, by Linux' Documentation/userspace-api/seccomp_filter."""
    record = struct.pack("<IIQ6Q", number, machine, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("HBBI", program))
    word, at = 0, 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == filter.LOAD:
            word = int.from_bytes(record[value : value + 4], "little")
        elif code == filter.ANSWER:
            return value
        else:
            at += yes if (word == value if code == filter.EQUAL else word >= value) else no


@pytest.mark.parametrize("name", filter.MACHINES)
def test_the_filter_says_the_same_on_both_machines(name):
    """Read as the kernel reads it: what is made for a machine that is not here too."""
    program, (machine, column) = filter.system_call_filter(name), filter.MACHINES[name]
    known = listed(column)
    young, refused = filter.ERROR | ENOSYS, filter.ERROR | EPERM
    for number in [*range(601), 0x40000000, 0xFFFFFFFF]:
        says = answer(program, machine, number, [0xFFFF] * 6)
        if number not in known:
            assert says == (refused if number < filter.YOUNG else young), number
        elif known[number] is not None:
            assert says == filter.ERROR | known[number], number
        else:
            many = number in [call[column] for call in filter.ALLOWED_FOR.values()]
            assert says == (refused if many else filter.ALLOW), number
    for *numbers, words in filter.ALLOWED_FOR.values():
        for word, values in words.items():
            for value in values:
                arguments = [0] * 6
                arguments[word // 2] = value << 32 * (word % 2)
                assert answer(program, machine, numbers[column], arguments) == filter.ALLOW
    prlimit64 = filter.ALLOWED_FOR["prlimit64"][column]
    assert {answer(program, machine, prlimit64, [0, 0, p]) for p in (1, 1 << 32, 1 << 40)} == {refused}
    assert {answer(program, other, 0) for other, _ in filter.MACHINES.values() if other != machine} == {filter.KILL}
    assert answer(program, 0x40000003, 0) == filter.KILL


HEADERS = {"x86_64": ["x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h"], "aarch64": ["asm-generic/unistd.h"]}


@pytest.mark.parametrize("name", HEADERS)
def test_the_numbers_are_the_kernels(name):
    """aarch64 has those of every young machine."""
    found = [path for path in (Path("/usr/include", header) for header in HEADERS[name]) if path.is_file()]
    if not found:
        pytest.skip("the kernel's headers are not installed")
    numbers = {call: int(number) for call, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", found[0].read_text())}
    numbers["newfstatat"] = numbers.get("newfstatat", numbers.get("fstatat"))
    calls = filter.ALLOWED | filter.ALLOWED_FOR | filter.ANSWERED
    column = filter.MACHINES[name][1]
    assert {call: (known[column], numbers.get(call)) for call, known in calls.items() if known[column] != numbers.get(call)} == {}
    assert len({known[column] for known in calls.values() if known[column] is not None}) >= len(calls) - 24


def test_limits_hold_for_each_room(way, monkeypatch):
    """Memory and processor time are counted afresh, however many were forked before."""
    for _ in range(2):
        worker = Worker(Limits(memory=500 << 20))
        assert worker.run(0, "x = bytearray(1 << 30)")["error"]["type"] == "MemoryError"
        assert ran("x = bytearray(100 << 20)\nprint(len(x))", worker) == f"{100 << 20}\n"
        worker.close()
    kept = sandbox.resources
    monkeypatch.setattr(sandbox, "resources", lambda limits: {**kept(limits), "RLIMIT_CPU": 2})
    worker = Worker(Limits(cell=60))
    with pytest.raises(Died, match="ended"):
        worker.run(0, "while True: pass")


def test_a_room_imports_nothing_that_its_template_has_not():
    """What a template leaves to its rooms, every submission pays for: one module once took four milliseconds of ten."""
    listed = "import sys\nprint(*sys.modules)"
    worker = Worker(checks=CHECKS)
    worker.run(0, "def relu(Z):\n    return np.maximum(Z, 0)")
    exercise = Chapter(ROOT, NAME).exercises[0]
    (_,) = worker.calls(exercise, [exercise.cases()[0].arguments])
    room = set(ran(listed, worker).split())
    worker.close()
    code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom backprop.grading import template\ntemplate.load()\n{listed}"
    packages = ":".join(here for here, _ in bubblewrap.packages())
    words = [Path(getattr(sys, "_base_executable", None) or sys.executable).resolve(), "-S", "-B", "-P", "-c", code]
    loaded = subprocess.run(words, env={"PYTHONPATH": packages}, capture_output=True, text=True)
    assert room - set(loaded.stdout.split()) == {"checks"}, loaded.stderr  # which the worker makes itself


def test_the_public_checks_are_loaded_when_something_of_them_is_used(tmp_path):
    """Every notebook imports `check` from them, which is the judge's business here; to load them takes as long as all its cells."""
    (tmp_path / "checks.py").write_text("print('loaded')\nTWO = 2\n")
    worker = Worker(checks=tmp_path / "checks.py")
    assert ran("from checks import check\nimport checks", worker) == ""
    assert ran("from checks import TWO\nprint(TWO, checks.TWO, checks.__file__)", worker) == "loaded\n2 2 /course/checks.py\n"
    worker.close()


def test_a_template_that_died_is_started_again(monkeypatch):
    templates = bubblewrap.Templates()
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    ran("1")
    first = next(iter(templates.running.values()))
    os.kill(first.process.pid, signal.SIGKILL)
    first.kill()
    assert ran("print(1)") == "1\n" and next(iter(templates.running.values())) is not first
    templates.close()


def test_a_copy_ends_with_its_template_and_not_the_other_way_round(monkeypatch):
    templates = bubblewrap.Templates()
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    ran("1")
    (first,) = templates.running.values()
    one, other = first.copy(), first.copy()
    one.close()
    assert first.poll() is None and other.poll() is None
    templates.running = {None: other}
    assert ran("print(1)") == "1\n"
    other.control.shutdown(socket.SHUT_RDWR)  # as when the process that asks it is gone
    other.wait()
    assert first.poll() is None
    third = first.copy()
    first.close()
    third.wait()
    templates.running = {None: third}
    assert ran("print(1)") == "1\n" and templates.running[None] is not third, "another is started in its place"
    templates.close()


def test_a_sandbox_that_does_not_start_is_tried_again(monkeypatch):
    """Twice: a machine under load may refuse for a moment."""
    tried, room = [], bubblewrap.TEMPLATES.room

    def refuse(*words):
        tried.append(words)
        if len(tried) < 3:
            raise NotStarted("Resource temporarily unavailable")
        return room(*words)

    monkeypatch.setattr(sandbox.TEMPLATES, "room", refuse)
    assert ran("print(1)") == "1\n" and len(tried) == 3
    monkeypatch.setattr(sandbox.TEMPLATES, "room", lambda *words: (_ for _ in ()).throw(NotStarted("no")))
    with pytest.raises(NotStarted):
        Worker()


def test_where_a_sandbox_holds_no_namespaces_each_submission_has_one(monkeypatch):
    """bubblewrap is told to allow no namespace inside, as some machines do: nothing is said, and all works."""
    templates, command = bubblewrap.Templates(), bubblewrap.command

    def strict(checks, forks, info):
        words = [word for word in command(checks, forks, info) if word != "--cap-add" and not word.startswith("CAP_")]
        if not bubblewrap.has_rights():
            return ["bwrap", "--disable-userns", *words[1:]]
        return ["bwrap", "--unshare-user", "--disable-userns", "--uid", "65533", "--gid", "65533", *words[1:]]

    monkeypatch.setattr(bubblewrap, "command", strict)
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    assert ran("import os\nprint(os.getcwd())") == "/home/student\n" and templates.forks is False
    templates.close()


def test_where_there_can_be_no_new_proc_each_submission_has_a_sandbox(monkeypatch):
    """As in a container that hides parts of ``/proc``: bubblewrap itself gives up."""
    templates, command = bubblewrap.Templates(), bubblewrap.command

    def strict(*about):
        words = command(*about)
        if "--proc" in words:
            words[words.index("--proc") + 1] = "/course/backprop/grading/worker.py"
        return words

    monkeypatch.setattr(bubblewrap, "command", strict)
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    assert ran("print(1)") == "1\n" and templates.forks is False
    templates.close()


@pytest.mark.skipif(os.getuid() != 0, reason="whoever runs these tests is an ordinary user already")
def test_an_ordinary_user_has_the_same_rooms():
    """All of these tests as nobody, on a copy of the course that is nobody's; this Python shown where root's home hides it."""
    nobody = 65534
    view, folders = (
        ["bwrap", "--dev-bind", "/", "/"],
        [sys.prefix, *(here for here, _ in bubblewrap.python()[0] + bubblewrap.packages())],
    )
    hidden = {folder: [p for p in Path(folder).parents if not p.stat().st_mode & 0o001] for folder in folders}
    for closed in sorted({parents[-1] for parents in hidden.values() if parents}):
        view += ["--tmpfs", str(closed)]
    for folder, parents in hidden.items():
        if parents:
            for parent in reversed(Path(folder).relative_to(parents[-1]).parents[:-1]):
                view += ["--perms", "0755", "--dir", str(parents[-1] / parent)]
            view += ["--ro-bind", folder, folder]
    view += ["setpriv", "--reuid", str(nobody), "--regid", str(nobody), "--clear-groups"]
    if subprocess.run([*view, "bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"], capture_output=True).returncode:
        pytest.skip("an ordinary user of this machine has no sandbox")
    with tempfile.TemporaryDirectory() as home:
        course = copy_course(Path(home) / "course")
        shutil.copytree(ROOT / "tests", course / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        for path in (Path(home), *Path(home).rglob("*")):
            os.chown(path, nobody, nobody, follow_symlinks=False)
        env = {**os.environ, "HOME": home, "PYTHONPATH": str(course), "PYTHONDONTWRITEBYTECODE": "1"}
        words = [*view, sys.executable, "-m", "pytest", "-n", "0", "--rootdir", course, "--basetemp", f"{home}/tests", "-rs"]
        done = subprocess.run([*words, "tests/test_sandbox.py"], cwd=course, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^SKIPPED \[1\].*ordinary user already", done.stdout, re.M), done.stdout


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="this Python is in no virtual environment")
def test_an_environment_reached_through_a_link(tmp_path):
    """A ``.venv`` that is a link, as where a home is small: its packages are found where they are."""
    link = tmp_path / "venv"
    link.symlink_to(sys.prefix)
    code = "from backprop.grading.sandbox import Worker\nworker = Worker()\nprint(worker.run(0, 'import numpy')['error'])\nworker.close()"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([link / "bin" / "python", "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout == "None\n", done.stderr
