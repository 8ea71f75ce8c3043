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
  for (std::size_t row = 0; row < series.size(); ++row) {
    const Series& one = *series[row];
    if (one.log_epoch == epoch_) {
      bases_.values[row] = one.newest_value;
      bases_.exponents[row] = one.log_exponent;
    } else {
      bases_.are_known[row] = 0;
      ++standing_count_;
    }
  }
  sample_count_ += record.refs.size();

  wal::EncodeBatch(record, bases_, out);
  for (std::size_t row = 0; row < series.size(); ++row) {
    series[row]->log_epoch = epoch_ & kEpochMax;
    series[row]->log_exponent = bases_.exponents[row] & 15;
  }
}

}  // namespace narthex::head
