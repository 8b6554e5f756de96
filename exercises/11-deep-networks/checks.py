"""How the answers of chapter 11 are drawn and called. Goes out with the exercise: only numbers are secret."""

from backprop.checking import Check, Exercise, draws, network

# One layer. Sizes are inputs, units and examples.

MANY, FEW = ((3, 7, 11), (5, 2, 9), (4, 3, 11), (5, 4, 9)), ((4, 5, 3), (3, 7, 4), (2, 5, 3), (7, 4, 3))
NEXT = {"one_example": (3, 4, 1), "one_unit": (4, 1, 5), "one_input": (1, 3, 5)}
SQUARE_MANY, SQUARE_FEW = ((3, 11), (4, 9), (2, 9), (5, 7)), ((5, 3), (7, 4), (4, 3), (5, 2))
SQUARE_NEXT = {"one_example": (4, 1), "one_unit": (1, 5)}


def _forward(rng, n_in, n_out, m):
    """What comes into a layer, and the layer."""
    return {
        "A": rng.standard_normal((n_in, m)),
        "W": draws.away_from_zero(rng, (n_out, n_in)),
        "b": draws.away_from_zero(rng, (n_out, 1)),
    }


def _backward(rng, n_in, n_out, m):
    """What arrives at a layer, what came into it, and its weights."""
    return {
        "dLdZ": draws.away_from_zero(rng, (n_out, m)),
        "A": 0.3 + rng.standard_normal((n_in, m)),
        "W": draws.away_from_zero(rng, (n_out, n_in)),
    }


def _square(rng, n, m):
    """The same for a layer that has as many units as inputs."""
    return _backward(rng, n, n, m)


def _of_some(rng, make, sizes):
    """Inputs of one of several sizes."""
    return make(rng, *draws.some(rng, sizes))


def _by_size(make, many, few, edges, equal):
    """The draws of a layer: many examples and few. And its edges."""
    edges = {**edges, "one_of_everything": (1,) * len(equal), "equal_sizes": equal}
    return {
        "draws": (draws.draw("for many examples", _of_some, make, many), draws.draw("for few examples", _of_some, make, few)),
        "edges": (
            *(draws.draw(f"for {name.replace('_', ' ')}", make, *sizes) for name, sizes in edges.items()),
            draws.not_contiguous(make, *few[0]),
        ),
    }


# Counting.


def _sizes(rng, layers):
    return {"sizes": draws.unequal(rng, layers + 1)}


def _counted(rng, layers):
    return {**_sizes(rng, layers), "m": int(rng.integers(14, 40))}


def _by_depth(make, **edges):
    return {
        "draws": (
            draws.draw("for two layers", make, 2),
            draws.draw("for more layers", lambda rng: make(rng, int(rng.integers(3, 6)))),
        ),
        "edges": (
            draws.draw("for one layer", make, 1),
            *(draws.draw(f"for {title.replace('_', ' ')}", lambda rng, case: dict(case), case) for title, case in edges.items()),
        ),
    }


EXERCISES = [
    network.relu(1),
    Exercise(
        "predict_walk",
        draws=(draws.nothing,),
        points=dict.fromkeys(("weight", "bias", "first_unit", "second_unit"), 0.5),
        near=dict.fromkeys(("weight", "bias", "first_unit", "second_unit"), 0.01),
        read="11-deep-networks#One layer, both ways",
    ),
    network.initialize_layers({"W": 2, "b": 1}),
    Exercise(
        "layer_forward",
        **_by_size(_forward, MANY, FEW, NEXT, (3, 3, 3)),
        points={"layer_forward(A, W, b)": 1},
        read="11-deep-networks#One layer, both ways",
    ),
    Exercise(
        "layer_backward",
        **_by_size(_backward, MANY, FEW, NEXT, (3, 3, 3)),
        points={"dLdW": 1, "dLdb": 1, "dLdA": 1},
        returns=("dLdW", "dLdb", "dLdA"),
        where={"dLdb": "the sum over the examples", "dLdA": "what goes back"},
        read="11-deep-networks#One layer, both ways",
    ),
    network.forward_layers({"caches": 3, "Z": 1}, uses=("relu", "layer_forward")),
    network.backward_layers({"dLdW": 4, "dLdb": 2}, uses=("relu", "layer_forward", "layer_backward")),
    Exercise(
        "parameter_count",
        **_by_depth(_sizes, one_of_everything={"sizes": [1, 1]}, equal_sizes={"sizes": [3, 3, 3]}),
        points={"parameter_count(sizes)": 1},
        read="11-deep-networks#What it costs",
    ),
    Exercise(
        "multiplications",
        **_by_depth(_counted, one_example={"sizes": [3, 4, 2], "m": 1}, equal_sizes={"sizes": [3, 3, 3], "m": 3}),
        points={"forward": 1, "backward": 2},
        returns=("forward", "backward"),
        where={"backward": "the way back"},
        read="11-deep-networks#What it costs",
    ),
    Exercise(
        "layer_backward_skip",
        **_by_size(_square, SQUARE_MANY, SQUARE_FEW, SQUARE_NEXT, (3, 3)),
        points={"dLdW": 0.5, "dLdb": 0.5, "dLdA": 2},
        returns=("dLdW", "dLdb", "dLdA"),
        uses=("layer_backward",),
        where={"dLdA": "what goes back"},
        read="11-deep-networks#One layer, both ways",
    ),
]

check = Check(__file__, EXERCISES)
