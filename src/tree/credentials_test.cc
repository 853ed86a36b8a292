// Tests of permits: mode bits and access control lists, and a comparison with the kernel's answers.
#include "tree/credentials.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/proc_path.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::tree {
namespace {

constexpr uint16_t kOwner = 0x01;
constexpr uint16_t kUser = 0x02;
constexpr uint16_t kOwningGroup = 0x04;
constexpr uint16_t kGroup = 0x08;
constexpr uint16_t kMask = 0x10;
constexpr uint16_t kOtherMay = 0x20;

struct AclEntry {
  uint16_t tag;
  uint16_t permissions;
  uint32_t id = UINT32_MAX;
};

std::vector<std::byte> acl_of(const std::vector<AclEntry>& entries, uint32_t version = 2) {
  std::vector<std::byte> bytes(4 + 8 * entries.size());
  std::memcpy(bytes.data(), &version, 4);
  for (size_t i = 0; i < entries.size(); ++i) {
    std::memcpy(bytes.data() + 4 + 8 * i, &entries[i].tag, 2);
    std::memcpy(bytes.data() + 6 + 8 * i, &entries[i].permissions, 2);
    std::memcpy(bytes.data() + 8 + 8 * i, &entries[i].id, 4);
  }
  return bytes;
}

struct stat attributes_of(mode_t mode, uid_t uid = 10, gid_t gid = 20) {
  struct stat attributes = {};
  attributes.st_mode = S_IFREG | mode;
  attributes.st_uid = uid;
  attributes.st_gid = gid;
  return attributes;
}

TEST(CredentialsTest, TheFirstClassThatFitsDecides) {
  const gid_t groups[] = {20};
  const Credentials owner{.uid = 10, .gid = 20, .groups = {}};
  const Credentials member{.uid = 11, .gid = 21, .groups = groups};
  const Credentials primary{.uid = 11, .gid = 20, .groups = {}};
  const Credentials stranger{.uid = 11, .gid = 21, .groups = {}};
  EXPECT_FALSE(permits(owner, attributes_of(0077), {}, R_OK));
  EXPECT_FALSE(permits(member, attributes_of(0707), {}, R_OK));
  EXPECT_FALSE(permits(primary, attributes_of(0707), {}, R_OK));
  EXPECT_FALSE(permits(stranger, attributes_of(0770), {}, R_OK));
  EXPECT_TRUE(permits(owner, attributes_of(0500), {}, R_OK | X_OK));
  EXPECT_TRUE(permits(member, attributes_of(0050), {}, R_OK | X_OK));
  EXPECT_TRUE(permits(stranger, attributes_of(0005), {}, R_OK | X_OK));
  EXPECT_FALSE(permits(stranger, attributes_of(0001), {}, R_OK | X_OK));
}

TEST(CredentialsTest, RootSeesAll) {
  const Credentials root{.uid = 0, .gid = 21, .groups = {}};
  EXPECT_TRUE(permits(root, attributes_of(0), {}, R_OK | W_OK | X_OK));
  EXPECT_TRUE(permits(root, attributes_of(0070), acl_of({}), R_OK));
}

TEST(CredentialsTest, TheMaskBoundsNamedUsersAndGroups) {
  const auto acl = acl_of({{kOwner, 7},
                           {kUser, 7, 30},
                           {kOwningGroup, 7},
                           {kGroup, 5, 40},
                           {kMask, 4},
                           {kOtherMay, 7}});
  const struct stat attributes = attributes_of(0747);
  const auto may = [&](uid_t uid, gid_t gid, int wanted) {
    return permits(Credentials{.uid = uid, .gid = gid, .groups = {}}, attributes, acl, wanted);
  };
  EXPECT_TRUE(may(10, 99, W_OK));
  EXPECT_TRUE(may(30, 99, R_OK));
  EXPECT_FALSE(may(30, 99, X_OK));
  EXPECT_TRUE(may(50, 20, R_OK));
  EXPECT_FALSE(may(50, 20, W_OK));
  EXPECT_TRUE(may(50, 40, R_OK));
  EXPECT_FALSE(may(50, 40, X_OK));
  EXPECT_TRUE(may(50, 99, X_OK));
}

// A single entry has to grant everything that is wanted; entries do not add up.
TEST(CredentialsTest, GroupsAreNotAddedUp) {
  const auto acl = acl_of({{kOwner, 7},
                           {kOwningGroup, 0},
                           {kGroup, 4, 40},
                           {kGroup, 1, 41},
                           {kMask, 7},
                           {kOtherMay, 7}});
  const gid_t groups[] = {40, 41};
  const Credentials caller{.uid = 50, .gid = 99, .groups = groups};
  EXPECT_TRUE(permits(caller, attributes_of(0777), acl, R_OK));
  EXPECT_TRUE(permits(caller, attributes_of(0777), acl, X_OK));
  EXPECT_FALSE(permits(caller, attributes_of(0777), acl, R_OK | X_OK));
}

TEST(CredentialsTest, AMalformedListPermitsNothing) {
  const Credentials owner{.uid = 10, .gid = 20, .groups = {}};
  const std::vector<AclEntry> minimal = {{kOwner, 7}, {kOwningGroup, 7}, {kOtherMay, 7}};
  EXPECT_TRUE(permits(owner, attributes_of(0777), acl_of(minimal), R_OK));
  const auto refused = [&](std::span<const std::byte> acl) {
    return !permits(owner, attributes_of(0777), acl, R_OK);
  };
  EXPECT_TRUE(refused(acl_of(minimal, 1)));
  const auto whole = acl_of(minimal);
  for (size_t bytes = 1; bytes < whole.size(); ++bytes) {
    EXPECT_TRUE(refused(std::span(whole).first(bytes))) << bytes;
  }
  EXPECT_TRUE(refused(acl_of({{kOwner, 7}, {kOwner, 7}, {kOwningGroup, 7}, {kOtherMay, 7}})));
  EXPECT_TRUE(refused(acl_of({{kOwner, 8}, {kOwningGroup, 7}, {kOtherMay, 7}})));
  EXPECT_TRUE(refused(acl_of({{kOwner, 7}, {0x40, 7}, {kOwningGroup, 7}, {kOtherMay, 7}})));
  EXPECT_TRUE(refused(acl_of({{kOwner, 7}, {kUser, 7, 30}, {kOwningGroup, 7}, {kOtherMay, 7}})));
  std::vector<AclEntry> many = {{kOwner, 7}, {kOwningGroup, 7}, {kMask, 7}, {kOtherMay, 7}};
  many.insert(many.begin() + 1, limits::kAclEntriesMax - 4, {kUser, 7, 30});
  EXPECT_FALSE(refused(acl_of(many)));
  many.insert(many.begin() + 1, {kUser, 7, 31});
  EXPECT_TRUE(refused(acl_of(many)));
}

TEST(CredentialsTest, TheHashKnowsNoOrder) {
  const gid_t some[] = {1, 2, 3};
  const gid_t same[] = {3, 1, 2};
  const gid_t other[] = {1, 2, 4};
  const Credentials caller{.uid = 5, .gid = 6, .groups = some};
  EXPECT_EQ(caller.hash(), (Credentials{.uid = 5, .gid = 6, .groups = same}.hash()));
  EXPECT_NE(caller.hash(), (Credentials{.uid = 5, .gid = 6, .groups = other}.hash()));
  EXPECT_NE(caller.hash(), (Credentials{.uid = 6, .gid = 6, .groups = some}.hash()));
  EXPECT_NE(caller.hash(), (Credentials{.uid = 6, .gid = 5, .groups = some}.hash()));
  const gid_t with_gid[] = {6, 3, 1, 2};
  EXPECT_EQ(caller.hash(), (Credentials{.uid = 5, .gid = 6, .groups = with_gid}.hash()));
}

// --- Comparison with the kernel: the answers of access(2) to a process with these credentials.

struct Case {
  struct stat attributes = {};
  std::vector<std::byte> acl;
  Credentials caller;
  std::vector<gid_t> groups;
};

std::vector<AclEntry> random_entries(std::mt19937& random) {
  const auto any = [&] { return static_cast<uint16_t>(random() % 8); };
  std::vector<AclEntry> entries = {{kOwner, any()}};
  for (uint32_t id = 30; id < 33; ++id) {
    if (random() % 2 == 0) entries.push_back({kUser, any(), id});
  }
  entries.push_back({kOwningGroup, any()});
  for (uint32_t id = 40; id < 43; ++id) {
    if (random() % 2 == 0) entries.push_back({kGroup, any(), id});
  }
  if (entries.size() > 2 || random() % 2 == 0) entries.push_back({kMask, any()});
  entries.push_back({kOtherMay, any()});
  return entries;
}

Case random_case(std::mt19937& random, int file) {
  Case c;
  const auto below = [&](unsigned end) { return static_cast<unsigned>(random() % end); };
  EXPECT_EQ(::fchown(file, 30 + below(3), 40 + below(3)), 0);
  (void)::fremovexattr(file, kAclAttribute);
  EXPECT_EQ(::fchmod(file, below(01000)), 0);
  if (random() % 4 != 0) {
    const auto acl = acl_of(random_entries(random));
    if (::fsetxattr(file, kAclAttribute, acl.data(), acl.size(), 0) == 0) {
      c.acl.resize(kAclBytesMax);
      const ssize_t bytes = ::fgetxattr(file, kAclAttribute, c.acl.data(), c.acl.size());
      c.acl.resize(bytes > 0 ? static_cast<size_t>(bytes) : 0);
    }
  }
  EXPECT_EQ(::fstat(file, &c.attributes), 0);
  for (gid_t group = 40; group < 43; ++group) {
    if (random() % 3 == 0) c.groups.push_back(group);
  }
  c.caller = {.uid = 30 + below(4), .gid = 40 + below(4), .groups = c.groups};
  return c;
}

// One bit for each of the eight combinations of rights, set where the kernel grants it.
int verdicts_of_kernel(const Case& c, int file) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(c.groups.size(), c.groups.data()) != 0 ||
        ::setresgid(c.caller.gid, c.caller.gid, c.caller.gid) != 0 ||
        ::setresuid(c.caller.uid, c.caller.uid, c.caller.uid) != 0) {
      ::_exit(0);
    }
    int granted = 0;
    for (int wanted = 1; wanted < 8; ++wanted) {
      if (::faccessat(file, "file", wanted, 0) == 0) granted |= 1 << wanted;
    }
    ::_exit(granted | 1);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WEXITSTATUS(status);
}

TEST(CredentialsTest, AgreesWithTheKernel) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become others";
  const TemporaryDirectory directory;
  ASSERT_EQ(::fchmod(directory.fd().get(), 0755), 0);
  const Fd file = directory.create("file", "");
  std::mt19937 random(7);
  int with_acl = 0;
  for (int round = 0; round < 400; ++round) {
    const Case c = random_case(random, file.get());
    with_acl += c.acl.empty() ? 0 : 1;
    int ours = 1;
    for (int wanted = 1; wanted < 8; ++wanted) {
      if (permits(c.caller, c.attributes, c.acl, wanted)) ours |= 1 << wanted;
    }
    const int theirs = verdicts_of_kernel(c, directory.fd().get());
    ASSERT_EQ(ours, theirs) << "round " << round << " mode " << std::oct << c.attributes.st_mode
                            << std::dec << " caller " << c.caller.uid << ':' << c.caller.gid;
  }
  if (with_acl == 0) GTEST_SKIP() << "no access control lists here";
}

}  // namespace
}  // namespace vexfs::tree
