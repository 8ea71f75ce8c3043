// Variables in the values of provisioning files.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::dashboard {

// Where the values come from; both must be set.
struct VariableSource {
  std::function<std::optional<std::string>(std::string_view name)> environment;
  std::function<Result<std::string>(std::string_view path)> file;
};

// Replaces `$__env{NAME}`, `$__file{/path}`, `${NAME}` and `$NAME`; `$$` is a dollar sign. An unset
// variable is empty. What was put in is not looked at again.
//
// Errors: of `source.file`; kInvalidArgument for `$__file{` without its end.
// Source: Grafana, "Provisioning": using environment variables; Go's os.Expand.
Result<std::string> Expand(std::string_view text, const VariableSource& source);

}  // namespace narthex::dashboard
