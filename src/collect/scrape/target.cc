#include "scrape/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/boolean.h"
#include "base/hash.h"
#include "http/message.h"
#include "model/duration.h"
#include "model/relabel.h"

namespace narthex::scrape {
namespace {

constexpr std::string_view kParamPrefix = "__param_";
constexpr std::string_view kInterval = "__scrape_interval__";
constexpr std::string_view kTimeout = "__scrape_timeout__";
constexpr std::string_view kUnixSocket = "__unix_socket__";

// A label that says for one target what an option says for all of the job.
struct HistogramLabel {
  std::string_view name;
  std::string_view what;  // in errors
  bool config::HistogramOptions::*option;
};

// In the order in which upstream checks them.
constexpr HistogramLabel kHistogramLabels[] = {
    {"__convert_classic_histograms_to_nhcb__", "convert classic histograms to nhcb",
     &config::HistogramOptions::convert_classic_histograms_to_nhcb},
    {"__always_scrape_classic_histograms__", "always scrape classic histograms",
     &config::HistogramOptions::always_scrape_classic_histograms},
    {"__scrape_native_histograms__", "scrape native histograms",
     &config::HistogramOptions::scrape_native_histograms},
};

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

void SetDefault(model::LabelSetBuilder& labels, std::string_view name, std::string_view value) {
  if (labels.Get(name).empty()) labels.Set(name, value);
}

// Group labels, the target's own over them, then the job's defaults where nothing is given.
model::LabelSet Discovered(const config::ScrapeConfig& config, const discovery::TargetGroup& group,
                           const model::LabelSet& target) {
  model::LabelSetBuilder labels(group.labels);
  for (const model::Label& label : target) labels.Set(label.name, label.value);
  SetDefault(labels, "job", config.job_name);
  SetDefault(labels, kInterval, model::FormatDuration(config.scrape_interval));
  SetDefault(labels, kTimeout, model::FormatDuration(config.scrape_timeout));
  SetDefault(labels, "__metrics_path__", config.metrics_path);
  SetDefault(labels, "__scheme__", config.scheme);
  for (const HistogramLabel& label : kHistogramLabels)
    SetDefault(labels, label.name, config.histograms.*label.option ? "true" : "false");
  for (const auto& [name, values] : config.params) {
    if (!values.empty()) SetDefault(labels, std::string(kParamPrefix) + name, values.front());
  }
  return labels.Build();
}

// Paths keep their slashes; everything that would end the path is escaped.
std::string EscapePath(std::string_view path) {
  std::string escaped = path.starts_with('/') ? "" : "/";
  for (const char c : path) {
    constexpr std::string_view kPlain = "/-_.~!$&'()*+,;=:@";
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

// The parameters of the configuration, the first value of each replaced by its __param_ label.
std::string Query(const config::ScrapeConfig& config, const model::LabelSet& labels) {
  std::map<std::string, std::vector<std::string>> params = config.params;
  for (const model::Label& label : labels) {
    if (!label.name.starts_with(kParamPrefix)) continue;
    std::vector<std::string>& values = params[std::string(label.name.substr(kParamPrefix.size()))];
    if (values.empty()) values.emplace_back();
    values.front() = label.value;
  }
  http::Parameters query;
  for (const auto& [name, values] : params) {
    for (const std::string& value : values) query.Add(name, value);
  }
  return query.ToString();
}

Result<std::chrono::milliseconds> Time(const model::LabelSetBuilder& labels, std::string_view name,
                                       std::string_view what) {
  Result<std::chrono::milliseconds> time = model::ParseDuration(labels.Get(name));
  if (!time.ok())
    return std::move(time).error().Under(fmt::format("error parsing scrape {}", what));
  if (time->count() == 0) return Wrong(fmt::format("scrape {} cannot be 0", what));
  return time;
}

Status SetTimes(const model::LabelSetBuilder& labels, Target& target) {
  NARTHEX_ASSIGN_OR_RETURN(target.interval, Time(labels, kInterval, "interval"));
  NARTHEX_ASSIGN_OR_RETURN(target.timeout, Time(labels, kTimeout, "timeout"));
  target.interval_text = labels.Get(kInterval);
  target.timeout_text = labels.Get(kTimeout);
  if (target.timeout <= target.interval) return Ok();
  return Wrong(fmt::format("scrape timeout cannot be greater than scrape interval ({} > {})",
                           model::Quote(target.timeout_text), model::Quote(target.interval_text)));
}

// The job's options where relabelling has taken the label away.
Status SetHistograms(const model::LabelSetBuilder& labels, config::HistogramOptions& options) {
  for (const HistogramLabel& label : kHistogramLabels) {
    const std::string_view text = labels.Get(label.name);
    if (text.empty()) continue;
    const std::optional<bool> value = ParseBoolean(text);
    if (!value) {
      return Wrong(fmt::format("error parsing {}: strconv.ParseBool: parsing {}: invalid syntax",
                               label.what, model::Quote(text)));
    }
    options.*label.option = *value;
  }
  return Ok();
}

// Labels that say how a target is scraped, and not which one it is: a loop goes on when they
// change.
bool IsAboutTheScrape(std::string_view name) {
  return name.starts_with("__meta_") || name == kInterval || name == kTimeout ||
         std::ranges::find(kHistogramLabels, name, &HistogramLabel::name) !=
             std::end(kHistogramLabels);
}

Result<std::shared_ptr<const Target>> Finish(const config::ScrapeConfig& config,
                                             model::LabelSet discovered,
                                             model::LabelSetBuilder& labels) {
  const std::string address(labels.Get("__address__"));
  if (address.empty()) return Wrong("no address");
  if (address.find('/') != std::string::npos)
    return Wrong(model::Quote(address) + " is not a valid hostname");
  auto target = std::make_shared<Target>();
  NARTHEX_TRY(SetTimes(labels, *target));
  target->histograms = config.histograms;
  NARTHEX_TRY(SetHistograms(labels, target->histograms));
  target->unix_socket = labels.Get(kUnixSocket);
  const std::string scheme(labels.Get("__scheme__"));  // a copy: labels are added below
  if (scheme != "http" && scheme != "https")
    return Wrong(fmt::format("unsupported scheme {}", model::Quote(scheme)));

  if (labels.Get("instance").empty()) labels.Set("instance", address);
  model::LabelSetBuilder own, identity;
  for (const auto& [name, value] : labels.labels()) {
    if (!model::IsUtf8(value))
      return Wrong(
          fmt::format("invalid label value for {}: {}", model::Quote(name), model::Quote(value)));
    if (IsAboutTheScrape(name)) continue;
    identity.Set(name, value);
    if (!name.starts_with("__")) own.Set(name, value);
  }
  const std::string query = Query(config, labels.Build());
  target->url =
      fmt::format("{}://{}{}{}{}", scheme, address, EscapePath(labels.Get("__metrics_path__")),
                  query.empty() ? "" : "?", query);
  target->discovered = std::move(discovered);
  target->labels = own.Build();
  target->identity = Hash64(target->url, identity.Build().StableHash());
  return std::shared_ptr<const Target>(std::move(target));
}

std::vector<model::RelabelRule> Compile(const std::vector<model::RelabelConfig>& configs,
                                        model::NameValidation validation) {
  std::vector<model::RelabelRule> rules;
  for (const model::RelabelConfig& rule : configs) {
    Result<model::RelabelRule> compiled = model::RelabelRule::Make(rule, validation);
    NARTHEX_CHECK(compiled.ok(), "rules were checked when the configuration was loaded");
    rules.push_back(*std::move(compiled));
  }
  return rules;
}

}  // namespace

TargetSet BuildTargets(const config::ScrapeConfig& config,
                       std::span<const discovery::TargetGroup> groups) {
  const std::vector<model::RelabelRule> rules =
      Compile(config.relabel_configs, config.metric_name_validation_scheme);
  TargetSet set;
  std::set<std::uint64_t> seen;
  for (const discovery::TargetGroup& group : groups) {
    for (const model::LabelSet& found : group.targets) {
      model::LabelSet discovered = Discovered(config, group, found);
      model::LabelSetBuilder labels(discovered);
      if (!model::Relabel(rules, labels)) {
        set.dropped.push_back(std::move(discovered));
        continue;
      }
      const std::string shown = discovered.ToString();
      Result<std::shared_ptr<const Target>> target = Finish(config, std::move(discovered), labels);
      if (!target.ok()) {
        set.faults.push_back(fmt::format("target {}: {}", shown, target.error().message()));
      } else if (seen.insert((*target)->identity).second) {
        set.active.push_back(*std::move(target));
      }
    }
  }
  return set;
}

}  // namespace narthex::scrape
