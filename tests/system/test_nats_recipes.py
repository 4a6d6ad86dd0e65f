# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of contrib/nats, each with a real nats-server; paths, hosts and ports are the test's."""

import os
import ssl
import time

from certificates import Certificates
from fleet_test import Broker, FleetTestCase, Node
from nats_client import DEADLINE, Nats, NatsError
from telex_test import HERE, main

RECIPES = os.path.join(HERE, "..", "..", "contrib", "nats")
STREAM = {"name": "TELEX", "subjects": ["telex.e.>"], "duplicate_window": 120 * 10**9}
PULL = {"stream_name": "TELEX", "config": {"ack_policy": "none", "inactive_threshold": 5 * 10**9}}


class RecipeTestCase(FleetTestCase):
    needs_fleet = False

    def setUp(self):
        super().setUp()
        made = Certificates(self.directory)
        made.make("ca")
        made.make("hub", "DNS:localhost", "IP:127.0.0.1", issuer="ca")
        self.tls = ssl.create_default_context(cafile=self.path("ca.pem"))
        with open(os.path.join(RECIPES, "rights.conf"), encoding="utf-8") as file:
            self.file("rights.conf", file.read())

    def recipe(self, name, recipe, hub=None, **changes):
        """A broker by that recipe, not begun yet; hub is whose leaf it is."""
        broker = Broker(self, name, config="-")
        with open(os.path.join(RECIPES, recipe), encoding="utf-8") as file:
            text = file.read()
        changes = {"/var/lib/nats": broker.store, "/etc/nats": self.directory, "0.0.0.0": "127.0.0.1",
                   "4222": broker.port, "hub.example.net:7422": f"localhost:{hub.leaf_port}" if hub else "",
                   "7422": broker.leaf_port, **changes}
        for old, new in changes.items():
            text = text.replace(old, str(new))
        self.file(f"{name}.conf", text)
        return broker

    def client(self, broker, user, password=None, **options):
        """That user of rights.conf, at a broker that speaks TLS."""
        password = password or f"change-me-{user}"
        client = Nats(broker.port, "localhost", user, password, **{"tls": self.tls, **options})
        self.addCleanup(client.close)
        return client

    def node(self, broker, name="berlin", **options):
        return self.client(broker, name, inbox=f"_INBOX.{name}", **options)

    def insist(self, do):
        """Does it again until it succeeds: brokers find each other when they have begun."""
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return do()
            except NatsError as error:
                self.assertLess(time.monotonic(), end, error)

    def pull(self, client, wanted):
        """An operator's look at the first batch of the stream."""
        name = client.api("CONSUMER.CREATE.TELEX", PULL)["name"]
        ask = f"$JS.API.CONSUMER.MSG.NEXT.TELEX.{name}"
        self.assertEqual(client.request(ask, '{"batch": 1}', timeout=2).data.decode(), wanted)

    def check_publish(self, client, *subjects):
        for subject in subjects:
            client.publish(subject, "x")
        client.flush()
        self.assertEqual(client.errors, [])

    def check_refused(self, client, *subjects):
        for subject in subjects:
            client.publish(subject, "x")
        client.flush()
        refused = [f'Permissions Violation for Publish to "{subject}"' for subject in subjects]
        self.assertEqual(client.errors[-len(subjects):], refused)


class BrokerTest(RecipeTestCase):
    def setUp(self):
        super().setUp()
        self.hub = self.recipe("hub", "broker.conf").start()

    def test_who_has_no_password_or_no_tls_stays_out(self):
        for wrong in ({"password": "?"}, {"tls": None}):
            with self.assertRaises((NatsError, OSError)):
                self.client(self.hub, "desk", **wrong)

    def test_a_node_speaks_for_itself_alone(self):
        berlin = self.node(self.hub)
        berlin.api("STREAM.CREATE.TELEX", STREAM)
        berlin.request("telex.e.berlin.talk", "{}\n", {"Nats-Msg-Id": "berlin-1-1"})
        self.assertEqual(berlin.stream("TELEX")["state"]["messages"], 1)
        self.assertEqual(berlin.stored_at("TELEX", 1).data, b"{}\n")
        self.check_publish(berlin, "telex.n.berlin", "telex.e.berlin.life")
        self.check_refused(berlin, "telex.e.tokyo.talk", "telex.n.tokyo", "telex.e.berlin",
                           "telex.c.tokyo.r", "telex.c.berlin.w", "_INBOX.desk.1",
                           "$JS.API.STREAM.DELETE.TELEX", "$JS.API.STREAM.UPDATE.TELEX",
                           "$JS.API.CONSUMER.CREATE.TELEX")

    def test_a_node_hears_nothing_of_others(self):
        berlin = self.node(self.hub)
        mine = berlin.subscribe("telex.c.berlin.*")
        for subject in ("telex.c.tokyo.w", "telex.n.*", "telex.e.tokyo.>", "_INBOX.>"):
            berlin.subscribe(subject)
        berlin.flush()
        self.assertEqual(len(berlin.errors), 4, berlin.errors)
        desk = self.client(self.hub, "desk")
        answers = desk.ask("telex.c.berlin.w", "/close 1")
        asked = mine.next()
        for part in ("one", "two", "three"):
            berlin.publish(asked.reply, part)
        self.assertEqual([answers.next().data for _ in range(3)], [b"one", b"two", b"three"])
        self.assertEqual(len(berlin.errors), 4, berlin.errors)

    def check_sees(self, operator):
        operator.subscribe("telex.n.*")
        self.assertEqual(operator.stream("TELEX")["state"]["messages"], 1)
        self.insist(lambda: self.pull(operator, "{}\n"))
        self.check_publish(operator, "telex.p", "telex.c.berlin.r")

    def test_who_watches_changes_nothing(self):
        berlin = self.node(self.hub)
        berlin.api("STREAM.CREATE.TELEX", STREAM)
        berlin.request("telex.e.berlin.talk", "{}\n")
        watch, desk = self.client(self.hub, "watch"), self.client(self.hub, "desk")
        self.check_sees(watch)
        self.check_refused(watch, "telex.c.berlin.w", "telex.e.berlin.talk", "telex.n.berlin",
                           "$JS.API.STREAM.DELETE.TELEX", "$JS.API.STREAM.PURGE.TELEX")
        self.check_sees(desk)
        self.check_publish(desk, "telex.c.berlin.w")
        self.check_refused(desk, "telex.e.berlin.talk", "telex.n.berlin", "$JS.API.STREAM.DELETE.TELEX")


class LeafTest(RecipeTestCase):
    def test_the_hub_fetches_what_the_leaf_keeps(self):
        hub = self.recipe("hub", "broker.conf").start()
        leaf = self.recipe("leaf", "leaf.conf", hub=hub, berlin="tokyo").start()
        with self.assertRaises(NatsError):
            Nats(leaf.port)
        node = self.client(leaf, "telex", "change-me-too", inbox="_INBOX.tokyo", tls=None)
        node.api("STREAM.CREATE.TELEX", {**STREAM, "subjects": ["telex.e.tokyo.>"]})
        node.request("telex.e.tokyo.talk", "{}\n", {"Nats-Msg-Id": "tokyo-1-1"})
        self.join_hub(node)
        desk = self.client(hub, "desk")
        self.insist(lambda: self.pull(desk, "{}\n"))
        self.check_hears(desk, node)

    def join_hub(self, node):
        source = {"name": "TELEX", "filter_subject": "telex.e.tokyo.>",
                  "external": {"api": "$JS.tokyo.API"}}
        stream = {"name": "TELEX", "sources": [source]}
        self.insist(lambda: node.api("STREAM.CREATE.TELEX", stream, domain="hub"))

    def check_hears(self, desk, node):
        """The node is heard at the hub, by its own name only, and answers."""
        there = desk.subscribe("telex.n.*")
        asked = node.subscribe("telex.c.tokyo.*")
        desk.flush()
        node.flush()
        node.publish("telex.n.berlin", "forged")
        node.publish("telex.n.tokyo", "mine")
        self.assertEqual(there.next().data, b"mine")
        answers = desk.ask("telex.c.tokyo.r", "/peers")
        node.publish(asked.next().reply, "none")
        self.assertEqual(answers.next().data, b"none")


class ClusterTest(RecipeTestCase):
    def test_one_of_three_may_be_away(self):
        routes = {f"hub-{one}.example.net:6222": f"localhost:{self.free_port()}" for one in (1, 2, 3)}
        brokers = []
        for one, address in enumerate(routes.values(), 1):
            changes = {'server_name: "hub-1"': f'server_name: "hub-{one}"',
                       "127.0.0.1:6222": address.replace("localhost", "127.0.0.1"), **routes}
            brokers.append(self.recipe(f"hub-{one}", "cluster.conf", **changes))
        for broker in brokers:
            broker.start()
        brokers[0].process.wait_diagnostic("metadata leader")
        berlin = self.node(brokers[0])
        stream = {**STREAM, "num_replicas": 3}
        self.insist(lambda: berlin.api("STREAM.CREATE.TELEX", stream))
        berlin.request("telex.e.berlin.talk", "{}\n", {"Nats-Msg-Id": "berlin-1-1"})
        berlin.close()
        brokers[0].kill()
        other = self.node(brokers[1])
        second = {"Nats-Msg-Id": "berlin-1-2"}
        self.insist(lambda: other.request("telex.e.berlin.talk", "{}\n", second, timeout=1))
        self.assertEqual(other.stream("TELEX")["state"]["messages"], 2)


class ProgramsTest(RecipeTestCase):
    """The fleet's own programs under these rights."""

    needs_fleet = True

    def setUp(self):
        super().setUp()
        self.hub = self.recipe("hub", "broker.conf").start()
        self.watch = self.client(self.hub, "watch")

    def fleet_node(self, name, user):
        url = f"nats://{user}:change-me-{user}@localhost:{self.hub.port}"
        return Node(self, name, self.hub, "--ca", self.path("ca.pem"), url=url)

    def test_a_node_lives_on_its_rights(self):
        node = self.fleet_node("berlin", "berlin").start(self.watch)
        peer = node.peer()
        peer.sendall(b"hello\n")
        self.expect(peer, b"hello\n")
        self.insist(lambda: self.check_stored(2))
        headers = {"Telex-Id": "1", "Telex-Expires": "2999-01-01T00:00:00Z"}
        peers = self.watch.request("telex.c.berlin.r", "/peers", headers).data
        self.assertIn(b'"peer":1', peers)
        self.check_refused(self.watch, "telex.c.berlin.w")
        self.client(self.hub, "desk").request("telex.c.berlin.w", "@1 from the desk", headers)
        self.expect(peer, b"from the desk\n")

    def check_stored(self, least):
        stream = self.watch.stream("TELEX")
        if not stream or stream["state"]["messages"] < least:
            raise NatsError("not yet")

    def test_a_node_cannot_be_another(self):
        there = self.watch.subscribe("telex.n.*")
        forged = self.fleet_node("tokyo", "berlin")
        forged.start_telexd()
        forged.start_connector()
        self.hub.process.wait_diagnostic('Violation - User "berlin", Subject "telex.n.tokyo"')
        self.fleet_node("berlin", "berlin").start(self.watch)
        self.assertEqual(there.next().subject, "telex.n.berlin")

    def test_who_may_only_watch_is_told_so(self):
        """By telexd, although the operator's end does not know it."""
        node = self.fleet_node("berlin", "berlin").start(self.watch)
        peer = node.peer()
        node.telexd.open()
        url = f"nats://watch:change-me-watch@localhost:{self.hub.port}"
        run = self.telex("attach", "--ca", self.path("ca.pem"), url)
        run.write("/peers\n@berlin/1 no\n/info berlin/1\n")
        run.close_stdin()
        for text in (b"berlin/1", b"this console is read-only, and /send is not for it", b"received"):
            run.wait_output(text)
        run.wait_diagnostic("telex.c.berlin.w")
        run.wait_end(0)
        self.check_silent(peer)


if __name__ == "__main__":
    main()
