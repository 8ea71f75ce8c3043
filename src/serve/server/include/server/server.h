// The server: everything that scrapes, stores and answers, wired together.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/asset.h"

namespace narthex::server {

// Experimental parts of PromQL, each behind a name of --enable-feature.
struct QueryFeatures {
  bool has_experimental_functions = false;    // promql-experimental-functions
  bool has_extended_range_selectors = false;  // promql-extended-range-selectors
  bool has_fill_modifiers = false;            // promql-binop-fill-modifiers
  bool delays_name_removal = false;           // promql-delayed-name-removal
  bool uses_start_timestamps = false;         // use-start-timestamps
  bool has_step_counts = false;               // promql-per-step-stats
};

// Experimental parts of scraping, each behind a name of --enable-feature.
struct ScrapeFeatures {
  bool injects_zero_samples = false;     // created-timestamp-zero-ingestion
  bool stores_start_timestamps = false;  // st-storage
  bool adds_type_and_unit = false;       // type-and-unit-labels; the query language knows them then

  bool reads_start_timestamps() const { return injects_zero_samples || stores_start_timestamps; }
};

struct RemoteWriteOptions {
  bool is_enabled = false;  // POST /api/v1/write
  bool accepts_v1 = true;   // prometheus.WriteRequest
  bool accepts_v2 = true;   // io.prometheus.write.v2.Request
};

// The flags of the command line; defaults as upstream's.
struct ServerOptions {
  std::string config_file = "prometheus.yml";
  // In the place of the file's global.scrape_interval.
  std::optional<std::chrono::milliseconds> scrape_interval;

  std::vector<std::string> listen_addresses = {"0.0.0.0:9090"};
  // TLS, users and headers of this server, as of Prometheus; empty: none of that.
  std::string web_config_file;
  // "http://host:port/path"; empty: the machine's name and the first port.
  std::string external_url;
  // Empty: the path of external_url.
  std::optional<std::string> route_prefix;
  std::string cors_origin = ".*";
  bool has_lifecycle = false;  // /-/reload and /-/quit over HTTP
  RemoteWriteOptions remote_write;
  bool has_exemplar_storage = false;     // feature exemplar-storage
  bool has_admin = false;                // deletions and snapshots over HTTP
  bool has_search = false;               // feature search-api
  std::size_t search_limit_max = 10000;  // most results of a search; 0: no limit
  std::chrono::milliseconds read_timeout = std::chrono::minutes(5);
  std::size_t connection_count_max = 512;
  http::AssetTable assets;  // the pages; lives as long as the server

  std::string storage_path = "data/";
  // What the configuration file says wins. Neither given: 15 days.
  std::optional<std::chrono::milliseconds> retention_time;
  std::optional<std::uint64_t> retention_size_bytes;
  // `{env="dev"}:3d`: a shorter time for the series that a selector accepts.
  std::vector<std::string> retention_filters;
  std::chrono::milliseconds wal_sync_interval{1000};  // 0: each batch
  std::chrono::milliseconds block_range = std::chrono::hours(2);
  // What blocks are merged up to; 0: a tenth of the retention, at most 31 days.
  std::chrono::milliseconds block_range_max{0};
  std::uint64_t wal_segment_size_bytes = std::uint64_t{128} << 20;

  std::chrono::milliseconds query_lookback = std::chrono::minutes(5);
  std::chrono::milliseconds query_timeout = std::chrono::minutes(2);
  std::size_t query_concurrency_max = 20;
  std::size_t query_samples_max = 50'000'000;
  QueryFeatures query_features;
  ScrapeFeatures scrape_features;

  // Host names of targets that stand for an address: "exposer" -> "127.0.0.1:18000".
  std::map<std::string, std::string, std::less<>> host_aliases;

  // What /api/v1/status/flags shows: flag names without dashes, and their values.
  std::vector<std::pair<std::string, std::string>> flag_values;
  api::BuildFacts build;
  // Called once, from a thread of the server, when /-/quit asks for the end; it should lead to
  // Stop().
  std::function<void()> on_quit;
};

// Owns all threads, the store and the sockets. Thread-safe.
class Server {
 public:
  // Reads the configuration, listens, and opens the store in the background: until that is done all
  // that needs it answers 503. Errors: kInvalidArgument  the configuration, an address,
  // external_url or cors_origin is malformed
  //         kNotFound, kIo    the configuration cannot be read
  //         kAlreadyExists    a port is in use
  //         those of webconfig::WebGuard::Open
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, Clock& clock = SystemClock());
  // Stop().
  virtual ~Server() = default;

  // Blocks until the store is open and scraping has begun.
  // Errors: kFailedPrecondition  another process has the storage folder; others of the store
  //         kCanceled            Stop() was called first
  virtual Status AwaitReady() = 0;

  // Of the first address.
  virtual std::uint16_t port() const = 0;

  // Reads the configuration and the web configuration file again; while the store is being opened, as soon as that is done. A file
  // that is wrong changes nothing.
  virtual Status Reload() = 0;

  // Answers what is under way, ends scraping, closes the store; less than five seconds. Idempotent.
  virtual void Stop() = 0;

 protected:
  Server() = default;
};

}  // namespace narthex::server
