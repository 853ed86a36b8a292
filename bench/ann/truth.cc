// Brute force over blocks of rows, which stay in the cache while a block of queries passes over
// them.
#include "truth.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

#include "kernels/distance.h"

namespace vexfs::bench {
namespace {

constexpr size_t kRowBlock = 256;   // 768 KiB of 768-dimensional rows: they stay in the L2 cache.
constexpr size_t kQueryBlock = 32;  // A thread takes so many queries at a time.

struct Candidate {
  float distance;
  uint32_t id;
  bool operator<(const Candidate& other) const {
    return distance != other.distance ? distance < other.distance : id < other.id;
  }
};

// Keeps the k nearest candidates so far as a heap with the farthest on top.
void offer(std::vector<Candidate>& heap, size_t k, Candidate candidate) {
  if (heap.size() < k) {
    heap.push_back(candidate);
    std::push_heap(heap.begin(), heap.end());
  } else if (candidate < heap.front()) {
    std::pop_heap(heap.begin(), heap.end());
    heap.back() = candidate;
    std::push_heap(heap.begin(), heap.end());
  }
}

// Compares the queries from `begin` to `end` with all rows of the set.
void search_block(const Matrix& base, const RowSet& set, const Matrix& queries, size_t begin,
                  size_t end, Metric metric, Truth& truth) {
  std::vector<std::vector<Candidate>> heaps(end - begin);
  for (size_t first = 0; first < set.rows; first += kRowBlock) {
    const size_t last = std::min(set.rows, first + kRowBlock);
    for (size_t q = begin; q < end; ++q) {
      for (size_t row = first; row < last; ++row) {
        if (set.allowed != nullptr && !(*set.allowed)[row]) continue;
        offer(heaps[q - begin], truth.k,
              {exact_distance(queries.row(q), base.row(row), base.dim(), metric),
               static_cast<uint32_t>(row)});
      }
    }
  }
  for (size_t q = begin; q < end; ++q) {
    std::vector<Candidate>& heap = heaps[q - begin];
    std::sort_heap(heap.begin(), heap.end());
    for (size_t i = 0; i < heap.size(); ++i) {
      truth.ids[q * truth.k + i] = heap[i].id;
      truth.distances[q * truth.k + i] = heap[i].distance;
    }
  }
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

}  // namespace

float exact_distance(const float* query, const float* row, size_t dim, Metric metric) {
  if (metric == Metric::kL2) return kernels::l2_squared(query, row, dim);
  const float dot = kernels::dot(query, row, dim);
  return metric == Metric::kCosine ? 1 - dot : -dot;
}

Truth find_truth(const Matrix& base, const RowSet& set, const Matrix& queries, size_t query_count,
                 size_t k, Metric metric, unsigned threads) {
  Truth truth;
  truth.queries = query_count;
  truth.k = k;
  truth.ids.assign(query_count * k, kNoRow);
  truth.distances.assign(query_count * k, INFINITY);
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t begin = next.fetch_add(kQueryBlock); begin < query_count;
         begin = next.fetch_add(kQueryBlock)) {
      const size_t end = std::min(query_count, begin + kQueryBlock);
      search_block(base, set, queries, begin, end, metric, truth);
    }
  };
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  helpers.clear();  // Joins.
  return truth;
}

Status write_truth(const Truth& truth, const std::string& path) {
  const File file(std::fopen(path.c_str(), "wbe"));
  if (file == nullptr) return errno_status("create truth");
  const std::array<uint32_t, 2> header = {static_cast<uint32_t>(truth.queries),
                                          static_cast<uint32_t>(truth.k)};
  const size_t count = truth.ids.size();
  if (std::fwrite(header.data(), sizeof(header), 1, file.get()) != 1 ||
      std::fwrite(truth.ids.data(), sizeof(uint32_t), count, file.get()) != count ||
      std::fwrite(truth.distances.data(), sizeof(float), count, file.get()) != count ||
      std::fflush(file.get()) != 0)
    return errno_status("write truth");
  return {};
}

Result<Truth> read_truth(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return errno_status("open truth");
  struct stat stat {};
  if (::fstat(::fileno(file.get()), &stat) != 0) return errno_status("stat truth");
  std::array<uint32_t, 2> header = {};
  if (std::fread(header.data(), sizeof(header), 1, file.get()) != 1)
    return Status(EUCLEAN, "truth: no header");
  const size_t count = size_t{header[0]} * header[1];
  if (header[1] == 0 || static_cast<size_t>(stat.st_size) !=
                            sizeof(header) + count * (sizeof(uint32_t) + sizeof(float)))
    return Status(EUCLEAN, "truth: header and size disagree");
  Truth truth;
  truth.queries = header[0];
  truth.k = header[1];
  truth.ids.resize(count);
  truth.distances.resize(count);
  if (std::fread(truth.ids.data(), sizeof(uint32_t), count, file.get()) != count ||
      std::fread(truth.distances.data(), sizeof(float), count, file.get()) != count)
    return Status(EUCLEAN, "truth: shorter than it says");
  return truth;
}

size_t count_wanted(const Truth& truth, size_t query_index, size_t k) {
  const auto ids = truth.ids_of(query_index).first(k);
  return k - static_cast<size_t>(std::count(ids.begin(), ids.end(), kNoRow));
}

size_t count_hits(const Truth& truth, size_t query_index, size_t k, std::span<const uint32_t> found,
                  const float* query, const Matrix& base, Metric metric) {
  const size_t wanted = count_wanted(truth, query_index, k);
  if (wanted == 0) return 0;
  // Distances come from the kernel that compared the rows found, so that ties are exact.
  const uint32_t farthest = truth.ids_of(query_index)[wanted - 1];
  const float limit = exact_distance(query, base.row(farthest), base.dim(), metric);
  const float slack = 1e-5F * std::abs(limit) + 1e-7F;
  size_t hits = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i] >= base.rows()) continue;
    if (std::find(found.begin(), found.begin() + static_cast<ptrdiff_t>(i), found[i]) !=
        found.begin() + static_cast<ptrdiff_t>(i))
      continue;
    if (exact_distance(query, base.row(found[i]), base.dim(), metric) <= limit + slack) ++hits;
  }
  return std::min(hits, wanted);
}

}  // namespace vexfs::bench
