"""Pictures of a page as vector graphics whose colours follow the page's theme, with letters that can be selected.

Matplotlib draws; its colours become the page's own, which ``_static/course.css`` names for light and for dark, and its letters
stay letters, in the font that Matplotlib brings and `backprop.book.pages` puts beside the pages.
"""

import hashlib
import html
import io
import re
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from backprop.book import plot

# What a page calls each colour of the course's style; where no page says, it is what Matplotlib drew.
NAMES = {
    plot.BLUE: "blue",
    plot.ORANGE: "orange",
    plot.GREEN: "green",
    plot.RED: "red",
    plot.PURPLE: "purple",
    plot.SKY: "sky",
    plot.GREY: "grey",
    plot.LINE: "line",
    plot.GRID: "grid",
    plot.PAPER: "paper",
    plot.INK: "ink",
}
SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "backprop", "mathtext.fontset": "dejavusans", "svg.image_inline": True}

FONTS = ("DejaVuSans", "DejaVuSans-Oblique")
# Latin, Greek, accents of mathematics, punctuation, subscripts, arrows and signs: what a figure may hold.
LETTERS = [
    (0x20, 0x7F),
    (0xA0, 0x100),
    (0x302, 0x306),
    (0x391, 0x3CA),
    (0x2010, 0x2034),
    (0x2080, 0x208A),
    (0x2190, 0x2194),
    (0x2200, 0x2270),
]


class Picture:
    """A drawing that a notebook or a page shows as part of itself."""

    def __init__(self, svg: str):
        self.svg = svg

    def __repr__(self):
        return "<Picture>"

    def _repr_html_(self):
        return f'<div class="backprop-picture">{self.svg}</div>'


def show(figure: Figure, alt: str) -> Picture:
    """Make a picture of a figure; a cell whose last line it is shows it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is closed.
    alt : str
        What it shows, in words, for those who do not see it.

    Returns
    -------
    Picture
    """
    file = io.StringIO()
    with plt.rc_context(SETTINGS):
        figure.savefig(file, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    size = figure.get_size_inches()
    plt.close(figure)
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].strip()
    own = hashlib.sha256(svg.encode()).hexdigest()[:6]
    width, height = 72 * size
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{own}", svg)  # a page has several, and ids are the page's
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"-?\d+\.\d{3,}", lambda number: f"{round(float(number[0]), 2):g}", tag[0]), svg)
    svg = re.sub(r"'DejaVu Sans',[^;\"]*", "'DejaVu Sans', sans-serif", svg)
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda colour: _named(colour[0]), svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    head = (
        f'<svg class="backprop-drawing" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{html.escape(alt)}" '
        f'style="max-width: {width * 4 / 3:.0f}px">'
    )
    return Picture(re.sub(r"^<svg[^>]*>", lambda _: head, svg))


def _named(colour):
    name = NAMES.get(colour.upper())
    return f"var(--backprop-{name}, {colour})" if name else colour


def write_letters(folder: Path) -> None:
    """Write the fonts of the pictures into a folder, with the letters that pictures may hold."""
    from fontTools import subset

    folder.mkdir(parents=True, exist_ok=True)
    options = subset.Options(flavor="woff", drop_tables=["FFTM", *subset.Options().drop_tables])
    for name in FONTS:
        font = subset.load_font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf")), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[letter for first, end in LETTERS for letter in range(first, end)])
        subsetter.subset(font)
        subset.save_font(font, str(folder / f"{name}.woff"), options)
