# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls through a proxy: via=socks5://, via=http://."""

import base64
import shutil
import socket
import subprocess

from telex_test import DEADLINE, TestCase, main

YES = b"\5\0\0\1\x7f\0\0\1\x1f\x90"


class ViaCase(TestCase):
    def setUp(self):
        super().setUp()
        self.proxy = self.listener()
        self.port = self.proxy.getsockname()[1]

    def via(self, protocol="socks5", user=""):
        return f"via={protocol}://{user}127.0.0.1:{self.port}"

    def head(self, one):
        """Up to the empty line."""
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            data += self.receive(one, 1)
        return data

    def daemon(self, *args, **keywords):
        return super().daemon("--drain", "0.1", *args, "tcp://127.0.0.1:0", **keywords)


class OpenTest(ViaCase):
    def test_socks_asks_by_name_and_then_the_line_is_open(self):
        daemon = self.daemon()
        endpoint = f"tcp://far.example:7?{self.via()}"
        daemon.command(f"/connect {endpoint}&name=boiler")
        one = self.accept(self.proxy)
        self.expect(one, b"\5\1\0")
        one.sendall(b"\5\0")
        self.expect(one, b"\5\1\0\3\x0bfar.example\0\x07")
        self.assertEqual(daemon.seen("open"), [])
        daemon.refused("@boiler too early", "not connected")
        one.sendall(YES + b"welcome\n")
        self.assertEqual(daemon.wait("open")["remote"], "far.example:7")
        self.assertEqual(daemon.wait("message")["text"], "welcome\n")
        daemon.command("@boiler hello")
        self.expect(one, "hello\n")
        self.assertEqual(daemon.command("/info boiler")["peer"]["remote"], "far.example:7")

    def test_http_asks_for_an_address_with_the_password_of_a_file(self):
        secret = self.file("secret", "open sesame\nmore\n")
        daemon = self.daemon(f"--call=tcp://[2001:db8::1]:7?{self.via('http', 'me@')}"
                             f"&via-auth={secret}", env={"TELEX_VIA_AUTH": "not this"})
        one = self.accept(self.proxy)
        head = self.head(one)
        self.assertTrue(head.startswith(b"CONNECT [2001:db8::1]:7 HTTP/1.1\r\nHost: [2001:db8::1]:7\r\n"))
        self.assertIn(b"Proxy-Authorization: Basic " + base64.b64encode(b"me:open sesame"), head)
        one.sendall(b"HTTP/1.1 200 Fine\r\n\r\n")
        self.assertEqual(daemon.wait("open")["remote"], "[2001:db8::1]:7")

    def test_telex_with_the_password_of_the_environment(self):
        client = self.telex(f"far.example:7?{self.via(user='me@')}", env={"TELEX_VIA_AUTH": "pass"})
        client.line("hello")
        one = self.accept(self.proxy)
        self.expect(one, b"\5\2\0\2")
        one.sendall(b"\5\2")
        self.expect(one, b"\1\2me\4pass")
        one.sendall(b"\1\0")
        self.expect(one, b"\5\1\0\3\x0bfar.example\0\x07")
        one.sendall(YES + b"welcome\n")
        client.wait_output("welcome\n")
        self.expect(one, "hello\n")
        one.close()
        client.close_stdin()
        client.wait_end()

    def test_a_call_is_made_again_through_the_proxy(self):
        self.daemon(f"--call=tcp://far.example:7?again=1&{self.via('http')}")
        for _ in range(2):
            one = self.accept(self.proxy)
            self.assertIn(b"CONNECT far.example:7 ", self.head(one))
            one.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            one.close()


class RefusalTest(ViaCase):
    def answer(self, protocol, answers, **fields):
        """What the close event says when the proxy answers so."""
        daemon = self.daemon(f"--call=tcp://far.example:7?{self.via(protocol)}")
        one = self.accept(self.proxy)
        one.sendall(answers)
        close = daemon.wait("close", reason="error")
        self.assertEqual(daemon.seen("open"), [])
        return close["error"]

    def test_the_close_event_says_why(self):
        self.assertEqual(self.answer("socks5", b"\5\0\5\4"), "the proxy refused: host unreachable")
        self.assertEqual(self.answer("socks5", b"\5\xff"), "the proxy wants a user name and password")
        self.assertEqual(self.answer("http", b"HTTP/1.1 503 Not \x1b[7m now\r\n\r\n"),
                         "the proxy refused: HTTP 503 Not \\x1b[7m now")

    def test_telex_says_it_in_one_line(self):
        client = self.telex(f"far.example:7?{self.via('http')}")
        one = self.accept(self.proxy)
        self.head(one)
        one.sendall(b"HTTP/1.1 407 Sign In\r\nContent-Length: 0\r\n\r\n")
        client.wait_end(1)
        self.assertEqual(client.stderr.copy().decode(),
                         f"telex: cannot connect to tcp://far.example:7?{self.via('http')}: "
                         "the proxy wants a user name and password: HTTP 407 Sign In\n")

    def test_a_proxy_that_is_not_there(self):
        self.proxy.close()
        self.refuse_telex([f"far.example:7?{self.via()}"], 1,
                          "cannot reach the proxy: Connection refused")

    def test_a_proxy_that_says_nothing(self):
        self.refuse_telex(["--connect-timeout", "0.3", f"far.example:7?{self.via()}"], 1,
                          "the proxy has not answered in time")

    def test_who_has_no_password_learns_where_it_is_looked_for(self):
        self.refuse_telex([f"far.example:7?{self.via(user='me@')}"], 1, "no password for me",
                          "via-auth=FILE", "TELEX_VIA_AUTH", env={"TELEX_VIA_AUTH": None})
        self.refuse_telex([f"far.example:7?{self.via(user='me@')}&via-auth=/none"], 1, "/none",
                          "No such file")
        empty = self.file("empty", "\n")
        self.refuse_telex([f"far.example:7?{self.via(user='me@')}&via-auth={empty}"], 1, "empty")
        self.refuse_telex([f"far.example:7?{self.via()}&via-auth={empty}"], 1, "USER@")

    def test_what_may_stand_there_is_named(self):
        for value in ("x", "socks4://h:1", "socks5://h", "socks5://:1", "http://@h:1", "http://h:0",
                      "http://h:1%3fa=b", "socks5://*:1"):
            self.refuse_telex([f"far.example:7?via={value}"], 2, "socks5://[USER@]HOST:PORT")
        text = self.refuse_telex(["far.example:7?via=http://me:pass@h:1"], 2, "via-auth=FILE")
        self.assertIn("TELEX_VIA_AUTH", text)
        self.refuse_daemon([f"tcp://127.0.0.1:0?{self.via()}"], 2, "'via'")
        self.refuse_telex([f"udp://127.0.0.1:7?{self.via()}"], 2, "'via'")

    def test_names_longer_than_a_proxy_takes(self):
        self.refuse_telex([f"{'a' * 256}:7?{self.via()}"], 1, "255 bytes")


class RealProxyTest(ViaCase):
    """ncat's."""

    def ncat(self, *options):
        if not shutil.which("ncat"):
            self.skipTest("ncat is not installed")
        self.port = self.free_port()
        proxy = subprocess.Popen(["ncat", "-l", "127.0.0.1", str(self.port), "--proxy-type", "http",
                                  "-v", *options], stderr=subprocess.PIPE)
        self.addCleanup(proxy.stderr.close)
        self.addCleanup(proxy.wait, DEADLINE)
        self.addCleanup(proxy.kill)
        for line in proxy.stderr:
            if b"Listening" in line:
                return

    def test_through_it_and_back(self):
        self.ncat("--proxy-auth", "me:pass")
        far = self.listener()
        client = self.telex(f"127.0.0.1:{far.getsockname()[1]}?{self.via('http', 'me@')}",
                            env={"TELEX_VIA_AUTH": "pass"})
        one = self.accept(far)
        client.line("ping")
        self.expect(one, "ping\n")
        one.sendall(b"pong\n")
        client.wait_output("pong\n")
        client.close_stdin()
        one.shutdown(socket.SHUT_WR)
        client.wait_end()

    def test_a_wrong_password(self):
        self.ncat("--proxy-auth", "me:pass")
        self.refuse_telex([f"127.0.0.1:9?{self.via('http', 'me@')}"], 1,
                          "does not accept this user name and password: HTTP 407",
                          env={"TELEX_VIA_AUTH": "wrong"})


if __name__ == "__main__":
    main()
