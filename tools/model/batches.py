"""Pairs as numbers: token ids of both sides, and batches of one source each."""
import array
import collections

import numpy
from scipy import sparse

from static_model import grams, is_number, tokens

TOKENS_MOST = 128


def count_tokens(pairs):
    counts = collections.Counter()
    for _, one, other in pairs:
        counts.update(tokens(one))
        counts.update(tokens(other))
    return counts


class Texts:
    """All texts of one side: their token ids one after another, and where each text starts."""

    def __init__(self):
        self.ids, self.starts, self.hashes = array.array("I"), array.array("Q", [0]), []

    def add(self, ids, text):
        self.ids.extend(ids)
        self.starts.append(len(self.ids))
        self.hashes.append(hash(text))

    def freeze(self):
        self.ids = numpy.frombuffer(self.ids, numpy.uint32)
        self.starts = numpy.frombuffer(self.starts, numpy.uint64).astype(numpy.int64)
        self.hashes = numpy.array(self.hashes, numpy.int64)

    def bags(self, numbers, columns):
        """A matrix of texts x words with counts; `columns` maps a token's id to its column."""
        sizes = self.starts[numbers + 1] - self.starts[numbers]
        starts = numpy.concatenate([[0], numpy.cumsum(sizes)])
        places = numpy.arange(starts[-1]) + numpy.repeat(self.starts[numbers] - starts[:-1], sizes)
        found = columns[self.ids[places]]
        return sparse.csr_matrix((numpy.ones(len(found), numpy.float32), found, starts),
                                 shape=(len(numbers), columns.max() + 1))

    def ids_of(self, numbers):
        return numpy.unique(numpy.concatenate(
            [self.ids[self.starts[n] : self.starts[n + 1]] for n in numbers]))


class PairTable:
    """Known words have the ids of their rows; words that are not known follow."""

    def __init__(self, pairs, words, buckets):
        self.known = len(words)
        ids = {word: row for row, word in enumerate(words)}
        self.one, self.other, self.by_source = Texts(), Texts(), {}
        for source, *sides in pairs:
            found = [self._ids(text, ids) for text in sides]
            if not all(found):
                continue
            self.by_source.setdefault(source, []).append(len(self.one.hashes))
            self.one.add(found[0], sides[0])
            self.other.add(found[1], sides[1])
        self.one.freeze()
        self.other.freeze()
        self.by_source = {name: numpy.array(rows) for name, rows in self.by_source.items()}
        self.grams = gram_matrix(ids, buckets)

    @staticmethod
    def _ids(text, ids):
        found = [ids.setdefault(token, len(ids)) for token in tokens(text) if token in ids
                 or not is_number(token)]
        return found[:TOKENS_MOST]

    def batches(self, size, chance):
        """The numbers of all pairs, each once, in random order."""
        found = []
        for rows in self.by_source.values():
            rows = chance.permutation(rows)
            cut = [rows[i : i + size] for i in range(0, len(rows), size)]
            found.extend(part for part in cut if len(part) * 2 >= size)
        return [found[i] for i in chance.permutation(len(found))]


def gram_matrix(ids, buckets):
    """Words x buckets: the mean over a word's n-grams."""
    columns, weights, starts = array.array("I"), array.array("f"), [0]
    for word in ids:
        rows = grams(word, buckets)
        columns.extend(rows)
        weights.extend([1 / len(rows)] * len(rows))
        starts.append(len(columns))
    return sparse.csr_matrix(
        (numpy.frombuffer(weights, numpy.float32), numpy.frombuffer(columns, numpy.uint32), starts),
        shape=(len(ids), buckets))
