#!/usr/bin/env python3
"""vexfs space and vexfs vector, on mounted and unmounted trees."""

import os
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import Tree, TreeCase  # noqa: E402

from support_py import program  # noqa: E402
from support_py.case import read, write  # noqa: E402


class Spaces(TreeCase):
    def test_create_list_show_drop(self):
        def steps(tree):
            tree.files("a")
            tree.space("clip", 512, "--metric", "l2", "--storage", "f16", "--m", "32")
            tree.space("words", 256)
            listed = tree.json("space", "list")
            shown = tree.run("space", "show", "clip").stdout
            self.assertRegex(shown, r"dim +512\n +metric +l2\n +storage +f16\n +m +32\n")
            self.assertEqual(tree.json("space", "show", "words")["metric"], "cosine")
            tree.run("space", "drop", "clip")
            tree.run("space", "show", "clip", code=2)
            self.assertEqual([s["name"] for s in tree.json("space", "list")["spaces"]], ["words"])
            return listed

        listed = self.both(steps)["spaces"]
        self.assertEqual([(s["name"], s["dim"]) for s in listed], [("clip", 512), ("words", 256)])
        self.assertEqual(listed[0]["vectors"], 0)

    def test_refusals_are_sentences(self):
        for tree in self.trees():
            tree.space("s", 4)
            self.assertIn("s", tree.run("space", "create", "s", "--dim", "4", code=2).stderr)
            for name in ("", "A", "a/b", "..", "a" * 65, "-a"):
                tree.run("space", "create", "--dim", "4", "--", name, code=2)
            for dim in ("0", "4097", "x"):
                result = tree.run("space", "create", "t", "--dim", dim, code=None)
                self.assertEqual(result.returncode, 2)
            message = tree.run("space", "drop", "other", code=2).stderr
            self.assertEqual(message, "vexfs: there is no space named other; there are: s\n")

    def test_any_path_inside_names_the_tree(self):
        for tree in self.trees():
            tree.files("deep/down/file")
            tree.space("s", 4)
            for where in ("deep", "deep/down", "deep/down/file", f"{tree.path}/deep", "."):
                listed = tree.run("space", "list", where, "--json").stdout
                self.assertIn('"s"', listed)
            tree.run("space", "list", cwd=f"{tree.path}/deep/down")

    def test_where_there_is_no_tree(self):
        tree = Tree(self)
        for command in (["space", "list"], ["status"], ["sync"], ["dups"], ["bench"]):
            self.assertIn(tree.path, tree.run(*command, tree.path, code=2).stderr)
        self.assertEqual(os.listdir(tree.path), [])


class Vectors(TreeCase):
    def test_set_get_remove(self):
        for tree in self.trees():
            tree.files("dir/a", "b")
            tree.space("s", 4)
            tree.run("vector", "get", "b", "--space", "s", code=1)
            tree.run("vector", "rm", "b", "--space", "s", code=1)
            tree.run("vector", "set", "dir/a", "--space", "s", "--values", "-0.1,0.2 3e-1,4")
            text = tree.run("vector", "get", "dir/a", "--space", "s").stdout
            self.assertEqual(text, "-0.1,0.2,0.3,4\n")
            raw = f"{tree.path}/raw"
            write(raw, struct.pack("<8f", *range(1, 9)))
            tree.run("vector", "set", f"{tree.path}/b", "--space", "s", "--raw", raw)
            self.assertEqual(tree.get("b"), [[1, 2, 3, 4], [5, 6, 7, 8]])
            tree.run("vector", "set", "b", "--space", "s", stdin=tree.input("[4, 3, 2.5, 1]\n"))
            self.assertEqual(tree.get("b"), [[4, 3, 2.5, 1]])
            tree.run("vector", "rm", "b", "--space", "s")
            tree.run("vector", "get", "b", "--space", "s", code=1)

    def test_raw_output_is_what_was_set(self):
        for tree in self.trees():
            tree.files("a")
            tree.space("s", 4)
            tree.set("a", [1, 2, 3, 4])
            out = tree.outside("raw")
            with open(out, "wb") as file:
                tree.run("vector", "get", "a", "--space", "s", "--raw", code=None, stdout=file)
            self.assertEqual(read(out), struct.pack("<4f", 1, 2, 3, 4))

    def test_refusals_are_the_same_sentences(self):
        def steps(tree):
            tree.files("a")
            tree.space("s", 4)
            tree.space("l2", 4, "--metric", "l2")
            set_values = lambda name, space, values: tree.run(  # noqa: E731
                "vector", "set", name, "--space", space, "--values", values,
                code=2, stdin=tree.input(""),
            ).stderr
            told = []
            for values in ("1,2,3", "1,2,3,x", "nan,1,1,1", "0,0,0,0", "1e39,1,1,1", ""):
                told.append(set_values("a", "s", values))
            told.append(set_values("a", "x", "1"))
            told.append(set_values("none", "s", "1,2,3,4"))
            tree.run("vector", "set", "a", "--space", "l2", "--values", "0,0,0,0")
            return told

        told = self.both(steps)
        self.assertEqual(told[0], "vexfs: space s has 4 dimensions, the vector has 3\n")
        self.assertIn("there is no space named x", told[6])
        self.assertIn("none: No such file or directory", told[7])

    def test_what_one_way_wrote_the_other_reads(self):
        source = self.backing()
        tree = Tree(self, path=source)
        tree.files("a", "dir/b")
        tree.space("s", 4)
        tree.set("a", [1, 0, 0, 0])
        mounted = self.mount(source)
        self.assertEqual(tree.get("a"), [[1, 0, 0, 0]])
        tree.set("dir/b", [0, 1, 0, 0])
        os.rename(f"{source}/dir/b", f"{source}/c")
        mounted.unmount()
        self.assertEqual(tree.get("c"), [[0, 1, 0, 0]])
        os.rename(f"{source}/c", f"{source}/dir/d")
        self.assertEqual(tree.get("dir/d"), [[0, 1, 0, 0]])

    def test_a_source_that_is_mounted_elsewhere_is_reached_through_its_mount(self):
        source, point = self.backing(), self.directory()
        tree = Tree(self, path=source)
        tree.files("dir/a")
        tree.space("s", 4)
        self.mount(source, point)
        tree.set("dir/a", [1, 2, 3, 4])
        self.assertEqual(os.getxattr(f"{point}/dir/a", "user.vexfs.vector.s"),
                         struct.pack("<4f", 1, 2, 3, 4))


if __name__ == "__main__":
    program.main()
