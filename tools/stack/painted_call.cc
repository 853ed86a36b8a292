// The stack switch, the paint and the scan.
#include "painted_call.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

extern "C" void vexfs_call_on_stack(void* top, void (*body)(void*), void* argument);

asm(R"(
  .text
  .type vexfs_call_on_stack, @function
vexfs_call_on_stack:
  push %rbp
  mov %rsp, %rbp
  mov %rdi, %rsp
  mov %rdx, %rdi
  call *%rsi
  mov %rbp, %rsp
  pop %rbp
  ret
  .size vexfs_call_on_stack, . - vexfs_call_on_stack
)");

namespace vexfs::stack_cost {
namespace {

constexpr size_t kWords = kPaintedBytes / sizeof(uint64_t);

struct alignas(64) PaintedStack {
  uint64_t words[kWords];
};

// A word is painted with a hash of its place: no call writes that by chance.
uint64_t paint(size_t place) { return (place + 1) * 0x9e3779b97f4a7c15ULL; }

}  // namespace

void* volatile stack_pointer_before = nullptr;

Costs& costs() {
  static Costs table;
  return table;
}

void run_on_painted_stack(const char* name, void (*body)(void*), void* argument) {
  thread_local const auto stack = std::make_unique<PaintedStack>();
  uint64_t* const words = stack->words;
  for (size_t i = 0; i < kWords; ++i) words[i] = paint(i);
  vexfs_call_on_stack(words + kWords, body, argument);

  size_t lowest = 0;
  while (lowest < kWords && words[lowest] == paint(lowest)) ++lowest;
  if (lowest == 0) {
    std::fprintf(stderr, "%s takes more than %zu bytes\n", name, kPaintedBytes);
    std::abort();
  }
  const auto before = reinterpret_cast<uintptr_t>(stack_pointer_before);
  const auto deepest = reinterpret_cast<uintptr_t>(words + lowest);
  size_t& cost = costs()[name];
  cost = std::max(cost, before > deepest ? before - deepest : 0);
}

}  // namespace vexfs::stack_cost
