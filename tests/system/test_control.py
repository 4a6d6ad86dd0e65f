# SPDX-License-Identifier: GPL-3.0-or-later
"""Control sockets: further consoles on a running daemon, each its own operator."""

import os
import random
import resource
import shutil
import signal
import socket
import stat
import threading
import time
import unittest

from telex_test import (ControlConsole, DEADLINE, Console, Program, Terminal, TestCase, main,
                        program)

MIB = 1 << 20

needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")


class ControlCase(TestCase):
    def setUp(self):
        super().setUp()
        self.control = self.path("control")

    def controlled(self, *args, keys="", **keywords):
        """A daemon with a JSON console of its own and a control socket."""
        return self.daemon("tcp://127.0.0.1:0", f"--control={self.control}{keys}", *args, count=1,
                           **keywords)

    def descriptors(self, daemon):
        return len(os.listdir(f"/proc/{daemon.pid}/fd"))

    def wait_descriptors(self, daemon, count):
        """Waits, by the daemon's own answers, until it has that many descriptors open."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            daemon.command("/stats")
            if self.descriptors(daemon) == count:
                return
        daemon.fail(f"{self.descriptors(daemon)} descriptors, not {count}")


class HelloTest(ControlCase):
    def test_hello_is_first(self):
        self.controlled()
        one = self.attach(self.control)
        self.assertEqual(one.events[0], one.hello)
        self.assertEqual(list(one.hello),
                         ["time", "event", "protocol", "version", "access", "console", "run",
                          "seq", "history"])
        version = Program(self, [program("TELEXD"), "--version"])
        version.wait_end()
        self.assertEqual(one.hello["protocol"], 1)
        self.assertEqual(f"telexd {one.hello['version']}\n", version.stdout.copy().decode())
        self.assertRegex(one.hello["run"], "^[0-9a-f]{16}$")
        self.assertEqual(one.hello["access"], "write")
        self.assertEqual(one.hello["console"], 2)

    def test_numbers_are_never_used_again(self):
        self.controlled()
        numbers = []
        for _ in range(3):
            one = self.attach(self.control)
            numbers.append(one.hello["console"])
            one.close()
        self.assertEqual(numbers, [2, 3, 4])

    def test_without_a_local_console_they_begin_at_one(self):
        self.daemon("tcp://127.0.0.1:0", f"--control={self.control}", "--no-console", wait=False)
        self.assertEqual(self.attach_soon(self.control).hello["console"], 1)

    def attach_soon(self, path):
        """To a daemon that says nothing when it is ready."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            try:
                return self.attach(path)
            except OSError:
                pass
        self.fail(f"nobody listens on {path}")

    def test_starts_without_target_and_with_view_text(self):
        daemon = self.controlled("--view", "none")
        peer = self.tcp(daemon.port)
        daemon.open()
        one = self.attach(self.control)
        one.refused("nobody", "no target")
        peer.sendall(b"hello")
        self.assertEqual(one.wait("message")["text"], "hello")

    def test_lines_are_numbered_on_each(self):
        daemon = self.controlled()
        daemon.command("/peers")
        one, two = self.attach(self.control), self.attach(self.control)
        one.write("/peers\n\n/peers\n")
        self.assertEqual([one.wait("result")["input"] for _ in range(2)], [1, 3])
        two.write("/stats\n")
        self.assertEqual(two.wait("result")["input"], 1)


class OperatorsTest(ControlCase):
    """Several operators at once."""

    def test_each_has_a_target_of_its_own(self):
        daemon = self.controlled()
        peers = []
        for _ in range(3):
            peers.append(self.tcp(daemon.port))
            daemon.open()
        consoles = [daemon, self.attach(self.control), self.attach(self.control)]
        for number, console in enumerate(consoles, 1):
            console.command(f"/to {number}")
            self.assertEqual(console.wait("target")["peer"], number)
        for number, console in enumerate(consoles, 1):
            console.command(f"from {number}")
        for number, peer in enumerate(peers, 1):
            self.expect(peer, f"from {number}\n")
        for number, console in enumerate(consoles, 1):
            self.assertEqual([event["peer"] for event in console.seen("target")], [number])

    def test_all_see_what_any_has_sent(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.open()
        consoles = [daemon, self.attach(self.control), self.attach(self.control)]
        for console in consoles:
            console.command("@1 hello")
        self.receive(peer, 18)
        for console in consoles:
            sent = console.wait_count(3, "sent", peer=1, by="operator")
            self.assertEqual([event["console"] for event in sent], [1, 2, 3])

    def test_the_target_is_null_after_close(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.open()
        one, two = self.attach(self.control), self.attach(self.control)
        one.command("/to 1")
        peer.close()
        one.wait("target", peer=None)
        names = [event["event"] for event in one.parse()]
        self.assertGreater(names.index("close"), 0)
        self.assertEqual(one.parse()[names.index("close") + 1]["event"], "target")
        two.wait("close")
        two.command("/peers")
        self.assertEqual(two.seen("target"), [])

    def test_each_has_a_view_of_its_own(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.open()
        text, size, none = (self.attach(self.control) for _ in range(3))
        size.command("/view size")
        none.command("/view none")
        peer.sendall(b"abc")
        self.assertEqual(text.wait("message")["text"], "abc")
        self.assertNotIn("text", size.wait("message", size=3))
        peer.close()
        none.wait("close")
        self.assertEqual(none.seen("message"), [])

    def test_names_are_for_all(self):
        daemon = self.controlled()
        self.tcp(daemon.port)
        daemon.open()
        one, two = self.attach(self.control), self.attach(self.control)
        one.command("/name 1 boiler")
        self.assertEqual(two.wait("name")["name"], "boiler")
        two.command("/to boiler")

    def test_a_target_is_not_evicted_until_its_console_goes(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", "--max-udp-peers=1",
                             f"--control={self.control}")
        first, second, third = (self.udp(daemon.port) for _ in range(3))
        first.send(b"first")
        daemon.open()
        one = self.attach(self.control)
        one.command("/to 1")
        second.send(b"second")
        daemon.command("/peers")
        self.assertEqual(daemon.seen("close"), [])
        one.command("/quit")
        one.wait_output_end()
        third.send(b"third")
        self.assertEqual(daemon.wait("close")["reason"], "evicted")


class ReadOnlyTest(ControlCase):
    ALLOWED = {"to", "show", "find", "replay", "peers", "info", "listeners", "only", "mute", "grep", "view", "time", "stats",
               "read-only", "consoles", "say", "help", "quit"}
    ARGUMENTS = {"send": "1 x", "to": "1", "info": "1", "name": "1 boiler", "bytes": "1 00",
                 "file": "1 /etc/hostname", "close": "1", "listen": "tcp://127.0.0.1:0",
                 "unlisten": "1", "connect": "tcp://127.0.0.1:1", "reply": "1 echo",
                 "view": "text", "time": "ms", "fault": "1 latency=5", "line": "1 dtr=on",
                 "say": "a word", "find": "x", "replay": "0"}

    def check_enforced(self, daemon, console, peer):
        commands = [each["command"] for each in console.command("/help")["help"]]
        self.assertLess(self.ALLOWED, set(commands))
        for command in commands:
            with self.subTest(command=command):
                line = f"/{command} {self.ARGUMENTS.get(command, '')}".rstrip()
                if command == "quit":
                    continue
                if command in self.ALLOWED:
                    console.command(line)
                else:
                    console.refused(line, "read-only")
        for line in ("text", "@1 text", "@* text", "//text", "/shu", "/close *"):
            console.refused(line, "read-only")
        console.input("")
        console.command("/quit")
        console.wait_output_end()
        daemon.command("@1 only this")
        self.expect(peer, "only this\n")
        self.assertEqual(daemon.seen("sent", console=console.hello["console"]), [])

    def test_a_read_only_socket(self):
        daemon = self.controlled(keys="?access=read")
        peer = self.tcp(daemon.port)
        daemon.open()
        one = self.attach(self.control)
        self.assertEqual(one.hello["access"], "read")
        self.check_enforced(daemon, one, peer)

    def test_a_console_that_made_itself_read_only(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.open()
        one, two = self.attach(self.control), self.attach(self.control)
        one.command("/read-only")
        self.check_enforced(daemon, one, peer)
        two.command("@1 still possible")
        self.expect(peer, "still possible\n")

    def test_one_socket_of_each_kind(self):
        other = self.path("look")
        daemon = self.controlled(f"--control={other}?access=read&mode=0666")
        self.tcp(daemon.port)
        daemon.open()
        self.assertEqual(stat.S_IMODE(os.stat(other).st_mode), 0o666)
        looking, acting = self.attach(other), self.attach(self.control)
        acting.command("@1 hello")
        self.assertEqual(looking.wait("sent")["text"], "hello\n")
        looking.refused("@1 hello", "read-only")


class TrustTest(ControlCase):
    """Who may name paths of the machine."""

    LINES = ("/file 1 /etc/hostname", "/listen unix:{}/new", "/connect unix:{}/control",
             "/connect serial:{}/ttyUSB0")

    def test_the_daemons_own_user_may(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.open()
        one = self.attach(self.control)
        one.command(f"/file 1 {self.file('data', 'of a file')}")
        self.expect(peer, "of a file")
        one.command(f"/listen unix:{self.path('new')}")
        one.command(f"/connect unix:{self.path('new')}")

    def test_who_has_given_it_up_may_not(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.open()
        one, two = self.attach(self.control), self.attach(self.control)
        one.command("/restrict")
        for line in (*self.LINES, "/connect exec:true",
                     "/listen tcp://127.0.0.1:0?to=exec:true",
                     "/listen tcp://127.0.0.1:0?to=unix:{}/control",
                     "/listen tls://127.0.0.1:0?cert={}/cert"):
            one.refused(line.format(self.directory), "only for the user", "root")
        one.command("@1 all else")
        self.expect(peer, "all else\n")
        two.command(f"/file 1 {self.file('data', 'of a file')}")
        self.expect(peer, "of a file")

    @needs_root
    def test_another_user_may_not(self):
        daemon = self.controlled(keys="?mode=0666")
        self.tcp(daemon.port)
        daemon.open()
        one = Console(self, ["socat", "-", f"UNIX-CONNECT:{self.control}"], nobody=True)
        self.assertEqual(one.wait("hello")["access"], "write")
        for line in self.LINES:
            one.refused(line.format(self.directory), "only for the user", "root")
        secret = self.file("secret", "password\n")
        one.refused(f"/connect tcp://far:1?via=socks5://me@127.0.0.1:1&via-auth={secret}",
                    "via-auth= is only for the user", "root")
        one.command("@1 all else")
        one.command("/listen tcp://127.0.0.1:0")

    @needs_root
    def test_root_may_with_a_daemon_of_another_user(self):
        daemon = self.controlled(nobody=True)
        peer = self.tcp(daemon.port)
        daemon.open()
        one = self.attach(self.control)
        data = self.file("data", "of a file")
        one.command(f"/file 1 {data}")
        self.expect(peer, "of a file")


class PathTest(ControlCase):
    def test_only_its_owner_may_by_default(self):
        self.controlled(preexec=lambda: os.umask(0))
        self.assertEqual(stat.S_IMODE(os.stat(self.control).st_mode), 0o600)

    def test_mode(self):
        self.controlled(keys="?mode=0660", preexec=lambda: os.umask(0o077))
        self.assertEqual(stat.S_IMODE(os.stat(self.control).st_mode), 0o660)

    def test_removed_at_the_end(self):
        daemon = self.controlled()
        self.assertTrue(os.path.exists(self.control))
        daemon.stop()
        self.assertFalse(os.path.exists(self.control))

    def test_a_stale_one_is_replaced(self):
        stale = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stale.bind(self.control)
        stale.close()
        self.controlled()
        self.attach(self.control)

    def test_one_of_a_killed_daemon_is_replaced(self):
        daemon = self.controlled()
        daemon.signal(signal.SIGKILL)
        daemon.wait_end(-signal.SIGKILL)
        self.assertTrue(os.path.exists(self.control))
        self.controlled()
        self.attach(self.control)

    def test_only_one_of_several_takes_a_stale_one(self):
        for _ in range(5):
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(self.control)
            daemons = [self.controlled(wait=False) for _ in range(4)]
            for one in daemons:  # it listens, or says why not
                one.until(lambda one=one: one.seen("listening") or one.stdout.ended or None,
                          "an end or a beginning")
            living = [one for one in daemons if one.seen("listening")]
            self.assertEqual(len(living), 1)
            for one in daemons:
                if one not in living:
                    one.wait_end(1)
            self.attach(self.control).command("/peers")
            living[0].stop()

    def test_a_live_one_is_an_error(self):
        self.controlled()
        self.refuse_daemon([f"--control={self.control}", "tcp://127.0.0.1:0"], 1,
                           "cannot listen on control socket", self.control,
                           "Address already in use")
        self.attach(self.control)

    def test_what_is_no_socket_is_kept(self):
        path = self.file("control", "precious")
        self.refuse_daemon([f"--control={path}", "tcp://127.0.0.1:0"], 1, path, "not a socket")
        with open(path, encoding="ascii") as file:
            self.assertEqual(file.read(), "precious")

    def test_only_our_own_is_removed(self):
        daemon = self.controlled()
        os.unlink(self.control)
        other = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        other.bind(self.control)
        daemon.stop()
        self.assertTrue(os.path.exists(self.control))

    def test_all_or_nothing(self):
        first = self.path("first")
        self.refuse_daemon([f"--control={first}", "--control=/does/not/exist/x",
                            f"unix:{self.path('line')}"], 1, "/does/not/exist/x",
                           "No such file or directory")
        self.assertEqual(os.listdir(self.directory), [])

    def test_percent(self):
        daemon = self.daemon("tcp://127.0.0.1:0", f"--control={self.directory}/a%20b%3fc", count=1)
        self.attach(self.path("a b?c")).command("/peers")
        daemon.stop()

    def test_as_the_next_word(self):
        self.daemon("--control", self.control, "tcp://127.0.0.1:0")
        self.attach(self.control)

    def test_usage_errors(self):
        for text, *parts in (("/x?access=all", "access=all", "read or write"),
                             ("/x?mode=8", "mode=8", "octal"), ("/x?mode=0", "mode=0"),
                             ("/x?reply=echo", "'reply'", "access, mode"),
                             ("/x?access", "'access'", "key=value"),
                             ("/x%2", "%2"), ("/" + "x" * 107, "108 bytes", "107")):
            with self.subTest(text=text):
                self.refuse_daemon([f"--control={text}", "tcp://127.0.0.1:0"], 2, "--control",
                                   *parts)

    def test_relative_to_the_directory(self):
        self.daemon("--control=./control", "tcp://127.0.0.1:0")
        self.attach(self.control)

    @needs_root
    def test_default_of_a_user(self):
        self.daemon("--control", "tcp://127.0.0.1:0", nobody=True)
        self.attach(self.path("telex.sock"))

    @needs_root
    def test_default_with_keys(self):
        self.daemon("--control", "?access=read&mode=0666", "tcp://127.0.0.1:0", nobody=True)
        self.assertEqual(self.attach(self.path("telex.sock")).hello["access"], "read")

    def somebody(self):
        """A user that nothing else on this machine is of, and the directory in /tmp."""
        user = 100000 + os.getpid() % 50000
        directory = f"/tmp/telex-{user}"
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        return user, directory

    @needs_root
    def test_default_without_a_runtime_directory(self):
        user, directory = self.somebody()
        env = {"XDG_RUNTIME_DIR": None}
        daemon = self.daemon("--control", "tcp://127.0.0.1:0", nobody=user, env=env)
        status = os.lstat(directory)
        self.assertEqual((status.st_uid, stat.S_IMODE(status.st_mode)), (user, 0o700))
        os.chmod(self.directory, 0o777)
        client = Program(self, [program("TELEX"), "attach"], nobody=user, env=env)
        client.line("/listeners")
        client.wait_output("tcp://127.0.0.1:")
        client.close_stdin()
        client.wait_end(0)
        daemon.stop()
        self.daemon("--control", "tcp://127.0.0.1:0", nobody=user, env=env).stop()  # it is there

    @needs_root
    def test_a_directory_that_somebody_else_has_made(self):
        user, directory = self.somebody()
        os.mkdir(directory)
        run = Program(self, [program("TELEXD"), "--control", "unix:a.sock"], nobody=user,
                      env={"XDG_RUNTIME_DIR": None})
        run.wait_end(1)
        self.assertIn(f"{directory} is no directory that is yours alone",
                      run.stderr.copy().decode())
        self.assertEqual(os.listdir(directory), [])
        run = Program(self, [program("TELEX"), "attach"], nobody=user,
                      env={"XDG_RUNTIME_DIR": None})
        run.wait_end(1)
        self.assertIn(f"cannot attach to {directory}/telex.sock: its directory is not yours alone, "
                      "nor to /run/telex/telex.sock: ", run.stderr.copy().decode())

    @needs_root
    def test_the_group_of_the_service_attaches(self):
        """Who has no daemon of one's own gets the service's, where its permissions let one."""
        if os.path.exists("/run/telex/telex.sock"):
            self.skipTest("somebody uses it")
        was_there = os.path.exists("/run/telex")
        user, _ = self.somebody()
        daemon = self.daemon("--control=?mode=0660", "tcp://127.0.0.1:0")
        env = {"XDG_RUNTIME_DIR": self.directory}
        client = Program(self, [program("TELEX"), "attach"], nobody=user, env=env)
        client.wait_end(1)
        self.assertIn(f"cannot attach to {self.directory}/telex.sock: No such file or directory, nor to "
                      "/run/telex/telex.sock: Permission denied; the group telex may",
                      client.stderr.copy().decode())
        os.chown("/run/telex/telex.sock", 0, user)
        client = Terminal(self, [self.public(program("TELEX")), "attach"], nobody=user, env=env)
        client.wait_seen("at /run/telex/telex.sock as console 2")
        client.line("/quit")
        client.wait_end(0)
        daemon.stop()
        if not was_there:
            os.rmdir("/run/telex")

    @needs_root
    def test_default_of_root(self):
        if os.path.exists("/run/telex/telex.sock"):
            self.skipTest("somebody uses it")
        was_there = os.path.exists("/run/telex")
        daemon = self.daemon("--control", "tcp://127.0.0.1:0", preexec=lambda: os.umask(0o077))
        self.attach("/run/telex/telex.sock")
        self.assertEqual(stat.S_IMODE(os.stat("/run/telex").st_mode), 0o755)
        daemon.stop()
        self.assertFalse(os.path.exists("/run/telex/telex.sock"))
        if not was_there:
            os.rmdir("/run/telex")

    def test_where_attach_looks(self):
        if os.geteuid() == 0:
            path, env = "/run/telex/telex.sock", {}
            if os.path.exists(path):
                self.skipTest("somebody uses it")
        else:
            path, env = self.path("telex.sock"), {}
        self.refuse_telex(["attach"], 1, f"cannot attach to {path}", env=env)


class EndTest(ControlCase):
    def test_end_of_input_ends_input_only(self):
        daemon = self.controlled()
        one = self.attach(self.control)
        one.write("/peers\n/stats")
        one.close_stdin()
        self.assertEqual([one.wait("result")["command"] for _ in range(2)], ["peers", "stats"])
        self.tcp(daemon.port)
        one.wait("open")

    def test_a_script_gets_its_answer(self):
        self.controlled()
        for argv in (["socat", "-", f"UNIX-CONNECT:{self.control}"],):
            run = Console(self, argv)
            run.write("/peers\n")
            run.close_stdin()
            run.wait_end()
            self.assertEqual([event["event"] for event in run.parse()], ["hello", "result"])

    def test_what_a_script_has_sent_is_run_though_it_has_gone(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        daemon.wait("open", peer=1)
        one = self.unix(self.control)
        one.sendall(b"@1 line\n" * 500)
        one.close()
        self.assertEqual(self.receive(peer, 2500), b"line\n" * 500)

    def test_not_for_long_where_that_is_much(self):
        """Lines that would take minutes are not run for one who has gone."""
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", f"--control={self.control}",
                             "--view=none")
        for _ in range(10_000):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"x", ("127.0.0.1", daemon.port))
        before = self.descriptors(daemon)
        one = self.unix(self.control)
        one.setblocking(False)
        lines = b"/pe\n" * 100_000  # /peers
        try:
            while True:
                one.send(lines)
        except BlockingIOError:
            one.close()
        self.wait_descriptors(daemon, before)

    def test_quit_is_answered_and_detaches(self):
        daemon = self.controlled()
        one = self.attach(self.control)
        one.write("/quit\n/peers\n")
        one.wait_output_end()
        self.assertEqual([event.get("command") for event in one.parse()], [None, "quit"])
        daemon.command("/peers")

    def test_quit_after_a_long_answer(self):
        """All of it arrives, though the reader takes its time."""
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", f"--control={self.control}",
                             "--view=none")
        sockets = [self.udp(daemon.port) for _ in range(1500)]
        for each in sockets:
            each.send(b"x")
        daemon.wait_count(1500, "open")
        one = self.attach(self.control)
        one.stdout.pause()
        one.write("/peers\n" * 8 + "/quit\n")
        daemon.command("/stats")
        one.stdout.resume()
        one.wait_output_end()
        self.assertEqual(one.seen("result")[-1]["command"], "quit")
        self.assertEqual(len(one.seen("result", command="peers")), 16)

    def test_who_never_reads_cannot_stay_after_quit(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", f"--control={self.control}",
                             "--view=none", "--drain=0.2")
        before = self.descriptors(daemon)
        sockets = [self.udp(daemon.port) for _ in range(900)]
        for each in sockets:
            each.send(b"x")
        daemon.wait_count(900, "open")
        one = self.attach(self.control)
        one.stdout.pause()
        one.write("/peers\n" * 3 + "/quit\n")
        self.wait_descriptors(daemon, before)

    def test_nothing_is_left_of_those_that_went(self):
        daemon = self.controlled()
        before = self.descriptors(daemon)
        for half in (False, True) * 5:
            one = self.attach(self.control)
            if half:
                one.write("/peers\n")
                one.close_stdin()
                one.wait("result")
            one.close()
        self.wait_descriptors(daemon, before)

    def test_a_reset_one(self):
        daemon = self.controlled()
        before = self.descriptors(daemon)
        one = self.unix(self.control)
        one.sendall(b"/peers\n" * 1000)
        one.close()  # with unread input: the daemon's writes fail
        self.wait_descriptors(daemon, before)

    def test_shutdown_ends_the_daemon(self):
        daemon = self.controlled()
        peers = [self.tcp(daemon.port) for _ in range(2)]
        daemon.wait_count(2, "open")
        one, two = self.attach(self.control), self.attach(self.control)
        one.command("/shutdown")
        for console in (one, two):
            console.wait_output_end()
            closed = console.seen("close", reason="shutdown")
            self.assertEqual([event["peer"] for event in closed], [1, 2])
        for peer in peers:
            self.expect_end(peer)
        daemon.wait_end(0)
        self.assertFalse(os.path.exists(self.control))

    def test_a_shutdown_does_not_wait_for_who_does_not_read(self):
        daemon = self.controlled("--drain=0.5")
        peer = self.tcp(daemon.port)
        daemon.open()
        stalled, reading = self.attach(self.control), self.attach(self.control)
        stalled.stdout.pause()
        for _ in range(40):
            peer.sendall(b"x" * 65536)
            reading.wait("message")
        daemon.stop()
        reading.wait_output_end()
        self.assertEqual(len(reading.seen("close", reason="shutdown")), 1)

    def ending(self, *args):
        """A daemon that has been told to end, and waits for a peer that does not read."""
        daemon = self.controlled("--max-queue", "16M", *args)
        peer = self.tcp(daemon.port, receive_buffer=4096)
        daemon.wait("open", peer=1)
        desk = self.attach(self.control)
        for _ in range(8):
            desk.command("@1 " + "x" * 900_000)
        daemon.signal(signal.SIGTERM)
        desk.wait("unlistening")
        return daemon, desk, peer

    def test_nothing_begins_while_it_ends(self):
        daemon, desk, _ = self.ending("--drain", "30")
        for line in ("/listen tcp://127.0.0.1:0", "/connect tcp://127.0.0.1:9"):
            desk.refused(line, "shutting down")
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(1)

    def test_a_second_signal_waits_for_no_reader(self):
        daemon, desk, _ = self.ending("--drain", "1000")
        daemon.stdout.pause()
        desk.command("/view text")
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(1)

    def test_nobody_attaches_while_it_ends(self):
        daemon = self.controlled("--drain=20")
        peer = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        one = self.attach(self.control)
        for _ in range(50):
            daemon.ask("@1 " + "x" * 65536)
        daemon.signal(signal.SIGTERM)
        one.wait("unlistening")
        with self.assertRaises(OSError):
            self.unix(self.control)
        peer.close()
        daemon.wait_end(0)


class HangUpTest(ControlCase):
    def test_a_lost_terminal_ends_its_console_only(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0", f"--control={self.control}")
        one = self.attach(self.control)
        daemon.hang_up()
        peer = self.tcp(daemon.port)
        one.wait("open")
        one.command("@1 still here")
        self.expect(peer, "still here\n")
        one.command("/shutdown")
        daemon.wait_end(0)

    def test_without_control_it_ends_the_daemon(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        daemon.hang_up()
        daemon.wait_end(0)

    def test_sighup(self):
        daemon = self.controlled()
        daemon.signal(signal.SIGHUP)
        daemon.command("/peers")
        self.attach(self.control).command("/peers")


class SlowTest(ControlCase):
    def talk(self, peer, reading, megabytes):
        """A peer talks so much that a console which is not read must lose some of it."""
        for _ in range(megabytes * 16):
            peer.sendall(b"x" * 65535 + b"\n")
            reading.wait("message", size=65536)

    def test_events_are_lost_and_answers_are_not(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line", f"--control={self.control}",
                             count=1)
        peer = self.tcp(daemon.port)
        daemon.open()
        slow, reading = self.attach(self.control), self.attach(self.control)
        slow.stdout.pause()
        slow.write("/peers\n" * 5)
        self.talk(peer, reading, 4)
        slow.write("/stats\n" * 5)
        slow.stdout.resume()
        lost = slow.wait("lost")
        self.assertGreater(lost["messages"], 0)
        answers = [slow.wait(None, input=number)["command"] for number in range(1, 11)]
        self.assertEqual(answers, ["peers"] * 5 + ["stats"] * 5)
        shown = len(slow.seen("message"))
        self.assertEqual(shown + sum(event["messages"] for event in slow.seen("lost")), 64)
        self.assertEqual(reading.seen("lost"), [])

    def test_operators_under_load(self):
        """One is stopped, one is killed, one reads: the peers notice nothing."""
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo&framing=line", "--view=none",
                             f"--control={self.control}", count=1)
        stopped, killed = (Console(self, ["socat", "-", f"UNIX-CONNECT:{self.control}"])
                           for _ in range(2))
        reading = self.attach(self.control)
        for console in (stopped, killed):
            console.wait("hello")
            console.command("/peers")
        peer = self.tcp(daemon.port)
        daemon.open()
        stopped.signal(signal.SIGSTOP)
        line = b"x" * 4095 + b"\n"
        for number in range(1500):
            peer.sendall(line)
            self.expect(peer, line)
            if number == 300:
                killed.signal(signal.SIGKILL)
        reading.wait_count(1500, "message", peer=1)
        self.assertEqual(reading.seen("lost"), [])
        stopped.signal(signal.SIGCONT)
        stopped.wait("lost")
        stopped.command("/peers")
        killed.wait_end(-signal.SIGKILL)
        daemon.command("/peers")

    def test_a_flood_of_lines_leaves_the_peers_their_turns(self):
        daemon = self.controlled()
        daemon.command("/reply 1 echo")
        peer = self.tcp(daemon.port)
        daemon.open()
        one = self.attach(self.control)
        ended = threading.Event()

        def flood():
            while not ended.is_set():
                one.socket.sendall(b"/view text\n" * 500)

        thread = threading.Thread(target=flood)
        thread.start()
        try:
            for _ in range(200):
                peer.sendall(b"ping")
                self.expect(peer, "ping")
        finally:
            ended.set()
            thread.join()


class BoundsTest(ControlCase):
    LIMIT = 64

    def few_descriptors(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.LIMIT, self.LIMIT))

    def test_out_of_descriptors(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", "--udp-idle-timeout=2",
                             f"--control={self.control}", preexec=self.few_descriptors)
        sockets = [self.unix(self.control) for _ in range(self.LIMIT + 10)]
        daemon.wait_diagnostic("cannot attach more consoles")
        spent = daemon.cpu_seconds()
        self.udp(daemon.port).send(b"a clock that is an event")
        daemon.wait("close", peer=1, reason="timeout")
        self.assertLess(daemon.cpu_seconds() - spent, 0.2, "the loop spins")
        data = self.file("data", "descriptors are left for a file")
        peer = self.listener()
        daemon.command(f"/connect tcp://127.0.0.1:{peer.getsockname()[1]}")
        daemon.open(transport="tcp")
        daemon.command(f"/file 2 {data}")
        self.expect(self.accept(peer), "descriptors are left for a file")
        for one in sockets:
            one.close()
        self.attach(self.control).command("/peers")
        self.assertEqual(daemon.stderr.copy().count(b"cannot attach"), 1)

    def test_more_consoles_than_may_be(self):
        daemon = self.controlled("--max-consoles=3")
        ones = [self.attach(self.control) for _ in range(3)]
        for _ in range(2):
            extra = ControlConsole(self, self.control, hello=False)
            event = extra.wait("error")
            self.assertIn("there are 3 already", event["error"])
            self.assertNotIn("input", event)
            extra.wait_output_end()
        for one in ones:
            one.command("/peers")
        self.assertEqual(daemon.command("/stats")["stats"]["refused_consoles"], 2)
        daemon.wait_diagnostic("no more consoles")
        self.assertEqual(daemon.stderr.copy().count(b"\n"), 1)
        ones.pop().close()
        end = time.monotonic() + DEADLINE
        while not self.has_room():
            self.assertLess(time.monotonic(), end, "no room for one more")

    def has_room(self):
        """Whether one more is greeted."""
        with self.unix(self.control) as one:
            return b'"event":"hello"' in one.recv(4096)

    def test_a_line_too_long(self):
        daemon = self.controlled()
        one = self.attach(self.control)
        one.write("x" * (2 * MIB) + "\n/peers\n")
        self.assertIn("1,048,576", one.wait("error", input=1)["error"])
        one.wait("result", input=2)
        daemon.command("/peers")


class HostileTest(ControlCase):
    PIECES = [b"/peers", b"/stats ", b"@1 ", b"/to ", b"/bytes 1 ", b"/view ", b"/info", b"\xff",
              b"\0", b"\x1b[2J", b"/", b"@", b"/help", b"x" * 5000, "\u202e".encode(), b"{\"a\":1}",
              b"\r", b"1", b"*", b"/read-only", b"/name 1 a", b"/close 9", b"/re 1 echo", b"//"]

    def test_garbage(self):
        seed = int(os.environ.get("HOSTILE_SEED", "1"))
        rng = random.Random(seed)
        daemon = self.controlled()
        self.tcp(daemon.port)
        daemon.open()
        before = self.descriptors(daemon)
        for number in range(120):
            with self.subTest(seed=seed, console=number):
                self.visit(rng)
        self.wait_descriptors(daemon, before)

    def visit(self, rng):
        """One console: lines of nonsense, in pieces; it goes as it likes."""
        one = self.attach(self.control)
        lines = [b"".join(rng.choices(self.PIECES, k=rng.randint(0, 5)))
                 for _ in range(rng.randint(1, 30))]
        data = b"\n".join(lines) + b"\n"
        while data:
            size = rng.randint(1, len(data))
            one.write(data[:size])
            data = data[size:]
        how = rng.randrange(4)
        if how == 0:
            one.close()
            return
        if how == 1:
            one.close_stdin()
        answered = [number for number, line in enumerate(lines, 1) if line]
        for number in answered:
            one.answer(number)
        self.assertLessEqual({event["input"] for event in one.seen() if "input" in event},
                             set(range(1, len(lines) + 1)))
        one.close()


if __name__ == "__main__":
    main()
