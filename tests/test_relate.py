"""How a wrong answer is made from the right one: what is said is so in every case, and said only of floats that show it."""

import itertools

import numpy as np
import pytest
from judging import CHAPTERS, EXERCISES, drawn, exercise_of, verdict

from backprop.checking import answers
from backprop.checking.relate import relation

ONE, TWO, THREE, FOUR, FORWARD, BACKWARD, CHECKING, NINE, TEN = (
    next(name for name in CHAPTERS if name.startswith(f"{n:02}")) for n in (1, 2, 3, 4, 5, 6, 7, 9, 10)
)
RELATED = [  # a wrong function as students write it, and what is said of it
    (TWO, "output_error", "return out * (d_out - out)", "is the right answer times out"),
    (TWO, "output_error", "return (d_out - out)[::-1]", "with its entries in reverse order"),
    (TWO, "total_error", "return 2 * float(np.sum(E_out))", "is 2 · the sum of E_out"),
    (TWO, "total_error", "return float(np.sum((E_out - E_out.mean()) ** 2))", "is E_out.shape[0] · the variance of E_out"),
    (TWO, "hidden_error", "return (W_out**2).T @ E_out", "is E_out @ W_out²"),
    (TWO, "hidden_difference", "return E_hid * o_hid * o_hid", "is E_hid · o_hid²"),
    (THREE, "relu", "return np.maximum(Z, 0.0) + 0.001", "is the right answer plus 0.001"),
    (THREE, "relu", "return np.maximum(Z, 0.01)", "is right but where Z is negative: there it is 0.01"),
    (THREE, "sigmoid", "return np.round(1 / (1 + np.exp(-np.asarray(Z))), 4)", "rounded to 4 decimals"),
    (THREE, "tanh_derivative", "return np.tanh(Z) ** 2", "is 1 minus the right answer"),
    (FOUR, "binary_cross_entropy", "return float(-np.mean(Y_true * np.log(Y_pred)))", "the sum of log(Y_pred) · Y_true"),
    (
        FOUR,
        "mean_squared_error",
        "return float(np.max((Y_pred - Y_true) ** 2) / Y_true.shape[1])",
        "the largest of (Y_pred − Y_true)²",
    ),
    (FOUR, "output_gradient", "return Y_pred + Y_true", "is the right answer plus 2 · Y_true"),
    (FOUR, "output_gradient", "return Y_true * 1.0", "is Y_true"),
    (TEN, "bias_gradient", "return np.max(dLdZ, axis=1, keepdims=True)", "is the largest of dLdZ over each row"),
    (TEN, "bias_gradient", "return np.mean(dLdZ[:, :-1], axis=1, keepdims=True)", "less its last entry"),
    (
        TEN,
        "standardise",
        "return (X - X.min(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)",
        "(X − the smallest of X over each row)",
    ),
    (CHECKING, "numerical_gradient", "return np.zeros_like(x) + x", "is x"),
    (NINE, "update", "return {k: W - learning_rate * W for k, W in W_B.items()}", "is (1 − learning_rate) · the given W1"),
]
SEEDS = [(0,), (8, 2), (4, 1)]


def wrong_function(name, function, body):
    head = CHAPTERS[name].sources[function].split('"""')[0].rstrip()
    return CHAPTERS[name].functions(**{function: f"{head}\n    {body}"})[function]


@pytest.mark.parametrize("name, function, body, says", RELATED)
def test_a_relation_is_said(name, function, body, says):
    for seed in SEEDS:
        found = verdict(name, exercise_of(name, function), wrong_function(name, function, body), seed)
        assert found.diagnoses == ["relation"] and says in found.text() and "in every ordinary case" in found.text(), found.text()


def test_what_is_made_of_an_output_and_of_a_place_is_said():
    forward = CHAPTERS[FORWARD].sources["forward_propagation"]
    train = CHAPTERS[NINE].sources["train"]
    for name, function, source, says in (
        (FORWARD, "forward_propagation", forward.replace('W_B["W2"] @ A', 'W_B["W2"] @ sigmoid(Z1)'), "your Z2 is W2 @ sigmoid(Z1) + b2"),
        (FORWARD, "forward_propagation", forward.replace('"A": A', '"A": Z1'), "your A is Z1"),
        (NINE, "train", train.replace("gradients, learning_rate)", "gradients, learning_rate / 3)"), "right in its first entry, and wrong in"),
        (NINE, "train", train.replace("losses = []", "losses = [0.0]"), "one entry too many, at its beginning"),
        (BACKWARD, "backward_propagation", CHAPTERS[BACKWARD].sources["backward_propagation"].replace("@ X.T / m", "@ X.T / X.shape[0]"),
         "your dLdW1 is the right answer times X.shape[1]/X.shape[0]"),
    ):  # fmt: skip
        for seed in SEEDS:
            found = verdict(name, exercise_of(name, function), CHAPTERS[name].functions(**{function: source})[function], seed)
            assert "relation" in found.diagnoses and says in found.text(), found.text()


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda v: getattr(v, "name", v))
def test_nothing_is_said_of_what_has_no_relation(name, exercise):
    """Neither of right answers nor of noise, whatever the outputs are."""
    cases, expected = drawn(name, exercise.name, (3, 1))
    rng = np.random.default_rng(0)
    for output, size in itertools.product(exercise.points, (1.0, 1e-5)):
        assert relation(output, cases, expected, expected) == ""
        noisy = []
        for right in expected:
            value = right.outputs.get(output)
            if isinstance(value, (float, np.ndarray)) and np.asarray(value).dtype.kind == "f":
                value = value + size * rng.uniform(0.1, 0.9, np.shape(value)) * (1 + np.abs(value))
            noisy.append(answers.Result({**right.outputs, output: value}))
        assert relation(output, cases, expected, noisy) == "", relation(output, cases, expected, noisy)
