"""How the answers of chapter 9 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws, network


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
    network.relu(1),
    network.sigmoid(0.5),
    network.initialize({"W1": 0.25, "b1": 0.25, "W2": 0.25, "b2": 0.25}),
    network.forward_propagation(0.25),
    network.backward_propagation({"L": 0.125, "dLdW2": 0.125, "dLdb2": 0.125, "dLdW1": 0.25, "dLdb1": 0.25}, 0.125),
    network.update(1),
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
