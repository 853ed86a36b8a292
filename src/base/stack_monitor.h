// StackMonitor: the measured half of the stack budget.
//
// Every request thread of VexFS runs on a stack that was painted before use. Around a request the
// thread scans for the lowest byte that lost its paint; the distance from the handler's frame to
// that byte is the depth of the operation. High-water marks are kept per operation for the life of
// the process. Painting misses bytes that a frame reserved but never wrote; the proved figure
// (tools/stack) has those.
//
// The measure is exact up to limits::kStackWindowBytes below the caller of probe_begin; a deeper
// request is reported as that much. Frames within kBlindBytes of probe_begin's own cannot be
// distinguished; such a shallow depth is rounded up, never down.
//
// Cost, at -O2 on a virtual CPU of a shared machine: 4 ns for a request that is not measured, 0.6
// us for one that is (two scans of the window), 14 ns on average when one in 64 is. The window
// makes 16 KiB of each stack resident.
//
// Threads: probe_* touch only the calling thread's probe and relaxed atomics; snapshots may be
// taken from any thread at any time.
#ifndef VEXFS_BASE_STACK_MONITOR_H_
#define VEXFS_BASE_STACK_MONITOR_H_

#include <cstddef>
#include <cstdint>

#include "base/sanitizer.h"

namespace vexfs {

class StackMonitor {
 public:
  static constexpr size_t kOperationsMax = 64;  // Operation ids are 0..63; the caller names them.
  static constexpr size_t kBlindBytes = 256;    // The monitor's own frames, and the ABI's red zone.
  // Sanitizers inflate frames and keep shadow state for them: nothing is painted, measured or
  // refused in their builds.
  static constexpr bool kEnabled = !kSanitized;

  // Declares [lowest, lowest + bytes) as the calling thread's stack. Until then, and on any other
  // thread, the probe functions do nothing and admit everything. measure_every = 1 measures each
  // request, n measures one in n, and 0 measures none.
  static void attach_thread(void* lowest, size_t bytes, uint32_t measure_every);

  // Called before a request is dispatched. Repaints the stack below the caller's frame when this
  // request is measured; the first request of a thread is.
  static void probe_begin();
  // Called by the handler, with its operation and its frame (__builtin_frame_address(0)). False
  // when fewer than limits::kStackRedZoneBytes are left below the frame: the handler must answer
  // ENOMEM.
  [[nodiscard]] static bool probe_enter(uint32_t operation, const void* frame);
  // Called after the dispatch. Scans the stack, and raises the operation's high-water mark.
  static void probe_end();

  // The greatest depth in bytes that was measured for an operation; 0 when none was.
  static uint32_t high_water_bytes(uint32_t operation);
  static uint64_t refused();  // Requests that probe_enter turned away.
};

}  // namespace vexfs

#endif  // VEXFS_BASE_STACK_MONITOR_H_
