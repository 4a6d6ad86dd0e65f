# SPDX-License-Identifier: GPL-3.0-or-later
"""Serial lines, over ptys: one end is the program's, the other the device."""

import datetime
import fcntl
import os
import signal
import socket
import termios
import threading
import time
import unittest

from devices import Device, Modem
from telex_test import DEADLINE, Console, Terminal, TestCase, main, program


class SerialCase(TestCase):
    def setUp(self):
        super().setUp()
        self.device = Device(self)
        self.endpoint = f"serial:{self.device.path}"

    def called(self, keys="", *args, **keywords):
        """A daemon with the device on the line, as peer 1."""
        daemon = self.daemon(*args, f"--call={self.endpoint}?name=dev{keys}", "tcp://127.0.0.1:0",
                             **keywords)
        daemon.wait("open", peer=1)
        return daemon


class TalkTest(SerialCase):
    def test_both_ways(self):
        daemon = self.called("&baud=9600&mode=8n1&flow=none")
        event = daemon.seen("open")[0]
        self.assertEqual([event["transport"], event["remote"], event["local"]],
                         ["serial", self.endpoint, "serial:"])
        daemon.command("@dev AT")
        self.device.expect(b"AT\n")
        self.device.say(b"OK\r\n\x00\xff")
        daemon.wait_data(1, b"OK\r\n\x00\xff")
        self.assertEqual(daemon.command("/stats")["stats"]["serial_peers"], 1)
        daemon.stop()

    def test_nothing_is_lost(self):
        """About a quarter of a minute of 921,600 baud, both ways at once."""
        down, up = os.urandom(1 << 21), os.urandom(1 << 21)
        daemon = self.called("&baud=921600")
        speaker = threading.Thread(target=self.device.say, args=(up,))
        speaker.start()
        daemon.command(f"/file dev {self.file('down', down)}")
        self.device.expect(down)
        speaker.join()
        daemon.wait_data(1, up)
        daemon.wait("file", peer=1, bytes=len(down))

    def test_framings(self):
        daemon = self.called("&framing=modbus")
        frame = bytes.fromhex("000100000006010300000002")
        self.device.say(frame[:5])
        self.device.say(frame[5:] + frame)
        for _ in range(2):
            self.assertEqual(daemon.wait("message", peer=1)["size"], len(frame))
        daemon.command("/set dev framing=gap:50")
        self.device.say(b"one")
        daemon.wait("message", peer=1, text="one")

    def test_a_pair_of_socat(self):
        one, other = self.path("one"), self.path("other")
        Console(self, ["socat", f"pty,raw,echo=0,link={one}", f"pty,raw,echo=0,link={other}"])
        self.wait_path(one), self.wait_path(other)
        daemon = self.daemon(f"--call=serial:{one}?name=a", f"--call=serial:{other}?name=b",
                             "tcp://127.0.0.1:0")
        daemon.wait_count(2, "open")
        daemon.command("@a ping")
        daemon.wait("message", peer=2, text="ping\n")
        daemon.command("@b pong")
        daemon.wait("message", peer=1, text="pong\n")

    def wait_path(self, path):
        end = time.monotonic() + DEADLINE
        while not os.path.exists(path):
            self.assertLess(time.monotonic(), end)


class RefusedTest(SerialCase):
    def test_bad_keys(self):
        for key, *parts in (["baud=fast", "baud=fast", "baud=9600"], ["baud=0", "baud=0"],
                            ["mode=9n1", "mode=9n1", "8n1"], ["flow=hard", "rtscts"],
                            ["dtr=1", "keep"], ["speed=1", "'speed'", "baud"]):
            self.refuse_daemon([f"--call={self.endpoint}?{key}"], 2, *parts)
            self.refuse_telex([f"{self.endpoint}?{key}"], 2, *parts)

    def test_it_is_not_listened_on(self):
        config = self.file("telexd.conf", f"listen {self.endpoint}\n")
        self.refuse_daemon([self.endpoint], 2, self.endpoint, "called only", "--call")
        self.refuse_daemon(["--config", config], 2, self.endpoint, "called only")
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.refused(f"/listen {self.endpoint}", "called only", "/connect")

    def test_what_is_no_line(self):
        self.refuse_telex(["serial:/dev/null"], 1, "serial:/dev/null", "not a serial line")
        self.refuse_telex([f"{self.endpoint}9"], 1, "No such file")

    def test_one_user_at_a_time(self):
        daemon = self.called()
        holder = f"in use by telexd (process {daemon.pid})"
        self.refuse_telex([self.endpoint], 1, holder)
        self.assertEqual(daemon.command(f"/connect {self.endpoint}")["peer"], 2)
        self.assertIn(holder, daemon.wait("close", peer=2, reason="error")["error"])
        daemon.command("/close dev")
        daemon.wait("close", peer=1)
        daemon.command(f"/connect {self.endpoint}")
        daemon.open(peer=3)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_who_does_not_ask_is_kept_out(self):
        os.chmod(self.device.name, 0o666)
        daemon = self.called()
        Console(self, ["sh", "-c", f": <{self.device.name}"], nobody=True).wait_end(2)
        daemon.stop()


class LostTest(SerialCase):
    def test_unplugged(self):
        daemon = self.called("&framing=line")
        self.device.say(b"whole\nhal")
        daemon.wait("message", peer=1, text="whole\n")
        self.device.unplug()
        daemon.wait("message", peer=1, text="hal", partial=True)
        close = daemon.wait("close", peer=1, reason="error")
        self.assertEqual(close["error"], "No such device")
        self.assertNotIn("again", close)

    def test_unplugged_while_written_to(self):
        daemon = self.called()
        daemon.command(f"/file dev {self.file('data', bytes(1 << 20))}")
        self.device.hear(1000)
        self.device.unplug()
        daemon.wait("close", peer=1, reason="error", error="No such device")
        self.assertIn("error", daemon.wait("file", peer=1))

    def test_found_again(self):
        daemon = self.called("&again=30")
        for peer in range(1, 4):
            self.device.unplug()
            self.assertLessEqual(daemon.wait("close", peer=peer, reason="error")["again"], 0.25)
            self.device.plug_in()
            daemon.wait("open", peer=peer + 1, timeout=2)
            daemon.wait("name", peer=peer + 1, name="dev")
        self.device.say(b"here again")
        daemon.wait_data(4, b"here again")

    def test_found_within_a_quarter_of_a_second(self):
        """Though it has just been looked for; once of three times, as the machine may be busy."""
        daemon = self.called("&again=30", "tcp://127.0.0.1:0?half-close=0.12")
        took = []
        for device in (1, 3, 5):
            timer = self.tcp(daemon.ports[0])
            daemon.wait("open", peer=device + 1)
            self.device.unplug()
            daemon.wait("close", peer=device)
            timer.shutdown(socket.SHUT_WR)
            daemon.wait("close", peer=device + 1)  # the first look is behind it
            begun = time.time()
            self.device.plug_in()
            event = daemon.wait("open", peer=device + 2)
            took.append(datetime.datetime.fromisoformat(event["time"]).timestamp() - begun)
            if took[-1] <= 0.25:
                return
        self.fail(f"it took {took}")

    def test_nothing_is_told_while_it_is_away(self):
        self.device.unplug()
        daemon = self.daemon(f"--call={self.endpoint}?again=0.05", "tcp://127.0.0.1:0?half-close=0.5")
        daemon.wait("close", peer=1, reason="error", error="No such file or directory")
        timer = self.tcp(daemon.port)
        daemon.open(peer=2)
        timer.close()
        daemon.wait("close", peer=2)  # its half a second would be ten calls
        self.device.plug_in()
        daemon.open(peer=3, transport="serial")


class EndTest(SerialCase):
    def test_what_is_written_goes_out(self):
        daemon = self.called()
        data = os.urandom(300000)
        daemon.command(f"/file dev {self.file('data', data)}")
        daemon.command("/close dev")
        self.device.expect(data)
        daemon.wait("close", peer=1, reason="operator", sent=len(data), unsent=0)

    def test_but_is_not_waited_for_for_ever(self):
        daemon = self.called("", "--drain", "0.2")
        daemon.command(f"/file dev {self.file('data', bytes(300000))}")
        daemon.stop()
        close = daemon.seen("close", peer=1)[0]
        self.assertGreater(close["unsent"] + 300000 - close["sent"], 0)

    def test_it_is_left_as_it_was(self):
        slave = os.open(self.device.path, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, slave)
        changed = termios.tcgetattr(slave)
        changed[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, changed)
        before = termios.tcgetattr(slave)
        daemon = self.called()
        self.assertNotEqual(termios.tcgetattr(slave)[3], before[3])
        daemon.stop()
        self.assertEqual(termios.tcgetattr(slave), before)
        fcntl.flock(slave, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LinesTest(SerialCase):
    def setUp(self):
        super().setUp()
        self.modem = Modem(self)

    def called(self, *args, **keywords):
        return super().called(*args, env=self.modem.env, **keywords)

    def test_theirs_are_told(self):
        daemon = self.called()
        self.modem.move(termios.TIOCM_CTS | termios.TIOCM_CD)
        daemon.wait("line", peer=1, cts=True, dsr=False, dcd=True, ri=False)
        self.modem.move(termios.TIOCM_CTS | termios.TIOCM_RI | termios.TIOCM_DSR)
        daemon.wait("line", peer=1, cts=True, dsr=True, dcd=False, ri=True)
        answer = daemon.command("/line dev")
        self.assertEqual(answer["line"], {"peer": 1, "dtr": False, "rts": False, "cts": True,
                                          "dsr": True, "dcd": False, "ri": True})
        self.assertEqual(len(daemon.seen("line")), 2)

    def test_ours_are_moved(self):
        daemon = self.called()
        self.assertEqual(self.modem.lines(), termios.TIOCM_DTR | termios.TIOCM_RTS)
        daemon.command("/line dev dtr=off")
        self.assertEqual(self.modem.lines(), termios.TIOCM_RTS)
        answer = daemon.command("/line dev dtr=on rts=off")
        self.assertEqual(self.modem.lines(), termios.TIOCM_DTR)
        self.assertEqual([answer["line"]["dtr"], answer["line"]["rts"]], [True, False])
        self.assertIn("DTR on, RTS off", answer["note"])
        self.assertEqual(daemon.seen("line"), [])

    def test_as_the_keys_say(self):
        self.modem.move(termios.TIOCM_RTS)
        self.called("&dtr=keep&rts=off").stop()
        self.assertEqual(self.modem.lines(), 0)

    def test_breaks(self):
        daemon = self.called("", "--drain", "0.1")
        daemon.command("/line dev break=50")
        self.modem.wait(lambda lines, holds, breaks: breaks == 1 and not holds)
        daemon.command("/line dev break=10000")
        self.modem.wait(lambda lines, holds, breaks: holds)
        daemon.command("@dev not now")
        daemon.stop()
        self.assertEqual(self.modem.state()[1:], (0, 2))

    def test_what_is_wrong(self):
        daemon = self.called()
        self.tcp(daemon.port)
        daemon.open(peer=2)
        for line, *parts in (["/line dev dtr=up", "dtr", "on or off"], ["/line dev x", "'x'"],
                             ["/line dev cts=on", "'cts='", "dtr="],
                             ["/line dev break=0", "break=0", "milliseconds"],
                             ["/line dev dtr=on dtr=off", "not both"],
                             ["/line 2", "#2", "no serial line"], ["/line 9", "9"]):
            daemon.refused(line, *parts)
        daemon.command("/read-only")
        daemon.command("/line dev")
        daemon.refused("/line dev dtr=off", "read-only")
        self.assertEqual(self.modem.lines(), termios.TIOCM_DTR | termios.TIOCM_RTS)

    def test_where_there_are_none(self):
        daemon = super().called("&dtr=off")
        daemon.refused("/line dev", "no such lines")
        daemon.refused("/line dev dtr=off", "#1 dev", "no such lines")
        daemon.command("/line dev break=1")


class JoinedTest(SerialCase):
    FRAME = bytes.fromhex("0001 0000 0006 01 03 0000 0002")
    ANSWER = bytes.fromhex("0001 0000 0007 01 03 04 0001 0002")

    def test_a_line_for_each_caller(self):
        daemon = self.daemon(f"tcp://127.0.0.1:0?half-close=0.2&to={self.endpoint}?baud=9600")
        one = self.tcp(daemon.port)
        one.sendall(b"what?")
        self.device.expect(b"what?")
        self.device.say(b"that")
        self.expect(one, "that")
        other = self.tcp(daemon.port)
        self.expect_end(other)
        daemon.wait("close", transport=None, error=lambda error: "in use by telexd" in error)
        one.close()
        daemon.wait("close", peer=2)
        self.tcp(daemon.port).sendall(b"again")
        self.device.expect(b"again")

    def test_who_has_ended_its_side_gives_way(self):
        """Who asks twice, and hangs up each time, finds the device free."""
        daemon = self.daemon(f"tcp://127.0.0.1:0?half-close=1000&to={self.endpoint}?framing=modbus")
        for _ in range(3):
            with self.tcp(daemon.port) as master:
                master.sendall(self.FRAME)
                self.device.expect(self.FRAME)
                self.device.say(self.ANSWER)
                self.assertEqual(self.receive(master, len(self.ANSWER)), self.ANSWER)
        daemon.wait_count(4, "close", reason="eof")
        self.assertEqual(len(daemon.seen("close")), 4)

    def test_two_masters_and_three_consoles_on_one_device(self):
        control = self.path("control")
        daemon = self.daemon(f"--control={control}", f"--call={self.endpoint}?name=plc&framing=modbus",
                             "tcp://127.0.0.1:0?framing=modbus&half-close=0.2&to=plc", count=1)
        daemon.wait("open", transport="serial")
        consoles = [daemon, self.attach(control), self.attach(control)]
        masters = [self.tcp(daemon.port) for _ in range(2)]
        daemon.wait_count(3, "open")
        for master in masters:
            master.sendall(self.FRAME[:7])
        for master in reversed(masters):
            master.sendall(self.FRAME[7:])
        self.device.expect(2 * self.FRAME)
        consoles[2].command(f"/bytes plc {self.FRAME.hex()}")
        self.device.expect(self.FRAME)
        self.device.say(self.ANSWER[:4])
        self.device.say(self.ANSWER[4:])
        for master in masters:
            self.assertEqual(self.receive(master, len(self.ANSWER)), self.ANSWER)
        for console in consoles:
            console.wait("message", peer=1, size=len(self.ANSWER))
        masters[0].close()
        daemon.wait("close", peer=2)
        masters[1].sendall(self.FRAME)
        self.device.expect(self.FRAME)


class TerminalTest(SerialCase):
    def terminal(self, *args):
        return Terminal(self, [program("TELEX"), *args])

    def test_a_terminal_program(self):
        terminal = self.terminal(f"{self.endpoint}?baud=9600")
        terminal.wait_seen("connected: serial")
        terminal.line("AT")
        self.device.expect(b"AT\n")
        self.device.say(b"OK\r\n")
        terminal.wait_seen("OK")
        terminal.line("/line break=1")
        terminal.line("/bytes 1b 03")
        self.device.expect(b"\x1b\x03")
        terminal.write("\x04")  # there is no side to end
        terminal.wait_end(0)

    def test_keys_as_they_are_pressed(self):
        terminal = self.terminal("--raw", self.endpoint)
        terminal.wait_diagnostic("Ctrl-T q quits")
        for keys in (b"a", b"\t", b"\x03", b"\r", b"\x1b[A"):
            terminal.write(keys.decode())
            self.device.expect(keys)
        terminal.write("\x14\x14x")
        self.device.expect(b"\x14x")
        self.device.say(b"login: \x1b[1mroot\x1b[m\r\n")
        terminal.wait_seen("login: root")
        terminal.write("\x14?")
        terminal.wait_diagnostic("q: quit, b: send a break")
        terminal.write("\x14b\x14d")
        terminal.wait_diagnostic("no such lines")
        terminal.write("\x14qnever")
        terminal.wait_end(0)

    def test_unplugged(self):
        terminal = self.terminal(self.endpoint)
        terminal.wait_seen("connected")
        self.device.unplug()
        terminal.wait_end(1)
        terminal.wait_seen("No such device")

    def test_it_waits_for_the_device(self):
        terminal = self.terminal("--reconnect", self.endpoint)
        terminal.wait_seen("connected")
        self.device.unplug()
        terminal.wait_seen("lost the line to")
        terminal.line("kept")
        self.device.plug_in()
        self.device.expect(b"kept\n")
        self.assertEqual("\n".join(terminal.lines()).count("trying again"), 1)
        terminal.write("\x04")
        terminal.wait_end(0)

    def test_between_pipes(self):
        client = self.telex("--wait", "0.3", self.endpoint)
        client.write("what?")
        self.device.expect(b"what?")
        self.device.say(b"\x01\x02")
        client.close_stdin()
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"\x01\x02")

    def test_ended_by_a_signal(self):
        client = self.telex(self.endpoint)
        client.write("hi")
        self.device.expect(b"hi")
        client.signal(signal.SIGTERM)
        client.wait_end(-signal.SIGTERM)


if __name__ == "__main__":
    main()
