"""Trees of source files, one file per kind of place that they lie in."""

from servanda.interfaces.trees.commit import CommitTree, git
from servanda.interfaces.trees.content import ContentTree
from servanda.interfaces.trees.folder import FolderTree
from servanda.interfaces.trees.tree import Tree

__all__ = ["CommitTree", "ContentTree", "FolderTree", "Tree", "git"]
