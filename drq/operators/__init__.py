"""Operators: each turns parents into redcode text behind the protocol of ``base``."""

from __future__ import annotations
