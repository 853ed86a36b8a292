// faiss's HNSW as Debian packages it: over floats, or over 8-bit codes (--variant sq8).
#include <faiss/IndexHNSW.h>
#include <faiss/index_io.h>
#include <omp.h>

#include <exception>
#include <memory>

#include "peer.h"

namespace vexfs::bench {
namespace {

class FaissPeer : public Peer {
 public:
  explicit FaissPeer(const PeerSettings& settings) : settings_(settings) {}

  std::string name() const override {
    return settings_.variant == "sq8" ? "faiss HNSWSQ" : "faiss HNSWFlat";
  }

  Status build(const Matrix& base, size_t rows, unsigned threads) override {
    const auto metric =
        settings_.metric == Metric::kL2 ? faiss::METRIC_L2 : faiss::METRIC_INNER_PRODUCT;
    const auto dim = static_cast<int>(base.dim());
    const auto m = static_cast<int>(settings_.m);
    ::omp_set_num_threads(static_cast<int>(threads));
    try {
      if (settings_.variant == "sq8")
        index_ =
            std::make_unique<faiss::IndexHNSWSQ>(dim, faiss::ScalarQuantizer::QT_8bit, m, metric);
      else
        index_ = std::make_unique<faiss::IndexHNSWFlat>(dim, m, metric);
      index_->hnsw.efConstruction = static_cast<int>(settings_.ef_construction);
      index_->train(static_cast<Id>(rows), base.row(0));
      index_->add(static_cast<Id>(rows), base.row(0));
    } catch (const std::exception&) {
      return Status(EIO, "faiss threw");
    }
    ::omp_set_num_threads(1);  // From here on searches run on one thread.
    return {};
  }

  Status set_ef(uint32_t ef) override {
    index_->hnsw.efSearch = static_cast<int>(ef);
    return {};
  }

  uint32_t search(const float* query, std::span<uint32_t> ids) override {
    found_.resize(ids.size());
    distances_.resize(ids.size());
    index_->search(1, query, static_cast<Id>(ids.size()), distances_.data(), found_.data());
    uint32_t count = 0;
    for (const Id id : found_) {
      if (id >= 0) ids[count++] = static_cast<uint32_t>(id);
    }
    return count;
  }

  Status save(const std::string& path) override {
    faiss::write_index(index_.get(), path.c_str());
    return {};
  }

  Status load(const std::string& path, const Matrix& /*base*/, size_t /*rows*/) override {
    index_.reset(dynamic_cast<faiss::IndexHNSW*>(faiss::read_index(path.c_str())));
    ::omp_set_num_threads(1);
    return index_ != nullptr ? Status() : Status(EUCLEAN, "no HNSW index");
  }

 private:
  using Id = faiss::Index::idx_t;

  PeerSettings settings_;
  std::unique_ptr<faiss::IndexHNSW> index_;
  std::vector<Id> found_;
  std::vector<float> distances_;
};

}  // namespace
}  // namespace vexfs::bench

int main(int argc, char** argv) {
  return vexfs::bench::serve(argc, argv,
                             [](const vexfs::bench::PeerSettings& settings) -> vexfs::bench::Peer* {
                               return new vexfs::bench::FaissPeer(settings);
                             });
}
