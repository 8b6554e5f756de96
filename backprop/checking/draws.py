"""Inputs that several chapters draw: fair to every right answer, unkind to every wrong one.

Sizes are drawn, pairwise coprime and never square, so that a wrong transpose cannot hide and none can be written in;
pre-activations keep away from ReLU's kink, where more than one convention is right. What such sizes leave out, one of
anything, equal sizes, arrays that are not contiguous, are the edges: the same for everyone, whatever the numbers.

| what you can do | with |
| --- | --- |
| draw arrays and numbers | `layer`, `number`, `far_out` and their kin |
| draw a network | `network`, and what takes its parts: `forward_…`, `backward_…`, `step_…` |
| draw one of any number of layers | `layers`, and what takes its parts: `layers_…`, `walk_…`, `widths_…` |
| draw for losses and predictions | `logits_…`, `predictions_…` |
"""

import itertools

import numpy as np

from backprop.checking.wire import scattered

# num_f, num_h, num_out and m
MANY = ((3, 7, 2, 11), (2, 5, 3, 11), (4, 5, 3, 11), (5, 7, 2, 9), (3, 5, 4, 11))
FEW = ((5, 4, 3, 7), (2, 5, 3, 7), (4, 3, 5, 7), (7, 4, 3, 5), (3, 4, 7, 5))
# The widths of a network of any number of layers, the input's first, and m; of four layers they are all different
TWO_LAYERS = (((3, 5, 2), 7), ((4, 7, 3), 5), ((5, 3, 4), 7), ((2, 7, 5), 9))
MORE_LAYERS = (((7, 5, 4, 3), 11), ((7, 5, 3, 2), 11), ((2, 3, 7, 4, 5), 6), ((5, 4, 3, 2, 7), 8))
TRIES = 200  # of a layer's weights, before a network is drawn anew
# num_out and m
MANY_ANSWERS = ((3, 8), (2, 9), (4, 9), (5, 8))
FEW_ANSWERS = ((2, 5), (3, 5), (2, 7), (3, 4))


def some(rng, sizes):
    """One of several sizes, as numbers of Python's own."""
    return sizes[rng.integers(len(sizes))]


def unequal(rng, count):
    """So many sizes, of which no two are equal and none can be mistaken for another one."""
    return [int(size) for size in rng.permutation(np.arange(2, 14))[:count]]


def draw(title, make, *arguments):
    """A draw from what makes its inputs: ``make(rng, *arguments)`` under a title."""

    def drawn(rng):
        return make(rng, *arguments)

    drawn.__doc__ = title
    return drawn


def not_contiguous(make, *arguments):
    """A draw of arrays that are contiguous in no order."""

    def view(value):
        if isinstance(value, dict):
            return {key: view(part) for key, part in value.items()}
        if isinstance(value, list):
            return list(map(view, value))
        return scattered(value) if isinstance(value, np.ndarray) else value

    return draw("for arrays that are not contiguous, as a transpose or a slice is", lambda rng: view(make(rng, *arguments)))


def nothing(rng):
    """as it stands"""
    return {}


def away_from_zero(rng, shape):
    """Normal numbers of either sign with absolute value at least 0.1."""
    return rng.choice([-1.0, 1.0], shape) * (0.1 + np.abs(rng.standard_normal(shape)))


def layer(rng):
    """for an array Z"""
    Z = away_from_zero(rng, some(rng, ((3, 5), (4, 3), (5, 4), (3, 7), (4, 5))))
    Z[0, 0] = -np.abs(Z[0, 0])  # NumPy's vectorize takes its dtype from the first result: here a 0 shows that
    Z[1:3, 2] = rng.permutation([-1.0, 1.0]) * rng.uniform(6.5, 8.5, 2)  # beyond a cut, as of ReLU6
    return {"Z": Z}


def number(rng):
    """for a single number Z"""
    return {"Z": float(away_from_zero(rng, ()))}


def positive(rng):
    """for a single positive number Z"""
    return {"Z": abs(number(rng)["Z"])}


def negative(rng):
    """for a single negative number Z"""
    return {"Z": float(-rng.uniform(2.2, 4.0))}


def far_out(rng):
    """for Z up to ±1000"""
    return {"Z": np.array([[-1000.0, -750.0, -40.0, -1.5, 0.5], [1000.0, 720.0, 37.0, 2.5, -0.5]]) * rng.uniform(0.99, 1.0)}


def array(rng, *shape):
    """An array of numbers of either sign, the first one negative."""
    Z = away_from_zero(rng, shape)
    Z.flat[0] = -np.abs(Z.flat[0])
    return {"Z": Z}


array_edges = (
    draw("for an array of one row and one column", array, 1, 1),
    draw("for an array of one row", array, 1, 5),
    draw("for an array of one column", array, 4, 1),
    draw("for a square array", array, 3, 3),
    draw("for an array of one axis", array, 6),
    draw("for an array of three axes", array, 2, 3, 2),
    not_contiguous(array, 3, 4),
)
all_edges = (positive, negative, *array_edges)


def network(rng, num_f, num_h, num_out, m):
    """X, W_B and Y_true of a network with no hidden unit at ReLU's kink, none that is always off, and no output that is very sure.

    Of one example no unit can be both on and off: there some units are on and, if there are several, some are off. A sure output would tell right losses apart: by what 1 − Y_pred rounds away, and by the small constant that some add to it.

    Returns
    -------
    dict
        ``X`` (num_f, m); ``W_B`` with ``W1`` (num_h, num_f), ``b1`` (num_h, 1), ``W2`` (num_out, num_h),
        ``b2`` (num_out, 1); ``Y_true`` (num_out, m) of zeros and ones, both in every row of several.
    """
    while True:
        X, W1, b1 = rng.standard_normal((num_f, m)), rng.standard_normal((num_h, num_f)), 0.5 * rng.standard_normal((num_h, 1))
        Z1 = W1 @ X + b1
        on = Z1 > 0
        if np.abs(Z1).min() <= 1e-3 or not (_both(on) if m > 1 else on.any() and (num_h == 1 or not on.all())):
            continue
        W2, b2 = 0.3 * rng.standard_normal((num_out, num_h)), 0.5 * rng.standard_normal((num_out, 1))
        if np.abs(W2 @ np.maximum(Z1, 0) + b2).max() < 2.5:
            break
    Y_true = rng.integers(0, 2, (num_out, m))
    while m > 1 and not _both(Y_true):
        Y_true = rng.integers(0, 2, (num_out, m))
    return {"X": X, "W_B": {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, "Y_true": Y_true.astype(float)}


def _both(values):
    """Whether every row of zeros and ones holds both."""
    ones = np.add.reduce(values, axis=1)
    return ones.min() > 0 and ones.max() < values.shape[1]


def forward(rng, *sizes):
    """X and W_B of a network."""
    case = network(rng, *sizes)
    return {"X": case["X"], "W_B": case["W_B"]}


def forward_many(rng):
    """for many examples"""
    return forward(rng, *some(rng, MANY))


def forward_few(rng):
    """for few examples"""
    return forward(rng, *some(rng, FEW))


def backward_many(rng):
    """for many examples"""
    return network(rng, *some(rng, MANY))


def backward_few(rng):
    """for few examples"""
    return network(rng, *some(rng, FEW))


def _edges(make):
    """Draws of the sizes that coprime ones leave out, from what makes inputs of num_f, num_h, num_out and m."""
    return (
        draw("for one example", make, 3, 5, 2, 1),
        draw("for one output", make, 4, 3, 1, 5),
        draw("for one hidden unit", make, 3, 1, 2, 5),
        draw("for one feature", make, 1, 4, 3, 5),
        draw("for one feature, unit, output and example", make, 1, 1, 1, 1),
        draw("for equal sizes", make, 3, 3, 3, 3),
        not_contiguous(make, 4, 3, 2, 5),
    )


def forward_saturated(rng):
    """for outputs that saturate"""
    Z2 = np.zeros(1)
    while Z2.max() <= 0:  # where all predictions are near 0, one that rounds to 0 would not be as right as one of 1e-260
        case = forward(rng, 2, 4, 3, 5)
        W_B = case["W_B"]
        Z2 = W_B["W2"] @ np.maximum(W_B["W1"] @ case["X"] + W_B["b1"], 0) + W_B["b2"]
    factor = 600 / np.abs(Z2).max()  # where exp is still finite: what overflows is the sigmoid's business
    return {"X": case["X"], "W_B": {**W_B, "W2": factor * W_B["W2"], "b2": factor * W_B["b2"]}}


forward_edges = (*_edges(forward), forward_saturated)
backward_edges = _edges(network)


def backward_saturated(rng):
    """for outputs that saturate"""
    while True:
        case = network(rng, num_f=3, num_h=7, num_out=2, m=5)
        W_B = case["W_B"]
        W_B["W2"] = W_B["W2"] * 7000
        Z2 = W_B["W2"] @ np.maximum(W_B["W1"] @ case["X"] + W_B["b1"], 0) + W_B["b2"]
        if np.sum((Z2 > 0) - case["Y_true"], axis=1).all():  # no gradient is 0 by accident
            return case


def _between(rng, ranked):
    """Biases that part each row of sorted numbers somewhere; a row of one number is put on either side, the first one above 0."""
    rows, m = ranked.shape
    if m == 1:
        return np.where(np.arange(rows)[:, None] == 0, 0.5, rng.standard_normal((rows, 1))) - ranked
    k = rng.integers(m - 1, size=rows)
    return -(ranked[np.arange(rows), k] + ranked[np.arange(rows), k + 1])[:, None] / 2


def walk(rng, widths, m):
    """What the loss sends to the last layer of a network, what its forward pass has kept, and its layers.

    Of several examples each unit is on for some and off for others, and near ReLU's kink for none. Of one example at least the first unit
    of each layer is on.

    Returns
    -------
    dict
        ``dLdZ`` (widths[-1], m); ``caches``, a list of dicts of ``A`` and ``Z``; ``layers``, one of dicts of ``W`` and ``b``.
    """
    A, caches, made = rng.standard_normal((widths[0], m)), [], []
    for n_in, n_out in itertools.pairwise(widths):
        for _ in range(TRIES):
            W = rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)
            b = _between(rng, np.sort(W @ A, axis=1))
            Z = W @ A + b
            if np.abs(Z).min() >= 0.02:
                break
        else:  # where the layer before is off for nearly all examples, they are alike, and no bias parts them
            return walk(rng, widths, m)
        caches.append({"A": A, "Z": Z})
        made.append({"W": W, "b": b})
        A = np.clip(Z, 0.0, None)
    return {"dLdZ": away_from_zero(rng, (widths[-1], m)), "caches": caches, "layers": made}


def layers(rng, widths, m):
    """X and the layers of a network."""
    case = walk(rng, widths, m)
    return {"X": case["caches"][0]["A"], "layers": case["layers"]}


def layers_two(rng):
    """for two layers"""
    return layers(rng, *some(rng, TWO_LAYERS))


def layers_more(rng):
    """for more layers"""
    return layers(rng, *some(rng, MORE_LAYERS))


def walk_two(rng):
    """for two layers"""
    return walk(rng, *some(rng, TWO_LAYERS))


def walk_more(rng):
    """for more layers"""
    return walk(rng, *some(rng, MORE_LAYERS))


def _depth_edges(make):
    """Draws of the depths and widths that others leave out, from what makes inputs of widths and m."""
    return (
        draw("for one layer", make, (3, 4), 5),
        draw("for one example", make, (3, 5, 4, 2), 1),
        draw("for one hidden unit", make, (3, 1, 2), 5),
        draw("for three layers of one unit each, and one example", make, (1, 1, 1, 1), 1),
        draw("for equal sizes", make, (3, 3, 3, 3), 3),
        not_contiguous(make, (4, 3, 2), 5),
    )


layers_edges = _depth_edges(layers)
walk_edges = _depth_edges(walk)


def widths(rng, *sizes):
    """The widths of a network, and a generator to draw weights from."""
    return {"sizes": list(sizes), "rng": np.random.default_rng(int(rng.integers(2**32)))}


def widths_two(rng):
    """for two layers"""
    return widths(rng, *some(rng, ((3, 7, 2), (5, 4, 3), (7, 3, 5), (2, 5, 3))))


def widths_more(rng):
    """for more layers"""
    return widths(rng, *some(rng, ((4, 7, 3, 5), (5, 2, 7, 3), (3, 5, 4, 7, 2), (7, 2, 5, 3, 4))))


widths_edges = (
    draw("for one layer", widths, 4, 3),
    draw("for one hidden unit", widths, 3, 1, 2),
    draw("for widths that are all 1", widths, 1, 1, 1, 1),
    draw("for equal sizes", widths, 3, 3, 3),
)


def sizes(rng, num_f, num_h, num_out):
    """Sizes, and a generator to draw weights from."""
    return {"num_f": num_f, "num_h": num_h, "num_out": num_out, "rng": np.random.default_rng(int(rng.integers(2**32)))}


def sizes_wide(rng):
    """for a wide hidden layer"""
    return sizes(rng, *some(rng, ((3, 11, 2), (2, 9, 5), (4, 11, 3), (5, 9, 2))))


def sizes_narrow(rng):
    """for a narrow hidden layer"""
    return sizes(rng, *some(rng, ((7, 4, 5), (7, 3, 4), (8, 3, 5), (9, 2, 5))))


sizes_edges = (
    draw("for one output", sizes, 4, 3, 1),
    draw("for one hidden unit", sizes, 3, 1, 2),
    draw("for one feature", sizes, 1, 4, 3),
    draw("for one feature, unit and output", sizes, 1, 1, 1),
    draw("for equal sizes", sizes, 3, 3, 3),
)


def targets(rng, shape):
    """Zeros and ones, both in every row; of one example, both in its column, the first a 1."""
    if shape[1] == 1:
        return np.resize([1.0, 0.0], shape)
    Y = rng.integers(0, 2, shape).astype(float)
    Y[:, 0], Y[:, 1] = 0.0, 1.0
    return Y


def logits(rng, num_out, m):
    """What the output's sigmoid is given, and targets."""
    return {"Z": rng.normal(0, 2, (num_out, m)), "Y_true": targets(rng, (num_out, m))}


def logits_many(rng):
    """for many examples"""
    return logits(rng, *some(rng, MANY_ANSWERS))


def logits_few(rng):
    """for few examples"""
    return logits(rng, *some(rng, FEW_ANSWERS))


def answer_edges(make):
    """Draws of the sizes that coprime ones leave out, from what makes inputs of num_out rows and m columns."""
    return (
        draw("for one example", make, 3, 1),
        draw("for one output", make, 1, 5),
        draw("for one output of one example", make, 1, 1),
        draw("for as many outputs as examples", make, 4, 4),
        not_contiguous(make, 3, 4),
    )


logits_edges = answer_edges(logits)


def logits_far_out(rng):
    """for Z up to ±1000"""
    Y = targets(rng, (2, 5))
    Y[:, 2:] = [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
    return {
        "Z": np.array([[1000.0, -1000.0, -720.0, 50.0, 40.0], [750.0, -40.0, 3.0, -2.0, -900.0]]) * rng.uniform(0.9, 1.0),
        "Y_true": Y,
    }


def step(rng, *sizes):
    """Weights, their gradients and a learning rate."""
    W_B = network(rng, *sizes)["W_B"]
    return {
        "W_B": W_B,
        "gradients": {f"dLd{k}": rng.standard_normal(v.shape) for k, v in W_B.items()},
        "learning_rate": float(rng.uniform(0.1, 0.9)),
    }


def step_wide(rng):
    """for a wide network"""
    return step(rng, *some(rng, MANY))


def step_narrow(rng):
    """for a narrow network"""
    return step(rng, *some(rng, ((5, 2, 3, 7), (4, 3, 5, 7), (7, 4, 3, 5), (5, 3, 4, 7))))


step_edges = _edges(step)[1:]


def predictions_many(rng):
    """for many predictions"""
    (rows,) = some(rng, ((2,), (3,), (5,)))
    Y_pred = np.concatenate(
        [
            np.zeros((rows, 1)),
            rng.uniform(0.05, 0.25, (rows, 38)),
            rng.uniform(0.3, 0.49, (rows, 20)),
            rng.uniform(0.51, 0.7, (rows, 11)),
            rng.uniform(0.8, 0.95, (rows, 11)),
        ],
        axis=1,
    )
    right = rng.random(Y_pred.shape) < 0.7
    return {"Y_pred": Y_pred, "Y_true": np.where(right, Y_pred > 0.5, Y_pred <= 0.5).astype(float)}


def predictions_few(rng):
    """for few predictions"""
    Y_pred = np.array([[0.1, 0.4, 0.6, 0.9, 0.51, 0.2, 0.7], [1.0, 0.3, 0.49, 0.15, 0.65, 0.35, 0.85]])
    Y_true = np.array([[0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]])
    order = rng.permutation(7)
    return {"Y_pred": Y_pred[:, order], "Y_true": Y_true[:, order]}


def predictions(rng, num_out, m, right=True):
    """Predictions that are all right, or all wrong."""
    Y_true = targets(rng, (num_out, m))
    near = rng.uniform(0.05, 0.45, (num_out, m))
    return {"Y_pred": np.where((Y_true == 1) == right, 1 - near, near), "Y_true": Y_true}


predictions_edges = (
    draw("for one right prediction", predictions, 1, 1),
    draw("for one wrong prediction", predictions, 1, 1, False),
    draw("for predictions that are all right", predictions, 3, 5),
    draw("for predictions that are all wrong", predictions, 2, 3, False),
    draw("for one example", lambda rng: {"Y_pred": rng.permutation([[0.9], [0.2], [0.3]]), "Y_true": np.ones((3, 1))}),
    draw("for one output", lambda rng: {"Y_pred": rng.permutation([[0.9, 0.2, 0.3]], axis=1), "Y_true": np.zeros((1, 3))}),
    draw("for as many outputs as examples", lambda rng: {"Y_pred": rng.choice([0.2, 0.7], (4, 4)), "Y_true": np.tri(4)}),
    not_contiguous(lambda rng: {"Y_pred": rng.choice([0.2, 0.7], (3, 4)), "Y_true": np.tri(3, 4)}),
)
