#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tcp_server.py [HOST [PORT]]: one client at a time, in turn; the answer is typed at '> '."""

import socket
import sys


def serve(client):
    """Prints what comes and asks for an answer to it, until the client ends."""
    with client:
        while request := client.recv(1024):
            print(request.decode("utf-8", "replace"), flush=True)
            client.send(input("> ").encode())


def main():
    host = sys.argv[1] if len(sys.argv) > 1 else ""
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 9999
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))
        server.listen(5)
        print("port", server.getsockname()[1], flush=True)
        while True:
            client, address = server.accept()
            print("client %s:%d" % address, flush=True)
            serve(client)


if __name__ == "__main__":
    try:
        main()
    except EOFError:
        pass
