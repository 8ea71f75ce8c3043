// Pages of decimals: values as integers times a power of ten, and those that are none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "chunk/page.h"

namespace narthex::chunk {

struct Decimals {
  int exponent = 0;
  std::size_t exception_count = 0;
  bool is_stale_only = true;  // of the exceptions
  // At exceptions the integer before, which costs no residual.
  std::array<std::int64_t, kPageSampleCountMax> integers;
  std::array<std::uint16_t, kPageSampleCountMax> exceptions;
};

// Finds the exponent for which a page of `values` becomes smallest. False if too many of them are
// no decimals of any. `change_count` values differ from the one before.
bool FindDecimals(std::span<const double> values, std::size_t change_count, Decimals& decimals);

// The bytes before the integer column of a page of decimals.
std::size_t DecimalHeadSize(const Decimals& decimals);
void PutDecimalHead(std::span<const double> values, const Decimals& decimals, std::string& out);

}  // namespace narthex::chunk
