"""Documents of recorded events: one event of each shape, never changed, with the hashes that prove it."""

from servanda.events.corpus.corpus import Corpus, is_corpus, open_corpus
from servanda.events.corpus.document import KeptEvent
from servanda.events.corpus.manifest import Dropped, Entry, Manifest
from servanda.events.corpus.record import Record

__all__ = ["Corpus", "Dropped", "Entry", "KeptEvent", "Manifest", "Record", "is_corpus", "open_corpus"]
