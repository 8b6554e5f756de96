"""What a student sees of a verdict: a block in Jupyter, the same words as text elsewhere."""

import html
import re
import types

import numpy as np
import pytest
from judging import exercise_of, verdict

from backprop.checking import show
from backprop.checking.judge import Verdict

NAME = "00-a-network-learns"


def nearly(f, w, h):
    """A nudge whose last entry but one is off by a little that has no name."""
    slopes = np.array([(f(w + h * turn.reshape(w.shape)) - f(w)) / h for turn in np.eye(w.size)])
    slopes[-2] += 0.17
    return slopes.reshape(w.shape)


def plain(block):
    """The words of a block, without its table."""
    block = re.sub(r"<table.*?</table>", "", block)
    return html.unescape(re.sub(r"<[^>]+>", "", block.replace("</div>", "\n")))


def told(function, name="nudge"):
    return verdict(NAME, exercise_of(NAME, name), function, (0,))


@pytest.mark.parametrize("function", [nearly, lambda f, w, h: 1 / 0, lambda f, w, h: "x", lambda f, w, h: (f(w + h) - f(w)) / h])
def test_the_block_says_what_the_text_says(function):
    one = told(function)
    lines = [line.strip() for line in one.text("https://course.example/").replace("`", "").split("\n")]
    shown = [line.strip() for line in plain(show.block(one, "https://course.example/")).split("\n") if line.strip()]
    assert shown == [re.sub(r": https\S+$", "", line) for line in lines]


def test_the_entry_that_is_spoken_of_is_framed_in_the_students_array():
    one = told(nearly)
    cells = re.findall(r'<td style="([^"]*)">([^<]*)</td>', show.block(one))
    (framed,) = (number for style, number in cells if "border" in style)
    assert len(cells) == 5 and cells[-2][1] == framed and f"yours is {framed} " in one.text()


def test_of_a_large_array_the_part_around_the_entry_is_shown():
    from backprop.checking.compare import compare

    right = np.arange(600.0).reshape(20, 30)
    wrong = right.copy()
    wrong[18, 3] += 1
    window = compare(right, wrong).window
    assert window.rows[window.at[0]][window.at[1]] == "544" and window.part == "[15:20, 0:7]"


def test_a_known_mistake_needs_no_array():
    assert "<table" not in show.block(told(lambda w, gradient, learning_rate: w + learning_rate * gradient, "step"))


def test_what_a_student_has_named_is_no_markup():
    one = Verdict("nudge", 0.0, 4.0, "error", lines=["What: it raises `<img src=x onerror=alert(1)>` & more"], read=["<b>#<i>"])
    block = show.block(one, '"><script>')
    assert "<img" not in block and "<script" not in block and "<i>" not in block
    assert "<code>&lt;img src=x onerror=alert(1)&gt;</code> &amp; more" in block


def test_in_jupyter_block_and_text_are_published_and_elsewhere_the_text_is_printed(monkeypatch, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    one, published = told(nearly), []
    text = one.text() + "\n  Run it."
    standing_in = types.SimpleNamespace(kernel=object(), display_pub=types.SimpleNamespace(publish=published.append))
    for shell in (None, standing_in):  # as in a terminal and where this is graded
        monkeypatch.setattr(show.sys.modules["IPython"], "get_ipython", lambda shell=shell: shell)
        show.show(one, more=("Run it.",))
        assert capsys.readouterr().out == text + "\n" and not published
    shell = InteractiveShell()
    monkeypatch.setattr(shell, "display_pub", standing_in.display_pub)
    monkeypatch.setattr(show.sys.modules["IPython"], "get_ipython", lambda: shell)
    show.show(one, more=("Run it.",))
    assert capsys.readouterr().out == ""
    assert published == [{"text/plain": text, "text/html": show.block(one, more=("Run it.",))}]
