// Documents of the catalog: which files have indexed text, and of what size and time it is. How
// many there are in each state is counted along in memory, and stored by commit().
#include <cerrno>

#include "base/limits.h"
#include "store/catalog_state.h"

namespace vexfs::store {
namespace {

bool is_state(int64_t value) {
  return value >= static_cast<int64_t>(DocumentState::kPending) &&
         value <= static_cast<int64_t>(DocumentState::kSkipped);
}

Status check_document(const Document& document) {
  const bool is_sound = is_state(static_cast<int64_t>(document.state)) &&
                        document.size <= INT64_MAX &&
                        static_cast<int64_t>(document.space) <= kSpaceIdMax &&
                        document.why.size() <= limits::kDocumentWhyBytesMax;
  if (!is_sound) return Status(EINVAL, "the document");
  if (document.state == DocumentState::kFresh && document.space == SpaceId{}) {
    return Status(EINVAL, "a fresh document is in a space");
  }
  return Status();
}

// The columns of a document, checked like anything that comes from a file.
Status read_document(const Run& run, Document& document) {
  const int64_t object = run.integer(0);
  const int64_t space = run.integer(2);
  const int64_t size = run.integer(3);
  const std::string_view why = run.bytes(7);
  if (object <= 0 || !is_state(run.integer(1)) || space < 0 || space > kSpaceIdMax || size < 0 ||
      why.size() > limits::kDocumentWhyBytesMax) {
    return Status(EUCLEAN, "a document of the catalog");
  }
  document.object = ObjectId{static_cast<uint64_t>(object)};
  document.state = static_cast<DocumentState>(run.integer(1));
  document.space = SpaceId{static_cast<uint32_t>(space)};
  document.size = static_cast<uint64_t>(size);
  document.mtime_ns = run.integer(4);
  document.name_hash = static_cast<uint64_t>(run.integer(5));
  document.text_kept = run.integer(6) != 0;
  document.why = why;
  return Status();
}

uint64_t& count_of(DocumentCounts& counts, DocumentState state) {
  switch (state) {
    case DocumentState::kPending:
      return counts.pending;
    case DocumentState::kFresh:
      return counts.fresh;
    case DocumentState::kFailed:
      return counts.failed;
    case DocumentState::kSkipped:
      break;
  }
  return counts.skipped;
}

// Counts one document less in that state. A damaged catalog may have said that there are none.
void count_out(DocumentCounts& counts, DocumentState state) {
  uint64_t& count = count_of(counts, state);
  count -= count > 0;
}

}  // namespace

Result<DocumentCounts> counts_in(const Run& run, int column) {
  DocumentCounts counts;
  int at = column;
  for (uint64_t* count : {&counts.pending, &counts.fresh, &counts.failed, &counts.skipped}) {
    if (run.integer(at) < 0) return Status(EUCLEAN, "the catalog's counts of documents");
    *count = static_cast<uint64_t>(run.integer(at++));
  }
  return counts;
}

// Reads every document: after a space went with all its documents, and for check().
Result<DocumentCounts> Catalog::State::counted_documents() {
  Run run((*this)[Sql::kCountDocuments]);
  VEXFS_TRY(found, run.next());
  if (!found) return Status(EUCLEAN, "the catalog has no answer");
  return counts_in(run, 0);
}

Status Catalog::put_document(const Document& document) {
  VEXFS_CHECK_OK(state_->begin_change());
  VEXFS_CHECK_OK(check_document(document));
  VEXFS_TRY(file, object(document.object));
  if (!file) return Status(ENOENT, "no such object");
  if (file->kind != ObjectKind::kFile) return Status(EISDIR, "a directory has no text");
  if (document.space != SpaceId{} && state_->find(document.space) == nullptr) {
    return Status(ENOENT, "no such space");
  }
  VEXFS_TRY(before, document_state(document.object));
  VEXFS_CHECK_OK(state_->change(
      Sql::kPutDocument, signed_of(document.object), signed_of(document.state),
      signed_of(document.space), signed_of(document.size), document.mtime_ns,
      signed_of(document.name_hash), int64_t{document.text_kept}, SqlText{document.why}));
  if (before) count_out(state_->documents, *before);
  ++count_of(state_->documents, document.state);
  return Status();
}

Result<std::optional<Document>> Catalog::document(ObjectId object) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetDocument], signed_of(object));
  VEXFS_TRY(found, run.next());
  if (!found) return std::optional<Document>();
  Document document;
  VEXFS_CHECK_OK(read_document(run, document));
  return std::optional<Document>(std::move(document));
}

Result<std::optional<DocumentState>> Catalog::document_state(ObjectId object) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetDocumentState], signed_of(object));
  VEXFS_TRY(found, run.next());
  if (!found) return std::optional<DocumentState>();
  if (!is_state(run.integer(0))) return Status(EUCLEAN, "a document of the catalog");
  return std::optional<DocumentState>(static_cast<DocumentState>(run.integer(0)));
}

Result<bool> Catalog::mark_pending(ObjectId object) {
  VEXFS_CHECK_OK(state_->begin_change());
  VEXFS_TRY(before, document_state(object));
  if (!before) return false;
  if (*before == DocumentState::kPending) return true;
  VEXFS_CHECK_OK(state_->change(Sql::kSetPending, signed_of(object)));
  count_out(state_->documents, *before);
  ++state_->documents.pending;
  return true;
}

Status Catalog::remove_document(ObjectId object) {
  VEXFS_CHECK_OK(state_->begin_change());
  VEXFS_TRY(before, document_state(object));
  if (!before) return Status();
  VEXFS_CHECK_OK(state_->change(Sql::kRemoveDocument, signed_of(object)));
  count_out(state_->documents, *before);
  return Status();
}

Result<DocumentCounts> Catalog::count_documents() {
  VEXFS_CHECK_OK(state_->begin());
  // Another process may have changed the counts, or those in memory are of a lost transaction.
  if (!state_->writes || state_->lost) VEXFS_CHECK_OK(state_->load());
  return state_->documents;
}

Status Catalog::documents(DocumentState state, ObjectId after, DocumentVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  const auto visit_all = [visit](Run& run) -> Status {
    Document document;
    for (;;) {
      VEXFS_TRY(found, run.next());
      if (!found) return Status();
      VEXFS_CHECK_OK(read_document(run, document));
      if (!visit(document)) return Status();
    }
  };
  // Most documents are fresh, so that state has no index: the table itself is read by id.
  if (state == DocumentState::kFresh) {
    Run run((*state_)[Sql::kDocumentsFresh], signed_of(after));
    return visit_all(run);
  }
  Run run((*state_)[Sql::kDocumentsNotFresh], signed_of(state), signed_of(after));
  return visit_all(run);
}

}  // namespace vexfs::store
