"""The command line: ``backprop`` or ``python -m backprop``, one command a job."""

import click

from backprop import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="backprop")
def main():
    """Build, release and grade the course on backpropagation."""


@main.command()
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--run", is_flag=True, help="Run each notebook first and store what it prints and draws.")
def tidy(notebooks, run):
    """Bring NOTEBOOKS into the form in which they are committed."""
    from backprop import notebook

    for path in notebooks:
        try:
            changed = notebook.tidy(path, run)
        except notebook.NotebookError as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{path}: {'written' if changed else 'unchanged'}")


if __name__ == "__main__":
    main()
