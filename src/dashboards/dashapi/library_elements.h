// Library panels that come with a dashboard which is imported.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "context.h"
#include "dashstore/records.h"
#include "json/value.h"

namespace narthex::dashapi {

// What `elements`, the "__elements" of a file, has and the library has not: ready to be created in
// the folder. An element whose uid is there already stays as it is.
//
// Errors: kInvalidArgument   an element without a sound uid, name or model; a name that another one
//                            of the folder has
//         kPermissionDenied  less than the right to edit the folder, if there is anything to create
Result<std::vector<dashstore::Record>> NewLibraryElements(Context& context, const Caller& caller,
                                                          const std::string& folder_uid,
                                                          const json::Value& elements);

// Creates what the above gave.
Status CreateLibraryElements(Context& context, std::vector<dashstore::Record> elements);

}  // namespace narthex::dashapi
