// Since when the series of one OpenMetrics family count: what its _created lines say.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace narthex::exposition {

// Not synchronised. Memory: the labels of the family's _created lines.
class CreatedLines {
 public:
  // `key` stands for the labels of the line at `offset`.
  void Add(std::string key, std::size_t offset, TimestampMs created) {
    lines_.insert_or_assign(std::move(key), Line{offset, created});
  }

  // What a line behind `offset` says of `key`. What was said before a sample is not found, as
  // upstream does not: the spec wants the line beside or behind the samples.
  std::optional<TimestampMs> FindBehind(const std::string& key, std::size_t offset) const {
    const auto found = lines_.find(key);
    if (found == lines_.end() || found->second.offset < offset) return std::nullopt;
    return found->second.created;
  }

 private:
  struct Line {
    std::size_t offset = 0;
    TimestampMs created = 0;
  };
  std::map<std::string, Line> lines_;
};

}  // namespace narthex::exposition
