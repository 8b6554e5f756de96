"""Generate ``exercises/`` from ``solutions/``: what a student receives, and the proof that it is in sync."""

import filecmp
import logging
import re
import shutil
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from backprop import notebook
from backprop.checking import Exercise, visible
from backprop.course import Chapter, CourseError, book_address
from backprop.grading import expected

# The cell that every assignment starts with. Its first line is its name: what was handed out with another second line stays the same cell.
START = """
import numpy as np
import sys
from pathlib import Path

# Where the course's package is not installed, Python finds it in the file that came with this notebook.
sys.path += [str(file) for file in Path.cwd().glob("backprop_course-*.whl")]
try:
    from checks import check
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"{error}. Put all files that came with this notebook into its folder (checks.py, expected.json and "
        "backprop_course-….whl), restart the kernel, and run this cell again."
    ) from None
""".strip()


def mark(nb: NotebookNode, exercises: list[Exercise]) -> None:
    """Write the nbgrader metadata that a solutions notebook's cells call for, in place.

    A cell with ``### BEGIN SOLUTION`` is the solution of the function it defines, a cell ``check(name)`` its
    check, worth the exercise's points; every other code cell is read-only, and the one that imports ``check`` is `START`.

    Raises
    ------
    CourseError
        If an exercise has no solution cell or no check cell, or the other way round.
    """
    by_name, seen, taken = {e.name: e for e in exercises}, [], set()
    for number, cell in enumerate(nb.cells, start=1):
        if cell.cell_type != "code":
            cell.metadata.pop("nbgrader", None)
            continue
        if "from checks import check" in cell.source:
            cell.source = START
        checked = re.fullmatch(r"check\((\w+)\)", cell.source.strip())
        defined = re.search(r"^def (\w+)", cell.source, re.M)
        kind = {"grade": False, "solution": False, "locked": True}
        if "### BEGIN SOLUTION" in cell.source and defined:
            name = defined[1]
            kind |= {"solution": True, "locked": False}
            seen.append(name)
        elif checked:
            name = f"check_{checked[1]}"
            if checked[1] not in by_name:
                raise CourseError(f"cell {number}: check({checked[1]}) has no exercise in checks.py")
            kind |= {"grade": True, "points": by_name[checked[1]].max_points}
            seen.append(name)
        else:
            name = re.sub(r"\W+", "-", cell.source.strip().split("\n")[0].lower()).strip("-")[:40] or "cell"
            while name in taken:
                name += "-2"
            taken.add(name)
        dropped = ["nbval-ignore-output", *["raises-exception"] * bool(checked)]  # here a check that raises is an error
        tags = [t for t in cell.metadata.get("tags", []) if t not in dropped]
        cell.metadata["tags"] = [*tags, "nbval-ignore-output"]  # stored without outputs: there is nothing to compare
        cell.metadata["nbgrader"] = {"schema_version": 3, "task": False, "grade_id": name, **kind}
    wanted = [n for e in exercises for n in (e.name, f"check_{e.name}")]
    if sorted(seen) != sorted(wanted):
        raise CourseError(f"checks.py wants the cells {', '.join(wanted)}; the notebook has {', '.join(seen)}")


def prepare(root: Path, name: str) -> list[Path]:
    """Bring ``solutions/<name>`` into order: metadata, normal form, ``expected.json``. Returns changed files."""
    chapter, changed = Chapter(root, name), []
    path = chapter.folder / f"{name}.ipynb"
    try:
        mark(chapter.notebook, chapter.exercises)
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from None
    for cell in chapter.notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    text = notebook.dumps(notebook.normalise(chapter.notebook))
    if path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        changed.append(path)
    data, path = expected.expected_data(chapter, book_address(root)), chapter.folder / "expected.json"
    if not path.exists() or not _still_right(path, data):
        path.write_text(visible.dumps(data), encoding="utf-8")
        changed.append(path)
    return changed


def _still_right(path, data):
    """Whether the stored numbers are the ones computed here: another processor rounds the last bit otherwise."""
    try:
        return expected.same_content(visible.loads(path.read_text(encoding="utf-8")), visible.loads(visible.dumps(data)))
    except ValueError:
        return False


def generate(root: Path, name: str, db_url: str | None = None, release: Path | str | None = None) -> None:
    """Run nbgrader's ``generate_assignment`` with the course's configuration.

    Parameters
    ----------
    root : path
    name : str
    db_url : str, optional
        A gradebook to record the assignment in; without it none is touched.
    release : path, optional
        Where to write instead of ``exercises/``.

    Raises
    ------
    CourseError
        If nbgrader refuses.
    """
    from nbgrader.apps import NbGraderAPI  # slow to import
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException

    config = nbgrader_config(root)
    if release:
        config.CourseDirectory.release_directory = str(release)
    if db_url:
        config.CourseDirectory.db_url = db_url
    config.CourseDirectory.assignment_id = name
    api = NbGraderAPI(config=config)
    app = GenerateAssignment(coursedir=api.coursedir, parent=api, config=config)
    app.no_database, app.force, app.create_assignment = db_url is None, True, True
    if db_url is None:
        from nbgrader.preprocessors import OverwriteCells, SaveCells

        app.preprocessors = [p for p in app.preprocessors if p not in (SaveCells, OverwriteCells)]
    app.log = logging.getLogger("backprop.release")
    app.log.setLevel(logging.ERROR)
    try:
        app.start()
    except NbGraderException as error:
        raise CourseError(f"nbgrader could not generate {name}: {error}") from None
    folder = Path(config.CourseDirectory.release_directory) / name
    path = (folder if folder.is_absolute() else Path(root) / folder) / f"{name}.ipynb"
    path.write_text(notebook.dumps(notebook.normalise(notebook.read(path))), encoding="utf-8")


def nbgrader_config(root):
    """The configuration in the course's ``nbgrader_config.py``, with its root set."""
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(Path(root).resolve())
    return config


def release(root: Path, name: str) -> bool:
    """Prepare and generate one assignment. Returns whether anything changed."""
    changed = bool(prepare(root, name))
    with tempfile.TemporaryDirectory() as folder:
        generate(root, name, release=folder)
        fresh, target = Path(folder) / name, Path(root) / "exercises" / name
        if not differences(target, fresh):
            return changed
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)
    return True


def check(root: Path, name: str) -> list[str]:
    """Files in which ``exercises/<name>`` and ``solutions/<name>`` are out of sync, changing neither."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        shutil.copytree(
            Path(root) / "solutions", copy / "solutions", ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        )
        for file in ("_toc.yml", "_config.yml", "nbgrader_config.py"):
            shutil.copy(Path(root) / file, copy / file)
        changed = [str(p.relative_to(copy)) for p in prepare(copy, name)]
        generate(copy, name)
        target = Path(root) / "exercises" / name
        return changed + [f"exercises/{name}/{f}" for f in differences(target, copy / "exercises" / name)]


def differences(a: Path, b: Path) -> list[str]:
    """Names of the files that only one of two folders has or that differ between them."""
    names = {
        p.relative_to(f)
        for f in (a, b)
        if f.is_dir()
        for p in f.rglob("*")
        if p.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(p.parts)
    }
    return sorted(
        str(n) for n in names if not ((a / n).is_file() and (b / n).is_file() and filecmp.cmp(a / n, b / n, shallow=False))
    )
