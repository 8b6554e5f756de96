"""Write examined submissions into nbgrader's gradebook, ``autograded/`` and ``feedback/``.

What is written is what ``nbgrader autograde`` and ``nbgrader generate_feedback`` write, through the same library, and to
the same tables (`backprop.grading.rows`); but one open gradebook and one transaction serve a submission in place of nine
gradebooks and a commit a cell. This process holds no submission: what it writes was made elsewhere (`backprop.grading.steps`).

| what you can do | with |
| --- | --- |
| write one submission's points and notebook | `Recorder.record` |
| work out anew what being late costs, where points and notebook stand | `Recorder.recount` |
| write its page, which says what the gradebook now has | `Recorder.write_page` |
| have all that was written since stand | `Recorder.commit` |
"""

import hmac
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from backprop import notebook
from backprop.course import CourseError, book_address
from backprop.grading import deadlines, gradebook, key, people
from backprop.grading.markup import served
from backprop.grading.read import MACHINE, left_out, small_file
from backprop.grading.release import generate, nbgrader_config
from backprop.grading.rows import Rows, naive
from backprop.grading.sandbox import LIMITS
from backprop.grading.timestamp import handed_in


class Recorder:
    """Writes one assignment's results. One process at a time does.

    Parameters
    ----------
    root : path
        The course's root.
    name : str
        The assignment.
    db_url : str, optional
        The gradebook, as SQLAlchemy writes addresses; by default what ``nbgrader_config.py`` says.
    limits : backprop.grading.sandbox.Limits
    dates : backprop.grading.deadlines.Deadlines, optional
        By default those of the course's file.

    Raises
    ------
    CourseError
        If the gradebook cannot be opened.
    """

    def __init__(self, root, name, db_url=None, limits=LIMITS, dates=None):
        self.root, self.name, self.limits = Path(root), name, limits
        self.dates = dates or deadlines.load(root)
        self.config = nbgrader_config(root)
        if db_url:
            self.config.CourseDirectory.db_url = db_url
        self.api = NbGraderAPI(config=self.config)
        self.api.log.setLevel(logging.ERROR)
        self.coursedir, self.book = self.api.coursedir, book_address(root)
        try:
            self.gradebook = Gradebook(self.coursedir.db_url, self.coursedir.course_id)
            if self.gradebook.engine.name == "sqlite":  # as safe as deleting the journal at every commit, and quicker
                event.listen(self.gradebook.engine, "connect", _set_up)
                event.listen(self.gradebook.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
                self.gradebook.engine.dispose()
            self._ensure_assignment()
        except SQLAlchemyError as error:
            raise CourseError(f"The gradebook {self.coursedir.db_url} cannot be opened: {str(error).splitlines()[0]}") from None
        self.rows, self.kernelspec = Rows(self.gradebook, self.name, people.named(root, name)), self._kernelspec()
        self.rule = self.dates.rules.get(name)
        self.notes: list[str] = []
        self._transaction = None

    def close(self):
        """Forget what was not committed."""
        self._end("rollback")
        self.gradebook.close()

    def _begin(self):
        """Have all that nbgrader commits wait for `commit`, unless that is so already; what it takes back is one submission's."""
        if self._transaction is None:
            self.gradebook.db.remove()
            self._transaction = self.gradebook.engine.connect().begin()
            self.gradebook.db.configure(
                bind=self._transaction.connection,
                join_transaction_mode="create_savepoint",
                expire_on_commit=False,  # nobody else writes: what was read is not read again
            )

    def commit(self):
        """Have what was recorded stand in the gradebook: a commit waits for the disk, so several submissions share one."""
        try:
            self._end("commit")
        except SQLAlchemyError as error:
            raise self._cannot_write(error) from None

    def _end(self, how):
        transaction, self._transaction = self._transaction, None
        self.gradebook.db.remove()
        if transaction:
            self.gradebook.db.configure(bind=self.gradebook.engine)
            with transaction.connection:
                getattr(transaction, how)()

    def _cannot_write(self, error):
        return CourseError(
            f"The gradebook {self.coursedir.db_url} cannot be written: {str(error).splitlines()[0]}. What was graded "
            "before is kept; mend this and run the same command again."
        )

    def _ensure_assignment(self):
        """Have the gradebook know the assignment as it is released now: its cells, their text and their points."""
        released = {
            c.metadata.nbgrader.grade_id: (c.metadata.nbgrader.get("checksum"), c.metadata.nbgrader.get("points"))
            for c in notebook.read(self.root / "exercises" / self.name / f"{self.name}.ipynb").cells
            if c.metadata.get("nbgrader", {}).get("grade_id")
        }
        try:
            there = self.gradebook.find_notebook(self.name, self.name)
        except MissingEntry:
            pass
        else:
            points = {c.name: c.max_score for c in there.grade_cells}
            known = {c.name: (c.checksum, points.get(c.name)) for c in there.source_cells}
            if known == released:
                return
            if known.keys() != released.keys() and there.submissions:
                raise CourseError(
                    f"{self.name} has other cells than when the {len(there.submissions)} submissions in the gradebook were graded, and "
                    "nbgrader allows that only before the first. Give the new version a name of its own, or start afresh, without "
                    f"the old grades: nbgrader db assignment remove {self.name} --force"
                )
        self.gradebook.db.remove()  # what was read: nbgrader is to write
        with tempfile.TemporaryDirectory() as folder:  # exercises/ is as it is: only the gradebook learns of it
            generate(self.root, self.name, db_url=self.coursedir.db_url, release=folder)
        self.gradebook.db.remove()

    def _kernelspec(self):
        text = self.gradebook.find_notebook(self.name, self.name).kernelspec
        return json.loads(text) if text else None

    def record(self, student, made, attached=(), left=()):
        """Write one submission's autograded notebook, files, scores and comments.

        Parameters
        ----------
        student : str
        made : backprop.grading.steps.Made
        attached, left : list of str
            Names of the files beside the notebook that are copied, and of those that are not.

        Returns
        -------
        float
            The score as the gradebook will have it after `commit`: with manual grades and late penalties. ``state`` then is
            what the gradebook says, ``late`` when it was handed in and what follows, with its ``trouble``; ``shown`` is what the
            feedback page says, and ``notes`` say what was not copied.
        """
        submitted = self.root / "submitted" / student / self.name
        try:
            self._write_folder(student, submitted, made.text, attached, list(left))
            return self._write_scores(student, submitted, made)
        except SQLAlchemyError as error:  # no fault of the submission's: the next would fail as well
            raise self._cannot_write(error) from None
        except Exception:
            self.gradebook.db.remove()  # what was not finished
            raise

    def _folder(self, kind, student):
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{kind}_directory"), student, self.name))

    def _write_folder(self, student, submitted, text, attached, left):
        target = self._folder("autograded", student)
        if target.exists():
            _make_writable(target)
            shutil.rmtree(target)
        target.mkdir(parents=True)
        (target / f"{self.name}.ipynb").write_text(text, encoding="utf-8")
        source = self.root / "solutions" / self.name
        ignored = shutil.ignore_patterns(*self.coursedir.ignore, "*.ipynb")
        for where, folders, files in os.walk(source):  # the course's own first: nothing takes their place
            skip = ignored(where, folders + files)
            folders[:] = sorted(set(folders) - skip)
            for path in (Path(where, name) for name in sorted(set(files) - skip)):
                if not path.is_symlink():  # such as an editor's lock
                    copy = target / path.relative_to(source)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, copy)
        for relative in attached:
            try:
                copy = (target / relative).with_name(served(Path(relative).name))
                if os.path.lexists(copy):  # the course's own, handed in again
                    continue
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(submitted / relative, copy, follow_symlinks=False)
            except OSError as error:  # a folder by the name of a file, a file that cannot be read
                if error.errno in MACHINE:
                    raise
                left.append(relative)
        self.notes = left_out(left, self.limits)
        for path in target.rglob("*"):
            if path.is_file():
                path.chmod(0o444)

    def _write_scores(self, student, submitted, made):
        self._begin()
        moment, _ = handed_in(submitted, self.dates.zone)
        scores = {name: made.scores[name] for name in self.rows.scored}
        comments = {name: made.comments[name] for name in self.rows.commented}
        self.rows.write(student, moment and naive(moment), scores, comments)
        return self._settle(student)

    def recount(self, student):
        """Have the gradebook say what being late costs by today's dates and points, of a submission that stands in it.

        Returns
        -------
        float
            As `record` does; nothing of the submission is looked at but its time.
        """
        try:
            self._begin()
            if self.rule is None and (moment := handed_in(self.root / "submitted" / student / self.name, self.dates.zone)[0]):
                self.rows.stamp(student, naive(moment))
            return self._settle(student)
        except SQLAlchemyError as error:
            raise self._cannot_write(error) from None

    def _settle(self, student):
        """Have the penalty stand that follows from points and dates; read what the gradebook then says."""
        if self.rule:
            self.rows.set_due(self.rule.due)
        self.late, self.trouble = self.dates.late(student, self.name, self.rows.due, *self.rows.times(student))
        if self.rule:
            self.rows.settle(student, self.late)
        else:
            self.rows.penalise(student, None)
        self.gradebook.db.commit()
        if self.rule is None and self.late.seconds > 0:
            self.commit()  # the plugin opens the gradebook itself
            AssignLatePenalties(parent=self.api).preprocess(
                nbformat.v4.new_notebook(),  # it looks into the gradebook
                {"nbgrader": {"notebook": self.name, "assignment": self.name, "student": student, "db_url": self.coursedir.db_url}},
            )
        self.state = gradebook.read(self.gradebook.db, self.name, student)[student]
        total, penalty = self.state.total, self.state.penalty
        totals = {"score": total - penalty, "max_score": self.rows.max_score, "late_penalty": penalty}
        about = {"who": self.state.name, "late": self.late.line(penalty)}
        self.shown = {"scores": self.state.points, "comments": self.state.comments, "totals": {**totals, **about}}
        return totals["score"]

    def write_page(self, student, text):
        """Write a submission's feedback page, and beside it what ``nbgrader release_feedback`` looks for there.

        Whoever has not handed in through nbgrader's exchange has no secret there to fetch it with: theirs is one that nobody
        knows, so that the others' pages are released.
        """
        target = self._folder("feedback", student)
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{self.name}.html").write_text(text, encoding="utf-8")
        nobodys = hmac.new(key.load(), f"feedback\0{self.name}\0{student}".encode(), "sha256").hexdigest()
        for name, instead in (("timestamp.txt", ""), ("submission_secret.txt", nobodys)):
            found = small_file(self.root / "submitted" / student / self.name, name)
            (target / name).unlink(missing_ok=True)  # nbgrader's copies may not be written to
            (target / name).write_bytes(instead.encode() if found is None else found)


def _make_writable(folder):
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


def _set_up(connection, _):
    connection.execute("PRAGMA journal_mode = PERSIST")
    connection.isolation_level = None  # SQLAlchemy begins transactions: Python's module would end them at a savepoint
