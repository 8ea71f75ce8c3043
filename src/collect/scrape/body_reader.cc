#include "body_reader.h"

#include <algorithm>

#include "exposition/value.h"
#include "histogram_limits.h"
#include "model/exemplar_length.h"

namespace narthex::scrape {
namespace {

// Samples further ahead of the scrape than this are refused. Source: spec 3.5, SCR-024.
constexpr model::TimestampMs kFutureMaxMs = 10 * 60 * 1000;
// Room for the series about the scrape, which go behind the samples.
constexpr std::size_t kReportCountMax = 8;

// Whether it is settled what becomes of the series.
bool IsKnown(const CachedSeries& series) { return series.ref != 0 || series.is_dropped; }

}  // namespace

Status BodyReader::Read(const BodyInput& input) {
  const std::size_t known_count = cache_.order().size();
  samples_.shared.series.reserve(known_count);
  samples_.shared.refs.reserve(known_count + kReportCountMax);
  samples_.shared.values.reserve(known_count + kReportCountMax);
  exposition::Parser parser(input.body, input.format, options_);
  metadata_.Begin();
  // Where histograms are converted no line is known again.
  follows_created_ = options_.reads_created && !options_.converts_classic &&
                     input.format == exposition::Format::kOpenMetrics;
  trusts_known_ = !follows_created_ || input.trusts_known_starts;
  cache_.starts().Begin();
  while (true) {
    TakeExpectedLines(parser, input);
    NARTHEX_ASSIGN_OR_RETURN(const bool is_known, TryKnown(parser, input));
    if (is_known) continue;
    const std::string_view line = parser.PeekLine();
    const std::size_t line_end = parser.offset() + line.size() + 1;
    NARTHEX_ASSIGN_OR_RETURN(const exposition::EntryKind kind, Parse(parser, input));
    if (NoteOutdatedStarts(!cache_.starts().is_changed())) return Ok();
    if (kind == exposition::EntryKind::kEnd) break;
    if (kind == exposition::EntryKind::kSeries || kind == exposition::EntryKind::kHistogram) {
      NARTHEX_TRY(TakeParsed(parser, input));
      continue;
    }
    TakeMetadata(parser.entry());
    // Empty lines before, and newlines in quotes, make an entry more than a line.
    if (line.starts_with('#') && parser.offset() == line_end) LearnLine(line, parser.entry());
  }
  if (NoteOutdatedStarts(cache_.starts().IsAsBefore())) return Ok();
  SettleOrder();
  if (IsWithinSampleLimit()) return Ok();
  return Error{ErrorCode::kResourceExhausted, "sample limit exceeded"};
}

// The next entry. Lines with _created are none, but are kept to know them again.
Result<exposition::EntryKind> BodyReader::Parse(exposition::Parser& parser,
                                                const BodyInput& input) {
  const std::size_t begin = parser.offset();
  NARTHEX_ASSIGN_OR_RETURN(const exposition::EntryKind kind, parser.Next());
  if (follows_created_) {
    cache_.starts().Take(input.body.substr(begin, parser.entry_offset() - begin));
  }
  return kind;
}

bool BodyReader::NoteOutdatedStarts(bool are_as_before) {
  if (!follows_created_ || are_as_before) return false;
  trusts_known_ = false;
  has_outdated_starts_ = has_known_starts_;
  return has_outdated_starts_;
}

model::TimestampMs BodyReader::KnownStart(SeriesIndex index) {
  if (!follows_created_) return 0;
  has_known_starts_ = true;
  return cache_.starts().at(index);
}

bool BodyReader::IsWithinSampleLimit() const {
  const std::uint64_t limit = rules_.config.limits.sample_limit;
  return limit == 0 || samples_.kept_count <= limit;
}

void BodyReader::TakeExpectedLines(exposition::Parser& parser, const BodyInput& input) {
  if (!trusts_known_) return;
  const std::vector<SeriesIndex>& order = cache_.order();
  const std::string_view rest = parser.rest();
  std::size_t at = 0;
  while (expected_ < order.size()) {
    const std::size_t newline = rest.find('\n', at);
    if (newline == std::string_view::npos) break;
    const std::string_view line = rest.substr(at, newline - at);
    if (line.empty() || line.front() == '#') break;
    const SeriesIndex index = order[expected_];
    const CachedSeries& series = cache_.at(index);
    const std::size_t series_size = line.rfind(' ');
    if (!IsKnown(series) || series_size == std::string_view::npos ||
        KeyOf(line.substr(0, series_size)) != series.key) {
      if (!follows_created_ || !cache_.starts().TakeKnown(line)) break;
      at = newline + 1;
      continue;
    }
    const auto value = exposition::ParsePlainValue(line.substr(series_size + 1));
    if (!value) break;
    TakeKnown(index, {.value = *value, .start = KnownStart(index)}, input);
    ++expected_;
    at = newline + 1;
  }
  if (at > 0) parser.SkipSamples(at);
}

Result<bool> BodyReader::TryKnown(exposition::Parser& parser, const BodyInput& input) {
  const std::string_view line = parser.PeekLine();
  if (line.empty()) return false;
  if (line.front() == '#') return TryKnownMetadata(parser, line);
  const std::vector<SeriesIndex>& order = cache_.order();
  if (!trusts_known_ || expected_ >= order.size()) return false;
  const SeriesIndex index = order[expected_];
  const CachedSeries& series = cache_.at(index);
  const std::size_t series_size = line.rfind(' ');
  // What is equal to a series text up to the last blank is that series, with a value only behind
  // it: no series text ends within another one's line.
  if (!IsKnown(series) || series_size == std::string_view::npos ||
      KeyOf(line.substr(0, series_size)) != series.key || !parser.NextIfKnown(line, series_size)) {
    return false;
  }
  ++expected_;
  TakeKnown(index, {.value = parser.entry().value, .start = KnownStart(index)}, input);
  return true;
}

Result<bool> BodyReader::TryKnownMetadata(exposition::Parser& parser, std::string_view line) {
  const MetadataCache::KnownLine* known = metadata_.TakeKnown(KeyOf(line));
  if (known == nullptr) return false;
  // The parser needs to know the family, for _created lines and for labels of type and unit.
  if ((options_.reads_created || options_.with_type_and_unit) && !line.starts_with("# HELP")) {
    NARTHEX_TRY(parser.Next());
    return true;
  }
  parser.SkipLine(line, known->type);
  return true;
}

void BodyReader::LearnLine(std::string_view line, const exposition::Entry& entry) {
  if (entry.kind == exposition::EntryKind::kComment) return metadata_.LearnComment(KeyOf(line));
  std::optional<model::MetricType> type;
  if (entry.kind == exposition::EntryKind::kType) type = entry.type;
  metadata_.Learn(KeyOf(line), type);
}

void BodyReader::TakeMetadata(const exposition::Entry& entry) {
  switch (entry.kind) {
    case exposition::EntryKind::kType:
      return metadata_.SetType(entry.metric, entry.type);
    case exposition::EntryKind::kHelp:
      return metadata_.SetHelp(entry.metric, entry.text);
    case exposition::EntryKind::kUnit:
      return metadata_.SetUnit(entry.metric, entry.text);
    default:
      return;
  }
}

void BodyReader::TakeKnown(SeriesIndex index, const Reading& reading, const BodyInput& input) {
  ++samples_.scraped_count;
  if (!cache_.at(index).is_dropped) return Keep(index, reading, input, nullptr);
  cache_.at(index).last_scrape = input.scrape;
  AddToOrder(index);
}

Status BodyReader::TakeParsed(exposition::Parser& parser, const BodyInput& input) {
  ++samples_.scraped_count;
  const exposition::Entry& entry = parser.entry();
  Reading reading{.value = entry.value,
                  .timestamp = entry.timestamp,
                  .start = entry.start_timestamp.value_or(0)};
  if (entry.histogram != nullptr) {
    NARTHEX_ASSIGN_OR_RETURN(reading.histogram, TakeHistogram(*entry.histogram));
  }
  const TextKey key = KeyOf(entry.series);
  const std::optional<SeriesIndex> found = cache_.Find(key);
  if (found) {
    const CachedSeries& series = cache_.at(*found);
    const bool was_in_order =
        series.position < cache_.order().size() && cache_.order()[series.position] == *found;
    if (was_in_order) expected_ = series.position + 1;
    if (IsKnown(series)) {
      if (follows_created_) cache_.starts().Set(*found, reading.start);
      --samples_.scraped_count;
      TakeKnown(*found, reading, input);
      TakeExemplar(parser, *found, input);
      return Ok();
    }
  }

  const SeriesIndex index = found ? *found : cache_.Add(key);
  if (follows_created_) cache_.starts().Set(index, reading.start);
  NARTHEX_ASSIGN_OR_RETURN(const model::LabelSet sample, parser.Labels());
  NARTHEX_ASSIGN_OR_RETURN(const std::optional<model::LabelSet> labels,
                           SeriesLabels(rules_, target_.labels, sample));
  if (!labels) {
    cache_.at(index).is_dropped = true;
    cache_.at(index).last_scrape = input.scrape;
    AddToOrder(index);
    return Ok();
  }
  Keep(index, reading, input, &*labels);
  TakeExemplar(parser, index, input);
  return Ok();
}

void BodyReader::TakeExemplar(const exposition::Parser& parser, SeriesIndex index,
                              const BodyInput& input) {
  if (!parser.entry().has_exemplar || !rules_.features.keeps_exemplars) return;
  // A sample that is not kept takes its exemplar along.
  if (cache_.at(index).is_dropped || cache_.at(index).last_scrape != input.scrape) return;
  std::vector<exposition::Exemplar> exemplars = parser.GetExemplars();
  for (exposition::Exemplar& exemplar : exemplars) {
    if (model::ExemplarLength(exemplar.labels) > model::kExemplarLengthMax) continue;
    samples_.exemplars.push_back(
        {index,
         {std::move(exemplar.labels), exemplar.value, exemplar.timestamp.value_or(input.time)}});
  }
}

Result<const model::FloatHistogram*> BodyReader::TakeHistogram(const model::FloatHistogram& read) {
  NARTHEX_ASSIGN_OR_RETURN(model::FloatHistogram limited, LimitHistogram(read, target_.histograms));
  samples_.histograms.push_back(std::move(limited));
  return &samples_.histograms.back();
}

void BodyReader::Keep(SeriesIndex index, const Reading& reading, const BodyInput& input,
                      const model::LabelSet* labels) {
  CachedSeries& series = cache_.at(index);
  ++samples_.kept_count;
  // Beyond the limit lines are only counted.
  if (!IsWithinSampleLimit()) return;
  const bool has_time = reading.timestamp.has_value() && rules_.config.honor_timestamps;
  const bool is_repeat = series.last_scrape == input.scrape;
  if (is_repeat && !has_time) {
    ++samples_.duplicate_count;
    return;
  }
  if (has_time && *reading.timestamp > input.time + kFutureMaxMs) {
    ++samples_.out_of_bounds_count;
    return;
  }

  SampleColumn& column = has_time ? samples_.timed : samples_.shared;
  if (labels != nullptr) {
    column.unresolved.push_back(column.series.size());
    column.unresolved_labels.push_back(*labels);
    ++samples_.added_count;
  }
  column.series.push_back(index);
  column.refs.push_back(series.ref);
  column.values.push_back(reading.value);
  if (reading.histogram != nullptr) {
    column.histograms.resize(column.series.size() - 1, nullptr);
    column.histograms.push_back(reading.histogram);
  }
  if (reading.start != 0) {
    column.starts.resize(column.series.size() - 1, 0);
    column.starts.push_back(reading.start);
  }
  series.is_histogram = reading.histogram != nullptr;
  if (has_time) column.timestamps.push_back(*reading.timestamp);
  if (!is_repeat) AddToOrder(index);
  series.last_scrape = input.scrape;
  series.is_tracked = !has_time || rules_.config.track_timestamps_staleness;
}

void BodyReader::AddToOrder(SeriesIndex index) {
  const std::vector<SeriesIndex>& before = cache_.order();
  if (!is_reordered_) {
    if (same_count_ < before.size() && before[same_count_] == index) {
      ++same_count_;
      return;
    }
    is_reordered_ = true;
    order_.reserve(before.size());
    order_.assign(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(same_count_));
  }
  order_.push_back(index);
}

void BodyReader::SettleOrder() {
  const std::vector<SeriesIndex>& before = cache_.order();
  if (!is_reordered_ && same_count_ == before.size()) return;
  if (!is_reordered_) {
    order_.assign(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(same_count_));
  }
  samples_.new_order = std::move(order_);
}

}  // namespace narthex::scrape
