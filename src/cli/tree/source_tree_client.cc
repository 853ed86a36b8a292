// The engine runs in this process and answers what it would answer behind a mount, with this
// process as the caller. Rights are checked as for any caller; root and the owner of the
// source may change the store.
#include "cli/tree/source_tree_client.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/json_writer.h"
#include "base/limits.h"
#include "fs/version.h"
#include "tree/open_beneath.h"

namespace vexfs::cli {
namespace {

// How long to wait for a store that another process has. A daemon that closes a large store takes a
// second or two.
constexpr uint32_t kBusyWaitMs = 5000;
// How long a search waits for the reconcile of names. Files have probably been moved since the
// store was open last, and this process searches once only.
constexpr uint32_t kNamesWaitMs = 1000;

std::vector<gid_t> own_groups() {
  const int count = ::getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<size_t>(std::max(count, 0)));
  const int got = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<size_t>(std::max(got, 0)));
  return groups;
}

}  // namespace

Result<std::unique_ptr<TreeClient>> SourceTreeClient::open(Fd source, Fd directory,
                                                           std::string source_path) {
  std::unique_ptr<SourceTreeClient> client(new SourceTreeClient());
  struct stat attributes;
  if (::fstat(source.get(), &attributes) != 0) return errno_status("the source");
  client->privileged_ = ::geteuid() == 0 || ::geteuid() == attributes.st_uid;
  client->groups_ = own_groups();
  client->caller_ = {::geteuid(), ::getegid(), client->groups_};
  client->source_path_ = std::move(source_path);
  VEXFS_TRY(tree, tree::SourceTree::create(std::move(source)));
  client->tree_ = std::move(tree);
  VEXFS_TRY(key, client->tree_->key_of(directory.get()));
  client->directory_key_ = key;
  client->directory_ = std::move(directory);
  const unsigned processors = std::max(std::thread::hardware_concurrency(), 1U);
  VEXFS_TRY(engine, engine::Engine::create(*client->tree_, {.read_only = false,
                                                            .build_threads = processors,
                                                            .sees_all_changes = false,
                                                            .busy_wait_ms = kBusyWaitMs,
                                                            .names_wait_ms = kNamesWaitMs}));
  client->engine_ = std::move(engine);
  return std::unique_ptr<TreeClient>(std::move(client));
}

Result<std::string> SourceTreeClient::query(std::string_view request) {
  std::string reply;
  engine_->answer_json(caller_, directory_key_, request, reply);
  return reply;
}

Result<std::string> SourceTreeClient::control(std::string_view request) {
  std::string reply;
  engine_->control_json(caller_, privileged_, directory_key_, request, reply);
  return reply;
}

Result<std::string> SourceTreeClient::status() {
  // The engine starts its parts at their first use, and reports what is started.
  VEXFS_CHECK_OK(control("{\"spaces\":true}").status());
  std::string report;
  JsonWriter json(report);
  json.object().member("version", fs::kVersion).member("source", source_path_);
  engine_->write_status(json);
  json.end();
  report += '\n';
  return report;
}

Result<store::ObjectKey> SourceTreeClient::key_of(const std::string& path) {
  VEXFS_TRY(file, tree::open_beneath(directory_.get(), path, O_PATH));
  return tree_->key_of(file.get());
}

Status SourceTreeClient::set_vectors(const std::string& path, const std::string& space,
                                     std::span<const float> vectors) {
  VEXFS_TRY(key, key_of(path));
  return engine_->set_vectors(key, space, std::as_bytes(vectors), engine::SetMode::kAny);
}

Result<std::vector<float>> SourceTreeClient::get_vectors(const std::string& path,
                                                         const std::string& space) {
  VEXFS_TRY(key, key_of(path));
  std::vector<float> vectors(limits::kXattrValueBytesMax / sizeof(float));
  VEXFS_TRY(bytes, engine_->get_vectors(key, space, std::as_writable_bytes(std::span(vectors))));
  vectors.resize(bytes / sizeof(float));
  return vectors;
}

Status SourceTreeClient::remove_vectors(const std::string& path, const std::string& space) {
  VEXFS_TRY(key, key_of(path));
  return engine_->remove_vectors(key, space);
}

}  // namespace vexfs::cli
