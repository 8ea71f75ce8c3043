// The values of a batch as bytes: which have changed, and by how much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wal/batch.h"

namespace narthex::wal {

// Samples of rows: row i has sizes[i] of them, or one if `sizes` is empty.
using RowSizes = std::span<const std::uint32_t>;

// Appends the bytes of `values`. Bases that are not known are taken as 0 with exponent 0.
void PutValues(std::string& out, std::span<const double> values, RowSizes sizes, ValueBases& bases);
std::size_t ValuesSizeMax(std::size_t count);

// Fills `values` from the front of `bytes` and removes what it took; false if they are malformed.
bool ReadValues(std::string_view& bytes, RowSizes sizes, ValueBases& bases,
                std::span<double> values);

// Tells bases from others, but for one case in four billions.
std::uint32_t BasesHash(const ValueBases& bases);

}  // namespace narthex::wal
