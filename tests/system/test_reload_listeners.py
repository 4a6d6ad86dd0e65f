# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGHUP with --config: the listeners of the file come, change and go, and who is there stays."""

import os
import signal

from telex_test import main
from test_names import SLOW, NamesCase
from test_reload import ReloadCase


class ListenersCase(ReloadCase):
    def begin(self, *lines, **keywords):
        """A daemon with these listen lines; the ports of those that have one."""
        keywords.setdefault("count", len(lines))
        return self.start(self.listens(lines), endpoints=(), **keywords)

    @staticmethod
    def listens(lines):
        return "".join(f"listen {line}\n" if line.startswith(("tcp:", "udp:", "unix:")) else f"{line}\n"
                       for line in lines)

    def renew(self, daemon, *lines, left=None):
        self.write(self.listens(lines))
        self.hang_up(daemon, f"{self.config}: read again" +
                     (f"; only a new start takes over: {left}" if left else ""))
        if not left:
            self.assertNotIn("new start", daemon.stderr.copy().decode().splitlines()[-1])

    def refuse(self, daemon, *lines, wanted):
        """Nothing changes: neither listeners nor limits."""
        before = daemon.command("/listeners")["listeners"]
        self.write(self.listens(lines))
        self.hang_up(daemon, wanted)
        self.assertIn("nothing has changed", daemon.stderr.copy().decode().splitlines()[-1])
        self.assertEqual(daemon.command("/listeners")["listeners"], before)

    def listeners(self, daemon):
        return [each["listener"] for each in daemon.command("/listeners")["listeners"]]

    def ask(self, port, wanted="ping"):
        one = self.tcp(port)
        one.sendall(b"ping")
        if wanted:
            self.expect(one, wanted)
        return one


class ComeAndGoTest(ListenersCase):
    def test_new_ones_are_opened_and_gone_ones_closed(self):
        first, second = self.free_port(), self.free_port()
        stays, goes = f"tcp://127.0.0.1:{first}?reply=echo", "udp://127.0.0.1:0?reply=echo"
        daemon = self.begin(stays, goes)
        stream, datagrams = self.ask(first), self.udp(daemon.ports[1])
        datagrams.sendall(b"ping")
        self.expect(datagrams, "ping")
        self.renew(daemon, stays, f"tcp://127.0.0.1:{second}?reply=echo&name=new")
        daemon.wait("listening", listener=3, name="new")
        daemon.wait("unlistening", listener=2)
        daemon.wait("close", reason="operator")  # as by /unlisten: datagram peers go
        self.check_served(stream)
        self.ask(first)
        self.ask(second)
        self.assertEqual(self.listeners(daemon), [1, 3])
        self.assertEqual(daemon.seen("unlistening", listener=1), [])
        daemon.stop()

    def test_streams_of_a_gone_one_stay(self):
        daemon = self.begin("tcp://127.0.0.1:0?reply=echo", "tcp://127.0.0.2:0?reply=echo")
        one = self.ask(daemon.ports[0])
        self.renew(daemon, "tcp://127.0.0.2:0?reply=echo")
        self.check_served(one)
        self.check_refused(daemon.ports[0])
        self.assertEqual(self.listeners(daemon), [2])

    def test_again_and_back(self):
        """Each file is compared with the one before."""
        port = self.free_port()
        line = f"tcp://127.0.0.1:{port}?reply=echo"
        daemon = self.begin("unix:a.sock")
        for number in (2, 3, 4):
            self.renew(daemon, "unix:a.sock", line)
            self.ask(port)
            self.assertEqual(self.listeners(daemon), [1, number])
            self.renew(daemon, "unix:a.sock", line)
            self.assertEqual(self.listeners(daemon), [1, number])
            self.renew(daemon, "unix:a.sock")
            self.check_refused(port)
        self.assertTrue(os.path.exists(self.path("a.sock")))
        self.renew(daemon, line)
        self.assertFalse(os.path.exists(self.path("a.sock")))

    def test_those_of_the_command_line_stay(self):
        daemon = self.start("listen tcp://127.0.0.1:0\n", endpoints=("unix:a.sock?reply=echo",))
        self.reload(daemon, "listen tcp://127.0.0.1:0?name=other\nlisten unix:b.sock\n")
        self.assertEqual(self.listeners(daemon), [1])
        self.assertFalse(os.path.exists(self.path("b.sock")))

    def test_those_of_operators_stay(self):
        daemon = self.begin("unix:a.sock")
        daemon.command("/listen unix:mine.sock?name=mine")
        self.renew(daemon, "unix:b.sock")
        self.assertEqual(self.listeners(daemon), [2, 3])
        self.refuse(daemon, "unix:b.sock", "unix:c.sock?name=mine", wanted="the name mine is taken")
        # What was tried at a console and is then written into the file is there already.
        self.renew(daemon, "unix:b.sock", "unix:mine.sock?name=mine&reply=echo")
        self.assertEqual(self.listeners(daemon), [2, 3])
        self.check_served(self.unix(self.path("mine.sock")))
        self.renew(daemon, "unix:b.sock")
        self.assertEqual(self.listeners(daemon), [3])

    def test_one_that_an_operator_closed_stays_closed(self):
        daemon = self.begin("unix:a.sock", "unix:b.sock")
        daemon.command("/unlisten 1")
        self.renew(daemon, "unix:a.sock", "unix:b.sock")
        self.assertEqual(self.listeners(daemon), [2])
        self.renew(daemon, "unix:a.sock?name=again", "unix:b.sock")
        daemon.wait("listening", name="again")

    def test_ports_of_the_systems_choice(self):
        """Lines that are alike are told apart by what is the same in them."""
        daemon = self.begin("tcp://127.0.0.1:0?name=a", "tcp://127.0.0.1:0?name=b")
        self.renew(daemon, "tcp://127.0.0.1:0?name=b")
        self.assertEqual(self.listeners(daemon), [2])
        self.renew(daemon, "tcp://127.0.0.1:0?name=b", "tcp://127.0.0.1:0?name=c")
        self.assertEqual(self.listeners(daemon), [2, 3])


class ChangeTest(ListenersCase):
    def test_what_can_be_taken_over_is(self):
        daemon = self.begin("tcp://127.0.0.1:0", "tcp://127.0.0.2:0")
        one = self.ask(daemon.port, wanted=None)
        daemon.wait("message", text="ping")
        self.renew(daemon, "tcp://127.0.0.1:0?reply=echo&eol=crlf&name=front", "tcp://127.0.0.2:0")
        self.check_served(one)  # reply: at once
        self.check_served(self.ask(daemon.port))
        daemon.wait("listening", listener=1, name="front")
        self.assertEqual(daemon.command("/listeners")["listeners"][0]["name"], "front")
        daemon.command("/send 1 x")
        self.expect(one, "x\r\n")
        self.renew(daemon, "tcp://127.0.0.1:0?framing=line", "tcp://127.0.0.2:0")
        daemon.command("/send 1 y")
        self.expect(one, "y\n")
        self.tcp(daemon.port).sendall(b"one\ntwo\n")  # framing: for who comes
        daemon.wait("message", text="one\n")
        self.assertEqual(self.listeners(daemon), [1, 2])
        self.assertIsNone(daemon.command("/listeners")["listeners"][0]["name"])

    def test_defaults_too(self):
        daemon = self.start("reply echo\nlisten tcp://127.0.0.1:0\n", endpoints=(), count=1)
        one = self.ask(daemon.port)
        self.renew(daemon, "eol nul", "tcp://127.0.0.1:0")
        daemon.command("/send 1 x")
        self.expect(one, "x\0")
        daemon.command("/listen unix:later.sock")
        late = self.unix(self.path("later.sock"))
        daemon.command(f"/send {daemon.wait('open', transport='unix')['peer']} x")
        self.expect(late, "x\0")

    def test_what_an_operator_chose_stays_while_its_line_does(self):
        daemon = self.begin("tcp://127.0.0.1:0", "unix:a.sock")
        daemon.command("/reply 1 echo")
        self.renew(daemon, "tcp://127.0.0.1:0?eol=nul", "unix:a.sock")
        self.ask(daemon.port)

    def test_who_stands_before_it(self):
        daemon = self.begin("tcp://127.0.0.1:0?reply=echo")
        self.ask(daemon.port)
        self.renew(daemon, "tcp://127.0.0.1:0?reply=echo&proxy=127.0.0.0/8")
        one = self.tcp(daemon.port)
        one.sendall(b"PROXY TCP4 192.0.2.7 127.0.0.1 4711 1\r\nping")
        self.expect(one, "ping")
        daemon.wait("open", remote="192.0.2.7:4711")

    def test_what_cannot_is_named(self):
        daemon = self.begin("unix:a.sock?mode=0600")
        for _ in range(2):
            self.renew(daemon, "json", "unix:a.sock?mode=0660&reply=echo", "control ./c.sock",
                       left="control, mode of unix:a.sock")
        self.check_served(self.unix(self.path("a.sock")))
        self.assertEqual(os.stat(self.path("a.sock")).st_mode & 0o777, 0o600)
        self.assertFalse(os.path.exists(self.path("c.sock")))
        self.renew(daemon, "unix:a.sock?mode=0600")


    def test_the_interface_too(self):
        daemon = self.begin("udp://127.0.0.1:0?interface=lo&reply=echo")
        place = daemon.listening[0]["endpoint"]
        self.renew(daemon, "udp://127.0.0.1:0?reply=echo", left=f"interface of {place}")
        one = self.udp(daemon.port)
        one.send(b"ping")
        self.expect(one, "ping")


class CallsTest(ListenersCase):
    def setUp(self):
        super().setUp()
        self.servers = [self.listener() for _ in range(2)]
        self.lines = [f"call tcp://127.0.0.1:{server.getsockname()[1]}?again=1&name=far{number}"
                      for number, server in enumerate(self.servers)]

    def renew_all(self, daemon, *lines):
        self.reload(daemon, "".join(f"{line}\n" for line in lines))

    def test_new_ones_are_called_and_gone_ones_closed(self):
        daemon = self.start(self.lines[0] + "\n")
        first = self.accept(self.servers[0])
        daemon.wait("name", name="far0")
        self.renew_all(daemon, *self.lines)
        second = self.accept(self.servers[1])
        daemon.wait("name", name="far1")
        self.renew_all(daemon, self.lines[1])
        self.expect_end(first)
        self.assertEqual(daemon.wait("close")["reason"], "operator")
        second.sendall(b"still here")
        daemon.wait("message", text="still here")
        self.check_silent(self.servers[0])

    def test_one_that_waits_is_given_up(self):
        port = self.free_port()
        line = f"call tcp://127.0.0.1:{port}?again=0.1"
        daemon = self.start(line + "\n")
        daemon.wait("close", reason="error")
        self.renew_all(daemon)
        server = self.listener(port=port)
        self.check_silent(server)
        self.renew_all(daemon, line)
        self.accept(server)

    def test_a_fault_ends_none(self):
        taken = self.listener().getsockname()[1]
        daemon = self.begin("unix:a.sock", self.lines[0], count=1)
        first = self.accept(self.servers[0])
        daemon.wait("name", name="far0")
        self.refuse(daemon, f"tcp://127.0.0.1:{taken}", self.lines[1], wanted="Address already in use")
        first.sendall(b"still here")
        daemon.wait("message", text="still here")
        self.check_silent(self.servers[1])


class RefusedTest(ListenersCase):
    def test_one_that_cannot_be_bound_changes_nothing(self):
        taken, free = self.listener().getsockname()[1], self.free_port()
        daemon = self.begin("tcp://127.0.0.1:0?reply=echo", "unix:b.sock")
        self.refuse(daemon, "max-peers 1", f"tcp://127.0.0.1:{free}", f"tcp://127.0.0.1:{taken}",
                    "tcp://127.0.0.1:0?reply=none",
                    wanted=f"cannot listen on tcp://127.0.0.1:{taken}: Address already in use")
        self.check_refused(free)
        self.ask(daemon.port)
        self.ask(daemon.port)
        self.assertEqual(daemon.seen("listening", listener=3), [])
        self.assertEqual(daemon.seen("unlistening"), [])
        self.renew(daemon, f"tcp://127.0.0.1:{free}?reply=echo")
        self.ask(free)

    def test_names_that_two_have(self):
        daemon = self.begin("unix:a.sock?name=one", "unix:b.sock?name=two")
        self.refuse(daemon, "unix:a.sock?name=one", "unix:b.sock?name=one",
                    wanted=":2: the name one is taken")
        self.renew(daemon, "unix:a.sock?name=two", "unix:b.sock?name=one")
        self.assertEqual([each["name"] for each in daemon.command("/listeners")["listeners"]],
                         ["two", "one"])
        self.renew(daemon, "unix:c.sock?name=two", "unix:b.sock?name=one")
        self.assertEqual([each["name"] for each in daemon.command("/listeners")["listeners"]],
                         ["one", "two"])


class SlowNameTest(NamesCase, ListenersCase):
    def begin_slowly(self):
        self.listen = "tcp://127.0.0.1:0?reply=echo"
        daemon = self.start(f"connect-timeout 0\nlisten {self.listen}\n", endpoints=(), count=1,
                            env=self.env)
        self.write(f"connect-timeout 0\nlisten {self.listen}\nlisten tcp://{SLOW}:0?name=gate\n")
        daemon.signal(signal.SIGHUP)
        return daemon, self.asked()

    def test_nobody_waits_for_a_name(self):
        daemon, server = self.begin_slowly()
        self.ask(daemon.port)
        self.assertEqual(len(daemon.command("/listeners")["listeners"]), 1)
        self.assertEqual(daemon.stderr.copy(), b"")
        self.answer(server, "127.0.0.1")
        self.ask(daemon.endpoint_port(daemon.wait("listening", name="gate")["endpoint"]), wanted=None)
        daemon.wait_diagnostic("read again")

    def test_a_name_that_nobody_has(self):
        daemon, server = self.begin_slowly()
        self.answer(server)
        daemon.wait_diagnostic(f"telexd: cannot listen on tcp://{SLOW}:0: ")
        daemon.wait_diagnostic("; nothing has changed")
        self.ask(daemon.port)

    def test_the_last_file_counts(self):
        daemon, server = self.begin_slowly()
        self.write(f"listen {self.listen}\nlisten unix:b.sock\n")
        daemon.signal(signal.SIGHUP)
        daemon.wait("listening", listener=2)
        self.answer(server, "127.0.0.1")
        self.ask(daemon.port)
        self.assertEqual(daemon.seen("listening", name="gate"), [])
        self.assertEqual(daemon.stderr.copy().count(b"\n"), 1)

    def test_operators_are_faster(self):
        first = "connect-timeout 0\nlisten unix:a.sock\n"
        daemon = self.start(first + "listen unix:goes.sock\n", endpoints=(), count=2, env=self.env)
        self.write(first + f"listen tcp://{SLOW}:0?name=gate\n")
        daemon.signal(signal.SIGHUP)
        server = self.asked()
        daemon.command("/unlisten 2")
        daemon.command("/listen unix:gate.sock?name=gate")
        self.answer(server, "127.0.0.1")
        daemon.wait_diagnostic("the name gate is taken by another listener; nothing has changed")
        self.assertEqual(self.listeners(daemon), [1, 3])
        self.write(first + f"listen unix:gate.sock?name=gate\nlisten tcp://{SLOW}:0\n")
        daemon.signal(signal.SIGHUP)
        server = self.asked()
        daemon.command("/unlisten 3")
        self.answer(server, "127.0.0.1")
        daemon.wait_diagnostic("read again")
        self.assertEqual(self.listeners(daemon), [1, 4])

    def test_one_that_goes_has_gone(self):
        first = "connect-timeout 0\nlisten unix:a.sock\n"
        daemon = self.start(first + "listen unix:goes.sock\n", endpoints=(), count=2, env=self.env)
        self.write(first + f"listen tcp://{SLOW}:0\n")
        daemon.signal(signal.SIGHUP)
        server = self.asked()
        daemon.command("/unlisten 2")
        self.answer(server, "127.0.0.1")
        daemon.wait_diagnostic("read again")
        self.assertEqual(self.listeners(daemon), [1, 3])

    def test_a_shutdown_meanwhile(self):
        daemon, server = self.begin_slowly()
        daemon.stop()
        os.close(server)


if __name__ == "__main__":
    main()
