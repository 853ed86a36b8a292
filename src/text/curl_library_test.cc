// The library loads, and loads only once.
#include "text/curl_library.h"

#include <gtest/gtest.h>

namespace vexfs::text {
namespace {

TEST(CurlLibraryTest, LoadsOnce) {
  const CurlLibrary* const curl = CurlLibrary::load();
  ASSERT_NE(curl, nullptr);
  EXPECT_EQ(CurlLibrary::load(), curl);
  CURL* const handle = curl->easy_init();
  ASSERT_NE(handle, nullptr);
  EXPECT_EQ(curl->easy_setopt(handle, CURLOPT_NOSIGNAL, 1L), CURLE_OK);
  curl->easy_cleanup(handle);
}

}  // namespace
}  // namespace vexfs::text
