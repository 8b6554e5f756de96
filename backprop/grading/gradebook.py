"""Totals straight from nbgrader's gradebook, without nbgrader: a second that an unchanged class need not spend."""

from pathlib import Path

from backprop.grading.release import nbgrader_config

QUERY = """
SELECT submitted_assignment.student_id, SUM(grade.auto_score),
       SUM(COALESCE(grade.manual_score, grade.auto_score, 0) + COALESCE(grade.extra_credit, 0)) FROM grade
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN assignment ON submitted_assignment.assignment_id = assignment.id
WHERE assignment.name = :name GROUP BY submitted_assignment.student_id
"""


def totals(root: Path, name: str, db_url: str | None = None) -> dict[str, tuple[float, float]]:
    """Automatic and final points of each student, by their name; nothing where there is no gradebook yet."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    url = db_url or nbgrader_config(root).CourseDirectory.get("db_url", f"sqlite:///{root / 'gradebook.db'}")
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return {}
    try:
        engine = create_engine(url)
        with engine.connect() as connection:
            rows = connection.execute(text(QUERY), {"name": name}).all()
        engine.dispose()
    except SQLAlchemyError:
        return {}
    return {row[0]: (row[1] or 0.0, row[2] or 0.0) for row in rows}
