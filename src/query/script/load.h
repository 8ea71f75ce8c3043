// Loading the series of a test script into a store.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/memory_store.h"

namespace narthex::script {

struct LoadCommand {
  struct Line {
    std::size_t number = 0;
    std::string_view text;  // without surrounding blanks
  };
  std::string_view step;
  std::vector<Line> body;
  bool adds_custom_buckets = false;  // load_with_nhcb
};

// Adds the samples to what `store` holds.
// Errors: kInvalidArgument  names the line
Status LoadSeries(const LoadCommand& command, storage::MemoryStore& store);

}  // namespace narthex::script
