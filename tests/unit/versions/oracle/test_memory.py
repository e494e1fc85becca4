"""What has to stay from step to step."""

from __future__ import annotations

import base64
import itertools
import json
from collections import Counter
from types import MappingProxyType
from typing import Any

import pytest

from servanda.versions.oracle import Answer, Memory, Question
from servanda.versions.oracle.credentials import end_of
from servanda.versions.oracle.memory import shape_of
from servanda.versions.plan import Phase, Step

ASKED = Question("/users/17")


def step(phase: Phase) -> Step:
    return Step(1, phase, MappingProxyType({"users": ("1",)}))


def remembered(memory: Memory, phase: Phase, body: Any, second: Any = None) -> None:
    memory.remember(step(phase), {ASKED: (Answer(200, body), Answer(200, body if second is None else second))})


def judged(memory: Memory, phase: Phase, body: Any) -> list[str]:
    return [each.path for each in memory.judge(step(phase), ASKED, Answer(200, body))]


def test_an_answer_has_to_be_that_of_the_step_before() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    assert judged(memory, Phase.ROLLING, {"name": "Ada", "unit": "kg"}) == []
    assert judged(memory, Phase.ROLLING, {"name": "Bob"}) == ["$.name"]


def test_what_differs_although_nobody_wrote_is_not_compared() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada", "now": 1}, {"name": "Ada", "now": 2})
    assert judged(memory, Phase.ROLLING, {"name": "Ada", "now": 3}) == []


def test_a_path_that_is_declared_volatile_is_not_compared() -> None:
    memory = Memory(["$.now"])
    remembered(memory, Phase.OLD, {"now": 1})
    assert judged(memory, Phase.ROLLING, {"now": 2}) == []


def test_old_instances_need_not_know_what_new_ones_answer() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    remembered(memory, Phase.NEW, {"name": "Ada", "unit": "kg"})
    assert judged(memory, Phase.ROLLED_BACK, {"name": "Ada"}) == []
    assert judged(memory, Phase.ROLLED_BACK, {}) == ["$.name"]


def test_new_instances_alone_have_to_know_what_they_answered() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    remembered(memory, Phase.ROLLING, {"name": "Ada", "unit": "kg"})
    assert judged(memory, Phase.NEW, {"name": "Ada"}) == ["$.unit"]


def test_what_the_new_version_wrote_is_there_again_after_a_rollback() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    remembered(memory, Phase.NEW, {"name": "Ada", "unit": "kg"})
    remembered(memory, Phase.ROLLED_BACK, {"name": "Ada"})
    assert judged(memory, Phase.FORWARD, {"name": "Ada", "unit": "kg"}) == []
    assert judged(memory, Phase.FORWARD, {"name": "Ada"}) == ["$.unit"]


def test_what_was_changed_after_a_rollback_need_not_be_as_it_was_before() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    remembered(memory, Phase.NEW, {"name": "Ada", "unit": "kg"})
    remembered(memory, Phase.ROLLED_BACK, {"name": "Bob"})
    assert judged(memory, Phase.FORWARD, {"name": "Bob"}) == []


def test_what_is_gone_is_asked_no_more() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    memory.remember(step(Phase.ROLLING), {ASKED: (Answer(404, None), Answer(404, None))})
    assert memory.questions() == ()


def test_questions_that_differ_in_a_value_have_one_shape() -> None:
    assert shape_of(Question("/v1/users/17?page=abc4")) == shape_of(Question("/*/users/4711?page=x9"))
    assert shape_of(Question("/users/ada")) != shape_of(Question("/items/ada"))


def disagreeing(memory: Memory, *rounds: tuple[Any, ...]) -> list[str]:
    answers = [tuple(Answer(200, body) for body in bodies) for bodies in rounds]
    return [each.path for each in memory.disagreements(step(Phase.ROLLING), Question("/users/18"), answers)]


def test_two_live_versions_answer_in_the_same_way() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    both = {"name": "Ada"}, {"name": None}
    assert disagreeing(memory, both, both) == ["$.name"]


def test_an_effect_that_arrives_between_two_answers_is_no_disagreement() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"sum": 1})
    assert disagreeing(memory, ({"sum": 1}, {"sum": 2}), ({"sum": 2}, {"sum": 2})) == []


def test_a_new_version_may_say_more_than_the_old_one_beside_it() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"name": "Ada"})
    both = {"name": "Ada", "unit": "kg"}, {"name": "Ada"}
    assert disagreeing(memory, both, both) == []


def test_what_is_new_each_time_in_answers_of_old_versions_is_no_disagreement() -> None:
    memory = Memory()
    remembered(memory, Phase.OLD, {"now": 1}, {"now": 2})
    assert disagreeing(memory, ({"now": 3}, {"now": 4}), ({"now": 5}, {"now": 6})) == []


def test_a_question_that_no_old_version_answered_is_no_disagreement() -> None:
    both = {"now": 3}, {"now": 4}
    assert disagreeing(Memory(), both, both) == []


def test_a_call_that_was_added_may_be_gone_after_the_rollback_and_has_to_be_there_again() -> None:
    memory, added = Memory(), Question("/users/17/roles")
    remembered(memory, Phase.OLD, {"name": "Ada"})
    memory.remember(step(Phase.NEW), {added: (Answer(200, ["admin"]), Answer(200, ["admin"]))})
    gone = Answer(404, {"error": "no such path"})
    assert memory.judge(step(Phase.ROLLED_BACK), added, gone) == ()
    memory.remember(step(Phase.ROLLED_BACK), {added: (gone, gone)})
    assert [each.path for each in memory.judge(step(Phase.FORWARD), added, gone)] == ["status"]
    assert memory.judge(step(Phase.FORWARD), added, Answer(200, ["admin"])) == ()


def test_what_old_callers_ask_first_beside_a_new_instance_has_to_stay_after_the_rollback() -> None:
    memory, listed = Memory(), Question("/users?page=2")
    memory.remember(step(Phase.ROLLING), {listed: (Answer(200, ["a"]), Answer(200, ["a"]))})
    assert [each.path for each in memory.judge(step(Phase.ROLLED_BACK), listed, Answer(200, []))] == ["$[*]"]


def token(claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2lnbmF0dXJl"


def asked_with(authorization: str) -> Question:
    return Question("/users", (("authorization", authorization),))


def asked_in(number: int, *targets: str) -> tuple[Step, dict[Question, tuple[Answer, Answer]]]:
    answer = Answer(200, {})
    return Step(number, Phase.OLD, MappingProxyType({})), {Question(target): (answer, answer) for target in targets}


def test_questions_of_one_shape_crowd_out_no_others_and_are_of_every_step() -> None:
    memory = Memory()
    for number in range(1, 6):
        memory.remember(*asked_in(number, *(f"/users?page={number}0{page}" for page in range(20)), f"/items/{number}"))
    kept = [each.target for each in memory.questions()]
    pages = [target for target in kept if target.startswith("/users")]
    by_step = Counter(target.removeprefix("/users?page=")[0] for target in pages)
    assert sorted(by_step) == ["1", "2", "3", "4", "5"]
    assert (by_step.total(), min(by_step.values())) == (25, 4)
    assert len(kept) - len(pages) == 5
    assert memory.left_out == 75


def test_more_questions_than_can_be_asked_leave_one_of_every_shape() -> None:
    memory = Memory()
    words = ["".join(letters) for letters in itertools.product("abcdefgh", repeat=3)][:300]
    for number in (1, 2):
        memory.remember(*asked_in(number, *(f"/{word}/{number}" for word in words)))
    kept = memory.questions()
    assert len(kept) == 400
    assert len(set(map(shape_of, kept))) == 300


def test_what_is_asked_with_a_token_that_ends_is_forgotten_and_counted() -> None:
    now = [1000.0]
    memory = Memory(clock=lambda: now[0])
    good = (Answer(200, {}), Answer(200, {}))
    ending, other = asked_with(f"Bearer {token({'exp': 1300})}"), asked_with("Bearer opaque")
    memory.remember(step(Phase.OLD), {ending: good, other: good})
    assert memory.questions() == (ending, other)

    now[0] = 1290.0
    assert memory.questions() == (other,)
    assert memory.left_out == 1


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic e30=",
        "Bearer",
        "Bearer a.b.c",
        "Bearer e30.é.x",
        f"Bearer {token([])}",
        f"Bearer {token({'exp': 'never'})}",
        f"Bearer {token({'exp': None})}",
        f"Bearer {token({})}",
    ],
)
def test_credentials_that_tell_no_end_have_none(authorization: str) -> None:
    assert end_of(asked_with(authorization)) == float("inf")
