// NameTable beside a model: random changes of a real tree, reported to the table or not.
//
// The model knows names by the inode of their directory, so that a moved directory changes none of
// them: what it holds is a set of (directory, name) for each object, and the tree itself.
#include <dirent.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <vector>

#include "engine/names/testing/name_table_fixture.h"

namespace vexfs::engine {
namespace {

using Name = std::pair<std::string, std::string>;  // The key of the directory, and the name in it.

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  size_t below(size_t end) { return static_cast<size_t>(engine_() % end); }
  bool one_in(size_t n) { return below(n) == 0; }
  template <typename T>
  const T& of(const std::vector<T>& some) {
    return some[below(some.size())];
  }

 private:
  std::mt19937_64 engine_;
};

class NameTableRandomTest : public NamesTest {
 protected:
  // The tree as it is now.
  struct Listing {
    std::vector<std::string> directories;  // Paths; the first is the source, ".".
    std::vector<std::string> files;
    std::map<std::string, std::set<std::string>> paths_of_key;
    std::map<std::string, std::string> key_of_directory;
  };
  Listing list() {
    Listing listing;
    listing.directories.push_back(".");
    for (size_t i = 0; i < listing.directories.size(); ++i) {
      const std::string directory = listing.directories[i];
      listing.key_of_directory[directory] = key_of(directory).view();
      for (const auto& entry :
           std::filesystem::directory_iterator(files_.path() + '/' + directory)) {
        std::string path = entry.path().filename();
        if (directory != ".") path = directory + '/' + path;
        if (entry.is_directory()) {
          listing.directories.push_back(path);
        } else {
          listing.files.push_back(path);
          listing.paths_of_key[std::string(key_of(path).view())].insert(path);
        }
      }
    }
    return listing;
  }

  std::string some_path(const Listing& listing) {
    const std::string& directory = random_.of(listing.directories);
    const std::string name(1 + random_.below(2), static_cast<char>('a' + random_.below(6)));
    return directory == "." ? name : directory + '/' + name;
  }
  static std::string key_text(const ObjectKey& key) { return std::string(key.view()); }
  Name name_at(const std::string& path) {
    return {key_text(key_of(parent_of(path))), name_of(path)};
  }

  // Takes away what a name led to, in the model.
  void model_remove(const Name& name) {
    for (auto& [object, names] : known_) names.erase(name);
  }
  ObjectId model_at(const Name& name) {
    for (const auto& [object, names] : known_) {
      if (names.contains(name)) return object;
    }
    return kNoObject;
  }

  void change(bool told);
  void change_names(const Listing& listing, bool told);
  void rename_some(const Listing& listing, bool told);
  void link_some(const Listing& listing, bool told);
  void remove_some(const Listing& listing, bool told);
  void know_some(const Listing& listing);
  void make_temporary(const Listing& listing);
  void check(bool exact);
  void check_object(ObjectId object, const Listing& listing, bool exact);
  void reconcile_all();

  Random random_{1};
  std::map<ObjectId, std::set<Name>> known_;
  std::map<ObjectId, std::string> key_of_object_;
  std::map<ObjectId, Fd> open_;  // Some files stay open.
};

void NameTableRandomTest::know_some(const Listing& listing) {
  if (listing.files.empty() || known_.size() > 40) return;
  const std::string& path = random_.of(listing.files);
  const ObjectKey key = key_of(path);
  bool added = false;
  const auto object = table_->object_for(key, added);
  ASSERT_TRUE(object.ok()) << object.status().what();
  if (!added && !known_[object.value()].empty()) return;
  key_of_object_[object.value()] = key_text(key);
  // The table may know any of the object's names, as long as it is a true one.
  const std::set<std::string> paths = paths_of(object.value());
  for (const std::string& chosen : paths) {
    EXPECT_TRUE(listing.paths_of_key.at(key_text(key)).contains(chosen)) << chosen;
    known_[object.value()].insert(name_at(chosen));
  }
  EXPECT_EQ(paths.size(), 1U);
  if (random_.one_in(4)) {
    open_[object.value()] = Fd(::openat(files_.fd(), path.c_str(), O_RDONLY | O_CLOEXEC));
  }
}

// Makes an O_TMPFILE that carries vectors before it gets a name.
void NameTableRandomTest::make_temporary(const Listing& listing) {
  const std::string to = some_path(listing);
  const Fd file(::openat(files_.fd(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file.valid()) return;
  const ObjectKey key = tree_->key_of(file.get()).value();
  bool added = false;
  const auto object = table_->object_for(key, added);
  ASSERT_TRUE(object.ok() && added);
  key_of_object_[object.value()] = key_text(key);
  known_[object.value()] = {};
  EXPECT_TRUE(table_->is_nameless(object.value()));
  if (::linkat(AT_FDCWD, ProcPath(file.get()).c_str(), files_.fd(), to.c_str(),
               AT_SYMLINK_FOLLOW) != 0) {
    ASSERT_TRUE(table_->forget(object.value()).ok());
    known_.erase(object.value());
    return;
  }
  const Name name = name_at(to);
  ASSERT_TRUE(table_->linked(key_of(parent_of(to)), name.second, key).ok());
  known_[object.value()].insert(name);
}

void NameTableRandomTest::rename_some(const Listing& listing, bool told) {
  const bool move_directory = random_.one_in(3) && listing.directories.size() > 1;
  if (!move_directory && listing.files.empty()) return;
  const std::string from =
      move_directory ? listing.directories[1 + random_.below(listing.directories.size() - 1)]
                     : random_.of(listing.files);
  std::string to = some_path(listing);
  const bool exchange = random_.one_in(3);
  if (exchange && !listing.files.empty()) to = random_.of(listing.files);
  if (exchange && random_.one_in(3)) to = random_.of(listing.directories);
  const ObjectKey old_parent = key_of(parent_of(from));
  const ObjectKey new_parent = key_of(parent_of(to));
  const Name old_name{key_text(old_parent), name_of(from)};
  const Name new_name{key_text(new_parent), name_of(to)};
  struct stat a = {};
  struct stat b = {};
  (void)::fstatat(files_.fd(), from.c_str(), &a, AT_SYMLINK_NOFOLLOW);
  // A rename between two links of one inode does nothing, and the kernel asks nobody.
  if (::fstatat(files_.fd(), to.c_str(), &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_ino == b.st_ino)
    return;
  if (::syscall(SYS_renameat2, files_.fd(), from.c_str(), files_.fd(), to.c_str(),
                exchange ? RENAME_EXCHANGE : 0) != 0) {
    return;
  }
  if (!told) return;
  const ObjectId moved = model_at(old_name);
  const ObjectId replaced = model_at(new_name);
  model_remove(old_name);
  model_remove(new_name);
  if (moved != kNoObject) known_[moved].insert(new_name);
  if (exchange && replaced != kNoObject) known_[replaced].insert(old_name);
  const Status status =
      table_->renamed(old_parent, old_name.second, new_parent, new_name.second, exchange);
  EXPECT_TRUE(status.ok()) << status.what();
}

void NameTableRandomTest::link_some(const Listing& listing, bool told) {
  if (listing.files.empty()) return;
  const std::string& from = random_.of(listing.files);
  const std::string to = some_path(listing);
  const ObjectKey key = key_of(from);
  if (::linkat(files_.fd(), from.c_str(), files_.fd(), to.c_str(), 0) != 0 || !told) return;
  const Name name = name_at(to);
  for (const auto& [object, text] : key_of_object_) {
    if (text == key.view() && known_.contains(object)) known_[object].insert(name);
  }
  ASSERT_TRUE(table_->linked(key_of(parent_of(to)), name.second, key).ok());
}

void NameTableRandomTest::remove_some(const Listing& listing, bool told) {
  const bool directory = random_.one_in(3);
  if (!directory && listing.files.empty()) return;
  const std::string path = directory ? random_.of(listing.directories) : random_.of(listing.files);
  if (path == ".") return;
  const Name name = name_at(path);
  const ObjectKey parent = key_of(parent_of(path));
  if (::unlinkat(files_.fd(), path.c_str(), directory ? AT_REMOVEDIR : 0) != 0 || !told) return;
  model_remove(name);
  ASSERT_TRUE(table_->unlinked(parent, name.second).ok());
}

void NameTableRandomTest::change(bool told) {
  const Listing listing = list();
  switch (random_.below(told ? 10 : 6)) {
    case 0: {
      const Fd made(::openat(files_.fd(), some_path(listing).c_str(),
                             O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
      break;
    }
    case 1:
      if (listing.directories.size() < 30) {
        (void)::mkdirat(files_.fd(), some_path(listing).c_str(), 0755);
      }
      break;
    case 2:
    case 3:
      rename_some(listing, told);
      break;
    case 4:
      link_some(listing, told);
      break;
    case 5:
      remove_some(listing, told);
      break;
    case 6:
      make_temporary(listing);
      break;
    default:
      know_some(listing);
      break;
  }
}

void NameTableRandomTest::check_object(ObjectId object, const Listing& listing, bool exact) {
  std::set<Name> names;
  ASSERT_TRUE(table_
                  ->names_of(object,
                             [&](DirectoryIndex directory, std::string_view name) {
                               const ObjectId parent =
                                   table_->directories()[static_cast<size_t>(directory)].object;
                               // The catalog may not be asked here.
                               names.emplace(std::to_string(static_cast<uint64_t>(parent)), name);
                               return true;
                             })
                  .ok());
  std::set<Name> by_key;
  for (const auto& [parent, name] : names) {
    const auto key = catalog_->key_of(ObjectId{std::stoull(parent)});
    by_key.emplace(key_text(*key.value()), name);
  }
  const auto in_tree = listing.paths_of_key.find(key_of_object_.at(object));
  const std::set<std::string> true_paths =
      in_tree == listing.paths_of_key.end() ? std::set<std::string>() : in_tree->second;
  const std::set<std::string> paths = paths_of(object);
  EXPECT_EQ(paths.size(), by_key.size()) << "each name has a path";
  for (const std::string& path : paths) EXPECT_TRUE(true_paths.contains(path)) << path;
  if (exact) {
    // The table may have seen more than was reported to it.
    std::set<Name>& known = known_.at(object);
    EXPECT_TRUE(std::includes(by_key.begin(), by_key.end(), known.begin(), known.end()));
    known = by_key;
  } else {
    EXPECT_EQ(paths.empty(), true_paths.empty()) << *true_paths.begin();
  }
  EXPECT_EQ(table_->is_nameless(object), by_key.empty());
  EXPECT_TRUE(by_key.empty() || !events_.hidden.contains(object));
  EXPECT_EQ(paths.empty() ? kNowhere : path_of(object),
            paths.empty() ? kNowhere : *paths.find(path_of(object)));
}

void NameTableRandomTest::check(bool exact) {
  const Listing listing = list();
  for (const auto& [object, names] : known_) check_object(object, listing, exact);
  // Every directory is where the table has it.
  const auto& directories = table_->directories();
  for (size_t i = 0; i < directories.size(); ++i) {
    if (directories[i].gone) continue;
    std::string path;
    ASSERT_TRUE(
        table_->directory_path(DirectoryIndex{static_cast<uint32_t>(i)}, kRootDirectory, path)
            .ok());
    const auto found = listing.key_of_directory.find(path.empty() ? "." : path);
    ASSERT_NE(found, listing.key_of_directory.end()) << path;
    EXPECT_EQ(found->second, key_text(*catalog_->key_of(directories[i].object).value()));
  }
}

void NameTableRandomTest::reconcile_all() {
  const auto reconciled = reconcile();
  EXPECT_TRUE(reconciled.complete);
  for (const ObjectId dead : reconciled.dead) {
    EXPECT_TRUE(known_.contains(dead));
    EXPECT_TRUE(by_path() || !open_.contains(dead)) << "it is open";
    ASSERT_TRUE(table_->forget(dead).ok());
    known_.erase(dead);
    key_of_object_.erase(dead);
    events_.hidden.erase(dead);
  }
  check(false);
  for (auto& [object, names] : known_) {
    names.clear();
    for (const std::string& path : paths_of(object)) names.insert(name_at(path));
    EXPECT_TRUE(!names.empty() || open_.contains(object)) << "an object of nothing";
  }
}

TEST_P(NameTableRandomTest, AgreesWithTheTree) {
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    for (int i = 0; i < 60 && !HasFailure(); ++i) {
      SCOPED_TRACE(testing::Message() << "round " << round << " change " << i);
      change(true);
      check(true);
    }
    SCOPED_TRACE(testing::Message() << "round " << round << " behind our back");
    for (size_t i = random_.below(8); i > 0; --i) change(false);
    if (random_.one_in(3)) open_.clear();
    if (random_.one_in(3)) {
      start(GetParam());
      events_.hidden.clear();
    }
    reconcile_all();
  }
}

INSTANTIATE_TEST_SUITE_P(Openings, NameTableRandomTest,
                         testing::Values(tree::SourceTree::Opening::kBest,
                                         tree::SourceTree::Opening::kByPath),
                         opening_name);

}  // namespace
}  // namespace vexfs::engine
