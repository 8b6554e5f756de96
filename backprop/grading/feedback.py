"""nbgrader's feedback pages for many submissions at once: what they have in common is converted once."""

import html
from functools import lru_cache

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbgrader.converters import GenerateFeedback

# Characters of a submission's own cells that a page shows. Markdown may take time with the square of its length.
MOST = {"markdown": 50_000, "raw": 50_000, "code": 500_000}


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter with its two slow filters remembered.

    The pages are the same. Most cells of a class's submissions are the released ones, and nbconvert's last
    pass, which parses the whole page to add missing alternative texts, is left out where no image stands.
    """

    @pass_context
    def markdown2html(self, context, source):
        """A cell's text as HTML; as it was typed, where that cannot be made: an attachment is missing, lists nest too deeply."""
        try:
            return super().markdown2html(context, source)
        except Exception:
            return f"<pre>{html.escape(source)}</pre>"

    def from_notebook_node(self, nb, resources=None, **kw):
        _shorten(nb)
        if any(
            "image/png" in output.get("data", {}) or "<img" in str(output.get("data", {}).get("text/html", ""))
            for cell in nb.cells
            for output in cell.get("outputs", [])
        ) or any("![" in c.source or "<img" in c.source for c in nb.cells if c.cell_type == "markdown"):
            self.register_filter("markdown2html", self.markdown2html)
            return super().from_notebook_node(nb, resources, **kw)
        resources = self._init_resources(resources)
        if not hasattr(self, "_remembered"):
            highlight = Highlight2HTML(pygments_lexer="python", parent=self)
            self._remembered = lru_cache(maxsize=4096)(lambda source: highlight(source, language="python"))
            self._rendered = lru_cache(maxsize=1024)(lambda source: self.markdown2html({}, source))
        self.register_filter("highlight_code", lambda source, **_: self._remembered(source))
        # With the context like the other, as a template that is compiled for one cannot be used with the other.
        self.register_filter("markdown2html", pass_context(lambda context, source: self._rendered(source)))
        self.register_filter(
            "filter_data_type", WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        )
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


def _shorten(nb):
    """Leave out what a page need not show and would take minutes to make, in place."""
    room = dict(MOST)
    for cell in nb.cells:
        if not cell.metadata.get("nbgrader", {}).get("locked"):
            if len(cell.source) > room[cell.cell_type]:
                cell.source = "# Too long to be shown." if cell.cell_type == "code" else "Too long to be shown."
            room[cell.cell_type] -= len(cell.source)


def exporter(coursedir, parent):
    """An exporter with nbgrader's feedback template and preprocessors, less the one that looks up scores.

    The scores stand in the notebook already: see `backprop.grading.record.Recorder.feedback`.
    """
    converter = GenerateFeedback(coursedir=coursedir, parent=parent)
    made = FeedbackExporter(parent=converter, config=converter.config)
    made.optimistic_validation = True  # once, after all preprocessors, in place of after each
    for preprocessor in converter.preprocessors:
        if preprocessor.__name__ != "GetGrades":
            made.register_preprocessor(preprocessor)
    return made
