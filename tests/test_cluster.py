"""A larger class: the same work on a Dask cluster, and the gradebook in PostgreSQL. Both run on loopback here."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_grading import grade, gradebook, simulate, undisturbed, untimed  # noqa: F401

from conftest import CHECKS, NAME, run

pytestmark = pytest.mark.skipif(not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed")
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda p: int(p.parent.name))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def answers(port, seconds=60):
    """Wait until something listens."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def background(*commands, **options):
    """Processes that end with the block, each in a group of its own."""
    started = []
    try:
        for words in commands:
            started.append(
                subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **options)
            )
        yield started
    finally:
        for process in started:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_a_cluster_that_loses_a_worker_grades_everyone_once(course, undisturbed):  # noqa: F811
    shutil.copytree(undisturbed / "submitted", course / "submitted")
    shutil.copy(undisturbed / "key", os.environ["BACKPROP_KEY"])
    alone = {line["student"]: line for line in map(json.loads, json.loads((undisturbed / "lines.json").read_text()))}
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli"]
    worker = [
        *dask[:2],
        "distributed.cli.dask_worker",
        address,
        "--no-nanny",
        "--nthreads",
        "1",
        "--no-dashboard",
        "--host",
        "127.0.0.1",
        "--local-directory",
        str(course.parent),
    ]
    with background([*dask[:2], "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]):
        assert answers(port)
        with background(worker, worker) as workers:
            process = subprocess.Popen(
                [sys.executable, "-m", "backprop", "grade", NAME, "--json", "--scheduler", address],
                cwd=course,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            graded = course / ".backprop" / "graded" / NAME
            deadline = time.monotonic() + 120
            while len(list(graded.glob("*.json"))) < 3 and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            assert process.poll() is None, "it was over before a worker could be killed"
            workers[0].kill()
            out, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    lines = [json.loads(line) for line in out.splitlines()]
    assert sorted(line["student"] for line in lines) == sorted(alone), "each is graded exactly once"
    assert untimed(lines) == untimed(alone.values())
    assert len(gradebook(course)) == 24 * CHECKS


def test_a_scheduler_that_is_not_there_is_one_clear_line(course):
    simulate(course, 1)
    done = grade(course, "--scheduler", f"tcp://127.0.0.1:{free_port()}", ok=False)
    assert done.returncode == 1 and "No Dask scheduler answers" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def postgresql(tmp_path):
    """Address of a fresh PostgreSQL server of this test's own. It refuses to run as root: then it runs as its own user."""
    if POSTGRES is None and not os.environ.get("CI"):
        pytest.skip("PostgreSQL is not installed")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder, port = tmp_path / "postgresql", free_port()
    folder.mkdir()
    if as_user:
        shutil.chown(folder, "postgres")
        for parent in (folder, *folder.parents):
            if parent.owner() == "root" and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    subprocess.run(
        [*as_user, POSTGRES / "initdb", "-D", folder / "data", "-A", "trust", "-U", "course"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    with background(
        [
            *as_user,
            POSTGRES / "postgres",
            "-D",
            folder / "data",
            "-p",
            str(port),
            "-k",
            str(folder),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ],
        cwd="/",
    ):
        assert answers(port)
        deadline = time.monotonic() + 60
        while subprocess.run([POSTGRES / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], capture_output=True).returncode:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield f"postgresql+psycopg://course@127.0.0.1:{port}/postgres"


def test_the_gradebook_may_be_postgresql(course, postgresql):
    simulate(course, 8)
    lite = grade(course)
    plain = gradebook(course)
    (course / "gradebook.db").unlink()
    assert grade(course, "--db", postgresql) == lite
    assert not (course / "gradebook.db").exists()
    from sqlalchemy import create_engine, text

    engine = create_engine(postgresql)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT submitted_assignment.student_id, false, base_cell.name, grade.auto_score, grade.manual_score, "
                "grade.needs_manual_grade FROM grade JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
                "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
                "JOIN base_cell ON grade.cell_id = base_cell.id"
            )
        ).all()
    engine.dispose()
    assert sorted((r[0], r[2], r[3], r[4], bool(r[5])) for r in rows) == sorted((r[0], r[2], r[3], r[4], bool(r[5])) for r in plain)
    stamps = {p: p.stat().st_mtime_ns for p in (course / "autograded").rglob("*.ipynb")}
    assert grade(course, "--db", postgresql) == lite
    assert {p: p.stat().st_mtime_ns for p in (course / "autograded").rglob("*.ipynb")} == stamps, "nothing changed"


def test_a_database_that_is_not_there_is_one_clear_line(course):
    simulate(course, 1)
    done = grade(course, "--db", f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none", ok=False)
    assert done.returncode == 1 and "cannot be opened" in done.stderr and "Traceback" not in done.stderr
    done = run("backprop", "grade", NAME, "--db", "nonsense", cwd=course, ok=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
