"""Check a whole notebook from a terminal or an editor: what a student sees, without Jupyter."""

import json
import os
import subprocess
import sys
from pathlib import Path

from backprop import notebook
from backprop.course import CourseError

# Runs in a process of its own, in the notebook's folder: the cells are the student's own code on their own machine.
RUNNER = """
import sys, json, types, traceback
from backprop.checking.cells import plain
cells = json.load(sys.stdin)
main = types.ModuleType("__main__"); main.__dict__["display"] = print; main.__dict__["get_ipython"] = lambda: None
sys.modules["__main__"] = main
import linecache
right = True
for number, source in cells:
    name = f"<cell {number}>"
    try:
        try:
            code = compile(source, name, "exec")
        except SyntaxError:
            source = plain(source); code = compile(source, name, "exec")
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(code, main.__dict__)
    except Exception as error:
        if type(error).__name__ != "CheckFailed":  # that one has printed its feedback
            line = next((f.lineno for f in reversed(traceback.extract_tb(error.__traceback__)) if f.filename == name),
                        getattr(error, "lineno", None))
            print(f"Cell {number}, line {line}: {type(error).__name__}: {error}")
        right = False
sys.exit(0 if right else 1)
"""


def check(path):
    """Run a notebook's code cells and collect what its checks say.

    Parameters
    ----------
    path : path
        The notebook, in its folder with ``checks.py`` and ``expected.json``.

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
    if not (path.parent / "checks.py").exists():
        raise CourseError(f"{path.parent} has no checks.py: keep the notebook in the folder it came in.")
    run = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps(cells),
        capture_output=True,
        encoding="utf-8",
        cwd=path.parent,
        env={**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": ".", "PYTHONIOENCODING": "utf-8"},
    )
    return (run.stdout + run.stderr).splitlines(), run.returncode == 0
