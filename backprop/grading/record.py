"""Write examined submissions into nbgrader's gradebook, ``autograded/`` and ``feedback/``.

What is written is what ``nbgrader autograde`` and ``nbgrader generate_feedback`` write, through the same library, and to
the same tables (`backprop.grading.rows`); but one open gradebook, one transaction and one conversion serve a submission
in place of nine gradebooks, a commit a cell and two conversions, and what all submissions share is rendered once.

| what you can do | with |
| --- | --- |
| write one submission's points, notebook and page | `Recorder.record` |
| have all that was written since stand | `Recorder.commit` |
"""

import json
import logging
import os
import shutil
import stat
import tempfile
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from backprop import notebook
from backprop.checking.wire import printable
from backprop.course import CourseError, book_address
from backprop.grading import feedback
from backprop.grading.outputs import write_outputs
from backprop.grading.read import MACHINE, has_timestamp, linked
from backprop.grading.release import generate, nbgrader_config
from backprop.grading.rows import Rows

# Of further files that a student hands in beside the notebook: bytes of one, how many, and bytes of all.
MAX_ATTACHMENT, MAX_ATTACHMENTS, MAX_ATTACHED = 10 << 20, 100, 50 << 20


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

    Raises
    ------
    CourseError
        If the gradebook cannot be opened.
    """

    def __init__(self, root, name, db_url=None):
        self.root, self.name = Path(root), name
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
        self.exporter, self.notes, self._transaction = None, [], None

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

    def record(self, student, submitted, nb, examined):
        """Write one submission's autograded notebook, files, scores and comments.

        Parameters
        ----------
        student : str
        submitted : path
            The folder handed in; of its further files only regular ones are copied, within limits of number and size.
        nb : NotebookNode
            The mended notebook. Its outputs are replaced.
        examined : dict
            What `backprop.grading.examine.Examiner.examine` returned.

        Returns
        -------
        float
            The score as the gradebook will have it after `commit`: with manual grades and late penalties. ``notes`` then
            say what was not copied.
        """
        write_outputs(nb, examined, self.book)
        if self.kernelspec:
            nb.metadata["kernelspec"] = nbformat.from_dict(self.kernelspec)
        try:
            self._write_folder(student, Path(submitted), nb)
            score = self._write_scores(student, Path(submitted), nb)
            self.feedback(student, nb)
        except SQLAlchemyError as error:  # no fault of the submission's: the next would fail as well
            raise self._cannot_write(error) from None
        except Exception:
            self.gradebook.db.remove()  # what was not finished
            raise
        return score

    def _folder(self, kind, student):
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{kind}_directory"), student, self.name))

    def _write_folder(self, student, submitted, nb):
        target = self._folder("autograded", student)
        if target.exists():
            _make_writable(target)
            shutil.rmtree(target)
        target.mkdir(parents=True)
        (target / f"{self.name}.ipynb").write_text(nbformat.v4.writes(nb) + "\n", encoding="utf-8")
        source = self.root / "solutions" / self.name
        for path in self._beside(source):  # the course's own first: nothing takes their place
            if not path.is_symlink():  # such as an editor's lock
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        self.notes = [] if linked(submitted) else self._attach(submitted, target)
        for path in target.rglob("*"):
            if path.is_file():
                path.chmod(0o444)

    def _beside(self, folder):
        """Paths of the files beside a notebook, but those that nbgrader ignores; found in one pass, however many they are."""
        ignored = shutil.ignore_patterns(*self.coursedir.ignore, "*.ipynb")
        for where, folders, files in os.walk(folder):
            skip = ignored(where, folders + files)
            folders[:] = sorted(set(folders) - skip)
            yield from (Path(where, name) for name in sorted(set(files) - skip))

    def _attach(self, submitted, target):
        """Copy what a student handed in beside the notebook, within limits. Returns a note on what was left out, if anything."""
        number = size = left = 0
        named = []
        for path in self._beside(submitted):
            copy, fits = target / path.relative_to(submitted), False
            try:
                if os.path.lexists(copy):  # the course's own, handed in again
                    continue
                if number < MAX_ATTACHMENTS:
                    about = os.lstat(path)
                    fits = stat.S_ISREG(about.st_mode) and about.st_size <= min(MAX_ATTACHMENT, MAX_ATTACHED - size)
                if fits:
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, copy)
                    number, size = number + 1, size + about.st_size
            except OSError as error:  # a folder by the name of a file, a file that cannot be read
                if error.errno in MACHINE:
                    raise
                fits = False
            if not fits:
                left += 1
                named += [printable(str(path.relative_to(submitted)))[:100]] if left <= 3 else []
        if not left:
            return []
        more = f" and {left - len(named)} more" if left > len(named) else ""
        return [
            f"not copied: {', '.join(named)}{more} (of what lies beside a notebook, {MAX_ATTACHMENTS} files are, "
            f"each of at most {MAX_ATTACHMENT >> 20} MB and together {MAX_ATTACHED >> 20} MB, and no link)"
        ]

    def _write_scores(self, student, submitted, nb):
        cells = {c.metadata.nbgrader.grade_id: c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id")}
        self._begin()
        try:
            timestamp = self.coursedir.get_existing_timestamp(str(submitted)) if has_timestamp(submitted) else None
        except Exception:  # whatever a timestamp.txt by hand may hold
            timestamp = None
        scores = {name: utils.determine_grade(cells[name])[0] for name in self.rows.scored}
        comments = {name: "No response." if _untouched(cells[name]) else None for name in self.rows.commented}
        notebook = self.rows.write(student, timestamp, scores, comments)
        self.gradebook.db.commit()
        if self.rows.due and self.gradebook.find_submission(self.name, student).total_seconds_late > 0:
            self.commit()  # the plugin opens the gradebook itself
            AssignLatePenalties(parent=self.api).preprocess(
                nb,
                {"nbgrader": {"notebook": self.name, "assignment": self.name, "student": student, "db_url": self.coursedir.db_url}},
            )
        self._scores, self._comments, self.total, penalty = self.rows.read(notebook)
        self._totals = {"score": self.total - penalty, "max_score": self.rows.max_score, "late_penalty": penalty}
        return self._totals["score"]

    def feedback(self, student, nb):
        """Render the feedback page of the submission that was recorded last."""
        if self.exporter is None:
            self.exporter = feedback.exporter(self.coursedir, self.api)
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in self._scores:
                cell.metadata.nbgrader["score"] = self._scores[name]
                cell.metadata.nbgrader["points"] = float(cell.metadata.nbgrader.get("points", 0))
            if name in self._comments:
                cell.metadata.nbgrader["comment"] = self._comments[name]
        resources = {
            "unique_key": self.name,
            "output_files_dir": f"{self.name}_files",
            "metadata": {"name": self.name},
            "nbgrader": {"student": student, "assignment": self.name, "notebook": self.name, **self._totals},
        }
        page, _ = self.exporter.from_notebook_node(nb, resources=resources)
        target = self._folder("feedback", student)
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{self.name}.html").write_text(page, encoding="utf-8")


def _untouched(cell):
    """Whether nothing was written into a cell, as nbgrader has it."""
    return cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)


def _make_writable(folder):
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


def _set_up(connection, _):
    connection.execute("PRAGMA journal_mode = PERSIST")
    connection.isolation_level = None  # SQLAlchemy begins transactions: Python's module would end them at a savepoint
