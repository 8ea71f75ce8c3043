// Filling the head from its log at start.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "head/head.h"
#include "wal/batch.h"
#include "wal/reader.h"

namespace narthex::head {

// What the last batch record said of a series.
struct LoggedValue {
  double value = 0;
  std::uint8_t exponent = 0;
};

// By reference, also of series whose own record is lost.
class LoggedValues {
 public:
  LoggedValue& At(std::uint64_t ref) {
    const std::size_t block = ref / kBlockLength;
    // No head gives out such a reference.
    if (ref > UINT32_MAX) return none_;
    if (blocks_.size() <= block) blocks_.resize(block + 1);
    if (blocks_[block] == nullptr) blocks_[block] = std::make_unique<Block>();
    return (*blocks_[block])[ref % kBlockLength];
  }

 private:
  static constexpr std::size_t kBlockLength = 1024;
  using Block = std::array<LoggedValue, kBlockLength>;
  std::vector<std::unique_ptr<Block>> blocks_;
  LoggedValue none_;
};

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
  void ApplyBatch(const wal::BatchRecord& record);
  Status TakeColumn(std::string_view payload);
  Status TakePage(std::string_view payload);
  Series* Find(std::uint64_t ref);
  void Extend(TimestampMs from, TimestampMs until);

  Head& head_;
  wal::BatchDecoder batch_decoder_;
  LoggedValues logged_values_;
  std::unordered_map<std::uint64_t, TimeColumn*> columns_;  // of the checkpoint
  // Columns of one series, until the first page says of which.
  std::unordered_map<std::uint64_t, std::unique_ptr<TimeColumn>> orphans_;
  // Two records may name one label set: after a failed write of the first, its reference is burnt.
  std::unordered_map<std::uint64_t, std::uint64_t> aliases_;
  std::uint64_t malformed_count_ = 0;
  std::uint64_t unknown_count_ = 0;
  std::uint64_t lost_sample_count_ = 0;  // coded against ones that damage took
};

}  // namespace narthex::head
