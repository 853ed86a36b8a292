// Searches count themselves in one of two numbers; the waiter turns new ones to the other.
#include "engine/space/search_epochs.h"

namespace vexfs::engine {

SearchEpochs::Entered SearchEpochs::enter() {
  // Sequential consistency throughout: either the waiter's turn of the epoch is seen here, or this
  // count is seen by the waiter.
  for (;;) {
    const uint32_t epoch = epoch_.load();
    std::atomic<uint32_t>& count = running_[epoch % 2];
    count.fetch_add(1);
    if (epoch_.load() == epoch) return Entered(&count);
    leave(count);  // The waiter may have passed this count already: it must not rest on it.
  }
}

void SearchEpochs::leave(std::atomic<uint32_t>& count) {
  if (count.fetch_sub(1) == 1) count.notify_all();
}

void SearchEpochs::wait_for_searches() {
  std::atomic<uint32_t>& count = running_[epoch_.fetch_add(1) % 2];
  for (uint32_t left = count.load(); left != 0; left = count.load()) count.wait(left);
}

}  // namespace vexfs::engine
