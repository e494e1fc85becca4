"""``python -m servanda`` is ``servanda``, and takes no module from the working directory either."""

import sys

if __name__ == "__main__":
    # Python looks into the working directory first, where a tree can bring a click.py of its own.
    if not sys.flags.safe_path:
        del sys.path[0]
    from servanda.cli import main

    main(prog_name="servanda")
