#include "request_append.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "checked_labels.h"

namespace narthex::remote {
namespace {

// An answer that names every series of a large request helps nobody.
constexpr std::size_t kFaultsMax = 20;
// A series can be dropped while a request is on its way, not again and again.
constexpr int kAttemptsMax = 3;
constexpr std::string_view kTooFar = "out of bounds: timestamp is too far in the future";

std::uint32_t OriginOf(const model::LabelSet& labels) {
  return static_cast<std::uint32_t>(Hash64(labels.Get("instance"), Hash64(labels.Get("job"))));
}

bool HasRefusals(const storage::AppendOutcome& outcome) {
  return outcome.out_of_order_count + outcome.duplicate_count + outcome.out_of_bounds_count +
             outcome.too_old_count >
         0;
}

}  // namespace

storage::Batch RequestAppend::Part::AsBatch() const {
  storage::Batch batch;
  batch.group = group;
  batch.timestamp = timestamps.front();
  const bool has_one_time = std::ranges::all_of(
      timestamps, [&](model::TimestampMs time) { return time == timestamps.front(); });
  if (!has_one_time) batch.timestamps = timestamps;
  batch.series = series;
  batch.values = values;
  batch.histograms = histograms;
  batch.start_timestamps = start_timestamps;
  return batch;
}

void RequestAppend::Part::AddSamples(storage::SeriesRef ref, const WriteRequest& request,
                                     std::uint32_t begin, std::uint32_t end) {
  const auto copy = [&](auto& to, const auto& from) {
    if (from.empty()) return;
    if (end - begin == 1) {
      to.push_back(from[begin]);
    } else {
      to.insert(to.end(), from.begin() + begin, from.begin() + end);
    }
  };
  for (std::uint32_t i = begin; i < end; ++i) series.push_back(ref);
  copy(values, request.values);
  copy(timestamps, request.timestamps);
  copy(start_timestamps, request.start_timestamps);
}

RequestAppend::RequestAppend(const AppendParts& parts, const WriteRequest& request,
                             WriteMessage message)
    : parts_(parts), request_(request), message_(message) {}

void RequestAppend::AddFault(std::string text, std::size_t count) {
  if (outcome_.faults.size() < kFaultsMax) outcome_.faults.push_back(std::move(text));
  outcome_.fault_count += count;
}

std::string RequestAppend::Describe(std::uint32_t series_index) const {
  const auto labels = CheckedLabels(request_, request_.series[series_index].labels);
  return labels.ok() ? labels->ToString() : "{}";
}

Result<WriteOutcome> RequestAppend::Run() {
  CheckTimes();
  if (has_failed()) return std::move(outcome_);
  NARTHEX_TRY(FindSeries());
  if (!is_v1()) {
    CheckEmpty();
    CheckSampleTimes();
  }
  NARTHEX_TRY(AppendAll());
  CountWithoutMetadata();
  return std::move(outcome_);
}

// What can be refused without asking the store.
void RequestAppend::CheckTimes() {
  if (is_v1()) {
    const auto is_late = [this](model::TimestampMs time) { return time > parts_.latest; };
    if (std::ranges::any_of(request_.timestamps, is_late)) AddFault(std::string(kTooFar));
  }
  for (const SentHistogram& sent : request_.histograms) {
    if (!sent.validity.ok()) {
      AddFault(is_v1() ? sent.validity.error().message()
                       : fmt::format("{} for series {}", sent.validity.error().message(),
                                     Describe(sent.series_index)));
    } else if (sent.timestamp > parts_.latest) {
      AddFault(is_v1() ? std::string(kTooFar)
                       : fmt::format("{} for series {}", kTooFar, Describe(sent.series_index)));
    }
  }
}

Status RequestAppend::FindSeries() {
  std::vector<std::uint32_t> fresh;
  known_.resize(request_.series.size());
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    if (const auto known = parts_.cache.Find(request_.series[i].key)) {
      known_[i] = *known;
    } else {
      fresh.push_back(i);
    }
  }
  return fresh.empty() ? Ok() : ResolveFresh(fresh);
}

Status RequestAppend::ResolveFresh(const std::vector<std::uint32_t>& fresh) {
  std::unordered_map<std::uint32_t, storage::GroupRef> groups;  // by origin
  for (const KnownSeries& known : known_) {
    if (known.series != 0) groups.emplace(known.origin, known.group);
  }
  struct Target {
    std::vector<std::uint32_t> series_indexes;
    std::vector<model::LabelSet> labels;
  };
  std::map<std::uint32_t, Target> targets;  // by origin
  for (const std::uint32_t i : fresh) {
    Result<model::LabelSet> labels = CheckedLabels(request_, request_.series[i].labels);
    if (!labels.ok()) {
      NoteInvalid(i, labels.error());
      continue;
    }
    Target& target = targets[OriginOf(*labels)];
    target.series_indexes.push_back(i);
    target.labels.push_back(*std::move(labels));
  }
  for (const auto& [origin, target] : targets) {
    const auto group = groups.find(origin);
    KnownSeries known;
    known.group = group != groups.end() ? group->second : parts_.appender.NewGroup();
    known.origin = origin;
    NARTHEX_ASSIGN_OR_RETURN(const std::vector<storage::SeriesRef> refs,
                             parts_.appender.Resolve(known.group, target.labels));
    for (std::size_t n = 0; n < refs.size(); ++n) {
      const std::uint32_t i = target.series_indexes[n];
      known.series = refs[n];
      known_[i] = known;
      parts_.cache.Put(request_.series[i].key, known);
    }
  }
  return Ok();
}

void RequestAppend::NoteInvalid(std::uint32_t series_index, const Error& error) {
  const SentSeries& series = request_.series[series_index];
  outcome_.invalid_labels_count += series.sample_end - series.sample_begin + series.histogram_count;
  if (outcome_.invalid_labels_reason.empty()) outcome_.invalid_labels_reason = error.message();
  if (!is_v1()) AddFault(error.message());
}

void RequestAppend::CheckEmpty() {
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    const SentSeries& series = request_.series[i];
    if (known_[i].series == 0) continue;
    if (series.sample_begin != series.sample_end || series.histogram_count > 0) continue;
    AddFault(fmt::format("TimeSeries must contain at least one sample or histogram for series {}",
                         Describe(i)));
  }
}

void RequestAppend::CheckSampleTimes() {
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    if (known_[i].series == 0) continue;
    const SentSeries& series = request_.series[i];
    for (std::uint32_t n = series.sample_begin; n < series.sample_end; ++n) {
      if (request_.timestamps[n] <= parts_.latest) continue;
      AddFault(fmt::format("{} for series {}", kTooFar, Describe(i)));
    }
  }
}

RequestAppend::Part& RequestAppend::PartOf(std::vector<Part>& parts,
                                           storage::GroupRef group) const {
  // Series of a group mostly follow one another.
  if (!parts.empty() && parts.back().group == group) return parts.back();
  const auto found = std::ranges::find(parts, group, &Part::group);
  if (found != parts.end()) {
    std::swap(*found, parts.back());
    return parts.back();
  }
  Part& part = parts.emplace_back();
  part.group = group;
  return part;
}

std::vector<RequestAppend::Part> RequestAppend::SampleParts() const {
  std::vector<Part> parts;
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    const SentSeries& series = request_.series[i];
    if (known_[i].series == 0 || series.sample_begin == series.sample_end) continue;
    Part& part = PartOf(parts, known_[i].group);
    for (std::uint32_t begin = series.sample_begin; begin < series.sample_end;) {
      std::uint32_t end = begin;
      while (end < series.sample_end && request_.timestamps[end] <= parts_.latest) ++end;
      part.AddSamples(known_[i].series, request_, begin, end);
      begin = end + 1;
    }
  }
  std::erase_if(parts, [](const Part& part) { return part.series.empty(); });
  return parts;
}

std::vector<RequestAppend::Part> RequestAppend::HistogramParts() const {
  std::vector<Part> parts;
  const bool has_starts = std::ranges::any_of(
      request_.histograms, [](const SentHistogram& sent) { return sent.start_timestamp != 0; });
  for (const SentHistogram& sent : request_.histograms) {
    const KnownSeries& known = known_[sent.series_index];
    if (known.series == 0 || !sent.validity.ok() || sent.timestamp > parts_.latest) continue;
    Part& part = PartOf(parts, known.group);
    part.series.push_back(known.series);
    part.values.push_back(sent.histogram.sum);
    part.timestamps.push_back(sent.timestamp);
    part.histograms.push_back(&sent.histogram);
    if (has_starts) part.start_timestamps.push_back(sent.start_timestamp);
  }
  return parts;
}

void RequestAppend::CountWithoutMetadata() {
  if (is_v1()) {
    outcome_.without_metadata_count = outcome_.sample_count + outcome_.histogram_count;
    return;
  }
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    const SentSeries& series = request_.series[i];
    if (known_[i].series == 0 || series.has_metadata) continue;
    outcome_.without_metadata_count +=
        series.sample_end - series.sample_begin + series.histogram_count;
  }
}

RequestAppend::Parts RequestAppend::MakeParts() const {
  Parts parts{SampleParts(), HistogramParts(), Exemplars(), {}};
  for (const auto* some : {&parts.samples, &parts.histograms}) {
    for (const Part& part : *some) {
      parts.batches.push_back(part.AsBatch());
      parts.batches.back().is_all_or_nothing = is_v1();
    }
  }
  if (!parts.exemplars.empty()) {
    storage::Batch batch;
    batch.exemplars = parts.exemplars;
    parts.batches.push_back(batch);
  }
  return parts;
}

Status RequestAppend::AppendAll() {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const Parts parts = MakeParts();
    if (parts.batches.empty()) return Ok();
    NARTHEX_ASSIGN_OR_RETURN(const std::vector<storage::AppendOutcome> outcomes,
                             parts_.appender.AppendTogether(parts.batches));
    std::unordered_set<storage::SeriesRef> dropped;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      for (const std::size_t position : outcomes[i].unknown_series) {
        dropped.insert(parts.batches[i].series[position]);
      }
    }
    if (dropped.empty()) {
      NoteOutcomes(parts, outcomes);
      return Ok();
    }
    NARTHEX_TRY(ResolveAgain(dropped));
  }
  return Error{ErrorCode::kUnavailable, "the store keeps dropping series of the request"};
}

// In the order of the batches. Of 1.0 the first fault is the only one to be told.
void RequestAppend::NoteOutcomes(const Parts& parts,
                                 std::span<const storage::AppendOutcome> outcomes) {
  for (std::size_t i = 0; i < outcomes.size() && !has_failed(); ++i) {
    const storage::AppendOutcome& outcome = outcomes[i];
    const bool is_of_samples = i < parts.samples.size();
    (is_of_samples ? outcome_.sample_count : outcome_.histogram_count) += outcome.appended_count;
    outcome_.exemplar_count += outcome.exemplar_appended_count;
    outcome_.exemplar_out_of_order_count += outcome.exemplar_out_of_order_count;
    if (HasRefusals(outcome)) NoteRefused(parts.batches[i], outcome);
  }
  // Exemplars never fail a request of 1.0, and one of 2.0 only when they are out of order.
  const std::size_t refused_count = outcome_.exemplar_out_of_order_count;
  if (is_v1() || refused_count == 0) return;
  AddFault(fmt::format("out of order exemplar ({} of {} exemplars)", refused_count,
                       parts.exemplars.size()),
           refused_count);
}

void RequestAppend::NoteRefused(const storage::Batch& batch,
                                const storage::AppendOutcome& outcome) {
  const struct {
    std::string_view reason;
    std::size_t count;
  } all[] = {{"out of order sample", outcome.out_of_order_count},
             {"duplicate sample for timestamp", outcome.duplicate_count},
             {"out of bounds", outcome.out_of_bounds_count},
             {"too old sample", outcome.too_old_count}};
  const bool is_of_one_series = std::ranges::count(batch.series, batch.series.front()) ==
                                static_cast<std::ptrdiff_t>(batch.series.size());
  for (const auto& [reason, count] : all) {
    if (count == 0) continue;
    if (is_v1()) return AddFault(std::string(reason), count);
    if (is_of_one_series) {
      const auto series =
          std::ranges::find(known_, batch.series.front(), &KnownSeries::series) - known_.begin();
      AddFault(
          fmt::format("{} for series {}", reason, Describe(static_cast<std::uint32_t>(series))),
          count);
    } else {
      AddFault(fmt::format("{} ({} of {} samples)", reason, count, batch.series.size()), count);
    }
  }
}

// The store has dropped these series.
Status RequestAppend::ResolveAgain(const std::unordered_set<storage::SeriesRef>& dropped) {
  struct Renewed {
    std::vector<std::uint32_t> series_indexes;
    std::vector<model::LabelSet> labels;
  };
  std::map<storage::GroupRef, Renewed> groups;
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    if (!dropped.contains(known_[i].series)) continue;
    NARTHEX_ASSIGN_OR_RETURN(model::LabelSet set,
                             CheckedLabels(request_, request_.series[i].labels));
    Renewed& renewed = groups[known_[i].group];
    renewed.series_indexes.push_back(i);
    renewed.labels.push_back(std::move(set));
  }
  for (const auto& [group, renewed] : groups) {
    NARTHEX_ASSIGN_OR_RETURN(const std::vector<storage::SeriesRef> refs,
                             parts_.appender.Resolve(group, renewed.labels));
    for (std::size_t n = 0; n < refs.size(); ++n) {
      const std::uint32_t i = renewed.series_indexes[n];
      known_[i].series = refs[n];
      parts_.cache.Put(request_.series[i].key, known_[i]);
    }
  }
  return Ok();
}

std::vector<storage::SeriesExemplar> RequestAppend::Exemplars() const {
  std::vector<storage::SeriesExemplar> exemplars;
  if (!parts_.keeps_exemplars) return exemplars;
  for (const SentExemplar& sent : request_.exemplars) {
    const KnownSeries& known = known_[sent.series_index];
    if (known.series == 0 || sent.timestamp > parts_.latest) continue;
    std::optional<model::LabelSet> labels = ExemplarLabels(request_, sent.labels);
    if (!labels) continue;
    exemplars.push_back({known.series, {*std::move(labels), sent.value, sent.timestamp}});
  }
  return exemplars;
}

}  // namespace narthex::remote
