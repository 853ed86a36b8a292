// hnswlib as Debian packages it.
#include <hnswlib/hnswlib.h>

#include <atomic>
#include <exception>
#include <memory>
#include <thread>

#include "peer.h"

namespace vexfs::bench {
namespace {

// Its inner product is 1 - a.b, which orders rows as ours does and is our cosine for rows of length
// one.
std::unique_ptr<hnswlib::SpaceInterface<float>> space_of(Metric metric, size_t dim) {
  if (metric == Metric::kL2) return std::make_unique<hnswlib::L2Space>(dim);
  return std::make_unique<hnswlib::InnerProductSpace>(dim);
}

// Runs `step` for every i below `count` on so many threads. An exception becomes a Status.
template <typename Step>
Status in_parallel(size_t count, unsigned threads, Step step) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto work = [&] {
    try {
      for (size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) step(i);
    } catch (const std::exception&) {
      failed = true;
    }
  };
  std::vector<std::jthread> helpers;
  for (unsigned t = 1; t < threads; ++t) helpers.emplace_back(work);
  work();
  helpers.clear();  // Joins.
  return failed ? Status(EIO, "hnswlib threw") : Status();
}

class HnswlibPeer : public Peer {
 public:
  explicit HnswlibPeer(const PeerSettings& settings) : settings_(settings) {}

  std::string name() const override { return "hnswlib"; }

  Status build(const Matrix& base, size_t rows, unsigned threads) override {
    space_ = space_of(settings_.metric, base.dim());
    index_ = std::make_unique<Index>(space_.get(), rows, settings_.m, settings_.ef_construction);
    index_->addPoint(base.row(0), 0);
    return in_parallel(rows - 1, threads,
                       [&](size_t i) { index_->addPoint(base.row(i + 1), i + 1); });
  }

  Status set_ef(uint32_t ef) override {
    index_->setEf(ef);
    return {};
  }

  uint32_t search(const float* query, std::span<uint32_t> ids) override {
    auto found = index_->searchKnn(query, ids.size());
    const auto count = static_cast<uint32_t>(found.size());
    for (size_t i = count; i > 0; found.pop())  // The farthest result is on top.
      ids[--i] = static_cast<uint32_t>(found.top().second);
    return count;
  }

  Status save(const std::string& path) override {
    index_->saveIndex(path);
    return {};
  }

  Status load(const std::string& path, const Matrix& base, size_t rows) override {
    space_ = space_of(settings_.metric, base.dim());
    index_ = std::make_unique<Index>(space_.get(), path, false, rows);
    return {};
  }

  Status erase(std::span<const uint32_t> ids, unsigned threads) override {
    return in_parallel(ids.size(), threads, [&](size_t i) { index_->markDelete(ids[i]); });
  }

  Status insert(const Matrix& base, std::span<const uint32_t> ids, unsigned threads) override {
    return in_parallel(ids.size(), threads,
                       [&](size_t i) { index_->addPoint(base.row(ids[i]), ids[i]); });
  }

 private:
  using Index = hnswlib::HierarchicalNSW<float>;

  PeerSettings settings_;
  std::unique_ptr<hnswlib::SpaceInterface<float>> space_;
  std::unique_ptr<Index> index_;
};

}  // namespace
}  // namespace vexfs::bench

int main(int argc, char** argv) {
  return vexfs::bench::serve(argc, argv,
                             [](const vexfs::bench::PeerSettings& settings) -> vexfs::bench::Peer* {
                               return new vexfs::bench::HnswlibPeer(settings);
                             });
}
