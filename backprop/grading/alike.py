"""The same wrong answer in the same rare spelling: groups of students to look at, a hint and never a verdict.

Students form a group in a function where

- both have it wrong, with the same diagnoses, and not only because an earlier function is: right answers are alike by nature;
- what they wrote beside the handed-out stub is nearly the same, whatever names, comments and layout (`backprop.grading.spelling`);
- and that spelling is rare: `OWN` of its pieces or more stand in the code of `few` students of the class at most, right answers
  counted, and in none of the course's own: not in the reference, in no right answer of ``variants.py``, in no mistake of the
  catalogue. What many write was on a slide; and two who made one known mistake in one known way share nothing else. In a simulated
  class, whose wrong answers are all from the catalogue, there is no such group.

A change of one or two signs makes fewer than `OWN` pieces, so two who come to one slip from one common line are no group. In a class
of fewer than five nothing is rare.
"""

import itertools
import os
from collections import Counter, defaultdict
from pathlib import Path

from backprop.course import Chapter
from backprop.grading import steps
from backprop.grading.examine import limits
from backprop.grading.pool import TooMuch, guarded, pool
from backprop.grading.sandbox import Interrupted
from backprop.grading.spelling import pieces
from backprop.grading.tally import RIGHT

ALIKE = 0.9  # share of pieces in common from which two spellings are nearly the same
OWN = 8  # pieces that only few have, from which a spelling is rare
MOST = 50  # groups that are shown


def few(students: int) -> int:
    """How many students a rare thing may be found with, among so many who wrote the function: four, or two in a hundred; never half."""
    return min(max(4, students // 50), (students - 1) // 2)


def groups(
    root: Path, name: str, lines: list[dict], chapter: Chapter, read: dict[str, dict[str, set[int]]] | None = None
) -> list[tuple[str, list[str], list[str]]]:
    """Groups of students with the same wrong answer in the same rare spelling.

    Parameters
    ----------
    root : path
    name : str
        The assignment.
    lines : list of dict
        As `backprop.grading.graded.Graded.line`.
    chapter : backprop.course.Chapter
    read : dict, optional
        As `backprop.grading.steps.Handed.spelled`, by student, of those who were just graded: the others are read.

    Returns
    -------
    list of (str, list of str, list of str)
        The function, its diagnoses, the students; those with most in common that nobody else has first, at most `MOST`.
    """
    written = spelled(root, name, lines, read or {})
    found = []
    for exercise in chapter.exercises:
        function = exercise.name
        wrong = {}
        for line in lines:
            got = line["exercises"].get(function, {"diagnoses": []})
            if (
                set(got["diagnoses"]) - RIGHT
                and "upstream" not in got["diagnoses"]
                and function in written.get(line["student"], {})
            ):
                wrong[line["student"]] = tuple(got["diagnoses"])
        codes = {student: its[function] for student, its in written.items() if function in its}
        held = Counter(itertools.chain.from_iterable(codes.values()))
        most = few(len(codes))
        if most < 2 or len(wrong) < 2:
            continue
        known = None
        rare = {}
        for student in wrong:
            its = {piece for piece in codes[student] if 1 < held[piece] <= most}
            if len(its) >= OWN:
                known = _known(chapter, function) if known is None else known
                its -= known
            if len(its) >= OWN:
                rare[student] = its
        together = [
            (a, b)
            for (a, b), shared in _shared(rare).items()
            if shared >= OWN and wrong[a] == wrong[b] and len(codes[a] & codes[b]) >= ALIKE * len(codes[a] | codes[b])
        ]
        for group in _connected(list(rare), together):
            if len(group) <= most:
                common = set.intersection(*(rare[student] for student in group))
                found.append((len(common), function, list(wrong[group[0]]), group))
    return [group[1:] for group in sorted(found, key=lambda group: -group[0])][:MOST]


def spelled(root, name, lines, read):
    """By student and function, the pieces of what they wrote; who cannot be compared is not among them."""
    room = limits(root)

    def its(student):
        folder = Path(root) / "submitted" / student / name
        try:
            return guarded("compared", room.step, room.memory, steps.read, str(root), folder, name, (), room).spelled
        except (TooMuch, Interrupted):
            return {}

    graded = [line["student"] for line in lines if line["status"] == "graded"]
    others = [student for student in graded if student not in read]
    if others:
        with pool(min(os.cpu_count() or 1, len(others))) as here:
            read = read | dict(zip(others, here.map(its, others)))
    return {student: read[student] for student in graded if read[student]}


def _known(chapter, function):
    """The pieces of all that the course itself knows to be written: right, or wrong in a known way."""
    stub, reference = steps.stubs(str(chapter.root), chapter.name)[function], chapter.sources[function]
    codes = [reference, *chapter.variants(function).values()]
    codes += [mistake.apply(reference) for mistake in chapter.mistakes(function)]
    return set().union(*(pieces(code, stub) for code in codes))


def _shared(rare):
    """How many rare pieces each two students share: found by the pieces, of which each has few holders, so in time that grows as the class."""
    holders = defaultdict(list)
    for student, its in rare.items():
        for piece in its:
            holders[piece].append(student)
    return Counter(itertools.chain.from_iterable(itertools.combinations(its, 2) for its in holders.values()))


def _connected(students, together):
    """Groups of two or more, each student beside one of the others at least; in the students' order."""
    group = {student: [student] for student in students}
    for a, b in together:
        if group[a] is not group[b]:
            group[a] += group[b]
            for student in group[b]:
                group[student] = group[a]
    order = {student: place for place, student in enumerate(students)}
    whole = {id(its): sorted(its, key=order.__getitem__) for its in group.values() if len(its) > 1}
    return list(whole.values())
