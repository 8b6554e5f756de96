"""A Sphinx extension: formulas are drawn when the book is built, so that a page shows them as soon as it shows its words.

``_config.yml`` names it. MathJax, from the package ``sphinx-mathjax-offline``, runs in V8 (``mini-racer``) and turns each
formula into HTML and the MathML that screen readers read; a page carries the styles of what it uses, the book the fonts,
and a reader's browser runs no script for it. A formula that MathJax cannot read is a warning, which fails the build.
"""

import importlib.resources
import json
import shutil
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

COMPONENTS = ["input/tex-full", "output/chtml", "output/chtml/fonts/tex", "a11y/assistive-mml"]
FONTS = "_static/mathjax"
LETTERS = ["MathJax_Math-Italic.woff", "MathJax_Main-Regular.woff"]  # what nearly every formula needs, asked for at once
logger = logging.getLogger(__name__)


def mathjax():
    """The folder of MathJax's components."""
    return importlib.resources.files("sphinx-mathjax-offline") / "static" / "mathjax"


@lru_cache(maxsize=1)
def _engine():
    """V8 with MathJax in it, as in Node: started once a process."""
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    sources = {f"mathjax/{name}.js": (mathjax() / f"{name}.js").read_text(encoding="utf-8") for name in COMPONENTS}
    options = {
        "loader": {"load": COMPONENTS},
        "startup": {"typeset": False},
        # An unknown command is an error of its author's, not red letters for the reader.
        "tex": {"packages": {"[-]": ["noerrors", "noundefined", "autoload", "require"]}},
        "chtml": {"fontURL": "FONTS", "adaptiveCSS": True},
    }
    engine.eval(f"""
        var sources = {json.dumps(sources)}, exports = {{}}, __dirname = "mathjax", started = "";
        var path = {{basename: name => name.split("/").pop(), dirname: name => name, resolve: (_, name) => name}};
        var require = name => name === "path" ? path : (0, eval)(sources[name]);""")
    engine.eval((mathjax() / "node-main.js").read_text(encoding="utf-8"))
    engine.eval(f"""
        var options = {json.dumps(options)};
        options.tex.formatError = (_, error) => {{ throw error }};
        exports.init(options).then(() => {{ started = "yes" }}, error => {{ started = String(error) }});
        var draw = (tex, display) => {{
            const drawn = MathJax.tex2chtml(tex, {{display}});
            if (display) MathJax.startup.adaptor.setAttribute(drawn, "tabindex", "0");  // a wide one scrolls, by keyboard too
            return MathJax.startup.adaptor.outerHTML(drawn);
        }};
        var styles = () => {{
            const sheet = MathJax.startup.adaptor.textContent(MathJax.chtmlStylesheet());
            MathJax.startup.output.clearCache();
            return sheet;
        }};""")
    if engine.eval("started") != "yes":
        raise RuntimeError(f"MathJax did not start: {engine.eval('started')}")
    return engine


def draw(tex: str, display: bool = False) -> str:
    """A formula as HTML.

    Parameters
    ----------
    tex : str
    display : bool
        On a line of its own.

    Raises
    ------
    ValueError
        If MathJax cannot read it; it says why.
    """
    found = _engine().eval(f"""(() => {{
        try {{ return JSON.stringify({{html: draw({json.dumps(tex)}, {json.dumps(display)})}}) }}
        catch (error) {{ return JSON.stringify({{error: error.message}}) }} }})()""")
    found = json.loads(found)
    if "error" in found:
        raise ValueError(found["error"])
    return found["html"]


def styles() -> str:
    """The style sheet of all that was drawn since the last call; ``FONTS`` in it stands for the fonts' address."""
    return _engine().eval("styles()")


def _drawn(translator, node, tex, display):
    try:
        return draw(tex, display)
    except ValueError as error:
        logger.warning("this formula cannot be drawn: %s", error, location=node)
        return translator.encode(tex)


def visit_math(translator, node):
    """Write a formula within a line."""
    translator.body.append(
        translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
        + _drawn(translator, node, node.astext(), False)
        + "</span>"
    )
    raise nodes.SkipNode


def visit_displayed_math(translator, node):
    """Write a formula on a line of its own, with its number where it has one."""
    tex = node.astext().strip()
    if "\\\\" in tex and not node.get("nowrap"):
        tex = f"\\begin{{split}}{tex}\\end{{split}}"
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(_drawn(translator, node, tex, True) + "</div>\n")
    raise nodes.SkipNode


def add_styles(app, pagename, templatename, context, doctree):
    """Give a page the styles of its formulas, and its letters as early as these."""
    if "<mjx-container" in context.get("body", ""):
        fonts = context["pathto"](FONTS, resource=True)
        letters = json.dumps([f"{fonts}/{name}" for name in LETTERS])
        # Not for a page that is read as a file: there browsers refuse, and say so in the console.
        early = (
            'location.protocol === "file:" || ' + letters + ".forEach(href => document.head.append(Object.assign("
            'document.createElement("link"), {rel: "preload", as: "font", type: "font/woff", crossOrigin: "", href})))'
        )
        context["metatags"] = (
            f"{context.get('metatags', '')}\n<style>{styles().replace('FONTS', fonts)}</style>\n<script>{early}</script>"
        )


def copy_fonts(app, exception):
    """Put MathJax's fonts beside the pages."""
    if exception is None and app.builder.format == "html":
        fonts = mathjax() / "output" / "chtml" / "fonts" / "woff-v2"
        shutil.copytree(fonts, Path(app.outdir) / FONTS, dirs_exist_ok=True)


def setup(app):
    """Connect everything; called by Sphinx."""
    app.add_html_math_renderer("drawn", (visit_math, None), (visit_displayed_math, None))
    app.connect("html-page-context", add_styles)
    app.connect("build-finished", copy_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
