"""Code of versions, ready to run: found in git or in a folder, checked out once, installed by its own lock file."""

from servanda.versions.builds.checkout import Checkouts
from servanda.versions.builds.naming import WORKING_TREE, named_version, working_tree

__all__ = ["WORKING_TREE", "Checkouts", "named_version", "working_tree"]
