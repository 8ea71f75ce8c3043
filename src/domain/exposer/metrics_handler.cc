#include "exposer/metrics_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "exposition/negotiation.h"
#include "exposition/writer.h"
#include "late_answers.h"

namespace narthex::exposer {
namespace {

constexpr std::string_view kNameParameter = "name[]";
// Pages of usual size are made at once: who reads slowly takes no place among the scrapes.
constexpr std::size_t kBacklogSizeBytesMax = 4u << 20;

// The name of the sample that `line` holds: `name`, `name{...}` or `{"name",...}`.
std::string_view SampleName(std::string_view line) {
  if (line.starts_with("{\"")) {
    line.remove_prefix(2);
    return line.substr(0, line.find('"'));
  }
  return line.substr(0, line.find_first_of("{ "));
}

// Keeps of the lines of families those of the samples named, with the metadata of those that have
// any.
class NamedLines {
 public:
  explicit NamedLines(const std::vector<std::string>& names) : names_(names) {}

  // `lines` are those of a family, or of a part of one.
  void Append(std::string& out, std::string_view lines, exposition::FamilyPart part) {
    if (part.is_first) metadata_.clear();
    while (!lines.empty()) {
      const std::size_t size = std::min(lines.find('\n'), lines.size() - 1) + 1;
      const std::string_view line = lines.substr(0, size);
      lines.remove_prefix(size);
      if (line.starts_with('#')) {
        metadata_ += line;
      } else if (std::find(names_.begin(), names_.end(), SampleName(line)) != names_.end()) {
        out += std::exchange(metadata_, {});
        out += line;
      }
    }
  }

 private:
  const std::vector<std::string>& names_;
  std::string metadata_;  // of the family, until a sample of it is kept
};

// Whether one of the samples named would be among those of `family`; a message is not divided.
bool HasNamed(const exposition::MetricFamily& family, const std::vector<std::string>& names) {
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

// One answer to a scrape, written while it is read.
class Page {
 public:
  Page(const client::Registry& registry, exposition::WriteOptions options,
       std::vector<std::string> names)
      : registry_(registry), options_(options), names_(std::move(names)) {}

  Status Write(http::BodyWriter& body) const {
    exposition::FamilyWriter writer(options_);
    NamedLines named(names_);
    std::string written;
    Status status = Ok();
    registry_.GatherParts([&](const exposition::MetricFamily& family, exposition::FamilyPart part) {
      written.clear();
      WritePart(writer, named, written, family, part);
      status = body.Write(written);
      return status.ok();
    });
    if (!status.ok()) return status;
    written.clear();
    writer.WriteEnd(written);
    return body.Write(written);
  }

 private:
  void WritePart(exposition::FamilyWriter& writer, NamedLines& named, std::string& out,
                 const exposition::MetricFamily& family, exposition::FamilyPart part) const {
    if (names_.empty()) {
      writer.Write(out, family, part);
    } else if (options_.format == exposition::Format::kProtobuf) {
      if (HasNamed(family, names_)) writer.Write(out, family, part);
    } else {
      std::string lines;
      writer.Write(lines, family, part);
      named.Append(out, lines, part);
    }
  }

  const client::Registry& registry_;
  const exposition::WriteOptions options_;
  const std::vector<std::string> names_;
};

// Counts a scrape as under way as long as it lives, and as served when it ends.
class ScrapePlace {
 public:
  struct Counts {
    std::atomic<std::size_t>& under_way;
    client::Gauge& in_flight;
    client::Counter* served;  // null: counted elsewhere
  };

  // `owner` is whose they are, or null if it waits for the scrape itself.
  ScrapePlace(std::shared_ptr<const void> owner, Counts counts)
      : owner_(std::move(owner)), counts_(counts), in_flight_(counts.in_flight) {}
  ~ScrapePlace() {
    if (counts_.served != nullptr) counts_.served->Increment();
    counts_.under_way.fetch_sub(1, std::memory_order_relaxed);
  }
  ScrapePlace(const ScrapePlace&) = delete;
  ScrapePlace& operator=(const ScrapePlace&) = delete;

 private:
  const std::shared_ptr<const void> owner_;  // may have ended but for the answers under way
  const Counts counts_;
  const client::InProgress in_flight_;
};

class MetricsEndpoint : public std::enable_shared_from_this<MetricsEndpoint> {
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
    // Acquire and release are not needed: the number alone decides.
    if (scrape_count_.fetch_add(1, std::memory_order_relaxed) < options_.scrape_count_max) {
      return AnswerScrape(request);
    }
    scrape_count_.fetch_sub(1, std::memory_order_relaxed);
    requests_.With({"503"}).Increment();
    return http::Response::Text(503, "Limit of concurrent scrapes reached, try again later.\n");
  }

 private:
  http::Response AnswerScrape(const http::Request& request) {
    if (options_.timeout.count() == 0) {
      const ScrapePlace::Counts counts{scrape_count_, in_flight_, &requests_.With({"200"})};
      return Scrape(request, std::make_shared<ScrapePlace>(shared_from_this(), counts));
    }
    auto in_time =
        late_answers_.Await([this, request] { return ScrapeWhole(request); }, options_.timeout);
    http::Response response =
        in_time ? *std::move(in_time)
                : http::Response::Text(503, fmt::format("Exceeded configured timeout of {} ms.\n",
                                                        options_.timeout.count()));
    requests_.With({std::to_string(response.status)}).Increment();
    return response;
  }

  // `place` is shared, because a stream is copied; it ends with it.
  http::Response Scrape(const http::Request& request, std::shared_ptr<ScrapePlace> place) {
    const auto negotiated =
        exposition::Negotiate(request.headers.Get("Accept"), {.offers_open_metrics_2 = true});
    const auto names = request.query.GetAll(kNameParameter);
    const Page page(registry_, negotiated.write, {names.begin(), names.end()});
    http::Response response;
    response.headers.Set("Content-Type", negotiated.content_type);
    response.stream_backlog_bytes_max = kBacklogSizeBytesMax;
    response.stream = [page, place = std::move(place)](http::BodyWriter& body) {
      return page.Write(body);
    };
    return response;
  }

  // Collectors' faults end at the registry; what is left is memory.
  http::Response ScrapeWhole(const http::Request& request) {
    try {
      const ScrapePlace::Counts counts{scrape_count_, in_flight_, nullptr};
      return WithWholeBody(Scrape(request, std::make_shared<ScrapePlace>(nullptr, counts)));
    } catch (const std::exception& fault) {
      LogError("exposer", "a scrape failed", {{"reason", fault.what()}});
      return http::Response::Text(500, "An error has occurred while serving metrics.\n");
    }
  }

  client::Registry& registry_;
  const MetricsOptions options_;
  client::Family<client::Counter>& requests_;
  client::Gauge& in_flight_;
  std::atomic<std::size_t> scrape_count_{0};  // under way
  LateAnswers late_answers_;                  // last: its end waits for tasks that use the others
};

}  // namespace

http::Response WithWholeBody(http::Response response) {
  class Whole : public http::BodyWriter {
   public:
    explicit Whole(std::string& body) : body_(body) {}
    Status Write(std::string_view bytes) override {
      body_ += bytes;
      return Ok();
    }

   private:
    std::string& body_;
  };
  if (response.stream == nullptr) return response;
  Whole whole(response.body);
  const Status status = std::exchange(response.stream, nullptr)(whole);
  if (!status.ok()) return http::Response::Text(500, status.error().message());
  return response;
}

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
