// What to scrape and how: one entry of scrape_configs.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/http_client_config.h"
#include "model/labels.h"
#include "model/name_escaping.h"
#include "model/relabel.h"

namespace narthex::config {

// The formats a target may answer in, named as scrape_protocols names them.
enum class ScrapeProtocol {
  kPrometheusProto,
  kOpenMetricsText001,
  kOpenMetricsText100,
  kPrometheusText004,
  kPrometheusText100,
};
// "OpenMetricsText1.0.0" and so on.
std::string_view ScrapeProtocolName(ScrapeProtocol protocol);

// What a scrape may bring; 0 is no limit.
struct ScrapeLimits {
  std::uint64_t body_size_limit =
      0;                           // bytes, uncompressed; a body of exactly this size is too large
  std::uint64_t sample_limit = 0;  // after relabelling
  std::uint64_t label_limit = 0;
  std::uint64_t label_name_length_limit = 0;   // bytes
  std::uint64_t label_value_length_limit = 0;  // bytes
  std::uint64_t target_limit = 0;
  std::uint64_t keep_dropped_targets = 0;

  friend bool operator==(const ScrapeLimits&, const ScrapeLimits&) = default;
};

// The keys on native histograms.
struct HistogramOptions {
  bool scrape_native_histograms = false;
  bool convert_classic_histograms_to_nhcb = false;
  bool always_scrape_classic_histograms = false;
  std::uint64_t native_histogram_bucket_limit = 0;
  double native_histogram_min_bucket_factor = 0;

  friend bool operator==(const HistogramOptions&, const HistogramOptions&) = default;
};

// One entry of static_configs.
struct StaticConfig {
  std::vector<std::string> targets;  // addresses
  model::LabelSet labels;

  friend bool operator==(const StaticConfig&, const StaticConfig&) = default;
};

// One entry of file_sd_configs. Paths are resolved; each may hold one `*`, in its last part.
struct FileSdConfig {
  std::vector<std::string> files;
  std::chrono::milliseconds refresh_interval = std::chrono::minutes(5);

  friend bool operator==(const FileSdConfig&, const FileSdConfig&) = default;
};

// Complete: what the file leaves out has the value of `global` or its default.
struct ScrapeConfig {
  std::string job_name;
  std::chrono::milliseconds scrape_interval{0};
  std::chrono::milliseconds scrape_timeout{0};
  std::vector<ScrapeProtocol> scrape_protocols;
  std::optional<ScrapeProtocol> fallback_scrape_protocol;
  std::string metrics_path = "/metrics";
  std::string scheme = "http";
  std::map<std::string, std::vector<std::string>> params;
  bool honor_labels = false;
  bool honor_timestamps = true;
  bool track_timestamps_staleness = false;
  bool enable_compression = true;
  bool extra_scrape_metrics = false;
  std::string scrape_failure_log_file;
  ScrapeLimits limits;
  HistogramOptions histograms;
  model::NameValidation metric_name_validation_scheme = model::NameValidation::kUtf8;
  model::NameEscaping metric_name_escaping_scheme = model::NameEscaping::kNone;
  HttpClientConfig http;
  std::vector<model::RelabelConfig> relabel_configs;
  std::vector<model::RelabelConfig> metric_relabel_configs;
  std::vector<StaticConfig> static_configs;
  std::vector<FileSdConfig> file_sd_configs;

  friend bool operator==(const ScrapeConfig&, const ScrapeConfig&) = default;
};

}  // namespace narthex::config
