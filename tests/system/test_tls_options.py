# SPDX-License-Identifier: GPL-3.0-or-later
"""What TLS is told by keys, options and files, and what telexd and telex tell of it."""

import hashlib
import os
import shutil
import signal
import ssl
import tempfile

from certificates import Certificates
from telex_test import TestCase, main, wait_text_ports

PSK = "00112233445566778899aabbccddeeff"
CLOSED = "the certificate is signed by nobody we trust"


def setUpModule():
    """Certificates that no test changes."""
    global SHARED
    directory = tempfile.mkdtemp(prefix="telex")
    SHARED = Certificates(directory)
    SHARED.make("ca")
    SHARED.make("server", "DNS:localhost", "IP:127.0.0.1", issuer="ca")
    SHARED.make("other", "DNS:other.example", issuer="ca")
    SHARED.make("boiler", issuer="ca")
    SHARED.make("stranger")


def tearDownModule():
    shutil.rmtree(SHARED.directory)


class TlsCase(TestCase):
    def own(self, name="server", **keys):
        """The keys of an endpoint."""
        keys = {"cert": SHARED.path(f"{name}.pem"), "key": SHARED.path(f"{name}.key"), **keys}
        return "&".join(f"{key}={value}" for key, value in keys.items())

    def listen(self, keys="", *args, **keywords):
        return self.daemon(f"tls://127.0.0.1:0?{keys}" if keys else "tls://127.0.0.1:0", *args,
                           **keywords)

    def shown(self, name):
        """The options of who shows a certificate."""
        return "--cert", SHARED.path(f"{name}.pem"), "--key", SHARED.path(f"{name}.key")

    def call(self, port, *options, host="localhost", **keywords):
        """telex says hello, and prints the answer."""
        return self.run_telex(*options, f"tls://{host}:{port}", data=b"hello", **keywords)

    def check_call_fails(self, port, *parts, options=(), host="localhost"):
        return self.refuse_telex([*options, f"tls://{host}:{port}"], 1, *parts)

    def context(self, name=None):
        """Of a client in Python."""
        context = ssl.create_default_context(cafile=SHARED.path("ca.pem"))
        if name:
            context.load_cert_chain(SHARED.path(f"{name}.pem"), SHARED.path(f"{name}.key"))
        return context

    def connect(self, daemon, context, session=None):
        line = context.wrap_socket(self.tcp(daemon.port), server_hostname="localhost",
                                   session=session)
        self.addCleanup(line.close)
        return line


class CallTest(TlsCase):
    """Whom telex takes, and whom not."""

    def test_a_certificate_made_at_start_is_pinned(self):
        daemon = self.listen("reply=echo")
        pin = daemon.listening[0]["fingerprint"]
        text = self.check_call_fails(daemon.port, CLOSED + " (self-signed)", "--ca FILE",
                                     f"--pin {pin}", "--insecure")
        self.assertIn(f"telex: cannot connect to tls://localhost:{daemon.port}: ", text)
        refused = daemon.wait("refused", why="handshake")
        self.assertEqual(refused["error"], "the far end refused our certificate: unknown CA")
        for options in (["--pin", pin], ["--insecure"],
                        ["--pin", "sha256:" + pin.partition(":")[2].upper()]):
            self.assertEqual(self.call(daemon.port, *options), b"hello")
        self.check_call_fails(daemon.port, "is not the one that is pinned: it has " + pin,
                              options=["--pin", "sha256:" + "0" * 64])

    def test_the_host_has_to_be_its(self):
        daemon = self.listen(self.own(reply="echo"))
        ca = ["--ca", SHARED.path("ca.pem")]
        self.assertEqual(self.call(daemon.port, *ca), b"hello")
        self.assertEqual(self.call(daemon.port, *ca, host="127.0.0.1"), b"hello")
        self.check_call_fails(daemon.port, "is for localhost, 127.0.0.1, not for db.example",
                              options=[*ca, "--server-name", "db.example"])
        daemon = self.listen(self.own("other", reply="echo"))
        self.check_call_fails(daemon.port, "the certificate is for other.example, not for localhost",
                              options=ca)
        self.assertEqual(self.call(daemon.port, *ca, "--server-name", "other.example"), b"hello")

    def test_whom_the_environment_trusts(self):
        daemon = self.listen(self.own(reply="echo"))
        trust = {**os.environ, "SSL_CERT_FILE": SHARED.path("ca.pem")}
        self.assertEqual(self.call(daemon.port, env=trust), b"hello")
        self.check_call_fails(daemon.port, CLOSED + ": --ca FILE")

    def test_keys_do_what_options_do(self):
        daemon = self.listen(self.own(reply="echo"))
        for keys in (f"ca={SHARED.path('ca.pem')}", "verify=no", f"pin={SHARED.fingerprint('server')}"):
            self.assertEqual(self.run_telex(f"tls://localhost:{daemon.port}?{keys}", data=b"hello"),
                             b"hello", keys)

    def test_who_speaks_no_tls_is_quoted(self):
        one = self.listener()
        client = self.telex(f"tls://127.0.0.1:{one.getsockname()[1]}")
        peer = self.accept(one)
        peer.sendall(b"SSH-2.0-\x1b[2J\r\n")
        client.wait_diagnostic("the far end speaks no TLS (it said: SSH-2.0-\\x1b[2J)\n")
        client.wait_end(1)

    def test_options_without_a_lock_are_refused(self):
        for option in (["--insecure"], ["--ca", "x"], ["--alpn", "h2"]):
            self.refuse_telex([*option, "localhost", 9], 2, option[0], "is for TLS")

    def test_files_that_are_not_there(self):
        self.refuse_telex(["--ca", "/none.pem", "tls://127.0.0.1:9"], 1,
                          "cannot read /none.pem: No such file or directory")


class ListenTest(TlsCase):
    """Whom telexd takes, and what it tells of them."""

    def test_clients_show_certificates(self):
        daemon = self.listen(self.own(ca=SHARED.path("ca.pem"), named="yes", reply="echo"))
        ca = ["--ca", SHARED.path("ca.pem")]
        self.check_call_fails(daemon.port, "the far end wants a client certificate", options=ca)
        self.assertEqual(daemon.wait("refused", why="handshake")["error"],
                         "the client shows no certificate")
        self.check_call_fails(daemon.port, "the far end refused our certificate: unknown CA",
                              options=[*ca, *self.shown("stranger")])
        self.assertEqual(self.call(daemon.port, *ca, *self.shown("boiler")), b"hello")
        told = daemon.wait("open")["tls"]
        self.assertEqual(told["subject"], "CN=boiler")
        self.assertEqual(told["fingerprint"], SHARED.fingerprint("boiler"))
        self.assertEqual((told["version"], told["server_name"]), ("TLSv1.3", "localhost"))
        daemon.wait("name", name="boiler")

    def test_a_device_that_comes_back_takes_its_name(self):
        daemon = self.listen(self.own(ca=SHARED.path("ca.pem"), named="yes"))
        first = self.connect(daemon, self.context("boiler"))
        daemon.wait("name", peer=1, name="boiler")
        self.connect(daemon, self.context("boiler"))
        daemon.wait("name", peer=1, name=None)
        daemon.wait("name", peer=2, name="boiler")
        first.close()

    def test_info_and_peers_tell_it(self):
        daemon = self.listen(self.own(alpn="b,a"))
        context = self.context()
        context.set_alpn_protocols(["a", "b"])
        self.connect(daemon, context)
        told = daemon.wait("open")["tls"]
        self.assertEqual(told["alpn"], "b")
        self.assertNotIn("subject", told)
        self.assertEqual(daemon.command("/info 1")["peer"]["tls"], told)
        self.assertEqual(daemon.command("/peers")["peers"][0]["tls"], told)
        self.assertEqual(daemon.command("/listeners")["listeners"][0]["fingerprint"],
                         SHARED.fingerprint("server"))

    def test_a_person_is_told(self):
        daemon = self.text_daemon("tls://127.0.0.1:0?" + self.own())
        port, = wait_text_ports(daemon, 1)
        daemon.wait_output(f", certificate {SHARED.fingerprint('server')}\n")
        context = self.context()
        context.wrap_socket(self.tcp(port), server_hostname="localhost").close()
        daemon.wait_output(" on listener 1, TLSv1.3\n")

    def test_keys_that_both_know(self):
        keys = self.file("psk", f"# the works\nboiler {PSK}\n")
        daemon = self.listen(f"psk={keys}&reply=echo")
        self.assertNotIn("fingerprint", daemon.listening[0])
        self.assertEqual(self.call(daemon.port, "--psk", keys), b"hello")
        self.assertEqual(daemon.wait("open")["tls"]["psk_identity"], "boiler")
        stranger = self.file("stranger", f"kettle {PSK}\n")
        self.check_call_fails(daemon.port, "the far end does not know our PSK identity",
                              options=["--psk", stranger])
        self.assertEqual(daemon.wait("refused")["error"],
                         "nobody is known by the PSK identity 'kettle'")

    def test_protocols_in_common(self):
        daemon = self.listen(self.own(alpn="mqtt"))
        self.check_call_fails(daemon.port, "no protocol in common (ALPN)",
                              options=["--ca", SHARED.path("ca.pem"), "--alpn", "h2"])
        daemon.wait("refused", error="no protocol in common (ALPN)")

    def test_versions(self):
        daemon = self.listen(self.own(min="1.3"))
        context = self.context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.assertRaises(ssl.SSLError):
            self.connect(daemon, context)
        daemon.wait("refused", error="no version of TLS in common")

    def test_secrets_are_logged_where_it_is_wanted(self):
        log = self.path("keys")
        wanted = {**os.environ, "SSLKEYLOGFILE": log}
        daemon = self.listen("reply=echo", env=wanted)
        self.call(daemon.port, "--insecure")
        daemon.wait("close")
        with open(log, encoding="ascii") as file:
            self.assertIn("CLIENT_TRAFFIC_SECRET_0 ", file.read())
        self.assertEqual(os.stat(log).st_mode & 0o777, 0o600)


class FileTest(TlsCase):
    """Files that cannot be used, and that change."""

    def refuse(self, keys, *parts):
        self.refuse_daemon([f"tls://127.0.0.1:0?{keys}"], 1, *parts)
        self.refuse_daemon(["--check", f"tls://127.0.0.1:0?{keys}"], 1, *parts)

    def test_at_start(self):
        self.refuse("cert=/none.pem", "cannot read /none.pem: No such file or directory")
        self.refuse(f"cert={SHARED.path('server.pem')}&key={SHARED.path('ca.key')}",
                    "ca.key does not belong to the certificate in ", "server.pem")
        self.refuse(f"cert={self.file('text', 'x')}", "there is no certificate in PEM form in ")
        self.refuse("verify=require", "verify= needs ca=FILE")
        self.refuse_daemon(["--cert", "/none.pem", "tls://127.0.0.1:0"], 1, "/none.pem")
        self.refuse_daemon(["tcp://127.0.0.1:0", "--call", "tls://127.0.0.1:9?ca=/none.pem"], 1,
                           "/none.pem")

    def test_a_key_under_a_passphrase(self):
        locked = self.path("locked.key")
        SHARED.openssl("pkey", "-in", SHARED.path("server.key"), "-aes256", "-passout", "pass:x",
                       "-out", locked)
        self.refuse(f"cert={SHARED.path('server.pem')}&key={locked}",
                    "is encrypted, and nobody is asked for its passphrase")

    def configured(self, *lines):
        """A daemon whose files are our own, and may change."""
        for file in ("server.pem", "server.key"):
            shutil.copy(SHARED.path(file), self.path(file))
        config = self.file("telexd.conf", "\n".join([
            f"cert {self.path('server.pem')}", f"key {self.path('server.key')}",
            "listen tls://127.0.0.1:0?reply=echo", *lines, ""]))
        return self.daemon("--config", config, count=1)

    def reload(self, daemon, said):
        daemon.signal(signal.SIGHUP)
        daemon.wait_diagnostic(said)

    def test_a_certificate_is_read_again(self):
        daemon = self.configured()
        context = self.context()
        line = self.connect(daemon, context)
        line.sendall(b"x")
        self.expect(line, b"x")  # and with it the tickets
        session = line.session
        for file in ("pem", "key"):
            shutil.copy(SHARED.path(f"other.{file}"), self.path(f"server.{file}"))
        self.reload(daemon, "read again\n")
        told = daemon.wait("listening", fingerprint=SHARED.fingerprint("other"))
        self.assertEqual(told["listener"], 1)
        line.sendall(b"still here")
        self.expect(line, b"still here")
        again = self.connect(daemon, context, session=session)
        self.assertTrue(again.session_reused)
        self.assertTrue(daemon.wait("open", peer=2)["tls"]["resumed"])
        fresh = ssl.create_default_context()
        fresh.check_hostname, fresh.verify_mode = False, ssl.CERT_NONE
        shown = hashlib.sha256(self.connect(daemon, fresh).getpeercert(True)).hexdigest()
        self.assertEqual("sha256:" + shown, SHARED.fingerprint("other"))

    def test_a_bad_key_changes_nothing(self):
        daemon = self.configured()
        shutil.copy(SHARED.path("other.key"), self.path("server.key"))
        self.reload(daemon, "does not belong to the certificate")
        daemon.wait_diagnostic("; nothing has changed\n")
        line = self.connect(daemon, self.context())
        line.sendall(b"x")
        self.expect(line, b"x")

    def test_a_certificate_made_at_start_stays(self):
        config = self.file("telexd.conf", "listen tls://127.0.0.1:0\n")
        daemon = self.daemon("--config", config, count=1)
        self.reload(daemon, "read again\n")
        self.assertEqual(daemon.command("/listeners")["listeners"][0]["fingerprint"],
                         daemon.listening[0]["fingerprint"])
        self.assertEqual(len(daemon.seen("listening")), 1)

    def test_an_operators_listener_follows_too(self):
        daemon = self.configured()
        daemon.command(f"/listen tls://127.0.0.1:0?cert={self.path('server.pem')}"
                       f"&key={self.path('server.key')}")
        for file in ("pem", "key"):
            shutil.copy(SHARED.path(f"other.{file}"), self.path(f"server.{file}"))
        self.reload(daemon, "read again\n")
        self.assertEqual([one["fingerprint"] for one in daemon.command("/listeners")["listeners"]],
                         [SHARED.fingerprint("other")] * 2)

    def test_who_is_revoked_is_refused(self):
        for file in ("ca.pem", "ca.key"):
            shutil.copy(SHARED.path(file), self.path(file))
        daemon = self.configured(f"ca {self.path('ca.pem')}")
        context = self.context("boiler")
        line = self.connect(daemon, context)
        line.sendall(b"x")
        self.expect(line, b"x")
        session = line.session
        self.revoke("boiler")
        self.reload(daemon, "read again\n")
        again = self.connect(daemon, context, session=session)
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            again.recv(1)
        daemon.wait("refused", error="the client's certificate has been revoked")

    def revoke(self, name):
        """A CRL goes to the end of our ca.pem."""
        config = self.file("ca.conf", "[ca]\ndefault_ca=one\n[one]\n"
                           f"database={self.file('index', '')}\ndefault_md=sha256\n"
                           "default_crl_days=1\n")
        ca = ["ca", "-config", config, "-cert", self.path("ca.pem"), "-keyfile", self.path("ca.key")]
        SHARED.openssl(*ca, "-revoke", SHARED.path(f"{name}.pem"))
        crl = SHARED.openssl(*ca, "-gencrl")
        with open(self.path("ca.pem"), "ab") as file:
            file.write(crl)


if __name__ == "__main__":
    main()
