// The options of bench_fs: one table, one loop.
#include "options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <limits>
#include <string_view>

#include "op.h"

namespace vexfs::bench {
namespace {

void print_usage(FILE* out) {
  std::fputs(
      "usage: bench_fs --op NAME --dir DIR [--count N] [options]\n"
      "Measures one file system operation in a working directory that it makes in DIR and "
      "removes.\n"
      "  --clients N        run the operation in N processes, each in a directory of its own\n"
      "  --seconds N        stop after this time, even if --count is not reached\n"
      "  --file-bytes N     size of the file of the data operations (268435456)\n"
      "  --drop-file-cache  data operations: drop the opened file's page cache first\n"
      "  --daemon PID       also print the CPU time and context switches of PID per operation\n"
      "  --total            time the whole loop only; no percentiles, no clock in the loop\n"
      "  --json             print one JSON object\n"
      "  --source DIR       make and remove the files here, behind the mount: DIR meets them cold\n"
      "  --only STEP        do one step only: prepare, measure or clean\n"
      "  --spin             burn one CPU until the parent process ends\n"
      "Operations:\n",
      out);
  for (const auto& ops : {metadata_ops(), data_ops()}) {
    for (const Op& op : ops) std::fprintf(out, "  %-14s %s\n", op.name, op.what);
  }
}

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "bench_fs: %s (see bench_fs --help)\n", why);
  std::exit(2);
}

uint64_t parse_number(const char* text) {
  char* end = nullptr;
  const unsigned long long value = std::strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0') refuse("a number was expected");
  return value;
}

pid_t parse_pid(const char* text) {
  const uint64_t pid = parse_number(text);
  if (pid == 0 || pid > std::numeric_limits<pid_t>::max()) refuse("--daemon takes a process id");
  return static_cast<pid_t>(pid);
}

void keep_one_step(Options& options, std::string_view step) {
  if (step != "prepare" && step != "measure" && step != "clean") {
    refuse("--only takes prepare, measure or clean");
  }
  options.prepare = step == "prepare";
  options.measure = step == "measure";
  options.clean = step == "clean";
}

struct Flag {
  const char* name;
  bool takes_value;
  void (*apply)(Options&, const char*);
};

constexpr Flag kFlags[] = {
    {"--op", true, [](Options& o, const char* text) { o.op = text; }},
    {"--dir", true, [](Options& o, const char* text) { o.dir = text; }},
    {"--source", true, [](Options& o, const char* text) { o.source = text; }},
    {"--count", true, [](Options& o, const char* text) { o.count = parse_number(text); }},
    {"--clients", true, [](Options& o, const char* text) { o.clients = parse_number(text); }},
    {"--seconds", true, [](Options& o, const char* text) { o.seconds_max = parse_number(text); }},
    {"--file-bytes", true, [](Options& o, const char* text) { o.file_bytes = parse_number(text); }},
    {"--daemon", true, [](Options& o, const char* text) { o.daemon = parse_pid(text); }},
    {"--only", true, [](Options& o, const char* text) { keep_one_step(o, text); }},
    {"--drop-file-cache", false, [](Options& o, const char*) { o.drop_file_cache = true; }},
    {"--total", false, [](Options& o, const char*) { o.each = false; }},
    {"--json", false, [](Options& o, const char*) { o.json = true; }},
};

const Flag* find_flag(std::string_view name) {
  const auto* found = std::ranges::find(kFlags, name, &Flag::name);
  return found == std::end(kFlags) ? nullptr : found;
}

void check(const Options& options) {
  if (options.op.empty() || options.dir.empty()) refuse("--op and --dir are required");
  if (options.count == 0 || options.clients == 0) refuse("--count and --clients start at 1");
  if (options.clients > 256) refuse("--clients ends at 256");
  if (options.seconds_max == 0 || options.seconds_max > 86400) refuse("--seconds takes 1 to 86400");
  if (options.file_bytes < (1ULL << 20)) refuse("--file-bytes starts at 1048576");
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--help") {
      print_usage(stdout);
      std::exit(0);
    }
    const Flag* flag = find_flag(argv[i]);
    if (flag == nullptr) refuse("an unknown option");
    if (flag->takes_value && i + 1 == argc) refuse("the last option lacks its value");
    flag->apply(options, flag->takes_value ? argv[++i] : nullptr);
  }
  check(options);
  if (options.source.empty()) options.source = options.dir;
  // Steps that run in processes of their own must agree on the name; a run of all three has a fresh
  // one, which no cache can know yet.
  const bool all = options.prepare && options.measure && options.clean;
  options.work = "bench_fs." + (all ? std::to_string(::getpid()) : "work");
  return options;
}

}  // namespace vexfs::bench
