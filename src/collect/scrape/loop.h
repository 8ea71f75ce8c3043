// The scrapes of one target, one after the other.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "http/client.h"
#include "io/worker_pool.h"
#include "metadata_cache.h"
#include "metrics.h"
#include "sample_labels.h"
#include "scheduler.h"
#include "scrape/manager.h"
#include "scrape/target.h"
#include "target_writer.h"

namespace narthex::scrape {

// What all loops share; owned by the manager, which outlives them.
struct LoopServices {
  storage::Appender& appender;
  Clock& clock;
  http::Client& client;
  Scheduler& scheduler;
  io::WorkerPool& workers;
  Metrics& metrics;
  std::uint64_t seed;
  std::stop_token canceled;  // the server stops: no more appends, no markers
};

// Thread-safe. Kept alive by its manager and by the scrape or the end under way.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(const LoopServices& services, std::shared_ptr<const JobRules> rules,
       std::shared_ptr<const Target> target);

  void Start() EXCLUDES(mutex_);
  // Takes effect with the next scrape. `target` has the same identity. `forced_error`, if not
  // empty, is why every scrape fails without a fetch.
  void Update(std::shared_ptr<const JobRules> rules, std::shared_ptr<const Target> target,
              std::string forced_error) EXCLUDES(mutex_);
  // No more scrapes; markers when two more would have been.
  void End() EXCLUDES(mutex_);

  TargetState state() const EXCLUDES(mutex_);
  std::shared_ptr<const MetadataMap> metadata() const { return metadata_.snapshot(); }

 private:
  // One scrape on its way.
  struct Flight {
    std::shared_ptr<Loop> self;  // keeps the loop until the scrape has ended
    std::shared_ptr<const JobRules> rules;
    std::shared_ptr<const Target> target;
    std::string forced_error;
    bool is_reconfigured = false;  // series must be resolved anew
    model::TimestampMs time = 0;
    std::chrono::nanoseconds started{0};
  };
  // What is fetched again and again, and for which rules and target.
  struct Source {
    std::shared_ptr<const JobRules> rules;
    std::string url;
    std::chrono::milliseconds timeout{0};
    std::unique_ptr<http::RepeatedGet> get;
  };

  void ScheduleFirst() REQUIRES(mutex_);
  void ScheduleTick() REQUIRES(mutex_);
  model::TimestampMs AlignedTime() REQUIRES(mutex_);
  void Tick(std::uint64_t epoch) EXCLUDES(mutex_);
  // The steps of the flight, by whoever has set is_in_flight_.
  void Fetch() EXCLUDES(mutex_);
  Status SetSource();
  void FetchOnce() EXCLUDES(mutex_);
  void Submit(Result<http::ClientResponse> response) EXCLUDES(mutex_);
  void Write(const Result<http::AnswerView>& answer) EXCLUDES(mutex_);
  void Count(const ScrapeOutcome& outcome);
  // Both end the flight.
  void Note(const ScrapeOutcome& outcome) EXCLUDES(mutex_);
  void Finish() EXCLUDES(mutex_);
  void WriteEnd(model::TimestampMs time) EXCLUDES(mutex_);

  const LoopServices services_;

  MetadataCache metadata_;
  // Used only by who has set is_in_flight_.
  TargetWriter writer_;
  Flight flight_;
  Source source_;
  std::string noted_error_;  // the last one logged

  mutable Mutex mutex_;
  std::shared_ptr<const JobRules> rules_ GUARDED_BY(mutex_);
  std::shared_ptr<const Target> target_ GUARDED_BY(mutex_);
  std::string forced_error_ GUARDED_BY(mutex_);
  bool is_reconfigured_ GUARDED_BY(mutex_) = true;
  bool is_in_flight_ GUARDED_BY(mutex_) = false;
  bool has_started_ GUARDED_BY(mutex_) = false;         // a scrape has been on its way
  std::uint64_t epoch_ GUARDED_BY(mutex_) = 0;          // ticks of an older epoch do nothing
  std::chrono::nanoseconds due_ GUARDED_BY(mutex_){0};  // of the next tick
  model::TimestampMs aligned_ GUARDED_BY(mutex_) = 0;   // wall time of the slot of the next tick
  std::chrono::nanoseconds last_tick_ GUARDED_BY(mutex_){-1};
  client::Summary* interval_length_ GUARDED_BY(mutex_) = nullptr;  // that of the target's interval
  Health health_ GUARDED_BY(mutex_) = Health::kUnknown;
  std::string last_error_ GUARDED_BY(mutex_);
  std::optional<TimestampMs> last_scrape_ GUARDED_BY(mutex_);
  std::chrono::nanoseconds last_duration_ GUARDED_BY(mutex_){0};
};

}  // namespace narthex::scrape
