// The simulated service together with its knobs, its stories and its restarts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "http/router.h"
#include "knobs.h"
#include "story.h"

namespace narthex::demo_exposer {

struct PlaygroundOptions {
  std::uint64_t seed = 42;
  std::string version = "unknown";
  std::string revision = "unknown";
};

// What a person wants turned; values within the bounds of their knobs.
struct KnobChanges {
  std::vector<std::pair<std::string, double>> values;
  std::optional<std::vector<double>> wave_points;
};

struct StoryState {
  const Story* story;
  double elapsed_seconds;
};

struct PlaygroundState {
  Knobs knobs;
  double increment_sum = 0;
  double memory_bytes = 0;
  std::uint64_t restart_count = 0;
  std::optional<StoryState> story;
};

// Moves in steps of LiveService::kStep; the same seed, steps and calls give the same metrics.
//
// Thread-safe: one lock, under which a step or a change is made; scrapes do not take it for longer
// than it takes to find the registry.
class Playground {
 public:
  // `clock` outlives the playground; it stamps the children of metrics, nothing moves by it.
  Playground(PlaygroundOptions options, const Clock& clock);
  ~Playground();
  Playground(const Playground&) = delete;
  Playground& operator=(const Playground&) = delete;

  void Step() EXCLUDES(mutex_);

  // All changes at once. A story that plays one of the knobs ends; another kind of histogram is a
  // new version of the program, hence a restart.
  void Turn(const KnobChanges& changes) EXCLUDES(mutex_);
  // All knobs to their defaults; a story ends.
  void Reset() EXCLUDES(mutex_);
  // Adds to demo_knob_increments_total.
  void Increment(double amount) EXCLUDES(mutex_);
  // The service begins anew: all counters at 0, no sessions, no leaked memory. Knobs stay.
  void Restart() EXCLUDES(mutex_);

  // In place of the one that plays. When a story ends, the knobs that it played are where they
  // were before it.
  // Errors: kNotFound  the message lists the names there are
  Status StartStory(std::string_view name) EXCLUDES(mutex_);
  void StopStory() EXCLUDES(mutex_);

  PlaygroundState state() const EXCLUDES(mutex_);
  AnswerMode answer() const EXCLUDES(mutex_);

  // The metrics as a scraper would get them if the service answered well.
  http::Response Expose(const http::Request& request) const EXCLUDES(mutex_);

 private:
  // The service from one start to the next.
  class Run;
  struct Playing {
    const Story* story;
    double elapsed_seconds;
    Knobs before;
  };

  std::shared_ptr<Run> NewRun() const REQUIRES(mutex_);
  void StepStory() REQUIRES(mutex_);
  void EndStory() REQUIRES(mutex_);
  void RestartLocked() REQUIRES(mutex_);

  const PlaygroundOptions options_;
  const Clock& clock_;

  mutable Mutex mutex_;
  Knobs knobs_ GUARDED_BY(mutex_);
  std::optional<Playing> playing_ GUARDED_BY(mutex_);
  double now_seconds_ GUARDED_BY(mutex_) = 0;
  std::uint64_t restart_count_ GUARDED_BY(mutex_) = 0;
  // Shared with scrapes under way, which read the old service to its end.
  std::shared_ptr<Run> run_ GUARDED_BY(mutex_);
};

}  // namespace narthex::demo_exposer
