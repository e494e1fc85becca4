"""``servanda help``."""

from click.testing import CliRunner, Result

from servanda.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["help", *arguments])


def test_a_page_is_shown_by_its_name() -> None:
    shown = run("waivers")

    assert shown.exit_code == 0
    assert shown.stdout.startswith("# Accept a breaking change\n")


def test_a_page_is_found_by_its_place_in_the_documentation_as_well() -> None:
    assert run("docs/how-to/waivers.md").stdout == run("waivers").stdout


def test_all_pages_are_listed_with_their_titles() -> None:
    listed = run().stdout.splitlines()

    assert listed[0].startswith("tutorial ")
    assert any(line.split(maxsplit=1) == ["waivers", "Accept a breaking change"] for line in listed)


def test_a_command_gets_its_own_help() -> None:
    assert run("gate").stdout == CliRunner().invoke(main, ["gate", "--help"]).stdout


def test_a_mistyped_page_is_corrected() -> None:
    asked = run("waiver")

    assert asked.exit_code == 2
    assert "unknown page 'waiver'; did you mean waivers" in asked.stderr


def test_what_is_like_no_page_leads_to_the_list() -> None:
    assert "'servanda help' lists all pages" in run("xyz").stderr
