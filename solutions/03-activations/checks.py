"""How the answers of chapter 3 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop.checking import Check, Exercise, draws

BOTH = (draws.layer, draws.positive, draws.negative)

EXERCISES = [
    Exercise("relu", draws=BOTH, edges=draws.array_edges, points={"relu(Z)": 2}, read="03-activations#ReLU"),
    Exercise("relu_derivative", draws=BOTH, edges=draws.array_edges, points={"relu_derivative(Z)": 2}, read="03-activations#ReLU"),
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
]

check = Check(__file__, EXERCISES)
