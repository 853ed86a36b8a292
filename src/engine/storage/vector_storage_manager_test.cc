// Values of files, spaces, names, and what comes back after a start.
#include "engine/storage/vector_storage_manager.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cmath>
#include <future>
#include <string_view>
#include <thread>

#include "base/limits.h"
#include "base/testing/failing_io.h"
#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

using VectorStorageManagerTest = StorageFixture;
using Paths = std::multiset<std::string>;

TEST_F(VectorStorageManagerTest, SetGetRemove) {
  const ObjectKey key = make("a");
  EXPECT_EQ(storage_->get_vectors(key, "clip", {}).error(), ENODATA);
  ASSERT_TRUE(set(key, 1).ok());
  EXPECT_TRUE(has(key, 1));
  EXPECT_EQ(found(), Paths{"a"});
  ASSERT_TRUE(set(key, 2).ok());
  EXPECT_TRUE(has(key, 2));
  EXPECT_EQ(found(), Paths{"a"});
  EXPECT_EQ(row().vectors, 1U);
  ASSERT_TRUE(storage_->remove_vectors(key, "clip").ok());
  EXPECT_EQ(storage_->get_vectors(key, "clip", {}).error(), ENODATA);
  EXPECT_EQ(storage_->remove_vectors(key, "clip").error(), ENODATA);
  EXPECT_EQ(found(), Paths{});
  EXPECT_EQ(row().vectors, 0U);
}

TEST_F(VectorStorageManagerTest, SeveralVectorsOfAFile) {
  const ObjectKey key = make("a");
  const std::vector<Vector> three = {random_vector(kDim, 1), random_vector(kDim, 2),
                                     random_vector(kDim, 3)};
  ASSERT_TRUE(set(key, three).ok());
  EXPECT_EQ(get(key), three);
  EXPECT_EQ(found(), (Paths{"a", "a", "a"}));
  ASSERT_TRUE(set(key, 4).ok());
  EXPECT_TRUE(has(key, 4));
  EXPECT_EQ(found(), Paths{"a"});
  EXPECT_EQ(row().vectors, 1U);
}

TEST_F(VectorStorageManagerTest, WhatIsRefused) {
  const ObjectKey key = make("a");
  EXPECT_EQ(storage_->set_vectors(key, "none", bytes_of({Vector(kDim)}), SetMode::kAny).error(),
            ENODATA);
  EXPECT_EQ(set(key, {Vector(kDim - 1)}).error(), EINVAL);
  Vector bad(kDim);
  bad[3] = NAN;
  EXPECT_EQ(set(key, {bad}).error(), EINVAL);
  EXPECT_EQ(set(key, std::vector<Vector>()).error(), EINVAL);
  EXPECT_EQ(set(key, {Vector(kDim)}, SetMode::kReplace).error(), ENODATA);
  ASSERT_TRUE(set(key, {Vector(kDim)}, SetMode::kCreate).ok());
  EXPECT_EQ(set(key, {Vector(kDim)}, SetMode::kCreate).error(), EEXIST);
  ASSERT_TRUE(set(key, {Vector(kDim)}, SetMode::kReplace).ok());
  std::array<std::byte, kDim * 4 - 1> small;
  EXPECT_EQ(storage_->get_vectors(key, "clip", small).error(), ERANGE);
  EXPECT_EQ(storage_->create_space("clip", {.dim = 3}).error(), EEXIST);
  EXPECT_EQ(storage_->create_space("Clip", {.dim = 3}).error(), EINVAL);
  EXPECT_EQ(storage_->create_space("b", {.dim = 0}).error(), EINVAL);
  EXPECT_EQ(storage_->drop_space("b").error(), ENOENT);
}

TEST_F(VectorStorageManagerTest, AnUnalignedValue) {
  const ObjectKey key = make("a");
  ASSERT_TRUE(set(key, 7).ok());
  std::vector<std::byte> room(kDim * 4 + 1);
  ASSERT_TRUE(storage_->get_vectors(key, "clip", std::span(room).subspan(1)).ok());
  EXPECT_EQ(std::memcmp(room.data() + 1, random_vector(kDim, 7).data(), kDim * 4), 0);
}

TEST_F(VectorStorageManagerTest, SpacesOfAFile) {
  ASSERT_TRUE(storage_->create_space("other", {.dim = 2, .metric = Metric::kCosine}).ok());
  const ObjectKey key = make("a");
  ASSERT_TRUE(set(key, 1).ok());
  ASSERT_TRUE(storage_->set_vectors(key, "other", bytes_of({{1, 2}}), SetMode::kAny).ok());
  std::set<std::string> names;
  ASSERT_TRUE(storage_
                  ->spaces_of(key,
                              [&](std::string_view name) {
                                names.emplace(name);
                                return true;
                              })
                  .ok());
  EXPECT_EQ(names, (std::set<std::string>{"clip", "other"}));
}

TEST_F(VectorStorageManagerTest, AStartBringsAllBack) {
  std::vector<ObjectKey> keys;
  for (uint32_t i = 0; i < 200; ++i) {
    keys.push_back(make("f" + std::to_string(i)));
    ASSERT_TRUE(set(keys[i], i).ok());
  }
  ASSERT_TRUE(storage_->remove_vectors(keys[5], "clip").ok());
  ASSERT_TRUE(set(keys[6], 1006).ok());
  for (int start = 0; start < 3; ++start) {
    open();
    EXPECT_EQ(found().size(), 199U);
    EXPECT_TRUE(has(keys[6], 1006));
    EXPECT_TRUE(has(keys[199], 199));
    EXPECT_TRUE(get(keys[5]).empty());
    if (start == 1) {
      ASSERT_TRUE(set(keys[7], 1007).ok());
    }
  }
  EXPECT_TRUE(has(keys[7], 1007));
}

TEST_F(VectorStorageManagerTest, ADroppedSpaceIsGoneAndItsNameIsFree) {
  const ObjectKey key = make("a");
  ASSERT_TRUE(set(key, 1).ok());
  auto held = storage_->open_space("clip");
  ASSERT_TRUE(storage_->drop_space("clip").ok());
  EXPECT_EQ(set(key, 1).error(), ENODATA);
  EXPECT_EQ(storage_->open_space("clip").error(), ENODATA);
  std::vector<index::Neighbor> out(1);
  EXPECT_TRUE(held.value().knn->search(random_vector(kDim, 1).data(), {.k = 1}, true, out).ok());
  held = Status(ENODATA, "let go");
  ASSERT_TRUE(storage_->create_space("clip", {.dim = 2, .metric = Metric::kL2}).ok());
  EXPECT_EQ(storage_->get_vectors(key, "clip", {}).error(), ENODATA);
  open();
  ASSERT_TRUE(storage_->set_vectors(key, "clip", bytes_of({{1, 2}}), SetMode::kAny).ok());
  EXPECT_EQ(found(true), Paths{"a"});
}

TEST_F(VectorStorageManagerTest, FollowsNames) {
  files_.make_directory("d");
  const ObjectKey a = make("a");
  const ObjectKey b = make("b");
  ASSERT_TRUE(set(a, 1).ok());
  ASSERT_TRUE(set(b, 2).ok());
  rename("a", "d/x");
  EXPECT_EQ(found(), (Paths{"b", "d/x"}));
  rename("b", "d/x", true);
  EXPECT_EQ(found(), (Paths{"b", "d/x"}));
  EXPECT_TRUE(has(key_of("b"), 1));
  rename("b", "d/x");  // Over b's file.
  EXPECT_EQ(found(), Paths{"d/x"});
  EXPECT_TRUE(has(key_of("d/x"), 1));
  link("d/x", "second");
  unlink("d/x");
  EXPECT_EQ(found(), Paths{"second"});
  unlink("second");
  EXPECT_EQ(found(), Paths{});
}

TEST_F(VectorStorageManagerTest, AnUnlinkedFileKeepsItsVectorsWhileItIsOpen) {
  const ObjectKey key = make("a");
  ASSERT_TRUE(set(key, 1).ok());
  Fd open(::openat(files_.fd(), "a", O_RDONLY));
  unlink("a");
  EXPECT_EQ(found(), Paths{});
  (void)storage_->maintain();
  EXPECT_TRUE(has(key, 1));
  ASSERT_TRUE(set(key, 2).ok());
  EXPECT_TRUE(has(key, 2));
  EXPECT_EQ(found(), Paths{}) << "a file without a name is not found";
  open.reset();
  for (int tries = 0; tries < 100 && !get(key).empty(); ++tries) {
    (void)storage_->maintain();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(get(key).empty());
  EXPECT_EQ(row().vectors, 0U);
}

TEST_F(VectorStorageManagerTest, SlotsServeAgain) {
  std::vector<ObjectKey> keys;
  for (uint32_t i = 0; i < 20; ++i) keys.push_back(make("f" + std::to_string(i)));
  for (uint32_t round = 0; round < 20; ++round) {
    for (uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(set(keys[i], round * 100 + i).ok());
    (void)settled();
    ASSERT_TRUE(storage_->flush().ok());
  }
  EXPECT_LE(row().slots_end, 60U) << "not 400";
  for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(has(keys[i], 1900 + i));
  EXPECT_EQ(found().size(), 20U);
}

TEST_F(VectorStorageManagerTest, DirectoriesOfSlots) {
  files_.make_directory("d");
  const ObjectKey a = make("a");
  ASSERT_TRUE(set(a, 1).ok());
  ASSERT_TRUE(set(make("d/b"), 2).ok());
  const auto space = storage_->open_space("clip");
  const auto paths = [&] {
    Paths list;
    EXPECT_TRUE(storage_
                    ->for_each_slot(space.value(),
                                    [&](Slot, ObjectId, DirectoryIndex directory) {
                                      list.insert(directory == kNoDirectory     ? "none"
                                                  : directory == kRootDirectory ? "root"
                                                                                : "below");
                                    })
                    .ok());
    return list;
  };
  EXPECT_EQ(paths(), (Paths{"root", "below"}));
  link("a", "d/c");
  EXPECT_EQ(paths(), (Paths{"root", "below", "below"}));
  unlink("a");
  EXPECT_EQ(paths(), (Paths{"below", "below"}));
  unlink("d/c");
  EXPECT_EQ(paths(), (Paths{"none", "below"}));
  ASSERT_TRUE(set(make("e"), 3).ok());
  EXPECT_EQ(paths(), (Paths{"none", "below", "root"}));
  rename("d/b", "f");
  EXPECT_EQ(paths(), (Paths{"none", "root", "root"}));
}

TEST_F(VectorStorageManagerTest, OneProcessAtATime) {
  EXPECT_EQ(VectorStorageManager::open(*io_, *tree_, {}, true).error(), EBUSY);
  const ObjectKey key = make("a");
  ASSERT_TRUE(set(key, 1).ok());
  storage_.reset();
  open({.read_only = true});
  EXPECT_TRUE(has(key, 1));
  EXPECT_EQ(set(key, 2).error(), EROFS);
  EXPECT_EQ(storage_->create_space("b", {.dim = 3}).error(), EROFS);
  EXPECT_EQ(found(), Paths{"a"});
}

TEST_F(VectorStorageManagerTest, TheScanOfNamesLetsASpaceOpenButNotForEver) {
  ASSERT_TRUE(set(make("a"), 1).ok());
  FailingIo io;
  io_ = &io;
  open();
  std::promise<void> opening;
  std::promise<void> go_on;
  io.before_open = [&, asked = false](const char* name) mutable {
    if (asked || !std::string_view(name).starts_with("graph.")) return;
    asked = true;
    opening.set_value();
    go_on.get_future().wait();
  };
  std::thread opener([this] { EXPECT_TRUE(storage_->open_space("clip").ok()); });
  opening.get_future().wait();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(storage_->reconcile().ok()) << "while the space still opens";
  EXPECT_GE(std::chrono::steady_clock::now() - start,
            std::chrono::milliseconds(limits::kOpeningPatienceMs));
  EXPECT_TRUE(storage_->names_known());
  go_on.set_value();
  opener.join();
  EXPECT_TRUE(storage_->reconcile().ok());
  EXPECT_EQ(found(), Paths{"a"});
  storage_.reset();  // Before its io.
  io_ = &system_io();
}

TEST_F(VectorStorageManagerTest, ManyThreads) {
  std::vector<ObjectKey> keys;
  for (uint32_t i = 0; i < 40; ++i) keys.push_back(make("f" + std::to_string(i)));
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint32_t round = 0; round < 30; ++round) {
        for (uint32_t i = t; i < keys.size(); i += 4) {
          ASSERT_TRUE(set(keys[i], round * 1000 + i).ok());
          ASSERT_TRUE(has(keys[i], round * 1000 + i));
        }
        if (round % 10 == t) {
          ASSERT_TRUE(storage_->flush().ok());
        }
      }
    });
  }
  std::atomic<bool> stop{false};
  std::thread maintenance([&] {
    while (!stop) (void)storage_->maintain();
  });
  for (std::thread& thread : threads) thread.join();
  stop = true;
  maintenance.join();
  EXPECT_EQ(found().size(), 40U);
  open();
  EXPECT_EQ(found().size(), 40U);
  for (uint32_t i = 0; i < keys.size(); ++i) EXPECT_TRUE(has(keys[i], 29000 + i));
}

}  // namespace
}  // namespace vexfs::engine
