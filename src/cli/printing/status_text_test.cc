// Tests of the status for people: a mount, a source without one, and members that are missing.
#include "cli/printing/status_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vexfs::cli {
namespace {

const char* const kMounted = R"({"pid":7,"version":"0.1.0","source":"/d","mountpoint":"/m",
  "passthrough":{"active":false,"reason":"no privilege"},"identity":"handles",
  "timeouts":{"entry":86400,"attributes":1,"negative":0},"inodes":2,"open_files":1,
  "rss_bytes":3145728,"file_descriptors":15,"errors":["oh"],"store":{"last_change":9,
  "waiting_changes":1,"log_bytes":2048,"started_clean":true},
  "spaces":[{"name":"s","dim":3,"metric":"l2","storage":"f16","m":16,"ef_construction":200,
  "ef_search":0,"vectors":8,"open":true,"linked":6,"pending":2,"unlinking":0,
  "resident_bytes":1024,"disk_bytes":4096,"checkpoint":7,"checkpoint_age_s":300,
  "self_check_recall":0.9875},{"name":"t","dim":4,"metric":"ip","storage":"f32","open":false}]})";

TEST(StatusTextTest, AMount) {
  EXPECT_EQ(shown_status(Json::parse(kMounted)),
            "/d on /m\n"
            "  version      0.1.0, pid 7\n"
            "  file data    through the daemon: no privilege\n"
            "  identity     by handles\n"
            "  caches       names 86400 s, attributes 1 s, absent names 0 s\n"
            "  in use       2 inodes, 1 open files, 15 descriptors, 3.0 MiB resident\n"
            "  space        s: 3 x f16, l2, 8 vectors\n"
            "               1.0 KiB resident, 2 to be linked, recall 0.988\n"
            "  space        t: 4 x f32, ip\n"
            "  error        oh\n");
}

TEST(StatusTextTest, RemoteLocks) {
  Json status = Json::parse(kMounted);
  status["locks"] = Json::parse(R"({"remote":true,"owners":3,"waiting":1})");
  EXPECT_NE(
      shown_status(status).find("  locks        by the source's filesystem, 3 owners, 1 waiting\n"),
      std::string::npos);
}

TEST(StatusTextTest, TheIndex) {
  TextProgress progress;
  progress.documents = 4000;
  progress.passages = 12000;
  EXPECT_EQ(shown_index(progress, {}), "  indexed      4,000 files, 12,000 passages\n");
  progress.indexing = true;
  progress.pending = 300;
  progress.files_per_second = 30.5;
  progress.seconds_left = 9.5;
  progress.skipped = 1000;
  progress.failed = 2;
  EXPECT_EQ(shown_index(progress, {{"a.pdf", "failed", "the extractor crashed"}}),
            "  indexed      4,000 files, 12,000 passages\n"
            "  waiting      300 files, 30/s, 10 s left\n"
            "  without text 1,000 files\n"
            "  failed       2 files\n"
            "               a.pdf: the extractor crashed\n"
            "               vexfs status --failed lists all\n");
}

TEST(StatusTextTest, AnotherEmbedder) {
  TextProgress progress;
  progress.documents = 10;
  progress.passages = 20;
  progress.change = TextProgress::Switch{"m at http://h", 3, 9, 2, 3, "it is gone"};
  EXPECT_EQ(shown_index(progress, {}),
            "  indexed      10 files, 20 passages\n"
            "  switching    3 of 9 files embedded by m at http://h, 2/s, 4 s left\n"
            "  trouble      it is gone\n");
}

TEST(StatusTextTest, AnEmbedderThatIsNotUsed) {
  TextProgress progress;
  progress.warning = "it does not count";
  EXPECT_EQ(shown_index(progress, {}),
            "  indexed      0 files, 0 passages\n"
            "  warning      it does not count\n");
}

TEST(StatusTextTest, TheStore) {
  EXPECT_EQ(shown_store(Json::parse(kMounted)),
            "/d\n"
            "  changes      9, 1 wait for a commit\n"
            "  log          2.0 KiB\n"
            "  started      after a clean end\n"
            "space s\n"
            "  vectors      3 x f16, l2, 8 vectors\n"
            "  graph        m 16, ef_construction 200, ef_search 0\n"
            "  linked       6, 2 wait, 0 leave\n"
            "  bytes        1.0 KiB in memory, 4.0 KiB of vectors on disk\n"
            "  checkpoint   of change 7, 5 min old\n"
            "  recall       0.988\n"
            "space t\n"
            "  vectors      4 x f32, ip\n"
            "  graph        m 0, ef_construction 0, ef_search 0\n"
            "  open         not yet\n");
}

TEST(StatusTextTest, ASourceAlone) {
  EXPECT_EQ(shown_status(Json::parse(R"({"source":"/d","store":{"error":"fsync failed"}})")),
            "/d, not mounted\n  error        vectors cannot be written: fsync failed\n");
  EXPECT_EQ(shown_status(Json::parse(R"({"spaces":3,"errors":[3]})")),
            ", not mounted\n  error        3\n");
}

}  // namespace
}  // namespace vexfs::cli
