"""nbgrader's configuration: its directories are mapped to the course's."""

import os
import sys

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

# Submissions are read with care and mended before anything else looks at them, and judged in a sandbox in place of a kernel.
c.Autograde.exporter_class = "backprop.grading.nbgrader.Reader"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "backprop.grading.nbgrader.Examine",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# What one submission may use, by the names in backprop.grading.sandbox.Limits: seconds and bytes that differ from those there.
c.Examine.limits = {}
