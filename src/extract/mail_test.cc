// Messages in the forms that mail programs write.
#include "extract/mail.h"

#include <gtest/gtest.h>

#include <string>

namespace vexfs::extract {
namespace {

std::string text_of(std::string_view mail) {
  const text::Extraction message = read_mail(mail);
  EXPECT_EQ(message.verdict, text::Verdict::kText);
  return message.text;
}

TEST(MailTest, HeadersAndBody) {
  const std::string text = text_of(
      "From: Ann <ann@example.org>\nTo: bob@example.org\n"
      "Subject: =?ISO-8859-1?Q?Gr=FC=DFe?=\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
      "Content-Type: text/plain; charset=ISO-8859-1\n"
      "Content-Transfer-Encoding: quoted-printable\n\nIm Caf=E9\n");
  EXPECT_TRUE(text.starts_with("# Gr\u00fc\u00dfe\n")) << text;
  EXPECT_NE(text.find("From: Ann <ann@example.org>\nTo: bob@example.org\n"), text.npos) << text;
  EXPECT_NE(text.find("\n\nIm Caf\u00e9\n"), text.npos) << text;
}

TEST(MailTest, OfAlternativesThePlainOne) {
  const std::string text = text_of(
      "Subject: s\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=M\n\n--M\n"
      "Content-Type: multipart/alternative; boundary=A\n\n"
      "--A\nContent-Type: text/plain\n\nplain words\n"
      "--A\nContent-Type: text/html\n\n<p>html words</p>\n--A--\n"
      "--M\nContent-Type: image/png\nContent-Disposition: attachment; filename=cat.png\n"
      "Content-Transfer-Encoding: base64\n\niVBORw0=\n--M--\n");
  EXPECT_NE(text.find("plain words"), text.npos) << text;
  EXPECT_EQ(text.find("html words"), text.npos) << text;
  EXPECT_NE(text.find("Attachment: cat.png"), text.npos) << text;
}

TEST(MailTest, HtmlAloneIsRead) {
  const std::string text = text_of("Subject: s\nContent-Type: text/html\n\n<h1>Hi</h1><p>there");
  EXPECT_NE(text.find("# Hi\n\nthere\n"), text.npos) << text;
}

TEST(MailTest, OneOfAMailbox) {
  const std::string text =
      text_of("From ann Mon Jan  1 2024\nFrom: ann@x\nSubject: first\n\nbody\n");
  EXPECT_TRUE(text.starts_with("# first\n")) << text;
}

}  // namespace
}  // namespace vexfs::extract
