"""What nbgrader's gradebook says, without nbgrader: a second that an unchanged class need not spend."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from backprop.grading.release import nbgrader_config

CELLS = """
SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit FROM grade
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN assignment ON submitted_assignment.assignment_id = assignment.id
JOIN base_cell ON grade.cell_id = base_cell.id
WHERE assignment.name = :name
"""
COMMENTS = """
SELECT submitted_assignment.student_id, base_cell.name, COALESCE(comment.manual_comment, comment.auto_comment) FROM comment
JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN assignment ON submitted_assignment.assignment_id = assignment.id
JOIN base_cell ON comment.cell_id = base_cell.id
WHERE assignment.name = :name
"""
ABOUT = """
SELECT submitted_assignment.student_id, submitted_notebook.late_submission_penalty, submitted_assignment.timestamp,
       submitted_assignment.extension, assignment.duedate, student.first_name, student.last_name FROM submitted_notebook
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN assignment ON submitted_assignment.assignment_id = assignment.id
JOIN student ON submitted_assignment.student_id = student.id
WHERE assignment.name = :name
"""
ONE = " AND submitted_assignment.student_id = :student"


@dataclass
class State:
    """What the gradebook says of one submission.

    ``automatic``, ``manual`` and ``extra`` are points by cell, ``comments`` texts by cell, ``penalty`` the points that being late
    costs; ``about`` holds the times and the name as the database gives them.
    """

    automatic: dict[str, float | None] = field(default_factory=dict)
    manual: dict[str, float] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    about: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def points(self) -> dict[str, float]:
        """The points of each cell that count: those given by hand where there are any, and what was added."""
        return {cell: self.counting(cell, auto) for cell, auto in self.automatic.items()}

    def counting(self, cell: str, automatic: float | None) -> float:
        """The points of a cell that count, if these are its automatic ones."""
        given = self.manual.get(cell, automatic)
        return 0.0 if given is None else given + self.extra.get(cell, 0.0)

    @property
    def total(self) -> float:
        return sum(self.points.values())

    def digest(self, *more: object) -> str:
        """Of all that a page says of it."""
        return hashlib.sha256(json.dumps([vars(self), *more], sort_keys=True, default=str).encode()).hexdigest()


def read(connection, name: str, student: str | None = None) -> dict[str, State]:
    """The state of each submission to an assignment, or of one student's, by student.

    Parameters
    ----------
    connection : sqlalchemy.engine.Connection or sqlalchemy.orm.Session
    name : str
    student : str, optional
    """
    from sqlalchemy import text

    which = {"name": name} | ({"student": student} if student is not None else {})
    cells, comments, about = (
        connection.execute(text(query + (ONE if student is not None else "")), which).all() for query in (CELLS, COMMENTS, ABOUT)
    )
    found: dict[str, State] = {}
    for who, penalty, *times, first, last in about:
        found[who] = State(penalty=penalty or 0.0, about=[str(moment) for moment in times], name=full_name(first, last))
    for who, cell, automatic, manual, extra in cells:
        state = found[who]
        state.automatic[cell] = automatic
        state.manual |= {} if manual is None else {cell: manual}
        state.extra |= {cell: extra} if extra else {}
    for who, cell, comment in comments:
        found[who].comments |= {cell: comment} if comment else {}
    return found


def full_name(first: str | None, last: str | None) -> str:
    """A student's name as the gradebook has it, or ""."""
    return " ".join(part.strip() for part in (first, last) if part and part.strip())


def states(root: Path, name: str, db_url: str | None = None) -> dict[str, State]:
    """Of each student the state of their submission; nothing without a gradebook."""
    return _asked(root, db_url, lambda connection: read(connection, name), {})


def query(root: Path, words: str, db_url: str | None = None, **values: str) -> list:
    """The rows that a query gives; none without a gradebook, or where it cannot be read."""
    from sqlalchemy import text

    return _asked(root, db_url, lambda connection: list(connection.execute(text(words), values).all()), [])


def address(root: Path, db_url: str | None = None) -> str:
    """Where the gradebook is, as SQLAlchemy writes addresses."""
    return db_url or nbgrader_config(root).CourseDirectory.get("db_url", f"sqlite:///{Path(root) / 'gradebook.db'}")


def _asked(root, db_url, question, nothing):
    """What a function of a connection gives; what stands for nothing where there is no gradebook, or none that can be read."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    url = address(root, db_url)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return nothing
    engine = None
    try:
        engine = create_engine(url)
        with engine.connect() as connection:
            return question(connection)
    except SQLAlchemyError:
        return nothing
    finally:
        if engine:
            engine.dispose()
