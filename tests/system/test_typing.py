# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of what is typed at a terminal: where it is shown, what is asked before it is done,
what is held back."""

import signal

from telex_test import Terminal, TestCase, main, program


class TypingCase(TestCase):
    PLAIN = {"NO_COLOR": "1"}

    def start(self, *args, **keywords):
        """telexd on a terminal and its target."""
        keywords.setdefault("env", self.PLAIN)
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?half-close=0", *args, **keywords)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        return daemon, one

    def attached(self, *args, **keywords):
        """telexd on pipes, telex attach on a terminal with a target, and that."""
        control = self.path("control")
        daemon = self.daemon("tcp://127.0.0.1:0", f"--control={control}", *args, count=1)
        one = self.tcp(daemon.port)
        daemon.open()
        terminal = Terminal(self, [program("TELEX"), "attach", control], env=self.PLAIN, **keywords)
        terminal.wait_prompt()
        terminal.line("/to 1")
        terminal.wait_prompt("#1")
        return daemon, one, terminal

    @staticmethod
    def count(terminal, text):
        return sum(text in line for line in terminal.lines())


class EchoTest(TypingCase):
    """What was typed is not shown twice."""

    def check(self, terminal, one):
        terminal.line("hello there")
        self.expect(one, "hello there\n")
        terminal.wait_seen("hello there\\n")
        terminal.wait_prompt()
        self.assertEqual(self.count(terminal, "hello there"), 1, terminal.transcript())
        self.assertEqual(self.count(terminal, "> hello"), 0, terminal.transcript())

    def check_refused(self, terminal, line, error):
        terminal.line(line)
        terminal.wait_seen(error)
        terminal.wait_prompt()
        lines = [line for line in terminal.lines() if line]
        at = next(index for index, shown in enumerate(lines) if error in shown)
        self.assertTrue(lines[at - 1].endswith(f"> {line}"), terminal.transcript())
        self.assertEqual(self.count(terminal, line), 1, terminal.transcript())

    def test_local(self):
        daemon, one = self.start()
        self.check(daemon, one)
        self.check_refused(daemon, "@7 nobody there", "no peer")
        daemon.line("/nonsense")
        daemon.wait_seen("unknown command")
        daemon.wait_seen("> /nonsense")

    def test_attached(self):
        _, one, terminal = self.attached()
        self.check(terminal, one)
        self.check_refused(terminal, "@7 nobody there", "no peer")

    def test_telex(self):
        server = self.listener()
        terminal = Terminal(self, [program("TELEX"), str(server.getsockname()[1])], env=self.PLAIN)
        one = self.accept(server)
        terminal.wait_seen("connected")
        terminal.wait_prompt()
        self.check(terminal, one)

    def test_line_over_several_rows(self):
        daemon, one = self.start(rows=24, columns=40)
        line = "".join(f"<{number}>" for number in range(60))
        daemon.write(line)
        daemon.wait_input("<59>")
        daemon.write("\x01\r")  # the cursor is in the first of its rows
        self.expect(one, line + "\n")
        daemon.wait_seen("59>\\n")
        daemon.wait_prompt("#1")
        daemon.line("/to -")
        daemon.wait_seen("#1> /to -")
        self.assertEqual(self.count(daemon, "<0>"), 1, daemon.transcript())
        self.assertEqual(self.count(daemon, "<30>"), 1, daemon.transcript())

    def test_text_that_is_not_shown_as_sent(self):
        for view in ("size", "none"):
            daemon, one = self.start("--view", view)
            daemon.line("hello there")
            self.expect(one, "hello there\n")
            daemon.line("/stats")
            daemon.wait_seen("#1> /stats")
            self.assertEqual(self.count(daemon, "#1> hello there"), 1, daemon.transcript())

    def test_commands_keep_their_row(self):
        daemon, one = self.start()
        daemon.line("/bytes 1 de ad")
        self.expect(one, b"\xde\xad")
        daemon.wait_seen("00000000")
        daemon.wait_seen("#1> /bytes 1 de ad")

    def test_daemon_that_does_not_answer(self):
        """Nobody is left in doubt where the text has gone."""
        daemon, one, terminal = self.attached()
        daemon.signal(signal.SIGSTOP)
        try:
            terminal.line("are you there")
            terminal.wait_seen("#1> are you there")
        finally:
            daemon.signal(signal.SIGCONT)
        self.expect(one, "are you there\n")
        terminal.wait_seen("are you there\\n")


class AskTest(TypingCase):
    """Ending is never an accident."""

    ASKED = "1 peer is on the line: again to end"

    def test_each_way_is_asked_once(self):
        for keys in ("\x03", "\x04", "/quit\r", "/shutdown\r"):
            with self.subTest(keys=keys):
                daemon, one = self.start()
                daemon.write(keys)
                daemon.wait_seen(self.ASKED)
                daemon.line("still here")
                self.expect(one, "still here\n")
                daemon.wait_seen("still here")
                daemon.write(keys)
                daemon.wait_screen(lambda terminal: self.count(terminal, self.ASKED) == 2,
                                   "the question again")
                daemon.write(keys)
                self.expect_end(one)
                daemon.wait_end(0)

    def test_a_key_in_between(self):
        daemon, one = self.start()
        for count in range(1, 4):
            daemon.write("\x03")
            daemon.wait_screen(
                lambda terminal, count=count: self.count(terminal, self.ASKED) == count,
                "another question")
            daemon.write("x\x7f")
        daemon.line("still here")
        self.expect(one, "still here\n")

    def test_close_all(self):
        daemon, one = self.start()
        daemon.line("/close *")
        daemon.wait_seen("1 peer is on the line: again to close them all")
        daemon.line("/quit")  # is something else
        daemon.wait_seen(self.ASKED)
        daemon.line("still here")
        self.expect(one, "still here\n")
        daemon.line("/close *")
        daemon.line("/cl *")
        self.expect_end(one)
        daemon.line("/quit")
        daemon.wait_end(0)

    def test_nobody_is_there(self):
        for keys in ("\x03", "\x04", "/quit\r", "/shutdown\r"):
            daemon = self.terminal_daemon("tcp://127.0.0.1:0")
            daemon.write(keys)
            daemon.wait_end(0)

    def test_a_signal_is_not_asked(self):
        daemon, one = self.start()
        daemon.signal(signal.SIGTERM)
        self.expect_end(one)
        daemon.wait_end(0)

    def test_a_script_is_not_asked(self):
        for args in ((), ("--json",)):
            daemon = self.text_daemon("tcp://127.0.0.1:0", *args)
            one = self.tcp(daemon.port)
            daemon.wait_output("open" if args else "#1")
            daemon.line("/close *")
            self.expect_end(one)
            two = self.tcp(daemon.port)
            daemon.wait_output('"peer":2' if args else "#2")
            daemon.line("/quit")
            self.expect_end(two)
            daemon.wait_end(0)

    def test_attached(self):
        daemon, one, terminal = self.attached()
        for line, end in (("/close *", "close them all"), ("/shutdown", "end")):
            terminal.line(line)
            terminal.wait_seen(f"1 peer is on the line: again to {end}")
            terminal.line("still here")
            self.expect(one, "still here\n")
        terminal.line("/quit")  # only detaches
        terminal.wait_end(0)
        one.sendall(b"still here")
        daemon.wait_data(1, b"still here")

    def test_while_it_ends(self):
        """Who has said it twice and says it once more is not asked whether that is meant."""
        daemon, one = self.start("--drain", "60")
        size = 8 << 20
        daemon.line(f"/file 1 {self.file('large', bytes(size))}")
        self.receive(one, 1000)
        daemon.insist(lambda: daemon.write("\x03"))
        daemon.wait_seen("no longer listening")
        daemon.write("\x03")
        daemon.wait_end(1)


class PasteTest(TypingCase):
    """Commands in a paste are asked about before they run."""

    @staticmethod
    def paste(terminal, *lines, rest=""):
        terminal.write("\x1b[200~" + "".join(f"{line}\r" for line in lines) + rest + "\x1b[201~")

    def asked(self, terminal, one, *lines, rest=""):
        """Pastes, and waits for the question; the lines before the commands were sent."""
        self.paste(terminal, "before", *lines, rest=rest)
        self.expect(one, "before\n")
        terminal.wait_seen("? y or n")
        terminal.wait_prompt("y or n")
        self.check_silent(one)

    def test_yes(self):
        daemon, one = self.start()
        self.asked(daemon, one, "/name 1 boiler", "be\thind", "/close 9", "last", rest="res\tt")
        for line in ("  /name 1 boiler", "  /close 9", "run them? y or n"):
            daemon.wait_seen(line)
        daemon.write("x\r")  # is no answer
        daemon.write("y")
        self.expect(one, "be\thind\nlast\n")
        daemon.wait_seen("is called boiler")
        daemon.wait_seen("no peer '9'")
        daemon.line("")  # what was left in the line
        self.expect(one, "res\tt\n")

    def test_no(self):
        daemon, one = self.start()
        self.asked(daemon, one, "/name 1 boiler", "behind")
        daemon.write("n")
        self.expect(one, "behind\n")
        self.assertNotIn("boiler", daemon.wait_prompt("#1"))

    def test_no_to_a_target(self):
        """What was meant for another one is not sent to this one."""
        daemon, one = self.start()
        two = self.tcp(daemon.port)
        daemon.wait_seen("#2")
        self.asked(daemon, one, "/to 2", "for two")
        daemon.write("n")
        daemon.wait_prompt("#1")
        daemon.line("for one")
        self.expect(one, "for one\n")
        self.check_silent(two)

    def test_interrupt(self):
        daemon, one = self.start()
        self.asked(daemon, one, "/name 1 boiler", "behind", rest="rest")
        daemon.write("\x03")
        daemon.wait_screen(lambda terminal: terminal.input_line() == "#1>", "the prompt")
        daemon.line("after")
        self.expect(one, "after\n")

    def test_typed_slash(self):
        daemon, one = self.start()
        daemon.write("/name ")
        daemon.wait_input("/name")
        self.paste(daemon, "1 boiler")
        daemon.wait_seen("run it? y or n")
        daemon.write("y")
        daemon.wait_prompt("boiler")

    def test_texts_alone(self):
        daemon, one = self.start()
        self.paste(daemon, "a", "@1 b", " /c")
        self.expect(one, "a\nb\n /c\n")

    def test_attached(self):
        _, one, terminal = self.attached()
        self.asked(terminal, one, "/name 1 boiler", "behind")
        terminal.write("y")
        self.expect(one, "behind\n")
        terminal.wait_prompt("boiler")

    def test_too_much(self):
        daemon, one = self.start()
        self.paste(daemon, "/name 1 boiler", *["x" * 9999] * 110, "behind")
        daemon.wait_seen("more than 1 MiB")
        daemon.line("after")
        self.expect(one, "after\n")


class CompletionTest(TypingCase):
    def test_numbers_are_in_their_order(self):
        daemon, _ = self.start()
        for number in range(2, 12):
            self.tcp(daemon.port)
            daemon.wait_seen(f"#{number} ")
        daemon.line("/name 4 boiler")
        daemon.wait_seen("is called boiler")
        daemon.write("/info \t")
        daemon.wait_screen(lambda terminal: any(line.startswith("boiler ") and "11" in line
                                                for line in terminal.lines()), "all of them")
        shown = next(line for line in daemon.lines() if line.startswith("boiler "))
        self.assertEqual(shown.split(), ["boiler", *map(str, range(1, 12))])

    def test_paths_of_sockets(self):
        daemon, _ = self.start()
        self.file("a-socket", b"")
        for scheme in ("unix:", ""):
            daemon.write(f"/connect {scheme}{self.directory}/a-\t")
            daemon.wait_input(f"/connect {scheme}{self.directory}/a-socket")
            daemon.write("\x15")

    def test_more_settings(self):
        daemon, _ = self.start()
        daemon.write("/set 1 eol=lf view=he\t")
        daemon.wait_input("/set 1 eol=lf view=hex")


class DrainTest(TypingCase):
    """While it ends it says for whom it waits."""

    def test_says_for_whom(self):
        daemon, one = self.start("--drain", "60")
        daemon.line("/name 1 boiler")
        daemon.wait_prompt("boiler")
        daemon.line(f"/file 1 {self.file('large', bytes(16 << 20))}")
        self.receive(one, 1000)
        daemon.insist(lambda: daemon.line("/quit"))
        said = daemon.wait_seen("waiting up to ")
        self.assertRegex(said, r"waiting up to [0-9.]+ s for #1 boiler \([0-9,]+ bytes\)$")
        self.receive_all(one)
        daemon.wait_end(0)
        self.assertEqual(self.count(daemon, "waiting up to"), 1, daemon.transcript())

    def test_nobody_is_waited_for(self):
        daemon, one = self.start()
        daemon.insist(lambda: daemon.line("/quit"))
        self.expect_end(one)
        one.close()
        daemon.wait_end(0)
        self.assertEqual(self.count(daemon, "waiting up to"), 0, daemon.transcript())


class FreezeTest(TypingCase):
    """Ctrl-S holds the display, and nothing else."""

    def test_holds_and_goes_on(self):
        daemon, one = self.start()
        daemon.write("\x13")
        daemon.wait_screen(lambda terminal: "Ctrl-Q" in terminal.input_line(), "the hint")
        for number in range(37):
            one.sendall(b"<%d>" % number)
            daemon.until(lambda: True, "a turn")
        one.sendall(b"<end>")
        daemon.wait_screen(lambda terminal: " new, Ctrl-Q goes on" in terminal.input_line(),
                           "how much is new")
        self.assertEqual(self.count(daemon, "<0>"), 0, daemon.transcript())
        daemon.write("typed mean")
        daemon.wait_input("#1> typed mean")
        daemon.write("while\r")
        self.expect(one, "typed meanwhile\n")
        self.assertEqual(self.count(daemon, "meanwhile\\n"), 0, daemon.transcript())
        daemon.write("\x11")
        daemon.wait_seen("<end>")
        daemon.wait_seen("typed meanwhile\\n")
        self.assertEqual(daemon.wait_prompt("#1"), "#1>")

    def test_counts_what_is_new(self):
        daemon = self.terminal_daemon("udp://127.0.0.1:0?reply=none", env=self.PLAIN)
        one = self.udp(daemon.port)
        one.send(b"first")
        daemon.wait_prompt("#1")
        daemon.write("\x13")
        daemon.wait_screen(lambda terminal: "Ctrl-Q" in terminal.input_line(), "the hint")
        for _ in range(37):
            one.send(b"x")
        daemon.wait_screen(lambda terminal: terminal.input_line() ==
                           "-- 37 new, Ctrl-Q goes on -- #1>", "37 new")

    def test_has_a_bound(self):
        """Of what is too much to keep, how much it was is told; peers and typing go on."""
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?framing=line&reply=echo", env=self.PLAIN)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        daemon.write("\x13")
        daemon.wait_screen(lambda terminal: "Ctrl-Q" in terminal.input_line(), "the hint")
        line = b"x" * 999 + b"\n"
        for _ in range(4000):
            one.sendall(line)
            self.receive(one, len(line))
        daemon.line("hello")
        self.expect(one, "hello\n")
        daemon.write("\x11")
        daemon.wait_output("not shown")
        daemon.line("and on")
        self.expect(one, "and on\n")

    def test_a_long_answer_waits_for_it(self):
        """What has no room while it is held waits, and so do the lines behind it: not Ctrl-Q."""
        daemon = self.terminal_daemon("udp://127.0.0.1:0?reply=echo", env=self.PLAIN)
        peers = [self.udp(daemon.port) for _ in range(1100)]
        for one in peers:
            one.send(b"x")
            self.expect(one, b"x")
        daemon.write("\x13")
        daemon.wait_screen(lambda terminal: "Ctrl-Q" in terminal.input_line(), "the hint")
        for one in peers:
            one.send(b"x" * 300)
            self.expect(one, b"x" * 300)
        daemon.line("/peers")
        daemon.line("/nonsense")
        daemon.write("\x11")
        daemon.wait_output("unknown command")

    def test_the_end_is_shown(self):
        daemon, _ = self.start()
        daemon.write("\x13")
        daemon.wait_screen(lambda terminal: "Ctrl-Q" in terminal.input_line(), "the hint")
        daemon.write("\x03")
        daemon.wait_seen("again to end")
        daemon.write("\x13")
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        daemon.wait_seen("no longer listening")


class HelpTest(TypingCase):
    """What one needs first fits a small screen, and says where the rest is."""

    def check(self, terminal):
        terminal.line("/help")
        terminal.wait_seen("/help all")
        terminal.wait_prompt()
        shown = terminal.screen.display
        self.assertTrue(any("To answer" in row for row in shown), terminal.transcript())
        for command in ("/to", "/peers", "/close", "/quit", "/help"):
            self.assertTrue(any(row.startswith(f"  {command} ") for row in shown), command)
        self.assertEqual(self.count(terminal, "/unlisten"), 0)
        terminal.line("/help all")
        terminal.wait_seen("/unlisten LISTENER")

    def test_local(self):
        daemon, _ = self.start(rows=24, columns=80)
        self.check(daemon)

    def test_attached(self):
        _, _, terminal = self.attached(rows=24, columns=80)
        self.check(terminal)


if __name__ == "__main__":
    main()
