// NamesTest: for tests, a NameTable over a real tree, whose changes are reported to it or not.
#ifndef VEXFS_ENGINE_NAMES_TESTING_NAME_TABLE_FIXTURE_H_
#define VEXFS_ENGINE_NAMES_TESTING_NAME_TABLE_FIXTURE_H_

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/file_io.h"
#include "base/proc_path.h"
#include "engine/names/name_table.h"
#include "store/catalog.h"
#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {

// Keeps which objects the storage would hide.
class RecordedEvents final : public NameEvents {
 public:
  void lost(ObjectId object) override { EXPECT_TRUE(hidden.insert(object).second); }
  void found(ObjectId object) override { hidden.erase(object); }
  void moved(ObjectId object) override { last_moved = object; }

  std::set<ObjectId> hidden;
  ObjectId last_moved = kNoObject;
};

class NamesTest : public testing::TestWithParam<tree::SourceTree::Opening> {
 protected:
  void SetUp() override { start(GetParam()); }

  // As after a restart: makes everything but the catalog anew.
  void start(tree::SourceTree::Opening opening) {
    table_.reset();
    auto tree = tree::SourceTree::create(files_.open_root(), opening);
    ASSERT_TRUE(tree.ok()) << tree.status().what();
    tree_ = std::move(tree).value();
    if (catalog_ == nullptr) {
      store_fd_ = store_.open_root();
      auto catalog =
          store::Catalog::open(system_io(), store_fd_, store::Catalog::Access::kReadWrite);
      ASSERT_TRUE(catalog.ok()) << catalog.status().what();
      catalog_ = std::move(catalog).value();
    }
    table_ = std::make_unique<NameTable>(*catalog_, *tree_, events_);
    const Status started = table_->start();
    ASSERT_TRUE(started.ok()) << started.what();
  }
  // Whether files are reached by path, by choice or because the tests lack the right for handles.
  bool by_path() const { return !tree_->reaches_all(); }

  static std::string parent_of(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
  }
  static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  ObjectKey key_of(const std::string& path) {
    const auto key = tree_->key_of(files_.open_path(path).get());
    EXPECT_TRUE(key.ok()) << path;
    return key.value();
  }

  // --- Changes, each reported to the table.
  ObjectId make_known(const std::string& path) {
    (void)files_.make_file(path);
    return know(path);
  }
  ObjectId know(const std::string& path) {
    bool added = false;
    const auto object = table_->object_for(key_of(path), added);
    EXPECT_TRUE(object.ok()) << object.status().what();
    EXPECT_TRUE(added) << path;
    return object.ok() ? object.value() : kNoObject;
  }
  void rename(const std::string& from, const std::string& to, unsigned flags = 0) {
    const ObjectKey old_parent = key_of(parent_of(from));
    const ObjectKey new_parent = key_of(parent_of(to));
    ASSERT_EQ(::syscall(SYS_renameat2, files_.fd(), from.c_str(), files_.fd(), to.c_str(), flags),
              0)
        << from << " to " << to;
    const Status told = table_->renamed(old_parent, name_of(from), new_parent, name_of(to),
                                        (flags & RENAME_EXCHANGE) != 0);
    EXPECT_TRUE(told.ok()) << told.what();
  }
  void exchange(const std::string& a, const std::string& b) { rename(a, b, RENAME_EXCHANGE); }
  void link(const std::string& from, const std::string& to) {
    const ObjectKey object = key_of(from);
    ASSERT_EQ(::linkat(files_.fd(), from.c_str(), files_.fd(), to.c_str(), 0), 0);
    EXPECT_TRUE(table_->linked(key_of(parent_of(to)), name_of(to), object).ok());
  }
  void remove(const std::string& path, int flags = 0) {
    const ObjectKey parent = key_of(parent_of(path));
    ASSERT_EQ(::unlinkat(files_.fd(), path.c_str(), flags), 0) << path;
    EXPECT_TRUE(table_->unlinked(parent, name_of(path)).ok());
  }

  // --- What the table says.
  std::string path_of(ObjectId object, DirectoryIndex scope = kRootDirectory) {
    std::string path;
    const Status status = table_->path_below(object, scope, path);
    return status.ok() ? path : "error " + std::to_string(status.error());
  }
  std::set<std::string> paths_of(ObjectId object) {
    std::set<std::string> paths;
    EXPECT_TRUE(
        table_
            ->names_of(object,
                       [&](DirectoryIndex directory, std::string_view name) {
                         std::string path;
                         if (!table_->directory_path(directory, kRootDirectory, path).ok()) {
                           return true;
                         }
                         if (!path.empty()) path += '/';
                         paths.insert(path + std::string(name));
                         return true;
                       })
            .ok());
    return paths;
  }
  NameTable::Reconciled reconcile(NameTable::Extent extent = NameTable::Extent::kAll) {
    const auto result = table_->reconcile([](FunctionRef<void()> step) { step(); }, extent);
    EXPECT_TRUE(result.ok()) << result.status().what();
    return result.ok() ? result.value() : NameTable::Reconciled();
  }

  const std::string kNowhere = "error " + std::to_string(ENOENT);
  tree::TemporaryTree files_;
  tree::TemporaryTree store_;
  Fd store_fd_;
  RecordedEvents events_;
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<store::Catalog> catalog_;
  std::unique_ptr<NameTable> table_;
};

inline std::string opening_name(const testing::TestParamInfo<tree::SourceTree::Opening>& tested) {
  return tested.param == tree::SourceTree::Opening::kBest ? "Best" : "ByPath";
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAMES_TESTING_NAME_TABLE_FIXTURE_H_
