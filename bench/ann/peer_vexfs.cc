// VexFS's own index, used as the engine uses it: the exact vectors stay in their file.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <numeric>
#include <optional>

#include "base/fd.h"
#include "index/hnsw_index.h"
#include "peer.h"

namespace vexfs::bench {
namespace {

constexpr size_t kPageBytes = 4096;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// The file of a saved index: where each section lies, in the first page.
struct SavedSection {
  uint64_t offset;
  uint64_t bytes;
};
using SavedSections = std::array<SavedSection, index::kGraphSections>;

size_t round_up(size_t bytes) { return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes; }

std::vector<Slot> slots_of(std::span<const uint32_t> ids) {
  std::vector<Slot> slots;
  for (const uint32_t id : ids) slots.push_back(Slot{id});
  return slots;
}

class VexfsPeer : public Peer {
 public:
  explicit VexfsPeer(const PeerSettings& settings) : settings_(settings) {}

  std::string name() const override { return "vexfs"; }

  Status build(const Matrix& base, size_t rows, unsigned threads) override {
    VEXFS_TRY(made, index::HnswIndex::create(parameters_of(base), rows_of(base)));
    index_ = std::move(made);
    VEXFS_CHECK_OK(make_scratch());
    std::vector<uint32_t> ids(rows);
    std::iota(ids.begin(), ids.end(), 0U);
    return index_->add(slots_of(ids), threads);
  }

  Status set_ef(uint32_t ef) override {
    // The engine moves an index to huge pages beside its first searches, so load() does not wait
    // for it.
    if (opened_ && searched_) {
      index_->warm();
      opened_ = false;
    }
    options_.ef = ef;
    return {};
  }

  uint32_t search(const float* query, std::span<uint32_t> ids) override {
    options_.k = static_cast<uint32_t>(ids.size());
    found_.resize(ids.size());
    index::SearchWork work;
    const Result<uint32_t> count = index_->search(query, options_, *scratch_, found_, work);
    searched_ = true;
    if (!count.ok()) return 0;
    for (uint32_t i = 0; i < count.value(); ++i) ids[i] = static_cast<uint32_t>(found_[i].slot);
    distances_ += work.distances;
    hops_ += work.hops;
    refinements_ += work.refinements;
    ++plans_[static_cast<size_t>(work.plan)];
    return count.value();
  }

  Status save(const std::string& path) override {
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wbe"));
    if (file == nullptr) return errno_status("create index");
    const index::GraphSections sections = index_->sections();
    SavedSections saved;
    uint64_t offset = kPageBytes;
    for (size_t i = 0; i < sections.size(); ++i) {
      saved[i] = {.offset = offset, .bytes = sections[i].size()};
      offset += round_up(sections[i].size());
    }
    VEXFS_CHECK_OK(write_padded(file.get(), std::as_bytes(std::span(saved))));
    for (const auto section : sections) VEXFS_CHECK_OK(write_padded(file.get(), section));
    return std::fflush(file.get()) == 0 ? Status() : errno_status("write index");
  }

  Status load(const std::string& path, const Matrix& base, size_t /*rows*/) override {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat stat {};
    if (!fd.valid() || ::fstat(fd.get(), &stat) != 0) return errno_status("open index");
    const auto bytes = static_cast<size_t>(stat.st_size);
    void* pages = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd.get(), 0);
    if (pages == MAP_FAILED) return errno_status("map index");
    index::GraphImage image;
    const auto* saved = static_cast<const SavedSections*>(pages);
    for (size_t i = 0; i < saved->size(); ++i) {
      image.sections[i] = {static_cast<std::byte*>(pages) + (*saved)[i].offset, (*saved)[i].bytes};
    }
    image.release = [pages, bytes] { ::munmap(pages, bytes); };
    VEXFS_TRY(opened, index::HnswIndex::open(parameters_of(base), rows_of(base), std::move(image)));
    index_ = std::move(opened);
    opened_ = true;
    searched_ = false;
    return make_scratch();
  }

  Status erase(std::span<const uint32_t> ids, unsigned threads) override {
    return index_->remove(slots_of(ids), threads);
  }

  Status insert(const Matrix& /*base*/, std::span<const uint32_t> ids, unsigned threads) override {
    return index_->add(slots_of(ids), threads);
  }

  Status set_filter(const std::vector<bool>* allowed) override {
    options_.filter = nullptr;
    if (allowed == nullptr) return {};
    filter_words_.assign((allowed->size() + 63) / 64, 0);
    filter_ = {.words = filter_words_.data(), .slots = static_cast<uint32_t>(allowed->size())};
    for (size_t i = 0; i < allowed->size(); ++i) {
      if (!(*allowed)[i]) continue;
      filter_words_[i / 64] |= uint64_t{1} << (i % 64);
      ++filter_.matches;
    }
    options_.filter = &filter_;
    return {};
  }

  uint64_t resident_bytes() const override { return index_->resident_bytes(); }

  std::string take_work() override {
    const uint64_t searches = plans_[0] + plans_[1] + plans_[2];
    if (searches == 0) return "";
    std::string members;
    const auto add = [&](const char* key, uint64_t count) {
      if (!members.empty()) members += ", ";
      members += "\"" + std::string(key) + "\": " + std::to_string(count);
    };
    add("distances", distances_ / searches);
    add("hops", hops_ / searches);
    add("refinements", refinements_ / searches);
    add("plan_walk", plans_[0]);
    add("plan_widened", plans_[1]);
    add("plan_scan", plans_[2]);
    distances_ = hops_ = refinements_ = 0;
    plans_ = {};
    return members;
  }

 private:
  SpaceParameters parameters_of(const Matrix& base) const {
    return {.dim = static_cast<uint32_t>(base.dim()),
            .metric = settings_.metric,
            .element = ElementType::kF32,
            .m = static_cast<uint16_t>(settings_.m),
            .ef_construction = static_cast<uint16_t>(settings_.ef_construction)};
  }

  static VectorRows rows_of(const Matrix& base) {
    return {.base = reinterpret_cast<const std::byte*>(base.row(0)),
            .stride_bytes = base.dim() * sizeof(float)};
  }

  Status make_scratch() {
    VEXFS_TRY(scratch, index::SearchScratch::create());
    scratch_.emplace(std::move(scratch));
    return {};
  }

  static Status write_padded(std::FILE* file, std::span<const std::byte> bytes) {
    static constexpr std::array<std::byte, kPageBytes> kZeros = {};
    const size_t padding = round_up(bytes.size()) - bytes.size();
    if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() ||
        std::fwrite(kZeros.data(), 1, padding, file) != padding)
      return errno_status("write index");
    return {};
  }

  PeerSettings settings_;
  std::unique_ptr<index::HnswIndex> index_;
  std::optional<index::SearchScratch> scratch_;
  index::SearchOptions options_;
  std::vector<index::Neighbor> found_;
  std::vector<uint64_t> filter_words_;
  index::SlotFilter filter_;
  uint64_t distances_ = 0;
  uint64_t hops_ = 0;
  uint64_t refinements_ = 0;
  std::array<uint64_t, 3> plans_ = {};
  bool opened_ = false;    // The index was opened from a file, whose pages it still uses.
  bool searched_ = false;  // It was searched since then.
};

}  // namespace
}  // namespace vexfs::bench

int main(int argc, char** argv) {
  return vexfs::bench::serve(argc, argv,
                             [](const vexfs::bench::PeerSettings& settings) -> vexfs::bench::Peer* {
                               return new vexfs::bench::VexfsPeer(settings);
                             });
}
