#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""udp_server.py [HOST [PORT]]: answers every datagram with '[time] data'."""

import socket
import sys
import time


def main():
    host = sys.argv[1] if len(sys.argv) > 1 else ""
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 21567
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind((host, port))
        print("port", server.getsockname()[1], flush=True)
        while True:
            request, address = server.recvfrom(1024)
            print("message:", request.decode("utf-8", "replace"), flush=True)
            server.sendto(b"[%s] %s" % (time.ctime().encode(), request), address)
            print("answered", address, flush=True)


if __name__ == "__main__":
    main()
