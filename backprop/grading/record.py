"""Write examined submissions into nbgrader's gradebook, ``autograded/`` and ``feedback/``.

What is written is what ``nbgrader autograde`` and ``nbgrader generate_feedback`` write, through the same library, and to
the same tables (`backprop.grading.rows`); but one open gradebook and one transaction serve a submission in place of nine
gradebooks and a commit a cell. This process holds no submission: what it writes was made elsewhere (`backprop.grading.steps`).

| what you can do | with |
| --- | --- |
| write one submission's points and notebook | `Recorder.record` |
| write its page, which says what the gradebook now has | `Recorder.write_page` |
| have all that was written since stand | `Recorder.commit` |
"""

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
from backprop.grading.markup import served
from backprop.grading.read import MACHINE, has_timestamp, left_out
from backprop.grading.release import generate, nbgrader_config
from backprop.grading.rows import Rows
from backprop.grading.sandbox import LIMITS


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
    names : dict of str to str, optional
        Students' names, which stand on their pages, by their ids.

    Raises
    ------
    CourseError
        If the gradebook cannot be opened.
    """

    def __init__(self, root, name, db_url=None, limits=LIMITS, names=None):
        self.root, self.name, self.limits, self.names = Path(root), name, limits, names or {}
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
        self.rows, self.kernelspec = Rows(self.gradebook, self.name), self._kernelspec()
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
            The score as the gradebook will have it after `commit`: with manual grades and late penalties. ``total`` then is
            the sum of points, ``shown`` what the feedback page says, and ``notes`` say what was not copied.
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
        try:
            timestamp = self.coursedir.get_existing_timestamp(str(submitted)) if has_timestamp(submitted) else None
        except Exception:  # whatever a timestamp.txt by hand may hold
            timestamp = None
        scores = {name: made.scores[name] for name in self.rows.scored}
        comments = {name: made.comments[name] for name in self.rows.commented}
        notebook = self.rows.write(student, timestamp, scores, comments)
        self.gradebook.db.commit()
        if self.rows.due and self.gradebook.find_submission(self.name, student).total_seconds_late > 0:
            self.commit()  # the plugin opens the gradebook itself
            AssignLatePenalties(parent=self.api).preprocess(
                nbformat.v4.new_notebook(),  # it looks into the gradebook
                {"nbgrader": {"notebook": self.name, "assignment": self.name, "student": student, "db_url": self.coursedir.db_url}},
            )
        scores, comments, self.total, penalty = self.rows.read(notebook)
        totals = {"score": self.total - penalty, "max_score": self.rows.max_score, "late_penalty": penalty}
        self.shown = {"scores": scores, "comments": comments, "totals": totals, "who": self.names.get(student, "")}
        return totals["score"]

    def write_page(self, student, text):
        """Write a submission's feedback page."""
        target = self._folder("feedback", student)
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{self.name}.html").write_text(text, encoding="utf-8")


def _make_writable(folder):
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


def _set_up(connection, _):
    connection.execute("PRAGMA journal_mode = PERSIST")
    connection.isolation_level = None  # SQLAlchemy begins transactions: Python's module would end them at a savepoint
