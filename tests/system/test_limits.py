# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect, and how many."""

import socket
import time

from telex_test import DEADLINE, TestCase, main, name_of


class LimitTest(TestCase):
    def check_turned_away(self, one):
        """The connection ends without having been served."""
        try:
            self.expect_end(one)
        except ConnectionResetError:
            pass

    def check_served(self, one):
        one.sendall(b"ping")
        self.expect(one, "ping")


class MaxPeersTest(LimitTest):
    def test_max_peers(self):
        path = self.path("a.sock")
        daemon = self.daemon("--max-peers", "3", "tcp://127.0.0.1:0?reply=echo",
                             f"unix:{path}?reply=echo", "udp://127.0.0.1:0?reply=echo")
        clients = [self.tcp(daemon.ports[0]), self.tcp(daemon.ports[0]), self.unix(path)]
        for client in clients:
            self.check_served(client)
        fourth = self.tcp(daemon.ports[0])
        self.check_turned_away(fourth)
        refused = daemon.wait("refused", why="limit")
        self.assertIn(name_of(fourth), refused["remote"])
        self.assertEqual((refused["listener"], refused["count"]), (1, 1))
        sender = self.udp(daemon.ports[2])  # they are stream peers that are counted
        sender.send(b"x")
        self.expect(sender, "x")
        clients[0].close()
        daemon.wait("close", reason="eof")
        self.check_served(self.tcp(daemon.ports[0]))
        self.assertEqual(daemon.command("/stats")["stats"]["refused_limit"], 1)

    def test_max_peers_per_host(self):
        daemon = self.daemon("--max-peers-per-host", "2", "tcp://0.0.0.0:0?reply=echo")
        clients = [self.from_host(host, daemon.port)
                   for host in ("127.0.0.1", "127.0.0.1", "127.0.0.2")]
        for client in clients:
            self.check_served(client)
        self.check_turned_away(self.from_host("127.0.0.1", daemon.port))
        daemon.wait("refused", why="limit")
        self.check_served(self.from_host("127.0.0.2", daemon.port))
        clients[0].close()
        daemon.wait("close", reason="eof")
        self.check_served(self.from_host("127.0.0.1", daemon.port))

    def from_host(self, host, port):
        one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        one.bind((host, 0))
        one.connect(("127.0.0.1", port))
        return one

    def test_refused_is_told_once_a_second(self):
        daemon = self.daemon("--max-peers", "1", "tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        self.check_served(one)
        for _ in range(50):
            self.check_turned_away(self.tcp(daemon.port))
        refused = []
        while sum(event["count"] for event in refused) < 50:
            refused.append(daemon.wait("refused", why="limit"))
        self.assertEqual(sum(event["count"] for event in refused), 50)
        self.assertLess(len(refused), 25)
        self.assertEqual(daemon.command("/stats")["stats"]["refused_limit"], 50)
        self.check_served(one)


class AccessTest(LimitTest):
    """Clients of 127.0.0.0/8 call a daemon that listens on every address."""

    def check(self, options, allowed, denied):
        daemon = self.daemon(*options, "tcp://0.0.0.0:0?reply=echo", "udp://0.0.0.0:0?reply=echo")
        senders = []
        for host in (*allowed, *denied):
            one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
            one.bind((host, 0))
            one.connect(("127.0.0.1", daemon.ports[0]))
            two = self.udp(daemon.ports[1], bind=(host, 0))
            two.send(b"ping")
            if host in allowed:
                self.check_served(one)
                self.expect(two, "ping")
            else:
                self.check_turned_away(one)
                senders.append(two)
        self.wait_refusals(daemon, 2 * len(denied))
        for two in senders:
            self.check_silent(two)
        remotes = {event["remote"] for event in daemon.seen("open")}
        for host in denied:
            self.assertFalse([remote for remote in remotes if f"{host}:" in remote])
        if denied:
            self.assertEqual(daemon.wait("refused")["why"], "access")

    def wait_refusals(self, daemon, count):
        """Waits until so many have been refused: datagrams are not missed by their senders."""
        end = time.monotonic() + DEADLINE
        while (refused := daemon.command("/stats")["stats"]["refused_access"]) < count:
            self.assertLess(time.monotonic(), end, f"only {refused} were refused")
        self.assertEqual(refused, count)

    def test_none(self):
        self.check([], ["127.0.0.1", "127.9.9.9"], [])

    def test_deny(self):
        self.check(["--deny", "127.0.0.2"], ["127.0.0.1"], ["127.0.0.2"])

    def test_allow_refuses_the_rest(self):
        self.check(["--allow", "127.1.0.0/16"], ["127.1.2.3"], ["127.0.0.1", "127.2.0.1"])

    def test_longest_prefix_wins(self):
        self.check(["--deny", "127.0.0.0/8", "--allow", "127.1.0.0/16", "--deny", "127.1.1.0/24",
                    "--allow", "127.1.1.1"],
                   ["127.1.2.3", "127.1.1.1"], ["127.0.0.1", "127.1.1.2"])

    def test_deny_on_a_tie(self):
        self.check(["--deny", "127.1.0.0/16", "--allow", "127.1.0.0/16", "--allow", "127.0.0.0/8"],
                   ["127.0.0.1"], ["127.1.0.1"])

    def test_mapped_addresses_are_ipv4(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("--deny", "127.0.0.1", "tcp://*:0?reply=echo")
        self.check_turned_away(self.tcp(daemon.port, "127.0.0.1"))
        self.check_served(self.tcp(daemon.port, "::1"))

    def test_ipv6(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("--deny", "::/64", "tcp://*:0?reply=echo")
        self.check_turned_away(self.tcp(daemon.port, "::1"))
        self.check_served(self.tcp(daemon.port, "127.0.0.1"))

    def test_what_is_called_is_not_refused(self):
        server = self.listener()
        daemon = self.daemon("--deny", "127.0.0.0/8", "tcp://127.0.0.1:0")
        daemon.command(f"/connect tcp://{name_of(server)}")
        far = self.accept(server)
        far.sendall(b"x")
        daemon.wait("message", peer=1, text="x")


if __name__ == "__main__":
    main()
