"""``drq evolve``: a run, or a sweep of runs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from drq.cli.configure import configure, is_dry
from drq.cli.execute import evolve
from drq.run.run import config_yaml

EPILOG = """\b
Examples:
  drq evolve                                   a minute, no model, no network
  drq evolve experiment=smoke                  a few seconds
  drq evolve seed=1 rounds=10 starter=paper    other keys of the same run
  drq evolve operator=llm llm=openai llm.max_calls=500
  drq evolve operator=llm llm=openai dry_run=true   what the prompts are and the calls cost, without a call
  drq evolve operator=replay operator.run=runs/demo/seed_0
  drq evolve -m seed=0,1,2,3                   a sweep, one run after the other
  drq evolve -m hydra/launcher=processes threads=1 'seed=range(8)'   beside each other; slurm: on a cluster
  drq evolve "starter='my [first] warriors'"   two pairs of quotes for a path with such signs
The same command on the same directory goes on where it was left."""


@click.command(epilog=EPILOG)
@click.option("-m", "--multirun", is_flag=True, help="Run every combination of comma-separated values.")
@click.option("--cfg", is_flag=True, help="Print the resolved configuration and do nothing else.")
@click.argument("overrides", nargs=-1)
def command(overrides: Sequence[str], multirun: bool, cfg: bool) -> None:
    """Evolve warriors against their own past.

    OVERRIDES are group=choice (experiment, rules, objective, archive, operator, llm, engine) and key=value, as Hydra
    reads them. Results go to run_dir, by default runs/EXPERIMENT/seed_SEED.
    """
    if multirun:
        from drq.cli.sweep import sweep

        sweep(overrides)
        return
    run = configure(overrides)
    if cfg:
        click.echo(config_yaml(run.config), nl=False)
        return
    if is_dry(overrides):
        from drq.cli.forecast import Forecast  # with the client of a model, which takes a second to load

        forecast = Forecast(run)
        click.echo("\n".join([*forecast.told(), *forecast.lines()]))
        return
    if run.is_finished():
        click.echo(f"run {run.directory}: finished before", err=True)
    evolve(run)
