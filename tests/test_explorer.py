"""The explorer computes what the reference computes, and answers to mouse, touch and keyboard."""

import numpy as np
import pytest

from backprop.course import Chapter
from conftest import NAME, ROOT, Visit, needs_chromium

pytestmark = needs_chromium
START = "document.querySelector('.explorer').explorer"


@pytest.fixture
def visit(site, browser):
    with Visit(browser, f"{site}/book/explorer.html") as made:
        made.page.wait_for_selector(".explorer svg circle")
        yield made
        assert made.errors == []


def slider(page, words):
    return page.get_by_label(words, exact=False)


def loss(page):
    return page.evaluate(f"{START}.values().L")


def test_its_numbers_are_the_references(visit):
    backward = Chapter(ROOT, NAME).reference["backward_propagation"]
    forward = Chapter(ROOT, NAME).reference["forward_propagation"]
    rng = np.random.default_rng(0)
    for scale in np.repeat([0.3, 1.0, 3.0, 30.0], 25):
        W_B = {
            "W1": scale * rng.standard_normal((2, 2)),
            "b1": rng.standard_normal((2, 1)),
            "W2": scale * rng.standard_normal((1, 2)),
            "b2": rng.standard_normal((1, 1)),
        }
        X, Y = scale * rng.standard_normal((2, 1)), rng.integers(0, 2, (1, 1)).astype(float)
        flat = {
            "X": X[:, 0].tolist(),
            "Y": Y[:, 0].tolist(),
            "W1": W_B["W1"].tolist(),
            "b1": W_B["b1"][:, 0].tolist(),
            "W2": W_B["W2"].tolist(),
            "b2": W_B["b2"][:, 0].tolist(),
        }
        shown = visit.page.evaluate(f"given => {{ {START}.set(given); return {START}.values() }}", flat)
        gradients, L = backward(X, W_B, Y)
        for name, value in {**forward(X, W_B), **gradients, "L": np.array(L)}.items():
            np.testing.assert_allclose(np.reshape(shown[name], value.shape), value, rtol=1e-12, atol=1e-12, err_msg=name)


def test_it_starts_with_the_small_network_of_the_book(visit):
    """Its two examples, and numbers that an address brings along; what does not fit there is left alone."""
    page = visit.page
    assert loss(page) == pytest.approx(1.3133, abs=1e-4)
    page.get_by_role("button", name="Second example").press("Enter")
    assert page.evaluate(f"{START}.values().dLdW1[0][1]") == pytest.approx(-2 * -0.2689, abs=1e-4)
    page.goto(page.url + "#X=-2,2&W1=1,2,3&b1=0,oh&Y=0")
    page.reload()
    page.wait_for_selector(".explorer svg circle")
    shown = page.evaluate(f"{START}.values()")
    assert (shown["X"], shown["Y"], shown["W1"], shown["b1"]) == ([-2, 2], [0], [[1, 2], [-2, -2]], [-1, 1])


def test_a_slider_moves_everything_by_keyboard(visit):
    before = visit.page.evaluate(f"{START}.values()")
    slider(visit.page, "weight of output 1 for hidden unit 1").focus()
    visit.page.keyboard.press("ArrowRight")
    after = visit.page.evaluate(f"{START}.values()")
    assert after["W2"][0][0] == pytest.approx(before["W2"][0][0] + 0.05)
    assert after["L"] != before["L"] and after["dLdW1"] != before["dLdW1"]
    assert f"{after['L']:.3f}" in visit.page.locator(".explorer .loss").text_content()


def test_a_number_in_the_picture_is_dragged(visit):
    before = visit.page.evaluate(f"{START}.values()")
    box = visit.page.locator(".explorer .grip").first.bounding_box()
    visit.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2, steps=4)
    visit.page.mouse.up()
    after = visit.page.evaluate(f"{START}.values()")
    assert after["W1"][0][0] == pytest.approx(before["W1"][0][0] + 1) and after["L"] != before["L"]
    visit.page.mouse.move(box["x"] + 200, box["y"])
    assert loss(visit.page) == after["L"], "it lets go"


def test_a_number_in_the_picture_is_dragged_by_touch(site, browser):
    with Visit(browser, f"{site}/book/explorer.html", width=360, has_touch=True, is_mobile=True) as visit:
        page = visit.page
        page.wait_for_selector(".explorer svg circle")
        grip = page.locator(".explorer .grip").first
        grip.scroll_into_view_if_needed()
        box, before = grip.bounding_box(), loss(page)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        session = visit.context.new_cdp_session(page)
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 6):
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 8 * step, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert loss(page) != before
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_backward_pass_is_walked_edge_by_edge(visit):
    """Every step says an equation whose numbers are right, lights something up, and the last one ends it."""
    page, seen = visit.page, []
    while page.get_by_role("button", name="Next step").is_enabled():
        page.get_by_role("button", name="Next step").press("Enter")
        words = page.locator(".explorer-equation").inner_text()
        assert page.locator(".explorer .lit").count() > 0, words
        seen.append(words.split(". ", 1)[1])
    values = page.evaluate(f"{START}.values()")
    flat = [values["dLdZ2"][0], *values["dLdW2"][0], values["dLdb2"][0]]
    for j in range(2):
        flat += [values["dLdA"][j], values["dLdZ1"][j], *values["dLdW1"][j], values["dLdb1"][j]]
    assert len(seen) == len(flat) == 14
    for words, value in zip(seen, flat):
        shown = words.rsplit("= ", 1)[1].replace("−", "-")
        assert float(shown) == pytest.approx(value, abs=6e-4), words
    page.get_by_role("button", name="Start again").press("Enter")
    assert page.get_by_role("button", name="Step back").is_disabled()


def test_each_unit_and_each_step_has_an_index_of_its_own(visit):
    """Both hidden units had a δ₁ in the picture, and every weight of a layer was ∂L/∂W₁ in the steps."""
    page, made = visit.page, []
    assert page.locator(".explorer .symbol").all_text_contents() == ["X₁", "X₂", "A₁, δ₁,₁", "A₂, δ₁,₂", "Ŷ, δ₂"]
    while page.get_by_role("button", name="Next step").is_enabled():
        page.get_by_role("button", name="Next step").press("Enter")
        made += page.locator(".explorer-equation").inner_text().split(" = ")[:1]
    made = [words.split(": ", 1)[1] for words in made]
    assert len(set(made)) == len(made) == 14, made
    shown = page.locator(".explorer-scroll th[scope=row]").all_text_contents()
    weights = [words.removeprefix("∂L/∂") for words in made if words.startswith("∂L/∂")]
    assert len(weights) == 9 and set(weights) <= set(shown), "they are called as in the table"


def test_a_screen_reader_gets_the_numbers(visit):
    assert "loss" in visit.page.locator(".explorer svg").get_attribute("aria-label")
    assert visit.page.locator(".explorer input[type=range]").count() == 12
    assert "derivative" in slider(visit.page, "bias of hidden unit 2").get_attribute("aria-valuetext")
    assert visit.page.locator(".explorer-equation").get_attribute("aria-live") == "polite"
