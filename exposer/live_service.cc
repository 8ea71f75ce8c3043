#include "live_service.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "latency.h"

namespace narthex::demo_exposer {
namespace {

constexpr double kStepSeconds = std::chrono::duration<double>(LiveService::kStep).count();
// Requests per second between the waves.
constexpr double kQuietRate = 20;
// A day of the thermometers: short, so that a graph of an hour shows three.
constexpr double kDaySeconds = 20 * 60;
// A full queue turns jobs away.
constexpr double kQueueLengthMax = 10'000;
// How fast a room forgets a draught, per step.
constexpr double kNoisePersistence = 0.98;

std::string_view SuccessCode(std::string_view method) { return method == "POST" ? "201" : "200"; }

// From -1 to 1.
double Wave(double seconds, double period_seconds) {
  return std::sin(2 * std::numbers::pi * seconds / period_seconds);
}

client::FamilyOptions Options(std::string name, std::string help, std::string unit,
                              std::vector<std::string> label_names) {
  client::FamilyOptions options;
  options.name = std::move(name);
  options.help = std::move(help);
  options.unit = std::move(unit);
  options.label_names = std::move(label_names);
  return options;
}

client::HistogramOptions Buckets(HistogramKind kind) {
  client::HistogramOptions options;
  if (kind != HistogramKind::kClassic) options.native = client::NativeOptions();
  if (kind == HistogramKind::kNative) options.bounds.clear();
  return options;
}

}  // namespace

LiveService::LiveService(client::Registry& registry, std::uint64_t seed, double start_seconds,
                         HistogramKind histogram)
    : random_(seed),
      now_seconds_(start_seconds),
      routes_({{"GET", "/", 0.25, 0.020, 6'000},
               {"GET", "/api/items", 0.35, 0.060, 2'500},
               {"GET", "/api/search", 0.20, 0.180, 9'000},
               {"POST", "/api/orders", 0.15, 0.250, 900},
               {"DELETE", "/api/orders", 0.05, 0.090, 150}}),
      jobs_({{"email", 3.0, 4.5, 0.01},
             {"thumbnails", 6.0, 8.0, 0.03},
             {"billing", 0.8, 1.4, 0.002}}),
      rooms_({{"kitchen", 21, 2.5, 0.25, 0.10},
              {"office", 22, 1.5, 0.10, 0.00},
              {"cellar", 13, 0.6, 0.04, 0.30},
              {"roof", 16, 9.0, 0.40, 0.05}}),
      burst_{90, 10, 25},
      incident_{240, 20, 40},
      requests_(registry.NewCounter(Options("demo_http_requests_total", "Requests answered.", "",
                                            {"method", "path", "code"}))),
      durations_(registry.NewHistogram(
          Options("demo_http_request_duration_seconds",
                  "Time from a request to its answer, in seconds.", "seconds", {"path"}),
          Buckets(histogram))),
      in_progress_(registry
                       .NewGauge(Options("demo_http_requests_in_progress",
                                         "Requests that wait for their answer.", "", {}))
                       .With()),
      temperature_(registry.NewGauge(Options("demo_temperature_celsius",
                                             "Temperature of a room, in degrees Celsius.",
                                             "celsius", {"room"}))),
      queue_length_(registry.NewGauge(
          Options("demo_queue_length", "Jobs that wait in a queue.", "", {"queue"}))),
      jobs_processed_(registry.NewCounter(Options("demo_jobs_processed_total",
                                                  "Jobs taken from a queue, by result.", "",
                                                  {"queue", "result"}))),
      payload_(
          registry
              .NewSummary(Options("demo_payload_bytes", "Size of answers, in bytes.", "bytes", {}))
              .With()) {
  // Shown from 0 on, so that the first increase counts.
  for (const Route& route : routes_) {
    durations_.With({route.path});
    requests_.With({route.method, route.path, SuccessCode(route.method)});
    requests_.With({route.method, route.path, "500"});
  }
  for (const Job& job : jobs_) {
    queue_length_.With({job.queue});
    jobs_processed_.With({job.queue, "success"});
    jobs_processed_.With({job.queue, "failure"});
  }
  ReadThermometers();
}

void LiveService::Step(const Knobs& knobs) {
  now_seconds_ += kStepSeconds;
  const double load = Load() * knobs.traffic;
  StartRequests(knobs, load);
  FinishRequests();
  WorkOnQueues(load);
  ReadThermometers();
}

bool LiveService::IsIn(Episode& episode) {
  if (now_seconds_ < episode.until_seconds) return true;
  if (!random_.Chance(kStepSeconds / episode.mean_pause_seconds)) return false;
  episode.until_seconds =
      now_seconds_ + random_.Uniform(episode.least_seconds, episode.most_seconds);
  return true;
}

// 1 on average: two waves that drift against each other, and bursts.
double LiveService::Load() {
  const double waves = 1 + 0.45 * Wave(now_seconds_, 180) + 0.2 * Wave(now_seconds_, 47);
  return IsIn(burst_) ? waves * 2.5 : waves;
}

std::size_t LiveService::PickRoute() {
  double rest = random_.Uniform();
  for (std::size_t i = 0; i + 1 < routes_.size(); ++i) {
    rest -= routes_[i].weight;
    if (rest < 0) return i;
  }
  return routes_.size() - 1;
}

void LiveService::StartRequests(const Knobs& knobs, double load) {
  const bool has_incident = IsIn(incident_);
  const double failure_share = (has_incident ? 0.12 : 0.008) + knobs.error_ratio;
  // The busier, the slower; an incident slows down everything.
  const double slowness = (0.7 + 0.4 * load) * (has_incident ? 2.2 : 1);
  for (int i = random_.Poisson(kQuietRate * load * kStepSeconds); i > 0; --i) {
    const std::size_t route = PickRoute();
    const double duration = DrawLatency(random_, knobs, routes_[route].median_seconds * slowness);
    const double start = now_seconds_ - random_.Uniform(0, kStepSeconds);
    under_way_.push({start + duration, duration, route, random_.Chance(failure_share)});
  }
}

void LiveService::FinishRequests() {
  while (!under_way_.empty() && under_way_.top().at_seconds <= now_seconds_) {
    const Answer answer = under_way_.top();
    under_way_.pop();
    const Route& route = routes_[answer.route];
    requests_.With({route.method, route.path, Code(answer)}).Increment();
    durations_.With({route.path}).Observe(answer.duration_seconds);
    payload_.Observe(std::round(random_.LogNormal(route.median_bytes, 0.8)));
  }
  in_progress_.Set(static_cast<double>(under_way_.size()));
}

std::string LiveService::Code(const Answer& answer) {
  if (answer.is_failure) return random_.Chance(0.7) ? "500" : "503";
  const std::string& method = routes_[answer.route].method;
  const bool is_refused = random_.Chance(0.03);
  if (is_refused) return method == "POST" ? "400" : "404";
  return std::string(SuccessCode(method));
}

void LiveService::WorkOnQueues(double load) {
  for (Job& job : jobs_) {
    job.length += random_.Poisson(job.arrivals_per_second * load * kStepSeconds);
    job.length = std::min(job.length, kQueueLengthMax);
    const double capacity = job.unfinished + job.capacity_per_second * kStepSeconds;
    const double done = std::min(job.length, std::floor(capacity));
    // An idle worker does not save its time for later.
    job.unfinished = done < std::floor(capacity) ? 0 : capacity - done;
    job.length -= done;
    for (int i = static_cast<int>(done); i > 0; --i) {
      const bool has_failed = random_.Chance(job.failure_share);
      jobs_processed_.With({job.queue, has_failed ? "failure" : "success"}).Increment();
    }
    queue_length_.With({job.queue}).Set(job.length);
  }
}

void LiveService::ReadThermometers() {
  for (Room& room : rooms_) {
    const double day = now_seconds_ / kDaySeconds - room.delay_days;
    room.deviation = kNoisePersistence * room.deviation + 0.2 * room.noise * random_.Normal();
    const double degrees = room.mean + room.swing * Wave(day, 1) + room.deviation;
    // A thermometer with one tenth of a degree.
    temperature_.With({room.name}).Set(std::round(degrees * 10) / 10);
  }
}

}  // namespace narthex::demo_exposer
