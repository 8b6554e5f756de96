"""What the tests share: a scratch copy of the course, the built book, and a browser."""

import fcntl
import gzip
import http.server
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import warm

from backprop.course import Chapter
from backprop.grading import classroom

ROOT = Path(__file__).parents[1]
NAME = "06-backward-propagation"
EXERCISES = Chapter(ROOT, NAME).exercises
POINTS, CHECKS = sum(exercise.max_points for exercise in EXERCISES), len(EXERCISES)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="Chromium is not installed")


def copy_course(target):
    """A copy of the course without its build, its classes and its records, but with what Python has compiled of it."""
    shutil.copytree(
        ROOT,
        target,
        ignore=shutil.ignore_patterns(
            ".git",
            ".venv",
            "_build",
            "collected",
            "submitted",
            "autograded",
            "feedback",
            "handback",
            "handout",
            "reports",
            ".backprop",
            "gradebook.db*",
            "*.pyc.*",  # on its way to be one
            "book",
            "tests",
            "*.egg-info",
        ),
    )
    return target


# Of the assignment's functions those for which the bank of hostile submissions is written: the last is what no other builds on.
def short_course(target, names=classroom.SHORT):
    """A copy of the course in which the assignment asks for some of its functions alone.

    Hundreds of notebooks are run and graded in several ways in it. What each of them shows, it shows of these functions: the others
    would be checked beside them, and be right, every time.
    """
    classroom.shorten(copy_course(target), NAME, names)
    return target


def run(*words, cwd, ok=True, cold=False, timeout=600, **options):
    """Run a command of this Python's (``backprop``, ``nbgrader``) and return its outcome. Cold: as a shell would start it."""
    start = subprocess.run if cold else warm.run
    done = start([sys.executable, "-m", *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=timeout, **options)
    if ok:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


def once(tmp_path_factory, name, make):
    """A folder that is made by the first worker that wants it, and shared by all."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / name
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            fresh = folder.with_suffix(".fresh")
            make(fresh)
            fresh.rename(folder)
    return folder


@contextmanager
def jupyter(folder, env=None):
    """A Jupyter server in a folder, with formgrader, Lab and Notebook: its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["server", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password="]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([sys.executable, "-m", "jupyter", *words], cwd=folder, env=env, **quiet)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status").close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:  # one whose kernels do not answer while it stops waits for them for good
            server.kill()
            server.wait()


@pytest.fixture
def bare_course(tmp_path, monkeypatch):
    """A scratch course with a grading key of its own."""
    monkeypatch.setenv("BACKPROP_KEY", str(tmp_path / "key"))
    return copy_course(tmp_path / "course")


@pytest.fixture
def course(bare_course, tmp_path_factory):
    """A scratch course whose gradebook knows the assignment already: to make one takes two seconds."""

    def make(folder):
        run("nbgrader", "generate_assignment", NAME, "--force", cwd=copy_course(folder))

    made = once(tmp_path_factory, "known", make)
    shutil.copy(made / "gradebook.db", bare_course)
    return bare_course


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    """A fresh clone of what is here, after `make` in it: the book, the exercises, a class graded."""

    def make(folder):
        listed = subprocess.run(["git", "ls-files", "-cozX", ".gitignore"], cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "fresh"]):
            subprocess.run(["git", *words], cwd=folder, check=True)
        venv = folder.with_name("venv")  # this Python's, installed already
        venv.mkdir()
        for name in ("bin", "lib", "pyvenv.cfg"):
            (venv / name).symlink_to(Path(sys.prefix) / name)
        (venv / "installed").touch()
        env = {**os.environ, "PYTHONPATH": str(folder), "BACKPROP_KEY": str(folder.with_name("fresh-key"))}
        done = subprocess.run(["make", f"VENV={venv}"], cwd=folder, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return once(tmp_path_factory, "fresh", make)


@pytest.fixture(scope="session")
def html(fresh):
    """The folder of the book, built from nothing."""
    return fresh / "_build" / "html"


@cache
def compressed(path):
    """A file of the book as it travels: a page's scripts weigh more than it, and every page asks for them."""
    return gzip.compress(path.read_bytes(), 6)


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves files, texts compressed, and says nothing."""

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix in (".png", ".woff", ".woff2", ".zip"):
            return super().send_head()
        data = compressed(path)
        self.send_response(200)
        for name, value in {
            "Content-Type": self.guess_type(str(path)),
            "Content-Encoding": "gzip",
            "Content-Length": str(len(data)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        return io.BytesIO(data)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(html):
    """The book's address on this machine."""
    handler = lambda *words: Compressing(*words, directory=str(html))  # noqa: E731
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        made = player.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield made
        made.close()


class Visit:
    """One page opened in a fresh context; remembers requests, errors, dialogs and weight."""

    def __init__(self, browser, address, width=1280, scheme="light", **options):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        self.page, self.requests, self.errors, self.weight = self.context.new_page(), [], [], 0
        self.dialogs = []
        self.page.on("dialog", lambda dialog: self.dialogs.append(dialog.message) or dialog.dismiss())
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfinished", self._weigh)
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def _weigh(self, request):
        if "/mathjax/" not in request.url and request.url.startswith("http"):
            self.weight += request.sizes()["responseBodySize"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()
