# SPDX-License-Identifier: GPL-3.0-or-later
"""How the text console shows messages and events, and that nothing from outside gets through."""

import os
import random
import re
import shutil
import socket
import subprocess
import time

from telex_test import DEADLINE, Program, TestCase, main, program

# What may never reach a terminal from outside: control characters but the newline, DEL, C1,
# bidirectional and separator characters.
UNSAFE = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e"
                    "\u2066-\u2069]")

EVIL = "\x1b[31m\x07\r\x7f\x9b\u202e\u2028"


class TextCase(TestCase):
    def check_safe(self, data):
        text = data.decode()  # which fails on invalid bytes
        self.assertIsNone(UNSAFE.search(text), repr(text))
        return text

    def wait_lines(self, daemon, pattern, count=1):
        """Waits until that many whole lines match; returns them."""

        def judge():
            text = bytes(daemon.stdout.data).decode()
            lines = text[:text.rfind("\n") + 1].splitlines()
            found = [line for line in lines if re.search(pattern, line)]
            return found if len(found) >= count else None

        return daemon.until(judge, f"{count} lines with {pattern!r}")

    def udp_daemon(self, *args):
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=none", *args)
        one = self.udp(daemon.port)
        one.send(b"BEGIN")
        daemon.wait_output("#1")
        return daemon, one

    def barrier(self, daemon, word):
        """Everything so far is written once this answer is there; returns the output."""
        daemon.line(f"/{word}")
        return daemon.wait_output(f"/{word}").decode()


class ViewTest(TextCase):
    def talk(self, view, by_option):
        """A message and what is sent in that view; the lines that show them."""
        option = ["--view", view] if by_option else []
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo", *option)
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        if not by_option:
            daemon.line(f"/view {view}")
            self.barrier(daemon, "q1")
        before = len(daemon.stdout.copy())
        one.sendall(b"hello, world 12345")
        self.expect(one, "hello, world 12345")
        daemon.line("@1 by hand")
        self.expect(one, "by hand\n")
        self.barrier(daemon, "q2")
        return daemon.stdout.copy()[before:].decode().splitlines()

    def test_text(self):
        for by_option in (True, False):
            lines = self.talk("text", by_option)
            self.assertEqual(len([line for line in lines if "hello, world 12345" in line]), 2)
            self.assertEqual(len([line for line in lines if line.endswith("by hand\\n")]), 1)
            for line in lines[:3]:
                self.assertIn("#1", line)

    def test_size(self):
        for by_option in (True, False):
            lines = self.talk("size", by_option)
            self.assertNotIn("hello", "".join(lines))
            self.assertNotIn("by hand", "".join(lines))
            self.assertEqual(len([line for line in lines if re.search(r"#1.*\b18\b", line)]), 2)
            self.assertEqual(len([line for line in lines if re.search(r"#1.*\b8\b", line)]), 1)

    def test_none(self):
        for by_option in (True, False):
            lines = self.talk("none", by_option)
            self.assertEqual(len(lines), 1, lines)  # the barrier

    def test_hex(self):
        for by_option in (True, False):
            lines = self.talk("hex", by_option)
            dumped = [line.strip() for line in lines if "|" in line]
            self.assertEqual(dumped.count("00000000  68 65 6c 6c 6f 2c 20 77  6f 72 6c 64 20 31 32 "
                                          "33  |hello, world 123|"), 2)
            self.assertEqual([line for line in dumped if line.startswith("00000010")],
                             ["00000010  34 35" + " " * 45 + "|45|"] * 2)
            self.assertIn("00000000  62 79 20 68 61 6e 64 0a" + " " * 27 + "|by hand.|", dumped)

    def test_hex_is_that_of_hexdump(self):
        if not shutil.which("hexdump"):
            self.skipTest("there is no hexdump")
        daemon, one = self.udp_daemon("--view", "hex")
        source = random.Random(3)
        for number, size in enumerate((1, 7, 8, 9, 15, 16, 17, 31, 32, 255, 256, 257, 4096, 9999)):
            data = bytes(range(256)) if size == 256 else source.randbytes(size)
            wanted = subprocess.run(["hexdump", "-C", "-v"], input=data, check=True,
                                    stdout=subprocess.PIPE).stdout.decode().splitlines()[:-1]
            before = len(daemon.stdout.copy())
            one.send(data)
            earlier = re.findall(rb"(?m)^\s*[0-9a-f]{8}  ", daemon.stdout.copy()[:before])
            self.wait_lines(daemon, r"^\s*[0-9a-f]{8}  .*\|$", len(earlier) + len(wanted))
            text = daemon.stdout.copy()[before:].decode()
            lines = [line.strip() for line in text.splitlines() if "|" in line]
            self.assertEqual(lines, wanted)
            self.barrier(daemon, f"q{number}")

    def test_hex_of_nothing(self):
        daemon, one = self.udp_daemon("--view", "hex")
        one.send(b"")
        self.wait_lines(daemon, r"#1.*\b0\b")

    def test_empty_datagram_is_shown(self):
        for view in ("text", "size", "hex"):
            daemon, one = self.udp_daemon("--view", view)
            before = len(daemon.stdout.copy())
            one.send(b"")
            daemon.until(lambda: True if b"\n" in daemon.stdout.data[before:] else None, "a line")
            self.assertIn(b"#1", daemon.stdout.copy()[before:])

    def test_each_console_says_who_sent(self):
        """What came, what went out by itself and what the operator sent can be told apart."""
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo&eol=none")
        one = self.tcp(daemon.port)
        one.sendall(b"same")
        self.expect(one, "same")
        daemon.line("@1 same")
        self.expect(one, "same")
        lines = self.wait_lines(daemon, r"\bsame$", 3)
        shapes = {re.sub(r"\d\d:\d\d:\d\d", "", line) for line in lines}
        self.assertEqual(len(shapes), 3, lines)

    def test_view_changes_at_once(self):
        daemon, one = self.udp_daemon()
        for view, pattern in (("hex", r"61 62 63"), ("size", r"\b3\b"), ("text", r"abc$"),
                              ("hex", r"61 62 63")):
            before = len(daemon.stdout.copy())
            daemon.line(f"/view {view}")
            self.barrier(daemon, f"q{before}")
            one.send(b"abc")
            lines = self.wait_lines(daemon, pattern, 1)
            self.assertTrue(lines)
            self.barrier(daemon, f"r{before}")

    def test_bad_view(self):
        self.refuse_daemon(["--view", "colour", "tcp://127.0.0.1:0"], 2, "colour")


class LongMessageTest(TextCase):
    """On a terminal a long message is cut, and its size is said; a pipe gets all of it."""

    def wait_size(self, daemon, before, size):
        """Waits until the output from there on says the size; returns it."""
        pattern = rb"\b" + f"{size:,}".replace(",", ",?").encode() + rb"\b"

        def judge():
            output = bytes(daemon.stdout.data[before:])
            return output if re.search(pattern, output) else None

        return daemon.until(judge, f"the size {size}")

    def test_cut_on_a_terminal(self):
        daemon = self.terminal_daemon("udp://127.0.0.1:0?reply=none", env={"NO_COLOR": "1"},
                                      rows=50, columns=200)
        one = self.udp(daemon.port)
        one.send(b"BEGIN")
        daemon.wait_prompt("#1")
        for view in ("text", "hex"):
            daemon.line(f"/view {view}")
            daemon.wait_prompt("#1")
            for letter, size in ((b"a", 65507), (b"b", 30001), (b"c", 7777)):
                before = len(daemon.stdout.copy())
                one.send(letter * size)
                self.wait_size(daemon, before, size)
                daemon.line(f"/q{letter.decode()}{view}")
                daemon.wait_prompt("#1")
                shown = daemon.wait_output(f"'/q{letter.decode()}{view}'")[before:]
                self.assertGreater(len(shown), 500)
                self.assertLess(len(shown), 40000)

    def test_cut_between_characters(self):
        """Not within one; the cut says the true size in bytes."""
        daemon = self.terminal_daemon("udp://127.0.0.1:0?reply=none", env={"NO_COLOR": "1"},
                                      rows=50, columns=200)
        one = self.udp(daemon.port)
        for shift in range(4):
            before = len(daemon.stdout.copy())
            one.send(("x" * shift + "🎉" * 5000).encode())
            self.wait_size(daemon, before, 20000 + shift)
        output = daemon.stdout.copy().decode()
        self.assertNotIn("\\x", output)
        self.assertIn("🎉" * 20, output)

    def test_short_is_not_cut(self):
        daemon = self.terminal_daemon("udp://127.0.0.1:0?reply=none", env={"NO_COLOR": "1"},
                                      rows=50, columns=200)
        one = self.udp(daemon.port)
        text = "".join(f"[{number}]" for number in range(250))
        one.send(text.encode())

        def unfolded(terminal):
            return "".join(re.sub("^ *│ ", "", line) for line in terminal.lines())

        daemon.wait_screen(lambda terminal: text in unfolded(terminal), "the whole message")

    def test_whole_on_a_pipe(self):
        daemon, one = self.udp_daemon()
        data = "".join(f"{number}," for number in range(14000))[:65507]
        one.send(data.encode())
        daemon.wait_output(data + "\n")


class SafeTest(TextCase):
    """Everything from outside: data, names, addresses, paths, error texts, stderr."""

    def test_paths(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        path = self.path(EVIL.replace("/", "") + "x.sock")
        quoted = "".join(f"%{byte:02x}" for byte in path.encode())
        daemon.line(f"/listen unix:{quoted}?name=evil")
        daemon.wait_output("evil")
        daemon.line(f"/connect unix:{quoted}?name=loop")
        daemon.wait_output("#3")
        daemon.line("/listeners")
        daemon.line("/peers")
        for peer in ("1", "2", "3"):
            daemon.line(f"/info {peer}")
        daemon.line("/unlisten evil")
        daemon.line(f"/connect unix:{quoted}")
        daemon.line("/listen unix:" + quoted + "%0a%0d/x.sock")
        name = self.file(EVIL.replace("\r", "") + "data", b"d" * 10)
        daemon.line(f"/file 1 {name}")
        self.expect(one, "d" * 10)
        daemon.line(f"/file 1 {name}missing")
        text = self.barrier(daemon, "q1")
        self.check_safe(text.encode())
        self.assertIn("\\x1b[31m\\x07\\x7f", text)
        self.assertGreater(text.count("%1b[31m"), 5)
        self.assertEqual(daemon.stderr.copy(), b"")

    def test_paths_over_json(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        path = self.path(EVIL + "x.sock")
        quoted = "".join(f"%{byte:02x}" for byte in path.encode())
        daemon.command(f"/listen unix:{quoted}?name=evil")
        event = daemon.wait("listening", name="evil")
        daemon.command("/unlisten evil")
        daemon.command(f"/listen {event['endpoint']}")  # it can be typed back
        self.assertTrue(os.path.exists(path))
        name = self.file(EVIL.replace("\r", "") + "data", b"d" * 10)
        daemon.command(f"/file 1 {name}")
        self.expect(one, "d" * 10)
        daemon.wait("file", peer=1, path=name, bytes=10)
        daemon.refused(f"/file 1 {name}missing")
        daemon.command(f"/connect {event['endpoint']}")
        daemon.command("/peers")
        self.check_safe(daemon.stdout.copy())

    def test_typed_words(self):
        """What an operator pastes comes back in error texts."""
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        self.tcp(daemon.port)
        daemon.wait_output("#1")
        commands = ("/{}", "/send {} x", "@{} x", "/to {}", "/info {}", "/close {}", "/name 1 {}",
                    "/bytes 1 {}", "/bytes 1 \"{}", "/bytes 1 \"\\{}\"", "/file 1 {}", "/view {}",
                    "/reply 1 {}", "/reply {} echo", "/unlisten {}", "/listen {}",
                    "/listen tcp://{}:1", "/listen tcp://127.0.0.1:{}", "/listen tcp://:1?{}=1",
                    "/listen tcp://:1?reply={}", "/listen unix:{}/x", "/connect {}",
                    "/connect tcp://{}:1", "/connect udp://127.0.0.1:1?from={}", "/help {}",
                    "/peers {}", "/q{}")
        for command in commands:
            daemon.line(command.format(EVIL))
            daemon.line(command.format(EVIL).encode("utf-8", "surrogateescape") + b"\xff\xfe\xc3")
        text = self.barrier(daemon, "q1")
        self.check_safe(text.encode())
        self.assertGreaterEqual(len(re.findall(r"(?m)\berror\b", text)), 2 * len(commands) - 4)
        self.assertEqual(daemon.stderr.copy(), b"")

    def test_escaped_once(self):
        """A control character as \\x1b, not as \\\\x1b: that would be a backslash."""
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        self.tcp(daemon.port)
        daemon.wait_output("#1")
        for number, line in enumerate(("/{}", "/to {}", "/bytes 1 {}", "/file 1 missing{}",
                                       "/view {}", "/reply 1 {}", "/unlisten {}", "/help {}")):
            with self.subTest(line=line):
                before = len(daemon.stdout.copy())
                daemon.line(line.format("\x1b[31mx"))
                self.barrier(daemon, f"q{number}")
                error = daemon.stdout.copy()[before:].decode().splitlines()[0]
                self.assertRegex(error, r"[^\\]\\x1b\[31mx")

    def check_diagnostic(self, variable, args, status=2):
        """The program refuses with one safe line."""
        run = Program(self, [program(variable), *args], stdin=subprocess.DEVNULL)
        run.wait_end(status)
        text = run.stderr.copy()
        self.assertRegex(text, rb"\A[^\n]+\n\Z", run.transcript())
        self.check_safe(text)
        self.assertEqual(run.stdout.copy(), b"")

    def test_diagnostics_of_telexd(self):
        for args in ((f"tcp://{EVIL}:1",), (f"tcp://127.0.0.1:{EVIL}",), (EVIL,),
                     (f"unix:{EVIL * 9}",), (f"tcp://:1?{EVIL}=x",), (f"tcp://:1?reply={EVIL}",),
                     (f"tcp://:1?name={EVIL}",),
                     ("--view", EVIL), ("--reply", EVIL), ("--eol", EVIL), ("--max-queue", EVIL),
                     ("--drain", EVIL), ("--allow", EVIL), (f"--{EVIL}",), (f"--view{EVIL}=1",),
                     (f"-{EVIL}",), (f"--json={EVIL}",), ("--vie=" + EVIL,)):
            with self.subTest(args=args):
                self.check_diagnostic("TELEXD", args)
        self.check_diagnostic("TELEXD", (f"unix:{EVIL}/x.sock",), status=1)

    def test_diagnostics_of_a_config_file(self):
        self.needs_option("--config")
        self.check_diagnostic("TELEXD", ("--config", EVIL + "missing"), status=1)
        for content in (EVIL, f"view {EVIL}", f"{EVIL} 1", f"listen {EVIL}",
                        f"listen tcp://:1?{EVIL}", "view text\0\x1b[31m", b"view \xff\xfe\x9b"):
            with self.subTest(content=content):
                path = self.file(EVIL.replace("\r", "") + "config", content)
                self.check_diagnostic("TELEXD", ("--config", path))

    def test_diagnostics_of_telex(self):
        for args in ((f"tcp://127.0.0.1:{EVIL}",), (EVIL, EVIL), (f"tcp://:1?{EVIL}=x",),
                     (f"--{EVIL}",), ("--view", EVIL, "1"), ("--wait", EVIL, "1"),
                     (f"unix:{EVIL * 9}",), (f"tcp://{EVIL}.invalid:1",)):
            with self.subTest(args=args):
                self.check_diagnostic("TELEX", args)
        self.check_diagnostic("TELEX", (f"unix:{EVIL}/x.sock",), status=1)

    def test_name_of_the_program(self):
        """Not even the name that it was started by."""
        link = self.path("\x1b[31mtelexd")
        os.symlink(program("TELEXD"), link)
        for args in (("tcp://127.0.0.1:x",), ("--nonsense",), ("--view",)):
            run = Program(self, [link, *args], stdin=subprocess.DEVNULL)
            run.wait_end(2)
            self.check_safe(run.stderr.copy())

    def test_data_of_every_byte(self):
        """Whatever bytes come, in whatever pieces, the output is safe and on lines of its own."""
        daemon = self.text_daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=echo")
        source = random.Random(4)
        one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
        alphabet = [bytes([byte]) for byte in range(256)] + [
            char.encode() for char in "電☎🎉é\u202e\u2028\u2066\x9b\u200b\ufeff"] + [
            b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe9\x9b", b"\xf0\x9f"]
        for number in range(300):
            data = b"".join(source.choices(alphabet, k=source.randrange(1, 40)))
            one.sendall(data)
            two.send(data)
            self.assertEqual(two.recv(1000), data)
        one.sendall(b"END OF IT")
        daemon.wait_output("END OF IT")
        text = self.check_safe(self.barrier(daemon, "q1").encode())
        for line in text.splitlines():
            self.assertRegex(line, r"^(\d\d:\d\d:\d\d|error)", "a line of a peer's making")

    def test_line_cannot_be_forged_by_any_newline(self):
        daemon, one = self.udp_daemon()
        for newline in ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028",
                        "\u2029"):
            one.send(f"innocent{newline}12:00:00 #7 ← forged;".encode())
        text = self.barrier(daemon, "q1")
        lines = self.wait_lines(daemon, "forged;", 11)
        self.assertEqual(len(lines), 11)
        for line in text.splitlines():  # which splits at every one of them
            self.assertNotRegex(line, r"^12:00:00 #7")


class JoinTest(TextCase):
    """A character split between two reads."""

    TEXT = "電話☎🎉é Ωß"

    def feed(self, daemon, one, pieces):
        """Sends the pieces so that each is a read of its own: /info tells when it has come."""
        received = 0
        for piece in pieces:
            one.sendall(piece)
            received += len(piece)

            def judge(wanted=received):
                daemon_text = bytes(daemon.stdout.data).decode()
                return True if f"{wanted} byte" in daemon_text else None

            self.poll_info(daemon, judge)

    def poll_info(self, daemon, judge):
        end = time.monotonic() + DEADLINE
        while True:
            self.assertLess(time.monotonic(), end, "the bytes do not come")
            seen = len(daemon.stdout.copy())
            daemon.line("/info 1")
            daemon.until(lambda: True if re.search(rb"(?m)^.*idle.*$\n", daemon.stdout.data[seen:])
                         else None, "the answer to /info")
            if judge():
                return

    def shown(self, text):
        """What the message lines show, put together."""
        return "".join(re.findall(r"(?m)^\d\d:\d\d:\d\d #1(?: \(partial\))? ← (.*)$", text))

    def check(self, pieces, wanted, endpoint="tcp://127.0.0.1:0?half-close=0"):
        daemon = self.text_daemon(endpoint)
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        self.feed(daemon, one, pieces)
        one.close()
        daemon.wait_output("closed")
        self.assertEqual(self.shown(self.barrier(daemon, "q1")), wanted)

    def test_byte_by_byte(self):
        self.check([bytes([byte]) for byte in self.TEXT.encode()], self.TEXT)

    def test_every_cut(self):
        data = self.TEXT.encode()
        for cut in range(1, len(data)):
            with self.subTest(cut=cut):
                self.check([data[:cut], data[cut:]], self.TEXT)

    def test_not_finished(self):
        self.check([b"a\xe9", b"\x9b", b"b"], "a\\xe9\\x9bb")
        self.check([b"a\xf0\x9f", b"\x8e", b"\xf0\x9f\x8e\x89"], "a\\xf0\\x9f\\x8e🎉")
        self.check([b"a\xe9\x9b"], "a\\xe9\\x9b")

    def test_control_characters_split_off(self):
        self.check([b"a\xc2", b"\x9b31m", b"\xe2\x80", b"\xaeb"], "a\\x9b31m\\u202eb".replace(
            "\\x9b", self.c1_escape()))

    def c1_escape(self):
        """\\x9b or \\u009b: how the console writes it."""
        daemon, one = self.udp_daemon()
        one.send("<\x9b>".encode())
        line = self.wait_lines(daemon, "<.*>")[0]
        return re.search("<(.*)>", line)[1]

    def test_others_in_between(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        one = self.tcp(daemon.ports[0])
        daemon.wait_output("#1")
        two = self.tcp(daemon.ports[0])
        three = self.udp(daemon.ports[1])
        data = "電".encode()
        self.feed(daemon, one, [b"one:" + data[:2]])
        two.sendall(data[2:] + b":two")
        daemon.wait_output(":two")
        three.send(data[2:] + b":three")
        daemon.wait_output(":three")
        daemon.line("@1 an answer in between")
        one.sendall(data[2:] + b":end")
        output = daemon.wait_output(":end").decode()
        self.assertIn("電:end", output)
        self.assertEqual(output.count("電"), 1)

    def test_line_longer_than_a_message(self):
        """A line that is cut at 65,536 bytes is cut within a character too."""
        daemon = self.text_daemon("tcp://127.0.0.1:0?framing=line")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        text = "x" * 65535 + "電" + "y" * 10
        one.sendall(text.encode() + b"\n")
        daemon.wait_output("y" * 10 + "\\n\n")
        output = self.barrier(daemon, "q1")
        self.assertIn("電", output)
        self.assertNotIn("\\x", output)


class EventTest(TextCase):
    """Events in words: what JSON says, the text says too."""

    def test_life_of_a_peer(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?name=front")
        self.wait_lines(daemon, r"tcp://127\.0\.0\.1:\d+.*front|front.*tcp://127\.0\.0\.1:\d+")
        one = self.tcp(daemon.port)
        self.wait_lines(daemon, rf"#1\b.*127\.0\.0\.1:{one.getsockname()[1]}")
        daemon.line("/name 1 boiler")
        self.wait_lines(daemon, r"#1\b.*\bboiler\b")
        one.sendall(b"question")
        self.wait_lines(daemon, r"#1 boiler\b.*question$")
        one.shutdown(socket.SHUT_WR)
        self.wait_lines(daemon, r"#1 boiler\b.*(ended|half)")
        daemon.line("answer")
        self.expect(one, "answer\n")
        self.wait_lines(daemon, r"#1 boiler\b.*answer\\n$")
        daemon.line("/close 1")
        self.expect_end(one)
        line = self.wait_lines(daemon, r"#1 boiler\b.*\boperator\b")[0]
        self.assertRegex(line, r"\b8\b")
        self.assertRegex(line, r"\b7\b")
        daemon.line("/unlisten front")
        self.wait_lines(daemon, r"(?i)(no longer|unlisten|closed).*front")

    def test_reasons(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?half-close=0", "--connect-timeout", "0.3")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        daemon.wait_output("#2 ")
        one.close()
        self.wait_lines(daemon, r"#\d\b.*\beof\b")
        self.reset(two)
        self.wait_lines(daemon, r"#\d\b.*\breset\b")
        daemon.line(f"/connect tcp://127.0.0.1:{self.full_listener()}")
        self.wait_lines(daemon, r"#3\b.*\btimeout\b")
        daemon.line(f"/connect tcp://127.0.0.1:{self.free_port()}")
        self.wait_lines(daemon, r"#4\b.*refused")

    def test_target_that_closes_is_said(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        one.close()
        self.wait_lines(daemon, r"(?i)no target")
        daemon.line("text")
        self.wait_lines(daemon, r"(?i)error.*target")

    def test_refused(self):
        self.needs_option("--deny")
        daemon = self.text_daemon("--deny", "127.0.0.1", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        self.wait_lines(daemon, r"(?i)refused.*127\.0\.0\.1")
        self.assertEqual(self.end_of(one), b"")

    def end_of(self, one):
        try:
            return one.recv(10)
        except ConnectionResetError:
            return b""

    def test_partial(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?framing=line")
        one = self.tcp(daemon.port)
        one.sendall(b"whole\n")
        self.assertNotIn("partial", self.wait_lines(daemon, r"whole\\n$")[0])
        one.sendall(b"rest of it")
        one.shutdown(socket.SHUT_WR)
        self.assertIn("partial", self.wait_lines(daemon, r"rest of it$")[0])
        self.wait_lines(daemon, r"#1\b.*(ended|half)")

    def test_lines_are_messages(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?framing=line&reply=echo")
        one = self.tcp(daemon.port)
        one.sendall(b"one\ntwo\n\nthr")
        self.expect(one, "one\ntwo\n\n")
        one.sendall(b"ee\n")
        self.expect(one, "three\n")
        received = [re.search(r"← (.*)$", line)[1]
                    for line in self.wait_lines(daemon, r"#1 ← ", 4)]
        self.assertEqual(received, ["one\\n", "two\\n", "\\n", "three\\n"])

    def test_half_close_over_json(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line", "tcp://127.0.0.1:0?reply=echo")
        one, two = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        daemon.wait_count(2, "open")
        peer = {event["listener"]: event["peer"] for event in daemon.seen("open")}
        one.sendall(b"a\nb")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=peer[1])
        self.assertEqual([(event["event"], event.get("text"), event.get("partial"))
                          for event in daemon.seen(peer=peer[1])],
                         [("open", None, None), ("message", "a\n", None), ("message", "b", True),
                          ("half-close", None, None)])
        daemon.command(f"@{peer[1]} answer")
        self.expect(one, "answer\n")
        two.sendall(b"x")
        two.shutdown(socket.SHUT_WR)
        self.assertEqual(self.receive_all(two), b"x")
        daemon.wait("close", peer=peer[2], reason="eof")
        names = [event["event"] for event in daemon.seen(peer=peer[2])]
        self.assertEqual(names, ["open", "message", "sent", "half-close", "close"])


if __name__ == "__main__":
    main()
