"""Handwritten digits of 8 × 8 pixels, the task that runs through the book.

They are the optical digits of the UCI repository (Alpaydin and Kaynak 1998, CC BY 4.0) in scikit-learn's copy, kept in
``digits.npz`` beside this file. ``python backprop/checking/digits.py`` makes it again where scikit-learn is installed.
"""

import io
import pkgutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("digits.npz")
EVERY = 3  # of three digits one is kept for the test


def digits(classes: Sequence[int] = (3, 8), split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits, one a column.

    Parameters
    ----------
    classes : sequence of int
        Which of the ten digits.
    split : str
        ``"train"`` for two thirds of them, ``"test"`` for the third that no training sees.

    Returns
    -------
    X : numpy.ndarray
        (64, m): the pixels row by row, 0 for paper, 1 for ink.
    labels : numpy.ndarray
        (m,): which digit each column shows, as integers.

    Raises
    ------
    ValueError
        For another split, or a class that is no digit.
    """
    if split not in ("train", "test"):
        raise ValueError(f"split is 'train' or 'test', not {split!r}")
    if unknown := set(classes) - set(range(10)):
        raise ValueError(f"classes are digits from 0 to 9, not {', '.join(map(str, sorted(unknown)))}")
    # Read as Python reads its own files, so that it is found in a wheel that is not unpacked, too.
    with np.load(io.BytesIO(pkgutil.get_data("backprop.checking", FILE.name) or b"")) as kept:
        pixels, labels = kept["pixels"], kept["labels"].astype(int)
    is_test = np.arange(labels.size) % EVERY == EVERY - 1
    chosen = np.isin(labels, list(classes)) & (is_test == (split == "test"))
    return pixels[chosen].T / 16, labels[chosen]


if __name__ == "__main__":
    from sklearn.datasets import load_digits

    source = load_digits()
    np.savez_compressed(FILE, pixels=source.data.astype(np.uint8), labels=source.target.astype(np.uint8))
