// Telling a folder of Prometheus from one of ours.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "io/file_system.h"

namespace narthex::tsdb {

// Fails if `directory` holds a store of Prometheus and none of ours: its log must not be mixed up
// with ours, and whoever opens it expects to find its samples.
// Errors: kFailedPrecondition  with what was found, and how to take the samples over
Status RefuseForeignFolder(io::FileSystem& files, std::string_view directory);

}  // namespace narthex::tsdb
