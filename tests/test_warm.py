"""A process that starts warm is one that a shell would start: only sooner."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import warm

pytestmark = pytest.mark.skipif(not warm.HERE, reason="every process starts cold here")
ABOUT = """
import os, random, sys
import numpy as np
print(__name__, sys.argv[1:], os.getcwd(), sorted(os.environ), sys.stdin.read(), sys.path, [name for name in globals() if name[0] != '_'], sys.flags.safe_path)
print(sys.modules["__main__"].__dict__ is globals(), len(os.listdir("/proc/self/fd")), os.getpid() == os.getsid(0))
print("∇", file=sys.stderr)
"""


def both(words, **options):
    """What a command does cold and warm."""
    options = {"capture_output": True, "encoding": "utf-8", "env": {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}, **options}
    cold = subprocess.run([sys.executable, *words], start_new_session=True, **options)
    return cold, warm.run([sys.executable, *words], **options)


@pytest.mark.parametrize(
    "words",
    [
        ["-c", ABOUT, "a", "--b"],
        ["-c", "import sys; print('half', end=''); sys.exit(3)"],
        ["-c", "import sys; sys.exit('what was wrong')"],
        ["-c", "import os; os._exit(4)"],
        ["-c", "import os; os.kill(os.getpid(), 9)"],
        ["-c", "import atexit, threading\natexit.register(print, 'end')\nthreading.Timer(0.1, print, ['late']).start()"],
        ["-m", "backprop", "--help"],
        ["-m", "backprop", "grade"],
    ],
)
def test_it_does_what_a_cold_one_does(words, tmp_path):
    cold, found = both(words, cwd=tmp_path if words[0] == "-c" else None, input="given\n")
    assert (found.returncode, found.stdout, found.stderr) == (cold.returncode, cold.stdout, cold.stderr)


def test_an_error_is_told_as_by_python():
    cold, found = both(["-c", "1 / 0"])
    assert found.returncode == cold.returncode == 1
    assert found.stderr.splitlines()[-1] == cold.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_what_one_does_the_next_does_not_see():
    code = "import os, sys, numpy\nprint(hasattr(numpy, 'left'), 'LEFT' in os.environ, numpy.random.random())\nnumpy.left = 1\nos.environ['LEFT'] = '1'"
    first, second = (warm.run(["-c", code]).stdout.split() for _ in range(2))
    assert first[:2] == second[:2] == ["False", "False"] and first[2] != second[2]


def test_it_ends_when_nobody_waits_for_it_any_more():
    process = warm.Process(["-c", "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)"])
    assert process.poll() is None
    process.link.close()
    deadline = time.monotonic() + 30
    while os.path.exists(f"/proc/{process.pid}"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_that_takes_too_long_is_ended():
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run(["-c", "import time\ntime.sleep(600)"], timeout=0.1)


def test_a_signal_reaches_it():
    process = warm.Process(["-c", "import time\ntime.sleep(600)"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == process.poll() == -signal.SIGTERM


def test_asked_by_many_at_once_it_is_one():
    """Two were started once, by threads that each began a kernel, and the one that nobody held was collected with a warning."""
    warm.end()
    with ThreadPoolExecutor(8) as threads:
        assert len({server[1].pid for server in threads.map(lambda _: warm.server(), range(8))}) == 1
