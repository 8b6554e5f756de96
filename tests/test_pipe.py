"""What crosses between a submission's process and the judge: one request an exercise, frames read whole, and nothing believed."""

import base64
import json
import os
import random
import resource
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import CHAPTERS
from test_hostile import needs_sandbox

from backprop.checking import answers, wire
from backprop.checking.judge import judge
from backprop.grading import hostile, schema
from backprop.grading.examine import Examiner
from backprop.grading.sandbox import AGAIN, Died, Limits, Worker
from conftest import NAME

CHAPTER = CHAPTERS[NAME]
EXERCISE = CHAPTER.exercises[-1]
CASES = EXERCISE.cases((1, 2))
RIGHT = answers.call(EXERCISE, CHAPTER.reference[EXERCISE.name], CASES)
SEEN = {"value": None, "error": None, "mutated": [], "warnings": [], "global_random": False}
ERROR = {"type": "ValueError", "message": "", "line": [1, "x"], "inside": None, "stub": False}


def seen(**changed):
    return json.dumps({"id": "x", "body": {**SEEN, **changed}}).encode()


def read(data):
    shapes = {"body": schema.SEEN, "asked": schema.ASKED}
    identity, kind, content = schema.frame(data, shapes)
    return identity, kind, shapes[kind](content)


@pytest.mark.parametrize(
    "data",
    [
        seen(error={**ERROR, "line": 7}),  # once a failure of the judge's own
        seen(error={**ERROR, "line": [1]}),
        seen(error={**ERROR, "line": [10**4000, "x"]}),
        seen(error={**ERROR, "line": [-1, "x"]}),
        seen(error={**ERROR, "line": [True, "x"]}),
        seen(error={**ERROR, "more": 1}),
        seen(error={**ERROR, "type": "E" * 10_000}),
        seen(error={**ERROR, "inside": 7}),
        seen(error={key: value for key, value in ERROR.items() if key != "stub"}),
        seen(error=[]),
        seen(mutated=["Z"] * 1000),
        seen(mutated="ZZ"),
        seen(mutated=[["Z"]]),
        seen(warnings=["w" * 10_000]),
        seen(global_random=0),
        seen(global_random={"array": "", "dtype": "<f8", "shape": [0]}),
        seen(more=1),
        seen(value={"list": "abc"}),  # a text for a list: each letter a value, past every limit of parts
        seen(value={"dict": "abcd"}),
        seen(value={"dict": ["ab"]}),
        seen(value={"dict": [{"a": 1, "b": 2}]}),
        seen(value={"array": "", "dtype": "f8," * 100_000, "shape": [0]}),
        seen(value={"array": "", "dtype": ["f8"], "shape": [0]}),
        seen(value={"array": "", "dtype": "<f8", "shape": "0"}),
        seen(value={"array": [], "dtype": "<f8", "shape": [0]}),
        seen(value={"array": "", "dtype": "<f8", "shape": [True, 0]}),
        seen(value={"array": "AAAA", "dtype": "O", "shape": [1]}),
        seen(value={"opaque": 10**4000}),
        seen(value={"opaque": {"list": []}}),
        seen(value={}),
        seen(value=[]),
        seen(value={"tuple": [{"tuple": []}] * 3 + [[]]}),
        seen().replace(b'"x"', b"1"),
        seen().replace(b'"value": null', b'"value": ' + b'{"list": [' * 5000 + b"]}" * 5000),
        seen().replace(b'"value": null', b'"value": ' + b"[" * 2_000_000),
        seen().replace(b'"value": null', b'"value": ' + b"9" * 5_000_000),
        json.dumps({"id": "x", "asked": ["f"]}).encode(),
        json.dumps({"id": "x", "asked": ["f", {}]}).encode(),
        json.dumps({"id": "x", "body": None, "asked": ["f", ""]}).encode(),
        b'{"id": "x"}',
        b"[]",
        b"\xff",
    ],
    ids=range(42),
)
def test_a_frame_of_another_form_is_junk(data):
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with pytest.raises(wire.WireError):
        read(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - used < 1


@pytest.mark.parametrize(
    "value, arrives",
    [
        ({"dict": [[float("nan"), 1], [float("nan"), 2]]}, {"nan": 2}),
        ({"dict": [[1, "a"], [1.0, "b"], [True, "c"]]}, {1: "c"}),
        ({"dict": [["\ud800", "\udfff"]]}, {"?": "?"}),
        ({"opaque": "\ud800"}, wire.Opaque("?")),
        (10**4000, 10**4000),
    ],
)
def test_odd_values_arrive_as_what_can_be_written_and_compared(value, arrives):
    _, _, body = read(seen(value=value))
    assert body["value"] == arrives
    assert read(seen(error={**ERROR, "message": "\ud800"}))[2]["error"]["message"] == "?"


def test_a_truth_value_is_true_or_false():
    """Bytes other than 0 and 1 in an array of truth values are neither for NumPy."""
    found = wire.decode({"array": base64.b64encode(b"\x00\x01\x02\xff").decode(), "dtype": "|b1", "shape": [4]})
    assert found.tobytes() == b"\x00\x01\x01\x01"


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.sampled_from([10**400, -(10**400), 10**4000]),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["\ud800", "W1", "dLdW2", "\x00"]),
    st.tuples(
        st.sampled_from(["<f8", ">f8", "<f4", "<f2", "<i8", "|u1", "|b1", "<c16", "<f16"]), st.lists(st.integers(0, 3), max_size=4)
    ).map(lambda of: wire.encode(np.ones(of[1], of[0]) * np.nan if of[0][1] == "f" else np.ones(of[1], of[0]))),
    st.just({"scalar": "AAAAAAAA8H8=", "dtype": "<f8", "shape": []}),
    st.just({"opaque": "thing"}),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: {"list": parts}),
        st.lists(inner, max_size=4).map(lambda parts: {"tuple": parts}),
        st.lists(st.tuples(LEAVES, inner).map(list), max_size=5).map(lambda pairs: {"dict": pairs}),
        st.tuples(inner, inner).map(
            lambda two: {"tuple": [{"dict": [[name, two[0]] for name in EXERCISE.points if name != "L"]}, two[1]]}
        ),
    ),
    max_leaves=12,
)
ERRORS = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "type": st.text(max_size=9),
            "message": st.text(max_size=20),
            "line": st.one_of(st.none(), st.tuples(st.integers(0, 9), st.text(max_size=9)).map(list)),
            "inside": st.one_of(st.none(), st.text(max_size=4)),
            "stub": st.booleans(),
        }
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.builds(lambda value, error: {"value": value, "error": error}, VALUES, ERRORS), min_size=1, max_size=4))
def test_whatever_has_the_form_of_an_answer_gets_a_verdict(found):
    """After it was read nothing can fail on it: not comparing, not diagnosing, not writing down."""
    bodies = [read(seen(**one))[2] for one in found]
    bodies = [bodies[number % len(bodies)] for number in range(len(CASES))]
    given = answers.results(EXERCISE, bodies, bodies[-1])
    traces = [(mistake, [answers.Trace()] * len(CASES)) for mistake in CHAPTER.mistakes(EXERCISE.name)[:1]]
    verdict = judge(EXERCISE, CASES, RIGHT, given, lambda telling: traces)
    assert verdict.points <= EXERCISE.max_points
    verdict.text().encode()
    json.dumps(vars(verdict), default=list)


def mutated(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 6)):
        where = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[where] = rng.randrange(256)
        elif kind == 1:
            del data[where : where + rng.randrange(1, 9)]
        elif kind == 2:
            data[where:where] = data[where : where + rng.randrange(1, 30)]
        else:
            data[where:where] = rng.choice([b"[", b"]", b"{", b'"', b",", b"null", b"1e999", b"NaN", b"\\ud800", b"-", b"9" * 50])
        if not data:
            return b""
    return bytes(data)


def test_thousands_of_mutated_frames_are_junk_or_answers():
    rng, arrays = random.Random(0), {"a": [1, 2.5, None, "x"], "b": (np.arange(6.0).reshape(2, 3), np.float64(1))}
    valid = [
        seen(value=wire.encode(arrays)),
        seen(error=ERROR, mutated=["Z"], warnings=["w"]),
        json.dumps({"id": "x", "asked": ["f", "{}"]}).encode(),
    ]
    junk = 0
    for _ in range(6000):
        try:
            identity, kind, _ = read(mutated(rng, rng.choice(valid)))
            assert type(identity) is str and kind in ("body", "asked")
        except wire.WireError:
            junk += 1
    assert 1000 < junk < 6000


def hands_in(**sources):
    cells = list(enumerate({**CHAPTER.sources, **sources}.values()))
    return Examiner(CHAPTER, b"k" * 32, Limits(call=3, cell=5)).examine("ada", cells)


FORGE = """
def sigmoid(Z):
    import json, os, sys
    frame = sys._getframe()
    while frame and "identity" not in frame.f_locals:
        frame = frame.f_back
    body = {body}
    data = body if type(body) is bytes else json.dumps({{"id": {identity}, "body": body}}).encode()
    os.write(4, len(data).to_bytes(4, "big") + data)
    return 1 / (1 + np.exp(-Z))
"""
TRUE = 'frame.f_locals["identity"]'


@needs_sandbox
@pytest.mark.parametrize(
    "identity, body, says",
    [
        (TRUE, {**SEEN, "error": {**ERROR, "line": 7}}, "sent junk in place of an answer"),
        (TRUE, {**SEEN, "error": {**ERROR, "more": 7}}, "sent junk in place of an answer"),
        (TRUE, {**SEEN, "value": {"list": "abc"}}, "sent junk in place of an answer"),
        ("'x'", SEEN, "spoke out of turn"),
        ("7", SEEN, "sent junk in place of an answer"),
        ("", b"[" * 2_000_000, "sent junk in place of an answer"),
        ("", b"x" * 9_000_000, "sent an answer of 9000000 bytes; 8388608 are allowed"),
        ("", b"," * 100_000, "sent an answer of 100000 parts; 50000 are allowed"),
        ("", b"", "sent junk in place of an answer"),
    ],
    ids=range(9),
)
def test_a_forged_frame_charges_the_function_that_forged_it(identity, body, says):
    text = f"{body[:1]} * {len(body)}" if type(body) is bytes else repr(body)
    found = hands_in(sigmoid=FORGE.format(identity=identity or "0", body=text))["exercises"]
    assert found["sigmoid"]["points"] == 0 and f"{says} while sigmoid was running" in found["sigmoid"]["lines"][0], found
    assert found["relu"]["status"] == "right"


@needs_sandbox
def test_an_answer_that_was_given_ahead_is_the_functions_own_and_harms_no_other():
    """What comes after it, of an identity that was heard, once was held against the function after."""
    found = hands_in(sigmoid=FORGE.format(identity=TRUE, body=repr(SEEN)))
    assert found["exercises"]["sigmoid"]["points"] == 0 and found["exercises"]["relu"]["status"] == "right"
    assert not [note for note in found["notes"] if "turn" in note]


@needs_sandbox
def test_all_calls_of_an_exercise_are_one_request():
    worker = Worker()
    try:
        worker.run(0, "def relu(Z):\n    Z *= 2\n    return Z.sum()")
        sent = worker.count
        relu, ones = CHAPTER.exercises[0], {"Z": np.ones(3)}
        assert [one["value"] for one in worker.calls(relu, [ones, AGAIN, AGAIN, ones])] == [6, 12, 24, 6]
        assert worker.count == sent + 1
        assert next(iter(worker.calls(CHAPTER.exercises[1], [ones, ones]))) is None
        assert worker.run(1, "1")["error"] is None, "what was answered beyond it is not held against the next"
    finally:
        worker.close()


@needs_sandbox
def test_a_function_may_ask_what_it_is_given_so_often_and_not_without_end():
    from backprop.checking import standin

    exercise, questions = CHAPTERS["07-gradient-checking"].exercises[0], []
    worker = Worker()
    try:
        worker.run(
            0, "def numerical_gradient(f, x, h):\n    total = 0\n    while total < h:\n        total += f(x)\n    return total"
        )

        def answer(name, question):
            questions.append(name)
            return standin.answer(lambda x: x[0], question)

        turns = [{"f": abs, "x": np.ones(1), "h": h} for h in (3.0, np.inf)]
        calls = worker.calls(exercise, turns, answer=answer)
        assert next(calls)["value"] == 3 and questions == ["f"] * 3
        with pytest.raises(Died, match="called what it was given more than"):
            next(calls)
    finally:
        worker.close()


@needs_sandbox
def test_requests_and_answers_larger_than_a_pipe_pass_each_other():
    worker = Worker()
    try:
        worker.run(0, "def relu(Z):\n    return Z")
        many = [{"Z": np.full(20_000, float(number))} for number in range(20)]
        for number, one in enumerate(worker.calls(CHAPTER.exercises[0], many)):
            assert one["value"][0] == number
    finally:
        worker.close()


@needs_sandbox
def test_a_call_without_end_is_waited_for_once_and_the_calls_before_it_are_not_run_again():
    started = time.monotonic()
    found = hands_in(
        relu="calls = 0\ndef relu(Z):\n    global calls\n    calls += 1\n    while calls > 3: pass\n    return np.maximum(Z, 0)"
    )
    assert "took too long while relu was running" in found["exercises"]["relu"]["lines"][0]
    assert found["exercises"]["sigmoid"]["status"] == "right"
    assert time.monotonic() - started < 60


@needs_sandbox
@pytest.mark.parametrize("left", hostile.LEFT.values(), ids=hostile.LEFT)
def test_what_a_cell_leaves_behind_costs_its_own(left):
    sources = list(CHAPTER.sources.values())
    cells = list(enumerate([sources[0], left, "import json\nfor _ in range(30):\n    sum(range(20000))", *sources[1:]]))
    found = Examiner(CHAPTER, b"k" * 32, Limits(call=3, cell=5)).examine("ada", cells)
    assert {e["status"] for e in found["exercises"].values()} == {"right"}, found
    assert found["cells"][2]["error"] is None, found["cells"][2]
    assert not [note for note in found["notes"] if not note.startswith("cell 2 ")], found["notes"]


HIDES = {
    # What was changed, and then hidden from what observes it beside the function.
    "patched": """
import sys
observe = sys.modules["backprop.checking.observe"]
observe.same = lambda *_: True
def forward_propagation(X, W_B):
    W_B["b1"] += 1.0
    Z1 = W_B["W1"] @ X + W_B["b1"] - 1.0
    A = relu(Z1)
    Z2 = W_B["W2"] @ A + W_B["b2"]
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": sigmoid(Z2)}
""",
    "handed-out": """
import sys
observe = sys.modules["backprop.checking.observe"]
real = observe.observe
def lies(*words):
    return {**real(*words), "mutated": []}
observe.observe = lies
def forward_propagation(X, W_B):
    X *= 0.5
    Z1 = W_B["W1"] @ X * 2 + W_B["b1"]
    A = relu(Z1)
    Z2 = W_B["W2"] @ A + W_B["b2"]
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": sigmoid(Z2)}
""",
}


@needs_sandbox
@pytest.mark.parametrize("source", HIDES.values(), ids=HIDES)
def test_a_side_effect_shows_in_a_second_call_whatever_hides_it(source):
    found = hands_in(forward_propagation=source)["exercises"]["forward_propagation"]
    whole = next(e for e in CHAPTER.exercises if e.name == "forward_propagation").max_points
    assert found["diagnoses"] == ["mutated"] and found["points"] == whole / 2, found
    assert "changes its argument X or W_B in place" in found["lines"][0]


@needs_sandbox
def test_a_function_that_alternates_is_not_taken_for_one_that_changes_its_arguments():
    source = "turn = 0\ndef relu(Z):\n    global turn\n    turn += 1\n    return np.maximum(Z, 0.0) + turn % 2 - 1"
    assert "mutated" not in hands_in(relu=source)["exercises"]["relu"]["diagnoses"]


def test_the_frames_of_this_file_are_read_by_this_python_as_by_others():
    """What a deep frame does to Python differs between its versions: 985 levels once ended a run on 3.12."""
    for depth in (15, 50, 985, 1100, 20_000):
        frame = seen().replace(b'"value": null', b'"value": ' + b'{"list":[' * depth + b"1" + b"]}" * depth)
        if depth <= 20:
            read(frame)
        else:
            with pytest.raises(wire.WireError):
                read(frame)


def test_a_frame_costs_little_memory():
    """A text in the place of a list once took 370 MB: a value for each letter."""
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(wire.WireError):
        read(seen(value={"list": "x" * 7_000_000}))
    assert tracemalloc.get_traced_memory()[1] < 60 << 20
    tracemalloc.stop()


def test_a_worker_that_died_is_known_as_that():
    worker = Worker(sandboxed=False)
    with pytest.raises(Died, match="ended"):
        worker.run(0, "import os; os._exit(0)")
    assert os.WIFEXITED(worker.process.wait() or 0)
