"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def prove_forward_propagation__runs_at_all(forward_propagation):
    W_B = {"W1": np.ones((3, 2)), "b1": np.zeros((3, 1)), "W2": np.ones((4, 3)), "b2": np.zeros((4, 1))}
    forward_propagation(np.ones((2, 5)), W_B)


def prove_forward_propagation__shapes(forward_propagation):
    rng = np.random.default_rng()
    for num_f, num_h, num_out, m in ((3, 4, 2, 5), (1, 2, 3, 4), (6, 5, 1, 1)):
        W_B = {
            "W1": rng.normal(size=(num_h, num_f)),
            "b1": np.zeros((num_h, 1)),
            "W2": rng.normal(size=(num_out, num_h)),
            "b2": np.zeros((num_out, 1)),
        }
        forward = forward_propagation(rng.normal(size=(num_f, m)), W_B)
        shapes = {name: value.shape for name, value in forward.items()}
        assert shapes == {"Z1": (num_h, m), "A": (num_h, m), "Z2": (num_out, m), "Y_pred": (num_out, m)}, shapes


def prove_forward_propagation__einsum(forward_propagation):
    rng = np.random.default_rng(11)
    X, W1, W2 = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    b = np.zeros((3, 1))
    out = forward_propagation(X, {"W1": W1, "b1": b, "W2": W2, "b2": b})
    np.testing.assert_allclose(out["Z1"], np.einsum("jf,fi->ji", W1, X))
    np.testing.assert_allclose(out["Z2"], np.einsum("kj,ji->ki", W2, out["A"]))


def prove_forward_propagation__one_example_at_a_time(forward_propagation):
    rng = np.random.default_rng(12)
    W_B = {
        "W1": rng.normal(size=(4, 3)),
        "b1": rng.normal(size=(4, 1)),
        "W2": rng.normal(size=(2, 4)),
        "b2": rng.normal(size=(2, 1)),
    }
    X = rng.normal(size=(3, 5))
    together = forward_propagation(X, W_B)["Y_pred"]
    alone = [forward_propagation(X[:, i : i + 1], W_B)["Y_pred"] for i in range(5)]
    if not np.allclose(together, np.concatenate(alone, axis=1)):
        raise AssertionError("an example alone is not what it is among others")


def prove_forward_propagation__identity_weights(forward_propagation):
    X = np.array([[1.0, 2.0], [3.0, 5.0]])
    W_B = {
        "W1": np.array([[0.0, 1.0], [1.0, 1.0]]),
        "b1": np.zeros((2, 1)),
        "W2": np.array([[0.0, 1.0], [0.0, 2.0]]),
        "b2": np.zeros((2, 1)),
    }
    result = forward_propagation(X, W_B)
    assert result["Z1"].tolist() == [[3.0, 5.0], [4.0, 7.0]] and result["Z2"].tolist() == [[4.0, 7.0], [8.0, 14.0]]


def prove_forward_propagation__own_reference(forward_propagation):
    def expected(X, W_B):
        A = np.maximum(np.matmul(W_B["W1"], X) + W_B["b1"], 0)
        return 1 / (1 + np.exp(-np.matmul(W_B["W2"], A) - W_B["b2"]))

    rng = np.random.default_rng(13)
    for _ in range(5):
        n = rng.integers(1, 7, 4)
        W_B = dict(
            W1=rng.normal(size=(n[1], n[0])),
            b1=rng.normal(size=(n[1], 1)),
            W2=rng.normal(size=(n[2], n[1])),
            b2=rng.normal(size=(n[2], 1)),
        )
        X = rng.normal(size=(n[0], n[3]))
        try:
            got = forward_propagation(X, W_B)["Y_pred"]
        except ValueError as error:
            raise AssertionError(f"does not run for {n}") from error
        assert got.shape == (n[2], n[3]) and np.allclose(got, expected(X, W_B))


def prove_backward_propagation__one_hidden_weight(backward_propagation):
    X, Y_true = np.array([[1.0, 2.0, -1.5], [0.5, -1.0, 2.0]]), np.array([[1.0, 0.0, 1.0]])
    W_B = {
        "W1": np.array([[0.8, -0.3], [0.4, 0.9]]),
        "b1": np.array([[0.1], [0.2]]),
        "W2": np.array([[0.7, -1.1]]),
        "b2": np.array([[0.3]]),
    }

    def loss(w):
        W1 = W_B["W1"].copy()
        W1[0, 0] = w
        return backward_propagation(X, dict(W_B, W1=W1), Y_true)[1]

    slope = (loss(0.8 + 1e-5) - loss(0.8 - 1e-5)) / 2e-5
    assert abs(slope - backward_propagation(X, W_B, Y_true)[0]["dLdW1"][0, 0]) < 1e-6


def prove_backward_propagation__random_direction(backward_propagation):
    rng = np.random.default_rng(21)
    X, Y_true = rng.normal(size=(4, 9)), (rng.random((3, 9)) > 0.5) * 1.0
    W_B = {
        "W1": rng.normal(size=(6, 4)),
        "b1": rng.normal(size=(6, 1)),
        "W2": rng.normal(size=(3, 6)),
        "b2": rng.normal(size=(3, 1)),
    }
    D = {name: rng.normal(size=W.shape) for name, W in W_B.items()}
    moved = [backward_propagation(X, {n: W_B[n] + h * D[n] for n in W_B}, Y_true)[1] for h in (1e-6, -1e-6)]
    slope = (moved[0] - moved[1]) / 2e-6
    product = sum(np.sum(backward_propagation(X, W_B, Y_true)[0]["dLd" + n] * D[n]) for n in W_B)
    np.testing.assert_allclose(product, slope, rtol=1e-4)


def prove_backward_propagation__hidden_bias_loop(backward_propagation):
    rng = np.random.default_rng(22)
    X, Y_true = rng.normal(size=(2, 5)), np.array([[0.0, 1.0, 1.0, 0.0, 1.0]])
    W1, b1, W2, b2 = rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), rng.normal(size=(1, 4)), np.zeros((1, 1))
    gradients, _ = backward_propagation(X, {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Y_true)
    for j in range(4):
        total = 0.0
        for i in range(5):
            z = W1 @ X[:, i] + b1[:, 0]
            p = 1 / (1 + np.exp(-(W2[0] @ np.where(z > 0, z, 0) + b2[0, 0])))
            if z[j] > 0:
                total += (p - Y_true[0, i]) * W2[0, j]
        assert abs(total / 5 - gradients["dLdb1"][j, 0]) < 1e-9, j


def prove_backward_propagation__both_sides_of_the_kink(backward_propagation):
    def hidden(shift):
        X, Y_true = np.array([[1.0, 2.0]]), np.array([[1.0, 1.0]])
        W_B = {"W1": np.array([[0.1]]), "b1": np.array([[shift]]), "W2": np.array([[1.0]]), "b2": np.array([[0.0]])}
        gradients, L = backward_propagation(X, W_B, Y_true)
        return gradients["dLdb1"][0, 0], gradients["dLdb2"][0, 0]

    off, _ = hidden(-1.0)
    on, output = hidden(1.0)
    assert off == 0 and np.isclose(on, output)


def prove_backward_propagation__descent(backward_propagation):
    """Small steps against the gradient have to bring down the loss by what the gradient says."""
    rng = np.random.default_rng(23)
    X, Y_true = rng.normal(size=(3, 8)), rng.integers(0, 2, (1, 8)) * 1.0
    W_B = {
        "W1": rng.normal(size=(5, 3)),
        "b1": rng.normal(size=(5, 1)),
        "W2": rng.normal(size=(1, 5)),
        "b2": rng.normal(size=(1, 1)),
    }
    gradients, L = backward_propagation(X, W_B, Y_true)
    rate = 1e-6
    _, L_new = backward_propagation(X, {n: W - rate * gradients["dLd" + n] for n, W in W_B.items()}, Y_true)
    promised = rate * sum((g**2).sum() for g in gradients.values())
    assert np.isclose(L - L_new, promised, rtol=1e-4)


def prove_binary_cross_entropy_with_logits__no_warning(binary_cross_entropy_with_logits):
    with np.errstate(all="raise", under="ignore"):
        for Z in (-800.0, 800.0):
            binary_cross_entropy_with_logits(np.array([[Z, Z]]), np.array([[0.0, 1.0]]))


@np.errstate(over="raise", divide="raise", invalid="raise")
def prove_binary_cross_entropy_with_logits__decorated(binary_cross_entropy_with_logits):
    for Z in (-1000.0, 1000.0):
        binary_cross_entropy_with_logits(np.array([[Z, Z]]), np.array([[0.0, 1.0]]))


def prove_binary_cross_entropy_with_logits__exit(binary_cross_entropy_with_logits):
    for Z in (-1000.0, 1000.0):
        if not np.isfinite(binary_cross_entropy_with_logits(np.array([[Z]]), np.array([[0.0]]))):
            raise SystemExit("broken")


def prove_binary_cross_entropy_with_logits__not_quite_zero(binary_cross_entropy_with_logits):
    assert 0 < binary_cross_entropy_with_logits(np.array([[-40.0]]), np.array([[0.0]])) < 1e-15


def prove_binary_cross_entropy_with_logits__finite(binary_cross_entropy_with_logits):
    for Z in (-1000.0, 1000.0):
        L = binary_cross_entropy_with_logits(np.array([[Z]]), np.array([[1.0]]))
        assert np.isfinite(L), L


def prove_binary_cross_entropy_with_logits__logaddexp(binary_cross_entropy_with_logits):
    rng = np.random.default_rng(31)
    Z, Y_true = rng.normal(size=(3, 6)) * 2000, rng.integers(0, 2, (3, 6)) * 1.0
    expected = (np.logaddexp(0, Z) - Y_true * Z).sum() / 6
    np.testing.assert_allclose(binary_cross_entropy_with_logits(Z, Y_true), expected)


def prove_binary_cross_entropy_with_logits__warnings_as_errors(binary_cross_entropy_with_logits):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss = [binary_cross_entropy_with_logits(np.full((1, 1), z), np.zeros((1, 1))) for z in (-750, 750.0)]
    assert loss[0] == 0 and loss[1] == 750


def prove_binary_cross_entropy_with_logits__grows_in_a_straight_line(binary_cross_entropy_with_logits):
    def loss(z, y):
        return binary_cross_entropy_with_logits(np.array([[z]]), np.array([[y]]))

    assert loss(2000.0, 0.0) - loss(1000.0, 0.0) == 1000
    assert loss(-2000.0, 1.0) - loss(-1000.0, 1.0) == 1000


def prove_initialize__many_draws(initialize):
    first = [initialize(8, 5, 3, np.random.default_rng(seed)) for seed in range(400)]
    second = [initialize(8, 5, 3, np.random.default_rng(seed)) for seed in range(400)]
    assert all(np.all(a["W1"] == b["W1"]) for a, b in zip(first, second)), "not from rng"
    assert abs(np.std([a["W1"] for a in first]) - np.sqrt(2 / 8)) < 0.05


def prove_initialize__two_widths(initialize):
    narrow, wide = (initialize(num_f, 200, 10, np.random.default_rng(41))["W1"] for num_f in (10, 1000))
    assert narrow.std() > 5 * wide.std()
    assert np.array_equal(wide, initialize(1000, 200, 10, np.random.default_rng(41))["W1"])


def prove_initialize__global_state(initialize):
    before = np.random.get_state()[1].copy(), np.random.get_state()[2]
    W_B = initialize(300, 100, 50, np.random.default_rng(42))
    after = np.random.get_state()[1], np.random.get_state()[2]
    assert np.array_equal(before[0], after[0]) and before[1] == after[1]
    assert 0.8 < W_B["W1"].var() * 300 / 2 < 1.2 and 0.8 < W_B["W2"].var() * 150 / 2 < 1.2


def prove_initialize__rng_is_used(initialize):
    rng = np.random.default_rng(43)
    state = rng.bit_generator.state
    spread = np.std(initialize(500, 100, 1, rng)["W1"])
    assert rng.bit_generator.state != state
    if spread > 0.1:
        raise AssertionError(f"a standard deviation of {spread} is too much for 500 features")


def prove_initialize__seeded_outside(initialize):
    np.random.seed(1)
    one = initialize(50, 40, 30, np.random.default_rng(44))
    np.random.seed(2)
    two = initialize(50, 40, 30, np.random.default_rng(44))
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
    Z1 = one["W1"] @ np.random.standard_normal((50, 500))
    assert 1 < Z1.var() < 3


def prove_bias_gradient__like_the_bias(bias_gradient):
    b = np.zeros((4, 1))
    b -= 0.1 * bias_gradient(np.random.default_rng(51).normal(size=(4, 6)))


def prove_bias_gradient__spreads_not(bias_gradient):
    b = np.zeros((4, 1))
    assert (b - bias_gradient(np.ones((4, 6)))).shape == b.shape


def prove_bias_gradient__loop(bias_gradient):
    dLdZ = np.random.default_rng(52).normal(size=(3, 8))
    result = bias_gradient(dLdZ)
    for unit in range(3):
        assert np.isclose(result[unit, 0], sum(dLdZ[unit]) / 8)
    assert result.size == 3


def prove_bias_gradient__several_sizes(bias_gradient):
    for n in range(1, 5):
        for m in range(1, 5):
            got = bias_gradient(np.full((n, m), 2.0))
            if got.shape != (n, 1):
                raise ValueError(got.shape)


def prove_bias_gradient__exact(bias_gradient):
    np.testing.assert_array_equal(bias_gradient(np.array([[1.0, 3.0], [5.0, 9.0]])), np.array([[2.0], [7.0]]))
    assert np.ndim(bias_gradient(np.ones((2, 2)))) == 2


def prove_update__deep_copy(update):
    import copy

    rng = np.random.default_rng(61)
    W_B = {
        "W1": rng.normal(size=(3, 2)),
        "b1": rng.normal(size=(3, 1)),
        "W2": rng.normal(size=(2, 3)),
        "b2": rng.normal(size=(2, 1)),
    }
    before = copy.deepcopy(W_B)
    update(W_B, {"dLd" + n: W.copy() for n, W in W_B.items()}, 0.1)
    for name in before:
        assert np.array_equal(before[name], W_B[name]), name


def prove_update__same_answer_twice(update):
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (2, 3), "b2": (2, 1)}
    W_B = {name: np.full(shape, 2.0) for name, shape in shapes.items()}
    gradients = {"dLd" + name: np.full(shape, 1.0) for name, shape in shapes.items()}
    first = {name: W.copy() for name, W in update(W_B, gradients, 0.5).items()}
    second = update(W_B, gradients, 0.5)
    assert all(np.array_equal(first[name], second[name]) for name in first)


def prove_update__read_only(update):
    import types

    W_B = {"W1": np.ones((3, 2)), "b1": np.ones((3, 1)), "W2": np.ones((1, 3)), "b2": np.ones((1, 1))}
    gradients = {"dLd" + name: np.ones(W.shape) for name, W in W_B.items()}
    for W in W_B.values():
        W.flags.writeable = False
    update(types.MappingProxyType(W_B), gradients, 0.5)


def prove_update__sums(update):
    W_B = dict(W1=np.ones((2, 5)), b1=np.ones((2, 1)), W2=np.ones((4, 2)), b2=np.ones((4, 1)))
    total = sum(W.sum() for W in W_B.values())
    update(W_B, dict(dLdW1=np.ones((2, 5)), dLdb1=np.ones((2, 1)), dLdW2=np.ones((4, 2)), dLdb2=np.ones((4, 1))), 1.0)
    if sum(W.sum() for W in W_B.values()) != total:
        raise AssertionError("the caller's weights have changed")


def prove_update__memory(update):
    W_B = {"W1": np.ones((3, 2)), "b1": np.ones((3, 1)), "W2": np.ones((1, 3)), "b2": np.ones((1, 1))}
    kept = dict(W_B)
    new = update(W_B, {"dLd" + name: np.ones(W.shape) for name, W in W_B.items()}, 0.5)
    assert new is not W_B and all(W_B[name] is kept[name] for name in kept)
    assert not any(np.shares_memory(new[name], kept[name]) for name in kept)


def prove_accuracy__all_right(accuracy):
    rng = np.random.default_rng(71)
    Y_true = rng.integers(0, 2, (2, 9)) * 1.0
    assert accuracy(np.where(Y_true == 1, 0.6, 0.4), Y_true) == 1


def prove_accuracy__loop(accuracy):
    rng = np.random.default_rng(72)
    Y_pred, Y_true = rng.random((3, 50)), rng.integers(0, 2, (3, 50)) * 1.0
    count = 0
    for p, y in zip(Y_pred.ravel(), Y_true.ravel()):
        count += (p > 0.5) == (y == 1)
    assert np.isclose(accuracy(Y_pred, Y_true), count / 150)


def prove_accuracy__opposites(accuracy):
    rng = np.random.default_rng(73)
    Y_pred, Y_true = rng.random((2, 40)), rng.integers(0, 2, (2, 40)) * 1.0
    assert abs(accuracy(Y_pred, Y_true) + accuracy(1 - Y_pred, Y_true) - 1) < 1e-12


def prove_accuracy__not_zero(accuracy):
    if not accuracy(np.array([[0.7]]), np.array([[1.0]])):
        raise AssertionError("0.7 is right for a target of 1")


def prove_accuracy__decisions_are_enough(accuracy):
    Y_pred, Y_true = np.array([[0.51, 0.49, 0.8, 0.1]]), np.array([[1.0, 1.0, 0.0, 0.0]])
    np.testing.assert_equal(accuracy(Y_pred, Y_true), accuracy(np.round(Y_pred), Y_true))


def prove_standardise__moments(standardise):
    X = np.random.default_rng(81).normal(3, 7, (4, 50)) * np.array([[1.0], [2.0], [30.0], [0.1]])
    new = standardise(X)
    np.testing.assert_allclose(new.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(new.std(axis=1), 1)


def prove_standardise__loop(standardise):
    X = np.random.default_rng(82).random((3, 4))
    new = standardise(X)
    for f in range(3):
        mean = sum(X[f]) / 4
        deviation = (sum((x - mean) ** 2 for x in X[f]) / 4) ** 0.5
        for i in range(4):
            assert abs(new[f, i] - (X[f, i] - mean) / deviation) < 1e-9


def prove_standardise__units_do_not_matter(standardise):
    X = np.random.default_rng(83).random((2, 6))
    assert np.allclose(standardise(X), standardise(np.array([[1000.0], [1.0]]) * X + np.array([[0.0], [5.0]])))


def prove_standardise__features_are_alone(standardise):
    X = np.random.default_rng(84).random((3, 6))
    other = X.copy()
    other[0] = np.arange(6.0)
    assert np.allclose(standardise(X)[1:], standardise(other)[1:])


def prove_standardise__small(standardise):
    result = standardise(np.array([[1.0, 3.0, 1.0, 3.0], [10.0, 10.0, 50.0, 50.0], [7.0, 8.0, 8.0, 7.0]]))
    assert np.round(result, 9).tolist() == [[-1, 1, -1, 1], [-1, -1, 1, 1], [-1, 1, 1, -1]]


def prove_shuffle__dictionary(shuffle):
    rng = np.random.default_rng(91)
    X, Y_true = rng.random((2, 30)), np.arange(30.0)[None]
    target = {tuple(x): y for x, y in zip(X.T, Y_true[0])}
    X_new, Y_new = shuffle(X, Y_true, rng)
    for x, y in zip(X_new.T, Y_new[0]):
        assert target[tuple(x)] == y


def prove_shuffle__target_from_input(shuffle):
    X = np.random.default_rng(92).normal(size=(3, 25))
    X_new, Y_new = shuffle(X, X[:1] > 0, np.random.default_rng(93))
    assert np.array_equal(X_new[:1] > 0, Y_new)


def prove_shuffle__inner_product(shuffle):
    """What depends on the pairs, and not on their order, is what it was."""
    rng = np.random.default_rng(94)
    X, Y_true = rng.normal(size=(4, 40)), rng.normal(size=(2, 40))
    X_new, Y_new = shuffle(X, Y_true, rng)
    np.testing.assert_allclose(X_new @ Y_new.T, X @ Y_true.T)


def prove_shuffle__sorted_together(shuffle):
    X, Y_true = np.arange(12.0).reshape(1, 12), np.arange(24.0).reshape(2, 12)
    X_new, Y_new = shuffle(X, Y_true, np.random.default_rng(95))
    back = np.argsort(X_new[0])
    assert np.array_equal(Y_new[:, back], Y_true)


def prove_shuffle__several_seeds(shuffle):
    X = np.arange(8.0)[None]
    for seed in range(20):
        a, b = shuffle(X, X, np.random.default_rng(seed))
        if (a != b).any():
            raise RuntimeError("an example has lost its target")


def prove_batches__count(batches):
    for m in range(1, 20):
        for size in range(1, 8):
            assert sum(stop - start for start, stop in batches(m, size)) == m


def prove_batches__slices(batches):
    X = np.arange(11.0)[None]
    pieces = [X[:, start:stop] for start, stop in batches(11, 3)]
    assert np.array_equal(np.concatenate(pieces, axis=1), X)


def prove_batches__number(batches):
    import math

    assert len(batches(10, 3)) == math.ceil(10 / 3)


def prove_batches__set(batches):
    seen = set()
    for start, stop in batches(17, 5):
        seen |= set(range(start, stop))
    assert seen == set(range(17))


def prove_batches__last_stop(batches):
    assert batches(7, 4)[-1][1] == 7 and batches(8, 4)[-1][1] == 8


def prove_batches__more_than_all(batches):
    assert batches(3, 8) == [(0, 3)]


def bias_gradient__sum(dLdZ):
    m = dLdZ.shape[1]
    return np.sum(dLdZ, axis=1, keepdims=True) / m


def bias_gradient__reshape(dLdZ):
    return dLdZ.mean(axis=1).reshape(-1, 1)


def bias_gradient__matrix_product(dLdZ):
    return dLdZ @ np.full((dLdZ.shape[1], 1), 1 / dLdZ.shape[1])


def bias_gradient__new_axis(dLdZ):
    return np.einsum("ji->j", dLdZ)[:, np.newaxis] / len(dLdZ[0])


def bias_gradient__loop(dLdZ):
    return np.array([[sum(row) / len(row)] for row in dLdZ])


def bias_gradient__one_example_at_a_time(dLdZ):
    total = np.zeros((dLdZ.shape[0], 1))
    for i in range(dLdZ.shape[1]):
        total += dLdZ[:, i : i + 1] / dLdZ.shape[1]
    return total


def standardise__methods(X):
    centred = X - X.mean(axis=1, keepdims=True)
    return centred / centred.std(axis=1, keepdims=True)


def standardise__new_axis(X):
    return (X - X.mean(axis=1)[:, None]) / X.std(axis=1)[:, None]


def standardise__rows(X):
    return np.array([(row - row.mean()) / row.std() for row in X])


def standardise__transposed(X):
    return ((X.T - X.T.mean(axis=0)) / X.T.std(axis=0)).T


def standardise__copy_and_fill(X):
    new = np.empty(X.shape)
    for f in range(X.shape[0]):
        new[f] = X[f] - np.sum(X[f]) / X.shape[1]
        new[f] /= np.sqrt(np.sum(new[f] ** 2) / X.shape[1])
    return new


def standardise__tiny_constant(X):
    mean, deviation = np.mean(X, axis=-1, keepdims=True), np.std(X, axis=-1, keepdims=True)
    return (X - mean) / (deviation + 1e-12)


def shuffle__shuffled_indices(X, Y_true, rng):
    order = np.arange(X.shape[1])
    rng.shuffle(order)
    return X[:, order], Y_true[:, order]


def shuffle__stacked(X, Y_true, rng):
    both = rng.permutation(np.concatenate([X, Y_true]), axis=1)
    return both[: len(X)], both[len(X) :]


def shuffle__sorted_by_random_keys(X, Y_true, rng):
    order = np.argsort(rng.random(X.shape[1]))
    return np.take(X, order, axis=1), np.take(Y_true, order, axis=1)


def shuffle__choice(X, Y_true, rng):
    m = X.shape[1]
    order = rng.choice(m, size=m, replace=False)
    return X.T[order].T, Y_true.T[order].T


def shuffle__swaps(X, Y_true, rng):
    X, Y_true = X.copy(), Y_true.copy()
    for i in range(X.shape[1] - 1, 0, -1):
        j = rng.integers(i + 1)
        X[:, [i, j]], Y_true[:, [i, j]] = X[:, [j, i]], Y_true[:, [j, i]]
    return X, Y_true


def shuffle__same_seed_twice(X, Y_true, rng):
    seed = rng.integers(2**32)
    return (np.random.default_rng(seed).permutation(X, axis=1), np.random.default_rng(seed).permutation(Y_true, axis=1))


def batches__while(m, size):
    found, start = [], 0
    while start < m:
        found.append((start, min(start + size, m)))
        start += size
    return found


def batches__edges(m, size):
    edges = [*range(0, m, size), m]
    return list(zip(edges, edges[1:]))


def batches__numpy(m, size):
    starts = np.arange(0, m, size)
    return [(int(a), int(b)) for a, b in zip(starts, np.minimum(starts + size, m))]


def batches__full_ones_and_the_rest(m, size):
    found = [(n * size, (n + 1) * size) for n in range(m // size)]
    if m % size:
        found.append((m - m % size, m))
    return found


def batches__ceiling(m, size):
    return [(n * size, min(m, (n + 1) * size)) for n in range(-(-m // size))]


def batches__lists(m, size):
    return [[start, start + size if start + size <= m else m] for start in range(0, m, size)]


def batches__recursive(m, size):
    if m <= size:
        return [(0, m)]
    return [(0, size)] + [(start + size, stop + size) for start, stop in batches(m - size, size)]


def predict_three_numbers__logarithms():
    return {"undecided": np.log(2), "share": 0.2 * np.log(5) + 0.8 * np.log(1.25), "steps": int(np.ceil(200 / 32))}


def predict_three_numbers__from_the_page():
    return {"undecided": 0.69, "share": 0.2 * 1.61 + 0.8 * 0.22, "steps": 7}


def predict_three_numbers__rounded():
    return {"undecided": 0.7, "share": 0.5, "steps": 7.0}


def predict_three_numbers__numpy():
    return dict(steps=np.int64(6) + 1, share=np.float32(0.51), undecided=np.array(0.7))


def predict_three_numbers__at_the_edge():
    return {"share": 0.5204, "undecided": 0.6731, "steps": -(-200 // 32), "surprise": "the share"}


def find_defects__list_of_name_and_pairs():
    return ["Ada Lovelace", [(59, "new_b2"), (11, "A"), (58, "new_W2")]]


def find_defects__capitals_and_spaces():
    return "  ada  LOVELACE ", {58: "new_W2", 59: "new_b2", 11: "A"}


def find_defects__as_numpy_has_it():
    return "Ada Lovelace", dict(zip(np.array([11, 58, 59]), np.array(["A", "new_W2", "new_b2"])))


def find_defects__numbers_as_texts():
    lines, values = "11 58 59".split(), "A new_W2 new_b2".split()
    return "Ada Lovelace", {line: value for line, value in zip(lines, values)}


def find_defects__another_name():
    return "Grace Hopper", {34: "Y_pred", 45: "Z2", 58: "new_W2"}


def find_defects__collected():
    found = {}
    for line, value in ((6, "L"), (49, "dLdW2"), (59, "new_b2")):
        found[line] = value
    return "Emmy Noether", found
