// Each rule of the catalog's check finds what breaks it.
#include "store/sqlite.h"
#include "store/testing/catalog_fixture.h"

namespace vexfs::store {
namespace {

class Check : public CatalogTest {
 protected:
  // Runs `sql` on a sound catalog, and returns what check() says then.
  std::vector<std::string> after(const char* sql) {
    catalog_.reset();
    {
      Sqlite other;
      const std::string path =
          "/proc/self/fd/" + std::to_string(directory_.fd().get()) + "/catalog.sqlite";
      EXPECT_TRUE(other.open(path, Sqlite::Open::kReadWrite).ok());
      EXPECT_TRUE(other.exec(sql).ok()) << sql;
    }
    reopen();
    return catalog().check().value();
  }
};

TEST_F(Check, FindsEachKindOfContradiction) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  put(text, a);
  put(text, a);
  ASSERT_TRUE(catalog().put_name(kRootObject, "a", a).ok());
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
  using Findings = std::vector<std::string>;
  EXPECT_EQ(after("UPDATE objects SET kind = 3 WHERE id = 2"), Findings{"1 objects of no kind"});
  EXPECT_EQ(after("UPDATE objects SET kind = 1 WHERE id = 2"), Findings());
  EXPECT_EQ(after("INSERT INTO objects VALUES (77, x'77', 1, 0)"),
            Findings{"1 objects with ids that were never given out"});
  EXPECT_EQ(after("DELETE FROM objects WHERE id = 77"), Findings());
  EXPECT_EQ(after("INSERT INTO names VALUES (1, x'78', 99)"),
            Findings{"1 names that lead to no object"});
  EXPECT_EQ(after("UPDATE names SET object = 2, parent = 2 WHERE object = 99"),
            Findings{"1 names in no directory"});
  EXPECT_EQ(after("DELETE FROM names WHERE parent = 2"), Findings());
  EXPECT_EQ(after("UPDATE slots SET object = 99 WHERE object = 2"),
            Findings{"1 passages of no object"});
  EXPECT_EQ(after("UPDATE slots SET object = 2, change = 9 WHERE object = 99"),
            Findings{"1 slots with changes that never happened"});
  EXPECT_EQ(
      after("UPDATE slots SET change = 2, ordinal = 5 WHERE object = 0"),
      (Findings{"1 free slots with another's number", "1 slots with changes that never happened"}));
  EXPECT_EQ(after("UPDATE slots SET change = 2, ordinal = 0 WHERE object = 0;"
                  "UPDATE slots SET change = 2"),
            Findings());
  EXPECT_EQ(after("UPDATE spaces SET vectors = 5"), Findings{"1 vectors in text, which says 5"});
  EXPECT_EQ(after("UPDATE spaces SET vectors = 1; DELETE FROM slots WHERE object = 0"),
            Findings{"1 slots missing in text"});
}

TEST_F(Check, FindsDamagedPages) {
  const SpaceId text = space("text");
  for (int i = 0; i < 500; ++i) put(text, file(std::to_string(i)));
  ASSERT_TRUE(catalog().commit().ok());
  catalog_.reset();  // Closing moves the log into the file.
  const Fd raw(::openat(directory_.fd().get(), "catalog.sqlite", O_RDWR | O_CLOEXEC));
  const std::string zeros(64, '\0');
  const off_t end = ::lseek(raw.get(), 0, SEEK_END);
  ASSERT_EQ(::pwrite(raw.get(), zeros.data(), zeros.size(), end - 4096), 64);
  auto opened = Catalog::open(system_io(), directory_.fd(), Catalog::Access::kReadWrite);
  if (!opened.ok()) {
    EXPECT_EQ(opened.error(), EUCLEAN);
    return;
  }
  const auto findings = opened.value()->check();
  EXPECT_TRUE(findings.error() == EUCLEAN || !findings.value().empty());
}

}  // namespace
}  // namespace vexfs::store
