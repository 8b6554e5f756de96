"""Build the HTML book, and serve it."""

import contextlib
import http.server
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from backprop.book import runtime, tasks
from backprop.course import CourseError


def build(
    root: Path, output: Path | None = None, strict: bool = True, pyodide: Path | None = None, say: Callable[[str], None] = print
) -> Path:
    """Build the book into ``_build/html``.

    Parameters
    ----------
    root : path
    output : path, optional
        Another folder in place of ``_build``.
    strict : bool
        Whether a warning is an error.
    pyodide : path, optional
        A folder with the files of `backprop.book.runtime`, on which exercises in the page run; otherwise they are fetched.
    say : callable
        Is told what takes long.

    Returns
    -------
    pathlib.Path
        The front page.

    Raises
    ------
    CourseError
        If Jupyter Book fails, and its output says why; if the folder named does not hold what it should.
    """
    root, output = Path(root), Path(output or root)
    line = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        str(root),
        "--path-output",
        str(output),
        "--keep-going",
    ]
    env = {**os.environ, tasks.FOLDER: str(runtime.find(pyodide, say) or "")}
    run = subprocess.run(line + (["-W"] if strict else []), capture_output=True, text=True, env=env)
    if run.returncode:
        raise CourseError("Jupyter Book could not build the book:\n" + (run.stdout + run.stderr)[-4000:])
    return output / "_build" / "html" / "index.html"


def serve(root: Path, port: int = 8000) -> None:
    """Serve the built book on this machine until Ctrl-C.

    Raises
    ------
    CourseError
        If the port cannot be had.
    """
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(Path(root) / "_build" / "html"))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise CourseError(
            f"Port {port} cannot be had ({error.strerror}). Try another: backprop book --serve --port {port % 65535 + 1}"
        ) from None
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"http://127.0.0.1:{port}/ (Ctrl-C ends)", flush=True)
        server.serve_forever()
