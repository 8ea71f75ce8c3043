// The tables, as one script per schema version.
#pragma once

#include "database.h"

namespace narthex::dashstore {

// Brings the tables to the newest version, each step in a transaction of its own.
//
// Errors: kFailedPrecondition  the file's version is newer than this program
Status Migrate(Connection& connection);

}  // namespace narthex::dashstore
