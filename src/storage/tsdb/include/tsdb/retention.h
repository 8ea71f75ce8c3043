// How long samples are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "model/matcher.h"

namespace narthex::tsdb {

// A shorter time for the series that all matchers accept.
struct RetentionRule {
  std::vector<model::Matcher> matchers;
  std::chrono::milliseconds time{0};
};

// All limits hold; 0 is none.
struct Retention {
  // A block goes when it ends this much before the newest one.
  std::chrono::milliseconds time = std::chrono::hours(15 * 24);
  std::uint64_t size_bytes = 0;  // of blocks and log together
  // The same as a share of the file system, 0 to 100; where given, `size_bytes` does not count.
  double percentage = 0;
  // Of several that accept a series the shortest time holds. Its samples are dropped when their
  // block is merged, or as a whole when all of it has aged.
  std::vector<RetentionRule> rules = {};
};

}  // namespace narthex::tsdb
