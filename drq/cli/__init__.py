"""The ``drq`` command and the same from Python: Hydra, the terminal, notebooks.

Read the files in this order; each uses only those before it:

``compose``       from a shipped configuration and the command line to plain data; Hydra's errors in one line
``configure``     from there to a run
``extent``        how much a run has to do
``progress``      what a user sees of a run while it goes
``progress_bar``  a bar for everything else
``study_arguments``  runs and settings on a command line, to a measured study
``forecast``      what a run with a model will come to, before its first call
``summary``       the last words of a run
``strongest``     the end of a run for strength: its strongest champion on a ladder
``execute``       one run in this terminal
``sweep``         many runs
``front_door``    runs from Python: what ``import drq`` gives
``main``          the command itself
``commands``      its subcommands, one file each
"""
