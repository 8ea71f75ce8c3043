#include "loop.h"

#include <fmt/format.h>

#include "base/log.h"
#include "config/size.h"
#include "model/duration.h"
#include "request.h"

namespace narthex::scrape {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Whether both give the same series: then what is known of the lines stays good.
bool GivesSameSeries(const JobRules& a, const JobRules& b) {
  config::ScrapeConfig left = a.config;
  left.scrape_interval = b.config.scrape_interval;
  left.scrape_timeout = b.config.scrape_timeout;
  left.limits.sample_limit = b.config.limits.sample_limit;
  left.limits.body_size_limit = b.config.limits.body_size_limit;
  left.limits.target_limit = b.config.limits.target_limit;
  left.limits.keep_dropped_targets = b.config.limits.keep_dropped_targets;
  left.http = b.config.http;
  left.static_configs = b.config.static_configs;
  left.file_sd_configs = b.config.file_sd_configs;
  left.relabel_configs = b.config.relabel_configs;
  return left == b.config;
}

Error BodyTooLarge(const JobRules& rules) {
  const std::uint64_t limit = rules.config.limits.body_size_limit;
  if (limit > 0) return {ErrorCode::kResourceExhausted, "body size limit exceeded"};
  return {
      ErrorCode::kResourceExhausted,
      fmt::format(
          "body size limit exceeded: the body is larger than {}; body_size_limit can allow more",
          config::FormatSize(kBodySizeBytesMax))};
}

Fetched Judge(const JobRules& rules, const Target& target, const Result<http::AnswerView>& answer) {
  Fetched fetched;
  if (!answer.ok()) {
    fetched.is_body_limit_exceeded = answer.code() == ErrorCode::kResourceExhausted;
    fetched.status = fetched.is_body_limit_exceeded ? BodyTooLarge(rules) : answer.error();
    return fetched;
  }
  if (answer->status != 200) {
    fetched.status = Error{ErrorCode::kUnavailable,
                           fmt::format("server returned HTTP status {} {}", answer->status,
                                       http::StatusText(answer->status))};
    return fetched;
  }
  fetched.body = answer->body;
  // An empty body is an empty scrape, whatever it calls itself.
  if (answer->body.empty()) return fetched;
  const Result<exposition::FormatChoice> format =
      FormatOfAnswer(rules.config, answer->content_type);
  if (!format.ok()) {
    fetched.status = format.error();
    return fetched;
  }
  if (!format->warning.empty()) LogDebug("scrape", format->warning, {{"target", target.url}});
  fetched.format = format->format;
  return fetched;
}

}  // namespace

Loop::Loop(const LoopServices& services, std::shared_ptr<const JobRules> rules,
           std::shared_ptr<const Target> target)
    : services_(services),
      writer_(services.appender, services.clock, metadata_),
      rules_(std::move(rules)),
      target_(std::move(target)) {}

void Loop::Start() {
  MutexLock lock(mutex_);
  ScheduleFirst();
}

void Loop::ScheduleFirst() {
  const milliseconds interval = target_->interval;
  const auto slot = static_cast<std::int64_t>((target_->identity ^ services_.seed) %
                                              static_cast<std::uint64_t>(interval.count()));
  const model::TimestampMs now = services_.clock.Now();
  // The first time from now on that is `slot` behind a multiple of the interval; Now() may be
  // negative.
  const std::int64_t phase = ((now % interval.count()) + interval.count()) % interval.count();
  const std::int64_t wait = (slot - phase + interval.count()) % interval.count();
  aligned_ = now + wait;
  due_ = services_.clock.Monotonic() + milliseconds(wait);
  ++epoch_;
  interval_length_ =
      &services_.metrics.interval_length.With({model::FormatDuration(target_->interval)});
  ScheduleTick();
}

void Loop::ScheduleTick() {
  services_.scheduler.At(due_, [weak = weak_from_this(), epoch = epoch_] {
    if (const std::shared_ptr<Loop> self = weak.lock()) self->Tick(epoch);
  });
}

void Loop::Update(std::shared_ptr<const JobRules> rules, std::shared_ptr<const Target> target,
                  std::string forced_error) {
  MutexLock lock(mutex_);
  const bool is_new_interval = target->interval != target_->interval;
  if (rules != rules_ && !GivesSameSeries(*rules_, *rules)) is_reconfigured_ = true;
  if (target->histograms != target_->histograms) is_reconfigured_ = true;
  rules_ = std::move(rules);
  target_ = std::move(target);
  forced_error_ = std::move(forced_error);
  if (is_new_interval) ScheduleFirst();
}

void Loop::End() {
  MutexLock lock(mutex_);
  ++epoch_;
  if (!has_started_) return;
  const nanoseconds interval = target_->interval;
  const model::TimestampMs time = aligned_;
  services_.scheduler.At(due_ + interval + interval / 10,
                         [self = shared_from_this(), time] { self->WriteEnd(time); });
}

TargetState Loop::state() const {
  MutexLock lock(mutex_);
  return {rules_->config.job_name, target_, health_, last_error_, last_scrape_, last_duration_};
}

model::TimestampMs Loop::AlignedTime() {
  const milliseconds interval = target_->interval;
  const model::TimestampMs now = services_.clock.Now();
  while (now - aligned_ >= interval.count()) aligned_ += interval.count();
  // Even steps cost fewer bits in the store than the truth to the millisecond. Source: spec 3.1,
  // SCR-006.
  const std::int64_t tolerance = std::min<std::int64_t>(2, interval.count() / 100);
  return std::abs(now - aligned_) <= tolerance ? aligned_ : now;
}

void Loop::Tick(std::uint64_t epoch) {
  {
    MutexLock lock(mutex_);
    if (epoch != epoch_) return;
    const nanoseconds now = services_.clock.Monotonic();
    const model::TimestampMs time = AlignedTime();
    // Ticks that were missed are left out.
    do {
      due_ += target_->interval;
      aligned_ += target_->interval.count();
    } while (due_ <= now);
    ScheduleTick();
    if (is_in_flight_) return;

    is_in_flight_ = true;
    has_started_ = true;
    flight_ = {shared_from_this(),
               rules_,
               target_,
               forced_error_,
               std::exchange(is_reconfigured_, false),
               time,
               now};
    if (last_tick_.count() >= 0) {
      interval_length_->Observe(std::chrono::duration<double>(now - last_tick_).count());
    }
    last_tick_ = now;
  }
  Fetch();
}

void Loop::Fetch() {
  if (!flight_.forced_error.empty()) {
    return Submit(Error{ErrorCode::kFailedPrecondition, flight_.forced_error});
  }
  if (ReadsFiles(flight_.rules->config.http)) return FetchOnce();
  if (Status set = SetSource(); !set.ok()) return Submit(std::move(set).error());
  source_.get->Start();
}

Status Loop::SetSource() {
  const Target& target = *flight_.target;
  const bool is_set = source_.rules == flight_.rules && source_.url == target.url &&
                      source_.timeout == target.timeout;
  if (is_set) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(http::ClientRequest request, MakeRequest(*flight_.rules, target));
  // A flight keeps its loop, and answers come in flights only.
  source_ = {
      flight_.rules, target.url, target.timeout,
      services_.client.Repeat(std::move(request),
                              [this](const Result<http::AnswerView>& answer) { Write(answer); })};
  return Ok();
}

void Loop::FetchOnce() {
  Result<http::ClientRequest> request = MakeRequest(*flight_.rules, *flight_.target);
  if (!request.ok()) return Submit(std::move(request).error());
  request->canceled = services_.canceled;
  services_.client.Fetch(*std::move(request), [this](Result<http::ClientResponse> response) {
    Submit(std::move(response));
  });
}

void Loop::Submit(Result<http::ClientResponse> response) {
  auto shared = std::make_shared<Result<http::ClientResponse>>(std::move(response));
  const Status submitted = services_.workers.Submit([this, shared] {
    if (!shared->ok()) return Write(shared->error());
    const http::ClientResponse& answer = **shared;
    Write(http::AnswerView{answer.status, answer.headers.Get("Content-Type"), answer.body});
  });
  if (submitted.ok()) return;
  if (submitted.code() != ErrorCode::kCanceled) {
    LogError("scrape", "Scrape dropped: too many wait to be parsed",
             {{"error", submitted.error().message()}});
  }
  Finish();
}

void Loop::Write(const Result<http::AnswerView>& answer) {
  // Of the loop there may be nothing left but this flight.
  const std::shared_ptr<Loop> self = std::move(flight_.self);
  if (services_.canceled.stop_requested()) return Finish();
  Fetched fetched = Judge(*flight_.rules, *flight_.target, answer);
  fetched.started = flight_.started;
  if (flight_.is_reconfigured) {
    writer_.Configure(flight_.rules, flight_.target);
  } else {
    writer_.SetRules(flight_.rules);
  }
  if (fetched.is_body_limit_exceeded) services_.metrics.exceeded_body_size.Increment();
  Note(writer_.WriteScrape(fetched, flight_.time));
}

void Loop::Count(const ScrapeOutcome& outcome) {
  Metrics& metrics = services_.metrics;
  metrics.sample_duplicate.Increment(static_cast<double>(outcome.duplicate_count));
  metrics.sample_out_of_bounds.Increment(static_cast<double>(outcome.out_of_bounds_count));
  metrics.sample_out_of_order.Increment(static_cast<double>(outcome.out_of_order_count));
  metrics.exemplar_out_of_order.Increment(static_cast<double>(outcome.exemplar_out_of_order_count));
  for (const auto& [count, what] :
       {std::pair(outcome.out_of_order_count, "Error on ingesting out-of-order samples"),
        std::pair(outcome.duplicate_count,
                  "Error on ingesting samples with different value but same timestamp"),
        std::pair(outcome.out_of_bounds_count,
                  "Error on ingesting samples that are too old or are too far into the future")}) {
    if (count > 0)
      LogWarn("scrape", what,
              {{"scrape_pool", flight_.rules->config.job_name},
               {"target", flight_.target->url},
               {"num_dropped", count}});
  }
}

void Loop::Note(const ScrapeOutcome& outcome) {
  Count(outcome);
  const std::string error = outcome.status.ok() ? "" : outcome.status.error().message();
  if (error == "sample limit exceeded") services_.metrics.exceeded_sample_limit.Increment();
  if (error.starts_with("label_")) services_.metrics.exceeded_label_limits.Increment();
  // A target that stays down says so once for each reason, not each interval.
  if (!error.empty() && error != noted_error_)
    LogWarn("scrape", "Scrape failed",
            {{"scrape_pool", flight_.rules->config.job_name},
             {"target", flight_.target->url},
             {"error", error}});
  noted_error_ = error;
  const nanoseconds duration = services_.clock.Monotonic() - flight_.started;
  MutexLock lock(mutex_);
  health_ = error.empty() ? Health::kUp : Health::kDown;
  last_error_ = error;
  last_scrape_ = flight_.time;
  last_duration_ = duration;
  is_in_flight_ = false;
}

void Loop::Finish() {
  const std::shared_ptr<Loop> self = std::move(flight_.self);
  MutexLock lock(mutex_);
  is_in_flight_ = false;
}

void Loop::WriteEnd(model::TimestampMs time) {
  {
    MutexLock lock(mutex_);
    if (is_in_flight_) {
      // The last scrape has not ended: its samples come first.
      services_.scheduler.At(services_.clock.Monotonic() + target_->interval / 10,
                             [self = shared_from_this(), time] { self->WriteEnd(time); });
      return;
    }
    is_in_flight_ = true;
  }
  const Status submitted = services_.workers.Submit([self = shared_from_this(), time] {
    if (!self->services_.canceled.stop_requested()) self->writer_.WriteEnd(time);
    self->Finish();
  });
  if (!submitted.ok()) Finish();
}

}  // namespace narthex::scrape
