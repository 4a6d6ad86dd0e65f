# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGHUP with --config: access lists and limits change under load, and nobody is dropped."""

import os
import select
import signal
import socket
import threading
import time

from telex_test import ControlConsole, DEADLINE, TestCase, event_bytes, main, name_of


class ReloadCase(TestCase):
    def start(self, content, *args, endpoints=("tcp://127.0.0.1:0?reply=echo",), **keywords):
        self.config = self.file("telexd.conf", content)
        self.told = 0
        return self.daemon("--config", self.config, *args, *endpoints, **keywords)

    def write(self, content):
        """As careful people do: at no moment is there half a file."""
        os.rename(self.file("new.conf", content), self.config)

    def hang_up(self, daemon, wanted):
        """SIGHUP, and waits for one more line on stderr that contains wanted."""
        before = self.told
        daemon.signal(signal.SIGHUP)

        def probe():
            lines = bytes(daemon.stderr.data).splitlines()
            return lines if len(lines) > before else None

        lines = daemon.until(probe, "a word on the reload", output=daemon.stderr)
        self.assertEqual(len(lines), before + 1, daemon.transcript())
        self.assertIn(wanted, lines[-1].decode())
        self.told += 1

    def reload(self, daemon, content):
        self.write(content)
        self.hang_up(daemon, f"telexd: {self.config}: read again")

    def check_served(self, one):
        one.sendall(b"ping")
        self.expect(one, "ping")

    def check_turned_away(self, one):
        try:
            self.expect_end(one)
        except ConnectionResetError:
            pass

    def from_host(self, host, port):
        one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        one.bind((host, 0))
        one.connect(("127.0.0.1", port))
        return one

    def stats(self, daemon):
        return daemon.command("/stats")["stats"]


class Busy(threading.Thread):
    """A client that talks and checks every answer, over TCP or UDP, until told to stop."""

    def __init__(self, one):
        super().__init__(daemon=True)
        self.one = one
        self.rounds = 0
        self.error = None
        self.ending = threading.Event()
        self.start()

    def talk(self):
        data = b"%d %s" % (self.rounds, b"x" * (self.rounds % 700))
        self.one.sendall(data)
        got = b""
        while len(got) < len(data):
            piece = self.one.recv(len(data) - len(got))
            if not piece:
                raise EOFError("the line ended")
            got += piece
        if got != data:
            raise ValueError(f"{got!r}, not {data!r}")
        self.rounds += 1

    def run(self):
        try:
            while not self.ending.is_set():
                self.talk()
        except (OSError, EOFError, ValueError) as error:
            self.error = error

    def finish(self, case):
        self.ending.set()
        self.join(DEADLINE)
        case.assertFalse(self.is_alive())
        case.assertIsNone(self.error)
        case.assertGreater(self.rounds, 0)


class LoadTest(ReloadCase):
    def test_nobody_is_dropped(self):
        daemon = self.start("", "--view", "none", endpoints=(
            "tcp://127.0.0.1:0?reply=echo", "udp://127.0.0.1:0?reply=echo", "unix:a.sock?reply=echo"))
        clients = [Busy(self.tcp(daemon.ports[0])) for _ in range(20)]
        clients += [Busy(self.udp(daemon.ports[1])) for _ in range(8)]
        clients += [Busy(self.unix(self.path("a.sock"))) for _ in range(4)]
        daemon.wait_count(32, "open")
        contents = ("deny 127.0.0.9\nmax-peers 3\nmax-peers-per-host 1\nidle-timeout 60\n",
                    "allow 127.0.0.0/8\nmax-queue 64k\nudp-idle-timeout 60\nhalf-close 1\n",
                    "max-udp-peers 2\nkeepalive 0\nudp-reply-rate 1\nconnect-timeout 1\ndrain 1\n",
                    "")
        for i in range(20):
            if i % 5 == 4:
                self.write("max-peers 1\nfrobnicate\n")
                self.hang_up(daemon, f"telexd: {self.config}:2: unknown option 'frobnicate'")
            else:
                self.reload(daemon, contents[i % len(contents)])
            marks = [client.rounds for client in clients[::7]]
            end = time.monotonic() + DEADLINE
            while any(client.rounds <= mark and not client.error
                      for client, mark in zip(clients[::7], marks)):
                self.assertLess(time.monotonic(), end, "somebody is not served any more")
        for client in clients:
            client.finish(self)
        self.assertEqual(daemon.seen("close"), [])
        self.assertEqual(daemon.seen("refused"), [])
        self.assertEqual(len(daemon.command("/peers")["peers"]), 32)
        daemon.stop()

    def test_a_large_list(self):
        daemon = self.start("")
        one = self.tcp(daemon.port)
        rules = [f"deny 10.{i >> 8}.{i & 255}.0/24\n" for i in range(50000) if i >> 8 < 256]
        self.reload(daemon, "".join(rules))
        self.check_served(one)
        self.reload(daemon, "".join(rules) + "deny 127.0.0.0/8\n")
        self.check_turned_away(self.tcp(daemon.port))
        self.check_served(one)


class FaultTest(ReloadCase):
    def test_a_fault_changes_nothing(self):
        daemon = self.start("max-peers 1\n")
        one = self.tcp(daemon.port)
        self.check_served(one)
        for content, wanted in (("max-peers 5\ndrain x\n", ":2: drain: 'x'"),
                                ("max-peers 5\nlisten tcp://127.0.0.1:0?x=1\n", ":2: "),
                                ("max-peers 5\n\n#\0", ":3: a NUL byte")):
            self.write(content)
            self.hang_up(daemon, self.config + wanted)
            self.check_turned_away(self.tcp(daemon.port))
        os.unlink(self.config)
        self.hang_up(daemon, f"telexd: cannot read {self.config}: No such file or directory")
        self.check_turned_away(self.tcp(daemon.port))
        os.mkfifo(self.config)  # would wait for a writer
        self.hang_up(daemon, "regular file")
        self.check_served(one)
        os.unlink(self.config)
        self.reload(daemon, "max-peers 2\n")
        self.check_served(self.tcp(daemon.port))

    def test_the_command_line_still_wins(self):
        daemon = self.start("", "--max-peers", "1", "--deny", "127.0.0.2")
        self.check_served(self.tcp(daemon.port))
        self.reload(daemon, "max-peers 10\nallow 127.0.0.0/8\n")
        self.check_turned_away(self.tcp(daemon.port))
        self.check_turned_away(self.from_host("127.0.0.2", daemon.port))
        daemon.wait("refused", why="limit")
        daemon.wait("refused", why="access")

    def test_what_is_left_out_is_back_at_its_default(self):
        daemon = self.start("max-peers 1\ndeny 127.0.0.2\n")
        self.check_served(self.tcp(daemon.port))
        self.reload(daemon, "")
        self.check_served(self.from_host("127.0.0.2", daemon.port))


class WithoutConfigTest(ReloadCase):
    def test_it_ends_the_daemon(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.signal(signal.SIGHUP)
        daemon.wait("close", reason="shutdown")
        self.expect_end(one)
        daemon.wait_end(0)

    def test_a_terminal_that_hangs_up_ends_it_with_config_too(self):
        self.config = self.file("telexd.conf", "")
        daemon = self.terminal_daemon("--config", self.config, "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_seen("#1 connected")
        daemon.hang_up()
        self.expect_end(one)
        daemon.wait_end(0)

    def test_during_a_shutdown(self):
        daemon = self.start("", "--drain", "20")
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        with open(self.path("large"), "wb") as file:
            file.truncate(16 << 20)
        daemon.command(f"/file 1 {self.path('large')}")
        daemon.signal(signal.SIGTERM)
        daemon.wait("unlistening")
        self.write("drain 0\nfrobnicate\n")
        daemon.signal(signal.SIGHUP)
        self.assertEqual(len(self.receive_all(one)), 16 << 20)
        daemon.wait_end(0)
        self.assertEqual(daemon.stderr.copy(), b"")


class AccessTest(ReloadCase):
    def test_new_connections(self):
        daemon = self.start("deny 127.0.0.2\n")
        old = self.tcp(daemon.port)
        self.check_served(old)
        self.check_turned_away(self.from_host("127.0.0.2", daemon.port))
        self.reload(daemon, "allow 127.0.0.2\n")
        self.check_served(self.from_host("127.0.0.2", daemon.port))
        self.check_turned_away(self.tcp(daemon.port))
        self.check_served(old)

    def test_datagrams(self):
        daemon = self.start("", endpoints=("udp://127.0.0.1:0?reply=echo",))
        one, two = self.udp(daemon.port), self.udp(daemon.port)
        self.check_served(one)
        self.reload(daemon, "deny 127.0.0.1\n")
        one.send(b"now refused")
        two.send(b"refused too")
        count = 0
        while count < 2:
            count += daemon.wait("refused", why="access")["count"]
        self.assertEqual([peer["peer"] for peer in daemon.command("/peers")["peers"]], [1])
        daemon.command("@1 but it can be answered")
        self.expect(one, "but it can be answered")
        self.reload(daemon, "")
        self.check_served(one)
        self.check_served(two)
        self.check_silent(one)


class LimitTest(ReloadCase):
    def test_max_peers(self):
        daemon = self.start("")
        clients = [self.tcp(daemon.port) for _ in range(3)]
        for client in clients:
            self.check_served(client)
        self.reload(daemon, "max-peers 2\n")
        for client in clients:
            self.check_served(client)
        self.check_turned_away(self.tcp(daemon.port))
        clients.pop().close()
        daemon.wait("close")
        self.check_turned_away(self.tcp(daemon.port))
        clients.pop().close()
        daemon.wait("close")
        self.check_served(self.tcp(daemon.port))

    def test_max_consoles(self):
        control = self.path("control")
        daemon = self.start("max-consoles 1\n", f"--control={control}")
        one = self.attach(control)
        extra = ControlConsole(self, control, hello=False)
        extra.wait("error")
        daemon.wait_diagnostic("--max-consoles")
        self.told += 1
        self.reload(daemon, "max-consoles 2\n")
        self.attach(control).command("/peers")
        self.reload(daemon, "max-consoles 1\n")
        one.command("/peers")  # who is there stays

    def test_max_children(self):
        daemon = self.start("max-children 1\n")
        call, refusal = "/connect exec:cat", "do so already: 2 (--max-children)"
        daemon.command(call)
        self.reload(daemon, "max-children 2\n")
        daemon.command(call)
        daemon.refused(call, refusal)
        self.reload(daemon, "max-children 1\n")  # those that run go on
        daemon.refused(call, refusal)
        self.reload(daemon, "max-children 0\n")
        daemon.command(call)
        daemon.wait_count(3, "open")
        self.assertFalse(daemon.seen("close"))

    def test_max_peers_per_host_counts_who_is_there(self):
        daemon = self.start("", endpoints=("tcp://0.0.0.0:0?reply=echo", "unix:a.sock?reply=echo"))
        hosts = ("127.0.0.1", "127.0.0.1", "127.0.0.2")
        clients = [self.from_host(host, daemon.port) for host in hosts]
        clients.append(self.unix(self.path("a.sock")))
        for client in clients:
            self.check_served(client)
        for _ in range(2):  # the second time after it was off meanwhile
            self.reload(daemon, "max-peers-per-host 2\n")
            self.check_turned_away(self.from_host("127.0.0.1", daemon.port))
            other = self.from_host("127.0.0.2", daemon.port)
            self.check_served(other)
            self.check_turned_away(self.from_host("127.0.0.2", daemon.port))
            self.check_served(self.unix(self.path("a.sock")))
            clients[0].close()
            daemon.wait("close")
            clients[0] = self.from_host("127.0.0.1", daemon.port)
            self.check_served(clients[0])
            self.check_turned_away(self.from_host("127.0.0.1", daemon.port))
            self.reload(daemon, "")
            other.close()
            daemon.wait("close")
            more = [self.from_host("127.0.0.1", daemon.port) for _ in range(3)]
            for client in more:
                self.check_served(client)
            for client in more:
                client.close()
            for client in more:
                daemon.wait("close", reason="eof")
        self.reload(daemon, "max-peers-per-host 3\n")
        self.check_served(self.from_host("127.0.0.1", daemon.port))
        self.check_turned_away(self.from_host("127.0.0.1", daemon.port))

    def test_max_udp_peers(self):
        daemon = self.start("", endpoints=("udp://127.0.0.1:0?reply=echo",))
        senders = [self.udp(daemon.port) for _ in range(3)]
        for sender in senders:
            self.check_served(sender)
        self.reload(daemon, "max-udp-peers 3\n")
        self.check_served(self.udp(daemon.port))
        daemon.wait("close", peer=1, reason="evicted")

    def test_max_queue(self):
        daemon = self.start("", endpoints=("tcp://127.0.0.1:0",))
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        self.reload(daemon, "max-queue 64k\n")
        line = "@1 " + 60000 * "x"
        while (answer := daemon.ask(line))["event"] == "result":
            pass
        self.assertIn("queue", answer["error"])
        self.assertLess(daemon.command("/peers")["peers"][0]["queued"], 65537)
        self.reload(daemon, "max-queue 1M\n")
        daemon.command(line)
        one.close()

    def test_half_close(self):
        daemon = self.start("half-close 0\n", endpoints=(
            "tcp://127.0.0.1:0", "tcp://127.0.0.1:0?half-close=0"))
        one, own = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        daemon.wait_count(2, "open")
        self.reload(daemon, "half-close 60\n")
        daemon.command("/listen tcp://127.0.0.1:0")
        new = self.tcp(daemon.endpoint_port(daemon.wait("listening", listener=3)["endpoint"]))
        daemon.open(listener=3)
        for each in (own, one, new):
            each.shutdown(socket.SHUT_WR)
        daemon.wait_count(3, "half-close")
        self.expect_end(own)
        daemon.command("@1,3 still there")
        self.expect(one, "still there\n")
        self.expect(new, "still there\n")
        self.assertEqual(len(daemon.seen("close")), 1)

    def test_connect_timeout(self):
        port = self.full_listener()
        daemon = self.start("connect-timeout 0\n")
        self.reload(daemon, "connect-timeout 0.2\n")
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        daemon.wait("close", reason="timeout")

    def test_drain(self):
        daemon = self.start("drain 60\n", endpoints=("tcp://127.0.0.1:0",))
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        while daemon.command("/peers")["peers"][0]["queued"] == 0:
            daemon.command("@1 " + 60000 * "x")
        self.reload(daemon, "drain 0.1\n")
        daemon.command("/close 1")
        self.assertGreater(daemon.wait("close", peer=1)["unsent"], 0)
        one.close()


class IdleTest(ReloadCase):
    def test_from_never_to_some(self):
        path = self.path("a.sock")
        server = self.listener()
        daemon = self.start("", endpoints=("tcp://127.0.0.1:0?reply=echo", f"unix:{path}"))
        one, two = self.tcp(daemon.port), self.unix(path)
        daemon.wait_count(2, "open")
        daemon.command(f"/connect tcp://{name_of(server)}")
        three = self.accept(server)
        daemon.wait_count(3, "open")
        self.reload(daemon, "idle-timeout 0.2\n")
        for each in (one, two, three):
            self.expect_end(each)
        for peer in (1, 2, 3):
            daemon.wait("close", peer=peer, reason="timeout")

    def test_from_some_to_never(self):
        daemon = self.start("idle-timeout 1\n")
        one = self.tcp(daemon.port)
        daemon.open()
        self.reload(daemon, "")
        daemon.command("/listen tcp://127.0.0.1:0?name=mark")
        # Another daemon's clock tells when the time is over.
        other = self.daemon("--idle-timeout", "1.5", "tcp://127.0.0.1:0")
        two = self.tcp(other.port)
        self.expect_end(two)
        self.check_served(one)
        self.assertEqual(daemon.seen("close"), [])

    def test_from_long_to_short(self):
        daemon = self.start("idle-timeout 300\n")
        one = self.tcp(daemon.port)
        daemon.open()
        self.reload(daemon, "idle-timeout 0.2\n")
        self.expect_end(one)
        daemon.wait("close", reason="timeout")

    def test_while_a_call_is_under_way(self):
        port = self.full_listener()
        daemon = self.start("connect-timeout 0\n")
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        self.reload(daemon, "idle-timeout 0.1\nconnect-timeout 0\n")
        one = self.tcp(daemon.port)
        self.expect_end(one)  # a whole idle time later
        self.assertEqual([peer["state"] for peer in daemon.command("/peers")["peers"]],
                         ["connecting"])

    def test_a_queue_that_drains_is_no_silence(self):
        """Its peer reads slowly, and what it reads was sent long ago."""
        daemon = self.start("", endpoints=("tcp://127.0.0.1:0?name=slow", "tcp://127.0.0.1:0"))
        one = self.tcp(daemon.ports[0], receive_buffer=4096)
        daemon.open()
        while daemon.command("/peers")["peers"][0]["queued"] < 500000:
            daemon.command("@1 " + 100000 * "x")
        clock = self.tcp(daemon.ports[1])
        daemon.open()
        while daemon.command("/info 1")["peer"]["idle"] < 2:
            pass
        self.reload(daemon, "idle-timeout 2\n")
        self.expect_end(clock)  # it has nothing to read, and was silent for longer
        self.assertEqual(daemon.command("/info 1")["peer"]["state"], "open")
        self.receive(one, 100000)

    def test_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        daemon = self.start("udp-idle-timeout 0\n", endpoints=("udp://127.0.0.1:0?reply=echo",))
        one = self.udp(daemon.port)
        self.check_served(one)
        daemon.command(f"/connect udp://{name_of(far)}")
        daemon.wait_count(2, "open")
        self.reload(daemon, "udp-idle-timeout 0.2\n")
        daemon.wait("close", peer=1, reason="timeout")
        daemon.wait("close", peer=2, reason="timeout")
        self.reload(daemon, "udp-idle-timeout 1\n")
        self.check_served(one)
        self.reload(daemon, "udp-idle-timeout 0\n")
        other = self.daemon("--idle-timeout", "1.5", "tcp://127.0.0.1:0")
        self.expect_end(self.tcp(other.port))
        self.check_served(one)
        self.assertEqual(daemon.seen("close", peer=3), [])


if __name__ == "__main__":
    main()
