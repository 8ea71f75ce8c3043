#include "server/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <thread>

#include "address.h"
#include "api/api.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mutex.h"
#include "block/block.h"
#include "config/load.h"
#include "config/size.h"
#include "discovery/discovery.h"
#include "engine/engine.h"
#include "exposer/metrics_handler.h"
#include "http/server.h"
#include "io/file_system.h"
#include "model/duration.h"
#include "query_watch.h"
#include "remote/write_receiver.h"
#include "retention_filter.h"
#include "scrape/manager.h"
#include "self_metrics.h"
#include "tsdb/tsdb.h"
#include "webconfig/web_guard.h"
#include "yaml/emit.h"

namespace narthex::server {
namespace {

using std::chrono::milliseconds;

// What a query or a scrape of /metrics under way gets at the end.
constexpr milliseconds kDrainTime{2000};

// What the parts behind the API and the query language have and lack.
std::vector<api::Feature> OtherFeatures(const ServerOptions& options) {
  return {
      {"scrape", "extra_scrape_metrics", true},
      {"scrape", "start_timestamp_zero_ingestion", options.scrape_features.injects_zero_samples},
      {"scrape", "type_and_unit_labels", options.scrape_features.adds_type_and_unit},
      {"service_discovery_providers", "file", true},
      {"service_discovery_providers", "static", true},
      {"tsdb", "delayed_compaction", false},
      {"tsdb", "exemplar_storage", options.has_exemplar_storage},
      {"tsdb", "isolation", true},
      {"tsdb", "native_histograms", true},
      {"tsdb", "st_storage", options.scrape_features.stores_start_timestamps},
      {"tsdb", "use_uncached_io", false},
  };
}

config::LoadOptions LoadOptionsOf(const ServerOptions& options) {
  return {.scrape_interval = options.scrape_interval,
          .prefers_protobuf = options.scrape_features.reads_start_timestamps()};
}

struct Prepared {
  config::LoadedConfig loaded;
  ExternalUrl external;
  std::string route_prefix;
  std::vector<tsdb::RetentionRule> retention_rules;
};

class ServerImpl final : public Server, private api::Backend {
 public:
  ServerImpl(ServerOptions options, Clock& clock, Prepared prepared)
      : options_(std::move(options)),
        clock_(clock),
        started_(clock.Now()),
        route_prefix_(std::move(prepared.route_prefix)),
        external_(std::move(prepared.external)),
        retention_rules_(std::move(prepared.retention_rules)),
        metrics_(registry_, options_.build),
        queries_(registry_, clock, options_.query_concurrency_max),
        engine_(EngineOptionsOf(options_, prepared.loaded.config, queries_), clock),
        config_(std::move(prepared.loaded.config)) {
    queries_.WatchActiveCount([this] {
      return static_cast<double>(engine_.active_query_count() + engine_.waiting_query_count());
    });
    NoteWarnings(prepared.loaded.warnings);
    NoteReload(true);
  }

  ~ServerImpl() override { Stop(); }

  Status Listen() {
    NARTHEX_TRY(OpenQueryLog());
    http::ServerOptions http;
    http::Router router;
    NARTHEX_ASSIGN_OR_RETURN(
        web_guard_, webconfig::OpenAndProtect(options_.web_config_file, http, router, clock_));
    api::ApiOptions api;
    api.route_prefix = route_prefix_;
    api.external_host = external_.host;
    api.external_scheme = options_.external_url.empty() && http.tls ? "https" : external_.scheme;
    api.external_path = external_.path;
    api.listen_address = options_.listen_addresses.front();
    api.cors_origin = options_.cors_origin;
    api.has_lifecycle = options_.has_lifecycle;
    api.has_admin = options_.has_admin;
    api.has_search = options_.has_search;
    api.search_limit_max = options_.search_limit_max;
    api.features = OtherFeatures(options_);
    api.assets = options_.assets;
    api.metrics = exposer::MetricsHandler(registry_);
    if (options_.remote_write.is_enabled) {
      api.remote_write = [this](const http::Request& request) {
        return receiver_->Answer(request);
      };
    }
    NARTHEX_TRY(api::CheckOptions(api));
    api::AddRoutes(router, *this, clock_, api);

    http.listen_addresses = options_.listen_addresses;
    http.read_timeout = options_.read_timeout;
    http.idle_timeout = options_.read_timeout;
    http.connection_count_max = options_.connection_count_max;
    // As many as may query at once, and some for answers that need no query.
    http.worker_count = options_.query_concurrency_max + 4;
    http.observer = [this](const http::Served& served) { metrics_.NoteRequest(served); };
    NARTHEX_ASSIGN_OR_RETURN(http_, http::Server::Start(std::move(http), std::move(router)));
    for (const std::string& address : http_->addresses())
      LogInfo("web", "Listening on", {{"address", address}});
    opener_ = std::jthread([this] { Open(); });
    return Ok();
  }

  Status AwaitReady() override {
    MutexLock lock(state_mutex_);
    while (!open_status_) state_changed_.Wait(state_mutex_);
    return *open_status_;
  }

  std::uint16_t port() const override { return http_->port(); }

  Status Reload() override {
    MutexLock lock(reload_mutex_);
    if (web_guard_ != nullptr) {
      const Status reloaded = web_guard_->Reload();
      if (!reloaded.ok()) {
        NoteReload(false);
        LogError("main", "Error reloading config", {{"error", reloaded.error().message()}});
        return reloaded;
      }
    }
    {
      MutexLock state_lock(state_mutex_);
      if (is_stopping()) return Error{ErrorCode::kCanceled, "the server stops"};
      if (!open_status_) {
        is_reload_pending_ = true;
        return Ok();
      }
    }
    return ReloadNow();
  }

  void Stop() override {
    MutexLock stop_lock(stop_mutex_);
    if (is_stopped_) return;
    is_stopped_ = true;
    LogInfo("main", "Stopping");
    {
      // Sequentially consistent: whoever sees the server as not ready also sees why.
      is_stopping_.store(true);
      is_ready_.store(false);
      metrics_.SetReady(false);
    }
    if (opener_.joinable()) opener_.join();
    // A reload under way ends first: it uses what goes now.
    MutexLock reload_lock(reload_mutex_);
    discovery_.reset();
    if (http_) http_->Shutdown(kDrainTime);
    if (scrape_) scrape_->Stop();
    scrape_.reset();
    receiver_.reset();
    tsdb_.reset();
    LogInfo("main", "Stopped");
  }

 private:
  // api::Backend
  bool is_ready() const override { return is_ready_.load(); }
  bool is_stopping() const override { return is_stopping_.load(); }
  storage::Queryable& store() override { return *tsdb_; }
  storage::ExemplarQueryable& exemplars() override { return *tsdb_; }
  engine::Engine& engine() override { return engine_; }
  const scrape::Manager& scrape() const override { return *scrape_; }
  head::Cardinality cardinality(std::size_t limit) const override {
    return tsdb_->cardinality(limit);
  }
  api::HeadFacts head() const override {
    const head::HeadStats stats = tsdb_->stats().head;
    return {stats.series_count, stats.label_pair_count, stats.chunk_count, stats.range.from,
            stats.range.until};
  }
  std::vector<api::BlockFacts> blocks() const override {
    std::vector<api::BlockFacts> facts;
    for (const std::shared_ptr<block::Block>& block : tsdb_->blocks()) {
      const block::BlockMeta& meta = block->meta();
      facts.push_back({meta.id, meta.min_time, meta.max_time, meta.sample_count, meta.series_count,
                       meta.page_count, block->tombstone_count(), meta.level, meta.sources});
      // One that was cut from the head names itself, as upstream's do.
      if (meta.sources.empty()) facts.back().sources.push_back(meta.id);
    }
    return facts;
  }
  Status DeleteSeries(model::TimeRange range, std::span<const model::Matcher> matchers) override {
    return tsdb_->Delete(range, matchers);
  }
  Status CleanTombstones(std::stop_token stop) override { return tsdb_->CleanTombstones(stop); }
  Result<std::string> Snapshot(api::SnapshotHead head) override {
    return tsdb_->Snapshot(head == api::SnapshotHead::kLeftOut ? tsdb::HeadInSnapshot::kLeftOut
                                                               : tsdb::HeadInSnapshot::kIncluded);
  }
  Result<std::vector<model::RelabelRule>> relabel_rules(std::string_view job) const override {
    MutexLock lock(state_mutex_);
    for (const config::ScrapeConfig& scrape : config_.scrape_configs) {
      if (scrape.job_name != job) continue;
      std::vector<model::RelabelRule> rules;
      for (const model::RelabelConfig& config : scrape.relabel_configs) {
        // Checked when it was loaded, by the stricter of the schemes where that was asked for.
        NARTHEX_ASSIGN_OR_RETURN(model::RelabelRule rule,
                                 model::RelabelRule::Make(config, model::NameValidation::kUtf8));
        rules.push_back(std::move(rule));
      }
      return rules;
    }
    return Error{ErrorCode::kNotFound, fmt::format("scrape pool {} not found", model::Quote(job))};
  }
  std::string config_yaml() const override {
    MutexLock lock(state_mutex_);
    return yaml::Emit(config_.effective);
  }
  bool has_rules() const override {
    MutexLock lock(state_mutex_);
    return !config_.rule_files.empty();
  }
  bool has_alerting() const override {
    MutexLock lock(state_mutex_);
    return config_.effective.Find("alerting") != nullptr;
  }
  std::vector<std::pair<std::string, std::string>> flags() const override {
    return options_.flag_values;
  }
  api::BuildFacts build() const override { return options_.build; }
  api::RuntimeFacts runtime() const override;
  void RequestStop() override {
    if (!has_quit_.exchange(true) && options_.on_quit) options_.on_quit();
  }

  static engine::EngineOptions EngineOptionsOf(const ServerOptions& options,
                                               const config::Config& config, QueryWatch& queries) {
    engine::EngineOptions engine;
    engine.samples_max = options.query_samples_max;
    engine.timeout = options.query_timeout;
    engine.concurrent_queries_max = options.query_concurrency_max;
    engine.lookback = options.query_lookback;
    engine.subquery_step = config.global.evaluation_interval;
    // The thread that asks works too.
    engine.helper_threads_max = std::max(std::thread::hardware_concurrency(), 1u) - 1;
    const QueryFeatures& features = options.query_features;
    engine.delays_name_removal = features.delays_name_removal;
    engine.observer = &queries;
    engine.has_step_counts = features.has_step_counts;
    engine.uses_start_timestamps = features.uses_start_timestamps;
    engine.has_type_and_unit_labels = options.scrape_features.adds_type_and_unit;
    engine.parse.allows_experimental_functions = features.has_experimental_functions;
    engine.parse.allows_extended_range_selectors = features.has_extended_range_selectors;
    engine.parse.allows_fill_modifiers = features.has_fill_modifiers;
    return engine;
  }

  tsdb::Retention RetentionOf(const config::Config& config) const {
    tsdb::Retention retention;
    const std::optional<milliseconds> time =
        config.storage.retention_time ? config.storage.retention_time : options_.retention_time;
    const std::optional<std::uint64_t> size = config.storage.retention_size_bytes
                                                  ? config.storage.retention_size_bytes
                                                  : options_.retention_size_bytes;
    retention.size_bytes = size.value_or(0);
    retention.percentage = config.storage.retention_percentage;
    if (time) {
      retention.time = *time;
    } else if (retention.size_bytes > 0 || retention.percentage > 0) {
      retention.time = milliseconds(0);
    }
    retention.rules = retention_rules_;
    return retention;
  }

  // Above this the store could not count.
  std::size_t ExemplarLimit(const config::Config& config) const {
    const double count = config.storage.exemplar_count_max;
    if (!options_.has_exemplar_storage || !(count > 0)) return 0;
    return static_cast<std::size_t>(std::min(count, 1e9));
  }

  Status OpenQueryLog() EXCLUDES(state_mutex_) {
    MutexLock lock(state_mutex_);
    return queries_.log().SetPath(config_.global.query_log_file);
  }

  void Open();
  Status OpenParts() EXCLUDES(state_mutex_);
  void ApplyConfig(const config::Config& config);
  Status ReloadNow() REQUIRES(reload_mutex_) EXCLUDES(state_mutex_);

  void NoteWarnings(const std::vector<std::string>& warnings) {
    for (const std::string& warning : warnings) {
      LogWarn("config", warning, {{"file", options_.config_file}});
    }
  }
  void NoteReload(bool is_successful) EXCLUDES(state_mutex_) {
    metrics_.NoteReload(is_successful, clock_.Now());
    MutexLock lock(state_mutex_);
    was_reload_successful_ = is_successful;
    if (is_successful) config_loaded_ = clock_.Now();
  }

  const ServerOptions options_;
  Clock& clock_;
  const TimestampMs started_;
  const std::string route_prefix_;
  const ExternalUrl external_;
  const std::vector<tsdb::RetentionRule> retention_rules_;

  client::Registry registry_;
  SelfMetrics metrics_;
  QueryWatch queries_;
  engine::Engine engine_;
  std::atomic<bool> is_ready_ = false;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<bool> has_quit_ = false;

  Mutex stop_mutex_;    // one Stop at a time; taken before reload_mutex_
  Mutex reload_mutex_;  // one change of configuration at a time; taken before state_mutex_
  bool is_stopped_ GUARDED_BY(stop_mutex_) = false;

  mutable Mutex state_mutex_;
  CondVar state_changed_;
  std::optional<Status> open_status_ GUARDED_BY(state_mutex_);
  bool is_reload_pending_ GUARDED_BY(state_mutex_) = false;
  config::Config config_ GUARDED_BY(state_mutex_);
  bool was_reload_successful_ GUARDED_BY(state_mutex_) = false;
  TimestampMs config_loaded_ GUARDED_BY(state_mutex_) = 0;

  // Written by the opener before is_ready_ is set, and by Stop() after all who read have ended.
  std::unique_ptr<tsdb::Tsdb> tsdb_;
  std::unique_ptr<remote::WriteReceiver> receiver_;
  std::unique_ptr<scrape::Manager> scrape_;
  std::unique_ptr<discovery::Discovery> discovery_;
  // Shared with the handlers that it stands before; null without a web configuration file.
  std::shared_ptr<webconfig::WebGuard> web_guard_;
  std::unique_ptr<http::Server> http_;
  std::jthread opener_;
};

void ServerImpl::Open() {
  Status status = OpenParts();
  if (status.ok()) {
    is_ready_.store(!is_stopping_.load());
    metrics_.SetReady(is_ready());
    LogInfo("main", "Server is ready to receive web requests.");
  } else {
    LogError("main", "Opening storage failed", {{"error", status.error().message()}});
  }
  MutexLock reload_lock(reload_mutex_);
  bool is_reload_due = false;
  {
    MutexLock lock(state_mutex_);
    open_status_ = status;
    is_reload_due = status.ok() && is_reload_pending_;
    state_changed_.NotifyAll();
  }
  // A failure is logged and counted where it happens; nobody waits for it here.
  if (is_reload_due && !is_stopping()) static_cast<void>(ReloadNow());
}

Status ServerImpl::OpenParts() {
  config::Config config;
  {
    MutexLock lock(state_mutex_);
    config = config_;
  }
  tsdb::TsdbOptions store;
  store.directory = options_.storage_path;
  store.block_range = options_.block_range;
  store.block_range_max = options_.block_range_max;
  store.retention = RetentionOf(config);
  store.out_of_order_window = config.storage.out_of_order_time_window;
  store.exemplar_count_max = ExemplarLimit(config);
  store.wal_segment_size_bytes = options_.wal_segment_size_bytes;
  store.wal_sync_interval = options_.wal_sync_interval;
  store.registry = &registry_;
  NARTHEX_ASSIGN_OR_RETURN(tsdb_, tsdb::Tsdb::Open(io::SystemFiles(), clock_, std::move(store)));
  NARTHEX_TRY(queries_.OpenActiveQueries(options_.storage_path));
  LogInfo("tsdb", "TSDB started", {{"replay_ms", tsdb_->stats().replay_duration.count()}});
  if (is_stopping()) return Error{ErrorCode::kCanceled, "the server stops"};

  remote::WriteReceiverOptions receiver;
  receiver.accepts_v1 = options_.remote_write.accepts_v1;
  receiver.accepts_v2 = options_.remote_write.accepts_v2;
  receiver.keeps_exemplars = options_.has_exemplar_storage;
  receiver_ = std::make_unique<remote::WriteReceiver>(
      remote::WriteReceiver::Parts{tsdb_->appender(), clock_, registry_}, receiver);

  scrape::Manager::Options scrape;
  scrape.features = {
      .keeps_exemplars = options_.has_exemplar_storage,
      .injects_zero_samples = options_.scrape_features.injects_zero_samples,
      .stores_start_timestamps = options_.scrape_features.stores_start_timestamps,
      .adds_type_and_unit = options_.scrape_features.adds_type_and_unit,
  };
  scrape.http.host_aliases = options_.host_aliases;
  scrape.http.user_agent = fmt::format("Prometheus/{}", options_.build.version);
  // Twins that scrape the same targets differ in name or external labels, and so in the moment they
  // do.
  scrape.seed = Hash64(HostName(), config.global.external_labels.StableHash());
  NARTHEX_ASSIGN_OR_RETURN(
      scrape_, scrape::Manager::Make({tsdb_->appender(), clock_, registry_}, std::move(scrape)));
  discovery_ = std::make_unique<discovery::Discovery>(
      clock_, [manager = scrape_.get(), this](const std::string& job,
                                              const std::vector<discovery::TargetGroup>& groups) {
        std::size_t target_count = 0;
        for (const discovery::TargetGroup& group : groups) target_count += group.targets.size();
        metrics_.NoteDiscovered(job, target_count);
        manager->SetGroups(job, groups);
      });
  metrics_.WatchDiscovery(
      [this] { return is_ready() ? static_cast<double>(discovery_->failure_count()) : 0.0; });
  ApplyConfig(config);
  return Ok();
}

void ServerImpl::ApplyConfig(const config::Config& config) {
  tsdb_->SetRetention(RetentionOf(config));
  tsdb_->SetOutOfOrderWindow(config.storage.out_of_order_time_window);
  tsdb_->SetExemplarLimit(ExemplarLimit(config));
  std::set<std::string> jobs;
  for (const config::ScrapeConfig& job : config.scrape_configs) jobs.insert(job.job_name);
  metrics_.KeepJobs(jobs);
  scrape_->Apply(config.scrape_configs);
  discovery_->Apply(config.scrape_configs);
}

Status ServerImpl::ReloadNow() {
  LogInfo("main", "Loading configuration file", {{"filename", options_.config_file}});
  Result<config::LoadedConfig> loaded =
      config::LoadFile(options_.config_file, LoadOptionsOf(options_));
  if (!loaded.ok()) {
    NoteReload(false);
    LogError("main", "Error reloading config", {{"error", loaded.error().message()}});
    return std::move(loaded).error();
  }
  NoteWarnings(loaded->warnings);
  // First: it is the only part that can fail.
  if (Status opened = queries_.log().SetPath(loaded->config.global.query_log_file); !opened.ok()) {
    NoteReload(false);
    LogError("main", "Failed to apply configuration", {{"error", opened.error().message()}});
    return opened;
  }
  ApplyConfig(loaded->config);
  {
    MutexLock lock(state_mutex_);
    config_ = std::move(loaded->config);
  }
  NoteReload(true);
  LogInfo("main", "Completed loading of configuration file", {{"filename", options_.config_file}});
  return Ok();
}

api::RuntimeFacts ServerImpl::runtime() const {
  api::RuntimeFacts facts;
  facts.started = started_;
  std::error_code error;
  facts.working_directory = std::filesystem::current_path(error).string();
  facts.hostname = HostName();
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", error)) {
    facts.thread_count += entry.exists(error) ? 1 : 0;
  }
  facts.processor_count = std::thread::hardware_concurrency();
  if (is_ready()) facts.corruption_count = tsdb_->stats().head.wal_corruption_count;
  MutexLock lock(state_mutex_);
  facts.was_reload_successful = was_reload_successful_;
  facts.config_loaded = config_loaded_;
  const tsdb::Retention retention = RetentionOf(config_);
  if (retention.time.count() > 0) facts.storage_retention = model::FormatDuration(retention.time);
  std::string size;
  if (retention.percentage > 0) {
    size = fmt::format("{}%", retention.percentage);
  } else if (retention.size_bytes > 0) {
    size = config::FormatSize(retention.size_bytes);
  }
  if (!size.empty() && !facts.storage_retention.empty()) facts.storage_retention += " or ";
  facts.storage_retention += size;
  return facts;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Clock& clock) {
  if (options.listen_addresses.empty())
    return Error{ErrorCode::kInvalidArgument, "no address to listen on"};
  Result<config::LoadedConfig> loaded =
      config::LoadFile(options.config_file, LoadOptionsOf(options));
  if (!loaded.ok()) {
    return std::move(loaded).error().Under(
        fmt::format("error loading config from \"{}\"", options.config_file));
  }
  Prepared prepared;
  prepared.loaded = *std::move(loaded);
  NARTHEX_ASSIGN_OR_RETURN(
      prepared.external,
      ParseExternalUrl(options.external_url, PortOf(options.listen_addresses.front())));
  for (const std::string& filter : options.retention_filters) {
    NARTHEX_ASSIGN_OR_RETURN(tsdb::RetentionRule rule, ParseRetentionFilter(filter));
    prepared.retention_rules.push_back(std::move(rule));
  }
  prepared.route_prefix = NormalizePrefix(options.route_prefix.value_or(prepared.external.path));
  auto server = std::make_unique<ServerImpl>(std::move(options), clock, std::move(prepared));
  NARTHEX_TRY(server->Listen());
  return server;
}

}  // namespace narthex::server
