"""A function that lives in another process: what is called here is a stand-in, and what it asks is answered there.

A stand-in has no code but its own, so nothing is learnt from it except by calling it. All else is as if the function were
here: what it changes in its arguments is changed, what it draws from a generator is drawn, its warnings and errors come up
where it was called, under NumPy's settings there.

| what you can do | with |
| --- | --- |
| have stand-ins | `StandIns` |
| answer what one asks, where the function is | `answer` |
| refuse to | `refusal` |
"""

import builtins
import json
import sys
import types
import warnings

import numpy as np

from backprop.checking import wire

PLAIN = (type(None), bool, int, float, complex, str, np.generic, np.ndarray)
KINDS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
LARGEST = 6 << 20  # characters of a question
SILENT = ("ignore", "raise")  # what NumPy may do on an overflow; whatever else it does is a warning there


class StandIns(dict):
    """Stand-ins by their names, each made when it is looked up.

    A stand-in takes plain data: numbers, texts, arrays, generators, and dicts, lists and tuples of them.

    Parameters
    ----------
    ask : callable
        Takes the name of a function and a question, gives the answer, both as text.
    """

    def __init__(self, ask):
        self.ask, self.known = ask, []  # the global generator's state, as the other process last heard of it

    def __missing__(self, name):
        def function(*arguments, **named):
            return self._call(name, arguments, named)

        function.__name__ = function.__qualname__ = name
        self[name] = function
        return function

    def _call(self, name, arguments, named):
        parts, state = [], _global_state()
        question = {"arguments": [_pack(value, parts) for value in arguments], "errors": np.geterr()}
        question["named"] = {key: _pack(value, parts) for key, value in named.items()}
        if [state] != self.known:
            question["random"] = state
        text = json.dumps(question)
        if len(text) > LARGEST:
            raise MemoryError(f"{name} is handed more than {LARGEST} bytes")
        reply = json.loads(self.ask(name, text))
        for number, content in reply["changed"]:
            _put_back(parts[number], content, parts)
        if "random" in reply:
            state = reply["random"]
            np.random.set_state(wire.decode(state))
        self.known = [state]
        for kind, words in reply["warnings"]:
            warnings.warn(words, getattr(builtins, kind), stacklevel=3)
        if reply["error"]:
            kind, words = reply["error"]
            raise getattr(builtins, kind)(words)
        return _unpack(reply["value"], parts, parts)


def answer(function, question):
    """Call a function as its stand-in was called. Returns what happened, as text; whatever was asked, nothing is raised.

    The global generator is left as the function leaves it.
    """
    try:
        asked, parts = json.loads(question), []
        arguments = [_unpack(value, parts) for value in asked["arguments"]]
        named = {str(key): _unpack(value, parts) for key, value in asked["named"].items()}
        errors = {kind: how if how in SILENT else "warn" for kind, how in asked["errors"].items()}
        if asked.get("random"):
            np.random.set_state(wire.decode(asked["random"]))
        before, state, value, error = [*map(_trace, parts)], _global_state(), None, None
        with warnings.catch_warnings(record=True) as caught, np.errstate(**errors):
            warnings.simplefilter("always")
            try:
                value = function(*arguments, **named)
            except Exception as raised:
                error = [_builtin(type(raised)), _words(raised)]
        numbers = {id(part): number for number, part in enumerate(parts)}
        reply = {
            "changed": [[n, _content(part, numbers)] for n, part in enumerate(parts) if _trace(part) != before[n]],
            "value": _pack(value, None, numbers),
            "warnings": [[_builtin(w.category), str(w.message)] for w in caught],
            "error": error,
        }
        if _global_state() != state:
            reply["random"] = _global_state()
        return json.dumps(reply)
    except Exception as error:  # a question of another form than a stand-in's
        return refusal(error)


def refusal(error):
    """The answer that has a stand-in raise an error."""
    return json.dumps({"changed": [], "value": None, "warnings": [], "error": [_builtin(type(error)), _words(error)]})


def _builtin(kind):
    """The name of the nearest of Python's own errors or warnings that one text makes."""
    return next(one.__name__ for one in kind.__mro__ if one.__module__ == "builtins" and not issubclass(one, UnicodeError))


def _words(error):
    return error.args[0] if [*map(type, error.args)] == [str] else str(error)


def _global_state():
    """The state of NumPy's global generator; None where nobody has loaded it."""
    return _encode(np.random.get_state(legacy=False)) if "numpy.random" in sys.modules else None


def _is_generator(value):
    return "numpy.random" in sys.modules and isinstance(value, (np.random.Generator, np.random.RandomState))


def _pack(value, parts, numbers=None):
    """A value as JSON holds it.

    Parameters
    ----------
    value : plain data
    parts : list or None
        Takes what can be changed in it, in the order in which `_unpack` meets it.
    numbers : dict, optional
        The numbers of the parts by their ``id``: each goes as its number.
    """
    if numbers and id(value) in numbers:
        return {"part": numbers[id(value)]}
    if parts is not None and (isinstance(value, (np.ndarray, dict, list)) or _is_generator(value)):
        parts.append(value)
    if isinstance(value, (dict, types.MappingProxyType)):
        tag = "dict" if isinstance(value, dict) else "proxy"
        return {tag: [[_encode(key), _pack(one, parts, numbers)] for key, one in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"list" if isinstance(value, list) else "tuple": [_pack(one, parts, numbers) for one in value]}
    if _is_generator(value):
        return {type(value).__name__: _state(value)}
    if isinstance(value, PLAIN) and (not isinstance(value, np.ndarray) or value.dtype.kind in wire.NUMERIC):
        data = _encode(value)
        return {"fixed": data} if isinstance(value, np.ndarray) and not value.flags.writeable else data
    raise TypeError(f"a {type(value).__name__} cannot be handed over: numbers, arrays, generators, dicts and lists can")


def _unpack(data, parts, known=()):
    """Undo `_pack`; what can be changed goes into ``parts``, and what goes as its number is one of ``known``."""
    tag = next(iter(data)) if isinstance(data, dict) else None
    if tag == "part":
        return known[data[tag]]
    if tag in ("dict", "proxy"):
        found = {}
        parts.append(found) if tag == "dict" else None
        found.update((wire.decode(key), _unpack(one, parts, known)) for key, one in data[tag])
        return found if tag == "dict" else types.MappingProxyType(found)
    if tag == "list":
        found = []
        parts.append(found)
        found.extend(_unpack(one, parts, known) for one in data[tag])
        return found
    if tag == "tuple":
        return tuple(_unpack(one, parts, known) for one in data[tag])
    if tag in ("Generator", "RandomState"):
        state = wire.decode(data[tag])
        bits = getattr(np.random, KINDS[KINDS.index(state["bit_generator"])])()
        bits.state = state
        value = getattr(np.random, tag)(bits)
    else:
        value = wire.decode(data["fixed"] if tag == "fixed" else data)
        if not isinstance(value, np.ndarray):
            return value
        value.flags.writeable = tag != "fixed"
    parts.append(value)
    return value


def _state(generator):
    one = generator.get_state(legacy=False) if isinstance(generator, np.random.RandomState) else generator.bit_generator.state
    return _encode(one)


def _encode(value):
    return wire.encode(value, limited=False)


def _trace(part):
    """What is another one after a part was changed."""
    if isinstance(part, dict):
        return [(key, id(one)) for key, one in part.items()]
    if isinstance(part, list):
        return [*map(id, part)]
    return _state(part) if _is_generator(part) else part.tobytes()


def _content(part, numbers):
    """What a part holds, as JSON holds it; parts within go as their numbers."""
    if isinstance(part, dict):
        return [[_encode(key), _pack(one, None, numbers)] for key, one in part.items()]
    if isinstance(part, list):
        return [_pack(one, None, numbers) for one in part]
    return _state(part) if _is_generator(part) else _encode(part)


def _put_back(part, content, parts):
    """Change a part as it was changed where the function is."""
    if isinstance(part, dict):
        new = {wire.decode(key): _unpack(one, [], parts) for key, one in content}
        for key in [key for key in part if key not in new]:
            del part[key]
        for key, one in new.items():
            if key not in part or part[key] is not one:
                part[key] = one
    elif isinstance(part, list):
        part[:] = [_unpack(one, [], parts) for one in content]
    elif _is_generator(part):
        state = wire.decode(content)
        part.set_state(state) if isinstance(part, np.random.RandomState) else setattr(part.bit_generator, "state", state)
    else:
        part[...] = wire.decode(content)
