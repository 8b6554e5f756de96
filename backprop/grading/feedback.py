"""Feedback pages: one file each that opens offline, runs no script and asks no other host for anything."""

from datetime import datetime
from functools import cache
from pathlib import Path
from textwrap import indent

from markupsafe import Markup
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode

from backprop.grading import deadlines, gradebook
from backprop.grading.markup import clean, code, drawn, markdown
from backprop.grading.pages import template

# Characters of a submission's own cells that a page shows, and of its Markdown that is laid out: the rest stands there as
# typed. Of what cells print `backprop.grading.outputs` says it.
ROOM, LAID_OUT = 500_000, 50_000


class FeedbackExporter(Exporter):
    """What ``nbgrader generate_feedback`` writes its pages with: `page`, once nbgrader has looked up the scores."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb, resources=None, **more):
        nb, resources = super().from_notebook_node(nb, resources, **more)
        about = resources["nbgrader"]
        return page(nb, {**about, **_looked_up(about["db_url"], about["student"], about["assignment"])}), resources


def _looked_up(db_url, student, name):
    """What the gradebook, which nbgrader has just asked for the points, says beside them, with what deadlines.toml says."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as opened:
        state = gradebook.read(opened.db, name, student)[student]
        found = opened.find_submission(name, student)
        late, _ = deadlines.load(Path.cwd()).late(student, name, found.assignment.duedate, found.timestamp, found.extension)
    return {"who": state.name, "late": late.line(state.penalty)}


def page(nb: NotebookNode, about: dict) -> str:
    """The feedback page of a graded submission.

    Parameters
    ----------
    nb : NotebookNode
        As it stands in ``autograded/``, with ``score``, ``points`` and ``comment`` in the cells' metadata. It is made
        `presentable`.
    about : dict
        ``notebook``, its name; ``score``, ``max_score`` and ``late_penalty`` in points; ``who``, the student's name, and ``late``
        (`backprop.grading.deadlines.Late.line`) where they are known.

    Returns
    -------
    str
    """
    presentable(nb)
    receipt = nb.metadata.get("backprop", {})
    return _template().render(cells=nb.cells, receipt=receipt if isinstance(receipt, dict) else {}, **about)


def presentable(nb: NotebookNode) -> None:
    """Have a notebook hold nothing that a page must not show or would be too heavy for, in place: its cells are text."""
    room, laid_out = ROOM, LAID_OUT
    for cell in nb.cells:
        if not cell.metadata.get("nbgrader", {}).get("locked"):
            if len(cell.source) > room:
                text = f"{len(cell.source)} characters are left out: the page is full."
                cell.source = f"# {text}" if cell.cell_type == "code" else text
            room -= len(cell.source)
            laid_out -= len(cell.source) if cell.cell_type == "markdown" else 0
            if cell.cell_type == "raw" or (cell.cell_type == "markdown" and laid_out < 0):
                cell.update(cell_type="markdown", source=indent(cell.source, "    "))
        for output in cell.get("outputs", []):
            if data := output.get("data"):
                output.data = {kind: data[kind] for kind in ("text/html", "text/plain") if isinstance(data.get(kind), str)}
                if "text/html" in output.data:
                    output.data["text/html"] = clean(output.data["text/html"])


@cache
def _template():
    return template("feedback.html", code=code, markdown=markdown, drawn=drawn, harmless=Markup, moment=moment, function=function)


def function(grade_id: str) -> str:
    """The name of the function that a cell checks."""
    return grade_id.removeprefix("check_")


def moment(iso: str | None) -> str:
    """A time, to the minute, as a reader reads it, and how far its zone is from UTC."""
    if not iso:
        return "at a time that is not known"
    at = datetime.fromisoformat(iso)
    return f"{at:%Y-%m-%d %H:%M} {at.tzname()}"
