"""The solutions on paper are right: each number that one states is worked out again, from the problem.

Slopes are measured, networks are run, lowest points are searched for. What is worked out stands in the solution in this order,
rounded as it is there, and the solution states no other number. Formulas are held against measurements at random points.
"""

import re

import numpy as np
import pytest

from backprop import notebook
from conftest import ROOT

NUMBER = r"(?<![\w.])-?\d+(?:\.\d+)?(?:/\d+|e-?\d+)?(?![\w/]|\.\d)"
SYMBOLIC = {(5, 3)}  # nothing but shapes, in letters
WORKED = {}  # (chapter, problem): a function that returns the numbers as the solution has them, and what they should be

X, Y = np.array([[1.0, -2.0], [1.0, 2.0]]), np.array([[1.0, 1.0]])  # the small network
W1, B1 = np.array([[1.0, 2.0], [-2.0, -2.0]]), np.array([[-1.0], [1.0]])
W2, B2 = np.array([[-1.0, 1.0]]), np.array([[1.0]])


def sections(path):
    """The statement and the solution of each problem of a page."""
    text = "\n\n".join(cell.source for cell in notebook.read(path).cells if cell.cell_type == "markdown")
    paper = re.search(r"^## On paper\n(.*?)(?=^## |\Z)", text, re.M | re.S)[1]
    found = re.findall(r"^(\d)\. (.*?)<details><summary>Solution</summary>(.*?)</details>", paper, re.M | re.S)
    return {(int(path.name[:2]), int(number)): (statement, solution) for number, statement, solution in found}


PROBLEMS = {key: both for path in sorted((ROOT / "book").glob("[0-9]*.ipynb")) for key, both in sections(path).items()}


def plain(text):
    """A text with its numbers as Python has them, without links, powers and indices."""
    text = re.sub(r"\]\([^)]*\)|\\[,;!]", " ", text.replace("−", "-"))
    text = re.sub(r"\\frac(?:(\d)|\{(\d+)\})(?:(\d)|\{(\d+)\})", lambda m: "/".join(filter(None, m.groups())), text)
    text = re.sub(r" ?\\cdot 10\^\{(-?\d+)\}", r"e\1", text)
    return re.sub(r"[_^](\{[^{}]*\}|\\\w+|\w)", "", text)


def stands_for(text, value):
    """Whether a value, rounded to as many digits, is written so; a whole number or a fraction is not rounded."""
    if "/" in text or re.fullmatch(r"-?\d+", text):
        over, _, under = text.partition("/")
        return abs(float(over) / float(under or 1) - value) < 1e-6
    mantissa, _, power = text.partition("e")
    unit = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    return abs(float(text) - value) <= unit / 2 + 1e-9


@pytest.mark.parametrize("chapter, problem", PROBLEMS)
def test_a_solution_on_paper_is_right(chapter, problem):
    key, (statement, solution) = (chapter, problem), PROBLEMS[chapter, problem]
    rows = [row[1:] for row in formulas(np.random.default_rng(8)) if row[0] == key]
    assert rows or key in WORKED or key in SYMBOLIC
    listed = re.findall(NUMBER, plain(statement + "".join(words for words, _, _ in rows)))
    for words, gives, measured in rows:
        assert words in " ".join(solution.split())
        np.testing.assert_allclose(gives, measured, rtol=1e-5, atol=1e-9, err_msg=words)
    words, values = WORKED.get(key, lambda rng: ("", []))(np.random.default_rng(8))
    stated = re.findall(NUMBER, plain(solution))
    rest = iter(stated)
    for number, value in zip(words.split(), np.ravel(values), strict=True):
        assert stands_for(number, value), f"{number} should be {value}"
        assert number in rest, f"the solution does not say {number} here"
    results = [n for n in stated if "." in n] + re.findall(rf"(?:=|\\approx) ({NUMBER})(?=[$.,;) ])", plain(solution))
    assert not set(results) - set(listed) - set(words.split()), "it states what was not worked out"


def solves(chapter, problem):
    """Enter a function as what works a problem out."""
    return lambda function: WORKED.setdefault((chapter, problem), function)


def slopes(f, x, h=1e-5):
    """The slope of a function along each entry of an array, by nudging both ways."""
    x = np.asarray(x, float)
    nudges = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + nudge) - f(x - nudge)) / (2 * h) for nudge in nudges]).reshape(x.shape)


def lowest(f, low, high):
    """Where a function that falls and then rises is lowest, between two numbers."""
    for _ in range(100):
        third = (high - low) / 3
        low, high = (low, high - third) if f(low + third) < f(high - third) else (low + third, high)
    return low


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.maximum(z, 0)


def silu(z):
    return z * sigmoid(z)


def cross_entropy(p, y):
    return -y * np.log(p) - (1 - y) * np.log(1 - p)


def kept(slope):
    """Which share of the mean square of numbers on a bell curve leaky ReLU keeps."""
    z = np.linspace(-9, 9, 180_001)
    bell = np.exp(-(z**2) / 2)
    return np.sum(bell * np.where(z > 0, z, slope * z) ** 2) / np.sum(bell * z**2)


def formulas(rng):
    """For each formula of a solution: the problem, its words, what it gives at a random point, what is measured there."""
    a, b, c, q, n = *rng.uniform(0.2, 0.9, 4), 40
    s, first, second = 1 + 2 * 1 - 1, *slopes(lambda w: (w @ [1, 2] - 1) ** 2, [1, 1], c)
    yield (0, 2), "$s = w_1 + 2w_2 - 1 = 2$", 2, s
    yield (0, 2), "4sh", 4 * s * c, first * 2 * c
    yield (0, 2), "8sh", 8 * s * c, second * 2 * c
    yield (0, 2), "$2s = 4$", [2 * s, 4], [first, first]
    yield (0, 2), "$4s = 8$", [4 * s, 8], [second, second]
    yield (1, 2), r"\bar c / b$ to $a$", c / b, slopes(lambda a: c * a / b, a)
    yield (1, 2), r"-\bar c\, c / b$ to $b$", -c * (a / b) / b, slopes(lambda b: c * a / b, b)
    yield (1, 3), r"$a$ gets $\bar c$ and $b$ gets 0", [c, 0], slopes(lambda v: c * max(v), [a + b, a])

    x, net, V, W, t = (rng.normal(size=size) for size in (2, 3, (4, 3), (2, 4), 2))
    U, w, o = rng.normal(size=(3, 2)), rng.normal(size=3), sigmoid(net)
    hidden, p = sigmoid(U @ x), sigmoid(V @ o)
    out = sigmoid(w @ hidden)
    back = -slopes(lambda U: (1 - sigmoid(w @ sigmoid(U @ x))) ** 2, U)
    D = slopes(sigmoid, w @ hidden)
    yield (2, 2), "$2D$", 2 * D * (1 - out) * hidden, -slopes(lambda w: (1 - sigmoid(w @ hidden)) ** 2, w)
    yield (2, 2), "$2D$", 2 * D * np.outer(w * (1 - out) * (1 - hidden) * hidden, x), back
    back = -slopes(lambda o: np.sum((t - W @ sigmoid(V @ o)) ** 2) / 2, o)
    yield (2, 3), r"V^\top \mathrm{diff}_p", V.T @ ((W.T @ (t - W @ p)) * (1 - p) * p), back

    yield (3, 1), "1 and $-1$, the biases 0, the output weights 1 and 1", [1, 1] @ relu(np.outer([1, -1], net)), abs(net)
    yield (3, 1), r"x_2 + \mathrm{ReLU}(x_1 - x_2)", net + relu(w - net), np.maximum(w, net)
    yield (3, 2), r"1 - \sigma(z)", 1 - sigmoid(net), sigmoid(-net)
    yield (3, 3), r"\sigma(z) + z \cdot \sigma(z)(1 - \sigma(z))", sigmoid(a) + a * sigmoid(a) * (1 - sigmoid(a)), slopes(silu, a)

    at = sigmoid(-2)
    there = np.round([slopes(silu, 0), at, at, 1 - at, slopes(silu, -2)], 3)
    words = r"At 0 that is $\frac12$. At $-2$ it is $0.119 - 2 \cdot 0.119 \cdot 0.881 = -0.091$"
    yield (3, 3), words, [1 / 2, 0.119, 0.119, 0.881, -0.091], there
    yield (3, 3), "$z = -1.28$", -1.28, round(lowest(silu, -5, 5), 2)

    mean, squared = lambda p: q * cross_entropy(p, 1) + (1 - q) * cross_entropy(p, 0), lambda p: q * (p - 1) ** 2 + (1 - q) * p**2
    yield (4, 1), r"\frac{\hat y - q}{\hat y (1 - \hat y)}", (a - q) / (a * (1 - a)), slopes(mean, a)
    yield (4, 1), r"lowest point is at $\hat y = q$", q, lowest(mean, 0.01, 0.99)
    yield (4, 1), r"2(\hat y - q)", 2 * (a - q), slopes(squared, a)
    yield (4, 1), "the lowest point is the same", q, lowest(squared, 0.01, 0.99)
    bend, eps = lambda z: slopes(lambda z: slopes(lambda z: cross_entropy(sigmoid(z), 1), z, 1e-3), z, 1e-3), np.finfo(float).eps
    yield (4, 2), r"\frac14 - (\hat y - \frac12)^2", 1 / 4 - (sigmoid(a) - 1 / 2) ** 2, bend(a)
    sharpest = lowest(lambda z: -bend(z), -3, 2)
    yield (4, 2), r"at most $\frac14$, for $\hat y = \frac12$", [1 / 4, 1 / 2], np.round([bend(sharpest), sigmoid(sharpest)], 5)
    yield (4, 3), r"\frac12 (\hat y - y)^2 - \log c", (a - b) ** 2 / 2 - np.log(c), -np.log(c * np.exp(-((b - a) ** 2) / 2))

    R, Z, labels, m = rng.normal(size=(5, 3)), rng.normal(size=(3, 5)), rng.integers(0, 2, (2, 5)), 5
    yield (5, 2), r"R W_1^\top + b_1^\top", R @ V.T + p[:, None].T, [[row @ r + bias for row, bias in zip(V, p)] for r in R]
    delta = (W.T @ (sigmoid(W @ relu(V @ relu(Z))) - labels)) * (V @ relu(Z) > 0)
    over_V = slopes(lambda V: np.sum(cross_entropy(sigmoid(W @ relu(V @ relu(Z))), labels)) / m, V)
    over_Z = slopes(lambda Z: np.sum(cross_entropy(sigmoid(W @ relu(V @ relu(Z))), labels)), Z)
    yield (6, 3), r"\frac1m \delta A^\top", delta @ relu(Z).T / m, over_V
    yield (6, 3), r"(V^\top \delta) \odot [Z_1 > 0]", (V.T @ delta) * (Z > 0), over_Z

    yield (7, 1), "3x^2 + 3xh + h^2", 3 * a**2 + 3 * a * c + c**2, ((a + c) ** 3 - a**3) / c
    yield (7, 1), "x^3 + 3x^2h + 3xh^2 + h^3", a**3 + 3 * a**2 * c + 3 * a * c**2 + c**3, (a + c) ** 3
    yield (7, 1), "x^3 - 3x^2h + 3xh^2 - h^3", a**3 - 3 * a**2 * c + 3 * a * c**2 - c**3, (a - c) ** 3
    yield (7, 1), "6x^2h + 2h^3", 6 * a**2 * c + 2 * c**3, (a + c) ** 3 - (a - c) ** 3
    yield (7, 1), "3x^2 + h^2", 3 * a**2 + c**2, slopes(lambda x: x**3, a, c)
    three, any_s = (np.linalg.norm(k * w - w) / (np.linalg.norm(k * w) + np.linalg.norm(w)) for k in (3, c))
    yield (7, 2), r"|1 - 3|/(1 + 3) = \frac12", [abs(1 - 3) / (1 + 3), 1 / 2], [three, three]
    yield (7, 2), "|1 - s|/(1 + s)", abs(1 - c) / (1 + c), any_s
    best, alike = (lowest(lambda h, k=k: eps * k / np.exp(h) + np.exp(2 * h) / 6, -16, -7) for k in (a / b, 1))
    yield (7, 3), r"h^3 = 3 \varepsilon |f| / |f'''|", np.log(3 * eps * a / b), 3 * best
    root = [np.exp(alike) * 1e6, round(np.exp(alike) * 1e6)]
    yield (7, 3), r"\sqrt[3]{3\varepsilon} \approx 9 \cdot 10^{-6}", [np.cbrt(3 * eps) * 1e6, 9], root
    yield (8, 2), r"\frac{1 + \alpha^2}{2}", (1 + a**2) / 2, kept(a)
    yield (8, 2), r"v = \dfrac{2}{(1 + \alpha^2)\, n}", 2 / ((1 + a**2) * n), 1 / (n * kept(a))
    yield (8, 2), r"For $\alpha = 0$ that is He's rule", 2 / n, 1 / (n * kept(0))
    yield (8, 2), r"For $\alpha = 1$ nothing bends, and it is $1/n$", 1 / n, 1 / (n * kept(1))
    yield (8, 3), "2^{-10}", 2.0**-10, kept(0) ** 10

    raw, mu, s = 3 + 2 * rng.normal(size=(3, 9)), rng.normal(size=(3, 1)), rng.uniform(1, 2, (3, 1))
    yield (9, 2), "the full gradient", np.mean([raw[:, k : k + 3].mean(axis=1) for k in (0, 3, 6)], axis=0), raw.mean(axis=1)
    yield (9, 3), r"b_1 = b_1' - W_1 \mu", V / s.T @ raw + p[:, None] - V / s.T @ mu, V @ ((raw - mu) / s) + p[:, None]
    z, labels = rng.normal(size=200), rng.integers(0, 2, 200)
    most = np.cumsum(cross_entropy(sigmoid(z), labels)) >= np.cumsum((z > 0) != labels) * np.log(2)
    each = cross_entropy(sigmoid(np.zeros((4, 20))), labels[:80].reshape(4, 20))
    right = each.sum(axis=0).mean()
    yield (10, 1), r"$4 \log 2 = 2.77$, four times", [4, 2.77], np.round([right / each.mean(), right], 2)
    yield (10, 2), r"L \ge q \log 2", True, most
    wrong = sum(k * cross_entropy(0.5, 1) <= 0.09 * 10_000 for k in range(1, 10_001)) / 10_000
    yield (10, 2), "$1 - 0.09/0.69 = 0.87$", [0.69, 0.87], np.round([cross_entropy(0.5, 1), 1 - wrong], 2)

    S, c, last = rng.normal(size=(3, 3)), rng.normal(size=(3, 1)), rng.normal(size=(3, 5))
    one = S @ Z + c
    over_S = slopes(lambda S: np.sum(last * (S @ relu(S @ Z + c) + c)), S)
    both = last @ relu(one).T + ((S.T @ last) * (one > 0)) @ Z.T
    words = r"\frac{\partial L}{\partial Z_2} A_1^\top + \frac{\partial L}{\partial Z_1} X^\top"
    yield (11, 3), words, both, over_S

    z, T = rng.normal(size=4), 1.7
    pair, hidden = rng.normal(size=(2, 3)), rng.normal(size=(3, 1))
    yield (
        (12, 2),
        r"$p_0 = \sigma(z_0 - z_1)$, so the weights are $w_0 - w_1$",
        sigmoid((pair[0] - pair[1]) @ hidden),
        shares(pair @ hidden)[0],
    )
    over_rows = slopes(lambda V: surprise((V @ hidden)[:, 0], 0), pair)
    yield (12, 2), "the two gradients are the same but for the sign", -over_rows[1], over_rows[0]
    yield (12, 2), r"-(p_0 - y_0)", -(shares(z[:2])[0] - 1), slopes(lambda z: surprise(z, 0), z[:2])[1]
    hotter = slopes(lambda T: surprise(z / T, 2), T)
    yield (12, 3), r"\frac{1}{T^2}\bigl(z_y - \sum_k p_k\, z_k\bigr)", (z[2] - shares(z / T) @ z) / T**2, hotter


@solves(0, 1)
def nudge_and_step(rng):
    def root(w):
        return w @ [1, 2] - 1

    start, after = np.ones(2), [root(np.array(w)) for w in ([1.1, 1], [1, 1.1])]
    slope = np.array([(r**2 - root(start) ** 2) / 0.1 for r in after])
    end = start - 0.1 * slope
    measured = [number for r, s in zip(after, slope) for number in (r, r**2, s)]
    last = [*(start - end), *end, root(end), root(end) ** 2]
    return "4 2.1 4.41 4.1 2.2 4.84 8.4 0.41 0.84 0.59 0.16 -0.09 0.0081", [root(start) ** 2, *measured, *last]


@solves(1, 1)
def slopes_on_arrows(rng):
    e, u = np.exp(1), slopes(lambda u: u * np.exp(u), 1)
    r, s = slopes(lambda v: np.prod(v) * np.exp(np.prod(v)), [2, 0.5])
    back = [slopes(lambda e: 1 * e, e), e, slopes(np.exp, 1), u, u, r, u, s]
    return "1 2.718 2.718 1 2.718 2.718 5.437 5.437 2.718 5.437 10.873", [2 * 0.5, e, 1 * e, *back]


@solves(2, 1)
def two_sigmoid_outputs(rng):
    W, out, target = np.array([2, -1]), np.array([0.6, 0.2]), np.array([1, 0])
    net, E = np.log(out / (1 - out)), target - out
    d_out = slopes(lambda net: np.sum((target - sigmoid(net)) ** 2), net)
    d_hid = slopes(lambda z: np.sum((target - sigmoid(net + W * (sigmoid(z) - 0.5))) ** 2), 0)
    D, slope = slopes(lambda net: np.sum(sigmoid(net)), net), slopes(sigmoid, 0)
    simple, exact = [*E, *E**2, E @ E, W @ E, W @ E * slope], [D[0], D[1], *d_out, slope, W @ d_out, slope, d_hid]
    words = "0.4 -0.2 0.16 0.04 0.2 1 0.25 0.24 0.16 -0.192 0.064 0.25 -0.448 0.25 -0.112 0.056 0.25"
    return words, [*simple, *exact, d_hid / -2, W @ E * slope]


@solves(5, 1)
def shapes_and_parameters(rng):
    V, c, W, b = (np.ones(shape) for shape in ((7, 3), (7, 1), (2, 7), (2, 1)))
    Z1 = V @ np.ones((3, 11)) + c
    Z2 = W @ relu(Z1) + b
    shapes = [size for array in (V, c, Z1, relu(Z1), W, b, Z2, sigmoid(Z2)) for size in array.shape]
    products = [7, V[0].size + 1, 2, W[0].size + 1, V.size + c.size + W.size + b.size]
    return "7 3 7 1 7 11 7 11 2 7 2 1 2 11 2 11 7 4 2 8 44", [*shapes, *products]


def small_loss(A):
    """The losses of the small network's two examples, added up."""
    return np.sum(cross_entropy(sigmoid(W2 @ A + B2), Y))


@solves(6, 1)
def leaky_gate(rng):
    Z, (up, down) = W1 @ X + B1, np.where(W1 @ X + B1 > 0, 1, 0.1)[:, 0]
    back = slopes(small_loss, relu(Z))[:, 0]
    gated = slopes(lambda moved: small_loss(relu(Z) + np.where(Z > 0, moved, 0.1 * moved)), 0 * Z)[:, 0]
    return "1 0.1 0.731 -0.731 2 -3 0.731 -0.0731 -0.3", [up, down, *back, *Z[:, 0], *gated, 0.1 * Z[1, 0]]


@solves(6, 2)
def gradient_of_the_input(rng):
    delta1 = slopes(lambda Z: small_loss(relu(Z)), W1 @ X + B1)[:, 0]
    over_x = slopes(lambda X: small_loss(relu(W1 @ X + B1)), X)[:, 0]
    return "0.731 0 1 0.731 2 0.731 0.731 1.462", [*delta1, W1[0, 0], delta1[0], W1[0, 1], delta1[0], *over_x]


@solves(8, 1)
def mean_squares(rng):
    z, wide = (rng.normal(0, 0.2, (100_000, inputs)) @ np.ones(inputs) for inputs in (50, 200))
    needed = 0.2 * np.sqrt(np.mean(z**2) / np.mean(wide**2))
    return "0.04 2 1 0.01 0.1", [0.2**2, np.mean(z**2).round(1), np.mean(relu(z) ** 2).round(1), needed**2, needed]


@solves(8, 3)
def ten_layers(rng):
    A = np.ones((200, 100, 1))
    for _ in range(10):
        A = relu(rng.normal(0, 0.1, (200, 100, 100)) @ A)
    return "1/2 1/100 1/2 0.001", [kept(0), 0.1**2, 100 * 0.1**2 * kept(0), np.mean(A**2)]


@solves(9, 1)
def valley(rng):
    def slope(w):
        return slopes(lambda w: (w[0] - 1) ** 2 + 25 * (w[1] + 2) ** 2, w, 1)

    low, end = np.array([1, -2]), 0 - 0.03 * slope([0, 0])
    curvature = slope(low + 1) - slope(low)
    bound = lowest(lambda rate: (abs(1 - rate * slope(low + 1)[1]) - 1) ** 2, 0.03, 0.1)  # where a step keeps the distance
    first, second = end - low
    words = "2 1 50 2 2 50 25 2/50 0.04 -2 100 0.06 -3 -1 -0.94 0.06 2 -1 1.5 -0.5"
    found = [curvature[0], 1, curvature[1], 2, *curvature, curvature[1] / curvature[0], round(bound, 6), bound]
    return words, [*found, *slope([0, 0]), *end, -1, first, 1 - first / -1, 2, second, 1 - second / 2, second / 2]


@solves(10, 3)
def smaller_last_batch(rng):
    parts = [slice(k, k + 32) for k in range(0, 230, 32)]
    counts = slopes(lambda losses: np.mean([losses[part].mean() for part in parts]), np.ones(230))
    first, last = (counts[parts[k]] for k in (0, -1))
    each = [len(parts), first.size, len(parts), last.size]
    return "8 6 1/8 8 32 8 6 5.3", [len(parts), last.size, first.sum(), *each, last[0] / first[0]]


@solves(11, 1)
def counted_in_three_widths(rng):
    W, V, X = np.ones((32, 64)), np.ones((10, 32)), np.ones((64, 100))
    weights, biases = W.size + V.size, len(W) + len(V)
    forward = sum(A.shape[0] * A.shape[1] * B.shape[1] for A, B in ((W, X), (V, W @ X)))
    last = np.ones((10, 100))
    back = sum(A.shape[0] * A.shape[1] * B.shape[1] for A, B in ((last, (W @ X).T), (V.T, last), (V.T @ last, X.T)))
    words = "32 64 2048 10 32 320 2368 42 2410 100 2368 236800 100 2 2368 2048 268800"
    both = [*W.shape, W.size, *V.shape, V.size, weights, biases, weights + biases]
    return words, [*both, X.shape[1], weights, forward, X.shape[1], 2, weights, W.size, back]


@solves(11, 2)
def gradient_of_the_input_of_three_layers(rng):
    V, c = np.array([[1.0, -1.0], [2.0, -3.0]]), np.array([[1.0], [-3.0]])

    def loss(Z):
        return np.mean(cross_entropy(sigmoid(W2 @ relu(V @ relu(Z) + c) + B2), Y))

    arrived = slopes(loss, W1 @ X + B1)[:, 0]
    over_x = slopes(lambda X: loss(W1 @ X + B1), X)[:, 0]
    return "-0.366 0 1 -0.366 2 -0.366 -0.366 -0.731", [*arrived, W1[0, 0], arrived[0], W1[0, 1], arrived[0], *over_x]


def shares(z):
    """The softmax of one example, or of columns."""
    return np.exp(z) / np.exp(z).sum(axis=0)


def surprise(z, right):
    """The loss of one example with these logits."""
    return -np.log(shares(z)[right])


@solves(12, 1)
def three_logits(rng):
    z = np.log([1, 2, 5])
    powers = np.exp(z)
    over_z = slopes(lambda z: surprise(z, 2), z)
    found = [*powers, powers.sum(), *shares(z), shares(z)[2], surprise(z, 2), *over_z, over_z.sum()]
    return "1 2 5 8 0.125 0.25 0.625 0.625 0.47 0.125 0.25 -0.375 0", found


@solves(12, 3)
def slope_along_the_temperature(rng):
    z = np.array([-1, 2, 1.0])
    return "-1 2 1 2 2 1.635 0.365 1", [*z, z[1], z[1], shares(z) @ z, slopes(lambda T: surprise(z / T, 1), 1.0), 1]
