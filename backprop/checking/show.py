"""Show a verdict where a student works: a formatted block in Jupyter, plain text everywhere else.

The block takes its colours from the notebook's own theme, light or dark; what it says is what the text says, and the text goes
with it, for whoever reads without the block. Nothing that a student's code has named is markup in it.
"""

import re
import sys
from html import escape

from backprop.checking.mistakes import place

COLOURS = {"right": "#2e9e6b", "partial": "#c98500", "not attempted": "#8a8a8a"}
WRONG = "#d9534f"
BLOCK = "border-left: 4px solid {}; padding: 0.1em 0 0.1em 0.9em; margin: 0.4em 0; max-width: 48em; line-height: 1.5"
CELL = "padding: 0.1em 0.6em; text-align: right; font-family: monospace"
CAPTION = "caption-side: top; text-align: left; padding: 0 0.6em; font-size: 0.9em; color: inherit"
MARKED = f"{CELL}; border: 2px solid {WRONG}; font-weight: bold"


def show(verdict, book: str = "", more: tuple[str, ...] = ()) -> None:
    """Show a verdict, and what more there is to say, in whatever runs this.

    Parameters
    ----------
    verdict : backprop.checking.judge.Verdict
    book : str
        Address of the published book, or "".
    more : sequence of str
        Sentences that follow it.
    """
    text = "\n".join([verdict.text(book), *(f"  {line}" for line in more)])
    shell = _shell()
    if shell is None:
        print(text)
    else:
        shell.display_pub.publish({"text/plain": text, "text/html": block(verdict, book, more)})


def _shell():
    """IPython's own shell, where this runs in one; what stands in for it in grading and in a terminal shows texts only."""
    module = sys.modules.get("IPython.core.interactiveshell")
    shell = module and sys.modules["IPython"].get_ipython()
    return shell if module and isinstance(shell, module.InteractiveShell) else None


def block(verdict, book: str = "", more: tuple[str, ...] = ()) -> str:
    """A verdict as HTML, with inline styles only: every front end of Jupyter's keeps those."""
    colour = COLOURS.get(verdict.status, WRONG)
    parts = [f'<div><b style="font-family: monospace">{escape(verdict.exercise)}</b>: {coded(verdict.outcome)}</div>']
    parts += [f"<div>{_words(line)}</div>" for line in verdict.lines]
    if verdict.marked:
        parts.append(_array(*verdict.marked))
    for read in verdict.read:
        link, words = place(read)
        target = f'<a href="{escape(book.rstrip("/"))}/{escape(link)}" target="_blank">{escape(words)}</a>'
        parts.append(f"<div>→ {target if book else escape(words)}</div>")
    parts += [f"<div>{_words(line)}</div>" for line in more]
    return f'<div style="{BLOCK.format(colour)}">{"".join(parts)}</div>'


def coded(text: str) -> str:
    """Words as HTML: what stands between backticks is set as code, and a word between asterisks as stressed."""
    made = re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
    stressed = r"(<code>.*?</code>)|(?<![\w*])\*([A-Za-z]+)\*(?![\w*])"
    return re.sub(stressed, lambda found: found[1] or f"<em>{found[2]}</em>", made)


def _words(line):
    """A line of feedback: the word that it begins with says what the line is."""
    return re.sub(r"^(What|Why):", r"<b>\1:</b>", coded(line))


def _array(name, window):
    """A part of the student's array as a table: the entry that was spoken of is framed."""
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="{MARKED if (row, column) == window.at else CELL}">{escape(number)}</td>'
            for column, number in enumerate(numbers)
        )
        + "</tr>"
        for row, numbers in enumerate(window.rows)
    )
    return f'<table style="margin: 0.3em 0; border-collapse: collapse"><caption style="{CAPTION}">your {escape(name)}{escape(window.part)}</caption>{rows}</table>'
