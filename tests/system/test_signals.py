# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals that come while telexd starts and while it ends, and those that it was to ignore."""

import os
import signal
import threading
import time

from telex_test import DEADLINE, Program, Terminal, TestCase, main, program, wait_text_ports

HANG_UP = 1 << (signal.SIGHUP - 1)


class Storm:
    """Sends one signal again and again, until told to stop or nobody is left to get it."""

    def __init__(self, pid, number):
        self.pid, self.number = pid, number
        self.count = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def _send(self):
        while not self.over.is_set():
            try:
                os.kill(self.pid, self.number)
            except ProcessLookupError:
                return
            self.count += 1
            self.over.wait(0.0002)

    def stop(self):
        self.over.set()
        self.thread.join()


class SignalsCase(TestCase):
    def masks(self, pid, name):
        """A set of signals of the first thread: SigBlk, SigIgn, SigCgt."""
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return int(next(line.split()[1] for line in file if line.startswith(name + ":")), 16)


class HangUpTest(SignalsCase):
    def write_config(self):
        return self.file("telexd.conf", f"listen unix:{self.path('a')}?reply=echo\n")

    def check_serves(self):
        one = self.wait_unix(self.path("a"))
        one.sendall(b"ping")
        self.expect(one, "ping")

    def test_while_it_reads_its_file(self):
        """A file that is a pipe holds the start up for as long as the test wants."""
        path = self.path("telexd.conf")
        os.mkfifo(path)
        run = Program(self, [program("TELEXD"), "--no-console", "--config", path])
        with open(path, "wb", buffering=0) as pipe:  # returns when telexd has opened it
            os.unlink(path)
            self.write_config()
            for _ in range(3):
                run.signal(signal.SIGHUP)
            self.assertTrue(self.masks(run.pid, "SigBlk") & HANG_UP)
            pipe.write(f"listen unix:{self.path('a')}?reply=echo\n".encode())
        self.check_serves()
        run.wait_diagnostic("read again")  # what was held back
        run.stop()

    def test_while_it_starts_and_ends(self):
        """From when it holds them back to its last instruction."""
        path = self.write_config()
        for _ in range(10):
            run = Program(self, [program("TELEXD"), "--no-console", "--config", path])
            end = time.monotonic() + DEADLINE
            while not (self.masks(run.pid, "SigBlk") | self.masks(run.pid, "SigCgt")) & HANG_UP:
                self.assertLess(time.monotonic(), end, "it holds nothing back")
            storm = Storm(run.pid, signal.SIGHUP)
            try:
                self.check_serves()
                run.signal(signal.SIGTERM)
                run.process.wait(DEADLINE)
            finally:
                storm.stop()
            self.assertGreater(storm.count, 0)
            run.wait_end(0)
            self.assertFalse(os.path.exists(self.path("a")))

    def test_while_the_last_output_goes_out(self):
        """It cuts nothing off: the reader gets all that --drain leaves it time for."""
        reading, writing = os.pipe()
        run = Program(self, [program("TELEXD"), "--json", "--drain", "20",
                             "--config", self.write_config()], stdout=writing)
        os.close(writing)
        with open(reading, "rb") as output:
            self.assertIn(b"listening", output.readline())
            for number in range(3000):
                run.line(f"/nonsense-{number}-" + "x" * 100)
            run.close_stdin()
            for number in range(100):
                self.assertIn(b'"error"', output.readline())
            run.signal(signal.SIGTERM)
            while os.path.exists(self.path("a")):  # it is ending
                pass
            storm = Storm(run.pid, signal.SIGHUP)
            try:
                lines = output.read().splitlines()
            finally:
                storm.stop()
        run.wait_end(0)
        self.assertNotIn(b"bytes of output", run.stderr.copy())
        self.assertIn(b'"event":"', lines[-1])


class IgnoredTest(SignalsCase):
    """nohup, and what a shell does for a job in the background."""

    NUMBERS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

    def ignore(self, *numbers):
        def before():
            for number in numbers:
                signal.signal(number, signal.SIG_IGN)
        return before

    def test_they_stay_ignored(self):
        for number in self.NUMBERS:
            daemon = self.daemon("tcp://127.0.0.1:0?reply=echo", preexec=self.ignore(number))
            self.assertTrue(self.masks(daemon.pid, "SigIgn") & (1 << (number - 1)))
            for _ in range(3):
                daemon.signal(number)
                daemon.command("/stats")
            one = self.tcp(daemon.port)
            one.sendall(b"ping")
            self.expect(one, "ping")
            daemon.line("/shutdown")
            daemon.wait_end(0)

    def test_nohup(self):
        daemon = self.daemon("tcp://127.0.0.1:0", preexec=self.ignore(signal.SIGHUP))
        daemon.signal(signal.SIGHUP)
        daemon.command("/stats")
        daemon.stop()

    def test_the_terminal_of_an_ignored_hang_up(self):
        """The console goes with it, the daemon stays."""
        daemon = Terminal(self, ["sh", "-c", 'trap "" HUP; exec "$0" "$@"', program("TELEXD"),
                                 "tcp://127.0.0.1:0?reply=echo"])
        port = wait_text_ports(daemon, 1)[0]
        daemon.wait_prompt()
        daemon.hang_up()
        one = self.tcp(port)
        for _ in range(20):
            one.sendall(b"ping")
            self.expect(one, "ping")
        daemon.stop()


class TwiceTest(SignalsCase):
    def test_a_storm_of_them(self):
        """The first ends it gracefully, all others at once: it never dies of one."""
        for number in (signal.SIGTERM, signal.SIGINT):
            for _ in range(5):
                daemon = self.daemon("tcp://127.0.0.1:0")
                ones = [self.tcp(daemon.port) for _ in range(20)]
                daemon.wait_count(20, "open")
                storm = Storm(daemon.pid, number)
                daemon.process.wait(DEADLINE)
                storm.stop()
                self.assertIn(daemon.process.returncode, (0, 1))
                daemon.wait_end(None)
                for one in ones:
                    one.close()


if __name__ == "__main__":
    main()
