"""nbgrader's pipeline with the course's own three steps: read a submission, mend it, and have it judged in a sandbox.

``nbgrader_config.py`` has `Reader` read what was handed in, and puts `Restore` first among the sanitizing preprocessors
and `Examine` in the place of nbgrader's kernel, so that plain ``nbgrader autograde`` is safe and diagnoses, and everything
else is nbgrader's.
"""

import html
from functools import lru_cache
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from backprop import notebook
from backprop.grade import read_submission
from backprop.judge import Verdict
from backprop.mistakes import place
from backprop.release import book_address
from backprop.results import Results
from backprop.submission import restore


@lru_cache(maxsize=4)
def released(root, name):
    """The notebook of an assignment as students receive it."""
    return notebook.read(Path(root) / "exercises" / name / f"{name}.ipynb")


@lru_cache(maxsize=4)
def results(root, name, sandboxed):
    """The store of one assignment's examined submissions."""
    return Results(root, name, sandboxed)


class Reader(NotebookExporter):
    """Reads notebooks as `backprop grade` does: a pipe is not waited for, a link not followed, an oddity mended or named."""

    def from_filename(self, filename, resources=None, **more):
        path = Path(filename)
        nb = notebook.parse(read_submission(path.parent, path.stem), path.name)
        return self.from_notebook_node(nb, resources, **more)


class Restore(NbGraderPreprocessor):
    """Mend what a student changed, lost or doubled by accident."""

    def preprocess(self, nb, resources):
        student, name = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        mended = restore(nb, released(str(Path.cwd()), name))
        for note in mended.notes:
            self.log.warning("%s: %s", student, note)
        return mended.notebook, resources


class Examine(NbGraderPreprocessor):
    """Judge a submission in a sandbox and write the verdicts as its cells' outputs. Starts no kernel."""

    unsandboxed = Bool(False, help="Run submissions without a sandbox, at your own risk.").tag(config=True)

    def preprocess(self, nb, resources):
        root, about = str(Path.cwd()), resources["nbgrader"]
        mended = restore(nb, released(root, about["assignment"]))
        record = results(root, about["assignment"], not self.unsandboxed).of(about["student"], mended.cells)
        for note in record["notes"]:
            self.log.warning("%s: %s", about["student"], note)
        write_outputs(mended.notebook, record, book_address(root))
        return mended.notebook, resources


def write_outputs(nb, record, book=""):
    """Write what a submission's cells printed and what its checks found into the notebook, in place."""
    count = 0
    for number, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        about = cell.metadata.get("nbgrader", {})
        name = str(about.get("grade_id", "")).removeprefix("check_")
        cell.outputs, count = [], count + 1
        cell.execution_count = count
        if about.get("grade") and name in record["exercises"]:
            cell.outputs = verdict_outputs(name, record["exercises"][name], book, count)
        elif number in record["cells"]:
            cell.outputs = cell_outputs(record["cells"][number])


def verdict_outputs(name, found, book, count):
    """A verdict as a cell's outputs: the words, and the points as the value that nbgrader reads as the score."""
    shown = {key: found[key] for key in ("points", "max_points", "status", "diagnoses", "lines", "read")}
    text = Verdict(name, **shown).text(book)
    places = [place(read) for read in found["read"]] if book else []
    body = html.escape(text.split("\n  →")[0] if places else text)
    links = "".join(f'\n  → <a href="{html.escape(book.rstrip("/"))}/{link}">{html.escape(words)}</a>' for link, words in places)
    return [
        nbformat.v4.new_output("display_data", {"text/html": f"<pre>{body}{links}</pre>", "text/plain": text}),
        nbformat.v4.new_output("execute_result", {"text/plain": repr(float(found["points"]))}, execution_count=count),
    ]


def cell_outputs(output):
    """What a cell printed and raised, as outputs."""
    outputs = []
    if output["stdout"]:
        outputs.append(nbformat.v4.new_output("stream", name="stdout", text=output["stdout"]))
    error = output["error"]
    if error:
        where = f" (line {error['line']})" if error.get("line") else ""
        outputs.append(nbformat.v4.new_output(
            "error", ename=str(error["type"]), evalue=str(error["message"]),
            traceback=[f"{error['type']}{where}: {error['message']}"]))
    return outputs
