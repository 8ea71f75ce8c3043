// Data sources as requests name them.
#pragma once

#include <string_view>

#include "context.h"

namespace narthex::dashapi {

// By "uid", "name" or "id" within the caller's organisation.
// Errors: kNotFound "Data source not found", kInvalidArgument "id is invalid"
Result<dashstore::Datasource> FindDatasource(Context& context, const Caller& caller,
                                             std::string_view by, std::string_view value);

}  // namespace narthex::dashapi
