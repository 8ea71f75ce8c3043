// Where in the text of a query something stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace narthex::promql {

// Byte offsets into the query, half open.
struct PositionRange {
  std::size_t start = 0;
  std::size_t end = 0;

  friend bool operator==(const PositionRange&, const PositionRange&) = default;
};

// "LINE:COLUMN" of the byte at `offset`, both counted from 1, columns in bytes as upstream counts
// them. "invalid position" where `offset` lies behind the end of `query`, "unknown position" where
// that is empty.
std::string LineAndColumn(std::string_view query, std::size_t offset);

}  // namespace narthex::promql
