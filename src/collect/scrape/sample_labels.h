// From the labels of a scraped sample to those of the series that is stored.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/scrape_config.h"
#include "exposition/parser.h"
#include "model/labels.h"
#include "model/relabel.h"
#include "scrape/features.h"

namespace narthex::scrape {

// A job's configuration, compiled. Immutable; shared by the loops of the job and outlived by none
// of them.
struct JobRules {
  explicit JobRules(config::ScrapeConfig scrape_config, Features scrape_features = {});

  const config::ScrapeConfig config;
  const std::vector<model::RelabelRule> metric_rules;
  const std::string accept;  // the header
  const Features features;
};

// How bodies of a target are read whose labels ask for `histograms`.
exposition::ParserOptions ParserOptionsOf(const config::HistogramOptions& histograms,
                                          const Features& features);

// The labels of the series that `sample` goes to; empty if relabelling drops it.
// Errors: kInvalidArgument   no name, or names that are not valid
//         kResourceExhausted a label limit; upstream's words
Result<std::optional<model::LabelSet>> SeriesLabels(const JobRules& rules,
                                                    const model::LabelSet& target_labels,
                                                    const model::LabelSet& sample);

// The labels of a series about the scrape itself, as `up`.
model::LabelSet ReportLabels(std::string_view name, const model::LabelSet& target_labels);

}  // namespace narthex::scrape
