"""One run as a self-contained page.

Read the files in this order:

``records``     what the run's file says of the run as a whole: settings, rounds, operators, calls, failures
``candidates``  the candidates that the page shows: champions, elites, and the ancestors of champions
``champion_duels``  what the file does not hold: duels of champions with each other and with held-out warriors
``page``        all of it as data, and the page around it

The scripts and styles beside them draw the page in the browser; battles open in the viewer of
``redcode.pictures.page``.
"""

from __future__ import annotations

from drq.report.champion_duels import ChampionDuels
from drq.report.page import read_config, report_page

__all__ = ["ChampionDuels", "read_config", "report_page"]
