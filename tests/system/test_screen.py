# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on the screen while events storm and a person types: everything, exactly once."""

import functools
import itertools
import os
import random
import re
import signal
import socket
import stat
import threading
import unicodedata

try:
    import pyte
    from wcwidth import wcwidth
except ImportError:  # the harness skips every test here
    pyte = None

from telex_test import Terminal, TerminalDaemon, TestCase, main, name_of, program

TIME = r"\d\d:\d\d:\d\d"
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"


if pyte:

    class ScrollingScreen(pyte.HistoryScreen):
        """A terminal like xterm, in what pyte does otherwise.

        What a smaller window pushes off the top is kept above. Behind a letter in the last column
        the cursor stands on it, and only the next letter wraps. A wide letter that the last column
        has no room for goes to the next row. And each row knows whether its text went on in the
        next: one that just fits looks the same.
        """

        drawing = False

        def draw(self, data):
            self.drawing = True
            for char in data:
                width = wcwidth(char)
                full = self.cursor.x == self.columns
                if width == 2 and self.cursor.x == self.columns - 1:
                    self.cursor.x = self.columns
                self.columns += width == 0 and full  # a mark is for the letter before
                super().draw(char)
                self.columns -= width == 0 and full
                if width > 0 and self.cursor.x == self.columns:
                    self.buffer[self.cursor.y].goes_on = False
            self.drawing = False

        def linefeed(self):
            if self.drawing:
                self.buffer[self.cursor.y].goes_on = True
            super().linefeed()

        def _on_the_last(self):
            self.cursor.x = min(self.cursor.x, self.columns - 1)

        def erase_in_line(self, *args, **keywords):
            self._on_the_last()
            super().erase_in_line(*args, **keywords)

        def erase_in_display(self, *args, **keywords):
            self._on_the_last()
            super().erase_in_display(*args, **keywords)

        def cursor_up(self, count=None):
            self._on_the_last()
            super().cursor_up(count)

        def resize(self, lines=None, columns=None):
            lines, columns = lines or self.lines, columns or self.columns
            for _ in range(max(0, self.cursor.y + 1 - lines)):
                self.history.top.append(self.buffer[0])
                for y in range(self.lines - 1):
                    self.buffer[y] = self.buffer[y + 1]
                self.buffer.pop(self.lines - 1, None)
                self.cursor.y -= 1
            for y in range(lines, self.lines):
                self.buffer.pop(y, None)
            for row in self.buffer.values():
                for x in range(columns, self.columns):
                    row.pop(x, None)
            self.lines, self.columns = lines, columns
            self.cursor.x = min(self.cursor.x, columns - 1)
            self.set_margins()
            self.dirty.update(range(lines))


class ScreenMixin:
    """What the whole screen with all that scrolled away says, put together from its rows."""

    def _draw(self):
        if not isinstance(self.screen, ScrollingScreen):
            self.screen = ScrollingScreen(self.screen.columns, self.screen.lines, history=20000)
            self.stream = pyte.Stream(self.screen)
        super()._draw()

    def rows(self):
        """Every row as its cells (the second of a wide letter is empty), and whether it goes on."""
        screen = self.screen
        rows = list(screen.history.top) + [screen.buffer[y] for y in range(screen.lines)]
        return [([row[x].data for x in range(screen.columns)], getattr(row, "goes_on", False))
                for row in rows]

    def joined(self):
        """The text with the lines that were wrapped or folded put together again."""
        text, went_on = [], False
        rows = self.rows()
        for (row, goes_on), (following, _) in zip(rows, rows[1:] + [([" ", " "], False)]):
            if not went_on:
                text.append("\n")
            short = row[-1] == " " and row[-2] != " "
            if short and following[1] == "":  # where readline begins a row for a wide letter
                row, goes_on = row[:-1], True
            went_on = goes_on and row[-1] != " "
            text.append("".join(row) if went_on else "".join(row).rstrip())
        return re.sub(r"\n *[│└] ", "", "".join(text))

    def expected_rows(self, line, point):
        """How a line with the cursor at point must stand; its rows, and the cursor's place."""
        columns = self.screen.columns
        rows, width, cursor = [""], 0, None
        for index, char in enumerate(line + "\0"):
            cells = max(wcwidth(char), 0) if char != "\0" else 1
            if width + cells > columns:
                rows.append("")
                width = 0
            if index == point:
                cursor = (len(rows) - 1, width)
            if char != "\0":
                rows[-1] += char
                width += cells
        return rows, cursor

    def stands(self, line, point=None):
        """Whether the line stands at the cursor, the cursor in its place, and nothing below."""
        screen = self.screen
        rows, (row, column) = self.expected_rows(line, len(line) if point is None else point)
        top = screen.cursor.y - row
        if top < 0 or screen.cursor.x != column:
            return False
        shown = [text.rstrip() for text in screen.display[top:]]
        wanted = [unicodedata.normalize("NFC", text).rstrip() for text in rows]
        return shown == (wanted + [""] * len(shown))[:max(len(shown), len(wanted))]

    def wait_stands(self, line, point=None):
        self.wait_screen(lambda terminal: terminal.stands(line, point),
                         f"{line!r} with the cursor at {point}")


class OnScreen(ScreenMixin, Terminal):
    pass


class ScreenDaemon(ScreenMixin, TerminalDaemon):
    pass


class ScreenCase(TestCase):
    def start(self, *args, **keywords):
        """A daemon with a named UDP peer as target, its prompt and the peer's socket."""
        keywords.setdefault("env", {"NO_COLOR": "1"})
        daemon = ScreenDaemon(self, "udp://127.0.0.1:0?reply=none",
                              "tcp://127.0.0.1:0?framing=line&half-close=0", *args, **keywords)
        one = self.udp(daemon.ports[0])
        one.send(b"BEGIN")
        daemon.wait_stands("#1> ")
        daemon.line("/name 1 boiler")
        daemon.wait_stands("#1 boiler> ")
        return daemon, one, "#1 boiler> "


class Typist:
    """A line being edited: what the keys make of it."""

    def __init__(self, history=()):
        self.line, self.point, self.killed = "", 0, ""
        self.history = list(history)
        self.place = len(self.history)
        self.kept = {}

    def insert(self, text):
        self.line = self.line[:self.point] + text + self.line[self.point:]
        self.point += len(text)
        return text

    def left(self):
        self.point = max(0, self.point - 1)
        return LEFT

    def right(self):
        self.point = min(len(self.line), self.point + 1)
        return RIGHT

    def home(self):
        self.point = 0
        return "\x01"

    def end(self):
        self.point = len(self.line)
        return "\x05"

    def backspace(self):
        if self.point:
            self.line = self.line[:self.point - 1] + self.line[self.point:]
            self.point -= 1
        return "\x7f"

    def delete(self):
        self.line = self.line[:self.point] + self.line[self.point + 1:]
        return "\x1b[3~"

    def kill_end(self):
        if self.point < len(self.line):
            self.killed = self.line[self.point:]
        self.line = self.line[:self.point]
        return "\x0b"

    def kill_start(self):
        if self.point:
            self.killed = self.line[:self.point]
        self.line, self.point = self.line[self.point:], 0
        return "\x15"

    def yank(self):
        self.insert(self.killed)
        return "\x19"

    def _recall(self, place):
        if 0 <= place <= len(self.history):
            self.kept[self.place] = self.line
            self.place = place
            original = self.history[place] if place < len(self.history) else ""
            self.line = self.kept.get(place, original)
            self.point = len(self.line)

    def up(self):
        self._recall(self.place - 1)
        return UP

    def down(self):
        self._recall(self.place + 1)
        return DOWN


class StormCase(ScreenCase):
    WORDS = ("text", "电话插口", "🎉🎊", "grüß", "Ελλάδα", "a\u0301", "日本語テキスト", "x", "☎")

    def message(self, source, number):
        """A message that has no blanks, its bytes, and how it must be shown."""
        token = f"[{number}]"
        kind = source.randrange(10)
        if kind < 4:
            body = "".join(source.choices(self.WORDS, k=source.randrange(1, 8)))
        elif kind < 6:
            body = "".join(source.choices(self.WORDS, k=source.randrange(20, 120)))
        elif kind < 8:
            body = "\n".join("".join(source.choices(self.WORDS, k=3)) for _ in range(5)) + "\n"
        elif kind < 9:
            body = "\x1b[2J\x07\r" * source.randrange(1, 20)
        else:
            body = "z" * source.randrange(2500, 9000)
        text = token + body
        data = text.encode()
        shown = text
        for char, escape in (("\n", "\\n"), ("\x1b", "\\x1b"), ("\x07", "\\x07"), ("\r", "\\r")):
            shown = shown.replace(char, escape)
        return token, data, unicodedata.normalize("NFC", shown)

    @staticmethod
    def first_rows(daemon, shown):
        """As much of a message as is shown in any case: it has twelve rows, and their edges.

        From 60 columns on time, label and mark stand left of all of them."""
        columns = daemon.screen.columns
        most = 10 * (columns - (6 if columns < 60 else 27))
        cells = itertools.accumulate(max(wcwidth(char), 0) for char in shown)
        return "".join(char for char, until in zip(shown, cells) if until <= most)

    def check_once(self, daemon, messages, typed, prompt, extra=()):
        """Every message and the typed line stand there once, in order, and nothing else does."""
        text = daemon.joined()
        at = 0
        for token, _, shown in messages:
            shown = self.first_rows(daemon, shown)
            self.assertEqual(text.count(token), 1, f"{token}\n{text}")
            found = text.find(shown, at)
            self.assertGreaterEqual(found, 0, f"{shown!r} is not there, or too early\n{text}")
            at = found
        if typed:
            line = unicodedata.normalize("NFC", prompt + typed)
            whole = "".join(text.split("\n")).replace(" ", "")
            self.assertEqual(whole.count(line.replace(" ", "")), 1, f"{line!r}\n{text}")
        self.assertEqual(len(re.findall(rf"(?m)^{re.escape(prompt)}", text)), 1 + len(extra), text)
        rest = re.sub(rf"(?m)^{TIME} .*$", "", text)
        for line in extra:
            self.assertIn("\n" + line, rest)
            rest = rest.replace("\n" + line, "\n", 1)
        rest = rest.replace("".join(self.setup_lines), "")
        rest = "".join(rest.split())
        wanted = "".join((prompt + typed).split())
        for line in self.setup_lines:
            rest = rest.replace("".join(line.split()), "", 1)
        self.assertEqual(rest, unicodedata.normalize("NFC", wanted), text)

    setup_lines = ("#1> /name 1 boiler", "type /help to see what can be typed, Ctrl-D to leave")


class StormTest(StormCase):
    def storm(self, seed, count, rows, columns, typed_length):
        source = random.Random(seed)
        daemon, one, prompt = self.start(rows=rows, columns=columns)
        alphabet = "abcdefghijklmnopqrstuvwxyz,.-_ é电话🎉"
        typist = Typist()
        messages = []
        for number in range(count):
            messages.append(self.message(source, number))
            one.send(messages[-1][1])
            if len(typist.line) < typed_length:
                daemon.write(typist.insert(source.choice(alphabet)))
            if source.randrange(8) == 0:
                daemon.wait_output(messages[-1][0])
        daemon.wait_output(messages[-1][0])
        daemon.wait_stands(prompt + typist.line)
        self.check_once(daemon, messages, typist.line, prompt)
        daemon.line("!")
        self.expect(one, typist.line + "!")

    def test_typing(self):
        self.storm(1, 400, 24, 80, 350)

    def test_typing_in_a_small_window(self):
        self.storm(2, 300, 12, 41, 120)

    def test_typing_in_a_wide_window(self):
        self.storm(3, 300, 50, 200, 300)


    def test_edits(self):
        """Each key has its effect at its place, over several rows, while messages come."""
        source = random.Random(4)
        daemon, one, prompt = self.start(rows=20, columns=60)
        typist = Typist()
        messages = []
        daemon.write(typist.insert("".join(source.choices("abc-电é", k=150))))
        moves = [typist.left] * 4 + [typist.right] * 3 + [typist.home, typist.end] + [
            typist.backspace] * 2 + [typist.delete, typist.kill_end, typist.yank,
                                     typist.kill_start, typist.yank]
        for number in range(150):
            messages.append(self.message(source, number))
            one.send(messages[-1][1])
            if source.randrange(3):
                for _ in range(source.randrange(1, 30) if source.randrange(4) == 0 else 1):
                    daemon.write(source.choice(moves[:-6])())
            elif source.randrange(2):
                daemon.write(source.choice(moves)())
            else:
                daemon.write(typist.insert("".join(source.choices("xyz-🎉ß", k=9))))
            if number % 3 == 0:
                daemon.wait_output(messages[-1][0])
                daemon.wait_stands(prompt + typist.line, len(prompt) + typist.point)
        daemon.wait_output(messages[-1][0])
        daemon.wait_stands(prompt + typist.line, len(prompt) + typist.point)
        self.check_once(daemon, messages, typist.line, prompt)
        daemon.write(typist.end() + "\r")
        self.expect(one, typist.line)

    def test_tab_and_history(self):
        source = random.Random(5)
        daemon, one, prompt = self.start(rows=16, columns=50)
        lines = ["first", "second" * 20, "日本語" * 30, "/info"]
        messages, history = [], ["/name 1 boiler"]

        def message():
            messages.append(self.message(source, len(messages)))
            one.send(messages[-1][1])

        for line in lines[:3]:
            message()
            daemon.write(line)
            message()
            daemon.write("\r")
            self.expect(one, line)
            history.append(line)
            daemon.wait_stands(prompt)
        typist = Typist(history)
        for _ in range(60):
            message()
            daemon.write(source.choice([typist.up, typist.down])())
            message()
            daemon.wait_output(messages[-1][0])
            daemon.wait_stands(prompt + typist.line, len(prompt) + typist.point)
        while typist.place < len(history):
            daemon.write(typist.down())
        daemon.wait_stands(prompt)
        message()
        daemon.write("/unlis\t")  # completes
        message()
        daemon.wait_stands(prompt + "/unlisten ")
        daemon.write("\x15text with \t\t no completion")  # Tab does nothing there
        message()
        daemon.wait_stands(prompt + "text with  no completion")
        daemon.write("\x15/info b\t")
        message()
        daemon.wait_output(messages[-1][0])
        daemon.wait_stands(prompt + "/info boiler ")
        text = daemon.joined()
        for token, _, shown in messages:
            self.assertEqual(text.count(token), 1, text)
            self.assertIn(self.first_rows(daemon, shown), text)
        self.assertEqual(text.count("\n" + prompt), 1, text)

    def test_lines_entered_meanwhile(self):
        source = random.Random(6)
        daemon, one, prompt = self.start(rows=24, columns=70)
        messages, lines = [], []
        for number in range(40):
            line = f"<{number}>" + "".join(source.choices("abc电", k=source.choice((5, 30, 120))))
            for char in line:
                if source.randrange(4) == 0:
                    messages.append(self.message(source, len(messages)))
                    one.send(messages[-1][1])
                daemon.write(char)
            daemon.write("\r")
            lines.append(line)
            self.expect(one, line)
        daemon.write("rest")
        daemon.wait_output(messages[-1][0])
        daemon.wait_stands(prompt + "rest")
        text = daemon.joined()
        at = 0
        for line in lines:  # what was sent has taken the place of what was typed
            self.assertEqual(text.count(line), 1, f"{line!r}\n{text}")
            self.assertNotIn(prompt + line, text)
            self.assertGreater(text.index(line), at)
            at = text.index(line)
        for token, _, shown in messages:
            self.assertEqual(text.count(token), 1, f"{token}\n{text}")
            self.assertIn(self.first_rows(daemon, shown), text)

    def test_lines_below_what_just_fits(self):
        """A message that ends in the last column, or would have: the prompt has its own row."""
        daemon, one, prompt = self.start(rows=24, columns=70)
        for number, end in enumerate(("", "x", "xx", "xxx", "电", "x电", "电电", "xa\u0301")):
            gap = 70 - len(f"00:00:00 {prompt}[{number}]") - 1
            one.send(f"[{number}]{'-' * gap}{end}".encode())
            daemon.wait_output(f"[{number}]")
            daemon.wait_stands(prompt)
            daemon.line(f"line {number}")
            daemon.wait_seen(f"→ line {number}")
            daemon.wait_stands(prompt)
            text = daemon.joined()
            self.assertNotIn(f"{prompt}line {number}", text)
            shown = unicodedata.normalize("NFC", f"[{number}]{'-' * gap}{end}\n")
            self.assertEqual(text.count(shown), 1, text)

    def test_answers_and_messages(self):
        """What commands print stands there once, too."""
        daemon, one, prompt = self.start(rows=24, columns=80)
        for number in range(30):
            one.send(b"[%d]before" % number)
            daemon.line(f"/q{number}x")
            one.send(b"[%d]after" % number)
        daemon.write("half")
        daemon.wait_output("[29]after")
        daemon.wait_output("'/q29x'")
        daemon.wait_stands(prompt + "half")
        text = daemon.joined()
        for number in range(30):
            self.assertEqual(text.count(f"'/q{number}x'"), 1, text)
            self.assertEqual(text.count(f"\n{prompt}/q{number}x\n"), 1, text)
            self.assertEqual(text.count(f"[{number}]before"), 1, text)
            self.assertEqual(text.count(f"[{number}]after"), 1, text)

    def test_search_meanwhile(self):
        """Ctrl-R goes on while messages come."""
        daemon, one, prompt = self.start()
        for line in ("needle in hay", "something else"):
            daemon.line(line)
            self.expect(one, line)
        daemon.wait_stands(prompt)
        for index, char in enumerate("\x12need"):
            daemon.write(char)
            one.send(b"[%d]" % index)
            daemon.wait_seen(f"[{index}]")
        daemon.wait_screen(lambda terminal: "needle in hay" in terminal.input_line(), "the search")
        daemon.write("\r")
        self.expect(one, "needle in hay")
        text = daemon.joined()
        for index in range(5):
            self.assertEqual(text.count(f"[{index}]"), 1)

    def test_unfinished_keys(self):
        """Half a character, a lone Escape, Ctrl-V, a count: the peers are not kept waiting."""
        daemon, one, prompt = self.start()
        two = self.tcp(daemon.ports[1])
        for number, (first, rest, wanted) in enumerate((
                (b"\xe7", b"\x94\xb5", "电"), (b"\xf0\x9f", b"\x8e\x89", "🎉"), (b"\x1b", b"[D", ""),
                (b"\x16", b"x", "x"), (b"\x1b3", b"y", "yyy"), (b"\x18", b"\x18", ""))):
            daemon.write(first)
            for _ in range(3):
                two.sendall(b"ping%d\n" % number)
            daemon.wait_seen(f"ping{number}")
            daemon.write(rest)
            daemon.write("\x05")
            daemon.wait_stands(prompt + wanted)
            daemon.write("\x15")
            daemon.wait_stands(prompt)


class ResizeTest(ScreenCase):
    SIZES = ((24, 60), (24, 100), (11, 100), (30, 100), (12, 45), (40, 132), (40, 45), (24, 80))

    def resize(self, daemon, rows, columns):
        """Resizes and waits until the line is drawn again."""
        before = len(daemon.stdout.copy())
        daemon.resize(rows, columns)
        daemon.wait_screen(lambda terminal: terminal.drawn > before, "the line drawn again")

    def test_resize(self):
        source = random.Random(7)
        daemon, one, prompt = self.start(rows=24, columns=80)
        typist = Typist()
        count = 0
        daemon.write(typist.insert("".join(f"<{piece}>" for piece in range(30))))
        daemon.wait_stands(prompt + typist.line)
        for rows, columns in self.SIZES:
            with self.subTest(rows=rows, columns=columns):
                self.resize(daemon, rows, columns)
                daemon.wait_stands(prompt + typist.line)
                for _ in range(rows + 5):
                    one.send(b"[%d]" % count + "电".encode() * source.randrange(6))
                    daemon.write(typist.insert("电") if source.randrange(9) == 0 else
                                 typist.insert("") or LEFT + RIGHT)
                    count += 1
                daemon.wait_output(f"[{count - 1}]")
                daemon.wait_stands(prompt + typist.line)
                text = daemon.joined()
                for number in range(count):
                    self.assertEqual(text.count(f"[{number}]"), 1, f"[{number}]\n{text}")
                for piece in range(30):
                    self.assertEqual(text.count(f"<{piece}>"), 1, f"<{piece}>\n{text}")
                self.assertEqual(text.count("\n" + prompt), 1, text)
        daemon.write("\r")
        self.expect(one, typist.line)

    def test_cursor_within_the_line(self):
        daemon, one, prompt = self.start(rows=24, columns=80)
        typist = Typist()
        daemon.write(typist.insert("".join(f"<{piece}>" for piece in range(60))))
        for _ in range(40):
            daemon.write(typist.left())
        daemon.wait_stands(prompt + typist.line, len(prompt) + typist.point)
        for rows, columns in ((24, 60), (24, 100), (30, 50), (30, 80)):
            with self.subTest(rows=rows, columns=columns):
                self.resize(daemon, rows, columns)
                daemon.wait_stands(prompt + typist.line, len(prompt) + typist.point)
                one.send(b"[%d]" % columns)
                daemon.wait_seen(f"[{columns}]")
                daemon.wait_stands(prompt + typist.line, len(prompt) + typist.point)
                text = daemon.joined()
                for piece in range(60):
                    self.assertEqual(text.count(f"<{piece}>"), 1, f"<{piece}>\n{text}")

    def test_tables_take_the_new_width(self):
        daemon, _, prompt = self.start(rows=24, columns=120)
        path = self.path("p" * 60 + ".sock")
        daemon.line(f"/listen unix:{path}")
        daemon.wait_seen(path)
        for columns in (80, 160, 80):
            self.resize(daemon, 24, columns)
            daemon.line("/listeners")
            daemon.wait_screen(lambda terminal: any(
                text.rstrip().endswith("FRAMING") for text in terminal.screen.display), "the table")
            daemon.wait_stands(prompt)
            shown = "\n".join(daemon.screen.display).rpartition("/listeners")[2]
            self.assertEqual(path in shown, columns == 160, shown)
            daemon.write("\x0c")  # clears the screen
            daemon.wait_screen(lambda terminal: terminal.screen.cursor.y == 0, "a clear screen")
            daemon.wait_stands(prompt)


class TableTest(ScreenCase):
    def check_table(self, daemon, line, rows, columns):
        """The answer has a row for each entry and its title, none of them wrapped."""
        prompt = daemon.input_line()
        daemon.line(line)
        daemon.wait_screen(lambda terminal: terminal.input_line() == prompt and any(
            line in text for text in terminal.lines()), "the prompt again")
        lines = daemon.lines()
        start = max(index for index, text in enumerate(lines) if text.endswith(line))
        table = lines[start + 1:]
        table = table[:table.index(prompt)]
        self.assertEqual(len(table), rows, daemon.transcript())
        for text in table:
            self.assertLessEqual(len(text), columns)
        return table

    def test_peers_fit(self):
        for columns in (80, 100, 132, 200):
            with self.subTest(columns=columns):
                path = self.path("p" * 60 + f"{columns}.sock")
                daemon = self.terminal_daemon("tcp://127.0.0.1:0?half-close=120", f"unix:{path}",
                                              "udp://127.0.0.1:0?reply=none", rows=40,
                                              columns=columns, env={"NO_COLOR": "1"})
                one = self.tcp(daemon.ports[0])
                daemon.wait_seen("#1")
                self.unix(path)
                daemon.wait_seen("#2")
                three = self.udp(daemon.ports[1])
                three.send(b"x")
                daemon.wait_seen("#3")
                for number in (1, 2, 3):
                    daemon.line(f"/name {number} {'abcdefgh' * 3}{number}")
                    daemon.wait_seen(f"{'abcdefgh' * 3}{number}")
                daemon.line(f"/connect unix:{path}")
                daemon.wait_seen("#5")
                one.sendall(b"x" * 3_000_000)
                one.shutdown(socket.SHUT_WR)
                daemon.wait_output("ended")
                daemon.write("\r")
                daemon.wait_input(">")
                table = self.check_table(daemon, "/peers", 6, columns)
                for number in range(1, 6):
                    self.assertIn(f"#{number} ", "\n".join(table))
                self.assertIn("half-closed", "\n".join(table))
                daemon.stop()

    def test_peers_say_who_it_is(self):
        """On a window of the usual size an address is not cut."""
        daemon = self.terminal_daemon("tcp://127.0.0.1:0", rows=24, columns=80,
                                      env={"NO_COLOR": "1"})
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        table = self.check_table(daemon, "/peers", 2, 80)
        self.assertIn(name_of(one), table[1])

    def test_listeners_fit(self):
        path = self.path("电话" * 12 + ".sock")
        quoted = "".join(f"%{byte:02x}" for byte in path.encode())
        for columns in (80, 100):
            with self.subTest(columns=columns):
                daemon = self.terminal_daemon(f"tcp://127.0.0.1:0?name={'n' * 32}", rows=30,
                                              columns=columns, env={"NO_COLOR": "1"})
                daemon.line(f"/listen unix:{quoted}")
                daemon.wait_output("listener 2")
                daemon.wait_prompt()
                self.check_table(daemon, "/listeners", 3, columns)
                daemon.stop()

    def test_stats_and_help_fit(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0", rows=60, columns=80,
                                      env={"NO_COLOR": "1"})
        for line in ("/stats", "/help", "/help send", "/help listen", "/help file", "/info 1"):
            daemon.line(line)
            daemon.wait_prompt()
        self.assertNotRegex(daemon.stdout.copy().decode(), r"(?m)^[^\x1b\r\n]{81}")


class TargetTest(ScreenCase):
    """Whom a typed line goes to, and that the prompt says so."""

    def plain(self, *args):
        return ScreenDaemon(self, "tcp://127.0.0.1:0?half-close=0", *args, env={"NO_COLOR": "1"})

    def test_prompt(self):
        daemon = self.plain()
        daemon.wait_stands("> ")
        one = self.tcp(daemon.port)
        daemon.wait_stands("#1> ")
        two = self.tcp(daemon.port)
        daemon.wait_seen("#2")
        for line, prompt in (("/name 1 boiler", "#1 boiler> "), ("/to 2", "#2> "),
                             ("/name 2 pump", "#2 pump> "), ("/name 1 b2", "#2 pump> "),
                             ("/to b2", "#1 b2> "), ("/name b2 -", "#1> "), ("/to -", "> "),
                             ("/to #2", "#2 pump> "), ("@1 x", "#2 pump> "),
                             ("/to 9", "#2 pump> ")):
            daemon.line(line)
            daemon.wait_stands(prompt)
        self.expect(one, "x\n")
        two.close()
        daemon.wait_stands("> ")

    def test_first_peer_once(self):
        daemon = self.plain()
        one = self.tcp(daemon.port)
        daemon.wait_stands("#1> ")
        two = self.tcp(daemon.port)
        daemon.wait_seen("#2")
        daemon.line("to one")
        self.expect(one, "to one\n")
        one.close()
        daemon.wait_stands("> ")
        three = self.tcp(daemon.port)
        daemon.wait_seen("#3")
        daemon.wait_stands("> ")
        daemon.line("for one only")
        daemon.wait_screen(lambda terminal: any("error" in line for line in terminal.lines()),
                           "an error")
        daemon.wait_stands("> ")
        for other in (two, three):
            self.check_silent(other)
        daemon.line("/to 3")
        daemon.wait_stands("#3> ")
        daemon.write(UP + UP)
        daemon.wait_stands("#3> for one only")
        daemon.write("\r")
        self.expect(three, "for one only\n")
        self.check_silent(two)

    def test_target_closes_while_a_line_is_typed(self):
        daemon = self.plain()
        one, two = self.tcp(daemon.port), None
        daemon.wait_stands("#1> ")
        two = self.tcp(daemon.port)
        daemon.wait_seen("#2")
        daemon.write("half a secret")
        daemon.wait_stands("#1> half a secret")
        one.close()
        daemon.wait_stands("> half a secret")
        daemon.write(" and the rest\r")
        daemon.wait_screen(lambda terminal: any("error" in line for line in terminal.lines()),
                           "an error")
        daemon.wait_stands("> ")
        self.check_silent(two)
        daemon.write(UP)
        daemon.wait_stands("> half a secret and the rest")

    def test_no_target_by_hand_does_not_count(self):
        daemon = self.plain()
        daemon.line("/to -")
        daemon.line("too early")
        daemon.wait_screen(lambda terminal: any("error" in line for line in terminal.lines()),
                           "an error")
        one = self.tcp(daemon.port)
        daemon.wait_stands("#1> ")
        daemon.line("hello")
        self.expect(one, "hello\n")

    def test_call_that_fails_is_not_the_first(self):
        daemon = self.plain()
        daemon.line(f"/connect tcp://127.0.0.1:{self.free_port()}")
        daemon.wait_seen("refused")
        daemon.wait_stands("> ")
        self.tcp(daemon.port)
        daemon.wait_stands("#2> ")

    def test_call_may_be_the_first(self):
        daemon = self.plain()
        server = self.listener()
        daemon.line(f"/connect tcp://127.0.0.1:{server.getsockname()[1]}?name=far")
        far = self.accept(server)
        daemon.wait_stands("#1 far> ")
        daemon.line("hello")
        self.expect(far, "hello\n")

    def test_unlisten_closes_the_target(self):
        daemon = self.plain("udp://127.0.0.1:0?reply=none&name=sky")
        one = self.udp(daemon.ports[1])
        one.send(b"x")
        daemon.wait_stands("#1> ")
        daemon.line("/unlisten sky")
        daemon.wait_stands("> ")


class HistoryTest(ScreenCase):
    def path_in(self, *parts):
        return os.path.join(self.directory, *parts)

    def say(self, *lines, env=None, **keywords):
        """A daemon that is told these lines and ends."""
        daemon = self.terminal_daemon("tcp://127.0.0.1:0", env=env, **keywords)
        for line in lines:
            daemon.line(line)
        daemon.line("/quit")
        daemon.wait_end(0)

    def check_kept(self, *lines, env=None):
        """A new daemon remembers the lines, the last one first."""
        daemon = self.terminal_daemon("tcp://127.0.0.1:0", env=env)
        for line in reversed(lines):
            daemon.write(UP)
            daemon.wait_input("> " + line)

    def test_kept_across_runs(self):
        self.say("first", "/peers", "电话 日本")
        self.say("later")
        path = self.path_in("telex", "history")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.check_kept("first", "/peers", "电话 日本", "/quit", "later", "/quit")

    def test_mode_whatever_the_umask(self):
        before = os.umask(0)
        try:
            self.say("line")
        finally:
            os.umask(before)
        path = self.path_in("telex", "history")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_one_that_others_could_read(self):
        os.mkdir(self.path_in("telex"))
        path = self.file("telex/history", "old line\n")
        os.chmod(path, 0o644)
        self.say("line")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.check_kept("old line", "line", "/quit")

    def test_a_link_is_not_followed(self):
        """Whoever may write there could else have any file of the user's read, cut and changed."""
        os.mkdir(self.path_in("telex"))
        target = self.file("target", "a line of somebody else's\n" * 2000)
        os.chmod(target, 0o644)
        os.symlink(target, self.path_in("telex", "history"))
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        daemon.write(UP)
        daemon.line("line")
        daemon.wait_prompt()
        daemon.write(UP)
        daemon.wait_input("> line")
        daemon.stop()
        self.assertTrue(os.path.islink(self.path_in("telex", "history")))
        self.assertEqual(os.path.getsize(target), 52000)
        self.assertEqual(stat.S_IMODE(os.stat(target).st_mode), 0o644)

    def test_one_that_is_too_long(self):
        """Lines beyond the thousandth, and the beginning of a large file, are dropped from it."""
        os.mkdir(self.path_in("telex"))
        path = self.file("telex/history", "".join(f"line {number}\n" for number in range(1500)))
        self.say("last")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read().split(), " ".join(
                [f"line {number}" for number in range(500, 1500)] + ["last /quit"]).split())
        with open(path, "wb") as file:
            file.write(b"x" * (64 << 20) + b"\n" + b"y" * 20000 + b"\nfirst\n\0second")
        self.check_kept("first", "second")
        self.assertLess(os.path.getsize(path), 1 << 20)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_a_line_too_long_to_keep(self):
        self.say("short", "x" * 20000)
        self.check_kept("short", "/quit")

    def test_home_where_no_state_directory_is_set(self):
        env = {"XDG_STATE_HOME": None, "HOME": self.directory}
        self.say("line", env=env)
        path = self.path_in(".local", "state", "telex", "history")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.check_kept("line", "/quit", env=env)

    def test_no_place_for_it(self):
        for env in ({"XDG_STATE_HOME": None, "HOME": None}, {"XDG_STATE_HOME": "/proc/nowhere"},
                    {"XDG_STATE_HOME": self.file("file", "")}):
            daemon = self.terminal_daemon("tcp://127.0.0.1:0", env=env)
            daemon.line("line")
            daemon.wait_prompt()
            daemon.write(UP)
            daemon.wait_input("> line")

    def test_two_at_once(self):
        one = self.terminal_daemon("tcp://127.0.0.1:0")
        two = self.terminal_daemon("tcp://127.0.0.1:0")
        for number in range(3):
            for daemon, name in ((one, "one"), (two, "two")):
                daemon.line(f"{name} {number}")
                daemon.wait_screen(lambda terminal, wanted=number + 1: sum(
                    "error" in line for line in terminal.lines()) == wanted, "one more error")
        for daemon in (one, two):
            daemon.stop()
        self.check_kept("one 0", "two 0", "one 1", "two 1", "one 2", "two 2")

    def test_refused_line_is_kept(self):
        self.say("nobody there")
        self.check_kept("nobody there", "/quit")

    def test_crash_loses_nothing(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        daemon.line("before the crash")
        daemon.wait_seen("error")
        daemon.signal(signal.SIGKILL)
        daemon.wait_end(-signal.SIGKILL)
        self.check_kept("before the crash")


class CompletionTest(ScreenCase):
    def setUp(self):
        super().setUp()
        self.console = ScreenDaemon(self, "tcp://127.0.0.1:0?name=front",
                                    "udp://127.0.0.1:0?reply=none&name=sky",
                                    env={"NO_COLOR": "1"})
        self.peers = []
        for number in range(1, 13):
            self.peers.append(self.tcp(self.console.ports[0]))
            self.console.wait_output(f"#{number} ")
        self.console.line("/name 1 boiler")
        self.console.wait_stands("#1 boiler> ")
        self.console.line("/name 2 pump-2")
        self.console.wait_output("pump-2")
        self.console.wait_stands("#1 boiler> ")

    def check(self, typed, wanted):
        """The typed text, then Tab, makes this line."""
        with self.subTest(typed=typed):
            self.console.write(typed + "\t")
            self.console.wait_stands("#1 boiler> " + wanted)
            self.console.write("\x05\x15")
            self.console.wait_stands("#1 boiler> ")

    def test_commands(self):
        for typed, wanted in (("/sta", "/stats "), ("/unl", "/unlisten "), ("/conn", "/connect "),
                              ("/rea", "/read-only "), ("/listeners", "/listeners "),
                              ("/shut", "/shutdown "), ("/help unl", "/help unlisten "),
                              ("/help /sta", "/help /stats ")):
            self.check(typed, wanted)

    def test_peers(self):
        for typed, wanted in (("/to boi", "/to boiler "), ("/info pu", "/info pump-2 "),
                              ("@boi", "@boiler "), ("@3,pu", "@3,pump-2 "),
                              ("@boiler,pu", "@boiler,pump-2 "), ("/send boi", "/send boiler "),
                              ("/send 12,boi", "/send 12,boiler "), ("/close pu", "/close pump-2 "),
                              ("/bytes 2,boi", "/bytes 2,boiler "), ("/info #12", "/info #12 "),
                              ("/to 12", "/to 12 "), ("/file pu", "/file pump-2 "),
                              ("/name boi", "/name boiler "), ("/to x", "/to x"),
                              ("/cl boi", "/cl boiler ")):
            self.check(typed, wanted)

    def test_listeners_and_words(self):
        for typed, wanted in (("/unlisten fr", "/unlisten front "), ("/reply sk", "/reply sky "),
                              ("/reply sky ec", "/reply sky echo "), ("/view he", "/view hex "),
                              ("/unlisten boi", "/unlisten boi"), ("/to fr", "/to fr")):
            self.check(typed, wanted)

    def test_paths(self):
        self.file("firmware.bin", "x")
        os.mkdir(self.path("folder"))
        self.file("folder/inner.bin", "x")
        for typed, wanted in ((f"/file 1 {self.directory}/firm",
                               f"/file 1 {self.directory}/firmware.bin "),
                              ("/file 1 firm", "/file 1 firmware.bin "),
                              ("/file boiler,2 firm", "/file boiler,2 firmware.bin "),
                              ("/file 1 fol", "/file 1 folder/"),
                              ("/file 1 folder/in", "/file 1 folder/inner.bin ")):
            self.check(typed, wanted)

    def test_path_with_a_blank(self):
        """PATH is the rest of the line: what completion makes of it can be sent."""
        self.file("data with blanks", "content")
        self.console.write("/file 1 data\t\r")
        self.expect(self.peers[0], "content")

    def test_data_is_left_alone(self):
        self.file("firmware.bin", "x")
        for typed in ("boi", "hello boi", "/send 1 boi", "@1 boi", "//sta", "/@boi", "firm",
                      "hello /sta", "@1 firm", "/send 1 firm", "/bytes 1 de"):
            self.check(typed, typed)

    def test_candidates_are_shown(self):
        self.console.write("/listen\t\t")
        self.console.wait_seen("listeners")
        self.console.wait_stands("#1 boiler> /listen")
        self.peers[0].sendall(b"an event")
        self.console.wait_seen("an event")
        self.console.wait_stands("#1 boiler> /listen")
        self.console.write("e\t")
        self.console.wait_stands("#1 boiler> /listeners ")

    def test_common_part(self):
        self.console.line("/name 3 boiler-two")
        self.console.wait_output("boiler-two")
        self.check("/to bo", "/to boiler")

    def test_many_candidates_do_not_block(self):
        """No question, no pager: the peers are served, and the line goes on."""
        for _ in range(150):
            self.peers.append(self.tcp(self.console.ports[0]))
        self.console.wait_output("#162 ")
        self.console.write("/to \t\t")
        self.peers[0].sendall(b"an event")
        self.console.wait_seen("an event")
        self.console.write("\x15/to 12\r")
        self.console.wait_stands("#12> ")


    def test_too_many_candidates(self):
        """Nothing is chosen from a part of them, and nobody waits for a list."""
        prompt = "#1 boiler> "
        os.mkdir(self.path("full"))
        for number in range(1200):
            self.file(f"full/name{number}", "")
        self.file("full/other", "")
        for peer in range(1100):
            self.udp(self.console.ports[1]).send(b"x")
        self.console.wait_output("#1112 ")
        for typed in ("/file 1 full/na", "/to "):
            self.console.write(typed + "\t")
            self.console.wait_screen(
                lambda terminal, typed=typed: terminal.stands(prompt + typed) and any(
                    "too many" in line for line in terminal.screen.display), "a word about it")
            self.peers[0].sendall(b"an event")
            self.console.wait_seen("an event")
            self.console.write("\x0c\x15")
            self.console.wait_stands(prompt)
        for typed, wanted in (("/file 1 full/o", "/file 1 full/other "),
                              ("/file 1 full/name119", "/file 1 full/name119"),
                              ("/to 111", "/to 111"), ("/to 1112", "/to 1112 ")):
            self.check(typed, wanted)


class KeyTest(ScreenCase):
    """Ctrl-C and Ctrl-D."""

    def test_interrupt_clears_what_is_typed(self):
        daemon, one, prompt = self.start(rows=20, columns=60)
        for text in ("x", "some text", "wrapped over several rows " * 10, "电话" * 50):
            daemon.write(text)
            daemon.wait_stands(prompt + text)
            daemon.write("\x03")
            daemon.wait_stands(prompt)
        one.send(b"an event")
        daemon.wait_seen("an event")
        daemon.wait_stands(prompt)
        daemon.line("but this")
        self.expect(one, "but this")
        self.assertNotIn("several", "\n".join(daemon.lines()))

    def test_interrupt_within_a_line(self):
        daemon, one, prompt = self.start(rows=20, columns=60)
        daemon.write("wrapped-" * 20 + "\x01")
        daemon.wait_stands(prompt + "wrapped-" * 20, len(prompt))
        daemon.write("\x03")
        daemon.wait_stands(prompt)

    def test_interrupt_of_a_search(self):
        daemon, one, prompt = self.start()
        daemon.line("needle")
        self.expect(one, "needle")
        daemon.write("\x12nee")
        daemon.wait_screen(lambda terminal: "needle" in terminal.input_line() and
                           "search" in terminal.input_line(), "the search")
        daemon.write("\x03")
        daemon.wait_stands(prompt)
        daemon.line("after")
        self.expect(one, "after")

    def test_interrupt_right_after_the_text(self):
        """With text typed it clears the line, however fast the two come."""
        daemon, one, prompt = self.start()
        for number in range(20):
            daemon.write(f"not this {number}\x03")
            one.send(b"[%d]" % number)
            daemon.wait_seen(f"[{number}]")
            daemon.wait_stands(prompt)
        daemon.line("but this")
        self.expect(one, "but this")

    def test_interrupt_at_an_empty_prompt(self):
        daemon, _, _ = self.start()
        one = self.tcp(daemon.ports[1])
        daemon.wait_seen("#2")
        daemon.insist(lambda: daemon.write("\x03"))
        self.expect_end(one)
        daemon.wait_end(0)

    def test_interrupt_from_elsewhere(self):
        daemon, _, prompt = self.start()
        daemon.write("text")
        daemon.wait_stands(prompt + "text")
        daemon.signal(signal.SIGINT)
        daemon.wait_stands(prompt)
        daemon.insist(lambda: daemon.signal(signal.SIGINT))
        daemon.wait_end(0)

    def test_end_of_file(self):
        daemon, one, prompt = self.start()
        daemon.write("abc\x04")
        daemon.wait_stands(prompt + "abc")
        daemon.write("\x01\x04")
        daemon.wait_stands(prompt + "bc", len(prompt))
        daemon.write("\x04\x04")
        daemon.wait_stands(prompt)
        two = self.tcp(daemon.ports[1])
        daemon.wait_seen("#2")
        daemon.insist(lambda: daemon.write("\x04"))
        self.expect_end(two)
        daemon.wait_end(0)
        one.send(b"x")

    def test_long_paste(self):
        """A paste of many lines is that many lines, more than the kernel holds at once."""
        daemon, one, _ = self.start()
        two = self.tcp(daemon.ports[1])  # a datagram would be lost where nobody reads in time
        daemon.wait_seen("#2")
        daemon.line("/to 2")
        daemon.wait_stands("#2> ")
        lines = [f"line {number} " + "x" * (number % 90) for number in range(400)]
        text = "".join(f"{line}\r" for line in lines)
        paste = threading.Thread(target=daemon.write, args=(text,))
        paste.start()
        for number, line in enumerate(lines):
            self.expect(two, line + "\n")
            if number % 20 == 0:
                one.send(b"[%d]" % number)
        paste.join()
        daemon.wait_stands("#2> ")
        daemon.wait_output("[380]")

    def test_nothing_is_left_behind(self):
        """What the shell prints next begins on a line of its own."""
        for keys in ("\x04", "\x03", "/quit\r", "/shutdown\r"):
            daemon, _, prompt = self.start()
            daemon.insist(lambda: daemon.write(keys))  # pylint: disable=cell-var-from-loop
            daemon.process.wait(20)
            daemon.wait_screen(lambda terminal: terminal.input_line() == "" or
                               terminal.stdout.ended, "an empty line")
            self.assertEqual(daemon.screen.cursor.x, 0, daemon.transcript())
            daemon.wait_end(0)


class ColourTest(ScreenCase):
    SGR = re.compile(rb"\x1b\[[0-9;]*m")

    def output(self, env):
        daemon, one, _ = self.start(env=env)
        one.send(b"a message")
        daemon.wait_output("a message")
        daemon.line("/peers")
        daemon.line("/nonsense")
        daemon.line("/help all")
        daemon.line("text")
        self.expect(one, "text")
        one.send(b"the end")
        return daemon.wait_output("the end")

    def test_colours(self):
        self.assertRegex(self.output({}), self.SGR)

    def test_no_color(self):
        self.assertNotRegex(self.output({"NO_COLOR": "1"}), self.SGR)
        self.assertNotRegex(self.output({"NO_COLOR": "anything"}), self.SGR)


def child_of(pid):
    """The process that a shell runs."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return int(file.read().split()[-1])


class Shell(ScreenMixin, Terminal):
    """bash -i on a terminal of its own."""

    def __init__(self, case):
        super().__init__(case, ["sh", "-c", "ulimit -c 0; exec bash --norc --noprofile -i 2>&1"],
                         env={"PS1": "shell> ", "NO_COLOR": "1", "HISTFILE": None})
        self.wait_stands("shell> ")
        self.commands = 0

    def run(self, command):
        """Runs a command, and shows that it has run."""
        self.commands += 1
        self.line(f"{command}; echo don''e{self.commands}.")
        self.wait_seen(f"done{self.commands}.")

    def modes(self):
        """What stty says of the terminal."""
        path = self.case.path(f"stty{self.commands}")
        self.run(f"stty -a > {path}")
        with open(path, encoding="ascii") as file:
            return file.read()

    def leave(self):
        self.line("exit")
        self.wait_end(None)


class ShellTest(ScreenCase):
    def run_daemon(self, shell, *options, end=""):
        """telexd under the shell; a peer that has been echoed to."""
        path = self.path("a.sock")
        words = " ".join(options)
        shell.line(f"'{program('TELEXD')}' {words} 'unix:{path}?reply=echo' {end}")
        shell.wait_seen("listening")
        one = self.unix(path)
        self.check_echo(one)
        return one

    def check_echo(self, one):
        one.sendall(b"ping")
        self.expect(one, "ping")

    def check_usable(self, shell, before):
        self.assertEqual(shell.modes(), before)

    def test_modes_after_each_end(self):
        for keys in ("/quit\r", "/shutdown\r", "\x04", "\x03"):
            with self.subTest(keys=keys):
                shell = Shell(self)
                before = shell.modes()
                one = self.run_daemon(shell)
                shell.wait_stands("#1> ")
                shell.insist(lambda: shell.write(keys))  # pylint: disable=cell-var-from-loop
                self.expect_end(one)
                shell.wait_stands("shell> ")
                self.check_usable(shell, before)
                shell.leave()

    def test_modes_after_signals(self):
        """Under a plain shell, which, unlike bash, does not mend them itself."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGSEGV, signal.SIGABRT,
                       signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGQUIT):
            with self.subTest(signal=number):
                path = self.path(f"{number}.sock")
                script = (f"exec 2>&1; ulimit -c 0; stty -a >before; '{program('TELEXD')}' "
                          f"unix:{path}; stty -a >after; echo It is go''ne.")
                shell = OnScreen(self, ["sh", "-c", script], env={"NO_COLOR": "1"})
                shell.wait_seen("listening")
                self.unix(path)
                shell.wait_stands("#1> ")
                kill = functools.partial(os.kill, child_of(shell.pid), number)
                if number == signal.SIGINT:  # as Ctrl-C
                    shell.insist(kill)
                else:
                    kill()
                shell.wait_seen("It is gone.")
                self.assertEqual(self.read("after"), self.read("before"))
                shell.wait_end(None)

    def read(self, name):
        with open(self.path(name), encoding="ascii") as file:
            return file.read()

    def test_modes_after_a_start_that_fails(self):
        shell = Shell(self)
        before = shell.modes()
        port = self.listener().getsockname()[1]
        shell.line(f"'{program('TELEXD')}' tcp://127.0.0.1:{port}")
        shell.wait_seen("in use")
        shell.wait_stands("shell> ")
        self.check_usable(shell, before)
        shell.leave()

    def test_stop_and_continue(self):
        shell = Shell(self)
        before = shell.modes()
        one = self.run_daemon(shell)
        shell.wait_stands("#1> ")
        for number in range(3):
            text = f"half a line {number} " + "wrapped " * 30 * number
            shell.write(text)
            shell.wait_stands("#1> " + text)
            shell.write("\x1a")
            shell.wait_stands("shell> ")
            self.check_usable(shell, before)
            one.sendall(b"while stopped")
            shell.line("fg")
            shell.wait_stands("#1> " + text)
            self.expect(one, "while stopped")
            shell.write("!\r")
            self.expect(one, text + "!\n")
            shell.wait_stands("#1> ")
        shell.insist(lambda: shell.line("/quit"))
        shell.wait_stands("shell> ")
        self.check_usable(shell, before)
        shell.leave()

    def test_stopped_then_to_the_background(self):
        shell = Shell(self)
        before = shell.modes()
        one = self.run_daemon(shell)
        shell.wait_stands("#1> ")
        shell.write("\x1a")
        shell.wait_stands("shell> ")
        shell.line("bg")
        for _ in range(10):
            self.check_echo(one)
        self.check_usable(shell, before)
        shell.line("fg")
        shell.wait_screen(lambda terminal: terminal.input_line() == "#1>", "the prompt")
        shell.line("by hand")
        self.expect(one, "by hand\n")
        shell.insist(lambda: shell.write("\x04"))
        shell.wait_screen(lambda terminal: terminal.input_line() == "shell>", "the shell")
        self.check_usable(shell, before)
        shell.leave()

    def wait_shell(self, shell):
        """A prompt of the shell with nothing behind it: what a job prints may follow one."""
        for _ in range(10):
            shell.write("\r")
            try:
                shell.wait_screen(lambda terminal: terminal.input_line() == "shell>",
                                  "the shell", timeout=2)
                return
            except AssertionError:
                continue
        self.fail("the shell's prompt never came")

    def test_started_in_the_background(self):
        for prepare in ("true", "stty tostop"):
            with self.subTest(prepare=prepare):
                shell = Shell(self)
                shell.run(prepare)
                before = shell.modes()
                one = self.run_daemon(shell, end="&")
                for _ in range(10):
                    self.check_echo(one)
                self.wait_shell(shell)
                self.assertEqual(shell.modes(), before)
                for _ in range(10):
                    self.check_echo(one)
                shell.line("echo typed to the sh''ell")
                shell.wait_seen("typed to the shell")
                with open(f"/proc/{child_of(shell.pid)}/stat", encoding="ascii") as file:
                    self.assertNotIn(file.read().rpartition(")")[2].split()[0], ("T", "t"))
                shell.line("fg")
                shell.wait_screen(lambda terminal: terminal.input_line() == "#1>", "the prompt")
                shell.line("by hand")
                self.expect(one, "by hand\n")
                shell.insist(lambda: shell.line("/quit"))
                self.expect_end(one)
                shell.wait_screen(lambda terminal: terminal.input_line() == "shell>", "the shell")
                self.assertEqual(shell.modes(), before)
                shell.leave()
                self.assertFalse(os.path.exists(self.path("a.sock")))

    def test_killed_in_the_background(self):
        shell = Shell(self)
        before = shell.modes()
        one = self.run_daemon(shell, end="&")
        shell.run("kill %1; wait %1")
        self.expect_end(one)
        self.check_usable(shell, before)
        shell.leave()


class HangUpTest(ScreenCase):
    """The terminal goes away: what is queued still arrives, and the lines end cleanly."""

    SIZE = 8 << 20

    def sparse(self):
        path = self.path("large")
        with open(path, "wb") as file:
            file.truncate(self.SIZE)
        return path

    def test_alone(self):
        daemon = ScreenDaemon(self, "--drain", "20", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=65536)
        daemon.wait_stands("#1> ")
        daemon.line(f"/file 1 {self.sparse()}")
        self.receive(one, 1000)
        daemon.hang_up()
        self.receive(one, self.SIZE - 1000)
        self.expect_end(one)
        daemon.wait_end(0)

    def test_with_half_a_line(self):
        daemon = ScreenDaemon(self, "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_stands("#1> ")
        daemon.write("never sent")
        daemon.wait_stands("#1> never sent")
        daemon.hang_up()
        self.expect_end(one)
        daemon.wait_end(0)

    def test_told_twice(self):
        """The shell and the kernel may both tell of it: that is no order to end at once."""
        daemon = ScreenDaemon(self, "--drain", "20", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=65536)
        daemon.wait_stands("#1> ")
        daemon.line(f"/file 1 {self.sparse()}")
        self.receive(one, 1000)
        daemon.signal(signal.SIGHUP)
        daemon.wait_output("no longer listening")
        daemon.signal(signal.SIGHUP)
        self.receive(one, self.SIZE - 1000)
        self.expect_end(one)
        daemon.wait_end(0)

    def under_a_shell(self, end=""):
        shell = Shell(self)
        path = self.path("a.sock")
        shell.line(f"'{program('TELEXD')}' --drain 20 'unix:{path}' {end}")
        shell.wait_seen("listening")
        one = self.unix(path)
        shell.wait_seen("#1")
        return shell, one

    def test_under_a_shell(self):
        shell, one = self.under_a_shell()
        shell.wait_stands("#1> ")
        shell.line(f"/file 1 {self.sparse()}")
        self.receive(one, 1000)
        shell.hang_up()
        self.receive(one, self.SIZE - 1000)
        self.expect_end(one)
        shell.wait_end(None)

    def test_in_the_background(self):
        shell, one = self.under_a_shell("&")
        shell.hang_up()
        self.expect_end(one)
        shell.wait_end(None)


class TelexTest(StormCase):
    """telex looks and feels the same."""

    def call(self, *args, **keywords):
        keywords.setdefault("env", {"NO_COLOR": "1"})
        terminal = OnScreen(self, [program("TELEX"), *args], **keywords)
        self.prompt = args[0].removeprefix("tcp://") + "> "
        terminal.wait_stands(self.prompt)
        return terminal

    def call_tcp(self, key="", **keywords):
        server = self.listener()
        terminal = self.call(f"tcp://127.0.0.1:{server.getsockname()[1]}{key}", **keywords)
        far = self.accept(server)
        terminal.wait_seen("type /help")  # what follows the call is all told
        terminal.wait_stands(self.prompt)
        return terminal, far

    @property
    def setup_lines(self):
        return (self.prompt + "hello", "type /help to see what can be typed, Ctrl-D to leave")

    def test_storm(self):
        source = random.Random(8)
        far = self.udp(bind=("127.0.0.1", 0))
        terminal = self.call(f"udp://{name_of(far)}", rows=24, columns=80)
        terminal.line("hello")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"hello")
        typist, messages = Typist(), []
        for number in range(200):
            messages.append(self.message(source, number))
            far.sendto(messages[-1][1], address)
            terminal.write(typist.insert(source.choice("abc-_é电话🎉")))
            if source.randrange(8) == 0:
                terminal.wait_output(messages[-1][0])
        terminal.wait_output(messages[-1][0])
        terminal.wait_stands(self.prompt + typist.line)
        self.check_once(terminal, messages, typist.line, self.prompt)
        terminal.line("!")
        self.expect(far, typist.line + "!")

    def test_resize(self):
        terminal, far = self.call_tcp(rows=24, columns=80)
        text = "".join(f"<{piece}>" for piece in range(60))
        terminal.write(text)
        terminal.wait_stands(self.prompt + text)
        for rows, columns in ResizeTest.SIZES:
            before = len(terminal.stdout.copy())
            terminal.resize(rows, columns)
            terminal.wait_screen(lambda screen, before=before: screen.drawn > before, "the line")
            far.sendall(b"[%d,%d]" % (rows, columns))
            terminal.wait_seen(f"[{rows},{columns}]")
            terminal.wait_stands(self.prompt + text)
            self.assertEqual(terminal.joined().count("\n" + self.prompt), 1)
        terminal.write("\r")
        self.expect(far, text + "\n")

    def test_ends(self):
        terminal, far = self.call_tcp()
        terminal.write("typed")
        terminal.wait_stands(self.prompt + "typed")
        terminal.write("\x03")
        terminal.wait_stands(self.prompt)
        terminal.write("\x04")
        self.expect_end(far)
        far.sendall(b"still coming")
        terminal.wait_seen("still coming")
        terminal.line("too late")
        terminal.wait_screen(lambda screen: any("error" in line for line in screen.lines()),
                             "an error")
        far.sendall(b"and more")
        terminal.wait_seen("and more")
        terminal.write("\x04")
        terminal.wait_end(0)

    def test_modes(self):
        for ending in ("\x04\x04", "\x03", "/quit\r", "/close\r", signal.SIGTERM, signal.SIGSEGV,
                       None):
            with self.subTest(ending=ending):
                server = self.listener()
                shell = Shell(self)
                before = shell.modes()
                shell.line(f"'{program('TELEX')}' {server.getsockname()[1]}")
                far = self.accept(server)
                shell.wait_stands(f"localhost:{server.getsockname()[1]}> ")
                if ending is None:
                    far.close()
                elif isinstance(ending, str):
                    shell.write(ending)
                else:
                    os.kill(child_of(shell.pid), ending)
                if ending == "\x04\x04":
                    self.expect_end(far)
                shell.wait_screen(lambda terminal: terminal.input_line() == "shell>", "the shell")
                self.assertEqual(shell.modes(), before)
                shell.leave()

    def test_hang_up(self):
        terminal, far = self.call_tcp()
        terminal.line("last words")
        self.expect(far, "last words\n")
        terminal.hang_up()
        self.expect_end(far)
        terminal.wait_end(-signal.SIGHUP)

    def test_completion(self):
        terminal, far = self.call_tcp()
        self.file("firmware.bin", "content")
        for typed, wanted in (("/by\t", "/bytes "), ("/vi\the\t", "/view hex "), ("/q\t", "/quit "),
                              ("/file firm\t", "/file firmware.bin "), ("/peer\t", "/peer")):
            terminal.write(typed)
            terminal.wait_stands(self.prompt + wanted)
            terminal.write("\x15")
            terminal.wait_stands(self.prompt)
        terminal.write("/file firm\t\r")
        self.expect(far, "content")


if __name__ == "__main__":
    main()
