// narthex server: scrapes, stores and answers PromQL, as Prometheus does.

#include <fmt/format.h>

#include <thread>

#include "base/log.h"
#include "command_line.h"
#include "commands.h"
#include "config/size.h"
#include "host_aliases.h"
#include "model/duration.h"
#include "server/server.h"
#include "signals.h"
#include "version.h"
#include "webassets/webassets.h"

namespace narthex::apps {
namespace {

// The version of Prometheus whose API and behaviour clients find here; they choose by it.
constexpr const char* kPrometheusVersion = "3.14.0";

// Flags as text, as they stand on the command line; ApplyFlags() gives them their meaning.
struct Flags {
  std::string retention_time;
  std::string retention_size;
  std::string wal_sync_interval = "1s";
  std::string block_range = "2h";
  std::string block_range_max;
  std::string wal_segment_size = "128MB";
  std::string lookback = "5m";
  std::string query_timeout = "2m";
  std::string read_timeout = "5m";
  std::string scrape_interval;
  std::string route_prefix;
  std::string log_level = "info";
  std::string log_format = "logfmt";
  std::vector<std::string> host_aliases;
  std::vector<std::string> features;
  std::vector<std::string> write_messages = {"prometheus.WriteRequest",
                                             "io.prometheus.write.v2.Request"};
};

// Flags of Prometheus that are taken so that command lines work unchanged, and that change nothing
// here.
constexpr const char* kValueFlagsWithoutEffect[] = {"config.auto-reload-interval",
                                                    "web.user-assets",
                                                    "web.console.templates",
                                                    "web.console.libraries",
                                                    "web.page-title",
                                                    "web.max-notifications-subscribers",
                                                    "storage.tsdb.max-block-chunk-segment-size",
                                                    "storage.tsdb.head-chunks-write-queue-size",
                                                    "storage.tsdb.delay-compact-file.path",
                                                    "storage.tsdb.wal-compression-type",
                                                    "storage.tsdb.samples-per-chunk",
                                                    "storage.tsdb.block-reload-interval",
                                                    "storage.remote.flush-deadline",
                                                    "storage.remote.read-sample-limit",
                                                    "storage.remote.read-concurrent-limit",
                                                    "storage.remote.read-max-bytes-in-frame",
                                                    "rules.alert.for-outage-tolerance",
                                                    "rules.alert.for-grace-period",
                                                    "rules.alert.resend-delay",
                                                    "rules.max-concurrent-evals",
                                                    "alertmanager.notification-queue-capacity",
                                                    "alertmanager.notification-batch-size",
                                                    "scrape.timestamp-tolerance",
                                                    "scrape.discovery-reload-interval",
                                                    "auto-gomemlimit.ratio",
                                                    "auto-gomemlimit.refresh-interval"};
constexpr const char* kSwitchesWithoutEffect[] = {
    "config.auto-reload",
    "web.enable-otlp-receiver",
    "storage.tsdb.no-lockfile",
    "storage.tsdb.wal-compression",
    "storage.tsdb.allow-overlapping-compaction",
    "scrape.adjust-timestamps",
    "auto-gomaxprocs",
    "auto-gomemlimit",
    "alertmanager.drain-notification-queue-on-shutdown"};

void AddFlags(CLI::App& app, server::ServerOptions& options, Flags& flags) {
  const auto add = [&app](const char* name, auto& value, const char* help) {
    CLI::Option* option = app.add_option(std::string("--") + name, value, help);
    if constexpr (requires { value.empty(); }) {
      if (value.empty()) return option;
    }
    return option->capture_default_str();
  };
  add("config.file", options.config_file, "Configuration file");
  add("web.listen-address", options.listen_addresses, "Address to listen on; may be repeated")
      ->allow_extra_args(false);
  add("web.config.file", options.web_config_file,
      "File with TLS, users and headers of this server: docs/guide/web-configuration.md");
  add("web.external-url", options.external_url, "URL under which others reach this server");
  add("web.route-prefix", flags.route_prefix,
      "Prefix of all paths (default: that of the external URL)");
  add("web.cors.origin", options.cors_origin,
      "Regular expression, anchored: origins that may read answers");
  add("web.read-timeout", flags.read_timeout,
      "Longest time for reading a request and for idle connections");
  add("web.max-connections", options.connection_count_max, "Most connections at a time");
  AddSwitch(app, "web.enable-lifecycle", options.has_lifecycle,
            "Reload and quit by HTTP: /-/reload, /-/quit");
  AddSwitch(app, "web.enable-remote-write-receiver", options.remote_write.is_enabled,
            "Take samples that others push: /api/v1/write");
  add("web.remote-write-receiver.accepted-protobuf-messages", flags.write_messages,
      "Messages of remote write that are taken; may be repeated")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddSwitch(app, "web.enable-admin-api", options.has_admin,
            "Deletions and snapshots by HTTP: /api/v1/admin/tsdb/");
  add("web.search.max-limit", options.search_limit_max,
      "Most results that a search may ask for (feature search-api); 0: no limit");
  add("storage.tsdb.path", options.storage_path, "Folder of the samples");
  add("storage.tsdb.retention.time", flags.retention_time,
      "How long samples are kept (default: 15d)");
  add("storage.tsdb.retention.size", flags.retention_size,
      "Most bytes of blocks and log, as 512MB or 10GB");
  add("storage.tsdb.retention.filter", options.retention_filters,
      "'{env=\"dev\"}:3d': a shorter time for the series that the selector accepts; may be "
      "repeated")
      ->allow_extra_args(false);
  add("storage.tsdb.min-block-duration", flags.block_range, "Time that a new block spans");
  add("storage.tsdb.max-block-duration", flags.block_range_max,
      "Time that blocks are merged up to (default: a tenth of the retention, at most 31d)");
  add("storage.tsdb.wal-segment-size", flags.wal_segment_size,
      "Size at which a new file of the log begins");
  add("storage.wal-sync-interval", flags.wal_sync_interval,
      "How often the log is synced to disk; 0s: every batch");
  add("query.lookback-delta", flags.lookback, "How far back an instant looks for a sample");
  add("query.timeout", flags.query_timeout, "Longest time for a query");
  add("query.max-concurrency", options.query_concurrency_max,
      "Queries evaluated at a time; others wait");
  add("query.max-samples", options.query_samples_max, "Most samples that a query may hold at once");
  add("scrape.interval", flags.scrape_interval,
      "In the place of global.scrape_interval of the file");
  add("host-alias", flags.host_aliases,
      "name=host:port: requests to that name go to that address; may be repeated")
      ->allow_extra_args(false);
  add("enable-feature", flags.features,
      "Names of experimental features, parted by commas; may be repeated")
      ->delimiter(',')
      ->allow_extra_args(false);
  add("log.level", flags.log_level, "debug, info, warn or error");
  add("log.format", flags.log_format, "logfmt or json");
}

// Hidden in --help; `ignored` gets the names of those that are given.
void AddFlagsWithoutEffect(CLI::App& app, std::vector<std::string>& ignored) {
  for (const char* name : kValueFlagsWithoutEffect) {
    app.add_option_function<std::string>(
           std::string("--") + name,
           [&ignored, name](const std::string&) { ignored.emplace_back(name); })
        ->group("");
  }
  for (const char* name : kSwitchesWithoutEffect) {
    app.add_flag_callback(fmt::format("--{},--no-{}", name, name),
                          [&ignored, name] { ignored.emplace_back(name); })
        ->group("");
  }
}

Result<std::chrono::milliseconds> Duration(const char* flag, const std::string& text) {
  auto duration = model::ParseDuration(text);
  if (!duration.ok()) return std::move(duration).error().Under(std::string("--") + flag);
  return duration;
}

Status ApplyWriteMessages(const std::vector<std::string>& names,
                          server::RemoteWriteOptions& options) {
  options.accepts_v1 = false;
  options.accepts_v2 = false;
  for (const std::string& name : names) {
    if (name == "prometheus.WriteRequest") {
      options.accepts_v1 = true;
    } else if (name == "io.prometheus.write.v2.Request") {
      options.accepts_v2 = true;
    } else {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("--web.remote-write-receiver.accepted-protobuf-messages: \"{}\" is "
                               "neither prometheus.WriteRequest nor io.prometheus.write.v2.Request",
                               name)};
    }
  }
  return Ok();
}

Status ApplyFlags(const Flags& flags, server::ServerOptions& options) {
  NARTHEX_ASSIGN_OR_RETURN(options.wal_sync_interval,
                           Duration("storage.wal-sync-interval", flags.wal_sync_interval));
  NARTHEX_ASSIGN_OR_RETURN(options.block_range,
                           Duration("storage.tsdb.min-block-duration", flags.block_range));
  if (!flags.block_range_max.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(options.block_range_max,
                             Duration("storage.tsdb.max-block-duration", flags.block_range_max));
  }
  NARTHEX_ASSIGN_OR_RETURN(options.query_lookback,
                           Duration("query.lookback-delta", flags.lookback));
  NARTHEX_ASSIGN_OR_RETURN(options.query_timeout, Duration("query.timeout", flags.query_timeout));
  NARTHEX_ASSIGN_OR_RETURN(options.read_timeout, Duration("web.read-timeout", flags.read_timeout));
  if (!flags.retention_time.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(options.retention_time,
                             Duration("storage.tsdb.retention.time", flags.retention_time));
  }
  if (!flags.scrape_interval.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(options.scrape_interval,
                             Duration("scrape.interval", flags.scrape_interval));
    if (*options.scrape_interval <= std::chrono::milliseconds(0)) {
      return Error{ErrorCode::kInvalidArgument, "--scrape.interval: must be more than 0"};
    }
  }
  if (!flags.retention_size.empty()) {
    auto size = config::ParseSize(flags.retention_size);
    if (!size.ok()) return std::move(size).error().Under("--storage.tsdb.retention.size");
    options.retention_size_bytes = *size;
  }
  auto segment = config::ParseSize(flags.wal_segment_size);
  if (!segment.ok()) return std::move(segment).error().Under("--storage.tsdb.wal-segment-size");
  options.wal_segment_size_bytes = *segment;
  NARTHEX_TRY(ApplyWriteMessages(flags.write_messages, options.remote_write));
  if (!flags.route_prefix.empty()) options.route_prefix = flags.route_prefix;
  NARTHEX_ASSIGN_OR_RETURN(options.host_aliases, CollectHostAliases(flags.host_aliases));
  return Ok();
}

// Names that are not known are told, not refused, as upstream does (spec FF-025).
void ApplyFeatures(const std::vector<std::string>& names, server::ServerOptions& options) {
  server::QueryFeatures& features = options.query_features;
  const std::pair<std::string_view, bool*> known[] = {
      {"promql-experimental-functions", &features.has_experimental_functions},
      {"promql-extended-range-selectors", &features.has_extended_range_selectors},
      {"promql-binop-fill-modifiers", &features.has_fill_modifiers},
      {"promql-delayed-name-removal", &features.delays_name_removal},
      {"promql-per-step-stats", &features.has_step_counts},
      {"use-start-timestamps", &features.uses_start_timestamps},
      {"created-timestamp-zero-ingestion", &options.scrape_features.injects_zero_samples},
      {"st-storage", &options.scrape_features.stores_start_timestamps},
      {"type-and-unit-labels", &options.scrape_features.adds_type_and_unit},
      {"exemplar-storage", &options.has_exemplar_storage},
      {"search-api", &options.has_search},
  };
  for (const std::string& name : names) {
    const auto found = std::ranges::find(known, name, &std::pair<std::string_view, bool*>::first);
    if (found != std::end(known)) {
      *found->second = true;
    } else {
      LogWarn("server", "this feature is not known", {{"feature", name}});
    }
  }
}

Status ApplyLogFlags(const Flags& flags) {
  const auto level = ParseLogLevel(flags.log_level);
  if (!level) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("--log.level: \"{}\" is none of debug, info, warn, error", flags.log_level)};
  }
  const auto format = ParseLogFormat(flags.log_format);
  if (!format) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("--log.format: \"{}\" is neither logfmt nor json", flags.log_format)};
  }
  ConfigureLog({.level = *level, .format = *format});
  return Ok();
}

// What /api/v1/status/flags shows: every flag in --help with the value in force.
std::vector<std::pair<std::string, std::string>> FlagValues(const CLI::App& app) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_lnames().empty() ? "" : option->get_lnames().front();
    if (option->get_group().empty() || name == "help") continue;
    std::string value;
    for (const std::string& part : option->results()) value += (value.empty() ? "" : ",") + part;
    if (option->results().empty()) value = option->get_default_str();
    // The way that lists stand in defaults: [a,b].
    if (value.size() > 1 && value.front() == '[' && value.back() == ']')
      value = value.substr(1, value.size() - 2);
    if (value.empty() && option->get_expected_min() == 0) value = "false";
    values.emplace_back(name, value);
  }
  return values;
}

// Until a signal to stop, or until the store could not be opened; the exit status.
int Serve(const CLI::App& app, server::Server& server) {
  Status outcome;
  {
    std::jthread readiness([&] {
      outcome = server.AwaitReady();
      if (!outcome.ok() && outcome.code() != ErrorCode::kCanceled) RequestStop();
    });
    while (AwaitServiceSignal() == ServiceSignal::kReload) {
      const Status reloaded = server.Reload();
      if (!reloaded.ok()) {
        LogError("server", "the configuration was not reloaded",
                 {{"reason", reloaded.error().message()}});
      }
    }
    LogInfo("server", "stopping");
    server.Stop();
  }
  if (outcome.ok() || outcome.code() == ErrorCode::kCanceled) return 0;
  return Fail(app, outcome.error().message(), 1);
}

}  // namespace

int RunServerCommand(int argc, char** argv) {
  BlockServiceSignals();
  CLI::App app("Scrapes, stores and answers PromQL, as Prometheus does.", "narthex server");
  server::ServerOptions options;
  Flags flags;
  std::vector<std::string> ignored;
  AddFlags(app, options, flags);
  AddFlagsWithoutEffect(app, ignored);
  if (const auto status = ParseCommandLine(app, argc, argv)) return *status;

  Status applied = ApplyLogFlags(flags);
  if (applied.ok()) applied = ApplyFlags(flags, options);
  if (!applied.ok()) return Fail(app, applied.error().message(), 2);
  for (const std::string& name : ignored) {
    LogWarn("server", "this flag has no effect", {{"flag", "--" + name}});
  }
  ApplyFeatures(flags.features, options);
  options.assets = webassets::ServerAssets();
  options.flag_values = FlagValues(app);
  options.build = {.version = kPrometheusVersion,
                   .revision = std::string(Revision()),
                   .branch = "main",
                   .runtime_version = std::string(Compiler())};
  options.on_quit = RequestStop;

  auto server = server::Server::Start(std::move(options));
  if (!server.ok()) {
    // Of these the command line or a file is to blame (spec CLI-075).
    const bool is_wrong_input =
        server.code() == ErrorCode::kInvalidArgument || server.code() == ErrorCode::kNotFound;
    return Fail(app, server.error().message(), is_wrong_input ? 2 : 1);
  }
  return Serve(app, **server);
}

}  // namespace narthex::apps
