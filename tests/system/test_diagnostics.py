# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said on stderr: nothing ever waits for who reads it, and it breaks nobody's line."""

import fcntl
import os
import re
import resource
import select
import signal
import socket
import subprocess

from telex_test import (DEADLINE, Console, Daemon, Terminal, TestCase, main, program)

LOST = re.compile(rb"telexd: (\d+) lines? found no room here\n")


class DiagnosticsCase(TestCase):
    def check_echo(self, one, text=b"ping"):
        one.sendall(text)
        self.expect(one, text)

    def config(self, text):
        with open(self.path("telexd.conf"), "w", encoding="ascii") as file:
            file.write(text)
        return self.path("telexd.conf")


class UnreadTest(DiagnosticsCase):
    """stderr is a pipe that is full, and nobody reads it."""

    def full_pipe(self):
        self.reading, self.writing = os.pipe()
        self.addCleanup(os.close, self.reading)
        fcntl.fcntl(self.writing, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(self.writing, False)
        size = os.write(self.writing, b"x" * 65536)
        self.assertFalse(select.select([], [self.writing], [], 0)[1])
        os.set_blocking(self.writing, True)
        return size

    def start(self, *args, **keywords):
        size = self.full_pipe()
        daemon = self.daemon(*args, stderr=self.writing, **keywords)
        os.close(self.writing)
        return daemon, size

    def read_until(self, judge):
        """What comes out of the pipe up to the moment when judge(it) is true."""
        data = b""
        while not judge(data):
            self.assertTrue(select.select([self.reading], [], [], DEADLINE)[0],
                            f"nothing comes after {data[-300:]!r}")
            data += os.read(self.reading, 65536)
        return data

    def read_rest(self):
        data = b""
        while piece := os.read(self.reading, 65536):
            data += piece
        return data

    def test_a_peer_makes_it_speak(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

        daemon, size = self.start("tcp://127.0.0.1:0?reply=echo", preexec=few)
        one = self.tcp(daemon.port)
        self.check_echo(one)
        others = [self.tcp(daemon.port) for _ in range(80)]
        for _ in range(20):
            self.check_echo(one)
        for other in others:
            other.close()
        self.check_echo(self.tcp(daemon.port))
        text = self.read_until(lambda data: data.endswith(b"\n"))
        self.assertRegex(text[size:], rb"\Atelexd: cannot accept more connections: [^\n]+\n\Z")
        daemon.stop()

    def test_what_finds_no_room_is_counted(self):
        """In order, whole lines only; the number comes without another diagnostic."""
        config = self.config("max-peers 100\n")
        daemon, size = self.start("--config", config, "tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        word = "\x01" * 4000  # four letters each when it is told
        for number in range(12):
            self.config(f"nonsense-{number}-{word} 1\n")
            daemon.signal(signal.SIGHUP)
            daemon.command("/stats")
            self.check_echo(one)
        text = self.read_until(lambda data: LOST.search(data) and data.endswith(b"\n"))[size:]
        lines = text.splitlines()
        lost = int(LOST.search(text)[1])
        self.assertEqual(LOST.fullmatch(lines.pop() + b"\n")[1], b"%d" % lost)
        self.assertEqual(lost + len(lines), 12)
        self.assertGreater(len(lines), 2)
        for number, line in enumerate(lines):
            self.assertIn(b"nonsense-%d-" % number, line)
            self.assertTrue(line.endswith(b"; nothing has changed"), line[-100:])
        daemon.signal(signal.SIGHUP)
        self.read_until(lambda data: data.endswith(b"; nothing has changed\n"))
        daemon.stop()

    def test_the_end_does_not_wait_either(self):
        daemon, size = self.start("--config", self.config(""), "tcp://127.0.0.1:0")
        self.config("nonsense 1\n")
        daemon.signal(signal.SIGHUP)
        daemon.command("/stats")
        daemon.stop()
        self.assertEqual(self.read_rest(), b"x" * size)

    def test_what_waits_is_said_in_the_end(self):
        daemon, size = self.start("--config", self.config(""), "tcp://127.0.0.1:0")
        self.config("nonsense 1\n")
        daemon.signal(signal.SIGHUP)
        daemon.command("/stats")
        daemon.signal(signal.SIGTERM)
        text = self.read_rest()[size:]
        self.assertRegex(text, rb"\Atelexd: [^\n]*nonsense[^\n]*\n\Z")
        daemon.wait_end(0)

    def test_a_refusal_to_start(self):
        size = self.full_pipe()
        run = Console(self, [program("TELEXD"), "--nonsense"], stderr=self.writing)
        os.close(self.writing)
        run.wait_end(2)
        self.assertEqual(self.read_rest(), b"x" * size)


class SharedTest(DiagnosticsCase):
    """stderr is what stdout is."""

    def test_one_pipe_for_both(self):
        daemon = Daemon(self, "--config", self.config(""), "tcp://127.0.0.1:0",
                        stderr=subprocess.STDOUT, wait=False)
        daemon.wait_output(b"listening")
        self.config("nonsense 1\n")
        daemon.signal(signal.SIGHUP)
        daemon.wait_output(b"; nothing has changed\n")
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        lines = daemon.stdout.copy().splitlines()
        self.assertEqual([line[:1] for line in lines].count(b"t"), 1, lines)
        self.assertTrue(all(line.startswith((b"telexd: ", b"{")) for line in lines), lines)

    def said(self, terminal, text):
        """The row that begins a diagnostic, once it is there; it is a row of its own."""
        return terminal.wait_screen(
            lambda screen: any(row.startswith(text) for row in screen.lines()),
            f"a row that begins with {text!r}")

    def start_terminal(self):
        daemon = self.terminal_daemon("--config", self.config(""),
                                      "tcp://127.0.0.1:0?reply=echo", whole=True)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        return daemon, one

    def test_above_the_line_being_typed(self):
        daemon, one = self.start_terminal()
        daemon.write("half a line")
        daemon.wait_input("half a line")
        self.config("nonsense 1\n")
        daemon.signal(signal.SIGHUP)
        self.said(daemon, "telexd: ")
        daemon.wait_input("#1> half a line")
        daemon.write(", and the rest\r")
        self.expect(one, "half a line, and the rest\n")
        daemon.wait_prompt("#1")
        rows = "\n".join(daemon.lines())
        self.assertEqual(rows.count("nothing has changed"), 1, rows)

    def test_a_terminal_that_is_stopped(self):
        daemon, one = self.start_terminal()
        daemon.write("\x13")
        for number in range(30):
            self.config(f"nonsense-{number} 1\n" + "#" * number)
            daemon.signal(signal.SIGHUP)
            self.check_echo(one)
        daemon.write("\x11")
        self.said(daemon, "telexd: ")
        daemon.line("/nonsense")
        daemon.wait_seen("'/nonsense'")
        self.check_echo(one)

    def test_attached(self):
        """A daemon that is silent when telex attach comes back."""
        path = self.path("c.sock")
        daemon = self.daemon("--control", path, "tcp://127.0.0.1:0")
        client = Terminal(self, [program("TELEX"), "attach", path], whole=True)
        client.wait_prompt()
        client.write("half a line")
        client.wait_input("half a line")
        with socket.socket(socket.AF_UNIX) as silent:
            daemon.stop()
            silent.bind(path)
            silent.listen(1)
            self.said(client, "telex: telexd at ")
            client.wait_input("> half a line")
            self.assertFalse(any("half a line" in row for row in client.lines()
                                 if "does not answer" in row), client.lines())


if __name__ == "__main__":
    main()
