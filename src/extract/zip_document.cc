// libarchive unpacks the archive and pugixml parses its parts. One walk writes the text of all
// formats, as they differ in little but the names of their elements.
#include "extract/zip_document.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "extract/html.h"
#include "extract/text_builder.h"

namespace vexfs::extract {
namespace {

using text::Extraction;
using text::Verdict;

enum class Part { kNone, kWord, kSlide, kSharedStrings, kOpenDocument, kPage };

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [name](std::string_view ending) { return name.ends_with(ending); });
}

// Which part of a document the member of this name is, in any of the formats.
Part part_of(std::string_view name) {
  if (name == "word/document.xml") return Part::kWord;
  if (name.starts_with("ppt/slides/slide") && name.ends_with(".xml")) return Part::kSlide;
  if (name == "xl/sharedStrings.xml") return Part::kSharedStrings;
  if (name == "content.xml") return Part::kOpenDocument;
  if (ends_with_any(name, {".xhtml", ".html", ".htm"})) return Part::kPage;
  return Part::kNone;
}

// Orders slides and chapters by the number in their name: "slide10" comes after "slide9".
struct ByNumber {
  static std::pair<std::string, unsigned long> key(const std::string& name) {
    const size_t digits = name.find_first_of("0123456789");
    if (digits == std::string::npos) return {name, 0};
    return {name.substr(0, digits), std::strtoul(name.c_str() + digits, nullptr, 10)};
  }
  bool operator()(const std::string& a, const std::string& b) const {
    const auto ka = key(a);
    const auto kb = key(b);
    return ka != kb ? ka < kb : a < b;
  }
};

struct Unpacked {
  std::map<std::string, std::string, ByNumber> parts;
  Verdict verdict = Verdict::kUnsupported;
};

Verdict unpack_member(archive* zip, std::string& bytes) {
  const void* block = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  int result = 0;
  while ((result = ::archive_read_data_block(zip, &block, &size, &offset)) == ARCHIVE_OK) {
    if (bytes.size() + size > limits::kExtractedBytesMax) return Verdict::kTooLarge;
    bytes.append(static_cast<const char*>(block), size);
  }
  return result == ARCHIVE_EOF ? Verdict::kText : Verdict::kDamaged;
}

Unpacked unpack(std::string_view file) {
  Unpacked unpacked;
  const std::unique_ptr<archive, int (*)(archive*)> zip(::archive_read_new(), ::archive_read_free);
  ::archive_read_support_format_zip(zip.get());
  if (::archive_read_open_memory(zip.get(), file.data(), file.size()) != ARCHIVE_OK) {
    unpacked.verdict = Verdict::kDamaged;
    return unpacked;
  }
  archive_entry* entry = nullptr;
  size_t total = 0;
  int result = 0;
  while ((result = ::archive_read_next_header(zip.get(), &entry)) == ARCHIVE_OK) {
    const char* name = ::archive_entry_pathname(entry);
    if (name == nullptr || part_of(name) == Part::kNone) continue;
    if (::archive_entry_is_encrypted(entry) != 0) {
      unpacked.verdict = Verdict::kEncrypted;
      return unpacked;
    }
    std::string bytes;
    const Verdict verdict = unpack_member(zip.get(), bytes);
    total += bytes.size();
    if (verdict != Verdict::kText || total > limits::kExtractedBytesMax) {
      unpacked.verdict = verdict == Verdict::kDamaged ? verdict : Verdict::kTooLarge;
      return unpacked;
    }
    unpacked.parts[name] = std::move(bytes);
    unpacked.verdict = Verdict::kText;
  }
  if (result != ARCHIVE_EOF) unpacked.verdict = Verdict::kDamaged;
  return unpacked;
}

// The name without its prefix: "p" for "w:p". A program that writes documents may choose prefixes,
// and the names alone are enough here.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);
}

class XmlWriter final : public pugi::xml_tree_walker {
 public:
  explicit XmlWriter(TextBuilder& text) : text_(text) {}

  bool for_each(pugi::xml_node& node) override {
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      // OOXML has its text in <t>, OpenDocument anywhere in a paragraph.
      text_.words(node.value());
      return !text_.full();
    }
    const std::string_view name = local_name(node);
    if (name == "h") {
      text_.heading(std::clamp(node.attribute("text:outline-level").as_int(1), 1, 6));
    } else if (name == "p" || name == "si") {
      start_paragraph(node);
    } else if (name == "br" || name == "line-break" || name == "cr") {
      text_.line_break();
    } else if (name == "tab" || name == "s" || name == "tc" || name == "table-cell") {
      text_.words(" ");
    }
    return !text_.full();
  }

 private:
  void start_paragraph(const pugi::xml_node& node) {
    const std::string_view style = node.child("w:pPr").child("w:pStyle").attribute("w:val").value();
    if (style.starts_with("Heading") && style.size() == 8 && style[7] >= '1' && style[7] <= '6') {
      text_.heading(style[7] - '0');
    } else if (style == "Title") {
      text_.heading(1);
    } else {
      text_.paragraph();
    }
  }

  TextBuilder& text_;
};

// Parses in place, so `part` is destroyed. False where it is not XML.
bool write_xml(std::string& part, TextBuilder& text) {
  pugi::xml_document document;
  // White space between elements is kept, since formats with xml:space="preserve" have blanks
  // there.
  if (!document.load_buffer_inplace(part.data(), part.size(),
                                    pugi::parse_default | pugi::parse_ws_pcdata_single)) {
    return false;
  }
  XmlWriter writer(text);
  document.traverse(writer);
  return true;
}

}  // namespace

Extraction read_zip_document(std::string_view file) {
  Unpacked unpacked = unpack(file);
  if (unpacked.verdict != Verdict::kText) return {unpacked.verdict, {}};
  TextBuilder text;
  for (auto& [name, part] : unpacked.parts) {
    if (part_of(name) == Part::kPage) {
      const Extraction page = read_html(part);
      if (page.verdict != Verdict::kText) return page;
      text.paragraph();
      text.verbatim(page.text);
    } else if (!write_xml(part, text)) {
      return {Verdict::kDamaged, {}};
    }
    if (text.full()) return {Verdict::kTooLarge, {}};
  }
  return {Verdict::kText, text.take()};
}

}  // namespace vexfs::extract
