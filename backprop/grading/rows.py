"""One submission's rows in nbgrader's gradebook, in a few statements: what its own classes write object by object, a commit each."""

from datetime import UTC, datetime, timedelta

from nbgrader.api import Assignment, Comment, Grade, Gradebook, Notebook, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from sqlalchemy import bindparam, case, insert, select, update

from backprop.grading.deadlines import Late
from backprop.grading.people import Person

ASSIGNMENTS, STUDENTS, SUBMISSIONS, NOTEBOOKS, GRADES, COMMENTS = (
    kind.__table__ for kind in (Assignment, Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
# Made once: SQLAlchemy takes longer to put a statement together than SQLite to run it.
ADD_STUDENT, ADD_SUBMISSION, ADD_NOTEBOOK, ADD_GRADE, ADD_COMMENT = map(
    insert, (STUDENTS, SUBMISSIONS, NOTEBOOKS, GRADES, COMMENTS)
)
HAS_STUDENT = select(STUDENTS.c.id).where(STUDENTS.c.id == bindparam("student"))
FIND_SUBMISSION = select(SUBMISSIONS.c.id).where(
    SUBMISSIONS.c.assignment_id == bindparam("assignment"), SUBMISSIONS.c.student_id == bindparam("student")
)
FIND_NOTEBOOK = select(NOTEBOOKS.c.id).where(
    NOTEBOOKS.c.assignment_id == bindparam("submission"), NOTEBOOKS.c.notebook_id == bindparam("released")
)
NAME = (
    update(STUDENTS)
    .where(STUDENTS.c.id == bindparam("student"), STUDENTS.c.first_name.is_(None), STUDENTS.c.last_name.is_(None))
    .values(first_name=bindparam("first"), last_name=bindparam("last"))
)
PENALTY = update(NOTEBOOKS).where(NOTEBOOKS.c.id == bindparam("notebook")).values(late_submission_penalty=bindparam("penalty"))
TOTAL = select(SubmittedNotebook.score).where(SubmittedNotebook.id == bindparam("notebook"))
TIMES = select(SUBMISSIONS.c.timestamp, SUBMISSIONS.c.extension).where(
    SUBMISSIONS.c.assignment_id == bindparam("assignment"), SUBMISSIONS.c.student_id == bindparam("student")
)
# Again, a manual score counts and is to be looked at; and the cells are those of the first time.
SCORE = (
    update(GRADES)
    .where(GRADES.c.notebook_id == bindparam("notebook"), GRADES.c.cell_id == bindparam("cell"))
    .values(
        auto_score=bindparam("value"),
        needs_manual_grade=case((GRADES.c.manual_score.is_not(None), True), else_=bindparam("missing")),
    )
)
COMMENT = (
    update(COMMENTS)
    .where(COMMENTS.c.notebook_id == bindparam("notebook"), COMMENTS.c.cell_id == bindparam("cell"))
    .values(auto_comment=bindparam("value"))
)


class Rows:
    """The rows of the submissions to one assignment.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Its session is written to; who commits it is the caller's business.
    name : str
        The assignment, and its notebook, which the gradebook knows.
    persons : dict of str to Person, optional
        Names by student, for those of whom the gradebook has none.
    """

    def __init__(self, gradebook: Gradebook, name: str, persons: dict[str, Person] | None = None):
        self.db, self.persons = gradebook.db, persons or {}
        assignment = gradebook.find_assignment(name)
        self.assignment, self.due = assignment.id, assignment.duedate
        # Of each notebook of the assignment, by its id: the cells with a score and those with a comment, by name.
        self.cells = {
            notebook.id: tuple(
                {cell.name: cell.id for cell in (*cells, *notebook.task_cells)}
                for cells in (notebook.grade_cells, notebook.solution_cells)
            )
            for notebook in assignment.notebooks
        }
        self.notebook = next(notebook.id for notebook in assignment.notebooks if notebook.name == name)
        self.scored, self.commented = self.cells[self.notebook]
        self.max_score = self.db.scalar(select(Notebook.max_score).where(Notebook.id == self.notebook))

    def write(self, student: str, timestamp: datetime | None, scores: dict, comments: dict) -> None:
        """Have the automatic scores and comments of a submission stand, whether it was there before or not.

        Parameters
        ----------
        student : str
        timestamp : datetime, optional
            When it was handed in, if that is known.
        scores : dict of str to float or None
            For each cell with a score; None where a person has to give it.
        comments : dict of str to str or None
            For each cell with a comment.
        """
        about = {"timestamp": timestamp} if timestamp else {}
        submission = self.db.scalar(FIND_SUBMISSION, {"assignment": self.assignment, "student": student})
        if submission is None:
            submission = self._add(student, about)
        elif about:
            self.db.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == submission).values(about))
        if person := self.persons.get(student):
            self.db.execute(NAME, {"student": student, "first": person.first, "last": person.last})
        notebook = self.db.scalar(FIND_NOTEBOOK, {"submission": submission, "released": self.notebook})
        given = [
            {"notebook": notebook, "cell": self.scored[name], "value": value, "missing": value is None}
            for name, value in scores.items()
        ]
        said = [{"notebook": notebook, "cell": self.commented[name], "value": value} for name, value in comments.items()]
        for statement, rows in ((SCORE, given), (COMMENT, said)):
            if rows:
                self.db.execute(statement, rows)

    def _add(self, student, about):
        """Add a submission, and a student whom the gradebook does not know. Returns its id."""
        if self.db.scalar(HAS_STUDENT, {"student": student}) is None:
            self.db.execute(ADD_STUDENT, {"id": student})
        submission = new_uuid()
        self.db.execute(ADD_SUBMISSION, {"id": submission, "assignment_id": self.assignment, "student_id": student, **about})
        for released, kinds in self.cells.items():
            notebook = new_uuid()
            self.db.execute(ADD_NOTEBOOK, {"id": notebook, "assignment_id": submission, "notebook_id": released})
            for add, cells in zip((ADD_GRADE, ADD_COMMENT), kinds):
                if cells:
                    self.db.execute(add, [{"cell_id": cell, "notebook_id": notebook} for cell in cells.values()])
        return submission

    def times(self, student: str) -> tuple[datetime | None, timedelta | None]:
        """When a student has handed in and how much longer they have, as the gradebook has it."""
        timestamp, extension = self.db.execute(TIMES, {"assignment": self.assignment, "student": student}).one()
        return timestamp, extension

    def set_due(self, due: datetime) -> None:
        """Have the assignment be due at this moment."""
        due = naive(due)
        if self.due != due:
            self.db.execute(update(ASSIGNMENTS).where(ASSIGNMENTS.c.id == self.assignment).values(duedate=due))
            self.due = due

    def settle(self, student: str, late: Late) -> None:
        """Have the penalty of a submission stand that follows from its points and from `deadlines.toml`, with the times it follows from.

        Parameters
        ----------
        student : str
            Whose submission the gradebook knows.
        late : backprop.grading.deadlines.Late
        """
        until, moment = (naive(datetime.fromisoformat(at)) if at else None for at in (late.due, late.handed_in))
        longer = until - self.due if until and late.extended else None
        which = SUBMISSIONS.c.assignment_id == self.assignment, SUBMISSIONS.c.student_id == student
        self.db.execute(update(SUBMISSIONS).where(*which).values(extension=longer, timestamp=moment))
        self.penalise(student, late.penalty(self.db.scalar(TOTAL, {"notebook": self._notebook(student)})))

    def stamp(self, student: str, moment: datetime) -> None:
        """Have a submission be handed in at this moment."""
        which = SUBMISSIONS.c.assignment_id == self.assignment, SUBMISSIONS.c.student_id == student
        self.db.execute(update(SUBMISSIONS).where(*which).values(timestamp=moment))

    def penalise(self, student: str, penalty: float | None) -> None:
        """Have being late cost a student so many points."""
        self.db.execute(PENALTY, {"notebook": self._notebook(student), "penalty": penalty or None})

    def _notebook(self, student):
        submission = self.db.scalar(FIND_SUBMISSION, {"assignment": self.assignment, "student": student})
        return self.db.scalar(FIND_NOTEBOOK, {"submission": submission, "released": self.notebook})


def naive(moment: datetime) -> datetime:
    """A moment as the gradebook writes it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)
