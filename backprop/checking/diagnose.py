"""Choose the diagnosis: which known mistake, or which plain difference, explains what came back.

Most telling first: a mistake that gives exactly the same everywhere; an answer out of store; an earlier function that comes
first; a mistake for each wrong output; and where none is known, what `compare` sees.
"""

import re

import numpy as np

from backprop.checking.answers import Seen, Trace, error_text, line_of
from backprop.checking.compare import alike, come_first, is_number, listed
from backprop.checking.errors import why
from backprop.checking.relate import relation
from backprop.checking.telling import Telling

RELATED = ("value", "shape", "length", "type", "factor")  # what `compare` finds of numbers that may be made of others


def explain(verdict, exercise, cases, expected, answers, findings, conduct, wrong, catalogue, upstream, stored):
    """Fill in diagnoses and lines, most telling first."""
    right = [name for name in exercise.points if name not in wrong]
    if wrong and right:
        absent = any(f[wrong[0]].kind == "missing" for f in findings if wrong[0] in f)  # which says nothing about a layer
        chain = [*right, *wrong] == list(exercise.points)  # what is right comes first, and everything after it is not
        enters = exercise.where.get(wrong[0]) if chain and not absent else ""
        verdict.lines.append(
            f"{listed(right)} {'is' if len(right) == 1 else 'are'} right"
            + (f", so the error enters at {enters}." if enters else f"; {listed(wrong)} not yet.")
        )
    seen = [Seen(answer, right, exercise.near) for answer, right in zip(answers, expected)]
    many_causes = upstream and all(a.error for a in answers)  # one message may have several
    tells = next((n for n, found in enumerate(findings) if found), next((n for n, a in enumerate(answers) if a.warnings), 0))
    entries, whole, exact = [], [], []
    for mistake, theirs in () if many_causes else catalogue(Telling(tells, seen[tells], findings[tells])):
        entries.append((mistake, theirs))
        if _explains(theirs, seen) and _may_stop_there(mistake, answers):
            whole.append(mistake)
            if all(t.warnings == a.warnings for t, a in zip(theirs, answers)):
                exact.append(mistake)
                break  # nothing is likelier, and each costs a run
    if whole:
        error = next((a.error for a in answers if a.error), None)
        if error:
            verdict.lines.append(f"It {error_text(error, exercise.name).rstrip('.')}. The likeliest cause:")
        _tell(verdict, (exact or whole)[0])
        if upstream:  # which may be what leaves this trace: the mistake is none of this function's then
            verdict.diagnoses = ["upstream"]
            verdict.lines.insert(0, f"{come_first(upstream)} If nothing changes:")
        return
    if not exercise.near and from_store(expected, answers, findings, stored):
        verdict.diagnoses.append("stored-answers")
        verdict.lines.append(
            "What: for some inputs it gives back the right answer of another call. "
            "Why: the answer has to be worked out from the arguments; other numbers come at grading."
        )
        return
    if upstream and wrong:
        verdict.diagnoses.append("upstream")
        verdict.lines.clear()
        verdict.lines.append(come_first(upstream))
        return
    told, plain = set(), [number for number, case in enumerate(cases) if not case.extreme]
    ordinary = [(m, [theirs[n] for n in plain]) for m, theirs in entries]
    for name in wrong:
        if name in told:
            continue
        partial = _explaining_output(name, wrong, ordinary, [seen[n] for n in plain])
        if partial:
            mistake, affected = partial
            _tell(verdict, mistake)
            told |= affected
    for name in (n for n in wrong if n not in told):
        number = next(i for i, f in enumerate(findings) if name in f and not cases[i].extreme)
        finding = findings[number][name]
        verdict.diagnoses.append(finding.kind)
        if finding.kind in ("error", "structure"):
            verdict.lines.append(
                f"What: {'it ' if finding.kind == 'error' else ''}{finding.text.rstrip('.')}{_called(exercise, cases[number], 'called ')}."
            )
            meaning = why(answers[number].error) if finding.kind == "error" else ""
            if meaning:
                verdict.lines.append(f"Why: {meaning}")
            break
        related = finding.kind in RELATED and relation(name, *([rows[n] for n in plain] for rows in (cases, expected, answers)))
        if related:
            verdict.diagnoses[-1] = "relation"
            verdict.lines.append(f"What: your {name} {related}, in every ordinary case.")
            if not told:
                break
            continue
        answer = answers[number].outputs.get(name)
        said = exercise.words.get(name, {})
        what = next(
            (words for value, words in said.items() if alike(value, answer)),
            said.get("otherwise", f"your {name} {finding.text.rstrip('.')}"),
        )
        entry = f" {finding.entry}" if finding.entry and not told else ""
        verdict.marked = (name, finding.window) if entry and finding.window else None
        verdict.lines.append(f"What: {what}{_called(exercise, cases[number])}.{entry}")
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
                verdict.lines.append(
                    f"What: right for ordinary inputs, but {case.title} "
                    f"{'it' if finding.kind == 'error' else f'your {name}'} {finding.text}"
                )
                return
            verdict.diagnoses.append("warning")
            right = "right for ordinary inputs" if any(findings) else "the values are right"
            verdict.lines.append(f"What: {right}, but {case.title} NumPy warns: {answer.warnings[0]}.")
            return


def explain_edge(verdict, exercise, cases, answers, findings, wrong, upstream):
    """Say at which edge an answer that is right elsewhere fails first."""
    if upstream:
        verdict.diagnoses.append("upstream")
        verdict.lines.append(come_first(upstream))
        return
    number, name = next((n, name) for n, f in enumerate(findings) for name in wrong if cases[n].edge and name in f)
    finding, answer = findings[number][name], answers[number].outputs.get(name)
    said = exercise.words.get(name, {})
    its = f"{'it' if finding.kind == 'error' else '' if finding.kind == 'structure' else f'your {name}'} {finding.text}".strip()
    what = next((words for value, words in said.items() if alike(value, answer)), said.get("otherwise", its))
    verdict.diagnoses.append(finding.kind)
    verdict.lines.append(f"What: right for most inputs, but {cases[number].title} {what.rstrip('.')}.")
    if exercise.read and exercise.read not in verdict.read:
        verdict.read.append(exercise.read)


def _tell(verdict, mistake):
    if mistake.id in verdict.diagnoses:
        return
    verdict.diagnoses.append(mistake.id)
    verdict.lines += [f"What: {mistake.says}", f"Why: {mistake.why}"]
    if mistake.read not in verdict.read:
        verdict.read.append(mistake.read)


def _explains(theirs, seen):
    """Whether traces explain every answer, and one of them by more than rounding."""
    return all(s.is_trace(t) for t, s in zip(theirs, seen)) and any(
        not t.noise and not any(o.noise for o in t.outputs.values()) and t != Trace() for t in theirs
    )


def _explaining_output(name, wrong, entries, seen):
    """The mistake that gives exactly this wrong output in every case, and spoils none that is right here.

    Best is one that gives everything that it spoils, and of those the one that explains most. Otherwise what it spoils
    later in the order of computation may differ, as a second mistake changes it further; nothing earlier may.

    Returns
    -------
    (Mistake, set of str) or None
        With the outputs that it spoils.
    """
    best, rank = None, (False, 0)
    if any(s.error or s.answer.structure for s in seen):
        return None
    for mistake, theirs in entries:
        if any(t.error or t.structure or t.noise for t in theirs):
            continue
        affected = [n for n in seen[0].answer.outputs if any(n in t.outputs for t in theirs)]
        matched = [
            n for n in affected if all(s.gives(n, t.outputs[n]) if n in t.outputs else n in s.right for t, s in zip(theirs, seen))
        ]
        if name not in matched or not set(affected) <= set(wrong) or matched != affected[: len(matched)]:
            continue
        if (len(matched) == len(affected), len(matched)) > rank:
            best, rank = (mistake, set(affected)), (len(matched) == len(affected), len(matched))
    return best


def _may_stop_there(mistake, answers):
    """Whether each line that raised an error mentions what the mistake is about."""
    pattern = getattr(mistake, "line", "")
    return not pattern or all(re.search(pattern, line_of(a.error)) for a in answers if a.error)


def from_store(expected, answers, findings, stored):
    """Whether every wrong answer is, number for number, the right one of another call, and too much of it to be so by accident."""
    weighty = [r for r in [*expected, *stored] if _many_numbers(r.outputs)]
    bad = [(a, expected[n : n + 1]) for n, (a, f) in enumerate(zip(answers, findings)) if f]
    return bool(bad) and all(
        not a.error and any(alike(a.outputs, w.outputs) for w in weighty if not any(alike(w.outputs, own.outputs) for own in its))
        for a, its in bad
    )


def _many_numbers(outputs):
    """Whether outputs hold four different fractions or more: zeros, ones and counts may come of many a function."""
    floats = [a.ravel() for a in map(np.asarray, arrays_in(outputs)) if a.dtype.kind == "f"]
    found = np.concatenate([np.zeros(0), *floats])
    return len(set(found[np.isfinite(found) & (found != np.round(found))].tolist())) >= 4


def arrays_in(value):
    """The arrays and numbers in a plain value."""
    if isinstance(value, np.ndarray) or is_number(value):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [array for part in parts for array in arrays_in(part)]


def _called(exercise, case, word=""):
    """With which inputs something was seen; a prediction has none."""
    return "" if exercise.near else f" ({word}{case.title})"
