"""The player of moving pictures: one picture with all frames, words for those who do not see it, and no surprises."""

import base64
import io
import re

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from backprop.book import picture, play
from conftest import needs_chromium

WORDS = ["loss 0.9", "loss 0.5 < 0.9", "loss 0.1 </script>"]


def frames(n=3):
    figure, ax = plt.subplots(figsize=(4, 2))
    for k in range(n):
        ax.clear()
        ax.plot([0, 1], [0, k])
        yield figure


@pytest.fixture(scope="module")
def player():
    return play.show(frames(), 'A line that "turns" <up>', WORDS)


@pytest.fixture(scope="module")
def soup(player):
    return BeautifulSoup(player._repr_html_(), "html.parser")


def test_the_picture_holds_every_frame_in_few_colours(player, soup):
    data = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", player._repr_html_())[1]
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    width, height = player.size
    assert picture.size == (3 * width, height) and picture.mode == "P" and len(picture.getcolors()) <= play.COLOURS
    parts = [picture.crop((k * width, 0, (k + 1) * width, height)).tobytes() for k in range(3)]
    assert len(set(parts)) == 3
    assert soup.svg["viewbox"] == f"0 0 {width} {height}", "only the first frame shows without JavaScript"


def test_words_are_escaped(player, soup):
    assert soup.svg["role"] == "img" and soup.svg["aria-label"] == 'A line that "turns" <up>'
    assert soup.p.text == WORDS[0] and soup.p["aria-live"] == "off"
    assert player._repr_html_().count("</script>") == 1, "a caption does not end the script"


def test_controls_have_names_and_wait_for_javascript(soup):
    assert soup.button["type"] == "button" and soup.button.text == "Play"
    slider = soup.label.input
    assert soup.label.text.strip() == "Frame" and (slider["type"], slider["min"], slider["max"]) == ("range", "0", "2")
    assert soup.select_one(".controls").has_attr("hidden")


def test_nothing_is_fetched_and_nothing_has_an_id(player, soup):
    assert not re.search(r"https?:|url\(|@import", player._repr_html_())
    assert not soup.find(id=True), "two players on a page do not meet"


def test_its_name_is_the_same_in_every_run(player):
    assert repr(player) == "<Player: 3 frames>"


def test_figures_are_not_left_open(player):
    assert not plt.get_fignums()


def test_what_does_not_fit_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="at least one"):
        play.show([], "none")
    with pytest.raises(ValueError, match="2 frames have 3 captions"):
        play.show(frames(2), "a line", WORDS)
    with pytest.raises(ValueError, match="one size"):
        play.show([plt.figure(figsize=(4, 2)), plt.figure(figsize=(4, 3))], "two sizes")
    monkeypatch.setattr(play, "MAX_SPRITE", 100)
    with pytest.raises(ValueError, match="draw fewer"):
        play.show(frames(), "a line")


@needs_chromium
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_two_players_in_a_browser(browser, motion, monkeypatch):
    """Each answers to its own button and slider; nothing moves by itself, or at all where motion is not wanted."""
    monkeypatch.setattr(play, "ACROSS", 2)  # the third frame stands in a second row
    player = play.show(frames(), "a line", WORDS, pause=30)
    context = browser.new_context(viewport={"width": 360, "height": 700}, reduced_motion=motion)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content(f"<!doctype html><body>{player._repr_html_()}{player._repr_html_()}")
    first, second = page.locator(".backprop-player").all()

    def shown(which):
        column, row = (round(-float(which.locator("image").get_attribute(k)) / n) for k, n in zip("xy", player.size))
        return which.locator("p").inner_text(), 2 * row + column

    page.wait_for_timeout(200)
    assert shown(first) == shown(second) == (WORDS[0], 0)
    slider = first.get_by_label("Frame")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert shown(first) == (WORDS[1], 1) and slider.get_attribute("aria-valuetext") == WORDS[1]
    page.keyboard.press("Home")
    button = first.get_by_role("button")
    assert button.inner_text() == ("Next frame" if motion == "reduce" else "Play")
    button.press("Enter")
    if motion == "reduce":
        page.wait_for_timeout(200)
        assert shown(first) == (WORDS[1], 1)
    else:
        assert button.inner_text() == "Pause"
        page.wait_for_timeout(500)
        assert shown(first) == (WORDS[2], 2) and button.inner_text() == "Play", "it stops at the end"
    assert shown(second) == (WORDS[0], 0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown(first) == (WORDS[0], 0)
    assert page.evaluate("document.documentElement.scrollWidth <= 360") and errors == []
    context.close()


def test_a_drawing_keeps_the_numbers_of_its_labels_and_rounds_those_of_its_lines():
    """A page once said 0.693 and its drawing 0.69."""
    figure, ax = plt.subplots()
    ax.plot([0, 1 / 3], [0, 1 / 7])
    ax.text(0.1, 0.1, "0.693, −4.6052")
    svg = picture.show(figure, "A line.").svg
    assert "0.693, −4.6052" in svg and not re.search(r'd="[^"]*\d\.\d{3}', svg)
