"""What a function answered: one `Result` a case, sorted by the exercise's outputs.

| what you can do | with |
| --- | --- |
| call a function on every case | `call` |
| sort what was recorded elsewhere | `results`, `split` |
| keep of a mistake what recognises it | `trace` |
| hold an answer against many traces | `Seen` |
| say what an error was | `error_text`, `signature` |
"""

import re
from dataclasses import dataclass, field

from backprop.checking import sketch
from backprop.checking.compare import MISSING, alike, is_number, with_article
from backprop.checking.observe import observe
from backprop.checking.wire import Opaque, decode, encode

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

    def plain(self):
        """As plain data for a file; what is as it usually is stays out."""
        return _told(
            {
                "outputs": self.outputs,
                "error": self.error,
                "mutated": list(self.mutated),
                "warnings": list(self.warnings),
                "global_random": self.global_random,
                "structure": self.structure,
                "varies": self.varies,
            }
        )


def from_plain(data):
    """Undo `Result.plain`."""
    return Result(**{"outputs": {}, **data, "mutated": tuple(data.get("mutated", ())), "warnings": tuple(data.get("warnings", ()))})


def call(exercise, function, cases, twice=True):
    """Observe a function on every case, the first one again to see whether it always answers the same.

    Returns
    -------
    list of Result
    """
    function = exercise.put_to(function)

    def seen(case):  # as it would leave the sandbox, and at once: a later call may fill the same dict or array again
        observation = observe(function, case.arguments)
        return {**observation, "value": decode(encode(observation["value"]))}

    return results(exercise, [seen(case) for case in cases], seen(cases[0]) if twice else None)


def results(exercise, observations, again):
    """Sort what `observe` recorded for every case, and for the first one again, by the exercise's outputs."""
    sorted_out = []
    for number, seen in enumerate(observations):
        outputs, structure = split(exercise, seen["value"]) if seen["error"] is None else ({}, "")
        varies = (
            number == 0
            and again is not None
            and seen["error"] is None
            and (again["error"] is not None or not alike(outputs, split(exercise, again["value"])[0]))
        )
        sorted_out.append(
            Result(
                outputs,
                seen["error"],
                tuple(seen["mutated"]),
                tuple(seen["warnings"]),
                bool(seen["global_random"]),
                structure,
                varies,
            )
        )
    return sorted_out


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
        for name, part in zip(exercise.returns, value):
            if name in outputs:
                outputs[name] = part
            elif isinstance(part, dict):
                outputs.update({key: part[key] for key in outputs if key in part})
            else:
                return outputs, f"{name} should be a dict, and yours is {_form(part)}"
        return outputs, ""
    if len(outputs) == 1:
        return {next(iter(outputs)): value}, ""
    if not isinstance(value, dict):
        return outputs, f"the function should return a dict with {', '.join(outputs)}, and yours returns {_form(value)}"
    return {name: value.get(name, MISSING) for name in outputs}, ""


def _form(value):
    if value is None:
        return "None: is there a return statement?"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    return "a number" if is_number(value) else with_article(value.type if isinstance(value, Opaque) else type(value).__name__)


def error_text(error):
    """An error as the end of a sentence: what was raised, where, and its message's first line."""
    where = f" at line {error['line'][0]} (`{error['line'][1]}`)" if error.get("line") and error["line"][1] else ""
    return f"raises {error['type']}{where}: {error['message'].splitlines()[0].strip() if error['message'] else 'no message'}"


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


def traces_to_plain(traces):
    """The traces of one mistake, one a case, as JSON holds them: for each output its sketches in a row; facts where there are any."""
    names = dict.fromkeys(name for trace in traces for name in trace.outputs)
    outputs = {name: " ".join(str(trace.outputs.get(name, "-")) for trace in traces) for name in names}
    facts = [
        _told({**vars(trace), "outputs": None, "mutated": list(trace.mutated), "warnings": list(trace.warnings)})
        for trace in traces
    ]
    if all(fact == facts[0] for fact in facts):
        facts = facts[:1] if facts[0] else []
    return _told({"outputs": outputs, "facts": facts})


def traces_from_plain(data, count):
    """Undo `traces_to_plain` for a number of cases."""
    rows = {name: text.split(" ") for name, text in data.get("outputs", {}).items()}
    facts = data.get("facts", [{}])
    facts = facts * count if len(facts) == 1 else facts
    return [
        Trace(
            {name: sketch.from_text(row[k]) for name, row in rows.items() if row[k] != "-"},
            **{**facts[k], "mutated": tuple(facts[k].get("mutated", ())), "warnings": tuple(facts[k].get("warnings", ()))},
        )
        for k in range(count)
    ]


def _told(facts):
    """Facts less those that say nothing."""
    return {name: value for name, value in facts.items() if value or (value == 0 and value is not False)}


class Seen:
    """One answer made ready to be held against many traces."""

    def __init__(self, answer, expected):
        self.answer = answer
        self.error = answer.error and signature(answer.error)
        self.right = set() if answer.error else {n for n, v in answer.outputs.items() if alike(v, expected.outputs.get(n))}
        self._sketches = {}

    def gives(self, name, found):
        """Whether this output is the wrong one that a trace holds."""
        if name in self.right or name not in self.answer.outputs:
            return False
        if name not in self._sketches:
            self._sketches[name] = sketch.sketch(self.answer.outputs[name])
        return found.matches(self._sketches[name])

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
            and bool(theirs.warnings) == bool(answer.warnings)
            and all(name in self.right or name in theirs.outputs for name in answer.outputs)
            and all(self.gives(name, found) for name, found in theirs.outputs.items())
        )
