from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from servanda.report.running import commands, follow
from servanda.supervision import Changed, Event, Exited, Output, Ready, Restarting, Stopped, Waiting
from tests.samples.library.contracts import a_book_over_http, a_missing_book_over_http, contract

POST = {
    "method": "POST",
    "path": "/books",
    "headers": {"Content-Type": ["application/json"]},
    "body": {"content": {"title": "it's"}, "contentType": "application/json", "encoded": False},
}


def _shown(*events: Event, output: bool = True) -> str:
    stream = io.StringIO()
    show = follow(["gateway", "audit"], Console(file=stream, width=80), output=output)
    for event in events:
        show(event)
    return stream.getvalue()


def test_lines_carry_the_name_of_their_service() -> None:
    assert _shown(Output("audit", "ready"), Output("gateway", "[1] x")) == "audit   | ready\ngateway | [1] x\n"


def test_a_quiet_listener_shows_the_output_of_a_dead_service_only() -> None:
    shown = _shown(Output("audit", "working"), Exited("audit", 137, ("working", "out of memory")), output=False)
    assert shown == (
        "audit   | ended by signal SIGKILL, unexpectedly\naudit   |   working\naudit   |   out of memory\n"
    )


def test_readiness_and_the_end_are_shown_with_their_time() -> None:
    shown = _shown(Ready("audit", 1.23, {}), Stopped("audit", 0.4, killed=False), Stopped("gateway", 10.0, killed=True))
    assert shown == (
        "audit   | ready after 1.2 s\n"
        "audit   | stopped after 0.4 s\n"
        "gateway | killed, because its drain time had passed, after 10.0 s\n"
    )


def test_a_start_after_an_end_says_when_and_from_the_second_on_why() -> None:
    first = Restarting("audit", 1, 5, 0.5, "service 'audit' ended with code 3")
    second = Restarting("audit", 2, 5, 1.0, "service 'audit' was not ready within 20 s")

    assert _shown(first, second) == (
        "audit   | starting again in 0.5 s (1 of 5)\n"
        "audit   | service 'audit' was not ready within 20 s\n"
        "audit   | starting again in 1 s (2 of 5)\n"
    )


def test_a_change_and_what_waits_for_one_are_told() -> None:
    waiting = Waiting("audit", "service 'audit' ended with code 1", ("no such name",))

    assert _shown(Changed("audit", ("a.py", "b.py")), waiting, output=False) == (
        "audit   | changed: a.py, b.py\n"
        "audit   | service 'audit' ended with code 1; it waits for a change of its files\n"
        "audit   |   no such name\n"
    )


def test_commands_to_try_are_requests_of_contracts_the_easy_ones_first(tmp_path: Path) -> None:
    creation = a_book_over_http(description="a new book", request=POST, response={"status": 201})
    listing = a_book_over_http(description="all books", request={"path": "/shelves/all/books"})
    missing = a_missing_book_over_http(request={"path": "/none"})
    known = contract(tmp_path, missing, a_book_over_http(), listing, creation)
    assert commands("localhost:80", [known]) == (
        "curl -sS -X POST -H 'Content-Type: application/json' -d '{\"title\": \"it'\"'\"'s\"}' http://localhost:80/books",
        "curl -sS http://localhost:80/shelves/all/books",
        "curl -sS 'http://localhost:80/books/b-1?fields=id&fields=title'",
    )


def test_a_command_to_try_asks_for_nothing_that_a_provider_state_has_to_prepare(tmp_path: Path) -> None:
    interaction = a_book_over_http(
        request={"path": "/books", "query": {"author": ["people/ada"], "size": ["7"], "full": [None]}},
        providerStates=[{"name": "books exist", "params": {"author": "ada", "count": 7}}],
    )
    assert commands("localhost:80", [contract(tmp_path, interaction)]) == (
        "curl -sS 'http://localhost:80/books?size=7&full'",
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("\x1b]52;c;x\x07", r"\x1b]52;c;x\x07", id="clipboard"),
        pytest.param("::error::x", "::error::x", id="command, behind the name of the service"),
        pytest.param("##[error]x", r"#\x23[error]x", id="command anywhere"),
        pytest.param("[red]x[/nothing]", "[red]x[/nothing]", id="markup"),
        pytest.param("\tat x", "        at x", id="tab"),
        pytest.param("redis://:w0nder@h", "redis://:***@h", id="password"),
        pytest.param("a\rb", r"a\rb", id="overwriting"),
    ],
)
def test_the_output_of_a_service_controls_nothing(written: str, shown: str) -> None:
    assert _shown(Output("audit", written)) == f"audit   | {shown}\n"
    assert _shown(Exited("audit", 1, (written,)), output=False).splitlines()[1:] == [f"audit   |   {shown}"]


def test_a_command_to_try_does_what_the_contract_says_and_shows_what_it_does(tmp_path: Path) -> None:
    odd = a_book_over_http(request={"path": "/books/\u202e\x1b[2J"})

    assert commands("localhost:80", [contract(tmp_path, odd)]) == (
        r"curl -sS $'http://localhost:80/books/\342\200\256\033[2J'",
    )
