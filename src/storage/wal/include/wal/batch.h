// The record of a batch: samples coded against the newest values of their series.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/sample.h"

namespace narthex::wal {

// Samples of one append. Views: when decoded, into the decoder's buffers.
struct BatchRecord {
  std::uint64_t group = 0;
  model::TimestampMs timestamp = 0;  // of all samples, unless `timestamps` is not empty
  std::span<const model::TimestampMs> timestamps = {};
  std::span<const std::uint64_t> refs = {};
  std::span<const double> values = {};
};

// What the values of a batch are coded against: for each row, which is a stretch of samples with
// one reference, the newest value of that series before the batch.
//
// A reader must hold the same values as the writer did. Where the writer does not know that it
// will, it sets `are_known` to 0: the row then stands by itself, and what was lost before it does
// no harm.
struct ValueBases {
  std::vector<double> values;
  // Of the decimals that the series' values are; encoding and decoding change it alike. 0 for a
  // series of which nothing is known.
  std::vector<std::uint8_t> exponents;
  std::vector<std::uint8_t> are_known;

  std::size_t size() const { return values.size(); }
  void Clear();
  // `count` of zero, or, for Resize, what is there and zeros behind it.
  void Reset(std::size_t count, bool are_all_known);
  void Resize(std::size_t count);
  void Add(double value, std::uint8_t exponent, bool is_known);
};

// Appends the bytes of `record` to `out`; `bases` has an entry for each row.
// Cost: about 8 ns a value, 20 ns if it is no decimal.
// Source: docs/formats/wal.md, "Batch"
void EncodeBatch(const BatchRecord& record, ValueBases& bases, std::string& out);

// No batch with so many samples takes more than this.
std::size_t BatchSizeMax(std::size_t sample_count);

// Keeps its buffers from one record to the next. What it returns lives until the next call of
// DecodeKeys.
class BatchDecoder {
 public:
  // All but the values.
  // Errors: kCorruption  malformed
  Result<BatchRecord> DecodeKeys(std::string_view bytes);

  // After DecodeKeys: the reference of each row, and which rows have a base. The caller fills in
  // value and exponent of those.
  std::span<const std::uint64_t> row_refs() const { return row_refs_; }
  ValueBases& bases() { return bases_; }

  // Changes the exponents of the bases to those behind the batch.
  // Errors: kCorruption          malformed
  //         kFailedPrecondition  the bases are not those that the batch was coded against
  Result<std::span<const double>> DecodeValues();

 private:
  bool ReadLengths();
  bool ReadRowTimes(std::size_t sample_count);

  std::string_view rest_;  // of the record, behind what has been read
  std::vector<std::uint64_t> row_refs_;
  std::vector<std::uint32_t> row_sizes_;  // empty if each row is one sample
  std::vector<std::uint64_t> refs_;
  std::vector<model::TimestampMs> timestamps_;
  std::optional<std::uint32_t> base_hash_;
  ValueBases bases_;
  std::vector<double> values_;
};

}  // namespace narthex::wal
