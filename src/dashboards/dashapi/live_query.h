// A query that is asked again whenever there may be new samples, and when that is.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/client.h"
#include "json/writer.h"
#include "series_answer.h"
#include "step.h"

namespace narthex::dashapi {

struct LiveQuery {
  std::string key;        // equal for queries with equal answers: those are asked once
  milliseconds step{0};   // between samples; of an instant query, between answers
  milliseconds phase{0};  // samples are at multiples of the step plus this
  bool is_range = true;
  // The request for the samples of [from, to], or for the instant `to`.
  // Errors: kFailedPrecondition  never again; others: not this time
  std::function<Result<http::ClientRequest>(TimestampMs from, TimestampMs to)> request;
  // Writes the data frames into an open array.
  std::function<void(json::Writer&, const SeriesAnswer&)> write_frames;
};

struct LiveSpan {
  TimestampMs from = 0;
  TimestampMs to = 0;
  bool has_gap = false;  // samples before `from` were never told
  friend bool operator==(const LiveSpan&, const LiveSpan&) = default;
};

// Samples reach the other server a moment after their time: it scrapes, then it stores.
inline constexpr milliseconds kLiveDelay(500);
// However small the step, a server is asked no more often.
inline constexpr milliseconds kLivePeriodMin(1000);
// Behind so many steps (a server was away, the machine slept) viewers load the whole anew.
inline constexpr int kLiveStepCountMax = 100;

// The first moment after `now` at which there is something to ask.
TimestampMs NextLiveTime(const LiveQuery& query, TimestampMs now);

// The last sample that was there to ask for before `now`.
TimestampMs LastLiveTime(const LiveQuery& query, TimestampMs now);

// What to ask at `now`, after the samples up to `told` were told: those since then, and that one
// again, since it may have been asked for before its last scrape had come.
LiveSpan LiveSpanAt(const LiveQuery& query, TimestampMs now, TimestampMs told);

}  // namespace narthex::dashapi
