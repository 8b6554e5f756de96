"""How the answers of chapter 8 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop.checking import Check, network

EXERCISES = [
    network.initialize({"W1": 3, "b1": 1, "W2": 3, "b2": 1}),
]

check = Check(__file__, EXERCISES)
