// status/*, and what concerns rules and alerts.
#include <fmt/format.h>

#include "answer.h"
#include "base/number.h"
#include "handlers.h"
#include "head/head.h"

namespace narthex::api {
namespace {

// Source: upstream, web/api/v1.
constexpr std::int64_t kDefaultCardinalityLimit = 10;
constexpr std::int64_t kCardinalityLimitMax = 10000;

http::Response Build(const Backend& backend) {
  return Success([facts = backend.build()](json::Writer& writer) {
    writer.BeginObject();
    json::Field(writer, "version", facts.version);
    json::Field(writer, "revision", facts.revision);
    json::Field(writer, "branch", facts.branch);
    json::Field(writer, "buildUser", facts.build_user);
    json::Field(writer, "buildDate", facts.build_date);
    json::Field(writer, "goVersion", facts.runtime_version);
    writer.EndObject();
  });
}

// Keys that name parts of Go's runtime carry what comes closest here: tools read them.
http::Response Runtime(const Backend& backend, const Clock& clock) {
  return Success([facts = backend.runtime(), now = clock.Now()](json::Writer& writer) {
    writer.BeginObject();
    json::Field(writer, "startTime", FormatTimestamp(facts.started));
    json::Field(writer, "CWD", facts.working_directory);
    json::Field(writer, "hostname", facts.hostname);
    json::Field(writer, "serverTime", FormatTimestamp(now));
    json::Field(writer, "reloadConfigSuccess", facts.was_reload_successful);
    json::Field(writer, "lastConfigTime", FormatTimestamp(facts.config_loaded));
    json::Field(writer, "corruptionCount", static_cast<std::int64_t>(facts.corruption_count));
    json::Field(writer, "goroutineCount", static_cast<std::int64_t>(facts.thread_count));
    json::Field(writer, "GOMAXPROCS", static_cast<std::int64_t>(facts.processor_count));
    json::Field(writer, "GOMEMLIMIT", std::numeric_limits<std::int64_t>::max());
    json::Field(writer, "GOGC", "");
    json::Field(writer, "GODEBUG", "");
    json::Field(writer, "storageRetention", facts.storage_retention);
    writer.EndObject();
  });
}

http::Response Flags(const Backend& backend) {
  return Success([flags = backend.flags()](json::Writer& writer) {
    writer.BeginObject();
    for (const auto& [name, value] : flags) json::Field(writer, name, value);
    writer.EndObject();
  });
}

http::Response Config(const Backend& backend) {
  return Success([text = backend.config_yaml()](json::Writer& writer) {
    writer.BeginObject();
    json::Field(writer, "yaml", text);
    writer.EndObject();
  });
}

void WriteEntries(json::Writer& writer, std::string_view key,
                  const std::vector<head::Cardinality::Entry>& entries) {
  writer.Key(key);
  writer.BeginArray();
  for (const auto& [name, value] : entries) {
    writer.BeginObject();
    json::Field(writer, "name", name);
    json::Field(writer, "value", static_cast<std::int64_t>(value));
    writer.EndObject();
  }
  writer.EndArray();
}

http::Response Tsdb(const Backend& backend, const http::Request& request) {
  const std::string_view text = request.query.Get("limit");
  const std::optional<std::int64_t> limit =
      text.empty() ? kDefaultCardinalityLimit : ParseInt64(text);
  if (!limit || *limit < 1) return Failure(ErrorType::kBadData, "limit must be a positive number");
  if (*limit > kCardinalityLimitMax) {
    return Failure(ErrorType::kBadData,
                   fmt::format("limit must not exceed {}", kCardinalityLimitMax));
  }
  return Success([head = backend.head(), cardinality = backend.cardinality(static_cast<std::size_t>(
                                             *limit))](json::Writer& writer) {
    writer.BeginObject();
    writer.Key("headStats");
    writer.BeginObject();
    json::Field(writer, "numSeries", static_cast<std::int64_t>(head.series_count));
    json::Field(writer, "numLabelPairs", static_cast<std::int64_t>(head.label_pair_count));
    json::Field(writer, "chunkCount", static_cast<std::int64_t>(head.chunk_count));
    json::Field(writer, "minTime", head.from);
    json::Field(writer, "maxTime", head.until);
    writer.EndObject();
    WriteEntries(writer, "seriesCountByMetricName", cardinality.series_count_by_metric_name);
    WriteEntries(writer, "labelValueCountByLabelName", cardinality.value_count_by_label_name);
    WriteEntries(writer, "memoryInBytesByLabelName", cardinality.value_bytes_by_label_name);
    WriteEntries(writer, "seriesCountByLabelValuePair", cardinality.series_count_by_label_pair);
    writer.EndObject();
  });
}

void WriteBlock(json::Writer& writer, const BlockFacts& block) {
  const auto count = [&writer](std::string_view key, std::uint64_t value) {
    if (value > 0) json::Field(writer, key, static_cast<std::int64_t>(value));
  };
  writer.BeginObject();
  json::Field(writer, "ulid", block.id);
  json::Field(writer, "minTime", block.from);
  json::Field(writer, "maxTime", block.until);
  writer.Key("stats");
  writer.BeginObject();
  count("numSamples", block.sample_count);
  count("numSeries", block.series_count);
  count("numChunks", block.chunk_count);
  count("numTombstones", block.tombstone_count);
  writer.EndObject();
  writer.Key("compaction");
  writer.BeginObject();
  json::Field(writer, "level", std::int64_t{block.level});
  if (!block.sources.empty()) {
    writer.Key("sources");
    writer.BeginArray();
    for (const std::string& source : block.sources) writer.String(source);
    writer.EndArray();
  }
  writer.EndObject();
  json::Field(writer, "version", std::int64_t{1});
  writer.EndObject();
}

http::Response Blocks(const Backend& backend) {
  return Success([blocks = backend.blocks()](json::Writer& writer) {
    writer.BeginObject();
    writer.Key("blocks");
    writer.BeginArray();
    for (const BlockFacts& block : blocks) WriteBlock(writer, block);
    writer.EndArray();
    writer.EndObject();
  });
}

// `{"key":[]}`, once for each key.
http::Response EmptyLists(std::vector<std::string> keys) {
  return Success([keys = std::move(keys)](json::Writer& writer) {
    writer.BeginObject();
    for (const std::string& key : keys) {
      writer.Key(key);
      writer.BeginArray();
      writer.EndArray();
    }
    writer.EndObject();
  });
}

// An empty list is the truth as long as nothing is configured; else silence would be a wrong
// answer.
http::Response EmptyUnless(bool is_configured, std::string_view what,
                           std::vector<std::string> keys) {
  if (is_configured)
    return Failure(ErrorType::kExecution,
                   fmt::format("{} are configured, which is not supported yet", what));
  return EmptyLists(std::move(keys));
}

}  // namespace

void AddStatusRoutes(Routes& routes, Backend& backend, const Clock& clock) {
  const auto plain = [&routes](std::string_view path, http::Handler handler) {
    routes.Plain(http::Method::kGet, std::string("/api/v1") + std::string(path), std::move(handler),
                 http::RunOn::kWorker);
  };
  plain("/status/buildinfo", [&backend](const http::Request&) { return Build(backend); });
  plain("/status/runtimeinfo",
        [&backend, &clock](const http::Request&) { return Runtime(backend, clock); });
  plain("/status/flags", [&backend](const http::Request&) { return Flags(backend); });
  routes.Get("/status/config", [&backend](const http::Request&) { return Config(backend); });
  routes.Get("/status/tsdb",
             [&backend](const http::Request& request) { return Tsdb(backend, request); });
  routes.Get("/status/tsdb/blocks", [&backend](const http::Request&) { return Blocks(backend); });
  routes.Get("/rules", [&backend](const http::Request&) {
    return EmptyUnless(backend.has_rules(), "rules", {"groups"});
  });
  routes.Get("/alerts", [&backend](const http::Request&) {
    return EmptyUnless(backend.has_rules(), "rules", {"alerts"});
  });
  routes.Get("/alertmanagers", [&backend](const http::Request&) {
    return EmptyUnless(backend.has_alerting(), "alert receivers",
                       {"activeAlertmanagers", "droppedAlertmanagers"});
  });
}

}  // namespace narthex::api
