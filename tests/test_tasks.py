"""Exercises in the page: a reader's walk in Chromium, and every known mistake in the page's own Python."""

import json
import re

import pytest
from conftest import ROOT, needs_chromium
from judging import CHAPTERS, EXERCISES

from backprop import notebook
from backprop.book import tasks

pytestmark = needs_chromium

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
        from backprop.book.runtime import WHEELS

        if name not in pages:
            pages[name] = browser.new_page()
            pages[name].goto(f"{site}/book/{name}.html")
        return pages[name].evaluate(CHECK_ALL, [name, list(WHEELS), cells_of(CHAPTERS[name]), answers])

    yield check
    for page in pages.values():
        page.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_right_answers_pass_in_the_page_and_known_mistakes_are_named(name, checked):
    chapter = CHAPTERS[name]
    mistakes = [(e.name, m) for where, e in EXERCISES if where == name for m in chapter.mistakes(e.name)]
    wrong = [(function, m.apply(chapter.sources[function])) for function, m in mistakes]
    right = [(e.name, source) for e in chapter.exercises for source in (chapter.sources[e.name], *chapter.variants(e.name).values())]
    found = checked(name, wrong + right)
    passed = [(function, m.id) for (function, m), answer in zip(mistakes, found) if answer["right"]]
    assert not passed
    unnamed = [(function, m.id, answer["text"]) for (function, m), answer in zip(mistakes, found) if m.says not in answer["text"]]
    assert len(unnamed) <= 0.02 * len(mistakes), unnamed
    refused = [(function, answer["text"]) for (function, _), answer in zip(right, found[len(wrong) :]) if not answer["right"]]
    assert not refused
