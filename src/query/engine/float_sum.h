// Summation that does not lose the small terms.
#pragma once

#include <cmath>
#include <limits>

namespace narthex::engine {

// A sum and its compensation.
// Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen
// (1974).
struct FloatSum {
  double sum = 0;
  double compensation = 0;

  void Add(double term) {
    const double total = sum + term;
    if (std::isinf(total)) {
      compensation = 0;
    } else if (std::fabs(sum) >= std::fabs(term)) {
      compensation += (sum - total) + term;
    } else {
      compensation += (term - total) + sum;
    }
    sum = total;
  }
  double value() const { return sum + compensation; }
};

// A mean that stays finite where the sum would not.
class FloatMean {
 public:
  void Add(double term) {
    count_ += 1;
    if (count_ == 1) {
      sum_.sum = term;
      return;
    }
    if (!is_incremental_) {
      FloatSum next = sum_;
      next.Add(term);
      if (!std::isinf(next.sum)) {
        sum_ = next;
        return;
      }
      is_incremental_ = true;
      sum_.sum /= count_ - 1;
      sum_.compensation /= count_ - 1;
    }
    const double weight = (count_ - 1) / count_;
    sum_.sum *= weight;
    sum_.compensation *= weight;
    sum_.Add(term / count_);
  }

  double value() const {
    if (is_incremental_) return sum_.value();
    return sum_.sum / count_ + sum_.compensation / count_;
  }

 private:
  FloatSum sum_;  // of the terms, or the mean itself once it is incremental
  double count_ = 0;
  bool is_incremental_ = false;
};

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace narthex::engine
