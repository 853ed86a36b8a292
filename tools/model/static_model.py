"""The static model in Python: its tokens, its file, texts to vectors. The oracle of src/text.

assets/README.md has the format, src/text/tokenizer.h the rules of the tokens.
"""
import re
import struct

import numpy
from scipy import sparse

MAGIC = b"VFSEMB1\0"
HEADER = struct.Struct("<8s8I")
TOKEN_BYTES_MAX = 40
GRAM_BYTES = (3, 5)

# Base letters of U+00C0..U+017F; multiplication and division sign separate words.
_BASE = ("AAAAAAACEEEEIIIIDNOOOOO OUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty"
         "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkk"
         "LlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs")
_FOLD = {0xC0 + i: letter for i, letter in enumerate(_BASE)}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_IDEOGRAPH = "\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0010ffff"
_LETTER = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0370-\u1fff"
_SUFFIX = re.compile(f"(?<=[{_LETTER}])'[st](?![A-Za-z])")
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(f"[a-z0-9\u0370-\u1fff]+|[{_IDEOGRAPH}]")


def tokens(text):
    text = _SUFFIX.sub(" ", text)
    if not text.isascii():
        text = text.translate(_FOLD)
    text = _HUMP.sub(" ", text).translate(_LOWER)
    found = _TOKEN.findall(text)
    return [token for token in found if len(token) * 4 <= TOKEN_BYTES_MAX
            or len(token.encode()) <= TOKEN_BYTES_MAX]


def grams(token, buckets):
    """Buckets of the n-grams of <token>, by FNV-1a."""
    word = b"<" + token.encode() + b">"
    found = []
    for start in range(len(word)):
        value = 2166136261
        for n, byte in enumerate(word[start : start + GRAM_BYTES[1]], 1):
            value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
            if n >= GRAM_BYTES[0]:
                found.append((value ^ value >> 15) % buckets)
    return found


def is_number(token):
    return token.isascii() and token.isdigit()


def quantise(rows):
    """4-bit codes and scales of float rows, each with the scale of the least squared error."""
    largest = numpy.maximum(numpy.abs(rows).max(axis=1), 1e-12) / 7
    best = numpy.full(len(rows), numpy.inf)
    codes = numpy.zeros(rows.shape, numpy.int8)
    scales = numpy.zeros(len(rows), "<f4")
    for clip in numpy.linspace(1, 0.45, 12):
        scale = (largest * clip).astype("<f4")
        tried = numpy.clip(numpy.round(rows / scale[:, None]), -7, 7)
        error = ((rows - tried * scale[:, None]) ** 2).sum(axis=1)
        better = error < best
        codes[better], scales[better], best[better] = tried[better], scale[better], error[better]
    return codes, scales


class StaticModel:
    def __init__(self, words, codes, scales):
        """`codes` and `scales` have the rows of the words, then those of the buckets."""
        self.words, self.codes, self.scales = words, codes, scales
        self.buckets = len(codes) - len(words)
        self.dim = codes.shape[1]
        self.matrix = codes.astype(numpy.float32) * scales[:, None]
        self.row_of = {word: row for row, word in enumerate(words)}
        self._terms = {}  # Token -> (rows, weight of each); it is filled as tokens come.

    @classmethod
    def read(cls, path):
        with open(path, "rb") as file:
            data = file.read()
        magic, dim, words, buckets, vocabulary, bits, *_ = HEADER.unpack_from(data)
        rows = words + buckets
        if magic != MAGIC or bits != 4:
            raise ValueError(f"{path}: not a model of 4 bits")
        if len(data) != HEADER.size + rows * (4 + dim // 2) + vocabulary:
            raise ValueError(f"{path}: size")
        scales = numpy.frombuffer(data, "<f4", rows, HEADER.size)
        packed = numpy.frombuffer(data, numpy.uint8, rows * dim // 2, HEADER.size + 4 * rows)
        codes = numpy.empty((rows, dim), numpy.int8)
        codes[:, 0::2] = (packed.reshape(rows, -1) & 15).astype(numpy.int8) - 8
        codes[:, 1::2] = (packed.reshape(rows, -1) >> 4).astype(numpy.int8) - 8
        names = data[len(data) - vocabulary :].decode().split("\n")
        return cls(names, codes, scales)

    def write(self, path):
        vocabulary = "\n".join(self.words).encode()
        header = HEADER.pack(MAGIC, self.dim, len(self.words), self.buckets, len(vocabulary), 4,
                             0, 0, 0)
        unsigned = (self.codes + 8).astype(numpy.uint8)
        with open(path, "wb") as file:
            file.write(header + self.scales.astype("<f4").tobytes())
            file.write((unsigned[:, 0::2] | unsigned[:, 1::2] << 4).tobytes() + vocabulary)

    def _rows(self, token):
        known = self._terms.get(token)
        if known is None:
            if token in self.row_of:
                known = ([self.row_of[token]], 1.0)
            elif is_number(token):
                known = ([], 0.0)
            else:
                rows = [len(self.words) + bucket for bucket in grams(token, self.buckets)]
                known = (rows, 1.0 / len(rows))
            self._terms[token] = known
        return known

    def embed(self, texts):
        """A row of length 1 for each text; zeros where no token of it is known."""
        columns, weights, starts = [], [], [0]
        for text in texts:
            for token in tokens(text):
                rows, weight = self._rows(token)
                columns.extend(rows)
                weights.extend([weight] * len(rows))
            starts.append(len(columns))
        bags = sparse.csr_matrix((numpy.array(weights, numpy.float32), columns, starts),
                                 shape=(len(starts) - 1, len(self.codes)))
        vectors = bags @ self.matrix
        lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / numpy.where(lengths > 0, lengths, 1)
