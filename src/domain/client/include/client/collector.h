// Metrics that are made at the time of a scrape, from what is found then.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/labels.h"

namespace narthex::exposition {
struct MetricFamily;
}  // namespace narthex::exposition

namespace narthex::client {

struct Description {
  std::string name;  // of a counter: with its _total
  std::string help;
  std::string unit = {};
};

struct CollectedHistogram {
  std::vector<std::pair<double, double>> buckets;  // upper bound and cumulative count, ascending
  double count = 0;
  double sum = 0;
};

struct CollectedSummary {
  std::vector<std::pair<double, double>> quantiles;  // rank and value
  double count = 0;
  double sum = 0;
};

// Takes what a collector finds. Metrics of one name and type become one family. Names and labels
// that are malformed are left out and counted in metrics_client_refused_collected_total.
class FamilySink {
 public:
  FamilySink();
  ~FamilySink();
  FamilySink(const FamilySink&) = delete;
  FamilySink& operator=(const FamilySink&) = delete;

  void AddCounter(const Description& description, double value, Labels labels = {});
  void AddGauge(const Description& description, double value, Labels labels = {});
  void AddUntyped(const Description& description, double value, Labels labels = {});
  void AddHistogram(const Description& description, const CollectedHistogram& histogram,
                    Labels labels = {});
  void AddGaugeHistogram(const Description& description, const CollectedHistogram& histogram,
                         Labels labels = {});
  void AddSummary(const Description& description, const CollectedSummary& summary,
                  Labels labels = {});

  // What was taken, in the order of the first metric of each family.
  std::vector<exposition::MetricFamily>& families();

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

class Collector {
 public:
  virtual ~Collector() = default;
  // Called from the thread that gathers, one at a time. Must not register or unregister. What it
  // throws is counted in metrics_client_collector_errors_total, and loses what it had added.
  virtual void Collect(FamilySink& sink) = 0;
};

}  // namespace narthex::client
