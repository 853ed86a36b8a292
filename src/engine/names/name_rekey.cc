// Gives every object a new key, from the source down along the names that the catalog has.
//
// Keys name inodes, and a copied tree has other inodes; what the copy keeps are the paths. So the
// names are followed from the source, and what is found at the end of each is taken for the object.
// Names that lead nowhere go, and reconcile() reports their objects as dead.
#include "engine/names/name_rekey.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/limits.h"
#include "tree/object_key.h"
#include "tree/open_beneath.h"

namespace vexfs::engine {
namespace {

using store::Catalog;
using store::Object;
using store::ObjectKind;

struct Child {
  std::string name;
  ObjectId object;
  ObjectKind kind;
};

// A directory whose children are still to be visited.
struct Directory {
  ObjectId object;
  std::string path;
};

class Rekeying {
 public:
  Rekeying(Catalog& catalog, tree::Tree& tree) : catalog_(catalog), tree_(tree) {}

  // Replaces all keys by keys that no inode has: a key of the old tree may be that of another file
  // of this one, and keys are unique in the catalog.
  Status forget_keys() {
    for (ObjectId after = kNoObject;;) {
      std::vector<ObjectId> some;
      VEXFS_CHECK_OK(catalog_.objects(after, [&](const Object& object) {
        some.push_back(object.id);
        return some.size() < limits::kReconcileStepNames;
      }));
      if (some.empty()) return {};
      after = some.back();
      for (const ObjectId object : some) {
        VEXFS_CHECK_OK(catalog_.set_key(object, tree::absent_key(object), 0));
      }
    }
  }

  Status visit(const ObjectKey& root_key) {
    struct stat stat;
    if (::fstat(tree_.root().get(), &stat) != 0) return errno_status("fstat");
    VEXFS_CHECK_OK(catalog_.set_key(kRootObject, root_key, stat.st_ino));
    waiting_.push_back({kRootObject, {}});
    while (!waiting_.empty()) {
      const Directory directory = std::move(waiting_.back());
      waiting_.pop_back();
      VEXFS_CHECK_OK(visit_children(directory));
    }
    return {};
  }

 private:
  Status visit_children(const Directory& directory) {
    const auto fd = tree::open_beneath(tree_.root().get(), directory.path, O_PATH | O_DIRECTORY);
    std::string after;
    for (;;) {
      std::vector<Child> children;
      const auto take = [&](std::string_view name, ObjectId object, ObjectKind kind) {
        children.push_back({std::string(name), object, kind});
        return children.size() < limits::kReconcileStepNames;
      };
      VEXFS_CHECK_OK(catalog_.children_of(directory.object, after, take));
      if (children.empty()) return {};
      after = children.back().name;
      for (const Child& child : children) {
        const bool there = fd.ok() && take_key(fd.value().get(), child);
        if (!status_.ok()) return status_;
        if (!there) {
          VEXFS_CHECK_OK(catalog_.remove_name(directory.object, child.name));
        } else if (child.kind == ObjectKind::kDirectory) {
          std::string path = directory.path;
          if (!path.empty()) path += '/';
          waiting_.push_back({child.object, path + child.name});
        }
      }
    }
  }

  // Whether the name leads to a file of the right kind, which the object is from now on. An object
  // with several names is the file that the first of them leads to.
  bool take_key(int directory, const Child& child) {
    const Fd fd(::openat(directory, child.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat stat;
    if (!fd.valid() || ::fstat(fd.get(), &stat) != 0) return false;
    if (S_ISDIR(stat.st_mode) != (child.kind == ObjectKind::kDirectory)) return false;
    const auto key = tree_.key_of(fd.get());
    if (!key.ok()) return false;
    const auto now = catalog_.key_of(child.object);
    if (!now.ok() || !now.value().has_value()) {
      status_ = now.ok() ? Status(EUCLEAN, "a name of an object that is not there") : now.status();
      return false;
    }
    if (*now.value() == key.value()) return true;
    if (!(*now.value() == tree::absent_key(child.object))) return false;
    const Status set = catalog_.set_key(child.object, key.value(), stat.st_ino);
    if (!set.ok() && set.error() != EEXIST) status_ = set;
    return set.ok();
  }

  Catalog& catalog_;
  tree::Tree& tree_;
  std::vector<Directory> waiting_;
  Status status_;  // The first failure of the catalog, which ends the visit.
};

}  // namespace

Status rekey(Catalog& catalog, tree::Tree& tree, const ObjectKey& root_key) {
  Rekeying rekeying(catalog, tree);
  VEXFS_CHECK_OK(rekeying.forget_keys());
  return rekeying.visit(root_key);
}

}  // namespace vexfs::engine
