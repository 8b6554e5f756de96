"""The student's door as one file: a wheel that pip installs, that a page of the book unpacks, and that Python imports as it is.

It holds what checks need and ``backprop check``: nothing of grading, of the book or of any solution. Its version ends in a digest of
what is in it (``0.2.0+1a2b3c4d``), as pip leaves in place what has the version of the file that it is given.
"""

import base64
import hashlib
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from backprop import __version__
from backprop.course import CourseError

# Of the ground, what `backprop check` stands on.
GROUND = ("__init__.py", "__main__.py", "course.py", "notebook.py", "terminal.py")
# What the course asks for and a student's notebook never does: notebooks are run by it, and tables printed.
LEFT_OUT = {"nbclient", "rich"}
METADATA = """Metadata-Version: 2.1
Name: backprop-course
Version: {version}
Summary: {summary}
License: {license}
Requires-Python: {python}
"""
WHEEL = "Wheel-Version: 1.0\nGenerator: backprop\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
ENTRY = "[console_scripts]\nbackprop = backprop.__main__:main\n"


class Wheel(NamedTuple):
    """A wheel: the name of its file, what it asks for (``numpy>=2.0``), and its members by their names."""

    name: str
    requires: list[str]
    members: dict[str, bytes]


def make(root: Path) -> Wheel:
    """The wheel of the student's door, the same bytes every time.

    Parameters
    ----------
    root : path
        The course's, whose ``pyproject.toml`` says what a student needs, and in which versions.

    Raises
    ------
    CourseError
        If there is no such file, or it says nothing of the kind.
    """
    package, pyproject = Path(__file__).parents[1], Path(root) / "pyproject.toml"
    try:
        project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
        requires = [line for line in project["dependencies"] if re.split(r"[^\w.-]", line)[0] not in LEFT_OUT]
        about = {"summary": project["description"], "license": project["license"], "python": project["requires-python"]}
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(
            f"{pyproject} does not say what a student needs ({error}). Take it from your checkout's history."
        ) from None
    files = [*(package / name for name in GROUND), *sorted((package / "checking").glob("*.*"))]
    members = {f"backprop/{path.relative_to(package).as_posix()}": path.read_bytes() for path in files}
    asks = "".join(f"Requires-Dist: {line}\n" for line in requires)
    digest = hashlib.sha256(asks.encode())
    for name, data in members.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    version = f"{__version__}+{digest.hexdigest()[:8]}"
    folder = f"backprop_course-{version}.dist-info"
    members |= {
        f"{folder}/METADATA": (METADATA.format(version=version, **about) + asks).encode(),
        f"{folder}/WHEEL": WHEEL.encode(),
        f"{folder}/entry_points.txt": ENTRY.encode(),
        f"{folder}/LICENSE": (Path(root) / "LICENSE").read_bytes(),
    }
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in members.items())
    members[f"{folder}/RECORD"] = f"{record}{folder}/RECORD,,\n".encode()
    return Wheel(f"backprop_course-{version}-py3-none-any.whl", requires, members)


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
