from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.strength_tables import SHIPPED, arms, contrasts, selection

PAGE = Path(__file__).parents[1] / "docs" / "results.md"


def test_the_page_shows_the_tables_of_the_shipped_runs() -> None:
    runs, families = (pd.read_csv(SHIPPED / f"{name}.csv") for name in ("arms", "selection"))
    page = PAGE.read_text()
    for table in (arms(runs), contrasts(runs), selection(families)):
        assert "\n".join(table) in page
