# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sees: columns, colours, gutters, times, bytes."""

import re

from telex_test import TestCase, main, program
from test_screen import OnScreen, ScreenDaemon

PLAIN = {"NO_COLOR": "1", "TZ": "UTC"}
NAMES = ("boiler", "pump", "gate", "meter-of-the-cellar", "x")


class SeeingCase(TestCase):
    def start(self, *args, env=PLAIN, columns=80, rows=40):
        return ScreenDaemon(self, "tcp://127.0.0.1:0", *args, env=env, columns=columns, rows=rows)

    def peers(self, daemon, count):
        peers = []
        for number in range(1, count + 1):
            peers.append(self.tcp(daemon.port))
            daemon.wait_seen(f"#{number} connected")
        return peers

    def name(self, daemon, *names):
        for number, name in enumerate(names, 1):
            daemon.line(f"/name {number} {name}")
            daemon.wait_seen(f"is called {name}")


class ColumnsTest(SeeingCase):
    def test_marks_stand_in_one_column(self):
        for columns in (80, 120):
            with self.subTest(columns=columns):
                daemon = self.start(columns=columns)
                peers = self.peers(daemon, 12)
                self.name(daemon, *NAMES)
                for number, peer in enumerate(peers, 1):
                    peer.sendall(b"<%d> says this" % number)
                    daemon.wait_seen(f"<{number}>")
                daemon.line("@12 and answers that")
                daemon.wait_seen("answers that\\n")
                rows = [line for line in daemon.lines()
                        if "says this" in line or re.match(r"[\d:]+ .*that\\n", line)]
                self.assertEqual(len(rows), 13)
                marks = {re.search("[←→]", row).start() for row in rows}
                self.assertEqual(len(marks), 1, rows)
                daemon.stop()

    def test_a_column_never_becomes_narrower(self):
        daemon = self.start()
        one, two = self.peers(daemon, 2)
        one.sendall(b"first")
        before = daemon.wait_seen("first").index("←")
        self.name(daemon, NAMES[3])
        self.assertGreater(daemon.wait_seen("is called").index("is called"), before + 2)
        two.sendall(b"second")
        after = daemon.wait_seen("second").index("←")
        self.assertGreater(after, before)
        daemon.line("/name 1 -")
        daemon.wait_seen("no name any more")
        two.sendall(b"third")
        self.assertEqual(daemon.wait_seen("third").index("←"), after)

    def test_events_share_the_columns(self):
        daemon = self.start()
        one, = self.peers(daemon, 1)
        one.sendall(b"data")
        mark = daemon.wait_seen("data").index("←")
        self.assertEqual(daemon.wait_seen("connected").index("connected"), mark + 2)
        self.assertEqual(daemon.wait_seen("listening").index("listening"), mark + 2)
        self.assertEqual(daemon.wait_seen("goes to").index("what"), mark + 2)
        one.close()
        self.assertEqual(daemon.wait_seen("closed").index("closed"), mark + 2)

    def test_a_long_name_gives_way_to_what_is_said(self):
        daemon = self.start()
        one, = self.peers(daemon, 1)
        self.name(daemon, "n" * 32)
        one.sendall(b"said")
        row = daemon.wait_seen("said")
        self.assertRegex(row, r"^\S+ #1 n+… ← said$")
        self.assertGreaterEqual(79 - row.index("said"), 40)

    def test_without_utf8(self):
        daemon = self.start(env={**PLAIN, "LANG": "C", "LC_ALL": "C"})
        one, = self.peers(daemon, 1)
        one.sendall(b"came\nin lines")
        self.assertRegex(daemon.wait_seen("came"), r"#1 +< came")
        self.assertRegex(daemon.wait_seen("in lines"), r"^ +\| in lines")
        daemon.line("go")
        self.assertRegex(daemon.wait_seen(" go\\n"), r"#1 +> go\\n")

    def test_a_pipe_has_the_same_marks(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1 connected")
        one.sendall(b"came\nin lines")
        daemon.wait_output(" #1 ← came\\nin lines\n")
        daemon.line("go")
        daemon.wait_output(" #1 → go\\n\n")


class RowsTest(SeeingCase):
    def test_what_has_no_room_hangs_below(self):
        daemon = self.start()
        one, = self.peers(daemon, 1)
        text = "".join(f"[{number}]" for number in range(60))
        one.sendall(text.encode())
        daemon.wait_seen("[59]")
        rows = daemon.lines()
        first = next(index for index, row in enumerate(rows) if "[0]" in row)
        mark = rows[first].index("←")
        last = next(index for index, row in enumerate(rows) if "[59]" in row)
        self.assertGreater(last, first + 2)
        for row in rows[first + 1:last + 1]:
            self.assertEqual(row[:mark + 2], " " * mark + "│ ")
        self.assertEqual("".join(row[mark + 2:] for row in rows[first:last + 1]), text)
        self.assertEqual({len(row) for row in rows[first:last]}, {79})

    def test_each_line_has_a_row(self):
        """And a newline at the end makes none of its own."""
        daemon = self.start()
        one, = self.peers(daemon, 1)
        one.sendall(b"one\r\n\ttwo\n\nfour\n")
        daemon.wait_seen("four")
        one.sendall(b"next")
        daemon.wait_seen("next")
        rows = [re.sub(r"^.*?[←│] ", "", row) for row in daemon.lines() if re.search("[←│] ", row)]
        self.assertEqual(rows, ["one\\r\\n", "\\ttwo\\n", "\\n", "four\\n", "next"])

    def test_twelve_rows(self):
        daemon = self.start()
        one, = self.peers(daemon, 1)
        for lines in (12, 13):
            one.sendall(b"".join(b"%d, %02d\n" % (lines, number) for number in range(lines)))
            daemon.wait_seen(f"{lines}, 11")
            one.sendall(b"END%d" % lines)
            daemon.wait_seen(f"END{lines}")
        rest = [row.strip() for row in daemon.lines() if "└" in row]
        self.assertEqual(len(rest), 1)
        self.assertRegex(rest[0], r"^└ 7 bytes more of 91: /show 1 1")

    def test_what_was_left_out_can_be_seen(self):
        """By what the row says, here and at an attached console, in text and in hex."""
        path = self.path("control")
        daemon = self.start("--control", path, "--time", "none", rows=100)
        attached = OnScreen(self, [program("TELEX"), "attach", path], env=PLAIN, rows=100)
        attached.wait_seen("attached")
        one, = self.peers(daemon, 1)
        attached.wait_seen("#1 connected")
        for view, data, wanted in (("text", b"".join(b"line %02d\n" % each for each in range(20)),
                                    "line 19"), ("hex", bytes(range(256)), "f8 f9 fa")):
            for terminal in (daemon, attached):
                terminal.line(f"/view {view}")
                terminal.wait_screen(lambda each, said=f"view {view}": said in each.lines(), "it")
            one.sendall(data)
            for terminal in (daemon, attached):
                row = terminal.wait_seen(f"more of {len(data)}: ")
                self.assertNotIn(wanted, "\n".join(terminal.lines()))
                terminal.line(row.split(": ")[-1])
                terminal.wait_seen(wanted)

    def test_hex_rows_have_sixteen_bytes(self):
        for columns in (80, 120):
            with self.subTest(columns=columns):
                daemon = self.start(columns=columns)
                one, = self.peers(daemon, 1)
                self.name(daemon, NAMES[3])
                daemon.line("/view hex")
                daemon.wait_seen("view hex")
                one.sendall(bytes(range(0x30, 0x50)))
                row = daemon.wait_seen("|0123456789:;<=>?|")
                self.assertLess(len(row), 80 if columns == 80 else columns)
                self.assertRegex(row, r"^ +│ (?:0000)+  30 31 .* 3e 3f  \|")
                daemon.stop()

    def test_hex_on_a_pipe_fits_too(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0", "--view", "hex")
        one = self.tcp(daemon.port)
        one.sendall(bytes(range(0x30, 0x40)))
        daemon.wait_output("|0123456789:;<=>?|\n")
        row = daemon.stdout.copy().decode().splitlines()[-1]
        self.assertEqual(len(row), 80)


class TablesTest(SeeingCase):
    """At every width: no row is folded, and no number or port is cut."""

    def table(self, daemon, command, count):
        """The rows of the answer, titles and all."""
        daemon.line(f"/{command}")
        rows = daemon.wait_screen(lambda each: self.rows_behind(each, f"/{command}", count),
                                  f"{count} rows of {command}")
        for row in rows:
            self.assertNotRegex(row, "^ *│")
            self.assertLess(len(row), daemon.screen.columns)
        return rows

    @staticmethod
    def rows_behind(terminal, line, count):
        lines = terminal.lines()
        place = max((index for index, row in enumerate(lines) if row.endswith(f"> {line}")),
                    default=None)
        rows = [] if place is None else lines[place + 1:place + 1 + count]
        return rows if len(rows) == count and all(rows) else None

    def test_they_fit(self):
        for columns in (40, 80):
            with self.subTest(columns=columns):
                path = self.path(f"control{columns}")
                daemon = self.start("--control", path, columns=columns)
                peers = [self.tcp(daemon.port) for _ in range(3)]
                daemon.wait_seen("#3 connected")
                daemon.line(f"/name 2 {'n' * 32}")
                daemon.wait_seen("is called")
                daemon.line(f"/every 600 @2 {'x' * 60}")
                witness = self.attach(path)
                witness.command("/to 2")
                rows = self.table(daemon, "peers", 4)
                for number, peer in enumerate(peers, 1):
                    self.assertIn(f"#{number} ", rows[number])
                    self.assertRegex(rows[number], rf":{peer.getsockname()[1]}\b")
                self.assertRegex(self.table(daemon, "listeners", 2)[1], rf"1 .*:{daemon.port}\b")
                self.assertIn("#2 n", self.table(daemon, "consoles", 3)[2])
                self.assertRegex(self.table(daemon, "every", 2)[1], "1 +600 +@2 x")
                daemon.stop()


class ColoursTest(SeeingCase):
    def colours(self, daemon, text):
        """Of the label and of the words of the row with that text."""
        for row in daemon.screen.buffer.values():
            line = "".join(row[x].data for x in range(daemon.screen.columns))
            if text in line:
                return row[line.index("#")].fg, row[line.index(text)].fg
        return self.fail(f"{text} is not on the screen")

    def test_each_peer_has_one(self):
        daemon = self.start(env={"TERM": "xterm-256color", "NO_COLOR": None})
        found = []
        for number, peer in enumerate(self.peers(daemon, 12), 1):
            peer.sendall(b"<%d>" % number)
            daemon.wait_seen(f"<{number}>")
            label, words = self.colours(daemon, f"<{number}>")
            self.assertEqual(words, "default")
            found.append(label)
        self.assertEqual(len(set(found)), 12, found)
        self.assertNotIn("default", found)

    def test_none_where_none_are_wanted(self):
        daemon = self.start()
        one, = self.peers(daemon, 1)
        one.sendall(b"said")
        daemon.wait_seen("said")
        self.assertEqual(self.colours(daemon, "said"), ("default", "default"))
        self.assertNotIn(b"\x1b[3", daemon.stdout.copy())


class SeveralTest(SeeingCase):
    """A text for several peers is one line, on the console that sent it and on others."""

    def sent(self, terminal, text):
        return [re.sub(" +", " ", line)[9:] for line in terminal.lines()
                if f"→ {text}" in line]

    def check(self, terminal, text, label):
        terminal.wait_seen(f"→ {text}")
        self.assertEqual(self.sent(terminal, text), [f"{label} → {text}\\n"])

    def test_one_line(self):
        path = self.path("control")
        daemon = self.start("--control", path)
        attached = OnScreen(self, [program("TELEX"), "attach", path], env=PLAIN, rows=40)
        attached.wait_seen("attached")
        peers = self.peers(daemon, 12)
        attached.wait_seen("#12 connected")
        self.name(daemon, "boiler")
        attached.wait_seen("is called")
        witness = self.attach(path)
        for line, label, count in (("@* reboot", "12 peers", 12), ("@1,3 status", "boiler,#3", 2),
                                   ("@5 hello", "#5", 1)):
            text = line.split()[1]
            daemon.line(line)
            witness.wait_count(count, "sent", text=f"{text}\n")
            attached.line(f"@7 then {text}")
            attached.wait_seen(f"→ then {text}")
            self.check(daemon, text, label)
            self.assertEqual(self.sent(attached, text), [f"{label} (console 1) → {text}\\n"])
        for peer in peers[:1]:
            self.expect(peer, "reboot\nstatus\n")

    def test_who_did_not_get_it_is_said(self):
        daemon = self.start()
        one, two, three = self.peers(daemon, 3)
        one.close()
        daemon.wait_seen("ended")
        daemon.line("/close 1")
        daemon.wait_seen("closed")
        daemon.line("@1,2 nobody")
        daemon.wait_seen("no peer '1'")
        daemon.line("@* others")
        self.expect(two, "others\n")
        self.expect(three, "others\n")
        self.check(daemon, "others", "#2,#3")

    def test_programs_are_told_of_each(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for number in (1, 2, 3, 4, 5):
            self.tcp(daemon.port)
            daemon.wait("open", peer=number)
        daemon.command("@2,4 some")
        some = daemon.seen("sent", text="some\n")
        self.assertEqual([(event["peer"], event["of"], event["peers"]) for event in some],
                         [(2, 2, [2, 4]), (4, 2, [2, 4])])
        daemon.command("@* all")
        every = daemon.seen("sent", text="all\n")
        self.assertEqual([(event["peer"], event["of"]) for event in every],
                         [(number, 5) for number in (1, 2, 3, 4, 5)])
        self.assertEqual({event["group"] for event in every}, {some[0]["group"] + 1})
        self.assertNotIn("peers", every[0])
        daemon.command("@3 one")
        self.assertNotIn("group", daemon.seen("sent", text="one\n")[0])


FORMS = {"clock": r"\d\d:\d\d:\d\d ", "ms": r"\d\d:\d\d:\d\d\.\d{3} ",
         "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z ", "delta": r" *\+\d+\.\d{3} ", "none": ""}


class TimeTest(SeeingCase):
    def check_form(self, daemon, one, form, mark):
        one.sendall(mark.encode())
        row = daemon.wait_output(f"{mark}\n").decode().splitlines()[-1]
        self.assertRegex(row, f"^{FORMS[form]}#1 ← {mark}$")

    def test_option(self):
        for form in FORMS:
            with self.subTest(form=form):
                daemon = self.text_daemon("tcp://127.0.0.1:0", "--time", form)
                one = self.tcp(daemon.port)
                daemon.wait_output("#1 connected")
                self.check_form(daemon, one, form, form)

    def test_bad_form(self):
        self.refuse_daemon(["--time", "utc", "tcp://127.0.0.1:0"], 2, "clock, ms, iso, delta or none")

    def test_command(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1 connected")
        for number, form in enumerate((*FORMS, *FORMS)):
            daemon.line(f"/time {form}")
            daemon.until(lambda count=number + 1: len(re.findall(
                rb"(?m)^time \w+$", daemon.stdout.data)) == count or None, "the answer")
            self.check_form(daemon, one, form, f"{form}{number}")
        daemon.line("/time")
        daemon.wait_output("error: ")

    def test_delta_is_since_the_message_before(self):
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=none", "--time", "delta")
        witness = self.udp(daemon.port)
        for text in (b"one", b"two"):
            witness.send(text)
            daemon.wait_output(b"\xe2\x86\x90 " + text + b"\n")
        first, second = re.findall(r"\+([\d.]+) #1 ← ", daemon.stdout.copy().decode())
        self.assertEqual(first, "0.000")
        self.assertLess(float(second), 20)

    def test_attached(self):
        """A console of its own; whoever only looks on may choose, too."""
        path = self.path("control")
        daemon = self.daemon("--control", path, "tcp://127.0.0.1:0")
        terminal = OnScreen(self, [program("TELEX"), "attach", "--read-only", path], env=PLAIN)
        terminal.wait_seen("attached")
        one = self.tcp(daemon.port)
        terminal.wait_seen("#1 connected")
        terminal.line("/time ms")
        terminal.wait_screen(lambda each: "time ms" in each.lines(), "the answer")
        one.sendall(b"said")
        self.assertRegex(terminal.wait_seen("said"), rf"^{FORMS['ms']}#1 +← said")

    def test_telex(self):
        far = self.listener()
        terminal = OnScreen(self, [program("TELEX"), "--time", "ms",
                                   f"127.0.0.1:{far.getsockname()[1]}"], env=PLAIN)
        one = far.accept()[0]
        terminal.wait_seen("connected")
        one.sendall(b"said")
        self.assertRegex(terminal.wait_seen("said"), rf"^{FORMS['ms']}#1 +← said")


if __name__ == "__main__":
    main()
