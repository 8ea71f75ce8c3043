// Writing time columns: each set of times once.
#pragma once

#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "item_writer.h"
#include "model/sample.h"
#include "series_entry.h"

namespace narthex::block {

// Finds the times of a series among the columns written so far, or writes them as a new one: the
// same times as a column's, a stretch of it, or a column's without some that are missing.
//
// Not thread-safe. Memory: up to 8 MiB of recent columns, 24 bytes for every column.
class TimeColumnWriter {
 public:
  // `frames` must outlive the writer. Times are not before `min_time`.
  TimeColumnWriter(FrameWriter& frames, model::TimestampMs min_time);

  // The times, of which there is one at least, ascending. Two calls with the same `source_id`,
  // other than 0, are of the same times. Errors: kNoSpace, kIo
  Result<Ordinals> Place(std::span<const model::TimestampMs> times, std::uint64_t source_id);

  Status Finish() { return items_.EndFrame(); }
  // The places of all columns, encoded.
  const std::string& places() const { return places_; }

 private:
  using Times = std::span<const model::TimestampMs>;
  struct Column {
    std::uint32_t number = 0;
    std::vector<model::TimestampMs> times;
  };
  // Two hashes with seeds of their own: 128 bits, equal for equal times only.
  using Digest = std::pair<std::uint64_t, std::uint64_t>;
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const { return digest.first; }
  };

  Result<Ordinals> Find(Times times);
  // A stretch of the column, or the column without some; false if the times are not in it.
  static bool PlaceWithin(const Column& column, Times times, Ordinals& ordinals);
  Result<Ordinals> Write(Times times, const Digest& digest);
  void Remember(std::uint32_t number, Times times);

  ItemWriter items_;
  const model::TimestampMs min_time_;
  const Digest seeds_;
  std::uint32_t count_ = 0;
  std::string places_;
  std::list<Column> recent_;  // most recently used first
  std::size_t recent_time_count_ = 0;
  std::unordered_map<Digest, std::uint32_t, DigestHash> by_digest_;
  std::unordered_map<std::uint64_t, Ordinals> by_source_id_;
};

}  // namespace narthex::block
