// A query may leave the space away where only one can be meant; all ways to find it are here.
#include "engine/search/query_target.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <utility>

#include "engine/indexing/searchable_text.h"
#include "tree/caller_access.h"

namespace vexfs::engine {
namespace {

using OpenSpace = VectorStorageManager::OpenSpace;

std::string dimensions(size_t count) {
  return std::to_string(count) + (count == 1 ? " dimension" : " dimensions");
}

// Refuses a path of the query that could not be opened.
Refusal refuse_path(std::string_view path, const Status& status) {
  const std::string quoted(path);
  switch (status.error()) {
    case ENOENT:
      return Refusal(ENOENT, quoted + ": no such file or directory");
    case ENOTDIR:
      return Refusal(ENOTDIR, quoted + ": not a directory");
    case EACCES:
      return Refusal(EACCES, quoted + ": permission denied");
    case EINVAL:
      return Refusal(EINVAL,
                     quoted + ": a path is relative to the directory that is asked, and has no ..");
    case ELOOP:
      return Refusal(ELOOP, quoted + ": a symbolic link; name what it leads to");
    case ENAMETOOLONG:
      return Refusal(ENAMETOOLONG, quoted + ": a name is too long");
    default:
      return Refusal(status.error(), quoted + ": cannot be opened: " + status.what());
  }
}

Refusal refuse_vector(const OpenSpace& space) {
  return Refusal(EINVAL,
                 space.parameters.metric == Metric::kCosine
                     ? "the vector has a number that is not finite, or a length of zero, which "
                       "cosine space " +
                           space.name + " does not take"
                     : "the vector has a number that is not finite");
}

// The spaces that a query without a name may mean. One that an embedder is still filling is none of
// them.
std::vector<store::Space> meant_unnamed(VectorStorageManager& storage) {
  std::vector<store::Space> spaces = storage.spaces();
  std::erase_if(spaces, [](const store::Space& space) { return space.name == kNextTextSpace; });
  return spaces;
}

}  // namespace

Result<AskedDirectory, Refusal> QueryTarget::directory(const tree::Credentials& caller,
                                                       const ObjectKey& directory,
                                                       std::string_view path) {
  AskedDirectory target;
  target.asked = storage_.find_directory(directory);
  if (target.asked == kRootDirectory) {
    target.fd = tree_.root().get();
  } else {
    auto opened = tree_.open(directory, O_PATH | O_DIRECTORY);
    if (!opened.ok()) return Refusal(opened.error(), "the directory asked is gone");
    target.opened = std::move(opened).value();
    target.fd = target.opened.get();
  }
  target.scope = target.asked;
  if (path.empty()) return target;

  const auto clean = tree::clean_path(path);
  if (!clean.ok()) return refuse_path(path, clean.status());
  if (clean.value().empty()) return target;
  const auto scope = tree::open_for(caller, target.fd, clean.value());
  if (!scope.ok()) return refuse_path(path, scope.status());
  struct stat attributes;
  const auto searchable = tree::may_access(caller, scope.value().get(), X_OK, attributes);
  if (!searchable.ok()) return refuse_path(path, searchable.status());
  if (!S_ISDIR(attributes.st_mode)) return refuse_path(path, Status(ENOTDIR, "scope"));
  if (!searchable.value()) return refuse_path(path, Status(EACCES, "scope"));
  const auto key = tree_.key_of(scope.value().get());
  if (!key.ok()) return refuse_path(path, key.status());
  target.scope = storage_.find_directory(key.value());
  return target;
}

Result<OpenSpace, Refusal> QueryTarget::space(std::string_view name, size_t dim) {
  std::string chosen(name);
  if (name.empty()) {
    const std::vector<store::Space> spaces = meant_unnamed(storage_);
    if (spaces.empty()) return Refusal(ENODATA, "there is no space yet");
    size_t fitting = 0;
    for (const store::Space& space : spaces) {
      if (spaces.size() > 1 && dim != 0 && space.parameters.dim != dim) continue;
      chosen = space.name;
      ++fitting;
    }
    if (fitting == 0) {
      return Refusal(EINVAL, "no space has " + dimensions(dim) + ", as the vector has");
    }
    if (fitting > 1) {
      return Refusal(EINVAL,
                     std::to_string(fitting) + " spaces fit the request: name one with \"space\"");
    }
  }
  auto space = storage_.open_space(chosen);
  if (space.ok()) return std::move(space).value();
  if (space.error() == ENODATA) return Refusal(ENOENT, "there is no space " + chosen);
  return Refusal(space.error(), "space " + chosen + " cannot be opened: " + space.status().what());
}

Result<OpenSpace, Refusal> QueryTarget::vector(const tree::Credentials& caller,
                                               const AskedDirectory& directory, const Query& query,
                                               AskedVector& vector) {
  if (!query.vector.empty()) {
    auto found = space(query.space, query.vector.size());
    if (!found.ok()) return found;
    const OpenSpace& space = found.value();
    if (query.vector.size() != space.parameters.dim) {
      return Refusal(EINVAL, "space " + space.name + " has " + dimensions(space.parameters.dim) +
                                 ", the vector has " + std::to_string(query.vector.size()));
    }
    if (!check_vector(query.vector.data(), space.parameters).ok()) {
      return refuse_vector(space);
    }
    vector.data = query.vector.data();
    return found;
  }

  VEXFS_TRY(object, file(caller, directory, query.like));
  auto found = query.space.empty() ? space_of(object, query.like) : space(query.space, 0);
  if (!found.ok()) return found;
  vector.object = object;
  if (const Status status = vector_of(found.value(), vector); !status.ok()) {
    if (status.error() != ENODATA) return Refusal(status.error(), "no vector can be read");
    return Refusal(ENODATA,
                   std::string(query.like) + " has no vector in space " + found.value().name);
  }
  return found;
}

// A document is compared as a whole: the mean of its passages' vectors, each of length 1, stands
// for what all of it means. Vectors of users are compared as they are, and the first one counts.
// ENODATA where the file has none.
Status QueryTarget::vector_of(const OpenSpace& space, AskedVector& vector) {
  if (vector.object == kNoObject) return Status(ENODATA, "no such file");
  VEXFS_TRY(slots, storage_.slots_of(space, vector.object));
  if (slots.empty()) return Status(ENODATA, "no vector");
  vector.slots = static_cast<uint32_t>(slots.size());
  vector.of_file.resize(space.parameters.dim);
  vector.data = vector.of_file.data();
  bool embedded = false;
  for (const store::Space& row : storage_.spaces()) {
    embedded = embedded || (row.id == space.id && row.filler == store::Filler::kEmbedder);
  }
  VEXFS_CHECK_OK(storage_.read_vector(space, slots.front(), vector.of_file));
  if (!embedded || slots.size() == 1) return {};
  if (slots.size() > limits::kPassagesComparedMax) slots.resize(limits::kPassagesComparedMax);
  std::vector<float> other(space.parameters.dim);
  for (size_t i = 1; i < slots.size(); ++i) {
    VEXFS_CHECK_OK(storage_.read_vector(space, slots[i], other));
    for (size_t d = 0; d < other.size(); ++d) vector.of_file[d] += other[d];
  }
  // Opposite vectors may add up to nothing. The first one stands for all then.
  if (check_vector(vector.data, space.parameters).ok()) return {};
  return storage_.read_vector(space, slots.front(), vector.of_file);
}

// The object of a file that the caller may read. kNoObject where the catalog does not know it.
Result<ObjectId, Refusal> QueryTarget::file(const tree::Credentials& caller,
                                            const AskedDirectory& directory,
                                            std::string_view path) {
  const auto clean = tree::clean_path(path);
  if (!clean.ok()) return refuse_path(path, clean.status());
  const auto fd = tree::open_for(caller, directory.fd, clean.value());
  if (!fd.ok()) return refuse_path(path, fd.status());
  struct stat attributes;
  const auto readable = tree::may_access(caller, fd.value().get(), R_OK, attributes);
  if (!readable.ok()) return refuse_path(path, readable.status());
  if (!readable.value()) return refuse_path(path, Status(EACCES, "like"));
  const auto key = tree_.key_of(fd.value().get());
  if (!key.ok()) return refuse_path(path, key.status());
  Result<std::optional<store::Object>> object(std::nullopt);
  object = storage_.find_object(key.value());
  if (!object.ok()) return Refusal(object.error(), "the catalog cannot be read");
  return object.value().has_value() ? object.value()->id : kNoObject;
}

// Finds the only space, or the only one in which the file has a vector.
Result<OpenSpace, Refusal> QueryTarget::space_of(ObjectId object, std::string_view like) {
  const std::vector<store::Space> spaces = meant_unnamed(storage_);
  if (spaces.size() <= 1) return space({}, 0);
  size_t fitting = 0;
  std::string chosen;
  Status status;
  storage_.read([&](const Snapshot& now) {
    if (object == kNoObject) return;
    status = now.spaces_of(object, [&](store::SpaceId id) {
      for (const store::Space& space : spaces) {
        if (space.id != id) continue;
        chosen = space.name;
        ++fitting;
      }
      return true;
    });
  });
  if (!status.ok()) return Refusal(status.error(), "the catalog cannot be read");
  if (fitting == 0) return Refusal(ENODATA, std::string(like) + " has no vector");
  if (fitting > 1) {
    return Refusal(EINVAL, std::string(like) + " has vectors in " + std::to_string(fitting) +
                               " spaces: name one with \"space\"");
  }
  return space(chosen, 0);
}

}  // namespace vexfs::engine
