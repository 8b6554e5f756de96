"""What the tests share: a scratch copy of the course, and a class graded once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAME = "07-backward-propagation"


def copy_course(target):
    """A copy of the course without its build, its classes and its records."""
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(
        ".git", ".venv", "_build", "submitted", "autograded", "feedback", "reports", ".backprop", "gradebook.db*",
        "__pycache__", "book", "tests", "*.egg-info"))
    return target


def run(*words, cwd, ok=True, **options):
    """Run a command of this Python's (``backprop``, ``nbgrader``) and return its outcome."""
    done = subprocess.run([sys.executable, "-m", *map(str, words)], cwd=cwd, capture_output=True, text=True,
                          timeout=options.pop("timeout", 600), **options)
    if ok:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A scratch course with a grading key of its own."""
    monkeypatch.setenv("BACKPROP_KEY", str(tmp_path / "key"))
    return copy_course(tmp_path / "course")
