# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect, and how many."""

import datetime
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

    def test_max_peers_per_host_counts_a_64_as_one(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        path = self.path("a.sock")
        daemon = self.daemon("--max-peers-per-host", "2", "tcp://*:0?reply=echo",
                             f"unix:{path}?reply=echo")
        clients = [self.tcp(daemon.port, "::1") for _ in range(2)]
        for client in clients:
            self.check_served(client)
        third = self.tcp(daemon.port, "::1")
        self.check_turned_away(third)
        self.assertIn(name_of(third), daemon.wait("refused", why="limit")["remote"])
        for _ in range(2):  # other families, and peers of no address at all
            clients.append(self.tcp(daemon.port, "127.0.0.1"))
            clients.append(self.unix(path))
            self.check_served(clients[-2])
            self.check_served(clients[-1])
        self.check_served(self.unix(path))
        self.check_turned_away(self.tcp(daemon.port, "127.0.0.1"))
        clients[0].close()
        daemon.wait("close", reason="eof")
        self.check_served(self.tcp(daemon.port, "::1"))

    def test_what_is_called_counts_for_no_limit(self):
        server = self.listener()
        daemon = self.daemon("--max-peers", "1", "--max-peers-per-host", "1",
                             "tcp://127.0.0.1:0?reply=echo")
        for _ in range(3):
            daemon.command(f"/connect tcp://{name_of(server)}")
            self.accept(server)
        daemon.wait_count(3, "open")
        self.check_served(self.tcp(daemon.port))
        self.check_turned_away(self.tcp(daemon.port))

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


class MaxUdpPeersTest(LimitTest):
    def peers(self, daemon):
        return [peer["peer"] for peer in daemon.command("/peers")["peers"]]

    def say(self, one):
        one.send(b"ping")
        self.expect(one, "ping")

    def test_the_least_recently_used_goes(self):
        daemon = self.daemon("--max-udp-peers", "3", "udp://127.0.0.1:0?reply=echo",
                             "udp://127.0.0.1:0?reply=none")
        senders = [self.udp(daemon.ports[0]) for _ in range(3)]
        for sender in senders:
            self.say(sender)
        self.say(senders[0])
        daemon.command("@2 used in the other direction")
        self.expect(senders[1], "used in the other direction")
        other = self.udp(daemon.ports[1])  # one table for all listeners
        other.send(b"x")
        daemon.wait("open", peer=4, listener=2)
        daemon.wait("close", peer=3, reason="evicted", received=4, sent=4, unsent=0)
        self.assertEqual(self.peers(daemon), [1, 2, 4])
        self.say(senders[2])  # a peer again, with a number of its own
        daemon.wait("close", peer=1, reason="evicted")
        self.assertEqual(self.peers(daemon), [2, 4, 5])
        self.assertEqual(daemon.seen("refused"), [])

    def test_named_and_target_peers_stay(self):
        daemon = self.daemon("--max-udp-peers", "2", "udp://127.0.0.1:0?reply=echo")
        named, target, late = (self.udp(daemon.port) for _ in range(3))
        self.say(named)
        self.say(target)
        daemon.command("/name 1 boiler")
        daemon.command("/to 2")
        for _ in range(5):
            late.send(b"nowhere to go")
        total = 0
        while total < 5:
            refused = daemon.wait("refused", why="limit", listener=1)
            self.assertIn(name_of(late), refused["remote"])
            total += refused["count"]
        self.assertEqual(total, 5)
        self.say(named)
        self.say(target)
        self.check_silent(late)
        self.assertEqual(self.peers(daemon), [1, 2])
        stats = daemon.command("/stats")["stats"]
        self.assertEqual((stats["refused_limit"], stats["messages_in"], stats["udp_opened"]),
                         (5, 4, 2))
        daemon.command("/to -")  # now the second one may go
        self.say(late)
        daemon.wait("close", peer=2, reason="evicted")
        daemon.command("/name 1 -")
        self.say(target)
        daemon.wait("close", peer=1, reason="evicted")

    def test_a_batch_of_new_ones(self):
        """More new senders in one turn than the table holds."""
        daemon = self.daemon("--max-udp-peers", "4", "udp://127.0.0.1:0?reply=echo")
        senders = [self.udp(daemon.port) for _ in range(200)]
        for sender in senders:
            sender.send(b"ping")
        for sender in senders:
            self.expect(sender, "ping")
        closed = daemon.wait_count(196, "close", reason="evicted")
        self.assertEqual(sorted(event["peer"] for event in closed), list(range(1, 197)))
        self.assertEqual(self.peers(daemon), [197, 198, 199, 200])


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

    def check_families(self, options, v4, v6):
        """On listeners of both families, where the kernel shows IPv4 addresses as mapped ones."""
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon(*options, "tcp://*:0?reply=echo", "udp://*:0?reply=echo")
        refused = 0
        for host, allowed in (("127.0.0.1", v4), ("::1", v6)):
            one, two = self.tcp(daemon.ports[0], host), self.udp(daemon.ports[1], host)
            two.send(b"ping")
            if allowed:
                self.check_served(one)
                self.expect(two, "ping")
            else:
                refused += 2
                self.check_turned_away(one)
        self.wait_refusals(daemon, refused)
        self.assertEqual(len(daemon.seen("open")), 4 - refused)
        for event in daemon.seen("refused"):
            self.assertIn("127.0.0.1:" if not v4 else "[::1]:", event["remote"])

    def test_mapped_addresses_are_ipv4(self):
        self.check_families(["--deny", "127.0.0.1"], False, True)
        self.check_families(["--deny", "::ffff:127.0.0.0/104"], False, True)
        self.check_families(["--allow", "127.0.0.0/8"], True, False)

    def test_ipv6(self):
        self.check_families(["--deny", "::/64"], True, False)
        self.check_families(["--deny", "::/0"], True, False)
        self.check_families(["--allow", "::1"], False, True)
        self.check_families(["--deny", "::/0", "--allow", "::1", "--deny", "0.0.0.0/0"], False,
                            True)

    def test_unix_peers_have_no_address(self):
        path = self.path("a.sock")
        self.daemon("--deny", "0.0.0.0/0", "--deny", "::/0", f"unix:{path}?reply=echo", count=1)
        self.check_served(self.unix(path))

    def test_denied_datagrams_are_counted(self):
        daemon = self.daemon("--deny", "127.0.0.2", "udp://127.0.0.1:0?reply=echo")
        denied, allowed = self.udp(bind=("127.0.0.2", 0)), self.udp(daemon.port)
        for _ in range(50):
            for _ in range(20):
                denied.sendto(b"x", ("127.0.0.1", daemon.port))
            allowed.send(b"ping")  # keeps the pace
            self.expect(allowed, "ping")
        refused = []
        while sum(event["count"] for event in refused) < 1000:
            refused.append(daemon.wait("refused", why="access"))
        self.assertEqual(sum(event["count"] for event in refused), 1000)
        times = [datetime.datetime.fromisoformat(event["time"][:-1]) for event in refused]
        for before, after in zip(times, times[1:]):
            self.assertGreater((after - before).total_seconds(), 0.9)
        self.assertEqual(daemon.command("/stats")["stats"]["refused_access"], 1000)
        self.check_silent(denied)

    def test_what_is_called_is_not_refused(self):
        server = self.listener()
        daemon = self.daemon("--deny", "127.0.0.0/8", "tcp://127.0.0.1:0")
        daemon.command(f"/connect tcp://{name_of(server)}")
        far = self.accept(server)
        far.sendall(b"x")
        daemon.wait("message", peer=1, text="x")


if __name__ == "__main__":
    main()
