"""The subcommands of ``drq``, one file each.

``analyze``, ``bench``, ``compare``, ``polish``, ``evolve``, ``export``, ``ladder``, ``model``, ``report``, ``status``,
``tournament``
"""
