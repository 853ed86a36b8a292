// What a query is about: the directories that it names, the space, and the vector.
#ifndef VEXFS_ENGINE_SEARCH_QUERY_TARGET_H_
#define VEXFS_ENGINE_SEARCH_QUERY_TARGET_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/refusal.h"
#include "engine/query/query.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The directory that is asked, and the scope below it.
struct AskedDirectory {
  Fd opened;    // What fd is, but for the source itself.
  int fd = -1;  // Of the asked directory (O_PATH will do).
  DirectoryIndex asked = kNoDirectory;
  DirectoryIndex scope = kNoDirectory;  // kNoDirectory: nothing below it carries a vector.
};

// The vector to ask with; `object` is the file that it is of, when it is.
struct AskedVector {
  std::vector<float> of_file;  // Its first vector; where an embedder made them, their mean.
  const float* data = nullptr;
  ObjectId object = kNoObject;
  uint32_t slots = 0;  // Of that file.
};

// Any number of threads may ask at once.
class QueryTarget {
 public:
  QueryTarget(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // EINVAL, ENOENT, ENOTDIR, EACCES for a `path` that does not lead the caller to a directory.
  Result<AskedDirectory, Refusal> directory(const tree::Credentials& caller,
                                            const ObjectKey& directory, std::string_view path);
  // The named space; or the only one; or, for a vector, the only one of its dimension (0: unknown).
  // ENOENT, ENODATA, EINVAL.
  Result<VectorStorageManager::OpenSpace, Refusal> space(std::string_view name, size_t dim);
  // The vector of the query, or that of the file that it names, and the space that goes with it.
  Result<VectorStorageManager::OpenSpace, Refusal> vector(const tree::Credentials& caller,
                                                          const AskedDirectory& directory,
                                                          const Query& query, AskedVector& vector);

 private:
  Status vector_of(const VectorStorageManager::OpenSpace& space, AskedVector& vector);
  Result<ObjectId, Refusal> file(const tree::Credentials& caller, const AskedDirectory& directory,
                                 std::string_view path);
  Result<VectorStorageManager::OpenSpace, Refusal> space_of(ObjectId object, std::string_view like);

  tree::Tree& tree_;
  VectorStorageManager& storage_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_QUERY_TARGET_H_
