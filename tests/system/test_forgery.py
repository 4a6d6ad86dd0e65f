# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that try to forge a line or to hide a byte, on a screen of every width."""

import datetime
import os
import random
import re
import unicodedata

from urllib.parse import urlsplit

from telex_test import TestCase, event_bytes, main, name_of, program
from test_screen import OnScreen

WIDTHS = (20, 40, 80, 200)
GUTTER = re.compile(" *[│└] ")
ALIGNED = 60  # columns from which on labels stand in a column
TIME = re.compile(r"\d\d:\d\d:\d\d ")
ENVIRONMENT = {"NO_COLOR": "1", "TZ": "UTC"}

# What may fill a row up: of every width, what is spelled out, and what should move the cursor.
FILLERS = ("x", " ", "-", "电", "x电", "🎉", "a\u0301", "a\u0301\u0302\u0303", "\u0301", "é", "\\",
           "\t", "\r", "\n", "\b", "\x07", "\x1b[E", "\x1b[2K\r", "\x1b[9999C", "\x9b1E", "\x85",
           "\u2028", "\u2029", "\u202e", "\u200b", "\u00ad", "\u3164", "\ufe0f", "\u200d", "☎\ufe0f",
           "👩\u200d🚀", "🇩🇪", "\U0001d300", "\u1100\u1161\u11a8", "\u0e33", "\u0903", "\ufdfd",
           "\U000e0001", "\U000e0100", "\ue000", "\u2800", "\x00", "\udcff", "\udce7\udc94", "ｗ", "─")


def attacks(columns, source):
    """Messages that end in a line of somebody else, for every column that it might land in."""
    for pad in range(columns + 5):
        yield "ok".ljust(pad) + forged()
    for filler in FILLERS:
        for length in source.sample(range(1, 2 * columns), 3):
            yield filler * (length // len(filler)) + forged()
            yield "x" * (length % columns) + filler * 3 + forged()
        yield f"{filler}\n{forged()}\n{filler}"
        yield f"\n{filler}{forged()}{filler}" * 3
    for _ in range(40):
        yield "".join(source.choices(FILLERS, k=source.randrange(1, columns))) + forged()


def forged():
    now = datetime.datetime.now(datetime.timezone.utc)
    return f"{now:%H:%M:%S} #1 boiler ← 99.9 degrees, open the valve"


def raw(text):
    return text.encode("utf-8", "surrogateescape")


def unescape(shown):
    """The bytes that a text as it is shown stands for."""
    letters = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}

    def meaning(match):
        body = match[0][1:]
        if body[0] in letters:
            return letters[body[0]]
        code = int(body[1:], 16)
        return bytes([code]) if body[0] == "x" else chr(code).encode()

    parts = re.split(r"(\\(?:x..|u.{4}|U.{8}|.))", shown)
    return b"".join(meaning(re.fullmatch(r"\\.*", part)) if part.startswith("\\") else part.encode()
                    for part in parts)


def comparable(data):
    """Without blanks, which a screen does not tell from nothing, and composed, as it has it."""
    text = data.decode("utf-8", "surrogateescape").replace(" ", "")
    return unicodedata.normalize("NFC", text)


class Expected:
    """How the first row of each event begins: time, label, mark, words."""

    def __init__(self, names, columns):
        self.names = names
        self.aligned = columns >= ALIGNED
        self.mark = 0  # where marks stand, where labels are a column

    def label(self, event):
        name = self.names.get(event.get("peer"))
        if event["event"] == "name":
            self.names[event["peer"]] = event["name"]
            return f"#{event['peer']}"
        if "peer" not in event:
            return ""
        tag = ""
        if event["event"] == "message" and event.get("partial"):
            tag = " (partial)"
        elif event["event"] == "sent":
            tag = " (auto)" if event["by"] == "auto" else f" (console {event['console']})"
        return f"#{event['peer']}" + (f" {name}" if name else "") + tag

    def words(self, event):
        opened = "opened: " if event.get("transport") == "udp" else "connected: "
        return {"message": "← ", "sent": "→ ", "file": "→ file ", "open": opened,
                "name": f"is called {event.get('name')}", "close": f"closed ({event.get('reason')})",
                "half-close": "has ended its sending side", "listening": "listening on ",
                "unlistening": "no longer listening on "}[event["event"]]

    def begin(self, event):
        """What the line of an event begins with, and up to where that is its label."""
        label = event["time"][11:19] + (" " + self.label(event)).rstrip()
        return f"{label} {self.words(event)}", len(label)

    def unaligned(self, row, size):
        """The row without the blanks behind its label, and where its mark stands."""
        blanks = re.match(" +", row[size:])[0]
        mark = size + len(blanks) - (0 if row[size + len(blanks)] in "←→" else 2)
        return f"{row[:size]} {row[size + len(blanks):]}", mark


class ForgeryCase(TestCase):
    def rows(self, terminal):
        """The rows as texts; none was wrapped by the terminal."""
        texts = []
        for cells, goes_on in terminal.rows():
            text = "".join(cells)
            self.assertFalse(goes_on, f"the terminal wrapped {text!r}")
            texts.append(text)
        return texts

    def lines(self, terminal, first, last):
        """What stands behind a row up to another: lists of rows."""
        rows = self.rows(terminal)
        begin = next(index for index, row in enumerate(rows) if first in row)
        end = next(index for index, row in enumerate(rows) if last in row)
        lines = []
        for row in rows[begin + 1:end + 1]:
            if GUTTER.match(row):
                lines[-1].append(row)
            else:
                lines.append([row])
        return lines

    def join(self, rows, gutter):
        """The rows without gutters, all of which stand where they must."""
        for row in rows[1:]:
            self.assertEqual(GUTTER.match(row)[0][:-2], " " * gutter)
        return "".join([rows[0], *(("… " if "└" in GUTTER.match(row)[0] else "") +
                                   GUTTER.sub("", row, count=1) for row in rows[1:])])

    def check_lines(self, lines, events, columns, whole=True):
        """Each line was made for what a program was told as an event, and says all of it."""
        expected = Expected({1: "boiler"}, columns)
        for rows, event in zip(lines, events):
            wanted, label = expected.begin(event)
            gutter = 0 if columns < 40 else 2
            if expected.aligned:
                rows[0], gutter = expected.unaligned(rows[0], label)
                self.assertGreaterEqual(gutter, expected.mark)
                expected.mark = gutter
            begin = rows[0].rstrip()
            size = min(len(begin), len(wanted))
            self.assertEqual(begin[:size], wanted[:size])
            self.assertGreaterEqual(size, len("00:00:00 #1"))
            line = self.join(rows, gutter)
            if whole and event["event"] == "message":
                self.check_message(line, wanted, event_bytes(event))
        self.assertEqual(len(lines), len(events), f"{lines[len(events):][:3]}")

    def check_message(self, shown, begin, data):
        self.assertEqual(comparable(shown[:len(begin)].encode()), comparable(begin.encode()))
        shown, cut, _ = re.fullmatch(r"(.*?)(… [\d,]+ bytes? *more of.*)?()", shown[len(begin):]).groups()
        got, wanted = comparable(unescape(shown.replace(" ", ""))), comparable(data)
        self.assertEqual(got, wanted[:len(got)] if cut else wanted)

    def settle(self):
        """Waits until all is on the screen that was sent: a flood of datagrams may drop some."""
        self.marks += 1
        self.honest.sendall(b"<%d>" % self.marks)
        self.terminal.wait_output(f"<{self.marks}>")

    def attack(self, columns, send):
        source = random.Random(columns)
        for number, text in enumerate(attacks(columns, source)):
            send(raw(text)[:60000])
            if number % 50 == 49:
                self.settle()
        self.settle()

    def open(self, columns):
        """Opens the terminal; self.witness is told as a program what happens."""
        raise NotImplementedError

    def check(self, columns, do, whole=True):
        """Whatever do() does, the screen shows what happened and nothing else."""
        self.open(columns)
        self.marks = 0
        self.witness.command("/name 1 boiler")
        self.terminal.wait_seen("called boiler")
        before = len(self.witness.seen())
        do()
        self.honest.sendall(b"END")
        self.witness.wait("message", peer=1, text="END")
        self.terminal.wait_seen("← END")
        events = [event for event in self.witness.seen()[before:]
                  if event["event"] not in ("result", "error", "target")]
        # Another peer's last words may come behind these, which are where the look ends.
        end = next(index for index, event in enumerate(events) if event.get("text") == "END")
        del events[end + 1:]
        self.check_lines(self.lines(self.terminal, "called boiler", "← END"), events, columns,
                         whole)


ENDPOINTS = ("tcp://127.0.0.1:0?half-close=0", "udp://127.0.0.1:0?reply=none",
             "tcp://127.0.0.1:0?framing=line")


class DaemonCase(ForgeryCase):
    """telexd on a terminal; the witness is attached to it."""

    BEFORE = ()

    def open(self, columns):
        path = self.path(f"control{columns}")
        self.terminal = OnScreen(self, [*self.BEFORE, program("TELEXD"), "--control", path,
                                        *ENDPOINTS], columns=columns, rows=24, env=ENVIRONMENT)
        self.terminal.until(lambda: self.terminal.stdout.data.count(b"listener ") == 3 or None,
                            "three listeners")
        self.witness = self.attach(path)
        listeners = self.witness.command("/listeners")["listeners"]
        self.ports = [urlsplit(listener["endpoint"]).port for listener in listeners]
        self.honest = self.tcp(self.ports[0])
        self.witness.wait("open", peer=1)


class TerminalTest(DaemonCase):

    def test_datagrams(self):
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                self.check(columns, lambda columns=columns: self.attack(
                    columns, self.udp(self.ports[1]).send))

    def test_stream(self):
        """Cut anywhere, also within a character, which is shown with the next message then."""
        for columns in (40, 80):
            with self.subTest(columns=columns):
                self.check(columns, lambda columns=columns: self.attack(
                    columns, self.tcp(self.ports[0]).sendall), whole=False)

    def talk_in_lines(self):
        one = self.tcp(self.ports[2])
        self.witness.wait("open", peer=2)
        for filler in FILLERS:
            one.sendall(raw(filler * 9 + forged() + "\n"))
        one.sendall(raw("ok".ljust(69) + forged()))
        one.close()
        self.witness.wait("close", peer=2)

    def test_lines_and_ends(self):
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                self.check(columns, self.talk_in_lines)

    def talk_of_paths(self, place):
        """Sockets, files and errors whose names look like lines."""
        end = "12:00:00 #1 ← !"
        os.mkdir(place)
        for pad in range(0, 100 - len(place) - len(end), 3):
            path = f"{place}/{'o'.ljust(pad)}{end}"
            quoted = path.replace(" ", "%20")
            self.witness.command(f"/listen unix:{quoted}?name=evil")
            self.witness.command(f"/connect unix:{quoted}")
            self.witness.wait("open")
            self.witness.wait("open")
            self.witness.command("/unlisten evil")
            with open(path, "wb") as file:
                file.write(b"content")
            self.witness.command(f"/file 1 {path}")
            self.witness.wait("file")
            self.witness.command(f"/connect unix:{quoted}")
            self.witness.wait("close", reason="error")

    def test_paths(self):
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                self.check(columns, lambda columns=columns: self.talk_of_paths(
                    self.path(f"{columns}")))


class OutputTest(DaemonCase):
    """A terminal for output alone is no less of one."""

    BEFORE = ("sh", "-c", 'exec "$@" </dev/null', "sh")

    def test_datagrams(self):
        for columns in (20, 80):
            with self.subTest(columns=columns):
                self.check(columns, lambda columns=columns: self.attack(
                    columns, self.udp(self.ports[1]).send))

    def test_resized(self):
        self.open(80)
        one = self.udp(self.ports[1])
        for columns in (60, 30, 100):
            self.terminal.resize(24, columns)
            self.resize_is_seen(one, columns)

    def resize_is_seen(self, one, columns):
        """Messages fill the new width, and do not pass it."""
        for number in range(100):
            mark = f"<{columns},{number}>"
            one.send(mark.encode() + b"x" * 200)
            row = self.terminal.wait_seen(mark)
            if len(row) == columns - 1:
                return
        self.fail(f"the rows never had {columns} columns")


class AttachTest(ForgeryCase):
    def open(self, columns):
        path = self.path(f"control{columns}")
        self.witness = self.daemon("--control", path, *ENDPOINTS)
        self.ports = self.witness.ports
        self.honest = self.tcp(self.ports[0])
        self.witness.wait("open", peer=1)
        self.terminal = OnScreen(self, [program("TELEX"), "attach", path], columns=columns, rows=24,
                                 env=ENVIRONMENT)
        self.terminal.wait_seen("attached")
        self.terminal.wait_stands("> ")

    def test_datagrams(self):
        for columns in (20, 80):
            with self.subTest(columns=columns):
                self.check(columns, lambda columns=columns: self.attack(
                    columns, self.udp(self.ports[1]).send))


class CallTest(ForgeryCase):
    """telex itself: what its peer says is all from there."""

    def test_datagrams(self):
        for columns in (20, 80):
            with self.subTest(columns=columns):
                far = self.udp(bind=("127.0.0.1", 0))
                terminal = OnScreen(self, [program("TELEX"), f"udp://{name_of(far)}"], rows=24,
                                    columns=columns, env=ENVIRONMENT)
                terminal.wait_prompt(name_of(far)[-5:])
                terminal.line("hello")
                address = far.recvfrom(100)[1]
                terminal.wait_prompt(name_of(far)[-5:])
                for number, text in enumerate(attacks(columns, random.Random(columns))):
                    far.sendto(raw(f"<{number}>{text}"), address)
                    terminal.wait_output(f"<{number}>")
                far.sendto(b"END", address)
                terminal.wait_seen("← END")
                lines = self.lines(terminal, "→ hello", "← END")
                self.assertEqual(len(lines), number + 2)
                for line in lines:
                    self.assertRegex("".join(line), r"^\d\d:\d\d:\d\d #1 +← ")
                    if columns >= ALIGNED:
                        self.join(line, line[0].index("←"))


class HiddenTest(TestCase):
    """Of every character in Unicode: what nobody can see is spelled out, all else is shown."""

    # Shown as nothing or a blank, though their category does not say so.
    BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f"
                       "\uffa0\ufffc\U00016fe4\U0001d159\U000e0100-\U000e01ef]")

    def is_hidden(self, char):
        """None where this Python does not know it."""
        category = unicodedata.category(char)
        if category == "Cn":
            return True if ord(char) & 0xfffe == 0xfffe or "\ufdd0" <= char <= "\ufdef" else None
        return (category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or char == "\\" or
                category == "Zs" and char not in " \u3000" or bool(self.BLANK.match(char)))

    def spell(self, char):
        code = ord(char)
        return f"\\U{code:08x}" if code > 0xffff else f"\\u{code:04x}"

    def test_all_characters(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?framing=line")
        one = self.tcp(daemon.port)
        codes = [*range(0xa0, 0xd800), *range(0xe000, 0xf0100), *range(0x10ff00, 0x110000)]
        chars = [char for char in map(chr, codes) if self.is_hidden(char) is not None]
        for start in range(0, len(chars), 1000):
            one.sendall(("|" + "|".join(chars[start:start + 1000]) + "\n").encode())
        one.sendall(b"END\n")
        output = daemon.wait_output("← END").decode()
        shown = "|".join(re.findall(r"(?m) ← \|(.*)\\n$", output)).split("|")
        self.assertEqual(len(shown), len(chars))
        for char, text in zip(chars, shown):
            self.assertEqual(text, self.spell(char) if self.is_hidden(char) else char)


if __name__ == "__main__":
    main()
