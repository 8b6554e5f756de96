"""A numerical check that needs no derivation: the slope of the loss along random directions."""

from collections.abc import Callable

import numpy as np


def slope_error(
    loss: Callable[[np.ndarray], float],
    x: np.ndarray,
    gradient: np.ndarray,
    rng: np.random.Generator,
    directions: int = 5,
    h: float = 1e-5,
) -> float:
    """Say how far a gradient is from the slopes that the loss really has.

    Along a random direction v the slope of the loss is ⟨gradient, v⟩, and the central difference
    (loss(x + h v) − loss(x − h v)) / 2h measures it without any derivation, to order h²
    (Baydin et al. 2018, section 2.1).

    Parameters
    ----------
    loss : callable
        Takes an array shaped like x, returns a number.
    x, gradient : numpy.ndarray
        The point and the claimed gradient there, of the same shape.
    rng : numpy.random.Generator
        Draws the directions.
    directions : int
        How many to try.
    h : float
        The step of the central difference.

    Returns
    -------
    float
        The largest difference between claimed and measured slope, relative to the larger of the two.

    Raises
    ------
    ValueError
        If x and gradient differ in shape.
    """
    x, gradient = np.asarray(x, dtype=float), np.asarray(gradient, dtype=float)
    if x.shape != gradient.shape:
        raise ValueError(f"x has shape {x.shape} but its gradient has shape {gradient.shape}")
    worst = 0.0
    for _ in range(directions):
        v = rng.standard_normal(x.shape)
        measured = (loss(x + h * v) - loss(x - h * v)) / (2 * h)
        claimed = np.sum(gradient * v)
        worst = np.maximum(worst, abs(measured - claimed) / max(abs(measured), abs(claimed), 1e-12))  # which keeps NaN
    return float(worst)
