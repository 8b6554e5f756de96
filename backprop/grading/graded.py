"""One line of a run's summary: what a submission earned, and what happened along the way."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Graded:
    """What is said of one submission.

    ``status`` is ``graded``, ``unreadable``, ``missing``, or ``failed`` where the fault is the course's own; ``notes`` say
    what happened along the way. ``late`` says when it was handed in and what that costs (`backprop.grading.deadlines.Late.line`),
    ``receipt`` which file was graded, by which checks, and when. In ``exercises`` the points are those that count; where a
    person has given others, ``automatic`` are those that the checks gave.
    """

    student: str
    score: float
    max_score: float
    status: str
    exercises: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    late: dict | None = None
    receipt: dict | None = None

    @property
    def says(self) -> list[str]:
        """Everything that happened along the way, in words."""
        return [*self.notes, *([self.late["says"]] if self.late and self.late["says"] else [])]

    def line(self) -> dict:
        """As the JSON object that ``backprop grade --json`` prints."""
        return {
            "student": self.student,
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "exercises": self.exercises,
            "notes": self.notes,
            "late": self.late,
            "receipt": self.receipt,
        }


def nothing(exercises) -> dict:
    """The record of a submission without a point, in the form in which `backprop.grading.examine` gives one."""
    return {
        "exercises": {
            e.name: {"points": 0.0, "max_points": e.max_points, "status": "unreadable", "diagnoses": [], "lines": [], "read": []}
            for e in exercises
        },
        "cells": {},
        "notes": [],
    }


def collapsed(notes: list[str]) -> list[str]:
    """Notes, each once, in the order of their first; one that was repeated says how often."""
    return [note if n == 1 else f"{note}, {n} times" for note, n in Counter(notes).items()]
