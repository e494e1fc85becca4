"""Plans of mixed-version runs as lines."""

from __future__ import annotations

from servanda.report.line import plain
from servanda.report.versions import plan_lines
from servanda.verdict import DeployOrder
from servanda.versions.plan import Version, make_plan


def test_a_plan_names_the_versions_of_each_run_and_what_lives_in_each_step() -> None:
    plan = make_plan([Version("1.4.0")], Version("working-tree"), ("stock", "edge"), DeployOrder.ANY, seed=3)
    assert plain(plan_lines(plan)).splitlines() == [
        "seed 3",
        "order of the rollout: stock, edge (any order is claimed to be safe)",
        "from 1.4.0 to working-tree",
        "   1  all old                  every service old",
        "   2  rolling: stock           stock old and new, edge old",
        "   3  rolling: edge            stock new, edge old and new",
        "   4  all new                  every service new",
        "   5  rolled back              every service old",
        "   6  forward again            every service new",
        "1.4.0 and working-tree mixed",
        "   7  all old                  every service old",
        "   8  mixed                    stock old, edge new",
    ]
