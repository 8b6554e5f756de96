"""Turn what a function did into points and feedback.

The same code serves the student's notebook and grading; it is given what was expected and what came
back, and never calls a student's function itself.
"""

from dataclasses import dataclass, field, replace

from backprop.compare import MISSING, Finding, alike, compare, is_number, with_article
from backprop.mistakes import place
from backprop.observe import observe
from backprop.wire import Opaque, decode, encode

CONDUCT = 0.5  # the share that is kept by right values that come with a side effect


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

    def plain(self, right=None):
        """As plain data for a file; with the right result given, outputs that are right are left out."""
        outputs = {name: value for name, value in self.outputs.items()
                   if right is None or not alike(value, right.outputs.get(name))}
        return {"outputs": outputs, "error": self.error, "mutated": list(self.mutated),
                "warnings": list(self.warnings), "global_random": self.global_random,
                "structure": self.structure, "varies": self.varies}


def from_plain(data, right=None):
    """Undo `Result.plain`."""
    outputs = data["outputs"] if right is None or data["error"] else {**right.outputs, **data["outputs"]}
    return Result(**{**data, "outputs": outputs, "mutated": tuple(data["mutated"]), "warnings": tuple(data["warnings"])})


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
        varies = number == 0 and again is not None and seen["error"] is None and (
            again["error"] is not None or not alike(outputs, split(exercise, again["value"])[0]))
        sorted_out.append(Result(outputs, seen["error"], tuple(seen["mutated"]), tuple(seen["warnings"]),
                                 bool(seen["global_random"]), structure, varies))
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


@dataclass
class Verdict:
    """The points of one exercise and everything that is said about it.

    ``status`` is one of ``right``, ``partial``, ``wrong``, ``error`` and ``not attempted``; ``sound`` says whether
    it is right for ordinary inputs, so that others can build on it; ``diagnoses`` holds the ids of recognised
    mistakes, or ``upstream``, or the kinds of what `compare` found.
    """

    exercise: str
    points: float
    max_points: float
    status: str
    diagnoses: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    read: list = field(default_factory=list)
    sound: bool = False

    def text(self, book=""):
        """The feedback as text: a heading, then what, why and where to read."""
        head = f"{self.exercise}: {self.points:g} of {self.max_points:g} points"
        if self.status == "right":
            return f"{head}. All right."
        if self.status == "not attempted":
            head += ". Not attempted yet: `raise NotImplementedError()` still stands in it."
        body = [f"  {line}" for line in self.lines]
        for read in self.read:
            link, words = place(read)
            body.append(f"  → {words}" + (f": {book.rstrip('/')}/{link}" if book else ""))
        return "\n".join([head, *body])


def judge(exercise, cases, expected, answers, catalogue=lambda plausible: [], upstream=(), stored=()):
    """Give points and feedback for one exercise.

    Parameters
    ----------
    exercise : Exercise
    cases : list of Case
    expected, answers : list of Result
        One a case.
    catalogue : callable
        Gives pairs of a mistake and its list of Result; called only where something is wrong. A mistake has
        ``id``, ``says``, ``why`` and ``read``. It is handed a predicate that says of a mistake's result for the
        first case whether its other cases are worth computing.
    upstream : sequence of str
        Functions that this one may call and that are themselves not right yet.
    stored : sequence of Result
        The visible cases' right answers, which a function may be returning from store.

    Returns
    -------
    Verdict
    """
    verdict = Verdict(exercise.name, 0.0, exercise.max_points, "right")
    if all(_untouched(exercise, a) for a in answers):
        verdict.status = "not attempted"
        return verdict
    findings = [_compare_case(exercise, c, e, a) for c, e, a in zip(cases, expected, answers)]
    conduct = _conduct(cases, answers)
    wrong = _wrong(exercise, cases, findings)
    verdict.points = sum(p for name, p in exercise.points.items() if name not in wrong)
    if conduct:
        verdict.points *= CONDUCT
    if not wrong and not conduct:
        verdict.points += sum(
            points for draw, points in exercise.extreme.items()
            if not any(f or a.warnings for f, c, a in zip(findings, cases, answers) if c.draw is draw))
    verdict.sound = not wrong and not conduct
    if verdict.points == exercise.max_points:
        return verdict
    errors = [a for a in answers if a.error]
    verdict.status = "error" if len(errors) == len(answers) else "partial" if verdict.points else "wrong"
    if upstream and exercise.waits:  # judge the other cases by themselves
        told = [number for number, case in enumerate(cases) if case.draw not in exercise.waits]
        cases, expected, answers, findings = ([rows[n] for n in told] for rows in (cases, expected, answers, findings))
        wrong, conduct, whole = _wrong(exercise, cases, findings), _conduct(cases, answers), catalogue
        if not wrong and not conduct:
            verdict.diagnoses.append("upstream")
            verdict.lines.append(f"Right so far: {_list(dict.fromkeys(case.title for case in cases))}. "
                                 f"For the rest {_list(upstream)} comes first: mend it, then run this again.")
            return verdict
        catalogue, upstream = (lambda plausible: [(m, [theirs[n] for n in told]) for m, theirs in whole(plausible)]), ()
    _explain(verdict, exercise, cases, expected, answers, findings, conduct, wrong, catalogue, upstream, stored)
    return verdict


def _untouched(exercise, answer):
    """Whether it is the stub itself that raised, and not one of another function that this one calls."""
    error = answer.error
    return error and error["type"] == "NotImplementedError" and error.get("inside") in (None, exercise.name)


def _wrong(exercise, cases, findings):
    """Names of the outputs that are wrong for some ordinary input."""
    return [name for name in exercise.points if any(name in f for f, c in zip(findings, cases) if not c.extreme)]


def _compare_case(exercise, case, expected, answer):
    """Findings of one case by output; those of an error or a wrong form stand under every output."""
    if answer.error:
        return dict.fromkeys(exercise.points, Finding("error", _error_text(answer.error)))
    if answer.structure:
        return dict.fromkeys(exercise.points, Finding("structure", answer.structure))
    accept = exercise.accept.get(case.draw)
    found = {}
    for name in exercise.points:
        finding = compare(expected.outputs[name], answer.outputs.get(name, MISSING), case.arguments)
        if finding and accept and is_number(answer.outputs.get(name)):
            finding = None if accept(expected.outputs[name], answer.outputs[name]) else finding
        if finding:
            found[name] = finding
    return found


def _error_text(error):
    where = f" at line {error['line'][0]} (`{error['line'][1]}`)" if error.get("line") and error["line"][1] else ""
    return f"raises {error['type']}{where}: {error['message'].splitlines()[0].strip() if error['message'] else 'no message'}"


def _conduct(cases, answers):
    """Side effects: kind to sentence."""
    found = {}
    mutated = sorted({name for a in answers for name in a.mutated})
    if mutated:
        found["mutated"] = (f"It changes its argument {', '.join(mutated)} in place: whoever calls it loses their "
                            "data. Work on something new: `Z * 2` makes a new array, `Z *= 2` does not.")
    if any(a.global_random for a in answers):
        found["global-random"] = ("It uses or reseeds a global random generator. Draw from the generator that is "
                                  "passed in, or from none.")
    elif any(a.varies for a in answers):
        found["varies"] = ("Called twice with the same arguments it gives two answers: does it keep state outside itself, or draw "
                           "random numbers of its own?")
    return found


def _explain(verdict, exercise, cases, expected, answers, findings, conduct, wrong, catalogue, upstream, stored):
    """Fill in diagnoses and lines, most telling first."""
    right = [name for name in exercise.points if name not in wrong]
    if wrong and right:
        absent = any(f[wrong[0]].kind == "missing" for f in findings if wrong[0] in f)  # which says nothing about a layer
        enters = "" if absent else exercise.where.get(wrong[0])
        verdict.lines.append(f"{_list(right)} {'is' if len(right) == 1 else 'are'} right"
                             + (f", so the error enters at {enters}." if enters else f"; {_list(wrong)} not yet."))
    entries = list(catalogue(lambda first: _plausible(first, answers[0], findings[0])))
    whole = [m for m, theirs in entries if _explains(theirs, answers)]
    exact = [m for m, theirs in entries if m in whole and all(t.warnings == a.warnings for t, a in zip(theirs, answers))]
    if whole and not (upstream and all(a.error for a in answers)):  # one message may have several causes
        if all(a.error for a in answers):
            verdict.lines.append(f"It {_error_text(answers[0].error)}. The likeliest cause:")
        _tell(verdict, (exact or whole)[0])
        if upstream:
            verdict.lines.append(f"{_list(upstream)} {'is' if len(upstream) == 1 else 'are'} not right yet and may be the cause.")
        return
    if _from_store(cases, expected, answers, findings, stored):
        verdict.diagnoses.append("stored-answers")
        verdict.lines.append("What: it gives back the answer of another call, whatever it is given. "
                             "Why: the answer has to be worked out from the arguments; other numbers come at grading.")
        return
    if upstream and wrong:
        verdict.diagnoses.append("upstream")
        verdict.lines.clear()
        verdict.lines.append(f"{_list(upstream)} comes first: mend it, then run this again.")
        return
    told, plain = set(), [number for number, case in enumerate(cases) if not case.extreme]
    ordinary = [(m, [theirs[n] for n in plain]) for m, theirs in entries]
    for name in wrong:
        if name in told:
            continue
        partial = _explaining_output(name, wrong, ordinary, [expected[n] for n in plain], [answers[n] for n in plain])
        if partial:
            mistake, affected = partial
            _tell(verdict, mistake)
            told |= affected
    for name in (n for n in wrong if n not in told):
        number = next(i for i, f in enumerate(findings) if name in f and not cases[i].extreme)
        finding = findings[number][name]
        verdict.diagnoses.append(finding.kind)
        if finding.kind in ("error", "structure"):
            verdict.lines.append(f"What: {'it ' if finding.kind == 'error' else ''}{finding.text}"
                                 f" (called {cases[number].title}).")
            break
        answer = answers[number].outputs.get(name)
        said = exercise.words.get(name, {})
        what = next((words for value, words in said.items() if alike(value, answer)),
                    said.get("otherwise", f"your {name} {finding.text.rstrip('.')}"))
        verdict.lines.append(f"What: {what} ({cases[number].title}).")
        if not told:  # later outputs follow from the first that is wrong
            break
    for kind, sentence in conduct.items():
        verdict.diagnoses.append(kind)
        verdict.lines.append(sentence)
    if not wrong and not conduct:
        _explain_extremes(verdict, exercise, cases, answers, findings)
    if exercise.read and not verdict.read:
        verdict.read.append(exercise.read)


def _explain_extremes(verdict, exercise, cases, answers, findings):
    for case, found, answer in zip(cases, findings, answers):
        if case.extreme and (found or answer.warnings):
            for name, finding in found.items():
                verdict.diagnoses.append(finding.kind)
                verdict.lines.append(f"What: right for ordinary inputs, but {case.title} "
                                     f"{'it' if finding.kind == 'error' else f'your {name}'} {finding.text}")
                return
            verdict.diagnoses.append("warning")
            right = "right for ordinary inputs" if any(findings) else "the values are right"
            verdict.lines.append(f"What: {right}, but {case.title} NumPy warns: {answer.warnings[0]}.")
            return


def _tell(verdict, mistake):
    if mistake.id in verdict.diagnoses:
        return
    verdict.diagnoses.append(mistake.id)
    verdict.lines += [f"What: {mistake.says}", f"Why: {mistake.why}"]
    if mistake.read not in verdict.read:
        verdict.read.append(mistake.read)


def same_result(a, b):
    """Whether two calls gave the same: values, errors and side effects."""
    if bool(a.error) != bool(b.error):
        return False
    if a.error:
        return a.error["type"] == b.error["type"] and a.error["message"] == b.error["message"]
    return (a.mutated == b.mutated and a.global_random == b.global_random and a.structure == b.structure
            and a.varies == b.varies and bool(a.warnings) == bool(b.warnings) and alike(a.outputs, b.outputs))


def _plausible(theirs, answer, found):
    """Whether a mistake that gave this on the first case may explain an answer, or one of its wrong outputs."""
    if not found or theirs.error or answer.error or theirs.structure or answer.structure:
        return not found or same_result(theirs, replace(answer, varies=False))
    return any(alike(theirs.outputs.get(name), answer.outputs.get(name)) for name in found)


def _explains(theirs, answers):
    return all(same_result(t, a) for t, a in zip(theirs, answers))


def _explaining_output(name, wrong, entries, expected, answers):
    """The mistake that gives exactly this wrong output in every case, and spoils none that is right here.

    Best is one that gives everything that it spoils, and of those the one that explains most. Otherwise what it spoils
    later in the order of computation may differ, as a second mistake changes it further; nothing earlier may.

    Returns
    -------
    (Mistake, set of str) or None
        With the outputs that it spoils.
    """
    best, rank = None, (False, 0)
    for mistake, theirs in entries:
        if any(t.error or t.structure for t in theirs) or any(a.error or a.structure for a in answers):
            continue
        affected = [n for n in expected[0].outputs
                    if not all(alike(t.outputs.get(n), e.outputs[n]) for t, e in zip(theirs, expected))]
        matched = [n for n in affected if all(alike(t.outputs.get(n), a.outputs.get(n)) for t, a in zip(theirs, answers))]
        if name not in matched or not set(affected) <= set(wrong) or matched != affected[:len(matched)]:
            continue
        if (len(matched) == len(affected), len(matched)) > rank:
            best, rank = (mistake, set(affected)), (len(matched) == len(affected), len(matched))
    return best


def _from_store(cases, expected, answers, findings, stored):
    """Whether every wrong answer is the right answer of some other call, where that is more than a fact or two."""
    known = [*expected, *stored]
    weighty = [r for r in known if sum(getattr(v, "size", 1) for v in r.outputs.values() if not isinstance(v, bool)) >= 4]
    bad = [a for a, f in zip(answers, findings) if f]
    return bool(weighty) and bool(bad) and all(
        not a.error and any(alike(a.outputs, w.outputs) for w in weighty) for a in bad)


def _list(names):
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
