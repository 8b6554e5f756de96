"""The command line: ``backprop`` or ``python -m backprop``, one command a job. ``--help`` lists them as this table does.

| for | commands |
| --- | --- |
| students | ``check`` |
| instructors | ``release``, ``handout``, ``roster``, ``collect``, ``grade``, ``regrade``, ``report``, ``handback``, ``export``, ``class``, ``where``, ``key`` |
| maintainers | ``book``, ``tidy`` |
"""

import contextlib
import errno
import json
import re
import signal
import sys
from collections import Counter

import click

from backprop import __version__


def say(text, err=False):
    """Print a text as it stands: whoever named a folder or wrote a message in it moves no cursor and turns no line round."""
    from backprop.checking.wire import printable

    click.echo(printable(str(text), keep="\n\t"), err=err)


class Commands(click.Group):
    """Every mistake of a user's is one line on stderr and exit code 1; Ctrl-C is 130. Help lists commands by whom they are for."""

    def format_commands(self, ctx, formatter):
        rows = re.findall(r"^\| (\w+) \| (``.*``) \|$", __doc__ or "", re.M)
        known = self.list_commands(ctx)
        parts = {f"For {who}": [name for name in re.findall(r"``(\w+)``", names) if name in known] for who, names in rows}
        parts["Others"] = [name for name in known if not any(name in names for names in parts.values())]
        for title, names in parts.items():
            if names:
                with formatter.section(title):
                    formatter.write_dl([(name, self.commands[name].get_short_help_str(limit=200)) for name in names])

    def list_commands(self, ctx):
        """A student's wheel has this file and no other door."""
        from importlib.util import find_spec

        return super().list_commands(ctx) if find_spec("backprop.grading") else ["check"]

    def invoke(self, ctx):
        try:
            return self._told(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped. What was finished is kept: run the same command again to go on.", err=True)
            sys.exit(130)
        finally:
            with contextlib.suppress(ValueError):  # not the main thread, which Ctrl-C does not reach
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done and said: only Python is left to be ended

    def _told(self, ctx):
        from backprop.checking.wire import printable
        from backprop.course import CourseError
        from backprop.notebook import NotebookError
        from backprop.terminal import show_whatever_comes

        show_whatever_comes()
        try:
            return super().invoke(ctx)
        except (CourseError, NotebookError) as error:
            raise click.ClickException(printable(str(error), keep="\n")) from None
        except ModuleNotFoundError as error:  # a student's installation, or a gradebook's driver
            if (error.name or "").startswith("backprop."):
                raise click.ClickException("What is installed here runs checks and nothing else: backprop check NOTEBOOK") from None
            raise click.ClickException(
                f"This command needs {error.name}, which is not installed. In the course's folder run: "
                "pip install -r requirements.txt"
            ) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has gone: click's business
                raise
            raise click.ClickException(
                f"{error.filename or 'A file of the course'} cannot be read or written: {error.strerror}. What "
                "was finished is kept; mend this and run the same command again."
            ) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="backprop")
def main():
    """Build, release and grade the course on backpropagation."""


@main.command()
@click.option("--serve", is_flag=True, help="Then serve it on this machine until Ctrl-C.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Where to serve it.")
@click.option(
    "--pyodide", metavar="FOLDER", type=click.Path(), help="Take Python for the pages from this folder. [default: fetched once]"
)
def book(serve, port, pyodide):
    """Build the HTML book into _build/html."""
    from backprop import course
    from backprop.book import build as building

    root = course.find_root()
    say("Building the book (about half a minute the first time) …", err=True)
    say(f"The book: {building.build(root, pyodide=pyodide, say=lambda words: say(words, err=True))}")
    if serve:
        building.serve(root, port)


@main.command()
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--run", is_flag=True, help="Run each notebook first and store what it prints and draws.")
def tidy(notebooks, run):
    """Bring NOTEBOOKS into the form in which they are committed."""
    from backprop import notebook

    for path in notebooks:
        changed = notebook.tidy(path, run)
        say(f"{path}: {'written' if changed else 'unchanged'}")


@main.command(short_help="Generate exercises/ from solutions/.")
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; fail when exercises/ is not what solutions/ generates.")
def release(names, check):
    """Generate exercises/ from solutions/, for all assignments or those NAMED."""
    from backprop import course
    from backprop.grading import release as releasing

    root = course.find_root()
    known = course.assignments(root)
    for name in names:
        if name not in known:
            raise click.ClickException(f"There is no assignment {name!r}. There are: {', '.join(known)}.")
    stale = []
    for name in names or known:
        if check:
            differing = releasing.check(root, name)
            stale += differing
            say(f"{name}: {'out of sync: ' + ', '.join(differing) if differing else 'in sync'}")
        else:
            say(f"{name}: {'written' if releasing.release(root, name) else 'unchanged'}")
    if stale:
        raise click.ClickException("exercises/ is not what solutions/ generates. Run: backprop release")


@main.command(short_help="Zip what students are given, so that it works alone.")
@click.argument("names", nargs=-1)
@click.option("--together", is_flag=True, help="One zip for all of them: handout/exercises.zip.")
def handout(names, together):
    """Zip what students are given.

    In handout/, a zip an assignment, for all or those NAMED: notebook, checks, what runs them, and how to start.
    """
    from backprop import course
    from backprop.book import handout as handing

    root = course.find_root()
    for path in handing.write(root, names, together):
        say(f"{path.relative_to(root)}: {path.stat().st_size / 1000:.0f} kB")


@main.command("class", short_help="Write a simulated class into submitted/, to try things on.")
@click.argument("name")
@click.option("--students", default=20, show_default=True, type=click.IntRange(1), help="How many.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="The same seed, the same class.")
@click.option("--hostile", is_flag=True, help="Add one of each hostile or broken submission.")
def classroom_(name, students, seed, hostile):
    """Write a simulated class into submitted/ for the assignment NAME."""
    import numpy as np

    from backprop import course, notebook
    from backprop.grading import classroom

    root = course.find_root()
    chapter = course.Chapter(root, name)
    template = notebook.read(root / "exercises" / name / f"{name}.ipynb")
    simulated = classroom.simulate(chapter, template, students, np.random.default_rng(seed))
    count = classroom.write(root, name, simulated)
    if hostile:
        from backprop.grading import hostile as bank

        count += bank.write(root, name)
    say(f"{count} submissions written to {root / 'submitted'}")


@main.command()
@click.argument("name")
@click.option("--workers", type=click.IntRange(1), help="Submissions examined at once. [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="Examine on a Dask cluster: tcp://host:port.")
@click.option("--db", metavar="URL", help="The gradebook, e.g. postgresql://host/name. [default: gradebook.db]")
@click.option("--force", is_flag=True, help="Grade again what did not change, too, by today's checks, whoever falls.")
@click.option("--unsandboxed", is_flag=True, help="Run submissions without bubblewrap. They can then do whatever you can.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line and submission.")
def grade(name, workers, scheduler, db, force, unsandboxed, as_json):
    """Grade submitted/*/NAME: gradebook, feedback and report.

    It is safe to stop and to run again.
    """
    if sys.platform == "win32":
        raise click.ClickException(
            "Grading needs Linux, whose sandbox keeps submissions from harming this machine. On Windows "
            "run it in WSL 2 or in a Linux virtual machine."
        )
    _for_a_class()
    from backprop import course
    from backprop.grading import report
    from backprop.grading.lock import only_one

    root = course.find_root()
    with only_one(root, _waits):
        run = _ready(root, name, workers, scheduler, db, not unsandboxed, force)
        _before(run)
        with _progress(len(run.students), as_json) as step:
            found = run.run(step)
        page = report.write(root, name, found, run.names, run.read)
    if as_json:
        for one in found:
            say(json.dumps(one.line()))  # in ASCII: whatever it holds is written out
    else:
        _summary(root, name, found, page, run.names)
    if any(one.status == "failed" for one in found):
        sys.exit(1)


@main.command(short_help="Grade NAME by mended checks: who moves, and why.")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Write it: gradebook, feedback, report, and the log of what changed.")
@click.option("--allow-falls", is_flag=True, help="Let today's points count where they are fewer, too. [default: nobody falls]")
@click.option("--workers", type=click.IntRange(1), help="Submissions examined at once. [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="Examine on a Dask cluster: tcp://host:port.")
@click.option("--db", metavar="URL", help="The gradebook, e.g. postgresql://host/name. [default: gradebook.db]")
@click.option("--unsandboxed", is_flag=True, help="Run submissions without bubblewrap. They can then do whatever you can.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line and student who moves.")
def regrade(name, yes, allow_falls, workers, scheduler, db, unsandboxed, as_json):
    """Grade NAME by today's checks beside what stands: who moves, by how much and why. Writes only with --yes."""
    _for_a_class()
    from backprop import course
    from backprop.grading import report
    from backprop.grading.lock import only_one
    from backprop.grading.regrade import Regrading

    root = course.find_root()
    with only_one(root, _waits):
        run = _ready(root, name, workers, scheduler, db, not unsandboxed)
        again = Regrading(run, allow_falls)
        with _progress(len(again.same), as_json, "compared, and nothing is written") as step:
            again.compare(step)
        _moves(again, as_json)
        if yes:
            with _progress(len(run.students), as_json) as step:
                found, log = again.write(step)
            page = report.write(root, name, found, run.names, run.read)
            say(f"Written: gradebook, feedback, {page}." + (f" What changed stands in {log}." if again.moves else ""), err=as_json)
        elif again.moves or again.other_checks:
            say(f"Nothing is written yet. To write it: backprop regrade {name} --yes{' --allow-falls' * allow_falls}", err=as_json)
    if again.failed:
        sys.exit(1)


def _for_a_class():
    """Have this process, and those that it starts, waste nothing: called before NumPy is imported."""
    import gc
    import os

    gc.set_threshold(
        100_000
    )  # else a tenth of its time goes into looking for what nothing leads to any more, of which there is little
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a function's matrices are small: more threads would only wait


def _ready(*about):
    """A run that can begin. Ctrl-C counts once it is there: raised while a library is imported, it could be lost."""
    from backprop.grading.run import Grading, between_steps

    with between_steps() as pressed:
        run = Grading(*about)
    if pressed:
        raise KeyboardInterrupt
    return run


def _before(run):
    """Say what is better known before a class is graded; not by other checks than before, as points would fall without a word."""
    outdated = {"checks": 0, "grader": 0} if run.force else run.outdated()
    if count := outdated["checks"]:
        raise click.ClickException(
            f"The checks of {run.name} have changed since {count} of these submissions were graded. Nothing was graded. To see who moves "
            f"and let nobody fall, and to grade what is new with them: backprop regrade {run.name}. To grade everybody by today's checks, "
            f"whoever falls: backprop grade {run.name} --force"
        )
    if count := outdated["grader"]:
        say(
            f"The grader has changed since {count} of these submissions were graded, and their points may move. "
            f"To see who moves first, and to let nobody fall: backprop regrade {run.name}",
            err=True,
        )
    if unknown := run.dates.unknown(run.name, run.students):
        say(unknown, err=True)


def _waits(who):
    say(f"Another grading of this course is under way (process {who}); waiting for it to end.", err=True)


def _moves(again, as_json):
    """Say who moves."""
    from rich.console import Console
    from rich.table import Table

    from backprop.checking.wire import printable

    if as_json:
        for move in again.moves:
            say(json.dumps(move.line()))
    elif again.moves:
        table = Table("student", "score", "now", "of", "which function, and why", title=again.grading.name)
        for move in again.moves:
            scores = (f"{score:g}" for score in (move.before, move.after, move.max_score))
            table.add_row(printable(move.student, most=60), *scores, printable(move.words(), most=300))
        Console(markup=False, emoji=False).print(table)
    today = again.grading.examined.versions["checks"]
    say(f"Checks: version {', '.join(again.versions)} when the class was graded, {today} today.", err=as_json)
    if not again.other_checks and again.moves:
        say("They and the grader are the same: whoever moves does so by another key or other limits.", err=as_json)
    rise = sum(move.after > move.before for move in again.moves)
    fall = sum(move.after < move.before for move in again.moves)
    keep = sum(bool(move.keeps) for move in again.moves)
    say(
        f"{rise} of {len(again.same)} rise, {fall} fall"
        + (f", {keep} keep points that today's checks do not give (--allow-falls takes them)" if keep else "")
        + ".",
        err=as_json,
    )
    if again.anew:
        named = ", ".join(printable(student, most=60) for student in again.anew[:8])
        named += f" and {len(again.anew) - 8} more" if len(again.anew) > 8 else ""
        say(f"Not compared, as they were not graded before or have handed in anew: {named}.", err=as_json)
    for one in again.failed:
        say(f"{printable(one.student, most=60)}: {'; '.join(one.notes)}", err=True)


class _progress:
    """A bar on stderr: submissions done, those of them that could not be graded, seconds left."""

    def __init__(self, total, quiet, done="graded and in the gradebook"):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn("Grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[others]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet and not sys.stderr.isatty(),
        )
        self.done = done
        self.counts, self.count = Counter(failed=0), 0  # the course's own failures are shown even where there is none
        self.task = self.bar.add_task("", total=total, others=_counted(self.counts))

    def __enter__(self):
        self.bar.start()
        return self

    def __call__(self, graded, unchanged):
        self.count += 1
        if graded.status != "graded":
            self.counts[graded.status] += 1
        self.bar.update(self.task, completed=self.count, others=_counted(self.counts))

    def __exit__(self, kind, error, trace):
        self.bar.stop()
        if kind is KeyboardInterrupt:
            say(f"{self.count} of {self.bar.tasks[0].total} submissions are {self.done}.", err=True)


def _counted(counts):
    """How many submissions had which status, in words."""
    return ", ".join(f"{n} {status}" for status, n in counts.most_common())


def _summary(root, name, found, page, names):
    from rich.console import Console
    from rich.table import Table

    from backprop.checking.wire import printable
    from backprop.grading.timestamp import NO_TIME

    named_ones = any(names.get(one.student) for one in found)
    table = Table("student", *["name"] * named_ones, "score", "of", "what happened", title=name)
    for one in found:
        upstream = [name for name, e in one.exercises.items() if "upstream" in e["diagnoses"]]
        named = [
            f"{name}: {', '.join(dict.fromkeys(e['diagnoses']))}"
            for name, e in one.exercises.items()
            if e["diagnoses"] and name not in upstream
        ]
        named += [f"upstream: {', '.join(upstream)}"] if upstream else []
        blank = [name for name, e in one.exercises.items() if not e["points"] and not e["diagnoses"]]
        if one.status == "graded":
            few = [f"{name} not attempted" for name in blank] if len(blank) < 4 else [f"{len(blank)} functions not attempted"]
            named += ["nothing attempted"] if len(blank) == len(one.exercises) else few
        words = "; ".join([*(note.rstrip(".") for note in one.says if note != NO_TIME), *dict.fromkeys(named)])
        who = [printable(names.get(one.student, ""), most=60)] * named_ones
        table.add_row(printable(one.student, most=60), *who, f"{one.score:g}", f"{one.max_score:g}", printable(words, most=300))
    Console(markup=False, emoji=False).print(table)  # a name in brackets is a name
    _misunderstood(root, name, found)
    say(
        f"{len(found)} submissions: {_counted(Counter(one.status for one in found))}. Feedback: {root / 'feedback'}. Report: {page}"
    )
    if untimed := [printable(one.student, most=60) for one in found if NO_TIME in one.notes]:
        more = f" and {len(untimed) - 8} more" if len(untimed) > 8 else ""
        say(f"When {len(untimed)} of them were handed in is not known, and they count as in time: {', '.join(untimed[:8])}{more}.")
    for why, others in _without(root, {one.student for one in found}).items():
        if others:
            say(
                f"Not among them, for {why.format(name)}: {', '.join(printable(other, most=60) for other in others[:8])}"
                + (f" and {len(others) - 8} more" if len(others) > 8 else "")
                + f", in {root / 'submitted'}.",
                err=True,
            )


def _misunderstood(root, name, found):
    """Say what the class misunderstands, added up."""
    from rich.console import Console
    from rich.table import Table

    from backprop import course
    from backprop.grading.tally import sentences, tally

    summed = tally([one.line() for one in found], course.Chapter(root, name))
    if not summed.all:
        return
    table = Table("what is misunderstood", "students", "share", "in", title=f"of {summed.handed} who handed in")
    for row in summed.all:
        functions = ", ".join(f"{function} {n}" for function, n in row.functions[:3])
        functions += f" and {len(row.functions) - 3} more" if len(row.functions) > 3 else ""
        table.add_row(row.name, str(len(row.students)), f"{100 * summed.share(row):.0f} %", functions)
    Console(markup=False, emoji=False).print(table)
    for sentence in sentences(summed):
        say(sentence.replace("`", ""))


def _without(root, students):
    """What lies in ``submitted/`` and is not graded, and why: students without this assignment, what lies in a wrong place."""
    from backprop.checking.wire import writable

    found = {"want of a folder {}": [], "a dot in front of their names": []}
    for path in sorted((root / "submitted").iterdir()):
        if writable(path.name) not in students and (path.is_dir() or path.is_symlink() or path.suffix == ".ipynb"):
            found["a dot in front of their names" if path.name.startswith(".") else "want of a folder {}"].append(
                writable(path.name)
            )
    return found


@main.command("report", short_help="Write the class report of NAME, or of the whole term.")
@click.argument("name", required=False)
def report_(name):
    """Write the class report of NAME, or of the whole term.

    With NAME: reports/NAME.html and its tables, from its last grading. Without: reports/term.html and term.csv, what is
    misunderstood in each assignment that was graded, and whether it goes away. No code is run for either.
    """
    from backprop import course

    root = course.find_root()
    if name is None:
        from backprop.grading import term

        say(f"Term: {term.write(root)}")
        return
    from backprop.grading import report

    course.Chapter(root, name)
    from backprop.grading.people import names

    say(f"Report: {report.write(root, name, names=names(root, name))}")


@main.command()
@click.option("--rotate", is_flag=True, help="Make a new key: grading will draw other numbers.")
def key(rotate):
    """Say where the grading key lies, making one on first use."""
    from backprop.grading import key as keys

    keys.rotate() if rotate else keys.load()
    say(f"{'New key' if rotate else 'Key'}: {keys.path()}")


@main.command(short_help="Check a notebook: feedback on each function, points in all.")
@click.argument("notebook", type=click.Path())
@click.option("--receipt", is_flag=True, help="Run nothing; print what the receipt on a feedback page says, of this copy.")
def check(notebook, receipt):
    """Run a student's NOTEBOOK, or the one in a folder, and print the feedback of every check in it, and the points in all.

    Fails unless all are right.
    """
    from backprop import terminal

    notebook = terminal.found(notebook)
    if receipt:
        for line in terminal.receipt(notebook):
            say(line)
        return
    try:
        _, right = terminal.check(notebook, say)
    except KeyboardInterrupt:  # where it was stands there already
        sys.exit(130)
    sys.exit(0 if right else 1)


@main.command(short_help="Say where the book, feedback and scores of NAME are.")
@click.argument("name")
def where(name):
    """Say where the book, one student's feedback and the scores of the assignment NAME are."""
    from backprop import course

    root = course.find_root()
    course.Chapter(root, name)
    pages = sorted((root / "feedback").glob(f"*/{name}/{name}.html"))
    for what, page, command in (
        ("The book:", root / "_build" / "html" / "index.html", "backprop book"),
        ("One's feedback:", next(iter(pages), None), f"backprop grade {name}"),
        ("The class:", root / "reports" / f"{name}.html", f"backprop grade {name}"),
    ):
        say(f"{what:<16} {page if page and page.exists() else f'none yet: {command}'}")


def _zone(_, __, name):
    """A zone by its name, as ``--zone`` takes it."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError, KeyError):  # zoneinfo's words for what it does not know
        raise click.BadParameter(f"there is no zone {name!r}. Zones are called Europe/Berlin, America/New_York or UTC.") from None


DB = click.option("--db", metavar="URL", help="The gradebook, e.g. postgresql://host/name. [default: gradebook.db]")
DRY = click.option("--dry-run", "dry", is_flag=True, help="Say the same and write nothing.")


def _alone(root, dry):
    """The course's lock, unless nothing is written."""
    from contextlib import nullcontext

    from backprop.grading.lock import only_one

    return nullcontext() if dry else only_one(root, lambda who: say(f"Waiting for process {who}, which grades.", err=True))


@main.command()
@click.argument("file", type=click.Path())
@click.option("--id", "column", metavar="HEADING", help="The column with new students' ids. [default: login, else the school's id]")
@click.option("--replace", is_flag=True, help="Take out of the roster whom the file does not have. Grades stay.")
@DB
@DRY
def roster(file, column, replace, db, dry):
    """Take names and addresses from a platform's export.

    FILE is the CSV of Canvas's gradebook, of Moodle's participants, grades or grading worksheet, or of Gradescope's roster.
    """
    from backprop import course
    from backprop.grading import roster as rosters

    root = course.find_root()
    with _alone(root, dry):
        taken = rosters.take(root, file, column, db, replace, dry)
    for line in rosters.lines(taken, file, dry, replace):
        say(line)


@main.command()
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option(
    "--from",
    "platform",
    required=True,
    type=click.Choice(["canvas", "moodle", "gradescope", "folder"]),
    help="Whose names the files have.",
)
@click.option(
    "--zone",
    metavar="ZONE",
    callback=_zone,
    help="In which a zip's times are, e.g. Europe/Berlin. [default: as deadlines.toml says, else this machine's]",
)
@click.option("--file-times", "own", is_flag=True, help="Take the files' own times for those of handing in, come what may.")
@DB
@DRY
def collect(name, files, platform, zone, own, db, dry):
    """Collect NAME from a platform's downloads.

    FILES are zips or folders. The newest hand-in that can be read goes to submitted/, all are kept in collected/.
    """
    from backprop import course
    from backprop.grading import collect as collecting

    root = course.find_root()
    with _alone(root, dry):
        done = collecting.collect(root, name, files, platform, zone, own, dry, db)
    for line in collecting.lines(done, dry):
        say(line)


@main.command()
@click.argument("name")
@click.option("--into", "file", required=True, type=click.Path(), help="The CSV file that the platform exported.")
@click.option("--column", metavar="HEADING", help="The column to fill. [default: the assignment's, or Moodle's Grade]")
@click.option(
    "--missing",
    type=click.Choice(["empty", "0"]),
    default="empty",
    show_default=True,
    help="What one gets who never handed in, where nothing stands yet.",
)
@click.option("--scale", is_flag=True, help="Scale points to the platform's full marks.")
@click.option("--output", "target", type=click.Path(dir_okay=False), help="What is written. [default: FILE-filled.csv beside it]")
@click.option("--in-place", is_flag=True, help="Write the file itself, whole or not at all.")
@DB
@DRY
def export(name, file, column, missing, scale, target, in_place, db, dry):
    """Fill the grades of NAME into a platform's table.

    One column of its own CSV is filled; rows, order, quotes and encoding stay as they were.
    """
    from pathlib import Path

    from backprop import course
    from backprop.grading import export as exporting

    if target and in_place:
        raise click.UsageError("--output and --in-place say two things: give one of them.")
    root = course.find_root()
    done = exporting.export(root, name, file, column, missing == "0", scale, Path(target) if target else None, in_place, dry, db)
    for line in exporting.lines(done, dry):
        say(line)


@main.command()
@click.argument("name")
@click.option(
    "--to",
    type=click.Choice(["canvas", "moodle", "gradescope", "folder"]),
    help="For which platform. [default: those that it was collected from]",
)
@DB
@DRY
def handback(name, to, db, dry):
    """Zip the feedback of NAME as a platform takes it.

    One file for all students at once, in handback/, with names by which the platform finds whose a page is.
    """
    from backprop import course
    from backprop.grading import handback as handing

    root = course.find_root()
    with _alone(root, dry):
        done = handing.handback(root, name, to, dry, db)
    for line in handing.lines(done, dry):
        say(line)


if __name__ == "__main__":
    main()
