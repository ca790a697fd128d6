"""The ``redcode`` command.

``cli``           the command itself
``options``       options that several subcommands share
``parameters``    the option ``-@ FILE``
``scores``        rounds counted and scored as in pMARS
``progress``      progress bars
``show``          text for a terminal
``simulators``    the simulators of the benchmark

The subcommands, one per file:

``assemble``, ``bench``, ``disassemble``, ``draw``, ``fight``, ``watch``
"""
