// GMime parses the message and decodes its parts.
#include "extract/mail.h"

#include <gmime/gmime.h>

#include <memory>
#include <string>

#include "extract/encoding.h"
#include "extract/html.h"
#include "extract/text_builder.h"

namespace vexfs::extract {
namespace {

struct Unref {
  void operator()(void* object) const { ::g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(char* text) const { ::g_free(text); }
};

void write_header(TextBuilder& text, std::string_view name, const char* value) {
  if (value == nullptr || *value == '\0') return;
  text.line_break();
  text.words(name);
  text.words(value);
}

void write_addresses(TextBuilder& text, std::string_view name, InternetAddressList* list) {
  if (list == nullptr) return;
  const std::unique_ptr<char, Free> value(::internet_address_list_to_string(list, nullptr, FALSE));
  write_header(text, name, value.get());
}

// The text of a part in UTF-8. The charset that the part names is tried first, since it may be
// wrong.
std::string decoded(GMimePart* part) {
  GMimeDataWrapper* content = ::g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const Owned<GMimeStream> memory(::g_mime_stream_mem_new());
  if (::g_mime_data_wrapper_write_to_stream(content, memory.get()) < 0) return {};
  const GByteArray* bytes = ::g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
  std::string raw(reinterpret_cast<const char*>(bytes->data), bytes->len);
  const char* charset = ::g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  std::optional<std::string> text;
  if (charset != nullptr) text = to_utf8(raw, charset);
  if (!text) text = to_utf8(raw);
  return text.value_or(std::string());
}

class MailWriter {
 public:
  // Writes the headers.
  void message(GMimeMessage* message) {
    const char* subject = ::g_mime_message_get_subject(message);
    if (subject != nullptr) {
      text_.heading(1);
      text_.words(subject);
    }
    write_addresses(text_, "From: ", ::g_mime_message_get_from(message));
    write_addresses(text_, "To: ", ::g_mime_message_get_to(message));
    write_header(text_, "Date: ", ::g_mime_object_get_header(GMIME_OBJECT(message), "Date"));
    text_.paragraph();
  }

  // Writes a part. `parent` is what it is a part of, nullptr for a message of one part.
  void part(GMimeObject* parent, GMimeObject* object) {
    if (!GMIME_IS_PART(object) || text_.full()) return;
    GMimeContentType* type = ::g_mime_object_get_content_type(object);
    const bool plain = ::g_mime_content_type_is_type(type, "text", "plain");
    const bool html = ::g_mime_content_type_is_type(type, "text", "html");
    if (!plain && !html) {
      write_header(text_, "Attachment: ", ::g_mime_part_get_filename(GMIME_PART(object)));
      return;
    }
    const bool alternative = parent != nullptr && GMIME_IS_MULTIPART(parent) &&
                             ::g_mime_content_type_is_type(::g_mime_object_get_content_type(parent),
                                                           "multipart", "alternative");
    if (html && alternative && plain_in_ == parent) return;
    if (plain) plain_in_ = parent;
    const std::string body = decoded(GMIME_PART(object));
    text_.paragraph();
    text_.verbatim(html ? read_html(body).text : body);
    text_.paragraph();
  }

  bool full() const { return text_.full(); }
  std::string take() { return text_.take(); }

 private:
  TextBuilder text_;
  // The parent of the plain part that was read last: its HTML alternative is left out.
  GMimeObject* plain_in_ = nullptr;
};

// The callback of GMime's walk over all parts.
void write_part(GMimeObject* parent, GMimeObject* part, gpointer writer) {
  static_cast<MailWriter*>(writer)->part(parent, part);
}

}  // namespace

text::Extraction read_mail(std::string_view file) {
  ::g_mime_init();
  const Owned<GMimeStream> stream(::g_mime_stream_mem_new_with_buffer(file.data(), file.size()));
  const Owned<GMimeParser> parser(::g_mime_parser_new_with_stream(stream.get()));
  ::g_mime_parser_set_format(parser.get(),
                             file.starts_with("From ") ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
  const Owned<GMimeMessage> message(::g_mime_parser_construct_message(parser.get(), nullptr));
  if (message == nullptr) return {text::Verdict::kDamaged, {}};
  MailWriter writer;
  writer.message(message.get());
  ::g_mime_message_foreach(message.get(), write_part, &writer);
  if (writer.full()) return {text::Verdict::kTooLarge, {}};
  return {text::Verdict::kText, writer.take()};
}

}  // namespace vexfs::extract
