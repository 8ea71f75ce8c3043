#include "text_match.h"

#include <algorithm>

namespace narthex::dashapi {

bool ContainsFold(std::string_view text, std::string_view part) {
  const auto fold = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char a, char b) { return fold(a) == fold(b); }) != text.end();
}

bool EqualFold(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ContainsFold(a, b);
}

}  // namespace narthex::dashapi
