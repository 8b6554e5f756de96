"""What a receipt says: which file was graded, and by which checks. The same two lines come of a student's own copy."""

import hashlib
from pathlib import Path

CHECKS = "checks.py", "expected.json"


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, as ``sha256sum`` prints it."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checks_version(folder: Path) -> str:
    """Twelve digits that stand for ``checks.py`` and ``expected.json`` in a folder, however their lines end."""
    digest = hashlib.sha256()
    for name in CHECKS:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]
