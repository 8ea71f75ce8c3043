// Families whose label names are part of their type: a wrong number of values, or a wrong name,
// does not compile.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/family.h"

namespace narthex::client {

// A text as a template argument.
template <std::size_t kSize>
struct FixedText {
  consteval FixedText(const char (&literal)[kSize]) {  // NOLINT(google-explicit-constructor)
    std::copy_n(literal, kSize, text);
  }
  constexpr std::string_view view() const { return {text, kSize - 1}; }

  char text[kSize] = {};
};

// [a-zA-Z_][a-zA-Z0-9_]*, not with __ in front.
constexpr bool IsStaticLabelName(std::string_view name) {
  if (name.empty() || name.starts_with("__") || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

template <FixedText... kNames>
constexpr bool AreDistinct() {
  std::array<std::string_view, sizeof...(kNames)> names = {kNames.view()...};
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

// A value with the name of its label: Label<"code">("200").
template <FixedText kName>
struct LabelValue {
  static constexpr std::string_view kLabelName = kName.view();
  std::string_view value;
};
template <FixedText kName>
constexpr LabelValue<kName> Label(std::string_view value) {
  return {value};
}

// Whether `name` is one of `kNames`.
template <FixedText... kNames>
constexpr bool IsOneOf(std::string_view name) {
  return ((kNames.view() == name) || ...);
}

// Family<T> with the labels `kNames`, to be used by value: it refers to a family of a registry,
// which outlives it. Thread-safe, as that is.
template <typename T, FixedText... kNames>
class StaticFamily {
  static_assert((IsStaticLabelName(kNames.view()) && ...), "malformed or reserved label name");
  static_assert(AreDistinct<kNames...>(), "a label name is given twice");

 public:
  static constexpr std::size_t kLabelCount = sizeof...(kNames);

  // `family` has these label names, in this order: what Registry makes of them.
  explicit StaticFamily(Family<T>& family) : family_(&family) {}

  static std::vector<std::string> LabelNames() { return {std::string(kNames.view())...}; }

  // Of Family<T>::With(): the values in the order of the names.
  template <typename... Values>
  requires(sizeof...(Values) == kLabelCount &&
           (std::is_convertible_v<const Values&, std::string_view> &&
            ...)) T& With(const Values&... values) {
    const std::array<std::string_view, kLabelCount> all = {std::string_view(values)...};
    return family_->With(all);
  }

  // The same in any order, with the names.
  template <FixedText... kGiven>
  requires(sizeof...(kGiven) == kLabelCount && (IsOneOf<kNames...>(kGiven.view()) && ...) &&
           AreDistinct<kGiven...>()) T& With(LabelValue<kGiven>... labels) {
    constexpr std::array<std::string_view, kLabelCount> kOrder = {kNames.view()...};
    std::array<std::string_view, kLabelCount> all;
    const auto put = [&all, &kOrder](std::string_view name, std::string_view value) {
      const auto place = std::find(kOrder.begin(), kOrder.end(), name);
      all[static_cast<std::size_t>(place - kOrder.begin())] = value;
    };
    (put(kGiven.view(), labels.value), ...);
    return family_->With(all);
  }

  // The family as one with labels known at run time: to remove children, for one.
  Family<T>& family() { return *family_; }

 private:
  Family<T>* family_;
};

}  // namespace narthex::client
