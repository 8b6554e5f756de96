"""How fast grading is: plain `nbgrader autograde` and `backprop grade`, the same class, one run, one machine.

    python benchmarks/grade.py [--students 200] [--plain 40] [--short] [--scale]

Plain nbgrader runs with its stock preprocessors and the same checks in its kernel, on the first `--plain` submissions
(it is linear: its throughput is that of its own serial run, start-up included); then it makes their feedback pages. `backprop grade`
runs on all, sandbox on, and makes the pages and the report as well. Prints ratios, the parts of a submission's time, and the floor:
a room in the sandbox in which the cells run. CPU is the whole machine's: run it on one that is idle.
`--short` takes the four functions that the assignment had when this was first measured, for both: what is gained is told apart from what
the assignment has grown by. `--scale` also measures memory and time at 50 and 1,000.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np

from backprop import notebook
from backprop.course import Chapter, find_root
from backprop.grading import classroom, steps
from backprop.grading.bubblewrap import Templates
from backprop.grading.examine import Examiner
from backprop.grading.mend import restore
from backprop.grading.record import Recorder
from backprop.grading.sandbox import Worker, resources

NAME = "06-backward-propagation"
PLAIN = """
c = get_config()
c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "mistakes.py", "variants.py"]
import os, sys
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")
"""


def copy_course(root, folder):
    shutil.copytree(
        root,
        folder,
        ignore=shutil.ignore_patterns(
            ".git",
            ".venv",
            "_build",
            "submitted",
            "autograded",
            "feedback",
            "reports",
            ".backprop",
            "gradebook.db*",
            "book",
            "tests",
        ),
    )
    return folder


def fill(root, students, count=None):
    """Hand in a class's submissions, or the first so many of them: to write and delete the others would slow down what comes next."""
    chapter = Chapter(root, NAME)
    template = notebook.read(root / "exercises" / NAME / f"{NAME}.ipynb")
    simulated = classroom.simulate(chapter, template, students, np.random.default_rng(1))
    classroom.write(root, NAME, simulated[:count])
    return chapter, template, simulated


def busy():
    """Seconds that all processors of this machine have worked: what a killed sandbox used is in nobody's account but this."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def timed(words, cwd):
    """Run a command. Returns wall seconds, CPU seconds of the whole machine meanwhile, its peak memory in MB, its output."""
    before, start = busy(), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(words)} failed:\n{output[-3000:]}")
    return wall, busy() - before, usage.ru_maxrss / 1024, output


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--students", type=int, default=200)
    options.add_argument("--plain", type=int, default=40)
    options.add_argument("--short", action="store_true")
    options.add_argument("--scale", action="store_true")
    options = options.parse_args()
    root = find_root(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        os.environ["BACKPROP_KEY"] = str(folder / "key")
        plain, ours = copy_course(root, folder / "plain"), copy_course(root, folder / "ours")
        (plain / "nbgrader_config.py").write_text(PLAIN)
        if options.short:
            for course in (plain, ours):
                classroom.shorten(course, NAME)
        count = min(options.plain, options.students)
        fill(plain, options.students, count)
        chapter, template, simulated = fill(ours, options.students)
        print(f"{os.cpu_count()} cores; {options.students} submissions of {len(chapter.exercises)} functions", flush=True)
        timed(["nbgrader", "generate_assignment", NAME, "--force"], plain)
        timed(["nbgrader", "generate_assignment", NAME, "--force"], ours)

        a_wall, a_cpu, a_peak, _ = timed(["nbgrader", "autograde", NAME], plain)
        p_wall, p_cpu, p_peak, _ = timed(["nbgrader", "generate_feedback", NAME], plain)
        b_wall, b_cpu, b_peak, lines = timed(["backprop", "grade", NAME, "--json"], ours)
        c_wall, c_cpu, _, again = timed(["backprop", "grade", NAME, "--json"], ours)
        assert sorted(x for x in lines.splitlines() if x[:1] == "{") == sorted(x for x in again.splitlines() if x[:1] == "{")
        print(f"{'':34}{'submissions':>12}{'wall s':>9}{'CPU s':>9}{'s each':>9}{'a second':>10}{'peak MB':>9}")
        for label, number, wall, cpu, peak in (
            ("nbgrader autograde, stock", count, a_wall, a_cpu, a_peak),
            ("nbgrader generate_feedback", count, p_wall, p_cpu, p_peak),
            ("backprop grade, sandboxed", options.students, b_wall, b_cpu, b_peak),
            ("the same again, nothing changed", options.students, c_wall, c_cpu, 0),
        ):
            print(f"{label:34}{number:12}{wall:9.1f}{cpu:9.1f}{wall / number:9.3f}{number / wall:10.2f}{peak:9.0f}")
        for words, wall, cpu in (
            ("autograde", a_wall, a_cpu),
            ("autograde and generate_feedback", a_wall + p_wall, a_cpu + p_cpu),
        ):
            times, less = (total / count / (own / options.students) for total, own in ((wall, b_wall), (cpu, b_cpu)))
            print(f"throughput: {times:.1f} times that of plain nbgrader's {words} (wall); CPU a submission: {less:.1f} times less")
        print(f"regrading an unchanged class: {b_wall / c_wall:.1f} times faster than grading it")
        parts(ours, chapter, template, simulated)
        if options.scale:
            scale(root, folder)


def parts(root, chapter, template, simulated):
    """The parts of one submission's time beside the floor, each the mean of twenty, in one process."""
    right = restore(classroom.fill(template, chapter.sources), template)
    examiner, recorder = Examiner(chapter, b"k" * 32), Recorder(root, NAME)

    def mean(work, things):
        start = time.perf_counter()
        for thing in things:
            work(thing)
        return 1000 * (time.perf_counter() - start) / len(things)

    def template_and_room(_):
        templates, (inbox, outbox) = Templates(), os.pipe()
        templates.room(examiner.checks, resources(examiner.limits), (inbox, outbox), examiner.limits.start)
        templates.close()
        os.close(inbox)
        os.close(outbox)

    def start(_):
        Worker(checks=examiner.checks).close()

    def floor(_):
        worker = Worker(checks=examiner.checks)
        for number, source in right.cells:
            worker.run(number, source)
        worker.close()

    def examine(mended):
        examiner.examine("x", mended.cells)

    def make(one):
        mended, examined = one
        return steps.made(nbformat.v4.writes(mended.notebook), examined, recorder.kernelspec, recorder.book)

    def record(made):
        recorder.record("student-0001", made)
        recorder.commit()

    def page(made):
        steps.page(NAME, made.text, recorder.shown)

    def mend(one):
        return restore(one.notebook, template)

    twenty = (simulated * 20)[:20]
    ready = [(mend(one), examiner.examine("x", mend(one).cells)) for one in twenty]
    print("milliseconds of one submission (one process, mean of 20):")
    for words, work, things in (
        ("a template, and a room in it", template_and_room, range(3)),
        ("a room in a template that is there", start, range(20)),
        ("and the cells run (the floor)", floor, range(20)),
        ("mended", mend, twenty),
        ("a right one examined", examine, [right] * 20),
        ("this class's examined", examine, [mend(one) for one in twenty]),
        ("its notebook made", make, ready),
        ("recorded: gradebook, notebook", record, [make(one) for one in ready]),
        ("its page made", page, [make(one) for one in ready]),
    ):
        print(f"  {words:38}{mean(work, things):7.1f}", flush=True)
    recorder.close()


def scale(root, folder):
    print(f"{'class of':>10}{'wall s':>9}{'s each':>9}{'peak MB':>9}")
    for students in (50, 1000):
        course = copy_course(root, folder / f"scale{students}")
        fill(course, students)
        timed(["nbgrader", "generate_assignment", NAME, "--force"], course)
        wall, _, peak, lines = timed(["backprop", "grade", NAME, "--json"], course)
        assert len([x for x in lines.splitlines() if x[:1] == "{" and json.loads(x)["status"] == "graded"]) == students
        print(f"{students:10}{wall:9.1f}{wall / students:9.3f}{peak:9.0f}", flush=True)


if __name__ == "__main__":
    main()
