"""A cell that was edited and not run is told from one that was run: by the notebook's file, and only where that is sure."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from judging import ROOT

NAME = "03-activations"
RIGHT, WRONG = "def relu(Z):\n    return np.maximum(Z, 0.0)", "def relu(Z):\n    return np.minimum(Z, 0.0)"
SESSION = """
import os, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
{place}
for cell in {cells!r}:
    shell.run_cell(cell, store_history=True)
"""


def said(folder, ran, saved, when, environ):
    """What a check prints after a cell was run, with another one in the file, saved so many seconds later."""
    path = folder / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "relu":
            cell["source"] = saved
    path.write_text(json.dumps(notebook), encoding="utf-8")
    os.utime(path, (time.time() + when,) * 2)
    code = SESSION.format(
        place="sys.path.insert(0, '')", cells=["import numpy as np\nfrom checks import check", ran, "check(relu)"]
    )
    env = {**os.environ, **{key: str(value) for key, value in environ.items()}}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.parametrize(
    "ran, saved, when, told",
    [
        (WRONG, RIGHT, 3600, True),
        (RIGHT, WRONG, 3600, True),
        (WRONG, WRONG + "  # still", 3600, False),
        (WRONG, RIGHT, -3600, False),  # run and not saved yet
        (WRONG, "def relu(Z:", 3600, False),
        (WRONG, "", 3600, False),
    ],
)
def test_an_edited_cell_is_told_from_one_that_was_run(tmp_path, ran, saved, when, told):
    folder = tmp_path / NAME
    shutil.copytree(ROOT / "exercises" / NAME, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = said(folder, ran, saved, when, {})
    assert "relu: " in text and ("The cell of relu was changed after it was run" in text) == told, text


def test_the_notebook_is_found_by_its_own_path(tmp_path):
    folder = tmp_path / "renamed"
    shutil.copytree(ROOT / "exercises" / NAME, folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert "was changed after" not in said(folder, WRONG, RIGHT, 3600, {})
    assert "was changed after" in said(folder, WRONG, RIGHT, 3600, {"JPY_SESSION_NAME": folder / f"{NAME}.ipynb"})
