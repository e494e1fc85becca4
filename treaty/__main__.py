"""``python -m treaty`` is ``treaty``."""

from treaty.cli import main

if __name__ == "__main__":
    main(prog_name="treaty")
