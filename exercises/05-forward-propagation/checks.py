"""How the answers of chapter 5 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop.checking import Check, Exercise, draws, network


def two_layers(rng):
    """for two layers"""
    return {"sizes": draws.unequal(rng, 3)}


def several_layers(rng):
    """for more than two layers"""
    return {"sizes": draws.unequal(rng, int(rng.integers(4, 6)))}


def _sizes(rng, *sizes):
    return {"sizes": list(sizes)}


SIZES_EDGES = (
    draws.draw("for one layer", _sizes, 6, 4),
    draws.draw("for one feature, one unit and one output", _sizes, 1, 1, 1),
    draws.draw("for equal sizes", _sizes, 3, 3, 3, 3),
    draws.draw("for one output", _sizes, 5, 8, 1),
    draws.draw("for six layers", _sizes, 7, 6, 5, 4, 3, 2, 1),
)


def _example(rng, num_f, num_h, num_out):
    """A network and one example for it, some of whose hidden units are on and, if there are several, some off."""
    case = draws.network(rng, num_f, num_h, num_out, 1)
    return {"x": case["X"][:, 0], "W_B": case["W_B"]}


def wide(rng):
    """for more hidden units than features"""
    return _example(rng, *draws.some(rng, ((3, 7, 2), (4, 9, 5), (2, 5, 3), (5, 8, 3))))


def narrow(rng):
    """for fewer hidden units than features"""
    return _example(rng, *draws.some(rng, ((7, 4, 3), (5, 3, 2), (8, 5, 3), (7, 3, 5))))


EXAMPLE_EDGES = (
    draws.draw("for one output", _example, 4, 3, 1),
    draws.draw("for one hidden unit", _example, 3, 1, 2),
    draws.draw("for one feature", _example, 1, 4, 3),
    draws.draw("for one feature, unit and output", _example, 1, 1, 1),
    draws.draw("for equal sizes", _example, 3, 3, 3),
    draws.not_contiguous(_example, 4, 3, 2),
)

EXERCISES = [
    Exercise(
        "predict_forward_pass",
        draws=(draws.nothing,),
        points={"z_first": 0.5, "z_second": 0.5, "z_out": 0.5, "prediction": 0.5, "in_Z1": 1},
        near={"z_first": 0, "z_second": 0, "z_out": 0, "prediction": 0.05, "in_Z1": 0},
        read="05-forward-propagation#One unit, by hand",
    ),
    network.relu(1),
    network.sigmoid(0.5),
    network.forward_propagation(2),
    Exercise(
        "count_parameters",
        draws=(two_layers, several_layers),
        edges=SIZES_EDGES,
        points={"count_parameters(sizes)": 2},
        read="05-forward-propagation#In practice",
    ),
    Exercise(
        "forward_one",
        draws=(wide, narrow),
        edges=EXAMPLE_EDGES,
        points={"forward_one(x, W_B)": 2},
        uses=("relu", "sigmoid", "forward_propagation"),
        read="05-forward-propagation#A bias of the wrong shape",
    ),
]

check = Check(__file__, EXERCISES)
