# SPDX-License-Identifier: GPL-3.0-or-later
"""Datagrams: whole, from the right address, to the right peer, and not to everyone."""

import select
import signal
import socket
import time

from telex_test import STAMP, TestCase, event_bytes, main, name_of

LARGEST = 65507


class DatagramTest(TestCase):
    def test_sizes_in(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        for size in (0, 1, 1024, 1025, 8192, 16384, 16385, LARGEST):
            one.send(b"s" * size)
            event = daemon.wait("message", peer=1)
            self.assertEqual((event["size"], event["text"]), (size, "s" * size))
            self.assertNotIn("partial", event)

    def test_sizes_echoed(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        one = self.udp(daemon.port)
        for size in (0, 1, 1025, 16385, LARGEST):
            one.send(b"s" * size)
            self.expect(one, b"s" * size)

    def test_sizes_out(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        one.send(b"x")
        daemon.open()
        for size in (1, 1025, 16385, LARGEST):
            daemon.command("@1 " + "s" * size)
            self.expect(one, "s" * size)
        daemon.command('/bytes 1 ""')
        self.expect(one, b"")
        daemon.refused("@1 " + "s" * (LARGEST + 1))

    def test_empty_datagram_is_a_message(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo", "udp://127.0.0.1:0")
        one = self.udp(daemon.ports[0])
        one.send(b"")
        self.expect(one, b"")
        daemon.wait("open", peer=1)
        daemon.wait("message", peer=1, size=0, text="")
        daemon.wait("sent", peer=1, size=0, text="", by="auto")
        two = self.udp(daemon.ports[1])
        two.send(b"")
        self.assertRegex(two.recv(100), rb"\A" + STAMP + rb"\Z")

    def test_boundaries_are_kept(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        for number in range(200):
            one.send(b"%d" % number)
            if number % 20 == 19:
                daemon.wait_count(number + 1, "message")
        self.assertEqual([event["text"] for event in daemon.seen("message")],
                         [str(number) for number in range(200)])

    def test_a_datagram_is_one_message(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none&eol=crlf")
        one = self.udp(daemon.port)
        one.send(b"a\nb")
        daemon.wait("message", peer=1, text="a\nb")
        daemon.command("@1 x")
        self.expect(one, "x\r\n")

    def test_stamp_never_answers_what_would_not_fit(self):
        daemon = self.daemon("udp://127.0.0.1:0")
        one = self.udp(daemon.port)
        one.send(b"s" * LARGEST)
        daemon.wait("message", peer=1, size=LARGEST)
        daemon.command("@1 barrier")
        self.expect(one, "barrier")
        self.assertEqual(daemon.command("/stats")["stats"]["suppressed_size"], 1)
        one.send(b"s" * (LARGEST - 27))
        self.assertEqual(len(one.recv(1 << 16)), LARGEST)


class BatchTest(TestCase):
    """Datagrams that are read together are answered together, and stay what they are."""

    def burst(self, daemon, *talks):
        """Each talk is a socket and its datagrams; they come in turn, and all before one is read."""
        for one, _ in talks:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        daemon.signal(signal.SIGSTOP)
        for turn in range(max(len(datagrams) for _, datagrams in talks)):
            for one, datagrams in talks:
                if turn < len(datagrams):
                    one.send(datagrams[turn])
        daemon.signal(signal.SIGCONT)
        for one, datagrams in talks:
            for datagram in datagrams:
                self.expect(one, datagram)

    def test_of_one_size(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        one = self.udp(daemon.port)
        self.burst(daemon, (one, [b"%04d" % number for number in range(200)]))
        stats = daemon.command("/stats")["stats"]
        self.assertEqual((stats["messages_out"], stats["bytes_out"], stats["replies"]),
                         (200, 800, 200))

    def test_of_all_sizes(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo", "udp://[::]:0?reply=echo")
        sizes = (9, 9, 9, 4, 9, 9, 20, 20, 0, 0, 20, 1, 1, 1, 1200, 1200, 1201, 1201, 1400, 1200,
                 1200, 7, 2112, 2113, 2112, 30000, LARGEST, 3)
        for host, port in zip(("127.0.0.1", "::1"), daemon.ports):
            talks = []
            for letter in b"abc":
                one = self.udp(port, host=host)
                talks.append((one, [bytes([letter]) * size for size in sizes]))
            self.burst(daemon, *talks)

    def test_of_many(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        self.burst(daemon, *((self.udp(daemon.port), [b"%d %d" % (number, turn)
                                                      for turn in range(5)])
                             for number in range(100, 150)))


    def test_each_leaves_from_where_it_was_asked(self):
        daemon = self.daemon("udp://*:0?reply=echo")
        one = self.udp(bind=("0.0.0.0", 0))
        hosts = ["127.0.0.1"] * 3 + ["127.0.0.2"] * 2 + ["127.0.0.1", "127.0.0.3", "127.0.0.1"]
        daemon.signal(signal.SIGSTOP)
        for number, host in enumerate(hosts):
            one.sendto(b"%d" % number, (host, daemon.port))
        daemon.signal(signal.SIGCONT)
        for number, host in enumerate(hosts):
            self.assertEqual(one.recvfrom(100), (b"%d" % number, (host, daemon.port)))

    def test_of_one_size_go_together(self):
        """A receiver that asks for it is told how the kernel had them: udp(7), UDP_GRO."""
        udp_gro = 104
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        one = self.udp(daemon.port)
        try:
            one.setsockopt(socket.IPPROTO_UDP, udp_gro, 1)
        except OSError:
            self.skipTest("this kernel tells no trains")
        daemon.signal(signal.SIGSTOP)
        for number in range(30):
            one.send(b"%04d" % number)
        daemon.signal(signal.SIGCONT)
        data, control, _, _ = one.recvmsg(65536, 100)
        self.assertEqual(data, b"".join(b"%04d" % number for number in range(30)))
        self.assertEqual([(level, kind) for level, kind, _ in control],
                         [(socket.IPPROTO_UDP, udp_gro)])


class PeerTest(TestCase):
    def test_peers_are_senders(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", "udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.ports[0])
        two = self.udp(daemon.ports[0])
        for number, sender in enumerate((one, two), 1):
            sender.send(b"x")
            opened = daemon.wait("open", peer=number, transport="udp", listener=1)
            self.assertIn(name_of(sender), opened["remote"])
        one.sendto(b"y", ("127.0.0.1", daemon.ports[0]))
        daemon.wait("message", peer=1, text="y")
        three = self.udp(bind=("127.0.0.1", 0))
        for number, port in ((3, daemon.ports[0]), (4, daemon.ports[1])):
            three.sendto(b"z", ("127.0.0.1", port))
            daemon.wait("open", peer=number, listener=number - 2)
            daemon.command(f"@{number} back")
            self.assertEqual(three.recvfrom(100), (b"back", ("127.0.0.1", port)))

    def test_many_that_go_silent_at_once(self):
        """More than are forgotten in one turn."""
        daemon = self.daemon("--udp-idle-timeout", "1", "udp://127.0.0.1:0?reply=none")
        for one in [self.udp(daemon.port) for _ in range(600)]:
            one.send(b"x")
        daemon.wait_count(600, "open")
        daemon.wait_count(600, "close", reason="timeout")

    def test_idle_peer_is_forgotten(self):
        daemon = self.daemon("--udp-idle-timeout", "0.3", "udp://127.0.0.1:0?reply=echo")
        one = self.udp(daemon.port)
        one.send(b"12345")
        self.expect(one, "12345")
        closed = daemon.wait("close", peer=1)
        self.assertEqual((closed["reason"], closed["received"], closed["sent"]), ("timeout", 5, 5))
        self.assertGreaterEqual(closed["seconds"], 0.2)
        one.send(b"again")
        self.expect(one, "again")
        daemon.wait("open", peer=2)

    def test_replies_keep_a_peer(self):
        daemon = self.daemon("--udp-idle-timeout", "0.5", "udp://127.0.0.1:0?reply=none")
        one, other = self.udp(daemon.port), self.udp(daemon.port)
        one.send(b"x")
        daemon.wait("open", peer=1)
        for peer in (2, 3, 4):  # each is a clock that runs for half a second
            other.send(b"tick")
            daemon.wait("open", peer=peer)
            while not daemon.seen("close", peer=peer):
                daemon.command("@1 x")
                self.expect(one, "x")
        self.assertEqual(daemon.seen("close", peer=1), [])

    def test_datagrams_keep_a_peer(self):
        daemon = self.daemon("--udp-idle-timeout", "0.5", "udp://127.0.0.1:0?reply=none")
        one, other = self.udp(daemon.port), self.udp(daemon.port)
        one.send(b"x")
        daemon.wait("open", peer=1)
        for peer in (2, 3, 4):
            other.send(b"tick")
            daemon.wait("open", peer=peer)
            while not daemon.seen("close", peer=peer):
                one.send(b"x")
                daemon.wait("message", peer=1)
        self.assertEqual(daemon.seen("close", peer=1), [])

    def test_close_forgets(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        one.send(b"x")
        daemon.wait("open", peer=1)
        daemon.command("/close 1")
        daemon.wait("close", peer=1, reason="operator", received=1, sent=0, unsent=0)
        one.send(b"y")
        daemon.wait("open", peer=2)

    def test_table_full(self):
        self.needs_option("--max-udp-peers")
        daemon = self.daemon("--max-udp-peers", "4", "udp://127.0.0.1:0")
        senders = [self.udp(daemon.port) for _ in range(8)]

        def say(index):
            senders[index].send(b"x")
            senders[index].recv(100)

        for index in range(4):
            say(index)
        daemon.command("/name 1 kept")
        daemon.command("/to 2")
        say(2)
        say(4)
        daemon.wait("close", peer=4, reason="evicted")
        daemon.command("@3 used")
        say(5)
        daemon.wait("close", peer=5, reason="evicted")
        self.assertEqual({peer["peer"] for peer in daemon.command("/peers")["peers"]}, {1, 2, 3, 6})
        daemon.command("/name 3 three")
        daemon.command("/name 6 six")
        senders[6].send(b"nowhere to go")
        say(0)
        self.assertEqual(len(daemon.seen("open")), 6)
        self.check_silent(senders[6])

    def test_many_senders(self):
        senders, each, window = 64, 50, 4
        daemon = self.daemon("udp://127.0.0.1:0")
        sockets = [self.udp(daemon.port) for _ in range(senders)]
        sent = dict.fromkeys(sockets, 0)
        got = {one: [] for one in sockets}
        for one in sockets:
            for _ in range(window):
                one.send(b"datagram %d" % sent[one])
                sent[one] += 1
        while any(len(answers) < each for answers in got.values()):
            ready = select.select(sockets, [], [], 20)[0]
            self.assertTrue(ready, f"answers: {sorted(map(len, got.values()))}")
            for one in ready:
                got[one].append(one.recv(1 << 16))
                if sent[one] < each:
                    one.send(b"datagram %d" % sent[one])
                    sent[one] += 1
        for answers in got.values():
            for number, answer in enumerate(answers):
                self.assertRegex(answer, rb"\A" + STAMP + rb"datagram %d\Z" % number)
        self.assertEqual(len(daemon.wait_count(senders, "open")), senders)
        daemon.wait_count(senders * each, "sent", by="auto")
        stats = daemon.command("/stats")["stats"]
        self.assertEqual((stats["udp_opened"], stats["messages_in"], stats["replies"]),
                         (senders, senders * each, senders * each))


class AddressTest(TestCase):
    def test_reply_leaves_from_the_address_asked(self):
        endpoints = ["udp://0.0.0.0:0"] + ["udp://*:0"] * self.have_ipv6()
        daemon = self.daemon(*endpoints)
        for port in daemon.ports:
            for host in ("127.0.0.2", "127.0.0.1", "127.3.2.1"):
                one = self.udp(port, host)  # connected: takes datagrams from there only
                one.send(b"x")
                opened = daemon.wait("open")
                self.assertIn(f"{host}:{port}", opened["local"])
                self.assertTrue(one.recv(100).endswith(b"] x"))
                daemon.command(f"@{opened['peer']} by hand")
                self.expect(one, "by hand")

    def test_reply_leaves_from_the_address_asked_last(self):
        daemon = self.daemon("udp://0.0.0.0:0?reply=none")
        one = self.udp(bind=("127.0.0.1", 0))
        for host in ("127.0.0.2", "127.0.0.3", "127.0.0.2"):
            one.sendto(host.encode(), (host, daemon.port))
            daemon.wait("message", peer=1, text=host)
            daemon.command("@1 x")
            self.assertEqual(one.recvfrom(100), (b"x", (host, daemon.port)))
        self.assertEqual(len(daemon.seen("open")), 1)

    def test_ipv6(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("udp://[::]:0?reply=echo")
        one = self.udp(daemon.port, "::1")
        for size in (0, 1, LARGEST):
            one.send(b"s" * size)
            self.expect(one, b"s" * size)
        opened = daemon.wait("open")
        self.assertIn(name_of(one), opened["remote"])

    def test_refusal_of_one_does_not_hurt_another(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", "tcp://127.0.0.1:0?half-close=0.5")
        good = self.udp(daemon.ports[0])
        good.send(b"x")
        daemon.wait("open", peer=1)
        for peer in range(2, 12):
            bad = self.udp(daemon.ports[0])
            bad.send(b"x")
            daemon.wait("message", peer=peer)
            bad.close()  # from here on the kernel refuses what is sent to it
            daemon.ask(f"@{peer} refused")
            for number in range(3):
                daemon.command(f"@1 {number}")
                self.expect(good, str(number))
            daemon.ask(f"@{peer} refused again")
            good.send(b"y")
            daemon.wait("message", peer=1, text="y")
            daemon.command("@1 after")
            self.expect(good, "after")
        spent, start = daemon.cpu_seconds(), time.monotonic()
        clock = self.tcp(daemon.ports[1])
        clock.shutdown(socket.SHUT_WR)
        self.expect_end(clock)  # half a second later
        share = (daemon.cpu_seconds() - spent) / (time.monotonic() - start)
        self.assertLess(share, 0.4, "the loop spins")


class GuardTest(TestCase):
    """Whom nothing is answered automatically."""

    def check_no_reply(self, daemon, sender, address, counter):
        before = daemon.command("/stats")["stats"]
        sender.sendto(b"x", address)
        peer = daemon.wait("message", text="x")["peer"]
        daemon.command(f"@{peer} barrier")
        self.assertEqual(sender.recv(100), b"barrier")
        after = daemon.command("/stats")["stats"]
        self.assertEqual(after["replies"], before["replies"])
        self.assertEqual(after[counter], before[counter] + 1)

    def test_ports_of_services(self):
        for reply in ("stamp", "echo"):
            daemon = self.daemon(f"udp://127.0.0.1:0?reply={reply}")
            tried = 0
            for port in (7, 19, 53, 123, 161, 1900, 5353, 11211):
                sender = self.udp()
                try:
                    sender.bind(("127.0.0.3", port))
                except OSError:
                    continue
                tried += 1
                self.check_no_reply(daemon, sender, ("127.0.0.1", daemon.port), "suppressed_port")
                sender.close()
            if not tried:
                self.skipTest("no such port to be had")

    def test_source_port_equal_to_the_listeners(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        sender = self.udp(daemon.port, bind=("127.0.0.2", daemon.port))
        start = time.monotonic()
        for number in range(100):
            sender.send(b"%d" % number)
        daemon.wait_count(100, "message")
        seconds = time.monotonic() - start
        daemon.command("@1 barrier")
        replies = 0
        while sender.recv(100) != b"barrier":
            replies += 1
        self.assertGreaterEqual(replies, 1)
        self.assertLessEqual(replies, 10 * (seconds + 2))

    def test_two_telexes_do_not_talk_for_ever(self):
        one = self.daemon("udp://127.0.0.1:0?reply=echo")
        two = self.daemon(f"udp://127.0.0.2:{one.port}?reply=echo")
        one.command(f"/connect udp://127.0.0.2:{two.port}?from=1&reply=echo")
        start = time.monotonic()
        one.command("@1 ping")
        two.wait_count(3, "sent", by="auto")
        clock = self.udp(one.port)
        clock.send(b"x")
        self.expect(clock, "x")
        replies = len(two.seen("sent", by="auto"))
        self.assertLessEqual(replies, 10 * (time.monotonic() - start + 2))

    def test_own_listeners(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo", "udp://127.0.0.1:0?reply=echo",
                             "udp://0.0.0.0:0?reply=stamp")
        for listener in (2, 3):
            target = daemon.ports[listener - 1]
            peer = daemon.command(f"/connect udp://127.0.0.1:{target}?from=1&reply=echo")["peer"]
            daemon.command(f"@{peer} to myself")
            daemon.wait("open", listener=listener)
            daemon.wait("message", text="to myself")
            outside = self.udp(target)
            outside.send(b"x")
            self.assertTrue(outside.recv(100).endswith(b"x"))
        self.assertEqual(daemon.command("/stats")["stats"]["suppressed_own"], 2)
        self.assertEqual([event_bytes(event)[-1:] for event in daemon.seen("sent", by="auto")],
                         [b"x", b"x"])

    def test_broadcast(self):
        daemon = self.daemon("udp://0.0.0.0:0?reply=echo")
        sender = self.udp(bind=("127.0.0.1", 0))
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        try:
            sender.sendto(b"x", ("127.255.255.255", daemon.port))
        except OSError:
            self.skipTest("no broadcast on the loopback interface")
        daemon.wait("message", text="x")
        before = daemon.command("/stats")["stats"]
        self.assertEqual((before["replies"], before["suppressed_broadcast"]), (0, 1))
        self.check_silent(sender)
        sender.sendto(b"y", ("127.0.0.1", daemon.port))
        self.expect(sender, "y")


if __name__ == "__main__":
    main()
