#include "sample_labels.h"

#include <fmt/format.h>

#include "base/check.h"
#include "request.h"

namespace narthex::scrape {
namespace {

constexpr std::string_view kExportedPrefix = "exported_";

// Where a target label has the name of a scraped one, the scraped one gives way under a longer
// name.
void AddTargetLabels(const model::LabelSet& target_labels, const model::LabelSet& sample,
                     model::LabelSetBuilder& labels) {
  std::vector<model::Label> displaced;
  for (const model::Label& label : target_labels) {
    const std::string_view scraped = sample.Get(label.name);
    if (!scraped.empty()) displaced.push_back({label.name, scraped});
    labels.Set(label.name, label.value);
  }
  // Shorter names first, so that `a` does not take the name that `exported_a` keeps.
  std::sort(displaced.begin(), displaced.end(), [](const model::Label& a, const model::Label& b) {
    return std::pair(a.name.size(), a.name) < std::pair(b.name.size(), b.name);
  });
  for (const model::Label& label : displaced) {
    std::string name(label.name);
    do {
      name.insert(0, kExportedPrefix);
    } while (!labels.Get(name).empty() || sample.Has(name));
    labels.Set(name, label.value);
  }
}

Status CheckNames(const model::LabelSet& labels, model::NameValidation validation) {
  const std::string_view name = labels.Get(model::kMetricName);
  if (name.empty())
    return Error{ErrorCode::kInvalidArgument, "missing metric name (__name__ label)"};
  bool is_valid = model::IsValidMetricName(name, validation);
  for (const model::Label& label : labels) {
    const bool is_name = label.name == model::kMetricName;
    is_valid = is_valid && (is_name || model::IsValidLabelName(label.name, validation)) &&
               model::IsUtf8(label.value);
  }
  if (is_valid) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("invalid metric name or label names: {}", labels.ToMetricString())};
}

Status CheckLimits(const model::LabelSet& labels, const config::ScrapeLimits& limits) {
  const std::string_view metric = labels.Get(model::kMetricName).substr(0, 50);
  if (limits.label_limit > 0 && labels.size() > limits.label_limit) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("label_limit exceeded (metric: {}, number of labels: {}, limit: {})",
                             metric, labels.size(), limits.label_limit)};
  }
  if (limits.label_name_length_limit == 0 && limits.label_value_length_limit == 0) return Ok();
  for (const model::Label& label : labels) {
    if (limits.label_name_length_limit > 0 && label.name.size() > limits.label_name_length_limit) {
      return Error{ErrorCode::kResourceExhausted,
                   fmt::format("label_name_length_limit exceeded (metric: {}, label name: {}, "
                               "length: {}, limit: {})",
                               metric, label.name.substr(0, 50), label.name.size(),
                               limits.label_name_length_limit)};
    }
    if (limits.label_value_length_limit > 0 &&
        label.value.size() > limits.label_value_length_limit) {
      return Error{
          ErrorCode::kResourceExhausted,
          fmt::format("label_value_length_limit exceeded (metric: {}, label name: {}, value: {}, "
                      "length: {}, limit: {})",
                      metric, label.name.substr(0, 50), model::Quote(label.value.substr(0, 50)),
                      label.value.size(), limits.label_value_length_limit)};
    }
  }
  return Ok();
}

std::vector<model::RelabelRule> Compile(const config::ScrapeConfig& config) {
  std::vector<model::RelabelRule> rules;
  for (const model::RelabelConfig& rule : config.metric_relabel_configs) {
    Result<model::RelabelRule> compiled =
        model::RelabelRule::Make(rule, config.metric_name_validation_scheme);
    NARTHEX_CHECK(compiled.ok(), "rules were checked when the configuration was loaded");
    rules.push_back(*std::move(compiled));
  }
  return rules;
}

}  // namespace

JobRules::JobRules(config::ScrapeConfig scrape_config, Features scrape_features)
    : config(std::move(scrape_config)),
      metric_rules(Compile(config)),
      accept(AcceptHeader(config)),
      features(scrape_features) {}

exposition::ParserOptions ParserOptionsOf(const config::HistogramOptions& histograms,
                                          const Features& features) {
  return {.keeps_native = histograms.scrape_native_histograms,
          .keeps_classic = histograms.always_scrape_classic_histograms,
          .converts_classic = histograms.convert_classic_histograms_to_nhcb,
          .reads_created = features.reads_start_timestamps(),
          .with_type_and_unit = features.adds_type_and_unit};
}

Result<std::optional<model::LabelSet>> SeriesLabels(const JobRules& rules,
                                                    const model::LabelSet& target_labels,
                                                    const model::LabelSet& sample) {
  model::LabelSetBuilder labels(sample);
  if (rules.config.honor_labels) {
    for (const model::Label& label : target_labels) {
      if (!sample.Has(label.name)) labels.Set(label.name, label.value);
    }
  } else {
    AddTargetLabels(target_labels, sample, labels);
  }
  if (!model::Relabel(rules.metric_rules, labels)) return std::optional<model::LabelSet>();
  model::LabelSet result = labels.Build();
  if (result.empty()) return std::optional<model::LabelSet>();
  NARTHEX_TRY(CheckNames(result, rules.config.metric_name_validation_scheme));
  NARTHEX_TRY(CheckLimits(result, rules.config.limits));
  return std::optional<model::LabelSet>(std::move(result));
}

model::LabelSet ReportLabels(std::string_view name, const model::LabelSet& target_labels) {
  model::LabelSetBuilder labels;
  const model::LabelSet sample{{model::kMetricName, name}};
  labels.Reset(sample);
  AddTargetLabels(target_labels, sample, labels);
  return labels.Build();
}

}  // namespace narthex::scrape
