"""What a comparison of gRPC and HTTP says of each aspect."""

from __future__ import annotations

import json
from collections import Counter

from servanda.parity import Aspect, Parity
from servanda.parity.beside import Beside
from servanda.parity.run import Tally
from servanda.report.parity import document, text

SAME = Tally(calls=3, accepted=3, beside=Counter({Beside.UNKNOWN_FIELD: 1, Beside.EXPIRED_DEADLINE: 1}))
OTHER = Tally(calls=2, differing=Counter({Aspect.MESSAGE: 2, Aspect.METADATA: 1}))


def test_the_aspects_in_which_nothing_differs_are_named() -> None:
    lines = text(Parity({"shop.v1.Shop.Get": SAME, "shop.v1.Shop.List": OTHER}, ()), "shop").splitlines()

    assert lines[2].split() == ["rpc", "calls", "accepted", "not", "in", "HTTP", "message", "metadata"]
    assert (
        "the same in every call: status, HTTP status, presence, error text, details, form, deadlines, unknown fields"
        in lines
    )


def test_an_aspect_that_no_call_could_show_is_not_told_to_agree() -> None:
    lines = text(Parity({"shop.v1.Shop.List": OTHER}, ()), "shop").splitlines()

    assert "the same in every call: status, HTTP status, presence, error text, details, form" in lines
    assert "in no call: deadlines, unknown fields" in lines


def test_a_service_that_answers_alike_is_told_to_be_so_in_every_aspect() -> None:
    told = text(Parity({"shop.v1.Shop.Get": SAME}, ()), "shop")

    assert f"the same in every call: {', '.join(Aspect)}\n" in told


def test_programs_are_told_the_calls_that_differ_by_aspect() -> None:
    aspects = json.loads(document(Parity({"a.B.C": OTHER, "a.B.D": OTHER}, ())))["aspects"]

    assert aspects == {**dict.fromkeys(map(str, Aspect), 0), "message": 4, "metadata": 2}
