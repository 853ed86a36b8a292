// Costs of allocation and of the C library's memory and string functions.
#include <sys/mman.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <list>
#include <new>
#include <random>
#include <thread>
#include <unordered_map>

#include "measure_costs.h"
#include "painted_call.h"

namespace vexfs::stack_cost {
namespace {

constexpr int kRounds = 60000;

// Sizes that take every path: thread cache, fast bins, top of the arena, mmap.
size_t size_of_round(std::mt19937_64& random) {
  constexpr std::array<size_t, 6> kLimits = {64, 512, 4096, 65536, 262144, 4 << 20};
  const uint64_t draw = random();
  return 1 + (draw >> 8) % kLimits[draw % 100 < 94 ? draw % 4 : 4 + draw % 2];
}

void* measure_allocation(std::mt19937_64& random) {
  const size_t size = size_of_round(random);
  void* memory = nullptr;
  switch (random() % 7) {
    case 0:
      measure_block("malloc", [&] { memory = malloc(size); });
      break;
    case 1:
      measure_block("calloc", [&] { memory = calloc(1, size); });
      break;
    case 2:
      memory = malloc(size_of_round(random));
      measure_block("realloc", [&] { memory = realloc(memory, size); });
      break;
    case 3:
      measure_block("_Znwm", [&] { memory = ::operator new(size); });
      break;
    case 4:
      measure_block("_ZnamRKSt9nothrow_t", [&] { memory = ::operator new[](size, std::nothrow); });
      break;
    case 5:
      measure_block("_Znam", [&] { memory = ::operator new[](size); });
      break;
    default:
      measure_block("_ZnwmRKSt9nothrow_t", [&] { memory = ::operator new(size, std::nothrow); });
  }
  return memory;
}

// The operator delete that new (std::nothrow) calls when the constructor throws.
void (*const release_nothrow)(void*, const std::nothrow_t&) = &::operator delete;

void measure_release(std::mt19937_64& random, void* memory) {
  switch (random() % 4) {
    case 0:
      measure("free", &free, memory);
      break;
    case 1:
      measure_block("_ZdaPv", [&] { delete[] static_cast<char*>(memory); });
      break;
    case 2:
      measure_block("_ZdlPvRKSt9nothrow_t", [&] { release_nothrow(memory, std::nothrow); });
      break;
    default:
      measure_block("_ZdlPvm", [&] { ::operator delete (memory, size_t{1}); });
  }
}

void churn_heap() {
  std::mt19937_64 random(7);
  std::array<void*, 512> held{};
  for (int round = 0; round < kRounds; ++round) {
    void*& slot = held[random() % held.size()];
    if (slot != nullptr) {
      measure_release(random, slot);
      slot = nullptr;
    } else {
      slot = measure_allocation(random);
    }
    if (round % 5000 == 0) {  // Whole heaps come and go, which trims them and makes new arenas.
      for (void*& each : held) {
        if (each != nullptr) measure_release(random, each);
        each = nullptr;
      }
    }
  }
  for (void* each : held) free(each);
}

void measure_hashing() {
  std::unordered_map<uint64_t, uint64_t> map;
  const std::__detail::_Prime_rehash_policy policy;
  const auto need = [&] { policy._M_need_rehash(13, 1000, 200); };
  measure_block("_ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm", need);
  measure_block("_ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm",
                [&] { policy._M_next_bkt(1000); });
  measure("_ZSt11_Hash_bytesPKvmm", &std::_Hash_bytes, "abcdefgh", 8, 17);
}

// The functions on which std::list stands. None of them calls anything.
void measure_lists() {
  using Node = std::__detail::_List_node_base;
  Node end;
  std::array<Node, 2> nodes;
  end._M_next = end._M_prev = &end;
  for (Node& node : nodes) {
    measure_block("_ZNSt8__detail15_List_node_base7_M_hookEPS0_", [&] { node._M_hook(&end); });
  }
  measure_block("_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_",
                [&] { nodes[0]._M_transfer(&nodes[1], &end); });
  for (Node& node : nodes) {
    measure_block("_ZNSt8__detail15_List_node_base9_M_unhookEv", [&] { node._M_unhook(); });
  }
}

}  // namespace

void measure_memory() {
  std::thread(churn_heap).join();  // A thread of its own starts without cache and arena.
  measure_hashing();
  measure_lists();
  void* const mapping = mmap(nullptr, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  measure("mprotect", &mprotect, mapping, 8192, PROT_READ | PROT_WRITE);
  measure("madvise", &madvise, mapping, 8192, MADV_DONTNEED);
  measure("munmap", &munmap, mapping, 8192);
  measure("mmap", &mmap, nullptr, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

void measure_strings() {
  static std::array<char, 1 << 20> from;
  static std::array<char, 1 << 20> to;
  from.fill('a');
  const auto compare = static_cast<int (*)(const char*, const char*)>(&std::strcmp);
  for (size_t bytes = 0; bytes < from.size(); bytes = bytes * 2 + 1) {
    measure("memcpy", &memcpy, to.data(), from.data(), bytes);
    measure("memmove", &memmove, to.data() + 3, to.data(), bytes / 2);
    measure("memset", &memset, to.data(), 'a', bytes);
    measure("memcmp", &memcmp, to.data(), from.data(), bytes);
    from[bytes] = '\0';
    to[bytes] = '\0';
    measure("strlen", &strlen, from.data());
    measure("strnlen", &strnlen, from.data(), bytes);
    measure("strcmp", compare, from.data(), to.data());
    measure("strncmp", &strncmp, from.data(), to.data(), bytes);
    measure("memchr", static_cast<void* (*)(void*, int, size_t)>(&std::memchr), from.data(), 'b',
            bytes);
    measure("strchr", static_cast<char* (*)(char*, int)>(&std::strchr), from.data(), 'b');
    measure("strrchr", static_cast<char* (*)(char*, int)>(&std::strrchr), from.data(), 'b');
    from[bytes] = 'a';
    to[bytes] = 'a';
  }
  measure("strerrorname_np", &strerrorname_np, 2);
  measure("strerrordesc_np", &strerrordesc_np, 2);
  char digits[64];
  measure<double(double), double>("sqrt", &sqrt, -1.0);
  measure_block("_ZSt8to_charsPcS_dSt12chars_formati", [&] {
    std::to_chars(digits, digits + sizeof(digits), 1234.5678, std::chars_format::fixed, 3);
  });
}

}  // namespace vexfs::stack_cost
