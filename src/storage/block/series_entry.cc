#include "series_entry.h"

#include <algorithm>

#include "base/bytes.h"

namespace narthex::block {
namespace {

// Low bits of the first varint of a payload; the number of the column is above them.
constexpr std::uint64_t kIsStretch = 1;
constexpr std::uint64_t kHasRuns = 2;
constexpr std::uint64_t kIsInline = 4;
constexpr int kPayloadFlagBits = 3;

// The first byte of a record.
constexpr std::uint8_t kHasParent = 1;
constexpr std::uint8_t kIsIrregular = 2;  // vectors of other lengths than 1024, or of both kinds
constexpr std::uint8_t kIsHistogram = 4;  // all vectors
constexpr std::uint8_t kHasStartTimes = 8;
constexpr std::uint8_t kRecordFlags = 15;

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, std::string("series: ").append(what)};
}

bool IsRegular(const RecordHead& head) {
  for (std::size_t i = 0; i < head.vectors.size(); ++i) {
    const VectorEntry& vector = head.vectors[i];
    if (vector.is_histogram != head.vectors.front().is_histogram) return false;
    if (i + 1 < head.vectors.size() ? vector.length != kVectorLength
                                    : vector.length > kVectorLength) {
      return false;
    }
  }
  return true;
}

std::size_t VectorCount(std::uint64_t count) {
  return static_cast<std::size_t>((count + kVectorLength - 1) / kVectorLength);
}

}  // namespace

void PutSeriesEntry(std::string& out, const SeriesEntry& entry) {
  const Ordinals& ordinals = entry.ordinals;
  std::uint64_t head = std::uint64_t{ordinals.column} << kPayloadFlagBits;
  if (!ordinals.is_whole) head |= kIsStretch;
  if (!ordinals.runs.empty()) head |= kHasRuns;
  if (!entry.inline_page.empty()) head |= kIsInline;
  PutVarint(out, head);
  if (!ordinals.is_whole) {
    PutVarint(out, ordinals.first);
    PutVarint(out, ordinals.span);
  }
  if (!ordinals.runs.empty()) PutLengthPrefixed(out, ordinals.runs);
  if (!entry.inline_page.empty()) {
    out.append(entry.inline_page);
  } else {
    PutVarint(out, entry.record.frame);
    PutVarint(out, entry.record.offset);
  }
}

Result<SeriesEntry> ReadSeriesEntry(std::string_view payload) {
  const Error damaged = Damaged("its entry in the index is malformed");
  ByteReader reader(payload);
  const auto head = reader.ReadVarint();
  if (!head || *head >> kPayloadFlagBits > UINT32_MAX) return damaged;
  SeriesEntry entry;
  Ordinals& ordinals = entry.ordinals;
  ordinals.column = static_cast<std::uint32_t>(*head >> kPayloadFlagBits);
  ordinals.is_whole = (*head & kIsStretch) == 0;
  if (!ordinals.is_whole) {
    const auto first = reader.ReadVarint();
    const auto span = reader.ReadVarint();
    if (!first || !span || *first > UINT32_MAX || *span > UINT32_MAX || *span == 0) return damaged;
    ordinals.first = *first;
    ordinals.span = *span;
  }
  if ((*head & kHasRuns) != 0) {
    const auto runs = reader.ReadLengthPrefixed();
    if (!runs || runs->empty() || ordinals.is_whole) return damaged;
    ordinals.runs = *runs;
  }
  if ((*head & kIsInline) != 0) {
    entry.inline_page = reader.rest();
    if (entry.inline_page.empty()) return damaged;
    return entry;
  }
  const auto frame = reader.ReadVarint();
  const auto offset = reader.ReadVarint();
  if (!frame || !offset || *frame > UINT32_MAX || *offset > UINT32_MAX || !reader.empty()) {
    return damaged;
  }
  entry.record = {static_cast<std::uint32_t>(*frame), static_cast<std::uint32_t>(*offset)};
  return entry;
}

void PutRecordHead(std::string& out, const RecordHead& head, std::uint64_t count) {
  const bool is_regular =
      IsRegular(head) && !head.vectors.empty() && VectorCount(count) == head.vectors.size();
  std::uint8_t flags = 0;
  if (head.parent_distance > 0) flags |= kHasParent;
  if (!is_regular) flags |= kIsIrregular;
  if (is_regular && head.vectors.front().is_histogram) flags |= kIsHistogram;
  if (!head.start_sizes.empty()) flags |= kHasStartTimes;
  out.push_back(static_cast<char>(flags));
  if (head.parent_distance > 0) PutVarint(out, head.parent_distance);
  if (!is_regular) PutVarint(out, head.vectors.size());
  for (const VectorEntry& vector : head.vectors) {
    if (!is_regular) {
      PutVarint(out, std::uint64_t{vector.length} << 1 | (vector.is_histogram ? 1u : 0u));
    }
    PutVarint(out, vector.size);
  }
  for (const std::uint32_t size : head.start_sizes) PutVarint(out, size);
}

Result<std::size_t> ReadRecordHead(std::string_view bytes, std::uint64_t count, RecordHead& head) {
  const Error damaged = Damaged("the head of its record is malformed");
  head.parent_distance = 0;
  head.vectors.clear();
  head.start_sizes.clear();
  ByteReader reader(bytes);
  const auto flags = reader.ReadByte();
  if (!flags || *flags > kRecordFlags || count == 0) return damaged;
  if ((*flags & kHasParent) != 0) {
    const auto distance = reader.ReadVarint();
    if (!distance || *distance == 0 || *distance > UINT32_MAX) return damaged;
    head.parent_distance = static_cast<std::uint32_t>(*distance);
  }
  std::uint64_t vector_count = VectorCount(count);
  const bool is_irregular = (*flags & kIsIrregular) != 0;
  if (is_irregular) {
    const auto read = reader.ReadVarint();
    if (!read) return damaged;
    vector_count = *read;
  }
  // A vector takes a byte at least.
  if (vector_count == 0 || vector_count > reader.remaining()) return damaged;
  std::uint64_t left = count;
  for (std::uint64_t i = 0; i < vector_count; ++i) {
    VectorEntry vector;
    std::uint64_t length = std::min<std::uint64_t>(left, kVectorLength);
    vector.is_histogram = (*flags & kIsHistogram) != 0;
    if (is_irregular) {
      const auto read = reader.ReadVarint();
      if (!read) return damaged;
      length = *read >> 1;
      vector.is_histogram = (*read & 1) != 0;
    }
    const auto size = reader.ReadVarint();
    if (!size || *size == 0 || *size > UINT32_MAX || length == 0 || length > kVectorLength ||
        length > left) {
      return damaged;
    }
    vector.length = static_cast<std::uint32_t>(length);
    vector.size = static_cast<std::uint32_t>(*size);
    head.vectors.push_back(vector);
    left -= length;
  }
  if (left > 0) return damaged;
  if ((*flags & kHasStartTimes) != 0) {
    for (std::uint64_t i = 0; i < vector_count; ++i) {
      const auto size = reader.ReadVarint();
      if (!size || *size == 0 || *size > UINT32_MAX) return damaged;
      head.start_sizes.push_back(static_cast<std::uint32_t>(*size));
    }
  }
  return reader.offset();
}

Result<std::uint64_t> SampleCount(const Ordinals& ordinals) {
  if (ordinals.runs.empty()) return ordinals.span;
  ByteReader reader(ordinals.runs);
  std::uint64_t count = 0;
  std::uint64_t covered = 0;
  bool is_present = true;
  while (!reader.empty()) {
    const auto length = reader.ReadVarint();
    if (!length || *length == 0 || *length > ordinals.span - covered) {
      return Damaged("its missing samples are malformed");
    }
    covered += *length;
    if (is_present) count += *length;
    is_present = !is_present;
  }
  if (covered != ordinals.span || count == 0) return Damaged("its missing samples are malformed");
  return count;
}

Positions PositionsWithin(const Ordinals& ordinals, std::uint64_t begin, std::uint64_t end,
                          std::vector<std::uint64_t>* present) {
  Positions positions;
  if (ordinals.runs.empty()) {
    positions = {std::max(begin, ordinals.first) - ordinals.first,
                 std::min(end, ordinals.first + ordinals.span) - ordinals.first};
    if (end <= ordinals.first) positions.end = 0;
    return positions;
  }
  ByteReader reader(ordinals.runs);
  std::uint64_t ordinal = ordinals.first;
  std::uint64_t position = 0;
  bool is_present = true;
  while (const auto length = reader.ReadVarint()) {
    if (is_present) {
      const std::uint64_t from = std::clamp(begin, ordinal, ordinal + *length);
      const std::uint64_t until = std::clamp(end, from, ordinal + *length);
      if (ordinal < begin) positions.begin = position + (from - ordinal);
      if (from < until) {
        positions.end = position + (until - ordinal);
        for (std::uint64_t o = from; present != nullptr && o < until; ++o) present->push_back(o);
      }
      position += *length;
    }
    ordinal += *length;
    is_present = !is_present;
  }
  return positions;
}

}  // namespace narthex::block
