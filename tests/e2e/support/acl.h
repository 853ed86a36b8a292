// POSIX ACLs as the kernel's xattr values: a version word and entries of tag, permissions and id.
#ifndef VEXFS_TESTS_E2E_SUPPORT_ACL_H_
#define VEXFS_TESTS_E2E_SUPPORT_ACL_H_

#include <cstdint>
#include <string>

namespace vexfs::e2e {

inline constexpr const char* kAccessAcl = "system.posix_acl_access";
inline constexpr const char* kDefaultAcl = "system.posix_acl_default";

// Builds a value; entries must be added in the kernel's order: user_obj, users, group_obj, groups,
// mask, other. Permissions are 0..7.
class Acl {
 public:
  Acl();
  Acl& user_obj(uint16_t permissions) { return add(0x01, permissions, kNoId); }
  Acl& user(uint32_t uid, uint16_t permissions) { return add(0x02, permissions, uid); }
  Acl& group_obj(uint16_t permissions) { return add(0x04, permissions, kNoId); }
  Acl& group(uint32_t gid, uint16_t permissions) { return add(0x08, permissions, gid); }
  Acl& mask(uint16_t permissions) { return add(0x10, permissions, kNoId); }
  Acl& other(uint16_t permissions) { return add(0x20, permissions, kNoId); }
  const std::string& value() const { return value_; }

 private:
  static constexpr uint32_t kNoId = 0xFFFFFFFF;
  Acl& add(uint16_t tag, uint16_t permissions, uint32_t id);
  std::string value_;
};

bool set_acl(const std::string& path, const char* which, const Acl& acl);  // errno on false.
// The stored value; empty when there is none.
std::string get_acl(const std::string& path, const char* which);

}  // namespace vexfs::e2e

#endif  // VEXFS_TESTS_E2E_SUPPORT_ACL_H_
