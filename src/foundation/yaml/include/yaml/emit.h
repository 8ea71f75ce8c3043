// A tree as YAML text.
#pragma once

#include <string>

#include "yaml/node.h"

namespace narthex::yaml {

// Block style, two spaces a level, sequences not indented below their key, a newline at the end.
// Scalars are quoted only where they must be. Parse(Emit(node)) equals `node` if no text in it
// holds bytes that are not UTF-8.
std::string Emit(const Node& node);

}  // namespace narthex::yaml
