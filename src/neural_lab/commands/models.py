"""`neural-lab models`."""

import typer

models_app = typer.Typer(add_completion=False, no_args_is_help=True)
