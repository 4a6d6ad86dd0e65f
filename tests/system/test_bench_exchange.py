# SPDX-License-Identifier: GPL-3.0-or-later
"""telex-bench --send --expect: servers of requests and answers, and what is wrong with them."""

import shutil
import socket

from telex_test import Program, main
from test_bench import BenchTest, Server

PING = ("--send", r"PING\r\n", "--expect", r"+PONG\r\n")


class Answerer:
    """Answers each line with a text, however the lines are cut on their way."""

    def __init__(self, text):
        self.text = text
        self.rest = {}

    def __call__(self, data, connection):
        whole, _, self.rest[connection] = (self.rest.get(connection, b"") + data).rpartition(b"\n")
        return self.text * (whole.count(b"\n") + 1) if whole else None


class StreamTest(BenchTest):
    def check(self, server, *args, messages=200):
        bench = self.bench("--clients", 3, *args, server.port)
        server.wait_messages(messages)
        report = bench.finish()
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)
        return report

    def test_redis_as_it_speaks(self):
        report = self.check(Server(self, answer=Answerer(b"+PONG\r\n")), *PING)
        self.assertEqual((report["size"], report["answer"]), (6, 7))

    def test_depth(self):
        self.check(Server(self, answer=Answerer(b"+PONG\r\n")), *PING, "--depth", 16)

    def test_a_long_answer_in_pieces(self):
        text = b"".join(b"%d," % i for i in range(20000)) + b"\n"
        report = self.check(Server(self, answer=Answerer(text)), "--send", r"?\x0a", "--expect",
                            text.decode().replace("\n", r"\n"), messages=20)
        self.assertEqual((report["size"], report["answer"]), (2, len(text)))

    def test_http(self):
        answer = b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"\\"\n'
        server = Server(self, answer=lambda data, _: answer * data.count(b"\r\n\r\n"))
        self.check(server, "--send", r"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "--expect",
                   answer.decode().replace("\\", r"\\").replace("\r", r"\r").replace("\n", r"\n"))

    def test_redis_itself(self):
        if not shutil.which("redis-server"):
            self.skipTest("no redis-server")
        port = self.free_port()
        redis = Program(self, ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no",
                               "--bind", "127.0.0.1"])
        redis.wait_output("Ready to accept connections")
        for exchange in (PING, ("--send", r"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nhi\r\n", "--expect",
                                r"+OK\r\n"), ("--send", r"GET a\r\n", "--expect", r"$2\r\nhi\r\n")):
            bench = self.bench("--time=0.2", "--warm-up=0.1", "--depth=4", *exchange, port)
            report = bench.report()
            self.check_clean(report)
            self.assertGreater(report["operations"], 0)


class FaultyTest(BenchTest):
    def wrong(self, server, *parts, args=PING, status=1):
        """The run is over when all of its clients have been refused."""
        bench = self.bench("--clients", 1, *args, server.port)
        report = bench.report(status)
        self.assertGreater(report["mismatched"], 0)
        for part in parts:
            self.assertIn(part, bench.stderr.copy().decode())

    def test_another_answer(self):
        self.wrong(Server(self, answer=lambda *_: b"-ERR no\x1b\r\n"),
                   r"answer 1 is, from byte 0 on, '-ERR no\x1b\r\n', not '+PONG\r\n'")

    def test_a_byte_too_many(self):
        self.wrong(Server(self, answer=lambda *_: b"+PONG\r\n!"), "answer")

    def test_an_answer_that_goes_wrong(self):
        def answer(data, connection):
            answer.count += 1
            return b"+PONG\r\n" if answer.count < 5 else b"+PoNG\r\n"

        answer.count = 0
        self.wrong(Server(self, answer=answer), r"answer 5 is, from byte 0 on, '+PoNG\r\n', not")

    def test_more_than_was_asked_for(self):
        self.wrong(Server(self, answer=lambda *_: 2 * b"+PONG\r\n"), "client 0: ")


class DatagramTest(BenchTest):
    def test_depth(self):
        server = Server(self, socket.SOCK_DGRAM, lambda data, _: b"pong" if data == b"ping" else b"?")
        bench = self.bench("--clients", 2, "--depth", 8, "--send", "ping", "--expect", "pong",
                           f"udp://127.0.0.1:{server.port}")
        server.wait_messages(200)
        report = bench.finish()
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)
        self.assertEqual(server.last, b"ping")

    def test_another_answer(self):
        for answer in (b"pang", b"pong!", b""):
            server = Server(self, socket.SOCK_DGRAM, lambda *_, answer=answer: answer)
            bench = self.bench("--clients", 1, "--wait=0.1", "--send", "ping", "--expect", "pong",
                               f"udp://127.0.0.1:{server.port}")
            server.wait_messages(1)
            report = bench.finish(1)
            self.assertGreater(report["mismatched"], 0)

    def test_lost_ones_make_room(self):
        def answer(data, source):
            answer.count += 1
            return None if answer.count % 10 == 0 else b"pong"

        answer.count = 0
        server = Server(self, socket.SOCK_DGRAM, answer)
        bench = self.bench("--clients", 1, "--wait=0.1", "--send", "ping", "--expect", "pong",
                           f"udp://127.0.0.1:{server.port}")
        server.wait_messages(25)
        report = bench.finish()
        self.assertGreater(report["lost"], 0)
        self.assertEqual(report["mismatched"], 0)


class UsageTest(BenchTest):
    def test_errors(self):
        for args, *parts in (
                (["--send", "x", "9"], "--expect", "belong together"),
                (["--expect", "x", "9"], "--send", "belong together"),
                (["--send", "", "--expect", "x", "9"], "--send", "empty"),
                (["--send", r"\x1", "--expect", "x", "9"], "--send", "two hex digits"),
                (["--send", "x\\", "--expect", "x", "9"], "--send"),
                (["--send", "x", "--expect", "x", "--size", "9", "9"], "--size", "of --send"),
                (["--send", "x", "--expect", "x", "--mode", "churn", "9"], "--send", "churn"),
                (["--send", "x", "--expect", "x", "--mode", "idle", "udp://:9"], "--send", "idle"),
                (["--send", "x" * 65508, "--expect", "x", "udp://:9"], "--send", "65507")):
            with self.subTest(args=[arg[:20] for arg in args]):
                self.refuse(args, 2, *parts)


if __name__ == "__main__":
    main()
