// Scrapes all targets of all jobs, each at its times, into a store.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/scrape_config.h"
#include "discovery/target_group.h"
#include "http/client.h"
#include "model/metadata.h"
#include "scrape/features.h"
#include "scrape/target.h"
#include "storage/appender.h"

namespace narthex::client {
class Registry;
}

namespace narthex::scrape {

enum class Health { kUnknown, kUp, kDown };
// "unknown", "up", "down".
std::string_view HealthText(Health health);

// One target as it stands.
struct TargetState {
  std::string job_name;
  std::shared_ptr<const Target> target;  // shared with its loop
  Health health = Health::kUnknown;
  std::string last_error;
  std::optional<TimestampMs> last_scrape;  // empty: not scraped yet
  std::chrono::nanoseconds last_duration{0};
};

// Targets of one job that relabelling dropped.
struct DroppedTargets {
  std::string job_name;
  std::vector<model::LabelSet> discovered;  // as many as keep_dropped_targets allows; 0 is all
  std::size_t count = 0;                    // all of them
};

// A metric family as one target describes it.
struct TargetMetadata {
  std::shared_ptr<const Target> target;  // shared with its loop
  std::string metric;
  model::Metadata metadata;
};

// Thread-safe. A few threads serve any number of targets: one for the times, those of the HTTP
// client, which also parse and append, and workers for what that one does not do.
//
// A target's scrape time within its interval follows from its identity and `seed`, so it is the
// same after a restart. A reload keeps the loops of unchanged targets running. When a target goes,
// its series get staleness markers two intervals later; at Stop() none do.
class Manager {
 public:
  struct Options {
    http::ClientOptions http;
    std::uint64_t seed =
        0;  // moves all scrape times; different on servers that scrape the same targets
    std::size_t worker_count = 2;
    Features features;
  };
  // What the manager uses and does not own; all of it outlives the manager.
  struct Environment {
    storage::Appender& appender;
    Clock& clock;
    client::Registry& registry;
  };

  // Errors: those of http::Client::Make
  static Result<std::unique_ptr<Manager>> Make(Environment environment, Options options);
  virtual ~Manager() = default;

  // Replaces the jobs. What changed takes effect with the next SetGroups of the job; jobs that are
  // gone end now.
  virtual void Apply(const std::vector<config::ScrapeConfig>& jobs) = 0;
  // Replaces the groups of a job; unknown jobs are passed over.
  virtual void SetGroups(const std::string& job_name,
                         const std::vector<discovery::TargetGroup>& groups) = 0;

  // In order of jobs, then of URLs.
  virtual std::vector<std::string> job_names() const = 0;
  virtual std::vector<TargetState> targets() const = 0;
  virtual std::vector<DroppedTargets> dropped() const = 0;
  // Of all targets, or of the metric `metric` only.
  virtual std::vector<TargetMetadata> metadata(std::string_view metric) const = 0;

  // Ends everything, scrapes under way included; nothing is appended any more when this returns.
  // Idempotent.
  virtual void Stop() = 0;

 protected:
  Manager() = default;
};

}  // namespace narthex::scrape
