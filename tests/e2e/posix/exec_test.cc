// Running programs and scripts from the directory.
#include <unistd.h>

#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

class Exec : public PosixTest {
 protected:
  void SetUp() override {
    PosixTest::SetUp();
    VEXFS_NEEDS(kExec);
  }
  int run(std::string_view name) const {
    return in_child([&] {
      ::execl(path(name).c_str(), "program", nullptr);
      return errno;
    });
  }
  static std::string false_program() { return read_path("/bin/false"); }
};

TEST_F(Exec, ABinary) {
  make_file("program", false_program(), 0755);  // /bin/false exits with 1, unlike any failure here.
  EXPECT_EQ(run("program"), 1);
}

TEST_F(Exec, AScript) {
  make_file("script", "#!/bin/sh\nexit 77\n", 0755);
  EXPECT_EQ(run("script"), 77);
}

TEST_F(Exec, AScriptWhoseInterpreterIsHereToo) {
  make_file("shell", read_path("/bin/sh"), 0755);
  make_file("script", "#!" + path("shell") + "\nexit 78\n", 0755);
  EXPECT_EQ(run("script"), 78);
}

TEST_F(Exec, NeedsTheExecuteBit) {
  make_file("program", false_program(), 0644);
  EXPECT_EQ(run("program"), EACCES);
  ASSERT_OK(::chmod(path("program").c_str(), 0755));
  EXPECT_EQ(run("program"), 1);
}

TEST_F(Exec, ByDescriptorAfterUnlink) {
  make_file("program", false_program(), 0755);
  Fd fd = open_fd(path("program"), O_RDONLY);
  ASSERT_OK(::unlink(path("program").c_str()));
  EXPECT_EQ(in_child([&] {
              char* const none[] = {nullptr};
              ::fexecve(fd.get(), none, none);
              return errno;
            }),
            1);
}

TEST_F(Exec, ANewVersionRunsAtOnce) {
  make_file("script", "#!/bin/sh\nexit 10\n", 0755);
  EXPECT_EQ(run("script"), 10);
  Fd fd = open_fd(path("script"), O_WRONLY);
  ASSERT_TRUE(write_at(fd.get(), "#!/bin/sh\nexit 11\n", 0));
  fd.reset();
  EXPECT_EQ(run("script"), 11);
  make_file("next", "#!/bin/sh\nexit 12\n", 0755);
  ASSERT_OK(::rename(path("next").c_str(), path("script").c_str()));
  EXPECT_EQ(run("script"), 12);
}

TEST_F(Exec, ExecuteOnlyPrograms) {
  VEXFS_NEEDS_ROOT();
  make_file("program", false_program(), 0711);
  EXPECT_EQ(as_caller({1000, 1000, {}},
                      [&] {
                        ::execl(path("program").c_str(), "program", nullptr);
                        return errno;
                      }),
            1);
}

}  // namespace
}  // namespace vexfs::e2e
