// The SQL that runs while the catalog is open. All of it is prepared by open(): parsing takes 9 KiB
// of stack. tools/stack/measure_sqlite.cc measures what running each takes.
#ifndef VEXFS_STORE_CATALOG_STATEMENTS_H_
#define VEXFS_STORE_CATALOG_STATEMENTS_H_

#include <array>
#include <cstddef>

namespace vexfs::store {

enum class Sql : size_t {
  kBegin,
  kCommit,
  kRollback,
  kGetCounters,
  kSetCounters,
  kCountCheckpoint,
  kGetMark,
  kSetMark,
  kAddObject,
  kFindObject,
  kGetObject,
  kGetKey,
  kSetKey,
  kRemoveObject,
  kObjects,
  kDirectories,
  kCountObjects,
  kPutName,
  kRemoveName,
  kRemoveNamesOf,
  kFindName,
  kNamesOf,
  kChildrenOf,
  kSpaces,
  kAddSpace,
  kRemoveSpace,
  kRemoveSlots,
  kSetEfSearch,
  kRenameSpace,
  kSetVectors,
  kLastSlot,
  kAddSlot,
  kTakeSlot,
  kFreeSlot,
  kGetSlot,
  kGetOwner,
  kFindSlot,
  kFirstSlotFrom,
  kPassagesOf,
  kAllPassages,
  kNextSpaceOf,
  kPassagesAfter,
  kFreedAfter,
  kFreeSlots,
  kSlotsDown,
  kPutDocument,
  kGetDocument,
  kGetDocumentState,
  kSetPending,
  kRemoveDocument,
  kDocumentsNotFresh,
  kDocumentsFresh,
  kCountDocuments,
  kLeaveSpace,
  kMoveDocuments,
  kCount,
};

struct CatalogStatement {
  Sql id;
  const char* text;
};

// One entry for each Sql, at the index of its number.
inline constexpr std::array<CatalogStatement, static_cast<size_t>(Sql::kCount)> kSql = {{
    {Sql::kBegin, "BEGIN"},
    {Sql::kCommit, "COMMIT"},
    {Sql::kRollback, "ROLLBACK"},
    {Sql::kGetCounters,
     "SELECT last_object, last_change, pending, fresh, failed, skipped FROM counters WHERE id = 1"},
    {Sql::kSetCounters,
     "UPDATE counters SET last_object = ?1, last_change = ?2, pending = ?3, fresh = ?4,"
     " failed = ?5, skipped = ?6 WHERE id = 1"},
    {Sql::kCountCheckpoint, "UPDATE counters SET checkpoints = checkpoints + 1 WHERE id = 1"},
    {Sql::kGetMark, "SELECT value FROM marks WHERE name = ?1"},
    {Sql::kSetMark, "INSERT OR REPLACE INTO marks VALUES (?1, ?2)"},
    {Sql::kAddObject, "INSERT INTO objects VALUES (?1, ?2, ?3, ?4)"},
    {Sql::kFindObject, "SELECT id, kind, inode FROM objects WHERE key = ?1"},
    {Sql::kGetObject, "SELECT id, kind, inode FROM objects WHERE id = ?1"},
    {Sql::kGetKey, "SELECT key FROM objects WHERE id = ?1"},
    {Sql::kSetKey, "UPDATE objects SET key = ?2, inode = ?3 WHERE id = ?1"},
    {Sql::kRemoveObject, "DELETE FROM objects WHERE id = ?1"},
    {Sql::kObjects, "SELECT id, kind, inode FROM objects WHERE id > ?1 ORDER BY id"},
    {Sql::kDirectories,
     "SELECT objects.id, objects.kind, objects.inode, objects.key, names.parent, names.name"
     " FROM objects INDEXED BY directories LEFT JOIN names ON names.object = objects.id"
     " WHERE objects.kind = 2"},
    {Sql::kCountObjects, "SELECT count(*) FROM objects"},
    {Sql::kPutName, "INSERT OR REPLACE INTO names VALUES (?1, ?2, ?3)"},
    {Sql::kRemoveName, "DELETE FROM names WHERE parent = ?1 AND name = ?2"},
    {Sql::kRemoveNamesOf, "DELETE FROM names WHERE object = ?1"},
    {Sql::kFindName, "SELECT object FROM names WHERE parent = ?1 AND name = ?2"},
    {Sql::kNamesOf, "SELECT parent, name FROM names WHERE object = ?1"},
    {Sql::kChildrenOf,
     "SELECT names.name, names.object, objects.kind FROM names CROSS JOIN objects"
     " ON objects.id = names.object WHERE names.parent = ?1 AND names.name > ?2"
     " ORDER BY names.name"},
    {Sql::kSpaces,
     "SELECT id, name, dim, metric, element, m, ef_construction, ef_search, filler, vectors,"
     " embedder FROM spaces ORDER BY id"},
    {Sql::kAddSpace, "INSERT INTO spaces VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)"},
    {Sql::kRemoveSpace, "DELETE FROM spaces WHERE id = ?1"},
    {Sql::kRemoveSlots, "DELETE FROM slots WHERE id BETWEEN ?1 AND ?2"},
    {Sql::kSetEfSearch, "UPDATE spaces SET ef_search = ?2 WHERE id = ?1"},
    {Sql::kRenameSpace, "UPDATE spaces SET name = ?2 WHERE id = ?1"},
    {Sql::kSetVectors, "UPDATE spaces SET vectors = ?2 WHERE id = ?1"},
    {Sql::kLastSlot, "SELECT id FROM slots WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1"},
    {Sql::kAddSlot, "INSERT INTO slots VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    {Sql::kTakeSlot,
     "UPDATE slots SET object = ?2, ordinal = ?3, change = ?4, range_start = ?5, range_end = ?6,"
     " line = ?7 WHERE id = ?1 AND object = 0"},
    {Sql::kFreeSlot,
     "UPDATE slots SET object = 0, ordinal = id & 0xffffffff, change = ?2, range_start = 0,"
     " range_end = 0, line = 0 WHERE id = ?1"},
    {Sql::kGetSlot,
     "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots WHERE id = ?1"},
    {Sql::kGetOwner,
     "SELECT slots.id, slots.object, slots.ordinal, slots.change, slots.range_start,"
     " slots.range_end, slots.line, objects.key, names.parent, names.name"
     " FROM slots CROSS JOIN objects ON objects.id = slots.object"
     " LEFT JOIN names ON names.object = slots.object WHERE slots.id = ?1 AND slots.object != 0"},
    {Sql::kFindSlot,
     "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
     " WHERE object = ?1 AND space = ?2 AND ordinal = ?3"},
    {Sql::kFirstSlotFrom,
     "SELECT id FROM slots WHERE object = ?1 AND space = ?2 AND ordinal >= ?3"
     " ORDER BY ordinal LIMIT 1"},
    {Sql::kPassagesOf,
     "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
     " WHERE object = ?1 AND space = ?2 ORDER BY ordinal"},
    {Sql::kAllPassages,
     "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
     " WHERE id BETWEEN ?1 AND ?2 AND object != 0 ORDER BY id"},
    {Sql::kNextSpaceOf,
     "SELECT space FROM slots WHERE object = ?1 AND space > ?2 ORDER BY space LIMIT 1"},
    {Sql::kPassagesAfter,
     "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
     " WHERE space = ?1 AND change > ?2 AND object != 0 ORDER BY change"},
    {Sql::kFreedAfter,
     "SELECT id, change FROM slots INDEXED BY slots_by_change"
     " WHERE space = ?1 AND change > ?2 AND object = 0 ORDER BY change"},
    {Sql::kFreeSlots,
     "SELECT id, change FROM slots WHERE object = 0 AND space = ?1 ORDER BY ordinal"},
    {Sql::kSlotsDown,
     "SELECT id, object, change FROM slots WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC"},
    {Sql::kPutDocument, "INSERT OR REPLACE INTO documents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    {Sql::kGetDocument,
     "SELECT object, state, space, size, mtime, name_hash, text_kept, why FROM documents"
     " WHERE object = ?1"},
    {Sql::kGetDocumentState, "SELECT state FROM documents WHERE object = ?1"},
    {Sql::kSetPending, "UPDATE documents SET state = 1, why = '' WHERE object = ?1"},
    {Sql::kRemoveDocument, "DELETE FROM documents WHERE object = ?1"},
    {Sql::kDocumentsNotFresh,
     "SELECT object, state, space, size, mtime, name_hash, text_kept, why"
     " FROM documents INDEXED BY documents_not_fresh"
     " WHERE state = ?1 AND state != 2 AND object > ?2 ORDER BY object"},
    {Sql::kDocumentsFresh,
     "SELECT object, state, space, size, mtime, name_hash, text_kept, why FROM documents"
     " WHERE object > ?1 AND state = 2 ORDER BY object"},
    {Sql::kCountDocuments,
     "SELECT count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),"
     " count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4) FROM documents"},
    {Sql::kLeaveSpace, "UPDATE documents SET state = 1, space = 0, why = '' WHERE space = ?1"},
    {Sql::kMoveDocuments, "UPDATE documents SET space = ?2 WHERE space = ?1"},
}};

// A statement that is missing or stands in another's place would run under the wrong name.
consteval bool every_statement_has_its_id() {
  for (size_t i = 0; i < kSql.size(); ++i) {
    if (kSql[i].id != static_cast<Sql>(i) || kSql[i].text == nullptr) return false;
  }
  return true;
}
static_assert(every_statement_has_its_id(), "kSql lists the statements in the order of Sql");

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CATALOG_STATEMENTS_H_
