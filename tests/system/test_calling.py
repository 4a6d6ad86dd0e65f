# SPDX-License-Identifier: GPL-3.0-or-later
"""telex on a terminal while its call does not stand yet, and when it fails."""

import signal
import socket

from telex_test import Terminal, TestCase, main, name_of, program


class CallingCase(TestCase):
    def terminal(self, *args, **keywords):
        return Terminal(self, [program("TELEX"), *map(str, args)], **keywords)

    def in_shell(self, script, *args, **keywords):
        """A shell's script on a terminal, which says "ready"; "$@" is telex."""
        shell = Terminal(self, ["sh", "-c", script, "sh", program("TELEX"), *map(str, args)],
                         whole=True, **keywords)
        shell.wait_seen("ready")
        return shell

    def slow_listener(self):
        """A port where a call stands only once somebody has been accepted; who does that."""
        server = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = []
        while True:  # until the queue is full, and the kernel drops what comes
            caller = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
            caller.settimeout(0.2)
            try:
                caller.connect(server.getsockname())
            except TimeoutError:
                caller.close()
                break
            waiting.append(caller)

        def answer():
            for caller in waiting:
                self.accept(server).close()
                caller.close()
            return self.accept(server)

        return server.getsockname()[1], answer


class PromptTest(CallingCase):
    def test_names_the_far_end(self):
        server, far = self.listener(), self.udp(bind=("127.0.0.1", 0))
        path = self.path("socket")
        local = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.bind(path)
        local.listen()
        port = server.getsockname()[1]
        for words, prompt in ((("127.0.0.1", port), f"127.0.0.1:{port}>"),
                              ((f"tcp://localhost:{port}?eol=crlf",), f"localhost:{port}>"),
                              ((f"udp://{name_of(far)}",), f"udp://{name_of(far)}>"),
                              ((path,), ">")):
            terminal = self.terminal(*words)
            self.assertTrue(terminal.wait_prompt(prompt).endswith(prompt))
            terminal.wait_seen("connected" if "udp" not in prompt else "opened")
            terminal.line("/quit")
            terminal.wait_end(0)

    def test_a_long_one_leaves_room(self):
        name = "a" * 60 + ".invalid"
        terminal = self.terminal("--reconnect", f"{name}:65000", columns=80)
        prompt = terminal.wait_prompt(":65000")
        self.assertLessEqual(len(prompt), 42)

    def test_is_there_while_it_calls(self):
        port, answer = self.slow_listener()
        terminal = self.terminal("127.0.0.1", port)
        terminal.wait_prompt(f"127.0.0.1:{port}")
        terminal.line("typed early")
        terminal.line("//and more")
        terminal.wait_seen(f"calling tcp://127.0.0.1:{port}")
        terminal.write("half a")
        terminal.wait_input("half a")
        far = answer()
        terminal.wait_seen("connected")
        self.expect(far, "typed early\n/and more\n")
        terminal.wait_input("half a")
        terminal.line(" line")
        self.expect(far, "half a line\n")
        self.assertEqual(sum("calling" in line for line in terminal.lines()), 1)

    def test_commands_while_it_calls(self):
        port = self.full_listener()
        terminal = self.terminal("127.0.0.1", port)
        terminal.wait_seen("calling")
        terminal.line("/bytes 00")
        terminal.wait_seen("not connected yet")
        terminal.line("/info")
        self.assertIn("connecting", terminal.wait_seen("state"))
        terminal.line("/close")
        terminal.wait_end(0)

    def test_what_comes_at_once_does_not_say_that_it_calls(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_seen("connected")
        far.close()
        terminal.wait_end(0)
        self.assertFalse([line for line in terminal.lines() if "calling" in line])


class LeavingTest(CallingCase):
    def test_while_it_calls(self):
        port = self.full_listener()
        for leave, status in (("\x04", 0), ("/quit\r", 0), ("\x03", -signal.SIGINT)):
            terminal = self.terminal("127.0.0.1", port)
            terminal.wait_prompt()
            terminal.write(leave)
            terminal.wait_end(status)
            self.assertEqual(terminal.stderr.copy(), b"")

    def test_with_something_to_say(self):
        terminal = self.terminal("127.0.0.1", self.full_listener())
        terminal.wait_prompt()
        terminal.line("hello")
        terminal.wait_prompt()
        terminal.write("\x04")
        terminal.wait_end(1)
        self.assertEqual(terminal.stderr.copy(), b"telex: 6 bytes were not delivered\n")


class FailureTest(CallingCase):
    THEN = '; echo "status $?"; IFS= read -r line; echo "got <$line>"'

    def test_is_one_line(self):
        port = self.free_port()
        terminal = self.terminal("127.0.0.1", port)
        terminal.wait_end(1)
        self.assertEqual(terminal.stderr.copy(), f"telex: cannot connect to tcp://127.0.0.1:{port}: "
                                                 "Connection refused\n".encode())
        self.assertEqual([line for line in terminal.lines() if "#1" in line], [])

    def test_after_it_was_said_that_it_calls(self):
        port = self.full_listener()
        terminal = self.terminal("--connect-timeout", "0.5", "127.0.0.1", port)
        terminal.wait_seen("calling")
        terminal.wait_end(1)
        self.assertRegex(terminal.stderr.copy(),
                         rb"\Atelex: cannot connect to tcp://127.0.0.1:\d+: [^\n]+ timed out\n\Z")

    def test_what_was_typed_is_not_for_the_shell(self):
        port = self.full_listener()
        shell = self.in_shell('echo ready; "$@"' + self.THEN,
                              "--connect-timeout", "1", "127.0.0.1", port)
        shell.wait_prompt(str(port))
        shell.line("rm precious")
        shell.write("rm more")
        shell.wait_seen("status 1")
        self.assertIn("12 bytes were not delivered", " ".join(shell.lines()))
        shell.line("own")
        shell.wait_seen("got <own>")

    def test_nor_what_was_typed_before_it_began(self):
        """The shell has read one line, when the others have been typed already."""
        shell = self.in_shell('echo ready; read -r go; "$@"' + self.THEN,
                              "127.0.0.1", self.free_port())
        shell.write("go\rrm precious\rrm more\r")
        shell.wait_seen("status 1")
        shell.line("own")
        shell.wait_seen("got <own>")


if __name__ == "__main__":
    main()
