"""Three doors on one ground: imports go one way, what a door shows is there, and its public names say what they take."""

import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from conftest import ROOT

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "words", [["lint-imports"], ["mypy"], ["ruff", "check", "."], ["ruff", "format", "--check", "."]], ids=" ".join
)
def test_what_reads_the_code_finds_nothing(words):
    done = subprocess.run([BIN / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def shown(door):
    """The names in a door's table: ``module`` or ``module.name``."""
    table = import_module(f"backprop.{door}").__doc__
    cells = (line.split("|")[2] for line in table.splitlines() if line.startswith("| "))
    return [name for cell in cells for name in re.findall(r"(?<!`)`([\w.]+)`(?!`)", cell)]


def public(door):
    """Functions and classes that a door shows by name, or that come through it."""
    package = import_module(f"backprop.{door}")
    found = {name: getattr(package, name) for name in getattr(package, "__all__", ())}
    for name in shown(door):
        module, _, member = name.partition(".")
        if member:
            found[name] = getattr(import_module(f"backprop.{door}.{module}"), member)
    return {name: value for name, value in found.items() if callable(value)}


@pytest.mark.parametrize("door", ["checking", "grading", "book"])
def test_a_door_fits_on_one_screen_and_leads_somewhere(door):
    text = (ROOT / "backprop" / door / "__init__.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    assert len(shown(door)) >= 5
    for name in shown(door):
        first = name.partition(".")[0]
        assert (ROOT / "backprop" / door / f"{first}.py").is_file() or first in public(door), name


@pytest.mark.parametrize("door", ["checking", "grading", "book"])
def test_public_names_have_type_hints(door):
    for name, value in public(door).items():
        if inspect.isclass(value):
            if issubclass(value, Exception) or "__init__" not in vars(value):
                continue
            value = value.__init__
        signature = inspect.signature(value)
        bare = [p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != "self"]
        assert not bare, f"{name}: {bare}"
        assert value.__name__ == "__init__" or signature.return_annotation is not signature.empty, name


@pytest.mark.parametrize("path", sorted((ROOT / "backprop").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_long_file_opens_with_what_can_be_done_in_it(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    if len(text.splitlines()) > 250:
        assert "| --- |" in text.split('"""')[1], "over 250 lines, and no table of what it does"
