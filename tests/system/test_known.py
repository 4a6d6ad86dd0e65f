# SPDX-License-Identifier: GPL-3.0-or-later
"""--known: names by where peers come from, and devices that come back."""

import signal
import socket
import unittest

from telex_test import TestCase, main


class KnownCase(TestCase):
    def come(self, port, host, source_port=0, kind=socket.SOCK_STREAM, to="127.0.0.1"):
        """A peer that comes from host."""
        one = self.make_socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, source_port))
        one.connect((to, port))
        return one


class NamedTest(KnownCase):
    def test_named_before_its_first_message(self):
        daemon = self.daemon("--known", "127.0.0.7 boiler", "tcp://127.0.0.1:0")
        self.come(daemon.port, "127.0.0.7").sendall(b"warm\n")
        daemon.wait("message", peer=1)
        self.assertEqual([event["event"] for event in daemon.seen(peer=1)], ["open", "name", "message"])
        daemon.seen("name", peer=1, name="boiler")
        one = self.come(daemon.port, "127.0.0.8")
        one.sendall(b"x")
        daemon.wait("message", peer=2)
        self.assertEqual(daemon.seen("name", peer=2), [])

    def test_the_closest_counts(self):
        port = self.free_port()
        daemon = self.daemon("--known", "127.0.0.0/8 lan", "--known", "127.0.0.7 boiler",
                             "--known", f"127.0.0.7:{port} console", "tcp://127.0.0.1:0")
        self.come(daemon.port, "127.0.0.7", port)
        daemon.wait("name", peer=1, name="console")
        self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=2, name="boiler")
        self.come(daemon.port, "127.0.0.9")
        daemon.wait("name", peer=3, name="lan")

    def test_udp(self):
        daemon = self.daemon("--known", "127.0.0.7 boiler", "udp://127.0.0.1:0?reply=none")
        self.come(daemon.port, "127.0.0.7", kind=socket.SOCK_DGRAM).send(b"one")
        daemon.wait("name", peer=1, name="boiler")
        self.come(daemon.port, "127.0.0.7", kind=socket.SOCK_DGRAM).send(b"two")
        daemon.wait("name", peer=2, name="boiler")
        daemon.wait("message", peer=2)
        daemon.wait("name", peer=1, name=None)

    def test_ipv4_that_comes_to_a_socket_of_both(self):
        daemon = self.daemon("--known", "127.0.0.7 boiler", "tcp://*:0", "udp://*:0?reply=none")
        self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=1, name="boiler")
        self.come(daemon.ports[1], "127.0.0.7", kind=socket.SOCK_DGRAM).send(b"hi")
        daemon.wait("name", peer=1, name=None)
        daemon.wait("name", peer=2, name="boiler")

    @unittest.skipUnless(TestCase.have_ipv6(), "no IPv6")
    def test_ipv6(self):
        port = self.free_port()
        daemon = self.daemon("--known", "::1 six", "--known", f"[::1]:{port} closer", "tcp://[::1]:0")
        self.come(daemon.port, "::1", to="::1")
        daemon.wait("name", peer=1, name="six")
        self.come(daemon.port, "::1", port, to="::1")
        daemon.wait("name", peer=2, name="closer")

    def test_unix_peers_come_from_nowhere(self):
        path = self.path("s")
        daemon = self.daemon("--known", "0.0.0.0/0 anybody", "--known", "::/0 anybody", f"unix:{path}")
        self.unix(path).sendall(b"x")
        daemon.wait("message", peer=1)
        self.assertEqual(daemon.seen("name"), [])

    def test_a_proxy_tells_who_comes(self):
        daemon = self.daemon("--known", "10.0.0.7 boiler", "tcp://127.0.0.1:0?proxy=yes")
        self.tcp(daemon.port).sendall(b"PROXY TCP4 10.0.0.7 10.0.0.1 5 6\r\nhi")
        daemon.wait("name", peer=1, name="boiler")

    def test_text_shows_it_from_the_first_message_on(self):
        daemon = self.text_daemon("--known", "127.0.0.7 boiler", "tcp://127.0.0.1:0")
        self.come(daemon.port, "127.0.0.7").sendall(b"warm\n")
        daemon.wait_output("#1 boiler")


class TakeoverTest(KnownCase):
    def test_a_device_that_comes_back(self):
        daemon = self.daemon("--known", "127.0.0.7 boiler", "tcp://127.0.0.1:0")
        first = self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=1, name="boiler")
        second = self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=2, name="boiler")
        changes = [(event["event"], event["peer"], event.get("name")) for event in daemon.seen()
                   if event["event"] in ("open", "name")]
        self.assertEqual(changes, [("open", 1, None), ("name", 1, "boiler"), ("open", 2, None),
                                   ("name", 1, None), ("name", 2, "boiler")])
        daemon.command("@boiler hello")
        self.expect(second, "hello\n")
        self.check_silent(first)

    def test_another_address_keeps_it(self):
        daemon = self.daemon("--known", "127.0.0.0/8 lan", "tcp://127.0.0.1:0")
        first = self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=1, name="lan")
        second = self.come(daemon.port, "127.0.0.8")
        daemon.open(peer=2)
        daemon.command("@lan hello")
        self.expect(first, "hello\n")
        self.check_silent(second)
        self.assertEqual(daemon.seen("name", peer=2), [])


class SettingTest(KnownCase):
    def test_bad_ones_are_named(self):
        self.refuse_daemon(["--known", "127.0.0.7", "tcp://127.0.0.1:0"], 2,
                           "--known", "'127.0.0.7'", "10.0.0.7 boiler")
        self.refuse_daemon(["--known", "127.0.0.7 7up", "tcp://127.0.0.1:0"], 2, "--known", "'7up'")
        self.refuse_daemon(["--known", "host boiler", "tcp://127.0.0.1:0"], 2, "--known", "'host'")
        config = self.file("telexd.conf", "listen tcp://127.0.0.1:0\nknown 127.0.0.7:x boiler\n")
        self.refuse_daemon(["--config", config], 2, f"{config}:2", "known", "port 'x'")

    def test_read_again(self):
        config = self.file("telexd.conf", "listen tcp://127.0.0.1:0\nknown 127.0.0.7 boiler\n")
        daemon = self.daemon("--config", config, count=1)
        self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=1, name="boiler")
        self.file("telexd.conf", "listen tcp://127.0.0.1:0\nknown 127.0.0.7 kettle\nknown 127.0.0.8 pot\n")
        daemon.signal(signal.SIGHUP)
        daemon.wait_diagnostic("read again")
        self.come(daemon.port, "127.0.0.8")
        daemon.wait("name", peer=2, name="pot")
        self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=3, name="kettle")
        self.assertEqual(daemon.seen("name", peer=1, name=None), [])

    def test_the_command_line_wins(self):
        config = self.file("telexd.conf", "listen tcp://127.0.0.1:0\nknown 127.0.0.7 boiler\n")
        daemon = self.daemon("--known", "127.0.0.7 kettle", "--config", config, count=1)
        self.come(daemon.port, "127.0.0.7")
        daemon.wait("name", peer=1, name="kettle")


if __name__ == "__main__":
    main()
