"""nbgrader's configuration: its directories are mapped to the course's."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

# nbgrader calls alembic by name for a new gradebook: let it be found without an activated environment.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")

c = get_config()

c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# The catalogue of mistakes and the right answers in other styles stay with the instructor.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    ".DS_Store",
    "mistakes.py",
    "variants.py",
]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}

# With it Run All in a student's Jupyter goes on where a check is not right.
c.GenerateAssignment.preprocessors.append("backprop.grading.nbgrader.RunAll")

# Submissions are read with care and mended before anything else looks at them, and judged in a sandbox in place of a kernel.
c.Autograde.exporter_class = "backprop.grading.nbgrader.Reader"
c.Autograde.sanitize_preprocessors = [
    "backprop.grading.nbgrader.Beside",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "backprop.grading.nbgrader.Examine",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "backprop.grading.nbgrader.Late",  # by deadlines.toml
    "nbgrader.preprocessors.CheckCellMetadata",
]
# What one submission may use, by the names in backprop.grading.sandbox.Limits: seconds and bytes that differ from those there.
c.Examine.limits = {}

# Whatever a student wrote is shown, in a terminal, in a table and in a page, and does nothing there.
c.NbGrader.logging_config = {"formatters": {"console": {"class": "backprop.grading.nbgrader.Formatter"}}}
c.ZipCollectApp.collector_plugin = "backprop.grading.nbgrader.FileNames"
c.ExportApp.plugin_class = "backprop.grading.nbgrader.Export"
c.GenerateFeedback.exporter_class = "backprop.grading.feedback.FeedbackExporter"
# Formgrader's page of a submission: the course's templates first, then nbgrader's own.
c.HTMLExporter.preprocessors = ["backprop.grading.nbgrader.Presentable"]
c.HTMLExporter.filters = {
    "markdown2html": "backprop.grading.markup.markdown",
    "highlight_code": "backprop.grading.markup.code",
}
c.HTMLExporter.extra_template_basedirs = [
    str(Path(find_spec(package).origin).parent / folder)
    for package, folder in (("backprop.grading", ""), ("nbgrader", "server_extensions/formgrader/templates"))
]
