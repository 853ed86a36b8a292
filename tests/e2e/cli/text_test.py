#!/usr/bin/env python3
"""vexfs search, index and status on texts: the same answers mounted and not, and grep's habits."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import Tree, TreeCase  # noqa: E402

from support_py import mount, process, program  # noqa: E402
from support_py.case import write  # noqa: E402

LIBRARY = Path(__file__).resolve().parents[3] / "samples" / "library"

# A file of each format, and words that stand in no other.
FORMATS = {
    "documents/washing_machine.pdf": "pump filter coins fluff",
    "documents/rental_contract.docx": "landlord notice period Mill Street 12",
    "documents/novel_draft.odt": "keeper counted ships lighthouse",
    "books/tides.epub": "spring and neap tides moon bulges",
    "articles/bicycle_lanes.html": "protected bicycle lanes kerb",
    "mail/flight.eml": "flight to Oslo rescheduled",
    "travel/passport.md": "biometric photo old passport",
    "code/retry.py": "exponential backoff and jitter",
    "code/lru_cache.go": "lru cache",
    "code/schema.sql": "create table schema",
    "code/ring_buffer.c": "ring buffer one producer one consumer",
    "code/parseDuration.js": "parse duration into milliseconds",
    "code/rotate_logs.sh": "keep compressed copies of a log file",
}


class TextTree(Tree):
    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, text.encode())

    def index(self):
        return self.run("index", ".").stdout


class Text(TreeCase):
    tree_class = TextTree

    def small(self, tree):
        tree.write("travel/passport.md", "# Papers\n\nBring photos.\nRenew the passport early.\n")
        tree.write("food/soup.txt", "Tomato soup needs ripe tomatoes and basil.\n")
        tree.write("food/copy.txt", "Tomato soup needs ripe tomatoes and basil.\n")
        tree.index()
        return tree

    def test_lines_like_those_of_grep(self):
        def steps(tree):
            self.small(tree)
            return {
                "plain": tree.run("search", "renew passport", "--mode", "lexical").stdout,
                "paths": tree.run("search", "-l", "-k", "1", "renew passport").stdout,
                "zero": tree.run("search", "-l", "-0", "-k", "1", "renew passport").stdout,
                "context": tree.run("search", "-C", "1", "--mode", "lexical", "renew").stdout,
                "folded": tree.run("search", "-l", "--mode", "lexical", "tomato").stdout,
                "all": tree.run("search", "-l", "--no-fold", "--mode", "lexical", "tomato").stdout,
                "below": tree.run("search", "-l", "--mode", "lexical", "tomato", "food",
                                  "--no-fold").stdout,
                "type": tree.run("search", "-l", "--type", "md", "early tomato").stdout,
                "qualifier": tree.run("search", "-l", "early tomato type:md").stdout,
                "none": tree.run("search", "--mode", "lexical", "zebra", code=1).stdout,
            }

        told = self.both(steps)
        self.assertEqual(told["plain"], "travel/passport.md:4: Renew the passport early.\n")
        self.assertEqual(told["paths"], "travel/passport.md\n")
        self.assertEqual(told["zero"], "travel/passport.md\0")
        self.assertIn("travel/passport.md-3- Bring photos.\n", told["context"])
        self.assertEqual(len(told["folded"].splitlines()), 1)
        self.assertEqual(sorted(told["all"].splitlines()), ["food/copy.txt", "food/soup.txt"])
        self.assertEqual(sorted(told["below"].splitlines()), ["food/copy.txt", "food/soup.txt"])
        self.assertEqual(told["type"], "travel/passport.md\n")
        self.assertEqual(told["qualifier"], told["type"])
        self.assertEqual(told["none"], "")

    def test_json(self):
        def steps(tree):
            self.small(tree)
            reply = json.loads(tree.run("search", "--json", "renew passport").stdout)
            return reply["complete"], [
                (hit["path"], hit["start"], hit["end"], hit["line"], hit["text"])
                for hit in reply["hits"][:1]
            ]

        complete, hits = self.both(steps)
        self.assertTrue(complete)
        path, start, end, line, text = hits[0]
        self.assertEqual((path, line), ("travel/passport.md", 1))
        self.assertIn("Renew the passport early.", text)
        self.assertGreater(end, start)

    def test_refusals(self):
        def steps(tree):
            self.small(tree)
            return [
                tree.run("search", code=2).stderr,
                tree.run("search", "", code=2).stderr,
                tree.run("search", "soup", "nowhere", code=2).stderr,
                tree.run("search", "soup", "food/soup.txt", code=2).stderr,
                tree.run("search", "--mode", "fuzzy", "soup", code=2).stderr,
                tree.run("search", "soup k:0", code=2).stderr,
                tree.run("search", "--after", "soon", "soup", code=2).stderr,
                tree.run("index", "nowhere", code=2).stderr,
            ]

        for sentence in self.both(steps):
            self.assertRegex(sentence, r"^vexfs: .{10,}\n$")

    def test_a_tree_that_nobody_indexed(self):
        tree = TextTree(self)
        tree.write("soup.txt", "Tomato soup.\n")
        told = tree.run("search", "soup", code=2).stderr
        self.assertIn("vexfs index", told)
        self.mount(tree.path)
        self.assertEqual(tree.run("search", "-l", "soup").stdout, "soup.txt\n")

    def test_a_second_index_finds_what_changed(self):
        for tree in self.trees():
            self.small(tree)
            tree.write("food/bread.txt", "Sourdough bread rests over night.\n")
            os.unlink(os.path.join(tree.path, "food/copy.txt"))
            tree.index()
            self.assertEqual(tree.run("search", "-l", "--mode", "lexical", "sourdough").stdout,
                             "food/bread.txt\n")
            self.assertEqual(tree.run("search", "-l", "--mode", "lexical", "tomato").stdout,
                             "food/soup.txt\n")

    def test_status_says_what_failed_and_why(self):
        def steps(tree):
            tree.write("good.txt", "Tomato soup.\n")
            tree.write("broken.pdf", "%PDF-1.7\nnothing that a reader could use\n")
            tree.write("data.bin", "\0\1\2" * 100)
            tree.index()
            failed = tree.run("status", "--failed").stdout
            return failed, [line for line in tree.run("status").stdout.splitlines()
                            if line.startswith(("  indexed", "  failed", "  without"))]

        failed, lines = self.both(steps)
        self.assertIn("broken.pdf: failed: ", failed)
        self.assertIn("data.bin: skipped: ", failed)
        self.assertEqual(lines[0], "  indexed      1 files, 1 passages")

    def test_similar_and_dups_need_no_space(self):
        def steps(tree):
            self.small(tree)
            return (tree.run("similar", "-l", "-k", "1", "food/soup.txt").stdout,
                    tree.run("dups", "--distance", "0.001").stdout)

        similar, duplicates = self.both(steps)
        self.assertEqual(similar, "food/copy.txt\n")
        self.assertEqual(sorted(duplicates.split()), ["food/copy.txt", "food/soup.txt"])

    def test_the_terminal_gets_colours_and_its_width(self):
        tree = self.small(TextTree(self))
        tree.write("long.txt", "word " * 100 + "needle " + "word " * 100 + "\n")
        tree.index()
        shown = self.on_terminal(tree, {})
        self.assertIn("\033[1;31mneedle\033[0m", shown)
        plain = self.on_terminal(tree, {"NO_COLOR": "1"}).splitlines()[0]
        self.assertIn("needle", plain)
        self.assertNotIn("\033", plain)
        self.assertLessEqual(len(plain), 80)

    @staticmethod
    def on_terminal(tree, environment):
        ours, theirs = pty.openpty()
        try:
            tree.run("search", "--mode", "lexical", "needle", code=None, stdout=theirs,
                     env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"},
                          **environment})
            return os.read(ours, 65536).decode()
        finally:
            os.close(ours)
            os.close(theirs)

    def test_a_reader_that_left_is_no_failure(self):
        tree = self.small(TextTree(self))
        reading, writing = os.pipe()
        os.close(reading)
        try:
            result = tree.run("search", "soup", code=None, stdout=writing)
        finally:
            os.close(writing)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_an_interrupted_index_goes_on(self):
        tree = TextTree(self)
        for i in range(3000):
            tree.write(f"{i % 50}/{i}.txt", f"file number{i} of many\n" * 20)
        child = subprocess.Popen([mount.program(), "index", "."], cwd=tree.path,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        told = child.communicate(timeout=process.COMMAND_SECONDS_MAX)[1]
        if child.returncode != 0:  # With 0 it was done before the signal came.
            self.assertEqual(child.returncode, 2)
            self.assertIn("goes on", told)
        self.assertIn("3,000 files indexed", tree.index())
        self.assertEqual(tree.run("search", "-l", "--mode", "lexical", "number2999").stdout,
                         "49/2999.txt\n")


class Library(TreeCase):
    tree_class = TextTree

    def test_every_format_is_found_by_words_inside_it(self):
        def steps(tree):
            shutil.copytree(LIBRARY, tree.path, dirs_exist_ok=True)
            summary = tree.index()
            found = {path: tree.run("search", "-l", "-k", "3", words).stdout.splitlines()
                     for path, words in FORMATS.items()}
            return summary.split(",")[0], found

        summary, found = self.both(steps)
        files = sum(1 for file in LIBRARY.rglob("*") if file.is_file())
        self.assertEqual(summary, f"{files} files indexed")
        for path, hits in found.items():
            self.assertIn(path, hits)


if __name__ == "__main__":
    program.main()
