"""Where champions come from, against the runs' own rows."""

from __future__ import annotations

from pathlib import Path

from drq import analysis
from drq.analysis import Study, load_runs
from drq.report.candidates import lineages
from drq.store.reader import reading
from tests.drq.runs import execute, nano_config


def test_a_lineage_leads_from_every_champion_to_a_beginning(study: Study) -> None:
    for run in study.runs:
        graph = analysis.lineage(run)
        assert all(parent < id for id, one in graph.items() for parent in one.parents)
        assert {id for id, one in graph.items() if one.champion} == {c.id for c in run.champions}
        for champion in run.champions:
            path = analysis.line_of_descent(graph, champion.id)
            assert path[-1] == champion.id and path == sorted(path)
            assert not graph[path[0]].parents
            for step in analysis.steps(graph, path):
                same = graph[step.parent].digest == graph[step.child].digest
                assert (step.diff == "") == same or graph[step.child].kind == "mutate"


def test_a_lineage_as_text_ends_with_the_champion(study: Study) -> None:
    text = analysis.lineage_text(study.runs[1])
    assert text.splitlines()[0].startswith(study.runs[1].label) and ", champion" in text
    assert text.splitlines()[0].endswith("champion of round 7") and "t = " not in text


def test_a_line_that_begins_with_a_starter_says_its_name(study: Study) -> None:
    starters = {starter.digest: starter.name for run in study.runs for starter in run.starters}
    titles = set()
    for run in study.runs:
        for id, one in analysis.lineage(run).items():
            if one.kind == "seed" and not one.parents:
                titles.add(f"{id}: round {one.round}, seed: {starters[one.digest]}, fitness")
    lines = [line for run in study.runs for line in analysis.lineage_text(run).splitlines()]
    assert any(line.startswith(tuple(titles)) for line in lines) and not any("loop" in line for line in lines)


def test_a_lineages_table_has_its_nodes_and_edges(study: Study) -> None:
    graph = analysis.lineage(study.runs[1])
    table = analysis.lineage_table(study.runs[1], graph)
    assert table["id"].tolist() == sorted(graph) and table["champion"].sum() == 8
    edges = {(int(parent), row.id) for row in table.itertuples() for parent in str(row.parents).split()}
    assert edges == {(parent, id) for id, one in graph.items() for parent in one.parents}


def test_descent_is_by_the_first_parent_even_where_the_second_is_older(tmp_path: Path) -> None:
    """The child of crossover has the head of its first parent, whatever their ids; the report follows it too."""
    execute(nano_config(rounds=3, iterations=20, crossover_share=0.9), tmp_path / "run")
    (run,) = load_runs([tmp_path])
    graph = analysis.lineage(run)
    with reading(tmp_path / "run") as record:
        recorded = {id: list(record.candidate(id).parents) for id in graph}
        chains = lineages(record, [champion.id for champion in run.champions])
    paths = [analysis.line_of_descent(graph, champion) for champion in chains]
    assert paths == [[*chain[::-1], champion] for champion, chain in chains.items()]
    assert any(one > other for path in paths for one, *rest in (recorded[id] for id in path[1:]) for other in rest)
    table = analysis.lineage_table(run, graph).set_index("id")["parents"]
    assert {id: [int(parent) for parent in text.split()] for id, text in table.items()} == {
        id: recorded[id] for id in graph
    }
