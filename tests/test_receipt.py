"""What comes back: nbgrader's exchange hands out the pages, and each says whose it is, which file was graded, and when."""

import hashlib
import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from test_grading import grade, hand_in_right, pytestmark  # noqa: F401
from test_regrade import answer

from backprop import notebook
from backprop.checking.receipt import checks_version
from backprop.grading import markup
from backprop.grading.feedback import page
from backprop.grading.mend import restore
from conftest import NAME, POINTS, ROOT, run


def test_the_exchange_hands_pages_out_and_back(course, tmp_path):
    """release_feedback had ended for the whole class: the files that it looks for were not beside the page."""
    exchange = f"--Exchange.root={tmp_path / 'exchange'}", f"--Exchange.cache={tmp_path / 'cache'}", "--course=backprop"
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    student = tmp_path / "student"
    student.mkdir()
    run("nbgrader", "release_assignment", NAME, *exchange, cwd=course)
    run("nbgrader", "fetch_assignment", NAME, *exchange, cwd=student)
    shutil.copy(course / "solutions" / NAME / f"{NAME}.ipynb", student / NAME)
    run("nbgrader", "submit", NAME, *exchange, cwd=student)
    run("nbgrader", "collect", NAME, *exchange, cwd=course)
    hand_in_right(course, "by-hand")  # who has handed in otherwise does not keep the others from theirs
    lines = grade(course)
    (who,) = set(lines) - {"by-hand"}
    assert lines[who]["score"] == POINTS and lines[who]["late"]["handed_in"]
    run("nbgrader", "release_feedback", NAME, *exchange, cwd=course)
    assert len(list((tmp_path / "exchange" / "backprop" / "feedback").glob("*.html"))) == 2
    run("nbgrader", "fetch_feedback", NAME, *exchange, cwd=student)
    (fetched,) = (student / NAME / "feedback").rglob("*.html")
    page = course / "feedback" / who / NAME / f"{NAME}.html"
    assert fetched.read_bytes() == page.read_bytes()
    page.unlink()
    grade(course)
    run("nbgrader", "release_feedback", NAME, *exchange, cwd=course)
    run("nbgrader", "generate_feedback", NAME, "--force", cwd=course)
    assert page.exists()
    shutil.rmtree(course / "feedback" / "by-hand")  # nbgrader's own command makes nobody's secret
    run("nbgrader", "release_feedback", NAME, *exchange, cwd=course)


def test_a_receipt_is_the_students_own_and_stays(course, tmp_path):
    hand_in_right(course, "ada")
    shutil.copytree(course / "exercises" / NAME, course / "submitted" / "ben" / NAME)
    (course / "submitted" / "cem" / NAME).mkdir(parents=True)
    (course / "submitted" / "cem" / NAME / f"{NAME}.ipynb").write_text("{")
    lines = grade(course)
    pages = {p.parts[-3]: p.read_text(encoding="utf-8") for p in (course / "feedback").rglob("*.html")}
    for student, line in lines.items():
        copy = shutil.copytree(course / "exercises" / NAME, tmp_path / student)
        shutil.copy(course / "submitted" / student / NAME / f"{NAME}.ipynb", copy)
        for name in ("checks.py", "expected.json"):  # as Windows, or a platform, may leave them
            (copy / name).write_bytes((copy / name).read_bytes().replace(b"\n", b"\r\n"))
        said = run("backprop", "check", "--receipt", copy / f"{NAME}.ipynb", cwd=tmp_path).stdout
        assert line["receipt"]["notebook"] in said and line["receipt"]["checks"] in said
        assert line["receipt"]["notebook"] == hashlib.sha256((copy / f"{NAME}.ipynb").read_bytes()).hexdigest()
        (foot,) = BeautifulSoup(pages[student], "html.parser").select("footer")
        assert {code.text for code in foot.select("code")} >= {line["receipt"]["notebook"], line["receipt"]["checks"]}
        assert foot.time["datetime"] == line["receipt"]["graded"]
    for again in ("--force", "page", "kept"):
        if again == "page":
            shutil.rmtree(course / "feedback")
        if again == "kept":  # what is known of the unreadable one is when it was found to be so
            shutil.rmtree(course / ".backprop" / "graded")
        grade(course, *(["--force"] if again == "--force" else []))
        now = {p.parts[-3]: p.read_text(encoding="utf-8") for p in (course / "feedback").rglob("*.html")}
        assert {s: now[s] for s in ("ada", "ben")} == {s: pages[s] for s in ("ada", "ben")}, again
        assert again == "kept" or now["cem"] == pages["cem"], again


def test_a_receipt_asks_for_what_came_with_the_notebook(tmp_path):
    shutil.copy(ROOT / "exercises" / NAME / f"{NAME}.ipynb", tmp_path)
    for path, says in ((f"{NAME}.ipynb", "has no checks.py"), ("other.ipynb", "cannot be read")):
        done = run("backprop", "check", "--receipt", path, cwd=tmp_path, ok=False)
        assert done.returncode == 1 and says in done.stderr and "Traceback" not in done.stderr


def test_the_version_of_the_checks_is_theirs_alone(tmp_path):
    folder = shutil.copytree(ROOT / "exercises" / NAME, tmp_path / "one")
    before = checks_version(folder)
    assert before == checks_version(ROOT / "solutions" / NAME) and re.fullmatch("[0-9a-f]{12}", before)
    (folder / f"{NAME}.ipynb").write_text("{}")
    assert checks_version(folder) == before
    with open(folder / "checks.py", "a") as file:
        file.write("#")
    assert checks_version(folder) != before


def test_a_page_is_headed_by_a_name_and_lists_functions(course):
    hand_in_right(course, "ada", "ben")
    answer(course, "ben", "relu", "### BEGIN SOLUTION", "### BEGIN SOLUTION\n    return Z")
    odd = "Ada <script>alert(1)</script>\u202e"
    run("nbgrader", "db", "student", "add", "ada", f"--first-name={odd}", "--last-name=Lovelace", cwd=course)
    config = course / "_config.yml"
    config.write_text(config.read_text().replace('baseurl: ""', 'baseurl: "https://example.org/book"'))
    run("backprop", "release", NAME, cwd=course)
    grade(course)
    ada, ben = (
        BeautifulSoup((course / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8"), "html.parser")
        for student in ("ada", "ben")
    )
    assert ada.h1.text.startswith("Ada <script>alert(1)</script>\\u202e Lovelace: ") and not ada.find("script")
    assert ben.h1.text.startswith(NAME)
    contents = [link.text for link in ada.header.select("a")]
    assert "relu" in contents and not [text for text in contents if text.startswith(("check_", "Test"))]
    assert all(ada.find(id=link["href"][1:]) for link in ada.header.select("a"))
    assert not re.search(r"Out\s*\[", ada.text) and "Test cell" not in ada.text
    assert ben.select('a[href^="https://example.org/book/"]')


def test_formulas_of_the_course_are_drawn_and_a_students_stand_as_typed():
    template = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    handed_in = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
    prose = next(c for c in handed_in.cells if c.cell_type == "markdown" and "\\frac1m" in c.source)
    others = [
        nbformat.v4.new_markdown_cell(prose.source + " mine", metadata={"released": True}),
        nbformat.v4.new_markdown_cell("$x^2$"),
    ]
    handed_in.cells += others
    whole = restore(handed_in, template).notebook
    for cell in whole.cells:
        cell.metadata.get("nbgrader", {}).update(score=0, points=1)
    found = BeautifulSoup(page(whole, {"notebook": NAME, "score": 0, "max_score": 1, "late_penalty": 0}), "html.parser")
    sections = found.select("main section")
    drawn = [section for section in sections if section.find("mfrac")]
    assert len(drawn) == 1 and [node.text for node in drawn[0].mfrac.find_all(["mn", "mi"])] == ["1", "m"]
    assert "$\\frac1m$" in sections[-2].text and sections[-1].text.strip() == "$x^2$"
    typed = [cell.text for section in sections[:-2] for cell in section.select("code") if cell.text.startswith("$")]
    assert typed == [] and "$" not in "".join(section.text for section in sections[:-2] if not section.select("pre"))


@pytest.mark.parametrize(
    "text", ["$\\foo{$", "$" + "{" * 2000 + "$", "$\\mathrm{<script>alert(1)</script>}$", "$\\href{javascript:1}{a}$"]
)
def test_a_formula_that_cannot_be_drawn_does_nothing(text):
    html = BeautifulSoup(markup.drawn(text), "html.parser")
    assert {tag.name for tag in html.find_all(True)} <= {*markup.TAGS.split(), *markup.MATHML.split()}
    assert not html.select("[href]")
