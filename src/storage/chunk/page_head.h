// The first byte of a page: how its values are made from what follows.
#pragma once

#include <cstdint>
#include <string>

namespace narthex::chunk {

enum Map : std::uint8_t {
  kConstantRaw = 0,
  kConstantInteger = 1,
  kDecimal = 2,            // an integer column over a power of ten
  kDecimalExceptions = 3,  // and values that are none
  kOrderedBits = 4,
  kRealDoubles = 5,
  kDecimalCorrected = 6,
  kParent = 7,
  kDictionary = 8,
};

// The exponent of kOrderedBits that says: eight bytes a value.
inline constexpr int kRawExponent = 15;

inline void PutHead(Map map, int exponent, std::string& out) {
  out.push_back(static_cast<char>(map | exponent << 4));
}

}  // namespace narthex::chunk
