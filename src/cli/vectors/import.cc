// One pass over the rows. Only the vectors of one file are in memory: an extended attribute
// replaces all vectors of a file, so they are collected as long as the path stays the same.
#include "cli/vectors/import.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/limits.h"
#include "base/vector_space.h"
#include "kernels/float16.h"

namespace vexfs::cli {
namespace {

// Whether the failure is the tree's or the disk's: no other row would fare better.
bool ends_import(int error) {
  switch (error) {
    case EIO:
    case ENOSPC:
    case EDQUOT:
    case EROFS:
    case ENOTCONN:
    case ECONNABORTED:
    case ENODEV:
    case EBUSY:
      return true;
    default:
      return false;
  }
}

std::string sentence_of(const Status& status) {
  return std::string(status.what()) + ": " + std::strerror(status.error());
}

class Import {
 public:
  Import(TreeClient& tree, VectorReader& reader, const ImportPlan& plan)
      : tree_(tree),
        reader_(reader),
        plan_(plan),
        // Without vectors in the space no file can have its own already.
        compare_(!plan.space.vectors.has_value() || *plan.space.vectors != 0) {}

  Result<ImportCounts> run() {
    bool going = true;
    while (going) {
      VectorRow row;
      VEXFS_TRY(next, reader_.next(row));
      if (next == VectorReader::Next::kEnd) break;
      ++counts_.rows;
      if (next == VectorReader::Next::kBad) {
        going = failed({row.number, {}, reader_.problem()}, 1);
      } else {
        VEXFS_TRY(taken, take(row));
        going = taken;
      }
      if (going && !plan_.go_on(counts_)) {
        counts_.interrupted = true;
        break;
      }
    }
    // The rows before the one that ended the import are good.
    VEXFS_CHECK_OK(finish_file().status());
    return counts_;
  }

 private:
  // Reports and counts failed rows. False: no further row is wanted.
  bool failed(const ImportError& error, uint64_t rows) {
    counts_.failed += rows;
    plan_.tell(error);
    return plan_.keep_going;
  }

  // Finds the row's path: its own, or the next of the list.
  Result<bool> find_path(const VectorRow& row, std::string& path) {
    if (reader_.holds_paths()) {
      path = row.path;
      return true;
    }
    VEXFS_TRY(next, plan_.next_path());
    if (!next.has_value()) return Status(ENODATA, "there are fewer paths than vectors");
    path = std::move(*next);
    return true;
  }

  Result<bool> take(const VectorRow& row) {
    VEXFS_CHECK_OK(find_path(row, path_).status());
    const SpaceParameters& parameters = plan_.space.parameters;
    if (row.vector.size() != parameters.dim) {
      return failed({row.number, path_,
                     "the vector has " + std::to_string(row.vector.size()) +
                         " numbers, the space " + std::to_string(parameters.dim)},
                    1);
    }
    const Status fits = check_vector(row.vector.data(), parameters);
    if (!fits.ok()) return failed({row.number, path_, fits.what()}, 1);
    if (path_ != file_ || pending_rows_ == 0) {
      VEXFS_TRY(finished, finish_file());
      if (!finished) return false;
      file_ = path_;
      first_row_ = row.number;
    }
    if ((vectors_.size() + row.vector.size()) * sizeof(float) > limits::kXattrValueBytesMax) {
      return failed({row.number, path_, "the file would have more vectors than fit in 64 KiB"}, 1);
    }
    vectors_.insert(vectors_.end(), row.vector.begin(), row.vector.end());
    ++pending_rows_;
    return true;
  }

  // Sets the vectors that were gathered.
  Result<bool> finish_file() {
    const uint64_t rows = std::exchange(pending_rows_, 0);
    if (rows == 0) return true;
    bool going = true;
    if (compare_ && has_them_already()) {
      ++counts_.unchanged;
    } else {
      const Status status = tree_.set_vectors(file_, plan_.space.name, vectors_);
      if (ends_import(status.error())) return status;
      if (status.ok()) ++counts_.files;
      if (!status.ok()) going = failed({first_row_, file_, sentence_of(status)}, rows);
    }
    vectors_.clear();
    return going;
  }

  // Compares as the space rounds: vectors of a space of float16 come back rounded.
  bool has_them_already() {
    const auto stored = tree_.get_vectors(file_, plan_.space.name);
    if (!stored.ok() || stored.value().size() != vectors_.size()) return false;
    const bool halves = plan_.space.parameters.element == ElementType::kF16;
    return std::equal(vectors_.begin(), vectors_.end(), stored.value().begin(),
                      [halves](float wanted, float found) {
                        return halves ? kernels::to_float16(wanted) == kernels::to_float16(found)
                                      : wanted == found;
                      });
  }

  TreeClient& tree_;
  VectorReader& reader_;
  const ImportPlan& plan_;
  const bool compare_;
  ImportCounts counts_;
  std::string path_;
  // The file whose rows are being gathered: its path, vectors, and how many rows since which.
  std::string file_;
  std::vector<float> vectors_;
  uint64_t pending_rows_ = 0;
  uint64_t first_row_ = 0;
};

}  // namespace

Result<ImportCounts> import_vectors(TreeClient& tree, VectorReader& reader,
                                    const ImportPlan& plan) {
  return Import(tree, reader, plan).run();
}

}  // namespace vexfs::cli
