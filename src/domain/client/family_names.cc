#include "family_names.h"

#include <fmt/format.h>

#include <set>

#include "base/check.h"
#include "model/labels.h"

namespace narthex::client {
namespace {

std::string_view ReservedLabel(const FamilyOptions& options, FamilyType type) {
  switch (type) {
    case FamilyType::kHistogram:
    case FamilyType::kGaugeHistogram:
      return model::kBucketLabel;
    case FamilyType::kSummary:
      return model::kQuantileLabel;
    case FamilyType::kStateSet:
      return options.name;
    default:
      return {};
  }
}

}  // namespace

std::vector<std::string> SampleNames(std::string_view name, FamilyType type) {
  std::vector<std::string> names = {std::string(name)};
  const auto add = [&](std::string_view suffix) {
    names.push_back(std::string(name).append(suffix));
  };
  const bool is_histogram = type == FamilyType::kHistogram || type == FamilyType::kGaugeHistogram;
  if (is_histogram) add("_bucket");
  if (is_histogram || type == FamilyType::kSummary) {
    add("_sum");
    add("_count");
  }
  return names;
}

void CheckOptions(const FamilyOptions& options, FamilyType type) {
  const auto check = [&options](bool holds, std::string_view why) {
    if (holds) return;
    NARTHEX_CHECK(holds, fmt::format("metric {}: {}", model::Quote(options.name), why).c_str());
  };
  check(model::IsValidMetricName(options.name, model::NameValidation::kUtf8), "malformed name");
  check(!options.help.empty(), "help is missing");
  check(options.child_count_max > 0, "no child is allowed");
  check(options.child_ttl.count() == 0 || options.child_ttl >= std::chrono::minutes(1),
        "children live for a minute at least");
  std::vector<std::string> label_names = options.label_names;
  for (const auto& [label, value] : options.constant_labels) {
    check(model::IsUtf8(value), "the value of a constant label is not UTF-8");
    label_names.push_back(label);
  }
  std::set<std::string_view> names;
  for (const std::string& label : label_names) {
    check(model::IsValidLabelName(label, model::NameValidation::kUtf8), "malformed label name");
    check(!label.starts_with("__") && label != ReservedLabel(options, type), "reserved label name");
    check(names.insert(label).second, "a label name is given twice");
  }
}

}  // namespace narthex::client
