"""How the answers of chapter 6 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws

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
        points={"L": 1, "dLdW2": 2, "dLdb2": 2, "dLdW1": 2, "dLdb1": 2},
        returns=("gradients", "L"),
        extreme={draws.backward_saturated: 1},
        accept={draws.backward_saturated: lambda expected, answer: bool(np.isfinite(answer))},
        uses=("relu", "sigmoid", "forward_propagation"),
        where={"dLdW2": "the output layer", "dLdb2": "the output layer", "dLdW1": "the hidden layer", "dLdb1": "the hidden layer"},
        read="06-backward-propagation#The derivation",
    ),
]

check = Check(__file__, EXERCISES)
