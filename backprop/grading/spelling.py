"""How a function is spelled: pieces of its code that stay the same when names, comments and layout change.

A piece is five tokens in a row, as a number. Names of one's own count only as the first, second … of the five; a function of
NumPy's, a name that the handed-out stub has, a keyword or a number counts as itself. Lines that the stub has are left out.
"""

import builtins
import itertools
import keyword
import re
import zlib
from functools import lru_cache

LONG = 5  # tokens of a piece
PIECES = 2_000  # of one function that are compared
# A comment, a string, or, in a group, a name, a number or a sign: found in one pass, whatever the text is.
TOKEN = re.compile(
    r"""#[^\n]*+|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?|"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3})?"""
    r"""|'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?|(\n|\w++(?:\.\d++)?+|\*\*|//|[-+*/<>=!]=|[^\w\s])""",
    re.S,
)
KNOWN = {*keyword.kwlist, *dir(builtins), "np"}


def pieces(source: str, stub: str) -> set[int]:
    """The pieces of a function's code that are not the stub's.

    >>> pieces("a = 2 * Z  # twice", "") == pieces("twice=2*Z", "") != pieces("a = Z * 2", "")
    True
    """
    known, dull = _handed_out(stub)
    own = itertools.chain.from_iterable(line for line in _lines(source) if line not in dull)
    tokens = list(itertools.islice(own, PIECES + LONG - 1))
    mine = [
        token.isidentifier() and token not in known and before != "."
        for before, token in zip(itertools.chain([""], tokens), tokens)
    ]
    found = set()
    for start in range(len(tokens) - LONG + 1):
        five = tokens[start : start + LONG]
        names: dict[str, str] = {}
        for place in range(LONG):
            if mine[start + place]:
                five[place] = names.setdefault(five[place], f"\0{len(names)}")
        found.add(zlib.crc32("\n".join(five).encode(errors="replace")))
    return found


@lru_cache(maxsize=64)
def _handed_out(stub):
    """The names that a stub has, with those that Python and NumPy have, and its lines."""
    lines = list(_lines(stub))
    return KNOWN | {token for line in lines for token in line}, frozenset(lines)


def _lines(source):
    """The tokens of each line that has some, without comments and strings."""
    line: list[str] = []
    for match in TOKEN.finditer(source):
        if match[1] == "\n":
            if line:
                yield tuple(line)
            line = []
        elif match[1]:
            line.append(match[1])
    if line:
        yield tuple(line)
