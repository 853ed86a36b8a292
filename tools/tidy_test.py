"""Tests of tools/tidy.py: each rule on a tiny tree that breaks it, and on one that does not."""

import tempfile
import unittest
import unittest.mock
from pathlib import Path

import tidy


def header(guard, body=""):
    return f"// A thing.\n#ifndef {guard}\n#define {guard}\n{body}\n#endif  // {guard}\n"


class TidyTest(unittest.TestCase):
    def breaches(self, **files):
        """The breaches of a tree given as path=text; "__" in a path stands for "/"."""
        return self.breaches_of({path.replace("__", "/"): text for path, text in files.items()})

    def breaches_of(self, files):
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                target = Path(root, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                if text.startswith("#!"):
                    target.chmod(0o755)
            return [f"{b.path}:{b.line}: {b.rule}" for b in tidy.Tidy(root).run()]

    @staticmethod
    def rows(allowed):
        """Another ALLOWED, in a with statement."""
        return unittest.mock.patch.object(tidy, "ALLOWED", allowed)

    def source(self, text, name="src/fs/a.cc", **others):
        """The breaches of one source file that has its test."""
        files = {name: "// A thing.\n" + text, name.replace(".cc", "_test.cc"): "// Test.\n"}
        return self.breaches_of({**files, **others})

    def banned(self, text):
        """The breaches of one source file whose includes do not matter."""
        return [breach for breach in self.source(text) if not breach.endswith(": include")]

    def test_clean_tree(self):
        self.assertEqual(self.breaches_of({
            "src/base/a.h": header("VEXFS_BASE_A_H_", '#include "base/b.h"'),
            "src/base/b.h": header("VEXFS_BASE_B_H_"),
            "src/fs/c.cc": '// C.\n#include "base/a.h"\n#include "fs/d.h"\n',
            "src/fs/c_test.cc": "// Test.\n",
            "src/fs/d.h": header("VEXFS_FS_D_H_"),
            "src/fs/CMakeLists.txt": "target_link_libraries(vexfs_fs PUBLIC vexfs_base)\n",
            "tools/x": "#!/bin/bash\n# X.\n",
        }), [])

    def test_standard_header(self):
        body = "inline std::string name() { return std::string(1, 'a'); }"
        with_include = "#include <string>\n" + body
        a = header("VEXFS_BASE_A_H_", with_include)
        self.assertEqual(self.breaches_of({"src/base/a.h": a}), [])
        bare = header("VEXFS_BASE_A_H_", body)
        self.assertEqual(self.breaches_of({"src/base/a.h": bare}), ["src/base/a.h:4: include"])
        below = header("VEXFS_BASE_B_H_", '#include "base/a.h"\n' + body)
        self.assertEqual(self.breaches_of({"src/base/a.h": a, "src/base/b.h": below}), [])
        self.assertEqual(self.source("int32_t a;\n"), ["src/fs/a.cc:2: include"])
        self.assertEqual(self.source("#include <cstdint>\nint32_t a;  // errno\n"), [])
        self.assertEqual(self.source("std::nonsense a;\n"), ["src/fs/a.cc:2: include"])

    def test_upward_include(self):
        self.assertEqual(self.breaches_of({
            "src/base/a.h": header("VEXFS_BASE_A_H_", '#include "fs/b.h"'),
            "src/fs/b.h": header("VEXFS_FS_B_H_"),
        }), ["src/base/a.h:4: include"])

    def test_folders_below_folders(self):
        names = header("VEXFS_ENGINE_NAMES_A_H_")
        with self.rows({"base": set(), "engine/names": {"base"}, "engine": {"engine/names"}}):
            below = {"src/engine/names/a.h": names}
            down, up = '#include "engine/names/a.h"\n', '#include "engine/c.h"\n'
            self.assertEqual(self.source(down, "src/engine/b.cc", **below), [])
            self.assertEqual(self.source(up, "src/engine/names/b.cc", **{
                "src/engine/c.h": header("VEXFS_ENGINE_C_H_")}),
                ["src/engine/names/b.cc:2: include"])
            below["src/engine/names/a.h"] = header("VEXFS_ENGINE_A_H_")
            self.assertEqual(self.breaches_of(below), ["src/engine/names/a.h:1: guard"])
            link = "target_link_libraries(x PUBLIC vexfs_{})\n"
            self.assertEqual(self.breaches_of({
                "src/engine/CMakeLists.txt": link.format("engine_names"),
                "src/engine/names/CMakeLists.txt": link.format("engine")}),
                ["src/engine/names/CMakeLists.txt:1: link"])

    def test_testing_is_for_tests_alone(self):
        fake = {"src/fs/testing/fake.h": header("VEXFS_FS_TESTING_FAKE_H_", '#include "fs/b.h"'),
                "src/fs/testing/more.h": header("VEXFS_FS_TESTING_MORE_H_",
                                                '#include "fs/testing/fake.h"'),
                "src/fs/testing/fake.cc": '// Fake.\n#include <a>\n',
                "src/fs/b.h": header("VEXFS_FS_B_H_")}
        self.assertEqual(self.source('#include "fs/testing/fake.h"\n', **fake),
                         ["src/fs/a.cc:2: include", "src/fs/testing/fake.cc:1: include"])
        fake["src/fs/testing/fake.cc"] = '// Fake.\n#include "fs/testing/fake.h"\nthrow 1;\n'
        fake["src/fs/b_test.cc"] = '// Test.\n#include "fs/b.h"\n#include "fs/testing/fake.h"\n'
        self.assertEqual(self.breaches_of(fake), [])  # No banned calls, no test of its own.

    def test_crowd(self):
        names = [f"src/fs/{i}" for i in range(45)]
        tree = {f"{name}.h": header(f"VEXFS_FS_{i}_H_") for i, name in enumerate(names)}
        tree["src/fs/x_test.cc"] = "// Test.\n"
        tree["src/fs/testing/y.h"] = header("VEXFS_FS_TESTING_Y_H_")
        self.assertEqual(self.breaches_of(tree), [])
        tree["src/fs/z.h"] = header("VEXFS_FS_Z_H_")
        self.assertEqual(self.breaches_of(tree), ["src/fs:1: crowd"])

    def test_map(self):
        def breaches(sections):
            with tempfile.TemporaryDirectory() as root, self.rows({"base": set(), "a/b": {"base"}}):
                for path, text in {"src/base/x.h": header("VEXFS_BASE_X_H_"),
                                   "src/a/b/y.h": header("VEXFS_A_B_Y_H_"), tidy.MAP: "".join(
                                       f"## `{section}`\n" for section in sections)}.items():
                    Path(root, path).parent.mkdir(parents=True, exist_ok=True)
                    Path(root, path).write_text(text)
                return [b.text for b in tidy.Tidy(root).run(is_whole=True)]

        self.assertEqual(breaches(["base", "a/b"]), [])
        self.assertEqual(breaches(["base"]), ["no section about src/a/b"])
        self.assertEqual(breaches(["base", "a/b", "c"]),
                         ["src/c has no sources, but a row or a section"])

    def test_row_of_a_folder_that_is_gone(self):
        with tempfile.TemporaryDirectory() as root, self.rows({"base": set()}):
            self.assertEqual([b.text for b in tidy.Tidy(root).run(is_whole=True)],
                             ["src/base has no sources, but a row or a section"])

    def test_include_that_is_no_file_and_unknown_folder(self):
        self.assertEqual(self.source('#include "a.h"\n'), ["src/fs/a.cc:2: include"])
        self.assertEqual(self.breaches_of({"src/misc/a_test.cc": "// A.\n"}),
                         ["src/misc/a_test.cc:1: include"])

    def test_own_header_first(self):
        own = {"src/fs/a.h": header("VEXFS_FS_A_H_"), "src/fs/b.h": header("VEXFS_FS_B_H_")}
        include_a, include_b = '#include "fs/a.h"\n', '#include "fs/b.h"\n'
        self.assertEqual(self.source(include_a + include_b, **own), [])
        self.assertEqual(self.source(include_b + include_a, **own), ["src/fs/a.cc:1: include"])
        self.assertEqual(self.source("int x;\n", **own), ["src/fs/a.cc:1: include"])

    def test_upward_link(self):
        text = "add_library(vexfs_base a.cc)\ntarget_link_libraries(vexfs_base PUBLIC vexfs_fs)\n"
        self.assertEqual(self.breaches_of({"src/base/CMakeLists.txt": text}),
                         ["src/base/CMakeLists.txt:2: link"])

    def test_size(self):
        self.assertEqual(self.source("\n" * 499), [])
        self.assertEqual(self.source("\n" * 500), ["src/fs/a.cc:501: size"])

    def test_function_length(self):
        def function(lines):
            return "namespace n {\nint f() {\n" + "  g();\n" * (lines - 2) + "}\n}\n"
        self.assertEqual(self.source(function(70)), [])
        self.assertEqual(self.source(function(71)), ["src/fs/a.cc:3: function"])
        allow = "# Why.\nfunction src/fs/a.cc:f 72 a list of passes\n"
        self.assertEqual(self.source(function(72), **{tidy.EXCEPTIONS: allow}), [])
        self.assertEqual(self.source(function(73), **{tidy.EXCEPTIONS: allow}),
                         ["src/fs/a.cc:3: function"])
        self.assertEqual(self.source(function(70), **{tidy.EXCEPTIONS: allow}),
                         [f"{tidy.EXCEPTIONS}:2: exceptions"])

    def test_function_finder(self):
        source = ('extern "C" void on(int x) noexcept {\n  if (x) {\n  }\n}\n'
                  "class A : public B {\n public:\n  A() : a_{1}, b_(2) {\n    f('{');\n  }\n};\n"
                  'constexpr T kTable[] = {\n  {1, f(2)},\n};\nint g() {\n  return h("}");\n}\n')
        found = [(name, lines) for name, _, lines in tidy.cc_functions(source)]
        self.assertEqual([f for f in found if f[0] in ("on", "g")], [("on", 4), ("g", 3)])

    def test_python_function_length(self):
        text = '"""Doc."""\n\n\ndef f():\n' + "    pass\n" * 70
        self.assertEqual(self.breaches(tools__a=text), [])  # Neither .py nor #!: not a source.
        self.assertEqual(self.breaches_of({"tools/a.py": text}), ["tools/a.py:4: function"])

    def test_guard(self):
        self.assertEqual(self.breaches_of({"src/base/a.h": header("BASE_A_H")}),
                         ["src/base/a.h:1: guard"])
        text = header("VEXFS_BASE_A_H_").replace("#endif  // VEXFS_BASE_A_H_", "#endif")
        self.assertEqual(self.breaches_of({"src/base/a.h": text}), ["src/base/a.h:5: guard"])

    def test_header_comment(self):
        self.assertEqual(self.breaches_of({
            "src/fs/a_test.cc": "int x;\n", "tools/b.py": "x = 1\n", "tools/c": "#!/bin/sh\nx=1\n"
        }), ["src/fs/a_test.cc:1: header", "tools/b.py:1: header", "tools/c:1: header"])

    def test_marker(self):
        self.assertEqual(self.source("// TO" "DO: later\n"), ["src/fs/a.cc:2: marker"])
        self.assertEqual(self.source('const char* t = "/tmp/a-' + 6 * "X" + '";\n'), [])

    def test_each_banned_call(self):
        calls = {
            "printf": "snprintf(b, 1, f);", "strtod": "x = std::strtod(s, &e);",
            "sort": "std::sort(a, b);", "alloca": "alloca(3);", "throw": "throw x;",
            "filesystem": "std::filesystem::path p;", "stringstream": "std::ostringstream o;",
            "PATH_MAX": "char b[PATH_MAX];", "localtime": "localtime_r(&a, &b);",
            "passwd": 'getpwnam("x");', "syslog": "syslog(1, f);", "realpath": "::realpath(a, b);",
        }
        self.assertEqual(set(calls), set(tidy.BANNED))
        for call, code in calls.items():
            with self.subTest(call):
                self.assertEqual(self.banned(code + "\n"), ["src/fs/a.cc:2: banned"])
                allow = f"// tidy: allow {call}: runs once, at start\n"
                self.assertEqual(self.banned(allow + code + "\n"), [])
                self.assertEqual(self.source(allow), ["src/fs/a.cc:2: banned"])
                quoted = code.replace('"', "")
                self.assertEqual(self.source(f'// {code}\nf("{quoted}");\n'), [])

    def test_banned_only_on_the_request_path(self):
        self.assertEqual(self.source("throw 1;\n", name="src/cli/a.cc"), [])
        test = "// Test.\nvoid f() { throw 1; }\n"
        self.assertEqual(self.breaches_of({"src/fs/a_test.cc": test}), [])

    def test_allow_needs_a_reason(self):
        self.assertEqual(self.source("// tidy: allow throw:\nthrow 1;\n"),
                         ["src/fs/a.cc:2: banned", "src/fs/a.cc:3: banned"])

    def test_text(self):
        self.assertEqual(self.source("\tint a;\nint b; \n" + "x" * 101 + "\nint c;"),
                         [f"src/fs/a.cc:{n}: text" for n in (2, 3, 4, 5)])
        self.assertEqual(self.source("// http://x/" + "y" * 100 + "\n"), [])
        self.assertEqual(self.breaches_of({"README.md": "x" * 200 + "\n"}), [])

    def test_machine_paths(self):
        self.assertEqual(self.source('open("/home' '/ann/x");\n'), ["src/fs/a.cc:2: machine"])
        self.assertEqual(self.breaches_of({"a.md": "/home" "/ann\n/wo" "rk/x\nframe/work/x\n"}),
                         ["a.md:2: machine"])

    def test_missing_test(self):
        tree = {"src/fs/a.cc": "// A.\n"}
        self.assertEqual(self.breaches_of(tree), ["src/fs/a.cc:1: test"])
        for allow in ("test src/fs/a.cc why\n", "test src/fs/*.cc why\n"):
            self.assertEqual(self.breaches_of({**tree, tidy.EXCEPTIONS: allow}), [])
        self.assertEqual(self.breaches_of({**tree, tidy.EXCEPTIONS: "test src/b.cc why\n"}),
                         ["src/fs/a.cc:1: test", f"{tidy.EXCEPTIONS}:1: exceptions"])
        self.assertEqual(self.breaches_of({"src/cli/main.cc": "// Main.\n"}), [])

    def test_bad_exception_line(self):
        for line in ("test src/fs/a.cc\n", "function f 80\n", "other\n"):
            self.assertEqual(self.breaches_of({tidy.EXCEPTIONS: line}),
                             [f"{tidy.EXCEPTIONS}:1: exceptions"])

    def test_executable(self):
        with tempfile.TemporaryDirectory() as root:
            Path(root, "x").write_text("#!/bin/sh\n# X.\n")
            self.assertEqual([b.rule for b in tidy.Tidy(root).run()], ["executable"])


if __name__ == "__main__":
    unittest.main()
