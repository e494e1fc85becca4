"""Products derived from ``proto/`` and ``servanda.toml`` and committed, one file per kind.

``python -m codegen`` writes it, ``python -m codegen --check`` tells what drifted.
"""
