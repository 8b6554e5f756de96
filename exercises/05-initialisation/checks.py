"""How the answers of chapter 5 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop import draw
from backprop.check import Check
from backprop.exercise import Exercise

EXERCISES = [
    Exercise("initialize", draws=(draw.sizes_wide, draw.sizes_narrow), points={"W1": 3, "b1": 1, "W2": 3, "b2": 1},
             where={"W2": "the output layer"}, read="05-initialisation#The derivation"),
]

check = Check(__file__, EXERCISES)
