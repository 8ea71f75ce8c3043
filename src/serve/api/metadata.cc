// metadata, targets/metadata: type, help and unit of metrics as the targets tell them.
#include <fmt/format.h>

#include "answer.h"
#include "base/number.h"
#include "encode.h"
#include "handlers.h"
#include "params.h"
#include "promql/parser.h"
#include "scrape/manager.h"

namespace narthex::api {
namespace {

using Families = std::map<std::string, std::vector<model::Metadata>>;

void WriteMetadata(json::Writer& writer, const model::Metadata& metadata) {
  json::Field(writer, "type", model::MetricTypeText(metadata.type));
  json::Field(writer, "help", metadata.help);
  json::Field(writer, "unit", metadata.unit);
}

// What the targets say of each metric, nothing twice, within both limits.
Families Collect(const std::vector<scrape::TargetMetadata>& all, std::int64_t limit,
                 std::int64_t limit_per_metric) {
  Families families;
  for (const scrape::TargetMetadata& one : all) {
    auto found = families.find(one.metric);
    if (found == families.end()) {
      if (limit >= 0 && std::ssize(families) >= limit) continue;
      found = families.emplace(one.metric, std::vector<model::Metadata>()).first;
    }
    std::vector<model::Metadata>& known = found->second;
    // Upstream takes 0 for no limit here, unlike above.
    if (limit_per_metric > 0 && std::ssize(known) >= limit_per_metric) continue;
    if (std::find(known.begin(), known.end(), one.metadata) == known.end())
      known.push_back(one.metadata);
  }
  return families;
}

// Below 0: no limit, which is what stands for one that is not given.
Result<std::int64_t> MetadataLimit(const http::Parameters& parameters, std::string_view name) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return std::int64_t{-1};
  const std::optional<std::int64_t> limit = ParseInt64(text);
  if (!limit) return Error{ErrorCode::kInvalidArgument, fmt::format("{} must be a number", name)};
  return *limit;
}

http::Response Metadata(const Backend& backend, const http::Request& request) {
  const Result<std::int64_t> limit = MetadataLimit(request.query, "limit");
  if (!limit.ok()) return Failure(ErrorType::kBadData, limit.error().message());
  const Result<std::int64_t> limit_per_metric = MetadataLimit(request.query, "limit_per_metric");
  if (!limit_per_metric.ok())
    return Failure(ErrorType::kBadData, limit_per_metric.error().message());
  Families families =
      Collect(backend.scrape().metadata(request.query.Get("metric")), *limit, *limit_per_metric);
  const auto shared = std::make_shared<const Families>(std::move(families));
  return Success([shared](json::Writer& writer) {
    writer.BeginObject();
    for (const auto& [metric, known] : *shared) {
      writer.Key(metric);
      writer.BeginArray();
      for (const model::Metadata& metadata : known) {
        writer.BeginObject();
        WriteMetadata(writer, metadata);
        writer.EndObject();
      }
      writer.EndArray();
    }
    writer.EndObject();
  });
}

http::Response TargetsMetadata(const Backend& backend, const http::Request& request) {
  const Result<std::int64_t> limit = MetadataLimit(request.query, "limit");
  if (!limit.ok()) return Failure(ErrorType::kBadData, limit.error().message());
  std::vector<model::Matcher> matchers;
  if (const std::string_view text = request.query.Get("match_target"); !text.empty()) {
    Result<std::vector<model::Matcher>> parsed = promql::ParseMetricSelector(text);
    if (!parsed.ok()) return BadParameter("match_target", parsed.error().message());
    matchers = *std::move(parsed);
  }
  const std::string metric(request.query.Get("metric"));
  std::vector<scrape::TargetMetadata> all = backend.scrape().metadata(metric);
  std::erase_if(all, [&](const scrape::TargetMetadata& one) {
    return !model::MatchesAll(matchers, one.target->labels);
  });
  if (*limit >= 0 && std::ssize(all) > *limit) all.resize(static_cast<std::size_t>(*limit));
  const auto shared = std::make_shared<const std::vector<scrape::TargetMetadata>>(std::move(all));
  return Success([shared, metric](json::Writer& writer) {
    writer.BeginArray();
    for (const scrape::TargetMetadata& one : *shared) {
      writer.BeginObject();
      writer.Key("target");
      WriteLabels(writer, one.target->labels);
      if (metric.empty()) json::Field(writer, "metric", one.metric);
      WriteMetadata(writer, one.metadata);
      writer.EndObject();
    }
    writer.EndArray();
  });
}

}  // namespace

void AddMetadataRoutes(Routes& routes, Backend& backend) {
  routes.Get("/metadata",
             [&backend](const http::Request& request) { return Metadata(backend, request); });
  routes.Get("/targets/metadata", [&backend](const http::Request& request) {
    return TargetsMetadata(backend, request);
  });
}

}  // namespace narthex::api
