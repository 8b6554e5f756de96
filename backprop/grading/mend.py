"""Make a submitted notebook whole again: what a student changed, lost or doubled by accident costs nothing."""

import copy
import itertools
import re
from collections import Counter
from dataclasses import dataclass, field

import nbformat

from backprop.checking.wire import writable

ILLUSTRATION = "illustration"  # tag of read-only cells that only show something: grading does not run them
RELEASED = "released"  # in the metadata of prose that is the course's own, word for word
RESTORED = "backprop_restored"  # metadata of a cell that was put back: as a stub, it must not undo what is there


@dataclass
class Submission:
    """A notebook with every graded cell in it exactly once.

    ``cells`` are the pieces of code to run, as (cell number, source); ``places`` says of each exercise which cell is the last
    to run before its check; ``notes`` say what had to be mended.
    """

    notebook: nbformat.NotebookNode
    cells: list = field(default_factory=list)
    places: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


def restore(nb, template):
    """Restore the cells of a released assignment in a submission.

    Locked and check cells get their source and metadata back; a solution cell keeps its source and gets its
    metadata back; of cells with one ``grade_id`` the last counts, of solutions the last above its check; a missing solution is recognised by the
    function it defines; what is still missing is put back, and put-back stubs are not run. A check counts where it
    stands, but not before what stood before it when it was released.

    Parameters
    ----------
    nb : NotebookNode
        The submission. It is not changed.
    template : NotebookNode
        The assignment as released.

    Returns
    -------
    Submission
    """
    nb, found = _sound(nb, template), {"there twice": [], "without its metadata": [], "missing": []}
    released = {_id(cell): cell for cell in template.cells if _id(cell)}
    places, copies = {}, {}
    for number, cell in enumerate(nb.cells):
        name = _id(cell)
        if name in released:
            copies.setdefault(name, []).append(number)
        elif "nbgrader" in cell.metadata:
            cell.metadata.pop("nbgrader")
    for name, numbers in copies.items():
        check = copies.get(f"check_{name}", [len(nb.cells)])[-1]
        places[name] = max([number for number in numbers if number < check] or numbers)
        for number in set(numbers) - {places[name]}:
            found["there twice"].append(name)
            nb.cells[number].metadata.pop("nbgrader", None)
    for name, cell in released.items():
        if name not in places:
            number = _look_alike(nb, cell, set(places.values()))
            if number is not None:
                places[name] = number
                found["without its metadata"].append(name)
    kept = {name: nb.cells[number] for name, number in places.items()}
    for name, cell in kept.items():
        _reset(cell, released[name])
    prose = {cell.source for cell in template.cells if cell.cell_type == "markdown"}
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.source in prose:
            cell.metadata[RELEASED] = True
    previous = None
    for name, cell in released.items():
        if name not in kept:
            kept[name] = copy.deepcopy(cell)
            kept[name].metadata[RESTORED] = True
            found["missing"].append(name)
            where = next((i for i, c in enumerate(nb.cells) if c is previous), -1)
            nb.cells.insert(where + 1, kept[name])
        previous = kept[name]
    cells = []
    for number, cell in enumerate(nb.cells):
        about = cell.metadata.get("nbgrader", {})
        illustrates = about.get("locked") and ILLUSTRATION in cell.metadata.get("tags", [])
        restored_stub = cell.metadata.get(RESTORED) and about.get("solution")
        if cell.cell_type == "code" and not about.get("grade") and not illustrates and not restored_stub:
            cells.append((number, cell.source))
    numbers, checks, latest = {id(cell): number for number, cell in enumerate(nb.cells)}, {}, 0
    for name, cell in released.items():
        number = numbers[id(kept[name])]
        if cell.metadata.nbgrader.get("grade") and not cell.metadata.nbgrader.get("solution"):
            checks[name.removeprefix("check_")] = max(number, latest)
        else:
            latest = max(number, latest)
    _unique_ids(nb)
    found["there twice"] = [name if n == 1 else f"{name} ({n + 1} times)" for name, n in Counter(found["there twice"]).items()]
    notes = [f"{what}: {', '.join(names)}" for what, names in found.items() if names]
    return Submission(nb, cells, checks, notes)


def _sound(nb, template):
    """A copy that can be written and shown whatever the original holds: of its cells, what a notebook has and no more."""
    made = nbformat.v4.new_notebook(metadata=copy.deepcopy(template.metadata))
    for cell in nb.cells:
        kind = cell.cell_type if cell.cell_type in ("code", "markdown", "raw") else "raw"
        about, name = nbformat.NotebookNode(), _id(cell)
        if name:
            about.nbgrader = nbformat.NotebookNode(grade_id=name)
        if isinstance(cell.metadata, dict) and cell.metadata.get(RESTORED) is True:
            about[RESTORED] = True
        copied = nbformat.NotebookNode(cell_type=kind, id=cell.get("id"), metadata=about, source=writable(cell.source))
        if kind == "code":
            copied.update(outputs=[], execution_count=None)
        made.cells.append(copied)
    return made


def _id(cell):
    about = cell.metadata.get("nbgrader") if isinstance(cell.metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def _look_alike(nb, cell, taken):
    """The last free cell that defines the same function, or that is the same check."""
    about = cell.metadata.nbgrader
    for number in range(len(nb.cells) - 1, -1, -1):
        other = nb.cells[number]
        if number in taken or (other.cell_type == "markdown" and not about.get("solution")):
            continue
        if about.get("solution"):
            if re.search(rf"^def {re.escape(about.grade_id)}\b", other.source, re.M):
                return number
        elif other.source.strip() == cell.source.strip():
            return number
    return None


def _reset(cell, released):
    """Give a cell its released type and metadata back and, unless it is a solution, its source."""
    if cell.cell_type != released.cell_type:
        cell.cell_type = released.cell_type
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.pop("attachments", None)
        else:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    put_back = cell.metadata.get(RESTORED) is True and cell.source == released.source
    cell.metadata = copy.deepcopy(released.metadata)
    if put_back:
        cell.metadata[RESTORED] = True
    if not released.metadata.nbgrader.get("solution"):
        cell.source = released.source


def _unique_ids(nb):
    """Give every cell a valid id of its own, as the notebook format asks."""
    nb.nbformat, nb.nbformat_minor = 4, 5
    names = [cell.get("id") for cell in nb.cells]
    taken = {name for name in names if isinstance(name, str)}
    free = (name for number in itertools.count() if (name := f"cell-{number}") not in taken)
    seen = set()
    for cell, name in zip(nb.cells, names):
        if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) or name in seen:
            cell.id = next(free)
        seen.add(cell.id)


def put_notice(nb, text):
    """Put a cell with a sentence for the student at the top of a notebook."""
    nb.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="notice"))
    _unique_ids(nb)
