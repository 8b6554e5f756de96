"""Turn what a function did into points and feedback.

The same code serves the student's notebook and grading; it is given what was expected and what came
back, and never calls a student's function itself.
"""

from dataclasses import dataclass, field, replace

from backprop.checking.answers import error_text
from backprop.checking.compare import MISSING, Finding, Window, come_first, compare, is_number, listed, number_in_words, predicted
from backprop.checking.diagnose import explain, explain_edge
from backprop.checking.mistakes import place

CONDUCT = 0.5  # the share that is kept by right values that come with a side effect
# The facts of an answer that tell of each kind of side effect, as they are where there is none.
QUIET = {
    "mutated": {"mutated": ()},
    "global-random": {"global_random": False, "varies": False},
    "varies": {"varies": False},
}


@dataclass
class Verdict:
    """The points of one exercise and everything that is said about it.

    ``status`` is one of ``right``, ``partial``, ``wrong``, ``error`` and ``not attempted``; ``sound`` says whether
    it is right for ordinary inputs, so that others can build on it; ``diagnoses`` holds the ids of recognised
    mistakes, or ``upstream``, or the kinds of what `compare` found; ``conduct`` the kinds of side effects that were seen,
    charged to this function or to one that it calls; ``marked`` an output's name and what stands around the entry that is shown.
    """

    exercise: str
    points: float
    max_points: float
    status: str
    diagnoses: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    read: list = field(default_factory=list)
    sound: bool = False
    conduct: set = field(default_factory=set)
    marked: tuple[str, Window] | None = None

    @property
    def outcome(self):
        """The points in words, and what there is to say of a function that is right or was not begun."""
        points = f"{self.points:g} of {self.max_points:g} points"
        if self.status == "not attempted":
            return f"{points}. Not attempted yet: `raise NotImplementedError()` still stands in it."
        return f"{points}. All right." if self.status == "right" else points

    def text(self, book=""):
        """The feedback as text: a heading, then what, why and where to read."""
        body = [f"  {line}" for line in self.lines]
        for read in self.read:
            link, words = place(read)
            body.append(f"  → {words}" + (f": {book.rstrip('/')}/{link}" if book else ""))
        return "\n".join([f"{self.exercise}: {self.outcome}", *body])


def judge(exercise, cases, expected, answers, catalogue=lambda telling: [], upstream=(), stored=(), charged=()):
    """Give points and feedback for one exercise.

    Parameters
    ----------
    exercise : Exercise
    cases : list of Case
    expected, answers : list of Result
        One a case.
    catalogue : callable
        Gives pairs of a mistake and its list of `Trace`; called only where something is wrong. A mistake has
        ``id``, ``says``, ``why`` and ``read``. It is handed a `backprop.checking.telling.Telling`, which says of what a mistake
        does in one case whether its other cases are worth computing.
    upstream : sequence of str
        Functions that this one may call and that are themselves not right yet.
    stored : sequence of Result
        The visible cases' right answers, which a function may be returning from store.
    charged : set of str
        Kinds of side effects that functions which this one calls have, and are charged with.

    Returns
    -------
    Verdict
    """
    verdict = Verdict(exercise.name, 0.0, exercise.max_points, "right")
    if untouched(exercise, cases, answers):
        verdict.status = "not attempted"
        return verdict
    verdict.conduct = {*charged, *_conduct(cases, answers)}
    if charged:
        quiet = {fact: value for kind in charged for fact, value in QUIET[kind].items()}
        answers = [replace(answer, **quiet) for answer in answers]
    findings = [_compare_case(exercise, c, e, a) for c, e, a in zip(cases, expected, answers)]
    conduct = _conduct(cases, answers)
    wrong = _wrong(exercise, cases, findings)
    verdict.points = sum(p for name, p in exercise.points.items() if name not in wrong)
    if conduct:
        verdict.points *= CONDUCT
    if not wrong and not conduct:
        verdict.points += sum(
            points
            for draw, points in exercise.extreme.items()
            if not any(f or a.warnings for f, c, a in zip(findings, cases, answers) if c.draw is draw)
        )
    verdict.sound = not wrong and not conduct
    if verdict.points == exercise.max_points:
        verdict.lines = [
            f"You predicted {number_in_words(answers[0].outputs[name])} for {name}; it is {number_in_words(expected[0].outputs[name])}."
            for name in exercise.near
        ]
        return verdict
    errors = [a for a in answers if a.error]
    verdict.status = "error" if len(errors) == len(answers) else "partial" if verdict.points else "wrong"
    if upstream and exercise.waits:  # judge the other cases by themselves
        told = [number for number, case in enumerate(cases) if case.draw not in exercise.waits]
        cases, expected, answers, findings = ([rows[n] for n in told] for rows in (cases, expected, answers, findings))
        wrong, conduct, whole = _wrong(exercise, cases, findings), _conduct(cases, answers), catalogue
        if not wrong and not conduct:
            verdict.diagnoses.append("upstream")
            verdict.lines.append(
                f"Right so far: {listed(dict.fromkeys(case.title for case in cases))}. For the rest {come_first(upstream)}"
            )
            return verdict
        upstream = ()

        def catalogue(telling):
            for mistake, theirs in whole(replace(telling, number=told[telling.number])):
                yield mistake, [theirs[number] for number in told]

    many = [number for number, case in enumerate(cases) if not case.edge]  # the first ones: a mistake's traces are of them
    ordinary = [[rows[n] for n in many] for rows in (cases, expected, answers, findings)]
    told = _wrong(exercise, ordinary[0], ordinary[3])
    if told or conduct or not wrong:
        explain(verdict, exercise, *ordinary, conduct, told, catalogue, upstream, stored)
    if wrong and not told and set(verdict.diagnoses) <= set(conduct):
        explain_edge(verdict, exercise, cases, answers, findings, wrong, upstream)
    return verdict


def untouched(exercise, cases, answers):
    """Whether it is the stub itself that raised in every case, and not one of another function that this one calls.

    An edge may never come to the line that is missing from a half-written stub, as a loop of no steps does not.
    """
    ordinary = [answer for case, answer in zip(cases, answers) if not case.edge] or answers
    return all(a.error and a.error.get("stub") and a.error.get("inside") in (None, exercise.name) for a in ordinary)


def _wrong(exercise, cases, findings):
    """Names of the outputs that are wrong for some ordinary input."""
    return [name for name in exercise.points if any(name in f for f, c in zip(findings, cases) if not c.extreme)]


def _compare_case(exercise, case, expected, answer):
    """Findings of one case by output; those of an error or a wrong form stand under every output."""
    if answer.error:
        return dict.fromkeys(exercise.points, Finding("error", error_text(answer.error, exercise.name)))
    if answer.structure:
        return dict.fromkeys(exercise.points, Finding("structure", answer.structure))
    accept = exercise.accept.get(case.draw)
    found = {}
    for name in exercise.points:
        right, given = expected.outputs[name], answer.outputs.get(name, MISSING)
        if name in exercise.near:
            finding = predicted(right, given, exercise.near[name])
        else:
            finding = compare(right, given, case.arguments)
        if finding and accept and is_number(given):
            finding = None if accept(right, given) else finding
        if finding:
            found[name] = finding
    return found


def _conduct(cases, answers):
    """Side effects: kind to sentence."""
    found = {}
    mutated = sorted({name for a in answers for name in a.mutated})
    if mutated:
        found["mutated"] = (
            f"It changes its argument {', '.join(mutated)} in place: whoever calls it loses their "
            "data. Work on something new: `Z * 2` makes a new array, `Z *= 2` does not."
        )
    if any(a.global_random for a in answers):
        found["global-random"] = (
            "It uses or reseeds a global random generator. Draw from the generator that is passed in, or from none."
        )
    elif any(a.varies for a in answers):
        found["varies"] = (
            "Called twice with the same arguments it gives two answers: does it keep state outside itself, or draw "
            "random numbers of its own?"
        )
    return found
