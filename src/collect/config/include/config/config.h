// prometheus.yml as plain structs.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/scrape_config.h"
#include "model/labels.h"
#include "yaml/node.h"

namespace narthex::config {

struct GlobalConfig {
  std::chrono::milliseconds scrape_interval = std::chrono::minutes(1);
  std::chrono::milliseconds scrape_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds evaluation_interval = std::chrono::minutes(1);
  std::chrono::milliseconds rule_query_offset{0};
  std::vector<ScrapeProtocol> scrape_protocols;  // empty: the default order
  model::LabelSet external_labels;               // environment variables expanded
  std::string query_log_file;
  std::string scrape_failure_log_file;
  ScrapeLimits limits;
  HistogramOptions histograms;
  bool extra_scrape_metrics = false;
  model::NameValidation metric_name_validation_scheme = model::NameValidation::kUtf8;
  std::optional<model::NameEscaping> metric_name_escaping_scheme;
};

// storage; what is empty is left to the command line.
struct StorageConfig {
  std::chrono::milliseconds out_of_order_time_window{0};
  std::optional<std::chrono::milliseconds> retention_time;
  std::optional<std::uint64_t> retention_size_bytes;
  double retention_percentage = 0;
  // storage.exemplars.max_exemplars; 0 or less: none are kept.
  double exemplar_count_max = 100'000;
};

struct Config {
  GlobalConfig global;
  StorageConfig storage;
  std::vector<std::string> rule_files;  // patterns, resolved
  std::vector<ScrapeConfig> scrape_configs;
  // The file as it is in force: defaults filled in, secrets replaced by <secret>. For showing.
  yaml::Node effective;
};

}  // namespace narthex::config
