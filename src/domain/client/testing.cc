#include "client/testing.h"

#include <algorithm>

#include "exposition/parser.h"
#include "exposition/writer.h"
#include "model/labels.h"

namespace narthex::client {

std::string ExposedText(const Registry& registry, std::string_view prefix) {
  std::string out;
  registry.Gather([&](const exposition::MetricFamily& family) {
    if (family.name.starts_with(prefix)) exposition::WriteFamily(out, family, {});
  });
  return out;
}

std::optional<double> SampleValue(const Registry& registry, std::string_view name, Labels labels) {
  labels.emplace_back(model::kMetricName, name);
  const model::LabelSet wanted = model::LabelSet::From(std::move(labels));
  const std::string text = ExposedText(registry);
  exposition::Parser parser(text, exposition::Format::kText);
  while (true) {
    const auto kind = parser.Next();
    if (!kind.ok() || *kind == exposition::EntryKind::kEnd) return std::nullopt;
    if (*kind != exposition::EntryKind::kSeries) continue;
    const auto found = parser.Labels();
    if (found.ok() && *found == wanted) return parser.entry().value;
  }
}

}  // namespace narthex::client
