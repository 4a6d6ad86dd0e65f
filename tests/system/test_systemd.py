# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by a service manager: passed sockets, readiness, watchdog, reload; systemd is played here.

sd_listen_fds(3) and sd_notify(3) describe the two protocols.
"""

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

from telex_test import DEADLINE, HERE, Daemon, Program, TestCase, main, program

# Puts the descriptors argv[3:] at 3 and up and becomes argv[2], as itself or as somebody else.
LAUNCHER = """
import os, sys
program, pid = sys.argv[1], sys.argv[2]
fds = [int(word) for word in sys.argv[3].split(",") if word]
arguments = sys.argv[4:]
kept = [os.dup(fd) for fd in fds]
high = [os.dup2(fd, 500 + i) for i, fd in enumerate(kept)]
for i, fd in enumerate(high):
    os.dup2(fd, 3 + i, inheritable=True)
os.closerange(3 + len(fds), 600)
if pid:
    os.environ["LISTEN_PID"] = str(os.getpid()) if pid == "own" else pid
os.execv(program, [program, *arguments])
"""


class PassingDaemon(Daemon):
    """telexd with sockets passed to it."""

    def __init__(self, case, sockets, args, env=None, pid="own", count=None, wait=True, names=None):
        fds = [one if isinstance(one, int) else one.fileno() for one in sockets]
        self.launch = [sys.executable, "-c", LAUNCHER, program("TELEXD"), pid,
                       ",".join(map(str, fds)), "--json", *args]
        env = dict(env or {})
        env.setdefault("LISTEN_FDS", str(len(fds)))
        if names is not None:
            env.setdefault("LISTEN_FDNAMES", names)
        self.listening = []
        Program.__init__(self, case, self.launch, env=env, pass_fds=fds)
        self.events, self.inputs, self._taken, self._parsed = [], 0, set(), 0
        if wait:
            self.listening = self.wait_count(len(fds) if count is None else count, "listening")
            self.ports = [self.endpoint_port(event["endpoint"]) for event in self.listening]


class PassingCase(TestCase):
    def bound(self, kind, address=("127.0.0.1", 0), family=socket.AF_INET, v6_only=None):
        one = self.make_socket(family, kind)
        if v6_only is not None:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6_only)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as systemd does
        one.bind(address)
        if kind == socket.SOCK_STREAM:
            one.listen(8)
        return one

    def pass_sockets(self, *sockets, args=(), **keywords):
        return PassingDaemon(self, sockets, args, **keywords)

    def refuse(self, sockets, *parts, status=1, args=(), **keywords):
        daemon = self.pass_sockets(*sockets, args=args, wait=False, **keywords)
        daemon.wait_end(status)
        text = daemon.stderr.copy().decode()
        self.assertRegex(text, r"\Atelexd: [^\n]+\n\Z", daemon.transcript())
        for part in parts:
            self.assertIn(part, text)
        self.assertEqual(daemon.stdout.copy(), b"")


class PassedTest(PassingCase):
    def check_echo(self, one):
        one.sendall(b"ping")
        self.expect(one, "ping")

    def test_all_kinds(self):
        path = self.path("a b.sock")
        sockets = [self.bound(socket.SOCK_STREAM), self.bound(socket.SOCK_DGRAM),
                   self.bound(socket.SOCK_STREAM, path, socket.AF_UNIX)]
        daemon = self.pass_sockets(*sockets, args=["--reply", "echo"])
        self.assertEqual([event["endpoint"] for event in daemon.listening],
                         [f"tcp://127.0.0.1:{sockets[0].getsockname()[1]}",
                          f"udp://127.0.0.1:{sockets[1].getsockname()[1]}",
                          f"unix:{self.directory}/a%20b.sock"])
        for one in sockets:
            one.close()
        self.check_echo(self.tcp(daemon.ports[0]))
        self.check_echo(self.udp(daemon.ports[1]))
        self.check_echo(self.unix(path))
        self.assertEqual([event["transport"] for event in daemon.wait_count(3, "open")],
                         ["tcp", "udp", "unix"])
        for event in daemon.listening:
            daemon.command(f"/unlisten {event['listener']}")
        self.check_refused(daemon.ports[0])
        for event in daemon.listening[:2]:  # they can be typed back
            daemon.command(f"/listen {event['endpoint']}")
        self.check_echo(self.tcp(daemon.ports[0]))
        daemon.stop()
        self.assertTrue(os.path.exists(path), "the file is systemd's")

    def test_families(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        for address, family, v6_only, shown in (
                ("0.0.0.0", socket.AF_INET, None, "0.0.0.0"), ("::", socket.AF_INET6, 0, "*"),
                ("::", socket.AF_INET6, 1, "[::]"), ("::1", socket.AF_INET6, 0, "[::1]"),
                ("::ffff:127.0.0.1", socket.AF_INET6, 0, "127.0.0.1")):
            tcp = self.bound(socket.SOCK_STREAM, (address, 0), family, v6_only)
            udp = self.bound(socket.SOCK_DGRAM, (address, 0), family, v6_only)
            daemon = self.pass_sockets(tcp, udp, args=["-r", "echo"])
            self.assertEqual([event["endpoint"] for event in daemon.listening],
                             [f"{scheme}://{shown}:{one.getsockname()[1]}"
                              for scheme, one in (("tcp", tcp), ("udp", udp))])
            for host in ("127.0.0.1", "::1"):
                if (shown in ("*", "0.0.0.0") or address.startswith("::ffff")) and \
                        host == "127.0.0.1" or shown in ("*", "[::]", "[::1]") and host == "::1":
                    self.check_echo(self.tcp(daemon.ports[0], host))
                    self.check_echo(self.udp(daemon.ports[1], host))
            daemon.stop()

    def test_they_replace_the_defaults_only(self):
        one = self.bound(socket.SOCK_STREAM)
        daemon = self.pass_sockets(one, args=["tcp://127.0.0.1:0?name=more"], count=2)
        self.assertEqual([event["name"] for event in daemon.listening], [None, "more"])

    def test_names(self):
        sockets = [self.bound(socket.SOCK_STREAM) for _ in range(6)]
        daemon = self.pass_sockets(*sockets,
                                   names="meters:unknown:telexd.socket:meters:stored:two-2")
        self.assertEqual([event["name"] for event in daemon.listening],
                         ["meters", None, None, None, None, "two-2"])
        self.assertEqual(daemon.listening[0]["endpoint"],
                         f"tcp://127.0.0.1:{sockets[0].getsockname()[1]}")
        daemon.command("/reply meters echo")
        self.check_echo(self.tcp(daemon.ports[0]))
        self.refuse([sockets[0]], "meters", status=2, names="meters",
                    args=["tcp://127.0.0.1:0?name=meters"])

    def test_they_are_ours_alone(self):
        """Close-on-exec, and not blocking."""
        one, two = self.bound(socket.SOCK_STREAM), self.bound(socket.SOCK_DGRAM)
        one.setblocking(True)
        two.setblocking(True)
        daemon = self.pass_sockets(one, two, names="a:b")
        for fd in (3, 4):
            with open(f"/proc/{daemon.pid}/fdinfo/{fd}", encoding="ascii") as file:
                flags = int(re.search(r"flags:\s+(\d+)", file.read())[1], 8)
            self.assertTrue(flags & os.O_CLOEXEC, fd)
            self.assertTrue(flags & os.O_NONBLOCK, fd)

    def test_those_of_another_process_are_not_taken(self):
        one = self.bound(socket.SOCK_STREAM)
        for pid in ("1", ""):
            daemon = self.pass_sockets(one, args=["tcp://127.0.0.1:0?name=own"], pid=pid, count=1)
            self.assertEqual(daemon.listening[0]["name"], "own")
            daemon.stop()

    def test_no_sockets(self):
        daemon = self.pass_sockets(args=["tcp://127.0.0.1:0"], count=1)
        self.tcp(daemon.port)
        daemon.open()

    def test_connections_that_wait_are_served(self):
        one = self.bound(socket.SOCK_STREAM)
        clients = [self.tcp(one.getsockname()[1]) for _ in range(4)]
        for client in clients:
            client.sendall(b"ping")
        self.pass_sockets(one, args=["-r", "echo"])
        for client in clients:
            self.expect(client, "ping")


class KindTest(PassingCase):
    def test_what_cannot_be_served(self):
        port = self.bound(socket.SOCK_STREAM)
        connection = self.tcp(port.getsockname()[1])
        connected = self.udp(port.getsockname()[1])
        unbound = self.make_socket(socket.AF_INET, socket.SOCK_DGRAM)
        deaf = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        deaf.bind(("127.0.0.1", 0))
        named = f"\0telex\0{os.getpid()}"
        nul = self.bound(socket.SOCK_STREAM, named, socket.AF_UNIX)
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        for one, part in ((connection, "one connection"), (connected, "one connection"),
                          (unbound, "not bound"), (deaf, "does not listen"),
                          (nul, "without a path or name"), (read, "non-socket"),
                          (self.bound(socket.SOCK_DGRAM, self.path("d"), socket.AF_UNIX), "neither"),
                          (self.bound(socket.SOCK_SEQPACKET, self.path("s"), socket.AF_UNIX),
                           "neither")):
            self.refuse([port, one], "descriptor 4 of LISTEN_FDS", part)

    def test_a_descriptor_that_is_not_there(self):
        self.refuse([], "descriptor 3", "Bad file descriptor", env={"LISTEN_FDS": "1"})

    def test_variables_that_make_no_sense(self):
        for value in ("x", "-1", "99999999999999999999", "2147483647"):
            self.refuse([], "LISTEN_FDS='", value, env={"LISTEN_FDS": value})
        self.refuse([], "LISTEN_PID='\\x1b'", pid="\x1b")

    def test_abstract(self):
        name = f"telex-test-{os.getpid()}"
        one = self.bound(socket.SOCK_STREAM, f"\0{name}", socket.AF_UNIX)
        self.refuse([one], "control", "Unix socket with a path", names="control")
        daemon = self.pass_sockets(one, count=1)
        self.assertEqual(daemon.listening[0]["endpoint"], f"unix:@{name}")
        self.unix(f"\0{name}")
        daemon.open()

    def test_control(self):
        one = self.bound(socket.SOCK_STREAM)
        self.refuse([one], "control", "Unix", names="control")
        path = self.path("control.sock")
        two = self.bound(socket.SOCK_STREAM, path, socket.AF_UNIX)
        daemon = self.pass_sockets(two, args=["tcp://127.0.0.1:0"], names="control", count=1)
        desk = self.attach(path)
        self.assertEqual((desk.hello["access"], desk.hello["console"]), ("write", 2))
        self.tcp(daemon.port)
        desk.wait("open", peer=1)
        desk.command("/close 1")
        daemon.wait("close", peer=1, reason="operator")
        daemon.stop()
        self.assertTrue(os.path.exists(path), "the file is systemd's")


class Manager:
    """The far end of NOTIFY_SOCKET: what was told, one set of assignments a datagram."""

    def __init__(self, case, address):
        self.case = case
        self.one = case.make_socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.one.bind(address)

    def next(self):
        text = self.one.recv(4096).decode()
        return dict(line.split("=", 1) for line in text.splitlines())

    def wait(self, key):
        """The next state with that key; only signs of life may come before."""
        while key not in (state := self.next()):
            self.case.assertEqual(state, {"WATCHDOG": "1"})
        self.case.assertEqual(state[key], "1")
        return state


class NotifyTest(PassingCase):
    def manager(self, name="notify"):
        return Manager(self, self.path(name))

    def env(self, **more):
        return {"NOTIFY_SOCKET": self.path("notify"), **more}

    def test_ready_and_stopping(self):
        manager = self.manager()
        daemon = self.daemon("--drain", "20", "tcp://127.0.0.1:0", env=self.env())
        state = manager.next()
        self.assertEqual(state["READY"], "1")
        self.assertIn("STATUS", state)
        one = self.tcp(daemon.port)  # it really is
        daemon.open()
        daemon.signal(signal.SIGTERM)
        self.assertEqual(manager.next()["STOPPING"], "1")
        self.expect_end(one)
        daemon.wait_end(0)
        self.assertEqual(daemon.stderr.copy(), b"")

    def test_an_abstract_socket(self):
        name = f"telex-test-{os.getpid()}-notify"
        manager = Manager(self, f"\0{name}")
        self.daemon("tcp://127.0.0.1:0", env={"NOTIFY_SOCKET": f"@{name}"})
        manager.wait("READY")

    def test_not_ready_when_it_cannot_start(self):
        manager = self.manager()
        taken = self.listener().getsockname()[1]
        daemon = self.daemon(f"tcp://127.0.0.1:{taken}", env=self.env(), wait=False)
        daemon.wait_end(1)
        self.check_silent(manager.one)

    def test_reload(self):
        manager = self.manager()
        config = self.file("telexd.conf", "")
        daemon = self.daemon("--config", config, "tcp://127.0.0.1:0", env=self.env())
        manager.wait("READY")
        for content, part in (("max-peers 1\n", None), ("frobnicate\n", "could not")):
            self.file("telexd.conf", content)
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            daemon.signal(signal.SIGHUP)
            state = manager.next()
            self.assertEqual(state["RELOADING"], "1")
            self.assertLessEqual(before, int(state["MONOTONIC_USEC"]))
            self.assertLessEqual(int(state["MONOTONIC_USEC"]),
                                 time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
            state = manager.next()
            self.assertEqual(state["READY"], "1")
            if part:
                self.assertIn(part, state["STATUS"])

    def test_watchdog(self):
        manager = self.manager()
        daemon = self.daemon("tcp://127.0.0.1:0", env=self.env(WATCHDOG_USEC="400000"))
        manager.wait("READY")
        times = []
        for _ in range(6):
            self.assertEqual(manager.next(), {"WATCHDOG": "1"})
            times.append(time.monotonic())
        self.assertGreater(times[-1] - times[0], 0.7, "five halves of 0.4 s")
        self.assertLess(times[-1] - times[0], 4)
        daemon.signal(signal.SIGTERM)
        manager.wait("STOPPING")
        daemon.wait_end(0)

    def test_the_watchdog_sees_a_daemon_that_hangs(self):
        manager = self.manager()
        daemon = self.daemon("tcp://127.0.0.1:0", env=self.env(WATCHDOG_USEC="100000"))
        manager.wait("READY")
        daemon.signal(signal.SIGSTOP)
        os.waitid(os.P_PID, daemon.pid, os.WSTOPPED | os.WNOWAIT)
        manager.one.setblocking(False)
        while select.select([manager.one], [], [], 0.5)[0]:
            manager.next()
        manager.one.settimeout(DEADLINE)
        daemon.signal(signal.SIGCONT)
        self.assertEqual(manager.next(), {"WATCHDOG": "1"})

    def test_who_is_watched(self):
        manager = self.manager()
        for env, words in (({"WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"}, ""),
                           ({"WATCHDOG_USEC": "soon"}, "WATCHDOG_USEC='soon'"),
                           ({"WATCHDOG_USEC": "0"}, "WATCHDOG_USEC='0'"),
                           ({"WATCHDOG_PID": "1"}, "")):
            daemon = self.daemon("tcp://127.0.0.1:0", env=self.env(**env))
            self.assertEqual(manager.next()["READY"], "1")
            self.assertFalse(select.select([manager.one], [], [], 0.3)[0], env)
            daemon.stop()
            self.assertEqual(manager.next()["STOPPING"], "1")
            self.assertIn(words, daemon.stderr.copy().decode())
            self.assertEqual(daemon.stderr.copy().count(b"\n"), 1 if words else 0)

    def test_nobody_there(self):
        """Serving matters more than telling."""
        for address in (self.path("nobody"), "vsock:2:1234", "relative", "@", "/" + 200 * "x",
                        "/\x1b"):
            daemon = self.daemon("tcp://127.0.0.1:0", env={"NOTIFY_SOCKET": address})
            self.tcp(daemon.port)
            daemon.open()
            daemon.stop()
            text = daemon.stderr.copy()
            self.assertIn(b"telexd: ", text)
            self.assertNotIn(b"\x1b", text)

    def test_a_manager_that_does_not_read(self):
        manager = self.manager()
        config = self.file("telexd.conf", "")
        daemon = self.daemon("--config", config, "-r", "echo", "tcp://127.0.0.1:0",
                             env=self.env(WATCHDOG_USEC="20000"))
        manager.wait("READY")
        one = self.tcp(daemon.port)
        while b"cannot tell" not in daemon.stderr.copy():  # its queue is full
            daemon.signal(signal.SIGHUP)
            one.sendall(b"ping")
            self.expect(one, "ping")
        daemon.stop()


class UnitTest(TestCase):
    FILES = os.path.join(HERE, "..", "..", "contrib", "systemd")

    def test_units(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze")
        with open(os.path.join(self.FILES, "telexd.service.in"), encoding="utf-8") as file:
            text = file.read()
        text = text.replace("@telexd@", program("TELEXD"))
        text = re.sub(r"@(sysconfdir|docdir)@", self.directory, text)
        self.assertNotRegex(text, r"@\w+@")
        service = self.file("telexd.service", text)
        sockets = shutil.copy(os.path.join(self.FILES, "telexd.socket"), self.directory)
        run = subprocess.run(["systemd-analyze", "verify", "--man=no", service, sockets],
                             capture_output=True, text=True, check=False)
        if "Failed to" in run.stderr and "initialize manager" in run.stderr:
            self.skipTest(run.stderr)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_the_command(self):
        """What the unit starts is understood."""
        with open(os.path.join(self.FILES, "telexd.service.in"), encoding="utf-8") as file:
            command = re.search(r"^ExecStart=(.+)$", file.read(), re.M)[1]
        self.file("telexd.conf", "")
        words = command.replace("@sysconfdir@", self.directory).split()[1:]
        manager = Manager(self, self.path("notify"))
        daemon = Program(self, [program("TELEXD"), *words, "tcp://127.0.0.1:0"],
                         env={"NOTIFY_SOCKET": self.path("notify")})
        manager.wait("READY")
        daemon.stop()

    def test_a_reload_is_checked(self):
        with open(os.path.join(self.FILES, "telexd.service.in"), encoding="utf-8") as file:
            command = re.search(r"^ExecReload=@telexd@ (.+)$", file.read(), re.M)[1]
        words = command.replace("@sysconfdir@", self.directory).split()
        for content, status in (("max-peers 1\n", 0), ("max-peers x\n", 2)):
            self.file("telexd.conf", content)
            Program(self, [program("TELEXD"), *words]).wait_end(status)


if __name__ == "__main__":
    main()
