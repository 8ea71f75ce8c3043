#include "batch_logger.h"

namespace narthex::head {
namespace {

constexpr std::uint64_t kSamplesPerStanding = 16;

}  // namespace

Status BatchLogger::Prepare(std::size_t payload_size_max) {
  NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t segment, log_.SegmentFor(payload_size_max));
  if (segment != segment_) EndEpoch();
  segment_ = segment;
  return Ok();
}

void BatchLogger::Encode(const wal::BatchRecord& record, std::span<Series* const> series,
                         std::string& out) {
  if (epoch_ == 0 || sample_count_ >= kSamplesPerStanding * standing_count_) {
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

  wal::EncodeBatch(record, bases_, out);
  for (std::size_t i = 0, row = 0; i < series.size(); ++i) {
    if (i > 0 && series[i] != series[i - 1]) ++row;
    series[i]->log_epoch = epoch_ & kEpochMax;
    series[i]->log_exponent = bases_.exponents[row] & 15;
  }
}

}  // namespace narthex::head
