"""The log of what regrading changed, one JSON object a line: ``.backprop/regraded/NAME.jsonl``.

::

    {"time": "2026-03-09T10:00:00+00:00", "student": "ada", "handed_in": "9f2c…",
     "checks": ["1f0e…", "77ab…"], "grader": ["52d1…", "e0c4…"], "points": {"relu": [0.0, 1.0, 1.0]}, "score": [12.0, 13.0]}

``checks`` and ``grader`` are the versions before and after (of the assignment's public checks; of all that a score depends on),
``points`` of each function that moved those before, those that today's checks give, and those that count. Where more count than
are given, the student keeps what they had: that holds for the same submission, however often it is graded again.
"""

import json
from pathlib import Path

from backprop.course import CourseError
from backprop.whole import write_whole

KEPT = "Why: before the checks were mended this answer had {:g} points, and it keeps them."


class Changes:
    """The log of one assignment."""

    def __init__(self, root: Path, name: str):
        self.path = Path(root) / ".backprop" / "regraded" / f"{name}.jsonl"
        self.points: dict[tuple[str, str], dict[str, list[float]]] = {}
        self.lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        for number, line in enumerate(self.lines, start=1):
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError):
                raise CourseError(
                    f"{self.path}, line {number}, is no line of a log of changes. Put the file back as it was, or take the line out."
                ) from None

    def _take(self, entry):
        self.points.setdefault((entry["student"], entry["handed_in"]), {}).update(entry["points"])

    def held(self, student: str, handed_in: str) -> dict[str, float]:
        """The points of each function that a submission keeps, whatever today's checks give."""
        moved = self.points.get((student, handed_in), {})
        return {function: count for function, (_, given, count) in moved.items() if count > given}

    def raised(self, student: str, handed_in: str, record: dict) -> dict:
        """A record, as `backprop.grading.examine` gives it, with the points that the submission keeps."""
        exercises = dict(record["exercises"])
        for function, points in self.held(student, handed_in).items():
            found = exercises.get(function)
            if found and found["points"] < (points := min(points, found["max_points"])):
                exercises[function] = {**found, "points": points, "lines": [*found["lines"], KEPT.format(points)]}
        return {**record, "exercises": exercises}

    def add(self, entries: list[dict]) -> None:
        """Write entries down, all or none, and have them hold from now on; one that a run which was stopped had written is there."""
        there = [_untimed(json.loads(line)) for line in self.lines]
        entries = [entry for entry in entries if _untimed(entry) not in there]
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = self.lines + [json.dumps(entry) for entry in entries]
        write_whole(self.path, "".join(f"{line}\n" for line in lines).encode())
        self.lines = lines
        for entry in entries:
            self._take(entry)


def _untimed(entry):
    return {key: value for key, value in entry.items() if key != "time"}
