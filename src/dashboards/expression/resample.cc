#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "commands.h"
#include "reducers.h"

namespace narthex::expression {
namespace {

// What a time gets that no sample is near.
enum class Filling { kLast, kNext, kNull };

struct Resampling {
  std::string input;
  TimestampMs from = 0;
  TimestampMs to = 0;
  std::int64_t window_ms = 0;
  Reducer reducer = nullptr;  // of the samples within one window
  Filling filling = Filling::kNull;
};

std::optional<double> Fill(Filling filling, const Value& series, std::size_t next) {
  if (filling == Filling::kLast && next > 0) return series.values[next - 1];
  if (filling == Filling::kNext && next < series.values.size()) return series.values[next];
  return std::nullopt;
}

Value Resample(const Resampling& resampling, const Value& series) {
  Value result{ValueKind::kSeries, series.labels, {}, {}};
  std::size_t next = 0;
  for (TimestampMs at = resampling.from; at <= resampling.to; at += resampling.window_ms) {
    const std::size_t begin = next;
    while (next < series.timestamps.size() && series.timestamps[next] <= at) ++next;
    result.timestamps.push_back(at);
    result.values.push_back(
        next == begin ? Fill(resampling.filling, series, next)
                      : resampling.reducer(Samples(series.values).subspan(begin, next - begin)));
  }
  return result;
}

Result<ValueSet> Run(const Resampling& resampling, const Inputs& inputs) {
  const ValueSet& input = InputNamed(inputs, resampling.input);
  const std::int64_t count = (resampling.to - resampling.from) / resampling.window_ms + 1;
  if (static_cast<std::uint64_t>(count) * input.values.size() > kSampleCountMax) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("{} series of {} samples are too many; {} samples are the most",
                             input.values.size(), count, kSampleCountMax));
  }
  ValueSet set;
  for (const Value& value : input.values) {
    if (value.kind == ValueKind::kNoData) return ValueSet{{value}, {}};
    if (value.kind != ValueKind::kSeries) return OnlySeries("resample", value.kind);
    set.values.push_back(Resample(resampling, value));
  }
  return set;
}

Status ReadFilling(std::string_view upsampler, Filling& filling) {
  if (upsampler == "pad") {
    filling = Filling::kLast;
  } else if (upsampler == "backfilling") {
    filling = Filling::kNext;
  } else if (upsampler != "fillna") {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("there is no upsampler '{}'; there are pad, backfilling and fillna",
                             upsampler));
  }
  return Ok();
}

}  // namespace

Result<Command> ReadResample(const json::Value& query, const QueryTimes& times) {
  Resampling resampling;
  NARTHEX_ASSIGN_OR_RETURN(resampling.input, ReadInputName(query));
  if (!times.window) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("\"window\" has to be a duration such as 10s, and is '{}'",
                             query["window"].AsString()));
  }
  resampling.from = times.from;
  resampling.to = times.to;
  resampling.window_ms = times.window->count();
  if (resampling.window_ms <= 0 || resampling.to - resampling.from < resampling.window_ms) {
    return Error(ErrorCode::kInvalidArgument,
                 "the series cannot be sampled further: the time range is shorter than the window");
  }
  const std::string_view downsampler = query["downsampler"].AsString();
  resampling.reducer = FindReducer(downsampler);
  if (resampling.reducer == nullptr) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("there is no downsampler '{}'", downsampler));
  }
  NARTHEX_TRY(ReadFilling(query["upsampler"].AsString(), resampling.filling));
  return Command{{resampling.input},
                 [resampling](const Inputs& inputs) { return Run(resampling, inputs); }};
}

}  // namespace narthex::expression
