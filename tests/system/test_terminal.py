# SPDX-License-Identifier: GPL-3.0-or-later
"""telexd on a terminal: what a person sees while peers do what they like."""

import os
import re
import signal
import socket
import stat
import termios
import threading
import time

from telex_test import Terminal, TestCase, main, name_of, program, wait_text_ports


class SafeDisplayTest(TestCase):
    ATTACKS = {
        b"\x1b[2J\x1b[H": "\\x1b[2J\\x1b[H",  # clears the screen
        b"\x1b[31mred": "\\x1b[31mred",
        b"\x1b]0;owned\x07": "\\x1b]0;owned\\x07",  # the window's title
        b"\x1b[6n": "\\x1b[6n",  # makes the terminal type
        b"\r#1 forged": "\\r#1 forged",
        b"\x08\x08\x08": "\\x08\\x08\\x08",
        b"\x9b31m": "\\x9b31m",  # C1 as a byte
        b"\xc2\x9b31m": "\\x9b31m",  # C1 as a character
        b"\x7f\x00\x0e": "\\x7f\\x00\\x0e",
        b"\xff\xfe": "\\xff\\xfe",
        "\u202e\u2066".encode(): "\\u202e\\u2066",
        "\u2028\u2029".encode(): "\\u2028\\u2029",
        b"C:\\n": "C:\\\\n",
    }

    @staticmethod
    def shown(text):
        """A pattern for the text: some control characters have two escapes."""
        pattern = re.escape(text)
        for hexadecimal, short in (("07", "a"), ("08", "b"), ("00", "0"), ("9b", "u009b")):
            pattern = pattern.replace(rf"\\x{hexadecimal}", rf"\\(?:x{hexadecimal}|{short})")
        return pattern

    def check_raw(self, raw):
        for attack in (b"\x1b[2J", b"\x1b[31m", b"\x1b]0;owned", b"\x1b[6n", b"\r#1 forged"):
            self.assertNotIn(attack, raw)
        text = raw.decode()  # which fails on invalid bytes
        self.assertNotRegex(text, "[\0\x0e\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

    def test_attacks_over_tcp(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?framing=line", env={"NO_COLOR": "1"})
        one = self.tcp(daemon.port)
        daemon.wait_seen("#1")
        for number, (attack, shown) in enumerate(self.ATTACKS.items()):
            one.sendall(attack + b" end%d.\n" % number)
            self.assertRegex(daemon.wait_seen(f"end{number}."),
                             self.shown(shown) + f" end{number}")
        self.check_raw(daemon.stdout.copy())

    def test_attacks_over_udp(self):
        daemon = self.terminal_daemon("udp://127.0.0.1:0?reply=none", env={"NO_COLOR": "1"})
        one = self.udp(daemon.port)
        for number, (attack, shown) in enumerate(self.ATTACKS.items()):
            one.send(attack + b" end%d." % number)
            self.assertRegex(daemon.wait_seen(f"end{number}."),
                             self.shown(shown) + f" end{number}")
        self.check_raw(daemon.stdout.copy())

    def test_attacks_on_a_text_pipe(self):
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=echo")
        one = self.udp(daemon.port)
        for number, (attack, shown) in enumerate(self.ATTACKS.items()):
            one.send(attack + b" end%d." % number)
            output = daemon.wait_output(f"end{number}.").decode()
            self.assertRegex(output, self.shown(shown) + f" end{number}")
            self.assertEqual(one.recv(100), attack + b" end%d." % number)
        output = daemon.stdout.copy()
        self.check_raw(output)
        self.assertNotIn(b"\x1b", output)

    def test_line_cannot_be_forged(self):
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        one.send(b"innocent\n#2 forged\n")
        output = daemon.wait_output("forged")
        self.assertNotRegex(output, rb"(?m)^#2")

    def test_attack_in_an_unknown_command(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        daemon.line("/\x1b[31m\u202ex")
        output = daemon.wait_output("[31m")
        self.assertNotIn(b"\x1b", output)
        self.assertNotIn("\u202e".encode(), output)

    def test_character_split_between_two_reads(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        data = "电话".encode()
        one.sendall(data[:4])
        daemon.wait_seen("电")
        one.sendall(data[4:] + b"end")
        daemon.wait_seen("end")
        daemon.wait_seen("话")
        self.assertNotIn("\\x", "\n".join(daemon.lines()), daemon.transcript())

    def test_split_characters_are_joined_in_one_stream_only(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?half-close=0", "udp://127.0.0.1:0")
        one, two = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[0])
        three = self.udp(daemon.ports[1])
        one.sendall(b"one:\xe7\x94")
        daemon.wait_seen("one:")
        two.sendall(b"\xb5two.")
        self.assertIn("\\xb5two.", daemon.wait_seen("two."))
        three.send(b"three:\xe7\x94")
        self.assertIn("three:\\xe7\\x94", daemon.wait_seen("three:"))
        three.send(b"\xb5four.")
        self.assertIn("\\xb5four.", daemon.wait_seen("four."))
        one.close()
        daemon.wait_seen("\\xe7\\x94")

    def test_utf8_stays(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_seen("#1")
        one.sendall("电话插口 grüß ☎ Ελλάδα\n".encode())
        daemon.wait_output("电话插口 grüß ☎ Ελλάδα")
        daemon.line("回答 naïve")
        self.expect(one, "回答 naïve\n")


    def test_utf8_whatever_the_locale(self):
        for env in ({"LANG": "C"}, {"LANG": None}, {"LANG": "no_SUCH"}):
            daemon = self.terminal_daemon("tcp://127.0.0.1:0", env=env)
            one = self.tcp(daemon.port)
            daemon.wait_prompt("#1")
            one.sendall("grüß 电话\n".encode())
            daemon.wait_output("grüß 电话")
            daemon.write("回答x\x7f\x7f\x7fé")
            daemon.wait_input("é")
            daemon.line("")
            self.expect(one, "é\n")


class TextTest(TestCase):
    """The text console on a pipe."""

    def say(self, view):
        """What the console shows of b"hello", "world" and what comes before it."""
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=none", "--view", view)
        one = self.udp(daemon.port)
        one.send(b"hello\xff")
        daemon.wait_output("#1")
        daemon.line("@1 world")
        self.expect(one, "world")
        daemon.line("/view text")
        daemon.line("@1 barrier")
        return daemon.wait_output("barrier").partition(b"barrier")[0]

    def test_view_text(self):
        output = self.say("text")
        self.assertIn(b"hello\\xff", output)
        self.assertIn(b"world", output)

    def test_view_hex(self):
        output = self.say("hex")
        self.assertRegex(output, rb"68 65 6c 6c 6f +ff")
        self.assertRegex(output, rb"77 6f 72 6c 64")

    def test_view_size(self):
        output = self.say("size")
        self.assertRegex(output, rb"\b6\b")
        self.assertNotIn(b"hello", output)
        self.assertNotIn(b"68 65", output)

    def test_view_none(self):
        output = self.say("none")
        for part in (b"hello", b"world", b"68 65"):
            self.assertNotIn(part, output)

    def test_errors_are_said(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        for line, part in (("/nonsense", "nonsense"), ("@7 x", "7"), ("/reply 9 echo", "9"),
                           ("/view colour", "colour"), ("/listen ftp://x", "ftp")):
            daemon.line(line)
            daemon.wait_output(part)
        daemon.line("text for nobody")
        before = len(daemon.wait_output("ftp"))
        daemon.line("/help peers")
        self.assertGreater(daemon.wait_output("/peers").count(b"\n", before), 0)

    def test_lists(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0")
        one = self.tcp(daemon.ports[0])
        daemon.wait_output("#1")
        daemon.line("/name 1 boiler")
        for line, part in (("/peers", name_of(one)), ("/info boiler", name_of(one)),
                           ("/listeners", f"tcp://127.0.0.1:{daemon.ports[0]}"),
                           ("/stats", "messages"), ("/help", "/send")):
            before = len(daemon.stdout.copy())
            daemon.line(line)
            daemon.until(lambda part=part, before=before:
                         True if part.encode() in daemon.stdout.data[before:] else None,
                         f"{part!r} after {line}")


class ColourTest(TestCase):
    SGR = rb"\x1b\[[0-9;]*m"

    def output(self, **env):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo", env=env)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        one.sendall(b"hello")
        daemon.wait_seen("hello")
        daemon.line("/nonsense")
        daemon.wait_seen("unknown")
        daemon.line("/peers")
        return daemon.wait_output("127.0.0.1")

    def test_colours(self):
        self.assertRegex(self.output(), self.SGR)

    def test_no_color(self):
        self.assertNotRegex(self.output(NO_COLOR="1"), self.SGR)


class JobTest(TestCase):
    """Under a shell with job control."""

    def shell(self):
        terminal = Terminal(self, ["sh", "-c", "exec bash --norc --noprofile -i 2>&1"],
                            env={"PS1": "shell> "})
        terminal.wait_prompt("shell")
        return terminal

    def run_daemon(self, shell, end=""):
        """telexd under the shell, with a peer that has been echoed to."""
        path = self.path("a.sock")
        shell.line(f"'{program('TELEXD')}' unix:{path}?reply=echo {end}")
        shell.wait_seen("listening")
        one = self.unix(path)
        self.check_echo(one)
        return one

    def check_echo(self, one):
        one.sendall(b"ping")
        self.expect(one, "ping")

    def test_background(self):
        shell = self.shell()
        one = self.run_daemon(shell, "&")
        shell.line("echo still a sh''ell")
        shell.wait_seen("still a shell")
        for _ in range(5):
            self.check_echo(one)
        shell.line("fg")
        shell.wait_prompt("#1")
        shell.line("by hand")
        self.expect(one, "by hand\n")
        shell.insist(lambda: shell.line("/quit"))
        self.expect_end(one)
        shell.wait_prompt("shell")
        shell.line("exit")
        shell.wait_end(None)

    def test_stop_and_continue(self):
        shell = self.shell()
        one = self.run_daemon(shell)
        shell.wait_prompt("#1")
        shell.write("half ")
        shell.wait_input("half")
        shell.write("\x1a")
        shell.wait_prompt("shell")
        shell.line("bg")
        self.check_echo(one)
        shell.line("echo still a sh''ell")
        shell.wait_seen("still a shell")
        shell.line("fg")
        shell.wait_screen(lambda terminal: "#1" in terminal.input_line(), "the prompt again")
        shell.line("by hand")
        self.assertTrue(self.receive(one, 8).endswith(b"by hand\n") or
                        self.receive(one, 5).endswith(b"hand\n"))
        shell.insist(lambda: shell.write("\x04"))
        shell.wait_prompt("shell")
        shell.line("exit")
        shell.wait_end(None)


class TypingTest(TestCase):
    def first_peer(self, *options, **keywords):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?half-close=0", *options, **keywords)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        return daemon, one

    def test_prompt_names_the_target(self):
        daemon, one = self.first_peer()
        two = self.tcp(daemon.port)
        daemon.wait_seen("#2")
        daemon.wait_prompt("#1")
        daemon.line("hello one")
        self.expect(one, "hello one\n")
        daemon.line("/to 2")
        daemon.wait_prompt("#2")
        daemon.line("hello two")
        self.expect(two, "hello two\n")
        daemon.line("/name 2 boiler")
        daemon.wait_prompt("#2 boiler")
        two.close()
        prompt = self.wait_prompt_without(daemon, "#2")
        self.assertNotIn("boiler", prompt)
        daemon.line("nobody hears this")
        daemon.line("@1 barrier")
        self.expect(one, "barrier\n")

    def wait_prompt_without(self, daemon, text):
        def judge(terminal):
            prompt = terminal.input_line()
            return prompt if prompt.endswith(">") and text not in prompt else None

        return daemon.wait_screen(judge, f"a prompt without {text}")

    def test_prompt_of_no_target(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        self.assertNotIn("#", daemon.wait_prompt())

    def test_typing_while_events_arrive(self):
        daemon, one = self.first_peer()
        typed = ""
        for number in range(20):
            daemon.write(f"word{number} ")
            typed += f"word{number} "
            one.sendall(b"event%d\n" % number)
            daemon.wait_seen(f"event{number}")
            daemon.wait_input(typed.rstrip())
        daemon.line("done")
        self.expect(one, typed + "done\n")
        lines = daemon.lines()
        for number in range(20):
            self.assertEqual(len([line for line in lines if line.rstrip().endswith(
                (f"event{number}", f"event{number}\\n"))]), 1, daemon.transcript())

    def test_long_line_while_events_arrive(self):
        daemon, one = self.first_peer(columns=60)
        typed = ""
        for number in range(12):
            daemon.write(f"a rather long word no {number}; ")
            typed += f"a rather long word no {number}; "
            one.sendall(b"event%d." % number)
            daemon.wait_seen(f"event{number}.")
            self.wait_typed(daemon, typed)
        before = len(daemon.stdout.copy())
        daemon.resize(30, 100)
        daemon.wait_screen(lambda terminal: terminal.drawn > before, "the line drawn again")
        self.wait_typed(daemon, typed)
        one.sendall(b"after.")
        daemon.wait_seen("after.")
        self.wait_typed(daemon, typed)
        for number in range(12):
            daemon.wait_seen(f"event{number}.")
        daemon.line("done")
        self.expect(one, typed + "done\n")

    def wait_typed(self, daemon, typed):
        """Waits until the rows up to the cursor hold what has been typed."""

        def judge(terminal):
            rows = terminal.screen.display[:terminal.screen.cursor.y + 1]
            return "".join(rows).rstrip().endswith(typed.rstrip())

        daemon.wait_screen(judge, f"{typed!r} in the rows up to the cursor")

    def test_editing(self):
        daemon, one = self.first_peer()
        daemon.write("helo\x1b[D\x1b[Dl")  # two to the left
        daemon.wait_input("hello")
        one.sendall(b"event\n")
        daemon.wait_seen("event")
        daemon.write("L\x05!\r")  # where the cursor stood; then to the end
        self.expect(one, "helLlo!\n")

    def test_history(self):
        daemon, one = self.first_peer()
        daemon.line("first line")
        self.expect(one, "first line\n")
        daemon.line("second line")
        self.expect(one, "second line\n")
        daemon.wait_prompt()
        daemon.write("\x1b[A\x1b[A")
        daemon.wait_input("first line")
        daemon.write("\r")
        self.expect(one, "first line\n")
        daemon.wait_prompt()
        daemon.insist(lambda: daemon.line("/quit"))
        daemon.wait_end(0)
        path = self.path("telex/history")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        again, _ = self.first_peer()
        again.write("\x1b[A\x1b[A")
        again.wait_input("first line")

    def test_refused_text_stays_in_the_history(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        daemon.line("nobody there yet")
        daemon.wait_prompt()
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        daemon.write("\x1b[A")
        daemon.wait_input("nobody there yet")
        daemon.write("\r")
        self.expect(one, "nobody there yet\n")

    def test_completion(self):
        daemon, one = self.first_peer()
        daemon.write("/listene\t")
        daemon.wait_input("/listeners")
        daemon.write("\x15/listen udp://127.0.0.1:0?reply=e\t&inter\t")
        daemon.wait_input("/listen udp://127.0.0.1:0?reply=echo&interface=")
        daemon.write("\x15/name 1 boiler\r")
        daemon.wait_prompt("boiler")
        daemon.write("/info boi\t")
        daemon.wait_input("/info boiler")
        daemon.write("\x15/bytes boi\t41 su\t42 crc16-\t")
        daemon.wait_input("/bytes boiler 41 sum8 42 crc16-ccitt")
        daemon.write("\x15")
        daemon.wait_prompt("boiler")
        daemon.line("x")
        self.expect(one, "x\n")

    def test_paste_of_several_lines(self):
        daemon, one = self.first_peer()
        daemon.write("one\rtwo\rthree\r")
        self.expect(one, "one\ntwo\nthree\n")

    def test_interrupt_clears_the_typed_line(self):
        daemon, one = self.first_peer()
        daemon.write("not this")
        daemon.wait_input("not this")
        daemon.write("\x03")
        daemon.wait_prompt("#1")
        daemon.line("but this")
        self.expect(one, "but this\n")

    def test_interrupt_at_an_empty_prompt_ends(self):
        daemon, one = self.first_peer()
        daemon.insist(lambda: daemon.write("\x03"))
        self.expect_end(one)
        daemon.wait_end(0)

    def test_end_of_file_at_an_empty_prompt_ends(self):
        daemon, one = self.first_peer()
        daemon.insist(lambda: daemon.write("\x04"))
        self.expect_end(one)
        daemon.wait_end(0)

    def test_end_of_file_with_text_does_not_end(self):
        daemon, one = self.first_peer()
        daemon.write("abc\x04\x01\x04\r")
        self.expect(one, "bc\n")

    def test_quit(self):
        daemon, one = self.first_peer()
        daemon.insist(lambda: daemon.line("/quit"))
        self.expect_end(one)
        daemon.wait_end(0)

    def test_terminal_is_restored(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        slave = os.open(daemon.slave_name, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, slave)
        during = termios.tcgetattr(slave)
        self.assertFalse(during[3] & termios.ICANON)
        daemon.process.send_signal(signal.SIGTERM)
        daemon.process.wait(20)
        after = termios.tcgetattr(slave)
        wanted = termios.ICANON | termios.ECHO | termios.ISIG
        self.assertEqual(after[3] & wanted, wanted)

    def test_hang_up_ends(self):
        daemon, one = self.first_peer()
        daemon.hang_up()
        self.expect_end(one)
        daemon.wait_end(None)
        self.assertGreaterEqual(daemon.process.returncode, 0)

    def test_json_on_a_terminal_is_typed(self):
        daemon = Terminal(self, [program("TELEXD"), "--json", "tcp://127.0.0.1:0"])
        one = self.tcp(wait_text_ports(daemon, 1)[0])
        daemon.wait_output('"open"')
        daemon.line("@1 hello")
        self.expect(one, "hello\n")

    def test_stopped_terminal_skips_events_and_says_so(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        slave = os.open(daemon.slave_name, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, slave)
        termios.tcflow(slave, termios.TCOOFF)
        line = b"x" * 1000
        for _ in range(2000):  # four megabytes of messages and replies
            one.sendall(line)
            self.assertEqual(self.receive(one, len(line)), line)
        termios.tcflow(slave, termios.TCOON)
        daemon.line("/help stats")
        daemon.wait_output("/stats")
        one.sendall(b"goes on")
        output = daemon.wait_output("goes on")
        self.assertRegex(output, rb"(?i)lost|skipped|not shown")
        self.assertLess(len(output), 3_000_000)

    def test_ends_though_the_terminal_is_stopped(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        slave = os.open(daemon.slave_name, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, slave)
        termios.tcflow(slave, termios.TCOOFF)
        self.addCleanup(termios.tcflow, slave, termios.TCOON)
        line = b"x" * 4096
        for _ in range(100):
            one.sendall(line)
            self.assertEqual(self.receive(one, len(line)), line)
        daemon.signal(signal.SIGTERM)
        self.expect_end(one)
        self.assertEqual(daemon.process.wait(20), 0)

    def test_input_from_a_terminal_output_to_a_pipe(self):
        reading, writing = os.pipe()
        terminal = Terminal(self, ["sh", "-c", f'exec "$0" "$@" >&{writing}', program("TELEXD"),
                                   "tcp://127.0.0.1:0"], pass_fds=(writing,))
        os.close(writing)
        with open(reading, "rb", buffering=0) as output:
            text = b""
            while b"\n" not in text:
                text += output.read(1000)
            one = self.tcp(int(re.search(rb"tcp://127\.0\.0\.1:(\d+)", text)[1]))
            while b"#1" not in text:
                text += output.read(1000)
            terminal.write("hello\n")
            self.expect(one, "hello\n")
            self.assertNotIn(b"\x1b", text)
            terminal.write("\x04")  # the end of input; it serves on
            one.sendall(b"still there")
            while b"still there" not in text:
                text += output.read(1000)
            terminal.signal(signal.SIGTERM)
            self.expect_end(one)
            terminal.wait_end(0)

    def test_input_from_a_pipe_output_to_a_terminal(self):
        reading, writing = os.pipe()
        terminal = Terminal(self, ["sh", "-c", f'exec "$0" "$@" <&{reading}', program("TELEXD"),
                                   "tcp://127.0.0.1:0"], pass_fds=(reading,))
        os.close(reading)
        one = self.tcp(wait_text_ports(terminal, 1)[0])
        terminal.wait_seen("#1")
        one.sendall(b"\x1b[31mred.\n")
        self.assertIn("\\x1b[31mred.", terminal.wait_seen("red."))
        os.write(writing, b"hello\n")
        self.expect(one, "hello\n")
        os.close(writing)
        terminal.signal(signal.SIGTERM)
        terminal.wait_end(0)

    def test_stopped_terminal_does_not_stop_the_peers(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        slave = os.open(daemon.slave_name, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, slave)
        termios.tcflow(slave, termios.TCOOFF)  # what Ctrl-S does
        for number in range(100):
            line = b"%d " % number + b"x" * 4096
            one.sendall(line)
            self.assertEqual(self.receive(one, len(line)), line)
        termios.tcflow(slave, termios.TCOON)
        one.sendall(b"goes on")
        daemon.wait_output("goes on")


class Echo(threading.Thread):
    """Talks to a listener that echoes, and keeps how long the slowest answer took."""

    def __init__(self, one):
        super().__init__(daemon=True)
        self.one = one
        self.over = threading.Event()
        self.worst = 0.0
        self.answers = 0

    def run(self):
        while not self.over.is_set():
            start = time.monotonic()
            self.one.sendall(b"ping")
            if self.one.recv(4, socket.MSG_WAITALL) != b"ping":
                return
            self.worst = max(self.worst, time.monotonic() - start)
            self.answers += 1

    def finish(self):
        self.over.set()
        self.join()


class PasteTest(TestCase):
    """What is pasted is text, whatever it holds, and however much it is the peers are served."""

    BEGIN, END = "\x1b[200~", "\x1b[201~"
    SLOWEST = 2.0  # seconds that a peer may wait, on a machine that is very busy

    def setUp(self):
        super().setUp()
        self.console = self.terminal_daemon("tcp://127.0.0.1:0?half-close=0",
                                            "tcp://127.0.0.1:0?reply=echo", "--view",
                                            "none", env={"NO_COLOR": "1"})
        self.one = self.tcp(self.console.ports[0])
        self.console.wait_prompt("#1")

    def paste(self, text):
        self.console.write(self.BEGIN + text + self.END)

    def check_served(self, write, wanted):
        """While write() types and these bytes arrive, an echo never takes long."""
        echo = Echo(self.tcp(self.console.ports[1]))
        typing = threading.Thread(target=write)
        echo.start()
        typing.start()
        try:
            self.expect(self.one, wanted)
        finally:
            typing.join()
            echo.finish()
        self.assertGreater(echo.answers, 0)
        self.assertLess(echo.worst, self.SLOWEST)

    def test_marks_are_asked_for_and_given_up(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        self.assertIn(b"\x1b[?2004h", daemon.stdout.copy())
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        self.assertGreater(daemon.stdout.copy().find(b"\x1b[?2004l"), 0)
        daemon = self.terminal_daemon("tcp://127.0.0.1:0", env={
            "INPUTRC": self.file("inputrc", "set enable-bracketed-paste off\n")})
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        self.assertNotIn(b"\x1b[?2004", daemon.stdout.copy())

    def test_lines(self):
        self.paste("one\rtwo\nthree\r\nfour")
        self.expect(self.one, "one\ntwo\nthree\n")
        self.console.wait_input("four")
        self.console.write("!\r")
        self.expect(self.one, "four!\n")

    def test_it_is_only_text(self):
        """Tab, control characters and sequences do nothing but stand there."""
        self.paste("a\tb\x1b[A\x12\x04\x15c\r\t/listen\t\r")
        self.expect(self.one, "a\tb\x1b[A\x12\x04\x15c\n\t/listen\t\n")

    def test_within_what_is_typed(self):
        self.console.write("ad\x1b[D")
        self.paste("b\tc")
        self.console.write("\r")
        self.expect(self.one, "ab\tcd\n")

    def test_in_the_middle_of_something(self):
        """A search, a count, half a command: a paste ends it."""
        self.console.line("needle")
        self.expect(self.one, "needle\n")
        for keys in ("\x12nee", "\x1b3", "\x18", "\x1bpnee", "\x1b"):
            with self.subTest(keys=keys):
                self.console.wait_prompt("#1")
                self.console.write(keys)
                self.paste("<电>")
                self.console.write("\x05\x1b[D!\r")
                self.expect(self.one, "<电!>\n")

    def test_cut_anywhere(self):
        for piece in (self.BEGIN + "电话\tx\r" + self.END).encode():
            self.console.write(bytes([piece]))
        self.expect(self.one, "电话\tx\n")

    def test_without_its_end(self):
        """Nobody waits for it; Ctrl-C gives the keys their meaning back."""
        self.console.write(self.BEGIN + "text\x01")
        self.check_served(lambda: self.console.write("\r"), b"text\x01\n")
        self.console.write("more")
        self.console.wait_input("more")
        self.console.write("\x03")
        self.console.wait_prompt("#1")
        self.console.write("bc\x01a\r")
        self.expect(self.one, "abc\n")

    def test_many_lines(self):
        lines = [f"line {number}\t" + "x" * (number % 150) for number in range(1500)]
        self.check_served(lambda: self.paste("\r".join(lines) + "\r"),
                          ("\n".join(lines) + "\n").encode())

    def test_one_long_line(self):
        for size in (100_000, 900_000):
            with self.subTest(size=size):
                text = "x\ty" * (size // 3)
                self.check_served(lambda text=text: self.paste(text + "\r"),
                                  (text + "\n").encode())

    def test_one_long_line_without_marks(self):
        text = "xyz" * 100_000
        self.check_served(lambda: self.console.line(text), (text + "\n").encode())

    def test_a_line_over_the_limit(self):
        """It is skipped up to its end, and what follows is a line of its own."""
        for begin, end in ((self.BEGIN, self.END), ("", "")):
            with self.subTest(begin=begin):
                before = len(self.console.stdout.copy())
                self.check_served(
                    lambda begin=begin, end=end: self.console.write(
                        begin + "x" * 1_200_000 + "\rshort\r" + end), b"short\n")
                self.console.until(lambda before=before: True if b"1,048,576" in
                                   self.console.stdout.data[before:] else None, "an error")

    def test_the_line_stays_editable(self):
        """Of a long line a part is shown, around the cursor."""
        text = "".join(f"<{number}>" for number in range(3000))
        self.paste(text)
        self.console.wait_input("<2999>")
        self.console.write("\x01")
        self.console.wait_screen(lambda terminal: any(
            line.startswith("#1> <0><1>") for line in terminal.lines()), "the beginning")
        self.console.write("!\x05!\r")
        self.expect(self.one, "!" + text + "!\n")


class PendingKeyTest(TestCase):
    """Half a key was typed: the peers are served before the other half comes."""

    HALVES = ("\x1b", "\x1b[", "\x1bO", b"\xe7\x94", b"\xf0\x9f", "\x16", "\x18", "\x1b3", "\x1d",
              "\x12", b"\x12\xe7", b"\x12nee\xe7\x94", b"\x12\xff", "\x1bp", b"\x1bp\xe7",
              b"\x16\xe7\x94", "\x1b[200", "\x18(ab\x18)\x18")
    VI_HALVES = ("\x1b", "\x1br", "\x1bf", "\x1bd", "\x1bc", "\x1b3", "\x1bm", "\x1b`", "\x1b/",
                 b"\x1b/\xe7", b"\x1br\xe7", b"\x1bf\xe7\x94", b"\xe7", "\x16", "\x1by", "\x1bd3",
                 "\x1b[", "\x1bdf")

    def check_halves(self, halves, leave, **keywords):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo", **keywords)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        for half in halves:
            with self.subTest(half=half):
                daemon.write("needle")
                daemon.wait_input("needle")
                daemon.write(half)
                for number in range(20):
                    one.sendall(b"%3d" % number)
                    self.expect(one, b"%3d" % number)
                daemon.write(leave)
                daemon.wait_prompt("#1")
        daemon.line("@1 after all")
        self.expect(one, "after all\n")

    def test_emacs(self):
        self.check_halves(self.HALVES, "\x03")

    def test_vi(self):
        self.check_halves(self.VI_HALVES, "\x03",
                          env={"INPUTRC": self.file("inputrc", "set editing-mode vi\n")})

    def test_escapes_in_vi(self):
        """Each is what it is at once, and nobody waits for it."""
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?half-close=0",
                                      env={"INPUTRC": self.file("inputrc", "set editing-mode vi\n")})
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        daemon.write("word" + "\x1b" * 100 + "0i" + "\x1b0ix" * 100 + "\r")
        self.expect(one, "x" * 100 + "word\n")
        daemon.write("word\x1b[D\x1b[D!\r")  # arrows still are arrows
        self.expect(one, "wo!rd\n")


if __name__ == "__main__":
    main()
