// CurlLibrary: libcurl, loaded when a remote embedder is first asked for.
#ifndef VEXFS_TEXT_CURL_LIBRARY_H_
#define VEXFS_TEXT_CURL_LIBRARY_H_

#include <curl/curl.h>

namespace vexfs::text {

// A program that is linked with it loads some thirty libraries at its start, for what few use.
struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;

  // The same object for ever; nullptr where the library is not installed. Any thread with a large
  // stack.
  static const CurlLibrary* load();
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_CURL_LIBRARY_H_
