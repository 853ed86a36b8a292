// Lays the arrays of a scratch out in one mapping. Each is as long as any search can need, by the
// bounds of base/limits.h; pages that no search touches cost no memory.
#include "index/search_scratch.h"

#include <sys/mman.h>

#include <new>
#include <utility>

#include "index/search_memory.h"

namespace vexfs::index {
namespace {

// With more notes than this, clearing all words is less work, unless there are very many slots.
constexpr uint32_t kNotesMax = 1U << 16;

// Hands out pieces of a mapping, each on a cache line of its own. Without a mapping it only counts.
class Carver {
 public:
  explicit Carver(void* mapping) : base_(static_cast<std::byte*>(mapping)) {}

  template <typename T>
  T* take(size_t count) {
    T* piece = base_ == nullptr ? nullptr : reinterpret_cast<T*>(base_ + used_);
    used_ += (count * sizeof(T) + 63) / 64 * 64;
    return piece;
  }
  size_t used() const { return used_; }

 private:
  std::byte* base_;
  size_t used_ = 0;
};

struct Arrays {
  explicit Arrays(Carver& carver)
      : vector(carver.take<float>(limits::kDimMax)),
        codes(carver.take<int8_t>(limits::kDimMax)),
        other_codes(carver.take<int8_t>(limits::kDimMax)),
        pool(carver.take<Candidate>(limits::kEfMax + 1)),
        results(carver.take<Candidate>(limits::kEfMax + 1)),
        batch(carver.take<uint32_t>(kBatchMax)),
        dots(carver.take<int32_t>(kBatchMax)),
        distances(carver.take<float>(kBatchMax)),
        selected(carver.take<uint32_t>(size_t{2} * limits::kMMax)),
        candidates(carver.take<uint32_t>(kBatchMax)),
        notes(carver.take<uint32_t>(kNotesMax)),
        words(carver.take<uint64_t>(limits::kSlotsMax / 64 + 1)) {}

  float* vector;
  int8_t* codes;
  int8_t* other_codes;
  Candidate* pool;
  Candidate* results;
  uint32_t* batch;
  int32_t* dots;
  float* distances;
  uint32_t* selected;
  uint32_t* candidates;
  uint32_t* notes;
  uint64_t* words;
};

}  // namespace

SearchScratch::Memory::Memory(void* mapping, size_t mapping_bytes)
    : mapping_(mapping), mapping_bytes_(mapping_bytes) {
  Carver carver(mapping);
  const Arrays arrays(carver);
  vector = arrays.vector;
  codes = arrays.codes;
  other_codes = arrays.other_codes;
  pool = arrays.pool;
  results = arrays.results;
  batch = arrays.batch;
  dots = arrays.dots;
  distances = arrays.distances;
  selected = arrays.selected;
  candidates = arrays.candidates;
  visited = VisitedSet(arrays.words, arrays.notes, kNotesMax);
}

SearchScratch::Memory::~Memory() { ::munmap(mapping_, mapping_bytes_); }

Result<SearchScratch> SearchScratch::create() {
  Carver measure(nullptr);
  const Arrays sizes(measure);
  const size_t bytes = measure.used();
  void* mapping = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return errno_status("search scratch");
  std::unique_ptr<Memory> memory(new (std::nothrow) Memory(mapping, bytes));
  if (memory == nullptr) {
    ::munmap(mapping, bytes);
    return Status(ENOMEM, "search scratch");
  }
  return SearchScratch(std::move(memory));
}

SearchScratch::SearchScratch(std::unique_ptr<Memory> memory) : memory_(std::move(memory)) {}
SearchScratch::SearchScratch(SearchScratch&&) noexcept = default;
SearchScratch& SearchScratch::operator=(SearchScratch&&) noexcept = default;
SearchScratch::~SearchScratch() = default;

}  // namespace vexfs::index
