"""The reader's door: the published book.

| what you can do | with |
| --- | --- |
| build the book and serve it | `build.build`, `build.serve` |
| draw formulas when it is built | `formulas` (a Sphinx extension) |
| give pages what the theme does not | `pages` (a Sphinx extension) |
| put a chapter's tasks into its page | `tasks` (a Sphinx extension), `book/_static/tasks.js` |
| fetch the Python that they run on | `runtime.find` |
| make what a student is given: a zip a chapter that works alone | `handout.write` |
| make the wheel in it, which pages load, too | `wheel.make` |
| pack the same zip of the same files | `archive.pack` |
| draw a chapter's figures in one style | `plot.use`, `plot.network` |
| show a figure that follows the page's theme | `picture.show` |
| make a moving picture | `play.show` |
| measure a gradient where it is displayed | `numeric.slope_error` |
"""
