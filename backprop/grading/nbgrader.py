"""nbgrader's pipeline with the course's own three steps: read a submission, mend it, and have it judged in a sandbox.

``nbgrader_config.py`` has `Reader` read what was handed in, and puts `Restore` first among the sanitizing preprocessors
and `Examine` in the place of nbgrader's kernel, so that plain ``nbgrader autograde`` is safe and diagnoses, and everything
else is nbgrader's.
"""

from functools import lru_cache
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict

from backprop import notebook
from backprop.course import book_address
from backprop.grading.kept import Examined
from backprop.grading.mend import restore
from backprop.grading.outputs import write_outputs
from backprop.grading.read import files_beside, read_submission


@lru_cache(maxsize=4)
def released(root, name):
    """The notebook of an assignment as students receive it."""
    return notebook.read(Path(root) / "exercises" / name / f"{name}.ipynb")


@lru_cache(maxsize=4)
def examined(root, name, sandboxed):
    """The store of one assignment's examined submissions."""
    return Examined(root, name, sandboxed)


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
    limits = Dict(help="What one submission may use: names and values of backprop.grading.sandbox.Limits.").tag(config=True)

    def preprocess(self, nb, resources):
        root, about = str(Path.cwd()), resources["nbgrader"]
        mended = restore(nb, released(root, about["assignment"]))
        folder = Path(root) / "submitted" / about["student"] / about["assignment"]
        code = mended.cells, mended.places, files_beside(folder, about["assignment"])
        record = examined(root, about["assignment"], not self.unsandboxed).of(about["student"], code)
        for note in record["notes"]:
            self.log.warning("%s: %s", about["student"], note)
        write_outputs(mended.notebook, record, book_address(root))
        return mended.notebook, resources
