#include "natural_order.h"

namespace narthex::engine {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digits at the front of `text`, cut off; leading zeros do not count.
std::string_view TakeNumber(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && IsDigit(text[size])) ++size;
  std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

std::strong_ordering CompareNaturally(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a;
  const std::string_view whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (IsDigit(a[0]) && IsDigit(b[0])) {
      const std::string_view number_a = TakeNumber(a);
      const std::string_view number_b = TakeNumber(b);
      if (number_a.size() != number_b.size()) return number_a.size() <=> number_b.size();
      if (number_a != number_b) return number_a <=> number_b;
      continue;
    }
    if (a[0] != b[0]) return static_cast<unsigned char>(a[0]) <=> static_cast<unsigned char>(b[0]);
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  if (a.size() != b.size()) return a.size() <=> b.size();
  return whole_a <=> whole_b;
}

}  // namespace narthex::engine
