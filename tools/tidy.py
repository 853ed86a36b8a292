#!/usr/bin/env python3
"""The repository's own rules, as a test: tools/tidy.py [ROOT]

Prints one line for each breach, PATH:LINE: RULE: TEXT, and exits 1 when there is one. Rules:

  include      a folder below src/ includes itself and what its row of ALLOWED names, by full path;
               what is in testing/ is included by tests, fuzz targets and testing/ alone; a name of
               the standard library comes from a header that is included (standard_headers.py)
  link         the CMakeLists.txt of a folder links in the same direction
  crowd        no folder below src/ with more than 45 code files, tests and testing/ not counted
  map          each folder with sources has its row in ALLOWED and its section in src/README.md, and
               no row or section is left of a folder that is gone
  size         no source file above 500 lines
  function     no function above 70 lines
  guard        VEXFS_FOLDER_FILE_H_
  header       every source file opens with a comment that says what it is
  marker       no comments that postpone work
  banned       on the request path (src/fs), no call whose stack, locks or time has no good bound
  text         no tabs, no trailing blanks, lines of at most 100 columns, a final newline
  machine      no path that exists on one machine only
  test         src/**/x.cc has x_test.cc beside it
  executable   a file that starts with #! may be executed

Exceptions, each with its reason:
  - tools/tidy_exceptions.txt, lines "function PATH:NAME LINES REASON" and "test PATTERN REASON".
    An exception that is no longer needed is a breach too, so the list only shrinks.
  - in a source file, "// tidy: allow CALL: REASON" permits one banned call in that file.
"""

import ast
import fnmatch
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import standard_headers

# Folder below src/ -> the folders that it may use besides itself. Its testing/ is part of it.
ALLOWED = {
    "base": set(),
    "kernels": {"base"},
    "lexical": {"base"},
    "text": {"base"},
    "store": {"base", "kernels"},
    "index": {"base", "kernels"},
    "fs/measure": {"base"},
    "fs": {"base"},
    "extract": {"base", "text"},
    "tree": {"base", "store"},
    "engine/space": {"base", "store", "index"},
    "fs/backing": {"base", "tree"},
    "engine/query": {"base", "text", "store", "tree"},
    "engine/names": {"base", "store", "tree"},
    "fs/surface": {"base", "fs/measure", "fs", "tree", "fs/backing", "engine/query"},
    "fs/locks": {"base", "fs/backing"},
    "engine/storage": {"base", "store", "index", "tree", "engine/space", "engine/names"},
    "engine/indexing": {"base", "lexical", "text", "store", "tree", "engine/space", "engine/query",
                        "engine/names", "engine/storage"},
    "engine/search": {"base", "lexical", "text", "store", "index", "tree", "engine/space",
                      "engine/query", "engine/names", "engine/storage", "engine/indexing"},
    "engine": {"base", "store", "index", "tree", "engine/space", "engine/query", "engine/names",
               "engine/storage", "engine/indexing", "engine/search"},
    "fs/requests": {"base", "fs/measure", "fs", "tree", "fs/backing", "engine/query", "fs/surface",
                    "fs/locks", "engine"},
    "cli/tree": {"base", "fs", "tree", "fs/backing", "fs/surface", "engine/query", "engine"},
    "fs/daemon": {"base", "store", "fs", "tree", "fs/backing", "fs/surface", "fs/locks", "engine",
                  "fs/requests"},
    "cli/vectors": {"base", "kernels", "cli/tree"},
    "cli/printing": {"base", "text", "engine/query", "cli/tree"},
    "cli": {"base", "fs/measure", "fs", "tree", "fs/backing", "engine/query", "engine",
            "fs/requests", "cli/tree", "fs/daemon", "cli/vectors", "cli/printing"},
}

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
FOLDER_FILES_MAX = 45
COLUMNS_MAX = 100
EXCEPTIONS = "tools/tidy_exceptions.txt"
MAP = "src/README.md"
SKIPPED = {".git", "build", "__pycache__", ".cache", "corpus", "samples"}  # Data, text or not.

# Call -> its pattern in code without comments and strings, and why it is banned. Figures are bytes
# of stack below the caller, measured with glibc 2.36 and libstdc++ 12.
BANNED_ROOTS = {"fs"}
BANNED = {
    "printf": (r"\b(?:std::)?v?(?:sn?|f|as)printf\s*\(", "2.1-2.6 KiB of stack"),
    "strtod": (r"\b(?:std::)?(?:strtod|strtof|atof|stod|stof)\s*\(", "1.3 KiB of stack"),
    "sort": (r"\b(?:std::(?:ranges::)?(?:stable_)?sort|qsort(?:_r)?)\s*\(", "1.2 KiB of stack"),
    "alloca": (r"\balloca\s*\(", "no bound on the stack"),
    "throw": (r"\bthrow\b", "1.9-5.0 KiB of stack"),
    "filesystem": (r"\bstd::filesystem\b", "1.9 KiB of stack, and it throws"),
    "stringstream": (r"\b[io]?stringstream\b", "3.4 KiB of stack"),
    "PATH_MAX": (r"\[\s*(?:PATH_MAX|MAXPATHLEN)\b|\bchar\s+\w+\s*\[\s*4096\b",
                 "4 KiB of stack for one name"),
    "localtime": (r"\b(?:localtime|mktime|strftime)(?:_r)?\s*\(", "reads the time zone's files"),
    "passwd": (r"\bget(?:pw|gr)(?:nam|uid|gid|ent)(?:_r)?\s*\(", "may ask a network service"),
    "syslog": (r"\bv?syslog\s*\(", "3.6 KiB of stack, and it may block"),
    "realpath": (r"\brealpath\s*\(", "3.4 KiB of stack, and it walks a path twice"),
}

# Split, so that this file does not break its own rule.
MARKERS = re.compile(r"\b(?:TO" "DO|FIX" "ME|X" "XX|HA" r"CK)\b")
MACHINE = re.compile(r"(?<![\w.}])/(?:work|root|Users)/\w|(?<![\w.}])/home/\w")
ALLOW = re.compile(r"//\s*tidy: allow ([\w-]+):\s*(\S.*)?$")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")


@dataclass(order=True)
class Breach:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


def bare_code(source):
    """C++ source with comments, strings and characters blanked; lines and columns stay."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s\\]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), source)


def cc_functions(source):
    """(name, first line, lines) of each function body at namespace or class level."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()),
                  bare_code(source), flags=re.M)
    found, stack, head = [], [], 0
    for position, char in enumerate(code):
        if char == ";" and not (stack and stack[-1] is not None):
            head = position + 1
        elif char == "{":
            text = code[head:position]
            is_scope = bool(SCOPE.search(text)) and "(" not in text
            inside = any(kind is not None for kind in stack)
            if inside or is_scope or "(" not in text or re.search(r"=\s*$", text):
                stack.append("other" if inside or not is_scope else None)
            else:
                start = code.count("\n", 0, head + len(text) - len(text.lstrip())) + 1
                name = re.search(r"([~\w:]+(?:\s*operator\s*\S+)?)\s*\(", text)
                stack.append((name.group(1) if name else "?", start))
            if not inside:
                head = position + 1
        elif char == "}" and stack:
            kind = stack.pop()
            if isinstance(kind, tuple):
                found.append((kind[0], kind[1], code.count("\n", 0, position) + 2 - kind[1]))
            if all(k is None for k in stack):
                head = position + 1
    return found


def py_functions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


class Tidy:
    def __init__(self, root):
        self.root = Path(root)
        self.breaches = []
        self.long_functions = {}  # "path:name" -> lines allowed
        self.untested = set()  # Patterns of paths.
        self.used = set()  # Exceptions that were needed.
        self.exception_lines = {}
        self.code_files = {}  # Folder below src/ -> its code files that are for no test.
        self.standard = standard_headers.Includes(self.root / "src")

    def breach(self, path, line, rule, text):
        self.breaches.append(Breach(path, line, rule, text))

    def files(self):
        for directory, names, files in os.walk(self.root):
            names[:] = sorted(n for n in names if n not in SKIPPED)
            for name in sorted(set(files) - SKIPPED):
                path = Path(directory, name)
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(self.root).as_posix(), path

    def read_exceptions(self):
        path = self.root / EXCEPTIONS
        if not path.exists():
            return
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            kind, _, rest = line.partition(" ")
            parts = rest.split(maxsplit=2 if kind == "function" else 1)
            if kind == "function" and len(parts) == 3 and parts[1].isdigit():
                self.long_functions[parts[0]] = int(parts[1])
            elif kind == "test" and len(parts) == 2:
                self.untested.add(parts[0])
            else:
                self.breach(EXCEPTIONS, number, "exceptions",
                            "neither 'function PATH:NAME LINES REASON' nor 'test PATTERN REASON'")
                continue
            self.exception_lines[(kind, parts[0])] = number

    def run(self, is_whole=False):
        """All breaches, sorted. A whole tree has a map, and a folder for each row of ALLOWED."""
        self.read_exceptions()
        for name, path in self.files():
            try:
                source = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # Data, not text.
            self.check_text(name, source)
            self.check_executable(name, path, source)
            kind = kind_of(name, source)
            if kind:
                self.check_source(name, kind, source)
            if kind == "c++":
                self.check_cc(name, source)
            if re.fullmatch(r"src/[\w/]+/CMakeLists\.txt", name):
                self.check_link(name, source)
        self.check_crowds()
        if is_whole:
            self.check_map()
        for key, number in self.exception_lines.items():
            if key not in self.used:
                self.breach(EXCEPTIONS, number, "exceptions", f"{key[1]} no longer needs this line")
        return sorted(self.breaches)

    def check_text(self, name, source):
        kind = kind_of(name, source)
        if source and not source.endswith("\n"):
            self.breach(name, source.count("\n") + 1, "text", "no newline at the end")
        for number, line in enumerate(source.splitlines(), 1):
            if "\t" in line:
                self.breach(name, number, "text", "tab")
            if line != line.rstrip():
                self.breach(name, number, "text", "blanks at the end of the line")
            if kind and len(line) > COLUMNS_MAX and "://" not in line:
                self.breach(name, number, "text", f"{len(line)} columns, at most {COLUMNS_MAX}")
            if MARKERS.search(line):
                self.breach(name, number, "marker", "do it now, or leave it out")
            # Documents may show a home directory as an example.
            machine = MACHINE.search(line)
            if machine and (kind or not machine.group().startswith("/home")):
                self.breach(name, number, "machine", f"path of one machine: {machine.group()}…")

    def check_executable(self, name, path, source):
        if source.startswith("#!") and not os.access(path, os.X_OK):
            self.breach(name, 1, "executable", "starts with #! but may not be executed")

    def check_source(self, name, kind, source):
        lines = source.count("\n")
        if lines > FILE_LINES_MAX:
            self.breach(name, lines, "size", f"{lines} lines, at most {FILE_LINES_MAX}: split it")
        opening = {"c++": r"//", "python": r'(?:#!.*\n)?\s*(?:"""|#)',
                   "shell": r"(?:#!.*\n)?#(?!!)", "cmake": r"#"}[kind]
        nested_cmake = kind == "cmake" and name.count("/") >= 2
        if not re.match(opening, source) and source.strip() and not nested_cmake:
            self.breach(name, 1, "header", "no comment that says what this file is")
        if kind == "python":
            try:
                self.check_functions(name, py_functions(source))
            except SyntaxError as error:
                self.breach(name, error.lineno or 1, "text", "Python cannot parse this file")

    def check_functions(self, name, functions):
        for function, line, lines in functions:
            if lines <= FUNCTION_LINES_MAX:
                continue
            key = f"{name}:{function}"
            allowed = self.long_functions.get(key, FUNCTION_LINES_MAX)
            self.used.add(("function", key))
            if lines > allowed:
                self.breach(name, line, "function", f"{function}: {lines} lines, at most {allowed}")

    def check_cc(self, name, source):
        self.check_functions(name, cc_functions(source))
        match = re.fullmatch(r"src/([\w/]+)\.(h|cc)", name)
        if not match:
            return
        stem, suffix = match.groups()
        folder = folder_of(stem)
        if folder not in ALLOWED:
            self.breach(name, 1, "include", f"'{folder}' is no folder that tools/tidy.py knows")
            return
        is_test = bool(re.search(r"_(test|fuzz|bench)$", stem) or "/testing/" in stem)
        if not is_test:
            self.code_files[folder] = self.code_files.get(folder, 0) + 1
        self.check_includes(name, folder, is_test, source)
        if not re.search(r"_(test|fuzz)$", stem):
            bare = bare_code(source)
            for line, used, header in standard_headers.missing(source, bare, self.standard):
                self.breach(name, line, "include", f"{used} needs {header}")
        if suffix == "h":
            self.check_guard(name, stem, source)
        if folder.split("/")[0] in BANNED_ROOTS and not is_test:
            self.check_banned(name, source)
        if suffix == "cc":
            self.check_own_header(name, f"{stem}.h", source)
        if suffix == "cc" and not is_test and Path(stem).name != "main":
            self.check_has_test(name)

    def check_own_header(self, name, header, source):
        """It comes first, so that compiling the .cc shows that the header needs no other."""
        if not (self.root / "src" / header).is_file():
            return
        first = re.search(r"^#\s*include\s+(\S+)", source, re.M)
        if not first or first.group(1) != f'"{header}"':
            self.breach(name, 1, "include", f'"{header}" must be the first include')

    def check_includes(self, name, folder, is_test, source):
        for number, line in enumerate(source.splitlines(), 1):
            include = INCLUDE.match(line)
            if not include:
                continue
            target = include.group(1)
            used = folder_of(target)
            if not (self.root / "src" / target).is_file():
                self.breach(name, number, "include", f'"{target}" is not a file under src/')
            elif used != folder and used not in ALLOWED[folder]:
                self.breach(name, number, "include", f"{folder} may not use {used}")
            elif "/testing/" in target and not is_test:
                self.breach(name, number, "include", f'"{target}" is for tests alone')

    def check_link(self, name, source):
        folder = folder_of(name.removeprefix("src/"))
        libraries = {known.replace("/", "_"): known for known in ALLOWED}
        for number, line in enumerate(source.splitlines(), 1):
            for library in re.findall(r"\bvexfs_(\w+)\b", line.split("#")[0]):
                used = libraries.get(library, folder)
                if used != folder and used not in ALLOWED.get(folder, set()):
                    self.breach(name, number, "link", f"{folder} may not use {used}")

    def check_crowds(self):
        for folder, files in self.code_files.items():
            if files > FOLDER_FILES_MAX:
                self.breach(f"src/{folder}", 1, "crowd",
                            f"{files} code files, at most {FOLDER_FILES_MAX}: find its walls")

    def check_map(self):
        path = self.root / MAP
        source = path.read_text() if path.is_file() else ""
        sections = set(re.findall(r"^## `([\w/]+)`$", source, re.M))
        for folder in sorted(self.code_files.keys() | sections | ALLOWED.keys()):
            if folder not in self.code_files:
                self.breach(MAP, 1, "map", f"src/{folder} has no sources, but a row or a section")
            elif folder not in sections:
                self.breach(MAP, 1, "map", f"no section about src/{folder}")

    def check_guard(self, name, stem, source):
        guard = "VEXFS_" + stem.replace("/", "_").upper() + "_H_"
        directives = re.findall(r"^#.*$", source, re.M)
        if directives[:2] != [f"#ifndef {guard}", f"#define {guard}"]:
            self.breach(name, 1, "guard", f"must open with #ifndef {guard} and its #define")
        elif directives[-1] != f"#endif  // {guard}":
            self.breach(name, source.count("\n"), "guard", f"must end with #endif  // {guard}")

    def check_banned(self, name, source):
        permitted = {}
        for number, line in enumerate(source.splitlines(), 1):
            allow = ALLOW.search(line)
            if allow and (allow.group(1) not in BANNED or not allow.group(2)):
                self.breach(name, number, "banned", "allow needs a known call and a reason")
            elif allow:
                permitted[allow.group(1)] = number
        needed = set()
        for number, line in enumerate(bare_code(source).splitlines(), 1):
            for call, (pattern, reason) in BANNED.items():
                if not re.search(pattern, line):
                    continue
                needed.add(call)
                if call not in permitted:
                    self.breach(name, number, "banned", f"{call}: {reason}")
        for call in sorted(set(permitted) - needed):
            self.breach(name, permitted[call], "banned", f"allows {call}, which is not used")

    def check_has_test(self, name):
        if (self.root / (name[:-3] + "_test.cc")).is_file():
            return
        patterns = [p for p in self.untested if fnmatch.fnmatchcase(name, p)]
        self.used.update(("test", pattern) for pattern in patterns)
        if not patterns:
            self.breach(name, 1, "test", f"no {Path(name).stem}_test.cc beside it")


def folder_of(path):
    """The folder of a path that is written from src/, which its testing/ belongs to."""
    return path.rpartition("/")[0].removesuffix("/testing")


def kind_of(name, source):
    """The language of a source file; None for documents and data."""
    by_suffix = {".h": "c++", ".cc": "c++", ".py": "python", ".sh": "shell", ".cmake": "cmake"}
    path = Path(name)
    if path.name == "CMakeLists.txt":
        return "cmake"
    if path.suffix in by_suffix:
        return by_suffix[path.suffix]
    first = source.split("\n", 1)[0]
    if first.startswith("#!"):
        return "python" if "python" in first else "shell" if "sh" in first else None
    return None


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    breaches = Tidy(root).run(is_whole=True)
    for breach in breaches:
        print(breach)
    print(f"tidy: {len(breaches)} breach(es)" if breaches else "tidy: clean")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
