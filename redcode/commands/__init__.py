"""The ``redcode`` command.

``cli``           the command itself
``options``       options that several subcommands share
``parameters``    ``-@ FILE``
``scores``        rounds counted as pMARS counts them
``progress``      progress bars
``show``          text for a terminal
``simulators``    the other simulators of the benchmark

The subcommands, one file each:

``assemble``, ``bench``, ``disassemble``, ``draw``, ``fight``, ``watch``
"""
