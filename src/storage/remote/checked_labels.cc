#include "checked_labels.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/exemplar_length.h"

namespace narthex::remote {
namespace {

bool IsValid(const model::Label& label) {
  if (!model::IsValidLabelName(label.name, model::NameValidation::kUtf8)) return false;
  if (label.name == model::kMetricName &&
      !model::IsValidMetricName(label.value, model::NameValidation::kUtf8)) {
    return false;
  }
  return model::IsUtf8(label.value);
}

// The text of labels that make no label set.
std::string Described(const std::vector<model::Label>& labels) {
  std::string text = "{";
  for (const model::Label& label : labels) {
    if (text.size() > 1) text += ", ";
    text += fmt::format("{}={}", label.name, model::Quote(label.value));
  }
  return text + "}";
}

}  // namespace

Result<model::LabelSet> CheckedLabels(const WriteRequest& request, const SentLabels& labels) {
  Result<std::vector<model::Label>> sent = LabelsOf(request, labels);
  if (!sent.ok()) return std::move(sent).error().Under("parsing labels for series");
  std::ranges::stable_sort(*sent, {}, &model::Label::name);
  const auto is_name = [](const model::Label& label) { return label.name == model::kMetricName; };
  if (!std::ranges::any_of(*sent, is_name) || !std::ranges::all_of(*sent, IsValid)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("invalid metric name or labels, got {}", Described(*sent))};
  }
  const auto twice = std::ranges::adjacent_find(*sent, {}, &model::Label::name);
  if (twice != sent->end()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("invalid labels for series, labels {}, duplicated label {}",
                             Described(*sent), twice->name)};
  }
  return model::LabelSet::From(*sent);
}

std::optional<model::LabelSet> ExemplarLabels(const WriteRequest& request,
                                              const SentLabels& labels) {
  const Result<std::vector<model::Label>> sent = LabelsOf(request, labels);
  if (!sent.ok() || !std::ranges::all_of(*sent, IsValid)) return std::nullopt;
  model::LabelSet set = model::LabelSet::From(*sent);
  if (model::ExemplarLength(set) > model::kExemplarLengthMax) return std::nullopt;
  return set;
}

}  // namespace narthex::remote
