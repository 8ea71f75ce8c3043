// Filling the head from its log at start.
#pragma once

#include <map>
#include <unordered_map>

#include "base/result.h"
#include "head/head.h"
#include "wal/reader.h"

namespace narthex::head {

// One run over the log of a head that nobody else uses yet. Records that do not fit are counted,
// logged and passed over.
class HeadReplay {
 public:
  explicit HeadReplay(Head& head) : head_(head) {}

  Result<wal::ReadReport> Run();

 private:
  Status Visit(wal::RecordType type, std::string_view payload);
  Status TakeSeries(std::string_view payload);
  Status TakeBatch(std::string_view payload);
  Status TakeColumn(std::string_view payload);
  Status TakePage(std::string_view payload);
  Series* Find(std::uint64_t ref);
  void Extend(TimestampMs from, TimestampMs until);

  Head& head_;
  wal::BatchDecoder batch_decoder_;
  std::unordered_map<std::uint64_t, TimeColumn*> columns_;  // of the checkpoint
  // Columns of one series, until the first page says of which.
  std::unordered_map<std::uint64_t, std::unique_ptr<TimeColumn>> orphans_;
  // Two records may name one label set: after a failed write of the first, its reference is burnt.
  std::unordered_map<std::uint64_t, std::uint64_t> aliases_;
  std::uint64_t malformed_count_ = 0;
  std::uint64_t unknown_count_ = 0;
};

}  // namespace narthex::head
