// Random numbers that are the same on every machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace narthex::demo_exposer {

// Not for anything that must be unpredictable. Not synchronised.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // SplitMix64. Source: https://prng.di.unimi.it/splitmix64.c (public domain)
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // From 0 to below 1: the 53 bits that a double holds.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  double Uniform(double from, double until) { return from + (until - from) * Uniform(); }
  bool Chance(double probability) { return Uniform() < probability; }

  // Mean 0, deviation 1 (Box and Muller).
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
    return radius * std::cos(2 * std::numbers::pi * Uniform());
  }

  // Around `median`; `spread` is the deviation of the logarithm.
  double LogNormal(double median, double spread) { return median * std::exp(spread * Normal()); }

  // How many of something that happens `mean` times on average (Knuth); for small means.
  int Poisson(double mean) {
    const double limit = std::exp(-mean);
    int count = 0;
    for (double product = Uniform(); product > limit; product *= Uniform()) ++count;
    return count;
  }

 private:
  std::uint64_t state_;
};

}  // namespace narthex::demo_exposer
