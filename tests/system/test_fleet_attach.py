# SPDX-License-Identifier: GPL-3.0-or-later
"""telex attach nats://: one console of all nodes of a fleet."""

import signal

from fleet_test import FleetTestCase
from telex_test import Terminal, main, program


class FleetAttachTest(FleetTestCase):
    def setUp(self):
        super().setUp()
        self.hub = self.broker()

    def raw_node(self, name):
        """A node whose peers say what they like, and are answered nothing."""
        return self.node(name, self.hub, endpoint="tcp://127.0.0.1:{}")

    def peer(self, node):
        """A peer, once the node's telexd has it."""
        one = node.peer()
        node.telexd.open()
        return one

    def attached(self, *args, seen="attached to"):
        """The operator's terminal, with its prompt shown."""
        terminal = Terminal(self, [program("TELEX"), "attach", *args, self.hub.url])
        terminal.wait_seen(seen)
        terminal.wait_prompt()
        return terminal

    def wait_once(self, terminal, text):
        """Until it is seen, and then it was seen once."""
        terminal.wait_seen(text)
        self.assertEqual(sum(text in line for line in terminal.lines()), 1, terminal.lines())

    def test_one_console_speaks_to_many_nodes(self):
        berlin, paris = self.raw_node("berlin"), self.raw_node("paris")
        here, there = self.peer(berlin), self.peer(paris)
        terminal = self.attached()
        terminal.wait_seen("2 peers on the line")
        here.sendall(b"from berlin\n")
        there.sendall(b"from paris\n")
        terminal.wait_seen("berlin/1 ← from berlin")
        terminal.wait_seen("paris/1  ← from paris")

        terminal.write("@par\t")
        terminal.wait_input("@paris/1")
        terminal.line("to paris")
        self.expect(there, b"to paris\n")
        self.wait_once(terminal, "to paris")
        terminal.line("@berlin/1")
        terminal.wait_prompt("berlin/1")
        terminal.line("to berlin")
        self.expect(here, b"to berlin\n")
        terminal.wait_seen("berlin/1 → to berlin")
        terminal.line("@1 to whom")
        terminal.wait_seen("of which node?")

        terminal.line("/name berlin/1 boiler")
        terminal.wait_prompt("berlin/boiler")
        terminal.line("@berlin/* to all there")
        self.expect(here, b"to all there\n")
        terminal.line("/only paris/*")
        terminal.wait_seen("shown: only paris/*")
        here.sendall(b"not shown\n")
        there.sendall(b"shown\n")
        terminal.wait_seen("← shown")
        self.assertFalse([line for line in terminal.lines() if "← not shown" in line])
        self.check_silent(there)

    def test_nodes_are_listed_and_chosen(self):
        berlin, paris = self.raw_node("berlin"), self.raw_node("paris")
        self.peer(berlin)
        terminal = self.attached()
        terminal.line("/nodes")
        terminal.wait_seen("berlin: 1 peer on the line")
        terminal.wait_seen("paris: 0 peers on the line")
        terminal.line("/node paris")
        terminal.wait_prompt("paris")
        terminal.line("/listen tcp://127.0.0.1:0?name=side")
        paris.telexd.wait("listening", name="side")
        terminal.line("/close 1")
        terminal.wait_seen("paris: no peer '1' on the line")
        terminal.line("/close berlin/1")
        berlin.telexd.wait("close", peer=1)
        terminal.wait_seen("berlin/1 closed")

    def test_what_was_said_is_found_at_all_nodes(self):
        berlin, paris = self.raw_node("berlin"), self.raw_node("paris")
        for node, text in ((berlin, b"error one"), (paris, b"error two")):
            self.peer(node).sendall(text)
            node.telexd.wait("message")
        terminal = self.attached("--history", "0")
        terminal.line("/find error")
        terminal.wait_seen("berlin/1 ← error one")
        terminal.wait_seen("paris/1  ← error two")
        for name in ("berlin", "paris"):
            terminal.wait_seen(f"{name}: 1 message")
        terminal.line("/help")
        terminal.wait_seen("/node NAME | -")
        terminal.wait_seen("A PEER is berlin/3 or berlin/boiler")

    def test_it_begins_with_the_last_messages(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        other = self.attached()
        for text in (b"first\n", b"second\n", b"third\n"):
            one.sendall(text)
            other.wait_seen(text.decode().strip())
        terminal = self.attached("--history", "2")
        terminal.wait_seen("third")
        self.assertFalse([line for line in terminal.lines() if "first" in line])
        one.sendall(b"fourth\n")
        terminal.wait_seen("fourth")
        self.wait_once(terminal, "third")

    def test_who_may_only_look_changes_nothing(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        terminal = self.attached("--read-only")
        terminal.line("@berlin/1 no")
        terminal.wait_seen("this console is read-only, and /send is not for it")
        terminal.line("/info berlin/1")
        terminal.wait_seen("received")
        one.sendall(b"seen\n")
        terminal.wait_seen("berlin/1 ← seen")
        self.check_silent(one)

    def test_a_broker_that_was_away_loses_nothing(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        terminal = self.attached()
        one.sendall(b"before\n")
        terminal.wait_seen("before")
        self.hub.kill()
        terminal.wait_seen("trying again")
        one.sendall(b"meanwhile\n")
        berlin.telexd.wait("message", text="meanwhile\n")
        self.hub.start()
        terminal.wait_seen("connected again")
        terminal.wait_seen("meanwhile")
        one.sendall(b"after\n")
        terminal.wait_seen("after")
        for text in ("← before", "← meanwhile", "← after", "trying again"):
            self.wait_once(terminal, text)
        terminal.line("@berlin/1 again")
        self.expect(one, b"again\n")

    def test_a_telexd_that_begins_anew_is_another(self):
        berlin = self.raw_node("berlin")
        self.peer(berlin)
        terminal = self.attached()
        terminal.line("@berlin/1")
        terminal.wait_prompt("berlin/1")
        berlin.kill_telexd()
        berlin.start_telexd()
        terminal.wait_seen("berlin is there again")
        terminal.wait_prompt()
        another = self.peer(berlin)
        terminal.wait_seen("berlin/1 connected")
        terminal.line("not for you")
        terminal.wait_seen("no target")
        self.check_silent(another)

    def test_where_no_broker_is_it_ends(self):
        self.hub.stop()
        run = self.telex("attach", self.hub.url)
        run.wait_diagnostic("127.0.0.1")
        run.wait_end(1)

    def test_a_script_is_answered_before_it_ends(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        run = self.telex("attach", self.hub.url)
        run.write("@berlin/1 hello\n/info berlin/1\n")
        run.close_stdin()
        self.expect(one, b"hello\n")
        run.wait_output(b"received")
        run.wait_end(0)

    def test_a_script_ends_with_quit(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        run = self.telex("attach", self.hub.url)
        run.write("@berlin/1 hello\n@berlin/9 nobody\n/quit\n@berlin/1 behind it\n")
        self.expect(one, b"hello\n")
        run.wait_output(b"no peer '9'")
        run.wait_end(0)
        self.check_silent(one)

    def test_a_node_says_nothing_for_another(self):
        """Nor does an operator need any node to be there, or to have been."""
        forger = self.hub.client()
        asked = forger.subscribe("telex.c.forger.w")
        console = self.operator(self.hub)
        console.line("/nodes")
        self.assertEqual(console.wait("result", input=1)["nodes"], [])
        forger.publish("telex.n.forger", '{"node":"forger","run":"1","version":"1"}')
        console.wait("node", node="forger")
        for number, more in ((2, '\n'), (3, ' ')):
            console.line("@forger/1 hello")
            forger.publish(asked.next().reply, '{"event":"result","command":"send"}' + more
                           + '{"event":"message","node":"berlin","text":"forged"}')
            error = console.wait("error", input=number)
            self.assertEqual((next(iter(error)), error["node"]), ("time", "forger"))
            self.assertIn("cannot be read", error["error"])

    def test_programs_are_told_whose_everything_is(self):
        berlin, paris = self.raw_node("berlin"), self.raw_node("paris")
        here, there = self.peer(berlin), self.peer(paris)
        console = self.operator(self.hub)
        console.wait("node", node="berlin", state="there")
        console.wait("node", node="paris", state="there")
        here.sendall(b"from berlin\n")
        self.assertEqual(console.wait("message", text="from berlin\n")["node"], "berlin")

        console.line("@paris/1 to paris")
        self.expect(there, b"to paris\n")
        done = console.wait("result", input=1)
        self.assertEqual((done["node"], done["command"]), ("paris", "send"))
        self.assertEqual(console.wait("sent", text="to paris\n")["node"], "paris")

        console.line("/peers")
        first, last = console.wait("result", input=2), console.wait("result", input=2)
        self.assertTrue(first.get("more") and not last.get("more"), (first, last))
        self.assertEqual({first["node"], last["node"]}, {"berlin", "paris"})

        for number, line, part in ((3, "to whom", "no target"), (4, "@1 to whom", "of which node"),
                                   (5, "@berlin/1", "no target"), (6, "/view hex", "for a console"),
                                   (7, "@rome/1 hi", "no node 'rome'")):
            console.line(line)
            self.assertIn(part, console.wait("error", input=number)["error"])
        console.line("/node berlin")
        console.wait("result", input=8)
        console.line("@1 chosen")
        self.expect(here, b"chosen\n")
        console.line("/nodes")
        nodes = console.wait("result", command="nodes")["nodes"]
        self.assertEqual({one["node"]: one["state"] for one in nodes},
                         {"berlin": "there", "paris": "there"})
        console.line("@paris/1 last")
        console.close_stdin()
        self.expect(there, b"last\n")
        console.wait_end(0)
        self.check_silent(here)

    def test_a_program_that_may_only_look_changes_nothing(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        console = self.operator(self.hub, "--read-only")
        console.wait("node", node="berlin")
        console.line("@berlin/1 no")
        self.assertIn("read-only", console.wait("error", input=1)["error"])
        console.line("/peers")
        self.assertEqual(console.wait("result", input=2)["node"], "berlin")
        self.check_silent(one)

    def test_what_does_not_go_together_is_refused(self):
        for option in ("--only=berlin/*", "--grep=x", "--view=hex"):
            self.refuse_telex(["attach", "--json", option, self.hub.url], 2, "do not go with --json")
        self.refuse_telex(["attach", "--only", "berlin/1", "/nowhere"], 2, "--only", "'berlin/1'")

    def test_what_cannot_be_used_is_named(self):
        for option in ("--creds", "--ca", "--cert"):
            self.refuse_telex(["attach", option, "/nowhere", self.hub.url], 1, "/nowhere", "No such file")
        for url in ("nats://127.0.0.1:65536", "nats://127.0.0.1:port"):
            self.refuse_telex(["attach", url], 2, url, "PORT is 0 to 65535")

    def test_ctrl_d_leaves_and_the_nodes_stay(self):
        berlin = self.raw_node("berlin")
        one = self.peer(berlin)
        terminal = self.attached()
        terminal.write("\x04")
        terminal.wait_end(0)
        self.check_silent(one)
        berlin.telexd.signal(signal.SIGTERM)
        berlin.telexd.wait_end(0)


if __name__ == "__main__":
    main()
