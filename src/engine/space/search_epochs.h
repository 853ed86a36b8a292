// SearchEpochs: knows when every search that ran at some moment has ended.
#ifndef VEXFS_ENGINE_SPACE_SEARCH_EPOCHS_H_
#define VEXFS_ENGINE_SPACE_SEARCH_EPOCHS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

namespace vexfs::engine {

// A search enters, reads rows, and leaves. Whoever took a row out of everything that leads to it
// calls wait_for_searches() and may use the row again then. Searches wait for nothing, and a stream
// of them does not starve the waiter: those that enter after it began are counted elsewhere.
//
// Threads: any number may enter and leave at once; the owner makes sure that only one thread at a
// time is in wait_for_searches().
class SearchEpochs {
 public:
  // While one lives, the rows that a search could reach keep their meaning.
  class [[nodiscard]] Entered {
   public:
    Entered(Entered&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Entered& operator=(Entered&&) = delete;
    ~Entered() {
      if (count_ != nullptr) leave(*count_);
    }

   private:
    friend class SearchEpochs;
    explicit Entered(std::atomic<uint32_t>* count) : count_(count) {}
    std::atomic<uint32_t>* count_;
  };

  Entered enter();
  // Returns when all that had entered before the call have left.
  void wait_for_searches();
  // The number of waits that have begun. A search that enters after a wait was counted here does
  // not hold that wait up.
  uint32_t epoch() const { return epoch_.load(); }

 private:
  static void leave(std::atomic<uint32_t>& count);

  // How many run of those that entered in an even and in an odd epoch.
  std::array<std::atomic<uint32_t>, 2> running_{};
  std::atomic<uint32_t> epoch_{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_SEARCH_EPOCHS_H_
