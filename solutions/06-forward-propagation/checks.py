"""How the answers of chapter 6 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop import draw
from backprop.check import Check
from backprop.exercise import Exercise

EXERCISES = [
    Exercise("relu", draws=(draw.layer, draw.number), points={"relu(Z)": 1}, read="03-activations#ReLU"),
    Exercise("sigmoid", draws=(draw.layer, draw.number), points={"sigmoid(Z)": 0.5},
             extreme={draw.far_out: 0.5}, read="03-activations#Sigmoid"),
    Exercise("forward_propagation", draws=(draw.forward_many, draw.forward_few),
             points={"Z1": 2, "A": 2, "Z2": 2, "Y_pred": 2}, uses=("relu", "sigmoid"),
             where={"A": "the hidden layer's activation", "Z2": "the output layer", "Y_pred": "the output's activation"},
             read="06-forward-propagation#The derivation"),
]

check = Check(__file__, EXERCISES)
