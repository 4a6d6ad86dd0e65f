# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node does for operators of a fleet: the commands that it is sent, and its presence."""

import datetime
import itertools
import json
import os
import shutil
import subprocess
from random import Random

from fleet_test import FleetTestCase, Node, has_fleet
from nats_client import NatsError
from telex_test import DEADLINE, Program, TestCase, main, program

NUMBERS = itertools.count(1)


def after(seconds):
    """A time as Telex-Expires has it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class CommandCase(FleetTestCase):
    def setUp(self):
        super().setUp()
        self.hub = self.broker()
        self.client = self.hub.client()

    def request(self, line, right="w", node="berlin", client=None, **headers):
        """Sends a line; the subscription that its answers come to."""
        headers = {"Telex-Id": f"id-{next(NUMBERS)}", "Telex-Expires": after(DEADLINE),
                   **{f"Telex-{name}": value for name, value in headers.items()}}
        headers = {name: value for name, value in headers.items() if value is not None}
        return (client or self.client).ask(f"telex.c.{node}.{right}", line, headers)

    @staticmethod
    def answers(subscription):
        """The objects of one answer, up to the first without more."""
        found = [subscription.json()]
        while found[-1].get("more"):
            found.append(subscription.json())
        return found

    def command(self, line, right="w", **keywords):
        """The last object of its answer, which is a result."""
        *_, last = self.answers(self.request(line, right, **keywords))
        self.assertEqual(last["event"], "result", last)
        return last

    def refused(self, line, *parts, right="w", **keywords):
        *before, last = self.answers(self.request(line, right, **keywords))
        self.assertEqual((before, last["event"]), ([], "error"), last)
        for part in parts:
            self.assertIn(part, last["error"])

    def caller(self, node):
        """A peer that has called, when the node knows of it."""
        peer = node.peer()
        node.telexd.open()
        return peer


class CommandTest(CommandCase):
    def setUp(self):
        super().setUp()
        self.berlin = self.node("berlin", self.hub)

    def test_a_command_is_run_and_answered(self):
        peer = self.caller(self.berlin)
        self.assertEqual(self.command("@1 good morning")["command"], "send")
        self.expect(peer, "good morning\n")
        self.assertEqual([one["peer"] for one in self.command("/peers", "r")["peers"]], [1])
        self.refused("@7 x", "no peer '7'")
        self.assertEqual(self.command("/name 1 boiler\n")["command"], "name")
        self.command("@boiler \xff\x00")
        self.expect(peer, "\xff\x00\n")
        self.command("/close boiler")
        self.expect_end(peer)

    def test_a_reader_changes_nothing(self):
        peer = self.caller(self.berlin)
        for line in ("@1 x", "/name 1 boiler", "/close 1", "/listen tcp://127.0.0.1:0",
                     "/shutdown"):
            self.refused(line, "read-only", right="r")
        for line in ("/peers", "/stats", "/info 1", "/replay 0", "/help", "/consoles"):
            self.command(line, "r")
        self.check_silent(peer)

    def test_events_that_are_told_again_come_before_the_result(self):
        peer = self.caller(self.berlin)
        peer.sendall(b"one\ntwo\n")
        self.berlin.telexd.wait("message", text="two\n")
        for line in ("/show 1 4", "/find o", "/replay 0 1"):
            *events, last = self.answers(self.request(line, "r"))
            self.assertEqual(last["event"], "result", line)
            self.assertTrue(all(one["replayed"] and one["more"] for one in events), events)
            texts = [one["text"] for one in events if one["event"] == "message"]
            self.assertEqual(texts, ["one\n", "two\n"], line)

    def test_said_twice_runs_once_and_is_answered_twice(self):
        peer = self.caller(self.berlin)
        one, two = (self.answers(self.request("@1 once", Id="twice")) for _ in range(2))
        self.assertEqual(one, two)
        self.assertEqual(one[0]["event"], "result")
        self.command("@1 behind it")
        self.expect(peer, "once\nbehind it\n")
        long = [self.request("/replay 0", "r", Id="long") for _ in range(3)]
        first, *others = [self.answers(one) for one in long]
        self.assertGreater(len(first), 2)
        self.assertEqual(others, [first, first])

    def test_past_its_time_it_is_not_run(self):
        peer = self.caller(self.berlin)
        self.refused("@1 late", "time is over", Expires=after(-1))
        self.command("@1 in time", Expires="2999-01-01T00:00:00+01:00")
        self.expect(peer, "in time\n")

    def test_what_is_no_command_of_the_fleet_is_refused(self):
        peer = self.caller(self.berlin)
        self.refused("@1 x", "no header Telex-Id", Id=None)
        self.refused("@1 x", "Telex-Id is not", Id="a b")
        self.refused("@1 x", "no header Telex-Expires", Expires=None)
        self.refused("@1 x", "is no time", Expires="soon")
        self.refused("@1 a\n/shutdown", "newline")
        self.refused("/shutdown\0", "NUL")
        self.refused("", "says nothing")
        self.refused("x" * ((1 << 20) - 1000), "no target")
        for line in ("/to 1", "/view none", "/only 1", "/read-only", "/restrict", "/quit",
                     "/every 1 @1 x"):
            self.refused(line, "changes a console alone")
        self.command("@1 all is well")
        self.expect(peer, "all is well\n")

    def test_nothing_of_the_machine_is_reached(self):
        self.caller(self.berlin)
        secret = self.file("secret", "password\n")
        for line in (f"/file 1 {secret}", "/connect exec:true", "/connect serial:/dev/null",
                     f"/connect unix:{self.berlin.control}",
                     f"/listen unix:{self.path('new')}",
                     "/listen tcp://127.0.0.1:0?to=exec:true",
                     f"/listen tcp://127.0.0.1:0?to=unix:{self.berlin.control}",
                     f"/listen tls://127.0.0.1:0?cert={secret}",
                     f"/connect tcp://far:1?via=socks5://a@127.0.0.1:1&via-auth={secret}"):
            self.refused(line, "only for the user", "root")
        own = self.attach(self.berlin.control)
        own.command(f"/file 1 {secret}")

    def test_an_answer_goes_to_an_inbox_only(self):
        paris = self.node("paris", self.hub)
        peer = self.caller(paris)
        wrong = self.client.subscribe("telex.e.>")
        headers = {"Telex-Id": "x", "Telex-Expires": after(DEADLINE)}
        for reply in ("telex.c.paris.w", "telex.e.berlin.talk", "elsewhere", ""):
            self.client.publish("telex.c.berlin.w", "/listen tcp://127.0.0.1:0", reply, headers)
        self.client.publish("telex.p", "", "telex.e.berlin.life")
        self.assertEqual(len(self.command("/listeners")["listeners"]), 1)
        self.berlin.connector.wait_diagnostic("which is no inbox, was dropped")
        self.command("@1 paris is well", node="paris")
        self.expect(peer, "paris is well\n")
        self.client.flush()
        while not wrong.messages.empty():
            self.assertIn("Nats-Msg-Id", wrong.next().headers)

    def test_one_node_alone_takes_it(self):
        paris = self.node("paris", self.hub)
        here, there = self.caller(self.berlin), self.caller(paris)
        self.command("@1 to paris", node="paris")
        self.expect(there, "to paris\n")
        self.command("@1 to berlin")
        self.expect(here, "to berlin\n")
        with self.assertRaisesRegex(NatsError, "nobody listens"):
            self.client.request("telex.c.tokyo.w", "/peers")

    def test_many_at_a_time(self):
        peer = self.caller(self.berlin)
        asked = [self.request(f"@1 {number}") for number in range(500)]
        for one in asked:
            self.assertEqual(one.json()["event"], "result")
        self.expect(peer, "".join(f"{number}\n" for number in range(500)))


class HostileTest(CommandCase):
    """Whoever may publish there says what he likes, as often as he likes."""

    WORDS = (b"/peers", b"/show", b"/replay 0", b"@1 x", b"@* ", b"/view none", b"/quit", b"/q\0",
             b"/restrict", b"/close 99", b"\n", b"\0", b"\xff", b" ", b"/", b"@", b"//", b"-1",
             b"/connect exec:true", b"x" * 5000, "\u202e".encode())
    HEADERS = (None, "", "x", "y" * 200, "\xe4", "2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
               "now", "9999-99-99T99:99:99Z")
    REPLIES = ("", "elsewhere", "telex.c.berlin.w", "telex.p", "_INBOX.x", "_INBOX.y")

    def test_nonsense(self):
        random = Random(15)
        berlin = self.node("berlin", self.hub)
        peer = self.caller(berlin)
        for _ in range(3000):
            line = b"".join(random.choices(self.WORDS, k=random.randrange(4)))
            headers = {"Telex-Id": random.choice(self.HEADERS),
                       "Telex-Expires": random.choice(self.HEADERS)}
            self.client.publish(f"telex.{random.choice(('c.berlin.r', 'c.berlin.w', 'p'))}", line,
                                random.choice(self.REPLIES),
                                {name: value for name, value in headers.items()
                                 if value is not None})
        self.assertEqual(len(self.command("/peers", "r")["peers"]), 1)
        self.command("@1 the end of it")
        got = b""
        while not got.endswith(b"the end of it\n"):
            got += self.receive(peer, 1)
        for one in (berlin.connector, berlin.telexd):
            self.assertIsNone(one.process.poll())


class ComingBackTest(CommandCase):
    def test_a_telexd_that_is_killed(self):
        berlin = self.node("berlin", self.hub)
        announced = self.client.subscribe("telex.n.berlin")
        who = self.client.request("telex.p").data
        berlin.kill_telexd()
        self.until_refused("/peers", "there is no telexd")
        berlin.start_telexd()
        again = announced.find(lambda message: json.loads(message.data)["run"]
                               != json.loads(who)["run"])
        self.assertEqual(json.loads(again.data)["node"], "berlin")
        self.command("/peers", "r")
        self.command("/listeners")

    def until_refused(self, line, part):
        """What telexd had not noticed yet may be answered in other words first."""
        for _ in range(1000):
            answer = self.answers(self.request(line))[-1]
            if part in answer.get("error", ""):
                return
        self.fail(f"never refused: {answer}")

    def test_a_broker_that_is_killed(self):
        berlin = self.node("berlin", self.hub)
        peer = self.caller(berlin)
        self.answers(self.request("@1 once", Id="once"))
        self.hub.kill()
        self.hub.start()
        client = self.hub.client()
        client.subscribe("telex.n.berlin").next()
        self.answers(self.request("@1 once", Id="once", client=client))
        self.command("@1 and again", client=client)
        self.expect(peer, "once\nand again\n")

    def test_a_connector_that_ends(self):
        berlin = self.node("berlin", self.hub)
        berlin.connector.stop()
        with self.assertRaisesRegex(NatsError, "nobody listens"):
            self.client.request("telex.c.berlin.r", "/peers")
        berlin.telexd.command("/peers")

    def test_one_that_begins_before_all_others(self):
        berlin = Node(self, "berlin", self.hub)
        self.hub.kill()
        berlin.start_connector()
        berlin.connector.wait_diagnostic("no NATS at ")
        self.hub.start()
        berlin.connector.wait_diagnostic("cannot attach to ")
        berlin.start_telexd()
        again = self.hub.client().subscribe("telex.n.berlin")
        self.assertEqual(again.json()["node"], "berlin")


class PresenceTest(CommandCase):
    def test_what_a_node_says_of_itself(self):
        berlin = self.node("berlin", self.hub)
        peer = self.caller(berlin)
        announced = self.client.subscribe("telex.n.*")
        self.client.flush()
        peer.sendall(b"hello\n" * 10)
        message = announced.find(lambda message: json.loads(message.data)["peers"] == 1)
        self.assertEqual(message.subject, "telex.n.berlin")
        found = json.loads(message.data)
        self.assertEqual(list(found), ["time", "node", "run", "version", "console", "seq", "peers",
                                       "rates"])
        looks = self.attach(berlin.control)
        self.assertEqual((found["node"], found["run"], found["version"]),
                         ("berlin", looks.hello["run"], looks.hello["version"]))
        self.assertEqual(list(found["rates"]),
                         ["messages_in", "messages_out", "bytes_in", "bytes_out"])
        sent = self.command("@1 x") and berlin.telexd.wait("sent", text="x\n")
        self.assertEqual(sent["console"], found["console"])

    def test_who_is_there(self):
        for name in ("berlin", "paris"):
            self.node(name, self.hub)
        answers = self.client.ask("telex.p")
        self.assertEqual({answers.json()["node"] for _ in range(2)}, {"berlin", "paris"})


class OptionsTest(TestCase):
    def check(self, *args, parts, status=2):
        fleet = os.path.join(os.path.dirname(program("TELEX")), "telex-fleet")
        self.check_refusal([fleet, *args], status, *parts)

    def test_wrong_ones(self):
        if not has_fleet():
            self.skipTest("built without NATS")
        self.check(parts=["--node NAME"])
        self.check("--node=1st", parts=["'1st' is not a name: a letter"])
        self.check("--node=a", "--nats=berlin", parts=["'berlin'", "nats://HOST[:PORT]"])
        self.check("--node=a", "--nats=nats://berlin:65536", parts=["nats://berlin:65536", "PORT"])
        self.check("--node=a", "--creds=/nowhere", parts=["/nowhere", "No such file"], status=1)
        self.check("--node=a", "--max-bytes=some", parts=["'some'", "64k"])
        self.check("--node=a", "--key=k.pem", parts=["--cert"])
        self.check("--node=a", "b", "c", parts=["one CONTROL"])

    def test_where_its_programs_are_not(self):
        alone = shutil.copy(program("TELEX"), self.directory)
        for args in (["fleet", "--node=a"], ["attach", "nats://127.0.0.1"]):
            run = Program(self, [alone, *args], stdin=subprocess.DEVNULL)
            run.wait_end(1)
            self.assertRegex(run.stderr.copy().decode(),
                             r"\Atelex: there is no telex-fleet\S* here: .* package telex-fleet\n\Z")


if __name__ == "__main__":
    main()
