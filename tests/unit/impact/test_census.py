"""What nobody uses."""

from treaty.impact.census import Status, idle
from treaty.impact.use import Access, Observation, Usage, Use
from treaty.verdict import Consumer, Evidence, Transport

APP, WEB = Consumer("app"), Consumer("web")
SEEN_APP = Observation("app", "2026-11-01", "contracts/usage/app.json")
SEEN_WEB = Observation("web", "2026-11-02", "contracts/usage/web.json")
READ = Use("Order.note", "app", Access.READ, Transport.GRPC, named=False, evidence=Evidence("recording", "a.json"))
OVER_HTTP = Use("Order.note", "app", Access.READ, Transport.HTTP, named=True, evidence=Evidence("pact", "a.json"))


def test_what_somebody_uses_is_not_idle() -> None:
    assert list(idle(["Order.note"], Usage([READ], [SEEN_APP]), [APP])) == []


def test_an_element_is_unused_if_every_known_consumer_was_observed_without_it() -> None:
    [found] = idle(["Order.gift"], Usage([READ], [SEEN_APP, SEEN_WEB]), [APP, WEB])

    assert (found.status, found.observed) == (Status.UNUSED, (SEEN_APP, SEEN_WEB))


def test_one_missing_observation_leaves_it_unknown() -> None:
    [found] = idle(["Order.gift"], Usage([READ], [SEEN_APP]), [APP, WEB])

    assert (found.status, found.missing) == (Status.UNKNOWN, ("web",))


def test_without_known_consumers_nothing_is_unused() -> None:
    [found] = idle(["Order.gift"], Usage(), [])

    assert found.status is Status.UNKNOWN


def test_the_newest_observation_of_a_consumer_counts() -> None:
    older = Observation("app", "2026-09-01", "contracts/usage/app.json")

    assert Usage([], [SEEN_APP, older]).observations == {"app": SEEN_APP}


def test_a_recording_that_did_not_watch_a_transport_of_a_contract_proves_no_absence() -> None:
    [found] = idle(["Order.gift"], Usage([READ, OVER_HTTP], [SEEN_APP]), [APP])

    assert (found.status, found.missing) == (Status.UNKNOWN, ("app",))
