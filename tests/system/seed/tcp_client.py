#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tcp_client.py [HOST [PORT]]: sends a line typed at '> ', waits for one answer, and again."""

import socket
import sys


def main():
    host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 9999
    with socket.socket() as client:
        client.connect((host, port))
        while True:
            client.send(input("> ").encode())
            answer = client.recv(4096)
            if not answer:
                break
            print(answer.decode("utf-8", "replace"), flush=True)


if __name__ == "__main__":
    try:
        main()
    except EOFError:
        pass
