// What has been deleted from a block.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/sample.h"

namespace narthex::block {

// Ranges of time by number of series. Not thread-safe; copied to be changed.
class Tombstones {
 public:
  // Ranges that touch become one.
  void Add(std::uint32_t series, model::TimeRange range);
  // In order, apart from each other; null if there are none.
  const std::vector<model::TimeRange>* Of(std::uint32_t series) const;

  bool empty() const { return ranges_.empty(); }
  std::size_t series_count() const { return ranges_.size(); }
  std::size_t range_count() const;

  // Source: docs/formats/block.md, "tombstones"
  std::string Encode() const;
  // Errors: kCorruption  the bytes fail their checks, or name a series from `series_count` on
  static Result<Tombstones> Decode(std::string_view bytes, std::uint64_t series_count);

 private:
  std::map<std::uint32_t, std::vector<model::TimeRange>> ranges_;
};

}  // namespace narthex::block
