"""nbgrader's configuration: its directories are mapped to the course's."""

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# The catalogue of mistakes and the right answers in other styles stay with the instructor.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints", "*.pyc", "__pycache__", ".DS_Store", "mistakes.py", "variants.py",
]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.OverwriteCells.add_missing_cells = True
