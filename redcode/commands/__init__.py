"""The subcommands of ``redcode``, one file each."""
