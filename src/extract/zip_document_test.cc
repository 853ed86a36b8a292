// Archives that are made here, whole and damaged.
#include "extract/zip_document.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "base/limits.h"

namespace vexfs::extract {
namespace {

using text::Verdict;

std::string zip(std::initializer_list<std::pair<const char*, std::string>> members) {
  std::string file(size_t{1} << 20, '\0');
  size_t used = 0;
  archive* out = ::archive_write_new();
  ::archive_write_set_format_zip(out);
  EXPECT_EQ(::archive_write_open_memory(out, file.data(), file.size(), &used), ARCHIVE_OK);
  archive_entry* entry = ::archive_entry_new();
  for (const auto& [name, bytes] : members) {
    ::archive_entry_clear(entry);
    ::archive_entry_set_pathname(entry, name);
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    ::archive_write_header(out, entry);
    ::archive_write_data(out, bytes.data(), bytes.size());
  }
  ::archive_entry_free(entry);
  ::archive_write_close(out);
  ::archive_write_free(out);
  file.resize(used);
  return file;
}

TEST(ZipDocumentTest, Docx) {
  const auto document = read_zip_document(
      zip({{"[Content_Types].xml", "<Types/>"},
           {"word/document.xml",
            "<w:document xmlns:w='x'><w:body><w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r>"
            "<w:t>Title</w:t></w:r></w:p><w:p><w:r><w:t xml:space='preserve'>Hello </w:t></w:r>"
            "<w:r><w:t>world</w:t></w:r></w:p></w:body></w:document>"}}));
  EXPECT_EQ(document.verdict, Verdict::kText);
  EXPECT_EQ(document.text, "# Title\n\nHello world\n");
}

TEST(ZipDocumentTest, OpenDocument) {
  const auto document = read_zip_document(zip(
      {{"mimetype", "application/vnd.oasis.opendocument.text"},
       {"content.xml",
        "<office:document-content xmlns:office='o' xmlns:text='t'><office:body><office:text>"
        "<text:h text:outline-level='2'>Sub</text:h><text:p>A <text:span>b</text:span> c</text:p>"
        "</office:text></office:body></office:document-content>"}}));
  EXPECT_EQ(document.text, "## Sub\n\nA b c\n");
}

TEST(ZipDocumentTest, EpubChaptersInOrder) {
  const auto document =
      read_zip_document(zip({{"OEBPS/ch10.xhtml", "<html><body><p>ten</p></body>"},
                             {"OEBPS/ch9.xhtml", "<html><body><p>nine</p></body>"}}));
  EXPECT_EQ(document.text, "nine\n\nten\n");
}

TEST(ZipDocumentTest, SlidesAndSheets) {
  EXPECT_EQ(
      read_zip_document(zip({{"ppt/slides/slide1.xml",
                              "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>Slide</a:t></a:r>"
                              "</a:p></p:sld>"}}))
          .text,
      "Slide\n");
  EXPECT_EQ(read_zip_document(zip({{"xl/sharedStrings.xml",
                                    "<sst><si><t>one</t></si><si><t>two</t></si></sst>"}}))
                .text,
            "one\n\ntwo\n");
}

TEST(ZipDocumentTest, OtherArchivesAreNotRead) {
  EXPECT_EQ(read_zip_document(zip({{"a.txt", "text"}})).verdict, Verdict::kUnsupported);
}

TEST(ZipDocumentTest, DamageIsToldAtEveryByte) {
  const std::string whole = zip({{"content.xml", "<a><p>" + std::string(300, 'x') + "</p></a>"}});
  ASSERT_EQ(read_zip_document(whole).verdict, Verdict::kText);
  for (size_t bytes = 0; bytes < whole.size(); bytes += 7) {
    const auto cut = read_zip_document(whole.substr(0, bytes));
    EXPECT_TRUE(cut.verdict == Verdict::kDamaged || cut.verdict == Verdict::kUnsupported ||
                !cut.text.empty())
        << bytes;
  }
  EXPECT_EQ(read_zip_document(zip({{"content.xml", "<a><p>open"}})).verdict, Verdict::kDamaged);
}

TEST(ZipDocumentTest, BombsEnd) {
  const std::string bomb = zip({{"content.xml", std::string(limits::kExtractedBytesMax + 1, ' ')}});
  EXPECT_EQ(read_zip_document(bomb).verdict, Verdict::kTooLarge);
}

}  // namespace
}  // namespace vexfs::extract
