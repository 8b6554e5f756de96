"""Plain data as text: what crosses from a student's process to the judge, and what a release writes down.

Numbers, strings, dicts, lists, tuples and numeric arrays; never pickles, never code. Anything else
arrives as `Opaque`, which says what it was and equals nothing.
"""

import base64
import functools
import json
import math
from dataclasses import dataclass

import numpy as np

MAX_DEPTH = 20
MAX_PARTS = 40_000  # of one value: an array is a few, a list as many as it holds
MAX_BYTES = 5 << 20  # of the texts and arrays in one value
MAX_BITS = 14_000  # of a whole number: Python reads no longer one from text
NUMERIC = "biufc"


class WireError(ValueError):
    """A message that is not plain data."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that cannot cross: only the name of its type does."""

    type: str


class TooLarge(Exception):
    """More than a value may hold; the message says of what."""


class _Room:
    """What is left of the parts and bytes that one value may have."""

    def __init__(self, parts, size):
        self.parts, self.size = parts, size

    def take(self, parts, size=0):
        self.parts, self.size = self.parts - parts, self.size - size
        if self.parts < 0:
            raise TooLarge(f"more than {MAX_PARTS} parts")
        if self.size < 0:
            raise TooLarge(f"more than {MAX_BYTES} bytes")


def encode(value, limited=True):
    """Turn a value into what ``json`` can write.

    Floats and arrays keep every bit, and what is contiguous in no order arrives so. A ``numpy.random.Generator`` crosses by its
    state, a function by its name, with what it is a `functools.partial` of. A value of too many parts or bytes, as one that holds
    itself, goes as what it is: the work has a bound, whatever it holds, unless it is not to be ``limited``.
    """
    try:
        return _encode(value, 0, _Room(MAX_PARTS, MAX_BYTES) if limited else _Room(math.inf, math.inf))
    except TooLarge as error:
        return {"opaque": f"{type(value).__name__[:40]} of {error}"}


def _encode(value, depth, room):
    room.take(1)
    if value is None or type(value) in (bool, float):
        return value
    if isinstance(value, str):  # NumPy's and enum's strings are names as good as any: what counts is the text
        room.take(0, str.__len__(value))
        return str.__str__(value)
    if isinstance(value, float) and not isinstance(value, np.generic):
        return float.__float__(value)
    if isinstance(value, int) and not isinstance(value, np.generic):
        value = int.__int__(value)
        return value if value.bit_length() <= MAX_BITS else {"opaque": "whole number of thousands of digits"}
    if depth < MAX_DEPTH:
        if isinstance(value, (np.ndarray, np.generic)):
            array = np.asarray(value)
            if array.dtype.kind in NUMERIC:
                room.take(3 + array.ndim, array.nbytes)
                tag = "array" if isinstance(value, np.ndarray) else "scalar"
                dtype = array.dtype.newbyteorder("<").str
                data = {tag: base64.b64encode(array.astype(dtype).tobytes()).decode(), "dtype": dtype, "shape": list(array.shape)}
                return data if array.flags.forc else {**data, "scattered": True}
            return {"opaque": f"array of dtype {array.dtype}"}
        if isinstance(value, dict):
            return {"dict": [[_encode(k, depth + 1, room), _encode(v, depth + 1, room)] for k, v in value.items()]}
        if isinstance(value, (list, tuple)):
            return {"tuple" if isinstance(value, tuple) else "list": [_encode(v, depth + 1, room) for v in value]}
        if isinstance(value, complex):
            return _encode(np.complex128(value), depth, room)
        if isinstance(value, np.random.Generator):
            return {"generator": value.bit_generator.state}
        if isinstance(value, functools.partial) and not value.args:
            return {"function": value.func.__name__, "with": _encode(value.keywords, depth + 1, room)}
        if callable(value) and hasattr(value, "__name__"):
            return {"function": value.__name__}
    return {"opaque": value.type if isinstance(value, Opaque) else type(value).__name__}


def decode(data, functions=None, depth=0):
    """Undo `encode`.

    Parameters
    ----------
    data : what ``json`` read
    functions : mapping of str to callable, optional
        Where functions are looked up by their names. Without it, functions and generators arrive opaque:
        an answer can hold neither.

    Raises
    ------
    WireError
        If the data is not of the form that `encode` writes.
    """
    if data is None or type(data) in (bool, int, float):
        return data
    if isinstance(data, str):
        return writable(data)
    if depth > MAX_DEPTH or not isinstance(data, dict) or not data:
        raise WireError("malformed value")
    tag = next(iter(data))
    body = data[tag]
    try:
        if tag in ("array", "scalar"):
            return _array(data, tag)
        if tag == "dict":
            return {_key(decode(k, functions, depth + 1)): decode(v, functions, depth + 1) for k, v in map(_list, _list(body))}
        if tag in ("list", "tuple"):
            return (tuple if tag == "tuple" else list)(decode(v, functions, depth + 1) for v in _list(body))
        if tag == "opaque":
            return Opaque(writable(_text(body)[:100]))
        if tag == "function":
            if functions is None:
                return Opaque("function")
            given = decode(data["with"], functions, depth + 1) if "with" in data else {}
            return functools.partial(functions[body], **given) if given else functions[body]
        if tag == "generator":
            if functions is None:
                return Opaque("Generator")
            generator = np.random.default_rng()
            generator.bit_generator.state = body
            return generator
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"malformed {tag[:20]}: {error}") from None
    raise WireError(f"unknown kind of value {tag[:20]!r}")


def through(value):
    """What `decode` gives of what `encode` makes of a trusted value: of plain numbers and arrays without writing them down."""
    if value is None or type(value) in (bool, float, str):
        return value
    if type(value) is np.ndarray and value.dtype.kind in NUMERIC and value.dtype.isnative and value.flags.forc:
        return value.copy(order="C")
    if type(value) in (list, tuple):
        return type(value)(map(through, value))
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: through(part) for key, part in value.items()}
    return decode(encode(value))


def _list(data):
    """A list: a text is a row of letters to Python, each a value of its own."""
    if type(data) is not list:
        raise WireError("not a list")
    return data


def _text(data):
    if type(data) is not str:
        raise WireError("not a text")
    return data


def _key(key):
    """A dict's key, which must be a text or a number that equals itself."""
    return key if (isinstance(key, (str, int, float, bool)) and key == key) or key is None else repr(key)[:50]


def writable(text):
    """A text that UTF-8 can write: half a surrogate pair, which JSON lets through, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def printable(text, keep="", most=None):
    """A text that a terminal or a page shows as it stands, and in that order.

    What moves a cursor, turns the direction of writing or cannot be seen is written as Python writes it, such as ``\\x1b``,
    but for the characters in ``keep``; what is longer than ``most`` characters ends in an ellipsis.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            c if (c.isprintable() and c not in UNSEEN) or c in keep else c.encode("unicode_escape").decode() for c in text
        )
    return text if most is None or len(text) <= most else text[: most - 1] + "…"


UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # blanks that count as letters


def _array(data, tag):
    if len(_text(data["dtype"])) > 5:  # NumPy reads a long one for seconds
        raise WireError("malformed dtype")
    dtype = np.dtype(data["dtype"])
    if dtype.kind not in NUMERIC or dtype.hasobject:
        raise WireError(f"dtype {dtype} cannot cross")
    shape = tuple(_list(data["shape"]))
    if not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 32:
        raise WireError("malformed shape")
    array = np.frombuffer(base64.b64decode(_text(data[tag]), validate=True), dtype).reshape(shape).copy()
    if dtype.kind == "b":  # a byte that is neither 0 nor 1 is no truth value
        array = array.view(np.uint8) != 0
    return array[()] if tag == "scalar" else scattered(array) if data.get("scattered") is True else array


def scattered(array):
    """The same numbers as a view that is contiguous in no order, as a transpose of a slice of a larger array is."""
    return np.repeat(array.T, 2, axis=-1)[..., ::2].T if array.ndim else array


def dumps(value):
    """A value as one line of text, however large it is."""
    return json.dumps(encode(value, limited=False), separators=(",", ":"))


def loads(text, functions=None):
    """Undo `dumps`.

    Raises
    ------
    WireError
        If the text is not what `dumps` writes.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    return decode(data, functions)
