// The program of a peer: its options, and the loop that reads commands.
#include "peer.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "session.h"

namespace vexfs::bench {
namespace {

[[noreturn]] void usage(const char* program) {
  std::fprintf(stderr,
               "usage: %s --base FILE --queries FILE --truth FILE --metric cosine|l2|ip\n"
               "          [--k N] [--m N] [--ef-construction N] [--variant NAME] [--cpu N]\n"
               "Reads commands, answers in JSON lines; see bench/ann/README.md.\n",
               program);
  std::exit(2);
}

bool parse_metric(const std::string& text, Metric& metric) {
  if (text == "cosine")
    metric = Metric::kCosine;
  else if (text == "l2")
    metric = Metric::kL2;
  else if (text == "ip")
    metric = Metric::kInnerProduct;
  else
    return false;
  return true;
}

SessionOptions parse(int argc, char** argv) {
  SessionOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    const auto number = [&] {
      return static_cast<uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    };
    if (name == "--base")
      options.base = value;
    else if (name == "--queries")
      options.queries = value;
    else if (name == "--truth")
      options.truth = value;
    else if (name == "--k")
      options.k = number();
    else if (name == "--m")
      options.peer.m = number();
    else if (name == "--ef-construction")
      options.peer.ef_construction = number();
    else if (name == "--variant")
      options.peer.variant = value;
    else if (name == "--cpu")
      options.cpu = static_cast<int>(number());
    else if (name != "--metric" || !parse_metric(value, options.peer.metric))
      usage(argv[0]);
  }
  if (argc % 2 == 0 || options.base.empty() || options.queries.empty() || options.truth.empty())
    usage(argv[0]);
  return options;
}

}  // namespace

Status Peer::save(const std::string& /*path*/) { return Status(ENOTSUP, "save"); }
Status Peer::load(const std::string& /*path*/, const Matrix& /*base*/, size_t /*rows*/) {
  return Status(ENOTSUP, "load");
}
Status Peer::erase(std::span<const uint32_t> /*ids*/, unsigned /*threads*/) {
  return Status(ENOTSUP, "erase");
}
Status Peer::insert(const Matrix& /*base*/, std::span<const uint32_t> /*ids*/,
                    unsigned /*threads*/) {
  return Status(ENOTSUP, "insert");
}
Status Peer::set_filter(const std::vector<bool>* allowed) {
  return allowed == nullptr ? Status() : Status(ENOTSUP, "filter");
}

int serve(int argc, char** argv, Peer* (*create)(const PeerSettings& settings)) {
  const SessionOptions options = parse(argc, argv);
  // A library may print. Its output goes to standard error, so that only answers are on the other.
  std::FILE* answers = ::fdopen(::dup(STDOUT_FILENO), "w");
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  Result<Session> session = Session::open(options, create);
  if (!session.ok()) {
    std::fprintf(stderr, "%s: %s: %s\n", argv[0], session.status().what(),
                 std::strerror(session.error()));
    return 1;
  }
  std::string line;
  while (std::getline(std::cin, line) && session.value().answer(Command(line), answers)) {
  }
  return 0;
}

}  // namespace vexfs::bench
