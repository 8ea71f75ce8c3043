// Columns of references and of times inside records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/sample.h"

namespace narthex::wal {

inline std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

Error Malformed(std::string_view record, std::string_view what);

// Runs of consecutive references: the step from what was expected, and the length less one. A
// target's series are created together, so most scrapes are one run.
void PutRefs(std::string& out, std::span<const std::uint64_t> refs);
bool ReadRefs(ByteReader& reader, std::size_t count, std::vector<std::uint64_t>& refs);

// Times as the changes of their steps; the first as the step from `before`.
void PutTimes(std::string& out, std::span<const model::TimestampMs> times,
              model::TimestampMs before);
// Appends `count` times.
bool ReadTimes(ByteReader& reader, std::size_t count, model::TimestampMs before,
               std::vector<model::TimestampMs>& times);

}  // namespace narthex::wal
