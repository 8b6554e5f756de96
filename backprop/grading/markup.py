"""What a student wrote, as HTML that can be read and does nothing.

HTML in Markdown is shown as it was typed, and so are pictures and formulas, for which a page would need another host or a
script; nh3 then lets only what lays out text through, and links that lead to the web. In the course's own cells formulas are
drawn: as MathML, for which a browser needs neither.
"""

import mimetypes
import re
from functools import lru_cache

import nh3
from markupsafe import Markup, escape
from mistune.plugins import import_plugin
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from backprop.grading.outputs import visible

# Characters of one cell that are laid out; a longer one is shown as typed, as either may take time with the square of its length.
MOST = {"markdown": 10_000, "code": 20_000}

PLUGINS = "strikethrough", "table", "url", "def_list"  # nbconvert's, less the one that makes boxes to tick

TAGS = (  # what lays out text
    "a blockquote br code dd del dl dt em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul"
)
clean = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
).clean


# What docutils makes of the formulas of an assignment.
MATHML = "math menclose mfrac mi mn mo mover mpadded mrow mspace msqrt mroot mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
clean_drawn = nh3.Cleaner(
    tags=set(TAGS.split()) | set(MATHML.split()),
    attributes={
        "a": {"href"},
        "ol": {"start"},
        "math": {"display"},
        "mo": {"stretchy"},
        "mover": {"accent"},
        "mspace": {"width"},
    },
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
).clean


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; what asks for another host or a script is shown as typed."""

    def block_code(self, code, info=None):
        return f"<pre>{escape(code)}</pre>"

    def image(self, text, url, title=None):
        return f"<code>![{text}]({escape(url[:100])}{'…' if len(url) > 100 else ''})</code>"

    def inline_math(self, body):
        return f"<code>${escape(body)}$</code>"

    def block_math(self, body):
        return f"<pre>$${escape(body)}$$</pre>"

    def latex_environment(self, name, body):
        return f"<pre>\\begin{{{escape(name)}}}{escape(body)}\\end{{{escape(name)}}}</pre>"


class _Drawing(_Renderer):
    """The same, with formulas drawn."""

    def inline_math(self, body):
        return _formula(body, False) or super().inline_math(body)

    def block_math(self, body):
        return _formula(body, True) or super().block_math(body)

    def latex_environment(self, name, body):
        return _formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", True) or super().latex_environment(name, body)


def _formula(tex, display):
    """A formula as MathML, or "" where it cannot be drawn."""
    from docutils.utils.math.latex2mathml import tex2mathml

    try:
        return tex2mathml(tex.strip(), as_block=display)
    except Exception:  # of whatever kind: then it is shown as typed
        return ""


@lru_cache(maxsize=256)
def drawn(source: str) -> Markup:
    """A Markdown cell of the course's own as HTML, with its formulas drawn."""
    return _laid_out(source, _Drawing, clean_drawn)


def markdown(source: str) -> Markup:
    """A Markdown cell as HTML."""
    return _markdown(source) if len(source) <= MOST["markdown"] else typed(source)


@lru_cache(maxsize=1024)  # most cells of a class are the released ones
def _markdown(source):
    return _laid_out(source, _Renderer, clean)


def _laid_out(source, renderer, clean):
    try:
        plugins = [import_plugin(name) for name in PLUGINS]
        return Markup(
            clean(MarkdownWithMath(renderer(escape=True, exclude_anchor_links=True), plugins=plugins).render(visible(source)))
        )
    except Exception:  # lists nest too deeply
        return typed(source)


def code(source: str, **_) -> Markup:
    """A code cell as HTML, with the classes of Pygments."""
    return _code(source) if len(source) <= MOST["code"] else typed(source)


@lru_cache(maxsize=4096)
def _code(source):
    html = highlight(visible(source), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return Markup(f'<div class="highlight"><pre tabindex="0">{html}</pre></div>')  # a keyboard can scroll it


def typed(source: str) -> Markup:
    """A text as it was typed."""
    return Markup(f"<pre>{escape(visible(source))}</pre>")


def served(name: str) -> str:
    """The name under which formgrader may serve a file that was handed in: a page, a drawing or a script becomes a text."""
    return f"{name}.txt" if re.search("html|xml|script", mimetypes.guess_type(name)[0] or "") else name
