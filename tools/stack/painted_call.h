// Measures what one call takes of the stack: it runs on a painted stack, and the lowest word that
// lost its paint is compared with the stack pointer before the call. x86-64 only.
#ifndef VEXFS_TOOLS_STACK_PAINTED_CALL_H_
#define VEXFS_TOOLS_STACK_PAINTED_CALL_H_

#include <cstddef>
#include <map>
#include <string>

namespace vexfs::stack_cost {

// Assembler name of a call to the most bytes that any run of it took, return address included.
using Costs = std::map<std::string, size_t>;
Costs& costs();

inline constexpr size_t kPaintedBytes = 48 * 1024;  // More than any priced call may take.

// Where run_on_painted_stack's callee leaves its stack pointer just before the measured call: one
// thread measures at a time.
extern void* volatile stack_pointer_before;

// Runs `body(argument)` on the painted stack of the calling thread and records under `name` how far
// below stack_pointer_before it reached.
void run_on_painted_stack(const char* name, void (*body)(void*), void* argument);

template <typename Call>
__attribute__((noinline)) void marked(void* argument) {
  auto& call = *static_cast<Call*>(argument);
  asm volatile("mov %%rsp, %0" : "=m"(stack_pointer_before) : : "memory");
  call();
  asm volatile("" : : : "memory");  // No tail call: the frame stays until the call is over.
}

// Calls `function(arguments...)` once, on painted stack. The call goes through a pointer that the
// compiler cannot see through, so that built-in functions are called as well.
template <typename Function, typename... Arguments>
void measure(const char* name, Function* function, Arguments... arguments) {
  Function* volatile hidden = function;
  auto call = [&]() __attribute__((always_inline)) { hidden(arguments...); };
  run_on_painted_stack(name, &marked<decltype(call)>, &call);
}

// As measure(), for what it takes an expression to call; the function that does so is not inlined
// and its own small frame counts.
template <typename Call>
void measure_block(const char* name, Call call) {
  run_on_painted_stack(name, &marked<Call>, &call);
}

}  // namespace vexfs::stack_cost

#endif  // VEXFS_TOOLS_STACK_PAINTED_CALL_H_
