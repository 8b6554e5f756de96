"""How the answers of chapter 9 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws


def run(rng, steps, learning_rate, *sizes):
    """Examples, a width, and a generator to draw weights from."""
    case = draws.network(rng, *sizes)
    return {
        "X": 0.5 * case["X"],
        "Y_true": case["Y_true"],
        "num_h": sizes[1],
        "learning_rate": learning_rate,
        "steps": steps,
        "rng": np.random.default_rng(int(rng.integers(2**32))),
    }


def short_run(rng):
    """for a short run"""
    return run(rng, int(rng.integers(3, 6)), 0.2, *draws.some(rng, ((3, 5, 2, 11), (2, 5, 3, 11), (4, 5, 3, 11))))


def longer_run(rng):
    """for a longer run"""
    return run(rng, int(rng.integers(7, 10)), 0.1, *draws.some(rng, ((2, 5, 3, 7), (5, 4, 3, 7), (5, 3, 2, 7))))


RUN_EDGES = (
    draws.draw("for one step", run, 1, 0.2, 2, 3, 5, 7),
    draws.draw("for one example", run, 2, 0.2, 3, 4, 2, 1),
    draws.draw("for one feature, unit and output", run, 2, 0.2, 1, 1, 1, 5),
    draws.draw("for equal sizes", run, 3, 0.2, 3, 3, 3, 3),
    draws.not_contiguous(run, 2, 0.2, 3, 4, 2, 5),
)


EXERCISES = [
    Exercise("relu", draws=(draws.layer, draws.number), edges=draws.all_edges, points={"relu(Z)": 1}, read="03-activations#ReLU"),
    Exercise(
        "sigmoid",
        draws=(draws.layer, draws.number),
        edges=draws.all_edges,
        points={"sigmoid(Z)": 0.5},
        extreme={draws.far_out: 0.5},
        read="03-activations#Sigmoid",
    ),
    Exercise(
        "initialize",
        draws=(draws.sizes_wide, draws.sizes_narrow),
        edges=draws.sizes_edges,
        points={"W1": 0.25, "b1": 0.25, "W2": 0.25, "b2": 0.25},
        where={"W2": "the output layer"},
        read="08-initialisation#The derivation",
    ),
    Exercise(
        "forward_propagation",
        draws=(draws.forward_many, draws.forward_few),
        edges=draws.forward_edges,
        points={"Z1": 0.25, "A": 0.25, "Z2": 0.25, "Y_pred": 0.25},
        uses=("relu", "sigmoid"),
        where={"A": "the hidden layer's activation", "Z2": "the output layer", "Y_pred": "the output's activation"},
        read="05-forward-propagation#The derivation",
    ),
    Exercise(
        "backward_propagation",
        draws=(draws.backward_many, draws.backward_few),
        edges=draws.backward_edges,
        points={"L": 0.125, "dLdW2": 0.125, "dLdb2": 0.125, "dLdW1": 0.25, "dLdb1": 0.25},
        returns=("gradients", "L"),
        extreme={draws.backward_saturated: 0.125},
        accept={draws.backward_saturated: lambda expected, answer: bool(np.isfinite(answer))},
        uses=("relu", "sigmoid", "forward_propagation"),
        where={"dLdW2": "the output layer", "dLdb2": "the output layer", "dLdW1": "the hidden layer", "dLdb1": "the hidden layer"},
        read="06-backward-propagation#The derivation",
    ),
    Exercise(
        "update",
        draws=(draws.step_wide, draws.step_narrow),
        edges=draws.step_edges,
        points={"W1": 1, "b1": 1, "W2": 1, "b2": 1},
        read="09-gradient-descent#One step",
    ),
    Exercise(
        "train",
        draws=(short_run, longer_run),
        edges=RUN_EDGES,
        points={"losses": 2, "W1": 1, "b1": 1, "W2": 1, "b2": 1},
        returns=("W_B", "losses"),
        uses=("relu", "sigmoid", "initialize", "forward_propagation", "backward_propagation", "update"),
        where={"W1": "the weights: the losses of every step are as they should be"},
        read="09-gradient-descent#The loop",
    ),
    Exercise(
        "accuracy",
        draws=(draws.predictions_many, draws.predictions_few),
        edges=draws.predictions_edges,
        points={"accuracy": 2},
        read="09-gradient-descent#Counting right answers",
    ),
]

check = Check(__file__, EXERCISES)
