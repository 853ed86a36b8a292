// First the catalog gives slots up, then that is made durable, then the files shrink.
#include "engine/storage/hole_puncher.h"

#include <array>
#include <utility>
#include <vector>

#include "base/log.h"

namespace vexfs::engine {
namespace {

constexpr auto kQuietBeforePunching = std::chrono::milliseconds(500);

}  // namespace

HolePuncher::Clock::time_point HolePuncher::due() const {
  for (const SpacePointer& space : store_.spaces) {
    if (space->freed.anything_to_punch()) return commit_.last_change() + kQuietBeforePunching;
  }
  return Clock::time_point::max();
}

void HolePuncher::run(Clock::time_point now) {
  std::vector<std::pair<SpacePointer, uint32_t>> to_punch;
  bool shrunk = false;
  {
    const MutexLock commit_lock(commit_.mutex());
    {
      const MutexLock lock(store_.mutex());
      if (!commit_.may_change().ok() || now < due() || commit_.changes_waiting() > 0) return;
      for (const SpacePointer& space : store_.spaces) {
        if (!space->is_open() || !space->freed.anything_to_punch()) continue;
        const Result<uint32_t> end = store_.catalog->shrink(space->id(), 0);
        if (!end.ok()) continue;
        const uint32_t unused = space->freed.unused_before(end.value());
        const Result<uint32_t> shorter = store_.catalog->shrink(space->id(), unused);
        if (!shorter.ok()) continue;
        shrunk |= shorter.value() < end.value();
        to_punch.emplace_back(space, shorter.value());
      }
      if (shrunk) commit_.note_change();
    }
    if (shrunk && !commit_.commit().ok()) return;
  }
  for (const auto& [space, slots_end] : to_punch) punch(*space, slots_end);
}

void HolePuncher::punch(SpaceState& space, uint32_t slots_end) {
  {
    const MutexLock lock(store_.mutex());
    // Slots may have been added meanwhile.
    const Result<uint32_t> end = store_.catalog->shrink(space.id(), 0);
    if (end.ok() && end.value() == slots_end) {
      const Status status = space.vectors->truncate(slots_end);
      if (!status.ok()) log(LogLevel::kWarning, "cutting a vector file", status);
      space.freed.cut(slots_end);
    }
  }
  std::array<FreedSlots::Run, 16> runs;
  uint32_t from = 0;
  for (;;) {
    const MutexLock lock(store_.mutex());
    const size_t count = space.freed.runs(from, slots_end, runs);
    if (count == 0 || !space.current) return;
    for (size_t i = 0; i < count; ++i) {
      const Status status = space.vectors->punch(Slot{runs[i].first}, runs[i].count);
      if (!status.ok()) log(LogLevel::kWarning, "punching a vector file", status);
      space.freed.punched(runs[i]);
    }
    from = runs[count - 1].first + runs[count - 1].count;
  }
}

}  // namespace vexfs::engine
