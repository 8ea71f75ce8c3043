// Entries of scrape_configs.
#include <fmt/format.h>

#include <iterator>
#include <set>

#include "http_client_reader.h"
#include "sections.h"

namespace narthex::config {
namespace {

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

constexpr std::string_view kProtocolNames[] = {"PrometheusProto", "OpenMetricsText0.0.1",
                                               "OpenMetricsText1.0.0", "PrometheusText0.0.4",
                                               "PrometheusText1.0.0"};
constexpr std::string_view kSupportedProtocols =
    "[OpenMetricsText0.0.1 OpenMetricsText1.0.0 PrometheusProto PrometheusText0.0.4 "
    "PrometheusText1.0.0]";

Result<ScrapeProtocol> ProtocolOf(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kProtocolNames); ++i) {
    if (name == kProtocolNames[i]) return static_cast<ScrapeProtocol>(i);
  }
  return Wrong(fmt::format("unknown scrape protocol {}, supported: {}", name, kSupportedProtocols));
}

Status ReadParams(Reader& reader, const yaml::Node& node,
                  std::map<std::string, std::vector<std::string>>& into) {
  if (node.is_null()) return Ok();
  if (!node.is_mapping()) {
    reader.AddFault(node.position(), "cannot unmarshal params: not a map");
    return Ok();
  }
  for (const yaml::Member& member : node.members()) {
    NARTHEX_TRY(reader.Texts(member.key, into[member.key]).read(member.value));
  }
  return Ok();
}

Status CheckStaticTargets(const ScrapeConfig& scrape) {
  // With relabelling the address may become valid only later.
  if (!scrape.relabel_configs.empty()) return Ok();
  for (const StaticConfig& group : scrape.static_configs) {
    for (const std::string& target : group.targets) {
      if (target.find('/') != std::string::npos)
        return Wrong(model::Quote(target) + " is not a valid hostname");
    }
  }
  return Ok();
}

// Keys as written, before `global` and the defaults fill the gaps.
struct Draft {
  ScrapeConfig scrape;
  std::string wrong_protocols;  // why scrape_protocols cannot be
  std::string fallback;
  std::optional<model::NameValidation> scheme;
  std::optional<model::NameEscaping> escaping;
  std::optional<bool> native, to_nhcb, always_classic, extra_metrics;
  HttpClientKeys http;
};

std::vector<Field> DraftFields(Reader& reader, Draft& draft) {
  ScrapeConfig& scrape = draft.scrape;
  const auto relabel = [&reader](std::string_view what, std::vector<model::RelabelConfig>& into) {
    return [&reader, what, &into](const yaml::Node& item) {
      return ReadRelabel(reader, item, what, into);
    };
  };
  return {
      reader.Text("job_name", scrape.job_name),
      reader.Duration("scrape_interval", scrape.scrape_interval),
      reader.Duration("scrape_timeout", scrape.scrape_timeout),
      {"scrape_protocols",
       [&](const yaml::Node& node) {
         return ReadProtocols(reader, node, draft.scrape.scrape_protocols, draft.wrong_protocols);
       }},
      reader.Text("fallback_scrape_protocol", draft.fallback),
      reader.Text("metrics_path", scrape.metrics_path),
      reader.Text("scheme", scrape.scheme),
      {"params",
       [&](const yaml::Node& node) { return ReadParams(reader, node, draft.scrape.params); }},
      reader.Flag("honor_labels", scrape.honor_labels),
      reader.Flag("honor_timestamps", scrape.honor_timestamps),
      reader.Flag("track_timestamps_staleness", scrape.track_timestamps_staleness),
      reader.Flag("enable_compression", scrape.enable_compression),
      reader.OptionalFlag("extra_scrape_metrics", draft.extra_metrics),
      reader.WithoutEffect(reader.Path("scrape_failure_log_file", scrape.scrape_failure_log_file)),
      reader.OptionalFlag("scrape_native_histograms", draft.native),
      reader.OptionalFlag("convert_classic_histograms_to_nhcb", draft.to_nhcb),
      reader.OptionalFlag("always_scrape_classic_histograms", draft.always_classic),
      reader.Count("native_histogram_bucket_limit",
                   scrape.histograms.native_histogram_bucket_limit),
      reader.Fraction("native_histogram_min_bucket_factor",
                      scrape.histograms.native_histogram_min_bucket_factor),
      {"metric_name_validation_scheme",
       [&](const yaml::Node& node) { return ReadNameScheme(reader, node, draft.scheme); }},
      {"metric_name_escaping_scheme",
       [&](const yaml::Node& node) { return ReadEscaping(reader, node, draft.escaping); }},
      reader.Each("relabel_configs", relabel("target relabeling rule", scrape.relabel_configs)),
      reader.Each("metric_relabel_configs",
                  relabel("metric relabeling rule", scrape.metric_relabel_configs)),
  };
}

// Zero means "not given" for these keys: upstream does not tell the two apart either.
template <typename T>
void Inherit(T& value, const T& from) {
  if (value == T{}) value = from;
}

void InheritLimits(ScrapeLimits& limits, const ScrapeLimits& from) {
  Inherit(limits.body_size_limit, from.body_size_limit);
  Inherit(limits.sample_limit, from.sample_limit);
  Inherit(limits.label_limit, from.label_limit);
  Inherit(limits.label_name_length_limit, from.label_name_length_limit);
  Inherit(limits.label_value_length_limit, from.label_value_length_limit);
  Inherit(limits.target_limit, from.target_limit);
  Inherit(limits.keep_dropped_targets, from.keep_dropped_targets);
}

std::string ForJob(const ScrapeConfig& scrape) {
  return " for scrape config with job name " + model::Quote(scrape.job_name);
}

Status CompleteTimes(ScrapeConfig& scrape, const GlobalConfig& global) {
  Inherit(scrape.scrape_interval, global.scrape_interval);
  if (scrape.scrape_timeout > scrape.scrape_interval) {
    return Wrong("scrape timeout greater than scrape interval" + ForJob(scrape));
  }
  if (scrape.scrape_timeout == scrape.scrape_timeout.zero()) {
    scrape.scrape_timeout = std::min(global.scrape_timeout, scrape.scrape_interval);
  }
  return Ok();
}

Status CompleteProtocols(Draft& draft, const GlobalConfig& global) {
  ScrapeConfig& scrape = draft.scrape;
  if (!draft.wrong_protocols.empty())
    return Wrong("scrape_protocols: " + draft.wrong_protocols + ForJob(scrape));
  Inherit(scrape.scrape_protocols, global.scrape_protocols);
  if (scrape.scrape_protocols.empty()) {
    scrape.scrape_protocols = DefaultProtocols(scrape.histograms.scrape_native_histograms);
  }
  std::set<ScrapeProtocol> seen;
  for (const ScrapeProtocol protocol : scrape.scrape_protocols) {
    if (seen.insert(protocol).second) continue;
    return Wrong(fmt::format("scrape_protocols: duplicated protocol {}{}",
                             ScrapeProtocolName(protocol), ForJob(scrape)));
  }
  if (draft.fallback.empty()) return Ok();
  const Result<ScrapeProtocol> fallback = ProtocolOf(draft.fallback);
  if (!fallback.ok()) {
    return Wrong(fmt::format("invalid fallback_scrape_protocol{}: {}", ForJob(scrape),
                             fallback.error().message()));
  }
  scrape.fallback_scrape_protocol = *fallback;
  return Ok();
}

Status CompleteNames(Draft& draft, const GlobalConfig& global) {
  ScrapeConfig& scrape = draft.scrape;
  const model::NameValidation scheme = draft.scheme.value_or(global.metric_name_validation_scheme);
  const bool is_legacy = scheme == model::NameValidation::kLegacy;
  scrape.metric_name_validation_scheme = scheme;
  const std::optional<model::NameEscaping> given =
      draft.escaping ? draft.escaping : global.metric_name_escaping_scheme;
  scrape.metric_name_escaping_scheme =
      given.value_or(is_legacy ? model::NameEscaping::kUnderscores : model::NameEscaping::kNone);
  if (is_legacy && scrape.metric_name_escaping_scheme == model::NameEscaping::kNone) {
    return Wrong("utf8 metric names requested but validation scheme is not set to UTF8");
  }
  for (const auto* list : {&scrape.relabel_configs, &scrape.metric_relabel_configs}) {
    for (const model::RelabelConfig& rule : *list) NARTHEX_TRY(FinishRelabel(rule, scheme));
  }
  return Ok();
}

Status Complete(Draft& draft, const GlobalConfig& global) {
  ScrapeConfig& scrape = draft.scrape;
  if (scrape.job_name.empty()) return Wrong("job_name is empty");
  if (scrape.scheme != "http" && scrape.scheme != "https") {
    return Wrong(
        fmt::format("unsupported scheme {}{}", model::Quote(scrape.scheme), ForJob(scrape)));
  }
  NARTHEX_TRY(CompleteTimes(scrape, global));
  InheritLimits(scrape.limits, global.limits);
  Inherit(scrape.scrape_failure_log_file, global.scrape_failure_log_file);
  scrape.histograms.scrape_native_histograms =
      draft.native.value_or(global.histograms.scrape_native_histograms);
  scrape.histograms.convert_classic_histograms_to_nhcb =
      draft.to_nhcb.value_or(global.histograms.convert_classic_histograms_to_nhcb);
  scrape.histograms.always_scrape_classic_histograms =
      draft.always_classic.value_or(global.histograms.always_scrape_classic_histograms);
  scrape.extra_scrape_metrics = draft.extra_metrics.value_or(global.extra_scrape_metrics);
  NARTHEX_TRY(CompleteProtocols(draft, global));
  NARTHEX_TRY(CompleteNames(draft, global));
  NARTHEX_ASSIGN_OR_RETURN(scrape.http, FinishHttpClient(std::move(draft.http)));
  return CheckStaticTargets(scrape);
}

}  // namespace

std::string_view ScrapeProtocolName(ScrapeProtocol protocol) {
  return kProtocolNames[static_cast<std::size_t>(protocol)];
}

std::vector<ScrapeProtocol> DefaultProtocols(bool with_native_histograms) {
  std::vector<ScrapeProtocol> protocols = {
      ScrapeProtocol::kOpenMetricsText100, ScrapeProtocol::kOpenMetricsText001,
      ScrapeProtocol::kPrometheusText100, ScrapeProtocol::kPrometheusText004};
  if (with_native_histograms) protocols.insert(protocols.begin(), ScrapeProtocol::kPrometheusProto);
  return protocols;
}

Status ReadProtocols(Reader& reader, const yaml::Node& node, std::vector<ScrapeProtocol>& into,
                     std::string& wrong) {
  std::vector<std::string> names;
  NARTHEX_TRY(reader.Texts("scrape_protocols", names).read(node));
  for (const std::string& name : names) {
    const Result<ScrapeProtocol> protocol = ProtocolOf(name);
    if (!protocol.ok()) {
      if (wrong.empty()) wrong = protocol.error().message();
    } else {
      into.push_back(*protocol);
    }
  }
  if (!node.is_null() && names.empty() && wrong.empty()) {
    wrong = "scrape_protocols cannot be empty, use the default or list the protocols";
  }
  return Ok();
}

Status ReadNameScheme(Reader& reader, const yaml::Node& node,
                      std::optional<model::NameValidation>& into) {
  std::string name;
  NARTHEX_TRY(reader.Text("metric_name_validation_scheme", name).read(node));
  if (name == "utf8") {
    into = model::NameValidation::kUtf8;
  } else if (name == "legacy") {
    into = model::NameValidation::kLegacy;
  } else if (!name.empty()) {
    return Wrong(fmt::format("unrecognized ValidationScheme: {}", model::Quote(name)));
  }
  return Ok();
}

Status ReadEscaping(Reader& reader, const yaml::Node& node,
                    std::optional<model::NameEscaping>& into) {
  std::string name;
  NARTHEX_TRY(reader.Text("metric_name_escaping_scheme", name).read(node));
  into = model::ParseNameEscaping(name);
  if (!name.empty() && !into)
    return Wrong(fmt::format("unknown metric name escaping scheme: {}", model::Quote(name)));
  return Ok();
}

std::vector<Field> LimitFields(Reader& reader, ScrapeLimits& into) {
  return {reader.Size("body_size_limit", into.body_size_limit),
          reader.Count("sample_limit", into.sample_limit),
          reader.Count("label_limit", into.label_limit),
          reader.Count("label_name_length_limit", into.label_name_length_limit),
          reader.Count("label_value_length_limit", into.label_value_length_limit),
          reader.Count("target_limit", into.target_limit),
          reader.Count("keep_dropped_targets", into.keep_dropped_targets)};
}

Result<ScrapeConfig> ReadScrape(Reader& reader, const yaml::Node& node,
                                const GlobalConfig& global) {
  if (node.is_null()) return Wrong("empty or null scrape config section");
  Draft draft;
  std::vector<Field> fields = DraftFields(reader, draft);
  std::ranges::move(LimitFields(reader, draft.scrape.limits), std::back_inserter(fields));
  std::ranges::move(HttpClientFields(reader, draft.http), std::back_inserter(fields));
  std::ranges::move(
      DiscoveryFields(reader, draft.scrape.static_configs, draft.scrape.file_sd_configs),
      std::back_inserter(fields));
  NARTHEX_TRY(reader.Read(node, "config.ScrapeConfig", fields));
  if (reader.has_faults()) return ScrapeConfig();
  NARTHEX_TRY(Complete(draft, global));
  return std::move(draft.scrape);
}

}  // namespace narthex::config
