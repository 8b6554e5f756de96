"""Draw the README's pictures anew: a page, a diagnosis, a class report. Needs `make` to have been run, and Chromium.

python pictures/draw.py
"""

import io
import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from backprop.checking import answers
from backprop.checking.judge import judge
from backprop.checking.show import block
from backprop.course import Chapter, find_root
from backprop.grading.expected import traces

HERE = Path(__file__).parent
NAME, FUNCTION, MISTAKE = "06-backward-propagation", "backward_propagation", "tanh-derivative"
CELL = """
<main style="padding: 16px; font: 15px/1.5 system-ui, sans-serif; color: #222; width: 860px">
<pre style="background: #f6f6f6; border: 1px solid #ddd; padding: 10px; margin: 0 0 12px; font-size: 14px"
>    ...
    dLdZ1 = (W_B["W2"].T @ dLdZ2) * (1 - A**2)
    dLdW1 = dLdZ1 @ X.T / m
    ...

check(backward_propagation)</pre>
"""


def diagnosis(root):
    """What a check says of a known mistake, as a notebook shows it."""
    chapter = Chapter(root, NAME)
    exercise = next(exercise for exercise in chapter.exercises if exercise.name == FUNCTION)
    mistake = next(mistake for mistake in chapter.mistakes(FUNCTION) if mistake.id == MISTAKE)
    cases = exercise.cases()
    right = answers.call(exercise, chapter.reference[FUNCTION], cases)
    wrong = answers.call(exercise, chapter.mistaken(FUNCTION, mistake), cases)
    return block(judge(exercise, cases, right, wrong, lambda _: [(mistake, traces(chapter, exercise, mistake, cases, right))]))


def save(screenshot, name):
    """Keep a screenshot in few colours: letters on paper need no more."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    picture.save(HERE / f"{name}.png", optimize=True)
    print(f"{name}.png: {np.array(picture.size)}, {(HERE / f'{name}.png').stat().st_size >> 10} kB")


def main():
    root = find_root(HERE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 760})
        page.goto((root / "_build" / "html" / "book" / f"{NAME}.html").as_uri())
        slider = page.locator(".backprop-player input").last
        slider.fill(slider.get_attribute("max"))
        slider.blur()
        page.locator("#watch-it").evaluate("section => section.scrollIntoView()")
        save(page.screenshot(), "page")
        page.set_content(f"{CELL}{diagnosis(root)}</main>")
        save(page.locator("main").screenshot(), "diagnosis")
        page.goto((root / "reports" / f"{NAME}.html").as_uri())
        save(page.screenshot(clip={"x": 0, "y": 0, "width": 1180, "height": 900}, full_page=True), "report")
        browser.close()


if __name__ == "__main__":
    main()
