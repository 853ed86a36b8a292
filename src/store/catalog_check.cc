// Whether the catalog's rows agree with each other: SQLite's integrity_check, the rules below, and
// the counts that are kept beside the rows. `vexfs check` prints what this finds.
#include <array>
#include <string>

#include "store/catalog_state.h"

namespace vexfs::store {
namespace {

// A query that counts rows which must not exist, and the name of such rows in the report.
struct Rule {
  const char* sql;
  const char* finding;
};
constexpr std::array<Rule, 14> kRules = {{
    {"SELECT count(*) FROM objects WHERE kind NOT IN (1, 2)", "objects of no kind"},
    {"SELECT count(*) FROM objects WHERE id < 1 OR id > (SELECT last_object FROM counters)",
     "objects with ids that were never given out"},
    {"SELECT 1 - count(*) FROM objects WHERE id = 1 AND kind = 2", "sources missing"},
    {"SELECT count(*) FROM names WHERE object NOT IN (SELECT id FROM objects)",
     "names that lead to no object"},
    {"SELECT count(*) FROM names WHERE parent NOT IN (SELECT id FROM objects WHERE kind = 2)",
     "names in no directory"},
    {"SELECT count(*) FROM slots WHERE id >> 32 != space OR space NOT IN (SELECT id FROM spaces)",
     "slots of no space"},
    {"SELECT count(*) FROM slots WHERE object = 0 AND ordinal != id & 0xffffffff",
     "free slots with another's number"},
    {"SELECT count(*) FROM slots WHERE object != 0 AND object NOT IN (SELECT id FROM objects)",
     "passages of no object"},
    {"SELECT count(*) FROM slots WHERE change < 1 OR change > (SELECT last_change FROM counters)",
     "slots with changes that never happened"},
    {"SELECT count(*) FROM slots WHERE id & 0xffffffff >= 67108864", "slots past the last"},
    {"SELECT count(*) FROM documents WHERE state NOT IN (1, 2, 3, 4)", "documents in no state"},
    {"SELECT count(*) FROM documents WHERE object NOT IN (SELECT id FROM objects WHERE kind = 1)",
     "documents of no file"},
    {"SELECT count(*) FROM documents WHERE space != 0 AND space NOT IN (SELECT id FROM spaces)",
     "documents in no space"},
    {"SELECT count(*) FROM documents WHERE state = 2 AND space = 0",
     "fresh documents without a space"},
}};

Status check_database(Sqlite& db, std::vector<std::string>& findings) {
  Statement statement;
  VEXFS_CHECK_OK(statement.prepare(db, "PRAGMA integrity_check"));
  Run run(statement);
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    if (run.bytes(0) != "ok") findings.emplace_back(run.bytes(0));
  }
}

std::string counted(int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what;
}

// Every slot up to the last has a row, and as many rows have an owner as the space's count says.
Status check_space(Sqlite& db, const OpenSpace& open, std::vector<std::string>& findings) {
  const std::string space = std::to_string(static_cast<uint32_t>(open.space.id));
  const std::string in_space = " FROM slots WHERE space = " + space;
  VEXFS_TRY(rows, db.integer(("SELECT count(*)" + in_space).c_str()));
  VEXFS_TRY(owned, db.integer(("SELECT count(*)" + in_space + " AND object != 0").c_str()));
  const int64_t missing = int64_t{open.slots.rows_end()} - rows;
  if (missing != 0) findings.push_back(counted(missing, "slots missing in " + open.space.name));
  if (owned != int64_t{open.space.vectors}) {
    findings.push_back(counted(owned, "vectors in " + open.space.name + ", which says " +
                                          std::to_string(open.space.vectors)));
  }
  return Status();
}

}  // namespace

Result<std::vector<std::string>> Catalog::check() {
  if (!state_->writes || state_->lost) VEXFS_CHECK_OK(state_->load());
  VEXFS_CHECK_OK(state_->begin());
  // The counters are in memory while a transaction lasts; the rules read them from the tables.
  if (state_->changed) VEXFS_CHECK_OK(state_->store_counts());
  std::vector<std::string> findings;
  VEXFS_CHECK_OK(check_database(state_->db, findings));
  for (const Rule& rule : kRules) {
    VEXFS_TRY(count, state_->db.integer(rule.sql));
    if (count != 0) findings.push_back(counted(count, rule.finding));
  }
  VEXFS_TRY(documents, state_->counted_documents());
  if (documents != state_->documents)
    findings.emplace_back("counts of documents that are not right");
  for (const OpenSpace& open : state_->spaces) {
    VEXFS_CHECK_OK(check_space(state_->db, open, findings));
  }
  return findings;
}

}  // namespace vexfs::store
