"""Run a notebook's cells outside of a notebook, one after the other, in one namespace."""

import ast
import re
import sys


def plain(source):
    """A cell's source without IPython's own syntax: magics and shell lines do nothing here."""
    return re.sub(r"^(\s*)([%!?].*)$", r"\1pass", source, flags=re.M)


def parse(source, filename="<cell>"):
    """A cell as a syntax tree, and the source that it was made from: plain, where it is not Python as it stands."""
    try:
        return ast.parse(source, filename), source
    except SyntaxError:
        source = plain(source)
        return ast.parse(source, filename), source


def run_cell(source, namespace, number, stdout):
    """Execute one cell. Returns what it printed and its error, or None, as type, message and line."""
    filename = f"<cell {number}>"
    error = None
    try:
        tree, source = parse(source, filename)
        if "linecache" in sys.modules:
            lines = [line + "\n" for line in source.splitlines()]
            sys.modules["linecache"].cache[filename] = (len(source), None, lines, filename)
        exec(compile(tree, filename, "exec"), namespace)
    except BaseException as raised:
        step, line = raised.__traceback__, None
        while step is not None:
            if step.tb_frame.f_code.co_filename == filename:
                line = step.tb_lineno
            step = step.tb_next
        error = {
            "type": type(raised).__name__,
            "message": str(raised.msg if isinstance(raised, SyntaxError) else raised)[:500],
            "line": getattr(raised, "lineno", None) if isinstance(raised, SyntaxError) else line,
        }
    return {"stdout": stdout.take(), "error": error}
