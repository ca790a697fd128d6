"""The subcommands of ``drq``, one file each.

``analyze``, ``bench``, ``compare``, ``evolve``, ``export``, ``ladder``, ``model``, ``polish``, ``report``, ``status``,
``tournament``
"""
