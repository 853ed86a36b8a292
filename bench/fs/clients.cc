// Clients are forked, get ready one by one, and are released together through a pipe.
#include "clients.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <system_error>

namespace vexfs::bench {
namespace {

uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000U + static_cast<uint64_t>(now.tv_nsec);
}

// Memory that the parent and its clients share; `count` samples for each client follow it.
struct Lane {
  uint64_t start_ns, end_ns, operations, samples;
};

class SharedLanes {
 public:
  SharedLanes(uint64_t clients, uint64_t samples) : clients_(clients), samples_(samples) {
    bytes_ = clients * (sizeof(Lane) + samples * sizeof(uint32_t));
    constexpr int kFlags =
        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;  // The measured loop has no page faults.
    address_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (address_ == MAP_FAILED) die("mmap of the samples");
  }
  SharedLanes(const SharedLanes&) = delete;
  SharedLanes& operator=(const SharedLanes&) = delete;
  ~SharedLanes() { ::munmap(address_, bytes_); }

  Lane& lane(uint64_t client) { return static_cast<Lane*>(address_)[client]; }
  uint32_t* samples(uint64_t client) {
    return reinterpret_cast<uint32_t*>(static_cast<Lane*>(address_) + clients_) + client * samples_;
  }

 private:
  uint64_t clients_;
  uint64_t samples_;
  size_t bytes_ = 0;
  void* address_ = nullptr;
};

void enter(const std::string& parent, const Options& options, uint64_t client) {
  const std::string path = parent + "/" + options.work + "/" + std::to_string(client);
  if (::chdir(path.c_str()) != 0) die("chdir", path.c_str());
}

void make_dir(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) die("mkdir", path.c_str());
}

void run_steps(Work& work, const Op& op, Lane& lane, uint32_t* samples) {
  const uint64_t count = work.options.count;
  uint64_t done = 0;
  uint64_t steps = 0;
  lane.start_ns = now_ns();
  const uint64_t last_ns = lane.start_ns + work.options.seconds_max * 1000000000U;
  if (work.options.each) {
    for (uint64_t before = lane.start_ns; done < count && before < last_ns; ++steps) {
      const uint64_t added = op.step(work, done);
      const uint64_t after = now_ns();
      const uint64_t each = (after - before) / added;
      samples[steps] =
          static_cast<uint32_t>(std::min<uint64_t>(each, std::numeric_limits<uint32_t>::max()));
      done += added;
      before = after;
    }
  } else {
    constexpr uint64_t kStepsPerClock = 256;
    while (done < count && (++steps % kStepsPerClock != 0 || now_ns() < last_ns)) {
      done += op.step(work, done);
    }
  }
  if (op.end != nullptr) op.end(work);
  lane.end_ns = now_ns();
  lane.operations = done;
  lane.samples = work.options.each ? steps : 0;
}

// Runs a client: it gets ready, says so on `ready`, and starts when `start` is at its end of file.
[[noreturn]] void run_client(const Options& options, const Op& op, uint64_t client,
                             SharedLanes& lanes, int ready, int start) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  enter(options.dir, options, client);
  Work work{options, Fd(), {}, nullptr};
  if (op.begin != nullptr) op.begin(work);
  char byte = 0;
  if (::write(ready, &byte, 1) != 1) die("write to the ready pipe");
  if (::read(start, &byte, 1) != 0) die("read from the start pipe");
  run_steps(work, op, lanes.lane(client), lanes.samples(client));
  ::_exit(0);
}

void make_pipe(Fd& reader, Fd& writer) {
  int ends[2];
  if (::pipe(ends) != 0) die("pipe");
  reader.reset(ends[0]);
  writer.reset(ends[1]);
}

bool wait_for_all(uint64_t clients) {
  bool succeeded = true;
  for (uint64_t i = 0; i < clients; ++i) {
    int status = 0;
    if (::wait(&status) < 0) die("wait");
    succeeded = succeeded && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  return succeeded;
}

}  // namespace

void die(const char* what, const char* name) {
  const int error = errno;
  const std::string why = std::generic_category().message(error);
  std::fprintf(stderr, "bench_fs: %s %s: %s\n", what, name, why.c_str());
  std::_Exit(1);
}

void prepare_clients(const Options& options, const Op& op) {
  const std::string parent = options.source + "/" + options.work;
  make_dir(parent);
  const std::filesystem::path before = std::filesystem::current_path();
  for (uint64_t client = 0; client < options.clients; ++client) {
    make_dir(parent + "/" + std::to_string(client));
    enter(options.source, options, client);
    Work work{options, Fd(), {}, nullptr};
    if (op.prepare != nullptr) op.prepare(work);
    if (::chdir(before.c_str()) != 0) die("chdir", before.c_str());
  }
}

std::optional<Measured> measure_clients(const Options& options, const Op& op) {
  SharedLanes lanes(options.clients, options.each ? options.count : 0);
  Fd ready_in, ready_out, start_in, start_out;
  make_pipe(ready_in, ready_out);
  make_pipe(start_in, start_out);
  for (uint64_t client = 0; client < options.clients; ++client) {
    const pid_t pid = ::fork();
    if (pid < 0) die("fork");
    if (pid == 0) {
      start_out.reset();
      run_client(options, op, client, lanes, ready_out.get(), start_in.get());
    }
  }
  ready_out.reset();
  for (uint64_t i = 0; i < options.clients; ++i) {
    char byte = 0;
    if (::read(ready_in.get(), &byte, 1) != 1) break;  // All others are ready; one has failed.
  }
  const DaemonCost before = daemon_cost(options.daemon);  // The preparations do not count.
  start_out.reset();
  if (!wait_for_all(options.clients)) return std::nullopt;

  Measured measured;
  measured.cost = daemon_cost(options.daemon) - before;
  uint64_t first = std::numeric_limits<uint64_t>::max();
  uint64_t last = 0;
  for (uint64_t client = 0; client < options.clients; ++client) {
    const Lane& lane = lanes.lane(client);
    first = std::min(first, lane.start_ns);
    last = std::max(last, lane.end_ns);
    measured.operations += lane.operations;
    const uint32_t* samples = lanes.samples(client);
    measured.nanoseconds.insert(measured.nanoseconds.end(), samples, samples + lane.samples);
  }
  measured.seconds = static_cast<double>(last - first) / 1e9;
  return measured;
}

void clean_clients(const Options& options) {
  std::error_code error;
  const std::string parent = options.source + "/" + options.work;
  std::filesystem::remove_all(parent, error);
  if (error) {
    errno = error.value();
    die("remove", parent.c_str());
  }
}

}  // namespace vexfs::bench
