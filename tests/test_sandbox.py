"""The room that a submission runs in, both ways of having one: forked from a template, and a bubblewrap of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backprop.grading import bubblewrap, sandbox, template
from backprop.grading.bubblewrap import NotStarted
from backprop.grading.sandbox import Died, Limits, Worker
from conftest import NAME, ROOT

pytestmark = pytest.mark.skipif(not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed")
CHECKS = ROOT / "exercises" / NAME / "checks.py"


@pytest.fixture(params=["forked", "alone"])
def way(request, monkeypatch):
    """Each test runs with rooms that a template forks, and with templates that can fork none."""
    templates = bubblewrap.Templates()
    if request.param == "alone":
        templates.forks = False
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    yield request.param
    assert templates.forks is (request.param == "forked")
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
    if way == "forked":  # bubblewrap cannot limit it
        cells += ["import os\nos.remove('big')\nfor n in range(3000):\n    open(f'empty{n}', 'w').close()"]
    worker = Worker()
    errors = [worker.run(number, cell)["error"] for number, cell in enumerate(cells)]
    worker.close()
    assert [error["message"].split(":")[0] for error in errors] == [
        "[Errno 27] File too large",
        *["[Errno 28] No space left on device"] * (len(cells) - 1),
    ]


def test_nothing_else_can_be_written(way):
    """Every file and folder that is there, tried: as root too, and what ``/proc`` would hold."""
    assert (
        ran("""
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
""")
        == f"[] [] {sorted(bubblewrap.DEVICES)} True\n"
    )


def test_a_sandbox_holds_fixed_names(way):
    """Where the course, Python and its packages lie on this machine is no business of a submission's."""
    worker = Worker(checks=CHECKS)
    found = ran("import os, sys, numpy\nprint(sys.path, sys.argv, sys.prefix, numpy.__file__, os.environ, os.listdir('/'))", worker)
    worker.close()
    here = {str(ROOT), str(Path.home()), sys.prefix, sys.base_prefix} - {"/usr", "/"}
    assert [name for name in here if name in found] == []


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


IPC = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
got = [libc.syscall(n, *words) for n, words in ((240, (b"left", 0o102, 0o600, None)), (29, (7, 100, 0o1666)), (64, (7, 1, 0o1666)))]
print(max(got))
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of system calls are this machine's")
def test_no_memory_and_no_queue_is_shared_by_name(way):
    assert ran(IPC) == "-1\n"


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
sandbox.TEMPLATES.forks = sys.argv[1] == "forked"
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


def test_limits_hold_for_each_room(way):
    """Memory and processor time are counted afresh, however many were forked before."""
    for _ in range(2):
        worker = Worker(Limits(memory=500 << 20))
        assert worker.run(0, "x = bytearray(1 << 30)")["error"]["type"] == "MemoryError"
        assert ran("x = bytearray(100 << 20)\nprint(len(x))", worker) == f"{100 << 20}\n"
        worker.close()
    worker = Worker(Limits(start=1, cell=0.1))  # two seconds of the processor in all
    worker.limits = Limits(cell=30)
    with pytest.raises(Died, match="ended"):
        worker.run(0, "while True: pass")


def test_a_template_that_died_is_started_again(monkeypatch):
    templates = bubblewrap.Templates()
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    ran("1")
    first = next(iter(templates.running.values()))
    os.kill(first.process.pid, signal.SIGKILL)
    first.kill()
    assert ran("print(1)") == "1\n" and next(iter(templates.running.values())) is not first
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
        words = [word for word in command(checks, forks, info) if word not in ("CAP_SETUID", "CAP_SETGID", "--cap-add")]
        if not bubblewrap.has_rights():
            return ["bwrap", "--disable-userns", *words[1:]]
        return ["bwrap", "--unshare-user", "--disable-userns", "--uid", "65533", "--gid", "65533", *words[1:]]

    monkeypatch.setattr(bubblewrap, "command", strict)
    monkeypatch.setattr(sandbox, "TEMPLATES", templates)
    assert ran("import os\nprint(os.getcwd())") == "/home/student\n" and templates.forks is False
    templates.close()


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="this Python is in no virtual environment")
def test_an_environment_reached_through_a_link(tmp_path):
    """A ``.venv`` that is a link, as where a home is small: its packages are found where they are."""
    link = tmp_path / "venv"
    link.symlink_to(sys.prefix)
    code = "from backprop.grading.sandbox import Worker\nworker = Worker()\nprint(worker.run(0, 'import numpy')['error'])\nworker.close()"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([link / "bin" / "python", "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout == "None\n", done.stderr
