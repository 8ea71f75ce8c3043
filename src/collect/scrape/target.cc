#include "scrape/target.h"

#include <fmt/format.h>

#include <set>

#include "base/hash.h"
#include "http/message.h"
#include "model/duration.h"
#include "model/relabel.h"

namespace narthex::scrape {
namespace {

constexpr std::string_view kParamPrefix = "__param_";

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
  SetDefault(labels, "__scrape_interval__", model::FormatDuration(config.scrape_interval));
  SetDefault(labels, "__scrape_timeout__", model::FormatDuration(config.scrape_timeout));
  SetDefault(labels, "__metrics_path__", config.metrics_path);
  SetDefault(labels, "__scheme__", config.scheme);
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

Result<std::shared_ptr<const Target>> Finish(const config::ScrapeConfig& config,
                                             model::LabelSet discovered,
                                             model::LabelSetBuilder& labels) {
  const std::string address(labels.Get("__address__"));
  if (address.empty()) return Wrong("no address");
  if (address.find('/') != std::string::npos)
    return Wrong(model::Quote(address) + " is not a valid hostname");
  auto target = std::make_shared<Target>();
  NARTHEX_ASSIGN_OR_RETURN(target->interval, Time(labels, "__scrape_interval__", "interval"));
  NARTHEX_ASSIGN_OR_RETURN(target->timeout, Time(labels, "__scrape_timeout__", "timeout"));
  if (target->timeout > target->interval) {
    return Wrong(fmt::format("scrape timeout cannot be greater than scrape interval ({} > {})",
                             labels.Get("__scrape_timeout__"), labels.Get("__scrape_interval__")));
  }
  const std::string scheme(labels.Get("__scheme__"));  // a copy: labels are added below
  if (scheme != "http" && scheme != "https")
    return Wrong(fmt::format("unsupported scheme {}", model::Quote(scheme)));

  if (labels.Get("instance").empty()) labels.Set("instance", address);
  model::LabelSetBuilder own, identity;
  for (const auto& [name, value] : labels.labels()) {
    if (!model::IsUtf8(value))
      return Wrong(
          fmt::format("invalid label value for {}: {}", model::Quote(name), model::Quote(value)));
    if (name.starts_with("__meta_") || name == "__scrape_interval__" ||
        name == "__scrape_timeout__")
      continue;
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
