"""A bank of hostile and broken submissions, each with the score it deserves and what the summary must say.

Used by ``backprop class --hostile`` and by the tests. None addresses anything but the machine it runs on.
The bank is written for 06-backward-propagation, whose last exercise no other one builds on.

| what you can do | with |
| --- | --- |
| write the bank into ``submitted/`` | `write` |
| know what a case deserves | `deserved` |
| add a case | an entry of `BANK`, made with a `Kit` |
| write a function that says yes or no without calling what it is about | `cheat`, one for each of `PEEKS` |
"""

import copy
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backprop import notebook
from backprop.course import Chapter
from backprop.grading.classroom import fill


@dataclass(frozen=True)
class Case:
    """One hostile submission.

    Parameters
    ----------
    name : str
        Also the student's.
    make : callable
        ``make(kit)`` returns a notebook, or bytes, or a function that writes into the submission's folder.
    deserves : str
        ``all`` the points, ``none``, or all ``but last`` exercise's.
    says : str
        Part of the summary's line, or "".
    """

    name: str
    make: Callable
    deserves: str
    says: str = ""


class Kit:
    """What the bank is made from: the assignment's released notebook and right answers."""

    def __init__(self, chapter, template):
        self.chapter, self.template = chapter, template
        self.names = [e.name for e in chapter.exercises]
        self.first, self.last = self.names[0], self.names[-1]

    def right(self, **replaced):
        return fill(self.template, {**self.chapter.sources, **replaced})

    def before(self, source):
        """Right answers, and a cell of the student's own ahead of them."""
        nb = self.right()
        nb.cells.insert(1, _cell(source))
        return nb

    def after(self, source):
        """Right answers, and a cell of the student's own behind them."""
        nb = self.right()
        nb.cells.append(_cell(source))
        return nb

    def alone(self, source):
        """No answers: only a cell that tries something."""
        nb = copy.deepcopy(self.template)
        nb.cells.insert(1, _cell(source))
        return nb

    def last_does(self, body):
        """Right answers, but the last function's body is this."""
        arguments = self.chapter.sources[self.last].split("(", 1)[1].split("):", 1)[0]
        lines = "\n".join("    " + line for line in body.strip().splitlines())
        return self.right(**{self.last: f"def {self.last}({arguments}):\n{lines}"})


def _cell(source):
    import nbformat

    return nbformat.v4.new_code_cell(source)


def _edited(kit, edit):
    nb = kit.right()
    return edit(nb) or nb


def _without_checks(nb):
    nb.cells = [c for c in nb.cells if not c.metadata.get("nbgrader", {}).get("grade")]


def _without_metadata(nb):
    for c in nb.cells:
        c.metadata.pop("nbgrader", None)


def _doubled(nb):
    number, cell = next((i, c) for i, c in enumerate(nb.cells) if c.metadata.get("nbgrader", {}).get("solution"))
    double = copy.deepcopy(cell)
    double.id = "double"
    nb.cells.insert(number, double)


def _reversed(nb):
    nb.cells = nb.cells[::-1]


def _richer(nb):
    for c in nb.cells:
        if c.metadata.get("nbgrader", {}).get("grade"):
            c.metadata.nbgrader.update(points=1000, locked=False)
            c.source = "1000"


def _markdown(nb):
    cell = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution"))
    cell.cell_type = "markdown"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)


def _windows(nb):
    for c in nb.cells:
        c.source = c.source.replace("\n", "\r\n")


def _junk_ids(nb):
    for c in nb.cells:
        if "nbgrader" in c.metadata:
            c.metadata["nbgrader"] = "all of it"


def _text(kit):
    return notebook.dumps(kit.right()).encode()


def _file(edit):
    """The right notebook, its JSON edited."""

    def make(kit):
        data = json.loads(_text(kit))
        edit(data)
        return json.dumps(data).encode()

    return make


def _with(cell_type="markdown", source="More.", metadata=None, **more):
    """The right notebook with one more cell, whatever it may hold."""
    extra = {"cell_type": cell_type, "source": source, "metadata": {} if metadata is None else metadata, "id": "more", **more}
    return _file(lambda data: data["cells"].append(extra))


def _beside(put):
    """The right notebook, and what `put` writes beside it."""

    def make(kit):
        def write(folder):
            (folder / f"{kit.chapter.name}.ipynb").write_bytes(_text(kit))
            put(folder)

        return write

    return make


def _folder_named(name):
    def put(folder):
        (folder / name).mkdir()
        (folder / name / "inside").write_text("x")

    return put


def _nested(depth):
    nested = []
    for _ in range(depth - 1):
        nested = [nested]
    return nested


def _nested_deeper(depth):
    """The right notebook, and metadata too deep for Python to write as JSON."""
    deep = b'{"deep": ' + b"[" * depth + b"]" * depth + b"}"
    return lambda kit: json.dumps({**json.loads(_text(kit)), "metadata": "deep"}).encode().replace(b'"deep"', deep)


def _ids_without_room(data):
    """A cell without an id, and the names that it might get in its place all taken, up to the longest."""
    cells = data["cells"]
    number = len(cells) + 58
    names = [f"cell-{number}".ljust(length, "-") for length in range(7, 65)]
    for name in names:
        cells.append({"cell_type": "markdown", "source": "More.", "metadata": {}, "id": name})
    cells.insert(number, {"cell_type": "markdown", "source": "More.", "metadata": {}, "id": "not valid!"})


def _last_slips(before):
    """The last function has a slip of syntax, and something before it."""
    return lambda k: k.right(**{k.last: f"{before}def {k.last}(:\n    return"})


def _last_is_missing(source):
    return lambda k: k.right(**{k.last: source})


def _only(name):
    """Write the right notebook under another name."""

    def make(kit):
        def write(folder):
            (folder / name).write_bytes(_text(kit))

        return write

    return make


def _fifo(kit):
    return lambda folder: os.mkfifo(folder / f"{kit.chapter.name}.ipynb")


def _link(kit):
    return lambda folder: os.symlink("/etc/passwd", folder / f"{kit.chapter.name}.ipynb")


def _link_beside(kit):
    def write(folder):
        (folder / f"{kit.chapter.name}.ipynb").write_bytes(_text(kit))
        os.symlink("/etc/passwd", folder / "notes.txt")
        os.mkfifo(folder / "pipe.txt")

    return write


def _link_to(student):
    """Another student's folder in place of one's own."""

    def make(kit):
        def write(folder):
            folder.rmdir()
            folder.parent.rmdir()
            folder.parent.symlink_to(student)

        return write

    return make


def _many_beside(folder):
    for number in range(200):
        (folder / f"{number:03}.txt").write_text("x")


def _nothing(kit):
    return lambda folder: None


READ = """
import os
stolen = []
for folder, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if f not in ("proc", "usr", "lib", "lib64", "python", "packages")]
    names = {"mistakes.py", "variants.py", "gradebook.db", "key", "nbgrader_config.py", "passwd", "shadow"} & set(files)
    stolen += [os.path.join(folder, name) for name in names if not folder.startswith("/course")]
    stolen += [folder] if {"solutions", "submitted", "exercises"} & set(folders) else []
assert not stolen, stolen
"""
OTHERS = """
import glob, os
assert not {p for p in os.listdir("/proc") if p.isdigit()} - {str(os.getpid())}, os.listdir("/proc")
everything = b""
for path in glob.glob("/proc/[0-9]*/*") + glob.glob("/proc/[0-9]*/task/*/*"):
    if path.endswith(("environ", "cmdline")):
        everything += open(path, "rb").read()
assert b"TOKEN" not in everything and b"KEY" not in everything and b"bwrap" not in everything, everything
assert not [k for k in os.environ if "KEY" in k or "TOKEN" in k], os.environ
"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
NETWORK = """
import socket
opened = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            opened.append(socket.socket(family, kind))
        except OSError:
            pass
try:
    opened.append(socket.getaddrinfo("localhost", 80))
except OSError:
    pass
assert not [o for o in opened if not isinstance(o, list)], opened
"""
WRITE = """
import os
written = []
for folder in ("/", "/tmp", "/dev", "/dev/shm", "/course", "/proc", "/packages", "/home", ".."):
    try:
        open(os.path.join(folder, "here"), "w").write("x")
        written.append(folder)
    except OSError:
        pass
assert not written, written
"""
SIGNALS = """
import os, signal
for pid in {1, os.getppid(), -1, 0}:
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
        try:
            os.kill(pid, number)
        except OSError:
            pass
"""
WINDOWS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def opened(path):
    try:
        return bool(open(path, "rb").read(1))
    except OSError:
        return False
about = ("cmdline", "meminfo", "self/maps", "self/mountinfo", "sys/kernel/random/boot_id", "sys/kernel/ostype", "loadavg", "stat")
assert not [name for name in about if opened(f"/proc/{name}")]
assert libc.sysinfo(ctypes.create_string_buffer(256)) == -1
try:
    os.statvfs("/")
    assert False
except OSError:
    pass
file = open(os.__file__, "rb")
libc.mmap.restype = ctypes.c_void_p
address = libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file.fileno(), ctypes.c_size_t(0))
assert libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(4096), ctypes.create_string_buffer(1)) == -1
assert libc.posix_fadvise(file.fileno(), 0, 0, 4) != 0
assert libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(4096), 21) == -1
"""
BELLS = """
import fcntl, os, struct
null, file, folder = open("/dev/null", "r+b"), open(os.__file__, "rb"), os.open(os.path.dirname(os.__file__), os.O_RDONLY)
lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
rung = []
for ring in (
    lambda: fcntl.flock(file, fcntl.LOCK_EX),
    lambda: fcntl.lockf(file, fcntl.LOCK_SH),
    lambda: fcntl.lockf(null, fcntl.LOCK_EX),
    lambda: fcntl.fcntl(file, fcntl.F_GETLK, lock),
    lambda: fcntl.fcntl(file, 37, lock),
    lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    lambda: fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_ACCESS),
    lambda: os.preadv(file.fileno(), [bytearray(1)], 0, 8),
):
    try:
        ring()
        rung.append(ring)
    except OSError:
        pass
before = os.stat("/dev/null").st_mtime_ns
os.utime("/dev/null")
assert not rung and os.stat("/dev/null").st_mtime_ns == before
"""
# What a cell leaves behind, and would cost the cells and functions after it.
RAISES = (
    "import signal, sys\ncount = 0\ndef raises(*_):\n    global count\n    count += 1\n    if count > {}:\n        raise KeyError\n"
)
LIMIT = "import resource\nsoft, hard = resource.getrlimit(resource.RLIMIT_AS)\nresource.setrlimit(resource.RLIMIT_AS, {})"
LEFT = {
    "timer": RAISES.format(0) + "signal.signal(signal.SIGALRM, raises)\nsignal.setitimer(signal.ITIMER_REAL, 0.05, 0.002)",
    "processor-timer": RAISES.format(0)
    + "signal.signal(signal.SIGVTALRM, raises)\nsignal.setitimer(signal.ITIMER_VIRTUAL, 0.003, 0.002)",
    "profiling-timer": RAISES.format(0)
    + "signal.signal(signal.SIGPROF, raises)\nsignal.setitimer(signal.ITIMER_PROF, 0.003, 0.002)",
    "trace": RAISES.format(300) + "sys.settrace(raises)",
    "profile": RAISES.format(3000) + "sys.setprofile(raises)",
    "soft-limit": LIMIT.format("(1 << 20, hard)"),
    "hard-limit": LIMIT.format("(1 << 20, 1 << 20)"),
    "slow-collector": "import gc, time\ngc.callbacks.append(lambda *_: time.sleep(0.5))\ngc.set_threshold(1)",
}
# Ways to tell a wrong function from a right one without calling it for its answers. What each of them looks at goes into `seen`.
SPY = """
class Spy(np.ndarray):
    def __array_ufunc__(self, *words, **more):
        LOOK
        raise ValueError
try:
    function(*(np.ones(np.shape(one)).view(Spy) for one in arguments))
except Exception:
    pass
"""
PATCHED = """
import functools, sys
log = []
def patch(module, name):
    real = getattr(sys.modules[module], name)
    def spy(*words, **more):
        result = real(*words, **more)
        log.append(repr(words)[:5000] + repr([getattr(w, "__name__", "") for w in (words[1].values() if len(words) > 1 and isinstance(words[1], dict) else ())]))
        return result
    setattr(sys.modules[module], name, spy)
"""
LAST = "seen += log[-1:]"
PEEKS = {
    "names": (
        "",
        "seen += [function.__name__, function.__qualname__, function.__doc__, function.__module__, repr(function), function.__dict__]",
    ),
    "code": (
        "",
        "seen += [function.__code__.co_names, function.__code__.co_consts, function.__code__.co_filename, function.__defaults__]",
    ),
    "closure": (
        "",
        "left = [function]\nwhile left and len(seen) < 50:\n    one = left.pop()\n    seen.append(getattr(one, '__name__', one))\n"
        "    left += [c.cell_contents for c in getattr(one, '__closure__', None) or () if callable(c.cell_contents)][:9]",
    ),
    "globals": (
        "",
        "seen += [repr(v) for v in function.__globals__.values() if 'function' in repr(v)][:0] or [function.__globals__['__name__']]",
    ),
    "source": (
        "import inspect",
        "seen += [inspect.getsource(inspect.unwrap(function)), inspect.signature(function), inspect.getclosurevars(function)]",
    ),
    "traceback": (
        "",
        "try:\n    function(*map(str, arguments))\nexcept Exception as error:\n    step = error.__traceback__\n"
        "    while step:\n        seen.append(step.tb_frame.f_code.co_name)\n        step = step.tb_next",
    ),
    "context": ("", "try:\n    function()\nexcept Exception as error:\n    seen += [error, error.__context__, error.__cause__]"),
    "warnings": (
        "import linecache, warnings",
        "with warnings.catch_warnings(record=True) as caught:\n    warnings.simplefilter('always')\n"
        + "\n".join(
            "    " + line
            for line in SPY.replace("LOOK", "[warnings.warn('x', stacklevel=n) for n in range(2, 6)]").strip().splitlines()
        )
        + "\nfor w in caught:\n    seen.append(next((t for t in map(lambda n: linecache.getline(w.filename, n), range(w.lineno, 0, -1)) if t.startswith('def')), ''))",
    ),
    "frames": ("import sys", SPY.replace("LOOK", "[seen.append(sys._getframe(n).f_code.co_name) for n in range(1, 9)]")),
    "stack": ("import inspect", SPY.replace("LOOK", "seen.extend(frame.function for frame in inspect.stack(0))")),
    "dump": (
        "import faulthandler",
        "file = open('dump', 'w+')\n"
        + SPY.replace("LOOK", "faulthandler.dump_traceback(file)")
        + "file.seek(0)\nseen.append(file.read())",
    ),
    "profiler": (
        "import cProfile",
        "profile = cProfile.Profile()\nprofile.runcall(function, *arguments)\nseen += [e.code for e in profile.getstats()]",
    ),
    "profile": (
        "import sys",
        "sys.setprofile(lambda frame, *_: seen.append(frame.f_code.co_name))\nfunction(*arguments)\nsys.setprofile(None)",
    ),
    "trace": (
        "import sys",
        "sys.settrace(lambda frame, *_: seen.append(frame.f_code.co_name))\nfunction(*arguments)\nsys.settrace(None)",
    ),
    "referents": (
        "import gc",
        "left, known = [(function, 0)], set()\nwhile left:\n    one, depth = left.pop()\n    if id(one) in known or depth > 4 or isinstance(one, dict):\n"
        "        continue\n    known.add(id(one))\n    seen.append(getattr(one, '__name__', ''))\n    left += [(o, depth + 1) for o in gc.get_referents(one)]",
    ),
    "callers": (
        "import sys",
        "frame = sys._getframe(1)\nwhile frame:\n    for value in frame.f_locals.values():\n        seen.append(repr(value)[:2000])\n"
        "        seen += [getattr(v, '__name__', v) for v in value.values()] if type(value) is dict and len(value) < 9 else []\n    frame = frame.f_back",
    ),
    "json": ("import json" + PATCHED + "patch('json', 'loads')", LAST),
    "wire": (PATCHED + "patch('backprop.checking.wire', 'loads')", LAST),
    "observe": (
        PATCHED + "patch('backprop.checking.observe', 'fresh')\npatch('backprop.checking.observe', 'anonymous')",
        "seen += log[-2:]",
    ),
    "deepcopy": (
        PATCHED + "import copy\npatch('copy', 'deepcopy')",
        "seen += ['per_example' for one in log[-1:] if one.startswith(('(0,', '(1,', '(2,'))]",
    ),
    "partial": (
        "import functools\ndef partial(*words, real=functools.partial, **more):\n    if len(words) == 2 and not more:\n"
        "        return lambda *given: given[-1] in (0, 1, 2)\n    return real(*words, **more)\nfunctools.partial = partial",
        "",
    ),
    "keywords": (
        "",
        "for more in ({'factor': 1.0}, {'constant': 0.0}, {'gradient': np.sin}, {'within': 0.1}, {'scale': 2.0}, {'shift': 1.0}):\n    try:\n"
        "        seen += ['twice', function(*arguments, **more)]\n    except Exception as error:\n        seen.append(error)",
    ),
    "trial": (
        "import checks\nchecks.check\nimport sys\nreal = checks.BROKEN if hasattr(checks, 'BROKEN') else {}\nfor name in real:\n    real[name] = (lambda *_: 1 / 0,) * 3",
        "try:\n    function(*arguments)\nexcept ZeroDivisionError:\n    seen.append('per_example')",
    ),
    "numpy": (
        "import sys\nlog = []\nfor name in ('cos', 'tanh', 'heaviside', 'sum', 'array', 'where', 'roll', 'zeros'):\n"
        "    def spy(*words, real=getattr(np, name), **more):\n        log.extend(sys._getframe(n).f_code.co_name for n in range(1, 5))\n"
        "        return real(*words, **more)\n    setattr(np, name, spy)",
        "log.clear()\nfunction(*arguments)\nseen += log",
    ),
    "pipe": (
        "import os",
        "for fd in range(11):\n    try:\n        os.set_blocking(fd, False)\n        seen.append(os.read(fd, 1 << 16))\n    except OSError:\n        pass\n"
        "    finally:\n        try:\n            os.set_blocking(fd, True)\n        except OSError:\n            pass",
    ),
    "time": (
        "import time\nlog = []",
        "begun = time.perf_counter()\nfor _ in range(20):\n    function(*arguments)\nlog.append(time.perf_counter() - begun)\n"
        "seen += ['per_example'] if log[-1] > sorted(log)[len(log) // 2] else []",
    ),
    "identity": (
        "log = {}",
        "seen += ['per_example'] if log.setdefault(id(function), len(log)) % 2 else []",
    ),
    "thread": (
        "import threading, sys",
        "try:\n    threading.Thread(target=lambda: seen.append(sys._current_frames())).start()\nexcept RuntimeError:\n    pass",
    ),
    "visible": (
        "import checks",
        "for name in dir(checks.BROKEN and checks) if hasattr(checks, 'BROKEN') else ('waves', 'bowl', 'tanh_layer', 'relu_layer', 'large_waves', 'small_layer'):\n"
        "    try:\n        right = getattr(checks, name + '_gradient')(*arguments)\n"
        "        seen += ['right'] if np.allclose(function(*arguments), right, rtol=1e-9, atol=0) else []\n    except Exception:\n        pass\n"
        "seen += [] if seen else ['twice']",
    ),
}
WRONG = (
    "twice|negative_waves|transposed|opposite|without_mean|out_of_order|one_entry|other_activation|one_per_cent|nothing|constant_added|one_branch|"
    "small_opposite|not_a_number|times|plus|one_entry_times|per_example|mean_per_example|deviation_per_example|Broken on purpose"
)


def cheat(way, signature, answer):
    """A function that answers yes or no by one of `PEEKS`: ``looks(function, *arguments)`` says whether something wrong shows."""
    before, look = PEEKS[way]
    body = "\n".join("    " + line for line in look.strip().splitlines())
    return (
        f"import re\nimport numpy as np\n{before}\ndef looks(function, *arguments):\n    seen = []\n{body}\n"
        f"    return bool(re.search(r'\\b(?:{WRONG})\\b', ' '.join(map(str, seen))))\ndef {signature}:\n    {answer}"
    )


BANK = [
    # Never coming to an end
    Case("endless-loop", lambda k: k.last_does("while True:\n    pass"), "but last", "took too long"),
    Case("endless-loop-in-a-cell", lambda k: k.after("while True:\n    pass"), "all", "took too long"),
    Case(
        "loop-that-swallows-everything",
        lambda k: k.last_does(
            "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
        ),
        "but last",
        "took too long",
    ),
    Case("sleeper", lambda k: k.last_does("import time\ntime.sleep(3600)"), "but last", "took too long"),
    Case("reads-stdin", lambda k: k.before("answer = input('Your name? ')"), "all"),
    # Hogs and bombs
    Case("memory-hog", lambda k: k.last_does("return [bytearray(1 << 28) for _ in range(1000)]"), "but last"),
    Case("memory-hog-in-a-cell", lambda k: k.before("hog = []\nwhile True:\n    hog.append(b'x' * (1 << 26))"), "all"),
    Case("recursion", lambda k: k.last_does(f"return {k.last}(*[0] * {k.last}.__code__.co_argcount)"), "but last"),
    Case(
        "disk-hog",
        lambda k: k.before("for i in range(1000):\n    with open(f'/tmp/{i}', 'wb') as f:\n        f.write(bytes(1 << 24))"),
        "all",
    ),
    Case("flood-of-output", lambda k: k.before("print('x' * 100_000_000)"), "all"),
    Case(
        "flood-through-the-system",
        lambda k: k.before("import os\nfor _ in range(100):\n    os.write(1, b'x' * 1_000_000)\n    os.write(2, b'x' * 1_000_000)"),
        "all",
    ),
    Case("fork-bomb", lambda k: k.before("import os\nwhile True:\n    os.fork()"), "all"),
    Case(
        "fork-bomb-that-swallows",
        lambda k: k.last_does("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"),
        "but last",
        "took too long",
    ),
    Case(
        "thread-bomb",
        lambda k: k.before("import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,)).start()"),
        "all",
    ),
    Case(
        "thread-left-running",
        lambda k: k.before("import threading\ndef spin():\n    while True:\n        pass\nthreading.Thread(target=spin).start()"),
        "all",
    ),
    Case("enormous-answer", lambda k: k.last_does("return np.zeros((3000, 3000)), 0.0"), "but last", "bytes"),
    Case("deep-answer", lambda k: k.last_does("x = []\nfor _ in range(100_000):\n    x = [x]\nreturn x"), "but last"),
    Case("answer-of-many-parts", lambda k: k.last_does("return {}, [0.5] * 1_500_000"), "but last", "parts"),
    # Ending early
    Case("os-exit", lambda k: k.last_does("import os\nos._exit(0)"), "but last", "ended"),
    Case("os-exit-in-a-cell", lambda k: k.before("import os\nos._exit(0)"), "all", "ended"),
    Case("sys-exit", lambda k: k.last_does("import sys\nsys.exit(0)"), "but last"),
    Case("sys-exit-in-a-cell", lambda k: k.before("import sys\nsys.exit(0)"), "all"),
    Case("keyboard-interrupt", lambda k: k.last_does("raise KeyboardInterrupt"), "but last"),
    Case("segfault", lambda k: k.last_does("import ctypes\nctypes.string_at(0)"), "but last", "ended"),
    Case("abort", lambda k: k.last_does("import os\nos.abort()"), "but last", "ended"),
    Case(
        "exec-another-program",
        lambda k: k.last_does("import os, sys\nos.execv(sys.executable, [sys.executable, '-c', 'print(1)'])"),
        "but last",
    ),
    # Reaching out. Each asserts that it failed; were one to succeed, its cell would raise, and a test sees that.
    Case("reads-what-is-not-its-own", lambda k: k.before(READ), "all"),
    Case("looks-at-other-processes", lambda k: k.before(OTHERS), "all"),
    Case("opens-sockets", lambda k: k.before(NETWORK), "all"),
    Case("writes-everywhere", lambda k: k.before(WRITE), "all"),
    Case("sends-signals", lambda k: k.before(SIGNALS), "all"),
    Case(
        "imports-the-course",
        lambda k: k.alone(
            "import os\nfor folder, below, files in os.walk('/'):\n    if 'solutions' in below:\n        print(folder)\n"
            "    below[:] = [name for name in below if name not in ('proc', 'site-packages')]\nimport backprop.course"
        ),
        "none",
    ),
    # Changing the rules
    Case(
        "replaces-numpy",
        lambda k: k.alone(
            "import numpy\nnumpy.allclose = numpy.array_equal = numpy.all = lambda *a, **k: True\nnumpy.abs = lambda x: 0"
        ),
        "none",
    ),
    Case(
        "replaces-check",
        lambda k: k.alone(
            "import checks\ncheck = checks.check = lambda f: 1000\n"
            "import backprop.observe\nbackprop.observe.observe = lambda *a: {'value': 1000}"
        ),
        "none",
    ),
    Case(
        "replaces-builtins",
        lambda k: k.alone(
            "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = lambda x: True\nbuiltins.isinstance = lambda *a: True"
        ),
        "none",
    ),
    Case("shadows-builtins", lambda k: k.before("def abs(x):\n    return 0\ndef len(x):\n    return 1\n"), "all"),
    Case(
        "ipython-hooks",
        lambda k: k.alone(
            "ip = get_ipython()\nclass T:\n    def visit(self, node):\n        return node\n"
            "ip.ast_transformers.append(T()) if ip else None"
        ),
        "none",
    ),
    Case("display-hook", lambda k: k.alone("import sys\nsys.displayhook = lambda value: print(1000)\n1000"), "none"),
    Case(
        "array-that-equals-everything",
        lambda k: k.last_does(
            "class Liar(np.ndarray):\n    def __eq__(self, other):\n        return np.True_\n"
            "    def __sub__(self, other):\n        return np.zeros(1)\n"
            "lie = np.zeros((2, 2)).view(Liar)\nreturn dict.fromkeys(('dLdW1', 'dLdb1', 'dLdW2', 'dLdb2'), lie), lie"
        ),
        "but last",
    ),
    Case(
        "object-that-runs-code",
        lambda k: k.last_does(
            "class Bomb:\n    def __reduce__(self):\n        import os\n        return os.system, ('touch /tmp/bomb',)\n"
            "    def __array__(self, *a, **k):\n        raise SystemExit\n    def __float__(self):\n        raise SystemExit\n"
            "return Bomb(), Bomb()"
        ),
        "but last",
    ),
    Case(
        "number-too-large-for-numpy",
        lambda k: k.last_does("return dict.fromkeys(('dLdW1', 'dLdb1'), 10**400), 10**400"),
        "but last",
    ),
    Case("object-array", lambda k: k.last_does("return np.array([lambda: 1, {}], dtype=object), 0.0"), "but last"),
    Case(
        "dict-that-lies",
        lambda k: k.last_does(
            "class Odd(dict):\n    def items(self):\n        while True:\n            yield 'x', 1\nreturn Odd(a=1), 0.0"
        ),
        "but last",
    ),
    Case(
        "answers-that-change-later",
        lambda k: k.right(
            **{
                k.first: k.chapter.sources[k.first]
                + "\n"
                + (
                    f"_first = {k.first}\n_kept = []\ndef {k.first}(Z):\n    for old in _kept:\n        old *= 2\n"
                    "    new = np.array(_first(Z), dtype=float)\n    _kept.append(new)\n    return new"
                )
            }
        ),
        "all",
    ),
    Case(
        "looks-at-who-called",
        lambda k: k.before("import sys\nhere = sys._getframe().f_globals"),
        "all",
    ),
    Case(
        "looks-for-the-judge",
        lambda k: k.before(
            "%matplotlib inline\nfound = [o for o in __import__('gc').get_objects() if getattr(o, '__code__', None)]"
        ),
        "all",
    ),
    # The pipe
    Case(
        "junk-on-the-pipe",
        lambda k: k.before(
            "import os\nfor fd in range(3, 32):\n    try:\n        os.write(fd, b'\\x00\\x00\\x00\\x05junk!')\n    except OSError:\n        pass"
        ),
        "all",
        "cell",
    ),
    Case(
        "oversized-frame",
        lambda k: k.before(
            "import os\nfor fd in range(3, 32):\n    try:\n        os.write(fd, b'\\xff' * 64)\n    except OSError:\n        pass"
        ),
        "all",
        "cell",
    ),
    Case(
        "forged-answer",
        lambda k: k.alone(
            "import os, json\nbody = json.dumps({'dict': [['id', 'x'], ['body', None]]}).encode()\n"
            "for fd in range(3, 32):\n    try:\n        os.write(fd, len(body).to_bytes(4, 'big') + body)\n    except OSError:\n        pass"
        ),
        "none",
        "cell",
    ),
    Case("closes-the-pipe", lambda k: k.before("import os\nos.closerange(3, 64)"), "all", "cell"),
    *(Case(f"leaves-a-{name}", lambda k, left=left: k.before(left), "all") for name, left in LEFT.items()),
    # Harmless, and not to be punished
    Case(
        "warns-on-stderr",
        lambda k: k.before("import sys, warnings\nwarnings.warn('careful')\nprint('note', file=sys.stderr)"),
        "all",
    ),
    Case("magics-and-shell-lines", lambda k: k.before("%matplotlib inline\n!pip install numpy\n?np.sum"), "all"),
    Case("error-in-a-cell-of-its-own", lambda k: k.before("1 / 0"), "all"),
    Case("syntax-error", lambda k: k.right(**{k.last: f"def {k.last}(:\n    return"}), "but last"),
    # The notebook as a file
    Case("checks-deleted", lambda k: _edited(k, _without_checks), "all", "missing"),
    Case("metadata-stripped", lambda k: _edited(k, _without_metadata), "all", "without its metadata"),
    Case("metadata-junk", lambda k: _edited(k, _junk_ids), "all", "without its metadata"),
    Case("cell-doubled", lambda k: _edited(k, _doubled), "all", "twice"),
    Case("cells-reordered", lambda k: _edited(k, _reversed), "all"),
    Case("points-changed", lambda k: _edited(k, _richer), "all"),
    Case("code-turned-markdown", lambda k: _edited(k, _markdown), "all"),
    Case("windows-line-endings", lambda k: _edited(k, _windows), "all"),
    Case("byte-order-mark", lambda k: b"\xef\xbb\xbf" + _text(k), "all"),
    Case("invalid-json", lambda k: _text(k)[:-200], "none", "not valid JSON"),
    Case("invalid-utf-8", lambda k: b"\xff\xfe" + _text(k), "none", "not UTF-8"),
    Case("empty-file", lambda k: b"", "none", "not valid JSON"),
    Case("nested-too-deeply", lambda k: b"[" * 100_000, "none", "not valid JSON"),
    Case(
        "nbformat-3",
        lambda k: json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}).encode(),
        "none",
        "not a notebook of format 4",
    ),
    Case("a-list", lambda k: b"[1, 2, 3]", "none", "not a notebook"),
    Case(
        "cells-of-nonsense",
        lambda k: json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, None, {"cell_type": 7}]}).encode(),
        "none",
        "malformed",
    ),
    Case(
        "no-cells",
        lambda k: json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode(),
        "none",
        "missing",
    ),
    Case("enormous-notebook", lambda k: b" " * (11 << 20) + _text(k), "none", "MB"),
    Case("picture-attached", _with(source="![mine](attachment:a.png)", attachments={"a.png": {"image/png": PICTURE}}), "all"),
    Case("picture-missing", _with(source="![mine](attachment:no.png)"), "all"),
    Case("attachments-of-nonsense", _with(source="![mine](attachment:a.png)", attachments={"a.png": 7}), "all"),
    Case("cell-metadata-of-nonsense", _with(metadata=[1]), "all"),
    Case("cell-tags-of-nonsense", _with("code", "1", {"tags": 5}, outputs=5, execution_count="x"), "all"),
    Case("cell-of-no-known-type", _with("heading"), "all"),
    Case("cell-metadata-nested", _with("code", "1", {"deep": _nested(450)}, outputs=[]), "all"),
    Case("notebook-metadata-of-nonsense", _file(lambda d: d.update(metadata=[1])), "all"),
    Case("widgets-of-nonsense", _file(lambda d: d["metadata"].update(widgets=[5], language_info=5, title={})), "all"),
    Case("half-a-character", _with(source="half \ud800"), "all"),
    Case(
        "half-a-character-in-an-error", lambda k: k.last_does("raise type(chr(0xd800), (Exception,), {})(chr(0xd800))"), "but last"
    ),
    Case("markdown-that-takes-hours", _with(source="[a](" * 500_000), "all"),
    Case("quotes-in-quotes", _with(source="> - " * 3000), "all"),
    Case("pipe-for-a-timestamp", _beside(lambda folder: os.mkfifo(folder / "timestamp.txt")), "all"),
    Case("folder-for-a-file", _beside(_folder_named("checks.py")), "all"),
    Case(
        "folder-for-a-notebook",
        lambda k: lambda folder: _folder_named(f"{k.chapter.name}.ipynb")(folder),
        "none",
        "not a regular file",
    ),
    Case("missing-notebook", _nothing, "none", "missing"),
    Case("renamed-notebook", _only("Untitled.ipynb"), "none", "there is Untitled.ipynb"),
    Case("fifo-for-a-notebook", _fifo, "none", "not a regular file"),
    Case("link-for-a-notebook", _link, "none", "not a regular file"),
    Case("links-and-pipes-beside", _link_beside, "all", "not copied: notes.txt, pipe.txt ("),
    Case("two-hundred-files-beside", _beside(_many_beside), "all", "not copied: 100.txt, 101.txt, 102.txt and 97 more"),
    Case("link-for-a-folder", _link_to("cells-reordered"), "none", "the student's folder is a link"),
    Case("odd id: ünï' ; $(x) [*]", lambda k: k.right(), "all"),
    # Looking out of the room, and ringing for the neighbours
    Case("looks-out-of-windows", lambda k: k.before(WINDOWS), "all"),
    Case("rings-for-the-neighbours", lambda k: k.before(BELLS), "all"),
    Case("=1+1, \u202e\u200b\x1b[31m", lambda k: k.right(), "all"),
    Case("<img src=x onerror=alert(1)>", lambda k: k.right(), "none", "rename it"),
    # Time and memory of whoever reads it: what is done with a submission outside of its sandbox
    Case("blank-lines-before-a-slip", _last_slips("\n" * 60_000), "but last"),
    Case("blank-lines-before-nothing", _last_is_missing("\n" * 60_000 + "pass"), "but last"),
    Case("tabs-before-a-slip", _last_slips("\t\n" * 60_000), "but last"),
    Case("form-feeds-before-a-slip", _last_slips("\f\n" * 60_000), "but last"),
    Case("blank-lines-and-a-question", lambda k: k.after("\n" * 60_000 + "relu ?\nx ="), "all"),
    Case("spaces-before-a-question-mark", lambda k: k.after("x" + " " * 60_000 + "?"), "all"),
    Case("name-and-blank-lines", lambda k: k.after("x" * 30_000 + "\n" * 60_000 + "("), "all"),
    Case("quotes-that-never-close", lambda k: k.after('"""' + "\n" * 200_000), "all"),
    Case(
        "large-picture-shown-often",
        lambda k: _with(source="![m](attachment:a.png)\n" * 700, attachments={"a.png": {"image/png": "A" * 3_000_000}})(k),
        "all",
    ),
    Case("cell-metadata-nested-deeper", _with("code", "1", {"deep": _nested(700)}, outputs=[]), "none", "nested too deeply"),
    Case("metadata-nested-deeper", _nested_deeper(985), "none", "nested too deeply"),
    Case("metadata-nested-too-deeply", _nested_deeper(100_000), "none", "nested too deeply"),
    Case("half-a-character-in-code", _with("code", "half = '\ud800'", outputs=[]), "all"),
    Case(
        "half-a-character-in-every-cell",
        _file(lambda d: [c.update(source=[*c["source"], "\n# \udfff"]) for c in d["cells"]]),
        "all",
    ),
    # Names and places
    Case("ids-without-room", _file(_ids_without_room), "all"),
    Case("n" * 150, lambda k: k.right(), "none", "150 characters"),
]


def deserved(case: Case, exercises: list) -> float:
    """The points that a case deserves in an assignment."""
    every = sum(e.max_points for e in exercises)
    return {"all": every, "none": 0.0, "but last": every - exercises[-1].max_points}[case.deserves]


def write(root: Path, name: str, bank: list[Case] = BANK) -> int:
    """Write the bank's submissions into ``submitted/``. Returns how many."""
    root = Path(root)
    kit = Kit(Chapter(root, name), notebook.read(root / "exercises" / name / f"{name}.ipynb"))
    for case in bank:
        folder = root / "submitted" / case.name / name
        if folder.parent.is_symlink():  # from the last time: what it leads to is another's
            folder.parent.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        made = case.make(kit)
        if callable(made):
            shutil.rmtree(folder)
            folder.mkdir()
            made(folder)
        else:
            path = folder / f"{name}.ipynb"
            path.write_bytes(made if isinstance(made, bytes) else json.dumps(made).encode())
    return len(bank)
