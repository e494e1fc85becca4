"""Code of versions, ready to run: a checkout, a folder, a wheel or an image, found, and made ready once."""

from servanda.versions.builds.naming import WORKING_TREE, named_version, working_tree
from servanda.versions.builds.sources import Builds
from servanda.versions.builds.wheel import digest_of

__all__ = ["WORKING_TREE", "Builds", "digest_of", "named_version", "working_tree"]
