"""Scores straight from nbgrader's gradebook, without nbgrader: a second that an unchanged class need not spend."""

from pathlib import Path

from backprop.grading.release import nbgrader_config

QUERY = """
SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score,
       COALESCE(grade.manual_score, grade.auto_score, 0) + COALESCE(grade.extra_credit, 0) FROM grade
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN assignment ON submitted_assignment.assignment_id = assignment.id
JOIN base_cell ON grade.cell_id = base_cell.id
WHERE assignment.name = :name
"""


def scores(root: Path, name: str, db_url: str | None = None) -> dict[str, tuple[dict[str, float | None], float]]:
    """Of each student, by their name, the automatic points of each cell, and the final ones of all; nothing without a gradebook."""
    rows = query(root, QUERY, db_url, name=name)
    found: dict[str, tuple[dict[str, float | None], float]] = {}
    for student, cell, auto, final in rows:
        cells, total = found.get(student, ({}, 0.0))
        found[student] = {**cells, cell: auto}, total + (final or 0.0)
    return found


def address(root: Path, db_url: str | None = None) -> str:
    """Where the gradebook is, as SQLAlchemy writes addresses."""
    return db_url or nbgrader_config(root).CourseDirectory.get("db_url", f"sqlite:///{Path(root) / 'gradebook.db'}")


def query(root: Path, words: str, db_url: str | None = None, **values: str) -> list:
    """The rows that a query gives; none without a gradebook, or where it cannot be read."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    url = address(root, db_url)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return []
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(words), values).all())
    except SQLAlchemyError:
        return []
    finally:
        engine.dispose()
