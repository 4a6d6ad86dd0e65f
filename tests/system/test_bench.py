# SPDX-License-Identifier: GPL-3.0-or-later
"""telex-bench against servers that echo, and against servers that do not quite.

A run is ended by SIGINT as soon as the server has seen what the test is about, so that no test
depends on how fast the machine is.
"""

import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import threading

from telex_test import DEADLINE, Program, Terminal, TestCase, main, program

FOREVER = ("--time", "600", "--warm-up", "0", "--wait", "10")
HEADER = 8  # bytes of a datagram that say which one it is


class Server:
    """An echo server in a thread. What it sends back, answer(data, connection) makes.

    answer gets what came at once, and a number for each connection or UDP source, from 0; None
    stays unanswered, and Server.CLOSE closes.
    """

    CLOSE = object()

    def __init__(self, case, kind=socket.SOCK_STREAM, answer=None, port=0):
        self.answer = answer or (lambda data, connection: data)
        self.changed = threading.Condition()
        self.messages = 0   # pieces of a stream, or datagrams
        self.answered = 0
        self.received = {}  # bytes of each connection or source
        self.last = None    # what came at once
        self.wake, self.waker = os.pipe()
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.bind(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.wake, selectors.EVENT_READ, self._stop)
        take = self._accept if kind == socket.SOCK_STREAM else self._datagram
        self.selector.register(self.socket, selectors.EVENT_READ, take)
        if kind == socket.SOCK_STREAM:
            self.socket.listen(512)
        self.connections = []
        self.sources = {}
        self.running = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        case.addCleanup(self._finish)

    def _run(self):
        while self.running:
            for key, _ in self.selector.select():
                key.data(key.fileobj)

    def _stop(self, _):
        self.running = False

    def _finish(self):
        os.close(self.waker)
        self.thread.join()
        os.close(self.wake)
        self.selector.close()
        for one in [self.socket, *self.connections]:
            one.close()

    def _accept(self, listener):
        one, _ = listener.accept()
        number = len(self.connections)
        self.connections.append(one)
        self.selector.register(one, selectors.EVENT_READ,
                               lambda one: self._stream(one, number))

    def _close(self, one):
        self.selector.unregister(one)
        one.close()

    def _answer(self, data, number, send):
        with self.changed:
            self.messages += 1
            self.last = data
            self.received[number] = self.received.get(number, 0) + len(data)
            answer = self.answer(data, number)
            if answer is not None and answer is not Server.CLOSE:
                send(answer)
                self.answered += 1
            self.changed.notify_all()
        return answer

    def _stream(self, one, number):
        try:
            data = one.recv(1 << 16)
            if not data or self._answer(data, number, one.sendall) is Server.CLOSE:
                self._close(one)
        except OSError:
            self._close(one)

    def _datagram(self, one):
        data, source = one.recvfrom(1 << 16)
        number = self.sources.setdefault(source, len(self.sources))
        self._answer(data, number, lambda answer: one.sendto(answer, source))

    def wait(self, judge, what):
        """Waits until judge(self) is true."""
        with self.changed:
            if not self.changed.wait_for(lambda: judge(self), DEADLINE):
                raise AssertionError(f"waited for {what}: not within {DEADLINE:g} s")

    def wait_messages(self, count):
        self.wait(lambda server: server.messages >= count, f"{count} messages")


class Bench(Program):
    """telex-bench --json, which runs until it is told to stop."""

    def __init__(self, case, *args, **keywords):
        super().__init__(case, [program("TELEX_BENCH"), "--json", *map(str, args)],
                         stdin=subprocess.DEVNULL, **keywords)

    def report(self, status=0):
        """Its object, when it has ended by itself."""
        self.wait_end(status)
        lines = self.stdout.copy().splitlines()
        if len(lines) != 1:
            self.fail("not one line of output")
        return json.loads(lines[0])

    def finish(self, status=0):
        """The same, ended by SIGINT."""
        self.signal(signal.SIGINT)
        return self.report(status)


class BenchTest(TestCase):
    def bench(self, *args, **keywords):
        return Bench(self, *FOREVER, *args, **keywords)

    def refuse(self, args, status, *parts):
        return self.check_refusal([program("TELEX_BENCH"), *map(str, args)], status, *parts)

    def check_clean(self, report):
        for key in ("errors", "mismatched", "lost", "loss"):
            self.assertEqual(report[key], 0, key)

    def check_quantiles(self, quantiles):
        self.assertEqual(list(quantiles), ["p50", "p99", "p999", "max"])
        values = list(quantiles.values())
        self.assertEqual(values, sorted(values))
        self.assertGreater(values[0], 0)


class EchoTest(BenchTest):
    def echo_daemon(self, *endpoints):
        return self.daemon("--view", "size", *endpoints)

    def check_echo(self, daemon, *args, messages=200, **fields):
        """A run that ends when the daemon has got so many messages; returns the report."""
        bench = self.bench("--clients", 4, *args)
        daemon.wait_count(messages, "message", **fields)
        report = bench.finish()
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)
        return report

    def test_tcp(self):
        daemon = self.echo_daemon("tcp://127.0.0.1:0?reply=echo")
        report = self.check_echo(daemon, "--rate", 2000, "--pid", daemon.pid, daemon.port, size=64)
        self.assertEqual(list(report), [
            "mode", "endpoint", "clients", "size", "depth", "seconds", "operations", "rate",
            "bytes_per_second", "errors", "mismatched", "unanswered", "lost", "loss", "latency",
            "generator", "server"])
        self.assertEqual((report["mode"], report["clients"], report["size"], report["depth"]),
                         ("echo", 4, 64, 1))
        self.assertEqual(report["endpoint"], f"tcp://127.0.0.1:{daemon.port}")
        self.assertAlmostEqual(report["rate"] * report["seconds"], report["operations"], 0)
        self.assertAlmostEqual(report["bytes_per_second"], report["rate"] * 64, 0)
        self.check_quantiles(report["latency"])
        self.assertEqual(list(report["server"]), [
            "cpu_seconds", "cpu_per_operation", "cpu_per_megabyte", "private_bytes",
            "private_bytes_per_client"])
        self.assertAlmostEqual(report["server"]["cpu_per_operation"] * report["operations"] / 1e6,
                               report["server"]["cpu_seconds"], 3)
        self.assertGreater(report["server"]["private_bytes"], 10000)

    def test_tcp_with_depth(self):
        daemon = self.echo_daemon("tcp://127.0.0.1:0?reply=echo")
        report = self.check_echo(daemon, "--depth", 16, "--size", 1, daemon.port, messages=50)
        self.assertEqual((report["depth"], report["size"]), (16, 1))

    def test_messages_larger_than_any_buffer(self):
        server = Server(self)
        bench = self.bench("--clients", 2, "--size", "1M", "--depth", 2, server.port)
        server.wait(lambda server: sum(server.received.values()) > 8 << 20, "8 MiB")
        report = bench.finish()
        self.check_clean(report)
        self.assertGreaterEqual(report["operations"], 2)
        self.assertGreater(report["latency"]["p50"], 0)

    def test_unix(self):
        daemon = self.echo_daemon("unix:socket?reply=echo")
        report = self.check_echo(daemon, "--rate", 2000, "unix:socket")
        self.assertEqual(report["endpoint"], "unix:socket")

    def test_ipv6(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.echo_daemon("tcp://[::1]:0?reply=echo")
        self.check_echo(daemon, "--rate", 2000, f"[::1]:{daemon.port}")

    def test_a_name_with_several_addresses(self):
        daemon = self.echo_daemon("tcp://127.0.0.1:0?reply=echo")
        self.check_echo(daemon, "--rate", 2000, f"localhost:{daemon.port}")

    def test_udp(self):
        daemon = self.echo_daemon("udp://127.0.0.1:0?reply=echo")
        report = self.check_echo(daemon, "--rate", 2000, "--wait", 10,
                                 f"udp://127.0.0.1:{daemon.port}", size=64)
        self.check_quantiles(report["latency"])

    def test_sizes_of_datagrams(self):
        daemon = self.echo_daemon("udp://127.0.0.1:0?reply=echo")
        for size in (HEADER, 65507):
            self.check_echo(daemon, "--depth", 3, "--size", size, "--rate", 500, "--wait", 10,
                            f"udp://127.0.0.1:{daemon.port}", messages=100, size=size)

    def test_children_of_a_server_count(self):
        socat = shutil.which("socat")
        if not socat:
            self.skipTest("socat is not installed")
        server = Program(self, [socat, "-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1,fork", "PIPE"],
                         stdin=subprocess.DEVNULL)
        server.wait_diagnostic("listening on")
        port = re.search(rb"listening on .*127\.0\.0\.1:(\d+)", server.stderr.copy())[1].decode()
        report = Bench(self, "--clients", 3, "--time", 0.5, "--pid", server.pid, port).report()
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)
        self.assertGreater(report["server"]["cpu_seconds"], 0)

    def test_the_time_is_over(self):
        server = Server(self)
        report = Bench(self, "--time", 0.2, "--warm-up", 0.1, "--clients", 2, server.port).report()
        self.check_clean(report)
        self.assertGreaterEqual(report["seconds"], 0.2)
        self.assertGreater(server.messages, report["operations"])

    def test_a_rate_is_kept(self):
        server = Server(self)
        report = Bench(self, "--rate", 100, "--time", 0.3, "--warm-up", 0, server.port).report()
        self.check_clean(report)
        self.assertLessEqual(report["operations"], 1 + 100 * report["seconds"])


class OtherModesTest(BenchTest):
    def test_stream(self):
        server = Server(self)
        bench = self.bench("--mode", "stream", "--clients", 2, server.port)
        server.wait(lambda server: sum(server.received.values()) > 4 << 20, "4 MiB")
        report = bench.finish()
        self.check_clean(report)
        self.assertEqual((report["mode"], report["size"]), ("stream", 16384))
        self.assertGreater(report["operations"], 16)
        self.assertGreater(report["bytes_per_second"] * report["seconds"],
                           16384 * report["operations"] * 0.99)
        self.check_quantiles(report["latency"])

    def test_stream_of_small_writes_at_a_rate(self):
        server = Server(self)
        bench = self.bench("--mode", "stream", "--clients", 3, "--size", 10, "--rate", 1000,
                           server.port)
        server.wait_messages(100)
        report = bench.finish()
        self.check_clean(report)
        self.assertLessEqual(report["operations"], 1 + 1000 * report["seconds"])

    def check_churn(self, daemon, endpoint):
        bench = self.bench("--mode", "churn", "--clients", 3, "--rate", 500, endpoint)
        closed = daemon.wait_count(30, "close")
        report = bench.finish()
        self.check_clean(report)
        self.check_quantiles(report["latency"])
        self.check_quantiles(report["connect"])
        self.assertGreater(report["operations"], 10)
        for event in closed:
            self.assertEqual((event["reason"], event["received"], event["sent"]), ("eof", 64, 64))

    def test_churn(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        self.check_churn(daemon, daemon.port)

    def test_churn_unix(self):
        daemon = self.daemon("unix:socket?reply=echo")
        self.check_churn(daemon, "unix:socket")

    def test_churn_of_large_messages(self):
        server = Server(self)
        bench = self.bench("--mode", "churn", "--clients", 2, "--size", "300k", server.port)
        server.wait(lambda server: len(server.received) >= 5, "5 connections")
        report = bench.finish()
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)

    def test_churn_goes_on_after_an_error(self):
        server = Server(self, answer=lambda data, connection:
                        Server.CLOSE if connection == 5 else data)
        bench = self.bench("--mode", "churn", "--clients", 2, server.port)
        server.wait(lambda server: len(server.received) >= 30, "30 connections")
        report = bench.finish(1)
        self.assertEqual((report["errors"], report["mismatched"]), (1, 0))

    def test_idle(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        report = Bench(self, "--mode", "idle", "--clients", 300, "--time", 0.2,
                       "--pid", daemon.pid, daemon.port).report()
        daemon.wait_count(300, "open")
        self.check_clean(report)
        self.assertEqual(report["operations"], 300)
        self.check_quantiles(report["connect"])
        self.assertEqual(list(report["server"]),
                         ["cpu_seconds", "private_bytes", "private_bytes_per_client"])
        self.assertEqual(daemon.seen("message"), [])

    def check_idle_udp(self, reply):
        daemon = self.daemon(f"udp://127.0.0.1:0?reply={reply}")
        report = Bench(self, "--mode", "idle", "--clients", 50, "--wait", 0.2, "--time", 0.1,
                       f"udp://127.0.0.1:{daemon.port}").report()
        daemon.wait_count(50, "open")
        daemon.wait_count(50, "message")
        return report

    def test_idle_udp_with_any_answer(self):
        report = self.check_idle_udp("stamp")
        self.assertEqual((report["operations"], report["mismatched"]), (50, 0))
        self.assertLess(report["lost"], 50)

    def test_idle_udp_without_an_answer(self):
        bench = Bench(self, "--mode", "idle", "--clients", 5, "--wait", 0.1, "--time", 0.1,
                      f"udp://127.0.0.1:{self.daemon('udp://127.0.0.1:0?reply=none').port}")
        report = bench.report()
        self.assertEqual((report["operations"], report["lost"], report["loss"]), (5, 5, 1))

    def test_flood(self):
        server = Server(self)
        flooded = Server(self, socket.SOCK_DGRAM)
        bench = self.bench("--clients", 2, "--rate", 200, "--flood-rate", 2000, "--wait", 10,
                           "--flood-sources", 3, "--flood", f"udp://127.0.0.1:{flooded.port}",
                           server.port)
        flooded.wait_messages(300)
        report = bench.finish()
        self.check_clean(report)
        flood = report["flood"]
        self.assertEqual(list(flood), ["sent", "answered", "lost", "loss", "rate"])
        self.assertEqual(flood["answered"] + flood["lost"], flood["sent"])
        self.assertEqual(flood["lost"], 0)
        self.assertGreater(flood["answered"], 200)
        self.assertEqual(len(flooded.sources), 3)

    def test_flood_that_is_not_answered(self):
        server = Server(self)
        silent = Server(self, socket.SOCK_DGRAM, answer=lambda data, source: None)
        bench = self.bench("--clients", 2, "--rate", 200, "--flood-rate", 1000, "--wait", 0.1,
                           "--flood", f"udp://127.0.0.1:{silent.port}", server.port)
        silent.wait_messages(50)
        report = bench.finish()
        self.assertEqual((report["flood"]["answered"], report["flood"]["loss"]), (0, 1))


class FaultyServerTest(BenchTest):
    """Bytes that come back wrong are found, whatever is wrong with them."""

    def check_wrong(self, answer, *args, said="came back as", kind=socket.SOCK_STREAM, depth=1):
        server = Server(self, kind, answer)
        scheme = "tcp" if kind == socket.SOCK_STREAM else "udp"
        bench = self.bench("--clients", 2, "--depth", depth, "--wait", 0.2, *args,
                           f"{scheme}://127.0.0.1:{server.port}")
        if kind == socket.SOCK_DGRAM:
            server.wait(lambda server: server.answered >= 20, "20 answers")
            report = bench.finish(1)
        else:
            report = bench.report(1)  # no client is left
        self.assertGreater(report["mismatched"], 0)
        self.assertEqual(report["errors"], 0)
        bench.wait_diagnostic(said)
        return report

    def test_a_changed_byte(self):
        self.check_wrong(lambda data, _: data[:-1] + bytes([data[-1] ^ 1]))

    def test_a_changed_byte_in_a_stream(self):
        self.check_wrong(lambda data, _: data[:100] + bytes([data[100] ^ 0x80]) + data[101:],
                         "--mode", "stream")

    def test_a_changed_byte_in_churn(self):
        self.check_wrong(lambda data, _: bytes([data[0] ^ 1]) + data[1:], "--mode", "churn")

    def test_a_byte_too_many(self):
        self.check_wrong(lambda data, _: data + b"x", said="more than the 64 bytes")

    def test_a_byte_that_is_missing(self):
        self.check_wrong(lambda data, _: data[1:])

    def test_the_bytes_of_another_client(self):
        first = {}

        def mixed(data, connection):
            return first.setdefault(connection // 2, data)

        self.check_wrong(mixed, said="came back")

    def test_an_old_message_again(self):
        first = {}
        self.check_wrong(lambda data, connection: first.setdefault(connection, data))

    def test_a_changed_datagram(self):
        for position in (0, HEADER - 1, HEADER, 63):
            self.check_wrong(lambda data, _, i=position:
                             data[:i] + bytes([data[i] ^ 1]) + data[i + 1:],
                             kind=socket.SOCK_DGRAM, said="never sent", depth=4)

    def test_a_datagram_of_another_size(self):
        for answer in (lambda data, _: data + b"x", lambda data, _: data[:-1], lambda *_: b""):
            self.check_wrong(answer, kind=socket.SOCK_DGRAM, said="never sent", depth=4)

    def test_a_changed_flood(self):
        server = Server(self)
        flooded = Server(self, socket.SOCK_DGRAM, lambda data, _: data[:-1] + b"x")
        bench = self.bench("--clients", 1, "--rate", 100, "--wait", 0.1, "--flood-rate", 1000,
                           "--flood", f"udp://127.0.0.1:{flooded.port}", server.port)
        flooded.wait(lambda server: server.answered >= 20, "20 answers")
        self.assertGreater(bench.finish(1)["mismatched"], 0)

    def test_lost_datagrams(self):
        count = 0

        def forgetful(data, _):
            nonlocal count
            count += 1
            return None if count % 3 == 0 else data

        server = Server(self, socket.SOCK_DGRAM, forgetful)
        bench = self.bench("--clients", 3, "--depth", 10, "--wait", 0.1, "--rate", 1000,
                           f"udp://127.0.0.1:{server.port}")
        server.wait_messages(300)
        report = bench.finish()
        self.assertEqual((report["errors"], report["mismatched"]), (0, 0))
        self.assertGreaterEqual(report["lost"], 90)
        self.assertAlmostEqual(report["loss"], 1 / 3, 1)

    def doubling_server(self, lossy=False):
        """Answers each datagram twice; or every second one, and the others not at all."""
        server = Server(self, socket.SOCK_DGRAM)

        def answer(data, number):
            if lossy and server.messages % 2 == 0:
                return None
            source = next(key for key, value in server.sources.items() if value == number)
            server.socket.sendto(data, source)
            return data

        server.answer = answer
        return server

    def test_a_doubled_flood_hides_no_loss(self):
        server = Server(self)
        flooded = self.doubling_server(lossy=True)
        bench = self.bench("--clients", 1, "--rate", 100, "--wait", 0.5, "--flood-rate", 1000,
                           "--flood-sources", 3, "--flood", f"udp://127.0.0.1:{flooded.port}",
                           server.port)
        flooded.wait_messages(300)
        flood = bench.finish()["flood"]
        self.assertGreaterEqual(flood["lost"], 150)
        self.assertEqual(flood["answered"] + flood["lost"], flood["sent"])
        self.assertGreaterEqual(flood["answered"], 100)

    def test_doubled_datagrams_are_no_operations(self):
        server = self.doubling_server()
        bench = self.bench("--clients", 2, "--rate", 1000, "--wait", 10,
                           f"udp://127.0.0.1:{server.port}")
        server.wait_messages(100)
        report = bench.finish()
        self.check_clean(report)
        self.assertLessEqual(report["operations"], server.messages)

    def test_a_server_that_closes(self):
        server = Server(self, answer=lambda data, connection:
                        Server.CLOSE if connection == 1 else data)
        bench = self.bench("--clients", 3, "--rate", 300, server.port)
        server.wait(lambda server: server.received.get(2, 0) > 640, "messages after the close")
        report = bench.finish(1)
        self.assertEqual((report["errors"], report["mismatched"]), (1, 0))
        self.assertGreater(report["operations"], 0)
        self.assertRegex(bench.stderr.copy(), rb"\Atelex-bench: a connection broke: client \d+: "
                                              rb"the server closed the connection\n\Z")

    def test_a_server_that_ends_right_behind_an_answer(self):
        def answer(data, connection):
            if connection == 1 and server.received[1] == len(data):
                one = server.connections[1]
                one.send(data, socket.MSG_MORE)  # until the end is there: both come at once
                one.shutdown(socket.SHUT_WR)
                return None
            return data

        server = Server(self, answer=answer)
        bench = self.bench("--clients", 2, "--wait", 0.2, server.port)
        server.wait(lambda server: server.received.get(1, 0) >= 128, "a message after the end")
        report = bench.finish(1)
        self.assertEqual((report["errors"], report["mismatched"]), (1, 0))
        bench.wait_diagnostic("the server closed the connection")

    def test_a_server_that_closes_on_all(self):
        server = Server(self, answer=lambda *_: Server.CLOSE)
        report = self.bench("--clients", 3, server.port).report(1)
        self.assertEqual(report["errors"], 3)

    def test_a_server_that_is_silent(self):
        server = Server(self, answer=lambda *_: None)
        bench = self.bench("--clients", 3, "--wait", 0.2, server.port)
        server.wait_messages(3)
        report = bench.finish(1)
        self.check_clean(report)
        self.assertEqual(report["unanswered"], 3)
        bench.wait_diagnostic("nothing came back")

    def test_a_server_that_ignores_one_of_its_clients(self):
        for mode in ("echo", "stream", "churn"):
            with self.subTest(mode):
                server = Server(self, answer=lambda data, connection:
                                data if connection == 0 else None)
                bench = self.bench("--mode", mode, "--clients", 2, "--wait", 0.3, server.port)
                server.wait(lambda server: 1 in server.received and server.answered > 0,
                            "both clients")
                report = bench.finish(1)
                self.check_clean(report)
                self.assertGreater(report["unanswered"], 0)
                bench.wait_diagnostic("1 of 2 clients never got an answer")

    def check_stall(self, scheme, kind):
        """A server that answers each client twice, and then nobody: what was due meanwhile is
        late, by half a second and more."""
        count = 0

        def tired(data, _):
            nonlocal count
            count += 1
            return data if count <= 20 else None

        server = Server(self, kind, tired)
        bench = Bench(self, "--time", 1, "--warm-up", 0, "--wait", 0.2, "--clients", 10,
                      "--rate", 1000, f"{scheme}://127.0.0.1:{server.port}")
        report = bench.report()
        self.assertEqual((report["errors"], report["mismatched"]), (0, 0))
        self.assertLessEqual(report["operations"], 20)
        self.assertGreater(report["latency"]["p50"], 300e3)
        self.assertGreater(report["latency"]["max"], 700e3)
        return report

    def test_a_server_that_stalls_until_the_end(self):
        self.assertEqual(self.check_stall("tcp", socket.SOCK_STREAM)["unanswered"], 10)

    def test_a_server_that_stalls_until_the_end_over_udp(self):
        report = self.check_stall("udp", socket.SOCK_DGRAM)
        self.assertEqual(report["unanswered"], 0)
        self.assertGreaterEqual(report["lost"], 10)

    def test_a_server_that_is_gone(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        bench = self.bench("--clients", 2, "--rate", 500, "--pid", daemon.pid, daemon.port)
        daemon.wait_count(10, "message")
        daemon.signal(signal.SIGKILL)
        report = bench.report(1)
        daemon.wait_end(-signal.SIGKILL)
        self.assertEqual(report["errors"], 2)
        self.assertNotIn("server", report)
        bench.wait_diagnostic(f"process {daemon.pid} is gone")


class StartTest(BenchTest):
    def test_nobody_listens(self):
        port = self.free_port()
        self.refuse([port], 1, f"cannot connect to tcp://127.0.0.1:{port}", "Connection refused")
        self.refuse(["unix:nothing"], 1, "cannot connect to unix:nothing",
                    "No such file or directory")
        self.refuse(["tcp://no.such.name.invalid:1"], 1, "cannot find tcp://no.such.name.invalid:1")

    def test_nobody_listens_to_churn(self):
        report = self.bench("--mode", "churn", "--clients", 3, self.free_port()).report(1)
        self.assertEqual((report["operations"], report["errors"]), (0, 3))

    def test_nobody_listens_to_datagrams(self):
        port = self.free_port(socket.SOCK_DGRAM)
        bench = self.bench("--clients", 3, f"udp://127.0.0.1:{port}")
        report = bench.report(1)
        self.assertEqual(report["errors"], 3)
        bench.wait_diagnostic("Connection refused")

    def test_usage_errors(self):
        for args, *parts in (
                ([], "telex-bench ENDPOINT"),
                (["1", "2"], "telex-bench ENDPOINT"),
                (["--mode", "fast", "9"], "--mode", "'fast'", "echo, stream, churn or idle"),
                (["--mode", "stream", "udp://:9"], "--mode", "stream", "udp"),
                (["--mode", "churn", "udp://:9"], "--mode", "churn", "udp"),
                (["--clients", "0", "9"], "--clients: 0", "1 to "),
                (["--clients", "many", "9"], "--clients: 'many'"),
                (["--size", "0", "9"], "--size: 0", "1 to "),
                (["--size", "7", "udp://:9"], "--size: 7", "8 to 65507"),
                (["--size", "64k", "udp://:9"], "--size: 65536", "8 to 65507"),
                (["--depth", "0", "9"], "--depth: 0"),
                (["--depth", "2", "--mode", "churn", "9"], "--depth: 2", "churn"),
                (["--clients", "1000000", "--depth", "1000", "9"], "--depth: 1000"),
                (["--rate", "-1", "9"], "--rate: '-1'"),
                (["--time", "0", "9"], "--time: 0"),
                (["--wait", "0", "9"], "--wait: 0"),
                (["--warm-up", "x", "9"], "--warm-up: 'x'"),
                (["--pid", "0", "9"], "--pid: '0'"),
                (["--flood", "tcp://:9", "9"], "--flood", "udp://"),
                (["--flood", "udp://:0", "9"], "--flood", "port 0"),
                (["--flood-rate", "0", "9"], "--flood-rate: 0"),
                (["--flood-sources", "0", "9"], "--flood-sources: 0"),
                (["0"], "endpoint 0", "port 0"),
                (["70000"], "endpoint 70000", "0 to 65535"),
                (["::1"], "endpoint ::1", "brackets"),
                (["tcp://:9?reply=echo"], "endpoint tcp://:9?reply=echo", "'reply'"),
                (["--frobnicate", "9"], "'--frobnicate'")):
            with self.subTest(args=args):
                self.refuse(args, 2, *parts)

    def test_no_such_process(self):
        server = Server(self)
        ended = Program(self, ["true"])
        ended.wait_end()
        self.refuse(["--pid", ended.pid, server.port], 1, f"process {ended.pid}", "there is none")

    def test_too_many_clients_for_the_descriptors(self):
        self.refuse(["--clients", "1000000", "9"], 1, "open files", "ulimit -Hn")

    def test_version(self):
        run = Program(self, [program("TELEX_BENCH"), "--version"])
        run.wait_end()
        self.assertRegex(run.stdout.copy(), rb"\Atelex-bench \d+\.\d+\.\d+\n\Z")


class PersonTest(BenchTest):
    """The table and the progress line, on a terminal."""

    def terminal(self, *args):
        command = [program("TELEX_BENCH"), *FOREVER, *map(str, args)]
        return Terminal(self, ["sh", "-c", 'exec "$@" 2>&1', "sh", *command])

    def test_table(self):
        server = Server(self)
        run = Program(self, [program("TELEX_BENCH"), "--time", "0.2", "--pid", str(os.getpid()),
                             "--flood", f"udp://127.0.0.1:{Server(self, socket.SOCK_DGRAM).port}",
                             "--flood-rate", "100", "--wait", "10", str(server.port)])
        run.wait_end()
        text = run.stdout.copy().decode()
        self.assertEqual(run.stderr.copy(), b"")
        self.assertTrue(text.startswith(f"echo tcp://127.0.0.1:{server.port}: 100 clients"), text)
        rows = [re.match(r"\w+( \w+)?", line)[0] for line in text.splitlines()[1:]]
        self.assertEqual(rows, ["operations", "latency", "unanswered", "faults", "own CPU",
                                "server CPU", "server memory", "flood lost"])
        self.assertIn("0 broken connections, 0 wrong messages", text)

    def test_progress_and_interrupt(self):
        server = Server(self)
        terminal = self.terminal("--clients", 2, "--rate", 100, server.port)
        terminal.wait_seen("of 600.0 s, ")
        terminal.write("\x03")
        terminal.wait_seen("operations")
        terminal.wait_end(0)
        self.assertFalse([line for line in terminal.lines() if "of 600.0 s" in line])

    def test_an_answer_after_the_end(self):
        server = Server(self, answer=lambda data, _: data if server.messages == 1 else None)
        terminal = self.terminal("--clients", 1, server.port)
        server.wait_messages(2)
        terminal.write("\x03")
        terminal.wait_seen("waiting for the last answers")
        server.connections[0].sendall(server.last)
        terminal.wait_seen("unanswered     0 operations")
        terminal.wait_end(0)

    def test_quiet(self):
        server = Server(self)
        terminal = self.terminal("--quiet", "--rate", 100, server.port)
        server.wait_messages(100)
        terminal.write("\x03")
        terminal.wait_end(0)
        self.assertNotIn(b"of 600", terminal.stdout.copy())

    def test_interrupted_before_the_beginning(self):
        terminal = self.terminal(self.full_listener())
        terminal.wait_seen("connected 0 of 100")
        terminal.write("\x03")
        terminal.wait_seen("interrupted")
        terminal.wait_end(1)


if __name__ == "__main__":
    main()
