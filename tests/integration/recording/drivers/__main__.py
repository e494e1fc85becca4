"""Run everything, and end without a chance to tidy up."""

from __future__ import annotations

import os
import signal

from . import by_asyncpg, by_psycopg, by_sqlalchemy

if __name__ == "__main__":
    for each in (by_asyncpg, by_psycopg, by_sqlalchemy):
        each.main(os.environ["POSTGRES_DSN"])
    os.kill(os.getpid(), signal.SIGKILL)
