#include "wal/batch.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "columns.h"
#include "value_stream.h"

namespace narthex::wal {
namespace {

constexpr std::string_view kName = "batch";

// The bits of the byte behind the counts.
constexpr std::uint8_t kHasTimes = 1;    // a time for each sample, else one for all
constexpr std::uint8_t kHasLengths = 2;  // rows of more than one sample
constexpr std::uint8_t kHasBases = 4;    // some rows are coded against a base
constexpr std::uint8_t kIsMixed = 8;     // and some are not
constexpr std::uint8_t kFlagsEnd = 16;

// 64 samples take a byte if none has changed.
constexpr std::size_t kSamplesPerByteMax = 64;

std::vector<std::uint32_t> SizesOfRows(std::span<const std::uint64_t> refs, std::size_t row_count) {
  std::vector<std::uint32_t> sizes;
  if (row_count == refs.size()) return sizes;
  sizes.reserve(row_count);
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (i == 0 || refs[i] != refs[i - 1]) sizes.push_back(0);
    ++sizes.back();
  }
  return sizes;
}

// Each size less one, and how many more rows have it.
void PutSizes(std::string& out, RowSizes sizes) {
  for (std::size_t at = 0; at < sizes.size();) {
    std::size_t end = at + 1;
    while (end < sizes.size() && sizes[end] == sizes[at]) ++end;
    PutVarint(out, sizes[at] - 1);
    PutVarint(out, end - at - 1);
    at = end;
  }
}

// For each stretch of rows with the same times: how many more there are, and the times.
void PutRowTimes(std::string& out, std::span<const model::TimestampMs> times, RowSizes sizes) {
  model::TimestampMs before = 0;
  for (std::size_t at = 0, row = 0; at < times.size();) {
    const std::size_t size = sizes.empty() ? 1 : sizes[row];
    const auto first = times.subspan(at, size);
    std::size_t repeat_count = 0;
    for (++row, at += size; at < times.size() && (sizes.empty() || sizes[row] == size);
         ++row, at += size, ++repeat_count) {
      if (!std::ranges::equal(first, times.subspan(at, size))) break;
    }
    PutVarint(out, repeat_count);
    PutTimes(out, first, before);
    before = first.front();
  }
}

// Lengths of stretches of rows that are known and of ones that are not, in turn.
void PutKnown(std::string& out, std::span<const std::uint8_t> known) {
  std::uint8_t expected = 1;
  for (std::size_t at = 0; at < known.size(); expected ^= 1) {
    std::size_t end = at;
    while (end < known.size() && known[end] == expected) ++end;
    PutVarint(out, end - at);
    at = end;
  }
}

bool ReadKnown(ByteReader& reader, std::size_t count, ValueBases& bases) {
  for (std::uint8_t known = 1; bases.size() < count; known ^= 1) {
    const auto length = reader.ReadVarint();
    // Only the first stretch may be empty.
    if (!length || *length > count - bases.size() || (*length == 0 && bases.size() > 0)) {
      return false;
    }
    if (*length == 0 && known == 0) return false;
    for (std::uint64_t i = 0; i < *length; ++i) bases.Add(0, 0, known != 0);
  }
  return true;
}

}  // namespace

void ValueBases::Clear() {
  values.clear();
  exponents.clear();
  are_known.clear();
}

void ValueBases::Reset(std::size_t count, bool are_all_known) {
  values.assign(count, 0);
  exponents.assign(count, 0);
  are_known.assign(count, are_all_known ? 1 : 0);
}

void ValueBases::Resize(std::size_t count) {
  values.resize(count);
  exponents.resize(count);
  are_known.resize(count);
}

void ValueBases::Add(double value, std::uint8_t exponent, bool is_known) {
  values.push_back(is_known ? value : 0);
  exponents.push_back(is_known ? exponent : std::uint8_t{0});
  are_known.push_back(is_known ? 1 : 0);
}

std::size_t BatchSizeMax(std::size_t sample_count) {
  // Head and hash; of each sample a run of references, a size, a time and its repeats, a stretch of
  // known ones; and the values.
  return 64 + sample_count * (10 + 5 + 10 + 5 + 10 + 5 + 5) + ValuesSizeMax(sample_count);
}

void EncodeBatch(const BatchRecord& record, ValueBases& bases, std::string& out) {
  const std::vector<std::uint32_t> sizes = SizesOfRows(record.refs, bases.size());
  NARTHEX_CHECK(sizes.empty() || sizes.size() == bases.size(), "each row has a base");
  const auto known_count =
      static_cast<std::size_t>(std::ranges::count(bases.are_known, std::uint8_t{1}));
  unsigned flags = 0;
  if (!record.timestamps.empty()) flags |= kHasTimes;
  if (!sizes.empty()) flags |= kHasLengths;
  if (known_count > 0) flags |= kHasBases;
  if (known_count > 0 && known_count < bases.size()) flags |= kIsMixed;

  PutVarint(out, record.group);
  PutVarint(out, bases.size());
  out.push_back(static_cast<char>(flags));
  if (sizes.empty()) {
    PutRefs(out, record.refs);
  } else {
    std::vector<std::uint64_t> row_refs;
    row_refs.reserve(bases.size());
    for (std::size_t at = 0, row = 0; row < sizes.size(); at += sizes[row++]) {
      row_refs.push_back(record.refs[at]);
    }
    PutRefs(out, row_refs);
    PutSizes(out, sizes);
  }
  if (record.timestamps.empty()) {
    PutSignedVarint(out, record.timestamp);
  } else {
    PutRowTimes(out, record.timestamps, sizes);
  }
  if ((flags & kIsMixed) != 0) PutKnown(out, bases.are_known);
  if ((flags & kHasBases) != 0) PutLittleEndian32(out, BasesHash(bases));
  PutValues(out, record.values, sizes, bases);
}

bool BatchDecoder::ReadLengths() {
  ByteReader reader(rest_);
  const std::size_t limit = rest_.size() * kSamplesPerByteMax;
  std::size_t total = 0;
  while (row_sizes_.size() < row_refs_.size()) {
    const auto size = reader.ReadVarint();
    const auto repeat_count = reader.ReadVarint();
    if (!size || !repeat_count || *size >= limit ||
        *repeat_count >= row_refs_.size() - row_sizes_.size() ||
        (*size + 1) * (*repeat_count + 1) > limit - total) {
      return false;
    }
    total += static_cast<std::size_t>((*size + 1) * (*repeat_count + 1));
    row_sizes_.insert(row_sizes_.end(), static_cast<std::size_t>(*repeat_count) + 1,
                      static_cast<std::uint32_t>(*size + 1));
  }
  refs_.clear();
  for (std::size_t row = 0; row < row_refs_.size(); ++row) {
    refs_.insert(refs_.end(), row_sizes_[row], row_refs_[row]);
  }
  rest_ = reader.rest();
  return true;
}

bool BatchDecoder::ReadRowTimes(std::size_t sample_count) {
  ByteReader reader(rest_);
  model::TimestampMs before = 0;
  for (std::size_t row = 0; timestamps_.size() < sample_count;) {
    const std::size_t size = row_sizes_.empty() ? 1 : row_sizes_[row];
    const std::size_t begin = timestamps_.size();
    const auto repeat_count = reader.ReadVarint();
    if (!repeat_count || *repeat_count >= row_refs_.size() - row ||
        !ReadTimes(reader, size, before, timestamps_)) {
      return false;
    }
    before = timestamps_[begin];
    ++row;
    for (std::uint64_t i = 0; i < *repeat_count; ++i, ++row) {
      if (!row_sizes_.empty() && row_sizes_[row] != size) return false;
      for (std::size_t j = 0; j < size; ++j) timestamps_.push_back(timestamps_[begin + j]);
    }
  }
  rest_ = reader.rest();
  return true;
}

Result<BatchRecord> BatchDecoder::DecodeKeys(std::string_view bytes) {
  row_sizes_.clear();
  timestamps_.clear();
  bases_.Clear();
  ByteReader reader(bytes);
  const auto group = reader.ReadVarint();
  const auto row_count = reader.ReadVarint();
  const auto flags = reader.ReadByte();
  if (!group || !row_count || !flags || *flags >= kFlagsEnd ||
      (*flags & (kHasBases | kIsMixed)) == kIsMixed ||
      *row_count > reader.remaining() * kSamplesPerByteMax) {
    return Malformed(kName, "bad head");
  }
  const auto rows = static_cast<std::size_t>(*row_count);
  if (!ReadRefs(reader, rows, row_refs_)) return Malformed(kName, "malformed references");
  rest_ = reader.rest();
  if ((*flags & kHasLengths) != 0 && !ReadLengths()) return Malformed(kName, "malformed lengths");

  BatchRecord record;
  record.group = *group;
  record.refs = row_sizes_.empty() ? row_refs_ : refs_;
  if ((*flags & kHasTimes) != 0) {
    if (!ReadRowTimes(record.refs.size())) return Malformed(kName, "malformed timestamps");
    record.timestamps = timestamps_;
  }
  reader = ByteReader(rest_);
  if ((*flags & kHasTimes) == 0) {
    const auto timestamp = reader.ReadSignedVarint();
    if (!timestamp) return Malformed(kName, "timestamp cut short");
    record.timestamp = *timestamp;
  }
  if ((*flags & kIsMixed) != 0) {
    if (!ReadKnown(reader, rows, bases_)) return Malformed(kName, "malformed bases");
  } else {
    bases_.Reset(rows, (*flags & kHasBases) != 0);
  }
  base_hash_.reset();
  if ((*flags & kHasBases) != 0) {
    base_hash_ = reader.ReadLittleEndian32();
    if (!base_hash_) return Malformed(kName, "hash cut short");
  }
  rest_ = reader.rest();
  values_.resize(record.refs.size());
  return record;
}

Result<std::span<const double>> BatchDecoder::DecodeValues() {
  if (base_hash_ && BasesHash(bases_) != *base_hash_) {
    return Error{ErrorCode::kFailedPrecondition, "batch record: what it builds on is missing"};
  }
  if (!ReadValues(rest_, row_sizes_, bases_, values_) || !rest_.empty()) {
    return Malformed(kName, "malformed values");
  }
  return std::span<const double>(values_);
}

}  // namespace narthex::wal
