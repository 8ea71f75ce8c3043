// YAML text to a tree.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "yaml/node.h"

namespace narthex::yaml {

struct ParseLimits {
  std::size_t size_bytes_max = 16 << 20;
  // Nodes after aliases are expanded; keys count too.
  std::size_t node_count_max = 1'000'000;
  std::size_t depth_max = 200;
};

enum class DuplicateKeys {
  kRefuse,
  kKeep,  // members() holds both, for a reader that refuses in its own words
};

struct ParseOptions {
  ParseLimits limits = {};
  DuplicateKeys duplicate_keys = DuplicateKeys::kRefuse;
};

// The first document of a text.
struct Document {
  Node root;  // null if the text is empty or holds comments only
  bool has_more_documents = false;
};

// Errors: kInvalidArgument    malformed text, "line 3, column 7: what"; a repeated key; an alias
// without
//                             anchor; bytes that are not UTF-8; control characters
//         kResourceExhausted  a limit was reached; the message names it
// Source: YAML 1.2, with the merge keys of YAML 1.1.
Result<Document> Parse(std::string_view text, const ParseOptions& options = {});

}  // namespace narthex::yaml
