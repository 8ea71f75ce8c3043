// Sections whose subsystem does not exist: their keys and rules are checked, and a warning says so.
#include <fmt/format.h>

#include <iterator>
#include <set>

#include "http_client_reader.h"
#include "sections.h"

namespace narthex::config {
namespace {

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

constexpr std::string_view kNotSupported = "is not supported yet and has no effect";

std::function<Status(const yaml::Node&)> RelabelChecker(Reader& reader, std::string_view what) {
  return [&reader, what](const yaml::Node& item) -> Status {
    std::vector<model::RelabelConfig> rules;
    NARTHEX_TRY(ReadRelabel(reader, item, what, rules));
    return FinishRelabel(rules.front(), model::NameValidation::kUtf8);
  };
}

Status CheckAlertmanager(Reader& reader, const yaml::Node& node) {
  HttpClientKeys http;
  std::vector<StaticConfig> statics;
  std::vector<FileSdConfig> files;
  std::string api_version, path_prefix, scheme;
  std::chrono::milliseconds timeout{0};
  std::vector<Field> fields = HttpClientFields(reader, http);
  std::ranges::move(DiscoveryFields(reader, statics, files), std::back_inserter(fields));
  std::ranges::move(
      std::vector<Field>{reader.Text("api_version", api_version),
                         reader.Text("path_prefix", path_prefix), reader.Text("scheme", scheme),
                         reader.Duration("timeout", timeout), reader.Ignored("sigv4"),
                         reader.Each("relabel_configs",
                                     RelabelChecker(reader, "Alertmanager target relabeling rule")),
                         reader.Each("alert_relabel_configs",
                                     RelabelChecker(reader, "Alertmanager alert relabeling rule"))},
      std::back_inserter(fields));
  NARTHEX_TRY(reader.Read(node, "config.plain", fields));
  if (!api_version.empty() && api_version != "v2") {
    return Wrong(
        fmt::format("expected Alertmanager api version to be one of [v2] but got {}", api_version));
  }
  for (const StaticConfig& group : statics) {
    for (const std::string& target : group.targets) {
      if (target.find('/') != std::string::npos)
        return Wrong(model::Quote(target) + " is not a valid hostname");
    }
  }
  NARTHEX_TRY(FinishHttpClient(std::move(http)));
  return Ok();
}

Status CheckQueue(Reader& reader, const yaml::Node& node) {
  std::uint64_t capacity = 10000, max_shards = 50, min_shards = 1, max_samples = 2000;
  std::chrono::milliseconds deadline{5000}, min_backoff{30}, max_backoff{5000}, age{0};
  bool retry = false;
  NARTHEX_TRY(reader.Read(
      node, "config.plain",
      {reader.Count("capacity", capacity), reader.Count("max_shards", max_shards),
       reader.Count("min_shards", min_shards), reader.Count("max_samples_per_send", max_samples),
       reader.Duration("batch_send_deadline", deadline),
       reader.Duration("min_backoff", min_backoff), reader.Duration("max_backoff", max_backoff),
       reader.Flag("retry_on_http_429", retry), reader.Duration("sample_age_limit", age)}));
  if (max_samples == 0) return Wrong("remote write queue max_samples_per_send must be positive");
  if (max_shards == 0) return Wrong("remote write queue max_shards must be positive");
  if (min_shards == 0) return Wrong("remote write queue min_shards must be positive");
  if (min_shards > max_shards)
    return Wrong("remote write queue min_shards must not be greater than max_shards");
  if (max_backoff < min_backoff)
    return Wrong("remote write queue max_backoff must not be less than min_backoff");
  return Ok();
}

Status CheckRemoteHeaders(const std::map<std::string, std::string>& headers) {
  for (const auto& [name, value] : headers) {
    const std::string canonical = CanonicalHeader(name);
    if (canonical == "Authorization") {
      return Wrong(
          "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, "
          "azuread or "
          "google_iam parameter");
    }
    if (IsReservedHeader(name))
      return Wrong(fmt::format("{} is a reserved header. It must not be changed", name));
  }
  return Ok();
}

// What remote_write and remote_read have in common.
struct Remote {
  HttpClientKeys http;
  std::string url, name;
  std::chrono::milliseconds timeout{0};
  std::map<std::string, std::string> headers;
};

std::vector<Field> RemoteFields(Reader& reader, Remote& remote) {
  std::vector<Field> fields = HttpClientFields(reader, remote.http);
  std::ranges::move(
      std::vector<Field>{reader.Text("url", remote.url), reader.Text("name", remote.name),
                         reader.Duration("remote_timeout", remote.timeout),
                         reader.TextMap("headers", remote.headers)},
      std::back_inserter(fields));
  return fields;
}

Status CheckRemote(Reader& reader, Remote& remote, std::string_view section) {
  if (reader.has_faults()) return Ok();
  if (remote.url.empty()) return Wrong(fmt::format("url for {} is empty", section));
  NARTHEX_TRY(CheckRemoteHeaders(remote.headers));
  NARTHEX_TRY(FinishHttpClient(std::move(remote.http)));
  return Ok();
}

Status CheckOneRemoteWrite(Reader& reader, const yaml::Node& node, std::set<std::string>& names) {
  if (node.is_null()) return Wrong("empty or null remote write config section");
  Remote remote;
  std::string protobuf_message;
  std::vector<Field> fields = RemoteFields(reader, remote);
  for (const std::string_view key :
       {"send_exemplars", "send_native_histograms", "round_robin_dns", "failed_request_logging",
        "sigv4", "azuread", "google_iam", "metadata_config"}) {
    fields.push_back(reader.Ignored(key));
  }
  fields.push_back(reader.Text("protobuf_message", protobuf_message));
  fields.push_back(reader.Each("write_relabel_configs",
                               RelabelChecker(reader, "relabeling rule in remote write config")));
  fields.push_back(
      {"queue_config", [&](const yaml::Node& value) { return CheckQueue(reader, value); }});
  NARTHEX_TRY(reader.Read(node, "config.plain", fields));
  NARTHEX_TRY(CheckRemote(reader, remote, "remote_write"));
  if (!remote.name.empty() && !names.insert(remote.name).second) {
    return Wrong(fmt::format("found multiple remote write configs with job name {}",
                             model::Quote(remote.name)));
  }
  reader.AddWarning(node.position(), fmt::format("remote_write {}", kNotSupported));
  return Ok();
}

Status CheckOneRemoteRead(Reader& reader, const yaml::Node& node, std::set<std::string>& names) {
  if (node.is_null()) return Wrong("empty or null remote read config section");
  Remote remote;
  bool flag = false;
  double chunk_limit = 0;
  std::map<std::string, std::string> matchers;
  std::vector<Field> fields = RemoteFields(reader, remote);
  std::ranges::move(std::vector<Field>{reader.Flag("read_recent", flag),
                                       reader.Flag("filter_external_labels", flag),
                                       reader.Fraction("chunked_read_limit", chunk_limit),
                                       reader.TextMap("required_matchers", matchers)},
                    std::back_inserter(fields));
  NARTHEX_TRY(reader.Read(node, "config.plain", fields));
  NARTHEX_TRY(CheckRemote(reader, remote, "remote_read"));
  if (!remote.name.empty() && !names.insert(remote.name).second) {
    return Wrong(fmt::format("found multiple remote read configs with job name {}",
                             model::Quote(remote.name)));
  }
  reader.AddWarning(node.position(), fmt::format("remote_read {}", kNotSupported));
  return Ok();
}

}  // namespace

Status CheckAlerting(Reader& reader, const yaml::Node& node) {
  if (node.is_null()) return Ok();
  reader.AddWarning(node.position(), fmt::format("alerting {}", kNotSupported));
  return reader.Read(
      node, "config.plain",
      {reader.Each("alert_relabel_configs", RelabelChecker(reader, "alert relabeling rule")),
       reader.Each("alertmanagers",
                   [&](const yaml::Node& item) { return CheckAlertmanager(reader, item); })});
}

Status CheckRemoteWrite(Reader& reader, const yaml::Node& node) {
  std::set<std::string> names;
  return reader
      .Each("remote_write",
            [&](const yaml::Node& item) { return CheckOneRemoteWrite(reader, item, names); })
      .read(node);
}

Status CheckRemoteRead(Reader& reader, const yaml::Node& node) {
  std::set<std::string> names;
  return reader
      .Each("remote_read",
            [&](const yaml::Node& item) { return CheckOneRemoteRead(reader, item, names); })
      .read(node);
}

Status CheckTracing(Reader& reader, const yaml::Node& node) {
  if (node.is_null()) return Ok();
  std::string client_type = "grpc", endpoint, compression;
  double fraction = 0;
  bool insecure = false;
  TlsConfig tls;
  std::map<std::string, std::string> headers;
  std::chrono::milliseconds timeout{0};
  NARTHEX_TRY(reader.Read(
      node, "config.plain",
      {reader.Text("client_type", client_type),
       reader.Text("endpoint", endpoint),
       reader.Fraction("sampling_fraction", fraction),
       reader.Flag("insecure", insecure),
       {"tls_config", [&](const yaml::Node& value) { return ReadTlsConfig(reader, value, tls); }},
       reader.TextMap("headers", headers),
       reader.Text("compression", compression),
       reader.Duration("timeout", timeout)}));
  if (reader.has_faults()) return Ok();
  for (const auto& [name, value] : headers) {
    if (CanonicalHeader(name) == "Authorization")
      return Wrong("authorization header configuration is not yet supported");
    if (IsReservedHeader(name))
      return Wrong(fmt::format("{} is a reserved header. It must not be changed", name));
  }
  if (endpoint.empty()) return Wrong("tracing endpoint must be set");
  if (client_type != "http" && client_type != "grpc") {
    return Wrong(fmt::format("expected tracing client type to be 'http' or 'grpc', but got {}",
                             client_type));
  }
  if (!compression.empty() && compression != "gzip") {
    return Wrong(
        fmt::format("invalid compression type {} provided, valid options: gzip", compression));
  }
  reader.AddWarning(node.position(), fmt::format("tracing {}", kNotSupported));
  return Ok();
}

Status CheckOtlp(Reader& reader, const yaml::Node& node, model::NameValidation validation) {
  if (node.is_null()) return Ok();
  std::vector<std::string> promote, ignore;
  bool promote_all = false, flag = false;
  std::string strategy = "UnderscoreEscapingWithSuffixes";
  NARTHEX_TRY(reader.Read(
      node, "config.plain",
      {reader.Flag("promote_all_resource_attributes", promote_all),
       reader.Texts("promote_resource_attributes", promote),
       reader.Texts("ignore_resource_attributes", ignore),
       reader.Text("translation_strategy", strategy),
       reader.Flag("keep_identifying_resource_attributes", flag),
       reader.Flag("convert_histograms_to_nhcb", flag), reader.Flag("promote_scope_metadata", flag),
       reader.Flag("label_name_underscore_sanitization", flag),
       reader.Flag("label_name_preserve_multiple_underscores", flag)}));
  if (reader.has_faults()) return Ok();
  if (promote_all && !promote.empty()) {
    return Wrong(
        "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured "
        "simultaneously");
  }
  const bool is_utf8 = strategy == "NoUTF8EscapingWithSuffixes" || strategy == "NoTranslation";
  if (!is_utf8 && strategy != "UnderscoreEscapingWithSuffixes" &&
      strategy != "UnderscoreEscapingWithoutSuffixes") {
    return Wrong(fmt::format("unsupported OTLP translation strategy {}", model::Quote(strategy)));
  }
  if (is_utf8 && validation == model::NameValidation::kLegacy) {
    return Wrong(fmt::format("OTLP translation strategy {} is not allowed when UTF8 is disabled",
                             model::Quote(strategy)));
  }
  reader.AddWarning(node.position(), fmt::format("otlp {}", kNotSupported));
  return Ok();
}

}  // namespace narthex::config
