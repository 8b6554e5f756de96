"""A term, as the instructors' page has it: thirty students, three platforms, two assignments, and every step's words read.

Ten students hand in through Canvas, ten through Moodle and ten through Gradescope, in files as these name them. Among them are two of
one name, second hand-ins, late ones, one whom nobody knows, a zip, a notebook with another name. The term is played once; the tests
read what each step said and left behind.
"""

import csv
import io
import os
import re
import shutil
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from test_collect import packed
from test_grading import pytestmark, records  # noqa: F401

from backprop import notebook
from backprop.course import Chapter
from backprop.grading import classroom
from conftest import ROOT, Visit, copy_course, jupyter, needs_chromium, run

FIRST, SECOND = "00-a-network-learns", "03-activations"
DEADLINES = f"""
timezone = "Europe/Berlin"
late_days = 1

[{FIRST}]
due = 2026-03-01T23:59:00
per_day = 10

[{SECOND}]
due = 2026-03-15T23:59:00
grace = "15 minutes"
per_day = 10
extensions.hilbert = "1 week"
"""
DUE = {FIRST: datetime(2026, 3, 1, 22, 59, tzinfo=UTC), SECOND: datetime(2026, 3, 15, 22, 59, tzinfo=UTC)}
# First and last name, and the login; two of one name on two of the platforms. The last of each ten never hands in the second assignment.
CANVAS = [
    *(("Ada", "Lovelace", "ada"), ("Ada", "Lovelace", "ada2"), ("Alan", "Turing", "alan"), ("Zoë", 'O\'Neil "Q"', "zoe")),
    *(("José", "de la Cruz", "jose"), ("Jörg", "Müller", "jm"), ("Grace", "Hopper", "grace"), ("Carl", "Gauss", "gauss")),
    *(("Leonhard", "Euler", "euler"), ("Sophie", "Germain", "sophie")),
]
MOODLE = [
    *(("Emmy", "Noether", "emmy"), ("Emmy", "Noether", "emmy2"), ("محمد", "علي", "ali"), ("Ада", "Байрон", "ada.b")),
    *(("David", "Hilbert", "hilbert"), ("Kurt", "Gödel", "kurt"), ("Maryam", "Mirzakhani", "mm"), ("Srinivasa", "Ramanujan", "sr")),
    *(("Blaise", "Pascal", "pascal"), ("Émilie", "du Châtelet", "emilie")),
]
GRADESCOPE = [
    *(("Augusta", "King", "king"), ("Mary", "Somerville", "mary"), ("Evariste", "Galois", "galois"), ("Niels", "Abel", "abel")),
    *(
        ("Felix", "Klein", "klein"),
        ("Sonya", "Kovalevskaya", "sonya"),
        ("Henri", "Poincaré", "henri"),
        ("Georg", "Cantor", "cantor"),
    ),
    *(("Hypatia", "=1+1", "hypatia"), ("Bernhard", "Riemann", "bernhard")),
]
STUDENTS = [login for _, _, login in (*CANVAS, *MOODLE, *GRADESCOPE)]
ABSENT = {SECOND: {"sophie", "emilie", "bernhard"}, FIRST: set()}
RIGHT = {"ada", "ada2", "alan", "jose", "grace", "kurt", "mm", "hilbert", "galois", "abel"}
FULL = {FIRST: 15.0, SECOND: 27.0}
PLATFORMS = ("canvas", "moodle", "gradescope")


def mail(login):
    return f"{login}@example.edu"


def table(rows):
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


# What the platforms know, in their own words


def canvas_gradebook():
    headings = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{FIRST} (77)", f"{SECOND} (78)", "Current Score"]
    rows = [headings, ["    Points Possible", "", "", "", "", "12", "27", "(read only)"]]
    for number, (first, last, login) in enumerate(CANVAS, 101):
        rows.append([f"{last}, {first}", number, f"S{number}", login, "S1", "", "", ""])
    return "\ufeff" + table(rows)


def moodle_worksheet(name):
    rows = [["Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade", "Feedback comments"]]
    for number, (first, last, login) in enumerate(MOODLE, 201 if name == FIRST else 301):
        rows.append([f"Participant {number}", f"{first} {last}", login, mail(login), "Submitted", "-", "27,00", ""])
    return table(rows)


def gradescope_roster():
    rows = [["First Name", "Last Name", "SID", "Email", "Role", "Score"]]
    rows += [[first, last, login, mail(login), "Student", ""] for first, last, login in GRADESCOPE]
    return table([*rows, ["Ernst", "Kummer", "kummer", mail("kummer"), "Instructor", ""]])


def clock(when):
    """A time as a zip has it, in Berlin's winter."""
    return (when + timedelta(hours=1)).timetuple()[:6]


def download(folder, name, works):
    """The three platforms' downloads of an assignment.

    The newest of each student's files holds their work; what is older than that holds another's.
    """
    due, data = DUE[name], {login: notebook.dumps(work).encode() for login, work in works.items()}
    old = notebook.dumps(works["old"]).encode()
    at = {login: due - timedelta(days=2, hours=number) for number, login in enumerate(STUDENTS)}
    if name == SECOND:
        at |= {"kurt": due + timedelta(minutes=10), "mm": due + timedelta(hours=30), "hilbert": due + timedelta(days=5)}
        at |= {"galois": due + timedelta(days=3, hours=1), "abel": due + timedelta(hours=2)}
    else:
        at |= {"abel": due + timedelta(hours=1)}
    files = {}
    for number, (first, last, login) in enumerate(CANVAS, 101):
        who = f"{last}{first}".lower().replace(" ", "_").replace("'", "").replace('"', "")
        if login in ABSENT[name]:
            continue
        file = f"{name}.ipynb"
        if login == "ada2" and name == SECOND:
            files[f"{who}_{number}_9001_{file}"] = old
            files[f"{who}_{number}_9050_{name}-1.ipynb"] = data[login]
        elif login == "alan" and name == SECOND:
            inner = packed(folder / "inner.zip", {"my work/Untitled7.ipynb": data[login], "my work/notes.txt": b"for myself"})
            files[f"{who}_{number}_9002_my work.zip"] = inner.read_bytes()
        elif login == "grace" and name == SECOND:
            files[f"{who}_LATE_{number}_9003_{file}"] = data[login]
        elif login == "jose" and name == SECOND:
            files[f"{who}_{number}_9004_Chapter three (final).ipynb"] = data[login]
        else:
            files[f"{who}_{number}_{9010 + number}_{file}"] = data[login]
    if name == SECOND:
        files[f"strangerdoctor_999_9099_{name}.ipynb"] = old
    packed(folder / f"{name}-canvas.zip", files)
    files = {}
    for number, (first, last, login) in enumerate(MOODLE, 201 if name == FIRST else 301):
        if login not in ABSENT[name]:
            files[f"{first} {last}_{number}_assignsubmission_file/{name}.ipynb"] = data[login], clock(at[login])
    if name == SECOND:
        files["Émilie du Châtelet_310_assignsubmission_onlinetext/onlinetext.html"] = b"I was ill", clock(due)
    packed(folder / f"{name}-moodle.zip", files)
    files, about = {}, []
    for number, (first, last, login) in enumerate(GRADESCOPE, 500_001):
        if login not in ABSENT[name]:
            about += [f"submission_{number}:", "  :submitters:", f"  - :name: '{first} {last}'", f"    :sid: '{login}'"]
            about += [f"    :email: {mail(login)}", f"  :created_at: {at[login]:%Y-%m-%d %H:%M:%S}.861687000 Z"]
            files[f"assignment_7_export/submission_{number}/{name}.ipynb"] = data[login]
    files["assignment_7_export/submission_metadata.yml"] = "\n".join(["---", *about, ""]).encode()
    packed(folder / f"{name}-gradescope.zip", files)


# The term


def class_of(root, name, template, seed):
    """Everyone's notebook, made of what they were given: right and wrong in many ways; ten are right, so that it is known what they deserve."""
    chapter = Chapter(root, name)
    simulated = classroom.simulate(chapter, template, len(STUDENTS), np.random.default_rng(seed))
    works = {login: one.notebook for login, one in zip(STUDENTS, simulated)}
    return {**works, **dict.fromkeys(RIGHT, classroom.fill(template, chapter.sources)), "old": template}


class Term:
    """What was said, by step, and what stood on the disk after some of them."""

    def __init__(self, folder):
        self.root, self.files = copy_course(folder / "course"), folder / "files"
        self.files.mkdir()
        self.env = {**os.environ, "BACKPROP_KEY": str(folder / "key"), "COLUMNS": "250"}
        self.said, self.stood = {}, {}

    def step(self, title, *words, ok=True):
        done = run("backprop", *words, cwd=self.root, ok=ok, env=self.env)
        self.said[title] = done.stdout + done.stderr
        assert "Traceback" not in self.said[title] and (ok or done.returncode == 1)

    def row(self, title, student):
        """What the table of a step says of a student: the columns after the name."""
        (found,) = re.findall(rf"^│ {re.escape(student)} +│ (.*) │$", self.said[title], re.M)
        return [part.strip() for part in found.split("│")][1:]

    def scores(self, name):
        """As the report's table has them."""
        with open(self.root / "reports" / f"{name}.csv", encoding="utf-8", newline="") as file:
            return {row["student"]: float(row["score"]) for row in csv.DictReader(file)}

    def state(self):
        """All that grading writes."""
        made = [path for kind in ("autograded", "feedback", "reports") for path in (self.root / kind).rglob("*.*")]
        return records(self.root), {path: path.read_bytes() for path in made if path.is_file()}

    def page(self, name, student):
        return (self.root / "feedback" / student / name / f"{name}.html").read_text(encoding="utf-8")

    def by_hand(self, name, student, function, score=None, comment=None):
        """Points or a comment, as formgrader writes them."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            if score is not None:
                gradebook.find_grade(f"check_{function}", name, name, student).manual_score = score
            if comment is not None:
                gradebook.find_comment(function, name, name, student).manual_comment = comment
            gradebook.db.commit()


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """The term, played: from downloads to uploads, with a person's hand and a mended check in between."""
    term = Term(tmp_path_factory.mktemp("term"))
    root, files, step, stood = term.root, term.files, term.step, term.stood
    (root / "deadlines.toml").write_text(DEADLINES, encoding="utf-8")
    exported = {"canvas": canvas_gradebook(), "gradescope": gradescope_roster()}
    exported |= {f"moodle-{name}": moodle_worksheet(name) for name in (FIRST, SECOND)}
    for file, text in exported.items():
        (files / f"{file}.csv").write_text(text, encoding="utf-8")
    for seed, name in enumerate((FIRST, SECOND), 1):
        step(f"handout {name}", "handout", name)
        given = zipfile.ZipFile(root / "handout" / f"{name}.zip").read(f"{name}/{name}.ipynb")
        download(files, name, class_of(root, name, notebook.parse(given, name), seed))
    for platform in ("canvas", "gradescope"):
        step(f"roster {platform}", "roster", files / f"{platform}.csv")
    for name in (FIRST, SECOND):
        step(f"roster moodle {name}", "roster", files / f"moodle-{name}.csv")
        for platform in PLATFORMS:
            words = ["collect", name, files / f"{name}-{platform}.zip", "--from", platform, "--zone", "Europe/Berlin"]
            if name == SECOND:
                step(f"dry {platform}", *words, "--dry-run")
                stood[f"dry {platform}"] = len(list(root.glob(f"submitted/*/{name}")))
            step(f"collect {platform} {name}", *words)
        step(f"grade {name}", "grade", name, "--workers", "2")
        stood[f"scores {name}"] = term.scores(name)
    term.by_hand(SECOND, "king", "sigmoid", score=3.5, comment="Half a point off for the sign.")
    term.by_hand(SECOND, "emmy", "relu", comment="Look at <b>zero</b> again.")
    step("grade after a person", "grade", SECOND, "--workers", "2")
    stood["page after a person"] = term.page(SECOND, "king")
    checks = root / "solutions" / SECOND / "checks.py"
    text = checks.read_text(encoding="utf-8")
    assert text.count('"relu(Z)": 2') == 1
    checks.write_text(text.replace('"relu(Z)": 2', '"relu(Z)": 4'), encoding="utf-8")
    step("grade before a release", "grade", SECOND, ok=False)
    step("release", "release", SECOND)
    before = term.state()
    step("regrade", "regrade", SECOND, "--workers", "2")
    stood["regrade wrote nothing"] = term.state() == before
    step("regrade --yes", "regrade", SECOND, "--yes", "--workers", "2")
    stood["scores regraded"] = term.scores(SECOND)
    for name in (FIRST, SECOND):
        step(f"handback {name}", "handback", name)
        for platform, file in (("canvas", "canvas"), ("moodle", f"moodle-{name}")):
            table = ["--into", files / f"{file}.csv", "--output", files / f"{platform}-{name}-filled.csv"]
            step(f"export {platform} {name}", "export", name, *table, "--scale", "--missing", "0")
    step("export gradescope", "export", SECOND, "--into", files / "gradescope.csv", ok=False)
    step("export a column", "export", SECOND, "--into", files / "gradescope.csv", "--column", "Score")
    return term


def listed(said, word):
    """The students in the line of a step's words that begins so: how many it says, and who."""
    found = re.search(rf"^  {re.escape(word)} \((\d+)\): (.*)$", said, re.M)
    return (int(found[1]), re.sub(r" \([^)]*\)", "", found[2]).split(", ")) if found else (0, [])


# What each step says


def test_what_is_handed_out_is_said(term):
    for name in (FIRST, SECOND):
        assert re.fullmatch(rf"handout/{name}\.zip: \d+ kB\n", term.said[f"handout {name}"])


def test_rosters_know_everyone_and_who_is_of_one_name(term):
    for platform, people in (("canvas", CANVAS), ("gradescope", GRADESCOPE), (f"moodle {FIRST}", MOODLE)):
        said = term.said[f"roster {platform}"]
        assert "10 students: 10 new, 0 changed, 0 unchanged." in said
        assert all(f"{login} ({first} {last})" in said for first, last, login in people)
    assert "of one name: ada (Ada Lovelace), ada2 (Ada Lovelace)" in term.said["roster canvas"]
    assert "of one name: emmy (Emmy Noether), emmy2 (Emmy Noether)" in term.said[f"roster moodle {FIRST}"]
    assert "0 new, 10 changed" in term.said[f"roster moodle {SECOND}"], "Moodle's numbers are others for each assignment"
    with sqlite3.connect(term.root / "gradebook.db") as db:
        known = {row[0]: row[1:] for row in db.execute("SELECT id, first_name, last_name, email FROM student")}
    assert known["ali"] == ("محمد", "علي", mail("ali")) and set(known) == {*STUDENTS, "canvas-999"}, "and no instructor"


def test_a_dry_run_says_the_same_and_writes_nothing(term):
    collected = 0
    for platform in PLATFORMS:
        assert term.stood[f"dry {platform}"] == collected
        said = term.said[f"collect {platform} {SECOND}"]
        assert term.said[f"dry {platform}"].replace("Nothing was written: --dry-run.\n", "") == said
        collected += listed(said, "new")[0]


def test_collecting_says_who_is_new_late_missing_and_unknown(term):
    said = {platform: term.said[f"collect {platform} {SECOND}"] for platform in PLATFORMS}
    logins = {"canvas": CANVAS, "moodle": MOODLE, "gradescope": GRADESCOPE}
    for platform, people in logins.items():
        everyone = {login for _, _, login in people}
        assert listed(term.said[f"collect {platform} {FIRST}"], "new") == (10, sorted(everyone))
        strangers = {"canvas-999"} if platform == "canvas" else set()
        assert set(listed(said[platform], "new")[1]) == everyone - ABSENT[SECOND] | strangers
    assert listed(said["canvas"], "late") == (1, ["grace"]), "whom Canvas calls so"
    assert "grace (Grace Hopper): called late, and nobody says since when" in said["canvas"]
    assert listed(said["moodle"], "late") == (1, ["mm"]), "kurt is within the grace, and hilbert has an extension"
    assert listed(said["gradescope"], "late") == (2, ["abel", "galois"])
    assert listed(said["canvas"], "unknown to the roster") == (1, ["canvas-999"])
    assert "ada2 (Ada Lovelace): 2 notebooks of 03-activations at once: 03-activations-1.ipynb is taken" in said["canvas"]
    assert listed(said["moodle"], "nothing to grade") == (1, ["emilie"])
    assert "emilie (Émilie du Châtelet): typed into the page, not handed in as a file" in said["moodle"]
    missing = {"canvas": (1, ["sophie"]), "moodle": (0, []), "gradescope": (1, ["bernhard"])}  # emilie typed into the page
    assert {platform: listed(words, "missing") for platform, words in said.items()} == missing, "nobody of another platform"
    assert said["canvas"].count("timestamp.txt, as 2026-03-01 13:00:00 UTC") == 1
    assert "its files' times lie within 10 minutes, so they are those of the download" in said["canvas"]
    assert "times of handing in are the files' own, read in Europe/Berlin" in said["moodle"]


def test_who_is_right_has_all_points_however_it_was_handed_in(term):
    """A zip, another name, a second hand-in, two of one name; and each has their own work, not that of whom they share a name with."""
    first, second = (term.stood[f"scores {name}"] for name in (FIRST, SECOND))
    assert all(first[student] == FULL[FIRST] for student in RIGHT)
    assert {second[student] for student in RIGHT - {"mm", "abel", "galois"}} == {FULL[SECOND]}
    assert second["canvas-999"] == 0.0 and second["emmy"] != second["emmy2"]
    assert sorted(set(STUDENTS) - set(second)) == sorted(ABSENT[SECOND])
    assert f"for want of a folder {SECOND}: bernhard, emilie, sophie" in term.said[f"grade {SECOND}"]
    notes = term.root / "submitted" / "alan" / SECOND
    assert sorted(path.name for path in notes.iterdir()) == [f"{SECOND}.ipynb", "notes.txt"]


def test_being_late_costs_what_the_dates_say(term):
    """A day at no cost in the term: abel has used it for the first assignment."""
    assert term.row(f"grade {FIRST}", "abel") == ["15", "15", "1 hour late, at no cost (1 late day used)"]
    for student, score, says in (
        ("abel", "24.3", "2 hours late: 2.7 points off (10 % of the points)"),
        ("mm", "24.3", "30 hours late: 2.7 points off (10 % of the points; 2 days have begun; 1 late day used)"),
        ("galois", "18.9", "3 days late: 8.1 points off (30 % of the points; 4 days have begun; 1 late day used)"),
        ("kurt", "27", ""),
        ("hilbert", "27", ""),
        ("grace", "27", ""),
    ):
        assert term.row(f"grade {SECOND}", student) == [score, "27", says]
        assert not says or says in term.page(SECOND, student) or "points off" in term.page(SECOND, student)
    assert (
        "When 10 of them were handed in is not known, and they count as in time: ada, ada2, alan, " in term.said[f"grade {SECOND}"]
    )
    assert "28 submissions: 28 graded." in term.said[f"grade {SECOND}"]


def test_a_persons_points_and_comments_are_on_page_and_report(term):
    assert term.row("grade after a person", "king")[:2] == ["8.5", "27"] and term.stood[f"scores {SECOND}"]["king"] == 5.0
    assert (
        "Half a point off for the sign." in term.stood["page after a person"]
        and "Augusta King" in term.stood["page after a person"]
    )
    assert "Look at &lt;b&gt;zero&lt;/b&gt; again." in term.page(SECOND, "emmy")


def test_a_mended_check_is_told_before_it_is_written(term):
    before = term.said["grade before a release"]
    assert "relu has 2 points there and 4 points here" in before and f"Run: backprop release {SECOND}" in before
    said = term.said["regrade"]
    assert term.stood["regrade wrote nothing"] and f"To write it: backprop regrade {SECOND} --yes" in said
    assert "27 of 28 rise, 0 fall." in said, "all but the stranger, who has attempted nothing"
    (row,) = re.findall(r"^│ galois +│ (.*?) +│$", said, re.M)
    assert re.split(r" *│ ", row) == ["18.9", "20.3", "29", "relu 2 -> 4 (right as before, but now of 4)"], "7 tenths of 29"
    moved = {s: after - term.stood[f"scores {SECOND}"][s] for s, after in term.stood["scores regraded"].items()}
    expected = dict.fromkeys(moved, 2.0) | {"abel": 1.8, "mm": 1.8, "galois": 1.4, "king": 5.5, "canvas-999": 0.0}
    assert moved == pytest.approx(expected)
    assert (
        "Written: gradebook, feedback, " in term.said["regrade --yes"]
        and "regraded/03-activations.jsonl" in term.said["regrade --yes"]
    )


def test_pages_go_back_under_the_names_that_the_platforms_gave(term):
    held = {}
    for platform in PLATFORMS:
        path = term.root / "handback" / f"{SECOND}-{platform}.zip"
        with zipfile.ZipFile(path) as archive:
            held[platform] = {info.filename: archive.read(info) for info in archive.infolist()}
        pages = {"canvas": 10, "moodle": 9, "gradescope": 9}[platform]
        assert f"{path}: {pages} pages" in term.said[f"handback {SECOND}"]
        assert len(held[platform]) == pages + (platform == "gradescope")  # students.csv
    names = set(held["canvas"])
    assert {f"lovelaceada_102_9050_{SECOND}-1.html", f"hoppergrace_LATE_107_9003_{SECOND}.html"} <= names
    assert {"turingalan_103_9002_my work.html", "de_la_cruzjosé_105_9004_Chapter three (final).html"} <= names
    for number, who in ((301, "emmy"), (302, "emmy2")):
        mine = held["moodle"][f"Emmy Noether_{number}_assignsubmission_file/{SECOND}.html"]
        assert mine.decode() == term.page(SECOND, who)
    table = list(csv.DictReader(io.StringIO(held["gradescope"]["students.csv"].decode())))
    assert {row["student"]: float(row["score"]) for row in table}["galois"] == 20.3
    assert {row["name"] for row in table if row["student"] == "hypatia"} == {"Hypatia =1+1"}


def test_grades_go_into_the_platforms_own_files(term):
    """One column is filled, and nothing else is touched; who never handed in has a 0, as was asked for."""
    for platform, people in (("canvas", CANVAS), ("moodle", MOODLE)):
        for name, scores in ((FIRST, term.stood[f"scores {FIRST}"]), (SECOND, term.stood["scores regraded"])):
            source = term.files / ("canvas.csv" if platform == "canvas" else f"moodle-{name}.csv")
            filled = term.files / f"{platform}-{name}-filled.csv"
            before, after = (
                list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))) for path in (source, filled)
            )
            column = next(n for n, heading in enumerate(before[0]) if heading.startswith(name) or heading == "Grade")
            login = before[0].index("SIS Login ID" if platform == "canvas" else "ID number")
            by = {"canvas": {FIRST: 12, SECOND: 27}, "moodle": dict.fromkeys(FULL, 27)}[platform][name] / (
                FULL[name] + 2 * (name == SECOND)
            )
            told = {}
            for old, new in zip(before, after, strict=True):
                assert [x for n, x in enumerate(old) if n != column] == [x for n, x in enumerate(new) if n != column]
                told[new[login]] = new[column]
            points = {who: float(told[who].replace(",", ".")) for _, _, who in people}
            assert points == pytest.approx({who: scores.get(who, 0.0) * by for _, _, who in people}, abs=0.006)
            assert all(re.fullmatch(r"\d+([.,]\d\d?)?", told[who]) for who in points)
            said = term.said[f"export {platform} {name}"]
            assert "points are scaled" in said and "another grade stood there" not in said
            assert f"{10 - (name == SECOND)} grades in the column" in said
    assert "never handed in: sophie (Sophie Germain)" in term.said[f"export canvas {SECOND}"]
    assert "takes no grades from a file" in term.said["export gradescope"] and "--column HEADING" in term.said["export gradescope"]
    said = term.said["export a column"]
    assert "9 grades in the column Score." in said and "never handed in: bernhard (Bernhard Riemann)" in said
    assert "points by hand count, and formgrader asks for another look, as it was graded anew since: king (Augusta King)" in said


# Where only a browser shows it


@needs_chromium
def test_formgraders_points_and_comment_reach_the_page(term, browser):
    with sqlite3.connect(term.root / "gradebook.db") as db:
        ((number,),) = db.execute(
            "SELECT n.id FROM submitted_notebook AS n JOIN submitted_assignment AS s ON n.assignment_id = s.id "
            "JOIN assignment AS a ON s.assignment_id = a.id WHERE s.student_id = 'hypatia' AND a.name = ?",
            [SECOND],
        )
    with jupyter(term.root) as address, Visit(browser, f"{address}/formgrader/submissions/{number}/") as visit:
        page = visit.page
        page.wait_for_function("document.querySelector('#check_relu')?.placeholder === '4'")
        page.wait_for_load_state("networkidle")  # comments are fetched after points, and before that none is saved
        page.locator("#check_tanh_derivative").fill("1.5")
        page.locator("#relu-comment").fill("Well begun: go on <i>like that</i>.")
        with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
            page.locator("#relu-comment").blur()
        page.wait_for_load_state("networkidle")
    before = term.scores(SECOND)["hypatia"]
    term.step("grade after formgrader", "grade", SECOND, "--workers", "1")
    assert term.scores(SECOND)["hypatia"] == before + 1.5 == float(term.row("grade after formgrader", "hypatia")[0])
    assert "Well begun: go on &lt;i&gt;like that&lt;/i&gt;." in term.page(SECOND, "hypatia")
    assert "Look at &lt;b&gt;zero&lt;/b&gt; again." in term.page(SECOND, "emmy"), "and nobody else's is lost"


@needs_chromium
def test_in_a_browser_run_all_shows_every_checks_feedback(tmp_path, browser):
    """In Lab and in Notebook, of a notebook as a student has it; and the button Validate says the same."""
    folder = shutil.copytree(ROOT / "exercises" / SECOND, tmp_path / SECOND, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / f"{SECOND}.ipynb"
    leaky = {"relu": "def relu(Z):\n    return np.where(Z > 0, Z, 0.01 * Z)"}
    nb = classroom.fill(notebook.read(path), leaky)
    path.write_text(notebook.dumps(nb), encoding="utf-8")
    says = "Negative values come back scaled down: that is the leaky ReLU."
    own = {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with jupyter(tmp_path, {**os.environ, **own}) as address:
        for place in ("lab/tree", "notebooks"):
            with Visit(browser, f"{address}/{place}/{SECOND}/{SECOND}.ipynb") as visit:
                page = visit.page
                page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
                for _ in range(300):  # until the page and its kernel have found each other
                    answer = page.request.get(f"{address}/api/kernels")
                    kernels = answer.json() if answer.ok else []  # while a kernel starts, its state may be asked for too early
                    if any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in kernels):
                        break
                    page.wait_for_timeout(100)
                page.get_by_role("menuitem", name="Run", exact=True).click()
                page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
                last = page.locator(".jp-OutputArea-output", has_text="CheckFailed: softplus_derivative is not attempted yet.")
                last.wait_for(state="attached", timeout=60_000)
                page.locator(".jp-Notebook").press("Control+Home")
                page.get_by_text(says).first.scroll_into_view_if_needed()
                assert page.get_by_text(says).first.is_visible()
                assert page.get_by_text("CheckFailed: relu is not right yet: see above.").count()
                if place == "notebooks":
                    page.get_by_role("button", name="Validate").click()
                    dialog = page.locator(".jp-Dialog", has_text="CheckFailed: relu")
                    dialog.wait_for()
                    assert says in dialog.text_content()
