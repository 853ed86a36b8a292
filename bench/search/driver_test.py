#!/usr/bin/python3
"""Tests of what bench/search/run computes. Needs numpy and scipy, exits 77 without."""
import os
import sys
import unittest

try:
    import scipy  # noqa: F401
except ImportError:
    print("numpy and scipy are not there")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tools/model")]
from driver import metrics, reference, sets  # noqa: E402

MODEL = os.path.join(ROOT, "assets/static-256.vfsemb")


class Metrics(unittest.TestCase):
    def test_the_place_counts(self):
        self.assertEqual(metrics.ndcg(["a", "b"], {"a"}), 1)
        self.assertAlmostEqual(metrics.ndcg(["b", "a"], {"a"}), 0.6309, places=4)
        self.assertEqual(metrics.ndcg([str(i) for i in range(10)] + ["a"], {"a"}), 0)

    def test_several_answers(self):
        self.assertAlmostEqual(metrics.ndcg(["a", "x", "b"], {"a", "b"}), 1.5 / 1.6309, places=4)
        self.assertEqual(metrics.recall(["a", "x"], ["a", "b"]), 0.5)

    def test_means_are_over_questions(self):
        queries = [sets.Query("1", "", ["a"]), sets.Query("2", "", ["b"])]
        self.assertEqual(metrics.means([["a"], ["a"]], queries), (0.5, 0.5))


class Sets(unittest.TestCase):
    def test_the_shipped_one_is_whole(self):
        data = sets.load("debian-mini", "")
        self.assertEqual((len(data.documents), len(data.queries)), (3000, 300))
        ids = {document.id for document in data.documents}
        self.assertTrue(all(id in ids for query in data.queries for id in query.relevant))

    def test_reduced_ones_keep_their_answers(self):
        data = sets.reduced(sets.load("debian-mini", ""), 100, 50)
        self.assertEqual((len(data.documents), len(data.queries)), (100, 50))
        ids = {document.id for document in data.documents}
        self.assertTrue(all(id in ids for query in data.queries for id in query.relevant))


class Searches(unittest.TestCase):
    def test_figures_of_the_shipped_model(self):
        """As they were measured when it was made: BM25 .873, model .840."""
        data = sets.load("debian-mini", "")
        found = reference.Reference(data.documents, MODEL).rankings(
            data.queries, {"hybrid": reference.Fusion()})
        ndcg = {mode: metrics.means(rankings, data.queries)[0] for mode, rankings in found.items()}
        self.assertAlmostEqual(ndcg["lexical"], 0.873, places=3)
        self.assertAlmostEqual(ndcg["semantic"], 0.840, places=3)
        self.assertGreater(ndcg["hybrid"], max(ndcg["lexical"], ndcg["semantic"]))


if __name__ == "__main__":
    unittest.main()
