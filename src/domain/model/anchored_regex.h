// Compiling the expressions that users write.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::model {

// What an error shows: the expression as written, or with the anchors around it.
enum class RegexBlame { kExpression, kAnchored };

// Anchored at both ends, the dot matches newlines; one capture per group of `expression`.
//
// Errors: kInvalidArgument  malformed; worded as Go words it: "error parsing regexp: missing
//                           closing ): `^(?s:foo()$`"
Result<std::unique_ptr<const RE2>> CompileAnchored(std::string_view expression, RegexBlame blame);

}  // namespace narthex::model
