"""Ends a server when the process that started it has ended, even if it was killed.

Run as a file, with the standard library only: `python -IS leash.py ARGV...`. The server ends when stdin ends,
which the kernel closes even after SIGKILL. This process ends with the server, and with its exit code.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading


def main() -> None:
    server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def watch() -> None:
        while os.read(0, 1):
            pass
        server.kill()

    threading.Thread(target=watch, daemon=True).start()
    sys.exit(server.wait())


if __name__ == "__main__":
    main()
