# SPDX-License-Identifier: GPL-3.0-or-later
"""--metrics: Prometheus text over HTTP, for this machine only, whoever asks and however."""

import contextlib
import http.client
import os
import re
import signal
import shutil
import socket
import stat
import subprocess
import time

from telex_test import DEADLINE, TestCase, main

SAMPLE = re.compile(r'(telex_[a-z_]+)(?:\{part="[a-z]+"\})? (\d+(?:\.\d+)?)')


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=DEADLINE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(DEADLINE)
        self.sock.connect(self.path)


class MetricsCase(TestCase):
    def start(self, *args):
        """telexd with metrics at self.metrics, on a port of its own."""
        daemon = self.daemon("--metrics=tcp://127.0.0.1:0", *args)
        text = daemon.wait_diagnostic(b"\n").decode()
        self.metrics = int(re.fullmatch(r"telexd: metrics are at port (\d+)\n", text)[1])
        return daemon

    def ask(self, method="GET", path="/metrics", connection=None, **keywords):
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.metrics, timeout=DEADLINE)
        self.addCleanup(connection.close)
        connection.request(method, path, **keywords)
        response = connection.getresponse()
        return response, response.read().decode()

    def figures(self, **keywords):
        response, text = self.ask(**keywords)
        self.assertEqual(response.status, 200)
        return {name: float(value) for name, value in SAMPLE.findall(text)}

    def raw(self, data):
        """What is answered to these bytes, up to the end, which may be a reset."""
        one = self.tcp(self.metrics)
        parts = []
        try:
            one.sendall(data)
            while piece := one.recv(1 << 16):
                parts.append(piece)
        except (ConnectionResetError, BrokenPipeError):
            pass
        one.close()
        return b"".join(parts)


class FormatTest(MetricsCase):
    def test_it_tells_what_stats_tells(self):
        daemon = self.start("tcp://127.0.0.1:0?reply=echo", "udp://127.0.0.1:0?reply=echo")
        one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
        for each in (one, two, one):
            each.send(b"ping")
            self.expect(each, "ping")
        stats = daemon.command("/stats")["stats"]
        figures = self.figures()
        self.assertEqual(len(figures), len(stats))
        for name, value in stats.items():
            if name == "start_time":
                continue
            told = figures.get(f"telex_{name}", figures.get(f"telex_{name}_total"))
            if name not in ("loop_turns", "longest_turn", "longest_turn_in"):
                self.assertEqual(told, value, name)
        self.assertEqual((figures["telex_tcp_peers"], figures["telex_udp_peers"],
                          figures["telex_messages_in_total"], figures["telex_bytes_in_total"],
                          figures["telex_tcp_opened_total"]), (1, 1, 3, 12, 1))
        self.assertLess(abs(time.time() - figures["telex_start_time_seconds"]), DEADLINE)
        one.close()
        daemon.wait("close", peer=1)
        figures = self.figures()
        self.assertEqual((figures["telex_tcp_peers"], figures["telex_tcp_opened_total"]), (0, 1))

    def test_the_text_format(self):
        self.start("tcp://127.0.0.1:0")
        response, text = self.ask()
        self.assertEqual(response.getheader("Content-Type"),
                         "text/plain; version=0.0.4; charset=utf-8")
        self.assertTrue(text.endswith("\n"))
        lines = text.splitlines()
        self.assertEqual(len(lines) % 3, 0)
        seen = set()
        for help_line, type_line, sample in zip(lines[::3], lines[1::3], lines[2::3]):
            name, _ = SAMPLE.fullmatch(sample).groups()
            self.assertRegex(help_line, rf"^# HELP {name} [^\\]+$")
            kind = re.fullmatch(rf"# TYPE {name} (counter|gauge)", type_line)[1]
            self.assertEqual(kind == "counter", name.endswith("_total"), name)
            self.assertNotIn(name, seen)
            seen.add(name)
        for name in ("telex_tcp_peers", "telex_queued_bytes", "telex_longest_turn",
                     "telex_start_time_seconds"):
            self.assertIn(f"# TYPE {name} gauge\n", text)

    def test_what_the_longest_turn_was_spent_on(self):
        daemon = self.start("tcp://127.0.0.1:0")
        parts = ("peers", "console", "command", "files", "names", "metrics", "signals")
        self.assertIn(daemon.command("/stats")["stats"]["longest_turn_in"], parts)
        _, text = self.ask()
        self.assertRegex(text, r'(?m)^telex_longest_turn_in\{part="(%s)"\} 1$' % "|".join(parts))

    def test_a_query(self):
        self.start("tcp://127.0.0.1:0")
        self.assertIn("telex_", self.ask(path="/metrics?name=x")[1])
        self.assertIn(b"telex_tcp_peers 0\n", self.raw(b"GET /metrics HTTP/1.0\r\n\r\n"))

    def test_curl(self):
        if not shutil.which("curl"):
            self.skipTest("no curl")
        self.start("tcp://127.0.0.1:0")
        run = subprocess.run(["curl", "--noproxy", "*", "-sSf", "-m", "20",
                              f"http://127.0.0.1:{self.metrics}/metrics"],
                             capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("telex_tcp_peers 0\n", run.stdout)

    def test_many_in_turn(self):
        self.start("tcp://127.0.0.1:0")
        for _ in range(200):
            self.assertIn("telex_tcp_peers", self.figures())


class PlaceTest(MetricsCase):
    def test_a_unix_socket(self):
        path = self.path("metrics.sock")
        daemon = self.daemon(f"--metrics=unix:{path}?mode=0640", "tcp://127.0.0.1:0")
        status = os.stat(path)
        self.assertTrue(stat.S_ISSOCK(status.st_mode))
        self.assertEqual(stat.S_IMODE(status.st_mode), 0o640)
        self.assertEqual(self.figures(connection=UnixConnection(path))["telex_unix_peers"], 0)
        self.refuse_daemon(["--metrics", f"unix:{path}", "tcp://127.0.0.1:0"], 1,
                           f"cannot listen on unix:{path}: Address already in use")
        self.assertTrue(os.path.exists(path))
        self.assertEqual([event["endpoint"] for event in daemon.seen("listening")],
                         [f"tcp://127.0.0.1:{daemon.port}"])
        daemon.stop()
        self.assertFalse(os.path.exists(path))

    def test_ipv6_and_localhost(self):
        if self.have_ipv6():
            port = self.free_port(host="::1")
            self.daemon(f"--metrics=tcp://[::1]:{port}", "tcp://127.0.0.1:0")
            connection = http.client.HTTPConnection("::1", port, timeout=DEADLINE)
            self.assertIn("telex_tcp_peers", self.figures(connection=connection))
        port = self.free_port()
        self.daemon(f"--metrics=localhost:{port}", "tcp://127.0.0.1:0")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        self.assertIn("telex_tcp_peers", self.figures(connection=connection))

    def test_elsewhere_is_refused(self):
        for endpoint in ("9100", "*:9100", "tcp://0.0.0.0:9100", "tcp://[::]:9100",
                         "tcp://192.0.2.1:9100", "tcp://example.com:9100", "udp://127.0.0.1:9100",
                         "tcp://127.0.0.1.example.com:1"):
            self.refuse_daemon(["--metrics", endpoint, "tcp://127.0.0.1:0"], 2,
                               f"--metrics: endpoint {endpoint}: ", "this machine", "loopback",
                               "unix:")

    def test_keys_are_refused(self):
        for endpoint, part in (("tcp://127.0.0.1:1?reply=echo", "'reply'"),
                               ("tcp://127.0.0.1:1?mode=0600", "'mode'"),
                               ("unix:x?name=x", "'name'"), ("unix:x?mode=999", "mode=999"),
                               ("unix:x?mode=0600&framing=line", "'framing'")):
            self.refuse_daemon(["--metrics", endpoint], 2, f"--metrics: endpoint {endpoint}", part)
        self.refuse_daemon(["--metrics", "tcp://127.0.0.1:99999"], 2, "99999")
        self.refuse_daemon(["--metrics", "unix:"], 2, "--metrics")
        self.refuse_daemon(["--metrics"], 2, "--metrics", "ENDPOINT")

    def test_everything_is_bound_or_nothing(self):
        taken = self.listener().getsockname()[1]
        path = self.path("a.sock")
        self.refuse_daemon(["--metrics", f"tcp://127.0.0.1:{taken}", f"unix:{path}"], 1,
                           f"cannot listen on tcp://127.0.0.1:{taken}: Address already in use")
        self.assertFalse(os.path.exists(path))
        plain = self.file("plain", "text")
        self.refuse_daemon(["--metrics", f"unix:{plain}", "tcp://127.0.0.1:0"], 1,
                           "not a socket")
        metrics = self.path("metrics.sock")
        self.refuse_daemon(["--metrics", f"unix:{metrics}", f"tcp://127.0.0.1:{taken}"], 1)
        self.assertFalse(os.path.exists(metrics))

    def test_in_the_file(self):
        config = self.file("telexd.conf", "drain 1\nmetrics tcp://0.0.0.0:1\n")
        self.refuse_daemon(["--config", config], 2, f"{config}:2: metrics: endpoint", "loopback")
        path = self.path("metrics.sock")
        self.file("telexd.conf", f"metrics unix:{path}\n")
        self.daemon("--config", config, "tcp://127.0.0.1:0")
        self.assertIn("telex_tcp_peers", self.figures(connection=UnixConnection(path)))


class RefusalTest(MetricsCase):
    def test_other_paths(self):
        self.start("tcp://127.0.0.1:0")
        for path in ("/", "/metrics/", "/Metrics", "/metrics/../metrics", "/favicon.ico",
                     "//metrics", "/%", "*", "/" + 2000 * "x"):
            response, text = self.ask(path=path)
            self.assertEqual(response.status, 404, path)
            self.assertNotIn("telex_", text)
            self.assertLess(len(text), 200)

    def test_other_methods(self):
        self.start("tcp://127.0.0.1:0")
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
            response, text = self.ask(method, body="x" if method in ("POST", "PUT") else None)
            self.assertEqual(response.status, 405, method)
            self.assertEqual(response.getheader("Allow"), "GET")
            self.assertNotIn("telex_", text)
        self.assertEqual(self.ask("POST", path="/")[0].status, 404)
        answer = self.raw(b"HEAD /metrics HTTP/1.0\r\n\r\n")
        self.assertIn(b" 405 ", answer.split(b"\r\n")[0])
        self.assertNotIn(b"telex_", answer)
        self.assertEqual(self.ask("BREW")[0].status, 501)

    def test_what_is_no_request(self):
        """Whatever comes: an error or an end, and the next one is served."""
        daemon = self.start("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        for data in (b"\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET /metrics\r\n\r\n",
                     b"GET /metrics HTTP/9.9\r\n\r\n", b"GET /metrics HTTP/1.1\r\nx\r\n\r\n",
                     b"CONNECT a:1 HTTP/1.1\r\n\r\n", b"CONNECT / HTTP/1.1\r\n\r\n",
                     b"GET http:// HTTP/1.1\r\n\r\n", b"GET http://[ HTTP/1.1\r\n\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\n",
                     b"POST /metrics HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
                     b"POST /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST /metrics HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + 5000 * b"x",
                     b"POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
                     b"POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                     b"GET /metrics HTTP/1.1\r\nX: " + 9000 * b"x" + b"\r\n\r\n",
                     b"GET /" + 9000 * b"x" + b" HTTP/1.1\r\n\r\n",
                     b"GET /metrics HTTP/1.1\r\n" + 5000 * b"a: b\r\n" + b"\r\n"):
            one.sendall(b"ping")
            answer = self.raw_ended(data)
            self.assertNotIn(b"telex_", answer, data[:100])
            self.assertIn(answer[:13], (b"", b"HTTP/1.1 400 ", b"HTTP/1.1 404 ", b"HTTP/1.1 405 ",
                                        b"HTTP/1.1 413 ", b"HTTP/1.1 501 ", b"HTTP/1.0 400 ",
                                        b"HTTP/1.1 505 "), data[:100])
            self.expect(one, "ping")
            self.assertIn("telex_tcp_peers", self.figures())
        daemon.stop()

    def raw_ended(self, data):
        """The same, and our side ends too: some of it waits for more."""
        one = self.tcp(self.metrics)
        try:
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            answer = self.receive_all(one)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
        one.close()
        return answer

    def test_a_header_without_an_end(self):
        self.start("tcp://127.0.0.1:0")
        self.raw(b"GET /metrics HTTP/1.1\r\n" + (1 << 22) * b"x")
        self.assertIn("telex_tcp_peers", self.figures())


class HostileTest(MetricsCase):
    def sockets(self, daemon):
        count = 0
        for fd in os.listdir(f"/proc/{daemon.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                count += os.readlink(f"/proc/{daemon.pid}/fd/{fd}").startswith("socket:")
        return count

    def test_one_that_says_nothing(self):
        """It has a while, and then no place any more."""
        daemon = self.start("tcp://127.0.0.1:0?reply=echo")
        silent = self.tcp(self.metrics)
        silent.sendall(b"GET /met")
        self.figures()
        start = time.monotonic()
        self.assertEqual(self.end_of(silent), b"")
        self.assertGreater(time.monotonic() - start, 2)
        daemon.stop()

    def test_many_that_say_nothing(self):
        """Few are let in, and keep nobody waiting: the first go for those who come."""
        daemon = self.start("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        before = self.sockets(daemon) + 1
        silent = [self.tcp(self.metrics) for _ in range(200)]
        for each in silent:
            each.sendall(b"GET /met")
        for _ in range(3):
            start = time.monotonic()
            self.figures()
            self.assertLess(time.monotonic() - start, 4, "the scrape has waited for others")
            self.assertLessEqual(self.sockets(daemon), before + 32)
        self.assertEqual(self.end_of(silent[0]), b"")
        one.sendall(b"ping")
        self.expect(one, "ping")

    def end_of(self, one):
        try:
            return self.receive_all(one)
        except ConnectionResetError:
            return b""

    def test_more_scrapes_than_places(self):
        """Who has sent its request goes for nobody, and who waits is served."""
        daemon = self.start("tcp://127.0.0.1:0")
        daemon.signal(signal.SIGSTOP)
        scrapers = [self.tcp(self.metrics) for _ in range(100)]
        for each in scrapers:
            each.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        daemon.signal(signal.SIGCONT)
        for each in scrapers:
            self.assertIn(b"telex_tcp_peers 0\n", self.receive_all(each))

    def test_one_that_sends_a_byte_now_and_then(self):
        self.start("tcp://127.0.0.1:0")
        one = self.tcp(self.metrics)
        one.settimeout(0.3)  # between two bytes
        start = time.monotonic()
        try:
            while time.monotonic() - start < DEADLINE:
                one.sendall(b"G")
                try:
                    if one.recv(100) == b"":
                        break
                except TimeoutError:
                    pass
        except (ConnectionResetError, BrokenPipeError):
            pass
        self.assertLess(time.monotonic() - start, DEADLINE)
        self.assertIn("telex_tcp_peers", self.figures())

    def test_one_that_does_not_read(self):
        """Requests one after the other in one piece: one is answered, the rest is not heard."""
        self.start("tcp://127.0.0.1:0")
        data = self.raw(1000 * b"GET /metrics HTTP/1.1\r\n\r\n")
        self.assertLessEqual(data.count(b"HTTP/1.1 200"), 1)
        self.assertIn("telex_tcp_peers", self.figures())

    def test_a_flood_of_scrapes_starves_nobody(self):
        daemon = self.start("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        for _ in range(50):
            scrapers = [self.tcp(self.metrics) for _ in range(10)]
            for each in scrapers:
                each.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            one.sendall(b"ping")
            self.expect(one, "ping")
            for each in scrapers:
                self.assertIn(b"telex_", self.receive_all(each))
                each.close()
        self.assertEqual(len(daemon.seen("open")), 1, "scrapers are no peers")

    def test_the_end_with_somebody_there(self):
        daemon = self.start("tcp://127.0.0.1:0")
        one = self.tcp(self.metrics)
        one.sendall(b"GET /metrics HTTP/1.1\r\n")
        self.assertIn("telex_tcp_peers", self.figures())
        daemon.stop()
        try:
            self.expect_end(one)
        except ConnectionResetError:
            pass


if __name__ == "__main__":
    main()
