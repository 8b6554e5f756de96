"""What a submission's author names or writes, wherever it comes out: it can be read, and it does nothing."""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import urllib.error
import urllib.request

import pytest
import weapons
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import notebook
from backprop.checking.wire import printable
from backprop.course import Chapter
from backprop.grading import hostile, markup
from backprop.grading.feedback import page
from backprop.grading.outputs import ROOM, write_outputs
from backprop.grading.report import cell, render, write_csv
from conftest import CHECKS, NAME, POINTS, ROOT, Visit, copy_course, jupyter, needs_chromium, run

FORMULA = "=HYPERLINK(1), \u202egnp.\u200b\x1b[31m"
ELEMENT = "<img src=x onerror=alert(1)>"
STUDENTS = ["honest", "words", "code", *weapons.ODD, FORMULA]
# What a student's cell may consist of in a page, and what may stand in it: all else is found by this.
FOUND = """([roots, tags, names]) => [...document.querySelectorAll(roots)].flatMap(root => [...root.querySelectorAll("*")]).filter(e =>
    !tags.includes(e.localName) || [...e.attributes].some(a => !names.includes(a.name))
    || (e.hasAttribute("href") && !/^(https?:|mailto:|#)/.test(e.getAttribute("href")))
    || ["fixed", "absolute", "sticky"].includes(getComputedStyle(e).position)
).map(e => e.outerHTML.slice(0, 200))"""
# What reaches out of the box that it stands in, or covers a point where the page's own first heading is.
MOVED = """(roots) => [...document.querySelectorAll(roots)].filter(root => { const box = root.getBoundingClientRect();
    return [...root.querySelectorAll("*")].some(e => { const b = e.getBoundingClientRect(); const scrolls = e.closest(".highlight");
        return b.width && (b.left < box.left - 1 || (!scrolls && b.right > box.right + 1) || b.top < box.top - 1 || b.bottom > box.bottom + 1) })
}).map(root => root.outerHTML.slice(0, 200))"""


def names_of(kit):
    """What each student hands in: a notebook's JSON."""
    right = json.loads(notebook.dumps(kit.right()))
    made = dict.fromkeys(["honest", FORMULA, ELEMENT], right)
    made["words"] = weapons.with_cells(right, [("markdown", words) for words in weapons.WORDS.values()])
    made["code"] = weapons.with_cells(right, [("code", source) for source in weapons.CODE.values()])
    for name, change in weapons.ODD.items():
        made[name] = json.loads(json.dumps(right))
        change(made[name])
    return made


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The bank graded by `backprop grade`, then by nbgrader's own commands."""
    root = copy_course(tmp_path_factory.mktemp("pages") / "course")
    os.environ["BACKPROP_KEY"] = str(root.with_name("key"))
    kit = hostile.Kit(Chapter(root, NAME), notebook.read(root / "exercises" / NAME / f"{NAME}.ipynb"))
    for student, nb in names_of(kit).items():
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(nb))
        for name in ("evil.html", "evil.svg", "evil.xhtml", "fine.txt"):
            (folder / name).write_text("<script>alert('beside')</script>")
    done = run("backprop", "grade", NAME, cwd=root)
    lines = {line["student"]: line for line in json.loads((root / "reports" / f"{NAME}.json").read_text(encoding="utf-8"))}
    ours = pages(root)
    for made in ("autograded", "feedback"):
        shutil.rmtree(root / made)
    (root / "gradebook.db").unlink()
    run("nbgrader", "generate_assignment", NAME, "--force", cwd=root)
    logs = run("nbgrader", "autograde", NAME, cwd=root, ok=False).stderr
    logs += run("nbgrader", "generate_feedback", NAME, cwd=root).stderr
    run("nbgrader", "export", cwd=root)
    yield {"root": root, "lines": lines, "summary": done.stdout + done.stderr, "ours": ours, "logs": logs}
    del os.environ["BACKPROP_KEY"]


def pages(root):
    """What is written for each student: pages, notebooks and the files beside them."""
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for kind in ("autograded", "feedback")
        for path in sorted((root / kind).rglob("*"))
        if path.is_file() and (kind == "autograded" or path.name == f"{NAME}.html")
    }


@pytest.fixture(scope="module")
def formgrader(graded):
    """Formgrader, started in the course's folder: gives the address of its page of a student's submission."""
    with sqlite3.connect(graded["root"] / "gradebook.db") as db:
        ids = dict(
            db.execute(
                "SELECT student_id, submitted_notebook.id FROM submitted_notebook "
                "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id"
            )
        )
    with jupyter(graded["root"]) as address:
        yield lambda student, more="": f"{address}/formgrader/submissions/{ids[student]}/{more}"


def test_nbgraders_own_commands_write_the_same(graded):
    """Pages, notebooks, and the files beside them."""
    assert {path for path in graded["ours"] if path.startswith("feedback/")} == {
        f"feedback/{student}/{NAME}/{NAME}.html" for student in STUDENTS
    }
    assert pages(graded["root"]) == graded["ours"]
    assert {student: line["score"] for student, line in graded["lines"].items()} == {
        **dict.fromkeys(STUDENTS, POINTS),
        ELEMENT: 0.0,
    }


@needs_chromium
@pytest.mark.parametrize("student", STUDENTS)
def test_a_feedback_page_does_nothing(graded, browser, student):
    address = (graded["root"] / "feedback" / student / NAME / f"{NAME}.html").as_uri()
    with Visit(browser, address) as visit:
        visit.page.wait_for_timeout(100)
        assert visit.dialogs == [] and visit.errors == [] and visit.requests == [address] and visit.page.url == address
        names = ["href", "rel", "class", "id", "tabindex", "start", "display", "stretchy", "accent", "width"]
        tags = [*markup.TAGS.split(), *markup.MATHML.split(), "section", "span", "div", "b"]
        assert visit.page.evaluate(FOUND, ["main, header", tags, names]) == []
        assert visit.page.evaluate(MOVED, "section") == []
        head = visit.page.evaluate("[...document.querySelectorAll('script, style, link, base, meta')].map(e => e.localName)")
        assert head == ["meta", "meta", "meta", "style"] and visit.page.locator("main, header").count() == 2
        known = {
            c.metadata.nbgrader.grade_id
            for c in notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb").cells
            if "nbgrader" in c.metadata
        }
        assert set(visit.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id.replace('comment-', ''))")) <= known
        assert visit.page.evaluate(
            "(b => document.elementFromPoint(b.left + 5, b.top + 15).closest('header') !== null)(document.querySelector('header h1').getBoundingClientRect())"
        )


@needs_chromium
@pytest.mark.parametrize("student", STUDENTS)
def test_formgraders_page_does_nothing_of_a_students(graded, formgrader, browser, student):
    address = formgrader(student)
    with Visit(browser, address) as visit:
        visit.page.wait_for_timeout(200)
        assert visit.dialogs == [] and visit.page.url == address
        home = address.split("/formgrader")[0]
        assert [r for r in visit.requests if not r.startswith((home, "data:"))] == []
        names = ["href", "rel", "class", "start", "tabindex"]
        tags = [*markup.TAGS.split(), "span", "div"]
        assert visit.page.evaluate(FOUND, [".text_cell_render, .input_area, .output_area", tags, names]) == []
        assert visit.page.evaluate("document.elementFromPoint(60, 10).closest('nav') !== null")
        assert visit.page.locator("input.score").count() == CHECKS, "the page is whole, and its own scripts run"
        assert visit.page.evaluate("Object.keys(window).includes('base_url') && $('.score').length > 0")


@needs_chromium
def test_what_was_written_can_be_read_as_it_was(graded, formgrader, browser):
    """Every way of the bank is shown, in both views."""
    for address in ((graded["root"] / "feedback" / "words" / NAME / f"{NAME}.html").as_uri(), formgrader("words")):
        with Visit(browser, address) as visit:
            text = visit.page.locator("main, #notebook").first.inner_text()
        assert [name for name in weapons.WORDS if name.split("-")[0] not in text or name in visit.dialogs] == []
        for shown in (
            "<script>alert('script')</script>",
            'http-equiv="refresh"',
            "\\href{javascript:alert(1)}",
            "turned \\u202e\\u2066 <b>",
        ):
            assert shown in text, shown
    with Visit(browser, (graded["root"] / "feedback" / "code" / NAME / f"{NAME}.html").as_uri()) as visit:
        text = visit.page.locator("main").inner_text()
    assert (
        weapons.image("prints") + " red" in text
        and f"{weapons.image('raises')} (line 1): {weapons.image('raises')}\\x1b" not in text
    )
    assert "\x1b" not in text and "\u202e" not in text


def test_names_in_formgraders_page_are_text():
    """It writes a student's names between elements as they stand."""
    from backprop.grading.nbgrader import Presentable

    nb = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    _, resources = Presentable().preprocess(nb, {"student": "a&b\u202e", "first_name": weapons.image("x"), "last_name": None})
    assert (
        resources["student"] == "a&amp;b\\u202e"
        and resources["first_name"].startswith("&lt;img")
        and resources["last_name"] is None
    )


def test_formgrader_serves_no_page_that_was_handed_in(formgrader):
    """It would run as one of the notebook server's own."""
    for name in ("evil.html", "evil.svg", "evil.xhtml"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(formgrader("honest", name))
        with urllib.request.urlopen(formgrader("honest", f"{name}.txt")) as answer:
            assert answer.headers["Content-Type"] == "text/plain" and b"beside" in answer.read()


def read_back(text):
    """A text of a table as it was, as the instructors' page says."""
    return re.sub("(^|;)'", r"\1", text)


def test_a_table_holds_no_formula_and_is_read_back(graded):
    """However a spreadsheet splits it: by comma, semicolon or tab, in quotes or not."""
    for path in (graded["root"] / "reports" / f"{NAME}.csv", graded["root"] / "grades.csv"):
        text = path.read_text(encoding="utf-8")
        for delimiter in ",;\t":
            for row in csv.reader(io.StringIO(text), delimiter=delimiter):
                assert not [field for field in row if field.strip().startswith(tuple("=+-@＝＋－＠"))], row
        column = "student" if "reports" in path.parts else "student_id"
        named = {read_back(row[column]) for row in csv.DictReader(io.StringIO(text))}
        assert {printable(FORMULA), "honest"} <= named
        assert "".join(text.splitlines()).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@A1",
        "＝1+1",
        " =1+1",
        "'=1",
        "''",
        "a;=1+1",
        'a";=1+1',
        "a\n=1+1",
        "a\r=1+1",
        "\t=1",
        "a\t=1",
        "",
        "ada",
        "−1",
    ],
)
def test_no_text_of_a_table_is_a_formula(tmp_path, text):
    exercises = {"relu": {"points": 1, "max_points": 1, "diagnoses": []}}
    line = {"student": text, "score": 1, "max_score": 1, "status": "graded", "notes": [text], "exercises": exercises}
    write_csv(tmp_path / "a.csv", [line])
    written = (tmp_path / "a.csv").read_bytes().decode()
    assert len(written.splitlines()) == 2
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(written), delimiter=delimiter):
            assert not [field for field in row if field.strip().startswith(tuple("=+-@＝＋－＠"))], row
    (row,) = csv.DictReader(io.StringIO(written))
    assert read_back(row["student"]) == read_back(row["notes"]) == printable(text)
    assert read_back(cell(cell(text))) == cell(text)


def test_a_terminal_is_told_no_more_than_words(graded):
    """In the summary, in nbgrader's logs, and wherever a name is printed."""
    where = run("backprop", "where", NAME, cwd=graded["root"]).stdout
    for text in (graded["summary"], graded["logs"], where):
        assert [c for c in set(text) if not c.isprintable() and c not in "\n\t"] == []
    assert "\\x1b[31m" in graded["logs"] and "\\u202egnp" in graded["summary"] and "rename it" in graded["summary"]


@pytest.mark.parametrize(
    "letter",
    ["\x1b", "\r", "\n", "\x9b", "\u200b", "\u202e", "\u2066", "\u2028", "\ufeff", "\u3164", "\xad", "\ud800", "\U000e0041"],
)
def test_one_function_writes_out_what_cannot_be_seen(letter):
    assert printable(f"a{letter}b") == f"a{letter.encode('unicode_escape').decode()}b"
    lines = [{"student": f"a{letter}b", "score": 1, "max_score": 1, "status": "graded", "notes": [f"c{letter}d"], "exercises": {}}]
    chapter = Chapter(ROOT, NAME)
    lines[0]["exercises"] = {e.name: {"points": 1, "max_points": 1, "diagnoses": []} for e in chapter.exercises}
    report = render(NAME, lines, chapter, [])
    assert letter == "\n" or letter not in report
    assert "a" + letter.encode("unicode_escape").decode() + "b" in report


def test_names_and_words_in_every_script_stay_as_they_are():
    for text in ("Zoë Ångström", "李雷", "שרה", "مريم", "Ольга", "ada_1 (2)", "x² ≤ ½"):
        assert printable(text) == text
    assert printable("a" * 300, most=10) == "a" * 9 + "…" and printable("a\tb\nc", keep="\n\t") == "a\tb\nc"


@given(
    st.lists(
        st.sampled_from([*weapons.WORDS.values(), "\n", "\n\n", "```", "<", ">", '"', "'", "`", "$", "-->", "  ", "- ", "|"]),
        max_size=6,
    )
)
@settings(max_examples=150, deadline=None)
def test_what_is_left_of_markdown_is_what_is_allowed(parts):
    """Ways put together: what comes out, read again by another parser, has no element and no attribute but those that lay out text."""
    from bs4 import BeautifulSoup

    html = markup.markdown("".join(parts))
    for element in BeautifulSoup(html, "html.parser").find_all(True):
        assert element.name in markup.TAGS.split() and set(element.attrs) <= {"href", "rel", "start"}, html
        assert element.get("href", "http:").startswith(("http:", "https:", "mailto:")), html
    assert markup.clean(html) == markup.clean(markup.clean(html))


def test_a_page_has_a_budget_in_all():
    """Thousands of cells that print: what is left out is said, in the notebook and in the page."""
    nb = json.loads(notebook.dumps(notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")))
    first = len(nb["cells"])
    nb = weapons.with_cells(nb, [("code", "x" * 1000)] * 3000)
    nb = notebook.parse(json.dumps(nb).encode(), "x")
    exercises = {
        e.name: {"points": 0, "max_points": 1, "status": "wrong", "diagnoses": [], "lines": [], "read": []}
        for e in Chapter(ROOT, NAME).exercises
    }
    printed = {number: {"stdout": "\x1b[31m<" * 1500, "error": None} for number in range(first, first + 3000)}
    write_outputs(nb, {"exercises": exercises, "cells": printed})
    kept = [output["text"] for c in nb.cells for output in c.get("outputs", []) if output["output_type"] == "stream"]
    assert sum(map(len, kept)) < ROOM + 3000 * 100 and "1500 characters are left out" in kept[-1] and kept[0] == "<" * 1500
    for c in nb.cells:
        c.metadata.get("nbgrader", {}).update(score=0, points=1)
    text = page(nb, {"notebook": NAME, "score": 0, "max_score": 1, "late_penalty": 0})
    assert len(text) < 4_000_000 and "1000 characters are left out: the page is full" in text


@needs_chromium
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_feedback_page_is_light_and_for_everyone(graded, browser, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    path = graded["root"] / "feedback" / "code" / NAME / f"{NAME}.html"
    with Visit(browser, path.as_uri(), width=width, scheme=scheme, bypass_csp=True) as visit:  # for axe's own script
        found = Axe().run(visit.page).response["violations"]
        assert not found, [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]
        assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        dark = visit.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark")
    assert path.stat().st_size < 6_000 * CHECKS
