// The built-in static model as an Embedder.
#include <cerrno>

#include "base/limits.h"
#include "text/embedder.h"
#include "text/static_model.h"

namespace vexfs::text {
namespace {

class BuiltinEmbedder final : public Embedder {
 public:
  std::string name() const override { return "builtin"; }
  uint32_t dim() const override { return model_.dim(); }
  uint64_t fingerprint() const override { return model_.fingerprint(); }
  PassageOptions passage_options() const override { return {}; }
  size_t batch_max() const override { return limits::kEmbedBatchMax; }

  Status embed(std::span<const std::string_view> texts, std::span<float> vectors) const override {
    if (texts.size() > batch_max() || vectors.size() != texts.size() * model_.dim()) {
      return Status(EINVAL, "embedder: batch");
    }
    for (size_t i = 0; i < texts.size(); ++i) {
      // A text without a known word gets a row of zeros, as the contract says.
      (void)model_.embed(texts[i], vectors.subspan(i * model_.dim(), model_.dim()));
    }
    return {};
  }

 private:
  const StaticModel& model_ = builtin_model();
};

}  // namespace

std::unique_ptr<Embedder> make_builtin_embedder() { return std::make_unique<BuiltinEmbedder>(); }

}  // namespace vexfs::text
