# SPDX-License-Identifier: GPL-3.0-or-later
"""telex-bench over TLS and WebSocket: the same loads, every byte of which is compared as without."""

import subprocess
import unittest

from telex_test import Program, has_tls, main
from test_bench import Bench, BenchTest


class Loads:
    """For each scheme."""

    scheme = None

    def setUp(self):
        super().setUp()
        self.server = self.daemon("--view", "size", f"{self.scheme}://127.0.0.1:0?reply=echo")
        self.endpoint = f"{self.scheme}://127.0.0.1:{self.server.port}"

    def check(self, *args, messages=50, **fields):
        bench = self.bench("--clients", 3, *args, self.endpoint)
        self.server.wait_count(messages, "message", **fields)
        report = bench.finish()
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)
        self.assertTrue(report["endpoint"].startswith(self.endpoint))
        return report

    def test_echo(self):
        self.check("--rate", 2000, size=64)

    def test_messages_of_many_records(self):
        report = self.check("--size", "200k", "--depth", 2)
        self.assertEqual(report["size"], 200 << 10)

    def test_stream(self):
        self.check_quantiles(self.check("--mode", "stream")["latency"])

    def test_churn(self):
        report = self.check("--mode", "churn", messages=10)
        self.check_quantiles(report["connect"])
        self.assertGreaterEqual(len(self.server.seen("open")), 10)

    def test_idle(self):
        report = Bench(self, "--mode", "idle", "--clients", 20, "--time", 0.1,
                       self.endpoint).report()
        self.check_clean(report)
        self.assertEqual(report["operations"], 20)
        self.assertEqual(self.server.wait("open")["transport"], self.scheme)


@unittest.skipUnless(has_tls(), "built without TLS")
class TlsTest(Loads, BenchTest):
    scheme = "tls"


class WebSocketTest(Loads, BenchTest):
    scheme = "ws"


@unittest.skipUnless(has_tls(), "built without TLS")
class WebSocketOverTlsTest(Loads, BenchTest):
    scheme = "wss"


@unittest.skipUnless(has_tls(), "built without TLS")
class OtherServersTest(BenchTest):
    def openssl(self, *args):
        """openssl s_server, which sends each line back from its end to its beginning."""
        key, port = self.path("key.pem"), self.free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
                        "-keyout", key, "-out", key], check=True, capture_output=True)
        server = Program(self, ["openssl", "s_server", "-rev", "-accept", str(port), "-cert", key,
                                *args])
        server.wait_output("ACCEPT")
        return f"tls://127.0.0.1:{port}"

    def report(self, endpoint, status, sent, expected, *args):
        return Bench(self, "--clients", 1, "--time", 0.2, "--warm-up", 0, "--send", sent,
                     "--expect", expected, *args, endpoint).report(status)

    def test_openssl_answers(self):
        report = self.report(self.openssl(), 0, r"abc\n", r"cba\n")
        self.check_clean(report)
        self.assertGreater(report["operations"], 0)

    def test_the_version_before(self):
        self.check_clean(self.report(self.openssl("-tls1_2"), 0, r"abc\n", r"cba\n"))

    def test_a_wrong_byte_shows(self):
        report = self.report(self.openssl(), 1, r"abc\n", r"cbx\n")
        self.assertEqual(report["mismatched"], 1)

    def test_a_server_that_speaks_neither(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        for scheme in ("tls", "ws"):
            endpoint = f"{scheme}://127.0.0.1:{daemon.port}"
            self.refuse(["--clients", 1, endpoint], 1, f"cannot connect to {endpoint}",
                        "client 0: ")


if __name__ == "__main__":
    main()
