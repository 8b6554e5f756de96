"""The built book as its readers meet it: complete, on its own, and usable by everyone.

The book is built once, with warnings as errors, and read twice: as files, and in headless Chromium from a server on
this machine that compresses as a publishing host does.
"""

import gzip
import http.server
import io
import os
import re
import shutil
import threading
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from backprop import book, course, notebook

ROOT = course.find_root(Path(__file__).parent)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="Chromium is not installed")
CONTENTS = [f["file"] for part in yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"] for f in part["chapters"]]
PAGES = ["book/index", *CONTENTS]
CHAPTERS = [p for p in CONTENTS if (ROOT / f"{p}.ipynb").exists()]
MAX_WEIGHT = 1 << 20  # bytes of a page as it travels, with everything on it but MathJax, which all pages share


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The folder of the book, built from nothing."""
    return book.build(ROOT, tmp_path_factory.mktemp("book")).parent


@lru_cache(maxsize=64)
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_every_page_is_built(html):
    assert len(CHAPTERS) >= 10
    for page in PAGES:
        assert (html / f"{page}.html").is_file(), page


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


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_has_all_its_parts(page):
    """The question, a picture, the derivation, its check, what goes wrong, exercises, questions, where to read on."""
    nb = notebook.read(ROOT / f"{page}.ipynb")
    text = "\n".join(c.source for c in nb.cells if c.cell_type == "markdown")
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
    outputs = "".join(o.get("text", "") for c in nb.cells for o in c.get("outputs", []))
    assert "True" in outputs and "False\n" not in text
    assert any("image/png" in o.get("data", {}) for c in nb.cells for o in c.get("outputs", []))


def test_previous_and_next_follow_the_reading_order(html):
    order = [f"{page}.html" for page in PAGES]
    for before, page, after in zip([None, *order], order, [*order[1:], None]):
        links = {kind: a["href"] for kind in ("left-prev", "right-next")
                 for a in soup(html / page).find_all("a", class_=kind)}
        for kind, wanted in (("left-prev", before), ("right-next", after)):
            assert (html / page).parent.joinpath(links[kind]).resolve() == html / wanted if wanted else kind not in links


@pytest.mark.parametrize("name", course.assignments(ROOT))
def test_a_chapter_leads_to_its_exercise(html, name):
    links = [a["href"] for a in soup(html / "book" / f"{name}.html").find_all("a", href=True)]
    assert f"../exercises/{name}.zip" in links
    assert not any("binder" in a or "colab" in a for a in links), "no repository is configured: no button may lead there"
    import zipfile

    names = zipfile.ZipFile(html / "exercises" / f"{name}.zip").namelist()
    assert sorted(names) == sorted(f"{name}/{f}" for f in (f"{name}.ipynb", "checks.py", "expected.json"))


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves files, texts compressed, and says nothing."""

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix in (".png", ".woff", ".woff2", ".zip"):
            return super().send_head()
        data = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        for name, value in {"Content-Type": self.guess_type(str(path)), "Content-Encoding": "gzip",
                            "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        return io.BytesIO(data)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(html):
    """The book's address on this machine."""
    handler = lambda *words: Compressing(*words, directory=str(html))  # noqa: E731
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"])
        yield made
        made.close()


class Visit:
    """One page opened in a fresh context; remembers requests, errors and weight."""

    def __init__(self, browser, address, width=1280, scheme="light", **options):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        self.context.add_init_script(f"localStorage.setItem('mode', '{scheme}'); localStorage.setItem('theme', '{scheme}')")
        self.page, self.requests, self.errors, self.weight = self.context.new_page(), [], [], 0
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfinished", self._weigh)
        self.page.goto(address)
        self.page.wait_for_function("!window.MathJax || (MathJax.startup && MathJax.startup.promise)")
        self.page.evaluate("window.MathJax ? MathJax.startup.promise.then(() => true) : true")

    def _weigh(self, request):
        if "/mathjax/" not in request.url and request.url.startswith("http"):
            self.weight += request.sizes()["responseBodySize"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


@needs_chromium
@pytest.mark.parametrize("page", PAGES)
def test_in_a_browser(site, browser, page):
    """No other host, no error, every formula drawn, no sideways scrolling on a phone, light enough to load."""
    with Visit(browser, f"{site}/{page}.html", width=360) as visit:
        sources = visit.page.evaluate("[...document.querySelectorAll('.math')].length")
        drawn = visit.page.evaluate("document.querySelectorAll('mjx-container').length")
        assert drawn >= sources and visit.page.locator("mjx-merror").count() == 0
        assert "\\(" not in visit.page.locator("article").inner_text()
        overflow = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{overflow} pixels"
        visit.page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        assert [a for a in visit.requests if not a.startswith((site, "data:", "blob:"))] == []
        assert visit.errors == []
        assert visit.weight <= MAX_WEIGHT, f"{visit.weight} bytes"


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_axe_finds_nothing(site, browser, page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with Visit(browser, f"{site}/{page}.html", scheme=scheme) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        found = Axe().run(visit.page).response["violations"]
        assert not found, [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


@needs_chromium
def test_formulas_render_without_a_network(html, browser):
    """From files, with the network off: mathematics, pictures and layout are all there."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(f"file://{html / 'book' / '07-backward-propagation.html'}")
    page.wait_for_selector("mjx-container")
    page.evaluate("MathJax.startup.promise.then(() => true)")
    assert page.locator("mjx-container").count() > 50 and page.locator("mjx-merror").count() == 0
    assert page.locator("mjx-container mjx-assistive-mml math").count() > 50, "screen readers read MathML"
    assert page.evaluate("document.fonts.check('16px MJXTEX-I')")
    context.close()


@needs_chromium
def test_search_finds_every_function(site, browser):
    names = sorted({e.name for n in course.assignments(ROOT) for e in course.Chapter(ROOT, n).exercises})
    lost = []
    with Visit(browser, f"{site}/search.html") as visit:
        for name in names:
            visit.page.goto(f"{site}/search.html?q={name}")
            visit.page.wait_for_selector("#search-results p.search-summary")
            visit.page.wait_for_function("!/Searching/.test(document.querySelector('#search-results').innerText)")
            if not visit.page.locator("#search-results ul.search li").count():
                lost.append(name)
    assert not lost


@needs_chromium
def test_keyboard_reaches_the_answers(site, browser):
    """A question is answered with Tab and Enter alone, and the answer's words are then visible."""
    with Visit(browser, f"{site}/book/07-backward-propagation.html") as visit:
        summary = visit.page.locator("#check-yourself summary").first
        summary.focus()
        visit.page.keyboard.press("Enter")
        assert visit.page.locator("#check-yourself details").first.evaluate("d => d.open")


@needs_chromium
def test_print_shows_the_page_and_nothing_around_it(site, browser):
    with Visit(browser, f"{site}/book/07-backward-propagation.html") as visit:
        visit.page.emulate_media(media="print")
        for around in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".prev-next-footer", ".article-header-buttons"):
            assert not visit.page.locator(around).first.is_visible(), around
        assert visit.page.pdf()[:4] == b"%PDF"
