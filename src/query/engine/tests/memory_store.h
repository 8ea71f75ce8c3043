// The store of these tests.
#pragma once

#include "storage/memory_store.h"

namespace narthex::engine {

using storage::MemoryStore;

}  // namespace narthex::engine
