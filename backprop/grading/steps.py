"""What is done with a submission outside of its sandbox: each step in a process that may die of it (`backprop.grading.pool`).

Steps take and give texts, numbers and lists; whoever calls them never holds a submission's notebook as anything else.

| step | with | comes after |
| --- | --- | --- |
| read what was handed in, mend it, and find how its functions are spelled | `read` | |
| make the autograded notebook | `made` | the verdicts |
| make the feedback page | `page` | the gradebook's scores |
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat.v4.rwbase import split_lines, strip_transient

from backprop import notebook
from backprop.checking.wire import printable
from backprop.grading.mend import put_notice, restore
from backprop.grading.outputs import write_outputs
from backprop.grading.read import beside, files_beside, read_submission
from backprop.grading.sandbox import Limits
from backprop.grading.spelling import pieces


@dataclass
class Handed:
    """One submission as it was handed in, mended.

    ``text`` is its notebook as JSON, ``code`` what is run of it: cells, places and files as
    `backprop.grading.examine.Examiner.examine` takes them; ``attached`` are names of files beside it that are kept with it,
    ``left`` of those that are not; ``trouble`` says why it cannot be graded, and is None where it can. ``spelled`` has what is
    compared with others' (`backprop.grading.spelling.pieces`), by function, of those that are no stubs.
    """

    text: str
    code: tuple = ([], {}, {})
    notes: list = field(default_factory=list)
    attached: list = field(default_factory=list)
    left: list = field(default_factory=list)
    trouble: str | None = None
    spelled: dict[str, set[int]] = field(default_factory=dict)


@dataclass
class Made:
    """What becomes of an examined submission: its autograded notebook, and for each graded cell of it the points and comment
    that nbgrader gives it by itself."""

    text: str
    scores: dict
    comments: dict


@lru_cache(maxsize=4)
def released(root: str, name: str) -> nbformat.NotebookNode:
    """The notebook of an assignment as students receive it."""
    return notebook.read(Path(root) / "exercises" / name / f"{name}.ipynb")


def prepare(root: str, name: str) -> None:
    """Have in this process what the steps load when they are first taken: those that are forked from it then need not."""
    nb = released(root, name)
    scores = {cell.metadata.nbgrader.grade_id: 0.0 for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")}
    totals = {"score": 0.0, "max_score": 0.0, "late_penalty": 0.0, "who": "", "late": None}
    page(name, nbformat.v4.writes(nb), {"scores": scores, "comments": {}, "totals": totals})


def read(root: str, folder: Path, name: str, ignore: tuple, limits: Limits) -> Handed:
    """A submission, read and mended; one that cannot be read is an untouched one, with its trouble.

    Parameters
    ----------
    root : str
        The course's.
    folder : path
        With what was handed in.
    name : str
        The assignment.
    ignore : tuple of str
        Patterns of names beside the notebook that are not kept with it.
    limits : backprop.grading.sandbox.Limits
    """
    try:
        raw = read_submission(folder, name, limits)
        whole, trouble = restore(notebook.parse(raw, f"{name}.ipynb"), released(root, name)), None
    except notebook.NotebookError as error:
        whole, trouble = None, printable(str(error))  # it may hold another file's name
    handed = _handed(whole) if whole else untouched(root, name, trouble)
    handed.spelled = _spelled(whole.notebook, stubs(root, name)) if whole else {}
    handed.code = *handed.code[:2], files_beside(folder, name, limits)
    handed.attached, handed.left = beside(folder, ignore, limits)
    return handed


def untouched(root: str, name: str, trouble: str | None) -> Handed:
    """What stands for a submission that cannot be read."""
    handed = _handed(restore(released(root, name), released(root, name)))
    handed.trouble = trouble
    return handed


def _handed(whole):
    return Handed(json.dumps(whole.notebook, ensure_ascii=False), (whole.cells, whole.places, {}), whole.notes)


def _written(nb):
    """A notebook as nbformat writes it. It is used up: the copy that nbformat makes takes longer than all the rest."""
    return json.dumps(strip_transient(split_lines(nb)), indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False) + "\n"


def made(text: str, record: dict, kernelspec: dict | None, book: str, notice: str | None = None) -> Made:
    """The autograded notebook, from a mended one and its verdicts.

    Parameters
    ----------
    text : str
        As in `Handed`.
    record : dict
        As `backprop.grading.examine.Examiner.examine` gives it.
    kernelspec : dict, optional
    book : str
        Where the book is published, or "".
    notice : str, optional
        A sentence for the student, above all.
    """
    from nbgrader import utils

    nb = nbformat.v4.reads(text)
    if notice:
        put_notice(nb, notice)
    write_outputs(nb, record, book)
    if kernelspec:
        nb.metadata["kernelspec"] = nbformat.from_dict(kernelspec)
    scores, comments = {}, {}
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            scores[about.grade_id] = utils.determine_grade(cell)[0]
        if about.get("grade_id"):
            untouched_ = about.get("checksum") == utils.compute_checksum(cell)
            comments[about.grade_id] = "No response." if untouched_ and not utils.is_task(cell) else None
    return Made(_written(nb), scores, comments)


def page(name: str, text: str, shown: dict) -> str:
    """The feedback page of an autograded notebook.

    Parameters
    ----------
    name : str
        The assignment.
    text : str
        As in `Made`.
    shown : dict
        What the gradebook says: ``scores`` and ``comments`` by cell, ``totals``, and ``who`` the student is, or "".
    """
    from backprop.grading import feedback  # nbconvert: a fifth of a second, which an unchanged class need not spend

    nb = nbformat.v4.reads(text)
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        grade_id = about.get("grade_id")
        if grade_id in shown["scores"]:
            about["score"] = shown["scores"][grade_id]
            about["points"] = float(about.get("points", 0))
        if grade_id in shown["comments"]:
            about["comment"] = shown["comments"][grade_id]
    return feedback.page(nb, {"notebook": name, **shown["totals"]})


@lru_cache(maxsize=4)
def stubs(root: str, name: str) -> dict[str, str]:
    """What stands in the solution cells of an assignment as students receive it, by function."""
    cells = ((cell, cell.metadata.get("nbgrader", {})) for cell in released(root, name).cells)
    return {about.grade_id: cell.source for cell, about in cells if about.get("solution")}


def _spelled(nb, handed_out):
    cells = ((cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in nb.cells)
    return {
        function: pieces(source, handed_out[function])
        for function, source in cells
        if function in handed_out and source != handed_out[function]
    }
