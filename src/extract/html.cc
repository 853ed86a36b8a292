// gumbo parses the page into a tree, and a walk without recursion writes the text.
#include "extract/html.h"

#include <gumbo.h>

#include <algorithm>

#include "extract/text_builder.h"

namespace vexfs::extract {
namespace {

// Elements whose content a reader of the page does not see, and menus.
bool is_hidden(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_SVG:
      return true;
    default:
      return false;
  }
}

// Elements that do not begin a paragraph of their own.
bool is_inline(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_U:
    case GUMBO_TAG_VAR:
      return true;
    default:
      return false;
  }
}

// Writes what the walk meets. leave() is called once for each element that was entered.
class HtmlWriter {
 public:
  void enter(const GumboNode& node) {
    const GumboTag tag = node.v.element.tag;
    if (tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6) {
      text_.heading(static_cast<int>(tag - GUMBO_TAG_H1) + 1);
    } else if (tag == GUMBO_TAG_TITLE) {
      text_.heading(1);
    } else if (tag == GUMBO_TAG_LI) {
      text_.item();
    } else if (tag == GUMBO_TAG_BR || tag == GUMBO_TAG_TR) {
      text_.line_break();
    } else if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) {
      text_.words(" ");
    } else if (tag == GUMBO_TAG_IMG) {
      const GumboAttribute* alt = ::gumbo_get_attribute(&node.v.element.attributes, "alt");
      if (alt != nullptr) text_.words(alt->value);
    } else if (!is_inline(tag)) {
      text_.paragraph();
    }
    if (tag == GUMBO_TAG_PRE) ++preformatted_;
  }

  void leave(const GumboNode& node) {
    const GumboTag tag = node.v.element.tag;
    if (tag == GUMBO_TAG_PRE) --preformatted_;
    if (tag == GUMBO_TAG_LI || tag == GUMBO_TAG_TR) {
      text_.line_break();
    } else if (tag != GUMBO_TAG_TD && tag != GUMBO_TAG_TH && tag != GUMBO_TAG_BR &&
               tag != GUMBO_TAG_IMG && !is_inline(tag)) {
      text_.paragraph();
    }
  }

  void text(const GumboNode& node) {
    if (preformatted_ > 0) {
      text_.verbatim(node.v.text.text);
    } else {
      text_.words(node.v.text.text);
    }
  }

  bool full() const { return text_.full(); }
  std::string take() { return text_.take(); }

 private:
  TextBuilder text_;
  int preformatted_ = 0;  // The number of <pre> elements around the current node.
};

bool is_element(const GumboNode& node) {
  return node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE;
}

bool is_text(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE ||
         node.type == GUMBO_NODE_CDATA;
}

const GumboNode* child(const GumboNode& node, unsigned index) {
  if (!is_element(node) || index >= node.v.element.children.length) return nullptr;
  return static_cast<const GumboNode*>(node.v.element.children.data[index]);
}

// gumbo frees a tree recursively. A tree that is deeper than this is not freed; the process ends
// soon.
constexpr int kFreedDepthMax = 2000;

// Writes the shown elements of the tree and answers how deep it nests.
int write_tree(const GumboNode& root, HtmlWriter& writer) {
  const GumboNode* node = &root;
  int depth = 0;
  int deepest = 0;
  while (!writer.full()) {
    if (is_text(*node)) writer.text(*node);
    const bool shown = is_element(*node) && !is_hidden(node->v.element.tag);
    if (shown) writer.enter(*node);
    if (const GumboNode* first = shown ? child(*node, 0) : nullptr; first != nullptr) {
      node = first;
      deepest = std::max(deepest, ++depth);
      continue;
    }
    if (shown) writer.leave(*node);
    const GumboNode* next = nullptr;
    while (node != &root && next == nullptr) {
      next = child(*node->parent, static_cast<unsigned>(node->index_within_parent) + 1);
      if (next == nullptr) {
        node = node->parent;
        --depth;
        writer.leave(*node);
      }
    }
    if (next == nullptr) break;
    node = next;
  }
  return deepest;
}

}  // namespace

text::Extraction read_html(std::string_view html) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  GumboOutput* output = ::gumbo_parse_with_options(&options, html.data(), html.size());
  if (output == nullptr) return {text::Verdict::kDamaged, {}};
  HtmlWriter writer;
  if (write_tree(*output->root, writer) < kFreedDepthMax) ::gumbo_destroy_output(&options, output);
  if (writer.full()) return {text::Verdict::kTooLarge, {}};
  return {text::Verdict::kText, writer.take()};
}

}  // namespace vexfs::extract
