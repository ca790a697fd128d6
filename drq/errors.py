"""Every error that a user of ``drq`` can meet, each with the exit status it ends the command with."""

from __future__ import annotations

from typing import ClassVar


class DrqError(Exception):
    """Root of the errors shown as one line, without a traceback; anything else that escapes is a bug."""

    exit_code: ClassVar[int] = 2


class ConfigError(DrqError):
    """A configuration key is unknown, or its value is out of range."""


class StoreError(DrqError):
    """The run's directory or file cannot be used: another run's, another program's, locked, unwritable, full."""


class OperatorError(DrqError):
    """No proposal can succeed: the key is refused, the model does not exist, the quota is spent."""


class FetchError(DrqError):
    """A model file cannot be fetched, or is not what it should be."""


class EngineError(DrqError):
    """The machines or processes that do the work are gone, or fail again and again; the run can be resumed."""


class BudgetSpent(DrqError):  # noqa: N818 - reaching a budget is an ending, not a fault
    """The budget given in the configuration is used up; the run can be resumed with a larger one."""

    exit_code: ClassVar[int] = 3
