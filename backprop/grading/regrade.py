"""Grade a class anew beside what stands: who moves, by how much and why, before anything is written.

What stands is the last grading's (`backprop.grading.kept`); what would come is examined by today's checks, and kept, so that
writing it runs nothing again. Unless falls are allowed, a function keeps the points that it had, as far as it still has so many;
that is written into the log (`backprop.grading.changes`) first, and holds for this submission however often it is graded.

| what you can do | with |
| --- | --- |
| find who moves | `Regrading.compare`, then ``moves``, ``anew``, ``failed`` |
| write it | `Regrading.write` |
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from backprop.course import CourseError
from backprop.grading import gradebook
from backprop.grading.graded import Graded
from backprop.grading.kept import now
from backprop.grading.read import unfit
from backprop.grading.run import Grading


@dataclass
class Move:
    """What regrading does to one submission.

    ``points`` of each function that is judged otherwise: those before, those that today's checks give, and those that count;
    ``why`` what was found before and now; ``before`` and ``after`` the score, with what a person gave and what being late costs.
    """

    student: str
    handed_in: str
    points: dict[str, tuple[float, float, float]]
    why: dict[str, str]
    before: float
    after: float
    max_score: float
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def keeps(self) -> list[str]:
        """Functions that keep points which today's checks do not give."""
        return [name for name, (_, given, counts) in self.points.items() if counts > given]

    def words(self) -> str:
        """Which functions move, and why."""
        return "; ".join(self._words(name, *points) for name, points in self.points.items())

    def _words(self, name, old, given, counts):
        if counts > given:
            return f"{name} keeps {counts:g} in place of {given:g} ({self.why[name]})"
        return f"{name} {old:g} -> {counts:g} ({self.why[name]})"

    def line(self) -> dict:
        """As the JSON object that ``backprop regrade --json`` prints."""
        return {key: value for key, value in vars(self).items() if key not in ("handed_in", "versions")}


class Regrading:
    """One look at a class by today's checks.

    Parameters
    ----------
    grading : backprop.grading.run.Grading
    allow_falls : bool
        Let today's points count also where they are fewer.

    Raises
    ------
    CourseError
        If nothing was graded before.
    """

    def __init__(self, grading: Grading, allow_falls: bool = False):
        self.grading, self.allow_falls = grading, allow_falls
        self.moves: list[Move] = []
        self.failed: list[Graded] = []
        self.kept = {s: kept for s in grading.students if not unfit(s) and (kept := grading.recorded.kept(s))}
        if not any("handed" in kept for kept in self.kept.values()):
            raise CourseError(f"Nothing of {grading.name} has been graded yet. Run: backprop grade {grading.name}")
        self.handed = {student: grading.recorded.handed(student) for student in self.kept}
        self.same = [student for student, kept in self.kept.items() if kept.get("handed") == self.handed[student]]
        self.anew = [student for student in grading.students if student not in self.same]

    @property
    def versions(self) -> list[str]:
        """Versions of the checks by which the class was graded."""
        return sorted({self.kept[student]["versions"]["checks"] for student in self.same})

    @property
    def other_checks(self) -> bool:
        """Whether anything that points depend on has another version than when the class was graded."""
        return any(self.kept[student]["versions"] != self.grading.examined.versions for student in self.same)

    def compare(self, progress: Callable[[Graded, bool], object] = lambda graded, unchanged: None) -> list[Move]:
        """Examine whoever has handed in the same as when they were graded; those whose points change, in order."""
        states = gradebook.states(self.grading.root, self.grading.name, self.grading.db_url)
        found = self.grading.look(self.same, progress)
        for student in self.same:
            if isinstance(found[student], Graded):
                self.failed.append(found[student])
            elif move := self._move(student, found[student], states.get(student, gradebook.State())):
                self.moves.append(move)
        return self.moves

    def _move(self, student, record, state):
        line, held = self.kept[student]["line"], self.grading.examined.changes.held(student, self.handed[student])
        points, why, counting, stood = {}, {}, {}, {}
        for name, new in record["exercises"].items():
            before = line.exercises.get(name, {"points": 0.0, "diagnoses": []})
            old, given = before.get("automatic", before["points"]), new["points"]
            counts = given if self.allow_falls else max(given, min(old, new["max_points"]))
            counting[name], stood[name] = state.counting(f"check_{name}", counts), state.counting(f"check_{name}", old)
            if given != old and not (counts == old == held.get(name)):
                points[name] = old, given, counts
                was, now_is = _found(before, old), _found(new, given)
                why[name] = f"was: {was}; now: {now_is}" if was != now_is else f"{was} as before, but now of {new['max_points']:g}"
                if f"check_{name}" in state.manual:
                    why[name] += f"; {state.manual[f'check_{name}']:g} by hand stand"
        if not points:
            return None
        now_, before_ = sum(counting.values()), sum(stood.values())
        late, _ = self.grading.dates.late(student, self.grading.name)
        if late.share is not None:
            penalty = late.penalty(now_)
        else:  # nbgrader's plugin will say: most take a share
            penalty = state.penalty * now_ / before_ if before_ else 0.0
        return Move(
            student,
            self.handed[student],
            points,
            why,
            before_ - state.penalty,
            now_ - penalty,
            self.grading.max_score,
            self.kept[student]["versions"],
        )

    def entries(self) -> list[dict]:
        """What is to be written into the log."""
        new = self.grading.examined.versions
        return [
            {
                "time": now(),
                "student": move.student,
                "handed_in": move.handed_in,
                **{kind: [move.versions.get(kind), new[kind]] for kind in ("checks", "grader")},
                "points": {name: list(points) for name, points in move.points.items()},
                "score": [move.before, move.after],
            }
            for move in self.moves
        ]

    def write(self, progress: Callable[[Graded, bool], object] = lambda graded, unchanged: None) -> tuple[list[Graded], Path]:
        """Write down what changes, then grade: gradebook, notebooks and pages. Returns the lines, and where the log is."""
        changes = self.grading.examined.changes
        if self.moves:
            changes.add(self.entries())
        return self.grading.run(progress), changes.path


def _found(exercise, points):
    """What was found of a function, in a word or two."""
    if exercise["diagnoses"]:
        return ", ".join(exercise["diagnoses"])
    return "right" if points and points == exercise.get("max_points") else "not attempted" if not points else f"{points:g} points"
