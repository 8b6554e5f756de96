"""nbgrader's pipeline with the course's own two steps: read a submission and mend it, and have it judged in a sandbox.

``nbgrader_config.py`` has `Reader` read and mend what was handed in, and puts `Examine` in the place of nbgrader's kernel, so
that plain ``nbgrader autograde`` is safe and diagnoses, and everything else is nbgrader's.
"""

from functools import lru_cache
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict

from backprop.checking.wire import printable
from backprop.course import book_address
from backprop.grading import examine, steps
from backprop.grading.kept import Examined
from backprop.grading.mend import restore
from backprop.grading.outputs import write_outputs
from backprop.grading.pool import TooMuch, guarded
from backprop.grading.read import files_beside
from backprop.notebook import NotebookError


@lru_cache(maxsize=4)
def examined(root, name, sandboxed):
    """The store of one assignment's examined submissions."""
    return Examined(root, name, sandboxed)


class Reader(NotebookExporter):
    """Reads notebooks as `backprop grade` does: in a process that may die of one, mended, and with care: a link is not followed."""

    def from_filename(self, filename, resources=None, **more):
        folder, root = Path(filename).absolute().parent, str(Path.cwd())
        try:
            limits = examine.limits(root)
            handed = guarded("read", limits.step, limits.memory, steps.read, root, folder, Path(filename).stem, (), limits)
        except TooMuch as error:
            raise NotebookError(f"{folder.name}.ipynb {error}") from None
        if handed.trouble:
            raise NotebookError(handed.trouble)
        for note in handed.notes:
            self.log.warning("%s: %s", printable(folder.parent.name), note)
        return self.from_notebook_node(nbformat.v4.reads(handed.text), resources, **more)


class Examine(NbGraderPreprocessor):
    """Judge a submission in a sandbox and write the verdicts as its cells' outputs. Starts no kernel."""

    unsandboxed = Bool(False, help="Run submissions without a sandbox, at your own risk.").tag(config=True)
    limits = Dict(help="What one submission may use: names and values of backprop.grading.sandbox.Limits.").tag(config=True)

    def preprocess(self, nb, resources):
        root, about = str(Path.cwd()), resources["nbgrader"]
        mended = restore(nb, steps.released(root, about["assignment"]))
        folder = Path(root) / "submitted" / about["student"] / about["assignment"]
        code = mended.cells, mended.places, files_beside(folder, about["assignment"])
        record = examined(root, about["assignment"], not self.unsandboxed).of(about["student"], code)
        for note in record["notes"]:
            self.log.warning("%s: %s", about["student"], note)
        write_outputs(mended.notebook, record, book_address(root))
        return mended.notebook, resources
