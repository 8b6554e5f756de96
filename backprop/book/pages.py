"""A Sphinx extension: what the published pages get beyond the theme, and what they need not load.

``_config.yml`` names it. A chapter's section *Exercises* starts with the way to its exercise; images load when they
come into view; scripts that no page of this book uses are left out.
"""

import hashlib
import re
from html import escape
from pathlib import Path

from docutils import nodes

from backprop.book import formulas, handout, picture
from backprop.course import texts

# Pages that had another address once, and where they are now.
MOVED = {
    "05-initialisation": "08-initialisation",
    "06-forward-propagation": "05-forward-propagation",
    "07-backward-propagation": "06-backward-propagation",
    "08-gradient-checking": "07-gradient-checking",
}
LEADS_ON = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Moved</title><link rel="canonical" href="{new}.html">
<script>location.replace("{new}.html" + location.hash)</script><noscript><meta http-equiv="refresh" content="0; url={new}.html"></noscript></head>
<body><p>This page is now <a href="{new}.html">{new}</a>.</p></body></html>
"""
UNUSED = ("thebe", "THEBE")  # live code in the page needs a server on another host; this book has none


def say_whose(app, config):
    """The course's own texts: in every page's foot and, as ``{{ ask }}``, where a page says whom to ask."""
    about = texts(app.srcdir)
    words = [escape(about[key]) for key in ("name", "term")]
    config.html_theme_options["extra_footer"] = " · ".join(filter(None, [*words, _linked(about["contact"])]))
    config.myst_substitutions = {"ask": about["contact"] or "whoever teaches the course"}


def _linked(contact):
    """A contact as HTML: a link, where it is an address."""
    scheme = "" if re.match("https?://", contact) else "mailto:" if re.fullmatch(r"[^\s@]+@[^\s@]+", contact) else None
    return escape(contact) if scheme is None else f'<a href="{scheme}{escape(contact)}">{escape(contact)}</a>'


def lead_to_exercise(app, doctree, docname):
    """Put links under a chapter's heading *Exercises*: a download and, where a repository is configured, Binder."""
    name = Path(docname).name
    if app.builder.format != "html" or not (Path(app.srcdir) / "exercises" / name).is_dir():
        return
    up = "../" * docname.count("/")
    links = [("Download this chapter's exercise", f"{up}exercises/{name}.zip")]
    repository = (app.config.html_theme_options.get("repository_url") or "").rstrip("/")
    if "github.com/" in repository:
        branch = app.config.html_theme_options.get("repository_branch") or "main"
        links.append(
            (
                "Open it in Binder",
                f"https://mybinder.org/v2/gh/{repository.partition('github.com/')[2]}/{branch}"
                f"?urlpath=lab/tree/exercises/{name}/{name}.ipynb",
            )
        )
    for section in doctree.findall(nodes.section):
        if section[0].astext() == "Exercises":
            paragraph = nodes.paragraph(classes=["to-exercise"])
            for words, address in links:
                paragraph += [nodes.reference("", words, refuri=address, internal=True), nodes.Text(" ")]
            section.insert(1, paragraph)


def load_images_lazily(app, doctree):
    """Images load when they come into view."""
    for image in doctree.findall(nodes.image):
        image["loading"] = "lazy"


def leave_out_scripts(app, pagename, templatename, context, doctree):
    """Leave out the scripts that no page uses."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if not any(
            word in f"{getattr(script, 'filename', '')}{getattr(script, 'attributes', {}).get('body', '')}" for word in UNUSED
        )
    ]


def finish(app, exception):
    """Put the exercises and the pictures' letters beside the pages, and leave out of these what the theme writes into every one of them.

    Icons come from the style sheet's font, not from a script ten times its size; the index is for the page that searches.
    """
    if exception or app.builder.format != "html":
        return
    handout.beside_pages(app.srcdir, Path(app.outdir) / "exercises")
    picture.write_letters(Path(app.outdir) / "_static" / "letters")
    for old, new in MOVED.items():
        (Path(app.outdir) / "book" / f"{old}.html").write_text(LEADS_ON.format(new=new), encoding="utf-8")
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        unused = "scripts/fontawesome" + ("" if page.name == "search.html" else "|searchtools|language_data|searchindex")
        better = re.sub(rf"<script[^>]*({unused})\.js[^>]*></script>", "", text)
        # A list of citations whose entries are not list items confuses screen readers more than none.
        better = better.replace('role="list" class="citation-list"', 'class="citation-list"').replace(' role="doc-biblioentry"', "")
        if better != text:
            page.write_text(better, encoding="utf-8")


def made_from(srcdir):
    """A number that changes with what is on every page: the style sheet, pictures, scripts, and the extensions themselves."""
    files = [*sorted((Path(srcdir) / "book" / "_static").iterdir()), Path(__file__), Path(formulas.__file__)]
    return int.from_bytes(hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).digest()[:6], "big")


def setup(app):
    """Connect everything; called by Sphinx."""
    app.connect("config-inited", say_whose)
    app.connect("doctree-resolved", lead_to_exercise)
    app.connect("doctree-read", load_images_lazily)
    app.connect("html-page-context", leave_out_scripts, priority=900)
    app.connect("build-finished", finish)
    # Sphinx would otherwise leave every page, and even the style sheet, as it was.
    return {"env_version": made_from(app.srcdir), "parallel_read_safe": True, "parallel_write_safe": True}
