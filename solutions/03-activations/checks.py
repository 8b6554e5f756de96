"""How the answers of chapter 3 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws

BOTH = (draws.layer, draws.positive, draws.negative)


def _layers(rng, num_f, num_h, num_out):
    """Weights and biases of two layers, the second fed by the first."""
    return {
        "W1": draws.away_from_zero(rng, (num_h, num_f)),
        "b1": draws.away_from_zero(rng, (num_h, 1)),
        "W2": draws.away_from_zero(rng, (num_out, num_h)),
        "b2": draws.away_from_zero(rng, (num_out, 1)),
    }


def two_layers(rng):
    """for two layers"""
    return _layers(rng, *draws.some(rng, ((3, 5, 2), (4, 5, 3), (2, 5, 3), (5, 7, 2), (5, 3, 4), (7, 3, 2))))


LAYER_EDGES = (
    draws.draw("for one hidden unit", _layers, 3, 1, 2),
    draws.draw("for one input", _layers, 1, 4, 3),
    draws.draw("for one output", _layers, 4, 3, 1),
    draws.draw("for one input, unit and output", _layers, 1, 1, 1),
    draws.draw("for equal sizes", _layers, 3, 3, 3),
    draws.not_contiguous(_layers, 4, 3, 2),
)


def _rows(rng, m, *kinds):
    """Z1 of m examples: a row for each unit, of a kind. Only a unit that is on most of the time is on for the first example."""
    Z1 = -np.abs(draws.away_from_zero(rng, (len(kinds), m)))
    for row, kind in zip(Z1, kinds):
        if kind == "always on":
            row *= -1
        elif kind == "often on":  # its sum is positive
            row[: m // 2] *= -4
        elif kind == "once":  # its sum is negative
            row[rng.integers(1, m - 1)] *= -0.5
        elif kind == "once, by far":  # its sum is positive
            row[rng.integers(1, m - 1)] = 6.0 * m
        elif kind == "0 at times":
            row[rng.permutation(m)[: m // 2]] = 0.0
        elif kind == "0":
            row[:] = 0.0
    return {"Z1": Z1}


def hidden_layer(rng):
    """for a hidden layer with dead units"""
    kinds = rng.permutation(["dead", "dead", "0 at times", "0", "0", "once", "once, by far", "often on"])
    return _rows(rng, int(rng.integers(12, 15)), *kinds)


DEAD_EDGES = (
    draws.draw("for a layer without dead units", _rows, 5, "always on", "once", "often on"),
    draws.draw("for a layer of dead units", _rows, 4, "dead", "0 at times", "dead"),
    draws.draw("for one unit, which is dead", _rows, 5, "dead"),
    draws.draw("for one unit, which is not", _rows, 5, "once"),
    draws.draw("for one example", lambda rng: {"Z1": np.array([[-0.5], [1.5], [0.0], [-2.0]])}),
    draws.draw("for as many units as examples", _rows, 3, "once", "dead", "always on"),
    draws.not_contiguous(_rows, 4, "dead", "often on", "0 at times"),
)

EXERCISES = [
    Exercise(
        "merge_layers",
        draws=(two_layers,),
        edges=LAYER_EDGES,
        points={"W": 1, "b": 2},
        returns=("W", "b"),
        read="03-activations#Leave the bend out",
    ),
    Exercise("relu", draws=BOTH, edges=draws.array_edges, points={"relu(Z)": 2}, read="03-activations#ReLU"),
    Exercise("relu_derivative", draws=BOTH, edges=draws.array_edges, points={"relu_derivative(Z)": 2}, read="03-activations#ReLU"),
    Exercise("dead_units", draws=(hidden_layer,), edges=DEAD_EDGES, points={"dead_units(Z1)": 2}, read="03-activations#Dead units"),
    Exercise(
        "predict_activations",
        draws=(draws.nothing,),
        points={"fold": 1, "value": 1, "slope": 1, "count": 1},
        near={"fold": 0.1, "value": 0.03, "slope": 0.02, "count": 0},
        read="03-activations#Slopes multiply",
    ),
    Exercise(
        "sigmoid",
        draws=BOTH,
        edges=draws.array_edges,
        points={"sigmoid(Z)": 2},
        extreme={draws.far_out: 2},
        read="03-activations#Sigmoid",
    ),
    Exercise(
        "sigmoid_derivative",
        draws=BOTH,
        edges=draws.array_edges,
        points={"sigmoid_derivative(Z)": 2},
        extreme={draws.far_out: 1},
        uses=("sigmoid",),
        read="03-activations#Sigmoid",
    ),
    Exercise(
        "tanh_derivative",
        draws=BOTH,
        edges=draws.array_edges,
        points={"tanh_derivative(Z)": 2},
        extreme={draws.far_out: 1},
        read="03-activations#Tanh",
    ),
    Exercise(
        "softplus_derivative",
        draws=(draws.layer, draws.negative),
        edges=(draws.positive, *draws.array_edges),
        points={"softplus_derivative(Z)": 3},
        extreme={draws.far_out: 1},
        uses=("sigmoid",),
        read="03-activations#The slopes",
    ),
]

check = Check(__file__, EXERCISES)
