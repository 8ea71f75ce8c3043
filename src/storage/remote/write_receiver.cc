#include "remote/write_receiver.h"

#include <fmt/format.h>
#include <snappy.h>

#include <memory>
#include <random>

#include "base/log.h"
#include "request_append.h"
#include "series_cache.h"
#include "write_content.h"
#include "write_request.h"

namespace narthex::remote {
namespace {

// How far a sender's clock may be ahead. Source: Prometheus, maxAheadTime.
constexpr model::TimestampMs kAheadMaxMs = 10 * 60 * 1000;

struct Text {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;

  std::string_view view() const { return {bytes.get(), size}; }
};

Result<Text> Uncompress(std::string_view body, std::size_t size_bytes_max) {
  Text text;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &text.size)) {
    return Error{ErrorCode::kInvalidArgument, "snappy: corrupt input"};
  }
  if (text.size > size_bytes_max) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("the request is larger than {} bytes", size_bytes_max)};
  }
  text.bytes = std::make_unique_for_overwrite<char[]>(text.size);
  if (!snappy::RawUncompress(body.data(), body.size(), text.bytes.get())) {
    return Error{ErrorCode::kInvalidArgument, "snappy: corrupt input"};
  }
  return text;
}

http::Response Refusal(int status, std::string_view message) {
  http::Response response = http::Response::Text(status, fmt::format("{}\n", message));
  response.headers.Set("X-Content-Type-Options", "nosniff");
  return response;
}

int StatusOf(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kUnsupported:
      return 415;
    case ErrorCode::kResourceExhausted:
      return 413;
    default:
      return 400;
  }
}

std::string Joined(const WriteOutcome& outcome) {
  std::string text;
  for (const std::string& fault : outcome.faults) {
    text += text.empty() ? "" : "\n";
    text += fault;
  }
  return text;
}

void SetWritten(http::Response& response, const WriteOutcome& outcome) {
  const std::pair<std::string_view, std::size_t> written[] = {
      {"Samples", outcome.sample_count},
      {"Histograms", outcome.histogram_count},
      {"Exemplars", outcome.exemplar_count}};
  for (const auto& [kind, count] : written) {
    response.headers.Set(fmt::format("X-Prometheus-Remote-Write-{}-Written", kind),
                         std::to_string(count));
  }
}

client::Counter& NewCounter(client::Registry& registry, std::string name, std::string help) {
  return registry
      .NewCounter({.name = std::move(name), .help = std::move(help), .unit = {}, .label_names = {}})
      .With();
}

}  // namespace

struct WriteReceiver::State {
  State(const Parts& with, const WriteReceiverOptions& chosen)
      : parts(with),
        options(chosen),
        // Keys are this process's own, so that no sender can know which label sets collide.
        limits{chosen.series_count_max, chosen.sample_count_max,
               std::uint64_t{std::random_device{}()} << 32 | std::random_device{}()},
        cache(chosen.known_series_count_max),
        invalid_labels(NewCounter(parts.registry,
                                  "prometheus_api_remote_write_invalid_labels_samples_total",
                                  "Total number of samples received by remote write and left out "
                                  "for the labels of their series.")),
        without_metadata(NewCounter(
            parts.registry, "prometheus_api_remote_write_without_metadata_appended_samples_total",
            "Total number of samples received by remote write that came without "
            "metadata.")),
        limited(NewCounter(parts.registry, "narthex_remote_write_limited_requests_total",
                           "Total number of remote write requests refused for a limit.")),
        known_series(parts.registry.NewGaugeCallback(
            {.name = "narthex_remote_write_known_series",
             .help = "Series of remote write whose labels need not be parsed.",
             .unit = {},
             .label_names = {}},
            [this] { return static_cast<double>(cache.size()); })) {}

  Status Accept(WriteMessage message) const {
    const bool is_accepted = message == WriteMessage::kV1 ? options.accepts_v1 : options.accepts_v2;
    if (is_accepted) return Ok();
    return Error{ErrorCode::kUnsupported,
                 fmt::format("{} protobuf message is not accepted by this server",
                             WriteMessageName(message))};
  }
  http::Response Refuse(const Error& error);
  http::Response Report(const WriteOutcome& outcome, WriteMessage message);

  const Parts parts;
  const WriteReceiverOptions options;
  const DecodeLimits limits;
  SeriesCache cache;
  client::Counter& invalid_labels;
  client::Counter& without_metadata;
  client::Counter& limited;
  client::Registration known_series;
};

http::Response WriteReceiver::State::Refuse(const Error& error) {
  if (error.code() == ErrorCode::kResourceExhausted) limited.Increment();
  LogWarn("remote", "a remote write request was refused", {{"err", error.message()}});
  return Refusal(StatusOf(error), error.message());
}

http::Response WriteReceiver::State::Report(const WriteOutcome& outcome, WriteMessage message) {
  invalid_labels.Increment(static_cast<double>(outcome.invalid_labels_count));
  without_metadata.Increment(static_cast<double>(outcome.without_metadata_count));
  if (outcome.invalid_labels_count > 0) {
    LogWarn("remote", "samples of remote write were left out",
            {{"count", outcome.invalid_labels_count}, {"reason", outcome.invalid_labels_reason}});
  }
  if (outcome.exemplar_out_of_order_count > 0) {
    LogWarn("remote", "exemplars of remote write were left out",
            {{"count", outcome.exemplar_out_of_order_count}, {"reason", "out of order exemplar"}});
  }
  http::Response response;
  response.status = 204;
  if (outcome.fault_count > 0) {
    LogWarn("remote", "samples of remote write were refused",
            {{"count", outcome.fault_count}, {"reason", outcome.faults.front()}});
    response = Refusal(400, Joined(outcome));
  }
  if (message == WriteMessage::kV2) SetWritten(response, outcome);
  return response;
}

WriteReceiver::WriteReceiver(Parts parts, WriteReceiverOptions options)
    : state_(std::make_unique<State>(parts, options)) {}

WriteReceiver::~WriteReceiver() = default;

http::Response WriteReceiver::Answer(const http::Request& request) {
  State& state = *state_;
  const Result<WriteMessage> message = ParseContentType(request.headers.Get("Content-Type"));
  if (!message.ok()) return state.Refuse(message.error());
  const Status accepted = state.Accept(*message);
  if (!accepted.ok()) return state.Refuse(accepted.error());
  const Status encoding = CheckContentEncoding(request.content_encoding());
  if (!encoding.ok()) return state.Refuse(encoding.error());

  const Result<Text> text = Uncompress(request.body, state.options.decoded_size_bytes_max);
  if (!text.ok()) return state.Refuse(text.error());
  const Result<WriteRequest> decoded = *message == WriteMessage::kV1
                                           ? DecodeV1(text->view(), state.limits)
                                           : DecodeV2(text->view(), state.limits);
  if (!decoded.ok()) return state.Refuse(decoded.error());

  const AppendParts parts{.appender = state.parts.appender,
                          .cache = state.cache,
                          .latest = state.parts.clock.Now() + kAheadMaxMs,
                          .keeps_exemplars = state.options.keeps_exemplars};
  const Result<WriteOutcome> outcome = RequestAppend(parts, *decoded, *message).Run();
  if (!outcome.ok()) {
    LogError("remote", "remote write failed", {{"err", outcome.error().message()}});
    http::Response response = Refusal(500, outcome.error().message());
    if (*message == WriteMessage::kV2) SetWritten(response, {});
    return response;
  }
  return state.Report(*outcome, *message);
}

}  // namespace narthex::remote
