"""The functions of a network that several chapters ask for, first and once more: what each promises stands here once.

A chapter says how many points each is worth in it, and which of its own sections to read.
"""

import numpy as np

from backprop.checking import draws
from backprop.checking.contract import Exercise


def relu(points: float) -> Exercise:
    """``relu(Z)``."""
    return Exercise(
        "relu", draws=(draws.layer, draws.number), edges=draws.all_edges, points={"relu(Z)": points}, read="03-activations#ReLU"
    )


def sigmoid(each: float) -> Exercise:
    """``sigmoid(Z)``: points for ordinary inputs, and as many for extreme ones."""
    return Exercise(
        "sigmoid",
        draws=(draws.layer, draws.number),
        edges=draws.all_edges,
        points={"sigmoid(Z)": each},
        extreme={draws.far_out: each},
        read="03-activations#Sigmoid",
    )


def initialize(points: dict[str, float], read: str = "08-initialisation#The derivation") -> Exercise:
    """``initialize(num_f, num_h, num_out, rng)``: points for each output."""
    return Exercise(
        "initialize",
        draws=(draws.sizes_wide, draws.sizes_narrow),
        edges=draws.sizes_edges,
        points=points,
        where={"W2": "the output layer"},
        read=read,
    )


def forward_propagation(each: float, read: str = "05-forward-propagation#The derivation") -> Exercise:
    """``forward_propagation(X, W_B)``: as many points for each output."""
    return Exercise(
        "forward_propagation",
        draws=(draws.forward_many, draws.forward_few),
        edges=draws.forward_edges,
        points=dict.fromkeys(("Z1", "A", "Z2", "Y_pred"), each),
        uses=("relu", "sigmoid"),
        where={"A": "the hidden layer's activation", "Z2": "the output layer", "Y_pred": "the output's activation"},
        read=read,
    )


def backward_propagation(
    points: dict[str, float],
    saturated: float,
    uses: tuple[str, ...] = ("relu", "sigmoid", "forward_propagation"),
    read: str = "06-backward-propagation#The derivation",
) -> Exercise:
    """``backward_propagation(X, W_B, Y_true)``: points for each output, and for a finite loss where outputs saturate."""
    return Exercise(
        "backward_propagation",
        draws=(draws.backward_many, draws.backward_few),
        edges=draws.backward_edges,
        points=points,
        returns=("gradients", "L"),
        extreme={draws.backward_saturated: saturated},
        accept={draws.backward_saturated: lambda expected, answer: bool(np.isfinite(answer))},
        uses=uses,
        where={"dLdW2": "the output layer", "dLdb2": "the output layer", "dLdW1": "the hidden layer", "dLdb1": "the hidden layer"},
        read=read,
    )


def update(each: float, read: str = "09-gradient-descent#One step") -> Exercise:
    """``update(W_B, gradients, learning_rate)``: as many points for each output."""
    return Exercise(
        "update",
        draws=(draws.step_wide, draws.step_narrow),
        edges=draws.step_edges,
        points=dict.fromkeys(("W1", "b1", "W2", "b2"), each),
        read=read,
    )


def initialize_layers(points: dict[str, float], read: str = "11-deep-networks#First weights") -> Exercise:
    """``initialize_layers(sizes, rng)``: points for ``W`` and ``b``."""
    return Exercise(
        "initialize_layers",
        draws=(draws.widths_two, draws.widths_more),
        edges=draws.widths_edges,
        points=points,
        each=True,
        read=read,
    )


def forward_layers(
    points: dict[str, float], uses: tuple[str, ...] = ("relu",), read: str = "11-deep-networks#The forward rail"
) -> Exercise:
    """``forward_layers(X, layers)``: points for ``caches`` and ``Z``."""
    return Exercise(
        "forward_layers",
        draws=(draws.layers_two, draws.layers_more),
        edges=draws.layers_edges,
        points=points,
        returns=("Z", "caches"),
        uses=uses,
        where={"Z": "what the last layer returns"},
        read=read,
    )


def backward_layers(
    points: dict[str, float], uses: tuple[str, ...] = (), read: str = "11-deep-networks#The backward rail"
) -> Exercise:
    """``backward_layers(dLdZ, caches, layers)``: points for ``dLdW`` and ``dLdb``."""
    return Exercise(
        "backward_layers",
        draws=(draws.walk_two, draws.walk_more),
        edges=draws.walk_edges,
        points=points,
        each=True,
        uses=uses,
        where={"dLdb": "the sum over the examples"},
        read=read,
    )
