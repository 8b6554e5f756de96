"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def predict_blame__worked_out():
    return {"blame": 2 * 0.6 + 1 * -0.5, "nudged": 0.61 - 2 * 0.7 * 0.02, "flipped": -2 * 0.6 + 1 * -0.5}


def predict_blame__exact():
    return {"blame": 7 / 10, "nudged": 0.56**2 + 0.52**2, "flipped": -17 / 10}


def predict_blame__rounded():
    return {"blame": 0.7, "nudged": 0.58, "flipped": -1.7}


def predict_blame__numpy():
    return dict(blame=np.float32(0.7), nudged=np.array(0.5833), flipped=np.float64(-1.7))


def predict_blame__at_the_edge():
    return {"flipped": -1.75, "blame": 0.65, "nudged": 0.589, "why": "the first output asks louder"}


def output_error__loop(d_out, out):
    E_out = np.zeros(len(out))
    for k in range(len(out)):
        E_out[k] = d_out[k] - out[k]
    return E_out


def output_error__negative(d_out, out):
    return -(out - d_out)


def output_error__subtract(d_out, out):
    return np.subtract(d_out, out)


def output_error__copy(d_out, out):
    E_out = d_out.copy()
    E_out -= out
    return E_out


def output_error__comprehension(d_out, out):
    return np.array([d - o for d, o in zip(d_out, out)])


def total_error__dot(E_out):
    return E_out @ E_out


def total_error__loop(E_out):
    total = 0.0
    for error in E_out:
        total += error**2
    return total


def total_error__norm(E_out):
    return np.linalg.norm(E_out) ** 2


def total_error__einsum(E_out):
    return np.einsum("k,k->", E_out, E_out)


def total_error__builtin(E_out):
    return sum(float(e) * float(e) for e in E_out)


def hidden_error__from_the_left(E_out, W_out):
    return E_out @ W_out


def hidden_error__einsum(E_out, W_out):
    return np.einsum("k,kj->j", E_out, W_out)


def hidden_error__loop(E_out, W_out):
    E_hid = np.zeros(W_out.shape[1])
    for j in range(W_out.shape[1]):
        for k in range(W_out.shape[0]):
            E_hid[j] += E_out[k] * W_out[k, j]
    return E_hid


def hidden_error__broadcast(E_out, W_out):
    return (W_out * E_out[:, None]).sum(axis=0)


def hidden_error__matmul(E_out, W_out):
    return np.matmul(np.transpose(W_out), E_out.reshape(-1, 1)).ravel()


def hidden_difference__other_order(E_hid, o_hid):
    return o_hid * (1 - o_hid) * E_hid


def hidden_difference__expanded(E_hid, o_hid):
    return E_hid * (o_hid - o_hid**2)


def hidden_difference__loop(E_hid, o_hid):
    return np.array([E_hid[j] * (1 - o_hid[j]) * o_hid[j] for j in range(len(o_hid))])


def hidden_difference__einsum(E_hid, o_hid):
    return np.einsum("j,j,j->j", E_hid, 1 - o_hid, o_hid)


def hidden_difference__completed_square(E_hid, o_hid):
    return E_hid * (0.25 - (o_hid - 0.5) ** 2)


def exact_gradient__columns(x, d_out, W_hid, W_out):
    x, d = x[:, None], d_out[:, None]
    o = 1 / (1 + np.exp(-(W_hid @ x)))
    out = 1 / (1 + np.exp(-(W_out @ o)))
    back = 2 * (out - d) * out * (1 - out)
    return {"dEdW_out": back @ o.T, "dEdW_hid": (W_out.T @ back * o * (1 - o)) @ x.T}


def exact_gradient__einsum(x, d_out, W_hid, W_out):
    o = 1 / (1 + np.exp(-np.einsum("jf,f->j", W_hid, x)))
    out = 1 / (1 + np.exp(-np.einsum("kj,j->k", W_out, o)))
    back = -2 * (d_out - out) * (out - out**2)
    return {"dEdW_hid": np.einsum("k,kj,j,f->jf", back, W_out, o - o**2, x), "dEdW_out": np.einsum("k,j->kj", back, o)}


def exact_gradient__loops(x, d_out, W_hid, W_out):
    num_out, num_h = W_out.shape
    o = [1 / (1 + np.exp(-sum(W_hid[j, f] * x[f] for f in range(len(x))))) for j in range(num_h)]
    out = [1 / (1 + np.exp(-sum(W_out[k, j] * o[j] for j in range(num_h)))) for k in range(num_out)]
    dEdW_out, dEdW_hid = np.zeros(W_out.shape), np.zeros(W_hid.shape)
    for k in range(num_out):
        back = -2 * (d_out[k] - out[k]) * out[k] * (1 - out[k])
        for j in range(num_h):
            dEdW_out[k, j] = back * o[j]
            for f in range(len(x)):
                dEdW_hid[j, f] += back * W_out[k, j] * o[j] * (1 - o[j]) * x[f]
    return {"dEdW_out": dEdW_out, "dEdW_hid": dEdW_hid}


def exact_gradient__tanh_form(x, d_out, W_hid, W_out):
    o = 0.5 * (1 + np.tanh(W_hid @ x / 2))
    out = 0.5 * (1 + np.tanh(W_out @ o / 2))
    slope = 0.25 * (1 - np.tanh(W_out @ o / 2) ** 2)
    back = 2 * (out - d_out) * slope
    return {"dEdW_out": back[:, None] * o, "dEdW_hid": ((back @ W_out) * o * (1 - o))[:, None] * x, "back": back}


def exact_gradient__complex_step(x, d_out, W_hid, W_out):
    def slopes(which):
        found = np.zeros(which.shape)
        for index in np.ndindex(which.shape):
            weights = [W_hid.astype(complex), W_out.astype(complex)]
            weights[0 if which is W_hid else 1][index] += 1e-20j
            out = 1 / (1 + np.exp(-(weights[1] @ (1 / (1 + np.exp(-(weights[0] @ x)))))))
            found[index] = np.sum((d_out - out) ** 2).imag / 1e-20
        return found

    return {"dEdW_out": slopes(W_out), "dEdW_hid": slopes(W_hid)}


def total_error__own_number(E_out):
    class Error(float):
        pass

    return Error(E_out @ E_out)


def exact_gradient__from_the_parts(x, d_out, W_hid, W_out):
    o_hid = 1 / (1 + np.exp(-(W_hid @ x)))
    out = 1 / (1 + np.exp(-(W_out @ o_hid)))
    asked = 2 * hidden_difference(output_error(d_out, out), out)
    blame = hidden_difference(hidden_error(asked, W_out), o_hid)
    return {"dEdW_out": -np.outer(asked, o_hid), "dEdW_hid": -np.outer(blame, x)}


def exact_gradient_tanh__columns(x, d_out, W_hid, W_out):
    x, d = x[:, None], d_out[:, None]
    o = np.tanh(W_hid @ x)
    back = 2 * (W_out @ o - d)
    return {"dEdW_out": back @ o.T, "dEdW_hid": (W_out.T @ back * (1 - o * o)) @ x.T}


def exact_gradient_tanh__from_the_parts(x, d_out, W_hid, W_out):
    o_hid = np.tanh(W_hid @ x)
    E_out = output_error(d_out, W_out @ o_hid)
    E_hid = hidden_error(E_out, W_out)
    return {"dEdW_out": -2 * np.outer(E_out, o_hid), "dEdW_hid": np.outer(-2 * E_hid * (1 + o_hid) * (1 - o_hid), x)}


def exact_gradient_tanh__loops(x, d_out, W_hid, W_out):
    num_out, num_h = W_out.shape
    o = [np.tanh(sum(W_hid[j, f] * x[f] for f in range(len(x)))) for j in range(num_h)]
    dEdW_out, dEdW_hid = np.zeros(W_out.shape), np.zeros(W_hid.shape)
    for k in range(num_out):
        back = -2 * (d_out[k] - sum(W_out[k, j] * o[j] for j in range(num_h)))
        for j in range(num_h):
            dEdW_out[k, j] = back * o[j]
            for f in range(len(x)):
                dEdW_hid[j, f] += back * W_out[k, j] * (1 - o[j] ** 2) * x[f]
    return {"dEdW_out": dEdW_out, "dEdW_hid": dEdW_hid}


def exact_gradient_tanh__cosh(x, d_out, W_hid, W_out):
    net = W_hid @ x
    back = -2 * (d_out - W_out @ np.tanh(net))
    return {"dEdW_out": back[:, None] * np.tanh(net), "dEdW_hid": (back @ W_out / np.cosh(net) ** 2)[:, None] * x}


def exact_gradient_tanh__nudged(x, d_out, W_hid, W_out):
    def slopes(which):
        found = np.zeros(which.shape)
        for index in np.ndindex(which.shape):
            weights = [W_hid.astype(complex), W_out.astype(complex)]
            weights[0 if which is W_hid else 1][index] += 1e-20j
            found[index] = np.sum((d_out - weights[1] @ np.tanh(weights[0] @ x)) ** 2).imag / 1e-20
        return found

    return {"dEdW_out": slopes(W_out), "dEdW_hid": slopes(W_hid)}
