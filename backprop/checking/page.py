"""Check a function that was written in a page of the book: runs in the reader's browser, in a Python of its own (Pyodide).

The page's worker (``book/_static/worker.js``) puts ``checks.py`` and ``expected.json`` of its chapter into the working directory and
calls `check` for each press of the button. Every time the assignment's cells run anew, in the notebook's order, with what the reader
has written in the place of the stubs.
"""

import ast
import contextlib
import io
import json
import sys

from backprop.checking import floats, show
from backprop.checking.cells import Kernel, parse
from backprop.checking.check import Check, CheckError
from backprop.checking.observe import undisturbed

MOST = 20_000  # characters of what is printed that are shown
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # of what is no Python


def check(request: str) -> str:
    """Check one function.

    Parameters
    ----------
    request : str
        JSON: ``name`` of the function; ``cells``, the code cells of the assignment in their order, each with its ``source`` and,
        where a function is to be written in it, that function's ``task``; ``book``, the way from the page to the book's root.

    Returns
    -------
    str
        JSON: ``text`` and ``html`` of the verdict, whether it is ``right``, and what was ``printed``.
    """
    asked = json.loads(request)
    if sys.platform == "emscripten":
        floats.warn_as_natively()
    if "" not in sys.path:
        sys.path.insert(0, "")
    name, out = asked["name"], io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        kernel, error = _run(asked["cells"], name, out)
        answer = _verdict(kernel, error, name, asked["book"], out)
        if answer["right"]:
            _measure(kernel, asked["cells"], name)
    printed = out.getvalue()
    answer["printed"] = printed if len(printed) <= MOST else printed[:MOST] + "\n… and more"
    return json.dumps(answer)


def _run(cells, name, out):
    """Run the cells up to the one of a function. Returns the kernel, and the error of that cell if there was one."""
    kernel, tasks = Kernel(), {cell["task"] for cell in cells if cell["task"]}
    for number, cell in enumerate(cells, start=1):
        if cell["task"] or not (_names(cell["source"]) & {*tasks, "check", "matplotlib"}):
            error = kernel.run(_python(cell["source"]), number)
        if cell["task"] == name:
            return kernel, error
        out.seek(0), out.truncate()  # what other cells print is not this one's
    raise ValueError(f"no cell is for {name}")


def _verdict(kernel, error, name, book, out):
    """The verdict on a function, and before it what stopped its cell."""
    stopped = ()
    if error:
        lines = kernel.source.splitlines()
        at = error["line"] and error["line"] <= len(lines) and lines[error["line"] - 1].strip()
        where = f" in line {error['line']}" + (f" (`{at}`)" if at else "") if error["line"] else ""
        stopped = (f"What you wrote stopped{where}: {error['type']}: {error['message']}",)
    function = kernel.namespace.get(name)
    if not callable(function):
        return _said(*stopped or (f"There is no function {name} in what you wrote: it begins with the line `def {name}(…):`.",))
    checks = _checks()
    try:
        with undisturbed():
            verdict = checks.verdict(function, name, out=out)
    except CheckError as problem:
        return _said(str(problem))
    text = "\n".join([verdict.text(book), *(f"  {line}" for line in stopped)])
    right = verdict.status == "right" and not stopped
    return {"text": text, "html": show.block(verdict, book, stopped), "right": right}


def _said(*lines):
    """An answer that is no verdict."""
    return {"text": "\n".join(lines), "html": "".join(f"<div>{show.coded(line)}</div>" for line in lines), "right": False}


def _measure(kernel, cells, name):
    """After a right prediction: run the cell that follows it, which measures, and prints what it has found."""
    place = next(number for number, cell in enumerate(cells) if cell["task"] == name)
    for number, cell in enumerate(cells[place + 1 :], start=place + 2):
        if cell["task"]:
            return
        if "measured" in _names(cell["source"], bound=True):
            kernel.run(cell["source"], number)
            return


def _checks() -> Check:
    import checks

    return checks.check


def _names(source, bound=False):
    """The names that a cell reads and has not made itself, and the packages that it imports; or those that it makes."""
    try:
        tree, _ = parse(source)
    except UNREADABLE:
        return set()
    made, read = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.Import):
            read |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            read.add((node.module or "").partition(".")[0])
            made |= {alias.asname or alias.name for alias in node.names}
    return made if bound else read - made


def _python(source):
    """A cell without IPython's own syntax, which nothing translates here; one that is no Python even so stays as it was written."""
    try:
        return parse(source)[1]
    except UNREADABLE:
        return source
