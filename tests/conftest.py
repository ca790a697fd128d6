"""Settings of all tests: hypothesis judges what the code does, not how busy the machine is; long files come first."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")

LONG = ("test_notebooks.py", "test_figures.py", "test_ray.py", "test_sweep.py", "test_kernel.py", "test_compiling.py")
"""Files of ten and more seconds. If one of them were the last, the other processes would wait for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files."""
    items.sort(key=lambda item: item.path.name not in LONG)
