#!/usr/bin/env python3
"""Tests of the stack proof: small C++ programs, compiled by GCC, with known call graphs."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROVE = pathlib.Path(__file__).resolve().parent / "prove.py"
CXX = os.environ.get("CXX", "g++")

PRELUDE = """
extern "C" int priced(int); extern "C" int dear(int); extern "C" int unpriced(int);
extern "C" [[noreturn]] void give_up();
#define OWN __attribute__((noinline, noipa))
#define FRAME(bytes) char frame[bytes]; asm volatile("" : : "r"(frame) : "memory")
"""
COSTS = {"priced": {"bytes": 100, "how": "test"}, "dear": {"bytes": 1000, "how": "test"},
         "give_up": {"terminal": True, "how": "test"}}


class Proof(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def compile(self, name, source, *flags):
        (self.path / name).write_text(PRELUDE + source)
        subprocess.run([CXX, "-std=c++20", "-O2", "-fcallgraph-info=su", *flags, "-c",
                        str(self.path / name), "-o", str(self.path / f"{name}.o")], check=True)

    def run_prove(self, *flags, costs=None, indirect=None):
        (self.path / "costs.json").write_text(json.dumps(COSTS if costs is None else costs))
        (self.path / "indirect.json").write_text(json.dumps(indirect or {}))
        return subprocess.run(
            [sys.executable, str(PROVE), "--costs", str(self.path / "costs.json"), "--indirect",
             str(self.path / "indirect.json"), *flags, str(self.path)],
            capture_output=True, text=True, check=False)

    def bounds(self, **tables):
        """Operation to bytes; the program must be provable."""
        result = self.run_prove("--json", **tables)
        self.assertEqual(result.returncode, 0, result.stderr)
        return {name: entry["bytes"]
                for name, entry in json.loads(result.stdout)["operations"].items()}

    def rejected(self, kind, **tables):
        """The text of the only problem, which is of this kind."""
        result = self.run_prove(**tables)
        self.assertEqual(result.returncode, 1, result.stdout)
        kinds = {line.split(":")[0] for line in result.stderr.splitlines()}
        self.assertEqual(kinds, {kind}, result.stderr)
        return result.stderr

    def machine_frame(self, function):
        """Bytes from the caller's frame: what the function pushes, and its return address."""
        listing = subprocess.run(
            ["objdump", "-d", f"--disassemble={function}", *map(str, self.path.glob("*.o"))],
            check=True, capture_output=True, text=True).stdout
        return (8 + 8 * len(re.findall(r"\bpush ", listing)) +
                sum(int(x, 16) for x in re.findall(r"\bsub +\$0x([0-9a-f]+),%rsp", listing)))


class Sums(Proof):
    def test_frame_includes_the_return_address(self):
        self.compile("a.cc", 'extern "C" int run(int a) { FRAME(200); return dear(a) + a; }')
        result = self.run_prove("--json", "--entry", r"^(run)$")
        self.assertEqual(json.loads(result.stdout)["operations"]["run"]["bytes"],
                         self.machine_frame("run") + 1000)

    def test_pushed_arguments_are_part_of_the_frame(self):
        self.compile("a.cc", 'extern "C" int many(int, int, int, int, int, int, int, int);'
                             'extern "C" int run(int a) { return many(a,a,a,a,a,a,a,a) + a; }')
        result = self.run_prove("--json", "--entry", r"^(run)$",
                                costs={"many": {"bytes": 1000, "how": "test"}})
        self.assertEqual(json.loads(result.stdout)["operations"]["run"]["bytes"],
                         self.machine_frame("run") + 1000)

    def test_diamond_takes_the_deeper_side_once(self):
        self.compile("a.cc", """
            OWN int bottom(int a) { FRAME(64); return priced(a) + a; }
            OWN int thin(int a) { FRAME(100); return bottom(a) + a; }
            OWN int thick(int a) { FRAME(900); return bottom(a) + a; }
            namespace vexfs::fs { int on_lookup(int a) { return thin(a) + thick(a); }
                                  int on_getattr(int a) { return thin(a) + thin(a + 1); } }""")
        bounds = self.bounds()
        self.assertEqual(bounds["lookup"] - bounds["getattr"], 800)
        self.assertGreater(bounds["getattr"], 100 + 64 + 128)

    def test_red_zone_of_a_leaf_counts(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) {"
                             "volatile char b[100]; b[a] = 1; return b[a + 1]; } }")
        self.assertGreaterEqual(self.bounds()["read"], 8 + 128)

    def test_realigned_frame_gets_its_padding(self):
        body = "char frame[64]; asm volatile(\"\" : : \"r\"(frame) : \"memory\");"
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { alignas(64) " + body +
                             "return dear(a) + a; } }")
        graph = (self.path / "a.cc.ci").read_text()
        stated = int(re.search(r"on_read.*?(\d+) bytes", graph)[1])
        self.assertEqual(self.bounds()["read"], stated + 48 + 1000)

    def test_equal_static_functions_of_two_files_are_kept_apart(self):
        for name, frame in (("read", 80), ("write", 880)):
            self.compile(f"{name}.cc", "static OWN int part(int a) { FRAME(%d);"
                         "return priced(a) + a; } namespace vexfs::fs {"
                         "int on_%s(int a) { return part(a) + a; } }" % (frame, name))
        bounds = self.bounds()
        self.assertEqual(bounds["write"] - bounds["read"], 800)

    def test_inline_function_of_two_files_takes_the_larger(self):
        for name, frame in (("read", 80), ("write", 880)):
            self.compile(f"{name}.cc", "inline OWN int part(int a) { FRAME(%d);"
                         "return priced(a) + a; } namespace vexfs::fs {"
                         "int on_%s(int a) { return part(a) + a; } }" % (frame, name))
        bounds = self.bounds()
        self.assertEqual(bounds["write"], bounds["read"])
        self.assertGreater(bounds["read"], 880)

    def test_constructor_called_from_another_file_is_found(self):
        self.compile("a.cc", "struct S { S(); int k; }; S::S() { FRAME(500); k = priced(1); }")
        self.compile("b.cc", "struct S { S(); int k; };"
                             "namespace vexfs::fs { int on_read(int a) { S s; return s.k + a; } }")
        self.assertGreater(self.bounds()["read"], 600)

    def test_annotated_indirect_call_takes_its_deepest_target(self):
        self.compile("a.cc", """
            namespace { OWN int small(int a) { FRAME(64); return priced(a) + a; }
                        OWN int large(int a) { FRAME(640); return priced(a) + a; } }
            int (*choice[])(int) = {small, large};
            namespace vexfs::fs { int on_read(int a) { return choice[a](a) + a; } }""")
        indirect = {"vexfs::fs::on_read(int)": {
            "targets": ["(anonymous namespace)::*(int)"], "reason": "the table has these two"}}
        self.assertGreater(self.bounds(indirect=indirect)["read"], 640 + 100)

    def test_library_call_back_into_ours_is_added(self):
        self.compile("a.cc", "int hook(int a) { FRAME(500); return priced(a) + a; }"
                             "namespace vexfs::fs { int on_read(int a) { return dear(a) + a; } }")
        costs = COSTS | {"dear": {"bytes": 1000, "how": "test", "callbacks": ["hook(int)"]}}
        self.assertGreater(self.bounds(costs=costs)["read"], 1000 + 500 + 100)

    def test_terminal_call_costs_nothing(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) {"
                             "if (a == 0) give_up(); return priced(a) + a; } }")
        self.assertLess(self.bounds()["read"], 8 + 16 + 129)


class Rejections(Proof):
    def test_recursion_names_the_cycle(self):
        self.compile("a.cc", """
            int pong(int); OWN int ping(int a) { return a == 0 ? 0 : pong(a) + 1; }
            OWN int pong(int a) { return ping(a - 1) + 1; }
            namespace vexfs::fs { int on_read(int a) { return ping(a) + 1; } }""")
        self.assertIn("ping(int) -> pong(int) -> ping(int)",
                      self.rejected("recursion"))

    def test_recursion_that_no_handler_reaches_is_no_matter(self):
        self.compile("a.cc", "int f(int a) { return a < 2 ? a : f(a - 1) + f(a - 2); }"
                             "namespace vexfs::fs { int on_read(int a) { return a; } }")
        self.assertIn("read", self.bounds())

    def test_variable_length_array(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { FRAME(a);"
                             "return frame[1]; } }")
        self.assertIn("on_read", self.rejected("unbounded frame"))

    def test_unpriced_external(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return unpriced(a)+1; } }")
        self.assertIn("unpriced", self.rejected("unpriced call"))

    def test_unannotated_indirect_call(self):
        self.compile("a.cc", "int (*f)(int); namespace vexfs::fs {"
                             "int on_read(int a) { return f(a) + 1; } }")
        self.assertIn("on_read", self.rejected("indirect call"))

    def test_annotation_whose_target_is_gone(self):
        self.compile("a.cc", "int (*f)(int); namespace vexfs::fs {"
                             "int on_read(int a) { return f(a) + 1; } }")
        indirect = {"vexfs::fs::on_read(int)": {"targets": ["gone(int)"], "reason": "x"}}
        self.assertIn("gone(int)", self.rejected("unknown target", indirect=indirect))

    def test_annotation_whose_caller_is_gone(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return a; } }")
        indirect = {"gone(int)": {"targets": ["priced"], "reason": "x"}}
        self.assertIn("gone(int)", self.rejected("stale annotation", indirect=indirect))

    def test_call_in_assembly_is_not_overlooked(self):
        self.compile("a.cc", 'namespace vexfs::fs { int on_read(int a) {'
                             'asm volatile("call unpriced@PLT"); return a; } }')
        self.assertIn("unpriced", self.rejected("hidden call"))

    def test_searches_are_entries_beside_the_handlers(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return a; } }"
                             "namespace vexfs::index { struct HnswIndex { int search(int a);"
                             "int size(int a); };"
                             "int HnswIndex::search(int a) { return priced(a) + 1; }"
                             "int HnswIndex::size(int a) { return priced(a) + 1; } }")
        self.assertEqual(set(self.bounds()), {"read", "HnswIndex::search"})

    def test_no_entry(self):
        self.compile("a.cc", "int f(int a) { return a; }")
        self.rejected("no entry")

    def test_over_the_budget_names_the_path_and_fails(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return dear(a) + 1; } }")
        self.assertEqual(self.run_prove("--budget", "1100").returncode, 0)
        result = self.run_prove("--budget", "1000")
        self.assertEqual(result.returncode, 1)
        self.assertIn("over the budget of 1000", result.stdout)
        self.assertIn("library: dear", result.stdout)

    def test_an_operation_may_have_a_budget_of_its_own(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return dear(a) + 1; }"
                             "int on_write(int a) { return priced(a) + 1; } }")
        self.assertEqual(self.run_prove("--budget", "500").returncode, 1)
        self.assertEqual(
            self.run_prove("--budget", "500", "--budget-of", "read=1100").returncode, 0)
        self.assertEqual(
            self.run_prove("--budget", "1100", "--budget-of", "write=50").returncode, 1)
        result = self.run_prove("--budget", "1100", "--budget-of", "gone=1100")
        self.assertEqual(result.returncode, 1)
        self.assertIn("stale budget", result.stderr)
        self.assertEqual(self.run_prove("--budget-of", "read").returncode, 2)

    def test_entry_without_an_explanation_is_wrong_use(self):
        self.compile("a.cc", "int f(int a) { return a; }")
        result = self.run_prove(costs={"priced": {"bytes": 1}})
        self.assertEqual(result.returncode, 2)
        self.assertIn("priced", result.stderr)


class Table(Proof):
    HEADER = """
        #include <cstdint>
        #include <span>
        namespace vexfs::fs {
        struct StackBound { const char* operation; uint32_t bytes; };
        std::span<const StackBound> proved_stack_bounds();
        }"""

    def compiled_table(self):
        """The table's text, after it passed the compiler with the project's warnings."""
        out = self.path / "bounds.txt"
        result = self.run_prove("--cc", str(out))
        self.assertEqual(result.returncode, 0, result.stderr)
        header = self.path / "fs" / "measure" / "stack_bounds.h"
        header.parent.mkdir(parents=True)
        header.write_text(self.HEADER)
        subprocess.run([CXX, "-std=c++20", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-I",
                        str(self.path), "-fsyntax-only", "-x", "c++", str(out)], check=True)
        return out.read_text()

    def test_rows_are_sorted(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return a; }"
                             "int on_getattr(int a) { return priced(a) + 1; } }")
        self.assertRegex(self.compiled_table(), r'(?s)"getattr", \d+.*"read", \d+')

    def test_without_a_proof_it_is_empty(self):
        self.compile("a.cc", "namespace vexfs::fs { int on_read(int a) { return unpriced(a); } }")
        self.assertNotIn("read", self.compiled_table())


if __name__ == "__main__":
    unittest.main()
