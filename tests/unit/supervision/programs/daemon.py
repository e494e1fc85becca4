"""Leaves a daemon behind that ignores SIGTERM, and then becomes another program: ``daemon.py NOTE PROGRAM``."""

import os
import signal
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    note, program = Path(sys.argv[1]), sys.argv[2]
    noted, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            note.write_text(str(os.getpid()))
            os.close(writing)
            time.sleep(60)
        os._exit(0)
    os.close(writing)
    os.read(noted, 1)
    os.wait()
    os.execv(sys.executable, [sys.executable, program])  # noqa: S606
