// The access check of acl(5), on the bytes that the kernel gives.
//
// The value of system.posix_acl_access (linux/posix_acl_xattr.h): a version (2, 32 bits), then
// entries of 8 bytes: tag (16), permissions (16), id (32), all little-endian. The kernel gives them
// sorted: owner, named users, owning group, named groups, mask, others.
#include "tree/credentials.h"

#include <sys/random.h>
#include <unistd.h>

#include <cstring>

namespace vexfs::tree {
namespace {

constexpr uint32_t kVersion = 2;
constexpr size_t kHeaderBytes = 4;

enum Tag : uint16_t {
  kOwner = 0x01,
  kUser = 0x02,
  kOwningGroup = 0x04,
  kGroup = 0x08,
  kMask = 0x10,
  kOther = 0x20,
};

struct Entry {
  uint16_t tag;
  uint16_t permissions;
  uint32_t id;
};
static_assert(sizeof(Entry) == 8);
static_assert(kAclBytesMax == kHeaderBytes + sizeof(Entry) * limits::kAclEntriesMax);
static_assert(R_OK == 4 && W_OK == 2 && X_OK == 1, "as the bits of a mode");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "entries are read as they are");

bool grants(unsigned permissions, unsigned wanted) { return (permissions & wanted) == wanted; }

Entry entry_at(std::span<const std::byte> acl, size_t index) {
  Entry entry;
  std::memcpy(&entry, acl.data() + kHeaderBytes + index * sizeof(entry), sizeof(entry));
  return entry;
}

// What the entries of a list say about one caller.
struct Found {
  unsigned seen = 0;  // Tags, those of named users and groups apart.
  unsigned owner = 0;
  unsigned other = 0;
  unsigned mask = 07;
  bool named_user = false;
  unsigned user = 0;
  bool some_group = false;    // The caller is in a group of the list.
  bool group_grants = false;  // An entry of such a group grants what is wanted.
};

bool take(const Entry& entry, const Credentials& caller, gid_t owning_group, unsigned wanted,
          Found& found) {
  if (entry.permissions > 07) return false;
  if (entry.tag != kUser && entry.tag != kGroup) {
    if ((found.seen & entry.tag) != 0) return false;  // Once each.
    found.seen |= entry.tag;
  }
  switch (entry.tag) {
    case kOwner:
      found.owner = entry.permissions;
      return true;
    case kUser:
      if (entry.id == caller.uid && !found.named_user) {
        found.named_user = true;
        found.user = entry.permissions;
      }
      found.seen |= kUser;
      return true;
    case kOwningGroup:
    case kGroup:
      found.seen |= entry.tag;
      if (caller.in_group(entry.tag == kGroup ? entry.id : owning_group)) {
        found.some_group = true;
        found.group_grants = found.group_grants || grants(entry.permissions, wanted);
      }
      return true;
    case kMask:
      found.mask = entry.permissions;
      return true;
    case kOther:
      found.other = entry.permissions;
      return true;
    default:
      return false;
  }
}

// False for a list that acl_valid(3) would refuse.
bool read(std::span<const std::byte> acl, const Credentials& caller, gid_t owning_group,
          unsigned wanted, Found& found) {
  if (acl.size() < kHeaderBytes || acl.size() > kAclBytesMax) return false;
  if ((acl.size() - kHeaderBytes) % sizeof(Entry) != 0) return false;
  uint32_t version;
  std::memcpy(&version, acl.data(), sizeof(version));
  if (version != kVersion) return false;
  const size_t entries = (acl.size() - kHeaderBytes) / sizeof(Entry);
  for (size_t i = 0; i < entries; ++i) {
    if (!take(entry_at(acl, i), caller, owning_group, wanted, found)) return false;
  }
  constexpr unsigned kNeeded = kOwner | kOwningGroup | kOther;
  if ((found.seen & kNeeded) != kNeeded) return false;
  return (found.seen & (kUser | kGroup)) == 0 || (found.seen & kMask) != 0;
}

uint64_t mixed(uint64_t value) {  // The finaliser of splitmix64.
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

// The seed is unknown outside the process, so that nobody can choose groups whose hash is that of
// another caller.
uint64_t random_seed() {
  uint64_t seed = 0;
  (void)::getrandom(&seed, sizeof(seed), 0);
  return seed;
}
const uint64_t kSeed = random_seed();

}  // namespace

bool Credentials::in_group(gid_t group) const {
  if (group == gid) return true;
  for (const gid_t own : groups) {
    if (own == group) return true;
  }
  return false;
}

// The hashes of the groups are added, since a sum does not depend on their order.
uint64_t Credentials::hash() const {
  uint64_t sum = mixed(kSeed ^ gid);
  for (const gid_t group : groups) {
    if (group != gid) sum += mixed(kSeed ^ group);
  }
  return mixed(sum ^ mixed(kSeed + uid));
}

bool permits(const Credentials& caller, const struct stat& attributes,
             std::span<const std::byte> acl, int wanted) {
  if (caller.sees_all()) return true;
  const auto bits = static_cast<unsigned>(wanted) & 07U;
  // With an empty mask the kernel does not look at the list (fs/namei.c, acl_permission_check).
  if (acl.empty() || (attributes.st_mode & S_IRWXG) == 0) {
    if (caller.uid == attributes.st_uid) return grants(attributes.st_mode >> 6 & 07, bits);
    if (caller.in_group(attributes.st_gid)) return grants(attributes.st_mode >> 3 & 07, bits);
    return grants(attributes.st_mode & 07, bits);
  }
  Found found;
  if (!read(acl, caller, attributes.st_gid, bits, found)) return false;
  if (caller.uid == attributes.st_uid) return grants(found.owner, bits);
  if (found.named_user) return grants(found.user & found.mask, bits);
  if (found.some_group) return found.group_grants && grants(found.mask, bits);
  return grants(found.other, bits);
}

}  // namespace vexfs::tree
