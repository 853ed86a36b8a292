"""Trees for the tests of the commands: the same files, mounted over themselves or not at all."""

import json
import os
import random
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process  # noqa: E402
from support_py.case import MountCase, write  # noqa: E402

MODES = tuple(os.environ.get("MODES", "unmounted,mounted").split(","))


class TreeCase(MountCase):
    """Each test runs its steps on a tree in every mode, by `for tree in self.trees():`."""

    tree_class = None  # Tree, or a class derived from it.

    def trees(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                yield (self.tree_class or Tree)(self, mode)

    def both(self, steps):
        """Runs steps(tree) in every mode, expects the same result, and returns it."""
        answers = {mode: steps((self.tree_class or Tree)(self, mode)) for mode in MODES}
        for answer in answers.values():
            self.assertEqual(answer, answers[MODES[0]])
        return answers[MODES[0]]


class Tree:
    def __init__(self, case, mode="unmounted", path=None):
        self.case = case
        self.path = path or case.backing()
        if mode == "mounted":
            case.mount(self.path)

    def files(self, *names):
        for name in names:
            path = os.path.join(self.path, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write(path, name.encode())

    def run(self, *arguments, code=0, stdin=None, cwd=None, **more):
        """Runs a command in the tree; returns its CompletedProcess.

        Its exit code must be `code`, unless that is None.
        """
        options = {"stdin": stdin} if stdin is not None else {}
        options.update(more)
        result = process.run([mount.program(), *arguments], cwd=cwd or self.path, **options)
        if code is None:
            return result
        told = f"{arguments}: {result.returncode}: {result.stdout}{result.stderr}"
        self.case.assertEqual(result.returncode, code, told)
        if code == 2:
            self.case.assertTrue(result.stderr.startswith("vexfs: "), told)
            self.case.assertEqual(result.stdout, "")
        elif code == 0:
            self.case.assertEqual(result.stderr, "")
        return result

    def json(self, *arguments, **how):
        return json.loads(self.run(*arguments, "--json", **how).stdout)

    def input(self, content):
        """An open file with these bytes, for stdin."""
        path = self.outside("stdin")
        write(path, content if isinstance(content, bytes) else content.encode())
        file = open(path, "rb")
        self.case.addCleanup(file.close)
        return file

    def outside(self, name):
        """A path outside of the tree."""
        if not hasattr(self, "_outside"):
            self._outside = self.case.directory("outside")
        return os.path.join(self._outside, name)

    def space(self, name="s", dim=4, *options):
        self.run("space", "create", name, "--dim", str(dim), *options)

    def set(self, name, vector, space="s"):
        values = ",".join(map(repr, vector))
        self.run("vector", "set", name, "--space", space, "--values", values)

    def get(self, name, space="s"):
        lines = self.run("vector", "get", name, "--space", space, "--json").stdout.splitlines()
        return [floats(json.loads(line)) for line in lines]


def floats(numbers):
    """The same numbers after rounding to floats of 32 bits."""
    return list(struct.unpack(f"<{len(numbers)}f", struct.pack(f"<{len(numbers)}f", *numbers)))


def npy(rows, kind="<f4", version=1):
    """The bytes of an npy file."""
    shape = f"({len(rows)}, {len(rows[0])})"
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n"
    head = struct.pack("<H" if version == 1 else "<I", len(text)) + text.encode()
    letter = {"<f4": "f", "<f2": "e", "<f8": "d"}[kind]
    data = b"".join(struct.pack(f"<{len(row)}{letter}", *row) for row in rows)
    return b"\x93NUMPY" + bytes([version, 0]) + head + data


def read_npy(content):
    length = struct.unpack("<H", content[8:10])[0]
    header = eval(content[10 : 10 + length])  # noqa: S307: written by the program under test.
    rows, dim = header["shape"]
    numbers = struct.unpack(f"<{rows * dim}f", content[10 + length :])
    return [list(numbers[i * dim : (i + 1) * dim]) for i in range(rows)]


def fvecs(rows):
    return b"".join(struct.pack(f"<I{len(row)}f", len(row), *row) for row in rows)


def jsonl(pairs):
    return "".join(json.dumps({"path": path, "vector": row}) + "\n" for path, row in pairs).encode()


def vectors(count, dim, seed=1):
    """Random vectors whose numbers are floats of 32 bits already."""
    source = random.Random(seed)
    numbers = [source.gauss(0, 1) for _ in range(count * dim)]
    numbers = floats(numbers)
    return [list(numbers[i * dim : (i + 1) * dim]) for i in range(count)]
