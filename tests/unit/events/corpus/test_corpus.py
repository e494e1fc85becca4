"""A corpus is what it was written as, or it is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from servanda.errors import ContractError
from servanda.events.corpus import Corpus, open_corpus
from tests.unit.events.samples import DAY, corpus, record

ONE = record({"item": "tea"}, number=1)
TWO = record({"item": "tea", "count": 2}, number=2)


@pytest.fixture
def saved(tmp_path: Path) -> Corpus:
    found = corpus(tmp_path / "events", ONE, TWO)
    found.save()
    return found


def document(saved: Corpus) -> Path:
    return saved.folder / saved.manifest.entries[0].file


def test_a_corpus_reads_back_from_its_folder(saved: Corpus) -> None:
    found = open_corpus(saved.folder)
    assert (found.manifest, sorted(found.events, key=lambda each: each.shape)) == (
        saved.manifest,
        sorted(saved.events, key=lambda each: each.shape),
    )


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    assert open_corpus(tmp_path / "none").events == ()


def test_a_changed_event_is_refused_with_both_hashes(saved: Corpus) -> None:
    text = document(saved).read_text()
    document(saved).write_text(text.replace("tea", "ale"))
    with pytest.raises(ContractError, match=r"was changed: expected SHA-256 .*, found .*record, history or payload"):
        open_corpus(saved.folder)


def test_a_removed_event_is_refused_by_its_shape(saved: Corpus) -> None:
    document(saved).unlink()
    with pytest.raises(ContractError, match=f"is missing: orders, shape {saved.manifest.entries[0].shape}"):
        open_corpus(saved.folder)


def test_an_entry_that_is_removed_by_hand_is_refused_by_the_digest(saved: Corpus) -> None:
    place = saved.folder / "manifest.json"
    content = json.loads(place.read_text())
    document(saved).unlink()
    del content["events"][0]
    place.write_text(json.dumps(content))
    with pytest.raises(ContractError, match="an entry was changed, added or removed"):
        open_corpus(saved.folder)


def test_an_event_that_nobody_lists_is_refused(saved: Corpus) -> None:
    document(saved).with_name("more.event.json").write_text("{}")
    with pytest.raises(ContractError, match="is not in the manifest"):
        open_corpus(saved.folder)


def test_a_document_that_is_no_event_of_this_corpus_is_left_alone(saved: Corpus) -> None:
    (saved.folder / "notes.json").write_text("{}")
    assert open_corpus(saved.folder).manifest == saved.manifest


@pytest.mark.parametrize("version", [0, 2])
def test_an_unknown_version_of_the_manifest_is_refused(saved: Corpus, version: int) -> None:
    place = saved.folder / "manifest.json"
    place.write_text(place.read_text().replace('"version": 1', f'"version": {version}'))
    with pytest.raises(ContractError, match=f"expected version 1 of a corpus, found {version}"):
        open_corpus(saved.folder)


def test_a_document_that_leads_out_of_the_tree_is_refused(saved: Corpus, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}.json"
    document(saved).rename(outside)
    (tmp_path / ".git").mkdir()
    document(saved).symlink_to(outside)
    with pytest.raises(ContractError, match="outside of the tree"):
        open_corpus(saved.folder)


def test_a_shape_may_be_dropped_when_no_topic_can_hold_it(saved: Corpus) -> None:
    shape = saved.manifest.entries[0].shape
    left = saved.without([shape], DAY + dt.timedelta(days=3))
    left.save()
    found = open_corpus(saved.folder)
    assert [each.shape for each in found.manifest.dropped] == [shape]
    assert len(found.events) == 1


def test_a_shape_is_not_dropped_while_a_topic_may_hold_it(saved: Corpus) -> None:
    with pytest.raises(ContractError, match="may still hold") as caught:
        saved.without([saved.manifest.entries[0].shape], DAY + dt.timedelta(days=2))
    assert caught.value.hint == "drop it from 2026-03-04 on"


def test_a_shape_of_a_topic_without_end_is_never_dropped(tmp_path: Path) -> None:
    found = corpus(tmp_path, ONE).with_events((), {}, {"orders": -1})
    with pytest.raises(ContractError, match="may still hold"):
        found.without([found.events[0].shape], DAY + dt.timedelta(days=9999))


def test_a_shape_that_is_seen_again_keeps_its_event_and_gets_a_later_day(saved: Corpus) -> None:
    later = DAY + dt.timedelta(days=5)
    entry = saved.manifest.entries[0]
    grown = saved.with_events((), {entry.identity: (later, later)}, {})
    found = next(each for each in grown.manifest.entries if each.identity == entry.identity)
    assert (found.first, found.last, found.sha256) == (DAY, later, entry.sha256)
    assert grown.manifest.digest == saved.manifest.digest


def test_a_name_of_a_topic_cannot_lead_out_of_the_corpus(tmp_path: Path) -> None:
    event = corpus(tmp_path, ONE).events[0]
    moved = type(event)(
        "../..", "a/../b", event.shape, event.signature, "", type(ONE)("../../x", b"k", b"{}"), (), None
    )
    assert ".." not in moved.file.split("/")
