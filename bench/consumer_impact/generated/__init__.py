"""Edits of the library that are made from its definitions, element by element; a replay tells who breaks."""
