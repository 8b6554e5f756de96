"""Plain data as text: what crosses from a student's process to the judge, and what a release writes down.

Numbers, strings, dicts, lists, tuples and numeric arrays; never pickles, never code. Anything else
arrives as `Opaque`, which says what it was and equals nothing.
"""

import base64
import json
from dataclasses import dataclass

import numpy as np

MAX_DEPTH = 20
NUMERIC = "biufc"


class WireError(ValueError):
    """A message that is not plain data."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that cannot cross: only the name of its type does."""

    type: str


def encode(value, depth=0):
    """Turn a value into what ``json`` can write.

    Floats and arrays keep every bit. A ``numpy.random.Generator`` crosses by its state, a function by its name.
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, str):  # NumPy's and enum's strings are names as good as any: what counts is the text
        return str.__str__(value)
    if isinstance(value, (int, float)) and not isinstance(value, np.generic):
        return int.__int__(value) if isinstance(value, int) else float.__float__(value)
    if depth < MAX_DEPTH:
        if isinstance(value, (np.ndarray, np.generic)):
            array = np.asarray(value)
            if array.dtype.kind in NUMERIC:
                tag = "array" if isinstance(value, np.ndarray) else "scalar"
                dtype = array.dtype.newbyteorder("<").str
                return {tag: base64.b64encode(array.astype(dtype).tobytes()).decode(), "dtype": dtype, "shape": list(array.shape)}
            return {"opaque": f"array of dtype {array.dtype}"}
        if isinstance(value, dict):
            return {"dict": [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]}
        if isinstance(value, (list, tuple)):
            return {"tuple" if isinstance(value, tuple) else "list": [encode(v, depth + 1) for v in value]}
        if isinstance(value, complex):
            return encode(np.complex128(value), depth)
        if isinstance(value, np.random.Generator):
            return {"generator": value.bit_generator.state}
        if callable(value) and hasattr(value, "__name__"):
            return {"function": value.__name__}
    return {"opaque": value.type if isinstance(value, Opaque) else type(value).__name__}


def decode(data, functions=None, depth=0):
    """Undo `encode`.

    Parameters
    ----------
    data : what ``json`` read
    functions : mapping of str to callable, optional
        Where the names of functions are looked up. Without it, functions and generators arrive opaque:
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
            return {_key(decode(k, functions, depth + 1)): decode(v, functions, depth + 1) for k, v in body}
        if tag in ("list", "tuple"):
            return (tuple if tag == "tuple" else list)(decode(v, functions, depth + 1) for v in body)
        if tag == "opaque":
            return Opaque(writable(str(body)[:100]))
        if tag == "function":
            return functions[body] if functions is not None else Opaque("function")
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


def _key(key):
    """A dict's key, which must be a string or a number."""
    return key if isinstance(key, (str, int, float, bool)) or key is None else repr(key)[:50]


def writable(text):
    """A text that UTF-8 can write: half a surrogate pair, which JSON lets through, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def printable(text):
    """A text that a terminal shows as it stands: what moves its cursor or colours it becomes a question mark."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _array(data, tag):
    if not isinstance(data["dtype"], str) or len(data["dtype"]) > 5:  # NumPy reads a long one for seconds
        raise WireError("malformed dtype")
    dtype = np.dtype(data["dtype"])
    if dtype.kind not in NUMERIC or dtype.hasobject:
        raise WireError(f"dtype {dtype} cannot cross")
    shape = tuple(data["shape"])
    if not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 32:
        raise WireError("malformed shape")
    array = np.frombuffer(base64.b64decode(data[tag], validate=True), dtype).reshape(shape).copy()
    return array[()] if tag == "scalar" else array


def dumps(value):
    """A value as one line of text."""
    return json.dumps(encode(value), separators=(",", ":"))


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
