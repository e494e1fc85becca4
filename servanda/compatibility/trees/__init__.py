"""Trees of source files, one file per kind of place that they lie in."""

from servanda.compatibility.trees.commit import CommitTree
from servanda.compatibility.trees.content import ContentTree
from servanda.compatibility.trees.folder import FolderTree
from servanda.compatibility.trees.tree import Tree

__all__ = ["CommitTree", "ContentTree", "FolderTree", "Tree"]
