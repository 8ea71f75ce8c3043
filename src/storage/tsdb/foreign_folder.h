// Whose store a folder holds, and whether it may be looked at.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/file_system.h"
#include "io/lock_file.h"

namespace narthex::tsdb {

// Fails if `directory` holds a store of Prometheus and none of ours: its log must not be mixed up
// with ours, and whoever opens it expects to find its samples.
// Errors: kFailedPrecondition  with what was found, and how to take the samples over
Status RefuseForeignFolder(io::FileSystem& files, std::string_view directory);

// For looking at the store in `directory` without changing it. The lock is null if no process has
// ever locked the folder, or where nothing may be written.
// Errors: kNotFound            there is no store
//         kFailedPrecondition  a process uses it, or it is one of Prometheus
Result<std::unique_ptr<io::LockFile>> LockForReading(io::FileSystem& files,
                                                     const std::string& directory);

}  // namespace narthex::tsdb
