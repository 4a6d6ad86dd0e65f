# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners behind a proxy that speaks the PROXY protocol."""

import socket

from telex_test import TestCase, main

HEADER = b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"
BINARY = (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + socket.inet_aton("192.0.2.7") +
          socket.inet_aton("192.0.2.2") + b"\x12\x34\x01\xbb")


class ProxyTest(TestCase):
    def check_turned_away(self, one):
        try:
            self.expect_end(one)
        except ConnectionResetError:
            pass

    def test_the_client_is_who_the_header_names(self):
        daemon = self.daemon("tcp://127.0.0.1:0?proxy=yes&reply=echo")
        one = self.tcp(daemon.port)
        one.sendall(HEADER + b"ping")
        self.assertEqual(daemon.wait("open")["remote"], "192.0.2.1:56324")
        self.assertEqual(daemon.wait("message")["text"], "ping")
        self.expect(one, "ping")
        other = self.tcp(daemon.port)
        for byte in BINARY:
            other.sendall(bytes([byte]))
        self.assertEqual(daemon.wait("open")["remote"], "192.0.2.7:4660")
        other.sendall(b"pong")
        self.expect(other, "pong")

    def test_limits_and_access_are_asked_about_the_client(self):
        daemon = self.daemon("--deny", "192.0.2.1", "--max-peers-per-host", "1",
                             "tcp://127.0.0.1:0?proxy=127.0.0.1&reply=echo")
        denied = self.tcp(daemon.port)
        denied.sendall(HEADER + b"ping")
        self.check_turned_away(denied)
        refused = daemon.wait("refused", why="access")
        self.assertEqual((refused["remote"], refused["listener"]), ("192.0.2.1:56324", 1))
        first, second = self.tcp(daemon.port), self.tcp(daemon.port)
        first.sendall(BINARY + b"ping")
        self.expect(first, "ping")
        second.sendall(BINARY + b"ping")
        self.check_turned_away(second)
        self.assertEqual(daemon.wait("refused", why="limit")["remote"], "192.0.2.7:4660")

    def test_who_comes_without_a_header_is_refused(self):
        daemon = self.daemon("tcp://127.0.0.1:0?proxy=yes&reply=echo")
        for said in (b"ping\n", b"PROXY TCP4 nonsense\r\n", b"\r\n\r\n\0\r\nQUIT\n\x31\0\0\0"):
            one = self.tcp(daemon.port)
            one.sendall(said)
            self.check_turned_away(one)
        refused = daemon.wait("refused", why="proxy")
        self.assertEqual((refused["listener"], refused["count"]), (1, 1))
        self.assertEqual(daemon.command("/stats")["stats"]["refused_proxy"], 3)
        self.assertEqual(daemon.command("/peers")["peers"], [])

    def test_who_comes_from_elsewhere_is_refused(self):
        daemon = self.daemon("tcp://127.0.0.1:0?proxy=10.0.0.0/8,192.168.0.0/16")
        one = self.tcp(daemon.port)
        self.check_turned_away(one)
        daemon.wait("refused", why="proxy")

    def test_a_silent_one_is_no_peer_and_holds_nothing_up(self):
        daemon = self.daemon("tcp://127.0.0.1:0?proxy=yes&reply=echo")
        silent, one = self.tcp(daemon.port), self.tcp(daemon.port)
        one.sendall(HEADER + b"ping")
        self.expect(one, "ping")
        self.assertEqual(len(daemon.command("/peers")["peers"]), 1)
        daemon.line("/shutdown")
        self.assertEqual(daemon.wait("close")["reason"], "shutdown")
        daemon.wait_end()
        self.check_turned_away(silent)

    def test_a_header_is_awaited_for_ten_seconds(self):
        daemon = self.daemon("tcp://127.0.0.1:0?proxy=yes&reply=echo")
        silent, slow = self.tcp(daemon.port), self.tcp(daemon.port)
        slow.sendall(HEADER[:-1])
        daemon.wait("refused", why="proxy")
        self.check_turned_away(silent)
        self.check_turned_away(slow)
        self.assertEqual(daemon.command("/stats")["stats"]["refused_proxy"], 2)

    def test_a_wrong_key_is_told(self):
        self.refuse_daemon(["tcp://127.0.0.1:0?proxy=x"], 2, "proxy=x: use yes",
                           "proxy=10.0.0.0/8,::1")
        self.refuse_daemon(["udp://127.0.0.1:0?proxy=yes"], 2, "proxy")


if __name__ == "__main__":
    main()
