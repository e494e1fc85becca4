"""Configuration of the documentation."""

project = "Servanda"
author = "The Servanda maintainers"
extensions = ["myst_parser"]
html_theme = "furo"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
