#!/usr/bin/env python3
"""Tests of the run's arithmetic: medians, interpolation, tables, and a conversation with a peer."""
import os
import sys
import tempfile
import types
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from driver import parts, peers, summary  # noqa: E402


def row(name, ef, recall, qps, **more):
    return {"set": "s", "name": name, "command": "search", "ef": ef, "recall": recall,
            "qps": qps, **more}


class SummaryTest(unittest.TestCase):
    def test_points_are_medians_in_order_of_recall(self):
        rows = [row("a", 20, 0.9, q) for q in (100, 1, 110)] + [row("a", 10, 0.8, 200)]
        self.assertEqual(summary.points(rows, "qps"), {("s", "a"): [(0.8, 200), (0.9, 100)]})

    def test_speed_between_points_is_their_geometric_mean(self):
        self.assertAlmostEqual(summary.speed_at([(0.8, 400), (1.0, 100)], 0.9), 200)
        self.assertAlmostEqual(summary.speed_at([(0.8, 400), (0.9, 100)], 0.9), 100)

    def test_outside_the_curve_there_is_no_speed(self):
        self.assertIsNone(summary.speed_at([(0.8, 400), (0.9, 100)], 0.95))
        self.assertIsNone(summary.speed_at([(0.8, 400), (0.9, 100)], 0.7))
        self.assertIsNone(summary.speed_at([], 0.9))

    def test_ratios_are_to_the_anchor(self):
        rows = [row(name, ef, ef / 100, speed / ef) for name, speed in (("a", 300), ("b", 100))
                for ef in (80, 100)]
        text = summary.speed_table(rows, "s", [0.9], "b", "qps")
        self.assertIn("(3.00)", text)
        self.assertIn("(1.00)", text)

    def test_columns_without_a_figure_are_left_out(self):
        lines = [["1", "-", "2"], ["3", "-", "-"]]
        table = "| a | c |\n| --- | --- |\n| 1 | 2 |"
        self.assertEqual(summary.table(["a", "b", "c"], lines), table)
        self.assertEqual(summary.table(["a", "b"], [["1", "-"]]), "")

    def test_a_set_without_a_part_has_no_table_of_it(self):
        churn = [{"set": "s", "name": "a", "command": "churn_insert", "round": 1}]
        self.assertEqual(summary.churn_table(churn + [row("a", 1, 1, 1, set="t")], "t"), "")

    def test_tables_stand_between_the_marks_of_a_page(self):
        with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as page:
            page.write("a\n" + "\nold\n".join(summary.MARKS) + "\nz\n")
            page.flush()
            for _ in range(2):  # The second time changes nothing.
                summary.put_into(page.name, "new")
                with open(page.name, encoding="utf-8") as file:
                    text = file.read()
                self.assertEqual(text, "a\n" + "\n\nnew\n".join(summary.MARKS) + "\nz\n")


PEER = """
import sys
for line in sys.stdin:
    if line.startswith("quit"):
        break
    print('{"error": "no"}' if line.startswith("bad") else '{"command": "%s"}' % line.split()[0],
          flush=True)
"""


class PeerTest(unittest.TestCase):
    def setUp(self):
        self.arguments = types.SimpleNamespace(variants={}, k=10, m=16, ef_construction=200, cpu=0)
        self.data_set = types.SimpleNamespace(name="s", metric="l2", path=lambda suffix: suffix)

    def test_answers_are_rows(self):
        with peers.Peer("p", [sys.executable, "-c", PEER], self.data_set, self.arguments) as peer:
            self.assertEqual(peer.ask("hello", a=1), {"name": "p", "set": "s", "command": "hello"})
            with self.assertRaises(peers.PeerError):
                peer.ask("bad")

    def test_a_peer_that_ends_is_an_error(self):
        with peers.Peer("p", ["false"], self.data_set, self.arguments) as peer:
            with self.assertRaises(peers.PeerError):
                peer.ask("hello")

    def test_peers_take_turns(self):
        self.assertEqual([parts.rotated(["a", "b", "c"], by) for by in (0, 1, 4)],
                         [["a", "b", "c"], ["b", "c", "a"], ["b", "c", "a"]])


if __name__ == "__main__":
    unittest.main()
