"""Known mistakes in what is new in chapter 10, and its unseen script in clear. Private: never goes out with the exercise.

| what you can do | with |
| --- | --- |
| say what a wrong proof, mend, prediction or finding is | `MISTAKES` |
| add a line to the unseen script | `UNSEEN`; then put what `packed` gives into ``checks.py`` |
"""

import base64
import hashlib
import json
import zlib
from textwrap import dedent, indent

from backprop.checking import Mistake


def in_proof(of, id, says, why, section, body):
    return Mistake(
        id,
        f"prove_{of}",
        says,
        why,
        f"10-debugging#{section}",
        source=f"def prove_{of}({of}):\n" + indent(dedent(body).strip("\n"), "    "),
        about="check",
    )


def always(of, body):
    return in_proof(
        of,
        "always-complains",
        "It refuses the three broken functions, and the mended one too.",
        f"A proof has to let a right function through. Run `prove_{of}({of})` with your mend: the line that raises "
        "asks for something that is not so. A number copied from one run, or a tolerance near 0, is often why.",
        "See it fail first",
        body,
    )


def inverted(of, body):
    return in_proof(
        of,
        "wrong-way-round",
        "It lets the broken functions through and refuses the mended one: the wrong way round.",
        "A proof states what holds for a right function, so that a broken one fails it. Yours states the defect.",
        "See it fail first",
        body,
    )


def blind(of, says, section, body):
    return in_proof(
        of,
        "finds-nothing",
        f"It lets all three broken functions through. {says}",
        "A proof counts only once it has been seen to fail. It raises (`assert …` does): returning False is not enough, "
        "`assert (…, …)` with condition and text in one bracket never raises, and the function to call is the one handed in.",
        section,
        body,
    )


def mistake(exercise, id, says, why, section, *edits, about, line=""):
    return Mistake(id, exercise, says, why, f"10-debugging#{section}", edits=edits, line=line, about=about)


PRODUCT, DERIVATIVE, LOSS, WEIGHTS = (
    "The product the wrong way round",
    "Another layer's derivative",
    "Loss at saturation",
    "Weights of variance one",
)
BIAS, THRESHOLD = "When it goes wrong", "When it goes wrong"
PLACE, AXIS = "The update in place", "One session, from symptom to test"
PAIRS, LAST = "Pairs torn apart", "The last batch"


def predict(id, says, why, section, *edits, about):
    return mistake("predict_three_numbers", id, says, why, section, *edits, about=about)


def finding(id, says, why, answer, *, about):
    return Mistake(
        id,
        "find_defects",
        says,
        why,
        f"10-debugging#{DERIVATIVE}",
        source=f"def find_defects():\n    return {answer}\n",
        about=about,
    )


SQUARE = """
    rng = np.random.default_rng(0)
    X, W1, W2 = rng.standard_normal((3, 3, 3))
    W_B = {"W1": W1, "b1": np.ones((3, 1)), "W2": W2, "b2": np.ones((3, 1))}
    forward = forward_propagation(X, W_B)
"""
NETWORK = """
    rng = np.random.default_rng(0)
    X, Y_true = rng.standard_normal((3, 7)), rng.integers(0, 2, (2, 7)).astype(float)
    W_B = {"W1": rng.standard_normal((5, 3)), "b1": rng.standard_normal((5, 1)),
           "W2": rng.standard_normal((2, 5)), "b2": rng.standard_normal((2, 1))}
"""
HIDDEN_OFF = """
    X, Y_true = np.array([[1.0, 2.0, 0.5]]), np.array([[1.0, 0.0, 0.0]])
    W_B = {"W1": np.array([[-0.3], [-0.7]]), "b1": np.full((2, 1), SHIFT), "W2": np.ones((1, 2)), "b2": np.zeros((1, 1))}
    gradients, L = backward_propagation(X, W_B, Y_true)
    assert np.allclose(gradients["dLdW1"], 0) and np.allclose(gradients["dLdb1"], 0)
"""
ONES = """
    W_B = {"W1": np.ones((3, 2)), "b1": np.ones((3, 1)), "W2": np.ones((1, 3)), "b2": np.ones((1, 1))}
    gradients = {"dLd" + name: np.ones(W.shape) for name, W in W_B.items()}
"""
FEATURES = """
    X = np.array([[1.0], [40.0], [0.3]]) * np.random.default_rng(0).standard_normal((3, 8)) + 2
"""

# The unseen script, in clear: here and nowhere else. A line is a text, or what it makes wrong first, its right spellings and its broken ones.
UNSEEN = [
    [
        "def scale(X):",
        '    """Each feature with mean 0 and standard deviation 1."""',
        (
            "S",
            ["    mean = X.mean(axis=1, keepdims=True)", "    mean = np.mean(X, axis=1)[:, None]"],
            ["    mean = np.median(X, axis=1)[:, None]", "    mean = X[:, :1]"],
        ),
        (
            "S",
            ["    spread = X.std(axis=1, keepdims=True)", "    spread = np.std(X, axis=1)[:, None]"],
            ["    spread = X.var(axis=1, keepdims=True)", "    spread = np.ptp(X, axis=1)[:, None]"],
        ),
        "    return (X - mean) / spread",
    ],
    [
        "def ramp(Z):",
        '    """ReLU."""',
        (
            "A",
            ["    return np.maximum(Z, 0)", "    return np.where(Z > 0, Z, 0)", "    return Z * (Z > 0)"],
            ["    return np.abs(Z)", "    return np.clip(Z, 0, 1)", "    return np.maximum(Z, 0.1)"],
        ),
    ],
    [
        "def squash(Z):",
        '    """The sigmoid."""',
        (
            "Y_pred",
            ["    return 1 / (1 + np.exp(-Z))", "    return 0.5 + 0.5 * np.tanh(0.5 * Z)"],
            ["    return 1 / (1 + np.exp(Z))", "    return 0.5 + 0.5 * np.tanh(Z)", "    return 1 / (1 + np.exp(-0.5 * Z))"],
        ),
    ],
    [
        "def cost(Z, Y):",
        '    """Cross-entropy: sum over outputs, mean over examples."""',
        (
            "L",
            ["    each = np.logaddexp(0, Z) - Y * Z", "    each = np.log1p(np.exp(Z)) - Y * Z"],
            ["    each = np.logaddexp(0, Z) - (1 - Y) * Z", "    each = np.log1p(np.exp(Z)) - Z"],
        ),
        (
            "L",
            ["    return each.sum() / Y.shape[1]", "    return each.sum(axis=0).mean()"],
            ["    return each.mean()", "    return each.sum() / Y.shape[0]", "    return each.sum(axis=0).max()"],
        ),
    ],
    [
        "def average(delta):",
        '    """The mean over the examples, a column."""',
        (
            "dLdb2",
            ["    return delta.mean(axis=1, keepdims=True)", "    return delta.sum(axis=1, keepdims=True) / delta.shape[1]"],
            [
                "    return delta.sum(axis=1, keepdims=True)",
                "    return delta.sum(axis=1, keepdims=True) / delta.size",
                "    return np.median(delta, axis=1)[:, None]",
            ],
        ),
    ],
    [
        "def move(old, slope, rate):",
        '    """One step of gradient descent."""',
        (
            "new_W1",
            ["    return old - rate * slope", "    return old + rate * -slope"],
            ["    return old + rate * slope", "    return old - slope", "    return rate * (old - slope)"],
        ),
    ],
    [
        "def one_step(X, Y, W_B, rate):",
        '    """The values of one step, in the order they are made."""',
        '    W1, b1 = W_B["W1"], W_B["b1"]',
        '    W2, b2 = W_B["W2"], W_B["b2"]',
        "    m = X.shape[1]",
        "    S = scale(X)",
        (
            "Z1",
            ["    Z1 = W1 @ S + b1", "    Z1 = b1 + W1 @ S"],
            ["    Z1 = W1 @ X + b1", "    Z1 = W1 @ S - b1", "    Z1 = b1.mean() + W1 @ S"],
        ),
        "    A = ramp(Z1)",
        (
            "Z2",
            ["    Z2 = W2 @ A + b2", "    Z2 = b2 + W2 @ A"],
            ["    Z2 = W2 @ Z1 + b2", "    Z2 = W2 @ A - b2", "    Z2 = b2.mean() + W2 @ A"],
        ),
        "    Y_pred = squash(Z2)",
        "    L = cost(Z2, Y)",
        (
            "delta2",
            ["    delta2 = Y_pred - Y", "    delta2 = -(Y - Y_pred)"],
            ["    delta2 = Y - Y_pred", "    delta2 = np.round(Y_pred) - Y", "    delta2 = Y_pred - Y.mean()"],
        ),
        (
            "dLdW2",
            ["    dLdW2 = delta2 @ A.T / m", "    dLdW2 = (A @ delta2.T).T / m"],
            ["    dLdW2 = delta2 @ A.T", "    dLdW2 = delta2 @ Z1.T / m", "    dLdW2 = delta2 @ A.T / Y.size"],
        ),
        "    dLdb2 = average(delta2)",
        (
            "delta1",
            ["    back = W2.T @ delta2", "    back = (delta2.T @ W2).T"],
            ["    back = W2.T @ Y_pred", "    back = W2.T @ np.sign(delta2)"],
        ),
        (
            "delta1",
            ["    gate = Z1 > 0", "    gate = A > 0"],
            ["    gate = A", "    gate = back > 0", "    gate = Z1 < 0"],
        ),
        "    delta1 = back * gate",
        (
            "dLdW1",
            ["    dLdW1 = delta1 @ S.T / m", "    dLdW1 = (S @ delta1.T).T / m"],
            ["    dLdW1 = delta1 @ X.T / m", "    dLdW1 = back @ S.T / m", "    dLdW1 = delta1 @ S.T / X.shape[0]"],
        ),
        (
            "dLdb1",
            ["    dLdb1 = average(delta1)", "    dLdb1 = average(gate * back)"],
            ["    dLdb1 = average(back)", "    dLdb1 = average(A * delta1)"],
        ),
        "    new_W1 = move(W1, dLdW1, rate)",
        (
            "new_b1",
            ["    new_b1 = move(b1, dLdb1, rate)", "    new_b1 = move(old=b1, slope=dLdb1, rate=rate)"],
            ["    new_b1 = move(b1, dLdb1.mean(), rate)", "    new_b1 = move(old=b1, slope=b1, rate=rate)"],
        ),
        (
            "new_W2",
            ["    new_W2 = move(W2, dLdW2, rate)", "    new_W2 = move(old=W2, slope=dLdW2, rate=rate)"],
            ["    new_W2 = move(old=dLdW2, slope=W2, rate=rate)", "    new_W2 = move(W2, dLdW2 / m, rate)"],
        ),
        (
            "new_b2",
            ["    new_b2 = move(b2, dLdb2, rate)", "    new_b2 = move(old=b2, slope=dLdb2, rate=rate)"],
            ["    new_b2 = move(b2, dLdb2.mean(), rate)", "    new_b2 = move(old=b2, slope=b2, rate=rate)"],
        ),
        "    return dict(S=S, Z1=Z1, A=A, Z2=Z2, Y_pred=Y_pred, L=L,",
        "                delta2=delta2, dLdW2=dLdW2, dLdb2=dLdb2,",
        "                delta1=delta1, dLdW1=dLdW1, dLdb1=dLdb1,",
        "                new_W1=new_W1, new_b1=new_b1,",
        "                new_W2=new_W2, new_b2=new_b2)",
    ],
]


def packed():
    """What ``checks.py`` holds of the unseen script: `PACKED`, and `BROKEN_LINES`."""
    blocks = [[line if isinstance(line, str) else sorted(line[1] + line[2]) for line in block] for block in UNSEEN]
    slots = [line for block in UNSEEN for line in block if not isinstance(line, str)]
    marks = (hashlib.sha256(f"{line}\0{value}".encode()).hexdigest()[:8] for value, _, broken in slots for line in broken)
    return base64.b64encode(zlib.compress(json.dumps(blocks).encode(), 9)).decode(), " ".join(sorted(marks))


MISTAKES = [
    # predict_three_numbers
    predict(
        "base-two",
        "Your loss of an undecided network is 1, as it would be with logarithms to the base 2.",
        "The course's loss takes natural logarithms: −log(1/2) is 0.69.",
        "The loss at the start",
        ('"undecided": 0.6931', '"undecided": 1.0'),
        about="loss",
    ),
    predict(
        "half-for-the-loss",
        "You expect a loss of one half from predictions of one half.",
        "The loss is not the distance from the target: each example costs −log of the probability that its own target got, here −log(1/2).",
        "The loss at the start",
        ('"undecided": 0.6931', '"undecided": 0.5'),
        about="loss",
    ),
    predict(
        "undecided-is-free",
        "You expect no loss while every prediction is one half.",
        "Only a prediction that is sure and right costs nothing.",
        "The loss at the start",
        ('"undecided": 0.6931', '"undecided": 0.0'),
        about="loss",
    ),
    predict(
        "share-itself",
        "You expect the share of ones as the loss.",
        "The ones cost −log 0.2 each, the others −log 0.8. Weight the two by their shares and add.",
        "The loss of knowing only the share",
        ('"share": 0.5004', '"share": 0.2'),
        about="loss",
    ),
    predict(
        "ones-only",
        "Your loss counts what the ones cost, and nothing for the others.",
        "A target of 0 costs −log(1 − 0.2), and four fifths of the targets are 0.",
        "The loss of knowing only the share",
        ('"share": 0.5004', '"share": 0.3219'),
        about="loss",
    ),
    predict(
        "shares-exchanged",
        "The shares are exchanged: you let four fifths of the targets pay −log 0.2.",
        "A fifth of the targets is 1 and pays −log 0.2; the others pay −log 0.8.",
        "The loss of knowing only the share",
        ('"share": 0.5004', '"share": 1.3322'),
        about="loss",
    ),
    predict(
        "not-averaged",
        "You have added −log 0.2 and −log 0.8 without their shares.",
        "The loss is a mean over the examples, so each of the two counts as often as it occurs.",
        "The loss of knowing only the share",
        ('"share": 0.5004', '"share": 1.8326'),
        about="loss",
    ),
    predict(
        "last-batch-lost",
        "Your steps leave the last eight examples out.",
        "Six full batches hold 192 of the 200. The rest makes a seventh batch, a smaller one.",
        "The last batch",
        ('"steps": 7', '"steps": 6'),
        about="bounds",
    ),
    predict(
        "fraction-of-a-step",
        "You have divided 200 by 32 and left the fraction.",
        "A quarter of a batch is a batch as well, and takes a step.",
        "The last batch",
        ('"steps": 7', '"steps": 6.25'),
        about="bounds",
    ),
    predict(
        "one-step-an-example",
        "You count a step for each example.",
        "There is a step for each batch, and a batch holds up to 32 examples.",
        "The last batch",
        ('"steps": 7', '"steps": 200'),
        about="count",
    ),
    # find_defects
    finding(
        "line-above",
        "Each line that you name stands right above a broken one.",
        "The number of a line stands at its own end. The first line has the number 1.",
        '"Ada Lovelace", {10: "A", 57: "new_W2", 58: "new_b2"}',
        about="bounds",
    ),
    finding(
        "values-further-on",
        "All three lines are right, and the values are not the first that come out wrong.",
        "A wrong value makes others wrong that are made from it. Mend the lines found before, run again, and compare the values from the first one on.",
        '"Ada Lovelace", {11: "Z2", 58: "new_b2", 59: "new_W2"}',
        about="value",
    ),
    finding(
        "more-than-three",
        "More than three lines are named.",
        "Three lines are broken. A line whose value is wrong may be right: it may have got a wrong value to work with.",
        '"Ada Lovelace", {11: "A", 58: "new_W2", 59: "new_b2", 44: "A"}',
        about="contract",
    ),
    finding(
        "fewer-than-three",
        "Fewer than three lines are named.",
        "Mend those that you have found in a copy of the script and run it again: the first value that is still wrong leads to the next.",
        '"Ada Lovelace", {11: "A", 58: "new_W2"}',
        about="contract",
    ),
    finding(
        "innocent-line",
        "A line is named that is right in the script for that name.",
        "Its value may be wrong, made from one that is. Compare all values up to it: the first one that is wrong leads to the line.",
        '"Ada Lovelace", {11: "A", 58: "new_W2", 57: "new_b1"}',
        about="check",
    ),
    finding(
        "no-name",
        "The name is missing for which the script was drawn, or the dict is not one of numbers and names.",
        "Return both as the example does: without the name nobody knows which script you have read.",
        '{11: "A", 58: "new_W2", 59: "new_b2"}',
        about="contract",
    ),
    # prove_forward_propagation
    blind(
        "forward_propagation",
        "They run for a few sizes, square ones among them, and give the right shapes there.",
        PRODUCT,
        SQUARE
        + """
    assert forward["Z1"].shape == (3, 3) and forward["Y_pred"].shape == (3, 3)
    """,
    ),
    in_proof(
        "forward_propagation",
        "first-layer-only",
        "It lets a function through whose second layer is broken and whose first is not.",
        "Z1 and Z2 are two products, and each can be the wrong way round. With sizes that all differ neither can even run.",
        PRODUCT,
        SQUARE
        + """
    assert np.allclose(forward["Z1"], np.einsum("jf,fi->ji", W1, X) + 1)
    """,
    ),
    always(
        "forward_propagation",
        SQUARE
        + """
    assert np.isclose(forward["Z1"][0, 0], 0.1257)
    """,
    ),
    inverted(
        "forward_propagation",
        """
    try:
        forward_propagation(np.ones((2, 7)), {"W1": np.ones((5, 2)), "b1": np.ones((5, 1)),
                                              "W2": np.ones((3, 5)), "b2": np.ones((3, 1))})
    except ValueError:
        return
    raise AssertionError("it runs")
    """,
    ),
    # prove_backward_propagation
    blind(
        "backward_propagation",
        "The loss, the shapes and the output layer's gradients are right in them; the hidden layer's are not.",
        DERIVATIVE,
        NETWORK
        + """
    gradients, L = backward_propagation(X, W_B, Y_true)
    assert gradients["dLdW1"].shape == (5, 3)
    step = np.zeros((2, 1))
    step[0] = 1e-6
    above, below = (backward_propagation(X, {**W_B, "b2": W_B["b2"] + s}, Y_true)[1] for s in (step, -step))
    assert np.isclose(gradients["dLdb2"][0, 0], (above - below) / 2e-6, rtol=1e-4)
    """,
    ),
    in_proof(
        "backward_propagation",
        "off-units-only",
        "It lets one through that is right where hidden units are off, and wrong where they are on.",
        "A derivative has to be right on both sides of ReLU's kink. Is there a unit that is on, and well above 0?",
        DERIVATIVE,
        HIDDEN_OFF.replace("SHIFT", "-0.2"),
    ),
    in_proof(
        "backward_propagation",
        "far-off-units-only",
        "It looks at units far below zero only, where a tanh is flat and its derivative 0 as well.",
        "Compare at ordinary values on both sides of the kink: a finite difference of the loss does.",
        DERIVATIVE,
        HIDDEN_OFF.replace("SHIFT", "-60.0"),
    ),
    always(
        "backward_propagation",
        NETWORK
        + """
    gradients, L = backward_propagation(X, W_B, Y_true)
    for index in np.ndindex(5, 3):
        step = np.zeros((5, 3))
        step[index] = 1e-6
        above, below = (backward_propagation(X, {**W_B, "W1": W_B["W1"] + s}, Y_true)[1] for s in (step, -step))
        assert abs(gradients["dLdW1"][index] - (above - below) / 2e-6) < 1e-16
    """,
    ),
    inverted(
        "backward_propagation",
        NETWORK
        + """
    gradients, L = backward_propagation(X, W_B, Y_true)
    step = np.zeros((5, 1))
    step[0] = 1e-6
    above, below = (backward_propagation(X, {**W_B, "b1": W_B["b1"] + s}, Y_true)[1] for s in (step, -step))
    assert not np.isclose(gradients["dLdb1"][0, 0], (above - below) / 2e-6, rtol=1e-4)
    """,
    ),
    # prove_binary_cross_entropy_with_logits
    blind(
        "binary_cross_entropy_with_logits",
        "For Z of ordinary size they are right; what is wrong shows where the sigmoid saturates.",
        LOSS,
        """
    Z, Y_true = np.array([[-2.0, 0.5, 3.0]]), np.array([[0.0, 1.0, 0.0]])
    P = 1 / (1 + np.exp(-Z))
    L = binary_cross_entropy_with_logits(Z, Y_true)
    assert np.isfinite(L) and np.isclose(L, -np.mean(np.log(np.where(Y_true == 1, P, 1 - P))))
    """,
    ),
    in_proof(
        "binary_cross_entropy_with_logits",
        "saturated-not-overflowing",
        "It lets two through in which `exp` overflows.",
        "`exp` of a float64 overflows beyond 709: try Z = 1000, and −1000. And an infinite loss is as wrong as NaN: "
        "np.isfinite refuses both.",
        LOSS,
        """
    for Z in (-50.0, 50.0):
        for Y in (0.0, 1.0):
            L = binary_cross_entropy_with_logits(np.array([[Z]]), np.array([[Y]]))
            assert np.isclose(L, abs(Z) if (Z > 0) != (Y == 1) else 0)
    """,
    ),
    in_proof(
        "binary_cross_entropy_with_logits",
        "large-positive-only",
        "It lets one through that overflows for large negative Z.",
        "exp(Z) overflows on one side, exp(−Z) on the other. Try both signs, far out.",
        LOSS,
        """
    for Y in (0.0, 1.0):
        assert np.isclose(binary_cross_entropy_with_logits(np.array([[1000.0]]), np.array([[Y]])), 1000 * (1 - Y))
    """,
    ),
    in_proof(
        "binary_cross_entropy_with_logits",
        "large-negative-only",
        "It lets one through that overflows for large positive Z.",
        "exp(Z) overflows on one side, exp(−Z) on the other. Try both signs, far out.",
        LOSS,
        """
    for Y in (0.0, 1.0):
        assert np.isclose(binary_cross_entropy_with_logits(np.array([[-1000.0]]), np.array([[Y]])), 1000 * Y)
    """,
    ),
    always(
        "binary_cross_entropy_with_logits",
        """
    L = binary_cross_entropy_with_logits(np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]]))
    assert np.isfinite(L) and L < 100
    """,
    ),
    inverted(
        "binary_cross_entropy_with_logits",
        """
    L = binary_cross_entropy_with_logits(np.array([[1000.0, -1000.0]]), np.array([[1.0, 1.0]]))
    assert not np.isfinite(L)
    """,
    ),
    # prove_initialize
    blind(
        "initialize",
        "Shapes and zero biases are right in them; neither the spread nor the source of the weights is.",
        WEIGHTS,
        """
    W_B = initialize(2, 500, 3, np.random.default_rng(0))
    assert W_B["W1"].shape == (500, 2) and W_B["W2"].shape == (3, 500) and not W_B["b1"].any()
    assert abs(W_B["W1"].var() - 2 / 2) < 0.2  # two features: the right variance happens to be 1
    """,
    ),
    in_proof(
        "initialize",
        "spread-only",
        "It sees the spread of the weights, not where they come from: one that draws from the global generator gets through.",
        "Equal generators must give equal weights, whatever the global one holds. Call it twice and "
        "compare, without seeding NumPy's own in between.",
        WEIGHTS,
        """
    W_B = initialize(200, 300, 100, np.random.default_rng(0))
    assert abs(W_B["W1"].var() - 0.01) < 0.002 and abs(W_B["W2"].var() - 0.005) < 0.002
    """,
    ),
    in_proof(
        "initialize",
        "generator-only",
        "It looks at where the weights come from, not at their spread: one whose weights all have variance 1 gets through.",
        "With many inputs a variance of 1 is far from 2 / num_f. Measure it.",
        WEIGHTS,
        """
    one, two = (initialize(5, 7, 3, np.random.default_rng(0)) for _ in range(2))
    assert np.array_equal(one["W1"], two["W1"])
    """,
    ),
    always(
        "initialize",
        """
    W_B = initialize(5, 7, 3, np.random.default_rng(0))
    assert W_B["W1"].var() == 2 / 5
    """,
    ),
    inverted(
        "initialize",
        """
    rng = np.random.default_rng(0)
    before = rng.bit_generator.state
    W_B = initialize(200, 300, 100, rng)
    assert abs(W_B["W1"].var() - 1) < 0.1 or rng.bit_generator.state == before
    """,
    ),
    # prove_bias_gradient
    blind(
        "bias_gradient",
        "Their numbers are right; only the shape is not, and comparing numbers spreads shapes that differ.",
        BIAS,
        """
    dLdZ = np.random.default_rng(0).standard_normal((3, 5))
    assert np.allclose(np.ravel(bias_gradient(dLdZ)), [sum(row) / 5 for row in dLdZ])
    assert bias_gradient(dLdZ).size == 3
    """,
    ),
    in_proof(
        "bias_gradient",
        "row-let-through",
        "It lets one through that gives a row, (1, n), where a column, (n, 1), is asked for.",
        "A row spreads in the update as well. Ask for the whole shape, with more than one unit.",
        BIAS,
        """
    assert bias_gradient(np.ones((3, 5))).ndim == 2
    """,
    ),
    always(
        "bias_gradient",
        """
    dLdZ = np.random.default_rng(0).standard_normal((3, 5))
    assert bias_gradient(dLdZ).shape == (3,)
    assert bias_gradient(dLdZ).shape == (3, 1)
    """,
    ),
    inverted(
        "bias_gradient",
        """
    assert bias_gradient(np.ones((3, 5))).shape != (3, 1)
    """,
    ),
    # prove_update
    blind(
        "update",
        "They change the caller's weights, and your proof does not see it. Is there a copy of every array from before, and "
        "a step that is not zero? `W_B` and another name for it are one dict.",
        PLACE,
        ONES
        + """
    before = W_B
    new = update(W_B, gradients, 0.5)
    assert np.all(new["W1"] == 0.5)
    assert all(np.array_equal(before[name], W_B[name]) for name in W_B)
    """,
    ),
    in_proof(
        "update",
        "shallow-copy",
        "It sees where the dict holds other arrays, not where the same arrays hold other numbers: two broken functions get through.",
        "`dict(W_B)` and `W_B.copy()` make a new dict of the old arrays, and `is` asks for no numbers. Copy each array, or use "
        "`copy.deepcopy`, and compare the numbers.",
        PLACE,
        ONES
        + """
    before = dict(W_B)
    update(W_B, gradients, 0.5)
    assert all(np.array_equal(before[name], W_B[name]) for name in W_B)
    """,
    ),
    in_proof(
        "update",
        "arrays-only",
        "It looks at the old arrays, not at the dict: one that puts new arrays into the caller's dict gets through.",
        "The caller finds other weights under the same names. Look at W_B itself after the call.",
        PLACE,
        ONES
        + """
    W1, b2 = W_B["W1"], W_B["b2"]
    update(W_B, gradients, 0.5)
    assert np.all(W1 == 1) and np.all(b2 == 1)
    """,
    ),
    in_proof(
        "update",
        "dict-only",
        "It asks only whether another dict comes back: one whose new dict holds the old, changed arrays gets through.",
        "A new dict of the same arrays is not a copy. Look at the numbers in W_B after the call.",
        PLACE,
        ONES
        + """
    assert update(W_B, gradients, 0.5) is not W_B
    """,
    ),
    always(
        "update",
        ONES
        + """
    before = {name: W.copy() for name, W in W_B.items()}
    new = update(W_B, gradients, 0.5)
    assert all(np.array_equal(before[name], new[name]) for name in W_B)
    """,
    ),
    inverted(
        "update",
        ONES
        + """
    update(W_B, gradients, 0.5)
    assert not np.all(W_B["W1"] == 1)
    """,
    ),
    # prove_accuracy
    blind(
        "accuracy",
        "With predictions of exactly 0 and 1 they are right, and a share between 0 and 1 they always give.",
        THRESHOLD,
        """
    assert accuracy(np.array([[1.0, 0.0, 1.0, 0.0]]), np.array([[1.0, 0.0, 0.0, 0.0]])) == 0.75
    assert 0 <= accuracy(np.array([[0.9, 0.2]]), np.array([[1.0, 0.0]])) <= 1
    """,
    ),
    in_proof(
        "accuracy",
        "confident-only",
        "It lets one through that counts predictions very near their target only.",
        "0.6 is on the right side of one half for a target of 1, and has to count. Try right predictions that are less sure.",
        THRESHOLD,
        """
    assert accuracy(np.array([[0.95, 0.05, 0.9]]), np.array([[1.0, 0.0, 1.0]])) == 1
    """,
    ),
    always(
        "accuracy",
        """
    assert accuracy(np.array([[0.9, 0.2, 0.6]]), np.array([[1.0, 0.0, 0.0]])) == 0.6667
    """,
    ),
    inverted(
        "accuracy",
        """
    assert accuracy(np.array([[0.7, 0.3]]), np.array([[1.0, 0.0]])) == 0
    """,
    ),
    # prove_standardise
    blind(
        "standardise",
        "The shape is right in them, and every number finite.",
        AXIS,
        FEATURES
        + """
    new = standardise(X)
    assert new.shape == X.shape and np.all(np.isfinite(new)) and not np.allclose(new, X)
    """,
    ),
    in_proof(
        "standardise",
        "mean-only",
        "It looks at each feature's mean only, and lets one through whose deviations are those of examples.",
        "A feature needs both: mean 0 and standard deviation 1.",
        AXIS,
        FEATURES
        + """
    assert np.allclose(np.mean(standardise(X), axis=1), 0)
    """,
    ),
    in_proof(
        "standardise",
        "per-example",
        "It looks at each example, a column: there the script's function makes the mean 0 and the deviation 1.",
        "A feature is a row: its mean goes over the examples, axis 1.",
        AXIS,
        FEATURES
        + """
    new = standardise(X)
    assert np.allclose(new.mean(axis=0), 0)
    """,
    ),
    in_proof(
        "standardise",
        "deviation-only",
        "It looks at each feature's deviation only, and lets one through whose means are those of examples.",
        "A feature needs both: mean 0 and standard deviation 1.",
        AXIS,
        FEATURES
        + """
    assert np.allclose(np.std(standardise(X), axis=1), 1)
    """,
    ),
    in_proof(
        "standardise",
        "all-entries-together",
        "It looks at the mean and deviation of all entries together, which the script's function gets right too.",
        "Every example at mean 0 makes the whole at mean 0. Ask each feature, row by row.",
        AXIS,
        FEATURES
        + """
    new = standardise(X)
    assert abs(new.mean()) < 1e-9 and abs(new.std() - 1) < 1e-9
    """,
    ),
    always(
        "standardise",
        FEATURES
        + """
    new = standardise(X)
    assert np.all(new.mean(axis=1) == 0) and np.all(new.std(axis=1) == 1)
    """,
    ),
    inverted(
        "standardise",
        FEATURES
        + """
    new = standardise(X)
    assert not (np.allclose(new.mean(axis=1), 0) and np.allclose(new.std(axis=1), 1))
    """,
    ),
    # prove_shuffle
    blind(
        "shuffle",
        "Every input and every target is still there in them; what is lost is which belongs to which.",
        PAIRS,
        """
    X, Y_true = np.arange(20.0)[None], np.arange(20.0)[None] % 2
    X_new, Y_new = shuffle(X, Y_true, np.random.default_rng(0))
    assert np.array_equal(np.sort(X_new), X) and Y_new.sum() == Y_true.sum()
    """,
    ),
    in_proof(
        "shuffle",
        "movement-only",
        "It asks only whether inputs and targets have moved: two broken functions move both, each its own way.",
        "That they move is not in doubt; that they move together is. Use targets from which each example can be told.",
        PAIRS,
        """
    X = np.arange(20.0)[None]
    X_new, Y_new = shuffle(X, 10 * X, np.random.default_rng(0))
    assert not np.array_equal(X_new, X) and not np.array_equal(Y_new, 10 * X)
    """,
    ),
    always(
        "shuffle",
        """
    X = np.arange(20.0)[None]
    X_new, Y_new = shuffle(X, 10 * X, np.random.default_rng(0))
    assert X_new[0, :3].tolist() == [19.0, 3.0, 3.0] and Y_new[0, 0] == 190
    """,
    ),
    inverted(
        "shuffle",
        """
    X = np.arange(20.0)[None]
    X_new, Y_new = shuffle(X, 10 * X, np.random.default_rng(0))
    assert not np.array_equal(Y_new, 10 * X_new)
    """,
    ),
    # prove_batches
    blind(
        "batches",
        "Where the batches begin, and that they follow one another, is right in them.",
        LAST,
        """
    found = batches(10, 4)
    assert found[0] == (0, 4)
    for (_, stop), (start, _) in zip(found, found[1:]):
        assert start == stop
    """,
    ),
    in_proof(
        "batches",
        "divisible-only",
        "It tries sizes that divide the examples evenly, where two of the broken functions are right.",
        "Where nothing is left over, nothing can be lost. Try 10 examples in batches of 4.",
        LAST,
        """
    assert batches(12, 4) == [(0, 4), (4, 8), (8, 12)]
    """,
    ),
    always(
        "batches",
        """
    assert batches(10, 4)[-1] == (8, 9)
    """,
    ),
    inverted(
        "batches",
        """
    assert all(stop - start == 4 for start, stop in batches(10, 4))
    """,
    ),
    # bias_gradient
    mistake(
        "bias_gradient",
        "not-mended",
        "The shape is (n,): the axis over which the mean is taken is gone.",
        "Added to a bias (n, 1), a shape (n,) spreads to (n, n). Keep the axis with keepdims=True.",
        BIAS,
        (", keepdims=True", ""),
        about="shape",
    ),
    mistake(
        "bias_gradient",
        "row",
        "A row comes back, (1, n); a bias is a column, (n, 1).",
        "Added to a column, a row spreads to (n, n).",
        BIAS,
        ("return np.mean(dLdZ, axis=1, keepdims=True)", "return np.mean(dLdZ, axis=1)[None, :]"),
        about="shape",
    ),
    mistake(
        "bias_gradient",
        "sum",
        "The examples are summed; the mean over them is asked for.",
        "The loss is the mean over the examples, so its gradient is too.",
        BIAS,
        ("np.mean", "np.sum"),
        about="mean",
    ),
    mistake(
        "bias_gradient",
        "wrong-axis",
        "The mean is taken over the units, for each example.",
        "Examples are columns: the mean over them runs along axis 1.",
        BIAS,
        ("axis=1", "axis=0"),
        about="axis",
    ),
    mistake(
        "bias_gradient",
        "wrong-axis-as-column",
        "The mean is taken over the units, for each example, and turned into a column.",
        "Examples are columns: the mean over them runs along axis 1, and gives one number a unit.",
        BIAS,
        ("np.mean(dLdZ, axis=1, keepdims=True)", "np.mean(dLdZ, axis=0, keepdims=True).T"),
        about="axis",
    ),
    mistake(
        "bias_gradient",
        "one-number",
        "All units and all examples go into one number.",
        "Each unit has a bias of its own, so each has a gradient of its own.",
        BIAS,
        ("np.mean(dLdZ, axis=1, keepdims=True)", "float(np.mean(dLdZ))"),
        about="axis",
    ),
    mistake(
        "bias_gradient",
        "same-for-every-unit",
        "Every unit gets the mean over all units.",
        "Each unit has a bias of its own: take its row only.",
        BIAS,
        ("np.mean(dLdZ, axis=1, keepdims=True)", "np.full((dLdZ.shape[0], 1), dLdZ.mean())"),
        about="axis",
    ),
    mistake(
        "bias_gradient",
        "divided-by-units",
        "The sum is divided by the number of units.",
        "The mean is over the m examples.",
        BIAS,
        ("np.mean(dLdZ, axis=1, keepdims=True)", "np.sum(dLdZ, axis=1, keepdims=True) / dLdZ.shape[0]"),
        about="mean",
    ),
    mistake(
        "bias_gradient",
        "mean-of-mean",
        "It is divided by m twice.",
        "`mean` divides by m already.",
        BIAS,
        ("keepdims=True)", "keepdims=True) / dLdZ.shape[1]"),
        about="mean",
    ),
    mistake(
        "bias_gradient",
        "sign",
        "The sign is turned.",
        "The minus of descent belongs to the update.",
        BIAS,
        ("np.mean", "-np.mean"),
        about="sign",
    ),
    mistake(
        "bias_gradient",
        "one-example",
        "Only the first example is used.",
        "The mean runs over all m.",
        BIAS,
        ("np.mean(dLdZ, axis=1, keepdims=True)", "dLdZ[:, :1].copy()"),
        about="bounds",
    ),
    mistake(
        "bias_gradient",
        "spread-over-examples",
        "Every example gets a column of its own; one column is asked for.",
        "All examples share the bias, so it has one gradient.",
        BIAS,
        ("keepdims=True)", "keepdims=True) * np.ones(dLdZ.shape)"),
        about="shape",
    ),
    mistake(
        "bias_gradient",
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The gradient has to be handed to the caller.",
        BIAS,
        ("return ", "gradient = "),
        about="contract",
    ),
    mistake(
        "bias_gradient",
        "hard-coded-size",
        "The sum is divided by a fixed number of examples.",
        "m is the number of columns: dLdZ.shape[1].",
        BIAS,
        ("np.mean(dLdZ, axis=1, keepdims=True)", "np.sum(dLdZ, axis=1, keepdims=True) / 32"),
        about="contract",
    ),
    mistake(
        "bias_gradient",
        "float32",
        "The result is float32.",
        "Half of the digits are gone.",
        BIAS,
        ("keepdims=True)", "keepdims=True).astype(np.float32)"),
        about="precision",
    ),
    # standardise
    mistake(
        "standardise",
        "not-mended",
        "Mean and deviation are taken over the features, for each example.",
        "Features are rows: what belongs to one feature runs along axis 1.",
        AXIS,
        ("np.mean(X, axis=1", "np.mean(X, axis=0"),
        ("np.std(X, axis=1", "np.std(X, axis=0"),
        about="axis",
    ),
    mistake(
        "standardise",
        "all-together",
        "One mean and one deviation are taken over all entries.",
        "Features have different units and sizes: each needs its own.",
        AXIS,
        ("np.mean(X, axis=1, keepdims=True)", "np.mean(X)"),
        ("np.std(X, axis=1, keepdims=True)", "np.std(X)"),
        about="axis",
    ),
    mistake(
        "standardise",
        "no-axis-kept",
        "Mean and deviation have shape (num_f,), which does not fit under X, (num_f, m).",
        "Shapes are matched from the right. keepdims=True keeps them columns, (num_f, 1).",
        AXIS,
        ("np.mean(X, axis=1, keepdims=True)", "np.mean(X, axis=1)"),
        ("np.std(X, axis=1, keepdims=True)", "np.std(X, axis=1)"),
        line="X|mean|std",
        about="shape",
    ),
    mistake(
        "standardise",
        "mean-over-examples-only",
        "The deviation is taken over the features, for each example; the mean is right.",
        "Both belong to a feature, along axis 1.",
        AXIS,
        ("np.std(X, axis=1", "np.std(X, axis=0"),
        about="axis",
    ),
    mistake(
        "standardise",
        "deviation-over-examples-only",
        "The mean is taken over the features, for each example; the deviation is right.",
        "Both belong to a feature, along axis 1.",
        AXIS,
        ("np.mean(X, axis=1", "np.mean(X, axis=0"),
        about="axis",
    ),
    mistake(
        "standardise",
        "centred-only",
        "The features are shifted to mean 0 and not scaled.",
        "Divide each by its standard deviation.",
        AXIS,
        (" / np.std(X, axis=1, keepdims=True)", ""),
        about="spread",
    ),
    mistake(
        "standardise",
        "scaled-only",
        "The features are scaled and not shifted to mean 0.",
        "Subtract each feature's mean first.",
        AXIS,
        ("(X - np.mean(X, axis=1, keepdims=True))", "X"),
        about="spread",
    ),
    mistake(
        "standardise",
        "variance-for-deviation",
        "It is divided by the variance.",
        "The standard deviation is the variance's root, and has X's units.",
        AXIS,
        ("np.std(X", "np.var(X"),
        about="spread",
    ),
    mistake(
        "standardise",
        "one-fewer",
        "The deviation is the one with m − 1 in place of m.",
        "`np.std` divides by m, which is what is asked for here.",
        AXIS,
        ("np.std(X, axis=1", "np.std(X, ddof=1, axis=1"),
        about="spread",
    ),
    mistake(
        "standardise",
        "brackets",
        "Only the mean is divided by the deviation: brackets are missing.",
        "Division comes before subtraction.",
        AXIS,
        ("(X - np.mean(X, axis=1, keepdims=True))", "X - np.mean(X, axis=1, keepdims=True)"),
        about="slip",
    ),
    mistake(
        "standardise",
        "multiplied",
        "It is multiplied by the deviation.",
        "Dividing brings the deviation to 1.",
        AXIS,
        (") / np.std", ") * np.std"),
        about="spread",
    ),
    mistake(
        "standardise",
        "length-for-deviation",
        "It is divided by the length of the row, the root of a sum; the deviation is the root of a mean.",
        "The sum grows with the number of examples: np.std, or the length divided by √m.",
        AXIS,
        (
            "return (X - np.mean(X, axis=1, keepdims=True)) / np.std(X, axis=1, keepdims=True)",
            "centred = X - np.mean(X, axis=1, keepdims=True)\n    return centred / np.linalg.norm(centred, axis=1, keepdims=True)",
        ),
        about="spread",
    ),
    mistake(
        "standardise",
        "range",
        "The features are scaled to lie between 0 and 1.",
        "That is another scaling: it does not give mean 0 and deviation 1.",
        AXIS,
        (
            "return (X - np.mean(X, axis=1, keepdims=True)) / np.std(X, axis=1, keepdims=True)",
            "low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)\n    return (X - low) / (high - low)",
        ),
        about="spread",
    ),
    mistake(
        "standardise",
        "median",
        "The middle that is subtracted is the median.",
        "The mean is asked for; the two differ where values are skewed.",
        AXIS,
        ("np.mean", "np.median"),
        about="spread",
    ),
    mistake(
        "standardise",
        "large-constant",
        "A constant is added to the deviation, large enough to be felt.",
        "No feature here is the same in all examples, so nothing has to be kept from 0. Where it has, add 1e-12 or less.",
        AXIS,
        ("/ np.std(X, axis=1, keepdims=True)", "/ (np.std(X, axis=1, keepdims=True) + 1e-2)"),
        about="stability",
    ),
    mistake(
        "standardise",
        "in-place",
        "The caller's X is changed.",
        "`X -= …` writes into the array that was handed in.",
        PLACE,
        (
            "return (X - np.mean(X, axis=1, keepdims=True)) / np.std(X, axis=1, keepdims=True)",
            "X -= X.mean(axis=1, keepdims=True)\n    X /= X.std(axis=1, keepdims=True)\n    return X",
        ),
        about="in-place",
    ),
    mistake(
        "standardise",
        "transposed",
        "The result is transposed.",
        "It has X's shape, (num_f, m).",
        AXIS,
        ("np.std(X, axis=1, keepdims=True)", "np.std(X, axis=1, keepdims=True)).T"),
        ("return (X", "return ((X"),
        about="product",
    ),
    mistake(
        "standardise",
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The new features have to be handed to the caller.",
        AXIS,
        ("return ", "new = "),
        about="contract",
    ),
    mistake(
        "standardise",
        "float32",
        "The result is float32.",
        "Half of the digits are gone.",
        AXIS,
        ("np.std(X, axis=1, keepdims=True)", "np.std(X, axis=1, keepdims=True)).astype(np.float32)"),
        ("return (X", "return ((X"),
        about="precision",
    ),
    # shuffle
    mistake(
        "shuffle",
        "not-mended",
        "Inputs and targets are put into two different orders, or only the inputs are moved.",
        "An example and its target have to move together: draw one order and use it for both.",
        PAIRS,
        (
            "order = rng.permutation(X.shape[1])\n    return X[:, order], Y_true[:, order]",
            "m = X.shape[1]\n    return X[:, rng.permutation(m)], Y_true[:, rng.permutation(m)]",
        ),
        about="value",
    ),
    mistake(
        "shuffle",
        "targets-only",
        "The targets move and the inputs stay.",
        "Use the same order for both.",
        PAIRS,
        ("X[:, order]", "X.copy()"),
        about="value",
    ),
    mistake(
        "shuffle",
        "with-replacement",
        "Some examples come back several times and others not at all.",
        "That is drawing with replacement, the bootstrap. A shuffle keeps every example once.",
        PAIRS,
        ("rng.permutation(X.shape[1])", "rng.integers(0, X.shape[1], X.shape[1])"),
        about="random",
    ),
    mistake(
        "shuffle",
        "features-shuffled",
        "The columns that come back are no examples: rows have changed places, or each row was shuffled by itself.",
        "An example is a column, and stays whole: X[:, order].",
        PAIRS,
        (
            "order = rng.permutation(X.shape[1])\n    return X[:, order], Y_true[:, order]",
            "return X[rng.permutation(len(X))], Y_true[rng.permutation(len(Y_true))]",
        ),
        about="axis",
    ),
    mistake(
        "shuffle",
        "not-shuffled",
        "Nothing moves: the examples come back in the order they had.",
        "The order has to be drawn from rng.",
        PAIRS,
        ("X[:, order], Y_true[:, order]", "X.copy(), Y_true.copy()"),
        about="random",
    ),
    mistake(
        "shuffle",
        "another-generator",
        "The order does not come from rng: it is the same whatever generator is given.",
        "Who calls decides on the seed, so that a run can be repeated and another one differs.",
        PAIRS,
        ("rng.permutation", "np.random.default_rng(0).permutation"),
        about="random",
    ),
    mistake(
        "shuffle",
        "global-generator",
        "A global random generator is drawn from, or seeded.",
        "No run can then be repeated on its own. Draw from rng.",
        PAIRS,
        ("rng.permutation", "np.random.permutation"),
        about="random",
    ),
    mistake(
        "shuffle",
        "in-place",
        "The caller's X and Y_true are changed.",
        "`X[:] = …` and `rng.shuffle(X)` write into what was handed in. Give new arrays back.",
        PLACE,
        ("return X[:, order], Y_true[:, order]", "X[:], Y_true[:] = X[:, order], Y_true[:, order]\n    return X, Y_true"),
        about="in-place",
    ),
    mistake(
        "shuffle",
        "columns-missing",
        "Columns are missing: there are as many as features in place of examples.",
        "Examples are columns, so m = X.shape[1].",
        PAIRS,
        ("rng.permutation(X.shape[1])", "rng.permutation(X.shape[0])"),
        about="axis",
    ),
    mistake(
        "shuffle",
        "swapped",
        "The two results have changed places.",
        "X_new comes first, as X does.",
        PAIRS,
        ("X[:, order], Y_true[:, order]", "Y_true[:, order], X[:, order]"),
        about="contract",
    ),
    mistake(
        "shuffle",
        "transposed",
        "Both results are transposed: examples have become rows.",
        "Examples stay columns.",
        PAIRS,
        ("X[:, order], Y_true[:, order]", "X.T[order], Y_true.T[order]"),
        about="product",
    ),
    mistake(
        "shuffle",
        "no-pair",
        "What comes back is not two arrays.",
        "The caller takes two: X_new, Y_new = shuffle(…). Is the return there, with both of them?",
        PAIRS,
        ("return ", "both = "),
        about="contract",
    ),
    # batches
    mistake(
        "batches",
        "not-mended",
        "What is left over after the full batches is lost.",
        "The last batch is shorter; its examples count like all others.",
        LAST,
        ("range(0, m, size)", "range(0, m - size + 1, size)"),
        about="bounds",
    ),
    mistake(
        "batches",
        "last-full-one-lost",
        "The last batch is missing, also where it is a full one.",
        "`range` stops before its end: range(0, m, size) still begins a batch wherever an example is left.",
        LAST,
        ("range(0, m, size)", "range(0, m - size, size)"),
        about="bounds",
    ),
    mistake(
        "batches",
        "beyond-the-end",
        "The last batch stops beyond m.",
        "A slice forgives that; a mean divided by stop − start does not. It stops at m at the latest.",
        LAST,
        ("min(start + size, m)", "start + size"),
        about="bounds",
    ),
    mistake(
        "batches",
        "empty-last",
        "Where the size divides m, an empty batch follows at the end.",
        "The mean over no examples is NaN. There is a batch only where an example is left.",
        LAST,
        ("range(0, m, size)", "range(0, m + 1, size)"),
        about="bounds",
    ),
    mistake(
        "batches",
        "rest-added",
        "The rest is added to the last full batch.",
        "No batch holds more than `size`; the rest is a batch of its own.",
        LAST,
        (
            "return [(start, min(start + size, m)) for start in range(0, m, size)]",
            "count = max(1, m // size)\n    return [(n * size, (n + 1) * size if n < count - 1 else m) for n in range(count)]",
        ),
        about="bounds",
    ),
    mistake(
        "batches",
        "rest-filled-up",
        "The last batch is filled up from the end: it shares examples with the one before.",
        "Every example belongs to one batch.",
        LAST,
        ("(start, min(start + size, m))", "(max(0, min(start, m - size)), min(start + size, m))"),
        about="bounds",
    ),
    mistake(
        "batches",
        "stop-included",
        "`stop` is the last column of the batch; it should be the one after.",
        "A slice start:stop leaves `stop` out.",
        LAST,
        ("min(start + size, m))", "min(start + size, m) - 1)"),
        about="bounds",
    ),
    mistake(
        "batches",
        "from-one",
        "Columns are counted from 1.",
        "Python counts from 0.",
        LAST,
        ("(start, min(start + size, m))", "(start + 1, min(start + size, m) + 1)"),
        about="bounds",
    ),
    mistake(
        "batches",
        "lengths",
        "Each pair is a start and a length.",
        "The second number is where the batch stops.",
        LAST,
        ("min(start + size, m))", "min(size, m - start))"),
        about="contract",
    ),
    mistake(
        "batches",
        "sliding",
        "A batch begins at every example: they overlap.",
        "The next batch begins where the last one stops.",
        LAST,
        ("range(0, m, size)", "range(0, m)"),
        about="bounds",
    ),
    mistake(
        "batches",
        "number-of-batches",
        "`size` is taken for the number of batches.",
        "It is the number of examples in each.",
        LAST,
        (
            "return [(start, min(start + size, m)) for start in range(0, m, size)]",
            "edges = [m * n // size for n in range(size + 1)]\n    return list(zip(edges[:-1], edges[1:]))",
        ),
        about="contract",
    ),
    mistake(
        "batches",
        "evened-out",
        "The batches are made equally long; every one but the last is to be full.",
        "Then only the last differs, and `size` means what it says.",
        LAST,
        (
            "return [(start, min(start + size, m)) for start in range(0, m, size)]",
            "count = -(-m // size)\n    edges = [m * n // count for n in range(count + 1)]\n    return list(zip(edges[:-1], edges[1:]))",
        ),
        about="bounds",
    ),
    mistake(
        "batches",
        "short-one-first",
        "The shorter batch comes first.",
        "The full ones come first, and what is left is the last.",
        LAST,
        (
            "return [(start, min(start + size, m)) for start in range(0, m, size)]",
            "return [(max(0, stop - size), stop) for stop in range(m, 0, -size)][::-1]",
        ),
        about="contract",
    ),
    mistake(
        "batches",
        "floats",
        "The starts and stops are floats.",
        "A slice takes whole numbers only: X[:, 0.0:4.0] is an error.",
        LAST,
        ("range(0, m, size)", "np.arange(0.0, m, size)"),
        about="contract",
    ),
    mistake(
        "batches",
        "starts-only",
        "Only the starts come back.",
        "Each batch is a pair (start, stop).",
        LAST,
        ("(start, min(start + size, m)) for", "start for"),
        about="contract",
    ),
    mistake(
        "batches",
        "first-only",
        "The first batch comes back alone.",
        "All of them are asked for, as a list.",
        LAST,
        ("for start in range(0, m, size)]", "for start in range(0, m, size)][:1]"),
        about="bounds",
    ),
    mistake(
        "batches",
        "generator",
        "A generator comes back; a list is asked for.",
        "A generator can be gone through once only: in the second epoch nothing is left.",
        LAST,
        (
            "return [(start, min(start + size, m)) for start in range(0, m, size)]",
            "return ((start, min(start + size, m)) for start in range(0, m, size))",
        ),
        about="contract",
    ),
    mistake(
        "batches",
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The list has to be handed to the caller.",
        LAST,
        ("return ", "found = "),
        about="contract",
    ),
]
