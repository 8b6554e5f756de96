"""Compare one answer with what was expected, and say in words how they differ.

A finding's text never shows the expected numbers: it names shapes, kinds, factors and how much is right. Where that says little,
``entry`` holds one of them beside the student's own.

| what you can do | with |
| --- | --- |
| tell whether two answers are the same | `alike`, `close` |
| say how an answer differs | `compare` |
| say how a prediction misses | `predicted` |
| have names, types and numbers as a sentence has them | `listed`, `with_article`, `number_in_words` |
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from backprop.checking.observe import same
from backprop.checking.wire import NUMERIC, Opaque

# Right answers differ by rounding, about 1e-15; the small constant that some add inside a logarithm, 1e-8, moves
# a loss by up to ten times that where no prediction is nearly certain (see `draw.network`). The smallest slip in the
# catalogues moves an answer by more than 1e-3.
TOLERANCE = 1e-6
# Where 0 is right, as of relu(-2.0) or a first bias, some right formulas leave what rounding does: about 1e-16 of inputs near 1.
RESIDUE = 1e-12
NEARLY = 1e-3  # an answer that is off by less has lost digits on the way


@dataclass(frozen=True)
class Finding:
    """One way in which an answer is not right: a short kind for machines, a sentence for people.

    ``entry`` is a sentence about one number: where it stands, what went in, what it is and what is right; "" where that would
    help nobody, or where what is right is one of a few. ``window`` is what stands around it in the student's own array.
    """

    kind: str
    text: str
    entry: str = ""
    window: "Window | None" = None


@dataclass(frozen=True)
class Window:
    """A part of an array: its numbers in words, row by row, the place of one of them, and which part it is, where it is not all."""

    rows: tuple[tuple[str, ...], ...]
    at: tuple[int, int]
    part: str = ""


class ValueFinding:
    """A `Finding` about numbers, put into words when it is read: of most that a wrong function gets, nobody asks for the words."""

    def __init__(self, *about):
        self.about = about

    @cached_property
    def finding(self):
        return _value_finding(*self.about)

    def __getattr__(self, name):
        return getattr(self.finding, name)


MISSING = Opaque("missing")
SINGLE = Finding(
    "dtype", "was computed in float32 on the way: half of its digits are gone, and the course works in float64 throughout."
)


def close(a, b):
    """Whether two numbers or arrays of one shape agree to the tolerance; NaN and infinities must coincide.

    The scale of an entry is the larger of itself and the root mean square of the finite expected ones, so
    that an entry near zero among large ones is not held to more digits than arithmetic gives.
    """
    if isinstance(a, float) and isinstance(b, float):  # the same, without what it costs to call NumPy for one number
        a, b = float(a), float(b)
        if not (math.isfinite(a) and math.isfinite(b)):
            return a == b or (a != a and b != b)
        return abs(a - b) <= (TOLERANCE * abs(b) + 1e-300 if b else RESIDUE)
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    return a.size == 0 or same(a, b) or _close(a.ravel(), b.ravel())


@np.errstate(all="ignore")  # whatever an answer holds
def _close(a, b):
    finite = np.isfinite(b)
    if not (finite.all() and np.isfinite(a).all()):
        if not np.array_equal(finite, np.isfinite(a)) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
            return False
        a, b = a[finite], b[finite]
        if b.size == 0:
            return True
    a, b = (x.astype(np.result_type(x, float), copy=False) for x in (a, b))
    size = np.abs(b)
    peak = size.max()
    if peak == 0:
        return bool((np.abs(a) <= RESIDUE).all())
    scale = np.maximum(size, peak * math.sqrt(np.add.reduce((size / peak) ** 2) / size.size))
    return bool((np.abs(a - b) <= TOLERANCE * scale + 1e-300).all())


def alike(a, b):
    """Whether two values are the same answer: same type and shape, same numbers to the tolerance; a list may be an array."""
    if is_number(a) and is_number(b):
        return kind_of(a) == kind_of(b) and close(a, b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return kind_of(a) == kind_of(b) and a.dtype.kind in NUMERIC and close(a, b)
    a, b = (
        list(x) if isinstance(x, np.ndarray) and x.ndim == 1 and isinstance(y, (list, tuple)) else x for x, y in ((a, b), (b, a))
    )
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(alike, a, b))
    return type(a) is type(b) and (a == b or type(a).__eq__ is object.__eq__)  # such a type knows no other equality than `is`


def is_number(value):
    """Whether a value is one number that NumPy can hold: Python's, NumPy's, or an array of shape ()."""
    return (
        isinstance(value, (bool, int, float, complex, np.generic)) or (isinstance(value, np.ndarray) and value.shape == ())
    ) and np.asarray(value).dtype.kind in NUMERIC


def kind_of(value):
    """The precision an answer comes in; Python's own numbers count as NumPy's float64 or whole numbers."""
    return _kind(np.asarray(value).dtype)


@lru_cache(maxsize=64)  # NumPy takes its time to write a dtype
def _kind(dtype):
    return {"i": "integer", "u": "integer", "b": "boolean"}.get(dtype.kind, str(dtype))


def compare(expected, answer, arguments=None):
    """Say how an answer differs from what was expected.

    Parameters
    ----------
    expected, answer : numbers, arrays, or plain values
    arguments : dict, optional
        What the function was called with, for naming a factor after a size.

    Returns
    -------
    Finding or None
        None where the answer is right.
    """
    if type(expected) is type(answer) is np.ndarray and expected.dtype == float and same(expected, answer):
        return None
    with np.errstate(all="ignore"):  # as in `close`: a student's own settings are for the student's own code
        return _compare(expected, answer, arguments)


def _compare(expected, answer, arguments):
    if isinstance(answer, Opaque) and answer == MISSING:
        return Finding("missing", "is missing from what your function returns.")
    if answer is None and expected is not None:
        return Finding("none", "is None: is there a return statement, with a value after it?")
    if is_number(expected) or isinstance(expected, np.ndarray):
        return _compare_numbers(expected, answer, arguments or {})
    if isinstance(expected, (list, tuple)):
        return _compare_sequences(expected, answer, arguments)
    if isinstance(expected, dict):
        return _compare_dicts(expected, answer, arguments)
    if type(expected) is not type(answer):
        return Finding("type", f"should be {_describe(expected)}, and yours is {_describe(answer)}.")
    return None if expected == answer else Finding("value", "is not the value that is right here.")


def predicted(expected, answer, near):
    """Say how a prediction misses the number that it is of, or None where it is near enough; what is no number is `compare`'s."""
    if not isinstance(answer, float) or not math.isfinite(answer):
        return compare(expected, answer)
    if abs(answer - expected) <= near + RESIDUE:  # 0.65 is as near to 0.6 as it is allowed to be
        return None
    return Finding(
        "prediction", f"is too {'high' if answer > expected else 'low'}{f', by more than {number_in_words(near)}' if near else ''}."
    )


def _compare_sequences(expected, answer, arguments):
    if isinstance(answer, np.ndarray) and answer.ndim == 1 and all(map(is_number, expected)):
        answer = list(np.asarray(answer))  # less a mask
    if not isinstance(answer, (list, tuple)):
        return Finding("type", f"should be {_describe(expected)}, and yours is {_describe(answer)}.")
    if len(answer) != len(expected):
        return Finding("length", f"should have {len(expected)} elements, and yours has {len(answer)}.")
    if expected and all(map(is_number, expected)) and all(map(is_number, answer)):
        return _compare_numbers(np.array(expected), np.array(answer), arguments or {})
    findings = [_compare(e, a, arguments) for e, a in zip(expected, answer)]
    right = [str(i) for i, f in enumerate(findings) if not f]
    also = f"; element{'s' if len(right) > 1 else ''} {listed(right)} {'are' if len(right) > 1 else 'is'} right." if right else "."
    return next(
        (Finding(f.kind, f"differs at element {i}: it {f.text.rstrip('.')}{also}", f.entry) for i, f in enumerate(findings) if f),
        None,
    )


def _compare_dicts(expected, answer, arguments):
    if not isinstance(answer, dict):
        return Finding("type", f"should be a dict, and yours is {_describe(answer)}.")
    missing = [key for key in expected if key not in answer]
    if missing:
        return Finding("missing", f"lacks {', '.join(map(str, missing))}.")
    findings = [(key, _compare(value, answer[key], arguments)) for key, value in expected.items()]
    return next((Finding(f.kind, f"differs at {key}: it {f.text}", f.entry) for key, f in findings if f), None)


def _compare_numbers(expected, answer, arguments):
    if isinstance(answer, list):
        return Finding(
            "type", f"should be {_describe(expected)}, and yours is {_describe(answer)}: make it an array with np.array."
        )
    if not (is_number(answer) or isinstance(answer, np.ndarray)):
        return Finding("type", f"should be {_describe(expected)}, and yours is {_describe(answer)}.")
    wanted, got = np.asarray(expected), np.asarray(answer)
    if got.dtype.kind not in NUMERIC:
        return Finding("dtype", f"has dtype {got.dtype}, and the course works in float64 throughout.")
    if wanted.shape != got.shape:
        return _shape_finding(wanted, got)
    if got.dtype.kind == "c" and wanted.dtype.kind != "c":
        return Finding("dtype", "is complex; it should be real.")
    wrong_precision = got.dtype.itemsize < 8 and got.dtype.kind == "f"
    whole = got.dtype.kind in "iub" and wanted.dtype.kind == "f"
    if wrong_precision or (whole and wanted.ndim > 0):
        return Finding("dtype", f"has dtype {got.dtype}, and the course works in float64 throughout.")
    if wanted.dtype.kind == "i" and got.dtype.kind == "f":
        return Finding("dtype", "should be whole numbers, and yours are floats: nothing can be counted out or sliced with them.")
    if wanted.dtype.kind == "b" and got.dtype.kind != "b":
        return Finding("dtype", f"should be True or False, and yours is {got.dtype}.")
    if wanted.dtype.kind == "b" and wanted.size == 1:
        return None if bool(got) == bool(wanted) else Finding("value", f"is {bool(got)}, and {bool(wanted)} is right.")
    few = wanted.dtype.kind != "f"  # whole numbers could be written down
    wanted, got = wanted.astype(np.result_type(wanted, float)), got.astype(np.result_type(got, float))
    if close(got, wanted):
        return SINGLE if _single(wanted, got) else None
    return ValueFinding(wanted, got, arguments, few)


def _single(wanted, got):
    """Whether right numbers have been through float32: each is one of its numbers, and some are off as far as that.

    Right float64 answers differ by 1e-12 at most, and those of a measured slope or a small constant, which differ by more, are
    no numbers of float32.
    """
    if got.dtype.kind != "f" or not np.isfinite(wanted).all() or not np.array_equal(got, got.astype(np.float32)):
        return False
    peak = np.max(np.abs(wanted), initial=0.0)
    return bool(peak > 0 and np.max(np.abs(got - wanted)) > 1e-10 * peak)  # where 0 is right, some formulas leave 1e-17


def _shape_finding(wanted, got):
    text = f"should be {_describe(wanted)}, and yours is {_describe(got)}"
    if got.shape == wanted.shape[::-1] and close(got.T, wanted):
        return Finding("transpose", text + ": it is the transpose of the right answer.")
    if got.size == wanted.size and close(got.reshape(wanted.shape), wanted):
        return Finding("shape", text + ": the numbers are right, only the shape is not.")
    if got.shape == wanted.shape[:1] and len(wanted.shape) == 2:
        return Finding("shape", text + ": keepdims=True keeps the axis that a sum removes.")
    return Finding("shape", text + ".")


@np.errstate(all="ignore")
def _value_finding(wanted, got, arguments, few):
    bad = ~np.isfinite(got) & np.isfinite(wanted)
    if bad.any():
        what = "NaN" if np.isnan(got[bad]).all() else "infinity" if np.isinf(got[bad]).all() else "NaN and infinity"
        if bad.size == 1:
            return Finding("nan", f"is {what}, and should be finite.")
        return Finding("nan", f"holds {what} in {bad.sum()} of {bad.size} entries, and every one should be finite.")
    if not np.isfinite(wanted).all() or not np.isfinite(got).all():
        return Finding("value", "is finite where it should not be, or the reverse.")
    at = np.unravel_index(np.argmax(np.abs(got - wanted)), got.shape)
    entry, window = ("", None) if few else (_one_entry(wanted, got, arguments, at), _window(got, at))
    if np.all(np.abs(got - wanted) <= NEARLY * np.abs(wanted)):
        return Finding(
            "value",
            "agrees with the right answer in its first digits only: something small is different, such as a term that is small or a number that was rounded.",
            entry,
            window,
        )
    if np.abs(wanted).max() > 0 and np.abs(got).max() > 0 and not (few and got.size > 1):
        factor = np.sum(got * wanted) / np.sum(wanted * wanted)
        words, hint = _name_factor(factor.real, arguments, any_number=got.size > 1 and not few)
        if words and factor != 0 and close(got, factor * wanted):
            return Finding("factor", f"is exactly {words} the right answer{hint}.")
    if got.ndim == 2 and got.shape[0] == got.shape[1] > 1 and close(got.T, wanted):
        return Finding("transpose", "is the transpose of the right answer.")
    if got.size > 1 and np.abs(got).max() == 0:
        return Finding("zero", "is zero everywhere.")
    if got.size == 1:
        return Finding("value", "is not the right number.", entry, window)
    wrong = sum(not close(g, w) for g, w in zip(got.ravel(), wanted.ravel()))
    some = (
        f"differs in {wrong} of its {got.size} entries" if wrong < got.size else f"differs in every one of its {got.size} entries"
    )
    return Finding("value", f"has the right shape, and {some}.", entry, window)


def _window(got, at, rows=5, columns=7):
    """What stands around a place in an array of one or two axes with more than one entry; of others nothing."""
    if got.ndim not in (1, 2) or got.size == 1:
        return None
    grid, (row, column) = np.atleast_2d(got), (0, *at) if got.ndim == 1 else at
    top, left = (max(0, min(k - size // 2, n - size)) for k, size, n in ((row, rows, len(grid)), (column, columns, grid.shape[1])))
    seen = grid[top : top + rows, left : left + columns]
    spans = [f"{start}:{start + size}" for start, size in zip((top, left), seen.shape)][-got.ndim :]
    part = "" if seen.shape == grid.shape else f"[{', '.join(spans)}]"
    return Window(tuple(tuple(map(number_in_words, numbers)) for numbers in seen), (int(row - top), int(column - left)), part)


def _one_entry(wanted, got, arguments, at):
    """The entry at a place, in words, and the entries of arguments of the same shape there."""
    went_in = [
        f"{name} is {number_in_words(np.asarray(value)[at])}"
        for name, value in arguments.items()
        if (is_number(value) or isinstance(value, np.ndarray))
        and np.shape(value) == got.shape
        and np.asarray(value).dtype.kind in "fiu"
    ]
    place = f"at [{', '.join(str(int(i)) for i in at)}]" if at else ""
    where = ", ".join(part for part in (place, f"where {listed(went_in)}" if went_in else "") if part)
    digits = next(d for d in (4, 6, 9, 17) if d == 17 or f"{got[at]:.{d}g}" != f"{wanted[at]:.{d}g}")
    said = f"{where}{', ' if went_in else ' '}yours is {number_in_words(got[at], digits)} and {number_in_words(wanted[at], digits)} is right.".strip()
    return said[:1].upper() + said[1:]


def number_in_words(x, digits=4):
    """A number as a sentence has it.

    >>> number_in_words(-1.23456)
    '−1.235'
    """
    return f"{x:.{digits}g}".replace("-", "−")


def _name_factor(factor, arguments, any_number=True):
    """A factor in words, and a hint where it is made of a size of one of the arguments (2 is too common to be one).

    Between two single numbers there is always a factor: it says something where it is a sign, a whole number or one over
    it, or where a size makes it, and is "" elsewhere.
    """
    sign, size = ("−" if factor < 0 else ""), abs(factor)
    sizes = [
        (n, f" ({n} is the size of {name} along axis {axis})")
        for name, value in arguments.items()
        for axis, n in enumerate(getattr(value, "shape", ()))
        if n > 2
    ]
    whole = max(size, 1 / size) if size else 0.0
    if not (whole < 1e6 and close(whole, float(round(whole)))):
        for n, hint in sizes:
            made = {
                f"{n}/{n - 1}": n / (n - 1),
                f"{n - 1}/{n}": 1 - 1 / n,
                f"{n}/{n + 1}": n / (n + 1),
                f"√{n}": n**0.5,
                f"1/√{n}": n**-0.5,
            }
            words = next((words for words, value in made.items() if close(size, value)), "")
            if words:
                return f"{sign}{words} times", hint
        return (f"{sign}{size:.4g} times" if any_number else ""), ""
    n = round(whole)
    words = f"{sign}{n} times" if size >= 1 else f"{sign}1/{n} of"
    hint = next((hint for length, hint in sizes if length == n), "")
    return words if any_number or n < 100 or hint else "", hint


def _describe(value):
    if isinstance(value, Opaque):
        return with_article(value.type)
    if isinstance(value, np.ndarray) and value.shape:
        return f"an array of shape {value.shape}"
    if is_number(value):
        return "True or False" if np.asarray(value).dtype.kind == "b" else "a number"
    if isinstance(value, (list, tuple, dict, str)):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, int):
        return "a whole number of more than 64 bits"
    return "None" if value is None else with_article(type(value).__name__)


def with_article(name):
    """The name of a type with its article.

    >>> with_article("ellipsis"), with_article("map")
    ('an ellipsis', 'a map')
    """
    return f"an {name}" if name[:1].lower() in "aeio" else f"a {name}"


def listed(names):
    """Names as a sentence has them.

    >>> listed(["Z1", "A", "Z2"])
    'Z1, A and Z2'
    """
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def come_first(names):
    """What is said of a function whose own earlier ones are not right yet.

    >>> come_first(["relu"])
    'relu comes first: mend it, then run this again.'
    """
    names = list(names)
    verb, them = ("comes", "it") if len(names) == 1 else ("come", "them")
    return f"{listed(names)} {verb} first: mend {them}, then run this again."
