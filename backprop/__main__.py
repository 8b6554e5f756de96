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


@main.command()
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; fail when exercises/ is not what solutions/ generates.")
def release(names, check):
    """Generate exercises/ from solutions/, for all assignments or those NAMED."""
    from backprop import course, release as releasing

    root = course.find_root()
    known = course.assignments(root)
    for name in names:
        if name not in known:
            raise click.ClickException(f"There is no assignment {name!r}. There are: {', '.join(known)}.")
    stale = []
    for name in names or known:
        if check:
            differing = releasing.check(root, name)
            stale += differing
            click.echo(f"{name}: {'out of sync: ' + ', '.join(differing) if differing else 'in sync'}")
        else:
            click.echo(f"{name}: {'written' if releasing.release(root, name) else 'unchanged'}")
    if stale:
        raise click.ClickException("exercises/ is not what solutions/ generates. Run: backprop release")


if __name__ == "__main__":
    main()
