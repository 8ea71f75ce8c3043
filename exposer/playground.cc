#include "playground.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "client/process_collector.h"
#include "client/registry.h"
#include "exposer/metrics_handler.h"
#include "knob_metrics.h"
#include "live_service.h"

namespace narthex::demo_exposer {
namespace {

constexpr double kStepSeconds = std::chrono::duration<double>(LiveService::kStep).count();
// Steps are not exact in binary: a frame of a story at 30 s is due at 29.9999.
constexpr double kTolerance = kStepSeconds / 1000;

}  // namespace

class Playground::Run {
 public:
  struct Start {
    std::uint64_t seed;
    double seconds;
    HistogramKind histogram;
  };

  Run(const PlaygroundOptions& options, const Start& start, const Clock& clock)
      : registry_(clock),
        process_(registry_.Register(client::MakeProcessCollector())),
        histogram_(start.histogram),
        service_(registry_, start.seed, start.seconds, start.histogram),
        knob_metrics_(registry_),
        metrics_handler_(exposer::MetricsHandler(registry_)) {
    client::AddBuildInfo(registry_, "demo_build_info",
                         {{"version", options.version}, {"revision", options.revision}});
  }

  void Step(const Knobs& knobs, double now_seconds) {
    service_.Step(knobs);
    knob_metrics_.Step(knobs, kStepSeconds, now_seconds);
  }

  HistogramKind histogram() const { return histogram_; }
  KnobMetrics& knob_metrics() { return knob_metrics_; }
  http::Response Expose(const http::Request& request) const { return metrics_handler_(request); }

 private:
  client::Registry registry_;
  client::Registration process_;
  const HistogramKind histogram_;
  LiveService service_;
  KnobMetrics knob_metrics_;
  http::Handler metrics_handler_;
};

Playground::Playground(PlaygroundOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  MutexLock lock(mutex_);
  run_ = NewRun();
}

Playground::~Playground() = default;

std::shared_ptr<Playground::Run> Playground::NewRun() const {
  const Run::Start start{options_.seed + restart_count_, now_seconds_, knobs_.histogram};
  return std::make_shared<Run>(options_, start, clock_);
}

void Playground::Step() {
  MutexLock lock(mutex_);
  now_seconds_ += kStepSeconds;
  if (playing_) StepStory();
  run_->Step(knobs_, now_seconds_);
}

void Playground::StepStory() {
  const Story& story = *playing_->story;
  const double before = playing_->elapsed_seconds;
  const double now = before + kStepSeconds;
  playing_->elapsed_seconds = now;
  for (const Track& track : story.tracks) {
    demo_exposer::Turn(knobs_, track.knob, track.At(now + kTolerance));
  }
  const bool is_restart_due =
      std::any_of(story.restarts_at_seconds.begin(), story.restarts_at_seconds.end(),
                  [&](double at) { return before + kTolerance < at && at <= now + kTolerance; });
  if (is_restart_due) RestartLocked();
  if (now + kTolerance >= story.duration_seconds) EndStory();
}

void Playground::EndStory() {
  if (!playing_) return;
  for (const Track& track : playing_->story->tracks) {
    demo_exposer::Turn(knobs_, track.knob, ReadKnob(playing_->before, track.knob));
  }
  playing_.reset();
}

void Playground::Turn(const KnobChanges& changes) {
  MutexLock lock(mutex_);
  const bool ends_story = playing_ && std::any_of(changes.values.begin(), changes.values.end(),
                                                  [this](const auto& change) REQUIRES(mutex_) {
                                                    return playing_->story->Plays(change.first);
                                                  });
  if (ends_story) EndStory();
  for (const auto& [name, value] : changes.values) demo_exposer::Turn(knobs_, name, value);
  if (changes.wave_points) knobs_.wave_points = *changes.wave_points;
  if (knobs_.histogram != run_->histogram()) RestartLocked();
}

void Playground::Reset() {
  MutexLock lock(mutex_);
  playing_.reset();
  knobs_ = {};
  if (knobs_.histogram != run_->histogram()) RestartLocked();
}

void Playground::Increment(double amount) {
  MutexLock lock(mutex_);
  run_->knob_metrics().Increment(amount);
}

void Playground::Restart() {
  MutexLock lock(mutex_);
  RestartLocked();
}

void Playground::RestartLocked() {
  ++restart_count_;
  run_ = NewRun();
}

Status Playground::StartStory(std::string_view name) {
  const Story* const story = FindStory(name);
  if (story == nullptr) {
    std::string names;
    for (const Story& known : Stories()) {
      names += (names.empty() ? "" : ", ") + std::string(known.name);
    }
    return Error{ErrorCode::kNotFound, fmt::format("no story \"{}\"; there are {}", name, names)};
  }
  MutexLock lock(mutex_);
  EndStory();
  playing_ = Playing{story, 0, knobs_};
  return Ok();
}

void Playground::StopStory() {
  MutexLock lock(mutex_);
  EndStory();
}

PlaygroundState Playground::state() const {
  MutexLock lock(mutex_);
  PlaygroundState state{knobs_, run_->knob_metrics().increment_sum(),
                        run_->knob_metrics().memory_bytes(), restart_count_, std::nullopt};
  if (playing_) state.story = StoryState{playing_->story, playing_->elapsed_seconds};
  return state;
}

AnswerMode Playground::answer() const {
  MutexLock lock(mutex_);
  return knobs_.answer;
}

http::Response Playground::Expose(const http::Request& request) const {
  std::shared_ptr<Run> run;
  {
    MutexLock lock(mutex_);
    run = run_;
  }
  // Whole, because the run may have ended by the time a stream was sent.
  return exposer::WithWholeBody(run->Expose(request));
}

}  // namespace narthex::demo_exposer
