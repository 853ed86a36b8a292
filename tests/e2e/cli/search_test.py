#!/usr/bin/env python3
"""vexfs search, similar and dups: the same answers mounted and not."""

import json
import math
import os
import pty
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import TreeCase, jsonl, vectors  # noqa: E402

from support_py import program  # noqa: E402
from support_py.case import write  # noqa: E402

DIM = 16
NAMES = [f"{'ab'[i % 2]}/{i}.{'txt' if i % 3 else 'md'}" for i in range(300)]
ROWS = vectors(len(NAMES), DIM)


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b))
    return dot / math.sqrt(sum(x * x for x in a)) / math.sqrt(sum(x * x for x in b))


def nearest(query, names=NAMES):
    known = dict(zip(NAMES, ROWS))
    return sorted(names, key=lambda name: -cosine(query, known[name]))


class Search(TreeCase):
    def filled(self, tree):
        tree.files(*NAMES)
        file = tree.outside("in.jsonl")
        write(file, jsonl(zip(NAMES, ROWS)))
        tree.run("import", "--space", "s", "--create", "-q", file)
        return tree

    def ask(self, tree, query, *options, **how):
        given = tree.input(json.dumps(query))
        return tree.run("search", "--vector", "-", *options, stdin=given, **how)

    def test_answers(self):
        query = vectors(1, DIM, seed=9)[0]

        def steps(tree):
            self.filled(tree)
            told = {
                "plain": self.ask(tree, query).stdout,
                "names": self.ask(tree, query, "-l", "-k", "300").stdout,
                "type": self.ask(tree, query, "-l", "--type", "md", "-k", "20").stdout,
                "exact": self.ask(tree, query, "-l", "--exact").stdout,
                "below": self.ask(tree, query, "-l", "b").stdout,
                "future": self.ask(tree, query, "--after", "2100-01-01", code=1).stdout,
            }
            raw = tree.outside("query.f32")
            write(raw, struct.pack(f"<{DIM}f", *query))
            self.assertEqual(tree.run("search", "--vector", raw).stdout, told["plain"])
            hits = json.loads(self.ask(tree, query, "--json").stdout)["hits"]
            self.assertEqual([hit["path"] for hit in hits], nearest(query)[:10])
            return told

        told = self.both(steps)
        best = nearest(query)
        lines = [line.split("  ") for line in told["plain"].splitlines()]
        self.assertEqual([path for _, path in lines], best[:10])
        known = dict(zip(NAMES, ROWS))
        for score, path in lines:
            self.assertAlmostEqual(float(score), cosine(query, known[path]), delta=2e-4)
        self.assertEqual(told["names"].splitlines(), best)
        self.assertEqual(told["exact"].splitlines(), best[:10])
        markdown = [name for name in best if name.endswith(".md")]
        self.assertEqual(told["type"].splitlines(), markdown[:20])
        below = [name for name in best if name.startswith("b/")]
        self.assertEqual(told["below"].splitlines(), below[:10])

    def test_similar(self):
        like = NAMES[7]

        def steps(tree):
            self.filled(tree)
            return [
                tree.run("similar", like, "-l").stdout,
                self.without(tree, tree.run("similar", f"{tree.path}/{like}", "-l", cwd="/")),
                tree.run("similar", like, "-l", ".", "--type", "md").stdout,
                tree.run("similar", like, "a", code=2).stderr,
                tree.run("similar", "none", code=2).stderr,
            ]

        told = self.both(steps)
        best = [name for name in nearest(ROWS[7]) if name != like]
        self.assertEqual(told[0].splitlines(), best[:10])
        # From elsewhere the folder of the file itself is searched.
        folder = [name for name in best if name.startswith("b/")]
        self.assertEqual(told[1].splitlines(), ["/" + name for name in folder[:10]])
        self.assertEqual(told[2].splitlines(), [n for n in best if n.endswith("md")][:10])
        self.assertIn("not below a", told[3])

    @staticmethod
    def without(tree, result):
        return result.stdout.replace(tree.path, "")

    def test_duplicates(self):
        def steps(tree):
            tree.files("x/1", "x/2", "y/1", "y/2", "z")
            tree.space("s", 3)
            for name, vector in (
                ("x/1", [1, 0, 0]), ("x/2", [1, 0.001, 0]), ("y/1", [0, 1, 0]),
                ("y/2", [0, 1, 0]), ("z", [0, 0, 1]),
            ):
                tree.set(name, vector)
            tree.run("dups", "z", code=2)
            return [
                tree.run("dups").stdout,
                tree.run("dups", "y").stdout,
                tree.run("dups", "--distance", "0.0000000001").stdout,
                tree.json("dups", "--distance", "0.01"),
            ]

        told = self.both(steps)
        groups = sorted(told[0].strip().split("\n\n"))
        self.assertEqual(groups, ["x/1\nx/2", "y/1\ny/2"])
        self.assertEqual(told[1], "y/1\ny/2\n")
        self.assertEqual(told[2], "y/1\ny/2\n")

    def test_refusals(self):
        def steps(tree):
            tree.files("a", "b")
            tree.space("s", 4)
            told = [
                self.ask(tree, [1, 2], code=2).stderr,
                self.ask(tree, [1, 2, 3, 4], "--space", "x", code=2).stderr,
                self.ask(tree, [1, 2, 3, 4], "--after", "soon", code=2).stderr,
                tree.run("similar", "a", code=2).stderr,
                self.ask(tree, [1, 2, 3, 4], code=1).stderr,
            ]
            tree.run("search", "--vector", "none", code=2)
            return told

        for sentence in self.both(steps)[:4]:
            self.assertRegex(sentence, r"^vexfs: .{10,}\n$")

    def test_the_terminal_gets_colours_and_a_pipe_does_not(self):
        for tree in self.trees():
            tree.files("a")
            tree.space("s", 2)
            tree.set("a", [1, 2])
            self.assertEqual(self.ask(tree, [1, 2]).stdout, "1.0000  a\n")
            for variable, colours in (("", True), ("1", False)):
                shown = self.on_terminal(tree, variable)
                self.assertEqual("\033[" in shown, colours, shown)

    @staticmethod
    def on_terminal(tree, no_colour):
        ours, theirs = pty.openpty()
        try:
            tree.run(
                "search", "--vector", "-", code=None, stdin=tree.input("[1,2]"), stdout=theirs,
                env={**os.environ, "NO_COLOR": no_colour},
            )
            return os.read(ours, 4096).decode()
        finally:
            os.close(ours)
            os.close(theirs)


if __name__ == "__main__":
    program.main()
