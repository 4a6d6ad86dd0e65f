# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes from a peer treated as a bad network would: /fault, and the key fault."""

import shutil
import socket
import subprocess
import time
import unittest

from telex_test import Program, TestCase, event_bytes, main

UNITS = b"".join(b"%04d" % i for i in range(2000))


def changed_bits(one, other):
    return sum((a ^ b).bit_count() for a, b in zip(one, other))


class FaultTest(TestCase):
    def fault_of(self, daemon, peer=1):
        return daemon.command(f"/info {peer}")["peer"].get("fault")

    def ask_until(self, daemon, probe, what):
        """Asks the daemon again and again until the probe says yes."""
        daemon.until(lambda: probe() or None, what)

    def echo(self, one, data):
        """Seconds until it is back."""
        begun = time.monotonic()
        one.sendall(data)
        self.expect(one, data)
        return time.monotonic() - begun


class TimeTest(FaultTest):
    def test_latency_before_each_answer(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo",
                             "udp://127.0.0.1:0?reply=echo&fault=latency:120")
        one, datagrams = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
        peer = daemon.open()
        daemon.command(f"/fault {peer} latency=120ms")
        for _ in range(3):
            self.assertGreaterEqual(self.echo(one, b"hi"), 0.12)
            self.assertGreaterEqual(self.echo(datagrams, b"hi"), 0.12)
        fault = self.fault_of(daemon, peer)
        self.assertEqual((fault["latency"], fault["messages"], fault["held"]), (120, 3, 0))
        daemon.command(f"/fault {peer} -")
        self.echo(one, b"hi")
        self.assertIsNone(self.fault_of(daemon, peer))

    def test_jitter_and_slices_leave_a_stream_whole(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo&fault=latency:5,jitter:5,slice:7")
        one = self.tcp(daemon.port)
        self.echo(one, UNITS)
        daemon.command("/stats")  # answered behind all that was told before
        messages = [event_bytes(event) for event in daemon.seen("message")]
        self.assertEqual(b"".join(messages), UNITS)
        self.assertLessEqual(max(map(len, messages)), 7)

    def test_a_rate(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo&fault=rate:20k")
        one = self.tcp(daemon.port)
        self.assertGreaterEqual(self.echo(one, UNITS), len(UNITS) / 20480)
        daemon.command("/stats")
        self.assertGreater(len(daemon.seen("message")), 20)

    def test_a_stall_until_it_is_ended(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo&half-close=0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.command("/fault 1 stall")
        one.sendall(b"one")
        self.wait_received(daemon, 3)
        one.sendall(b"two")
        one.shutdown(socket.SHUT_WR)
        self.wait_received(daemon, 6)
        self.assertFalse(daemon.seen("message") + daemon.seen("half-close"))
        daemon.command("/fault 1 -")
        self.expect(one, b"onetwo")
        self.expect_end(one)
        daemon.wait("close")
        self.assertEqual([event["event"] for event in daemon.seen()
                          if event["event"] in ("message", "half-close", "close")],
                         ["message", "message", "half-close", "close"])

    def wait_received(self, daemon, size):
        self.ask_until(daemon,
                       lambda: daemon.command("/info 1")["peer"]["received"] == size, "bytes")


class MessagesTest(FaultTest):
    def what_comes(self, daemon, port):
        """Which of 100 datagrams."""
        one = self.udp(port)
        for i in range(100):
            one.send(b"%d" % i)
        one.send(b"end")
        peer = daemon.open(remote=lambda remote: remote.endswith(f":{one.getsockname()[1]}"))
        self.ask_until(daemon, lambda: self.fault_of(daemon, peer)["messages"] == 101, "all of them")
        return [event["text"] for event in daemon.seen("message", peer=peer)]

    def test_the_same_seed_loses_the_same(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none&fault=loss:30,duplicate:10,seed:7",
                             "udp://127.0.0.1:0?reply=none&fault=loss:30,duplicate:10,seed:8")
        first, second = (self.what_comes(daemon, daemon.ports[0]) for _ in range(2))
        self.assertEqual(first, second)
        self.assertNotEqual(first, self.what_comes(daemon, daemon.ports[1]))
        counts = self.fault_of(daemon, 1)
        self.assertEqual(len(first), 101 - counts["lost"] + counts["duplicated"])
        self.assertTrue(10 < counts["lost"] < 50 and counts["duplicated"], counts)

    def test_corrupt_is_one_bit(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line&reply=echo&fault=corrupt:100")
        one = self.tcp(daemon.port)
        sent = b"a line of some length\n"
        for _ in range(20):
            one.sendall(sent)
            self.assertEqual(changed_bits(self.receive(one, len(sent)), sent), 1)
        self.assertEqual(self.fault_of(daemon)["corrupted"], 20)

    def test_reorder(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line&reply=echo&fault=reorder:100")
        one = self.tcp(daemon.port)
        one.sendall(b"1\n2\n3\n4\n")
        self.expect(one, b"2\n1\n4\n3\n")


class JoinedTest(FaultTest):
    """On a line that is passed on to another, by the key of a listener and at the console."""

    def test_latency_before_each_request_and_answer(self):
        server = self.listener()
        daemon = self.daemon("tcp://127.0.0.1:0?fault=latency:100"
                             f"&to=tcp://127.0.0.1:{server.getsockname()[1]}")
        near = self.tcp(daemon.port)
        far = self.accept(server)
        daemon.wait("join")
        self.assertGreaterEqual(self.passed(near, far, b"question"), 0.1)
        daemon.command("/fault 2 latency=200")
        for answer in (b"one", b"two", b"three"):
            self.assertGreaterEqual(self.passed(far, near, answer), 0.2)
        self.assertEqual(self.fault_of(daemon, 2)["messages"], 3)

    @unittest.skipUnless(shutil.which("redis-server") and shutil.which("redis-cli"), "needs redis")
    def test_redis(self):
        port = self.free_port()
        server = Program(self, ["redis-server", "--port", str(port), "--save", ""])
        server.wait_output("eady to accept")
        daemon = self.daemon(f"tcp://127.0.0.1:0?fault=latency:200&to=tcp://127.0.0.1:{port}")
        begun = time.monotonic()
        answer = subprocess.run(["redis-cli", "-p", str(daemon.port), "ping"], timeout=60,
                                stdin=subprocess.DEVNULL, capture_output=True, check=True)
        self.assertEqual(answer.stdout, b"PONG\n")
        self.assertGreaterEqual(time.monotonic() - begun, 0.2)

    def passed(self, one, other, data):
        """Seconds until the other has it."""
        begun = time.monotonic()
        one.sendall(data)
        self.expect(other, data)
        return time.monotonic() - begun

    def test_datagrams_that_are_lost_on_their_way(self):
        server = self.udp(bind=("127.0.0.1", 0))
        daemon = self.daemon("udp://127.0.0.1:0?fault=loss:30,seed:7"
                             f"&to=udp://127.0.0.1:{server.getsockname()[1]}")
        one = self.udp(daemon.port)
        one.send(b"0")
        daemon.wait("join")  # few are kept until there is one
        for i in range(1, 100):
            one.send(b"%d" % i)
        self.ask_until(daemon, lambda: (self.fault_of(daemon) or {}).get("messages") == 100,
                       "all of them")
        lost = self.fault_of(daemon)["lost"]
        self.assertTrue(10 < lost < 50, lost)
        came = [server.recv(100) for _ in range(100 - lost)]
        self.assertEqual(len(set(came)), 100 - lost)
        self.assertEqual(came, sorted(came, key=int))
        server.setblocking(False)
        self.assertRaises(BlockingIOError, server.recv, 100)


class LineTest(FaultTest):
    def test_a_reset(self):
        daemon = self.daemon("tcp://127.0.0.1:0?fault=reset:0.1,stall")
        one = self.tcp(daemon.port)
        one.sendall(b"never seen")
        with self.assertRaises(ConnectionResetError):
            while one.recv(100):
                pass
        daemon.wait("close", peer=1, reason="reset", received=10)
        self.assertFalse(daemon.seen("message"))

    def test_what_was_said_before_a_reset_comes_first(self):
        daemon = self.daemon("tcp://127.0.0.1:0?fault=latency:100")
        one = self.tcp(daemon.port)
        one.sendall(b"last words")
        self.ask_until(daemon, lambda: self.fault_of(daemon)["held"], "bytes that are held")
        self.reset(one)
        daemon.wait("close", reason="reset")
        self.assertEqual(daemon.data(1), b"last words")
        self.assertFalse(daemon.seen("close", reason="eof"))

    def test_a_flood_into_a_stall_waits_outside(self):
        daemon = self.daemon("tcp://127.0.0.1:0?fault=stall&half-close=0", "--max-queue=64k",
                             "--view=size")
        one = self.tcp(daemon.port)
        one.setblocking(False)
        sent = 0
        chunk = b"x" * 65536

        def full():
            nonlocal sent
            while True:
                try:
                    sent += one.send(chunk)
                except BlockingIOError:
                    return daemon.command("/info 1")["peer"]["fault"]["held"] > 65536

        self.ask_until(daemon, full, "no room")
        self.assertLess(daemon.command("/stats")["stats"]["memory"], 1 << 20)
        daemon.command("/fault 1 -")
        one.close()
        daemon.wait("close", received=sent)
        self.assertEqual(sum(event["size"] for event in daemon.seen("message")), sent)


class CommandTest(FaultTest):
    def test_what_cannot_be_is_said(self):
        self.refuse_daemon(["tcp://127.0.0.1:0?fault=loss:1"], 2, "fault loss:1: loss is for")
        self.refuse_daemon(["udp://127.0.0.1:0?fault=latency:x"], 2, "latency: 'x' is not")
        self.refuse_daemon(["udp://127.0.0.1:0?fault="], 2, "fault= is empty")
        self.refuse_daemon(["udp://127.0.0.1:0?fault=slice:5"], 2, "slice is for streams")
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        self.tcp(daemon.ports[0])
        daemon.open()
        daemon.refused("/fault * loss=5", "#1", "choose a framing")
        daemon.refused("/fault 1 speed=5", "unknown fault 'speed'", "latency, jitter")
        self.assertIsNone(self.fault_of(daemon))

    def test_an_attached_console_shows_it(self):
        path = self.path("control")
        daemon = self.daemon("tcp://127.0.0.1:0", f"--control={path}", count=1)
        one = self.tcp(daemon.port)
        daemon.open()
        attached = self.telex("attach", path)
        attached.line("/fault 1 latency=20 jitter=0.5 seed=9")
        attached.wait_output("set for 1 peer")
        one.sendall(b"hi")
        daemon.wait("message")
        attached.line("/fault *")
        attached.wait_output("#1: latency=20 jitter=0.5 seed=9; 1 message\n")
        attached.line("/info 1")
        attached.wait_output("fault       latency=20 jitter=0.5 seed=9; 1 message\n")
        looks_on = self.attach(path)
        looks_on.command("/read-only")
        looks_on.refused("/fault 1 -", "read-only")
        self.assertEqual(looks_on.command("/fault 1")["peers"][0]["fault"]["seed"], 9)

    def test_a_reload_is_followed(self):
        config = self.file("telexd.conf", b"")
        port = self.free_port()

        def says(fault):
            with open(config, "w", encoding="utf-8") as file:
                file.write(f"listen tcp://127.0.0.1:{port}?name=x{fault}\n")
        says("&fault=stall")
        daemon = self.daemon("--config", config, count=1)
        one = self.tcp(port)
        one.sendall(b"hi")
        self.ask_until(daemon, lambda: (self.fault_of(daemon) or {}).get("held"), "bytes that are held")
        says("")
        daemon.signal(1)
        daemon.wait("message", text="hi")
        self.assertIsNone(self.fault_of(daemon))


if __name__ == "__main__":
    main()
