"""What may come back from a submission's process, written as data: one shape a kind of frame.

A shape is a function that takes what JSON held, and gives it back in a form that nothing later can fail on, or raises
`WireError`. Every frame is read whole by one of them before anything is done with it.

| shape | what it lets through |
| --- | --- |
| `text`, `whole`, `truth` | a text of a length, a whole number up to one, true or false |
| `maybe`, `many`, `row`, `record` | that or null, a list of a length, a list of exactly these, an object of exactly these |
| `wire.decode` | a value: plain data, as `wire` encodes it |
| `DONE`, `RAN`, `SEEN`, `ASKED` | what a worker sends |
"""

import json

from backprop.checking import wire
from backprop.checking.standin import LARGEST
from backprop.checking.wire import WireError

MAX_STDOUT = 20_000  # characters of a cell's output; the worker itself stops at half of that


def text(most=1000):
    def read(value):
        if type(value) is not str or len(value) > most:
            raise WireError(f"no text of at most {most} characters")
        return wire.writable(value)

    return read


def whole(most=1 << 31):
    def read(value):
        if type(value) is not int or not 0 <= value <= most:
            raise WireError(f"no whole number up to {most}")
        return value

    return read


def truth(value):
    if type(value) is not bool:
        raise WireError("neither true nor false")
    return value


def maybe(shape):
    return lambda value: None if value is None else shape(value)


def many(shape, most=100):
    def read(value):
        if type(value) is not list or len(value) > most:
            raise WireError(f"no list of at most {most}")
        return [shape(part) for part in value]

    return read


def row(*shapes):
    def read(value):
        if type(value) is not list or len(value) != len(shapes):
            raise WireError(f"no list of {len(shapes)}")
        return [shape(part) for shape, part in zip(shapes, value)]

    return read


def record(**shapes):
    def read(value):
        if type(value) is not dict or value.keys() != shapes.keys():
            raise WireError(f"no record of {', '.join(shapes)}")
        return {name: shape(value[name]) for name, shape in shapes.items()}

    return read


DONE = maybe(truth)
RAN = record(
    stdout=text(MAX_STDOUT),
    error=maybe(record(type=text(), message=text(), line=maybe(whole()))),
)
SEEN = maybe(
    record(
        value=wire.decode,
        error=maybe(
            record(type=text(), message=text(), line=maybe(row(whole(), text())), inside=maybe(text()), stub=truth),
        ),
        mutated=many(text()),
        warnings=many(text()),
        global_random=truth,
    )
)
ASKED = row(text(), text(LARGEST))


def frame(data, names):
    """Open a frame: an object of an ``id`` and one thing more, which is still to be read.

    Parameters
    ----------
    data : bytes
    names : collection of str
        What else there may be.

    Returns
    -------
    identity, name, content : str, str, what JSON held

    Raises
    ------
    WireError
    """
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    if type(message) is not dict or len(message) != 2 or not (found := [name for name in names if name in message]):
        raise WireError(f"no record of id and {' or '.join(names)}")
    return text()(message.get("id")), found[0], message[found[0]]
