// A service that does not exist, and its metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include "client/registry.h"
#include "knobs.h"
#include "random.h"

namespace narthex::demo_exposer {

// Moves on in steps of kStep. The same seed, knobs and number of steps give the same metrics. Not
// synchronised; the metrics may be gathered while it steps.
class LiveService {
 public:
  // Short enough that a gauge scraped each second is new each time.
  static constexpr std::chrono::milliseconds kStep{200};

  // The waves of its load are at `start_seconds`: a restart does not change what the world wants.
  LiveService(client::Registry& registry, std::uint64_t seed, double start_seconds = 0,
              HistogramKind histogram = HistogramKind::kClassic);

  void Step(const Knobs& knobs = {});

 private:
  struct Route {
    std::string method;
    std::string path;
    double weight;
    double median_seconds;  // of its answers on a quiet day
    double median_bytes;
  };
  struct Job {
    std::string queue;
    double arrivals_per_second;
    double capacity_per_second;
    double failure_share;
    double length = 0;
    double unfinished = 0;  // of the next job, what is already done
  };
  struct Room {
    std::string name;
    double mean;
    double swing;
    double noise;
    double delay_days;  // of its warmest hour
    double deviation = 0;
  };
  struct Answer {
    double at_seconds;
    double duration_seconds;
    std::size_t route;
    bool is_failure;

    bool operator>(const Answer& other) const { return at_seconds > other.at_seconds; }
  };
  // Something that begins now and then and lasts a while.
  struct Episode {
    double mean_pause_seconds;
    double least_seconds;
    double most_seconds;
    double until_seconds = 0;
  };

  bool IsIn(Episode& episode);
  double Load();
  void StartRequests(const Knobs& knobs, double load);
  std::size_t PickRoute();
  void FinishRequests();
  std::string Code(const Answer& answer);
  void WorkOnQueues(double load);
  void ReadThermometers();

  Random random_;
  double now_seconds_;
  std::vector<Route> routes_;
  std::vector<Job> jobs_;
  std::vector<Room> rooms_;
  Episode burst_;
  Episode incident_;
  std::priority_queue<Answer, std::vector<Answer>, std::greater<>> under_way_;

  client::Family<client::Counter>& requests_;
  client::Family<client::Histogram>& durations_;
  client::Gauge& in_progress_;
  client::Family<client::Gauge>& temperature_;
  client::Family<client::Gauge>& queue_length_;
  client::Family<client::Counter>& jobs_processed_;
  client::Summary& payload_;
};

}  // namespace narthex::demo_exposer
