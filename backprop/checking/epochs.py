"""The batches of an epoch, which several chapters ask for: what `batches(m, size, rng)` promises stands here once.

Any right shuffle will do: what is compared is what holds for every one of them.
"""

import inspect

import numpy as np

from backprop.checking import draws
from backprop.checking.contract import Exercise


def with_a_rest(rng):
    """for batches that leave a rest"""
    size = int(rng.integers(4, 8))
    return {"m": size * int(rng.integers(3, 5)) + int(rng.integers(1, size - 1)), "size": size, "seed": int(rng.integers(2**31))}


def without_a_rest(rng):
    """for batches that divide the examples evenly"""
    size = int(rng.integers(4, 8))
    return {"m": size * int(rng.integers(3, 6)), "size": size, "seed": int(rng.integers(2**31))}


EPOCH_EDGES = tuple(
    draws.draw(title, lambda rng, m, size: {"m": m, "size": size, "seed": int(rng.integers(2**31))}, m, size)
    for title, m, size in (
        ("for a rest of one example", 13, 4),
        ("for a rest that is one short of a batch", 14, 5),
        ("for one example more than a batch", 7, 6),
        ("for a batch of exactly all examples", 6, 6),
        ("for a batch that is larger than all examples together", 6, 9),
        ("for batches of one example", 5, 1),
        ("for one example", 1, 4),
    )
)
GENERATORS = 10


def epochs_of(batches, m, size, seed):
    """What holds for every right epoch, whatever order it draws: of ten generators one epoch, another, and one of the first afresh."""
    facts = {"sizes": [], "numbers": 0, "mixed": False, "again": False, "new": False}
    generators, seen = [np.random.default_rng(seed + k) for k in range(GENERATORS)], []
    for rng in (*generators, *generators, np.random.default_rng(seed)):
        given = batches(m, size, rng)
        if inspect.isgenerator(given):
            return given  # which has words of its own
        if not _are_batches(given):
            return {**dict.fromkeys(facts), "sizes": []}  # nothing is known of the rest
        rows = [sorted(np.asarray(row).tolist()) for row in given]  # in a batch no order matters
        sizes = [len(row) for row in rows]
        facts["sizes"] = sizes if facts["sizes"] in ([], sizes) else [-1]
        facts["numbers"] = max(facts["numbers"], _numbers(rows, m))
        facts["mixed"] |= any(row[-1] - row[0] >= len(row) for row in rows)
        seen.append(rows)
    facts["again"] = seen[-1] == seen[0]
    facts["new"] = seen[:GENERATORS] != seen[GENERATORS:-1] and any(rows != seen[0] for rows in seen[:GENERATORS])
    return facts


def _numbers(rows, m):
    """Which numbers stand in an epoch: 0 for each from 0 to m - 1 once; what else there may be stands in `batches`."""
    found = sorted(number for row in rows for number in row)
    if any(len(set(row)) < len(row) for row in rows):
        return 5
    if len(set(found)) < len(found):
        before = [number for row in rows[:-1] for number in row]
        return 3 if len(set(before)) == len(before) else 4
    return {tuple(range(m)): 0, tuple(range(1, m + 1)): 1}.get(tuple(found), 2)


def _are_batches(epoch):
    """Whether these are some rows of whole numbers, none empty."""
    if not isinstance(epoch, (list, tuple, np.ndarray)) or not all(isinstance(b, (list, tuple, np.ndarray)) for b in epoch):
        return False
    try:
        rows = [np.asarray(batch) for batch in epoch]
    except ValueError:
        return False
    return bool(rows) and all(row.ndim == 1 and row.size and row.dtype.kind in "iu" for row in rows)


def batches(points: dict[str, float]) -> Exercise:
    """``batches(m, size, rng)``: points for each of the facts that hold for every right epoch."""
    return Exercise(
        "batches",
        draws=(with_a_rest, without_a_rest),
        edges=EPOCH_EDGES,
        call=epochs_of,
        points=points,
        words={
            "sizes": {
                (): "a list of arrays should come back, each with one axis, of whole numbers and not empty, and something else does",
                (-1,): "the batches have other sizes from one call to the next",
                "otherwise": "the batches have other sizes than they should: `size` numbers each, and in the last one what is left",
            },
            "numbers": {
                1: "the numbers run from 1 to m, and not from 0 to m − 1",
                2: "some of the numbers from 0 to m − 1 are missing",
                3: "some numbers of the last batch have come before, in the same epoch",
                4: "some numbers come in two batches of one epoch",
                5: "some numbers come twice in one batch",
            },
            "mixed": {False: "a batch holds neighbours only: the numbers are not mixed before they are cut"},
            "again": {False: "equal generators should give equal orders"},
            "new": {False: "another generator should give another order, and so should the next call with the same one"},
        },
        read="09-gradient-descent#One epoch",
    )
