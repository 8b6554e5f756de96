"""What a student is given: a zip a chapter that works alone, handed out by an instructor and hanging on the chapter's page.

It unpacks into a folder ``NN-name`` with the notebook, ``checks.py`` and ``expected.json`` as released, the wheel that runs the
checks, ``requirements.txt`` and ten lines of what to do.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from backprop import notebook
from backprop.book import wheel
from backprop.book.archive import pack
from backprop.checking.receipt import CHECKS, checks_version
from backprop.course import CourseError, assignments, texts
from backprop.whole import write_whole

TOGETHER = "exercises.zip"
README = """{title}

1. You need Python 3.11 or newer. Open a terminal in this folder and type three lines, one after the other:
     python3 -m venv .venv
     .venv/bin/python -m pip install -r requirements.txt
     .venv/bin/jupyter notebook {name}.ipynb
   On Windows write python for python3, and .venv\\Scripts\\ for .venv/bin/. In Colab or on a hub you install nothing: put all files
   of this folder into a folder of their own there, and open the notebook.
2. Fill in a function and run the check below it; it says what is not right yet, and why. Run it as often as you like.
3. Hand in {name}.ipynb, saved, under this name and without the other files.
4. Help: {help}
"""
REQUIREMENTS = """# What the notebook needs. In this folder: pip install -r requirements.txt
# The file beside this one that runs the checks:
./{wheel}
# From the package registry, where missing:
{requires}
"""


def write(root: Path, names: Sequence[str] = (), together: bool = False) -> list[Path]:
    """Write ``handout/NN-name.zip`` for assignments, the same bytes every time; by default for all of them.

    Parameters
    ----------
    root : path
    names : sequence of str
    together : bool
        Whether to write one zip for all of them: ``handout/exercises.zip``.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    CourseError
        If there is no such assignment, or it is not released as it stands; nothing is written then.
    """
    known = assignments(root)
    if unknown := [name for name in names if name not in known]:
        raise CourseError(f"There is no assignment {unknown[0]!r}. There are: {', '.join(known)}.")
    names = sorted(set(names)) or known
    for name in names:
        _insist(root, name)
    made = wheel.make(root)
    members = {name: list(_members(root, name, made)) for name in names}
    zips = (
        {TOGETHER: [m for name in names for m in members[name]]} if together else {f"{name}.zip": members[name] for name in names}
    )
    target = Path(root) / "handout"
    target.mkdir(exist_ok=True)
    for file, inside in zips.items():
        write_whole(target / file, pack(inside), 0o644)
    return [target / file for file in zips]


def beside_pages(root: Path, target: Path) -> None:
    """Write each assignment's zip into a folder of the built book."""
    made = wheel.make(root)
    target.mkdir(parents=True, exist_ok=True)
    for name in assignments(root):
        if (Path(root) / "exercises" / name).is_dir():
            write_whole(target / f"{name}.zip", pack(_members(root, name, made)), 0o644)


def _members(root, name, made) -> Iterator[tuple[str, bytes]]:
    """What is in an assignment's zip, by its names there."""
    folder, about = Path(root) / "exercises" / name, texts(root)
    place = f"{about['address']}/book/students.html" if about["address"] else ""
    title = " – ".join(filter(None, (_title(folder / f"{name}.ipynb"), about["name"], about["term"])))
    help = "; ".join(filter(None, (about["contact"], place))) or 'the page "For students" of the book, or who teaches the course.'
    found = {
        "README.txt": README.format(title=title, name=name, help=help).encode(),
        "requirements.txt": REQUIREMENTS.format(wheel=made.name, requires="\n".join(made.requires)).encode(),
        made.name: pack(made.members.items()),
    }
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(_is_scratch(part) for part in path.relative_to(folder).parts):
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    for file, data in sorted(found.items()):
        yield f"{name}/{file}", data


def _is_scratch(part):
    """Whether a file or a folder is what working in an assignment's folder leaves there: ``.venv``, ``.ipynb_checkpoints``."""
    return part.startswith(".") or part == "__pycache__" or part.startswith("backprop_course-")


def _title(path):
    """The first heading of a notebook."""
    lines = (line for cell in notebook.read(path).cells for line in cell.source.splitlines())
    return next((line.lstrip("# ") for line in lines if line.startswith("# ")), path.stem)


def _insist(root, name):
    """Refuse to hand out what is not released, is not what ``solutions/`` checks by, or is worked on.

    Raises
    ------
    CourseError
    """
    folder, again = Path(root) / "exercises" / name, f"Nothing was written. Run: backprop release {name}"
    missing = [file for file in (f"{name}.ipynb", *CHECKS) if not (folder / file).is_file()]
    if missing:
        raise CourseError(f"{folder / missing[0]} is missing. {again}")
    if checks_version(folder) != checks_version(Path(root) / "solutions" / name):
        raise CourseError(f"exercises/{name} has other checks than solutions/{name}. {again}")
    cells = notebook.read(folder / f"{name}.ipynb").cells
    tasks = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    answered = [cell.metadata.nbgrader.grade_id for cell in tasks if "raise NotImplementedError()" not in cell.source]
    if answered:
        raise CourseError(f"The notebook in exercises/{name} holds an answer to {answered[0]} where its stub should be. {again}")
