"""How a function is spelled: pieces of its code that stay the same when names, comments and layout change.

A piece is five tokens in a row, as a number. Names of one's own count only as the first, second … of the five; a function of
NumPy's, a name that the handed-out stub has, a keyword or a number counts as itself. Lines that the stub has are left out.
"""

import builtins
import itertools
import keyword
import re
import zlib

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
    given = list(_lines(stub))
    known, dull = KNOWN | {token for line in given for token in line}, set(given)
    own = itertools.chain.from_iterable(line for line in _lines(source) if line not in dull)
    tokens = list(itertools.islice(own, PIECES + LONG - 1))
    mine = [
        token.isidentifier() and token not in known and before != "."
        for before, token in zip(itertools.chain([""], tokens), tokens)
    ]
    found = set()
    for start in range(len(tokens) - LONG + 1):
        names: dict[str, str] = {}
        five = [
            names.setdefault(token, f"\0{len(names)}") if is_mine else token
            for token, is_mine in zip(tokens[start : start + LONG], mine[start : start + LONG])
        ]
        found.add(zlib.crc32("\n".join(five).encode(errors="replace")))
    return found


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
