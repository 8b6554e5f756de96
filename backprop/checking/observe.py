"""Call a function and record what it did: the only part of a check that runs beside a student's code.

It needs NumPy and nothing else, as every sandbox that grades a submission pays for its imports.
"""

import contextlib
import copy
import inspect
import linecache
import os
import random
import sys
import warnings
from functools import cache

import numpy as np

from backprop.checking.wire import scattered

# Both global generators are seeded before a call in a way that no submission does by itself, so that drawing
# and seeding show alike: the number after the call is then another one.
UNUSUAL = 91_827_364
FIRST_OF_PYTHON = random.Random(UNUSUAL).random()
MARK = "# YOUR CODE HERE"  # in every stub, above the line that raises
LIBRARY = os.path.dirname(os.__file__) + os.sep
HERE = os.path.dirname(__file__) + os.sep


def handed(arguments):
    """Copies of arguments to call a function with; a function among them under a name that does not say which one it is."""
    return {name: anonymous(value, name) if callable(value) else fresh(value) for name, value in arguments.items()}


def observe(function, arguments, given=None):
    """Call a function on copies of its arguments and record everything a check may look at.

    Leaves the global random generators in another state: see `undisturbed`. All of it is a claim: code that was called may have
    changed what records it.

    Parameters
    ----------
    function : callable
    arguments : dict
        Name to value, passed by position. The values themselves are never handed over.
    given : dict, optional
        What is, in place of fresh copies: `handed`, and called with before.

    Returns
    -------
    dict
        ``value``: what was returned, or None; ``error``: None or a dict of ``type``, ``message``,
        ``line`` (the number and text of the last line of the caller's own code), ``inside`` (the
        function that this line stands in) and ``stub`` (whether that one is a stub, untouched as far as shows there); ``mutated``: names of
        the arguments changed in place; ``warnings``: their texts; ``global_random``: whether the global
        generators of NumPy or Python were drawn from or seeded.
    """
    given = handed(arguments) if given is None else given
    watched = _has_numpy_random()
    if watched:
        np.random.seed(UNUSUAL)
    random.seed(UNUSUAL)
    value = error = None
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            value = function(*given.values())
        except (Exception, SystemExit) as raised:  # exit() in a function must not end the check
            line, inside, stub = _own_place(raised)
            error = {"type": type(raised).__name__[:100], "message": _message(raised), "line": line, "inside": inside, "stub": stub}
        if inspect.isgenerator(value):
            words = "a generator was returned: yield is not return"
            value, error = None, {"type": "TypeError", "message": words, "line": None, "inside": None, "stub": False}
    if not watched and _has_numpy_random():
        return observe(function, arguments)  # the call brought it in: whether it was drawn from shows the next time
    untouched = random.random() == FIRST_OF_PYTHON and (not watched or np.random.random_sample() == _first_of_numpy())
    return {
        "value": value,
        "error": error,
        "mutated": [name for name, value in arguments.items() if not callable(value) and not same(given[name], value)],
        "warnings": sorted({str(w.message)[:200] for w in caught if issubclass(w.category, RuntimeWarning)})[:100],
        "global_random": not untouched,
    }


def fresh(value):
    """A copy of a plain value; an array that is contiguous in no order stays so."""
    if isinstance(value, dict):
        return {key: fresh(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(fresh, value))
    if isinstance(value, np.ndarray):
        return value.copy(order="K") if value.flags.forc else scattered(value)
    return copy.deepcopy(value)


def anonymous(function, name):
    """The same function under a name that does not say which one it is; what numbers it was made with cannot be set."""
    made_with = getattr(function, "keywords", {})  # of a `functools.partial`

    def wrapped(*arguments, **named):
        try:
            if not made_with.keys() & named.keys():
                return function(*arguments, **named)
        except TypeError as error:
            if error.__traceback__.tb_next:
                raise
        raise TypeError(f"{name}() does not take these arguments")  # Python's own words would hold the function's name

    wrapped.__name__ = wrapped.__qualname__ = name
    return wrapped


def _has_numpy_random():
    """Whether NumPy's generators are in memory: they come at first use, and cost a sandbox a tenth of its start."""
    return "numpy.random" in sys.modules


@cache
def _first_of_numpy():
    """The number after the call, where nobody has drawn or seeded: it takes as long as all the rest to find out."""
    return np.random.RandomState(UNUSUAL).random_sample()


@contextlib.contextmanager
def undisturbed():
    """Give the global random generators their states back afterwards: they are the caller's."""
    numpy_state, python_state = np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        np.random.set_state(numpy_state)
        random.setstate(python_state)


def same(a, b):
    """Whether two plain values (arrays, numbers, dicts, lists, generators) are equal to the last bit."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return (
            isinstance(a, np.ndarray)
            and isinstance(b, np.ndarray)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and a.tobytes() == b.tobytes()
        )
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if _has_numpy_random() and isinstance(a, np.random.Generator) and isinstance(b, np.random.Generator):
        return True  # a generator is handed over to be drawn from
    try:
        return bool(a is b or a == b or (a != a and b != b))
    except Exception:  # an object of the student's own, or a table, in the place of a number
        return False


def _own_place(error):
    """Where an error comes from: the innermost line that is not a library's, Python's own, of this folder or a ``checks.py``'s.

    Returns
    -------
    (list of int and str, str, bool) or (None, None, False)
        The line's number and text, the function that it stands in, and whether that is an untouched stub.
    """
    found, step, stub = (None, None), error.__traceback__, False
    while step is not None:
        filename = step.tb_frame.f_code.co_filename
        foreign = "site-packages" in filename or filename.startswith((LIBRARY, HERE))
        if not foreign and os.path.basename(filename) != "checks.py":
            text = linecache.getline(filename, step.tb_lineno).strip()[:500]
            if text:  # none: compiled code
                found = [step.tb_lineno, text], step.tb_frame.f_code.co_name
            above = linecache.getline(filename, step.tb_lineno - 1).strip() == MARK
            stub = isinstance(error, NotImplementedError) and (above or _is_stub(step.tb_frame.f_code))
        step = step.tb_next
    return *found, stub


def _is_stub(code):
    """Whether a function's code does nothing but raise NotImplementedError."""
    return (
        code.co_names == ("NotImplementedError",)
        and code.co_nlocals <= code.co_argcount + code.co_kwonlyargcount + 2  # *args and **kwargs
        and all(constant is None or isinstance(constant, str) for constant in code.co_consts)
    )


def _message(error):
    try:
        return str(error)[:500]
    except Exception:  # a class of the student's own
        return ""
