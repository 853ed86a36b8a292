// QueryTarget: finds what a query names: its directories, its space and its vector.
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
  Fd opened;    // Owns `fd`, unless that is the source itself.
  int fd = -1;  // The directory that is asked (O_PATH will do).
  DirectoryIndex asked = kNoDirectory;
  DirectoryIndex scope = kNoDirectory;  // kNoDirectory: nothing below it has a vector.
};

// The vector to search with. It is the query's own, or that of the file that the query names.
struct AskedVector {
  const float* data = nullptr;
  // Where a file is named: its first vector, or the mean of all where an embedder made them; its
  // object, which is no hit; and how many slots it has.
  std::vector<float> of_file;
  ObjectId object = kNoObject;
  uint32_t slots = 0;
};

// A refusal says what was asked and what there is, so that a person can correct the query. Paths
// are opened as the caller may open them. Threads: all methods may run at once.
class QueryTarget {
 public:
  QueryTarget(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // Opens `directory` and finds the scope, `path` below it. EINVAL, ENOENT, ENOTDIR or EACCES where
  // `path` does not lead the caller to a directory.
  Result<AskedDirectory, Refusal> directory(const tree::Credentials& caller,
                                            const ObjectKey& directory, std::string_view path);
  // The named space; or the only one; or, for a vector, the only one of its dimension (0: unknown).
  // ENOENT where there is no space of that name, ENODATA where there is none at all, EINVAL where
  // none or several fit.
  Result<VectorStorageManager::OpenSpace, Refusal> space(std::string_view name, size_t dim);
  // Fills the vector of the query, or that of the file that it names, and returns the space in
  // which it is searched.
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
