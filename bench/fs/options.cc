#include "options.h"

#include <getopt.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "op.h"

namespace vexfs::bench {
namespace {

void print_usage(FILE* out) {
  std::fputs(
      "usage: bench_fs --op NAME --dir DIR [--count N] [options]\n"
      "Measures one file system operation in a working directory that it makes in DIR and removes.\n"
      "  --clients N        run the operation in N processes, each in a directory of its own\n"
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

void keep_one_step(Options& options, std::string_view step) {
  if (step != "prepare" && step != "measure" && step != "clean") {
    refuse("--only takes prepare, measure or clean");
  }
  options.prepare = step == "prepare";
  options.measure = step == "measure";
  options.clean = step == "clean";
}

}  // namespace

Options parse_options(int argc, char** argv) {
  enum Long {
    kOp = 1, kDir, kCount, kClients, kFileBytes, kDrop, kDaemon, kTotal, kJson, kSource, kOnly, kHelp
  };
  static const option kLong[] = {{"op", required_argument, nullptr, kOp},
                                 {"dir", required_argument, nullptr, kDir},
                                 {"count", required_argument, nullptr, kCount},
                                 {"clients", required_argument, nullptr, kClients},
                                 {"file-bytes", required_argument, nullptr, kFileBytes},
                                 {"drop-file-cache", no_argument, nullptr, kDrop},
                                 {"daemon", required_argument, nullptr, kDaemon},
                                 {"total", no_argument, nullptr, kTotal},
                                 {"json", no_argument, nullptr, kJson},
                                 {"source", required_argument, nullptr, kSource},
                                 {"only", required_argument, nullptr, kOnly},
                                 {"help", no_argument, nullptr, kHelp},
                                 {nullptr, 0, nullptr, 0}};
  Options options;
  int chosen = 0;
  while ((chosen = ::getopt_long(argc, argv, "", kLong, nullptr)) != -1) {
    switch (chosen) {
      case kOp: options.op = optarg; break;
      case kDir: options.dir = optarg; break;
      case kCount: options.count = parse_number(optarg); break;
      case kClients: options.clients = static_cast<unsigned>(parse_number(optarg)); break;
      case kFileBytes: options.file_bytes = parse_number(optarg); break;
      case kDrop: options.drop_file_cache = true; break;
      case kDaemon: options.daemon = static_cast<pid_t>(parse_number(optarg)); break;
      case kTotal: options.each = false; break;
      case kJson: options.json = true; break;
      case kSource: options.source = optarg; break;
      case kOnly: keep_one_step(options, optarg); break;
      case kHelp: print_usage(stdout); std::exit(0);
      default: std::exit(2);
    }
  }
  if (optind != argc) refuse("an argument too many");
  if (options.op.empty() || options.dir.empty()) refuse("--op and --dir are required");
  if (options.count == 0 || options.clients == 0) refuse("--count and --clients start at 1");
  if (options.clients > 256) refuse("--clients ends at 256");
  if (options.file_bytes < (1ULL << 20)) refuse("--file-bytes starts at 1048576");
  if (options.source.empty()) options.source = options.dir;
  // Steps that run in processes of their own must agree on the name; a run of all three has a fresh
  // one, which no cache can know yet.
  const bool all = options.prepare && options.measure && options.clean;
  options.work = "bench_fs." + (all ? std::to_string(::getpid()) : "work");
  return options;
}

}  // namespace vexfs::bench
