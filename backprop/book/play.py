"""Moving pictures for the book: many frames in one image, and a small player that shows them one at a time."""

import base64
import html
import io
import json
from collections.abc import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

WIDTH = 560  # pixels of a frame
COLOURS = 32
ACROSS = 8  # frames beside each other: near enough for the compression to see what they have in common
MAX_SPRITE = 250_000  # bytes: a page with two of them is still light
PAUSE = 180  # milliseconds from one frame to the next, where nothing is to be read in between

# The card is white in either colour scheme, as the frames are: text and controls are dark on it in both.
STYLE = """
.backprop-player { max-width: %(width)dpx; margin: 0.3rem auto 1rem; padding: 0.5rem; border: 1px solid #8a8a8a; border-radius: 0.3rem; background: #fff; color: #222; color-scheme: light; }
.backprop-player svg { display: block; width: 100%%; height: auto; }
.backprop-player p { min-height: 1.5em; margin: 0.4rem 0; color: #222; font-variant-numeric: tabular-nums; }
.backprop-player .controls { display: flex; flex-wrap: wrap; gap: 0.5rem 0.8rem; align-items: center; margin: 0; }
.backprop-player .controls[hidden] { display: none; }
.backprop-player button { font: inherit; min-width: 7rem; min-height: 2.75rem; border: 1px solid #595959; border-radius: 0.3rem; background: #f2f2f2; color: #222; cursor: pointer; }
.backprop-player label { display: flex; flex: 1 1 10rem; gap: 0.5rem; align-items: center; margin: 0; color: #222; }
.backprop-player input { flex: 1; width: 100%%; min-width: 4rem; height: 2.75rem; margin: 0; accent-color: #0072b2; cursor: pointer; }
.backprop-player :focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
@media print { .backprop-player .controls { display: none; } .backprop-player { break-inside: avoid; } }
"""

SCRIPT = """
(() => {
  const player = document.currentScript.parentElement, captions = %(captions)s;
  const [image, caption, controls, button, slider] =
    ["image", "p", ".controls", "button", "input"].map(part => player.querySelector(part));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0, now = 0;
  const show = k => {
    now = k;
    image.setAttribute("x", -(k %% %(across)d) * %(width)d);
    image.setAttribute("y", -Math.floor(k / %(across)d) * %(height)d);
    caption.textContent = captions[k];
    slider.value = k;
    slider.setAttribute("aria-valuetext", captions[k]);
  };
  const name = () => { button.textContent = timer ? "Pause" : calm.matches ? "Next frame" : "Play"; };
  const stop = () => { clearInterval(timer); timer = 0; name(); };
  const next = () => { show((now + 1) %% captions.length); if (now === captions.length - 1) stop(); };
  button.onclick = () => {
    if (timer) return stop();
    if (calm.matches) return next();
    show(now === captions.length - 1 ? 0 : now);
    timer = setInterval(next, %(pause)d);
    name();
  };
  slider.oninput = () => { stop(); show(Number(slider.value)); };
  calm.addEventListener("change", stop);
  addEventListener("beforeprint", () => { stop(); show(0); });
  show(0);
  name();
  controls.hidden = false;
})();
"""


class Player:
    """Frames in one picture, shown by a notebook or a page as a player with a button and a slider."""

    def __init__(self, sprite: bytes, size: tuple[int, int], alt: str, captions: list[str], pause: int):
        self.sprite, self.size, self.alt, self.captions, self.pause = sprite, size, alt, captions, pause

    def __repr__(self):
        return f"<Player: {len(self.captions)} frames>"

    def _repr_html_(self):
        width, height = self.size
        across, down = min(ACROSS, len(self.captions)), -(-len(self.captions) // ACROSS)
        numbers = {
            "width": width,
            "height": height,
            "across": ACROSS,
            "pause": self.pause,
            "captions": json.dumps(self.captions).replace("<", "\\u003c"),
        }
        picture = base64.b64encode(self.sprite).decode("ascii")
        return (
            f'<div class="backprop-player"><style>{STYLE % numbers}</style>\n'
            f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(self.alt)}">'
            f'<image width="{width * across}" height="{height * down}" href="data:image/png;base64,{picture}"></image></svg>\n'
            f'<p aria-live="off">{html.escape(self.captions[0])}</p>\n'
            '<div class="controls" hidden><button type="button">Play</button>'
            f'<label>Frame <input type="range" min="0" max="{len(self.captions) - 1}" step="1" value="0"></label></div>\n'
            f"<script>{SCRIPT % numbers}</script></div>"
        )


def show(frames: Iterable[Figure], alt: str, captions: Sequence[str] | None = None, pause: int | None = None) -> Player:
    """Make a player of frames; a cell whose last line it is shows it.

    The first frame stands still until someone presses Play, and is all that shows without JavaScript and in
    print. Where the system asks for reduced motion, the button goes one frame on instead of playing.

    Parameters
    ----------
    frames : iterable of matplotlib.figure.Figure
        All of one size. Each is drawn as it comes and closed, so a generator may yield one figure again and
        again, changed in between.
    alt : str
        What the moving picture shows, in words.
    captions : sequence of str, optional
        One a frame, with the numbers that belong to it; without, the frames are counted.
    pause : int, optional
        Milliseconds from one frame to the next, by default `PAUSE`; more where captions are to be read.

    Returns
    -------
    Player

    Raises
    ------
    ValueError
        If there are no frames, their sizes or the number of captions differ, or they make too large a picture.
    """
    pictures = [_pixels(figure) for figure in frames]
    if len({picture.shape for picture in pictures}) != 1:
        raise ValueError(f"frames of one size are needed, at least one; sizes are {sorted({p.shape[:2] for p in pictures})}")
    captions = list(captions or (f"{k} of {len(pictures)}" for k in range(1, len(pictures) + 1)))
    if len(captions) != len(pictures):
        raise ValueError(f"{len(pictures)} frames have {len(captions)} captions")
    height, width, _ = pictures[0].shape
    across = min(ACROSS, len(pictures))
    pictures += [np.full_like(pictures[0], 255)] * (-len(pictures) % across)
    rows = [np.concatenate(pictures[k : k + across], axis=1) for k in range(0, len(pictures), across)]
    sheet = Image.fromarray(np.concatenate(rows)).quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    if len(file.getvalue()) > MAX_SPRITE:
        raise ValueError(f"the frames take {len(file.getvalue())} bytes, more than {MAX_SPRITE}: draw fewer or calmer ones")
    return Player(file.getvalue(), (width, height), alt, captions, pause or PAUSE)


def _pixels(figure):
    """A figure as an array of red, green and blue, `WIDTH` pixels wide."""
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(WIDTH / figure.get_figwidth())
    canvas.draw()
    plt.close(figure)
    return np.array(canvas.buffer_rgba())[:, :, :3]
