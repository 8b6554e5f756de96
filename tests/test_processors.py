"""The same on every machine: what is committed, recognised and printed, under each of OpenBLAS's kernels and without NumPy's own.

`make test` samples; `make nightly` runs all of it. A kernel that this processor cannot run is left out by name.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, run

WHOLE = bool(os.environ.get("NIGHTLY"))
SAMPLE = ["06-backward-propagation", "07-gradient-checking"]  # the most arithmetic, and the one whose answers are differences
NEEDS = {"Prescott": "pni", "Haswell": "avx2", "Zen": "avx2", "SkylakeX": "avx512f"}


def flags():
    """What this processor can do, as Linux names it; nothing elsewhere."""
    try:
        return set(Path("/proc/cpuinfo").read_text().split("flags")[1].split("\n")[0].split())
    except (OSError, IndexError):
        return set()


def without_simd():
    """NumPy's own fast paths that this processor has, and that can be turned off."""
    from numpy._core._multiarray_umath import __cpu_baseline__, __cpu_dispatch__, __cpu_features__

    return [name for name in __cpu_dispatch__ if __cpu_features__.get(name) and name not in __cpu_baseline__]


# What a release writes is what is there, and every known mistake has its name.
JUDGED_HERE = """
import sys
from judging import CHAPTERS, verdict
from backprop.checking.visible import dumps, loads
from backprop.grading.expected import expected_data, same_content
for name in sys.argv[1:]:
    chapter = CHAPTERS[name]
    stored = loads((chapter.folder / "expected.json").read_text(encoding="utf-8"))
    assert same_content(stored, loads(dumps(expected_data(chapter, stored["book"])))), name
    for exercise in chapter.exercises:
        for mistake in chapter.mistakes(exercise.name):
            found = verdict(name, exercise, chapter.mistaken(exercise.name, mistake), (1, 7))
            assert found.diagnoses == [mistake.id], found.text()
"""

ENVIRONMENTS = {kernel: {"OPENBLAS_CORETYPE": kernel} for kernel in NEEDS}
ENVIRONMENTS["no SIMD"] = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": " ".join(without_simd())}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_nothing_depends_on_the_processor(name):
    if flags() and NEEDS.get(name, "pni") not in flags():
        pytest.skip(f"this processor cannot run the kernels of {name}")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "OPENBLAS_", "NPY_"))} | ENVIRONMENTS[name]
    if not WHOLE:
        words = [sys.executable, "-c", JUDGED_HERE, *SAMPLE]
        done = subprocess.run(words, cwd=ROOT / "tests", env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return
    cold = {"cwd": ROOT, "env": env, "cold": True, "timeout": 3600}  # a processor is chosen when NumPy is loaded
    run("backprop", "release", "--check", **cold)
    run("pytest", "-n", "0", "tests/test_catalogue.py", **cold)
    run("pytest", "-n", "0", "book", "solutions", **cold)


def test_arithmetic_does_differ():
    """Else the test above would prove nothing: the same product, to the last bit, under two kernels."""
    if not {"avx2"} <= flags():
        pytest.skip("this processor has one kernel")
    code = "import numpy as np; r = np.random.default_rng(0); print((r.normal(size=(63, 65)) @ r.normal(size=(65, 67))).tobytes().hex())"
    outputs = set()
    for kernel in ("Prescott", "Haswell"):
        env = {**os.environ, "OPENBLAS_CORETYPE": kernel}
        outputs.add(subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout)
    assert len(outputs) == 2
