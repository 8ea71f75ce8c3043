#include "exposer/remote_writer.h"

#include <fmt/format.h>
#include <snappy.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "base/number.h"
#include "exposition/metric_family.h"
#include "model/labels.h"
#include "write_request.h"

namespace narthex::exposer {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Of what a receiver says about a refusal: a sentence, not a page.
constexpr std::size_t kReasonSizeBytesMax = 512;

std::string_view Reason(std::string_view body) {
  body = body.substr(0, kReasonSizeBytesMax);
  while (body.ends_with('\n')) body.remove_suffix(1);
  return body;
}

// Longer pauses than that are not believed.
constexpr std::chrono::seconds kRetryAfterMax{300};

milliseconds RetryAfter(const http::Headers& headers) {
  // A date in its place is rare, and the usual pause will do then.
  const auto seconds = ParseUint64(headers.Get("Retry-After"));
  if (!seconds) return milliseconds(0);
  return std::chrono::seconds(
      std::min(*seconds, static_cast<std::uint64_t>(kRetryAfterMax.count())));
}

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Status Check(const RemoteWriterOptions& options) {
  if (options.url.empty()) return Invalid("the URL of remote write is empty");
  if (options.interval.count() <= 0 || options.timeout.count() <= 0 ||
      options.backoff_min.count() <= 0 || options.backoff_max < options.backoff_min ||
      options.samples_per_request_max == 0) {
    return Invalid("the times and limits of remote write must be above 0");
  }
  for (const auto& [name, value] : options.external_labels) {
    if (!model::IsValidLabelName(name, model::NameValidation::kUtf8) || name.starts_with("__")) {
      return Invalid(fmt::format("external label {} is malformed", model::Quote(name)));
    }
  }
  return Ok();
}

client::Counter& NewCounter(client::Registry& registry, std::string name, std::string help) {
  return registry.NewCounter({.name = std::move(name), .help = std::move(help)}).With();
}

class WriterThread final : public RemoteWriter {
 public:
  WriterThread(Parts parts, RemoteWriterOptions options)
      : parts_(parts),
        options_(std::move(options)),
        samples_(NewCounter(parts.registry, "metrics_push_samples_total",
                            "Samples that a receiver of remote write took.")),
        failed_samples_(NewCounter(parts.registry, "metrics_push_failed_samples_total",
                                   "Samples that no receiver of remote write took.")),
        retries_(NewCounter(parts.registry, "metrics_push_retries_total",
                            "Requests of remote write that were sent again.")),
        version_(options_.version) {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  ~WriterThread() override {
    stop_.request_stop();
    thread_.request_stop();
    thread_.join();
    LogIfFailed(PushAll({}, nanoseconds(0)));
  }

  Status Push() override { return PushAll(stop_.get_token(), options_.interval); }

 private:
  void Run(const std::stop_token& stop) {
    nanoseconds next = parts_.clock.Monotonic() + options_.interval;
    while (parts_.clock.WaitUntil(next, stop)) {
      LogIfFailed(Push());
      // Pushes that took longer are not made up for.
      next = std::max(next + options_.interval, parts_.clock.Monotonic());
    }
  }

  static void LogIfFailed(const Status& status) {
    if (status.ok() || status.code() == ErrorCode::kCanceled) return;
    LogWarn("exposer", "metrics could not be pushed", {{"reason", status.error().message()}});
  }

  // Attempts for `patience`; the first is made in any case. All requests share it.
  Status PushAll(const std::stop_token& stop, nanoseconds patience) EXCLUDES(push_mutex_) {
    // One push at a time, so that samples come in order.
    MutexLock lock(push_mutex_);
    const nanoseconds deadline = parts_.clock.Monotonic() + patience;
    const std::vector<exposition::MetricFamily> families = parts_.registry.Gather();
    const TimestampMs now = parts_.clock.Now();
    Status outcome = PushFamilies(families, now, {stop, deadline});
    if (outcome.code() != ErrorCode::kUnsupported) return outcome;
    LogInfo("exposer", "the receiver does not know remote write 2.0, it gets 1.0",
            {{"reason", outcome.error().message()}});
    version_.store(RemoteWriteVersion::k1, std::memory_order_relaxed);
    return PushFamilies(families, now, {stop, deadline});
  }

  struct Until {
    std::stop_token stop;
    nanoseconds deadline;
  };

  Status PushFamilies(const std::vector<exposition::MetricFamily>& families, TimestampMs now,
                      const Until& until) {
    const RemoteWriteVersion version = version_.load(std::memory_order_relaxed);
    const std::vector<WriteRequestBody> bodies = EncodeWriteRequests(
        families, {.version = version,
                   .external_labels = options_.external_labels,
                   .now = now,
                   .samples_per_request_max = options_.samples_per_request_max});
    Status first_failure;
    for (const WriteRequestBody& body : bodies) {
      Status sent = SendUntilTaken(NewRequest(body, version, until.stop), until);
      if (sent.code() == ErrorCode::kUnsupported) return sent;
      (sent.ok() ? samples_ : failed_samples_).Increment(static_cast<double>(body.sample_count));
      if (!sent.ok() && first_failure.ok()) first_failure = std::move(sent);
    }
    return first_failure;
  }

  http::ClientRequest NewRequest(const WriteRequestBody& body, RemoteWriteVersion version,
                                 const std::stop_token& stop) const {
    const bool is_v1 = version == RemoteWriteVersion::k1;
    http::ClientRequest request;
    request.method = "POST";
    request.url = options_.url;
    request.headers = options_.headers;
    request.headers.Set("Content-Encoding", "snappy");
    request.headers.Set("Content-Type",
                        is_v1 ? "application/x-protobuf"
                              : "application/x-protobuf;proto=io.prometheus.write.v2.Request");
    request.headers.Set("X-Prometheus-Remote-Write-Version", is_v1 ? "0.1.0" : "2.0.0");
    snappy::Compress(body.bytes.data(), body.bytes.size(), &request.body);
    request.timeout = options_.timeout;
    // A redirected POST would become a GET.
    request.follows_redirects = false;
    request.basic_auth = options_.basic_auth;
    request.bearer_token = options_.bearer_token;
    request.tls = options_.tls;
    request.canceled = stop;
    return request;
  }

  Status SendUntilTaken(const http::ClientRequest& request, const Until& until) {
    milliseconds pause = options_.backoff_min;
    while (true) {
      const Attempt attempt = Send(request);
      if (!attempt.may_be_repeated) return attempt.status;
      const nanoseconds next = parts_.clock.Monotonic() + std::max(pause, attempt.least_pause);
      if (next > until.deadline) return attempt.status;
      if (!parts_.clock.WaitUntil(next, until.stop)) {
        return Error{ErrorCode::kCanceled, "the writer ends"};
      }
      retries_.Increment();
      pause = std::min(pause * 2, options_.backoff_max);
    }
  }

  struct Attempt {
    Status status;
    bool may_be_repeated = false;
    milliseconds least_pause{0};
  };

  Attempt Send(const http::ClientRequest& request) {
    const auto answer = parts_.client.FetchAndWait(request);
    if (!answer.ok()) {
      const bool is_passing =
          answer.code() == ErrorCode::kUnavailable || answer.code() == ErrorCode::kDeadlineExceeded;
      if (!is_passing) return {answer.error()};
      return {Error{ErrorCode::kUnavailable, answer.error().message()}, true};
    }
    if (answer->status / 100 == 2) return {Ok()};
    const std::string what =
        fmt::format("remote write: status {}: {}", answer->status, Reason(answer->body));
    if (answer->status == 429 || answer->status / 100 == 5) {
      return {Error{ErrorCode::kUnavailable, what}, true, RetryAfter(answer->headers)};
    }
    const bool is_unknown_message =
        answer->status == 415 && version_.load(std::memory_order_relaxed) == RemoteWriteVersion::k2;
    return {
        Error{is_unknown_message ? ErrorCode::kUnsupported : ErrorCode::kInvalidArgument, what}};
  }

  const Parts parts_;
  const RemoteWriterOptions options_;
  client::Counter& samples_;
  client::Counter& failed_samples_;
  client::Counter& retries_;
  std::stop_source stop_;  // of pushes, whoever asked for them
  // Changes under push_mutex_; relaxed order suffices: it guards nothing else.
  std::atomic<RemoteWriteVersion> version_;
  // Held over a whole push: that is what it is for.
  Mutex push_mutex_;
  std::jthread thread_;
};

}  // namespace

Result<std::unique_ptr<RemoteWriter>> RemoteWriter::Start(Parts parts,
                                                          RemoteWriterOptions options) {
  NARTHEX_TRY(Check(options));
  return std::make_unique<WriterThread>(parts, std::move(options));
}

}  // namespace narthex::exposer
