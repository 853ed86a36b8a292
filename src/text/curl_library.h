// CurlLibrary: the functions of libcurl, which is loaded when a remote embedder is first used.
#ifndef VEXFS_TEXT_CURL_LIBRARY_H_
#define VEXFS_TEXT_CURL_LIBRARY_H_

#include <curl/curl.h>

namespace vexfs::text {

// It is loaded at run time, since a program that links with it loads some thirty libraries at its
// start, and few users have a remote embedder.
struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;

  // Answers the same object for the life of the process, or nullptr where the library is not
  // installed. Any thread may call it; it needs a large stack.
  static const CurlLibrary* load();
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_CURL_LIBRARY_H_
