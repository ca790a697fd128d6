"""``drq model``: small models for llm=local."""

from __future__ import annotations

import click

from drq.errors import ConfigError
from drq.llm.fetch import fetch
from drq.llm.models import MODELS, KnownModel, place_of

EPILOG = """\b
Examples:
  drq model list
  drq model fetch gemma-3-270m
  drq evolve operator=llm llm=local llm.model=gemma-3-270m"""


@click.group(epilog=EPILOG)
def command() -> None:
    """Small models that run on this machine. Nothing is fetched unless you ask for it."""


@command.command("list")
def list_models() -> None:
    """Show the known models: size, licence, digest, and where they come from."""
    for name, model in MODELS.items():
        click.echo(f"{name}{', fetched' if place_of(name).exists() else ''}\n{_described(model)}\n")


@command.command("fetch")
@click.argument("name")
def fetch_model(name: str) -> None:
    """Fetch the model NAME for llm=local llm.model=NAME; its licence is shown first."""
    if name not in MODELS:
        raise ConfigError(f"expected a model among {', '.join(MODELS)}, got {name!r}")
    model, path = MODELS[name], place_of(name)
    click.echo(_described(model))
    if path.exists():
        click.echo(f"fetched before: {path}")
        return
    fetch(model, path, lambda part: click.echo(f"part {part} of {len(model.packages)}", err=True))
    click.echo(f"the digest is right: {path}")


def _described(model: KnownModel) -> str:
    parts = f"{model.packages[0]} … {model.packages[-1]}" if len(model.packages) > 1 else model.packages[0]
    return (
        f"  {model.about}\n  size     {model.size / 1e6:.0f} MB\n  licence  {model.licence}\n"
        f"  sha256   {model.sha256}\n  from     PyPI, {parts}"
    )
