// The tables, as one script per schema version.
#pragma once

#include "database.h"

namespace narthex::dashstore {

// The version that the tables have, if it is an older one and Migrate() will change it.
Result<std::optional<std::int64_t>> VersionToKeep(Connection& connection);

// Brings the tables to the newest version, each step in a transaction of its own.
//
// Errors: kFailedPrecondition  the file's version is newer than this program
Status Migrate(Connection& connection);

}  // namespace narthex::dashstore
