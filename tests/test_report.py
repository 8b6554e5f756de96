"""The class report: what an instructor sees first, complete, on its own, and usable by everyone."""

import csv
import shutil

import pytest
from test_grading import grade, pytestmark, simulate  # noqa: F401

from backprop.course import Chapter
from backprop.grading import hostile
from backprop.grading.graded import Graded
from backprop.grading.report import render, same_draw, write
from backprop.grading.tally import tally
from conftest import CHECKS, EXERCISES, NAME, ROOT, Visit, needs_chromium


@pytest.fixture
def report(course):
    simulate(course, 12)
    hostile.write(course, NAME, [c for c in hostile.BANK if c.name in ("endless-loop", "invalid-json", "cell-doubled")])
    return course, grade(course)


@needs_chromium
def test_the_page_and_the_table_say_the_same_and_are_accessible(report, browser):
    course, lines = report
    rows = list(csv.DictReader((course / "reports" / f"{NAME}.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == CHECKS * len(lines) == CHECKS * 15
    for row in rows:
        got = lines[row["student"]]["exercises"][row["exercise"]]
        assert float(row["points"]) == got["points"] and row["diagnoses"].split() == got["diagnoses"]
    from axe_playwright_python.sync_playwright import Axe

    address = f"file://{course / 'reports' / f'{NAME}.html'}"
    for scheme in ("light", "dark"):
        for width in (1280, 360):
            with Visit(browser, address, width=width, scheme=scheme) as visit:
                found = Axe().run(visit.page).response["violations"]
                assert not found, [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]
                assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
                assert visit.errors == [] and [r for r in visit.requests if not r.startswith("file://")] == []
                text = visit.page.locator("body").inner_text()
    assert "15 submissions" in text.replace("\n", " ") and all(student in text for student in lines)
    assert f"{EXERCISES[-1].name} took too long" in text and "not valid JSON" in text and "there twice: relu" in text
    most = max((d for line in lines.values() for e in line["exercises"].values() for d in e["diagnoses"]), key=len)
    assert most in text


def page_of(chapter: Chapter, mistake: str, made: tuple[str, ...], notes: tuple[list[str], ...] = ([],)):
    """The report, parsed, of a class that made this mistake in these functions, one a list of notes."""
    from bs4 import BeautifulSoup

    line = {
        "student": "ada",
        "score": 2,
        "max_score": 13,
        "status": "graded",
        "notes": [],
        "exercises": {
            e.name: {"points": 0, "max_points": e.max_points, "diagnoses": [mistake] * (e.name in made)} for e in chapter.exercises
        },
    }
    lines = [{**line, "student": f"ada{number or ''}", "notes": own} for number, own in enumerate(notes)]
    return BeautifulSoup(render(NAME, lines, chapter, []), "html.parser")


def test_code_in_a_mistakes_words_is_set_as_code():
    page = page_of(Chapter(ROOT, NAME), "elementwise-dLdW1", ("backward_propagation",))
    words = [row for row in page.select("ol li, tr .soft") if "The product for dLdW1 is * where @ belongs" in row.text]
    assert [[code.text for code in place.select("code")] for place in words] == [["backward_propagation", "*", "@"], ["*", "@"]]
    assert "`" not in page.text


def test_what_the_notes_of_a_tenth_of_the_class_say_is_said_once():
    """A platform that keeps no times says so of everyone: whoever does need a look is not lost among them."""
    page = page_of(
        Chapter(ROOT, NAME), "mean-forgotten", (), (["no time"],) * 20 + (["no time", "cell 3 took too long"],) + ([],) * 9
    )
    look = page.select_one("section[aria-labelledby=look]")
    assert [item.text for item in look.select("li")] == ["ada20: cell 3 took too long"] and "Of 21: no time" in look.text
    assert "no time" not in page.select_one("#oddities + ul").text


@needs_chromium
def test_no_name_however_long_makes_the_page_wider_than_the_screen(tmp_path, browser):
    """A student's folder, or a file in it, may have a name of hundreds of letters without a place to break."""
    (tmp_path / "report.html").write_text(str(page_of(Chapter(ROOT, NAME), "mean-forgotten", (), (["n" * 150],))), encoding="utf-8")
    for width in (1280, 360):
        with Visit(browser, f"file://{tmp_path / 'report.html'}", width=width) as visit:
            assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_where_to_read_is_where_the_mistake_of_this_chapter_leads():
    """A misconception has one place in the book, and most often shows in another chapter's functions."""
    chapter = Chapter(ROOT, "03-activations")
    mistake = next(m for m in chapter.mistakes("sigmoid") if m.about == "sign")
    line = {"student": "ada", "score": 0, "max_score": 1, "status": "graded", "notes": []}
    got = {e.name: {"points": 0, "max_points": 1, "diagnoses": [mistake.id] * (e.name == "sigmoid")} for e in chapter.exercises}
    (row,) = tally([{**line, "exercises": got}], chapter).rows
    assert row.read == mistake.read != row.about.read


def test_a_mistake_is_told_in_the_words_of_the_function_it_was_made_in():
    """One id stands for several functions: W1-transposed says one thing of the forward pass, another of the backward pass."""
    chapter = Chapter(ROOT, NAME)
    made = ("forward_propagation", "backward_propagation")
    page = page_of(chapter, "W1-transposed", made)
    rows = [row for row in page.select("table tr") if row.b and row.b.text == "W1-transposed"]
    names = [e.name for e in chapter.exercises]
    for exercise in made:
        says = next(m.says for m in chapter.mistakes(exercise) if m.id == "W1-transposed")
        counts = [[cell.text.strip() for cell in row.select("td")] for row in rows if says in row.text]
        assert counts == [["1" if name == exercise else "" for name in names]]


def test_each_name_leads_to_its_feedback_where_there_is_one(course):
    from urllib.parse import unquote, urlsplit

    from bs4 import BeautifulSoup

    odd = "odd id: ünï%41?#' ; [*]"
    for student in (odd, "ada"):
        shutil.copytree(
            course / "solutions" / NAME, course / "submitted" / student / NAME, ignore=shutil.ignore_patterns("*.py", "__pycache__")
        )
    lines = grade(course)
    for student in ("bob", "cem"):  # a name without a page is a name
        lines[student] = {**lines["ada"], "student": student, "notes": ["missing"]}
    lines[odd]["notes"] = ["there twice: relu"]
    written = write(course, NAME, [Graded(**line) for line in lines.values()])
    page = BeautifulSoup(written.read_text(encoding="utf-8"), "html.parser")
    links = [(a.text, a["href"]) for a in page.select("a") if a["href"].startswith("..")]
    assert {text for text, _ in links} == {odd, "ada"}
    assert [text for text, _ in links].count(odd) == 3, "who needs a look, oddities, everyone"
    for student, href in links:
        assert urlsplit(href).path == href
        assert (written.parent / unquote(href)).resolve() == course / "feedback" / student / NAME / f"{NAME}.html"
        assert (written.parent / unquote(href)).is_file()
    assert "bob" in page.text and "cem" in page.text


def test_who_lost_most_is_named_first():
    from bs4 import BeautifulSoup

    chapter = Chapter(ROOT, NAME)
    nothing = {e.name: {"points": 0, "max_points": e.max_points, "diagnoses": []} for e in chapter.exercises}
    lines = [
        {"student": student, "score": score, "max_score": 13, "status": status, "notes": [note], "exercises": nothing}
        for student, score, status, note in (
            ("ada", 13, "graded", "there twice: relu"),
            ("bob", 3, "graded", "cell 2 ended"),
            ("cem", 0, "unreadable", "not valid JSON"),
        )
    ]
    page = BeautifulSoup(render(NAME, lines, chapter, []), "html.parser")
    assert [b.text for b in page.select("section[aria-labelledby=look] li b")] == ["cem", "bob", "ada"]


def test_students_with_one_and_the_same_draw_stand_together():
    """A task that is drawn by a name is another one for each student, as long as each gives a name of their own."""
    chapter = Chapter(ROOT, "10-debugging")
    exercise = next(exercise for exercise in chapter.exercises if exercise.signed)

    def line(student, **signed):
        got = {e.name: {"points": 0, "max_points": e.max_points, "diagnoses": []} for e in chapter.exercises}
        got[exercise.name] |= signed
        return {"student": student, "score": 0, "max_score": 9, "status": "graded", "notes": [], "exercises": got}

    lines = [line("ada", signed="<i>ada"), line("ben", signed="<i>ada"), line("cleo", signed="cleo"), line("dan"), line("eve")]
    assert same_draw(lines) == [(exercise.name, "<i>ada", ["ada", "ben"])]
    assert "“&lt;i&gt;ada”: <bdi>ada</bdi>, <bdi>ben</bdi>" in render("10-debugging", lines, chapter, [])
