"""How the answers of chapter 6 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws, network

STEPS = ("weight_gradient", "bias_gradient", "back_through")


# The steps that repeat. Sizes are units, those of the layer before, and examples.

MANY, FEW = ((3, 7, 11), (2, 5, 9), (5, 3, 11), (4, 5, 9)), ((5, 4, 3), (7, 3, 4), (5, 2, 3), (4, 7, 3))


def _error(rng, units, _, m):
    """An error that arrived at a layer."""
    return {"delta": draws.away_from_zero(rng, (units, m))}


def _arrived(rng, units, before, m):
    """An error that arrived at a layer, and what had come into it: more often positive than not, as after a ReLU."""
    return {**_error(rng, units, before, m), "came_in": 0.3 + rng.standard_normal((before, m))}


def _passed(rng, units, before, m):
    """Weights, an error that arrived, and what the ReLU before them was given: of several examples, on for some and off for some."""
    Z = draws.away_from_zero(rng, (before, m))
    if m > 1:
        Z[:, 0], Z[:, 1] = np.abs(Z[:, 0]), -np.abs(Z[:, 1])
    return {"W": draws.away_from_zero(rng, (units, before)), **_error(rng, units, before, m), "Z": Z}


def _of_some(rng, make, sizes):
    """Inputs of one of several sizes."""
    return make(rng, *draws.some(rng, sizes))


def _by_size(make, **edges):
    """The draws of a step: many examples and few. And its edges: those that all steps have, and its own."""
    edges = {"one_example": (4, 3, 1), "one_unit": (1, 4, 5), **edges, "one_of_everything": (1, 1, 1), "equal_sizes": (3, 3, 3)}
    return {
        "draws": (draws.draw("for many examples", _of_some, make, MANY), draws.draw("for few examples", _of_some, make, FEW)),
        "edges": (
            *(draws.draw(f"for {name.replace('_', ' ')}", make, *sizes) for name, sizes in edges.items()),
            draws.not_contiguous(make, 4, 3, 5),
        ),
    }


# Further: the same network with another activation.


def _leaky(rng, *sizes, low=0.15, high=0.4):
    """A network, and a slope for what is negative in its hidden layer. With no slope from 0 to 1 is an output very sure."""
    case = {**draws.network(rng, *sizes), "slope": float(rng.uniform(low, high))}
    W_B = case["W_B"]
    most = np.abs(W_B["W2"]) @ np.abs(W_B["W1"] @ case["X"] + W_B["b1"]) + np.abs(W_B["b2"])
    return {**case, "W_B": {**W_B, **{name: W_B[name] * min(1.0, 2.5 / most.max()) for name in ("W2", "b2")}}}


def leaky_many(rng):
    """for many examples"""
    return _leaky(rng, *draws.some(rng, draws.MANY))


def leaky_few(rng):
    """for few examples"""
    return _leaky(rng, *draws.some(rng, draws.FEW))


def no_leak(rng):
    """for a slope of 0, with which it is ReLU"""
    return _leaky(rng, 2, 3, 1, 4, low=0.0, high=0.0)


def no_bend(rng):
    """for a slope of 1, with which nothing bends"""
    return _leaky(rng, 2, 3, 1, 4, low=1.0, high=1.0)


LEAKY_EDGES = (
    draws.draw("for one example", _leaky, 3, 4, 2, 1),
    draws.draw("for one output", _leaky, 2, 3, 1, 5),
    draws.draw("for one hidden unit", _leaky, 3, 1, 2, 4),
    draws.draw("for equal sizes", _leaky, 3, 3, 3, 3),
    draws.not_contiguous(_leaky, 3, 4, 2, 5),
    no_leak,
    no_bend,
)

EXERCISES = [
    network.relu(1),
    network.sigmoid(0.5),
    network.forward_propagation(0.25),
    Exercise(
        "predict_errors",
        draws=(draws.nothing,),
        points=dict.fromkeys(("first_unit", "second_unit", "weight", "bias"), 0.5),
        near=dict.fromkeys(("first_unit", "second_unit", "weight", "bias"), 0.01),
        read="06-backward-propagation#Who is to blame?",
    ),
    Exercise(
        "weight_gradient",
        **_by_size(_arrived, one_input=(3, 1, 5)),
        points={"weight_gradient(delta, came_in)": 2},
        read="06-backward-propagation#The output weights",
    ),
    Exercise(
        "bias_gradient",
        **_by_size(_error),
        points={"bias_gradient(delta)": 2},
        read="06-backward-propagation#The output bias",
    ),
    Exercise(
        "back_through",
        **_by_size(_passed, one_unit_in_the_layer_before=(3, 1, 5)),
        points={"back_through(W, delta, Z)": 3},
        read="06-backward-propagation#Back to the hidden layer",
    ),
    network.backward_propagation(
        {"L": 1, "dLdW2": 2, "dLdb2": 2, "dLdW1": 2, "dLdb1": 2}, 1, uses=("relu", "sigmoid", "forward_propagation", *STEPS)
    ),
    Exercise(
        "input_gradient",
        draws=(draws.backward_many, draws.backward_few),
        edges=draws.backward_edges,
        points={"input_gradient(X, W_B, Y_true)": 2},
        uses=("relu", "sigmoid", "forward_propagation", "back_through"),
        read="06-backward-propagation#On paper",
    ),
    Exercise(
        "backward_leaky",
        draws=(leaky_many, leaky_few),
        edges=LEAKY_EDGES,
        points={"L": 1, "dLdW2": 1, "dLdb2": 1, "dLdW1": 1, "dLdb1": 1},
        returns=("gradients", "L"),
        uses=("relu", "sigmoid", "forward_propagation", *STEPS),
        where={"dLdW2": "the output layer", "dLdb2": "the output layer", "dLdW1": "the hidden layer", "dLdb1": "the hidden layer"},
        read="06-backward-propagation#On paper",
    ),
]

check = Check(__file__, EXERCISES)
