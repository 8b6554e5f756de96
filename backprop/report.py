"""The class report (first form): scores and diagnoses as CSV."""

import csv
import json
from pathlib import Path

from backprop.course import CourseError


def write(root, name, found=None):
    """Write the report of an assignment.

    Parameters
    ----------
    root : path
    name : str
    found : list of backprop.grade.Graded, optional
        A run's results; without them those of the last run are read.

    Returns
    -------
    pathlib.Path
    """
    folder = Path(root) / "reports"
    kept = folder / f"{name}.json"
    if found is None:
        if not kept.exists():
            raise CourseError(f"{name} has not been graded yet. Run: backprop grade {name}")
        lines = json.loads(kept.read_text(encoding="utf-8"))
    else:
        folder.mkdir(exist_ok=True)
        lines = [one.line() for one in found]
        kept.write_text(json.dumps(lines), encoding="utf-8")
    path = folder / f"{name}.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "score", "max_score", "status", "exercise", "points", "max_points", "diagnoses"])
        for line in lines:
            for exercise, got in line["exercises"].items():
                writer.writerow([line["student"], line["score"], line["max_score"], line["status"], exercise,
                                 got["points"], got["max_points"], " ".join(got["diagnoses"])])
    return path
