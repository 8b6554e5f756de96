"""Code of a submission that looks inside functions or frames: noted for whoever reads the report."""

import ast
import re

from backprop.grading.needs import PARSED, parse

# What shows to code which function it was handed, other than by calling it.
INSIDE = {
    "_getframe",
    "_current_frames",
    "currentframe",
    "f_back",
    "f_locals",
    "f_globals",
    "tb_frame",
    "gi_frame",
    "__code__",
    "__closure__",
    "cell_contents",
    "settrace",
    "setprofile",
    "gc",
    "inspect",
    "dis",
    "ctypes",
}


def looks_inside(cells):
    """Names in a submission's code that look inside functions or frames: for an instructor to read, no proof of anything.

    Inside one Python process nobody can be kept from that; comments and prose that speak of it do not count.

    Parameters
    ----------
    cells : list of (int, str)
        Number and source of each cell. One that is no Python is passed over: it does not run either.

    Returns
    -------
    list of str
        Those of `INSIDE` that occur as names, attributes, imports or whole strings, sorted.
    """
    found, room = set(), PARSED
    for _, source in cells:
        room -= len(source)
        if room < 0:
            names = re.findall(r"\w+", source)
        else:
            try:
                tree, _ = parse(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                if not re.search(r"^[ \t]*+(?:[%!?]|\w++[ \t]*+=[ \t]*+[%!])|\?[ \t]*+$", source, re.M):
                    continue
                found |= INSIDE.intersection(re.findall(r"\w+", source))  # what IPython makes of it is not known here
                continue
            texts = (getattr(node, kind, None) for node in ast.walk(tree) for kind in ("id", "attr", "name", "module", "value"))
            names = (name for text in texts if isinstance(text, str) for name in text.split("."))
        found |= INSIDE.intersection(names)
    return sorted(found)
