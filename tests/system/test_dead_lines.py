# SPDX-License-Identifier: GPL-3.0-or-later
"""Far ends that are gone without a word, and such as only do not read."""

import signal
import socket
import time
import unittest

import world
from telex_test import TestCase

KEEPALIVE = 2
SLACK = 3  # of a busy machine
TCP_RTO_MAX_MS = 44  # Linux 6.15, linux/tcp.h


def setUpModule():
    world.enter()


def counter(name):
    """One of the kernel's counters of TCP, netstat(8)."""
    with open("/proc/net/netstat", encoding="ascii") as file:
        rows = [row.split() for row in file if row.startswith("TcpExt:")]
    return int(dict(zip(*rows))[name])


class DeadLineTest(TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(world.set_loopback, True)

    def check_found(self, daemon, peer, begun):
        daemon.wait("close", peer=peer, reason="timeout")
        self.assertLess(time.monotonic() - begun, 2 * KEEPALIVE + SLACK)

    def check_cut(self, daemon, peer):
        world.set_loopback(False)
        begun = time.monotonic()
        daemon.command(f"/send {peer} anybody there?")
        self.check_found(daemon, peer, begun)

    def test_text_on_its_way(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--keepalive", KEEPALIVE)
        self.tcp(daemon.port)
        self.check_cut(daemon, daemon.open())

    def test_a_call(self):
        listener = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        daemon = self.daemon("--keepalive", KEEPALIVE)
        daemon.command(f"/connect tcp://127.0.0.1:{listener.getsockname()[1]}")
        self.check_cut(daemon, daemon.open())

    def test_read_again(self):
        config = self.path("config")
        with open(config, "w", encoding="ascii") as file:
            file.write("keepalive 0\n")
        daemon = self.daemon("tcp://127.0.0.1:0", "--config", config)
        self.tcp(daemon.port)
        peer = daemon.open()
        with open(config, "w", encoding="ascii") as file:
            file.write(f"keepalive {KEEPALIVE}\n")
        world.set_loopback(False)
        daemon.command(f"/send {peer} anybody there?")
        begun = time.monotonic()
        daemon.signal(signal.SIGHUP)
        self.check_found(daemon, peer, begun)

    def test_a_reader_that_stalls_lives(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--keepalive", KEEPALIVE)
        one = self.tcp(daemon.port, receive_buffer=4096)
        peer = daemon.open()
        for _ in range(4):
            daemon.command(f"/send {peer} " + "x" * 30000)
        with self.assertRaises(self.failureException):
            daemon.wait("close", timeout=4 * KEEPALIVE)
        self.assertGreater(counter("TCPWinProbe"), 0)
        try:
            one.setsockopt(socket.IPPROTO_TCP, TCP_RTO_MAX_MS, 1000)
        except OSError:
            return  # the kernel asks too seldom
        self.check_cut(daemon, peer)


if __name__ == "__main__":
    unittest.main()
