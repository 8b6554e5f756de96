"""What is done with a submission's text outside of its sandbox takes time with its length, whatever the text is."""

import json
import time

import pytest

from backprop import notebook
from backprop.checking import cells, reach
from backprop.course import Chapter
from backprop.grading import needs, steps
from backprop.grading.graded import nothing
from backprop.grading.sandbox import LIMITS
from conftest import NAME, ROOT

LONG = 60_000  # characters: with the square of them, each of these took minutes
SECONDS = 3.0  # of the processor, for each step; a linear one takes hundredths
TEXTS = {
    "blank lines": "\n",
    "blank lines of Windows": "\r\n",
    "spaces": " ",
    "tabs": "\t\n",
    "form feeds": "\f\n",
    "round brackets": "(",
    "square brackets": "[",
    "braces": "{",
    "brackets that close": "[]()",
    "quotes": '"',
    "three quotes": '"""',
    "three apostrophes": "'''\n",
    "backslashes": "\\",
    "lines that go on": "\\\n",
    "question marks": "?",
    "question marks and spaces": "? ",
    "a name and spaces": "a     ",
    "percent signs": "%",
    "percent signs in lines": "%a\n",
    "exclamation marks": "!\n",
    "an assignment of nothing": "x = \n",
    "dollar signs": "$",
    "formulas": "$a ",
    "backticks": "` `` ``` ",
    "underscores": "_a ",
    "stars": "**a *b ",
    "links": "[a](",
    "pictures": "![",
    "references": "[a]: b\n",
    "quotes of quotes": "> ",
    "lists": "- ",
    "numbers": "1. ",
    "tables": "|a|b|\n|-|-|\n",
    "tags": '<a b="',
    "comments": "<!--",
    "entities": "&#",
    "addresses": "http://a@",
    "environments": "\\begin{a}",
    "control characters": "\x1b[",
    "half characters": "\ud800",
    "definitions": "def ",
    "decorators": "@a\n",
    "fences": "~~~\n```\n",
    "letters": "a",
    "digits": "1_",
    "letters of two bytes": "é",
}


def text(name, length):
    return TEXTS[name] * (length // len(TEXTS[name]))


def within(seconds, function, *arguments):
    """What a function gives, which takes no longer."""
    start = time.process_time()
    try:
        return function(*arguments)
    finally:
        taken = time.process_time() - start
        assert taken < seconds, f"{function.__name__} took {taken:.1f} seconds of the processor"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("length", [LONG, 2 * LONG])
def test_code_is_looked_through_in_time(name, length):
    """As it stands, and before or after what is no Python, so that each way of looking is gone."""
    for source in (text(name, length), text(name, length) + "\nrelu ?\nx =", "def relu(:\n" + text(name, length)):
        within(SECONDS, needs.needed, [(0, source)], ["relu"])
        within(SECONDS, needs.binds, source, "relu")
        within(SECONDS, cells.plain, source)
        within(SECONDS, reach.reached, "relu", [source, "def relu(Z): return Z"], ["sigmoid"])


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("length", [LONG, 2 * LONG])
@pytest.mark.parametrize("kind", ["markdown", "code", "raw"])
def test_a_notebook_is_read_mended_written_and_shown_in_time(tmp_path, name, length, kind):
    data = json.loads(json.dumps(notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")))
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    # One cell that is too long to be laid out, and some that are not.
    for number, size in enumerate((length, *[9_000] * 5)):
        data["cells"].append({"cell_type": kind, "id": f"more-{number}", "metadata": {}, "source": text(name, size), **more})
    (tmp_path / f"{NAME}.ipynb").write_text(json.dumps(data))
    handed = within(SECONDS, steps.read, str(ROOT), tmp_path, NAME, (), LIMITS)
    assert handed.trouble is None and handed.notes == []
    record = nothing(Chapter(ROOT, NAME).exercises)
    made = within(SECONDS, steps.made, handed.text, record, None, "")
    shown = {"scores": made.scores, "comments": made.comments, "totals": {"score": 0, "max_score": 13, "late_penalty": 0}}
    assert "<html" in within(SECONDS, steps.page, NAME, made.text, shown)
