#include "columns.h"

#include <fmt/format.h>

#include <numeric>

namespace narthex::wal {

Error Malformed(std::string_view record, std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("{} record: {}", record, what)};
}

void PutRefs(std::string& out, std::span<const std::uint64_t> refs) {
  std::uint64_t expected = 0;
  for (std::size_t at = 0; at < refs.size();) {
    std::size_t end = at + 1;
    while (end < refs.size() && refs[end] == refs[end - 1] + 1) ++end;
    PutVarint(out, ZigZag(static_cast<std::int64_t>(refs[at] - expected)));
    PutVarint(out, end - at - 1);
    expected = refs[end - 1] + 1;
    at = end;
  }
}

bool ReadRefs(ByteReader& reader, std::size_t count, std::vector<std::uint64_t>& refs) {
  refs.clear();
  std::uint64_t expected = 0;
  while (refs.size() < count) {
    const auto step = reader.ReadVarint();
    const auto more = reader.ReadVarint();
    if (!step || !more || *more >= count - refs.size()) return false;
    const std::uint64_t first = expected + static_cast<std::uint64_t>(UnZigZag(*step));
    const std::size_t begin = refs.size();
    refs.resize(begin + static_cast<std::size_t>(*more) + 1);
    std::iota(refs.begin() + static_cast<std::ptrdiff_t>(begin), refs.end(), first);
    expected = first + *more + 1;
  }
  return true;
}

// Unsigned throughout: steps between the extremes wrap around and back.

void PutTimes(std::string& out, std::span<const model::TimestampMs> times,
              model::TimestampMs before) {
  auto last = static_cast<std::uint64_t>(before);
  std::uint64_t last_step = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::uint64_t step = static_cast<std::uint64_t>(times[i]) - last;
    PutSignedVarint(out, static_cast<std::int64_t>(step - last_step));
    last += step;
    // The first one says when, not how often.
    if (i > 0) last_step = step;
  }
}

bool ReadTimes(ByteReader& reader, std::size_t count, model::TimestampMs before,
               std::vector<model::TimestampMs>& times) {
  const std::string_view bytes = reader.rest();
  if (count > bytes.size()) return false;
  const std::size_t begin = times.size();
  times.resize(begin + count);
  auto last = static_cast<std::uint64_t>(before);
  std::uint64_t last_step = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (at == bytes.size()) return false;
    const auto byte = static_cast<unsigned char>(bytes[at]);
    std::int64_t change = 0;
    if (byte < 0x80) {
      // Nearly all: times keep their pace.
      change = UnZigZag(byte);
      ++at;
    } else {
      ByteReader one(bytes.substr(at));
      const auto read = one.ReadSignedVarint();
      if (!read) return false;
      change = *read;
      at += one.offset();
    }
    const std::uint64_t step = last_step + static_cast<std::uint64_t>(change);
    last += step;
    if (i > 0) last_step = step;
    times[begin + i] = static_cast<model::TimestampMs>(last);
  }
  reader = ByteReader(bytes.substr(at));
  return true;
}

}  // namespace narthex::wal
