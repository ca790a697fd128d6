"""The ``drq`` command: Hydra and the terminal.

``configure``     from the command line to a run
``compose``       from the command line to any other configuration
``progress``      what a user sees of a run while it goes
``progress_bar``  a bar for everything else
``summary``       the last words of a run
``main``          the command itself
``commands``      its subcommands, one file each
"""
