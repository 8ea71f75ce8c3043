// Reading the newest sample of one series.
#include "querier.h"

namespace narthex::head {

std::optional<SeriesReader::Newest> SeriesReader::CopyNewest(const Series& series) const {
  MutexLock lock(state_->head().StripeOf(series.id));
  Newest newest{.sample = {series.newest_time, series.newest_value},
                .start = series.newest_start(),
                .histogram = nullptr};
  if (series.open_count() > 0) {
    newest.column = series.open_column;
    newest.ordinal = series.open_first + series.open_span - 1u;
  } else if (!series.pages.empty()) {
    // Just sealed, or read from a snapshot.
    const SealedPage& page = series.pages.back();
    newest.column = page.column;
    newest.ordinal = page.first + page.span - 1u;
  } else {
    return std::nullopt;
  }
  if (series.newest_histogram() != nullptr) newest.histogram = series.extras->newest_histogram;
  return newest;
}

bool SeriesReader::IsSeen(const Newest& newest) {
  const TimeColumn& column = *newest.column;
  if (column.id() == 0) {
    return state_->range().Contains(newest.sample.timestamp) &&
           column.IsSeen(newest.ordinal, state_->snapshot());
  }
  const TimeWindow& window = SharedWindow(column);
  return newest.ordinal >= window.first && newest.ordinal < window.end();
}

std::optional<storage::SampleColumns> SeriesReader::ReadNewest(const Series& series,
                                                               model::TimestampMs until) {
  if (state_->part() == QuerierPart::kLate) return std::nullopt;
  std::optional<Newest> newest = CopyNewest(series);
  if (!newest || newest->sample.timestamp > until || !IsSeen(*newest)) return std::nullopt;
  ClearColumns();
  open_histograms_.clear();
  times_.push_back(newest->sample.timestamp);
  values_.push_back(newest->sample.value);
  if (newest->histogram != nullptr) {
    histograms_.push_back(newest->histogram.get());
    open_histograms_.push_back(std::move(newest->histogram));
  }
  if (newest->start != 0) start_times_.push_back(newest->start);
  return storage::SampleColumns{times_, values_, 0, histograms_, start_times_};
}

}  // namespace narthex::head
