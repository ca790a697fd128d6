"""The subcommands of ``drq``, one file each.

``analyze``, ``bench``, ``evolve``, ``export``, ``report``, ``status``, ``tournament``
"""
