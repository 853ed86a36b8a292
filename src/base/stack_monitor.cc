// Painting and scanning of stacks.
#include "base/stack_monitor.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

#include "base/limits.h"

namespace vexfs {
namespace {

// Eight different bytes, none of them common in addresses, counters or text.
constexpr uint64_t kPaint = 0xd1b39ac7e58df6ab;
using Word [[gnu::may_alias]] = uint64_t;  // Stack bytes of any type are looked at through it.
constexpr size_t kWordBytes = sizeof(Word);

struct Probe {
  uintptr_t lowest = 0;  // 0: the thread is not attached.
  uint32_t measure_every = 0;
  uint32_t until_measured = 0;  // Requests before the next measured one.
  // The request in flight. Everything in [window_low, window_high) was painted when it began.
  uintptr_t window_low = 0;
  uintptr_t window_high = 0;  // 0: this request is not measured.
  uintptr_t frame = 0;        // 0: no handler was entered.
  uint32_t operation = 0;
};

// Constant-initialised and in the static TLS block: access is one %fs-relative load, with neither a
// guard nor an allocation on a thread's first use.
[[gnu::tls_model("initial-exec")]] constinit thread_local Probe t_probe;

constinit std::array<std::atomic<uint32_t>, StackMonitor::kOperationsMax> g_high_water{};
constinit std::atomic<uint64_t> g_refused{0};

// The first word in [from, to) that lost its paint; `to` when none did. Both are word-aligned.
[[gnu::always_inline]] inline uintptr_t first_unpainted_word(uintptr_t from, uintptr_t to) {
  constexpr size_t kStride = 4 * kWordBytes;
  while (to - from >= kStride) {
    const auto* w = reinterpret_cast<const Word*>(from);
    if (((w[0] ^ kPaint) | (w[1] ^ kPaint) | (w[2] ^ kPaint) | (w[3] ^ kPaint)) != 0) break;
    from += kStride;
  }
  while (from < to && *reinterpret_cast<const Word*>(from) == kPaint) from += kWordBytes;
  return from;
}

// The lowest byte in [from, to) that lost its paint; `to` when none did.
[[gnu::always_inline]] inline uintptr_t first_unpainted_byte(uintptr_t from, uintptr_t to) {
  const uintptr_t at = first_unpainted_word(from, to);
  if (at == to) return to;
  const uint64_t difference = *reinterpret_cast<const Word*>(at) ^ kPaint;
  const int bytes_intact =
      (std::endian::native == std::endian::little ? std::countr_zero(difference)
                                                  : std::countl_zero(difference)) /
      8;
  return at + static_cast<uintptr_t>(bytes_intact);
}

// An earlier request left its bytes from the first unpainted word on, so only those above it need
// paint.
[[gnu::always_inline]] inline void repaint(uintptr_t low, uintptr_t high) {
  for (uintptr_t at = first_unpainted_word(low, high); at < high; at += kWordBytes) {
    *reinterpret_cast<Word*>(at) = kPaint;
  }
}

}  // namespace

void StackMonitor::attach_thread(void* lowest, size_t bytes, uint32_t measure_every) {
  if constexpr (!kEnabled) return;
  t_probe = Probe{};
  if (bytes == 0) return;
  t_probe.lowest = reinterpret_cast<uintptr_t>(lowest);
  t_probe.measure_every = measure_every;
}

// Not inlined, and calls nothing: what lies kBlindBytes below its frame belongs to no live frame.
[[gnu::noinline]] void StackMonitor::probe_begin() {
  if constexpr (!kEnabled) return;
  Probe& probe = t_probe;
  probe.window_high = 0;
  probe.frame = 0;
  if (probe.lowest == 0 || probe.measure_every == 0) return;
  if (probe.until_measured != 0) {
    --probe.until_measured;
    return;
  }
  probe.until_measured = probe.measure_every - 1;

  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const uintptr_t low = (probe.lowest + kWordBytes - 1) & ~(kWordBytes - 1);
  const uintptr_t high = (here - kBlindBytes) & ~(kWordBytes - 1);
  if (here < kBlindBytes || high <= low) return;  // Nothing to paint: probe_enter will refuse.
  probe.window_low =
      high - low > limits::kStackWindowBytes ? high - limits::kStackWindowBytes : low;
  probe.window_high = high;
  repaint(probe.window_low, high);
}

// Not inlined, and calls nothing that is not inlined: see probe_begin.
[[gnu::noinline]] bool StackMonitor::probe_enter(uint32_t operation, const void* frame) {
  if constexpr (!kEnabled) return true;
  Probe& probe = t_probe;
  if (probe.lowest == 0) return true;
  const auto at = reinterpret_cast<uintptr_t>(frame);
  if (at < probe.lowest || at - probe.lowest < limits::kStackRedZoneBytes) {
    g_refused.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  probe.frame = at;
  probe.operation = operation;
  if (probe.window_high == 0) return true;
  // What the dispatcher left on the way here (its first allocation in a thread goes deep) is not
  // the handler's.
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const uintptr_t high = (here - kBlindBytes) & ~(kWordBytes - 1);
  if (high <= probe.window_low || high >= probe.window_high) return true;
  repaint(probe.window_low, high);
  probe.window_high = high;
  return true;
}

[[gnu::noinline]] void StackMonitor::probe_end() {
  if constexpr (!kEnabled) return;
  Probe& probe = t_probe;
  if (probe.window_high == 0) return;
  const uintptr_t high = probe.window_high;
  probe.window_high = 0;
  if (probe.frame == 0 || probe.operation >= kOperationsMax) return;

  const uintptr_t deepest = first_unpainted_byte(probe.window_low, high);
  if (deepest >= probe.frame) return;
  const auto depth = static_cast<uint32_t>(probe.frame - deepest);
  std::atomic<uint32_t>& mark = g_high_water[probe.operation];
  uint32_t seen = mark.load(std::memory_order_relaxed);
  while (seen < depth && !mark.compare_exchange_weak(seen, depth, std::memory_order_relaxed)) {
  }
}

uint32_t StackMonitor::high_water_bytes(uint32_t operation) {
  return operation < kOperationsMax ? g_high_water[operation].load(std::memory_order_relaxed) : 0;
}

uint64_t StackMonitor::refused() { return g_refused.load(std::memory_order_relaxed); }

}  // namespace vexfs
