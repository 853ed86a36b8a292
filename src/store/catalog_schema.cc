// Making the catalog's tables, and recognising them.
//
// A file is a catalog if its header has our application id and version, and its schema is byte for
// byte the one of this version. A file with other tables, indexes, triggers or views is refused:
// SQLite would run or trust them while it serves our statements.
#include "store/catalog_schema.h"

#include <algorithm>
#include <cerrno>

#include "store/sqlite.h"

namespace vexfs::store {

Status create_catalog_schema(Sqlite& db) {
  VEXFS_CHECK_OK(db.exec("BEGIN IMMEDIATE"));
  for (const char* sql : kCatalogSchema) VEXFS_CHECK_OK(db.exec(sql));
  VEXFS_CHECK_OK(db.exec("INSERT INTO counters VALUES (1, 1, 0, 0, 0, 0, 0, 0)"));
  // The source itself: a directory, whose key the engine fills in.
  VEXFS_CHECK_OK(db.exec("INSERT INTO objects VALUES (1, x'', 2, 0)"));
  VEXFS_CHECK_OK(db.exec("PRAGMA application_id = 0x56455846"));
  VEXFS_CHECK_OK(db.exec("PRAGMA user_version = 1"));
  return db.exec("COMMIT");
}

Status check_catalog_schema(Sqlite& db) {
  VEXFS_TRY(application, db.integer("PRAGMA application_id"));
  VEXFS_TRY(version, db.integer("PRAGMA user_version"));
  VEXFS_TRY(entries, db.integer("SELECT count(*) FROM sqlite_schema"));
  if (application == 0 && version == 0 && entries == 0) return Status(ENOENT, "no catalog yet");
  if (application != kCatalogApplicationId) return Status(EUCLEAN, "the file is no catalog");
  if (version > kCatalogVersion) return Status(ENOTSUP, "newer format of the catalog");
  if (version != kCatalogVersion) return Status(EUCLEAN, "version of the catalog");

  // ANALYZE by an administrator leaves tables named sqlite_stat*, which are harmless.
  Statement statement;
  VEXFS_CHECK_OK(statement.prepare(
      db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%'"));
  Run run(statement);
  size_t known = 0;
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) break;
    const std::string_view sql = run.bytes(0);
    const bool is_ours = std::any_of(kCatalogSchema.begin(), kCatalogSchema.end(),
                                     [&](const char* ours) { return sql == ours; });
    if (!is_ours) return Status(EUCLEAN, "the catalog has foreign tables");
    ++known;
  }
  if (known != kCatalogSchema.size()) return Status(EUCLEAN, "the catalog lacks tables");
  return Status();
}

}  // namespace vexfs::store
