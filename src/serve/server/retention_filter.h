// Retention of the series that a selector accepts, as the command line gives it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "tsdb/retention.h"

namespace narthex::server {

// `{env="dev"}:3d`, the form of VictoriaMetrics' -retentionFilter.
// Errors: kInvalidArgument  with what is wrong
Result<tsdb::RetentionRule> ParseRetentionFilter(std::string_view text);

}  // namespace narthex::server
