// A target: where to fetch, how often, and which labels its series get.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/scrape_config.h"
#include "discovery/target_group.h"
#include "model/labels.h"

namespace narthex::scrape {

// Immutable once built.
struct Target {
  model::LabelSet discovered;  // before relabelling, with the labels every target of the job gets
  model::LabelSet labels;      // of its series: after relabelling, without those that begin with __
  std::string url;
  std::chrono::milliseconds interval{0};
  std::chrono::milliseconds timeout{0};
  std::string interval_text;  // as the label has it: "90s" stays "90s"
  std::string timeout_text;
  std::string unix_socket;              // path of the socket to connect to; empty: the URL's host
  config::HistogramOptions histograms;  // the job's, but for what the target's labels say
  // Two targets with the same identity are one: labels (also those with __, but not interval,
  // timeout and those on histograms) and URL. Stable over restarts: the moment of the scrape within
  // the interval follows from it.
  std::uint64_t identity = 0;
};

// What the groups of one job give.
struct TargetSet {
  std::vector<std::shared_ptr<const Target>>
      active;                            // shared with the loops and with readers of their state
  std::vector<model::LabelSet> dropped;  // by relabelling, as discovered
  std::vector<std::string> faults;       // targets that cannot be, with the reason
};

// Applies the job's defaults and relabel_configs; of targets with one identity the first counts.
// Source: Prometheus, "relabel_config" and "scrape_config"; spec 3.1.
TargetSet BuildTargets(const config::ScrapeConfig& config,
                       std::span<const discovery::TargetGroup> groups);

}  // namespace narthex::scrape
