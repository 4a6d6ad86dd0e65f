#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""udp_client.py [HOST [PORT]]: a line typed at '>' is a datagram; prints its answer."""

import socket
import sys


def main():
    host = sys.argv[1] if len(sys.argv) > 1 else "localhost"
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 21567
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        while line := input(">"):
            client.sendto(line.encode(), (host, port))
            answer = client.recv(1024)
            if not answer:
                break
            print("Server :", answer.decode("utf-8", "replace"), flush=True)


if __name__ == "__main__":
    try:
        main()
    except EOFError:
        pass
