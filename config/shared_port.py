"""daphne on a port that several processes share: the kernel spreads the connections over them.

python -m config.shared_port HOST PORT [daphne's own arguments]
"""

import socket
import sys

from daphne.cli import CommandLineInterface

# A whole fleet comes back at the same moment after a restart.
_BACKLOG = 1024


def main() -> None:
    host, port, *arguments = sys.argv[1:]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server(
        (host, int(port)), family=family, backlog=_BACKLOG, reuse_port=True
    ) as listening:
        CommandLineInterface().run(["--fd", str(listening.fileno()), *arguments])


if __name__ == "__main__":
    main()
