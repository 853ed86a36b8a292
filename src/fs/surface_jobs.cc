// From a request of the surface to the engine, and back.
#include "fs/surface_jobs.h"

#include <time.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "engine/engine.h"
#include "fs/caller_groups.h"
#include "fs/result_table.h"
#include "fs/stream_file.h"
#include "fs/surface_node.h"

namespace vexfs::fs {
namespace {

using engine::Engine;
using engine::ObjectKey;
using engine::QueryError;
using engine::QueryResult;

constexpr double kForever = 86400.0;  // Results never change.

// From `.vexfs/similar/NAME/` to the directory that was asked.
constexpr char kUpFromSimilar[] = "../../../";

void answer_stream(FileSystem& fs, const SurfaceJob& job, const ObjectKey& directory) {
  const CallerGroups caller(job.req);
  std::string reply;
  switch (job.kind) {
    case SurfaceJob::Kind::kQueryF32:
      fs.engine->answer_f32(caller.credentials(), directory, std::as_bytes(std::span(job.text())),
                            reply);
      break;
    case SurfaceJob::Kind::kControl: {
      const uid_t uid = caller.credentials().uid;
      const bool privileged = uid == 0 || uid == ::geteuid();
      fs.engine->control_json(caller.credentials(), privileged, directory, job.text(), reply);
      break;
    }
    default:
      fs.engine->answer_json(caller.credentials(), directory, job.text(), reply);
      break;
  }
  job.file->set_reply(std::move(reply));
  ::fuse_reply_write(job.req, job.bytes);
}

// The space is the engine's choice where it can make one; a file with vectors in several is
// compared in the first.
Result<QueryResult> search_like(FileSystem& fs, const engine::Credentials& caller,
                                const ObjectKey& directory, NodeId parent,
                                const std::string& name) {
  engine::Query query;
  query.like = name;
  query.k = limits::kSimilarHits;
  QueryError error;
  Result<QueryResult> found = fs.engine->search(caller, directory, query, error);
  if (found.error() != EINVAL) return found;
  VEXFS_TRY(entry, fs.backing.lookup(parent, name.c_str()));
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
  return fs.engine->search(caller, directory, query, error);
}

Result<ResultTable::Held> similar_to(FileSystem& fs, const SurfaceJob& job,
                                     const ObjectKey& directory) {
  const CallerGroups groups(job.req);
  const engine::Credentials caller = groups.credentials();
  ResultQuestion question;
  question.directory = job.directory;
  question.name = job.text();
  question.uid = caller.uid;
  question.gid = caller.gid;
  question.credentials = caller.hash();
  if (job.directory != kRootNode) {
    FileHandle ignored;
    VEXFS_TRY(info, fs.backing.nodes().handle_of(job.directory, ignored));
    question.generation = info.generation;
  }
  // Before the search: what changes during it makes its results stale.
  const uint64_t generation = fs.engine->generation();
  if (auto held = fs.surface.results().answered(question, generation, monotonic_nanoseconds())) {
    return held;
  }
  VEXFS_TRY(found, search_like(fs, caller, directory, job.directory, question.name));
  auto made = std::make_unique<ResultDirectory>();
  made->question = std::move(question);
  made->entries = result_entries(found.hits, kUpFromSimilar);
  made->index_generation = generation;
  made->made = monotonic_nanoseconds();
  ::clock_gettime(CLOCK_REALTIME, &made->time);
  return fs.surface.results().keep(std::move(made));
}

// The kernel may not keep the name: who asks next is another caller, perhaps, with other results.
void answer_similar(FileSystem& fs, const SurfaceJob& job, const ObjectKey& directory) {
  const Result<ResultTable::Held> held = similar_to(fs, job, directory);
  if (!held.ok()) {
    ::fuse_reply_err(job.req, held.error());
    return;
  }
  fuse_entry_param entry = {};
  entry.ino = static_cast<fuse_ino_t>(held.value()->node);
  entry.attr = held.value()->attributes();
  entry.attr_timeout = kForever;
  ::fuse_reply_entry(job.req, &entry);
}

}  // namespace

void do_surface_job(void* file_system, SurfaceJob& job) {
  FileSystem& fs = *static_cast<FileSystem*>(file_system);
  const Result<ObjectKey> directory = fs.engine == nullptr
                                          ? Status(EOPNOTSUPP, "the source cannot have vectors")
                                          : fs.tree->key_of_node(job.directory);
  if (!directory.ok()) {
    const int error = directory.error() == EXDEV ? EOPNOTSUPP : directory.error();
    ::fuse_reply_err(job.req, error);
  } else if (job.kind == SurfaceJob::Kind::kSimilar) {
    answer_similar(fs, job, directory.value());
  } else {
    answer_stream(fs, job, directory.value());
  }
  fs.surface.latencies(job.kind).record(monotonic_nanoseconds() - job.arrived);
  job = SurfaceJob();
}

}  // namespace vexfs::fs
