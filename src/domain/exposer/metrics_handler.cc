#include "exposer/metrics_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "exposition/negotiation.h"
#include "exposition/writer.h"
#include "late_answers.h"

namespace narthex::exposer {
namespace {

constexpr std::string_view kNameParameter = "name[]";

// The name of the sample that `line` holds: `name`, `name{...}` or `{"name",...}`.
std::string_view SampleName(std::string_view line) {
  if (line.starts_with("{\"")) {
    line.remove_prefix(2);
    return line.substr(0, line.find('"'));
  }
  return line.substr(0, line.find_first_of("{ "));
}

// Of the lines of one family those of the samples named, with its metadata if there are any.
std::string KeepNamed(std::string_view family, const std::vector<std::string_view>& names) {
  std::string metadata;
  std::string samples;
  while (!family.empty()) {
    const std::size_t size = std::min(family.find('\n'), family.size() - 1) + 1;
    const std::string_view line = family.substr(0, size);
    family.remove_prefix(size);
    if (line.starts_with('#')) {
      metadata += line;
    } else if (std::find(names.begin(), names.end(), SampleName(line)) != names.end()) {
      samples += line;
    }
  }
  return samples.empty() ? std::string() : metadata + samples;
}

// Whether one of the samples named would be among those of `family`; a message is not divided.
bool HasNamed(const exposition::MetricFamily& family, const std::vector<std::string_view>& names) {
  return std::any_of(names.begin(), names.end(), [&family](std::string_view name) {
    if (!name.starts_with(family.name)) return false;
    name.remove_prefix(family.name.size());
    if (name.empty()) return true;
    const bool is_histogram = family.type == model::MetricType::kHistogram ||
                              family.type == model::MetricType::kGaugeHistogram;
    const bool has_parts = is_histogram || family.type == model::MetricType::kSummary;
    return (has_parts && (name == "_sum" || name == "_count")) ||
           (is_histogram && name == "_bucket");
  });
}

http::Response Expose(const client::Registry& registry, const http::Request& request) {
  const auto negotiated =
      exposition::Negotiate(request.headers.Get("Accept"), {.offers_open_metrics_2 = true});
  const auto names = request.query.GetAll(kNameParameter);

  http::Response response;
  response.headers.Set("Content-Type", negotiated.content_type);
  registry.Gather([&](const exposition::MetricFamily& family) {
    if (names.empty()) {
      exposition::WriteFamily(response.body, family, negotiated.write);
      return;
    }
    std::string written;
    exposition::WriteFamily(written, family, negotiated.write);
    if (negotiated.write.format != exposition::Format::kProtobuf) {
      response.body += KeepNamed(written, names);
    } else if (HasNamed(family, names)) {
      response.body += written;
    }
  });
  exposition::WriteEnd(response.body, negotiated.write.format);
  return response;
}

class MetricsEndpoint {
 public:
  MetricsEndpoint(client::Registry& registry, MetricsOptions options)
      : registry_(registry),
        options_(options),
        requests_(registry.NewCounter({.name = "promhttp_metric_handler_requests_total",
                                       .help = "Total number of scrapes by HTTP status code.",
                                       .unit = "",
                                       .label_names = {"code"}})),
        in_flight_(registry
                       .NewGauge({.name = "promhttp_metric_handler_requests_in_flight",
                                  .help = "Current number of scrapes being served.",
                                  .unit = "",
                                  .label_names = {}})
                       .With()) {
    // From 0 on, so that rates see the first scrape.
    requests_.With({"200"});
    requests_.With({"500"});
    requests_.With({"503"});
  }

  http::Response Answer(const http::Request& request) {
    if (request.method == http::Method::kOptions) {
      http::Response response;
      response.headers.Set("Allow", "OPTIONS,GET");
      return response;
    }
    if (request.method != http::Method::kGet && request.method != http::Method::kHead) {
      auto response =
          http::Response::Text(405, "# HTTP 405 Method Not Allowed; use OPTIONS or GET\n");
      response.headers.Set("Allow", "OPTIONS,GET");
      return response;
    }
    const client::InProgress in_progress(in_flight_);
    http::Response response = AnswerScrape(request);
    requests_.With({std::to_string(response.status)}).Increment();
    return response;
  }

 private:
  http::Response AnswerScrape(const http::Request& request) {
    // Acquire and release are not needed: the number alone decides.
    if (scrape_count_.fetch_add(1, std::memory_order_relaxed) >= options_.scrape_count_max) {
      scrape_count_.fetch_sub(1, std::memory_order_relaxed);
      return http::Response::Text(503, "Limit of concurrent scrapes reached, try again later.\n");
    }
    if (options_.timeout.count() == 0) return ExposeAndLeave(request);
    auto response =
        late_answers_.Await([this, request] { return ExposeAndLeave(request); }, options_.timeout);
    if (response) return *std::move(response);
    return http::Response::Text(
        503, fmt::format("Exceeded configured timeout of {} ms.\n", options_.timeout.count()));
  }

  http::Response ExposeAndLeave(const http::Request& request) {
    http::Response response = ExposeOrTell(request);
    scrape_count_.fetch_sub(1, std::memory_order_relaxed);
    return response;
  }

  // Collectors' faults end at the registry; what is left is memory.
  http::Response ExposeOrTell(const http::Request& request) {
    try {
      return Expose(registry_, request);
    } catch (const std::exception& fault) {
      LogError("exposer", "a scrape failed", {{"reason", fault.what()}});
      return http::Response::Text(500, "An error has occurred while serving metrics.\n");
    }
  }

  client::Registry& registry_;
  const MetricsOptions options_;
  client::Family<client::Counter>& requests_;
  client::Gauge& in_flight_;
  std::atomic<std::size_t> scrape_count_{0};
  LateAnswers late_answers_;  // last: its end waits for tasks that use the others
};

}  // namespace

http::Handler MetricsHandler(client::Registry& registry, MetricsOptions options) {
  // Shared, because a handler is copied.
  auto endpoint = std::make_shared<MetricsEndpoint>(registry, options);
  return [endpoint](const http::Request& request) { return endpoint->Answer(request); };
}

void AddMetricsRoutes(http::Router& router, std::string_view path, const http::Handler& handler) {
  for (const http::Method method :
       {http::Method::kGet, http::Method::kOptions, http::Method::kPost, http::Method::kPut,
        http::Method::kPatch, http::Method::kDelete, http::Method::kOther}) {
    router.Handle(method, path, handler);
  }
}

void AddExposerRoutes(http::Router& router) {
  router.Get(
      "/-/healthy", [](const http::Request&) { return http::Response::Text(200, "Healthy.\n"); },
      http::RunOn::kInline);
  router.Get(
      "/favicon.ico", [](const http::Request&) { return http::Response::Text(200, ""); },
      http::RunOn::kInline);
}

}  // namespace narthex::exposer
