"""Digital Red Queen: evolve Core War warriors against their own past, and measure what comes of it."""

from __future__ import annotations
