#include "target_writer.h"

#include <unordered_set>

#include "base/log.h"
#include "zero_samples.h"

namespace narthex::scrape {
namespace {

constexpr std::string_view kUp = "up";
constexpr std::string_view kDuration = "scrape_duration_seconds";
constexpr std::string_view kScraped = "scrape_samples_scraped";
constexpr std::string_view kKept = "scrape_samples_post_metric_relabeling";
constexpr std::string_view kAdded = "scrape_series_added";
constexpr std::string_view kTimeout = "scrape_timeout_seconds";
constexpr std::string_view kSampleLimit = "scrape_sample_limit";
constexpr std::string_view kBodySize = "scrape_body_size_bytes";

// Source: spec 3.5, SCR-036.
constexpr std::size_t kUnseenSeriesMax = 1000;

double BodySize(const Fetched& fetched, const ScrapeOutcome& outcome) {
  if (fetched.is_body_limit_exceeded) return -1;
  return outcome.status.ok() ? static_cast<double>(fetched.body.size()) : 0;
}

}  // namespace

TargetWriter::TargetWriter(storage::Appender& appender, Clock& clock, MetadataCache& metadata)
    : appender_(appender), clock_(clock), metadata_(metadata), group_(appender.NewGroup()) {}

void TargetWriter::Configure(std::shared_ptr<const JobRules> rules,
                             std::shared_ptr<const Target> target) {
  rules_ = std::move(rules);
  target_ = std::move(target);
  for (const SeriesIndex index : cache_.order()) {
    const CachedSeries& series = cache_.at(index);
    if (series.ref != 0 && series.is_tracked) retired_.push_back(series.ref);
  }
  for (const Report& report : reports_) {
    if (report.ref != 0) retired_.push_back(report.ref);
  }
  cache_.ForgetReferences();
  SetReports();
}

void TargetWriter::SetReports() {
  reports_.clear();
  for (const std::string_view name : {kUp, kDuration, kScraped, kKept, kAdded}) {
    reports_.push_back({name, ReportLabels(name, target_->labels)});
  }
  if (!rules_->config.extra_scrape_metrics) return;
  for (const std::string_view name : {kTimeout, kSampleLimit, kBodySize}) {
    reports_.push_back({name, ReportLabels(name, target_->labels)});
  }
}

ScrapeOutcome TargetWriter::WriteScrape(const Fetched& fetched, model::TimestampMs time) {
  ScrapeOutcome outcome;
  outcome.status = fetched.status;
  duration_seconds_ = -1;
  if (outcome.status.ok()) {
    Result<Appended> appended = TryScrape(fetched, time, outcome);
    if (appended.ok() && *appended == Appended::kSomeUnknown) {
      // The store has dropped series meanwhile. Again, with these resolved anew; what is there
      // already is repeated bit for bit, which changes nothing.
      outcome = ScrapeOutcome();
      appended = TryScrape(fetched, time, outcome);
    }
    if (!appended.ok()) outcome.status = std::move(appended).error();
  }
  if (!outcome.status.ok()) WriteFailure(fetched, time, outcome);
  metadata_.Publish();
  return outcome;
}

Result<TargetWriter::Appended> TargetWriter::TryScrape(const Fetched& fetched,
                                                       model::TimestampMs time,
                                                       ScrapeOutcome& outcome) {
  ReadBody read = Read(fetched, time, true);
  if (read.has_outdated_starts) read = Read(fetched, time, false);
  BodySamples& samples = read.samples;
  outcome.scraped_count = samples.scraped_count;
  outcome.kept_count = samples.kept_count;
  outcome.added_count = samples.added_count;
  outcome.duplicate_count = samples.duplicate_count;
  outcome.out_of_bounds_count = samples.out_of_bounds_count;
  NARTHEX_TRY(read.status);

  NARTHEX_TRY(Resolve(samples.shared, group_));
  NARTHEX_TRY(Resolve(samples.timed, 0));
  NARTHEX_TRY(AppendZeros(samples.shared, time));
  NARTHEX_TRY(AppendZeros(samples.timed, time));
  Columns columns;
  columns.indexes = std::move(samples.shared.series);
  columns.refs = std::move(samples.shared.refs);
  columns.values = std::move(samples.shared.values);
  columns.histograms = std::move(samples.shared.histograms);
  columns.starts = std::move(samples.shared.starts);
  for (BodyExemplar& one : samples.exemplars) {
    columns.exemplars.push_back({cache_.at(one.series).ref, std::move(one.exemplar)});
  }
  NARTHEX_TRY(ResolveReports());
  // With the order of last time nothing is gone.
  if (samples.new_order || !retired_.empty()) AddMarkers(columns, false);
  AddReports(columns, fetched, outcome);
  NARTHEX_TRY(AppendTimed(samples.timed, outcome));
  NARTHEX_ASSIGN_OR_RETURN(const Appended appended, Append(columns, time, outcome));

  retired_.clear();
  cache_.starts().Settle();
  if (samples.new_order) cache_.SetOrder(*std::move(samples.new_order));
  if (cache_.size() > cache_.order().size()) cache_.RemoveUnseen(scrape_);
  return appended;
}

TargetWriter::ReadBody TargetWriter::Read(const Fetched& fetched, model::TimestampMs time,
                                          bool trusts_known_starts) {
  ++scrape_;
  BodyReader reader(*rules_, *target_, cache_, metadata_);
  ReadBody read;
  read.status = reader.Read({fetched.body, fetched.format, time, scrape_, trusts_known_starts});
  read.samples = std::move(reader.samples());
  read.has_outdated_starts = reader.has_outdated_starts();
  return read;
}

Status TargetWriter::AppendZeros(const SampleColumn& column, model::TimestampMs time) {
  if (!rules_->features.injects_zero_samples || column.starts.empty()) return Ok();
  const ZeroSamples zeros(column, time);
  storage::Batch batch;
  batch.timestamps = zeros.timestamps();
  batch.series = zeros.refs();
  batch.values = zeros.values();
  batch.histograms = zeros.histograms();
  batch.passes_over_old = true;
  const Result<storage::AppendOutcome> appended = appender_.Append(batch);
  return appended.ok() ? Ok() : Status(appended.error());
}

void TargetWriter::WriteFailure(const Fetched& fetched, model::TimestampMs time,
                                ScrapeOutcome& outcome) {
  // Some series may have been given what the broken body said.
  cache_.starts().Forget();
  Columns columns;
  Status status = ResolveReports();
  if (status.ok()) {
    AddMarkers(columns, true);
    AddReports(columns, fetched, outcome);
    const Result<Appended> appended = Append(columns, time, outcome);
    if (!appended.ok()) status = appended.error();
  }
  if (!status.ok()) {
    // The markers are still due: the order stays as it is.
    LogWarn("scrape", "Appending scrape report failed", {{"error", status.error().message()}});
    return;
  }
  retired_.clear();
  const std::size_t known_count = cache_.order().size();
  cache_.SetOrder({});
  if (cache_.size() > 2 * known_count + kUnseenSeriesMax) cache_.RemoveUnseen(scrape_);
}

void TargetWriter::WriteEnd(model::TimestampMs time) {
  Columns columns;
  AddMarkers(columns, true);
  for (const Report& report : reports_) {
    if (report.ref == 0) continue;
    columns.refs.push_back(report.ref);
    columns.values.push_back(model::StaleNan());
  }
  ScrapeOutcome outcome;
  const Result<Appended> appended = Append(columns, time, outcome);
  if (!appended.ok())
    LogWarn("scrape", "Appending staleness markers failed",
            {{"error", appended.error().message()}});
  retired_.clear();
  cache_.SetOrder({});
}

Status TargetWriter::Resolve(SampleColumn& column, storage::GroupRef group) {
  if (column.unresolved.empty()) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const std::vector<storage::SeriesRef> refs,
                           appender_.Resolve(group, column.unresolved_labels));
  for (std::size_t i = 0; i < refs.size(); ++i) {
    column.refs[column.unresolved[i]] = refs[i];
    cache_.at(column.series[column.unresolved[i]]).ref = refs[i];
  }
  return Ok();
}

Status TargetWriter::AppendTimed(const SampleColumn& column, ScrapeOutcome& outcome) {
  if (column.series.empty()) return Ok();
  storage::Batch batch;
  batch.timestamps = column.timestamps;
  batch.series = column.refs;
  batch.values = column.values;
  std::vector<const model::FloatHistogram*> histograms = column.histograms;
  if (!histograms.empty()) {
    histograms.resize(column.series.size(), nullptr);
    batch.histograms = histograms;
  }
  const std::vector<model::TimestampMs> starts = StoredStarts(column.starts, column.series.size());
  batch.start_timestamps = starts;
  NARTHEX_ASSIGN_OR_RETURN(const storage::AppendOutcome appended, appender_.Append(batch));
  outcome.out_of_order_count += appended.out_of_order_count;
  outcome.duplicate_count += appended.duplicate_count;
  outcome.out_of_bounds_count += appended.out_of_bounds_count;
  // Resolved anew by the next scrape.
  for (const std::size_t i : appended.unknown_series) cache_.at(column.series[i]).ref = 0;
  return Ok();
}

std::vector<model::TimestampMs> TargetWriter::StoredStarts(
    const std::vector<model::TimestampMs>& starts, std::size_t count) const {
  if (starts.empty() || !rules_->features.stores_start_timestamps) return {};
  std::vector<model::TimestampMs> stored = starts;
  stored.resize(count, 0);
  return stored;
}

void TargetWriter::AddMarkers(Columns& columns, bool is_everything_gone) {
  const auto add = [&columns](storage::SeriesRef ref) {
    columns.refs.push_back(ref);
    columns.values.push_back(model::StaleNan());
  };
  static const model::FloatHistogram stale{.sum = model::StaleNan()};
  if (!retired_.empty()) {
    std::unordered_set<storage::SeriesRef> present(columns.refs.begin(), columns.refs.end());
    for (const Report& report : reports_) present.insert(report.ref);
    for (const storage::SeriesRef ref : retired_) {
      if (present.insert(ref).second) add(ref);
    }
  }
  for (const SeriesIndex index : cache_.order()) {
    const CachedSeries& series = cache_.at(index);
    const bool is_gone = is_everything_gone || series.last_scrape != scrape_;
    if (!is_gone || !series.is_tracked || series.ref == 0) continue;
    add(series.ref);
    if (!series.is_histogram) continue;
    columns.histograms.resize(columns.refs.size() - 1, nullptr);
    columns.histograms.push_back(&stale);
  }
}

Status TargetWriter::ResolveReports() {
  std::vector<model::LabelSet> unresolved;
  for (const Report& report : reports_) {
    if (report.ref == 0) unresolved.push_back(report.labels);
  }
  if (unresolved.empty()) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const std::vector<storage::SeriesRef> refs,
                           appender_.Resolve(group_, unresolved));
  auto next = refs.begin();
  for (Report& report : reports_) {
    if (report.ref == 0) report.ref = *next++;
  }
  return Ok();
}

void TargetWriter::AddReports(Columns& columns, const Fetched& fetched,
                              const ScrapeOutcome& outcome) {
  // Taken once for each scrape: a second attempt repeats the same bits.
  if (duration_seconds_ < 0) {
    duration_seconds_ = std::chrono::duration<double>(clock_.Monotonic() - fetched.started).count();
  }
  const double values[] = {outcome.status.ok() ? 1.0 : 0.0,
                           duration_seconds_,
                           static_cast<double>(outcome.scraped_count),
                           static_cast<double>(outcome.kept_count),
                           static_cast<double>(outcome.added_count),
                           std::chrono::duration<double>(rules_->config.scrape_timeout).count(),
                           static_cast<double>(rules_->config.limits.sample_limit),
                           BodySize(fetched, outcome)};
  for (std::size_t i = 0; i < reports_.size(); ++i) {
    columns.refs.push_back(reports_[i].ref);
    columns.values.push_back(values[i]);
  }
}

Result<TargetWriter::Appended> TargetWriter::Append(const Columns& columns, model::TimestampMs time,
                                                    ScrapeOutcome& outcome) {
  storage::Batch batch;
  batch.group = group_;
  batch.timestamp = time;
  batch.series = columns.refs;
  batch.values = columns.values;
  batch.exemplars = columns.exemplars;
  std::vector<const model::FloatHistogram*> histograms;
  if (!columns.histograms.empty()) {
    histograms = columns.histograms;
    histograms.resize(columns.refs.size(), nullptr);
    batch.histograms = histograms;
  }
  const std::vector<model::TimestampMs> starts = StoredStarts(columns.starts, columns.refs.size());
  batch.start_timestamps = starts;
  NARTHEX_ASSIGN_OR_RETURN(const storage::AppendOutcome appended, appender_.Append(batch));
  outcome.out_of_order_count += appended.out_of_order_count;
  outcome.duplicate_count += appended.duplicate_count;
  outcome.out_of_bounds_count += appended.out_of_bounds_count;
  outcome.exemplar_out_of_order_count += appended.exemplar_out_of_order_count;
  bool is_lost = false;
  for (const std::size_t i : appended.unknown_series) {
    if (i < columns.indexes.size()) {
      cache_.at(columns.indexes[i]).ref = 0;
      is_lost = true;
      continue;
    }
    for (Report& report : reports_) {
      if (report.ref != columns.refs[i]) continue;
      report.ref = 0;
      is_lost = true;
    }
  }
  return is_lost ? Appended::kSomeUnknown : Appended::kAll;
}

}  // namespace narthex::scrape
