"""A monitor for tests, as a process of its own: sends blocks as told, prints what comes back.

python mllp_peer.py HOST PORT, then one JSON line a block on its input:
{"hex": bytes, "answers": how many to wait for, "cut": end the connection afterwards}.
"""

import json
import socket
import sys


def main() -> None:
    link = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=8)
    waiting = b""
    for line in sys.stdin:
        told = json.loads(line)
        link.sendall(bytes.fromhex(told["hex"]))
        if told.get("cut"):
            link.close()
            sys.stdout.write("cut\n")
            return
        for _ in range(told.get("answers", 1)):
            while b"\x1c\r" not in waiting:
                more = link.recv(65536)
                if not more:
                    sys.stdout.write("closed\n")
                    return
                waiting += more
            block, _, waiting = waiting.partition(b"\x1c\r")
            sys.stdout.write(block.removeprefix(b"\x0b").decode().replace("\r", "\\r") + "\n")
    link.close()


if __name__ == "__main__":
    main()
