// Fuzz target: the image of a graph. What opens can be searched and changed, and a search finds as
// many slots as there are, each once, in order.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/limits.h"
#include "base/testing/fuzz_require.h"
#include "index/graph.h"
#include "index/hnsw_index.h"
#include "index/image_header.h"

namespace {

using namespace vexfs;
using namespace vexfs::index;

constexpr uint32_t kDimMax = 64;
constexpr uint32_t kSlotsMax = 512;
constexpr size_t kPage = 4096;

// An input is a header, and then the other sections, as long as the header says; zeros at its end
// may be left out. The space's parameters are those of the header, so that they do not stop it.
class Image {
 public:
  Image(const ImageHeader& header, std::span<const unsigned char> rest) : header_(header) {
    const size_t slots = header.slots_end;
    const size_t upper_words = size_t{header.upper_rows} * (Graph::kUpperHeaderWords + header.m);
    const std::array<size_t, kGraphSections> sizes = {
        sizeof(header), slots * sizeof(uint32_t), slots * CodeShape::of(header.dim).stride_bytes,
        slots * 2 * header.m * sizeof(uint32_t), upper_words * sizeof(uint32_t)};
    std::array<size_t, kGraphSections> offsets;
    for (size_t i = 0; i < sizes.size(); ++i) {
      offsets[i] = bytes_;
      bytes_ += (sizes[i] + kPage - 1) / kPage * kPage;
    }
    mapping_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(mapping_ != MAP_FAILED);
    for (size_t i = 0; i < sizes.size(); ++i) {
      image_.sections[i] = {static_cast<std::byte*>(mapping_) + offsets[i], sizes[i]};
      if (i == 0) continue;
      const size_t given = std::min(rest.size(), sizes[i]);
      std::copy_n(rest.data(), given, reinterpret_cast<unsigned char*>(image_.sections[i].data()));
      rest = rest.subspan(given);
    }
    std::memcpy(mapping_, &header_, sizeof(header_));
    image_.release = [this] {
      require(::munmap(mapping_, bytes_) == 0);
      mapping_ = nullptr;
    };
  }
  ~Image() { require(mapping_ == nullptr); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  Result<std::unique_ptr<HnswIndex>> open(const VectorRows& rows) {
    return HnswIndex::open(parameters(), rows, std::move(image_));
  }
  SpaceParameters parameters() const {
    return {.dim = header_.dim,
            .metric = static_cast<Metric>(header_.metric),
            .m = header_.m,
            .ef_construction = 20};
  }

 private:
  const ImageHeader header_;
  GraphImage image_;
  void* mapping_ = nullptr;
  size_t bytes_ = 0;
};

void search(const HnswIndex& index, const float* query, const SearchOptions& options,
            SearchScratch& scratch) {
  std::vector<Neighbor> out(options.k);
  SearchWork work;
  const Result<uint32_t> count = index.search(query, options, scratch, out, work);
  require(count.ok());
  if (options.filter == nullptr) require(count.value() == std::min(options.k, index.size()));
  for (uint32_t i = 0; i < count.value(); ++i) {
    require(index.contains(out[i].slot));
    require(options.filter == nullptr || options.filter->passes(out[i].slot));
    if (i == 0) continue;
    require(!(out[i].distance < out[i - 1].distance));
    for (uint32_t j = 0; j < i; ++j) require(out[i].slot != out[j].slot);
  }
}

void search_every_way(const HnswIndex& index, const float* query, SearchScratch& scratch) {
  std::vector<uint64_t> words(kSlotsMax / 64, 0x5555555555555555);
  // The planner trusts the number of matches, which chooses the plan here.
  const SlotFilter half{words.data(), kSlotsMax, index.size() / 2};
  const SlotFilter third{words.data(), kSlotsMax, index.size() / 3};
  search(index, query, {.k = 1, .ef = 1}, scratch);
  search(index, query, {.k = 2, .ef = 5}, scratch);
  search(index, query, {.k = 1, .ef = 1, .filter = &half}, scratch);
  search(index, query, {.k = 1, .ef = 1, .filter = &third}, scratch);
  search(index, query, {.k = kSlotsMax}, scratch);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  ImageHeader header;
  if (bytes < sizeof(header)) return 0;
  std::memcpy(&header, data, sizeof(header));
  if (header.dim > kDimMax || header.slots_end > kSlotsMax || header.upper_rows > kSlotsMax)
    return 0;
  Image image(header, {data + sizeof(header), bytes - sizeof(header)});
  if (!check_parameters(image.parameters()).ok()) {
    (void)image.open({});
    return 0;
  }
  // All slots have the same vector; the codes that the walk reads are in the image.
  std::vector<float> row(kDimMax);
  for (size_t i = 0; i < row.size(); ++i) row[i] = static_cast<float>(i % 7) - 2.5F;
  const Result<std::unique_ptr<HnswIndex>> opened =
      image.open({reinterpret_cast<const std::byte*>(row.data()), 0});
  if (!opened.ok()) {
    require(opened.error() == EUCLEAN);
    return 0;
  }
  HnswIndex& index = *opened.value();
  static SearchScratch scratch = std::move(SearchScratch::create()).value();
  search_every_way(index, row.data(), scratch);
  std::vector<Slot> removed;
  std::vector<Slot> absent;
  for (uint32_t slot = 0; slot < header.slots_end; ++slot) {
    if (!index.contains(Slot{slot})) absent.push_back(Slot{slot});
    if (index.contains(Slot{slot}) && slot % 3 == 0) removed.push_back(Slot{slot});
  }
  require(index.remove(removed, 1).ok());
  search_every_way(index, row.data(), scratch);
  absent.insert(absent.end(), removed.begin(), removed.end());
  require(index.add(absent, 1).ok());
  search_every_way(index, row.data(), scratch);
  index.warm();
  search_every_way(index, row.data(), scratch);
  return 0;
}
