# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints: what telexd listens on, and what it refuses."""

import os
import re
import socket
import stat

from telex_test import Program, TestCase, main, name_of, program


class ListenTest(TestCase):
    def check_tcp(self, daemon, host="127.0.0.1", port=None):
        """A peer that connects is seen; returns its open event."""
        one = self.tcp(port or daemon.port, host)
        opened = daemon.wait("open", remote=lambda remote: name_of(one) in remote)
        one.sendall(b"ping")
        daemon.wait_data(opened["peer"], "ping")
        daemon.command(f"@{opened['peer']} pong")
        self.expect(one, "pong\n")
        return opened

    def check_udp(self, daemon, host="127.0.0.1", port=None):
        one = self.udp(port or daemon.port, host)
        one.send(b"ping")
        opened = daemon.wait("open", remote=lambda remote: name_of(one) in remote)
        self.assertTrue(one.recv(100).endswith(b"] ping"))
        daemon.command(f"@{opened['peer']} pong")
        self.expect(one, "pong")
        return opened

    def test_port_zero_is_told(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        tcp, udp = daemon.listening
        self.assertEqual((tcp["listener"], udp["listener"]), (1, 2))
        self.assertEqual(tcp["endpoint"], f"tcp://127.0.0.1:{daemon.ports[0]}")
        self.assertEqual(udp["endpoint"], f"udp://127.0.0.1:{daemon.ports[1]}")
        self.assertNotIn(0, daemon.ports)
        self.check_tcp(daemon, port=daemon.ports[0])
        self.check_udp(daemon, port=daemon.ports[1])

    def test_port_alone(self):
        port = self.free_port()
        daemon = self.daemon(str(port), count=1)
        self.assertEqual(daemon.listening[0]["endpoint"], f"tcp://*:{port}")
        self.check_tcp(daemon)

    def test_port_zero_alone(self):
        daemon = self.daemon("0", count=1)
        self.assertEqual(daemon.listening[0]["endpoint"], f"tcp://*:{daemon.port}")
        self.check_tcp(daemon)

    def test_host_and_port_without_scheme(self):
        daemon = self.daemon("127.0.0.1:0", count=1)
        self.assertEqual(daemon.listening[0]["endpoint"], f"tcp://127.0.0.1:{daemon.port}")
        self.check_tcp(daemon)

    def test_empty_host(self):
        for endpoint in (":0", "tcp://:0", "*:0"):
            with self.subTest(endpoint=endpoint):
                daemon = self.daemon(endpoint, count=1)
                self.assertEqual(daemon.listening[0]["endpoint"], f"tcp://*:{daemon.port}")
                self.check_tcp(daemon)

    def skip_if_bound(self, kind, port):
        with socket.socket(socket.AF_INET, kind) as one:
            try:
                if kind == socket.SOCK_STREAM:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(("0.0.0.0", port))
            except OSError:
                self.skipTest(f"port {port} is in use")

    def test_ports_left_out(self):
        self.skip_if_bound(socket.SOCK_STREAM, 9999)
        self.skip_if_bound(socket.SOCK_DGRAM, 21567)
        daemon = self.daemon("tcp://127.0.0.1", "udp://127.0.0.1")
        self.assertEqual([event["endpoint"] for event in daemon.listening],
                         ["tcp://127.0.0.1:9999", "udp://127.0.0.1:21567"])

    def test_no_endpoints(self):
        self.skip_if_bound(socket.SOCK_STREAM, 9999)
        self.skip_if_bound(socket.SOCK_DGRAM, 21567)
        daemon = self.daemon(count=2)
        self.assertEqual([event["endpoint"] for event in daemon.listening],
                         ["tcp://*:9999", "udp://*:21567"])
        self.check_tcp(daemon, port=9999)
        self.check_udp(daemon, port=21567)

    def test_several_of_each_kind(self):
        paths = [self.path("a.sock"), self.path("b.sock")]
        daemon = self.daemon(*["tcp://127.0.0.1:0"] * 3, *["udp://127.0.0.1:0"] * 3,
                             *[f"unix:{path}" for path in paths])
        self.assertEqual([event["listener"] for event in daemon.listening], list(range(1, 9)))
        self.assertEqual(len(set(daemon.ports[:6])), 6)
        for index in range(3):
            opened = self.check_tcp(daemon, port=daemon.ports[index])
            self.assertEqual((opened["transport"], opened["listener"]), ("tcp", index + 1))
        for index in range(3, 6):
            opened = self.check_udp(daemon, port=daemon.ports[index])
            self.assertEqual((opened["transport"], opened["listener"]), ("udp", index + 1))
        for index, path in enumerate(paths):
            one = self.unix(path)
            opened = daemon.wait("open", transport="unix")
            self.assertEqual(opened["listener"], index + 7)
            one.sendall(b"ping")
            daemon.wait("message", peer=opened["peer"], text="ping")
            daemon.command(f"@{opened['peer']} pong")
            self.expect(one, "pong\n")

    def test_two_addresses_of_a_connection(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        one = self.tcp(daemon.ports[0])
        two = self.udp(daemon.ports[1])
        opened = daemon.wait("open")
        self.assertIn(name_of(one), opened["remote"])
        self.assertIn(f"127.0.0.1:{daemon.ports[0]}", opened["local"])
        two.send(b"x")
        opened = daemon.wait("open")
        self.assertIn(name_of(two), opened["remote"])
        self.assertIn(f"127.0.0.1:{daemon.ports[1]}", opened["local"])

    def test_every_address_of_both_families(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("tcp://*:0", "udp://*:0")
        self.assertEqual([event["endpoint"] for event in daemon.listening],
                         [f"tcp://*:{daemon.ports[0]}", f"udp://*:{daemon.ports[1]}"])
        for host in ("127.0.0.1", "::1", "127.0.0.9"):
            opened = self.check_tcp(daemon, host, daemon.ports[0])
            self.assertNotIn("ffff", opened["remote"] + opened["local"])
            self.assertIn(f"[{host}]" if ":" in host else host, opened["local"])
            opened = self.check_udp(daemon, host, daemon.ports[1])
            self.assertNotIn("ffff", opened["remote"] + opened["local"])
            self.assertIn(f"[{host}]" if ":" in host else host, opened["local"])

    def test_ipv6_only(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("tcp://[::]:0", "udp://[::]:0", "tcp://[::1]:0")
        self.assertEqual([event["endpoint"] for event in daemon.listening],
                         [f"tcp://[::]:{daemon.ports[0]}", f"udp://[::]:{daemon.ports[1]}",
                          f"tcp://[::1]:{daemon.ports[2]}"])
        self.check_tcp(daemon, "::1", daemon.ports[0])
        self.check_udp(daemon, "::1", daemon.ports[1])
        self.check_tcp(daemon, "::1", daemon.ports[2])
        self.check_refused(daemon.ports[0])
        one = self.udp(daemon.ports[1])
        one.send(b"x")
        with self.assertRaises(ConnectionRefusedError):
            one.recv(100)

    def test_ipv4_only(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("tcp://0.0.0.0:0", "udp://0.0.0.0:0")
        self.assertEqual([event["endpoint"] for event in daemon.listening],
                         [f"tcp://0.0.0.0:{daemon.ports[0]}", f"udp://0.0.0.0:{daemon.ports[1]}"])
        self.check_tcp(daemon, "127.0.0.1", daemon.ports[0])
        self.check_udp(daemon, "127.0.0.1", daemon.ports[1])
        self.check_refused(daemon.ports[0], "::1")

    def test_both_families_apart_on_one_port(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        port = self.free_port()
        daemon = self.daemon(f"tcp://[::]:{port}", f"tcp://0.0.0.0:{port}")
        self.assertEqual(self.check_tcp(daemon, "::1")["listener"], 1)
        self.assertEqual(self.check_tcp(daemon, "127.0.0.1")["listener"], 2)

    def test_name(self):
        port = self.free_port()
        daemon = self.daemon(f"tcp://localhost:{port}")
        addresses = {info[4][0] for info in
                     socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)}
        for address in addresses:
            self.check_tcp(daemon, address, port)
        daemon = self.daemon("udp://localhost:0")
        self.check_udp(daemon, sorted(addresses)[0], daemon.port)

    def test_mapped_address_is_ipv4(self):
        daemon = self.daemon("tcp://[::ffff:127.0.0.1]:0")
        self.assertEqual(daemon.listening[0]["endpoint"], f"tcp://127.0.0.1:{daemon.port}")
        self.check_tcp(daemon)

    def test_service(self):
        def port_of(name):
            try:
                return socket.getservbyname(name, "tcp")
            except OSError:
                return 0
        name = next((name for name in ("postgresql", "mysql", "ms-sql-s", "git", "svn", "x11")
                     if port_of(name) >= 1024), None)
        if not name:
            self.skipTest("this machine knows none of these services")
        self.skip_if_bound(socket.SOCK_STREAM, port_of(name))
        daemon = self.daemon(f"tcp://127.0.0.1:{name}")
        self.assertEqual(daemon.port, port_of(name))
        self.telex("127.0.0.1", name)
        daemon.open()

    def test_name_without_address(self):
        self.refuse_daemon(["tcp://no-such-host.invalid:0"], 1, "no-such-host.invalid")

    def test_endpoint_can_be_typed_back(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front&reply=echo")
        endpoint = daemon.listening[0]["endpoint"]
        self.assertEqual(daemon.listening[0]["name"], "front")
        daemon.stop()
        again = self.daemon(endpoint)
        self.assertEqual(again.port, daemon.port)

    def test_keys(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo&framing=line&name=one",
                             "tcp://127.0.0.1:0?eol=crlf", "tcp://127.0.0.1:0?eol=nul",
                             "tcp://127.0.0.1:0?eol=none", "udp://127.0.0.1:0?reply=none&eol=lf",
                             "udp://127.0.0.1:0?reply=echo")
        self.assertEqual(daemon.listening[0]["name"], "one")
        one = self.tcp(daemon.ports[0])
        one.sendall(b"echo\n")
        self.expect(one, "echo\n")
        for port, wanted in zip(daemon.ports[1:4], (b"x\r\n", b"x\0", b"x")):
            one = self.tcp(port)
            peer = daemon.open(transport="tcp", local=lambda local, port=port: str(port) in local)
            daemon.command(f"@{peer} x")
            daemon.command(f"@{peer} .")
            self.expect(one, wanted + b".")
        one = self.udp(daemon.ports[4])
        one.send(b"quiet")
        peer = daemon.wait("message", text="quiet")["peer"]
        daemon.command(f"@{peer} x")
        self.expect(one, "x\n")
        one = self.udp(daemon.ports[5])
        one.send(b"loud")
        self.expect(one, "loud")

    def test_options_for_listeners_without_their_own(self):
        daemon = self.daemon("--reply", "echo", "--eol", "crlf", "tcp://127.0.0.1:0",
                             "tcp://127.0.0.1:0?reply=none&eol=nul", "udp://127.0.0.1:0")
        one = self.tcp(daemon.ports[0])
        one.sendall(b"ping")
        self.expect(one, "ping")
        peer = daemon.wait("message")["peer"]
        daemon.command(f"@{peer} x")
        self.expect(one, "x\r\n")
        one = self.tcp(daemon.ports[1])
        one.sendall(b"ping")
        peer = daemon.wait("message")["peer"]
        daemon.command(f"@{peer} x")
        self.expect(one, b"x\0")
        one = self.udp(daemon.ports[2])
        one.send(b"ping")
        self.expect(one, "ping")

    def test_short_options(self):
        run = Program(self, [program("TELEXD"), "-r", "echo", "-ecrlf", "-j", "-v", "size",
                             "tcp://127.0.0.1:0"])
        output = run.wait_output(b"\n")
        self.assertTrue(output.startswith(b"{"))
        one = self.tcp(int(re.search(rb"tcp://127\.0\.0\.1:(\d+)", output)[1]))
        one.sendall(b"ping")
        self.expect(one, "ping")
        run.line("@1 x")
        self.expect(one, "x\r\n")
        run.wait_output(b'"size":4')
        self.assertNotIn(b"ping", run.stdout.copy())
        run.stop()


class UnixTest(TestCase):
    def test_mode_and_removal(self):
        for mode in (0o600, 0o660, 0o666):
            path = self.path(f"{mode:o}.sock")
            daemon = self.daemon(f"unix:{path}?mode={mode:04o}")
            status = os.stat(path)
            self.assertTrue(stat.S_ISSOCK(status.st_mode))
            self.assertEqual(stat.S_IMODE(status.st_mode), mode)
            daemon.stop()
            self.assertFalse(os.path.exists(path))

    def test_peer(self):
        path = self.path("a.sock")
        daemon = self.daemon(f"unix:{path}?half-close=0")
        one = self.unix(path)
        opened = daemon.wait("open", transport="unix")
        self.assertTrue(opened["remote"].startswith("unix:"), opened)
        self.assertEqual((opened["pid"], opened["uid"]), (os.getpid(), os.getuid()))
        one.sendall(b"\xff\x00")
        daemon.wait("message", base64="/wA=")
        one.close()
        daemon.wait("close", reason="eof", received=2)

    def test_path_with_percent(self):
        path = self.path("with space?")
        daemon = self.daemon(f"unix:{self.path('')}with%20space%3f")
        self.unix(path)
        daemon.wait("open", transport="unix")

    def test_abstract(self):
        name = f"telex test {os.getpid()}"
        printed = "unix:@" + name.replace(" ", "%20")
        daemon = self.daemon(printed)
        self.assertEqual(daemon.listening[0]["endpoint"], printed)
        one = self.unix(f"\0{name}")
        one.sendall(b"ping")
        daemon.wait("message", text="ping")
        self.refuse_daemon([printed], 1, printed, os.strerror(98))
        self.refuse_daemon([f"{printed}?mode=0600"], 2, "mode")
        self.refuse_daemon(["--control", f"--control=@{name}"], 2, "control", "permissions")
        daemon.command(f"/connect {printed}")
        opened = daemon.wait("open", remote=printed)
        daemon.wait("open", local=printed)
        daemon.command(f"@{opened['peer']} pong")
        daemon.wait("message", text="pong\n")
        self.assertFalse(os.path.exists(f"@{name}"))

    def test_abstract_name_too_long(self):
        name = f"{os.getpid()}".ljust(107, "x")
        daemon = self.daemon(f"unix:@{name}")
        self.unix(f"\0{name}")
        daemon.wait("open", transport="unix")
        self.refuse_daemon([f"unix:@{name}x"], 2, "107")

    def test_a_path_needs_no_scheme(self):
        path = self.path("a.sock")
        daemon = self.daemon(f"{path}?mode=0600", count=1)
        self.assertEqual(daemon.listening[0]["endpoint"], f"unix:{path}")
        self.telex(path)
        daemon.open()

    def test_home(self):
        path = self.path("a.sock")
        config = self.file("telexd.conf", "listen ~/a.sock\ncontrol ~/c.sock\n")
        daemon = self.daemon("--config", f"~/{os.path.basename(config)}", count=1)
        self.assertEqual(daemon.listening[0]["endpoint"], f"unix:{path}")
        self.unix(path)
        self.attach(self.path("c.sock"))
        daemon.command("/connect unix:~/a.sock")
        daemon.wait("open", remote=f"unix:{path}")

    def test_bad_percent(self):
        for path in ("/tmp/a%zz", "/tmp/a%4", "/tmp/a%", "/tmp/a%00b"):
            with self.subTest(path=path):
                self.refuse_daemon([f"unix:{path}"], 2, "%")

    def test_longest_path(self):
        path = self.path("").ljust(107, "x")
        daemon = self.daemon(f"unix:{path}")
        self.unix(path)
        daemon.wait("open", transport="unix")
        self.refuse_daemon([f"unix:{path}x"], 2, "107")

    def test_left_by_a_dead_daemon(self):
        path = self.path("a.sock")
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(path)
        daemon = self.daemon(f"unix:{path}")
        self.unix(path)
        daemon.wait("open")

    def test_live_one_stays(self):
        path = self.path("a.sock")
        daemon = self.daemon(f"unix:{path}")
        self.refuse_daemon([f"unix:{path}"], 1, path)
        self.unix(path)
        daemon.wait("open")

    def test_no_socket_is_not_removed(self):
        path = self.file("precious", "keep me")
        self.refuse_daemon([f"unix:{path}"], 1, path)
        with open(path, encoding="ascii") as file:
            self.assertEqual(file.read(), "keep me")

    def test_only_our_own_is_removed(self):
        path = self.path("a.sock")
        daemon = self.daemon(f"unix:{path}")
        os.unlink(path)
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(path)
            daemon.stop()
            self.assertTrue(os.path.exists(path))

    def test_directory_missing(self):
        path = self.path("none/a.sock")
        self.refuse_daemon([f"unix:{path}"], 1, path, os.strerror(2))


class UsageTest(TestCase):
    def check_usage(self, cases):
        for args, part in cases:
            with self.subTest(args=args):
                self.refuse_daemon(args.split(" "), 2, part)

    def test_ports(self):
        self.check_usage([
            ("tcp://127.0.0.1:65536", "65536"),
            ("udp://127.0.0.1:99999999999999999999", "99999999999999999999"),
            ("tcp://127.0.0.1:-1", "-1"),
            ("tcp://127.0.0.1:no-such-service", "no-such-service"),
            ("tcp://127.0.0.1:80x", "80x"),
            ("tcp://127.0.0.1:0x50", "0x50"),
            ("70000", "70000"),
        ])

    def test_schemes(self):
        self.check_usage([("ftp://127.0.0.1:0", "ftp"), ("tcp4://127.0.0.1:0", "tcp4")])

    def test_keys(self):
        self.check_usage([
            ("tcp://127.0.0.1:0?colour=red", "colour"),
            ("tcp://127.0.0.1:0?reply=shout", "shout"),
            ("tcp://127.0.0.1:0?eol=cr", "cr"),
            ("tcp://127.0.0.1:0?framing=xml", "xml"),
            ("tcp://127.0.0.1:0?half-close=soon", "soon"),
            ("tcp://127.0.0.1:0?half-close=-1", "-1"),
            ("tcp://127.0.0.1:0?reply=echo&eol=wrong", "wrong"),
            ("unix:/tmp/telex-never?mode=rw", "rw"),
            ("udp://127.0.0.1:0?framing", "framing"),
            ("tcp://127.0.0.1:0?mode=0600", "mode"),
            ("tcp://127.0.0.1:0?name=2nd", "2nd"),
            ("udp://127.0.0.1:0?from=1", "from"),
        ])

    def test_unbracketed_ipv6_shows_how(self):
        self.check_usage([
            ("::1", "[::1]"),
            ("tcp://::1:9999", "[::1"),
            ("udp://fe80::1", "[fe80::1]"),
        ])

    def test_bad_addresses(self):
        self.check_usage([("tcp://[::1:0", "["), ("tcp://[::g]:0", "::g"),
                          ("tcp://[127.0.0.1]:0", "127.0.0.1")])

    def test_empty_unix_path(self):
        self.refuse_daemon(["unix:"], 2, "unix")

    def test_options(self):
        self.check_usage([
            ("--nonsense", "nonsense"),
            ("--reply shout", "shout"),
            ("--eol cr", "cr"),
            ("--view colour", "colour"),
            ("--max-queue big", "big"),
            ("--drain soon", "soon"),
            ("--drain -1", "-1"),
            ("--drain", "drain"),
        ])

    def test_options_of_nc(self):
        """Whoever comes from nc is told what to type instead."""
        for options, part in (("-l 9999", "telexd 9999"), ("-lvp 9999", "telexd 9999"),
                              ("-u -l 9999", "udp://9999"), ("-k 9999", "many peers"),
                              ("-p 9999", "telexd 9999"), ("--max-peer 5", "--max-peers"),
                              ("--idle-timeot 5", "did you mean --idle-timeout?"),
                              ("max-peers=5", "did you mean --max-peers=5?")):
            self.refuse_daemon(options.split(), 2, part)
        for options, part in (("-l 9999", "telexd 9999"), ("-u localhost 9", "udp://"),
                              ("-p 9999 localhost", "telex localhost 9999"),
                              ("-k -l 9999", "telexd"), ("-N localhost 9", "stdin ends"),
                              ("wait=5 9999", "did you mean --wait=5?")):
            self.refuse_telex(options.split(), 2, part)

    def test_options_of_limits(self):
        self.needs_option("--max-peers", "--allow", "--deny")
        self.check_usage([
            ("--max-peers many", "many"),
            ("--allow 10.0.0.0/33", "10.0.0.0/33"),
            ("--deny nowhere", "nowhere"),
        ])

    def test_help_and_version(self):
        for variable in ("TELEXD", "TELEX"):
            for option in ("--help", "-h"):
                run = Program(self, [program(variable), option])
                run.wait_end(0)
                self.assertIn(b"--version", run.stdout.copy())
                self.assertEqual(run.stderr.copy(), b"")
            for option in ("--version", "-V"):
                run = Program(self, [program(variable), option])
                run.wait_end(0)
                self.assertRegex(run.stdout.copy(), rb"\d+\.\d+")


class AddressInUseTest(TestCase):
    def in_use(self, scheme, port):
        return f"telexd: cannot listen on {scheme}://127.0.0.1:{port}: Address already in use\n"

    def test_tcp(self):
        port = self.listener().getsockname()[1]
        text = self.refuse_daemon([f"tcp://127.0.0.1:{port}"], 1)
        self.assertEqual(text, self.in_use("tcp", port))

    def test_udp(self):
        port = self.udp(bind=("127.0.0.1", 0)).getsockname()[1]
        text = self.refuse_daemon([f"udp://127.0.0.1:{port}"], 1)
        self.assertEqual(text, self.in_use("udp", port))

    def test_every_address(self):
        port = self.listener("0.0.0.0").getsockname()[1]
        text = self.refuse_daemon([f"tcp://*:{port}"], 1)
        self.assertEqual(text, f"telexd: cannot listen on tcp://*:{port}: Address already in use\n")

    def test_everything_or_nothing(self):
        port = self.listener().getsockname()[1]
        path = self.path("a.sock")
        # check_refusal() sees that there was no listening event.
        text = self.refuse_daemon(["--json", f"unix:{path}", "tcp://127.0.0.1:0",
                                   f"tcp://127.0.0.1:{port}", "udp://127.0.0.1:0"], 1)
        self.assertEqual(text, self.in_use("tcp", port))
        self.assertFalse(os.path.exists(path))

    def test_two_daemons(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        self.refuse_daemon([f"tcp://127.0.0.1:{daemon.ports[0]}"], 1, "Address already in use")
        self.refuse_daemon([f"udp://127.0.0.1:{daemon.ports[1]}"], 1, "Address already in use")
        daemon.command("/listeners")

    def test_udp_port_is_not_shared(self):
        daemon = self.daemon("udp://127.0.0.1:0", "udp://*:0")
        for port in daemon.ports:
            for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
                one = self.udp()
                one.setsockopt(socket.SOL_SOCKET, option, 1)
                with self.assertRaises(OSError):
                    one.bind(("127.0.0.1", port))

    def test_tcp_port_again_at_once(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        peer = daemon.open()
        daemon.command(f"/close {peer}")  # our side waits in TIME_WAIT
        self.expect_end(one)
        one.close()
        daemon.wait("close")
        daemon.stop()
        again = self.daemon(f"tcp://127.0.0.1:{daemon.port}")
        self.assertEqual(again.port, daemon.port)

    def test_port_without_the_right(self):
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            if int(file.read()) <= 1023:
                self.skipTest("every port is free for all here")
        run = Program(self, [program("TELEXD"), "tcp://127.0.0.1:1023"],
                      nobody=os.geteuid() == 0)
        run.wait_end(1)
        self.assertRegex(run.stderr.copy(),
                         rb"\Atelexd: [^\n]*tcp://127\.0\.0\.1:1023[^\n]+\n\Z")
        self.assertEqual(run.stdout.copy(), b"")


if __name__ == "__main__":
    main()
