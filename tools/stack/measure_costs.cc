// measure_costs: prints "name bytes" for every library call that a request of VexFS may make.
//
// The figures go into library_costs.json with a margin (check_costs.py). The program is linked as
// the product is, with eager binding, and has a second thread, since the C library takes shorter
// ways in a process with one.
#include "measure_costs.h"

#include <signal.h>

#include <cstdio>
#include <semaphore>
#include <thread>

#include "painted_call.h"

using namespace vexfs::stack_cost;

int main() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // A signal's frame would be measured as the call's.
  std::binary_semaphore done(0);
  std::thread second([&] { done.acquire(); });
  measure_files();
  measure_memory();
  measure_strings();
  measure_threads();
  measure_process();
  measure_libfuse();
  measure_sqlite();
  done.release();
  second.join();
  for (const auto& [name, bytes] : costs()) std::printf("%s %zu\n", name.c_str(), bytes);
  return 0;
}
