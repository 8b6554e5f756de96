"""How the answers of chapter 7 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop import draw
from backprop.check import Check
from backprop.exercise import Exercise


EXERCISES = [
    Exercise("relu", draws=(draw.layer, draw.number), points={"relu(Z)": 1}, read="03-activations#ReLU"),
    Exercise("sigmoid", draws=(draw.layer, draw.number), points={"sigmoid(Z)": 0.5},
             extreme={draw.far_out: 0.5}, read="03-activations#Sigmoid"),
    Exercise("forward_propagation", draws=(draw.forward_many, draw.forward_few),
             points={"Z1": 0.25, "A": 0.25, "Z2": 0.25, "Y_pred": 0.25}, uses=("relu", "sigmoid"),
             where={"A": "the hidden layer's activation", "Z2": "the output layer", "Y_pred": "the output's activation"},
             read="06-forward-propagation#The derivation"),
    Exercise("backward_propagation", draws=(draw.backward_many, draw.backward_few),
             points={"L": 1, "dLdW2": 2, "dLdb2": 2, "dLdW1": 2, "dLdb1": 2}, returns=("gradients", "L"),
             extreme={draw.backward_saturated: 1},
             accept={draw.backward_saturated: lambda expected, answer: bool(np.isfinite(answer))},
             uses=("relu", "sigmoid", "forward_propagation"),
             where={"dLdW2": "the output layer", "dLdb2": "the output layer",
                    "dLdW1": "the hidden layer", "dLdb1": "the hidden layer"},
             read="07-backward-propagation#The derivation"),
]

check = Check(__file__, EXERCISES)
