"""How the answers of chapter 8 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws, network

# Layers hold whole numbers: whether two units are the same is no question of rounding.


def _units(rng, num_f, base, copied, copies):
    """A hidden layer in which some units are the same, and others only look it: all in a secret order.

    Some units hold the weights of another one in another order, with the opposite sign, with the same sum, or with another bias.
    """
    numbers = rng.choice([-1.0, 1.0], (base, num_f + 1)) * rng.integers(1, 50, (base, num_f + 1))
    W, b = numbers[:, :-1], numbers[:, -1:]
    first, second, bias = np.eye(num_f + 1)[[0, 1, -1]]
    reordered = np.hstack([np.roll(W[:2], 1, axis=1), b[:2]])
    moved = np.vstack([numbers[:2] + first - second, numbers[2:3] + 2 * first - second])
    units = np.vstack([numbers, reordered, moved, -numbers[:3]])
    units = np.vstack([units, units[:5] + 2 * bias])
    again = rng.permutation(len(units))[:copied]
    again = [*again, *rng.choice(again, copies - copied)]
    layer = rng.permutation(np.vstack([units, units[again]]))
    return {"W1": layer[:, :-1].copy(), "b1": layer[:, -1:].copy()}


def few_twins(rng):
    """for units of which a few are the same"""
    return _units(rng, int(rng.integers(3, 6)), int(rng.integers(3, 6)), 6, 6)


def many_twins(rng):
    """for units of which many are the same"""
    return _units(rng, int(rng.integers(3, 6)), int(rng.integers(3, 6)), 7, 12)


def _all_the_same(rng, num_h, num_f):
    return {"W1": np.tile(rng.permutation(np.arange(1.0, num_f + 1)), (num_h, 1)), "b1": np.full((num_h, 1), 2.0)}


def _all_different(rng, num_h, num_f):
    return {"W1": rng.standard_normal((num_h, num_f)), "b1": np.zeros((num_h, 1))}


def _biases_tell(rng, num_h, num_f):
    return {**_all_the_same(rng, num_h, num_f), "b1": rng.permutation(np.arange(float(num_h)))[:, None]}


def _nearly_the_same(rng, num_f):
    """Three units, of which the second differs from the others in one weight, by little."""
    layer = _all_the_same(rng, 3, num_f)
    layer["W1"][1, -1] += 1e-3
    return layer


UNIT_EDGES = (
    draws.draw("for units that are all the same", _all_the_same, 5, 3),
    draws.draw("for units that are all different", _all_different, 6, 3),
    draws.draw("for units that differ in their biases only", _biases_tell, 4, 3),
    draws.draw("for units that differ a little", _nearly_the_same, 4),
    draws.draw("for one unit", _all_different, 1, 4),
    draws.draw("for one feature", lambda rng: {"W1": rng.permutation([[3.0], [3.0], [-1.0], [2.0]]), "b1": np.zeros((4, 1))}),
    draws.draw("for zeros", lambda rng: {"W1": np.zeros((4, 3)), "b1": np.zeros((4, 1))}),
    draws.not_contiguous(_units, 3, 3, 2, 2),
)


def _stack(rng, *sizes):
    """A stack of layers, with scales that let the numbers grow in one layer and shrink in another."""
    return {"sizes": list(sizes), "scales": [float(scale) for scale in rng.uniform(0.2, 0.9, len(sizes) - 1)]}


def two_layers(rng):
    """for two layers"""
    return _stack(rng, *draws.unequal(rng, 3))


def several_layers(rng):
    """for four or five layers"""
    return _stack(rng, *draws.unequal(rng, int(rng.integers(5, 7))))


STACK_EDGES = (
    draws.draw("for one layer", _stack, 7, 4),
    draws.draw("for layers of one unit", _stack, 1, 1, 1),
    draws.draw("for equal sizes", _stack, 5, 5, 5, 5),
    draws.draw("for one output", _stack, 6, 3, 1),
    draws.draw("for weights of variance 1", lambda rng: {"sizes": [4, 8, 6, 2], "scales": [1.0, 1.0, 1.0]}),
    draws.draw("for last weights of 0", lambda rng: {"sizes": [3, 5, 2], "scales": [0.5, 0.0]}),
)


def _bend(rng, num_in, left, right):
    return {"num_in": num_in, "left": float(left), "right": float(right)}


def leaky(rng):
    """for a leak to the left"""
    return _bend(rng, int(rng.integers(3, 100)), rng.uniform(0.2, 0.6), 1)


def two_slopes(rng):
    """for two slopes"""
    return _bend(rng, int(rng.integers(3, 100)), -rng.uniform(0.3, 0.8), rng.uniform(1.3, 2.4))


BEND_EDGES = (
    draws.draw("for ReLU", _bend, 50, 0, 1),
    draws.draw("for no bend at all", _bend, 9, 1, 1),
    draws.draw("for the absolute value", _bend, 12, -1, 1),
    draws.draw("for what keeps the left side only", _bend, 7, 1, 0),
    draws.draw("for one input", _bend, 1, 0.1, 1),
    draws.draw("for a steeper left side", _bend, 5, 3, 0.5),
)

EXERCISES = [
    Exercise(
        "distinct_units",
        draws=(few_twins, many_twins),
        edges=UNIT_EDGES,
        points={"distinct_units(W1, b1)": 2},
        read="08-initialisation#Equal units stay equal",
    ),
    Exercise(
        "predict_coin_weights",
        draws=(draws.nothing,),
        points=dict.fromkeys(("z_squared", "a_squared", "factor", "zero_output"), 0.5),
        near={"z_squared": 0.5, "a_squared": 0.3, "factor": 0.05, "zero_output": 0.1},
        read="08-initialisation#The variance of a sum",
    ),
    Exercise(
        "variance_through",
        draws=(two_layers, several_layers),
        edges=STACK_EDGES,
        points={"variance_through(sizes, scales)": 3},
        read="08-initialisation#What ReLU keeps",
    ),
    network.initialize({"W1": 3, "b1": 1, "W2": 3, "b2": 1}),
    Exercise(
        "first_loss_bounds",
        draws=(two_layers, several_layers),
        edges=STACK_EDGES,
        points={"low": 1, "high": 2},
        returns=("low", "high"),
        uses=("variance_through",),
        read="08-initialisation#The first loss",
    ),
    Exercise(
        "keeping_scale",
        draws=(leaky, two_slopes),
        edges=BEND_EDGES,
        points={"keeping_scale(num_in, left, right)": 2},
        read="08-initialisation#He for the hidden layer",
    ),
]

check = Check(__file__, EXERCISES)
