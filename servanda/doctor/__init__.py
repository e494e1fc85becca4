"""Doctor: a look at the installation, the stores, the cache, the configuration and what the gate would do with it.

Nothing of the tree is run. A store is started only if somebody asks for it.
"""

from servanda.doctor.examination import examined

__all__ = ["examined"]
