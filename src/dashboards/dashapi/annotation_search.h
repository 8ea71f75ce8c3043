// Which annotations a caller may see.
#pragma once

#include <string>
#include <vector>

#include "context.h"

namespace narthex::dashapi {

// The dashboards with annotations that the caller may not see.
Result<std::vector<std::string>> HiddenDashboards(Context& context, const Caller& caller);

}  // namespace narthex::dashapi
