"""A few numbers that tell one answer from any other: what is kept of a known mistake in place of its arrays.

To recognise an answer one does not need it: its form (kinds, shapes, keys, words), its size and a fixed random projection
tell two answers apart as surely as all their entries do, to the tolerance of `compare.close`, and they give nothing away.
"""

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backprop.checking.compare import RESIDUE, TOLERANCE, is_number, kind_of
from backprop.checking.wire import NUMERIC, Opaque

PROJECTIONS = 1
BYTES = 5  # of each projection's eight: nine digits of it
NOISE = "~"


@dataclass(frozen=True)
class Sketch:
    """What is kept of one output.

    ``form`` is a number made of everything about it but its numbers; ``leaves`` holds the projections of each array or number
    in it on fixed directions, and ``sizes`` the length of each, in the same metric: of a stored sketch it is not known.
    ``noise`` says that the numbers are nothing but rounding: they are not kept, and any that are not right will do.
    """

    form: int
    leaves: tuple = ()
    sizes: tuple = ()
    noise: bool = False

    def matches(self, answer, near=0.0):
        """Whether this, stored, is the sketch of an answer, or that of a number at most so far from the answer."""
        return self.form == answer.form and (
            self.noise
            or (
                len(self.leaves) == len(answer.leaves)
                and all(
                    abs(x - y) <= max(TOLERANCE * size, RESIDUE if size <= RESIDUE else 0, near * abs(directions(1)[0, 0]))
                    for kept, leaf, size in zip(self.leaves, answer.leaves, answer.sizes)
                    for x, y in zip(kept, leaf)
                )
            )
        )

    def agrees(self, other):
        """Whether two stored sketches are of one answer, computed on two machines."""
        return (self.form, self.noise, len(self.leaves)) == (other.form, other.noise, len(other.leaves)) and all(
            abs(x - y) <= max(TOLERANCE * max(map(abs, a + b)), RESIDUE)
            for a, b in zip(self.leaves, other.leaves)
            for x, y in zip(a, b)
        )

    def __str__(self):
        """As a file holds it: sixteen letters where there is one array."""
        numbers = b"".join(struct.pack(">d", x)[:BYTES] for leaf in self.leaves for x in leaf)
        text = base64.b64encode(struct.pack(">H", self.form) + (b"" if self.noise else numbers)).decode().rstrip("=")
        return NOISE + text if self.noise else text


def from_text(text):
    """Undo ``str`` of a sketch."""
    noise, text = text.startswith(NOISE), text.lstrip(NOISE)
    data = base64.b64decode(text + "=" * (-len(text) % 4))
    numbers = [struct.unpack(">d", data[k : k + BYTES].ljust(8, b"\0"))[0] for k in range(2, len(data), BYTES)]
    leaves = tuple(tuple(numbers[k : k + PROJECTIONS]) for k in range(0, len(numbers), PROJECTIONS))
    return Sketch(struct.unpack(">H", data[:2])[0], leaves, noise=noise)


def sketch(value):
    """The sketch of an output: a number, an array, or any plain value that holds some."""
    form, leaves = [], []
    _walk(value, form, leaves)
    return Sketch(
        zlib.crc32("\0".join(form).encode("utf-8", "replace")) & 0xFFFF,
        tuple(projections for projections, _ in leaves),
        tuple(size for _, size in leaves),
    )


def _walk(value, form, leaves):
    if isinstance(value, (list, tuple)) and value and all(map(is_number, value)):
        value = np.array([complex(x) if isinstance(x, complex) else x for x in value])  # a list may be an array
    if isinstance(value, (bool, str, type(None))):
        form.append(repr(value))
    elif is_number(value) or (isinstance(value, np.ndarray) and value.dtype.kind in NUMERIC):
        array = np.asarray(value)
        infinite = _not_finite(array)
        form.append(f"{kind_of(array)} {array.shape} {infinite}")
        leaves.append(_leaf(array, not infinite))
    elif isinstance(value, dict):
        form.append(f"dict {len(value)}")
        for key in sorted(value, key=repr):
            form.append(repr(key))
            _walk(value[key], form, leaves)
    elif isinstance(value, (list, tuple)):
        form.append(f"list {len(value)}")
        for part in value:
            _walk(part, form, leaves)
    else:
        form.append(repr(value) if isinstance(value, Opaque) else type(value).__name__)


def _not_finite(array):
    """Where NaN and infinities stand, as a number."""
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return 0
    signs = np.where(np.isnan(array), 2, np.where(np.isinf(array), np.sign(array.real), 0)).astype(np.int8)
    return zlib.crc32(signs.tobytes())


@np.errstate(all="ignore")
def _leaf(array, finite):
    """The projections of an array, and its length: as large as a projection of other numbers of its size would be."""
    numbers = np.concatenate([array.real.ravel(), array.imag.ravel()]) if array.dtype.kind == "c" else array.ravel()
    numbers = (numbers if finite else np.where(np.isfinite(numbers), numbers, 0)).astype(float, copy=False)
    peak = float(np.abs(numbers).max(initial=0.0))
    if peak == 0:
        return (0.0,) * PROJECTIONS, 0.0
    shape = numbers / peak / math.sqrt(numbers.size)  # which cannot overflow, nor what is made of it
    return tuple(x * peak for x in (directions(numbers.size) @ shape).tolist()), math.sqrt(np.add.reduce(shape**2)) * peak


@lru_cache(maxsize=256)
def directions(size):
    """Fixed directions for arrays of a size: entries of either sign between a half and three halves, so that each one counts."""
    drawn = np.random.default_rng(size).random((PROJECTIONS, size))
    return np.where(drawn < 0.5, 2 * drawn - 1.5, 2 * drawn - 0.5)
