// The statements use the indexes that were made for them.
#include "store/catalog_schema.h"

#include <gtest/gtest.h>

#include "base/testing/temporary_directory.h"
#include "store/catalog_statements.h"
#include "store/sqlite.h"

namespace vexfs::store {
namespace {

// No statement scans a table or sorts, except those that are meant to read a whole table.
TEST(CatalogSchemaTest, NoStatementSearchesWithoutAnIndex) {
  const TemporaryDirectory directory;
  (void)directory.create("db", "");
  Sqlite db;
  const std::string path = "/proc/self/fd/" + std::to_string(directory.fd().get()) + "/db";
  ASSERT_TRUE(db.open(path, Sqlite::Open::kReadWrite).ok());
  EXPECT_EQ(check_catalog_schema(db).error(), ENOENT);
  ASSERT_TRUE(create_catalog_schema(db).ok());
  EXPECT_TRUE(check_catalog_schema(db).ok());
  for (const auto& [id, sql] : kSql) {
    Statement statement;
    ASSERT_TRUE(statement.prepare(db, (std::string("EXPLAIN QUERY PLAN ") + sql).c_str()).ok());
    store::Run run(statement);
    for (;;) {
      const Result<bool> found = run.next();
      ASSERT_TRUE(found.ok());
      if (!found.value()) break;
      const std::string plan(run.bytes(3));
      EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << sql << ": " << plan;
      const bool goes_through_all =
          plan == "SCAN spaces" || plan == "SCAN documents" ||
          plan == "SCAN objects USING COVERING INDEX directories" ||
          plan == "SCAN objects USING COVERING INDEX sqlite_autoindex_objects_1";
      EXPECT_TRUE(plan.starts_with("SEARCH") || goes_through_all) << sql << ": " << plan;
    }
  }
}

}  // namespace
}  // namespace vexfs::store
