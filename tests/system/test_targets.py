# SPDX-License-Identifier: GPL-3.0-or-later
"""To whom plain text goes: targets by number and by name, and those that are away."""

import socket

from telex_test import Terminal, TestCase, main, program


class TargetCase(TestCase):
    def come(self, port, host="127.0.0.7"):
        one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        one.bind((host, 0))
        one.connect(("127.0.0.1", port))
        return one

    def boiler(self, *args, **keywords):
        """A daemon that knows a boiler, which is on the line."""
        daemon = self.daemon("--known", "127.0.0.7 boiler", "tcp://127.0.0.1:0?half-close=0", *args, **keywords)
        one = self.come(daemon.port)
        daemon.wait("name", peer=1, name="boiler")
        return daemon, one


class NameTest(TargetCase):
    def test_it_comes_back(self):
        daemon, one = self.boiler()
        daemon.command("/to boiler")
        self.assertNotIn("away", daemon.wait("target", peer=1))
        one.close()
        daemon.wait("target", peer=None, away="boiler")
        daemon.refused("warm?", "boiler is away", "nothing was sent")
        two = self.come(daemon.port)
        daemon.wait("target", peer=2)
        daemon.command("warm?")
        self.expect(two, "warm?\n")

    def test_it_goes_with_the_name(self):
        daemon, one = self.boiler()
        daemon.command("@boiler")
        daemon.wait("target", peer=1)
        two = self.come(daemon.port)
        self.assertEqual(daemon.wait("target")["peer"], 2)
        daemon.command("warm?")
        self.expect(two, "warm?\n")
        self.check_silent(one)
        one.close()
        daemon.wait("close", peer=1)
        daemon.command("still?")
        self.expect(two, "still?\n")

    def test_by_number_it_is_that_line(self):
        daemon, one = self.boiler()
        daemon.command("@1")
        two = self.come(daemon.port)
        daemon.wait("name", peer=2, name="boiler")
        daemon.command("warm?")
        self.expect(one, "warm?\n")
        one.close()
        self.assertNotIn("away", daemon.wait("target", peer=None))
        daemon.refused("warm?", "no target")
        self.check_silent(two)

    def test_a_name_that_is_given_by_hand(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port)
        daemon.open(peer=1)
        daemon.command("/name 1 pump")
        daemon.command("/to pump")
        one.close()
        daemon.wait("target", peer=None, away="pump")
        two = self.tcp(daemon.port)
        daemon.open(peer=2)
        daemon.refused("hello", "pump is away")
        daemon.command("/name 2 pump")
        daemon.wait("target", peer=2)
        daemon.command("/name 2 motor")
        daemon.command("hello")
        self.expect(two, "hello\n")
        daemon.command("/name 2 -")
        daemon.command("again")
        self.expect(two, "again\n")
        two.close()
        self.assertNotIn("away", daemon.wait("target", peer=None))

    def test_none_is_none(self):
        daemon, one = self.boiler()
        daemon.command("/to boiler")
        one.close()
        daemon.wait("target", peer=None, away="boiler")
        daemon.command("/to -")
        self.assertNotIn("away", daemon.wait("target", peer=None))
        self.come(daemon.port)
        daemon.wait("name", peer=2, name="boiler")
        daemon.refused("warm?", "no target")

    def test_each_console_has_its_own(self):
        daemon, one = self.boiler(f"--control={self.path('control')}", count=1)
        other = self.attach(self.path("control"))
        daemon.command("/to boiler")
        other.command("/to 1")
        one.close()
        daemon.wait("target", peer=None, away="boiler")
        other.wait("target", peer=None)
        two = self.come(daemon.port)
        daemon.wait("target", peer=2)
        other.refused("hello", "no target")
        daemon.command("hello")
        self.expect(two, "hello\n")

    def test_a_read_only_console_may_choose(self):
        daemon, _ = self.boiler()
        daemon.command("/read-only")
        daemon.command("@boiler")
        daemon.wait("target", peer=1)
        daemon.refused("@boiler hello", "read-only")


class AloneTest(TargetCase):
    def test_at_alone(self):
        daemon, one = self.boiler()
        self.assertEqual(daemon.command("@boiler")["command"], "to")
        daemon.wait("target", peer=1)
        daemon.command("hello")
        self.expect(one, "hello\n")
        self.assertEqual(daemon.refused("@9", "'9'")["command"], "to")
        daemon.refused("@kettle", "'kettle'")
        for several in ("@*", "@1,boiler", "/to *"):
            daemon.refused(several, "one peer", "@PEERS TEXT")


class ScreenTest(TargetCase):
    def wait_bare(self, terminal):
        terminal.wait_screen(lambda terminal: terminal.input_line().strip() == ">" or None, "a bare prompt")

    def check(self, terminal, daemon):
        terminal.line("/to -")
        self.wait_bare(terminal)
        terminal.write("@boi\t\r")
        terminal.wait_prompt("#1 boiler>")
        self.first.close()
        terminal.wait_prompt("boiler (away)>")
        terminal.line("warm?")
        terminal.wait_seen("boiler is away, and nothing was sent")
        two = self.come(daemon.ports[0])
        terminal.wait_prompt("#2 boiler>")
        terminal.line("warm?")
        self.expect(two, "warm?\n")
        two.close()
        terminal.wait_prompt("boiler (away)>")
        terminal.line("/to -")
        self.wait_bare(terminal)

    def test_the_prompt_of_the_local_console(self):
        daemon = self.terminal_daemon("--known", "127.0.0.7 boiler", "tcp://127.0.0.1:0?half-close=0")
        self.first = self.come(daemon.ports[0])
        daemon.wait_prompt("#1 boiler>")
        self.check(daemon, daemon)

    def test_the_prompt_of_an_attached_one(self):
        control = self.path("control")
        daemon, self.first = self.boiler(f"--control={control}", count=1)
        terminal = Terminal(self, [program("TELEX"), "attach", control])
        terminal.wait_seen("attached to telexd")
        self.check(terminal, daemon)


if __name__ == "__main__":
    main()
