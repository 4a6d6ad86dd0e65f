# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines under DTLS: with openssl and gnutls at the other end, and with each end ours, over a
wire that loses, repeats and forges."""

import select
import shutil
import signal
import socket
import threading

from certificates import Certificates
from telex_test import Program, Terminal, TestCase, main, program

KEY = "1a2b3c4d5e6f70819202122232425262"

HELLO, HELLO_VERIFY = 1, 3


class Wire:
    """Carries datagrams between a far port and whoever has called last, from one port for all
    callers, but for those whose number is lost, of each way. Each goes so many times."""

    def __init__(self, case, port, lost=(), lost_back=(), times=1):
        self.near = case.make_socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.near.bind(("127.0.0.1", 0))
        self.far = case.make_socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.far.connect(("127.0.0.1", port))
        self.port, self.times = self.near.getsockname()[1], times
        self.lost, self.lost_back = lost, lost_back
        self.caller = None
        self.there, self.back = [], []
        threading.Thread(target=self.run, daemon=True).start()

    def carry(self, data, way, lost, send):
        way.append(data)
        if len(way) not in lost:
            for _ in range(self.times):
                send(data)

    def run(self):
        try:
            while True:
                ready = select.select([self.near, self.far], [], [])[0]
                if self.near in ready:
                    data, self.caller = self.near.recvfrom(1 << 16)
                    self.carry(data, self.there, self.lost, self.far.send)
                if self.far in ready:
                    self.carry(self.far.recv(1 << 16), self.back, self.lost_back,
                               lambda data: self.near.sendto(data, self.caller))
        except (OSError, ValueError):
            pass  # the test is over


class DtlsTest(TestCase):
    def setUp(self):
        super().setUp()
        self.certificates = Certificates(self.directory)

    def dtls_daemon(self, keys="reply=echo", *args, **keywords):
        return self.daemon(*args, f"dtls://127.0.0.1:0?{keys}", **keywords)

    def psk(self):
        return self.file("psk", f"meter-1 {KEY}\n")

    def openssl(self, port, *args):
        return Program(self, ["openssl", "s_client", "-dtls1_2", "-quiet", *args, "-connect",
                              f"127.0.0.1:{port}"])

    def call(self, port, keys="verify=no", *args):
        return self.telex("--wait", "0.1", *args, f"dtls://127.0.0.1:{port}?{keys}")

    def far_end(self):
        one = self.make_socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        return one

    def check_echo(self, client, text=b"hello"):
        client.write(text + b"\n")
        client.wait_output(text)
        return client


class ListenTest(DtlsTest):
    def test_by_certificate(self):
        daemon = self.dtls_daemon()
        client = self.openssl(daemon.port, "-alpn", "coap")
        opened = daemon.wait("open")
        self.assertEqual((opened["transport"], opened["tls"]["version"]), ("dtls", "DTLSv1.2"))
        self.check_echo(client)
        daemon.command("/close 1")
        client.wait_end(0)

    def test_by_a_key_known_to_both(self):
        daemon = self.dtls_daemon(f"reply=echo&alpn=coap&psk={self.psk()}")
        client = self.openssl(daemon.port, "-alpn", "http,coap", "-psk", KEY, "-psk_identity", "meter-1")
        tls = daemon.wait("open")["tls"]
        self.assertEqual((tls["psk_identity"], tls["alpn"]), ("meter-1", "coap"))
        self.check_echo(client)

    def test_a_stranger_is_told_why(self):
        daemon = self.dtls_daemon(f"psk={self.psk()}")
        client = self.openssl(daemon.port, "-psk", KEY, "-psk_identity", "nobody")
        refused = daemon.wait("refused")
        self.assertEqual((refused["why"], refused["error"]),
                         ("handshake", "nobody is known by the PSK identity 'nobody'"))
        client.wait_diagnostic(b"alert")

    def test_client_certificates(self):
        for name, issuer in (("ca", None), ("boiler", "ca")):
            self.certificates.make(name, issuer=issuer)
        daemon = self.dtls_daemon(f"reply=echo&named=yes&ca={self.path('ca.pem')}")
        client = self.call(daemon.port, f"verify=no&cert={self.path('boiler.pem')}&key={self.path('boiler.key')}")
        self.check_echo(client)
        self.assertIn("CN=boiler", daemon.wait("open")["tls"]["subject"])
        self.assertEqual(daemon.wait("name")["name"], "boiler")
        self.refuse_telex([f"dtls://127.0.0.1:{daemon.port}?verify=no"], 1, "wants a client certificate")
        self.assertEqual(daemon.wait("refused")["error"], "the client shows no certificate")

    def test_a_reload(self):
        first, second = (self.certificates.make(name) for name in ("first", "second"))
        line = "listen dtls://127.0.0.1:{}?reply=echo&cert={}&key={}\n"
        config = self.file("conf", line.format(0, *first))
        daemon = self.daemon("--config", config, count=1)
        stays = self.check_echo(self.call(daemon.port, f"pin={self.certificates.fingerprint('first')}"))
        self.file("conf", line.format(0, *second))
        daemon.signal(signal.SIGHUP)
        daemon.wait_diagnostic("read again")
        pin = self.certificates.fingerprint("second")
        self.check_echo(self.call(daemon.port, f"pin={pin}"))
        self.check_echo(stays, b"still here")

    def test_flights_of_many_datagrams(self):
        """Neither end's certificate fits one; none is longer than a packet of Ethernet takes."""
        names = [f"DNS:host-{number}.example" for number in range(200)]
        cert, key = self.certificates.make("long", *names)
        daemon = self.dtls_daemon(f"reply=echo&cert={cert}&key={key}&ca={cert}")
        wire = Wire(self, daemon.port)
        self.check_echo(self.openssl(wire.port, "-mtu", "300", "-cert", cert, "-key", key))
        self.assertGreater(len(wire.back), 4)
        self.assertGreater(len(wire.there), 16)
        self.assertLessEqual(max(map(len, wire.back)), 1472)

    def test_who_leaves_in_the_middle_is_turned_away(self):
        daemon = self.dtls_daemon("handshake=0.3")
        wire = Wire(self, daemon.port, lost=range(3, 99))
        self.call(wire.port)
        refused = daemon.wait("refused")
        self.assertEqual((refused["why"], refused["error"]),
                         ("handshake", "the DTLS handshake was not finished in time"))

    def test_joined_to_another_far_end(self):
        far = self.far_end()
        daemon = self.daemon(f"dtls://127.0.0.1:0?to=udp://127.0.0.1:{far.getsockname()[1]}", count=1)
        client = self.call(daemon.port)
        client.write(b"ping\n")
        data, where = far.recvfrom(100)
        far.sendto(data + b" pong", where)
        client.wait_output(b"ping pong")


class HostileTest(DtlsTest):
    """A peer is there once its handshake is done, and nothing that is forged ends it."""

    def check_lives_on(self, daemon, client):
        self.check_echo(client, b"still here")
        self.assertEqual([peer["peer"] for peer in daemon.command("/peers")["peers"]], [1])
        self.assertEqual(daemon.seen("close"), [])

    def test_junk_is_no_peer(self):
        daemon = self.dtls_daemon("reply=echo&view=none")
        junk = self.udp(daemon.port)
        for size in range(300):
            junk.send(b"\x16\xfe\xfd" + bytes(10) + b"\x01" + bytes(size))
            junk.send(bytes(size))
        client = self.check_echo(self.call(daemon.port))
        self.check_lives_on(daemon, client)
        client.close_stdin()
        client.wait_end(0)
        self.assertEqual(daemon.wait("close")["reason"], "eof")

    def test_a_hello_gets_a_cookie_and_nothing_else(self):
        """Less than it has sent, whoever it is; and the cookie is good for its address alone."""
        daemon = self.dtls_daemon()
        wire = Wire(self, daemon.port)
        client = self.check_echo(self.call(wire.port))
        self.assertEqual(wire.back[0][13], HELLO_VERIFY)
        for hello in wire.there[:2]:
            self.assertEqual(hello[13], HELLO)
            other = self.udp(daemon.port)
            other.send(hello)
            answer = other.recv(1 << 16)
            self.assertEqual(answer[13], HELLO_VERIFY)
            self.assertLess(len(answer), len(hello))
        self.check_lives_on(daemon, client)

    def test_what_comes_twice_is_read_once(self):
        daemon = self.dtls_daemon()
        wire = Wire(self, daemon.port, times=3)
        client = self.check_echo(self.call(wire.port), b"first")
        for data in list(wire.there):
            wire.far.send(data)
        self.check_lives_on(daemon, client)
        daemon.wait_data(1, b"firststill here")

    def test_forgeries(self):
        daemon = self.dtls_daemon()
        wire = Wire(self, daemon.port)
        client = self.check_echo(self.call(wire.port))
        fatal, farewell = b"\x02\x28", b"\x01\x00"
        for epoch in range(3):
            for body in (fatal, farewell, b"\x01", bytes(60), b"\x14" + bytes(40)):
                for kind in (20, 21, 22, 23, 99):
                    wire.far.send(bytes([kind, 254, 253, 0, epoch]) + b"\0\0\0\0\1\0" +
                                  len(body).to_bytes(2, "big") + body)
        for data in wire.there:
            wire.far.send(data[:-1])
            wire.far.send(data[:-1] + bytes([data[-1] ^ 1]))
        self.check_lives_on(daemon, client)

    def test_who_begins_anew_takes_its_own_place(self):
        daemon = self.dtls_daemon()
        wire = Wire(self, daemon.port)
        crashed = self.check_echo(self.call(wire.port))
        crashed.signal(signal.SIGKILL)
        crashed.wait_end(-signal.SIGKILL)
        client = self.check_echo(self.call(wire.port), b"it is me")
        closed = daemon.wait("close")
        self.assertEqual((closed["peer"], closed["reason"]), (1, "reset"))
        self.assertEqual(daemon.wait("open", peer=2)["remote"], daemon.wait("open", peer=1)["remote"])
        daemon.wait_data(2, b"it is me")

    def test_who_only_begins_anew_takes_nobodys_place(self):
        daemon = self.dtls_daemon("reply=echo&handshake=0.3")
        wire = Wire(self, daemon.port)
        client = self.check_echo(self.call(wire.port))
        caller = wire.caller
        wire.lost = range(len(wire.there) + 3, len(wire.there) + 99)
        self.call(wire.port)
        daemon.wait("refused")
        wire.lost, wire.caller = (), caller
        self.check_lives_on(daemon, client)


class CallTest(DtlsTest):
    def test_what_is_lost_is_sent_again(self):
        daemon = self.dtls_daemon()
        wires = [Wire(self, daemon.port, **{way: [number]})
                 for way in ("lost", "lost_back") for number in (1, 2, 3)]
        clients = [self.call(wire.port) for wire in wires]
        for client, wire in zip(clients, wires):
            self.check_echo(client)
            self.assertGreater(len(wire.there), 4)

    def test_who_is_not_trusted_is_named(self):
        cert, key = self.certificates.make("far")
        daemon = self.dtls_daemon(f"cert={cert}&key={key}")
        port = daemon.port
        self.refuse_telex([f"dtls://127.0.0.1:{port}"], 1, "signed by nobody we trust")
        self.assertEqual(daemon.wait("refused")["why"], "handshake")
        self.refuse_telex([f"dtls://127.0.0.1:{port}?ca={cert}"], 1, "not for 127.0.0.1")
        self.refuse_telex([f"dtls://127.0.0.1:{port}?pin=sha256:{'ab' * 32}"], 1, "not the one that is pinned")
        self.refuse_telex(["--alpn", "h2", f"dtls://127.0.0.1:{self.dtls_daemon('alpn=coap').port}"],
                          1, "no protocol in common")

    def test_nobody_answers(self):
        silent = self.far_end()
        self.refuse_telex(["--connect-timeout", "0.2", f"dtls://127.0.0.1:{silent.getsockname()[1]}"],
                          1, "has not answered in time")
        self.refuse_telex([f"dtls://127.0.0.1:{self.free_port(socket.SOCK_DGRAM)}"], 1, "Connection refused")

    def test_each_line_is_a_datagram(self):
        daemon = self.dtls_daemon()
        client = self.call(daemon.port)
        client.write(b"one\ntwo\n" + b"x" * 16384 + b"\n")
        daemon.wait_count(3, "message")
        self.assertEqual([event["size"] for event in daemon.seen("message")], [3, 3, 16384])
        client.close_stdin()
        client.wait_end(0)
        self.assertEqual(len(client.stdout.copy()), 6 + 16384)

    def test_what_fits_no_record_is_told(self):
        daemon = self.dtls_daemon()
        for line, words in ((b"x" * 16385, b"16384"), (b"", b"No data")):
            client = self.call(daemon.port)
            client.write(line + b"\n")
            client.close_stdin()
            client.wait_end(1)
            self.assertIn(words, client.stderr.copy())

    def test_at_a_terminal(self):
        daemon = self.dtls_daemon()
        terminal = Terminal(self, [program("TELEX"), f"dtls://127.0.0.1:{daemon.port}?verify=no"])
        terminal.wait_prompt(f"127.0.0.1:{daemon.port}")
        terminal.line("hello")
        daemon.wait_data(1, b"hello")
        terminal.wait_seen("← hello")


class OthersTest(DtlsTest):
    """Programs that are no telex."""

    def need(self, name):
        if not shutil.which(name):
            self.skipTest(f"{name} is not installed")

    def server(self, name, *args):
        self.need(name)
        port = self.free_port(socket.SOCK_DGRAM)
        server = Program(self, [name, *(str(port) if word == "PORT" else word for word in args)])
        return server, port

    def test_openssl_s_server(self):
        server, port = self.server("openssl", "s_server", "-dtls1_2", "-listen", "-nocert", "-psk",
                                   KEY, "-accept", "PORT")
        server.wait_output("ACCEPT")
        client = self.call(port, f"psk={self.psk()}")
        client.write(b"ping\n")
        server.wait_output(b"ping")
        server.write(b"pong\n")
        client.wait_output(b"pong\n")

    def test_gnutls_cli(self):
        self.need("gnutls-cli")
        daemon = self.dtls_daemon()
        client = Program(self, ["gnutls-cli", "--udp", "--insecure", "--port", str(daemon.port), "127.0.0.1"])
        client.wait_output("Handshake was completed")
        self.check_echo(client)

    def test_gnutls_serv(self):
        cert, key = self.certificates.make("far", "IP:127.0.0.1")
        server, port = self.server("gnutls-serv", "--udp", "--echo", "--port", "PORT", "--x509certfile",
                                   cert, "--x509keyfile", key)
        server.wait_diagnostic("done")
        self.check_echo(self.call(port, f"ca={cert}"))


if __name__ == "__main__":
    main()
