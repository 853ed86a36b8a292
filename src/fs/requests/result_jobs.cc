// From questions to the engine, and from hits to entries.
#include "fs/requests/result_jobs.h"

#include <time.h>

#include <memory>
#include <string>

#include "engine/engine.h"
#include "engine/query/query_text.h"

namespace vexfs::fs {
namespace {

using engine::QueryResult;
using store::ObjectKey;

// The way from `.vexfs/similar/NAME/` (search and saved alike) up to the directory that was asked.
constexpr char kUp[] = "../../../";

// Files like the one that is named. The engine chooses the space where it can; a file that has
// vectors in several spaces is compared in the first of them.
Result<QueryResult, Refusal> search_like(FileSystem& fs, const ResultRequest& request) {
  engine::Query query;
  query.like = request.text;
  query.k = limits::kSimilarHits;
  Result<QueryResult, Refusal> found = fs.engine->search(request.caller, request.directory, query);
  if (found.error() != EINVAL) return found;
  const std::string name(request.text);
  VEXFS_TRY(entry, fs.backing.lookup(request.node, name.c_str()));
  const Result<ObjectKey> key = fs.tree->key_of_node(entry.info.node);
  fs.backing.forget(entry.info.node, 1);
  VEXFS_CHECK_OK(key.status());
  std::string space;
  VEXFS_CHECK_OK(fs.engine->spaces_of(key.value(), [&](std::string_view first) {
    space = first;
    return false;
  }));
  if (space.empty()) return Status(ENODATA, "the file has no vectors");
  query.space = space;
  return fs.engine->search(request.caller, request.directory, query);
}

Result<QueryResult, Refusal> search_text(FileSystem& fs, const ResultRequest& request) {
  VEXFS_TRY(query, engine::parse_query_text(request.text));
  query.text_bytes = 0;  // Links show no text.
  return fs.engine->search(request.caller, request.directory, query);
}

Result<ResultQuestion> question_of(FileSystem& fs, const ResultRequest& request) {
  ResultQuestion question;
  question.kind = request.kind;
  question.directory = request.node;
  question.text = request.text;
  question.uid = request.caller.uid;
  question.gid = request.caller.gid;
  question.credentials = request.caller.hash();
  if (request.node != kRootNode) {
    FileHandle ignored;
    VEXFS_TRY(info, fs.backing.nodes().handle_of(request.node, ignored));
    question.generation = info.generation;
  }
  return question;
}

}  // namespace

Result<QueryResult> hits_of(FileSystem& fs, const ResultRequest& request) {
  auto found = request.kind == ResultQuestion::Kind::kSimilar ? search_like(fs, request)
                                                              : search_text(fs, request);
  // A caller of the filesystem gets an errno alone.
  if (!found.ok()) return found.status();
  return std::move(found).value();
}

Result<ResultTable::Held> results_of(FileSystem& fs, const ResultRequest& request) {
  VEXFS_TRY(question, question_of(fs, request));
  // Read before the search, so that a change during the search makes its results stale.
  const uint64_t generation = fs.engine->generation();
  if (auto held = fs.surface.results().answered(question, generation, monotonic_nanoseconds())) {
    return held;
  }
  VEXFS_TRY(found, hits_of(fs, request));
  auto made = std::make_unique<ResultDirectory>();
  made->question = std::move(question);
  made->entries = result_entries(found.hits, kUp);
  made->index_generation = generation;
  made->made = monotonic_nanoseconds();
  ::clock_gettime(CLOCK_REALTIME, &made->time);
  return fs.surface.results().keep(std::move(made));
}

}  // namespace vexfs::fs
