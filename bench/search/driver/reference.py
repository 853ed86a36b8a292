"""The same searches without the product: SQLite's BM25, the model read by Python, their fusion.

Says what the halves are worth on a set, and so what the product should reach.
"""
import math
import re
import sqlite3
from dataclasses import dataclass

import numpy

from static_model import StaticModel

CANDIDATES = 100
# The same as in src/text/lexical_terms.cc.
STOP_WORDS = set(
    "a about an and are as at be by can do does for from has have how i if in into is it its me my"
    " no not of on or such that the their then there these they this to was what which will with"
    " you your".split())


@dataclass
class Fusion:
    method: str = "weighted"  # Or "rrf", reciprocal rank fusion.
    weight: float = 0.7  # The weight of the semantic half; see bound() for the lexical one.
    constant: int = 60  # The constant of reciprocal rank fusion.


class Reference:
    def __init__(self, documents, model_path, tokenizer="porter unicode61"):
        self.ids = [document.id for document in documents]
        self.model = StaticModel.read(model_path)
        self.vectors = self.model.embed(document.text for document in documents)
        self.database = sqlite3.connect(":memory:")
        self.database.execute(f"create virtual table t using fts5(text, tokenize='{tokenizer}')")
        self.database.executemany("insert into t(rowid, text) values (?, ?)",
                                  enumerate(document.text for document in documents))

    @staticmethod
    def words(text):
        return list(dict.fromkeys(
            w for w in re.findall(r"\w+", text.lower()) if w not in STOP_WORDS))

    def bound(self, text):
        """The BM25 that no document can reach: FTS5's, with k1 = 1.2."""
        total, documents = 0, len(self.ids)
        for word in self.words(text):
            (having,) = self.database.execute(
                "select count(*) from t where t match ?", (f'"{word}"',)).fetchone()
            total += max(math.log((documents - having + 0.5) / (having + 0.5)), 1e-6) * 2.2
        return total

    def lexical(self, text, most=CANDIDATES):
        """[(document's number, BM25)], best first."""
        words = self.words(text)
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in words)
        return [(number, -score) for number, score in self.database.execute(
            "select rowid, bm25(t) from t where t match ? order by bm25(t) limit ?",
            (match, most))]

    def semantic(self, vector, most=CANDIDATES):
        scores = self.vectors @ vector
        most = min(most, len(scores))
        best = numpy.argpartition(-scores, most - 1)[:most]
        return [(int(n), float(scores[n])) for n in best[numpy.argsort(-scores[best])]]

    def hybrid(self, lexical, semantic, vector, fusion, bound):
        if fusion.method == "rrf":
            scores = {}
            for half in (lexical, semantic):
                for place, (number, _) in enumerate(half, 1):
                    scores[number] = scores.get(number, 0) + 1 / (fusion.constant + place)
        else:
            words = dict(lexical)
            numbers = list(dict.fromkeys([n for n, _ in lexical] + [n for n, _ in semantic]))
            cosines = numpy.maximum(self.vectors[numbers] @ vector, 0) if numbers else []
            best_cosine = max(cosines, default=0) or 1
            scores = {n: words.get(n, 0) / (bound or 1) + fusion.weight * c / best_cosine
                      for n, c in zip(numbers, cosines)}
        return sorted(scores.items(), key=lambda item: -item[1])

    def rankings(self, queries, fusions):
        """{"lexical", "semantic" and each name of `fusions`: a ranking of ids for each query}"""
        vectors = self.model.embed(query.text for query in queries)
        found = {name: [] for name in ("lexical", "semantic", *fusions)}
        for query, vector in zip(queries, vectors):
            words, nearest = self.lexical(query.text), self.semantic(vector)
            found["lexical"].append(self._ids(words))
            found["semantic"].append(self._ids(nearest))
            bound = self.bound(query.text)
            for name, fusion in fusions.items():
                found[name].append(self._ids(self.hybrid(words, nearest, vector, fusion, bound)))
        return found

    def _ids(self, scored):
        return [self.ids[number] for number, _ in scored]
