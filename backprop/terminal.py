"""Check a whole notebook from a terminal or an editor: what a student sees, without Jupyter."""

import codecs
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from backprop import notebook
from backprop.checking.receipt import CHECKS, checks_version, file_digest
from backprop.course import CourseError

RIGHT = 87  # exit code of a run in which all is right, and the next one of any that came to its end: no cell ends it so by chance
# Runs in a process of its own, in the notebook's folder: the cells are the student's own code on their own machine.
RUNNER = """
import json, signal, sys, threading
from backprop.checking.cells import Kernel
signal.signal(signal.SIGINT, signal.default_int_handler)  # what starts commands in the background has them ignore it
cells, kernel, right, stopped, out = json.load(sys.stdin), Kernel(), True, [], sys.stdout

def run(number, source):
    global right
    still = threading.Timer(PATIENCE, lambda: print(f"Cell {number} is still running. Ctrl-C stops it.", file=out, flush=True))
    still.daemon = True
    still.start()
    error = kernel.run(source, number)
    still.cancel()
    sys.stdout = out  # a cell may have put something else there, which would swallow what checks say
    if error and error["type"] == "KeyboardInterrupt":
        line = f", line {error['line']}" if error["line"] else ""
        print(f"Stopped in cell {number}{line}: does a loop there ever end? Nothing below it was run or checked.")
        sys.exit(130)
    if error and error["type"] != "CheckFailed":  # that one has printed its feedback
        line = f", line {error['line']}" if error["line"] else ""
        hint = " (nothing above this cell makes it)" if error["type"] == "NameError" else ""
        print(f"Cell {number}{line}: {error['type']}: {error['message']}{hint}")
        stopped.append(str(number))
    right = right and error is None

for number, source in cells:
    run(number, source)
check = getattr(sys.modules.get("checks"), "check", None)
exercises = getattr(check, "exercises", {})
for name in exercises:  # as grading puts a check back that was deleted
    if not any(f"check({name}" in source for _, source in cells):
        run(len(cells), f"from checks import check\\ncheck({name})")
if exercises:
    also = f" Cell{'s' * (len(stopped) > 1)} {', '.join(stopped)} stopped with an error: see above." if stopped else ""
    print(f"\\n{check.total()}{also}")
sys.exit(int(sys.argv[1]) + (not right))
"""
PATIENCE = 10  # seconds of one cell, from which is said that it is still running
PLAIN = {"→": "->", "−": "-", "…": "...", "·": "*", "×": "x", "≤": "<=", "≥": ">=", "“": '"', "”": '"', "’": "'", "–": "-"}


def _plain(error):
    """What a terminal cannot show, in letters that it can: an error handler of `codecs`."""
    return "".join(PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


codecs.register_error("plain", _plain)


def show_whatever_comes():
    """Have standard output and errors write what their encoding lacks in plain letters, as where Windows pipes them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain")


def found(path):
    """The notebook that is meant: a file as it is named, and of a folder the one that lies in it.

    Raises
    ------
    CourseError
        If the folder holds none, or several.
    """
    path = Path(path)
    if not path.is_dir():
        return path
    notebooks = sorted(each for each in path.glob("*.ipynb") if each.is_file())
    if len(notebooks) == 1:
        return notebooks[0]
    if notebooks:
        names = ", ".join(each.name for each in notebooks)
        raise CourseError(f"{path} holds {len(notebooks)} notebooks: {names}. Say which: backprop check {path / notebooks[0].name}")
    below = next(iter(sorted(path.glob("*/*.ipynb"))), None)
    raise CourseError(
        f"{path} is a folder without a notebook. Name one, or the folder it is in: backprop check {below or 'NOTEBOOK'}"
    )


def check(path, say=lambda line: None):
    """Run a notebook's code cells and collect what its checks say, and last the points in all.

    Parameters
    ----------
    path : path
        The notebook, in its folder with ``checks.py`` and ``expected.json``.
    say : callable
        Is told each line as soon as it is there.

    Returns
    -------
    lines : list of str
    right : bool
        Whether every cell ran and every check passed.

    Raises
    ------
    backprop.notebook.NotebookError, CourseError
        If the notebook cannot be read, or its ``checks.py`` is not beside it.
    """
    path = Path(path)
    cells = [(number, cell.source) for number, cell in enumerate(notebook.read(path).cells, start=1) if cell.cell_type == "code"]
    _beside(path)
    lines = []

    def told(line):
        lines.append(line)
        say(line)

    run = subprocess.Popen(
        [sys.executable, "-u", "-c", RUNNER.replace("PATIENCE", str(PATIENCE)), str(RIGHT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=path.parent,
        env={
            **os.environ,
            "MPLBACKEND": "agg",
            "PYTHONPATH": str(Path(notebook.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8:replace",
        },
    )
    pressed = []

    def stop(*_):  # the run has heard it, too: it says where it was, if it still can
        pressed.append(threading.Timer(2.0, run.kill))
        pressed[-1].start()

    with run, on_ctrl_c(stop):
        with contextlib.suppress(BrokenPipeError), run.stdin:
            run.stdin.write(json.dumps(cells))
        for line in run.stdout:
            told(line.rstrip("\n"))
    for timer in pressed:
        timer.cancel()
    if pressed:
        raise KeyboardInterrupt
    if run.returncode not in (RIGHT, RIGHT + 1):
        told("A cell has ended Python, or taken all memory: nothing below it was run or checked.")
    return lines, run.returncode == RIGHT


@contextlib.contextmanager
def on_ctrl_c(what):
    """Have Ctrl-C do something, and raise nothing: what is just being read would be lost."""
    try:
        before = signal.signal(signal.SIGINT, what)
    except ValueError:  # not the main thread, which it does not reach
        before = None
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def receipt(path):
    """What the receipt at the end of a feedback page says, of a student's own copy: two lines.

    Raises
    ------
    CourseError
        If the notebook cannot be read, or what came with it is not beside it.
    """
    path = Path(path)
    try:
        digest = file_digest(path)
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
    _beside(path)
    return [f"SHA-256 of {path.name}: {digest}", f"version of the checks: {checks_version(path.parent)}"]


def _beside(path):
    for name in CHECKS:
        if not (path.parent / name).exists():
            raise CourseError(f"{path.parent} has no {name}: keep the notebook in the folder it came in.")
