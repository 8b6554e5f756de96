"""nbgrader's pipeline with the course's own steps, as ``nbgrader_config.py`` puts them in: everything else is nbgrader's.

| where | what |
| --- | --- |
| last of generate_assignment's preprocessors | `RunAll` |
| autograde reads what was handed in, and mends it | `Reader` |
| first of its sanitizing preprocessors | `Beside` |
| in the place of its kernel | `Examine` |
| last but one, in the place of nbgrader's | `Late` |
| formgrader's page of a submission | `Presentable` |
| export | `Export` |
| zip_collect reads the time in a file's name | `FileNames` |
| what all of them log | `Formatter` |
"""

import csv
import re
from functools import lru_cache
from pathlib import Path

import nbformat
from markupsafe import escape
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import CsvExportPlugin, FileNameCollectorPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from nbgrader.utils import is_grade, parse_utc
from tornado.log import LogFormatter
from traitlets import Bool, Dict

from backprop.checking.wire import printable
from backprop.course import book_address
from backprop.grading import deadlines, examine, steps
from backprop.grading.feedback import presentable
from backprop.grading.kept import Examined
from backprop.grading.markup import served
from backprop.grading.mend import restore
from backprop.grading.outputs import write_outputs
from backprop.grading.pool import TooMuch, guarded
from backprop.grading.read import files_beside, unfit
from backprop.grading.report import cell
from backprop.grading.rows import Rows
from backprop.notebook import NotebookError

GOES_ON = "raises-exception"  # the tag of a cell after which Jupyter's Run All, and nbclient, go on whatever it raises
COLUMNS = "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty score max_score"


@lru_cache(maxsize=4)
def examined(root, name, sandboxed):
    """The store of one assignment's examined submissions."""
    return Examined(root, name, sandboxed)


class RunAll(NbGraderPreprocessor):
    """Have Jupyter's Run All go on after a check that is not right: a solution keeps no such tag, an exception there is one."""

    def preprocess(self, nb, resources):
        for check in filter(is_grade, nb.cells):
            check.metadata["tags"] = list(dict.fromkeys([*check.metadata.get("tags", []), GOES_ON]))  # nbgrader may run it twice
        return nb, resources


class Reader(NotebookExporter):
    """Reads notebooks as `backprop grade` does: in a process that may die of one, mended, and with care: a link is not followed."""

    def from_filename(self, filename, resources=None, **more):
        folder, root = Path(filename).absolute().parent, str(Path.cwd())
        if why := unfit(folder.parent.name):
            _forget(self.parent.coursedir, folder.parent.name, folder.name)
            raise NotebookError(why)
        try:
            limits = examine.limits(root)
            handed = guarded("read", limits.step, limits.memory, steps.read, root, folder, Path(filename).stem, (), limits)
        except TooMuch as error:
            raise NotebookError(f"{folder.name}.ipynb {error}") from None
        if handed.trouble:
            raise NotebookError(handed.trouble)
        for note in handed.notes:
            self.log.warning("%s: %s", printable(folder.parent.name), note)
        return self.from_notebook_node(nbformat.v4.reads(handed.text), resources, **more)


def _forget(coursedir, student, name):
    """Take back what nbgrader has just recorded under a name that its pages would take for their own: it has read nothing yet."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        gradebook.remove_submission(name, student)
        if not gradebook.student_submissions(student):
            gradebook.remove_student(student)


class Beside(NbGraderPreprocessor):
    """Have the files beside a notebook named as formgrader may serve them."""

    def preprocess(self, nb, resources):
        student, name = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        for path in sorted(p for p in Path("autograded", student, name).rglob("*") if p.is_file()):
            path.rename(path.with_name(served(path.name)))
        return nb, resources


class Examine(NbGraderPreprocessor):
    """Judge a submission in a sandbox and write the verdicts as its cells' outputs. Starts no kernel."""

    unsandboxed = Bool(False, help="Run submissions without a sandbox, at your own risk.").tag(config=True)
    limits = Dict(help="What one submission may use: names and values of backprop.grading.sandbox.Limits.").tag(config=True)

    def preprocess(self, nb, resources):
        root, about = str(Path.cwd()), resources["nbgrader"]
        mended = restore(nb, steps.released(root, about["assignment"]))
        folder = Path(root) / "submitted" / about["student"] / about["assignment"]
        store = examined(root, about["assignment"], not self.unsandboxed)
        code = mended.cells, mended.places, files_beside(folder, about["assignment"], store.limits)
        record = store.of(about["student"], code)
        for note in record["notes"]:
            self.log.warning("%s: %s", about["student"], note)
        record = {**record, "receipt": store.receipt(about["student"], record["time"])}
        write_outputs(mended.notebook, record, book_address(root))
        return mended.notebook, resources


class Late(AssignLatePenalties):
    """Have a late submission cost what ``deadlines.toml`` says; of an assignment that does not stand there, what nbgrader says."""

    def preprocess(self, nb, resources):
        root, about = Path.cwd(), resources["nbgrader"]
        student, name = about["student"], about["assignment"]
        dates = deadlines.load(root)
        late, trouble = dates.late(student, name)
        if trouble:
            self.log.warning("%s: %s", printable(student), trouble)
        if name not in dates.rules:
            return super().preprocess(nb, resources)
        with Gradebook(about["db_url"]) as gradebook:
            rows = Rows(gradebook, name)
            rows.set_due(dates.rules[name].due)
            rows.settle(student, late)
            gradebook.db.commit()
        return nb, resources


class Presentable(NbGraderPreprocessor):
    """Have a notebook hold nothing that formgrader's page must not show; nor what that page writes round it as it stands."""

    def preprocess(self, nb, resources):
        presentable(nb)
        for about in ("student", "first_name", "last_name"):
            if resources.get(about):
                resources[about] = escape(printable(resources[about]))
        return nb, resources


class Export(CsvExportPlugin):
    """nbgrader's table of grades, with texts as `backprop.grading.report.cell` writes them."""

    def export(self, gradebook):
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            table.writerow(COLUMNS.split())
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if self._wanted(assignment.name, self.assignment) and self._wanted(student.id, self.student):
                        table.writerow(cell(x) if isinstance(x, str) else x for x in self._row(gradebook, assignment, student))

    @staticmethod
    def _wanted(name, names):
        return not names or name in map(str, names)

    @staticmethod
    def _row(gradebook, assignment, student):
        try:
            found = gradebook.find_submission(assignment.name, student.id)
            scores = found.score, found.late_submission_penalty, max(0.0, found.score - found.late_submission_penalty)
            timestamp = found.timestamp
        except MissingEntry:
            scores, timestamp = (0.0, 0.0, 0.0), None
        about = student.id, student.last_name, student.first_name, student.email
        return assignment.name, assignment.duedate, timestamp, *about, *scores, assignment.max_score


class FileNames(FileNameCollectorPlugin):
    """What nbgrader's zip_collect takes from a file's name, with the time that was meant.

    ``2026-01-02-03-04-05`` is read as 08:00 without it, and at ``18-05-33`` the whole collection ends.
    """

    def collect(self, submission_file):
        info = super().collect(submission_file)
        if info and info.get("timestamp"):
            text = info["timestamp"]
            found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[-_T ](\d\d)[-:.]?(\d\d)(?:[-:.]?(\d\d))?", text)
            text = f"{found[1]} {found[2]}:{found[3]}:{found[4] or '00'}" if found else text
            try:
                parse_utc(text)
                info["timestamp"] = text
            except (ValueError, OverflowError):
                self.log.warning("%s: its time cannot be read: %s", submission_file, text)
                del info["timestamp"]
        return info


class Formatter(LogFormatter):
    """What nbgrader logs, as it stands: the names in it are other people's."""

    def format(self, record):
        args = record.args if isinstance(record.args, tuple) else ()
        record.args = tuple(printable(arg) if isinstance(arg, str) else arg for arg in args) or record.args
        record.msg, record.args = printable(record.getMessage(), keep="\n\t"), ()
        return super().format(record)

    def formatException(self, ei):
        return printable(super().formatException(ei), keep="\n\t")
