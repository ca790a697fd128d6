"""The subcommands of ``drq``, one file each.

``analyze``, ``bench``, ``compare``, ``evolve``, ``export``, ``ladder``, ``report``, ``status``, ``tournament``
"""
