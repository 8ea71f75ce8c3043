#include "wal/record.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "columns.h"

namespace narthex::wal {
namespace {

// All label sets of a record together; what a writer makes is far below.
constexpr std::size_t kLabelBytesMax = std::size_t{1} << 28;

// How many bytes `a` and `b` begin with, and end with, in common; the two do not overlap.
struct Shared {
  std::size_t prefix = 0;
  std::size_t suffix = 0;
};

std::uint64_t LoadWord(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// Whole words, then bytes.
std::size_t SharedPrefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (size - at >= 8 && LoadWord(&a[at]) == LoadWord(&b[at])) at += 8;
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

std::size_t SharedSuffix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  const char* const a_end = a.data() + a.size();
  const char* const b_end = b.data() + b.size();
  std::size_t at = 0;
  while (size - at >= 8 && LoadWord(a_end - at - 8) == LoadWord(b_end - at - 8)) at += 8;
  while (at < size && *(a_end - at - 1) == *(b_end - at - 1)) ++at;
  return at;
}

Shared SharedBytes(std::string_view a, std::string_view b) {
  Shared shared;
  shared.prefix = SharedPrefix(a, b);
  shared.suffix = SharedSuffix(a.substr(shared.prefix), b.substr(shared.prefix));
  return shared;
}

}  // namespace

void EncodeSeries(const SeriesRecord& record, std::string& out) {
  PutVarint(out, record.group);
  PutVarint(out, record.series.size());
  std::uint64_t expected = 0;
  std::string_view before;
  for (const SeriesRecord::Series& series : record.series) {
    const std::string_view labels = series.labels.encoded();
    const Shared shared = SharedBytes(before, labels);
    PutSignedVarint(out, static_cast<std::int64_t>(series.ref - expected));
    PutVarint(out, shared.prefix);
    PutVarint(out, shared.suffix);
    PutLengthPrefixed(out,
                      labels.substr(shared.prefix, labels.size() - shared.prefix - shared.suffix));
    before = labels;
    expected = series.ref + 1;
  }
}

Result<SeriesRecord> DecodeSeries(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto group = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  // Four bytes are the least that a series takes.
  if (!group || !count || *count > reader.remaining() / 4) return Malformed("series", "bad count");
  SeriesRecord record;
  record.group = *group;
  record.series.reserve(static_cast<std::size_t>(*count));
  std::uint64_t expected = 0;
  std::size_t total = 0;
  std::string encoded;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto step = reader.ReadSignedVarint();
    const auto prefix = reader.ReadVarint();
    const auto suffix = reader.ReadVarint();
    const auto middle = reader.ReadLengthPrefixed();
    if (!step || !prefix || !suffix || !middle) return Malformed("series", "cut short");
    if (*prefix > encoded.size() || *suffix > encoded.size() - *prefix) {
      return Malformed("series", "shares more than there is");
    }
    encoded.replace(static_cast<std::size_t>(*prefix),
                    encoded.size() - static_cast<std::size_t>(*prefix + *suffix), *middle);
    total += encoded.size();
    if (total > kLabelBytesMax) return Malformed("series", "too large");
    auto labels = model::LabelSet::Decode(encoded);
    if (!labels) return Malformed("series", "malformed label set");
    const std::uint64_t ref = expected + static_cast<std::uint64_t>(*step);
    record.series.push_back({ref, std::move(*labels)});
    expected = ref + 1;
  }
  if (!reader.empty()) return Malformed("series", "bytes behind its end");
  return record;
}

void EncodeColumn(const ColumnRecord& record, std::string& out) {
  PutVarint(out, record.column);
  PutVarint(out, record.group);
  PutVarint(out, record.first_ordinal);
  PutVarint(out, record.times.size());
  PutTimes(out, record.times, 0);
}

Result<ColumnRecord> DecodeColumn(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto column = reader.ReadVarint();
  const auto group = reader.ReadVarint();
  const auto first = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  if (!column || !group || !first || !count || *count > reader.remaining() ||
      *first > UINT32_MAX - *count) {
    return Malformed("column", "bad head");
  }
  ColumnRecord record{*column, *group, static_cast<std::uint32_t>(*first), {}};
  if (!ReadTimes(reader, static_cast<std::size_t>(*count), 0, record.times) || !reader.empty()) {
    return Malformed("column", "malformed timestamps");
  }
  for (std::size_t i = 1; i < record.times.size(); ++i) {
    if (record.times[i] < record.times[i - 1]) return Malformed("column", "times are not in order");
  }
  return record;
}

void EncodePage(const PageRecord& record, std::string& out) {
  PutVarint(out, record.ref);
  PutVarint(out, record.column);
  PutVarint(out, record.first_ordinal);
  PutVarint(out, record.span);
  PutVarint(out, record.count);
  PutLengthPrefixed(out, record.presence);
  PutLengthPrefixed(out, record.page);
}

Result<PageRecord> DecodePage(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto ref = reader.ReadVarint();
  const auto column = reader.ReadVarint();
  const auto first = reader.ReadVarint();
  const auto span = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  const auto presence = reader.ReadLengthPrefixed();
  const auto page = reader.ReadLengthPrefixed();
  if (!ref || !column || !first || !span || !count || !presence || !page || !reader.empty()) {
    return Malformed("page", "cut short");
  }
  if (*span > UINT16_MAX || *count == 0 || *count > *span || *first > UINT32_MAX - *span) {
    return Malformed("page", "bad counts");
  }
  int present = 0;
  for (const char byte : *presence) present += std::popcount(static_cast<unsigned char>(byte));
  const bool is_dense = *count == *span;
  if (is_dense != presence->empty() ||
      (!is_dense && (presence->size() != (*span + 7) / 8 || present != static_cast<int>(*count)))) {
    return Malformed("page", "presence does not fit its counts");
  }
  return PageRecord{*ref,
                    *column,
                    static_cast<std::uint32_t>(*first),
                    static_cast<std::uint16_t>(*span),
                    static_cast<std::uint16_t>(*count),
                    *presence,
                    *page};
}

}  // namespace narthex::wal
