"""What the class misunderstands: the catalogue's misconceptions, a class and a term added up, and the same rare wrong spelling."""

import csv
import json
import math
import re
import time
from collections import Counter

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from backprop import __main__ as command_line
from backprop import notebook
from backprop.course import Chapter, CourseError, assignments
from backprop.grading import alike, classroom, report, term
from backprop.grading.graded import Graded
from backprop.grading.misconceptions import LIST, MISCONCEPTIONS, WHATEVER_THE_CODE
from backprop.grading.spelling import LONG, pieces
from backprop.grading.tally import MANY, PARTS, behind, sentences, tally
from conftest import NAME, ROOT, Visit, needs_chromium, run

CHAPTER = Chapter(ROOT, NAME)
CATALOGUE = CHAPTER.catalogue


def line(student, status="graded", **diagnoses):
    """A line of a class in which all is right but what has diagnoses; None leaves a function as it was handed out."""
    exercises = {}
    for exercise in CHAPTER.exercises:
        found = diagnoses.get(exercise.name, [])
        points = exercise.max_points if found == [] else 0
        exercises[exercise.name] = {"points": points, "max_points": exercise.max_points, "diagnoses": found or []}
    score = sum(got["points"] for got in exercises.values())
    full = sum(e.max_points for e in CHAPTER.exercises)
    return {"student": student, "score": score, "max_score": full, "status": status, "notes": [], "exercises": exercises}


NOTHING = dict.fromkeys(e.name for e in CHAPTER.exercises)


# The list and the catalogue


def test_every_mistake_has_a_misconception_of_the_list_and_each_is_used():
    missing = [(where, m.exercise, m.id, m.about) for where, m in CATALOGUE if m.about not in MISCONCEPTIONS]
    assert not missing
    used = Counter(m.about for _, m in CATALOGUE)
    assert set(used) == set(MISCONCEPTIONS) and len(MISCONCEPTIONS) == len(LIST) <= 24
    assert used["slip"] < 0.1 * len(CATALOGUE), "what says nothing about networks is a small part"


def test_what_goes_out_with_an_exercise_says_nothing_of_misconceptions():
    from backprop.checking import visible

    for name in assignments(ROOT):
        found = visible.loads((ROOT / "exercises" / name / "expected.json").read_text(encoding="utf-8"))
        assert not {one.name for one in LIST} & set(found["words"])
        for exercise in found["exercises"].values():
            assert all(set(mistake["about"]) <= {"says", "why", "read", "line"} for mistake in exercise["mistakes"])


@pytest.mark.parametrize("one", LIST, ids=lambda one: one.id)
def test_each_place_exists_and_each_text_is_short(one):
    page, _, section = one.read.partition("#")
    cells = notebook.read(ROOT / "book" / f"{page}.ipynb").cells
    titles = [title for cell in cells if cell.cell_type == "markdown" for title in re.findall(r"^#+ (.*)", cell.source, re.M)]
    assert section in titles
    assert 2 <= len(re.findall(r"[^.][.?](?=\s|$)", one.say)) <= 6 and len(one.say) < 450
    assert (one.believes.endswith(".") and not one.believes[0].isupper()) or one.id == "slip"
    assert one.say.count("`") % 2 == 0


def test_the_numbers_of_the_next_lecture_are_right():
    says = {one.id: one.say for one in LIST}
    assert round((2.01 * 3 - 5) ** 2, 4) == 1.0609 and "1.0609" in says["chain"]
    gap = np.float32(1.0000001) - np.float32(1)
    assert f"{gap:.2e}" == "1.19e-07" in says["precision"] and gap / 1e-7 == pytest.approx(1.2, abs=0.01)
    with np.errstate(over="ignore"):
        assert np.exp(np.float64(710)) == np.inf and np.exp(np.float64(-746)) == 0 and "exp(710)" in says["stability"]
    walk, steep = [4.0], [4.0]
    for _ in range(2):
        walk.append(walk[-1] - 0.25 * walk[-1])
        steep.append(steep[-1] - 4 * steep[-1])
    assert walk == [4, 3, 2.25] and steep == [4, -12, 36] and "4, 3, 2.25" in says["step"] and "4, −12, 36" in says["step"]
    assert round((3.1**2 - 2.9**2) / 0.2, 9) == 6 and round((3.1**2 - 9) / 0.1, 9) == 6.1 and "6.1" in says["measure"]
    for prediction in (0.9, 0.5, 0.1):
        assert f"{-math.log(prediction):.3f}" in says["loss"] and f"{(1 - prediction) ** 2:.2f}" in says["loss"]
    assert np.allclose(1e-9, -1e-9) and "1e-9" in says["check"]
    assert 3 ^ 2 == 1 and (np.ones((3, 1)) + np.ones(3)).shape == (3, 3)


def test_only_what_holds_of_every_code_is_read_off_a_plain_difference():
    assert WHATEVER_THE_CODE == {"mutated": "in-place", "global-random": "random"}
    assert set(WHATEVER_THE_CODE) <= set(report.STRUCTURAL)


# A class


def test_a_student_counts_once_and_what_follows_from_an_earlier_function_not_again():
    lines = [
        line(
            "ada",
            weight_gradient=["mean-missing"],
            bias_gradient=["mean-missing"],
            backward_propagation=["upstream"],
            input_gradient=["upstream", "W1-not-transposed"],
        ),
        line("bob", bias_gradient=["mean-missing", "keepdims-missing"]),
        line("cem", relu=["mutated"], backward_propagation=["value"]),
        line("dan", **NOTHING),
        line("eve", status="unreadable", **NOTHING),
        line("fay"),
    ]
    found = tally(lines, CHAPTER)
    assert found.handed == 5
    rows = {row.id: row.students for row in found.rows}
    assert rows == {
        "mean": {"ada": ["weight_gradient", "bias_gradient"], "bob": ["bias_gradient"]},
        "shape": {"bob": ["bias_gradient"]},
        "in-place": {"cem": ["relu"]},
    }
    assert found.rows[0].functions == [("bias_gradient", 2), ("weight_gradient", 1)] and found.share(found.rows[0]) == 0.4
    assert found.untouched.students == {"dan": list(NOTHING)}
    assert found.unknown.students == {"cem": ["backward_propagation"]}, "upstream is neither known nor unknown"


def test_points_by_hand_do_not_make_an_attempt_and_a_warning_is_no_wrong_answer():
    by_hand, warned = line("ada", relu=None), line("bob", sigmoid=["warning"])
    by_hand["exercises"]["relu"] |= {"points": 1, "automatic": 0}
    found = tally([by_hand, warned], CHAPTER)
    assert list(found.untouched.students) == ["ada"] and not found.unknown.students and not found.rows


@given(st.integers(1, 60), st.data())
def test_no_sentence_claims_more_than_the_numbers(handed, data):
    wrong = data.draw(st.integers(0, handed))
    lines = [line(str(n), **({"bias_gradient": ["mean-missing"]} if n < wrong else {})) for n in range(handed)]
    said = sentences(tally(lines, CHAPTER))
    assert bool(said) == (wrong > 1 and wrong >= MANY * handed)
    if said:
        words = re.match(r"At least (.*) of those who handed in \((\d+) of (\d+)\)", said[0])
        assert (int(words[2]), int(words[3])) == (wrong, handed)
        assert next(least for least, part in PARTS.items() if part == words[1]) <= wrong / handed


def test_the_sentences_say_what_matters():
    lines = [line(f"s{n}", bias_gradient=["mean-missing"]) for n in range(5)]
    lines += [line(f"t{n}", backward_propagation=["tanh-derivative"]) for n in range(2)]
    lines += [line(f"u{n}", **NOTHING) for n in range(3)]
    lines += [line(f"v{n}", input_gradient=None) for n in range(2)]
    assert sentences(tally(lines, CHAPTER)) == [
        "At least a third of those who handed in (5 of 12) stumble over “The mean over the examples”, in `bias_gradient`.",
        "Then comes “One function's slope for another's”: 2 of 12, in `backward_propagation`.",
        "5 of 12 left `input_gradient` as it was handed out, 3 of them all the others too.",
    ]


def test_most_often_is_said_of_what_is():
    lines = [line("ada", weight_gradient=["mean-missing"]), line("bob", bias_gradient=["mean-missing"])]
    assert sentences(tally(lines, CHAPTER))[0].endswith("“The mean over the examples”, in 2 functions.")
    lines.append(line("cem", bias_gradient=["mean-twice"]))
    assert sentences(tally(lines, CHAPTER))[0].endswith("most often in `bias_gradient`.")


@pytest.fixture
def bare(tmp_path):
    """A course with nothing in it but what reports read."""
    for name in ("solutions", "exercises", "nbgrader_config.py", "_toc.yml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "reports").mkdir()
    return tmp_path


MEAN = {"bias_gradient": ["mean-missing"]}


def test_page_and_tables_say_the_same(bare):
    lines = [line("ada", **MEAN), line("=bob()", **MEAN), line("<i>cem", **NOTHING), line("dan")]
    page = report.write(bare, NAME, [Graded(**one) for one in lines], {"ada": "Ada & Co"})
    shown = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    sections = {section.h3["id"]: section for section in shown.select("section.one")}
    assert list(sections) == ["about-mean", "about-not-attempted"]
    mean = sections["about-mean"]
    assert mean.h3.text == "The mean over the examples: 2 of 4, 50 %"
    folded = [details.summary.text for details in mean.select("details")]
    assert folded == ["For the next lecture", "Which mistakes: 1", "Who: 2"] and not mean.select("details[open]")
    assert [bdi.text for bdi in mean.select("bdi")] == ["ada", "(Ada & Co)", "=bob()"]
    assert [bdi.text for bdi in sections["about-not-attempted"].select("bdi")] == ["<i>cem"]
    assert "At least half of those who handed in (2 of 4)" in shown.select_one("header").text
    text = (bare / "reports" / f"{NAME}-misconceptions.csv").read_text(encoding="utf-8")
    rows = {row["misconception"]: row for row in csv.DictReader(text.splitlines())}
    assert set(rows) == {"mean", "not-attempted"}
    assert (rows["mean"]["students"], rows["mean"]["handed_in"], rows["mean"]["share"]) == ("2", "4", "0.5")
    assert rows["mean"]["who"] == "ada;' =bob()" and rows["mean"]["say"] == MISCONCEPTIONS["mean"].say
    rows = list(csv.DictReader((bare / "reports" / f"{NAME}.csv").read_text(encoding="utf-8").splitlines()))
    assert Counter(row["misconceptions"] for row in rows) == {"": len(rows) - 2, "mean": 2}


def test_a_report_from_before_is_written_anew_with_its_new_table(bare):
    lines = [Graded(**line("ada", **MEAN))]
    report.write(bare, NAME, lines)
    table = bare / "reports" / f"{NAME}-misconceptions.csv"
    table.unlink()
    report.write(bare, NAME, lines)
    assert table.exists()


def test_the_summary_names_the_function_and_adds_up(bare, capsys):
    (bare / "submitted").mkdir()
    lines = [
        line("ada", **MEAN, backward_propagation=["upstream"], input_gradient=["upstream"]),
        line("bob", **MEAN, relu=["in-place"]),
    ]
    command_line._summary(bare, NAME, [Graded(**one) for one in lines], "page.html", {})
    printed = capsys.readouterr().out
    assert "relu: in-place; bias_gradient:" in printed and printed.count("upstream:") == 1
    assert re.search(r"The mean over the examples\W+2\W+100 %\W+bias_gradient 2", printed), printed
    assert (
        "At least nine tenths of those who handed in (2 of 2) stumble over “The mean over the examples”, in bias_gradient."
        in printed
    )


# A term


def keep(root, name, shares, handed=20):
    """Keep a grading of an assignment in which so many of those who handed in made a mistake."""
    chapter = Chapter(root, name)
    lines = []
    for number in range(handed):
        made = {exercise: mistake for (exercise, mistake), many in shares.items() if number < many}
        exercises = {
            e.name: {"points": e.name not in made, "max_points": 1, "diagnoses": [made[e.name]] if e.name in made else []}
            for e in chapter.exercises
        }
        lines.append({"student": f"s{number}", "score": 0, "max_score": 1, "status": "graded", "notes": [], "exercises": exercises})
    lines.append({**lines[0], "student": "lost", "status": "missing"})
    (root / "reports" / f"{name}.json").write_text(json.dumps(lines), encoding="utf-8")


def test_a_term_says_whether_it_goes_away_without_running_anything(bare, monkeypatch):
    keep(bare, "05-forward-propagation", {("forward_propagation", "product-reversed-1"): 4})
    keep(bare, NAME, {("bias_gradient", "mean-missing"): 8, ("backward_propagation", "W2-from-Z1"): 5})
    keep(bare, "11-deep-networks", {("layer_backward", "mean-again"): 1})
    monkeypatch.setattr("backprop.grading.pool.guarded", None)
    page = term.write(bare)
    rows = {row["misconception"]: row for row in csv.DictReader(page.with_suffix(".csv").read_text(encoding="utf-8").splitlines())}
    assert list(rows["mean"].values())[2:] == ["cannot show", "0.4", "0.05", "40 % → 5 %: fades"]
    assert rows["product"]["goes"] == "20 % → 0 %: gone" and rows["value"]["goes"] == "0 % → 0 %: came and went"
    assert rows["not-attempted"][NAME] == "0.0"
    shown = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    cells = {row.th.text: [cell.text for cell in row.select("td")] for row in shown.select("tbody tr")}
    assert cells["The mean over the examples"] == ["cannot show", "40 %8 of 20", "5 %1 of 20", "40 % → 5 %: fades"]
    links = [a["href"] for a in shown.select("thead a")]
    assert links == ["05-forward-propagation.html", f"{NAME}.html", "11-deep-networks.html"]
    assert not shown.select("script") and "Content-Security-Policy" in page.read_text(encoding="utf-8")


def test_cannot_show_means_that_no_mistake_of_the_catalogue_has_it():
    for name, about, can in (("05-forward-propagation", "mean", False), (NAME, "mean", True), ("02-delta-rule", "check", False)):
        assert (about in set(behind(Chapter(ROOT, name)).values())) == can, name


@pytest.mark.parametrize(
    "shares, says",
    [
        ([(8, 20), (1, 20)], "40 % → 5 %: fades"),
        ([(8, 20), (0, 20)], "40 % → 0 %: gone"),
        ([(8, 20), (6, 20)], "40 % → 30 %: less"),
        ([(8, 20), (7, 20)], "40 % → 35 %: about the same"),
        ([(1, 20), (8, 20)], "5 % → 40 %: more"),
        ([(4, 9), (0, 9)], "44 % → 0 %"),
        ([(8, 20), None], ""),
        ([(1, 400), (0, 400)], "< 1 % → 0 %: about the same"),
        ([(3, 0), (3, 30)], ""),
    ],
)
def test_a_trend_in_words_needs_a_class_and_a_difference(shares, says):
    made = [term.Share(0, 20, False) if share is None else term.Share(*share) for share in shares]
    assert term.Line("mean", "", None, made).goes == says


def test_a_term_without_a_grading_or_with_a_spoilt_one_says_so(bare):
    with pytest.raises(CourseError, match="No assignment has been graded yet"):
        term.write(bare)
    (bare / "reports" / f"{NAME}.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match="is not as grading wrote it"):
        term.write(bare)
    done = run("backprop", "report", cwd=bare, ok=False)
    assert done.returncode == 1 and "Error: " in done.stderr and "Traceback" not in done.stderr


def test_the_command_writes_the_term_without_a_name(bare):
    keep(bare, NAME, {("bias_gradient", "mean-missing"): 8})
    assert run("backprop", "report", cwd=bare).stdout.strip() == f"Term: {bare / 'reports' / 'term.html'}"
    assert "whole term" in run("backprop", "report", "--help", cwd=bare).stdout


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_report_and_term_work_on_a_phone_in_the_dark_and_by_keyboard(bare, browser, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    for name in assignments(ROOT):
        keep(bare, name, {})
    lines = [line(f"student-{n:04}", **MEAN, backward_propagation=["tanh-derivative"], relu=["in-place"]) for n in range(30)]
    page = report.write(bare, NAME, [Graded(**one) for one in lines])
    for address in (page, term.write(bare)):
        with Visit(browser, f"file://{address}", width=width, scheme=scheme) as visit:
            for summary in visit.page.locator("summary").all():
                summary.focus()
                visit.page.keyboard.press("Enter")
                assert summary.evaluate("e => e.parentElement.open && getComputedStyle(e).outlineStyle") == "solid"
            found = Axe().run(visit.page).response["violations"]
            assert not found, [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]
            assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            assert visit.errors == []


# The same wrong answer in the same rare spelling

ODD = """def back_through(W, delta, Z):
    # what comes back
    swapped = np.moveaxis(W, 1, 0)
    total = np.tensordot(swapped, delta, axes=(-1, -2)) / (2 + np.sign(Z) ** 4)
    return total - np.minimum(0.5 * total, Z)
"""
RENAMED = """def back_through(W, delta, Z):
    \"\"\"My own.\"\"\"
    turned   = np.moveaxis( W, 1, 0 )   # turn it
    out = np.tensordot(turned,
                       delta, axes=(-1, -2)) / (2 + np.sign(Z)**4)

    return out - np.minimum(.5*out, Z) if False else out - np.minimum(0.5 * out, Z)
"""
RENAMED = RENAMED.replace(" if False else out - np.minimum(0.5 * out, Z)", "").replace(".5*out", "0.5*out")
TEMPLATE = notebook.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb")


def hand_in(root, answers):
    """Write a class: by student the code of `back_through`. The lines of it; all of them are wrong but the right ones."""
    right = {CHAPTER.sources["back_through"], *CHAPTER.variants("back_through").values()}
    simulated = [
        classroom.Simulated(student, classroom.fill(TEMPLATE, CHAPTER.sources | {"back_through": code}))
        for student, code in answers.items()
    ]
    classroom.write(root, NAME, simulated)
    return [line(student, back_through=[] if code in right else ["value"]) for student, code in answers.items()]


def found(root, answers):
    return [(function, students) for function, _, students in alike.groups(root, NAME, hand_in(root, answers), CHAPTER)]


def class_of(*same, size=20):
    """A class in which each of the first has one code, and the others the right answer, in the styles that there are."""
    styles = list(CHAPTER.variants("back_through").values())
    return {f"odd-{n}": code for n, code in enumerate(same)} | {f"s{n}": styles[n % len(styles)] for n in range(size - len(same))}


@pytest.mark.parametrize("many", [2, 3])
def test_the_same_unusual_wrong_code_is_one_group(bare, many):
    assert found(bare, class_of(*[ODD] * many)) == [("back_through", [f"odd-{n}" for n in range(many)])]


def test_names_comments_and_layout_make_no_other_spelling(bare):
    assert found(bare, class_of(ODD, RENAMED)) == [("back_through", ["odd-0", "odd-1"])]


def test_what_many_write_is_no_hint(bare):
    assert found(bare, class_of(*[ODD] * 8)) == []


def test_what_many_right_answers_are_written_in_is_not_rare(bare):
    lines = hand_in(bare, class_of(ODD, ODD, *[ODD.replace("0.5 * total", "0.5 * total + 0")] * 8))
    for one in lines[2:]:
        one["exercises"]["back_through"]["diagnoses"] = []
    assert alike.groups(bare, NAME, lines, CHAPTER) == []


def test_right_answers_are_left_out_however_rare(bare):
    answers = class_of(ODD, ODD)
    lines = hand_in(bare, answers)
    for one in lines:
        one["exercises"]["back_through"]["diagnoses"] = []
    assert alike.groups(bare, NAME, lines, CHAPTER) == []
    for one in lines[:2]:  # wrong by an earlier function alone
        one["exercises"]["back_through"]["diagnoses"] = ["upstream"]
    assert alike.groups(bare, NAME, lines, CHAPTER) == []


def test_two_who_are_wrong_in_two_ways_are_no_group(bare):
    lines = hand_in(bare, class_of(ODD, ODD))
    lines[0]["exercises"]["back_through"]["diagnoses"] = ["nan"]
    assert alike.groups(bare, NAME, lines, CHAPTER) == []


def test_a_slip_of_a_sign_or_two_in_a_common_line_is_no_group(bare):
    slip = CHAPTER.sources["back_through"].replace("(Z > 0)", "(Z > 3)")
    assert slip != CHAPTER.sources["back_through"]
    assert found(bare, class_of(slip, slip)) == []


def test_two_pairs_are_two_groups(bare):
    other = ODD.replace("2 + np.sign(Z) ** 4", "np.hypot(1, np.cbrt(Z)) + 3").replace(
        "np.minimum(0.5 * total, Z)", "np.ptp(Z) * total"
    )
    assert sorted(found(bare, class_of(ODD, other, ODD, other))) == [
        ("back_through", ["odd-0", "odd-2"]),
        ("back_through", ["odd-1", "odd-3"]),
    ]


def test_in_a_handful_nothing_is_rare(bare):
    assert found(bare, class_of(ODD, ODD, size=4)) == [] and found(bare, class_of(ODD, ODD, size=5)) != []


def test_a_simulated_class_whose_mistakes_are_all_known_has_no_group(bare):
    """Many have the same edit of the same reference in common: what the catalogue knows to be written says nothing of two who write it."""
    simulated = classroom.simulate(CHAPTER, TEMPLATE, 120, np.random.default_rng(5))
    for one in simulated[:6]:  # and two each with one and the same
        mistake = CHAPTER.mistakes("backward_propagation")[int(one.student[-1]) // 2]
        one.answers["backward_propagation"] = mistake.id
        one.notebook = classroom.fill(
            TEMPLATE, CHAPTER.sources | {"backward_propagation": mistake.apply(CHAPTER.sources["backward_propagation"])}
        )
    classroom.write(bare, NAME, simulated)
    lines = []
    for one in simulated:
        kinds = {
            name: None if why == "untouched" else [] if why == "right" or why.startswith("style") else [why]
            for name, why in one.answers.items()
        }
        lines.append(line(one.student, **kinds))
    assert alike.groups(bare, NAME, lines, CHAPTER) == []


def test_the_handed_out_stub_is_nobodys_spelling():
    stub = "def f(W):\n    a = W + 1\n    b = a * 2\n"
    assert pieces(stub + "    return b - a\n", stub) == set(), "four tokens are no piece"
    assert len(pieces(stub + "    return b - a / 7\n", stub)) == 6 - LONG + 1


def test_four_hundred_students_are_compared_in_time(bare, monkeypatch):
    rng = np.random.default_rng(0)
    lines = [line(f"s{n}", **{e.name: ["value"] for e in CHAPTER.exercises}) for n in range(400)]
    base = set(range(2_000))  # as long as they may be, each with pieces of its own that one other has as well

    def spelled(*_):
        return {
            one["student"]: {e.name: base | {10_000 + 20 * (n // 2) + k for k in range(20)} for e in CHAPTER.exercises}
            for n, one in enumerate(lines)
        }

    monkeypatch.setattr(alike, "spelled", spelled)
    rng.shuffle(lines)
    start = time.perf_counter()
    assert len(alike.groups(bare, NAME, lines, CHAPTER)) == alike.MOST
    assert time.perf_counter() - start < 30
