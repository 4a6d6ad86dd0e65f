# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines under TLS: with Python's ssl at the other end, with each end ours, and with the
programs that people use."""

import os
import shutil
import socket
import ssl
import subprocess
import threading

from telex_test import DEADLINE, Program, TestCase, main

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = ((V12, "TLSv1.2"), (V13, "TLSv1.3"))
CUT_OFF = "cut off: data may be missing"
SIZE = 16 << 20


class Far:
    """The other end, whose TLS and whose TCP end by themselves: SSLSocket cannot half-close."""

    def __init__(self, one, context, **keywords):
        self.one = one
        self.come, self.goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.come, self.goes, **keywords)
        self.do(self.tls.do_handshake)

    def flush(self):
        if self.goes.pending:
            self.one.sendall(self.goes.read())

    def do(self, what, *args):
        """what, with as much from the wire as it wants; an alert of ours is sent, too."""
        while True:
            try:
                return what(*args)
            except ssl.SSLWantReadError:
                self.flush()
                data = self.one.recv(1 << 16)
                self.come.write(data) if data else self.come.write_eof()
            finally:
                self.flush()

    def say(self, text):
        self.do(self.tls.write, text)

    def hear(self, size):
        data = b""
        while len(data) < size:
            data += self.do(self.tls.read, size - len(data))
        return data

    def end(self):
        """Our side, by close_notify."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def heard_end(self):
        """The far side has ended by close_notify."""
        try:
            return self.do(self.tls.read, 1) == b""
        except ssl.SSLZeroReturnError:
            return True


def trusting(version=V13):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    return context


class TlsTest(TestCase):
    def tls_daemon(self, keys="reply=echo", *args):
        return self.daemon(*args, f"tls://127.0.0.1:0?{keys}")

    def far(self, daemon, version=V13):
        return Far(self.tcp(daemon.port), trusting(version))

    def certificate(self):
        """Files with a certificate for localhost, which no one has signed, and its key."""
        cert, key = self.path("cert.pem"), self.path("key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", key, "-out", cert], check=True, capture_output=True)
        return cert, key

    def serving(self, version=V13):
        """A listening socket, a context for it, and how telex comes to trust it."""
        cert, key = self.certificate()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        context.minimum_version = context.maximum_version = version
        one = self.listener()
        return one, context, f"tls://localhost:{one.getsockname()[1]}?ca={cert}"


class ListenTest(TlsTest):
    def test_both_versions(self):
        daemon = self.tls_daemon()
        for version, name in VERSIONS:
            far = self.far(daemon, version)
            opened = daemon.wait("open")
            self.assertEqual((opened["transport"], opened["tls"]["version"]), ("tls", name))
            far.say(b"hello\n")
            self.assertEqual(far.hear(6), b"hello\n")

    def test_each_side_ends_by_itself(self):
        daemon = self.tls_daemon("half-close=60")
        for version, _ in VERSIONS:
            far = self.far(daemon, version)
            number = daemon.open()
            far.say(b"the last\n")
            far.end()
            daemon.wait("half-close", peer=number)
            self.assertEqual(daemon.data(number), b"the last\n")
            daemon.command(f"@{number} and an answer")
            self.assertEqual(far.hear(14), b"and an answer\n")
            daemon.command(f"/close {number}")
            self.assertTrue(far.heard_end())
            closed = daemon.wait("close", peer=number)
            self.assertNotIn("error", closed)

    def test_half_a_message_comes_before_the_end(self):
        daemon = self.tls_daemon("framing=line&half-close=0")
        for version, _ in VERSIONS:
            far = self.far(daemon, version)
            number = daemon.open()
            far.say(b"no newline")
            far.end()
            daemon.wait("message", peer=number, text="no newline", partial=True)
            self.assertTrue(far.heard_end())
            self.assertEqual(daemon.wait("close", peer=number)["reason"], "eof")

    def test_who_is_cut_off_is_told_so(self):
        daemon = self.tls_daemon("reply=none")
        for version, _ in VERSIONS:
            far = self.far(daemon, version)
            number = daemon.open()
            far.say(b"and then")
            far.one.shutdown(socket.SHUT_WR)
            closed = daemon.wait("close", peer=number)
            self.assertEqual((closed["reason"], closed["error"]), ("error", CUT_OFF))
            self.assertEqual(daemon.data(number), b"and then")

    def test_our_end_is_no_error(self):
        daemon = self.tls_daemon("reply=none")
        for version, _ in VERSIONS:
            far = self.far(daemon, version)
            number = daemon.open()
            daemon.command(f"/close {number}")
            self.assertTrue(far.heard_end())
            far.one.close()
            self.assertEqual(daemon.wait("close", peer=number)["reason"], "operator")

    def test_who_is_refused_is_told_why(self):
        daemon = self.tls_daemon(f"ca={self.certificate()[0]}")
        for version, _ in VERSIONS * 10:
            with self.assertRaisesRegex(ssl.SSLError, "(?i)alert"):
                far = self.far(daemon, version)
                far.hear(1)  # a client of 1.3 is done before it is asked
        refused = daemon.wait("refused", why="handshake")
        self.assertEqual((refused["error"], refused["listener"]),
                         ("the client shows no certificate", 1))
        self.assertEqual(daemon.seen("open"), [])
        figures = daemon.command("/stats")["stats"]
        self.assertEqual(figures["refused_handshake"], 20)
        self.assertLess(len(daemon.seen("refused")), 20)

    def test_who_does_not_trust_says_so(self):
        daemon = self.tls_daemon()
        with self.assertRaises(ssl.SSLCertVerificationError):
            Far(self.tcp(daemon.port), ssl.create_default_context(), server_hostname="localhost")
        self.assertIn("certificate", daemon.wait("refused", why="handshake")["error"])

    def test_who_speaks_no_tls_is_refused(self):
        daemon = self.tls_daemon("handshake=0.2")
        one, silent = self.tcp(daemon.port), self.tcp(daemon.port)
        one.sendall(b"GET / HTTP/1.1\r\n\r\n")
        self.expect(one, b"\x15\x03\x01\x00\x02\x02\x0a")  # unexpected_message
        self.expect_end(one)
        self.assertEqual(daemon.wait("refused", why="handshake")["error"],
                         "the far end speaks HTTP, not TLS (it said: GET / HTTP/1.1)")
        self.expect_end(silent)
        self.assertIn("in time", daemon.wait("refused", why="handshake")["error"])
        self.assertEqual(daemon.command("/peers")["peers"], [])

    def test_plain_lines_beside(self):
        daemon = self.tls_daemon("reply=echo&plain=yes")
        plain, far = self.tcp(daemon.port), self.far(daemon)
        plain.sendall(b"hello")
        self.expect(plain, b"hello")
        far.say(b"hello")
        self.assertEqual(far.hear(5), b"hello")
        opened = daemon.wait_count(2, "open")
        self.assertEqual([(event["transport"], "tls" in event) for event in opened],
                         [("tls", True), ("tcp", False)])
        stats = daemon.command("/stats")["stats"]
        self.assertEqual([stats[f"{scheme}_peers"] for scheme in ("tcp", "tls")], [1, 1])
        plain.close()
        daemon.wait("close")
        stats = daemon.command("/stats")["stats"]
        self.assertEqual([stats[f"{scheme}_peers"] for scheme in ("tcp", "tls")], [0, 1])

    def test_behind_a_proxy(self):
        daemon = self.tls_daemon("reply=echo&proxy=yes", "--deny", "192.0.2.66")
        one = self.tcp(daemon.port)
        one.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n")
        far = Far(one, trusting())
        self.assertEqual(daemon.wait("open")["remote"], "192.0.2.1:56324")
        far.say(b"hello")
        self.assertEqual(far.hear(5), b"hello")
        denied = self.tcp(daemon.port)
        denied.sendall(b"PROXY TCP4 192.0.2.66 192.0.2.2 56324 443\r\n")
        self.assertEqual(daemon.wait("refused", why="access")["remote"], "192.0.2.66:56324")

    def test_a_handshake_counts_as_a_peer(self):
        daemon = self.tls_daemon("reply=echo", "--max-peers", 1)
        silent = self.tcp(daemon.port)
        turned_away = self.tcp(daemon.port)
        self.assertEqual(daemon.wait("refused")["why"], "limit")
        turned_away.close()
        silent.close()
        daemon.wait("refused", why="handshake")
        far = self.far(daemon)
        far.say(b"hello")
        self.assertEqual(far.hear(5), b"hello")

    def test_what_they_take_is_bounded(self):
        """Many who hold nothing: newcomers are not let in, and nobody has to go."""
        daemon = self.tls_daemon("reply=echo", "--max-memory=1M")
        fars = [self.far(daemon)]
        while self.memory(daemon) < (1 << 20) - (46 << 10):  # room for one more handshake
            fars.append(self.far(daemon))
        self.assertLess(len(fars), 80)
        hello = ssl.MemoryBIO()
        one = trusting().wrap_bio(ssl.MemoryBIO(), hello)
        with self.assertRaises(ssl.SSLWantReadError):
            one.do_handshake()
        self.tcp(daemon.port).sendall(hello.read())
        daemon.wait_diagnostic("cannot accept more connections: memory is short")
        daemon.wait("refused", why="limit")
        self.assertLess(self.memory(daemon), 1 << 20)
        fars[0].say(b"hello")
        self.assertEqual(fars[0].hear(5), b"hello")
        self.assertEqual(daemon.seen("close"), [])

    def memory(self, daemon):
        return daemon.command("/stats")["stats"]["memory"]

    def test_many_at_a_time(self):
        daemon = self.tls_daemon()
        ones = [self.tcp(daemon.port) for _ in range(100)]
        context = trusting()
        fars = [Far(one, context) for one in ones]
        for number, far in enumerate(fars):
            far.say(b"%d" % number)
        for number, far in enumerate(fars):
            self.assertEqual(far.hear(len(str(number))), b"%d" % number)
        self.assertEqual(daemon.command("/stats")["stats"]["tls_peers"], 100)

    def test_nothing_is_lost_both_ways(self):
        daemon = self.tls_daemon("reply=echo&view=none", "--history", 0)
        far = self.far(daemon)
        sent, got = os.urandom(SIZE), bytearray()
        lock = threading.Lock()  # an SSLObject is one thread's at a time

        def read():
            while len(got) < SIZE:
                data = far.one.recv(1 << 18)
                with lock:
                    far.come.write(data)
                    while True:
                        try:
                            got.extend(far.tls.read(1 << 16))
                        except ssl.SSLWantReadError:
                            break

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        for at in range(0, SIZE, 1 << 17):
            with lock:
                far.tls.write(sent[at:at + (1 << 17)])
                data = far.goes.read()
            far.one.sendall(data)
        reader.join(DEADLINE)
        self.assertEqual(len(got), SIZE)
        self.assertTrue(got == sent, "what came back differs")


class CallTest(TlsTest):
    def test_telex_is_sure_who_answers(self):
        for version, _ in VERSIONS:
            one, context, endpoint = self.serving(version)
            client = self.telex(endpoint)
            client.write(b"ping")
            client.close_stdin()
            far = Far(self.accept(one), context, server_side=True)
            self.assertEqual(far.hear(4), b"ping")
            self.assertTrue(far.heard_end())
            far.say(b"pong")  # and the other direction lives on
            far.end()
            client.wait_end(0)
            self.assertEqual(client.stdout.copy(), b"pong")

    def test_a_line_that_is_cut_off(self):
        one, context, endpoint = self.serving()
        client = self.telex(endpoint)
        far = Far(self.accept(one), context, server_side=True)
        far.say(b"half of it")
        far.one.close()
        client.wait_end(1)
        self.assertEqual(client.stdout.copy(), b"half of it")
        self.assertIn(CUT_OFF, client.stderr.copy().decode())

    def test_who_is_not_trusted_hears_an_alert(self):
        one, context, endpoint = self.serving()
        client = self.telex(endpoint.partition("?")[0])
        with self.assertRaisesRegex(ssl.SSLError, "(?i)alert unknown ca"):
            Far(self.accept(one), context, server_side=True)
        client.wait_end(1)
        self.assertIn("signed by nobody we trust", client.stderr.copy().decode())

    def test_who_speaks_no_tls_is_told_of(self):
        one = self.listener()
        client = self.telex(f"tls://127.0.0.1:{one.getsockname()[1]}")
        peer = self.accept(one)
        peer.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
        client.wait_end(1)
        self.assertIn("speaks no TLS (it said: SSH-2.0-OpenSSH_9.2)",
                      client.stderr.copy().decode())

    def test_a_port_that_speaks_something_else(self):
        far = self.daemon("tcp://127.0.0.1:0?reply=echo", "ws://127.0.0.1:0")
        for port, words in zip(far.ports, ("it says again what we say", "speaks HTTP, not TLS")):
            self.refuse_telex([f"tls://127.0.0.1:{port}"], 1, words)

    def test_who_says_nothing_is_given_up(self):
        one = self.listener()
        endpoint = f"tls://127.0.0.1:{one.getsockname()[1]}"
        self.refuse_telex(["--connect-timeout", "0.2", endpoint], 1, "handshake", "in time")

    def test_nothing_is_lost_between_two_of_ours(self):
        daemon = self.tls_daemon("reply=echo&view=none", "--history", 0)
        pin = daemon.listening[0]["fingerprint"]
        data = os.urandom(SIZE)
        got = self.run_telex(f"tls://127.0.0.1:{daemon.port}?pin={pin}", data=data)
        self.assertTrue(got == data, f"{len(got)} bytes came back, or others")


class RealTest(TlsTest):
    """What people have at the other end."""

    def need(self, command):
        if not shutil.which(command):
            self.skipTest(f"{command} is not installed")

    def check_client(self, *command):
        daemon = self.tls_daemon("reply=none")
        run = Program(self, [word.replace("PORT", str(daemon.port)) for word in command])
        number = daemon.open()
        run.write(b"from the client\n")
        daemon.wait_data(number, b"from the client\n")
        daemon.command(f"@{number} from the operator")
        run.wait_output(b"from the operator\n")
        daemon.command(f"/close {number}")
        self.assertEqual(daemon.wait("close", peer=number)["reason"], "operator")
        run.stop(status=None)

    def test_openssl_s_client(self):
        for version in ("-tls1_2", "-tls1_3"):
            self.check_client("openssl", "s_client", "-quiet", version, "-connect",
                              "127.0.0.1:PORT")

    def test_gnutls_cli(self):
        self.need("gnutls-cli")
        self.check_client("gnutls-cli", "--insecure", "--port=PORT", "127.0.0.1")

    def test_ncat(self):
        self.check_client("ncat", "--ssl", "127.0.0.1", "PORT")

    def test_socat(self):
        self.check_client("socat", "-", "OPENSSL:127.0.0.1:PORT,verify=0")

    def check_server(self, *command):
        """One that says everything again, or in reverse."""
        cert, key = self.certificate()
        port = self.free_port()
        words = {"PORT": str(port), "CERT": cert, "KEY": key}
        run = Program(self, [words.get(word, word) for word in command])
        client = self.telex_json("--reconnect", f"tls://localhost:{port}?ca={cert}")
        client.wait("open")
        client.command("hello")
        client.wait("message", text=lambda text: "hello" in text or "olleh" in text)
        run.stop(status=None)

    def test_openssl_s_server(self):
        self.check_server("openssl", "s_server", "-rev", "-accept", "PORT", "-cert", "CERT",
                          "-key", "KEY")

    def test_gnutls_serv(self):
        self.need("gnutls-serv")
        self.check_server("gnutls-serv", "--echo", "--port", "PORT", "--x509certfile", "CERT",
                          "--x509keyfile", "KEY")

    def test_curl(self):
        cert, key = self.certificate()
        daemon = self.tls_daemon(f"cert={cert}&key={key}&alpn=http/1.1")
        curl = Program(self, ["curl", "-sS", "--http1.1", "--cacert", cert,
                              f"https://localhost:{daemon.port}/boiler"])
        number = daemon.open(tls=lambda tls: tls["alpn"] == "http/1.1")
        daemon.wait("message", text=lambda text: text.startswith("GET /boiler HTTP/1.1\r\n"))
        daemon.command(f'/bytes {number} "HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\n78 C"')
        curl.wait_end(0)
        self.assertEqual(curl.stdout.copy(), b"78 C")

    def test_node(self):
        self.need("node")
        self.check_client("node", "-e", "const one = require('tls').connect({port: PORT, "
                          "rejectUnauthorized: false}, () => { process.stdin.pipe(one); "
                          "one.pipe(process.stdout); });")


if __name__ == "__main__":
    main()
