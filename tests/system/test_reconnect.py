# SPDX-License-Identifier: GPL-3.0-or-later
"""telex --reconnect: the line is lost and comes back, and nothing that is typed meanwhile is."""

import re
import select
import signal
import socket
import threading

from telex_test import Terminal, TestCase, main, program


class ReconnectCase(TestCase):
    def setUp(self):
        super().setUp()
        self.needs_option("--reconnect", variable="TELEX")

    def serve(self, port=0):
        server = self.listener(port=port)
        return server, server.getsockname()[1]

    def lose(self, far, *listeners):
        for one in (*listeners, far):
            one.close()

    def terminal(self, *args):
        return Terminal(self, [program("TELEX"), "--reconnect", *map(str, args)])


class RefusalTest(ReconnectCase):
    def test_the_key_of_telexd(self):
        self.refuse_telex(["tcp://127.0.0.1:9?again=5"], 2, "again=", "--reconnect")


class PipedTest(ReconnectCase):
    def test_line_comes_back(self):
        server, port = self.serve()
        client = self.telex("--reconnect", port)
        for text in ("one", "two", "three"):
            far = self.accept(server)
            client.write(text)
            self.expect(far, text)
            far.sendall(b"<" + text.encode() + b">")
            client.wait_output(f"<{text}>")
            if text != "three":
                self.lose(far)
        client.close_stdin()
        self.expect_end(far)
        far.close()
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"<one><two><three>")
        self.assertEqual(client.stderr.copy().decode().count("trying again"), 2)
        self.assertEqual(client.stderr.copy().decode().count("connected again"), 2)

    def test_nobody_there_at_first(self):
        port = self.free_port()
        client = self.telex("--reconnect", port)
        client.write("early")
        client.wait_diagnostic("Connection refused; trying again")
        server, _ = self.serve(port)
        far = self.accept(server)
        self.expect(far, "early")
        client.close_stdin()
        self.expect_end(far)
        far.close()
        client.wait_end(0)

    def test_what_is_written_meanwhile_is_kept(self):
        server, port = self.serve()
        client = self.telex("--reconnect", port)
        self.lose(self.accept(server), server)
        client.wait_diagnostic("trying again")
        client.write("kept\n" * 1000)
        client.close_stdin()
        server, _ = self.serve(port)
        far = self.accept(server)
        self.assertEqual(self.receive_all(far), b"kept\n" * 1000)
        far.close()
        client.wait_end(0)

    def test_no_more_after_the_end_of_input(self):
        server, port = self.serve()
        client = self.telex("--reconnect", port)
        far = self.accept(server)
        client.close_stdin()
        self.expect_end(far)
        self.lose(far, server)
        client.wait_end(0)
        self.assertEqual(client.stderr.copy(), b"")

    def test_a_signal_ends_it(self):
        client = self.telex("--reconnect", self.free_port())
        client.wait_diagnostic("trying again")
        client.signal(signal.SIGINT)
        client.wait_end(-signal.SIGINT)

    def test_reset(self):
        server, port = self.serve()
        client = self.telex("--reconnect", port)
        far = self.accept(server)
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.lose(far)
        client.wait_diagnostic("Connection reset by peer; trying again")
        client.write("x")
        self.expect(self.accept(server), "x")

    def test_what_was_on_its_way_is_lost_and_said(self):
        server = self.listener(receive_buffer=65536)
        client = self.telex("--reconnect", server.getsockname()[1])
        far = self.accept(server)
        data = b"x" * 8_000_000
        writer = threading.Thread(target=lambda: (client.write(data), client.close_stdin()))
        writer.start()
        self.receive(far, 100_000)
        while select.select([], [client.process.stdin], [], 1)[1]:
            pass  # until telex reads no more, because too much is on its way
        self.reset(far)
        far = self.accept(server)
        rest = self.receive_all(far)
        writer.join()
        far.close()
        client.wait_end(1)
        lost = re.fullmatch(rb"telex: lost the line to \S+: Connection reset by peer; (\d+) bytes "
                            rb"were not delivered; trying again\n"
                            rb"telex: \S+: connected again\n", client.stderr.copy())
        self.assertIsNotNone(lost, client.transcript())
        self.assertGreater(int(lost[1]), 0)
        self.assertLessEqual(int(lost[1]) + len(rest), len(data))

    def test_without_the_option(self):
        server, port = self.serve()
        client = self.telex(port)
        self.lose(self.accept(server), server)
        client.close_stdin()
        client.wait_end(0)


class ConsoleTest(ReconnectCase):
    def test_json(self):
        server, port = self.serve()
        client = self.telex_json("--reconnect", port)
        for text in ("one", "two"):
            far = self.accept(server)
            client.wait("open", peer=1)
            client.wait("target", peer=1)
            client.command(text)
            self.expect(far, text + "\n")
            self.lose(far)
            client.wait("close", peer=1, reason="eof")
        numbers = [client.input("three"), client.input("four")]
        far = self.accept(server)
        self.expect(far, "three\nfour\n")
        self.assertEqual([client.answer(number)["command"] for number in numbers],
                         ["send", "send"])
        client.command("/close")
        client.wait("close", peer=1, reason="operator")
        client.wait_end(0)

    def test_terminal(self):
        server, port = self.serve()
        terminal = self.terminal(port)
        far = self.accept(server)
        terminal.wait_seen("connected")
        terminal.wait_prompt(f"localhost:{port}")
        far.sendall(b"half a \xc3")  # a character that never ends
        terminal.wait_seen("half a")
        self.lose(far, server)
        terminal.wait_seen("trying again")
        terminal.wait_prompt(f"localhost:{port}")
        terminal.line("kept")
        terminal.line("//too")
        terminal.line("/view size")
        terminal.wait_seen("view size")
        server, _ = self.serve(port)
        far = self.accept(server)
        self.expect(far, "kept\n/too\n")
        terminal.wait_prompt(f"localhost:{port}")
        terminal.line("/view text")
        terminal.wait_seen("view text")
        far.sendall(b"\xa9 begins anew")
        self.assertNotIn("\u00e9", terminal.wait_seen("begins anew"))
        terminal.line("/quit")
        self.expect_end(far)
        far.close()
        terminal.wait_end(0)

    def test_leaving_while_it_is_lost(self):
        for leave in ("/quit\r", "\x04", "\x03"):
            server, port = self.serve()
            terminal = self.terminal(port)
            far = self.accept(server)
            terminal.wait_seen("connected")
            self.lose(far, server)
            terminal.wait_seen("trying again")
            terminal.wait_prompt()
            terminal.write(leave)
            terminal.wait_end(-signal.SIGINT if leave == "\x03" else 0)

    def test_each_state_is_said_once(self):
        """However often nobody is there."""
        port = self.free_port()
        terminal = self.terminal(port)
        terminal.wait_diagnostic("Connection refused; trying again")
        other = self.telex_json("--reconnect", port)  # began later: the terminal has called as often
        other.wait_count(3, "close")
        server, _ = self.serve(port)
        far = self.accept(server)
        terminal.wait_seen("connected")
        self.assertEqual(terminal.stderr.copy().count(b"\n"), 1)
        self.assertEqual([line for line in terminal.lines() if "closed" in line or "calling" in line],
                         [])
        far.close()

    def test_what_is_kept_and_never_sent_is_said(self):
        terminal = self.terminal(self.free_port())
        terminal.wait_diagnostic("trying again")
        terminal.wait_prompt()
        terminal.line("12345")
        terminal.wait_prompt()
        terminal.write("\x04")
        terminal.wait_end(1)
        self.assertIn(b"6 bytes were not delivered\n", terminal.stderr.copy())

    def test_udp(self):
        one = self.udp(bind=("127.0.0.1", 0))
        port = one.getsockname()[1]
        one.close()
        client = self.telex_json("--reconnect", f"udp://127.0.0.1:{port}")
        client.wait("open", peer=1)
        client.command("lost")
        client.wait("close", peer=1, reason="error")
        one = self.udp(bind=("127.0.0.1", port))
        client.wait("open", peer=1)
        client.command("there")
        self.assertEqual(one.recv(100), b"there")


if __name__ == "__main__":
    main()
