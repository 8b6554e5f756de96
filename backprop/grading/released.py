"""That the class is graded by what it was given: checks and points that were changed and not released fit nobody's notebook."""

from pathlib import Path

from backprop import notebook
from backprop.checking.receipt import CHECKS
from backprop.course import Chapter, CourseError


def insist(chapter: Chapter) -> None:
    """Refuse an assignment whose checks differ from those in ``exercises/``.

    Raises
    ------
    CourseError
        If they do; it says in what, and what to run.
    """
    folder = chapter.root / "exercises" / chapter.name
    if not (folder / f"{chapter.name}.ipynb").is_file():
        raise CourseError(f"{folder / chapter.name}.ipynb is missing. Run: backprop release {chapter.name}")
    cells = notebook.read(folder / f"{chapter.name}.ipynb").cells
    marks = [cell.metadata.get("nbgrader", {}) for cell in cells]
    points = {m["grade_id"].removeprefix("check_"): m.get("points", 0) for m in marks if m.get("grade") and not m.get("solution")}
    wanted = {e.name: e.max_points for e in chapter.exercises}
    differing = [
        f"{name} has {_points(points.get(name))} there and {_points(wanted.get(name))} here"
        for name in {**wanted, **points}
        if points.get(name) != wanted.get(name)
    ]
    if not differing:
        differing = [f"{name} differs" for name in CHECKS if _text(folder / name) != _text(chapter.folder / name)]
    if differing:
        more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
        raise CourseError(
            f"exercises/{chapter.name} is not what solutions/{chapter.name} (here) would hand out: {'; '.join(differing[:3])}{more}. "
            f"Nothing was graded. Run: backprop release {chapter.name}; then, to see who moves: backprop regrade {chapter.name}"
        )


def _points(number):
    return "no check" if number is None else f"{number:g} point{'' if number == 1 else 's'}"


def _text(path: Path):
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except OSError:
        return None
