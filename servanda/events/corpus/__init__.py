"""Documents of recorded events: one event of each shape, never changed, with the hashes that prove it."""

from servanda.events.corpus.corpus import Corpus, is_corpus, open_corpus
from servanda.events.corpus.document import KeptEvent
from servanda.events.corpus.manifest import Dropped, Entry, Manifest

__all__ = ["Corpus", "Dropped", "Entry", "KeptEvent", "Manifest", "is_corpus", "open_corpus"]
