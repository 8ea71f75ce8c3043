// What the API answers from: the server as its handlers see it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/matcher.h"
#include "model/relabel.h"
#include "model/sample.h"

namespace narthex::engine {
class Engine;
}
namespace narthex::head {
struct Cardinality;
}
namespace narthex::scrape {
class Manager;
}
namespace narthex::storage {
class ExemplarQueryable;
class Queryable;
}  // namespace narthex::storage

namespace narthex::api {

// Facts that do not change while the process runs.
struct BuildFacts {
  std::string version;  // the version of Prometheus whose API this is
  std::string revision;
  std::string branch;
  std::string build_user;
  std::string build_date;
  std::string runtime_version;
};

struct RuntimeFacts {
  TimestampMs started = 0;
  std::string working_directory;
  std::string hostname;
  bool was_reload_successful = true;
  TimestampMs config_loaded = 0;
  std::uint64_t corruption_count = 0;
  std::size_t thread_count = 0;
  std::size_t processor_count = 0;
  std::string storage_retention;  // "15d or 10GB"
};

struct HeadFacts {
  std::uint64_t series_count = 0;
  std::uint64_t label_pair_count = 0;
  std::uint64_t chunk_count = 0;
  TimestampMs from = 0;
  TimestampMs until = 0;
};

// One block on disk, samples in [from, until).
struct BlockFacts {
  std::string id;
  TimestampMs from = 0;
  TimestampMs until = 0;
  std::uint64_t sample_count = 0;
  std::uint64_t series_count = 0;
  std::uint64_t chunk_count = 0;
  std::uint64_t tombstone_count = 0;
  std::uint32_t level = 1;
  std::vector<std::string> sources;  // ids of the blocks it was made of
};

enum class SnapshotHead { kIncluded, kLeftOut };

// Thread-safe. Outlives the router that its handlers are in.
class Backend {
 public:
  virtual ~Backend() = default;

  // False while the store is being opened and while the server stops.
  virtual bool is_ready() const = 0;
  virtual bool is_stopping() const = 0;

  // These only while is_ready(); what they give stays until the last handler has returned.
  virtual storage::Queryable& store() = 0;
  virtual storage::ExemplarQueryable& exemplars() = 0;
  virtual engine::Engine& engine() = 0;
  virtual const scrape::Manager& scrape() const = 0;
  virtual HeadFacts head() const = 0;
  // In order of time.
  virtual std::vector<BlockFacts> blocks() const = 0;
  virtual head::Cardinality cardinality(std::size_t limit) const = 0;

  // Hides the samples of `range` of the series that all matchers accept.
  virtual Status DeleteSeries(model::TimeRange range, std::span<const model::Matcher> matchers) = 0;
  // Frees the room that hidden samples take. Errors: kCanceled  stopped half-way
  virtual Status CleanTombstones(std::stop_token stop) = 0;
  // Gives the name of the snapshot.
  virtual Result<std::string> Snapshot(SnapshotHead head) = 0;

  // The rules that make labels of targets of what is discovered.
  // Errors: kNotFound  there is no such job
  virtual Result<std::vector<model::RelabelRule>> relabel_rules(std::string_view job) const = 0;
  virtual std::string config_yaml() const = 0;
  // Whether the configuration names rules or alert receivers, which nothing here evaluates or
  // serves.
  virtual bool has_rules() const = 0;
  virtual bool has_alerting() const = 0;
  virtual std::vector<std::pair<std::string, std::string>> flags() const = 0;
  virtual RuntimeFacts runtime() const = 0;
  virtual BuildFacts build() const = 0;

  // Errors: why the configuration was not taken; the old one stays
  virtual Status Reload() = 0;
  // Asks the process to end; returns at once.
  virtual void RequestStop() = 0;
};

}  // namespace narthex::api
