"""The subcommands of ``drq``, one file each."""
