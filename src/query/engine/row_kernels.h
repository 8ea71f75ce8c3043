// Loops over the values of series that vector units do several at a time of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace narthex::engine {

// Whether one of the values is a staleness marker.
bool HasStale(std::span<const double> values);

// The positions of values that are lower than the one before, behind those in `positions`.
void AppendFalls(std::span<const double> values, std::vector<std::uint32_t>& positions);

// FloatSum::Add of terms[i] to the sum in sums[i] and compensations[i].
void AddCompensated(std::span<const double> terms, double* sums, double* compensations);

// Columns of a row's changes, as long as the row; see Extrapolation.
struct Changes {
  std::span<const double> first_value;
  std::span<const double> change;
  std::span<const double> sampled;
  std::span<const double> to_start;
  std::span<const double> factor;
};

// products[i] = change[i] * factor[i]. Whether the line through a window's first and last sample is
// at zero, with a rising value, less than to_start before the first.
bool Multiply(const Changes& columns, std::span<double> products);

}  // namespace narthex::engine
