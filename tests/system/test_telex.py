# SPDX-License-Identifier: GPL-3.0-or-later
"""telex: what it refuses, as JSON Lines, on a terminal. Between pipes: test_pipes."""

import os
import socket

from telex_test import Terminal, TestCase, main, name_of, program


class FailureTest(TestCase):
    def test_refused(self):
        port = self.free_port()
        text = self.refuse_telex([f"127.0.0.1:{port}"], 1, str(port), "refused")
        self.assertIn("127.0.0.1", text)

    def test_refused_udp(self):
        port = self.free_port(socket.SOCK_DGRAM)
        client = self.telex("--wait", "20", f"udp://127.0.0.1:{port}")
        client.line("anyone?")
        client.wait_end(1)
        self.assertRegex(client.stderr.copy(), rb"\Atelex: [^\n]*refused[^\n]*\n\Z")

    def test_connect_timeout(self):
        port = self.full_listener()
        self.refuse_telex(["--connect-timeout", "0.3", f"127.0.0.1:{port}"], 1, str(port))

    def test_no_such_socket(self):
        self.refuse_telex([f"unix:{self.path('none')}"], 1, "none", os.strerror(2))

    def test_no_such_name(self):
        self.refuse_telex(["no-such-host.invalid:1"], 1, "no-such-host.invalid")

    def test_json_too(self):
        port = self.free_port()
        client = self.telex_json("127.0.0.1", port)
        client.wait_end(1)
        self.assertRegex(client.stderr.copy(), rb"\Atelex: [^\n]*refused[^\n]*\n\Z")

    def test_usage(self):
        for args, part in (([], ""), (["127.0.0.1:70000"], "70000"), (["127.0.0.1", "x"], "x"),
                           (["ftp://127.0.0.1:1"], "ftp"), (["--nonsense", "1"], "nonsense"),
                           (["1", "2", "3"], ""), (["::1", "99999"], "99999"),
                           (["tcp://::1:99"], "[::1"),
                           (["--wait", "soon", "127.0.0.1:1"], "soon"),
                           (["--view", "colour", "127.0.0.1:1"], "colour"),
                           (["127.0.0.1:1?colour=red"], "colour"),
                           (["unix:" + "x" * 108], "107")):
            with self.subTest(args=args):
                self.refuse_telex(args, 2, part)


class JsonTest(TestCase):
    def test_both_ways(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        opened = client.wait("open", peer=1, transport="tcp")
        self.assertIn(name_of(server), opened["remote"])
        far.sendall("grüß dich\n".encode())
        client.wait("message", peer=1, text="grüß dich\n", size=12)
        far.sendall(b"\xff\x00")
        client.wait("message", peer=1, base64="/wA=")
        self.assertEqual(client.command("hello")["command"], "send")
        client.wait("sent", peer=1, text="hello\n", by="operator")
        self.expect(far, "hello\n")
        client.command('/bytes de ad "x"')
        self.expect(far, b"\xde\xadx")
        info = client.command("/info")["peer"]
        self.assertEqual((info["peer"], info["state"], info["received"], info["sent"]),
                         (1, "open", 14, 9))
        client.command("/help")
        client.command("/view size")
        client.refused("/peers-nonsense", "peers-nonsense")
        client.command("/quit")
        self.expect_end(far)
        client.wait_end(0)
        client.wait("close", peer=1)

    def test_eol(self):
        server = self.listener()
        client = self.telex_json("--eol", "crlf", "127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        client.wait("open")
        client.command("x")
        self.expect(far, "x\r\n")

    def test_file(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        client.wait("open")
        data = b"f" * 300_000
        client.command(f"/file {self.file('data', data)}")
        self.assertTrue(self.receive(far, len(data)) == data)
        client.wait("file", peer=1, bytes=len(data))

    def test_close(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        client.wait("open")
        client.command("bye")
        client.command("/close")
        self.assertEqual(self.receive_all(far), b"bye\n")
        far.close()
        client.wait("close", peer=1, sent=4)

    def test_peer_that_ends(self):
        server = self.listener()
        client = self.telex_json(f"tcp://{name_of(server)}?half-close=0")
        far = self.accept(server)
        client.wait("open")
        far.sendall(b"bye")
        far.close()
        client.wait("message", text="bye")
        client.wait("half-close", peer=1)
        client.wait("close", peer=1, reason="eof")
        client.wait_end(0)

    def test_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        client = self.telex_json(f"udp://{name_of(far)}")
        client.wait("open", peer=1, transport="udp")
        client.command("no eol")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"no eol")
        far.sendto(b"", address)
        client.wait("message", peer=1, size=0)
        far.sendto(b"x" * 65507, address)
        client.wait("message", peer=1, size=65507)


class TerminalTest(TestCase):
    def terminal(self, *args, **keywords):
        return Terminal(self, [program("TELEX"), *map(str, args)], **keywords)

    def test_type_and_see(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        terminal = self.terminal("127.0.0.1", daemon.port)
        daemon.open()
        terminal.wait_prompt()
        terminal.line("hello from the keyboard")
        daemon.wait_data(1, "hello from the keyboard\n")
        daemon.command("@1 hello from the switchboard")
        terminal.wait_seen("hello from the switchboard")
        terminal.wait_prompt()
        terminal.write("half a l")
        terminal.wait_input("half a l")
        daemon.command("@1 in between")
        terminal.wait_seen("in between")
        terminal.wait_input("half a l")
        terminal.line("ine")
        daemon.wait_data(1, "hello from the keyboard\nhalf a line\n")

    def test_end_of_file_twice(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_prompt()
        terminal.line("last words")
        self.expect(far, "last words\n")
        terminal.write(b"\x04")
        self.expect_end(far)  # the first half-closes
        far.sendall(b"still coming\n")
        terminal.wait_seen("still coming")
        terminal.write(b"\x04")
        terminal.wait_end(0)

    def test_end_of_file_is_for_an_empty_prompt(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_prompt()
        terminal.write("abc\x01\x04")  # at the beginning of the line it deletes a character
        terminal.line("")
        self.expect(far, "bc\n")

    def test_safe_display(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1], env={"NO_COLOR": "1"})
        far = self.accept(server)
        terminal.wait_prompt()
        far.sendall(b"\x1b]0;owned\x07\x1b[31mred\x1b[2J\xffend\n")
        line = terminal.wait_seen("end")
        self.assertIn("\\x1b[31mred\\x1b[2J\\xffend", line)
        raw = terminal.stdout.copy()
        for attack in (b"\x1b]0;owned", b"\x1b[31m", b"\x1b[2J", b"\xff"):
            self.assertNotIn(attack, raw)

    def test_piped_input_shown_on_a_terminal_is_safe(self):
        server = self.listener()
        reading, writing = os.pipe()
        port = server.getsockname()[1]
        terminal = self.terminal_with_stdin(reading, "127.0.0.1", port)
        os.close(reading)
        far = self.accept(server)
        os.write(writing, b"from a pipe")
        os.close(writing)
        self.assertEqual(self.receive_all(far), b"from a pipe")
        far.sendall(b"\x1b[31mred\n\xc3")
        far.close()
        terminal.wait_end(0)
        self.assertIn(b"\\x1b[31mred\\n\\xc3", terminal.stdout.copy().replace(b"\r\n", b"\\n"))
        self.assertNotIn(b"\x1b[31mred", terminal.stdout.copy())

    def terminal_with_stdin(self, fd, *args, options=""):
        command = f'exec "$0" {options} "$@" <&{fd}'
        os.set_inheritable(fd, True)
        return Terminal(self, ["sh", "-c", command, program("TELEX"), *map(str, args)],
                        pass_fds=(fd,))

    def test_raw(self):
        server = self.listener()
        reading, writing = os.pipe()
        terminal = self.terminal_with_stdin(reading, "127.0.0.1", server.getsockname()[1],
                                            options="--raw")
        os.close(reading)
        far = self.accept(server)
        far.sendall(b"\x1b[31mred")
        terminal.wait_output(b"\x1b[31mred")
        os.close(writing)
        far.close()
        terminal.wait_end(0)

    def test_quit(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_prompt()
        terminal.line("/quit")
        self.expect_end(far)
        terminal.wait_end(0)

    def test_peer_that_ends(self):
        server = self.listener()
        terminal = self.terminal(f"tcp://{name_of(server)}?half-close=0")
        far = self.accept(server)
        terminal.wait_prompt()
        far.sendall(b"goodbye.")
        far.close()
        terminal.wait_seen("goodbye.")
        terminal.wait_end(0)

    def test_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        terminal = self.terminal(f"udp://{name_of(far)}")
        terminal.wait_prompt()
        terminal.line("hello")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"hello")
        far.sendto(b"well met.", address)
        terminal.wait_seen("well met.")
        terminal.write("\x04")
        far.sendto(b"late.", address)
        terminal.write("\x04")
        terminal.wait_end(0)

    def test_refused(self):
        terminal = self.terminal(f"127.0.0.1:{self.free_port()}")
        terminal.wait_end(1)
        self.assertRegex(terminal.stderr.copy(), rb"\Atelex: [^\n]*refused[^\n]*\n\Z")


if __name__ == "__main__":
    main()
