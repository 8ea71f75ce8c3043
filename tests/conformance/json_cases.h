// The tables of the conformance corpus as JSON.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace narthex::conformance {

using Json = nlohmann::json;

// The cases of a table; by value, so that a loop over them is safe.
inline Json ParseCases(const std::string& text) {
  const Json table = Json::parse(text);
  EXPECT_FALSE(table.at("cases").empty());
  return table.at("cases");
}

inline std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(
        static_cast<char>(std::strtoul(std::string(hex.substr(i, 2)).c_str(), nullptr, 16)));
  }
  return bytes;
}

// The text under `key`, or the bytes under `key`_hex; empty if there is neither.
inline std::string Text(const Json& object, const std::string& key) {
  if (object.contains(key + "_hex")) return FromHex(object.at(key + "_hex").get<std::string>());
  if (!object.contains(key) || object.at(key).is_null()) return {};
  const Json& value = object.at(key);
  if (value.is_object()) return FromHex(value.at("$bytes_hex").get<std::string>());
  return value.get<std::string>();
}

// A number, or "NaN", "+Inf", "-Inf".
inline double Number(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const auto text = value.get<std::string>();
  if (text == "NaN") return std::nan("");
  return text == "-Inf" ? -std::numeric_limits<double>::infinity()
                        : std::numeric_limits<double>::infinity();
}

}  // namespace narthex::conformance
