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

// In order of Sql.
inline constexpr std::array<const char*, static_cast<size_t>(Sql::kCount)> kSql = {
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SELECT last_object, last_change, pending, fresh, failed, skipped FROM counters WHERE id = 1",
    "UPDATE counters SET last_object = ?1, last_change = ?2, pending = ?3, fresh = ?4, failed = ?5,"
    " skipped = ?6 WHERE id = 1",
    "UPDATE counters SET checkpoints = checkpoints + 1 WHERE id = 1",
    "SELECT value FROM marks WHERE name = ?1",
    "INSERT OR REPLACE INTO marks VALUES (?1, ?2)",
    "INSERT INTO objects VALUES (?1, ?2, ?3, ?4)",
    "SELECT id, kind, inode FROM objects WHERE key = ?1",
    "SELECT id, kind, inode FROM objects WHERE id = ?1",
    "SELECT key FROM objects WHERE id = ?1",
    "UPDATE objects SET key = ?2, inode = ?3 WHERE id = ?1",
    "DELETE FROM objects WHERE id = ?1",
    "SELECT id, kind, inode FROM objects WHERE id > ?1 ORDER BY id",
    "SELECT objects.id, objects.kind, objects.inode, objects.key, names.parent, names.name"
    " FROM objects INDEXED BY directories LEFT JOIN names ON names.object = objects.id"
    " WHERE objects.kind = 2",
    "SELECT count(*) FROM objects",
    "INSERT OR REPLACE INTO names VALUES (?1, ?2, ?3)",
    "DELETE FROM names WHERE parent = ?1 AND name = ?2",
    "DELETE FROM names WHERE object = ?1",
    "SELECT object FROM names WHERE parent = ?1 AND name = ?2",
    "SELECT parent, name FROM names WHERE object = ?1",
    "SELECT names.name, names.object, objects.kind FROM names CROSS JOIN objects"
    " ON objects.id = names.object WHERE names.parent = ?1 AND names.name > ?2"
    " ORDER BY names.name",
    "SELECT id, name, dim, metric, element, m, ef_construction, ef_search, filler, vectors,"
    " embedder FROM spaces ORDER BY id",
    "INSERT INTO spaces VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)",
    "DELETE FROM spaces WHERE id = ?1",
    "DELETE FROM slots WHERE id BETWEEN ?1 AND ?2",
    "UPDATE spaces SET ef_search = ?2 WHERE id = ?1",
    "UPDATE spaces SET name = ?2 WHERE id = ?1",
    "UPDATE spaces SET vectors = ?2 WHERE id = ?1",
    "SELECT id FROM slots WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1",
    "INSERT INTO slots VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    "UPDATE slots SET object = ?2, ordinal = ?3, change = ?4, range_start = ?5, range_end = ?6,"
    " line = ?7 WHERE id = ?1 AND object = 0",
    "UPDATE slots SET object = 0, ordinal = id & 0xffffffff, change = ?2, range_start = 0,"
    " range_end = 0, line = 0 WHERE id = ?1",
    "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots WHERE id = ?1",
    "SELECT slots.id, slots.object, slots.ordinal, slots.change, slots.range_start,"
    " slots.range_end, slots.line, objects.key, names.parent, names.name"
    " FROM slots CROSS JOIN objects ON objects.id = slots.object"
    " LEFT JOIN names ON names.object = slots.object WHERE slots.id = ?1 AND slots.object != 0",
    "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
    " WHERE object = ?1 AND space = ?2 AND ordinal = ?3",
    "SELECT id FROM slots WHERE object = ?1 AND space = ?2 AND ordinal >= ?3"
    " ORDER BY ordinal LIMIT 1",
    "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
    " WHERE object = ?1 AND space = ?2 ORDER BY ordinal",
    "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
    " WHERE id BETWEEN ?1 AND ?2 AND object != 0 ORDER BY id",
    "SELECT space FROM slots WHERE object = ?1 AND space > ?2 ORDER BY space LIMIT 1",
    "SELECT id, object, ordinal, change, range_start, range_end, line FROM slots"
    " WHERE space = ?1 AND change > ?2 AND object != 0 ORDER BY change",
    "SELECT id, change FROM slots INDEXED BY slots_by_change"
    " WHERE space = ?1 AND change > ?2 AND object = 0 ORDER BY change",
    "SELECT id, change FROM slots WHERE object = 0 AND space = ?1 ORDER BY ordinal",
    "SELECT id, object, change FROM slots WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC",
    "INSERT OR REPLACE INTO documents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    "SELECT object, state, space, size, mtime, name_hash, text_kept, why FROM documents"
    " WHERE object = ?1",
    "SELECT state FROM documents WHERE object = ?1",
    "UPDATE documents SET state = 1, why = '' WHERE object = ?1",
    "DELETE FROM documents WHERE object = ?1",
    "SELECT object, state, space, size, mtime, name_hash, text_kept, why"
    " FROM documents INDEXED BY documents_not_fresh"
    " WHERE state = ?1 AND state != 2 AND object > ?2 ORDER BY object",
    "SELECT object, state, space, size, mtime, name_hash, text_kept, why FROM documents"
    " WHERE object > ?1 AND state = 2 ORDER BY object",
    "SELECT count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),"
    " count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4) FROM documents",
    "UPDATE documents SET state = 1, space = 0, why = '' WHERE space = ?1",
    "UPDATE documents SET space = ?2 WHERE space = ?1",
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CATALOG_STATEMENTS_H_
