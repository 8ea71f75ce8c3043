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

Fetched Judge(const JobRules& rules, const Target& target,
              const Result<http::ClientResponse>& response) {
  Fetched fetched;
  if (!response.ok()) {
    fetched.is_body_limit_exceeded = response.code() == ErrorCode::kResourceExhausted;
    fetched.status = fetched.is_body_limit_exceeded ? BodyTooLarge(rules) : response.error();
    return fetched;
  }
  if (response->status != 200) {
    fetched.status = Error{ErrorCode::kUnavailable,
                           fmt::format("server returned HTTP status {} {}", response->status,
                                       http::StatusText(response->status))};
    return fetched;
  }
  fetched.body = response->body;
  // An empty body is an empty scrape, whatever it calls itself.
  if (response->body.empty()) return fetched;
  const Result<exposition::FormatChoice> format = FormatOfAnswer(rules.config, *response);
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
  auto flight = std::make_shared<Flight>();
  {
    MutexLock lock(mutex_);
    if (epoch != epoch_) return;
    const nanoseconds now = services_.clock.Monotonic();
    const bool is_busy = is_in_flight_;
    flight->time = AlignedTime();
    flight->started = now;
    // Ticks that were missed are left out.
    do {
      due_ += target_->interval;
      aligned_ += target_->interval.count();
    } while (due_ <= now);
    ScheduleTick();
    if (is_busy) return;

    is_in_flight_ = true;
    has_started_ = true;
    flight->rules = rules_;
    flight->target = target_;
    flight->forced_error = forced_error_;
    flight->is_reconfigured = std::exchange(is_reconfigured_, false);
    if (last_tick_.count() >= 0) {
      services_.metrics.interval_length.With({model::FormatDuration(target_->interval)})
          .Observe(std::chrono::duration<double>(now - last_tick_).count());
    }
    last_tick_ = now;
  }
  Fetch(std::move(flight));
}

void Loop::Fetch(std::shared_ptr<Flight> flight) {
  if (!flight->forced_error.empty()) {
    const std::string reason = flight->forced_error;
    return Submit(std::move(flight), Error{ErrorCode::kFailedPrecondition, reason});
  }
  Result<http::ClientRequest> request = MakeRequest(*flight->rules, *flight->target);
  if (!request.ok()) return Submit(std::move(flight), std::move(request).error());
  request->canceled = services_.canceled;
  services_.client.Fetch(*std::move(request), [self = shared_from_this(),
                                               flight](Result<http::ClientResponse> response) {
    self->Submit(flight, std::move(response));
  });
}

void Loop::Submit(std::shared_ptr<Flight> flight, Result<http::ClientResponse> response) {
  auto shared = std::make_shared<Result<http::ClientResponse>>(std::move(response));
  const Status submitted =
      services_.workers.Submit([self = shared_from_this(), flight = std::move(flight), shared] {
        self->Write(*flight, *shared);
      });
  if (submitted.ok()) return;
  if (submitted.code() != ErrorCode::kCanceled) {
    LogError("scrape", "Scrape dropped: too many wait to be parsed",
             {{"error", submitted.error().message()}});
  }
  Finish();
}

void Loop::Write(const Flight& flight, const Result<http::ClientResponse>& response) {
  if (services_.canceled.stop_requested()) return Finish();
  Fetched fetched = Judge(*flight.rules, *flight.target, response);
  fetched.started = flight.started;
  if (flight.is_reconfigured) {
    writer_.Configure(flight.rules, flight.target->labels);
  } else {
    writer_.SetRules(flight.rules);
  }
  if (fetched.is_body_limit_exceeded) services_.metrics.exceeded_body_size.Increment();
  Note(flight, writer_.WriteScrape(fetched, flight.time));
}

void Loop::Note(const Flight& flight, const ScrapeOutcome& outcome) {
  Metrics& metrics = services_.metrics;
  metrics.sample_duplicate.Increment(static_cast<double>(outcome.duplicate_count));
  metrics.sample_out_of_bounds.Increment(static_cast<double>(outcome.out_of_bounds_count));
  metrics.sample_out_of_order.Increment(static_cast<double>(outcome.out_of_order_count));
  metrics.exemplar_out_of_order.Increment(static_cast<double>(outcome.exemplar_out_of_order_count));
  const std::string error = outcome.status.ok() ? "" : outcome.status.error().message();
  if (error == "sample limit exceeded") metrics.exceeded_sample_limit.Increment();
  if (error.starts_with("label_")) metrics.exceeded_label_limits.Increment();
  for (const auto& [count, what] :
       {std::pair(outcome.out_of_order_count, "Error on ingesting out-of-order samples"),
        std::pair(outcome.duplicate_count,
                  "Error on ingesting samples with different value but same timestamp"),
        std::pair(outcome.out_of_bounds_count,
                  "Error on ingesting samples that are too old or are too far into the future")}) {
    if (count > 0)
      LogWarn("scrape", what,
              {{"scrape_pool", flight.rules->config.job_name},
               {"target", flight.target->url},
               {"num_dropped", count}});
  }

  bool is_news = false;
  {
    MutexLock lock(mutex_);
    is_news = !error.empty() && error != last_error_;
    health_ = error.empty() ? Health::kUp : Health::kDown;
    last_error_ = error;
    last_scrape_ = flight.time;
    last_duration_ = services_.clock.Monotonic() - flight.started;
    is_in_flight_ = false;
  }
  // A target that stays down says so once for each reason, not each interval.
  if (is_news)
    LogWarn("scrape", "Scrape failed",
            {{"scrape_pool", flight.rules->config.job_name},
             {"target", flight.target->url},
             {"error", error}});
}

void Loop::Finish() {
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
