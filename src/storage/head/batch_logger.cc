#include "batch_logger.h"

namespace narthex::head {
namespace {

constexpr std::uint64_t kSamplesPerStanding = 16;

}  // namespace

Status BatchLogger::Append(const wal::BatchRecord& record, std::span<Series* const> series) {
  const std::size_t size_max = wal::BatchSizeMax(record.refs.size());
  NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t segment, log_.SegmentFor(size_max));
  if (epoch_ == 0 || segment != segment_ ||
      sample_count_ >= kSamplesPerStanding * standing_count_) {
    segment_ = segment;
    ++epoch_;
    sample_count_ = 0;
    standing_count_ = 0;
  }
  bases_.Reset(series.size(), true);
  std::size_t row_count = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (i > 0 && series[i] == series[i - 1]) continue;
    const Series& one = *series[i];
    if (one.log_epoch == epoch_) {
      bases_.values[row_count] = one.newest_value;
      bases_.exponents[row_count] = one.log_exponent;
    } else {
      bases_.are_known[row_count] = 0;
      ++standing_count_;
    }
    ++row_count;
  }
  bases_.Resize(row_count);
  sample_count_ += series.size();

  buffer_.clear();
  wal::EncodeBatch(record, bases_, buffer_);
  NARTHEX_TRY(log_.Append(wal::RecordType::kBatch, buffer_));
  for (std::size_t i = 0, row = 0; i < series.size(); ++i) {
    if (i > 0 && series[i] != series[i - 1]) ++row;
    series[i]->log_epoch = epoch_ & kEpochMax;
    series[i]->log_exponent = bases_.exponents[row] & 15;
  }
  return Ok();
}

}  // namespace narthex::head
