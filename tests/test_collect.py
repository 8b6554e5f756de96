"""From a platform's download to ``submitted/``, and back: real names of files, odd names of people, hostile zips."""

import contextlib
import csv
import io
import os
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop.course import CourseError
from backprop.grading import export, handback, roster
from backprop.grading.collect import collect, lines
from backprop.grading.people import accounts, names, safe
from backprop.grading.read import unfit
from backprop.grading.table import Table
from conftest import NAME, ROOT, once, run

NOTEBOOK = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
OTHER = "03-activations"
OTHERS = (ROOT / "exercises" / OTHER / f"{OTHER}.ipynb").read_bytes()
NOON = (2026, 3, 1, 12, 0, 0)


def again(number=1):
    """The notebook, handed in anew."""
    return NOTEBOOK + b"\n" * number


def packed(path, files, mode=0o100644):
    """A zip of names to bytes, or to bytes and a time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            data, when = data if isinstance(data, tuple) else (data, NOON)
            info = zipfile.ZipInfo(name, when)
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


@pytest.fixture
def root(tmp_path):
    """A course with what collecting looks at, and nothing else."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in ("_toc.yml", "_config.yml", "nbgrader_config.py", "solutions", "exercises"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def known(root, tmp_path_factory):
    """The same with an empty gradebook: to make one takes a second."""

    def make(folder):
        from nbgrader.api import Gradebook

        folder.mkdir()
        Gradebook(f"sqlite:///{folder / 'gradebook.db'}").close()

    shutil.copy(once(tmp_path_factory, "empty", make) / "gradebook.db", root)
    return root


def take(root, download, platform, name=NAME, **options):
    done = collect(root, name, [download] if isinstance(download, Path) else download, platform, **options)
    assert len("\n".join(lines(done, False))) > 20
    return done


def stands(root, student, name=NAME):
    return (root / "submitted" / student / name / f"{name}.ipynb").read_bytes()


def stamp(root, student):
    path = root / "submitted" / student / NAME / "timestamp.txt"
    return path.read_text() if path.exists() else None


def everything(root):
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in ("submitted", "collected")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


# What platforms name files


def test_canvas_its_second_hand_in_its_late_ones_and_two_of_one_name(root, tmp_path):
    file = packed(
        tmp_path / "submissions.zip",
        {
            f"lovelaceada_12345_67890_{NAME}.ipynb": NOTEBOOK,
            f"lovelaceada_LATE_12346_67891_{NAME}-1.ipynb": again(),  # nbgrader's zip_collect: "missing", and two of a name end it
            f"de_la_cruzjosé_12347_67893_{NAME}-2.ipynb": again(3),
            f"de_la_cruzjosé_12347_67892_{NAME}-1.ipynb": again(2),
            f"anon_ab1cd_67899_{NAME}.ipynb": NOTEBOOK,
            "gauss_12351_text.html": b"<p>see my mail",
        },
    )
    done = take(root, file, "canvas")
    assert sorted(done.new) == ["canvas-12345", "canvas-12346", "canvas-12347", "canvas-ab1cd"]
    assert done.late == ["canvas-12346"]
    assert done.without == ["canvas-12351"]
    assert stands(root, "canvas-12346") == again()
    assert stands(root, "canvas-12347") == again(3)


def test_moodle_in_folders_old_and_new_flat_and_blind(root, tmp_path):
    at = lambda minute: (2026, 3, 1, 12, minute, 0)  # noqa: E731
    file = packed(
        tmp_path / "moodle.zip",
        {
            f"Ada Lovelace_201_assignsubmission_file_/{NAME}.ipynb": (NOTEBOOK, at(0)),
            f"Ada Lovelace_202_assignsubmission_file/work/{NAME} (2).ipynb": (again(), at(7)),
            f"محمد علي_203_assignsubmission_file_{NAME}.ipynb": (NOTEBOOK, at(20)),
            f"Participant_204_assignsubmission_file_/{NAME}.ipynb": (NOTEBOOK, at(30)),
            f"Participant 205_assignsubmission_file_/{NAME}.ipynb": (NOTEBOOK, at(40)),
            "Emmy Noether_206_assignsubmission_onlinetext_/onlinetext.html": (b"hello", at(50)),
            "Emmy Noether_207_assignsubmission_onlinetext.html": (b"hello", at(50)),
        },
    )
    done = take(root, file, "moodle", zone=ZoneInfo("America/New_York"))
    assert sorted(done.new) == [f"moodle-{n}" for n in range(201, 206)]
    assert sorted(done.without) == ["moodle-206", "moodle-207"]
    assert stands(root, "moodle-202") == again()
    assert stamp(root, "moodle-202") == "2026-03-01 17:07:00.000000 UTC"
    assert names(root, NAME) == {"moodle-201": "Ada Lovelace", "moodle-202": "Ada Lovelace", "moodle-203": "محمد علي"}


METADATA = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1001'
    :email: ada@example.edu
  - :name: Alan Turing
    :sid: 1002
    :email: alan@example.edu
  :created_at: 2026-03-01 18:05:33.861687000 Z
  :score: 2.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: [!ruby/object:Foo {a: 1}]
submission_12:
  :submitters:
  - :name: Emmy Noether
    :sid: ''
    :email: emmy@example.edu
  :created_at: the day before yesterday
submission_13:
  :submitters: []
  :created_at: '2026-03-01T10:00:00.000000-08:00'
"""


def test_moodles_numbers_differ_by_assignment_and_names_lead_from_one_to_the_next(root, tmp_path):
    one = {f"{who}_{n}_assignsubmission_file/{NAME}.ipynb": NOTEBOOK for n, who in ((1, "Ada L"), (2, "Ada L"), (3, "Alan T"))}
    two = {f"{who}_{n}_assignsubmission_file/{OTHER}.ipynb": OTHERS for n, who in ((4, "Ada L"), (5, "Alan T"), (6, "Emmy N"))}
    take(root, packed(tmp_path / "1.zip", one), "moodle")
    done = take(root, packed(tmp_path / "2.zip", two), "moodle", name=OTHER)
    assert sorted(done.new) == ["moodle-3", "moodle-4", "moodle-6"]
    assert any("names alone" in note for note in done.notes) and "moodle-1, moodle-2" in done.said["moodle-4"][0]
    assert take(root, tmp_path / "2.zip", "moodle", name=OTHER).new == []


def test_gradescope_its_list_its_groups_and_a_time_that_is_none(root, tmp_path):
    top = "assignment_1_export"
    file = packed(
        tmp_path / "gs.zip",
        {
            f"{top}/submission_metadata.yml": METADATA.encode(),
            f"{top}/submission_11/{NAME}.ipynb": NOTEBOOK,
            f"{top}/submission_12/a/b/Untitled.ipynb": NOTEBOOK,
            f"{top}/submission_13/{NAME}.ipynb": NOTEBOOK,
        },
    )
    done = take(root, file, "gradescope")
    assert sorted(done.new) == ["1001", "1002", "emmy@example.edu", "gradescope-13"]
    assert stamp(root, "1001") == stamp(root, "1002") == "2026-03-01 18:05:33.861687 UTC"
    assert stamp(root, "gradescope-13") == "2026-03-01 18:00:00.000000 UTC"
    assert stamp(root, "emmy@example.edu") is None
    assert "the day before yesterday" in done.said["emmy@example.edu"][0]
    assert names(root, NAME)["1002"] == "Alan Turing"


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "submission_11: !!python/object/apply:os.system ['false']", "\0"])
def test_a_list_of_gradescopes_that_is_none_costs_only_the_names(root, tmp_path, text):
    file = packed(tmp_path / "gs.zip", {"x/submission_metadata.yml": text.encode(), f"x/submission_11/{NAME}.ipynb": NOTEBOOK})
    assert take(root, file, "gradescope").new == ["gradescope-11"]


def test_a_folder_in_whatever_form(root, tmp_path):
    folder = tmp_path / "mail"
    for path in (f"ada/{NAME}/{NAME}.ipynb", f"bob/my {NAME}.ipynb", f"eve_{NAME}.ipynb", f"zoë-{NAME}-1.ipynb", f"{NAME}.ipynb"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(NOTEBOOK)
    (folder / "ada" / NAME / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    os.utime(folder / f"eve_{NAME}.ipynb", (1e9, 1e9))
    done = take(root, folder, "folder")
    assert sorted(done.new) == ["ada", "bob", "eve", "zoë"]
    assert stamp(root, "eve") == "2001-09-09 01:46:40.000000 UTC"
    assert not stamp(root, "ada").startswith("1999")
    assert any("does not say whose" in note for note in done.notes)


def test_a_wrong_platform_is_named(root, tmp_path):
    file = packed(tmp_path / "x.zip", {f"Ada Lovelace_201_assignsubmission_file_/{NAME}.ipynb": NOTEBOOK})
    with pytest.raises(CourseError, match="--from moodle"):
        collect(root, NAME, [file], "canvas")
    with pytest.raises(CourseError, match="no assignment"):
        collect(root, "06", [file], "moodle")
    with pytest.raises(CourseError, match="There is no"):
        collect(root, NAME, [tmp_path / "nothing.zip"], "moodle")
    (tmp_path / "y.zip").write_bytes(b"Rar!")
    with pytest.raises(CourseError, match="no zip"):
        collect(root, NAME, [tmp_path / "y.zip"], "moodle")
    assert not (root / "submitted").exists()


# Which notebook, and which hand-in


def test_in_a_zip_under_another_name_beside_what_it_imports(root, tmp_path):
    inner = packed(
        tmp_path / "inner.zip",
        {
            "work/Untitled.ipynb": NOTEBOOK,
            "work/helpers.py": b"x = 1",
            "work/data/numbers.csv": b"1",
            "work/.hidden": b"",
            "work/timestamp.txt": b"1999-01-01 00:00:00 UTC",
            "work/checks.py": b"raise SystemExit",
            "timestamp.txt": b"1999-01-01 00:00:00 UTC",
        },
    )
    files = {"ada_1_10_hand in.zip": inner.read_bytes(), f"bob_2_11_{NAME}-1.ipynb": NOTEBOOK, "bob_2_12_helpers-1.py": b"y = 2"}
    done = take(root, packed(tmp_path / "c.zip", files), "canvas")
    assert sorted(done.new) == ["canvas-1", "canvas-2"]
    there = lambda who: sorted(  # noqa: E731
        str(p.relative_to(root / "submitted" / who / NAME)) for p in (root / "submitted" / who).rglob("*") if p.is_file()
    )
    assert there("canvas-1") == [f"{NAME}.ipynb", "data/numbers.csv", "helpers.py"]
    assert there("canvas-2") == [f"{NAME}.ipynb", "helpers-1.py", "helpers.py"]  # Canvas adds -1, the notebook imports helpers
    assert (root / "collected" / NAME / "canvas-1" / "01" / "work" / "checks.py").exists()


def test_another_assignments_notebook_is_said_and_not_taken(root, tmp_path):
    files = {
        f"ada_1_10_{NAME}.ipynb": OTHERS,  # under the right name
        f"bob_2_11_{OTHER}.ipynb": OTHERS,
        f"bob_2_12_{NAME}.ipynb": NOTEBOOK,
        f"eve_3_13_{NAME}.pdf": b"%PDF",
        "joe_4_14_answers.ipynb": b'{"cells": []}',
        "kim_5_15_a.ipynb": b'{"cells": []}',
        "kim_5_16_b.ipynb": b'{"cells": []}',
    }
    done = take(root, packed(tmp_path / "c.zip", files), "canvas")
    assert sorted(done.new) == ["canvas-2", "canvas-4"]
    assert sorted(done.without) == ["canvas-1", "canvas-3", "canvas-5"]
    assert OTHER in done.said["canvas-1"][0] and OTHER in done.said["canvas-2"][0]
    assert stands(root, "canvas-2") == NOTEBOOK
    assert "only notebook" in done.said["canvas-4"][0]
    assert f"{NAME}.pdf" in done.said["canvas-3"][0]


def test_again_newer_older_unchanged_and_dry(root, tmp_path):
    first = packed(tmp_path / "1.zip", {f"ada_1_10_{NAME}.ipynb": NOTEBOOK, f"bob_2_11_{NAME}.ipynb": NOTEBOOK})
    second = packed(tmp_path / "2.zip", {f"ada_1_20_{NAME}-1.ipynb": again(), f"eve_3_21_{NAME}.ipynb": NOTEBOOK})
    dry = take(root, first, "canvas", dry=True)
    assert sorted(dry.new) == ["canvas-1", "canvas-2"] and not (root / "submitted").exists() and not (root / "collected").exists()
    take(root, first, "canvas")
    before = everything(root)
    dry = take(root, second, "canvas", dry=True)
    assert (dry.new, dry.changed) == (["canvas-3"], ["canvas-1"]) and everything(root) == before
    done = take(root, second, "canvas")
    assert (done.new, done.changed, done.unchanged) == (["canvas-3"], ["canvas-1"], [])
    assert stands(root, "canvas-1") == again()
    before = everything(root)
    done = take(root, [second, first], "canvas")
    assert sorted(done.unchanged) == ["canvas-1", "canvas-2", "canvas-3"] and not done.new and not done.changed
    assert everything(root) == before
    done = take(root, first, "canvas")  # the older one alone
    assert done.older == ["canvas-1"] and stands(root, "canvas-1") == again()
    assert [(v["number"], v["from"]) for v in accounts(root, NAME)[NAME, "canvas-1"]["versions"]] == [(1, "1.zip"), (2, "2.zip")]


def test_an_older_download_that_comes_later_changes_nothing(root, tmp_path):
    first = packed(tmp_path / "1.zip", {f"ada_1_9_{NAME}.ipynb": NOTEBOOK})
    second = packed(tmp_path / "2.zip", {f"ada_1_10_{NAME}-1.ipynb": again()})
    take(root, second, "canvas")
    assert take(root, first, "canvas").older == ["canvas-1"] and stands(root, "canvas-1") == again()
    for number, hour, notebook in (
        (21, "18:05:33", again(2)),
        (22, "17:00:00", again(3)),
    ):  # an instructor may make an older one count
        text = METADATA.replace("submission_11", f"submission_{number}").replace("18:05:33.861687000", hour)
        files = {"x/submission_metadata.yml": text.encode(), f"x/submission_{number}/{NAME}.ipynb": notebook}
        take(root, packed(tmp_path / "g.zip", files), "gradescope")
    assert stands(root, "1001") == again(2) and stamp(root, "1001") == "2026-03-01 18:05:33.000000 UTC"


def test_both_of_one_run_the_newest_counts(root, tmp_path):
    first = packed(tmp_path / "1.zip", {f"ada_1_9_{NAME}.ipynb": NOTEBOOK})
    second = packed(tmp_path / "2.zip", {f"ada_1_10_{NAME}-1.ipynb": again()})  # 10 is more than 9, as numbers are
    done = take(root, [second, first], "canvas")
    assert done.new == ["canvas-1"] and not done.changed and stands(root, "canvas-1") == again()
    assert len(accounts(root, NAME)[NAME, "canvas-1"]["versions"]) == 2


def test_what_was_mended_by_hand_stays_until_a_newer_one_comes_and_is_kept(root, tmp_path):
    first = packed(tmp_path / "1.zip", {f"ada_1_10_{NAME}.ipynb": NOTEBOOK})
    take(root, first, "canvas")
    path = root / "submitted" / "canvas-1" / NAME / f"{NAME}.ipynb"
    path.write_bytes(again(5))
    assert take(root, first, "canvas").unchanged == ["canvas-1"] and path.read_bytes() == again(5)
    done = take(root, packed(tmp_path / "2.zip", {f"ada_1_11_{NAME}-1.ipynb": again()}), "canvas")
    assert path.read_bytes() == again() and "by hand" in done.said["canvas-1"][0]
    assert (root / "collected" / NAME / "canvas-1" / "by-hand-01" / f"{NAME}.ipynb").read_bytes() == again(5)


def test_what_was_lost_is_put_back(root, tmp_path):
    file = packed(tmp_path / "1.zip", {f"ada_1_10_{NAME}.ipynb": NOTEBOOK})
    take(root, file, "canvas")
    (root / "submitted" / "canvas-1" / NAME / f"{NAME}.ipynb").unlink()
    (root / "submitted" / "canvas-1" / NAME).rmdir()
    done = take(root, file, "canvas")
    assert stands(root, "canvas-1") == NOTEBOOK and "put back" in done.said["canvas-1"][0]


@pytest.mark.parametrize("step", range(1, 9))
def test_stopped_in_the_middle_it_goes_on(root, tmp_path, monkeypatch, step):
    from backprop.grading import collect as module

    first = packed(tmp_path / "1.zip", {f"s{n}_{n}_{n}_{NAME}.ipynb": NOTEBOOK for n in range(1, 3)})
    file = packed(tmp_path / "2.zip", {f"s{n}_{n}_{n + 9}_{NAME}-1.ipynb": again() for n in range(1, 4)})
    collect(root, NAME, [first], "canvas")
    count, real = 0, shutil.copyfile

    def stop(*words, **options):
        nonlocal count
        count += 1
        if count == step:
            raise KeyboardInterrupt
        return real(*words, **options)

    with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
        patched.setattr(module.shutil, "copyfile", stop)
        collect(root, NAME, [file], "canvas")
    for folder in (root / "submitted").glob("*"):
        assert stands(root, folder.name) in (NOTEBOOK, again())
    collect(root, NAME, [file], "canvas")
    assert {stands(root, folder.name) for folder in (root / "submitted").iterdir()} == {again()}
    assert len(list((root / "submitted").iterdir())) == 3 and not list((root / "collected" / NAME).glob(".fresh-*"))


def test_times_of_a_download_are_no_times_of_handing_in(root, tmp_path):
    """All would be late: a zip that a platform makes at noon has files of noon."""
    file = packed(tmp_path / "1.zip", {f"s{n}_{n}_{n}_{NAME}.ipynb": (NOTEBOOK, (2026, 3, 1, 12, 0, 2 * n)) for n in range(1, 6)})
    done = take(root, file, "canvas")
    assert stamp(root, "canvas-1") is None and any("--file-times" in note for note in done.notes)
    take(root, file, "canvas", own_times=True, zone=UTC)
    assert stamp(root, "canvas-1") == "2026-03-01 12:00:02.000000 UTC"
    file = packed(tmp_path / "2.zip", {f"s{n}_{n}_{n}_{NAME}.ipynb": (NOTEBOOK, (1980, 1, 1, 0, 0, 0)) for n in range(7, 9)})
    assert any("no times" in note for note in take(root, file, "canvas").notes)


def moodles(path, **works):
    """A download of Moodle's, of names to a notebook and the minute of 1 March from noon on at which the zip's clock showed it."""
    who = {"ada": ("Ada Lovelace", 201), "alan": ("Alan Turing", 202), "emmy": ("Emmy Noether", 203)}
    name = lambda one: "{}_{}_assignsubmission_file/".format(*who[one])  # noqa: E731
    return packed(path, {f"{name(one)}{NAME}.ipynb": (data, (2026, 3, 1, 12, at, 0)) for one, (data, at) in works.items()})


def test_a_zips_times_are_those_of_the_courses_zone(root, tmp_path):
    file = moodles(tmp_path / "m.zip", ada=(NOTEBOOK, 0), alan=(NOTEBOOK, 30))
    said = "\n".join(lines(take(root, file, "moodle", dry=True), True))
    assert "read in the zone of this machine (timezone in deadlines.toml, or --zone, says another)" in said
    (root / "deadlines.toml").write_text('timezone = "America/New_York"\n')
    said = "\n".join(lines(take(root, file, "moodle"), False))
    assert "the files' own, read in America/New_York (timezone in deadlines.toml; --zone says another)" in said
    assert stamp(root, "moodle-202") == "2026-03-01 17:30:00.000000 UTC"
    (root / "submitted" / "moodle-201" / NAME / "timestamp.txt").write_text("2026-03-01 09:00:00 UTC")
    before, berlin = everything(root), ZoneInfo("Europe/Berlin")
    for dry in (True, False):
        done = take(root, file, "moodle", zone=berlin, dry=dry)
        assert done.retimed == ["moodle-202"] and "time corrected, as it is read in another zone (1): moodle-202" in "\n".join(
            lines(done, dry)
        )
        assert not dry or everything(root) == before
    assert any("read in Europe/Berlin (--zone)" in note for note in done.notes)
    assert stamp(root, "moodle-202") == "2026-03-01 11:30:00.000000 UTC"
    assert stamp(root, "moodle-201") == "2026-03-01 09:00:00 UTC", "by hand"
    before = everything(root)
    assert take(root, file, "moodle", zone=berlin).retimed == [] and everything(root) == before
    # What was kept is read anew, too: else the newer one would be taken for the older, as it would lie some hours before.
    done = take(root, moodles(tmp_path / "n.zip", ada=(again(), 40), alan=(NOTEBOOK, 55)), "moodle", zone=ZoneInfo("Asia/Tokyo"))
    assert done.changed == ["moodle-201"] and stamp(root, "moodle-201") == "2026-03-01 03:40:00.000000 UTC"
    assert stamp(root, "moodle-202") == "2026-03-01 03:30:00.000000 UTC", "handed in again, it is as old as the first"


def test_the_machines_zone_corrects_nothing(root, tmp_path):
    file = moodles(tmp_path / "m.zip", ada=(NOTEBOOK, 0), alan=(NOTEBOOK, 30))
    take(root, file, "moodle", zone=ZoneInfo("Asia/Tokyo"))
    before = everything(root)
    assert take(root, file, "moodle").retimed == [] and everything(root) == before


def test_who_is_called_late_reads_once_where_the_time_belongs(root, tmp_path):
    file = packed(tmp_path / "c.zip", {f"s{n}_LATE_{n}_1{n}_{NAME}.ipynb": NOTEBOOK for n in range(1, 4)})
    said = "\n".join(lines(take(root, file, "canvas"), False))
    assert said.count("called late, and nobody says since when") == 3
    assert said.count(f"submitted/<student>/{NAME}/timestamp.txt, as 2026-03-01 13:00:00 UTC") == 1


# What cannot be read

CUT = NOTEBOOK[: len(NOTEBOOK) // 2]


@pytest.mark.parametrize(
    ("bad", "why"), [(CUT, "not valid JSON"), (b"", "not valid JSON"), (b'{"cells": 3}', "not a notebook"), (b"\xff", "not UTF-8")]
)
def test_what_cannot_be_read_takes_no_ones_place(root, tmp_path, bad, why):
    """A good one was replaced without a word, and 0 points followed."""
    first = packed(tmp_path / "1.zip", {f"jane_1_10_{NAME}.ipynb": NOTEBOOK})
    second = packed(tmp_path / "2.zip", {f"jane_1_20_{NAME}-1.ipynb": bad, f"bob_2_21_{NAME}.ipynb": bad})
    third = packed(tmp_path / "3.zip", {f"jane_1_30_{NAME}-2.ipynb": again(), f"bob_2_31_{NAME}-1.ipynb": again()})
    take(root, first, "canvas")
    for dry in (True, False, False):
        done = take(root, second, "canvas", dry=dry)
        assert (list(done.instead), list(done.unreadable), done.older) == (["canvas-1"], ["canvas-2"], [])
        said = lines(done, dry)
        assert any(
            line.startswith(f"  cannot be read, so the one before counts (1): canvas-1 (jane) ({NAME}-1.ipynb: {why}")
            for line in said
        )
        assert any(line.startswith(f"  cannot be read (1): canvas-2 (bob) ({NAME}.ipynb: {why}") for line in said)
        assert stands(root, "canvas-1") == NOTEBOOK
    assert stands(root, "canvas-2") == bad, "nothing else is there, and grading says so"
    assert (root / "collected" / NAME / "canvas-1" / "02" / f"{NAME}-1.ipynb").read_bytes() == bad
    done = take(root, [third, second], "canvas")
    assert sorted(done.changed) == ["canvas-1", "canvas-2"] and not done.instead and not done.unreadable
    assert stands(root, "canvas-1") == stands(root, "canvas-2") == again()
    assert take(root, second, "canvas").older == ["canvas-1", "canvas-2"]


def test_what_cannot_be_read_is_taken_back_where_it_had_taken_a_place(root, tmp_path, monkeypatch):
    """Collected when nobody looked, as before this was known."""
    from backprop.grading import hunt

    first = packed(tmp_path / "1.zip", {f"jane_1_10_{NAME}.ipynb": NOTEBOOK})
    second = packed(tmp_path / "2.zip", {f"jane_1_20_{NAME}-1.ipynb": CUT})
    with monkeypatch.context() as patched:
        patched.setattr(hunt, "trouble", lambda *_: None)
        take(root, [first, second], "canvas")
    assert stands(root, "canvas-1") == CUT
    done = take(root, second, "canvas")
    assert done.changed == list(done.instead) == ["canvas-1"] and stands(root, "canvas-1") == NOTEBOOK
    assert take(root, second, "canvas").changed == []


def test_what_stands_there_by_hand_is_better_than_what_cannot_be_read(root, tmp_path):
    path = root / "submitted" / "canvas-1" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(NOTEBOOK)
    done = take(root, packed(tmp_path / "1.zip", {f"jane_1_10_{NAME}.ipynb": CUT}), "canvas")
    assert list(done.instead) == ["canvas-1"] and path.read_bytes() == NOTEBOOK
    path.write_bytes(CUT)
    done = take(root, packed(tmp_path / "2.zip", {f"jane_1_11_{NAME}.ipynb": CUT + b" "}), "canvas")
    assert list(done.unreadable) == ["canvas-1"] and path.read_bytes() == CUT + b" "
    path.write_bytes(again())  # mended by hand
    done = take(root, tmp_path / "2.zip", "canvas")
    assert done.unchanged == ["canvas-1"] and not done.unreadable and path.read_bytes() == again()


def test_of_two_at_once_the_newest_that_can_be_read_is_taken(root, tmp_path):
    files = {f"jane_1_10_{NAME}.ipynb": NOTEBOOK, f"jane_1_11_{NAME}-1.ipynb": CUT}
    done = take(root, packed(tmp_path / "1.zip", files), "canvas")
    assert stands(root, "canvas-1") == NOTEBOOK and not done.unreadable
    assert "is taken, the newest that can be read" in done.said["canvas-1"][0]


def test_reading_one_takes_no_more_than_it_may(root, tmp_path):
    """A notebook of many small things, which takes more memory than there is: in a process of its own."""
    (root / "nbgrader_config.py").unlink()
    text = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(text + "\nc.Examine.limits = {'memory': 64 << 20}\n", encoding="utf-8")
    cells = b",".join([b'{"cell_type": "markdown", "source": [""]}'] * 200_000)
    deep = {f"eve_2_11_{NAME}.ipynb": b"[" * 100_000}
    bomb = {f"jane_1_10_{NAME}.ipynb": b'{"nbformat": 4, "metadata": {}, "cells": [' + cells + b"]}"}
    done = take(root, packed(tmp_path / "1.zip", {**bomb, **deep}), "canvas")
    assert "needed more than 64 MB of memory to be read" in done.unreadable["canvas-1"]
    assert "nested too deeply" in done.unreadable["canvas-2"]


@pytest.mark.parametrize("hour", ["03:04:05", "12:30:00", "18:05:33"])
def test_nbgrader_reads_the_time_that_was_meant(root, tmp_path, hour):
    """Its own zip_collect read 03-04-05 as 08:00, and stopped at 18-05-33."""
    from nbgrader.utils import parse_utc

    text = METADATA.replace("18:05:33.861687000", hour)
    file = packed(tmp_path / "g.zip", {"x/submission_metadata.yml": text.encode(), f"x/submission_11/{NAME}.ipynb": NOTEBOOK})
    take(root, file, "gradescope")
    assert parse_utc(stamp(root, "1001")) == datetime.fromisoformat(f"2026-03-01 {hour}")


# What a zip may try


def test_nothing_leads_out_of_the_folder(root, tmp_path):
    before = sorted(tmp_path.iterdir())
    inner = packed(
        tmp_path / "inner.zip",
        {f"../../{NAME}.ipynb": NOTEBOOK, "/etc/x": b"", "C:/x": b"", "a/../../x.py": b"", f"{NAME}.ipynb": NOTEBOOK},
    )
    file = packed(
        tmp_path / "c.zip",
        {f"../../../ada_1_10_{NAME}.ipynb": NOTEBOOK, f"..\\bob_2_11_{NAME}.ipynb": NOTEBOOK, "eve_3_12_x.zip": inner.read_bytes()},
    )
    done = take(root, file, "canvas")
    assert done.new == ["canvas-3"]
    assert sum("leads out" in note for note in done.notes) == 2
    assert sorted(set(tmp_path.iterdir()) - set(before)) == sorted([tmp_path / "inner.zip", file])
    assert sorted(p.name for p in (root / "submitted" / "canvas-3" / NAME).iterdir()) == [f"{NAME}.ipynb"]


def test_links_are_not_followed(root, tmp_path):
    file = packed(tmp_path / "c.zip", {f"ada_1_10_{NAME}.ipynb": b"/etc/passwd"}, mode=0o120777)
    with pytest.raises(CourseError, match="link"):
        collect(root, NAME, [file], "canvas")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / f"bob_2_11_{NAME}.ipynb").symlink_to("/etc/passwd")
    (folder / f"eve_3_12_{NAME}.ipynb").write_bytes(NOTEBOOK)
    assert take(root, folder, "canvas").new == ["canvas-3"]


def test_a_bomb_costs_its_own_line(root, tmp_path, monkeypatch):
    from backprop.grading import hunt

    monkeypatch.setattr(hunt, "UNPACKED", 8 << 20)
    bomb = packed(tmp_path / "bomb.zip", {f"{n}.bin": bytes(5 << 20) for n in range(4)} | {f"{NAME}.ipynb": NOTEBOOK})
    many = packed(tmp_path / "many.zip", {f"{n}": b"" for n in range(30_000)} | {f"{NAME}.ipynb": NOTEBOOK})
    deep = packed(tmp_path / "deep.zip", {"more.zip": bomb.read_bytes()})
    files = {
        "ada_1_10_x.zip": bomb.read_bytes(),
        "bob_2_11_x.zip": many.read_bytes(),
        "eve_3_12_x.zip": deep.read_bytes(),
        "joe_4_13_x.zip": b"PK\x03\x04 nothing",
        "kim_5_14_x.rar": b"Rar!",
        f"zoe_6_15_{NAME}.ipynb": NOTEBOOK,
    }
    done = take(root, packed(tmp_path / "c.zip", files), "canvas")
    assert done.new == ["canvas-6"]
    assert sorted(done.without) == [f"canvas-{n}" for n in range(1, 6)]
    assert "not all are kept" in " ".join(done.said["canvas-1"])
    assert "too many files" in " ".join(done.said["canvas-2"])
    assert "zip in a zip" in " ".join(done.said["canvas-3"])


def test_a_damaged_file_costs_its_own_line(root, tmp_path):
    file = packed(tmp_path / "c.zip", {f"ada_1_10_{NAME}.ipynb": b"A" * 99 + os.urandom(999), f"bob_2_11_{NAME}.ipynb": NOTEBOOK})
    data = bytearray(file.read_bytes())
    at = data.index(b"ipynb") + 300
    data[at : at + 20] = bytes(20)
    file.write_bytes(bytes(data))
    done = take(root, file, "canvas")
    assert done.new == ["canvas-2"] and "damaged" in done.said["canvas-1"][0]


ODD = [
    "..",
    ".",
    "",
    "/",
    "=1+1",
    "-rf",
    ".hidden",
    "a/b",
    '<b>"x"\\',
    "\u202eada",
    "x" * 300,
    "ü" * 200,
    "Ада",
    "محمد",
    "न" * 90,
    "a\0b",
    "\ud800",
]


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_any_name_becomes_a_folders(name):
    made = safe(name)
    assert made and unfit(made) is None and made[0] not in ".-=" and not set(made) & set("/\0") and made.isprintable()
    assert len(made.encode()) < 250 and safe(made) == made


@given(st.lists(st.text(), min_size=2, max_size=2, unique=True))
def test_two_names_become_two_folders(pair):
    import unicodedata

    one, other = (unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()).strip() for text in pair)
    assert one == other or safe(one) != safe(other)


def test_odd_names_come_through_from_moodle_to_its_own_zip(root, tmp_path):
    odd = ["=SUM(A1)", ".hidden", "O'Neil “Q”", "Müller-Lüdenscheidt", "محمد علي", "Ада", "- -", "😀"]
    files = {f"{name}_{n}_assignsubmission_file_/{NAME}.ipynb": NOTEBOOK for n, name in enumerate(odd, 1)}
    done = take(root, packed(tmp_path / "m.zip", files), "moodle")
    assert len(done.new) == len(odd)
    for student in done.new:
        (root / "feedback" / student / NAME).mkdir(parents=True)
        (root / "feedback" / student / NAME / f"{NAME}.html").write_text(student)
    made = handback.handback(root, NAME)
    with zipfile.ZipFile(made.files["moodle"]) as archive:
        assert {info.filename: archive.read(info).decode() for info in archive.infolist()} == {
            f"{name}_{n}_assignsubmission_file_/{NAME}.html": f"moodle-{n}" for n, name in enumerate(odd, 1)
        }


# The roster

CANVAS = (
    f"Student,ID,SIS User ID,SIS Login ID,Section,{OTHER} (77),{NAME} (78),Current Score\r\n"
    ",,,,,Manual Posting,,\r\n"
    '"    Points Possible",,,,,10,{possible},(read only)\r\n'
    '"Lovelace, Ada",12345,1001,ada,S1,7.5,,\r\n'
    '"Lovelace, Ada",12346,1005,ada2,S1,,"",\r\n'
    '"Turing, Alan",12347,1002,alan,S1,8.0,"3",\r\n'
    '"O\'Neil ""Q"", Zoë",12399,1009,zoe,S1,,,\r\n'
    '"Müller, Jörg",12400,1010,jm,S1,,EX,\r\n'
    '"Student, Test",1,,abcdef,S1,,,\r\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
    '"Participant 201","Ada Lovelace",ada@example.edu,Submitted,-,"14,00",\n'
    '"Participant 202","Ada Lovelace",ada2@example.edu,Submitted,"7,50","14,00",\n'
    '"Participant 203","محمد علي",m@example.edu,"No submission",-,"14,00",\n'
)


def table(path, text, encoding="utf-8", mark=b""):
    path.write_bytes(mark + text.encode(encoding))
    return path


def students(root):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {one.id: (one.first_name, one.last_name, one.email) for one in gradebook.students}


def test_a_roster_of_canvas_gives_names_and_finds_hand_ins(root, tmp_path):
    file = table(tmp_path / "c.csv", CANVAS.format(possible=14), mark=b"\xef\xbb\xbf")
    taken = roster.take(root, file, dry=True)
    assert len(taken.new) == 5 and not (root / "collected").exists() and not (root / "gradebook.db").exists()
    taken = roster.take(root, file)
    assert taken.new == ["ada", "ada2", "alan", "zoe", "jm"]
    assert any("of one name: ada (Ada Lovelace), ada2 (Ada Lovelace)" in note for note in taken.notes)
    assert students(root)["zoe"] == ("Zoë", 'O\'Neil "Q"', None)
    assert roster.take(root, file).unchanged == ["ada", "ada2", "alan", "zoe", "jm"]
    files = {
        f"lovelaceada_12345_1_{NAME}.ipynb": NOTEBOOK,
        f"lovelaceada_12346_2_{NAME}.ipynb": again(),
        f"turingalan_99999_3_{NAME}.ipynb": NOTEBOOK,  # another of that name
    }
    done = take(root, packed(tmp_path / "c.zip", files), "canvas")
    assert sorted(done.new) == ["ada", "ada2", "canvas-99999"]
    assert done.missing == ["alan", "jm", "zoe"] and done.unknown == ["canvas-99999"]
    assert stands(root, "ada2") == again()


def test_moodles_two_of_a_name_are_told_apart_by_its_grading_worksheet(known, tmp_path):
    roster.take(known, table(tmp_path / "c.csv", CANVAS.format(possible=14)))
    files = {f"Ada Lovelace_{n}_assignsubmission_file/{NAME}.ipynb": again(n) for n in (201, 202)}
    files[f"Alan Turing_205_assignsubmission_file/{NAME}.ipynb"] = NOTEBOOK
    file = packed(tmp_path / "m.zip", files)
    done = take(known, file, "moodle", dry=True)
    assert sorted(done.new) == ["alan", "moodle-201", "moodle-202"]
    assert "name of 2 in the roster: ada, ada2" in done.said["moodle-201"][0]
    assert "by the name Alan Turing alone" in done.said["alan"][0]
    taken = roster.take(known, table(tmp_path / "m.csv", MOODLE))
    assert taken.changed == ["ada", "ada2"] and taken.new == ["m@example.edu"]
    done = take(known, file, "moodle")
    assert sorted(done.new) == ["ada", "ada2", "alan"] and stands(known, "ada") == again(201)
    assert students(known)["ada2"] == ("Ada", "Lovelace", "ada2@example.edu")


def test_who_was_collected_before_the_roster_keeps_the_folder(known, tmp_path):
    take(known, packed(tmp_path / "c.zip", {f"turingalan_12347_3_{NAME}.ipynb": NOTEBOOK}), "canvas")
    (known / "submitted" / "jm").mkdir()  # by another way
    roster.take(known, table(tmp_path / "c.csv", CANVAS.format(possible=14)), column="SIS User ID")
    assert sorted(students(known)) == ["1001", "1005", "1009", "canvas-12347", "jm"]
    done = take(known, packed(tmp_path / "2.zip", {f"turingalan_12347_4_{NAME}-1.ipynb": again()}), "canvas")
    assert done.changed == ["canvas-12347"] and not done.unknown


def test_a_roster_of_gradescope_and_one_of_moodles_participants(known, tmp_path):
    text = (
        "First Name,Last Name,SID,Email,Role\nAda,Lovelace,1001,ada@example.edu,Student\nGrace,Hopper,1,gh@example.edu,Instructor\n"
    )
    assert roster.take(known, table(tmp_path / "g.csv", text)).new == ["1001"]
    text = "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nAda;Lovelace;1001;ada@example.edu\nAlan;Turing;;alan@example.edu\n"
    taken = roster.take(known, table(tmp_path / "m.csv", text, "utf-16-le", b"\xff\xfe"))
    assert taken.unchanged == ["1001"] and taken.new == ["alan@example.edu"]
    text = "First Name,Last Name,SID,Email\nAlan,Turing,,alan@example.edu\n"
    assert roster.take(known, table(tmp_path / "h.csv", text), replace=True).others == ["1001"]
    assert [one.student for one in roster.load(known)] == ["alan@example.edu"] and "1001" in students(known)


def test_nobody_of_another_platform_is_missing(known, tmp_path):
    canvas = table(tmp_path / "c.csv", CANVAS.format(possible=14))
    file = packed(tmp_path / "c.zip", {f"lovelaceada_12345_1_{NAME}.ipynb": NOTEBOOK})
    worksheet = moodles(tmp_path / "m.zip", emmy=(NOTEBOOK, 0))  # 203, who is the third
    roster.take(known, canvas)
    assert take(known, worksheet, "moodle", dry=True).missing == ["ada", "ada2", "alan", "jm", "zoe"], (
        "a roster of Canvas's is all there is"
    )
    roster.take(known, table(tmp_path / "m.csv", MOODLE))  # with ada and ada2, and a third whom Canvas does not have
    assert take(known, worksheet, "moodle", dry=True).missing == ["ada", "ada2"]
    assert take(known, file, "canvas", dry=True).missing == ["ada2", "alan", "jm", "zoe"]
    assert roster.take(known, canvas).changed == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "Excel"),
        (b"a,b,c\n1,2,3\n", "no heading"),
        (b"Student,ID,SIS Login ID\n", "no row"),
        (b"\x00\x01\x02" * 9, "no text"),
    ],
)
def test_what_is_no_roster_is_said(root, tmp_path, data, says):
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(CourseError, match=says):
        roster.take(root, tmp_path / "x.csv")
    assert not (root / "gradebook.db").exists()


# Tables that come back as they were

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4),
    st.sampled_from(",;\t"),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]),
)
def test_a_table_reads_as_csv_does_and_comes_back_byte_for_byte(tmp_path_factory, rows, delimiter, end, quoting, form):
    file = io.StringIO(newline="")
    heading = ["First name", "Surname", "ID number", "Email address", "Grade"]
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([heading, *rows])
    path = table(tmp_path_factory.getbasetemp() / "t.csv", file.getvalue(), *form)
    found = Table(path)
    assert found.data() == path.read_bytes()
    assert found.delimiter == delimiter and found.headings() == heading
    for number, row in enumerate(rows, 1):
        assert [found.value(number, n) for n in range(len(row))] == [text.strip() for text in row]


@pytest.mark.parametrize(
    "text", ['a,"b\nStudent,ID\n1,2', 'Student,ID\n"x" y,2', 'Student,ID\n,,"', "Student,ID", "sep=;\r\nStudent;ID\r\nx;1"]
)
def test_a_table_that_is_not_quite_one_comes_back_as_well(tmp_path, text):
    path = table(tmp_path / "t.csv", text)
    found = Table(path)
    assert found.data() == path.read_bytes() and found.headings() == ["Student", "ID"]


# Grades out


@pytest.fixture
def graded(course, tmp_path):
    """A course with a gradebook, in which ada has 6 points, alan 8 and a penalty of 2, jm 5 and a stranger 1."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        cells = [cell.name for cell in gradebook.find_notebook(NAME, NAME).grade_cells]
        for student, points in {"ada": 6.0, "alan": 8.0, "jm": 5.0, "stranger": 1.0}.items():
            gradebook.add_student(student)
            gradebook.add_submission(NAME, student)
            grade = gradebook.find_grade(cells[0], NAME, NAME, student)
            grade.auto_score, grade.needs_manual_grade = points, False
        gradebook.find_submission_notebook(NAME, NAME, "alan").late_submission_penalty = 2.0
        gradebook.db.commit()
    (course / "submitted" / "ada2" / NAME).mkdir(parents=True)
    return course


FULL = 29.0


def test_grades_into_canvas(graded, tmp_path):
    text = CANVAS.format(possible=FULL)
    file = table(tmp_path / "c.csv", text, mark=b"\xef\xbb\xbf")
    roster.take(graded, file)
    done = export.export(graded, NAME, file, dry=True)
    assert done.filled == ["ada", "alan"] and file.read_bytes() == b"\xef\xbb\xbf" + text.encode() and not done.target.exists()
    done = export.export(graded, NAME, file)
    assert done.target == tmp_path / "c-filled.csv"
    expected = text.replace(",S1,7.5,,", ",S1,7.5,6,").replace('8.0,"3",', '8.0,"6",')
    assert done.target.read_bytes() == b"\xef\xbb\xbf" + expected.encode()
    assert done.never == ["zoe"] and done.ungraded == ["ada2"] and done.without == ["stranger"]
    assert done.left == ["jm (Jörg Müller) has EX"]
    assert done.changed == ["alan (Alan Turing) had 3, has 6"]
    done = export.export(graded, NAME, file, zero=True, in_place=True)
    expected = expected.replace("zoe,S1,,,", "zoe,S1,,0,")  # and Jörg is still excused
    assert file.read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_grades_are_scaled_where_that_is_said(graded, tmp_path):
    file = table(tmp_path / "c.csv", CANVAS.format(possible=2 * FULL))
    roster.take(graded, file)
    assert any("--scale" in note for note in export.export(graded, NAME, file).notes)
    assert ",S1,7.5,12," in export.export(graded, NAME, file, scale=True).target.read_text(encoding="utf-8")


def test_grades_into_moodles_worksheet_by_the_participants_number(graded, tmp_path):
    files = {f"X_{n}_assignsubmission_file/{NAME}.ipynb": NOTEBOOK for n in (201,)}
    roster.take(graded, table(tmp_path / "c.csv", CANVAS.format(possible=14)))
    file = table(tmp_path / "m.csv", MOODLE)
    roster.take(graded, file)
    take(graded, packed(tmp_path / "m.zip", files), "moodle")
    done = export.export(graded, NAME, file)
    assert done.target.read_text(encoding="utf-8") == MOODLE.replace("Submitted,-", "Submitted,6", 1)
    assert done.never == ["m@example.edu"] and done.ungraded == ["ada2"]


def test_decimal_commas_in_a_table_of_excels(graded, tmp_path):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 0.25
        gradebook.db.commit()
    text = f"Vorname\tNachname\tID-Nummer\tAufgabe: {NAME} (Punkte)\tKurs\r\nAda\tLovelace\tADA\t\t3,5\r\nZoe\tX\tzoe\t\t4,5\r\n"
    file = table(tmp_path / "m.csv", text, "utf-16-le", b"\xff\xfe")
    done = export.export(graded, NAME, file)
    assert done.target.read_bytes() == b"\xff\xfe" + text.replace("ADA\t\t", "ADA\t5,75\t").encode("utf-16-le")
    assert done.nobody == ["Zoe X"]


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        (f"{NAME}-extra (1)", "no column"),
        (f"{NAME} (1),{NAME} (2)", "2 columns"),
    ],
)
def test_a_column_that_is_not_clear_is_said(graded, tmp_path, heading, says):
    file = table(tmp_path / "c.csv", f"Student,ID,SIS Login ID,{heading}\nx,1,ada,,\n")
    with pytest.raises(CourseError, match=says):
        export.export(graded, NAME, file)
    assert export.export(graded, NAME, file, column=heading.split(",")[0]).filled == ["ada"]


def test_what_was_filled_is_filled_again_only_where_that_is_said(graded, tmp_path):
    """It made grades-filled-filled.csv."""
    roster.take(graded, table(tmp_path / "c.csv", CANVAS.format(possible=FULL)))
    filled = export.export(graded, NAME, tmp_path / "c.csv").target
    before = filled.read_bytes()
    with pytest.raises(CourseError, match=r"c-filled\.csv was filled before.*--in-place.*--output"):
        export.export(graded, NAME, filled)
    assert sorted(path.name for path in tmp_path.glob("c*.csv")) == ["c-filled.csv", "c.csv"] and filled.read_bytes() == before
    assert export.export(graded, NAME, filled, in_place=True).target == filled and filled.read_bytes() == before


def test_another_assignments_worksheet_is_not_filled(graded, tmp_path):
    roster.take(graded, table(tmp_path / "c.csv", CANVAS.format(possible=14)))
    file = table(tmp_path / f"Grades-ML-{OTHER}-77.csv", MOODLE)
    roster.take(graded, file)
    with pytest.raises(CourseError, match=f"is the grading worksheet of {OTHER}, as its name says, and not of {NAME}.*--column"):
        export.export(graded, NAME, file)
    assert export.export(graded, NAME, file, column="Grade").filled == ["ada"]
    assert export.export(graded, NAME, table(tmp_path / f"Grades-{NAME}.csv", MOODLE)).filled == ["ada"]
    file = table(tmp_path / "m.csv", MOODLE)
    assert export.export(graded, NAME, file).filled == ["ada"]
    theirs = {f"Ada Lovelace_201_assignsubmission_file/{OTHER}.ipynb": OTHERS}
    take(graded, packed(tmp_path / "m.zip", theirs), "moodle", name=OTHER)
    with pytest.raises(CourseError, match=f"of {OTHER}, whose participants' numbers it has"):
        export.export(graded, NAME, file)


def test_a_line_of_hundreds_names_a_few_of_them(graded, tmp_path):
    """400 who never handed in were a line of twelve thousand characters."""
    rows = "".join(f'"Student, {n}",{n},S{n},login{n},S1,,,\r\n' for n in range(20_000, 20_400))
    file = table(tmp_path / "c.csv", CANVAS.format(possible=FULL) + rows)
    said = roster.lines(roster.take(graded, file), file, False, False)
    assert any("and 385 more" in line for line in said) and max(map(len, said)) < 1500
    said = export.lines(export.export(graded, NAME, file), False)
    assert any("never handed in: " in line and "and 381 more" in line for line in said) and max(map(len, said)) < 1500
    done = take(graded, packed(tmp_path / "c.zip", {f"lovelaceada_12345_1_{NAME}.ipynb": NOTEBOOK}), "canvas")
    said = lines(done, False)
    assert any(line.startswith("  missing (403)") and line.endswith("and 383 more") for line in said)
    assert max(map(len, said)) < 1500
    everyone = [f"login{n}" for n in range(20_000, 20_400)]
    shown = handback.lines(handback.HandedBack(without=everyone, stale=everyone, elsewhere=everyone), False)
    assert len(shown) == 3 and max(map(len, shown)) < 1500


def test_gradescope_takes_none_nobody_matches_and_nothing_graded(graded, tmp_path):
    file = table(tmp_path / "g.csv", "First Name,Last Name,SID,Email,Total Score\nA,L,1001,a@x,\n")
    with pytest.raises(CourseError, match="takes no grades"):
        export.export(graded, NAME, file)
    with pytest.raises(CourseError, match="backprop roster"):
        export.export(graded, NAME, file, column="Total Score")
    with pytest.raises(CourseError, match="backprop grade"):
        export.export(graded, OTHER, file)


# Back to the platform


def test_canvas_takes_its_own_names_back(root, tmp_path):
    files = {f"lovelaceada_LATE_12345_67890_{NAME}-1.ipynb": NOTEBOOK, f"x_2_3_{NAME}.ipynb": NOTEBOOK}
    take(root, packed(tmp_path / "c.zip", files), "canvas")
    with pytest.raises(CourseError, match="no feedback pages"):
        handback.handback(root, NAME)
    for student in ("canvas-12345", "bob"):
        (root / "feedback" / student / NAME).mkdir(parents=True)
        (root / "feedback" / student / NAME / f"{NAME}.html").write_text(student)
    done = handback.handback(root, NAME)
    assert done.without == ["canvas-2"] and done.students == {"canvas": ["canvas-12345"], "folder": ["bob"]}
    with zipfile.ZipFile(done.files["canvas"]) as archive:
        assert archive.namelist() == [f"lovelaceada_LATE_12345_67890_{NAME}-1.html"]
    before = done.files["canvas"].read_bytes()
    assert handback.handback(root, NAME).files["canvas"].read_bytes() == before
    done = handback.handback(root, NAME, to="canvas")
    assert done.elsewhere == ["bob"]
    with pytest.raises(CourseError, match="collected from moodle"):
        handback.handback(root, NAME, to="moodle")
    os.utime(root / "feedback" / "canvas-12345" / NAME / f"{NAME}.html", (1, 1))
    assert handback.handback(root, NAME).stale == ["canvas-12345"]


def test_for_gradescope_a_zip_a_student_and_a_table(graded):
    (graded / "feedback" / "ada" / NAME).mkdir(parents=True)
    (graded / "feedback" / "ada" / NAME / f"{NAME}.html").write_text("ada's")
    done = handback.handback(graded, NAME, to="gradescope")
    with zipfile.ZipFile(done.files["gradescope"]) as archive:
        assert archive.namelist() == ["students.csv", "ada.zip"]
        assert b'"ada","","",6.0,29.0,"ada.zip"' in archive.read("students.csv")
        with zipfile.ZipFile(io.BytesIO(archive.read("ada.zip"))) as one:
            assert one.read(f"{NAME}.html") == b"ada's"


# The commands, and the names in all that is shown


def test_the_commands_and_the_names(course, tmp_path):
    table(tmp_path / "c.csv", CANVAS.format(possible=29).replace("Lovelace, Ada", "<b>Lövelace</b>, \u202eAda"))
    said = run("backprop", "roster", "../c.csv", cwd=course).stdout
    assert "5 new" in said and "\\u202eAda" in said
    packed(tmp_path / "c.zip", {f"lovelaceada_12345_1_{NAME}.ipynb": NOTEBOOK})
    said = run("backprop", "collect", NAME, "../c.zip", "--from", "canvas", cwd=course).stdout
    assert "new (1): ada (\\u202eAda <b>Lövelace</b>)" in said and "missing (4)" in said
    said = run("backprop", "grade", NAME, "--unsandboxed", cwd=course).stdout
    assert "Lövelace" in said
    page = (course / "feedback" / "ada" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "\\u202eAda &lt;b&gt;Lövelace&lt;/b&gt;" in page
    report = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert "\\u202eAda &lt;b&gt;Lövelace&lt;/b&gt;" in report and "<b>Löv" not in report
    assert "<b>Lövelace</b>" in (course / "reports" / f"{NAME}.csv").read_text(encoding="utf-8")
    said = run("backprop", "export", NAME, "--into", "../c.csv", cwd=course).stdout
    assert "1 grade in the column" in said and (tmp_path / "c-filled.csv").exists()
    assert "1 page (in Canvas" in run("backprop", "handback", NAME, cwd=course).stdout
    # A name that comes later stands on the page, and no code runs again for it.
    (course / "nothing.csv").write_text("First name,Surname,ID number\nAugusta,King,ada\n", encoding="utf-8")
    run("backprop", "roster", "nothing.csv", cwd=course)
    run("backprop", "grade", NAME, "--unsandboxed", cwd=course)
    page = course / "feedback" / "ada" / NAME / f"{NAME}.html"
    assert "Augusta King" in page.read_text(encoding="utf-8")
    page.unlink()
    run("nbgrader", "generate_feedback", NAME, "--student", "ada", "--force", cwd=course)
    assert "Augusta King" in page.read_text(encoding="utf-8")
    for words in (
        ("collect", NAME, "../c.zip"),
        ("collect", NAME, "../c.zip", "--from", "canvas", "--zone", "Nowhere/At-All"),
        ("collect", "06", "../c.zip", "--from", "canvas"),
        ("roster", "../nothing.csv"),
        ("export", NAME, "--into", "../c.zip"),
        ("export", NAME, "--into", "../c.csv", "--in-place", "--output", "x"),
        ("handback", OTHER),
    ):
        done = run("backprop", *words, cwd=course, ok=False)
        assert done.returncode in (1, 2) and done.stderr and "Traceback" not in done.stderr, words
