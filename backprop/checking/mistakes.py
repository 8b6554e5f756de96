"""The form of a known mistake. Each chapter's private ``mistakes.py`` lists its own."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """A named, deliberate edit of a reference solution, and what to say to a student who made it.

    Parameters
    ----------
    id : str
        Short and hyphenated: ``tanh-derivative``.
    exercise : str
        The function it is a mistake in.
    says : str
        What happened, in the student's own terms, naming the output it shows in.
    why : str
        Why that is wrong.
    read : str
        Where the book explains it: ``06-backward-propagation#Through the activation``.
    edits : sequence of (str, str)
        Pieces of the reference's source and what replaces them; each piece occurs exactly once.
    source : str
        A whole wrong function, where an edit would say less.
    line : str
        Of a mistake that raises an error: a regular expression for the line of the student's that stops. One message has many
        causes; this one is named where the line mentions what it is about.
    only : str
        Of a function that several chapters ask for: the one chapter in which this is a mistake, ``12-softmax``.
    about : str
        The misconception behind it: an id of `backprop.grading.misconceptions`. For instructors; students never see it.
    """

    id: str
    exercise: str
    says: str
    why: str
    read: str
    edits: tuple[tuple[str, str], ...] = ()
    source: str = ""
    line: str = ""
    only: str = ""
    about: str = ""

    def apply(self, reference: str) -> str:
        """The source of the wrong function, made from the reference's source.

        Raises
        ------
        ValueError
            If a piece to be replaced does not occur exactly once, or nothing changes.
        """
        wrong = self.source or reference
        for old, new in self.edits:
            if wrong.count(old) != 1:
                raise ValueError(f"{self.id}: {old!r} occurs {wrong.count(old)} times in {self.exercise}, not once")
            wrong = wrong.replace(old, new)
        if wrong == reference:
            raise ValueError(f"{self.id}: changes nothing in {self.exercise}")
        return wrong


def place(read: str) -> tuple[str, str]:
    """The page, anchor and words for a place in the book.

    >>> place("06-backward-propagation#Through the activation")
    ('book/06-backward-propagation.html#through-the-activation', 'Chapter 6, “Through the activation”')
    """
    page, _, title = read.partition("#")
    anchor = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    words = f"Chapter {int(page[:2])}" if page[:2].isdigit() else page.capitalize()
    return (f"book/{page}.html" + (f"#{anchor}" if anchor else ""), words + (f", “{title}”" if title else ""))
