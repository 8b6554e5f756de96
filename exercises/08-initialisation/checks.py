"""How the answers of chapter 8 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop.checking import Check, Exercise, draws

EXERCISES = [
    Exercise(
        "initialize",
        draws=(draws.sizes_wide, draws.sizes_narrow),
        edges=draws.sizes_edges,
        points={"W1": 3, "b1": 1, "W2": 3, "b2": 1},
        where={"W2": "the output layer"},
        read="08-initialisation#The derivation",
    ),
]

check = Check(__file__, EXERCISES)
