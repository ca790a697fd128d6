"""What tests of battles share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from redcode.machine import reference


@pytest.fixture(scope="module")
def short_overtime() -> Iterator[None]:
    """Many small rounds of random warriors never end in pMARS; a million turns take the reference ten seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "OVERTIME", 99)
        yield
