"""How the answers of chapter 5 are drawn and called. Goes out with the exercise: only numbers are secret."""

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
        points={"Z1": 2, "A": 2, "Z2": 2, "Y_pred": 2},
        uses=("relu", "sigmoid"),
        where={"A": "the hidden layer's activation", "Z2": "the output layer", "Y_pred": "the output's activation"},
        read="05-forward-propagation#The derivation",
    ),
]

check = Check(__file__, EXERCISES)
