"""A simulated class: submissions whose right scores are known, for trying out grading, for its tests and benchmarks."""

import copy
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from backprop import notebook
from backprop.course import Chapter, CourseError


@dataclass
class Simulated:
    """One simulated student: what they handed in and, for each exercise, why.

    ``answers`` maps an exercise to ``right``, ``style: …``, ``untouched`` or the id of a known mistake.
    """

    student: str
    notebook: object
    answers: dict = field(default_factory=dict)


# The functions that chapter 6 asked for when its grading was first timed: what hundreds of tests need of it.
SHORT = ("relu", "sigmoid", "forward_propagation", "backward_propagation")
SHORTER = """
import dataclasses

EXERCISES = [
    dataclasses.replace(e, uses=tuple(name for name in e.uses if name in {names})) for e in EXERCISES if e.name in {names}
]

check = Check("""


def shorten(root: Path, name: str, functions: tuple[str, ...] = SHORT) -> None:
    """Have an assignment ask for some of its functions alone, in a copy of the course, as if it had always done so.

    A function goes with its check and with all that stands between its check and the one before.

    Raises
    ------
    CourseError
        If its ``checks.py`` does not make its check in a line of its own.
    """
    for kind in ("solutions", "exercises"):
        folder = Path(root) / kind / name
        nb = notebook.read(folder / f"{name}.ipynb")
        kept: list = []
        section: list = []
        for cell in nb.cells:
            section.append(cell)
            if checked := re.fullmatch(r"check\((\w+)\)", cell.source):
                kept += section if checked[1] in functions else []
                section = []
        nb.cells = kept + section
        (folder / f"{name}.ipynb").write_text(notebook.dumps(nb), encoding="utf-8")
        checks = folder / "checks.py"
        text = checks.read_text(encoding="utf-8")
        if text.count("\ncheck = Check(") != 1:
            raise CourseError(f"{checks} should have one line that begins with: check = Check(")
        checks.write_text(text.replace("\ncheck = Check(", SHORTER.format(names=functions)), encoding="utf-8")


def fill(template: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    """A copy of the released notebook with some solution cells filled in."""
    nb = copy.deepcopy(template)
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources and cell.metadata.nbgrader.solution:
            cell.source = sources[name]
    return nb


def simulate(chapter: Chapter, template: NotebookNode, students: int, rng: np.random.Generator) -> list[Simulated]:
    """Draw a class.

    A fifth answers everything rightly, each exercise in a style of its own; a tenth never opened the
    notebook; a tenth stopped before the end; the others made one or two known mistakes.

    Parameters
    ----------
    chapter : backprop.course.Chapter
    template : NotebookNode
        The assignment as released.
    students : int
    rng : numpy.random.Generator

    Returns
    -------
    list of Simulated
    """
    names = [e.name for e in chapter.exercises]
    mistakes = {name: chapter.mistakes(name) for name in names}
    styles = {name: chapter.variants(name) for name in names}
    weights = np.array([len(mistakes[name]) for name in names], dtype=float)
    found = []
    for number in range(students):
        kind = rng.choice(["right", "untouched", "stopped", "one", "two"], p=[0.2, 0.1, 0.1, 0.4, 0.2])
        answers, sources = dict.fromkeys(names, "right"), dict(chapter.sources)
        for name in names:
            if styles[name] and rng.random() < 0.6:
                style = str(rng.choice(sorted(styles[name])))
                answers[name], sources[name] = f"style: {style}", styles[name][style]
        if kind == "untouched":
            answers, sources = dict.fromkeys(names, "untouched"), {}
        elif kind == "stopped":
            for name in names[int(rng.integers(1, max(2, len(names)))) :]:
                answers[name] = "untouched"
                sources.pop(name)
        elif kind in ("one", "two") and weights.sum():
            several = min(1 + (kind == "two"), int(np.count_nonzero(weights)))
            for name in rng.choice(names, several, replace=False, p=weights / weights.sum()):
                mistake = mistakes[name][int(rng.integers(len(mistakes[name])))]
                answers[name], sources[name] = mistake.id, mistake.apply(chapter.sources[name])
        found.append(Simulated(f"student-{number + 1:04d}", fill(template, sources), answers))
    return found


def write(root: Path, name: str, simulated: list[Simulated]) -> int:
    """Write simulated submissions into ``submitted/``. Returns how many."""
    for one in simulated:
        folder = Path(root) / "submitted" / one.student / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.ipynb").write_text(notebook.dumps(one.notebook), encoding="utf-8")
    return len(simulated)
