"""The colours of warriors, one list for light pages and one for dark.

Any two colours of a list, and each colour and an empty cell, are at least 0.1 apart in OKLab (Ottosson 2020), for full
colour vision and for simulated protanopia, deuteranopia and tritanopia (Machado 2009). A test computes this.
"""

from __future__ import annotations

LIGHT = ("#007eec", "#ef8c05", "#0f766e", "#d939a9", "#e4ce2c", "#7a2e0e", "#5acb8f", "#5725c5")
DARK = ("#3ea2ff", "#faa52e", "#7ef0d0", "#e25bbe", "#f7ed69", "#b13b0b", "#3c9769", "#8754f4")
EMPTY_LIGHT = "#f0f1f4"
EMPTY_DARK = "#171b22"
