// Each kind of job, from the request to its reply.
#include "fs/requests/surface_jobs.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "engine/engine.h"
#include "fs/backing/caller_groups.h"
#include "fs/requests/file_system.h"
#include "fs/requests/result_jobs.h"
#include "fs/surface/saved_searches.h"
#include "fs/surface/stream_file.h"
#include "fs/surface/surface_files.h"

namespace vexfs::fs {
namespace {

using store::ObjectKey;

Status answer_stream(FileSystem& fs, const SurfaceJob& job, const ObjectKey& directory) {
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
  return {};
}

void reply_stream(FileSystem& fs, const SurfaceJob& job, const ObjectKey& directory) {
  const Status answered = guarded([&] { return answer_stream(fs, job, directory); });
  if (answered.ok()) {
    ::fuse_reply_write(job.req, job.bytes);
  } else {
    ::fuse_reply_err(job.req, answered.error());
  }
}

// The directory of results that a name of `search`, `similar` or `saved` leads to.
Result<ResultTable::Held> find_results(FileSystem& fs, const SurfaceJob& job,
                                       const ObjectKey& directory) {
  using Kind = ResultQuestion::Kind;
  const CallerGroups groups(job.req);
  const tree::Credentials caller = groups.credentials();
  const NodeId node = job.directory;
  switch (job.kind) {
    case SurfaceJob::Kind::kSimilar:
      return results_of(fs, {caller, node, directory, Kind::kSimilar, job.text()});
    case SurfaceJob::Kind::kSaved: {
      VEXFS_TRY(query, saved_query(fs.backing, node, job.text()));
      return results_of(fs, {caller, node, directory, Kind::kSearch, query});
    }
    case SurfaceJob::Kind::kSavedMake: {
      // The query is run first, so that only a valid query is saved.
      VEXFS_TRY(held, results_of(fs, {caller, node, directory, Kind::kSearch, job.text()}));
      VEXFS_CHECK_OK(save_search(fs.backing, caller, node, job.text(), job.text()));
      return held;
    }
    default:
      return results_of(fs, {caller, node, directory, Kind::kSearch, job.text()});
  }
}

// The reply has no entry timeout: the next caller who looks up the same name may be another one,
// with other results.
void reply_results(FileSystem& fs, const SurfaceJob& job, const ObjectKey& directory) {
  const Result<ResultTable::Held> held = guarded([&] { return find_results(fs, job, directory); });
  if (!held.ok()) {
    ::fuse_reply_err(job.req, held.error());
    return;
  }
  fuse_entry_param entry = {};
  entry.ino = static_cast<fuse_ino_t>(held.value()->node);
  entry.attr = held.value()->attributes();
  entry.attr_timeout = kSurfaceForever;
  ::fuse_reply_entry(job.req, &entry);
}

Status change_saved(FileSystem& fs, const SurfaceJob& job) {
  const fuse_ctx* context = ::fuse_req_ctx(job.req);
  const tree::Credentials caller = {context->uid, context->gid, {}};
  if (job.kind == SurfaceJob::Kind::kSavedRemove) {
    return remove_saved(fs.backing, caller, job.directory, job.text());
  }
  const size_t end = job.text().find('\0');
  return rename_saved(fs.backing, caller, job.directory, job.text().substr(0, end),
                      job.new_directory, job.text().substr(end + 1));
}

void reply_saved_list(FileSystem& fs, const SurfaceJob& job) {
  auto names = guarded([&] { return saved_searches(fs.backing, job.directory); });
  if (!names.ok()) {
    ::fuse_reply_err(job.req, names.error());
    return;
  }
  Surface::reply_saved_list(job.req, job.fi, std::move(names).value());
}

// Starts a watch of the question that made the directory of results whose `.changes` is opened, for
// the caller who opens it.
Result<std::shared_ptr<ResultWatch>> start_watch(FileSystem& fs, const SurfaceJob& job) {
  const ResultTable::Held directory = fs.surface.results().get(job.node);
  if (directory == nullptr) return Status(ESTALE, "results that are gone");
  const CallerGroups groups(job.req);
  const tree::Credentials caller = groups.credentials();
  VEXFS_TRY(key, fs.tree->key_of_node(directory->question.directory));
  WatchedQuestion watched;
  watched.kind = directory->question.kind;
  watched.node = directory->question.directory;
  watched.directory = key;
  watched.text = directory->question.text;
  watched.uid = caller.uid;
  watched.gid = caller.gid;
  watched.groups.assign(caller.groups.begin(), caller.groups.end());
  VEXFS_TRY(paths, fs.surface_jobs.watched_paths(watched));
  return fs.surface.watches().open(std::move(watched), std::move(paths));
}

void reply_watch(FileSystem& fs, const SurfaceJob& job) {
  auto watch = guarded([&] { return start_watch(fs, job); });
  if (!watch.ok()) {
    ::fuse_reply_err(job.req, watch.error());
    return;
  }
  fs.surface.reply_watch(job.req, job.fi, std::move(watch).value());
}

void answer(FileSystem& fs, const SurfaceJob& job, const ObjectKey& directory) {
  switch (job.kind) {
    case SurfaceJob::Kind::kQuery:
    case SurfaceJob::Kind::kQueryF32:
    case SurfaceJob::Kind::kControl:
      return reply_stream(fs, job, directory);
    case SurfaceJob::Kind::kSimilar:
    case SurfaceJob::Kind::kSearch:
    case SurfaceJob::Kind::kSaved:
    case SurfaceJob::Kind::kSavedMake:
      return reply_results(fs, job, directory);
    case SurfaceJob::Kind::kSavedRemove:
    case SurfaceJob::Kind::kSavedRename: {
      const Status changed = guarded([&] { return change_saved(fs, job); });
      ::fuse_reply_err(job.req, changed.error());
      return;
    }
    case SurfaceJob::Kind::kSavedList:
      return reply_saved_list(fs, job);
    case SurfaceJob::Kind::kWatch:
      return reply_watch(fs, job);
  }
}

// The key of the directory that is asked. A job about results has none; the ResultTable knows their
// directory.
Result<ObjectKey> key_of(FileSystem& fs, const SurfaceJob& job) {
  if (fs.engine == nullptr) return Status(EOPNOTSUPP, "the source cannot have vectors");
  if (job.directory == kNoNode) return ObjectKey();
  Result<ObjectKey> key = fs.tree->key_of_node(job.directory);
  if (key.error() == EXDEV) return Status(EOPNOTSUPP, "on another filesystem");
  return key;
}

}  // namespace

bool SurfaceJobs::post_report(Report report, fuse_req_t req, const fuse_file_info& fi) {
  return fs_.reports.post({report, req, fi});
}

Result<std::vector<std::string>> SurfaceJobs::watched_paths(const WatchedQuestion& question) {
  const tree::Credentials caller = question.caller();
  VEXFS_TRY(found, hits_of(fs_, {caller, question.node, question.directory, question.kind,
                                 question.text}));
  std::vector<std::string> paths;
  for (engine::Hit& hit : found.hits) {
    if (paths.size() == limits::kWatchedHits) break;
    paths.push_back(std::move(hit.path));
  }
  return paths;
}

uint64_t SurfaceJobs::generation() { return fs_.engine->generation(); }

void SurfaceJobs::do_job(SurfaceJob& job) {
  const Result<ObjectKey> directory = key_of(fs_, job);
  if (directory.ok()) {
    answer(fs_, job, directory.value());
  } else {
    ::fuse_reply_err(job.req, directory.error());
  }
  fs_.surface.latencies(job.kind).record(monotonic_nanoseconds() - job.arrived);
  job = SurfaceJob();
}

}  // namespace vexfs::fs
