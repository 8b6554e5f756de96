"""Code of a submission that looks inside functions or frames: noted for whoever reads the report."""

import ast
import re
from functools import lru_cache

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
        found |= _words(source) if room < 0 else _names(source)
    return sorted(found)


def _words(source):
    return INSIDE.intersection(re.findall(r"\w+", source))


@lru_cache(maxsize=256)  # most cells of a class are the same
def _names(source):
    try:
        tree, _ = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        magic = re.search(r"^[ \t]*+(?:[%!?]|\w++[ \t]*+=[ \t]*+[%!])|\?[ \t]*+$", source, re.M)
        return _words(source) if magic else set()  # what IPython makes of it is not known here
    texts = (getattr(node, kind, None) for node in ast.walk(tree) for kind in ("id", "attr", "name", "module", "value"))
    return INSIDE.intersection(name for text in texts if isinstance(text, str) for name in text.split("."))
