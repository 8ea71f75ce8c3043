#include "base/number.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace narthex {
namespace {

// The longest plain form: a sign, "0.", 323 zeros and 17 digits (the smallest denormal).
constexpr std::size_t kPlainSizeMax = 352;

// Whole numbers from 2^53 on. std::to_chars writes all their digits where Go fills up the shortest
// ones that read back as the same double with zeros.
void AppendLarge(std::string& out, double value) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(end.ptr - buffer));
  const std::size_t mark = text.find('e');
  std::size_t exponent = 0;
  std::from_chars(text.data() + mark + 2, text.data() + text.size(), exponent);  // behind the "e+"
  std::size_t digit_count = 0;
  for (const char c : text.substr(0, mark)) {
    if (c == '.') continue;
    out.push_back(c);
    if (c != '-') ++digit_count;
  }
  out.append(exponent + 1 - digit_count, '0');
}

// Values of up to six decimals and 15 digits, which is what most are that somebody measured. False,
// and nothing is done, for all others.
//
// A decimal of 15 digits is the only one of so many that reads as its double, so it is the shortest
// once its zeros are gone.
bool AppendShortDecimal(std::string& out, double value) {
  constexpr double kScale = 1e6;
  const double size = std::fabs(value);
  if (!(size < 1e9)) return false;
  const double scaled = std::nearbyint(size * kScale);
  if (scaled / kScale != size || scaled == 0) return false;
  const auto digits = static_cast<std::uint64_t>(scaled);
  char buffer[32];
  char* end = buffer;
  if (value < 0) *end++ = '-';
  end = std::to_chars(end, buffer + sizeof buffer, digits / 1'000'000).ptr;
  auto fraction = static_cast<unsigned>(digits % 1'000'000);
  if (fraction != 0) {
    *end++ = '.';
    for (int place = 5; place >= 0; --place) {
      end[place] = static_cast<char>('0' + fraction % 10);
      fraction /= 10;
    }
    end += 6;
    while (end[-1] == '0') --end;
  }
  out.append(buffer, end);
  return true;
}

void AppendPlain(std::string& out, double value) {
  if (std::fabs(value) >= 0x1p53) return AppendLarge(out, value);
  if (AppendShortDecimal(out, value)) return;
  char buffer[kPlainSizeMax];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  out.append(buffer, end.ptr);
}

void AppendScientific(std::string& out, double value) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  out.append(buffer, end.ptr);
}

// Lower case of ASCII letters; everything else as it is.
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool IsWord(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (Lower(text[i]) != word[i]) return false;
  }
  return true;
}

// Whether decimal digits (or hexadecimal ones after 0x) stand where a number must begin.
bool StartsLikeNumber(std::string_view text) {
  return !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '.');
}

std::optional<double> ParseUnsigned(std::string_view text) {
  if (IsWord(text, "inf") || IsWord(text, "infinity")) {
    return std::numeric_limits<double>::infinity();
  }
  if (IsWord(text, "nan")) return std::numeric_limits<double>::quiet_NaN();

  auto format = std::chars_format::general;
  if (text.size() > 2 && text[0] == '0' && Lower(text[1]) == 'x') {
    // Hexadecimal floats need their exponent, as Go has it; from_chars does not ask for it.
    if (text.find_first_of("pP") == std::string_view::npos) return std::nullopt;
    format = std::chars_format::hex;
    text.remove_prefix(2);
  } else if (!StartsLikeNumber(text)) {
    return std::nullopt;
  }
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [ptr, error] = std::from_chars(text.data(), end, value, format);
  if (ptr != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Too small rounds to zero, too large to infinity; the exponent's sign tells which.
    const std::size_t exponent = text.find_first_of(format == std::chars_format::hex ? "pP" : "eE");
    const bool is_small =
        (exponent != std::string_view::npos && exponent + 1 < text.size() &&
         text[exponent + 1] == '-') ||
        (exponent == std::string_view::npos && text.find('.') != std::string_view::npos &&
         text.size() > 300 && text[0] != '.' && text[0] == '0');
    return is_small ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return value;
}

template <typename T>
std::optional<T> ParseInteger(std::string_view text) {
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return std::nullopt;
  }
  T value = 0;
  const char* end = text.data() + text.size();
  const auto [ptr, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || ptr != end) return std::nullopt;
  return value;
}

}  // namespace

void AppendDouble(std::string& out, double value, FloatFormat format) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return;
  }
  const double size = std::fabs(value);
  const bool is_api = format == FloatFormat::kApi;
  const bool is_plain = format == FloatFormat::kPlain || size == 0 ||
                        (size >= (is_api ? 1e-6 : 1e-4) && size < (is_api ? 1e21 : 1e6));
  if (!is_plain) return AppendScientific(out, value);
  // Small whole numbers are what most samples are.
  if (size < 1e15 && size == std::floor(size) && !(size == 0 && std::signbit(value))) {
    char buffer[24];
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(value));
    out.append(buffer, end.ptr);
    return;
  }
  AppendPlain(out, value);
}

std::string FormatDouble(double value, FloatFormat format) {
  std::string out;
  AppendDouble(out, value, format);
  return out;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool is_negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  const auto value = ParseUnsigned(text);
  if (!value) return std::nullopt;
  return is_negative ? -*value : *value;
}

std::optional<std::int64_t> ParseInt64(std::string_view text) {
  return ParseInteger<std::int64_t>(text);
}
std::optional<std::uint64_t> ParseUint64(std::string_view text) {
  return ParseInteger<std::uint64_t>(text);
}

}  // namespace narthex
