"""How the answers of chapter 10 are drawn and called. Goes out with the exercise: only numbers are secret.

A proof is put to functions: those of the script, the same defects written in other ways, and right ones. Every one of the
first kind has to be refused, and a right one let through: in a notebook the student's own mend, at grading the reference. There
none of them is in the student's process, which has stand-ins for them.

The last part is a script that is drawn for a student's name, with three broken lines of some fifty that there are.
"""

import base64
import hashlib
import json
import warnings
import zlib
from functools import partial

import numpy as np

from backprop.checking import Check, Exercise, Mended, draws, network
from backprop.checking.observe import undisturbed

# The broken functions. Each first one has the script's defect; the others have the same defect in other words. What chapters 3 to 9
# ask for is not written here: products go another way about, slopes are measured, and coarsely.


def reversed_products(X, W_B):
    """Broken on purpose."""
    return _passed(*(lambda W, A: (A @ W).T,) * 2, X, W_B)


def transposed_first(X, W_B):
    """Broken on purpose."""
    return _passed(*(lambda W, A: np.dot(W.T, A.T),) * 2, X, W_B)


def reversed_in_one_layer(X, W_B):
    """Broken on purpose."""
    return _passed(lambda W, A: sum(map(np.outer, W.T, A)), lambda W, A: (A @ W).T, X, W_B)


def _passed(first, second, X, W_B):
    Z1 = first(W_B["W1"], X) + W_B["b1"]
    A = Z1 * (Z1 > 0)
    Z2 = second(W_B["W2"], A) + W_B["b2"]
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": 1 / (1 + np.exp(-Z2))}


SLOPES = {
    "tanh of activation": lambda Z1, A: 1 - A**2,
    "tanh": lambda Z1, A: 1 - np.tanh(Z1) ** 2,
    "tanh of activation where on": lambda Z1, A: (1 - A**2) * (A > 0),
}
STEP = 0.02


def measured(X, W_B, Y_true, slope):
    """Broken on purpose: slopes of the loss of a network whose hidden units bend in another way than they do."""
    Z1 = W_B["W1"] @ X + W_B["b1"]
    A = Z1 * (Z1 > 0)

    def losses(W1, b1, W2, b2):  # of as many networks as are stacked
        moved = A + SLOPES[slope](Z1, A) * (W1 @ X + b1 - Z1)
        Z2 = W2 @ moved + b2
        return (np.logaddexp(0.0, Z2) - Y_true * Z2).mean(axis=-1).sum(axis=-1)

    gradients = {}
    for name, W in W_B.items():
        steps = STEP * np.eye(W.size).reshape(W.size, *W.shape)
        above, below = (losses(**{**W_B, name: W + side}) for side in (steps, -steps))
        gradients["dLd" + name] = ((above - below) / (2 * STEP)).reshape(W.shape)
    return gradients, float(losses(**W_B))


def log_of_sigmoid(Z, Y_true):
    """Broken on purpose."""
    Y_pred = 1 / (1 + np.exp(-Z))
    losses = -Y_true * np.log(Y_pred) - (1 - Y_true) * np.log(1 - Y_pred)
    return float(losses.sum() / Y_true.shape[1])


def exponential_of_plus(Z, Y_true):
    """Broken on purpose."""
    return float(np.sum(np.log(1 + np.exp(Z)) - Y_true * Z) / Y_true.shape[1])


def exponential_of_minus(Z, Y_true):
    """Broken on purpose."""
    return float(np.sum(np.log(1 + np.exp(-Z)) + (1 - Y_true) * Z) / Y_true.shape[1])


def variance_one_from_global(num_f, num_h, num_out, rng):
    """Broken on purpose."""
    return {
        "W1": np.random.standard_normal((num_h, num_f)),
        "b1": np.zeros((num_h, 1)),
        "W2": np.random.standard_normal((num_out, num_h)),
        "b2": np.zeros((num_out, 1)),
    }


def variance_one(num_f, num_h, num_out, rng):
    """Broken on purpose."""
    return {
        "W1": rng.standard_normal((num_h, num_f)),
        "b1": np.zeros((num_h, 1)),
        "W2": rng.standard_normal((num_out, num_h)),
        "b2": np.zeros((num_out, 1)),
    }


def from_global(num_f, num_h, num_out, rng):
    """Broken on purpose."""

    def spread(rows, columns, variance):
        return np.random.uniform(-1.0, 1.0, (rows, columns)) * np.sqrt(3 * variance)

    W1, W2 = spread(num_h, num_f, 2 / num_f), spread(num_out, num_h, 2 / (num_h + num_out))
    return {"W1": W1, "b1": np.zeros((num_h, 1)), "W2": W2, "b2": np.zeros((num_out, 1))}


def mean_without_axis(dLdZ):
    """Broken on purpose."""
    return dLdZ.mean(axis=1)


def sum_without_axis(dLdZ):
    """Broken on purpose."""
    return dLdZ @ np.ones(dLdZ.shape[1]) / dLdZ.shape[1]


def mean_as_a_row(dLdZ):
    """Broken on purpose."""
    return np.atleast_2d(dLdZ.mean(axis=1))


def step_in_place(W_B, gradients, learning_rate):
    """Broken on purpose."""
    for name in W_B:
        W_B[name] -= learning_rate * gradients["dLd" + name]
    return W_B


def step_in_place_of_shared_arrays(W_B, gradients, learning_rate):
    """Broken on purpose."""
    new = dict(W_B)
    for name in new:
        new[name] -= learning_rate * gradients["dLd" + name]
    return new


def step_in_the_same_dict(W_B, gradients, learning_rate):
    """Broken on purpose."""
    for name in W_B:
        W_B[name] = W_B[name] - learning_rate * gradients["dLd" + name]
    return W_B


def equal_floats(Y_pred, Y_true):
    """Broken on purpose."""
    return float(np.mean(Y_pred == Y_true))


def nearly_equal_floats(Y_pred, Y_true):
    """Broken on purpose."""
    return float(np.isclose(Y_pred, Y_true).sum() / Y_true.size)


def roughly_equal_floats(Y_pred, Y_true, within):
    """Broken on purpose."""
    return float(np.mean(np.abs(Y_pred - Y_true) < within))


def per_example(X):
    """Broken on purpose."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def mean_per_example(X):
    """Broken on purpose."""
    centred = X - X.mean(axis=0, keepdims=True)
    return centred / np.array([[row.std()] for row in centred])


def deviation_per_example(X):
    """Broken on purpose."""
    scaled = X / np.array([example.std() for example in X.T])
    return np.array([row - row.mean() for row in scaled])


def two_orders(X, Y_true, rng):
    """Broken on purpose."""
    m = X.shape[1]
    return X[:, rng.permutation(m)], Y_true[:, rng.permutation(m)]


def two_shuffles(X, Y_true, rng):
    """Broken on purpose."""
    return rng.permutation(X, axis=1), rng.permutation(Y_true, axis=1)


def inputs_only(X, Y_true, rng):
    """Broken on purpose."""
    return X[:, rng.permutation(X.shape[1])], Y_true.copy()


def full_ones_only(m, size):
    """Broken on purpose."""
    return [(size * number, size * (number + 1)) for number in range(m // size)]


def while_full(m, size):
    """Broken on purpose."""
    found, stop = [], size
    while stop <= m:
        found.append((stop - size, stop))
        stop += size
    return found


def without_the_last(m, size):
    """Broken on purpose."""
    return [(start, start + size) for start in range(0, m - size, size)]


BROKEN = {
    "forward_propagation": (reversed_products, transposed_first, reversed_in_one_layer),
    "backward_propagation": tuple(partial(measured, slope=slope) for slope in SLOPES),
    "binary_cross_entropy_with_logits": (log_of_sigmoid, exponential_of_plus, exponential_of_minus),
    "initialize": (variance_one_from_global, variance_one, from_global),
    "bias_gradient": (mean_without_axis, sum_without_axis, mean_as_a_row),
    "update": (step_in_place, step_in_place_of_shared_arrays, step_in_the_same_dict),
    "accuracy": (equal_floats, nearly_equal_floats, roughly_equal_floats),
    "standardise": (per_example, mean_per_example, deviation_per_example),
    "shuffle": (two_orders, two_shuffles, inputs_only),
    "batches": (full_ones_only, while_full, without_the_last),
}


# How a proof is put to the test.


def asked(function, name):
    """The same function, of whose answers a proof sees what was asked for: no further keys, and lists within a list as tuples.

    Such answers are as right as any, and a proof that compares with exactly what was asked for is as well.
    """
    keys = next(exercise.points for exercise in EXERCISES if exercise.name == name)

    def trimmed(value):
        if isinstance(value, dict) and not set(value) <= set(keys):
            return {key: value[key] for key in keys if key in value}
        if isinstance(value, (list, tuple)):
            parts = (tuple(part) if isinstance(part, list) else trimmed(part) for part in value)
            return list(parts) if isinstance(value, list) else tuple(parts)
        return value

    def given(*arguments, **named):
        return trimmed(function(*arguments, **named))

    given.__name__ = given.__qualname__ = name
    return given


def trial(prove, subject, name):
    """Hand a function to a proof: whether the proof complains. An error that is no failed assertion is passed on."""
    with undisturbed(), warnings.catch_warnings(record=True), np.errstate():
        warnings.simplefilter("always")
        try:
            prove(asked(subject, name))
        except AssertionError:
            return True
    return False


def _subject(name, function, title):
    def drawn(rng):
        if function is roughly_equal_floats:
            return {"subject": partial(function, within=rng.uniform(0.12, 0.2)), "name": name}
        return {"subject": function, "name": name}

    drawn.__doc__ = title
    return drawn


def proof(name, section):
    """The exercise of proving a function's defect. As many right functions as broken ones come, in an order that is secret."""
    titles = (
        "with the script's function",
        "with the same defect in other words",
        "with a third function that is broken like it",
    )
    broken = tuple(_subject(name, function, title) for function, title in zip(BROKEN[name], titles))
    mended = _subject(name, Mended(name), "with the mended function")
    return Exercise(
        f"prove_{name}",
        draws=(*broken, mended, mended, mended),
        points={"complains": 1},
        call=trial,
        words={"complains": {True: "your proof complains", False: "your proof finds nothing wrong"}},
        uses=(name,),
        waits=(mended,),
        refuses=broken,
        read=f"10-debugging#{section}",
    )


# How the mended functions are drawn and called.


def _errors(rng, n, m):
    return {"dLdZ": draws.away_from_zero(rng, (n, m))}


def errors_many(rng):
    """for many examples"""
    return _errors(rng, *draws.some(rng, ((3, 11), (2, 9), (4, 9), (5, 11))))


def errors_few(rng):
    """for few examples"""
    return _errors(rng, *draws.some(rng, ((7, 4), (5, 3), (5, 4), (7, 3))))


ERROR_EDGES = (
    draws.draw("for one example", _errors, 4, 1),
    draws.draw("for one unit", _errors, 1, 5),
    draws.draw("for one unit and one example", _errors, 1, 1),
    draws.draw("for as many units as examples", _errors, 4, 4),
    draws.not_contiguous(_errors, 3, 4),
)


def _features(rng, num_f, m):
    """Features whose means and deviations differ, every one skewed, so that no two kinds of middle agree."""
    scale, middle = rng.uniform(0.2, 5.0, (num_f, 1)), rng.uniform(-9.0, 9.0, (num_f, 1))
    return {"X": middle + scale * rng.exponential(1.0, (num_f, m))}


def features_many(rng):
    """for many examples"""
    return _features(rng, *draws.some(rng, ((3, 11), (2, 9), (4, 9), (5, 11))))


def features_few(rng):
    """for few examples"""
    return _features(rng, *draws.some(rng, ((7, 5), (7, 4), (6, 5), (8, 5))))


def _two_examples(rng):
    X = _features(rng, 3, 2)["X"]
    return {"X": X + [[0.0, 1.0]]}


FEATURE_EDGES = (
    draws.draw("for one feature", _features, 1, 6),
    draws.draw("for as many features as examples", _features, 4, 4),
    draws.draw("for two examples", _two_examples),
    draws.draw("for features far from 0", lambda rng: {"X": 1e4 + rng.standard_normal((3, 5))}),
    draws.draw("for negative features", lambda rng: {"X": -rng.uniform(1.0, 9.0, (3, 5))}),
    draws.not_contiguous(_features, 3, 4),
)


def _pairs(rng, num_f, num_out, m):
    return {"X": rng.standard_normal((num_f, m)), "Y_true": draws.targets(rng, (num_out, m)), "seed": int(rng.integers(2**32))}


def pairs_many(rng):
    """for many examples"""
    return _pairs(rng, *draws.some(rng, ((3, 2, 23), (2, 3, 19), (4, 3, 23), (5, 2, 17))))


def pairs_few(rng):
    """for few examples"""
    return _pairs(rng, *draws.some(rng, ((5, 3, 11), (4, 5, 11), (3, 2, 13), (5, 2, 9))))


PAIR_EDGES = (
    draws.draw("for one feature and one output", _pairs, 1, 1, 9),
    draws.draw("for equal sizes", _pairs, 7, 7, 7),
    draws.draw("for one example", _pairs, 3, 2, 1),
    draws.not_contiguous(_pairs, 3, 2, 8),
)


def shuffled(shuffle, X, Y_true, seed):
    """What holds for every right shuffle, whatever order it draws: five seeds, and the first of them again."""
    seeds, before, targets = [seed, seed + 1, seed + 2, seed + 3, seed + 4, seed], X.copy(), Y_true.copy()
    orders, facts = [], {"shapes": [X.shape, Y_true.shape], "examples": True, "pairs": True, "order": True, "rng": True}
    for number, one in enumerate(seeds):
        given = (before.copy(), targets.copy()) if number else (X, Y_true)
        result = shuffle(*given, np.random.default_rng(one))
        pair = isinstance(result, (tuple, list)) and len(result) == 2 and all(isinstance(new, np.ndarray) for new in result)
        shapes = [new.shape for new in result] if pair else []
        if shapes != facts["shapes"]:
            return {**dict.fromkeys(facts), "shapes": shapes}  # nothing is known of the rest
        order = [next((i for i in range(before.shape[1]) if np.array_equal(before[:, i], x)), -1) for x in result[0].T]
        facts["examples"] &= sorted(order) == list(range(before.shape[1]))
        facts["pairs"] &= -1 not in order and np.array_equal(result[1], targets[:, order])
        orders.append(order)
    facts["order"] = any(order != sorted(order) for order in orders) and not any(-1 in order for order in orders)
    facts["rng"] = orders[-1] == orders[0] and (not facts["order"] or any(order != orders[0] for order in orders))
    return facts


def with_a_rest(rng):
    """for batches that leave a rest"""
    size = int(rng.integers(4, 8))
    return {"m": size * int(rng.integers(2, 5)) + int(rng.integers(1, size - 1)), "size": size}


def without_a_rest(rng):
    """for batches that divide the examples evenly"""
    size = int(rng.integers(4, 8))
    return {"m": size * int(rng.integers(3, 6)), "size": size}


def one_batch(rng):
    """for batches larger than all examples together"""
    m = int(rng.integers(3, 8))
    return {"m": m, "size": m + int(rng.integers(2, 6))}


BATCH_EDGES = tuple(
    draws.draw(title, lambda rng, m, size: {"m": m, "size": size}, m, size)
    for title, m, size in (
        ("for a rest of one example", 13, 4),
        ("for a rest that is one short of a batch", 14, 5),
        ("for one example more than a batch", 6, 5),
        ("for a batch of exactly all examples", 5, 5),
        ("for a batch that is one larger than all examples together", 5, 6),
        ("for batches of one example", 4, 1),
        ("for one example", 1, 4),
        ("for one example in batches of one", 1, 1),
    )
)


# The script that nobody has shown. It is packed, and its broken lines are known by digests alone, so that what is to be found is not
# read here by accident. `mistakes.py` has it in clear.

VALUES = (
    *("S", "Z1", "A", "Z2", "Y_pred", "L", "delta2", "dLdW2", "dLdb2", "delta1", "dLdW1", "dLdb1"),
    *("new_W1", "new_b1", "new_W2", "new_b2"),
)
PACKED = (
    "eNqlVltv6zYM/itCnpzWyWIDeynmYdmwt2AD1g65NSjkWE2ME19m2W3Pfv1IUZIdR04CrAXqWvxIfrzK2+0oEe9M7vlJeKvx08hnIwY/ryP8/Z3vj+xd8Lqp"
    "BPtM6yPLBM/ZjPE8YbKGv7xKWCI+Ul6nRc6CKemBla0yo+ARW03xH49/pTIKfPZNiDJJMxm9VI0YG5cGu33y2VOw6x3nJdlY+YzMjBH3R5ELJzJJB7A7Q02W"
    "leCJIifr5Aa3DviDV/eCgUlZl9cod6HIYoCxwlYCypAzb8UmKtQx+0HrU1BYx4pnpbfpl/Evsfi7XxltbcMemLdhP7OZpa8lwIjHEoxdnu9PKXjx2cxngUOc"
    "QQhZkynEDfHUpf95FJUgUj4jIzsbofyn4fJ4GePLUTCZHrIiTQZCnU1/ZI/q7wN6ge49evR2EaMLegEKIP9eADhAiK/SmxhjN4G3IYhoY94XssZ0rftB/1YV"
    "Uk5EXldF+f2JySZjxYeoWNHUZVNLn0ZCHYkvaI2TkP3kCBxx1X+n4hCUXksA2myN8RiXV5FuFE8ShGAZEQQRgs3xoNEenLzvemVEDVoF/SQqCeTAw8lYT+WR"
    "l2I7292DCgZRahxnY+zaYYcWRLTaynFIPT8ILxGnmrtati1QDW+mSLAFoOinJssHelnZu2epnuEt1f8Lh8xpiDt79+un/wrHhqD1rSCuhWjTm0HmvOKU+Eye"
    "ilL4sP9q0U/znzlshlqUrHhnh4onKcwLuJd7eA6kF0zCLKIxaMGJst1jeYYYAkxuA1wSreR1EN2eghy8YTx4Wax9tnz71R03ttcHPzVCYuSFzoLP0lz1WlEl"
    "1HXfGYfbPeOJaLOhzCyhbnEA0wkutq+jZfCKw0gvMb5YYAjAsAWGXWDYAWZ03faa5hlOzQeIrcRGOQ7YLyB+BBoG3D2fOM9Xl/gYVysp9c71yLZic9vOQUy3"
    "adAhpYIMAThHJ6E11jmfOM83waUCpOxRa/XOO6xIbFit3+DCx+8Fcw2GdnQXcEoXRYg3heWspgjNTrw1LlVlwWpZaSu7FJFTkF8R9VayRcA4V0WTJ552rMzY"
    "nZ4skiWivDmESTrTl/H0BRZEZk1pjDYJ6Zi+XJPRWu8slgHQsINNoAG7FqH6+2ydh22OY77/hlGYCMDGMhy3NLV8SaLzNJ/LyIJbht+I6SG33m0WD7gworaL"
    "zDt+QfXOoA9/ch1eIpVvPN51SxoYyYPCjbqFRJn3bIIInIW0+jBrbql2Y+Sri3t8ADhsaNVW05JVe82Ucw7REHrcMXIGQc6Dwhu6B9rnZMJkMxefb4qmusNw"
    "1SreepXbvCIstrCYYHEHdg2lZ/IqGC6ZCBXUNRMZy9HdGh06WmnX5a4Gi0IMfT1pUAsHJQfyKgppIMTSMPjohpKGkl5P6Yx7bNViYhS7GDlQV/J+xiS2NOJB"
    "7kMaHTot97NvsHRfe8/RM3xMB9EGSjSP5vB/GKn7Qa2giB4+W0QL3zjt/tCmieihi2LypwhoGoO6Aema7o50j6um0a3j0qXhiOjh6/6L6DGsEJJCqBXoNcZF"
    "ufsPJ++Tow=="
)
BROKEN_LINES = (
    "0410dbbe 0fa7eb77 1004a181 1c81bf93 1f09ae83 22a4b16c 2d618bf2 309b199f 34f7662d 385348a4 4f0f18db 547c3477 571c5075 "
    "598663c0 5999a9a1 5a664217 5e0fc739 5ebd6591 5ec52f0c 619e4e54 648c36e3 6ba01a31 6d0e4918 869335ba 86b82d79 8849d80a "
    "920eecd4 92ada654 95a7d3ef 98d5dfa7 9c024885 a72e985e aa142e4e acff1c76 b157c2f9 b3ceb441 b443f24d b5253405 bbc58ccc "
    "bd713a42 bff61368 c034bfb5 c6504def d5be3dc1 df1767b9 e0e12ace e4e27b45 f5085e88 f64222b1"
)


def _digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _spoils(line):
    """The value that a line makes wrong first; None for a right one."""
    return next((value for value in VALUES if _digest(line, value)[:8] in BROKEN_LINES), None)


def _drawn(student):
    """The lines of the script for a name, and for the number of each broken one the value that it makes wrong first.

    By digests, which are the same under every version of Python and NumPy.
    """
    name = " ".join(student.casefold().split())

    def one_of(choices):
        return min(choices, key=lambda choice: _digest(name, choice))

    *helpers, step = json.loads(zlib.decompress(base64.b64decode(PACKED)))
    spoilt = {line: _spoils(line) for block in (*helpers, step) for choice in block if isinstance(choice, list) for line in choice}
    values = sorted(set(spoilt.values()) - {None}, key=lambda value: _digest(name, value))[:3]
    broken = {one_of([line for line in spoilt if spoilt[line] == value]) for value in values}
    lines, defects = ["import numpy as np"], {}
    for block in (*sorted(helpers, key=lambda block: _digest(name, block[0])), step):
        lines += ["", ""]
        for choice in block:
            if isinstance(choice, list):
                right = [line for line in choice if spoilt[line] is None]
                choice = next((line for line in choice if line in broken), one_of(right))
            lines.append(choice)
            if choice in broken:
                defects[len(lines)] = spoilt[choice]
    return lines, defects


def unseen_script(student):
    """The script that is drawn for a student, with three broken lines; the number of each line stands at its end.

    Parameters
    ----------
    student : str
        A name. Capitals and spaces make no difference.

    Returns
    -------
    str
        To be printed, and run by `exec`.
    """
    if not isinstance(student, str) or not student.strip():
        raise ValueError("the script is drawn by a name: unseen_script('Ada Lovelace')")
    lines, _ = _drawn(student)
    return "".join(f"{line:66}# {number}\n" if line else "\n" for number, line in enumerate(lines, start=1))


def unseen_data():
    """Inputs (3, 11), targets (2, 11) and weights of a network with five hidden units, to run the script with."""
    rng = np.random.default_rng(147)
    X = np.array([[1.0], [12.0], [0.3]]) * rng.exponential(1.0, (3, 11)) + np.array([[5.0], [30.0], [0.0]])
    Y = rng.integers(0, 2, (2, 11)).astype(float)
    shapes = {"W1": (5, 3), "b1": (5, 1), "W2": (2, 5), "b2": (2, 1)}
    return X, Y, {name: rng.standard_normal(shape) for name, shape in shapes.items()}


DEFECTS = ("first defect", "second defect", "third defect")
# What is told of each: whether its line is named, and whether with the value that it makes wrong first; or what stands in the way.
FOUND, VALUE, LINE, FEW, MANY, EARLY, FORM = (True, True), (True, False), (False, False), (), (False,), (False, True), None
NOT_FOUND = {
    FORM: "it should return a name and a dict of three line numbers with the names of values, as its description shows",
    MANY: "more than three lines are named, and three are broken",
    FEW: "fewer than three lines are named, and three are broken",
    EARLY: "each number is one too small: the number of a line stands at its own end",
    VALUE: "a broken line is named, but not with the first value that it makes wrong",
    LINE: "a line is named that is right",
}


def found(find_defects):
    """What holds of each of the three defects, those that were found first."""
    try:
        student, defects = find_defects()
        named = {int(line): str(value) for line, value in dict(defects).items()}
        _, broken = _drawn(student if student.strip() else None)
    except (TypeError, ValueError, AttributeError):
        return dict.fromkeys(DEFECTS, FORM)
    if len(named) > len(broken):
        return dict.fromkeys(DEFECTS, MANY)
    if named and all(line + 1 in broken for line in named) and not named.keys() & broken.keys():
        return dict.fromkeys(DEFECTS, EARLY)
    whole = sum(broken.get(line) == value for line, value in named.items())
    others = [VALUE] * (len(named.keys() & broken.keys()) - whole) + [LINE] * len(named.keys() - broken.keys())
    return {**dict(zip(DEFECTS, [FOUND] * whole + others + [FEW] * (len(broken) - len(named)))), "signed": student}


def drawn_script(rng):
    """in the script for the name that is returned"""
    return {}


EXERCISES = [
    Exercise(
        "predict_three_numbers",
        draws=(draws.nothing,),
        points={"undecided": 0.5, "share": 0.5, "steps": 0.5},
        near={"undecided": 0.02, "share": 0.02, "steps": 0},
        read="10-debugging#Say what you expect",
    ),
    network.relu(0.5),
    network.sigmoid(0.25),
    network.update(0.25, read="10-debugging#The update in place"),
    proof("update", "The update in place"),
    Exercise(
        "bias_gradient",
        draws=(errors_many, errors_few),
        edges=ERROR_EDGES,
        points={"bias_gradient(dLdZ)": 1},
        read="10-debugging#When it goes wrong",
    ),
    Exercise(
        "standardise",
        draws=(features_many, features_few),
        edges=FEATURE_EDGES,
        points={"standardise(X)": 1},
        read="10-debugging#One session, from symptom to test",
    ),
    Exercise(
        "shuffle",
        draws=(pairs_many, pairs_few),
        edges=PAIR_EDGES,
        call=shuffled,
        points={"shapes": 0.125, "examples": 0.125, "pairs": 0.5, "order": 0.125, "rng": 0.125},
        words={
            "shapes": {
                (): "two arrays should come back, X_new and Y_new, and something else does",
                "otherwise": "X_new should have the shape of X, and Y_new that of Y_true: in yours one has not",
            },
            "examples": {False: "not every example comes back exactly once"},
            "pairs": {False: "targets stand under examples that are not theirs"},
            "order": {False: "the examples come back in the order they had"},
            "rng": {False: "equal generators should give equal orders, and others other orders"},
        },
        read="10-debugging#Pairs torn apart",
    ),
    network.forward_propagation(0.25, read="10-debugging#The product the wrong way round"),
    network.backward_propagation(
        {"L": 0.125, "dLdW2": 0.125, "dLdb2": 0.125, "dLdW1": 0.25, "dLdb1": 0.25},
        0.125,
        uses=("relu", "sigmoid", "forward_propagation", "binary_cross_entropy_with_logits", "bias_gradient"),
        read="10-debugging#Another layer's derivative",
    ),
    proof("bias_gradient", "When it goes wrong"),
    proof("standardise", "One session, from symptom to test"),
    proof("shuffle", "Pairs torn apart"),
    proof("forward_propagation", "The product the wrong way round"),
    proof("backward_propagation", "Another layer's derivative"),
    Exercise(
        "find_defects",
        draws=(drawn_script,),
        points=dict.fromkeys(DEFECTS, 1),
        call=found,
        signed="signed",
        words=dict.fromkeys(DEFECTS, NOT_FOUND),
        read="10-debugging#Another layer's derivative",
    ),
    Exercise(
        "batches",
        draws=(with_a_rest, without_a_rest, one_batch),
        edges=BATCH_EDGES,
        points={"batches": 1},
        read="10-debugging#The last batch",
    ),
    proof("batches", "The last batch"),
    Exercise(
        "accuracy",
        draws=(draws.predictions_many, draws.predictions_few),
        edges=draws.predictions_edges,
        points={"accuracy": 1},
        read="10-debugging#When it goes wrong",
    ),
    proof("accuracy", "When it goes wrong"),
    network.initialize({"W1": 0.25, "b1": 0.25, "W2": 0.25, "b2": 0.25}, read="10-debugging#Weights of variance one"),
    proof("initialize", "Weights of variance one"),
    Exercise(
        "binary_cross_entropy_with_logits",
        draws=(draws.logits_many, draws.logits_few),
        edges=draws.logits_edges,
        points={"L": 0.5},
        extreme={draws.logits_far_out: 0.5},
        read="10-debugging#Loss at saturation",
    ),
    proof("binary_cross_entropy_with_logits", "Loss at saturation"),
]

check = Check(__file__, EXERCISES)
