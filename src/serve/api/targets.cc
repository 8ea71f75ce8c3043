// targets, scrape_pools.
#include "answer.h"
#include "encode.h"
#include "global_url.h"
#include "handlers.h"
#include "scrape/manager.h"

namespace narthex::api {
namespace {

void WriteTarget(json::Writer& writer, const scrape::TargetState& state,
                 const ExternalAddress& external) {
  const Result<std::string> global_url = GlobalUrl(state.target->url, external);
  std::string last_error = state.last_error;
  if (!global_url.ok()) last_error += ": " + global_url.error().message();
  writer.BeginObject();
  writer.Key("discoveredLabels");
  WriteLabels(writer, state.target->discovered);
  writer.Key("labels");
  WriteLabels(writer, state.target->labels);
  json::Field(writer, "scrapePool", state.job_name);
  json::Field(writer, "scrapeUrl", state.target->url);
  json::Field(writer, "globalUrl", global_url.ok() ? *global_url : state.target->url);
  json::Field(writer, "lastError", last_error);
  json::Field(writer, "lastScrape",
              state.last_scrape ? FormatTimestamp(*state.last_scrape) : "0001-01-01T00:00:00Z");
  writer.Key("lastScrapeDuration");
  writer.Double(std::chrono::duration<double>(state.last_duration).count());
  json::Field(writer, "health", scrape::HealthText(state.health));
  json::Field(writer, "scrapeInterval", state.target->interval_text);
  json::Field(writer, "scrapeTimeout", state.target->timeout_text);
  writer.EndObject();
}

struct TargetsView {
  std::vector<scrape::TargetState> active;
  std::vector<scrape::DroppedTargets> dropped;
  bool shows_dropped = false;
};

void WriteTargets(json::Writer& writer, const TargetsView& view, const ExternalAddress& external) {
  writer.BeginObject();
  writer.Key("activeTargets");
  writer.BeginArray();
  for (const scrape::TargetState& state : view.active) WriteTarget(writer, state, external);
  writer.EndArray();
  writer.Key("droppedTargets");
  writer.BeginArray();
  for (const scrape::DroppedTargets& job : view.dropped) {
    for (const model::LabelSet& discovered : job.discovered) {
      writer.BeginObject();
      writer.Key("discoveredLabels");
      WriteLabels(writer, discovered);
      json::Field(writer, "scrapePool", job.job_name);
      writer.EndObject();
    }
  }
  writer.EndArray();
  writer.Key("droppedTargetCounts");
  if (!view.shows_dropped) {
    writer.Null();
  } else {
    writer.BeginObject();
    for (const scrape::DroppedTargets& job : view.dropped) {
      json::Field(writer, job.job_name, static_cast<std::int64_t>(job.count));
    }
    writer.EndObject();
  }
  writer.EndObject();
}

http::Response Targets(const Backend& backend, const ExternalAddress& external,
                       const http::Request& request) {
  std::string state(request.query.Get("state"));
  std::transform(state.begin(), state.end(), state.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const std::string_view pool = request.query.Get("scrapePool");
  TargetsView view;
  if (state.empty() || state == "any" || state == "active")
    view.active = backend.scrape().targets();
  view.shows_dropped = state.empty() || state == "any" || state == "dropped";
  if (view.shows_dropped) view.dropped = backend.scrape().dropped();
  if (!pool.empty()) {
    std::erase_if(view.active,
                  [pool](const scrape::TargetState& target) { return target.job_name != pool; });
    std::erase_if(view.dropped,
                  [pool](const scrape::DroppedTargets& job) { return job.job_name != pool; });
  }
  const auto shared = std::make_shared<const TargetsView>(std::move(view));
  return Success(
      [shared, external](json::Writer& writer) { WriteTargets(writer, *shared, external); });
}

http::Response ScrapePools(const Backend& backend) {
  return Success([names = backend.scrape().job_names()](json::Writer& writer) {
    writer.BeginObject();
    writer.Key("scrapePools");
    writer.BeginArray();
    for (const std::string& name : names) writer.String(name);
    writer.EndArray();
    writer.EndObject();
  });
}

}  // namespace

void AddTargetRoutes(Routes& routes, Backend& backend, const ApiOptions& options) {
  const ExternalAddress external{options.listen_address, options.external_host,
                                 options.external_scheme};
  routes.Get("/targets", [&backend, external](const http::Request& request) {
    return Targets(backend, external, request);
  });
  routes.Get("/scrape_pools", [&backend](const http::Request&) { return ScrapePools(backend); });
}

}  // namespace narthex::api
