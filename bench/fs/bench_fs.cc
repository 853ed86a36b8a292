// bench_fs: measures one file system operation; the probe under bench/fs/run.
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "clients.h"
#include "op.h"
#include "options.h"
#include "report.h"

namespace vexfs::bench {
namespace {

const Op* find_op(const std::string& name) {
  for (const auto& ops : {metadata_ops(), data_ops()}) {
    for (const Op& op : ops) {
      if (name == op.name) return &op;
    }
  }
  return nullptr;
}

// The load of busy runs. It ends when its parent does, however that ends.
[[noreturn]] void spin() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (std::atomic<unsigned> turn = 0;;) turn.fetch_add(1, std::memory_order_relaxed);
}

int run(const Options& options) {
  const Op* op = find_op(options.op);
  if (op == nullptr) {
    std::fprintf(stderr, "bench_fs: no operation is called %s (see bench_fs --help)\n",
                 options.op.c_str());
    return 2;
  }
  int exit_code = 0;
  if (options.prepare) prepare_clients(options, *op);
  if (options.measure) {
    std::optional<Measured> measured = measure_clients(options, *op);
    if (measured) {
      print_report(options, *op, std::move(*measured));
    } else {
      exit_code = 1;
    }
  }
  if (options.clean) clean_clients(options);
  return exit_code;
}

}  // namespace
}  // namespace vexfs::bench

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--spin") == 0) vexfs::bench::spin();
  return vexfs::bench::run(vexfs::bench::parse_options(argc, argv));
}
