# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker, and the client, that the tests of the fleet stand on."""

import json

from fleet_test import FleetTestCase, batch_of, records_of
from nats_client import Message, NatsError
from telex_test import main

STREAM = {"name": "TELEX", "subjects": ["telex.e.>"], "duplicate_window": 120 * 10**9}


def batch(kind, seq, *events, node="berlin", run="f00d"):
    """A stored batch: events of one kind, the first with the number seq."""
    lines = (json.dumps({"event": event, "seq": seq + at}) for at, event in enumerate(events))
    return Message(f"telex.e.{node}.{kind}", None, {"Nats-Msg-Id": f"{node}-{run}-{seq}"}, "",
                   "".join(line + "\n" for line in lines).encode())


class ClientTest(FleetTestCase):
    needs_fleet = False

    def test_messages_and_headers_arrive(self):
        broker = self.broker()
        one, other = broker.client(), broker.client()
        heard = other.subscribe("telex.n.*")
        other.flush()
        one.publish("telex.n.berlin", "guten\r\nTag")
        one.publish("telex.n.lima", b"\0\xff", headers={"Telex-Id": "7", "Empty": ""})
        first, second = heard.next(), heard.next()
        self.assertEqual((first.subject, first.data, first.headers),
                         ("telex.n.berlin", b"guten\r\nTag", {}))
        self.assertEqual((second.data, second.headers), (b"\0\xff", {"Telex-Id": "7", "Empty": ""}))

    def test_requests_are_answered_or_said_to_have_nobody(self):
        broker = self.broker()
        one, other = broker.client(), broker.client()
        asked = other.subscribe("telex.c.berlin.r")
        other.flush()
        answers = one.ask("telex.c.berlin.r", "/peers")
        request = asked.next()
        for word in ("a", "b"):
            other.publish(request.reply, word)
        self.assertEqual([answers.next().data, answers.next().data], [b"a", b"b"])
        with self.assertRaisesRegex(NatsError, "nobody listens"):
            one.request("telex.c.tokyo.r", "/peers")

    def test_a_wait_ends_with_the_connection(self):
        broker = self.broker()
        client = broker.client()
        heard = client.subscribe("telex.n.*")
        client.flush()
        broker.kill()
        with self.assertRaisesRegex(NatsError, "connection ended"):
            heard.next()


class StoreTest(FleetTestCase):
    needs_fleet = False

    def test_a_stream_outlives_a_kill(self):
        broker = self.broker()
        client = broker.client()
        self.assertIsNone(client.stream("TELEX"))
        client.api("STREAM.CREATE.TELEX", STREAM)
        sent = [batch("life", 1, "open"), batch("talk", 2, "message", "sent")]
        for one in sent + sent[:1]:  # said twice, kept once
            client.request(one.subject, one.data, one.headers)
        broker.kill()
        again = broker.start().client()
        self.assertEqual(again.stream("TELEX")["state"]["messages"], 2)
        stored = again.stored("TELEX")
        self.assertEqual([(one.subject, one.data) for one in stored],
                         [(one.subject, one.data) for one in sent])
        self.assertEqual(again.stored_at("TELEX", 2).headers, sent[1].headers)
        self.assertEqual(len(again.stored("TELEX", "telex.e.*.talk")), 1)
        records = self.records(again, lambda records: records and len(records[0].events) == 3)
        self.assertEqual([one["event"] for one in records[0].events], ["open", "message", "sent"])

    def test_a_leaf_has_a_store_of_its_own(self):
        hub = self.broker(domain="hub")
        leaf = self.leaf("berlin", hub)
        client = leaf.client()
        client.api("STREAM.CREATE.TELEX", {**STREAM, "subjects": ["telex.e.berlin.>"]})
        one = batch("life", 1, "open")
        client.request(one.subject, one.data, one.headers)
        far = hub.client()
        far.api("STREAM.CREATE.TELEX", {"name": "TELEX", "sources": [
            {"name": "TELEX", "external": {"api": "$JS.berlin.API"}}]})
        self.assertEqual(far.consume("TELEX").next().data, one.data)


class RecordsTest(FleetTestCase):
    needs_fleet = False

    def check_wrong(self, why, *batches):
        with self.assertRaisesRegex(ValueError, why):
            records_of(batches)

    def test_what_is_whole_passes(self):
        batches = [batch("life", 4, "open"), batch("life", 1, "open", run="beef"),
                   batch("talk", 5, "message", "message"), batch("life", 7, "close")]
        self.assertEqual([len(one.events) for one in records_of(batches)], [4, 1])

    def test_what_is_missing_double_or_out_of_order_is_found(self):
        opened, said = batch("life", 1, "open"), batch("talk", 2, "message")
        self.check_wrong("3 behind 1", opened, batch("talk", 3, "message"))
        self.check_wrong("2 behind 2", opened, said, said)
        self.check_wrong("1 behind 2", said, opened)
        self.check_wrong("lost events", opened, batch("lost", 2, "lost"))

    def test_a_batch_that_is_none_is_found(self):
        good = batch("talk", 2, "message")
        for wrong, why in ((good._replace(subject="telex.e.lima.talk"), "berlin-f00d-2 on"),
                           (good._replace(subject="telex.e.berlin.life"), "a message on"),
                           (good._replace(headers={"Nats-Msg-Id": "berlin-f00d-3"}), "first seq 2"),
                           (good._replace(data=good.data[:-1]), "last newline")):
            with self.assertRaisesRegex(ValueError, why):
                batch_of(wrong)


if __name__ == "__main__":
    main()
