// Words to a tree.
#pragma once

#include <string_view>

#include "base/result.h"
#include "node.h"

namespace narthex::jmespath {

// Errors: as of Expression::Parse
Result<Node> ParseExpression(std::string_view text);

}  // namespace narthex::jmespath
