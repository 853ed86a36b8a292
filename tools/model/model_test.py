#!/usr/bin/python3
"""Tests of the model's tools: model_test.py EMBED_LINES. Exits 77 without numpy and scipy."""
import os
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy
    from scipy import sparse  # noqa: F401
except ImportError:
    print("numpy and scipy are not there")
    sys.exit(77)

import batches
import training
import vocabulary
from sources import archive, dictionaries, manual_pages, wordnet
from pairs import Pairs
from static_model import StaticModel, grams, quantise, tokens

ASSET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../assets/static-256.vfsemb")
EMBED_LINES = None  # The first argument.
LINES = [
    "change who owns a file",
    "HTTPServer's parseURLFast don't 3.14 x86_64 IPv6",
    "Größe Ångström ×÷ naïve Œuvre Łódź",
    "Привет мир, Ελληνικά; 日本語のテキスト 한국어 𠀀",
    "supercalifragilisticexpialidociousness antidisestablishmentarianismically",
    "rock'n'roll 's O’Brien’s it's'a",
    "12345 67",
    "",
]


class RunTimes(unittest.TestCase):
    def compare(self, path):
        text = "".join(line + "\n" for line in LINES).encode()
        done = subprocess.run([EMBED_LINES, path], input=text, stdout=subprocess.PIPE, check=True)
        model = StaticModel.read(path)
        theirs = numpy.frombuffer(done.stdout, numpy.float32).reshape(len(LINES), model.dim)
        numpy.testing.assert_allclose(model.embed(LINES), theirs, atol=2e-6)

    def test_both_give_the_shipped_model_the_same_vectors(self):
        self.compare(ASSET)

    def test_a_model_that_was_written_here_opens_there(self):
        chance = numpy.random.default_rng(1)
        codes, scales = quantise(chance.standard_normal((40, 16)).astype(numpy.float32))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            StaticModel(["file", "change", "привет"], codes, scales).write(path)
            self.compare(path)
            again = StaticModel.read(path)
        numpy.testing.assert_array_equal(again.codes, codes)
        numpy.testing.assert_array_equal(again.scales, scales)


class Tokens(unittest.TestCase):
    def test_words_are_split_and_folded(self):
        self.assertEqual(tokens("parseURLFast HTTP_server's"),
                         ["parse", "urlfast", "http", "server"])
        self.assertEqual(tokens("Größe 日本"), ["grose", "日", "本"])

    def test_grams_are_of_three_to_five_bytes(self):
        self.assertEqual(len(grams("ab", 16384)), 3)  # <ab ab> <ab>
        self.assertTrue(all(0 <= bucket < 7 for bucket in grams("something", 7)))


class Quantisation(unittest.TestCase):
    def test_the_error_is_small(self):
        rows = numpy.random.default_rng(2).standard_normal((200, 256)).astype(numpy.float32)
        codes, scales = quantise(rows)
        self.assertLessEqual(numpy.abs(codes).max(), 7)
        error = numpy.linalg.norm(codes * scales[:, None] - rows) / numpy.linalg.norm(rows)
        self.assertLess(error, 0.13)


class Gradients(unittest.TestCase):
    def test_the_loss_falls_as_its_gradient_says(self):
        chance = numpy.random.default_rng(3)
        one, other = (training.normalised(chance.standard_normal((6, 8)))[0] for _ in range(2))
        same = numpy.zeros((6, 6), bool)
        same[0, 1] = same[1, 0] = True
        _, by_one, by_other = training.contrast(one, other, same, 0.1)
        for side, gradient in ((one, by_one), (other, by_other)):
            for place in ((0, 0), (3, 5)):
                side[place] += 1e-5
                above = training.contrast(one, other, same, 0.1)[0]
                side[place] -= 2e-5
                below = training.contrast(one, other, same, 0.1)[0]
                side[place] += 1e-5
                self.assertAlmostEqual((above - below) / 2e-5, gradient[place], places=4)

    def test_training_brings_pairs_together(self):
        found = [("s", f"alpha{i} beta", f"gamma{i} delta") for i in range(64)]
        words = vocabulary.choose(batches.count_tokens(found), ["beta"], 100)
        settings = training.Settings(dim=16, buckets=64, epochs=40, batch=32, rate=0.02)
        table = batches.PairTable(found, words, settings.buckets)
        trainer = training.Trainer(table, numpy.zeros((len(words), 16), numpy.float32),
                                   numpy.zeros(len(words), numpy.float32), settings)
        losses = [trainer.step(batch, step, 1) for step, batch in
                  enumerate((b for _ in range(40) for b in table.batches(32, trainer.chance)), 1)]
        self.assertLess(losses[-1], losses[0] / 2)


class Sources(unittest.TestCase):
    def test_a_description(self):
        stanza = "Package: x\nDescription-md5: 0\nDescription-en: short one\n Long\n .\n  text"
        self.assertEqual(archive.parse_stanza(stanza), ("x", "short one", "Long\n\n text"))

    def test_a_synset(self):
        line = ('00001740 29 v 02 breathe 0 take_a_breath 0 001 @ 00005041 v 0000 01 + 02 00 | '
                'draw air; "I can breathe"\n')
        synset = wordnet.parse_line(line, "v")
        self.assertEqual(synset.words, ["breathe", "take a breath"])
        self.assertEqual((synset.definition, synset.examples), ("draw air", ["I can breathe"]))
        self.assertEqual(synset.neighbours, ["v00005041"])

    def test_a_manual_page(self):
        source = '.TH X 1\n.SH NAME\nx \\- do a thing\n.SH DESCRIPTION\n.B x\ndoes \\fIit\\fP.\n'
        found = manual_pages.sections_of(source)
        self.assertEqual(found[1], ("NAME", "x - do a thing"))
        self.assertEqual(found[2][1].split(), ["x", "does", "it."])

    def test_a_dictionary_entry(self):
        entry = "Owl \\Owl\\, n. [AS. ule.]\n A bird."
        self.assertEqual(dictionaries.definition("Owl", entry), "A bird.")

    def test_pairs_come_once(self):
        pairs = Pairs()
        pairs.add("s", "one thing", "another long thing")
        pairs.add("s", "one  thing", "another long thing")
        self.assertEqual(pairs.found, [("s", "one thing", "another long thing")])


if __name__ == "__main__":
    EMBED_LINES = sys.argv.pop(1)
    unittest.main()
