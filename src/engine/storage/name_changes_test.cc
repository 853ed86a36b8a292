// Events of names become hidden slots, orphans and news for the index of texts.
#include "engine/storage/name_changes.h"

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class NotedRenames final : public TextEvents {
 public:
  void renamed(ObjectId object) override { renamed_.push_back(object); }
  void let_go(store::SpaceId, std::span<const Slot>) override {}
  std::vector<ObjectId> renamed_;
};

class NameChangesTest : public PartsFixture {
 protected:
  void SetUp() override {
    PartsFixture::SetUp();
    object_ = object_of(make("a"));
    const MutexLock lock(mutex());
    ASSERT_TRUE(parts_->listeners.add(heard_));
  }
  // The maintenance thread would reconcile.
  bool wants_reconciliation() {
    const MutexLock lock(mutex());
    return parts_->names.reconciliation_due() != Clock::time_point::max();
  }

  ObjectId object_{};
  std::shared_ptr<NotedRenames> heard_ = std::make_shared<NotedRenames>();
};

TEST_F(NameChangesTest, AnEventCountsWhenTheChangeIsDone) {
  NameChanges& names = parts_->names;
  {
    const MutexLock lock(mutex());
    names.lost(object_);
    EXPECT_FALSE(parts_->orphans.contains(object_));
    names.settle({});
    EXPECT_TRUE(parts_->orphans.contains(object_));
  }
  EXPECT_EQ(count_found(), 0U);
  {
    const MutexLock lock(mutex());
    names.found(object_);
    names.settle({});
    EXPECT_FALSE(parts_->orphans.contains(object_));
  }
  EXPECT_EQ(count_found(), 1U);
}

TEST_F(NameChangesTest, TheIndexOfTextsHearsOfNamesButNotOfItsOwn) {
  const MutexLock lock(mutex());
  parts_->names.lost(object_);
  parts_->names.settle({});
  EXPECT_TRUE(heard_->renamed_.empty()) << "without a name it is read by nobody";
  parts_->names.found(object_);
  parts_->names.moved(object_);
  parts_->names.settle({});
  EXPECT_EQ(heard_->renamed_, (std::vector{object_, object_}));
  parts_->names.moved(object_);
  parts_->names.settle({}, NameChanges::Maker::kTextIndex);
  EXPECT_EQ(heard_->renamed_.size(), 2U);
}

TEST_F(NameChangesTest, EventsOfLostChangesAreForgotten) {
  const MutexLock lock(mutex());
  parts_->names.lost(object_);
  parts_->names.forget_events();
  parts_->names.settle({});
  EXPECT_FALSE(parts_->orphans.contains(object_));
}

TEST_F(NameChangesTest, WhatIsNotRecordedWantsAReconciliation) {
  NameChanges& names = parts_->names;
  {
    const MutexLock lock(mutex());
    names.begin_reconciliation();
    names.end_reconciliation();
  }
  EXPECT_TRUE(names.known());
  names.wait_until_known(std::chrono::hours(1));
  {
    const MutexLock lock(mutex());
    names.settle(Status(ENOENT, "an unknown name is no failure"));
    EXPECT_TRUE(names.known());
    names.settle(Status(EINVAL, "a name that no row can hold"));
  }
  EXPECT_FALSE(names.known());
  EXPECT_TRUE(wants_reconciliation());
  const MutexLock lock(mutex());
  names.begin_reconciliation();
  names.want_reconciliation();
  names.end_reconciliation();
  EXPECT_FALSE(names.known()) << "a change went unrecorded meanwhile";
}

TEST_F(NameChangesTest, TheNextReconciliationIsNotDueTooSoon) {
  const MutexLock lock(mutex());
  const Clock::time_point next = Clock::now() + std::chrono::hours(1);
  parts_->names.begin_reconciliation(next);
  EXPECT_EQ(parts_->names.reconciliation_due(), Clock::time_point::max());
  parts_->names.want_reconciliation();
  EXPECT_EQ(parts_->names.reconciliation_due(), next);
  parts_->names.begin_reconciliation();
  parts_->names.want_reconciliation();
  EXPECT_EQ(parts_->names.reconciliation_due(), next) << "one that was asked for changes nothing";
}

TEST_F(NameChangesTest, NamesThatMayNotChangeAreSoughtLater) {
  {
    const MutexLock lock(mutex());
    EXPECT_TRUE(parts_->names.may_change());
    parts_->commit.lose_changes(Status(ENOSPC, "the disk is full"));
    EXPECT_FALSE(parts_->names.may_change());
  }
  EXPECT_TRUE(wants_reconciliation());
}

TEST_F(NameChangesTest, AReaderTakesTheCatalogAsItIs) {
  open({.read_only = true});
  EXPECT_TRUE(parts_->names.known());
}

}  // namespace
}  // namespace vexfs::engine
