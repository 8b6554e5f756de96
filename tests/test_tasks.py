"""Exercises in the page: a reader's walk in Chromium, and every known mistake in the page's own Python."""

import json
import shutil
import warnings

import numpy as np
import pytest
from judging import CHAPTERS, EXERCISES
from test_book import COLOURS, assert_accessible

from backprop import notebook
from backprop.book import runtime, tasks
from backprop.checking import floats, page
from backprop.course import CourseError
from conftest import NAME, ROOT, Visit, needs_chromium, run

PAGE = f"book/{NAME}.html"
RIGHT = "def weight_gradient(delta, came_in):\n    return delta @ came_in.T / delta.shape[1]"
NO_MEAN = "def weight_gradient(delta, came_in):\n    return delta @ came_in.T"

# Checks many answers in one worker, as the page does it: an answer is a cell's source, of the function that it is for.
CHECK_ALL = """
async ([chapter, wheels, cells, answers]) => {
  const here = new URL("../_static/", location.href);
  const worker = new Worker(new URL("worker.js", here));
  const told = () => new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({data}) => data.failed ? reject(new Error(data.failed)) : (data.ready || data.answer) && resolve(data);
  });
  const ask = (message) => { const answer = told(); worker.postMessage(message); return answer; };
  const files = ["checks.py", "expected.json"].map((name) => new URL(`tasks/${chapter}/${name}`, here).href);
  const runtime = new URL("python/", here).href;
  await ask({start: {runtime, wheels: wheels.map((name) => runtime + name), files}});
  const found = [];
  for (const [name, source] of answers) {
    const mine = cells.map((cell) => cell.task === name ? {...cell, source} : cell);
    found.push((await ask({check: {name, book: "", cells: mine}})).answer);
  }
  worker.terminate();
  return found;
}
"""


def cells_of(chapter):
    """An assignment's code cells as the page hands them on, all solved."""
    solved = {**{name: chapter.sources[name] for name in chapter.sources}}
    cells = [cell for cell in chapter.notebook.cells if cell.cell_type == "code"]
    names = [cell.metadata.get("nbgrader", {}).get("solution") and cell.metadata.nbgrader.grade_id for cell in cells]
    return [{"task": name or None, "source": solved.get(name, cell.source)} for name, cell in zip(names, cells)]


@pytest.fixture(scope="module")
def checked(site, browser):
    """Checks answers of one chapter in the page's own Python."""
    pages = {}

    def check(name, answers):
        if name not in pages:
            pages[name] = browser.new_page()
            pages[name].goto(f"{site}/book/{name}.html")
        return pages[name].evaluate(CHECK_ALL, [name, list(runtime.WHEELS), cells_of(CHAPTERS[name]), answers])

    yield check
    for opened in pages.values():
        opened.close()


def own(name):
    """The functions of a chapter that no earlier one has asked for in the same form."""
    earlier = [CHAPTERS[other].sources for other in sorted(CHAPTERS) if other < name]
    return [
        e for where, e in EXERCISES if where == name and not any(s.get(e.name) == CHAPTERS[name].sources[e.name] for s in earlier)
    ]


@needs_chromium
@pytest.mark.parametrize("name", CHAPTERS)
def test_right_answers_pass_in_the_page_and_known_mistakes_are_named(name, checked):
    chapter = CHAPTERS[name]
    mistakes = [(e.name, m) for e in own(name) for m in chapter.mistakes(e.name)]
    wrong = [(function, m.apply(chapter.sources[function])) for function, m in mistakes]
    right = [(e.name, chapter.sources[e.name]) for e in chapter.exercises]
    right += [(e.name, source) for e in own(name) for source in chapter.variants(e.name).values()]
    found = checked(name, wrong + right)
    passed = [(function, m.id) for (function, m), answer in zip(mistakes, found) if answer["right"]]
    assert not passed
    unnamed = [(function, m.id, answer["text"]) for (function, m), answer in zip(mistakes, found) if m.says not in answer["text"]]
    assert len(unnamed) <= 0.02 * len(mistakes), unnamed
    refused = [(function, answer["text"]) for (function, _), answer in zip(right, found[len(wrong) :]) if not answer["right"]]
    assert not refused


def write(visit, name, code):
    visit.page.evaluate("([name, code]) => { document.querySelector(`#task-${name}`).value = code }", [name, code])


def check(visit, name):
    return visit.page.evaluate("name => document.querySelector(`#task-${name}`).check()", name)


def value(visit, name):
    return visit.page.evaluate("name => document.querySelector(`#task-${name}`).value", name)


def stub_of(name):
    return next(
        task.stub
        for task in tasks.tasks(json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text()))
        if task.name == name
    )


@needs_chromium
def test_a_reader_writes_checks_leaves_and_comes_back(site, browser, tmp_path):
    """Cold visit, wrong answer, right answer, reload, download, another browser: on a phone, asking this book's host and no other."""
    with Visit(browser, f"{site}/{PAGE}", width=360, accept_downloads=True) as visit:
        python = [address for address in visit.requests if "/python/" in address or "/tasks/" in address or "worker" in address]
        assert python == [], "who does not press loads nothing of it"
        write(visit, "weight_gradient", NO_MEAN)
        assert "Your gradient is not divided by m" in check(visit, "weight_gradient")
        answer = visit.page.locator("#task-weight_gradient .task-answer")
        assert "not divided by m" in answer.inner_text()
        link = answer.locator("a").get_attribute("href")
        assert link.startswith(f"{site}/{PAGE}#") and visit.page.locator(f"section[id='{link.partition('#')[2]}']").count() == 1
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        write(visit, "weight_gradient", RIGHT)
        assert check(visit, "weight_gradient") == "weight_gradient: 2 of 2 points. All right."
        assert "1 of 10 tasks done." in visit.page.locator("backprop-tasks").inner_text()
        visit.page.reload()
        assert value(visit, "weight_gradient") == RIGHT
        assert "1 of 10 tasks done." in visit.page.locator("backprop-tasks").inner_text()
        assert visit.page.locator("nav .task-progress").first.text_content() == " 1 ✓"
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name="Download my notebook").click()
        download.value.save_as(tmp_path / f"{NAME}.ipynb")
        assert [address for address in visit.requests if not address.startswith((site, "data:", "blob:"))] == []
        assert visit.errors == []
    mine = notebook.read(tmp_path / f"{NAME}.ipynb")
    assert (
        next(cell for cell in mine.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "weight_gradient").source == RIGHT
    )
    with Visit(browser, f"{site}/{PAGE}") as visit:  # another browser: nothing is there but what the file brings
        assert value(visit, "weight_gradient") == stub_of("weight_gradient")
        visit.page.locator("backprop-tasks input[type=file]").set_input_files(tmp_path / f"{NAME}.ipynb")
        visit.page.get_by_text(f"10 tasks were read from {NAME}.ipynb.").wait_for()
        assert value(visit, "weight_gradient") == RIGHT


@needs_chromium
def test_the_downloaded_notebook_is_graded_as_any_other(site, browser, course):
    with Visit(browser, f"{site}/{PAGE}", accept_downloads=True) as visit:
        write(visit, "weight_gradient", RIGHT)
        write(visit, "bias_gradient", "def bias_gradient(delta):\n    return delta.mean(axis=1)")
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name="Download my notebook").click()
        (course / "submitted" / "ada" / NAME).mkdir(parents=True)
        download.value.save_as(course / "submitted" / "ada" / NAME / f"{NAME}.ipynb")
    (line,) = run("backprop", "grade", NAME, "--json", cwd=course).stdout.splitlines()
    points = {name: one["points"] for name, one in json.loads(line)["exercises"].items()}
    assert points == {**dict.fromkeys(points, 0), "weight_gradient": 2}
    assert json.loads(line)["exercises"]["bias_gradient"]["diagnoses"] == ["keepdims-missing"]


@needs_chromium
def test_an_endless_loop_is_stopped_and_the_next_check_works(site, browser):
    with Visit(browser, f"{site}/{PAGE}") as visit:
        write(visit, "relu", "def relu(Z):\n    while True:\n        pass")
        asked = visit.page.evaluate_handle("() => ({ text: document.querySelector('#task-relu').check() })")
        visit.page.get_by_text("a check that takes longer than 10 seconds is stopped").wait_for()
        assert visit.page.evaluate("asked => asked.text", asked) == "Stopped after 10 seconds: does a loop end?"
        write(visit, "relu", "def relu(Z):\n    return np.maximum(Z, 0)")
        assert check(visit, "relu") == "relu: 1 of 1 points. All right."


@pytest.fixture(scope="module")
def reader(site, browser):
    """A page that is open, and whose Python is loaded."""
    with Visit(browser, f"{site}/{PAGE}") as visit:
        yield visit


@needs_chromium
def test_earlier_tasks_are_there_for_later_ones(reader):
    """What one task builds on is the reader's own, right or wrong; and what follows a prediction is measured."""
    chapter = CHAPTERS[NAME]
    for name in ("relu", "sigmoid", "weight_gradient", "bias_gradient", "back_through", "backward_propagation"):
        write(reader, name, chapter.sources[name])
    assert "forward_propagation comes first" in check(reader, "backward_propagation")
    way = reader.page.locator("#task-backward_propagation .task-answer").get_by_role("link", name="Task 3: forward_propagation")
    assert way.get_attribute("href") == "#task-forward_propagation"
    write(reader, "forward_propagation", chapter.sources["forward_propagation"])
    assert check(reader, "backward_propagation") == "backward_propagation: 10 of 10 points. All right."
    write(reader, "predict_errors", chapter.sources["predict_errors"])
    check(reader, "predict_errors")
    assert "'second_unit': 0.0" in reader.page.locator("#task-predict_errors details pre").text_content()


@needs_chromium
@pytest.mark.parametrize(
    "code, words",
    [
        ("def relu(Z)\n    return Z", "What you wrote stopped in line 1 (`def relu(Z)`): SyntaxError: expected ':'"),
        ("def rectify(Z):\n    return Z", "There is no function relu in what you wrote: it begins with the line `def relu(…):`."),
        ("%%time\ndef relu(Z):\n    return np.maximum(Z, 0)", "relu: 1 of 1 points. All right."),
        (
            "def relu(Z):\n    return np.maximum(Z, 0)\n\n1 / 0",
            "What you wrote stopped in line 4 (`1 / 0`): ZeroDivisionError: division by zero",
        ),
    ],
)
def test_what_is_no_function_is_said_in_words(reader, code, words):
    write(reader, "relu", code)
    assert words in check(reader, "relu")


@needs_chromium
@pytest.mark.parametrize("scheme, width", [("light", 360), ("dark", 1200)])
def test_a_caret_stands_where_one_taps(site, browser, scheme, width):
    """The text area and the coloured copy under it break and measure their lines alike: else a tap edits another line."""
    with Visit(browser, f"{site}/{PAGE}", scheme=scheme, width=width) as visit:
        write(visit, "relu", stub_of("relu") + "\n    " + "np.maximum(0,Z)".replace("0", "0" * 300) + "\n" * 40 + "# the end")
        found = visit.page.evaluate("""() => {
          const [copy, area] = ["pre", "textarea"].map((name) => document.querySelector(`#task-relu .task-editor ${name}`))
          const looks = ["fontFamily", "fontSize", "lineHeight", "whiteSpace", "overflowWrap", "wordBreak", "padding", "letterSpacing"]
          return {
            alike: looks.filter((name) => getComputedStyle(copy)[name] !== getComputedStyle(area)[name]),
            over: area.scrollHeight - area.clientHeight, width: copy.clientWidth - area.clientWidth,
          }
        }""")
        assert found == {"alike": [], "over": 0, "width": 0}
        end = visit.page.locator("#task-relu .task-editor pre span.c1").last
        end.scroll_into_view_if_needed()
        box = end.bounding_box()
        visit.page.mouse.click(box["x"] + 2, box["y"] + box["height"] / 2)
        area = "document.querySelector('#task-relu textarea')"
        assert visit.page.evaluate(f"{area}.value.slice({area}.selectionStart)") == "# the end"


@needs_chromium
def test_what_was_right_in_an_earlier_chapter_may_be_brought_along(site, browser):
    with Visit(browser, f"{site}/book/03-activations.html") as visit:
        write(visit, "relu", "def relu(Z):\n    return np.maximum(Z, 0)")
        check(visit, "relu")
        visit.page.goto(f"{site}/{PAGE}")
        assert value(visit, "relu") == stub_of("relu")
        visit.page.get_by_role("button", name="Bring relu along").click()
        assert value(visit, "relu") == "def relu(Z):\n    return np.maximum(Z, 0)"
        assert visit.page.get_by_role("button", name="Bring sigmoid along").count() == 0


@needs_chromium
def test_the_keyboard_alone_is_enough(site, browser):
    with Visit(browser, f"{site}/{PAGE}") as visit:
        area = visit.page.locator("#task-relu textarea")
        area.focus()
        visit.page.keyboard.press("Control+a")
        visit.page.keyboard.type("def relu(Z):\nreturn np.maximum(Z, 0)")  # the indent comes by itself
        assert value(visit, "relu") == "def relu(Z):\n    return np.maximum(Z, 0)"
        visit.page.keyboard.press("Control+[")
        assert value(visit, "relu") == "def relu(Z):\nreturn np.maximum(Z, 0)"
        visit.page.keyboard.press("Control+]")
        visit.page.keyboard.press("Control+z")
        visit.page.keyboard.press("Control+z")
        assert value(visit, "relu") == "def relu(Z):\n    return np.maximum(Z, 0)"
        visit.page.keyboard.press("Control+Enter")
        visit.page.get_by_text("relu: 1 of 1 points. All right.").wait_for()
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == "Check"
        visit.page.keyboard.press("ArrowRight")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == "Start again"
        visit.page.keyboard.press("Enter")  # the question is dismissed, and nothing is lost
        assert visit.dialogs == ["Throw away what you wrote for relu?"]
        assert value(visit, "relu") == "def relu(Z):\n    return np.maximum(Z, 0)"
        assert visit.page.url == f"{site}/{PAGE}"


@needs_chromium
@pytest.mark.parametrize("scheme, options", [("light", {}), ("dark", COLOURS)])
def test_an_answer_is_accessible(site, browser, scheme, options):
    with Visit(browser, f"{site}/{PAGE}", scheme=scheme, reduced_motion="reduce") as visit:
        write(visit, "weight_gradient", NO_MEAN + "\n\n\nprint(1)")
        check(visit, "weight_gradient")
        write(visit, "weight_gradient", NO_MEAN.replace(".T", ".T + 1"))
        check(visit, "weight_gradient")
        write(visit, "relu", "def relu(Z):\n    return np.maximum(Z, 0)")
        check(visit, "relu")
        assert_accessible(visit.page, **options)


@needs_chromium
def test_an_answer_to_what_was_changed_says_so(site, browser):
    """And what was right before is right again where a change is taken back."""
    with Visit(browser, f"{site}/{PAGE}") as visit:
        write(visit, "weight_gradient", RIGHT)
        check(visit, "weight_gradient")
        done, old = visit.page.locator("#task-weight_gradient[done]"), visit.page.locator("#task-weight_gradient .task-answer[old]")
        assert (done.count(), old.count()) == (1, 0)
        write(visit, "weight_gradient", NO_MEAN)
        assert (done.count(), old.count()) == (0, 1)
        assert "Changed since it was checked." in visit.page.locator("#task-weight_gradient").inner_text()
        write(visit, "weight_gradient", RIGHT)
        assert (done.count(), old.count()) == (1, 0)


@needs_chromium
def test_a_new_edition_is_offered_and_forces_nothing(site, browser):
    with Visit(browser, f"{site}/{PAGE}") as visit:
        old = json.dumps({"code": "def relu(Z):\n    return Z", "stub": "def relu(z):", "right": True})
        visit.page.evaluate("old => localStorage.setItem('backprop/06-backward-propagation/relu', old)", old)
        visit.page.reload()
        assert value(visit, "relu") == "def relu(Z):\n    return Z"
        assert "This task has changed" in visit.page.locator("#task-relu").inner_text()
        visit.page.get_by_role("button", name="Keep mine for relu").click()
        visit.page.reload()
        assert value(visit, "relu") == "def relu(Z):\n    return Z"
        assert "This task has changed" not in visit.page.locator("#task-relu").inner_text()
        visit.page.evaluate("window.confirm = () => true")
        visit.page.get_by_role("button", name="Start relu again").click()
        assert value(visit, "relu") == stub_of("relu")
        visit.page.keyboard.press("Control+z")  # which was a mistake
        assert value(visit, "relu") == "def relu(Z):\n    return Z"
        visit.page.get_by_role("button", name="Start relu again").click()
        visit.page.reload()
        assert value(visit, "relu") == stub_of("relu")


@needs_chromium
@pytest.mark.parametrize(
    "content, words",
    [
        ("no notebook", "mine.ipynb is not a notebook. Nothing was changed."),
        ('{"cells": 3}', "mine.ipynb is not a notebook. Nothing was changed."),
        ('{"cells": []}', "mine.ipynb holds none of this chapter's tasks. Nothing was changed."),
        (
            json.dumps({"cells": [{"cell_type": "code", "source": ["def relu(Z):\n", "    pass"]}]}),
            "1 tasks were read from mine.ipynb.",
        ),
    ],
)
def test_a_file_that_is_opened_may_be_anything(site, browser, tmp_path, content, words):
    (tmp_path / "mine.ipynb").write_text(content)
    with Visit(browser, f"{site}/{PAGE}") as visit:
        visit.page.locator("backprop-tasks input[type=file]").set_input_files(tmp_path / "mine.ipynb")
        visit.page.get_by_text(words).wait_for()


@needs_chromium
@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_file_and_without_scripts_a_task_shows_what_to_do(html, browser, scripts):
    with Visit(browser, (html / PAGE).as_uri(), java_script_enabled=scripts) as visit:
        shown = visit.page.locator("#task-relu")
        assert "def relu(Z):" in shown.inner_text() and "open its notebook in Jupyter" in shown.inner_text()
        assert (html / "book" / shown.get_by_role("link").get_attribute("href")).resolve().is_file()
        assert visit.page.locator("textarea").count() == 0


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_task_stands_in_its_page_once(html, name):
    page = (html / "book" / f"{name}.html").read_text(encoding="utf-8")
    for exercise in CHAPTERS[name].exercises:
        assert page.count(f'<backprop-task id="task-{exercise.name}"') == 1, exercise.name
    assert page.count("<backprop-tasks ") == 1


@pytest.mark.parametrize("name", CHAPTERS)
def test_tasks_stand_where_the_page_asks_for_them(name):
    """In the section that names them; and what is put there leaves every other cell as it is."""
    source = (ROOT / "book" / f"{name}.ipynb").read_text(encoding="utf-8")
    assignment = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    made = json.loads(tasks.into_page(source, assignment))["cells"]
    put = [cell["source"] for cell in made if tasks.FENCE in cell["source"]]
    assert len(put) == len(tasks.tasks(assignment)) == len(CHAPTERS[name].exercises)
    text = "\n".join("".join(cell["source"]) for cell in assignment["cells"] if cell["cell_type"] == "markdown")
    for task in tasks.tasks(assignment):
        heading = f"### Task {task.number}: `{task.name}`\n"
        assert heading in text + "\n" and "minutes)" not in task.text
        assert task.text[:40] in text.partition(heading)[2][:60]
    rest = "\n".join(
        "".join(cell["source"]) for cell in made if not "".join(cell["source"]).startswith((tasks.FENCE, tasks.BROUGHT))
    )
    assert rest == "\n".join("".join(cell["source"]) for cell in json.loads(source)["cells"])
    section = ""
    for cell in made:
        if tasks.FENCE in cell["source"]:
            function = cell["source"].split()[1]
            title, _, body = section.partition("\n")
            assert title == "## Exercises" or ("Try it" in title and f"`{function}" in body), function
        elif cell["cell_type"] == "markdown" and (headings := "\n" + "".join(cell["source"])).count("\n#"):
            section = headings[headings.rindex("\n#") :].lstrip("\n")


SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e308, -1e308, 800.0, -800.0, np.inf, -np.inf, np.nan, 1e-320])


class Quiet:
    """A function of NumPy's as where there are no floating-point flags."""

    def __init__(self, ufunc):
        self.ufunc, self.nin, self.__name__ = ufunc, ufunc.nin, ufunc.__name__

    def __call__(self, *arguments, **named):
        with np.errstate(all="ignore"):
            return self.ufunc(*arguments, **named)


@pytest.mark.parametrize("name", floats.NAMES)
@pytest.mark.parametrize("state", ["warn", "raise", "ignore"])
def test_a_watched_function_warns_as_natively(name, state):
    """Number by number and all at once: the same warnings, errors and results, whatever `numpy.errstate` says."""
    native = getattr(np, name)
    watched = floats.Watched(Quiet(native))
    numbers = [(a,) for a in SPECIAL] if native.nin == 1 else [(a, b) for a in SPECIAL for b in SPECIAL]
    if "power" in name:  # to an infinite exponent: what is said of it differs from processor to processor
        numbers = [(a, b) for a, b in numbers if np.isfinite(b)]

    def outcome(function, arguments):
        with warnings.catch_warnings(record=True) as caught, np.errstate(all=state, under="ignore"):
            warnings.simplefilter("always")
            try:
                value = function(*arguments)
            except FloatingPointError as error:
                return str(error)
        return str(value), {str(w.message) for w in caught}

    for arguments in numbers:
        ours, theirs = outcome(watched, arguments), outcome(native, arguments)
        assert ours == theirs, arguments
    with np.errstate(all="ignore"):
        assert np.array_equal(watched(*([SPECIAL] * native.nin)), native(*([SPECIAL] * native.nin)), equal_nan=True)


def test_files_that_are_not_what_they_should_be_are_refused(tmp_path):
    folder = runtime.find()
    assert folder and runtime.wrong_files(folder) == []
    for name in runtime.MANIFEST:
        shutil.copy(folder / name, tmp_path / name)
    with open(tmp_path / "pyodide.js", "r+b") as file:
        file.write(b"!")
    (tmp_path / "python_stdlib.zip").unlink()
    with pytest.raises(
        CourseError, match=r"pyodide.js is not the file whose sha256 is b4cb23a53aba…; python_stdlib.zip is missing"
    ):
        runtime.find(tmp_path)


def test_where_nothing_answers_the_book_has_links(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKPROP_CACHE", str(tmp_path))
    monkeypatch.setattr(runtime, "RELEASE", "http://127.0.0.1:9/")
    monkeypatch.setattr(runtime, "MIRROR", "no-such-package-of-this-course==0")
    said = []
    assert runtime.find(say=said.append) is None
    assert len(said) == 2 and "tasks have links to download in place of an editor" in said[1] and "--pyodide" in said[1]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changed_on_its_way_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKPROP_CACHE", str(tmp_path))
    monkeypatch.setattr(runtime, "_from_release", lambda target: [(target / name).write_bytes(b"?") for name in runtime.MANIFEST])
    monkeypatch.setattr(runtime, "_from_registry", lambda target: (target / "pyodide.js").write_bytes(b"?"))
    said = []
    assert runtime.find(say=said.append) is None and "is not the file whose sha256" in said[1]
    assert list(tmp_path.iterdir()) == []


def test_the_page_checks_as_the_notebook_does(monkeypatch):
    """`page.check` outside of a browser: each reference is right, with the words of the notebook's check."""
    monkeypatch.chdir(ROOT / "exercises" / NAME)
    monkeypatch.syspath_prepend("")
    monkeypatch.delitem(__import__("sys").modules, "checks", raising=False)
    cells = cells_of(CHAPTERS[NAME])
    for name in ("relu", "backward_propagation"):
        answer = json.loads(page.check(json.dumps({"name": name, "cells": cells, "book": ".."})))
        assert answer["right"] and answer["text"].endswith("points. All right."), answer
    monkeypatch.delitem(__import__("sys").modules, "checks")
