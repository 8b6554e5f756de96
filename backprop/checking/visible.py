"""The file of visible results, ``expected.json``: right answers for the visible seeds, and what known mistakes leave there.

It travels with every exercise, to phones as well, so it is packed: JSON that holds the address of the book and, compressed, all else.
"""

import base64
import json
import zlib


def dumps(data: dict) -> str:
    """The content of ``expected.json`` as text.

    Parameters
    ----------
    data : dict
        As `backprop.grading.expected.expected_data` gives it: ``book``, ``words``, ``exercises``.
    """
    text = json.dumps({"words": data["words"], "exercises": data["exercises"]}, separators=(",", ":"), ensure_ascii=False)
    return json.dumps({"book": data["book"], "packed": base64.b85encode(zlib.compress(text.encode(), 9)).decode()}) + "\n"


def loads(text: str) -> dict:
    """Undo `dumps`.

    Raises
    ------
    ValueError
        If it is no such text.
    """
    try:
        data = json.loads(text)
        return {"book": data["book"], **json.loads(zlib.decompress(base64.b85decode(data["packed"])))}
    except (TypeError, KeyError, zlib.error) as error:
        raise ValueError(f"no visible results: {error}") from None
