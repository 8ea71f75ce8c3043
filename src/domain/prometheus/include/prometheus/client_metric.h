// A metric at one instant, as a Collectable hands it out.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace prometheus {

// Of the values only the one of the family's type counts.
struct ClientMetric {
  struct Label {
    std::string name;
    std::string value;

    friend bool operator<(const Label& a, const Label& b) {
      return std::tie(a.name, a.value) < std::tie(b.name, b.value);
    }
    friend bool operator==(const Label& a, const Label& b) {
      return std::tie(a.name, a.value) == std::tie(b.name, b.value);
    }
  };
  struct Counter {
    double value = 0.0;
  };
  struct Gauge {
    double value = 0.0;
  };
  struct Info {
    double value = 1.0;
  };
  struct Quantile {
    double quantile = 0.0;
    double value = 0.0;
  };
  struct Summary {
    std::uint64_t sample_count = 0;
    double sample_sum = 0.0;
    std::vector<Quantile> quantile;
  };
  struct Bucket {
    std::uint64_t cumulative_count = 0;
    double upper_bound = 0.0;
  };
  struct Histogram {
    std::uint64_t sample_count = 0;
    double sample_sum = 0.0;
    std::vector<Bucket> bucket;
  };
  struct Untyped {
    double value = 0;
  };

  std::vector<Label> label;
  Counter counter;
  Gauge gauge;
  Info info;
  Summary summary;
  Histogram histogram;
  Untyped untyped;
  std::int64_t timestamp_ms = 0;  // 0: none
};

}  // namespace prometheus
