"""The subcommands of ``drq``, one file each.

``analyze``, ``evolve``, ``export``, ``report``, ``status``, ``tournament``
"""
