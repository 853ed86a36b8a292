#!/usr/bin/env python3
"""vexfs import and vexfs export: each format there and back, errors by row, starting again."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import TreeCase, floats, fvecs, jsonl, npy, read_npy, vectors  # noqa: E402

from support_py import program  # noqa: E402
from support_py.case import read, write  # noqa: E402

NAMES = ["b.txt", "a/2", "a/10", "c d/ä"]


class Import(TreeCase):
    def test_each_format(self):
        rows = vectors(4, 6)
        listed = "".join(name + "\n" for name in NAMES).encode()
        for name, content in (
            ("v.npy", npy(rows)),
            ("v.npy", npy(rows, version=2)),
            ("v.fvecs", fvecs(rows)),
            ("v.jsonl", jsonl(zip(NAMES, rows))),
        ):
            for tree in self.trees():
                tree.files(*NAMES)
                file, paths = tree.outside(name), tree.outside("paths")
                write(file, content)
                write(paths, listed)
                more = [] if name == "v.jsonl" else ["--paths", paths]
                out = tree.run("import", "--space", "s", "--create", file, *more).stdout
                self.assertEqual(out, "4 files got vectors in s\n")
                for path, row in zip(NAMES, rows):
                    self.assertEqual(tree.get(path), [row])
                again = tree.run("import", "--space", "s", file, *more).stdout
                self.assertEqual(again, "0 files got vectors in s, 4 had them already\n")

    def test_rows_to_files_by_order(self):
        for tree in self.trees():
            tree.files(*NAMES)
            file = tree.outside("v.npy")
            rows = vectors(4, 3)
            write(file, npy(rows))
            tree.run("import", "--space", "s", "--create", "--metric", "l2", file)
            for path, row in zip(sorted(NAMES, key=str.encode), rows):
                self.assertEqual(tree.get(path), [row])
            write(f"{tree.path}/more")
            told = tree.run("import", "--space", "s", file, code=2).stderr
            self.assertIn("4 vectors for 5 files", told)

    def test_halves(self):
        for tree in self.trees():
            tree.files("a", "b")
            file, paths = tree.outside("v.npy"), tree.outside("paths")
            write(file, npy([[1, 0.1], [2, -3]], "<f2"))
            write(paths, b"a\nb\n")
            given = ["import", "--space", "s", file, "--paths", paths]
            tree.run(*given, "--create", "--storage", "f16")
            self.assertEqual(tree.get("b"), [[2, -3]])
            again = tree.run(*given).stdout
            self.assertIn("2 had them already", again)

    def test_bad_rows_are_told_by_line(self):
        lines = (
            jsonl([("a", [1, 2])])
            + b"not json\n"
            + jsonl([("nowhere", [1, 2]), ("b", [1, 2, 3]), ("../b", [1, 2]), ("b", [3, 4])])
        )

        def steps(tree):
            tree.files("a", "b")
            tree.space("s", 2)
            file = tree.outside("v.jsonl")
            write(file, lines)
            first = tree.run("import", "--space", "s", file, code=None)
            self.assertEqual(first.returncode, 2)
            tree.run("vector", "get", "b", "--space", "s", code=1)
            all_of_it = tree.run(
                "import", "--space", "s", "--keep-going", file, code=None
            )
            self.assertEqual(all_of_it.returncode, 2)
            self.assertEqual(tree.get("b"), [[3, 4]])
            return [line.split(":")[2:4] for line in all_of_it.stderr.splitlines()]

        told = self.both(steps)
        self.assertEqual(sorted(row[0] for row in told[:-1]), ["2", "3", "4", "5"])

    def test_several_vectors_of_a_file(self):
        for tree in self.trees():
            tree.files("a", "b")
            tree.space("s", 2)
            tree.run("import", "--space", "s", "-",
                     stdin=tree.input(jsonl([("a", [1, 2]), ("a", [3, 4]), ("b", [5, 6])])))
            self.assertEqual(tree.get("a"), [[1, 2], [3, 4]])
            out = tree.outside("out.jsonl")
            tree.run("export", "--space", "s", out)
            exported = [json.loads(line) for line in read(out).splitlines()]
            self.assertEqual([(e["path"], e["vector"]) for e in exported],
                             [("a", [1, 2]), ("a", [3, 4]), ("b", [5, 6])])

    def test_files_that_are_no_vectors(self):
        for tree in self.trees():
            tree.files("a")
            tree.space("s", 2)
            for name, content, words in (
                ("x.npy", b"hello", "not an npy file"),
                ("x.npy", npy([[1, 2]], "<f8"), "float64"),
                ("x.npy", npy([[1, 2, 3]]), "3"),
                ("x.npy", npy([[1, 2]])[:-1], "shorter"),
                ("x.fvecs", b"\xff\xff\xff\xff", "4096"),
                ("x.txt", b"", ".npy"),
            ):
                write(tree.outside(name), content)
                told = tree.run("import", "--space", "s", tree.outside(name), code=2).stderr
                self.assertIn(words, told)
            told = tree.run("import", "--space", "s", "none.npy", code=2).stderr
            self.assertIn("No such file", told)


class Export(TreeCase):
    def test_there_and_back(self):
        names = [f"d{i % 7}/{i}" for i in range(2500)]  # More than two pages of the list.
        rows = vectors(len(names), 3)

        def steps(tree):
            tree.files(*names)
            source = tree.outside("in.jsonl")
            write(source, jsonl(zip(names, rows)))
            tree.run("import", "--space", "s", "--create", "-q", source)
            exported = {}
            for suffix in ("npy", "fvecs", "jsonl"):
                out = tree.outside(f"out.{suffix}")
                tree.run("export", "--space", "s", out)
                exported[suffix] = read(out)
                if suffix != "jsonl":
                    exported[suffix + ".paths"] = read(out + ".paths")
            below = tree.outside("below.jsonl")
            tree.run("export", "--space", "s", below, "d3")
            exported["below"] = read(below)
            return exported

        exported = self.both(steps)
        expected = sorted(zip(names, rows), key=lambda pair: pair[0].encode())
        paths = exported["npy.paths"].decode().splitlines()
        self.assertEqual(list(zip(paths, read_npy(exported["npy"]))), expected)
        self.assertEqual(exported["fvecs"], fvecs([row for _, row in expected]))
        lines = [json.loads(line) for line in exported["jsonl"].splitlines()]
        self.assertEqual([line["path"] for line in lines], paths)
        self.assertEqual([floats(line["vector"]) for line in lines], [r for _, r in expected])
        below = [json.loads(line)["path"] for line in exported["below"].splitlines()]
        self.assertEqual(below, [p.removeprefix("d3/") for p in paths if p.startswith("d3/")])

    def test_nothing_to_export(self):
        for tree in self.trees():
            tree.space("s", 3)
            out = tree.outside("out.npy")
            tree.run("export", "--space", "s", out, code=1)
            self.assertIn(b"(0, 3)", read(out))
            self.assertEqual(sorted(os.listdir(os.path.dirname(out))), ["out.npy", "out.npy.paths"])
            tree.run("export", "--space", "x", out, code=2)


if __name__ == "__main__":
    program.main()
