"""Trees of source files, one file per kind of place that they lie in."""

from treaty.compatibility.trees.commit import CommitTree, git
from treaty.compatibility.trees.content import ContentTree
from treaty.compatibility.trees.folder import FolderTree
from treaty.compatibility.trees.tree import Tree

__all__ = ["CommitTree", "ContentTree", "FolderTree", "Tree", "git"]
