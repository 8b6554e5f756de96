"""The built book as its readers meet it: complete, on its own, and usable by everyone.

The book is built once, with warnings as errors, and read twice: as files, and in headless Chromium from a server on
this machine that compresses as a publishing host does.
"""

import re
import shutil
import subprocess
import sys
import zipfile
from functools import lru_cache
from types import SimpleNamespace
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes

from backprop import course, notebook
from backprop.book import pages
from conftest import ROOT, Visit, needs_chromium

CONTENTS = [f["file"] for part in yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"] for f in part["chapters"]]
PAGES = ["book/index", *CONTENTS]
CHAPTERS = [p for p in CONTENTS if (ROOT / f"{p}.ipynb").exists()]
MAX_WEIGHT = 1 << 20  # bytes of a page as it travels, with everything on it but MathJax's fonts, which all pages share


@lru_cache(maxsize=64)
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_every_page_is_built(html):
    assert len(CHAPTERS) >= 10
    for page in PAGES:
        assert (html / f"{page}.html").is_file(), page


@needs_chromium
@pytest.mark.parametrize("old, new", pages.MOVED.items())
def test_an_old_address_leads_to_the_new_one(site, browser, old, new):
    """With the place on the page that was asked for."""
    with Visit(browser, f"{site}/book/{old}.html#read-on") as visit:
        visit.page.wait_for_url(f"{site}/book/{new}.html#read-on")
        assert visit.errors == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_loads_anything_from_another_host(html, page):
    for tag in soup(html / f"{page}.html").find_all(["script", "img", "link", "iframe", "source", "video", "object", "embed"]):
        address = tag.get("src") or tag.get("href") or tag.get("data") or ""
        assert not urlsplit(address).netloc, str(tag)[:200]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_anchor_resolves(html, page):
    here = html / f"{page}.html"
    for tag in soup(here).find_all("a", href=True):
        address, anchor = urldefrag(tag["href"])
        if urlsplit(address).scheme or tag["href"] in ("#", "#!"):
            continue
        target = (here.parent / unquote(address)).resolve() if address else here
        assert target.is_file(), f"{tag['href']} in {page}"
        if anchor and target.suffix == ".html":
            assert soup(target).find(id=unquote(anchor)), f"{tag['href']} in {page}"


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_says_what_it_shows(html, page):
    for image in soup(html / f"{page}.html").find_all("img"):
        alt = image.get("alt", "")
        assert len(alt) > 20 and not re.search(r"\.(png|svg)$|^_images", alt), str(image)[:200]
        assert image.get("loading") == "lazy" or image.get("src", "").startswith("data:"), str(image)[:200]
    for drawing in soup(html / f"{page}.html").find_all("svg", role="img"):
        assert len(drawing.get("aria-label", "")) > 20, str(drawing)[:200]


def words_of(page):
    """The Markdown of a chapter, and what its cells put out."""
    nb = notebook.read(ROOT / f"{page}.ipynb")
    return "\n".join(c.source for c in nb.cells if c.cell_type == "markdown"), [o for c in nb.cells for o in c.get("outputs", [])]


SECOND = [page for page in CHAPTERS if "## When it goes wrong" in words_of(page)[0]]


@pytest.mark.parametrize("page", SECOND)
def test_a_chapter_of_the_second_edition_has_all_its_parts(page):
    """A task within the first 900 words, sentences that read a formula aloud, one table of slips, problems, questions."""
    text, outputs = words_of(page)
    titles = re.findall(r"^##+ (.+)$", text, re.M)
    wanted = ["In practice", "When it goes wrong", "On paper", "Check yourself", "Read on"]
    assert [t for t in titles if t in wanted] == wanted
    assert len(text.split("### Try it")[0].split()) <= 900
    assert "(notation.md)" in text and "{cite}`" in text and text.count("*Read it:*") >= 2 and "Not quite" not in text
    assert "| slip | what you see | why |" in text and text.split("## On paper")[1].count("<summary>Solution</summary>") >= 2
    questions = re.split(r"^### ", text.split("## Check yourself")[1].split("\n## ")[0], flags=re.M)[1:]
    assert len(questions) >= 3
    for question in questions:
        answers = re.findall(r"<details><summary>.+?</summary>\s+(.+?)\s*</details>", question, re.S)
        assert len(answers) >= 3 and sum(a.startswith("Right.") for a in answers) == 1, question
    assert any("backprop-drawing" in "".join(o.get("data", {}).get("text/html", "")) for o in outputs)


@pytest.mark.parametrize("page", [page for page in CHAPTERS if page not in SECOND])
def test_a_chapter_has_all_its_parts(page):
    """The question, a picture, the derivation, its check, what goes wrong, exercises, questions, where to read on."""
    text, made = words_of(page)
    titles = re.findall(r"^## (.+)$", text, re.M)
    wanted = ["The picture", "The derivation", "The numerical check", "What goes wrong", "Exercises", "Check yourself", "Read on"]
    assert [t for t in titles if t in wanted] == wanted
    assert "(notation.md)" in text and re.search(r"\*\*Put in order\.?\*\*", text) and "{cite}`" in text
    assert re.search(r"\*\*A worked example\.?\*\*", text) and re.search(r"\*\*Fill in the blank\.?\*\*", text)
    questions = re.split(r"^### ", text.split("## Check yourself")[1].split("## Read on")[0], flags=re.M)[1:]
    assert len(questions) >= 3
    for question in questions:
        answers = re.findall(r"<details><summary>.+?</summary>\s+(.+?)\s*</details>", question, re.S)
        assert len(answers) >= 3 and sum(a.startswith("Right.") for a in answers) == 1
        assert all(a.startswith(("Right.", "Not quite.")) and len(a) > 30 for a in answers), question
    outputs = "".join("".join(o.get("text", "")) for o in made)
    assert "True" in outputs and "False\n" not in text
    assert any("image/png" in o.get("data", {}) for o in made)


@pytest.mark.parametrize(
    "repository, wanted",
    [
        ("", None),
        ("https://git.example/someone/course", None),
        (
            "https://github.com/someone/course/",
            "https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/exercises/06-backward-propagation/06-backward-propagation.ipynb",
        ),
    ],
)
def test_a_chapter_leads_to_binder_where_a_repository_is_configured(repository, wanted):
    """Absent, not broken, where there is none or Binder does not know its host."""
    app = SimpleNamespace(
        srcdir=ROOT,
        builder=SimpleNamespace(format="html"),
        config=SimpleNamespace(html_theme_options={"repository_url": repository}),
    )
    document = nodes.container("", nodes.section("", nodes.title(text="Exercises")))
    pages.lead_to_exercise(app, document, "book/06-backward-propagation")
    links = [link["refuri"] for link in document.findall(nodes.reference)]
    assert links == ["../exercises/06-backward-propagation.zip", *([wanted] if wanted else [])]


def test_previous_and_next_follow_the_reading_order(html):
    order = [f"{page}.html" for page in PAGES]
    for before, page, after in zip([None, *order], order, [*order[1:], None]):
        links = {kind: a["href"] for kind in ("left-prev", "right-next") for a in soup(html / page).find_all("a", class_=kind)}
        for kind, wanted in (("left-prev", before), ("right-next", after)):
            assert (html / page).parent.joinpath(links[kind]).resolve() == html / wanted if wanted else kind not in links


@pytest.mark.parametrize("name", course.assignments(ROOT))
def test_a_chapter_leads_to_its_exercise(html, name):
    links = [a["href"] for a in soup(html / "book" / f"{name}.html").find_all("a", href=True)]
    assert f"../exercises/{name}.zip" in links
    assert not any("binder" in a or "colab" in a for a in links), "no repository is configured: no button may lead there"
    names = zipfile.ZipFile(html / "exercises" / f"{name}.zip").namelist()
    assert {f"{name}/{f}" for f in (f"{name}.ipynb", "checks.py", "expected.json", "README.txt", "requirements.txt")} < set(names)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_the_front_page_and_names_chapters_by_number(html, page):
    """From its head, and from the top of its side bar."""
    here = soup(html / f"{page}.html")
    for way in (".bd-header-article a.navbar-brand", "nav .bd-sidenav__home-link a"):
        (link,) = here.select(way)
        assert link["href"] == "#" if page == "book/index" else (html / page).parent / link["href"] == html / "book" / "index.html"
        assert link.get_text(strip=True) == "Backpropagation"
    listed = [link.get_text(strip=True) for link in here.select(".bd-sidebar-primary nav a")]
    assert [text for text in listed if text[0].isdigit()] == [words_of(one)[0].split("\n")[0][2:] for one in CHAPTERS]
    if page in CHAPTERS:
        assert here.h1.get_text().startswith(f"{int(page.removeprefix('book/')[:2])}. ")


# Of the words in code that look alike, on ground that looks alike, three stand for all: a page has thousands of them. One
# letter, or signs alone, axe does not judge, so they stand for no others. What is drawn of a formula is hidden from screen readers
# and holds no text, only signs that the style sheet puts there: three stand for all, and what is read aloud of each stays.
FEW_OF_EACH = """() => {
  const seen = {}, clear = element => getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)"
  const alike = [...document.querySelectorAll(".highlight pre span:not(:has(*))")].filter(word => {
    const { color, fontSize, fontWeight, opacity } = getComputedStyle(word)
    let ground = word
    while (clear(ground) && ground.parentElement) ground = ground.parentElement
    const letters = /\\w\\w/.test(word.textContent)
    const look = [color, fontSize, fontWeight, opacity, getComputedStyle(ground).backgroundColor, letters]
    return (seen[look] = (seen[look] ?? 0) + 1) > 3
  })
  alike.forEach(word => word.replaceWith(word.textContent))
  const drawn = [...document.querySelectorAll("mjx-math[aria-hidden=true]")].filter(drawing => !drawing.textContent.trim())
  drawn.slice(3).forEach(drawing => drawing.replaceChildren())
}"""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def assert_accessible(page, **options):
    """Nothing that axe finds, with every answer and every hidden cell open."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    page.evaluate(FEW_OF_EACH)
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    assert not found, [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


@needs_chromium
@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_in_a_browser(site, browser, page):
    """No other host, no error, every formula drawn, no sideways scrolling on a phone, light enough to load, usable by everyone.

    In dark, where the same page has other colours, axe is asked about colours alone.
    """
    with Visit(browser, f"{site}/{page}.html", width=360, reduced_motion="reduce") as visit:
        sources = visit.page.evaluate("[...document.querySelectorAll('.math')].length")
        drawn = visit.page.evaluate("document.querySelectorAll('mjx-container').length")
        assert drawn == sources and visit.page.locator("mjx-merror").count() == 0
        assert "\\(" not in visit.page.locator("main").inner_text()
        overflow = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{overflow} pixels"
        assert visit.page.locator(".bd-header-article a.navbar-brand").is_visible()  # where the side bar is folded away
        visit.page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
        visit.page.wait_for_function("[...document.images].every(image => image.complete)")
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        assert [a for a in visit.requests if not a.startswith((site, "data:", "blob:"))] == []
        assert visit.errors == []
        assert visit.weight <= MAX_WEIGHT, f"{visit.weight} bytes"
        visit.page.set_viewport_size({"width": 1280, "height": 900})
        assert visit.page.evaluate("document.documentElement.dataset.theme") == "light"
        assert_accessible(visit.page)
        visit.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        visit.page.reload()
        assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert_accessible(visit.page, **COLOURS)


@needs_chromium
def test_formulas_need_neither_network_nor_scripts(html, browser):
    """From files, with network and scripts off: mathematics is there, in its own letters and for screen readers."""
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{html / 'book' / '06-backward-propagation.html'}")
    assert page.locator("mjx-container mjx-assistive-mml math").count() == page.locator("mjx-container").count() > 50
    letter = page.locator("mjx-c.TEX-I").first  # has a width only by the style sheet, and a font of MathJax's
    assert letter.bounding_box()["width"] > 5
    context.close()
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(f"file://{html / 'book' / '06-backward-propagation.html'}")
    assert "MJXTEX-I" in page.evaluate("getComputedStyle(document.querySelector('mjx-c.TEX-I'), '::before').fontFamily")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px MJXTEX-I'))")
    context.close()


def sphinx(folder, formula):
    """Build one page with one formula, warnings as errors; what Sphinx says and the page."""
    (folder / "conf.py").write_text('extensions = ["backprop.book.formulas"]\nhtml_math_renderer = "drawn"\n')
    (folder / "index.rst").write_text(f"Title\n=====\n\n.. math::\n   :label: one\n\n   {formula}\n\nSee :eq:`one`, :math:`x`.\n")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", str(folder), str(folder / "out")], capture_output=True, text=True
    )
    page = folder / "out" / "index.html"
    return done, page.read_text(encoding="utf-8") if page.exists() else ""


def test_a_formula_is_drawn_with_its_number_and_its_styles(tmp_path):
    done, page = sphinx(tmp_path, r"a &= \frac{b}{c} \\ &= d")
    assert done.returncode == 0, done.stderr
    found = BeautifulSoup(page, "html.parser")
    assert "(1)" in found.find(class_="eqno").text and found.find("a", href="#equation-one")
    assert [m.get("display") == "true" for m in found.find_all("mjx-container")] == [True, False]
    assert found.find("mfrac") and len(found.find_all("mtr")) == 2
    used = {c["class"][0] for c in found.find_all("mjx-c")}
    assert used and all(f".{name}" in page.partition("</style>")[0] for name in used)
    fonts = re.findall(r'url\("([^"]+)"\)', page)
    assert fonts and all((tmp_path / "out" / font).is_file() for font in fonts)


@pytest.mark.parametrize("formula, says", [(r"\frac{a", "Missing close brace"), (r"\nosuchcommand x", "nosuchcommand")])
def test_a_formula_that_cannot_be_drawn_fails_the_build(tmp_path, formula, says):
    done, _ = sphinx(tmp_path, formula)
    assert done.returncode != 0 and says in done.stderr and "index.rst:4" in done.stderr and "Traceback" not in done.stderr


def test_a_new_style_sheet_reaches_pages_that_did_not_change(tmp_path):
    shutil.copytree(ROOT / "book" / "_static", tmp_path / "book" / "_static")
    before = pages.made_from(tmp_path)
    assert pages.made_from(tmp_path) == before
    with open(tmp_path / "book" / "_static" / "course.css", "a") as css:
        css.write("p { color: red }")
    assert pages.made_from(tmp_path) != before


@needs_chromium
def test_search_finds_every_function(site, browser):
    names = sorted({e.name for n in course.assignments(ROOT) for e in course.Chapter(ROOT, n).exercises})
    lost = []
    with Visit(browser, f"{site}/search.html?q=no_such_function") as visit:
        for name in ["no_such_function", *names]:
            if name in names:
                if name != names[0]:  # that a page's own words stand below its title has been seen
                    visit.page.evaluate("DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false")
                visit.page.evaluate("document.querySelector('#search-results').replaceChildren()")
                visit.page.evaluate("name => Search.performSearch(name)", name)
            visit.page.wait_for_selector("#search-results p.search-summary")
            visit.page.wait_for_function("!/Searching/.test(document.querySelector('#search-results').innerText)")
            if not visit.page.locator("#search-results ul.search li").count():
                lost.append(name)
            if name == names[0]:
                visit.page.wait_for_selector("#search-results ul.search li p.context")
    assert lost == ["no_such_function"]


@needs_chromium
def test_keyboard_reaches_the_answers(site, browser):
    """A question is answered with Tab and Enter alone, and the answer's words are then visible."""
    with Visit(browser, f"{site}/book/06-backward-propagation.html") as visit:
        summary = visit.page.locator("#check-yourself summary").first
        summary.focus()
        visit.page.keyboard.press("Enter")
        assert visit.page.locator("#check-yourself details").first.evaluate("d => d.open")


@needs_chromium
def test_print_shows_the_page_and_nothing_around_it(site, browser):
    with Visit(browser, f"{site}/book/06-backward-propagation.html") as visit:
        visit.page.emulate_media(media="print")
        for around in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".prev-next-footer", ".article-header-buttons"):
            assert not visit.page.locator(around).first.is_visible(), around
        assert visit.page.locator("details.hide").count() and not visit.page.locator("details.hide").first.is_visible()
        assert visit.page.pdf()[:4] == b"%PDF"
