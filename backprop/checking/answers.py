"""What a function answered: one `Result` a case, sorted by the exercise's outputs.

| what you can do | with |
| --- | --- |
| call a function on every case | `call`; a right one `right` |
| sort what was recorded elsewhere | `results`, `split` |
| keep of a mistake what recognises it | `trace` |
| hold an answer against many traces | `Seen` |
| say what an error was, and where | `error_text`, `signature`, `line_of` |
"""

import contextlib
import inspect
import io
import re
import sys
import warnings
from dataclasses import dataclass, field

import numpy as np

from backprop.checking import sketch
from backprop.checking.compare import MISSING, NEARLY, RESIDUE, alike, is_number, predicted, with_article
from backprop.checking.contract import Mended
from backprop.checking.observe import handed, observe
from backprop.checking.wire import Opaque, decode, encode, through

SIZES_AND_NAMES = re.compile(r"(?<![-\w.])(\d+)(?![-\w.])|'(\w+)'")


@dataclass(frozen=True)
class Result:
    """What one call gave: each output by name, and the facts around it."""

    outputs: dict
    error: dict | None = None
    mutated: tuple = ()
    warnings: tuple = ()
    global_random: bool = False
    structure: str = ""
    varies: bool = False


class Nowhere(io.TextIOBase):
    """A stream that forgets."""

    def write(self, text):
        return len(text)


def right(exercise, function, cases):
    """What a right function answers in each case: the outputs, without a look at anything around them."""
    if exercise.refuses:
        return call(exercise, function, cases, twice=False)
    put, own = exercise.put_to(function), _space(function)
    with np.errstate(all="ignore"), warnings.catch_warnings(), contextlib.redirect_stdout(Nowhere()):
        warnings.simplefilter("ignore")
        values = [through(put(*handed(_arguments(case, own)).values())) for case in cases]
    return [Result(split(exercise, value)[0]) for value in values]


def _space(function):
    """The names among which a function was defined."""
    return getattr(inspect.unwrap(function), "__globals__", vars(sys.modules["__main__"]))


def _arguments(case, own):
    """A case's arguments, with the right functions among them that are meant there."""
    return {name: own.get(v.name, v) if isinstance(v, Mended) else v for name, v in case.arguments.items()}


def call(exercise, function, cases, twice=True, out=None, trusted=False):
    """Observe a function on every case, the first one again to see whether it always answers the same.

    Parameters
    ----------
    exercise : Exercise
    function : callable
    cases : list of Case
    twice : bool
    out : text stream, optional
        Where what the first call prints goes; what the others print goes nowhere, as it would be the same again and again.
    trusted : bool
        Whether the function is the course's own: what it returns needs no bounds.

    Returns
    -------
    list of Result
    """
    put, own, leave = exercise.put_to(function), _space(function), through if trusted else lambda value: decode(encode(value))

    def seen(case, out=None):  # as it would leave the sandbox, and at once: a later call may fill the same dict or array again
        arguments = _arguments(case, own)
        with contextlib.redirect_stdout(out or Nowhere()):
            observation = observe(put, arguments)
        return told(exercise, case, {**observation, "value": leave(observation["value"])})

    seen_all = [seen(case, None if number else out) for number, case in enumerate(cases)]
    return results(exercise, seen_all, seen(cases[0]) if twice else None)


def told(exercise, case, seen):
    """What `observe` recorded, where raising an error is an answer: True. Not that of a stub, or of a name that is nowhere."""
    if case.draw in exercise.refuses and seen["error"] and seen["error"]["type"] not in ("NotImplementedError", "NameError"):
        return {**seen, "value": True, "error": None}
    return seen


def results(exercise, observations, again):
    """Sort what `observe` recorded for every case, and for the first one again, by the exercise's outputs."""
    sorted_out = []
    for number, seen in enumerate(observations):
        outputs, structure = split(exercise, seen["value"]) if seen["error"] is None else ({}, "")
        sorted_out.append(
            Result(
                outputs,
                seen["error"],
                tuple(seen["mutated"]),
                tuple(seen["warnings"]),
                bool(seen["global_random"]),
                structure,
                number == 0 and again is not None and varies(exercise, seen, again),
            )
        )
    return sorted_out


def varies(exercise, seen, again):
    """Whether what `observe` recorded of one call is an answer, and that of another call is not the same one."""
    if seen["error"] is not None:
        return False
    return again["error"] is not None or not alike(*(split(exercise, one["value"])[0] for one in (seen, again)))


def split(exercise, value):
    """Name the parts of a returned value.

    Returns
    -------
    outputs : dict
        Every output of the exercise; `MISSING` where there is none.
    structure : str
        What is wrong with the form of what was returned, or "".
    """
    outputs = dict.fromkeys(exercise.points, MISSING)
    if exercise.returns:
        wanted = f"({', '.join(exercise.returns)})"
        if not isinstance(value, (tuple, list)) or len(value) != len(exercise.returns):
            return outputs, f"the function should return a tuple {wanted}, and yours returns {_form(value)}"
        dicts = [name not in outputs for name in exercise.returns]
        if [isinstance(part, dict) for part in value] == dicts[::-1] != dicts:
            turned = f"({', '.join(reversed(exercise.returns))})"
            return outputs, f"the results are the other way round: {wanted} is asked for, and yours are {turned}"
        for name, part in zip(exercise.returns, value):
            if name in outputs:
                outputs[name] = part
            elif isinstance(part, dict):
                outputs.update({key: part[key] for key in outputs if key in part})
            else:
                return outputs, f"{name} should be a dict, and yours is {_form(part)}"
        return outputs, ""
    if exercise.each:
        return _columns(outputs, value)
    if len(outputs) > 1 and not isinstance(value, dict):
        return outputs, f"the function should return a dict with {', '.join(outputs)}, and yours returns {_form(value)}"
    found = {name: value.get(name, MISSING) for name in outputs} if len(outputs) > 1 else dict.fromkeys(outputs, value)
    return {name: _real(part) if name in exercise.near else part for name, part in found.items()}, ""


def _columns(outputs, value):
    """Outputs of a list of dicts: for each key what it holds in every one of them, and what is wrong with the form, or ""."""
    wanted = f"dict with {' and '.join(outputs)}"
    if not isinstance(value, (list, tuple)):
        return outputs, f"the function should return a list, each element a {wanted}, and yours returns {_form(value)}"
    for number, row in enumerate(value):
        if not isinstance(row, dict):
            is_what = "None" if row is None else _form(row)
            return (
                outputs,
                f"each element of what the function returns should be a {wanted}, and element {number} of yours is {is_what}",
            )
        if lacking := [name for name in outputs if name not in row]:
            return (
                outputs,
                f"each element of what the function returns should be a {wanted}, and element {number} of yours lacks {' and '.join(lacking)}",
            )
    return {name: [row[name] for row in value] for name in outputs}, ""


def _real(value):
    """A prediction as a float, in whatever form a student has written it; what is no real number stays what it is."""
    return float(value) if is_number(value) and np.asarray(value).dtype.kind in "iuf" else value


def _form(value):
    if value is None:
        return "None: is there a return statement?"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    return "a number" if is_number(value) else with_article(value.type if isinstance(value, Opaque) else type(value).__name__)


def line_of(error):
    """The text of the line that raised an error, of a length that can be searched; "" where it is not known."""
    return error["line"][1][:500] if isinstance(error.get("line"), (list, tuple)) else ""


def error_text(error, function=""):
    """An error as the end of a sentence: what was raised, where, if not in the function itself, and its message's first line."""
    inside = error.get("inside") or "<"
    line = f" at line {error['line'][0]} (`{line_of(error)}`)" if line_of(error) else ""
    where = f" in {inside}" if inside != function and inside[0] != "<" else ""
    words = error["message"].splitlines()[0].strip() if error["message"] else "no message"
    if error["type"] == "NotImplementedError" and "NotImplementedError" in line:
        words = "this line of the stub still stands in it; delete it" if not where else f"{inside} is not written yet"
    return f"raises {error['type']}{where}{line}: {words}"


def signature(error):
    """What two errors of one cause have in common, whatever words a version of NumPy finds for it: type, sizes and names.

    >>> signature({"type": "ValueError", "message": "operands could not be broadcast together with shapes (3,5) (7,)"})
    ['ValueError', '3', '5', '7']
    >>> signature({"type": "KeyError", "message": "'W3'"})
    ['KeyError', 'W3']
    >>> signature({"type": "TypeError", "message": "only length-1 arrays can be converted to Python scalars"})
    ['TypeError']
    """
    return [error["type"], *(match[1] or match[2] for match in SIZES_AND_NAMES.finditer(error["message"]))]


@dataclass(frozen=True)
class Trace:
    """What a known mistake leaves of one call: sketches of the outputs that it spoils, and the facts around them.

    ``noise`` says that what happens is decided by rounding alone, so that nothing can be recognised by it.
    """

    outputs: dict = field(default_factory=dict)
    error: list | None = None
    mutated: tuple = ()
    warnings: tuple = ()
    global_random: bool = False
    structure: str = ""
    varies: bool = False
    noise: bool = False


def trace(result, right):
    """The trace of a result beside the right one."""
    wrong = (
        {}
        if result.error
        else {name: sketch.sketch(value) for name, value in result.outputs.items() if not alike(value, right.outputs.get(name))}
    )
    return Trace(
        wrong,
        result.error and signature(result.error),
        result.mutated,
        result.warnings,
        result.global_random,
        result.structure,
        result.varies,
    )


def results_to_plain(results):
    """The results of cases that raise nothing, as JSON holds them: for each output its values in a row; facts where there are any."""
    names = dict.fromkeys(name for result in results for name in result.outputs)
    outputs = {name: [encode(result.outputs[name]) for result in results] for name in names}
    return _told({"outputs": outputs, "facts": _facts(results)})


def results_from_plain(data):
    """Undo `results_to_plain`."""
    rows = {name: list(map(decode, row)) for name, row in data.get("outputs", {}).items()}
    count = len(next(iter(rows.values()), ()))
    return [Result({name: row[k] for name, row in rows.items()}, **fact) for k, fact in enumerate(_facts_of(data, count))]


def traces_to_plain(traces):
    """The traces of one mistake, one a case, as JSON holds them: for each output its sketches in a row; facts where there are any."""
    names = dict.fromkeys(name for trace in traces for name in trace.outputs)
    outputs = {name: " ".join(str(trace.outputs.get(name, "-")) for trace in traces) for name in names}
    return _told({"outputs": outputs, "facts": _facts(traces)})


def traces_from_plain(data, count):
    """Undo `traces_to_plain` for a number of cases."""
    rows = {name: text.split(" ") for name, text in data.get("outputs", {}).items()}
    return [
        Trace({name: sketch.from_text(row[k]) for name, row in rows.items() if row[k] != "-"}, **fact)
        for k, fact in enumerate(_facts_of(data, count))
    ]


def _facts(rows):
    """What there is beside the outputs of results or traces, one a case; one for all where they are the same, none where there is none."""
    facts = [_told({**vars(row), "outputs": None, "mutated": list(row.mutated), "warnings": list(row.warnings)}) for row in rows]
    if all(fact == facts[0] for fact in facts):
        return facts[:1] if any(facts) else []
    return facts


def _facts_of(data, count):
    """Undo `_facts` for a number of cases."""
    facts = data.get("facts", [{}])
    return [
        {**fact, "mutated": tuple(fact.get("mutated", ())), "warnings": tuple(fact.get("warnings", ()))}
        for fact in (facts * count if len(facts) == 1 else facts)
    ]


def _told(facts):
    """Facts less those that say nothing."""
    return {name: value for name, value in facts.items() if value or (value == 0 and value is not False)}


def _kinds(warnings):
    """What warnings are of, such as overflow, whatever function gave them."""
    return {text.split(" ")[0] for text in warnings}


def _is_numeric(value):
    return isinstance(value, (float, np.ndarray))


class Seen:
    """One answer made ready to be held against many traces. ``near`` says which outputs are predictions, and how far off one may be."""

    def __init__(self, answer, expected, near=()):
        self.answer, self.near = answer, dict(near)
        self.error = answer.error and signature(answer.error)
        self.right = set() if answer.error else {n for n in answer.outputs if self._is_right(n, expected.outputs.get(n))}
        self._sketches, self._largest = {}, {}

    def _is_right(self, name, expected):
        value = self.answer.outputs[name]
        return predicted(expected, value, self.near[name]) is None if name in self.near else alike(value, expected)

    def gives(self, name, found):
        """Whether this output is the wrong one that a trace holds."""
        if name in self.right or name not in self.answer.outputs:
            return False
        if name not in self._sketches:
            self._sketches[name] = sketch.sketch(self.answer.outputs[name])
        return found.matches(self._sketches[name], self.near.get(name, 0.0))

    def may_give(self, name, value):
        """Whether this output may be a mistake's value: told by the shape, and of floats by one number, the largest."""
        own = self.answer.outputs.get(name)
        if name in self.near or not (_is_numeric(own) and _is_numeric(value)):
            return True
        if np.shape(own) != np.shape(value):
            return False
        if np.size(own) == 0 or not np.asarray(own).dtype == np.asarray(value).dtype == float:
            return True
        if name not in self._largest:
            at = np.abs(own).argmax()
            self._largest[name] = at, float(np.ravel(own)[at])
        at, number = self._largest[name]
        return not abs(number - float(np.ravel(value)[at])) > NEARLY * abs(number) + RESIDUE  # of a NaN nothing is told

    def is_trace(self, theirs, varies=True):
        """Whether a mistake with this trace explains everything about the answer.

        Parameters
        ----------
        theirs : Trace
        varies : bool
            Whether what shows only in a second call counts.
        """
        answer = self.answer
        if theirs.noise:
            return not (answer.error is None and len(self.right) == len(answer.outputs))
        if theirs.error or answer.error:
            return theirs.error == self.error
        return (
            theirs.mutated == answer.mutated
            and theirs.global_random == answer.global_random
            and theirs.structure == answer.structure
            and (theirs.varies == answer.varies or not varies)
            and (
                _kinds(theirs.warnings) == _kinds(answer.warnings)
                or (bool(theirs.outputs) and bool(theirs.warnings) == bool(answer.warnings))
            )
            and all(name in self.right or name in theirs.outputs for name in answer.outputs)
            and all(self.gives(name, found) for name, found in theirs.outputs.items())
        )
