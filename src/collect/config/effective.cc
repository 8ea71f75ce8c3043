// The file as it is in force, for people to read: defaults filled in, secrets hidden.
#include <set>

#include "model/duration.h"
#include "sections.h"

namespace narthex::config {
namespace {

constexpr std::string_view kHidden = "<secret>";

bool IsSecretKey(std::string_view key) {
  static const std::set<std::string_view> keys = {"password",
                                                  "credentials",
                                                  "bearer_token",
                                                  "client_secret",
                                                  "secret_key",
                                                  "auth_token",
                                                  "token",
                                                  "application_secret",
                                                  "consumer_key",
                                                  "key",
                                                  "private_key",
                                                  "key_passphrase",
                                                  "client_certificate_key",
                                                  "service_account_key",
                                                  "application_credential_secret",
                                                  "connection_string"};
  return keys.contains(key);
}

// http://user:password@host -> http://user:xxxxx@host, as Go's URL.Redacted.
std::string HidePassword(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t start = scheme + 3;
  const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
  const std::size_t at = text.rfind('@', end);
  const std::size_t colon = text.find(':', start);
  if (at == std::string::npos || at < start || colon == std::string::npos || colon > at)
    return text;
  return text.substr(0, colon + 1) + "xxxxx" + text.substr(at);
}

yaml::Node Hide(const yaml::Node& node) {
  switch (node.kind()) {
    case yaml::NodeKind::kNull:
      return node;
    case yaml::NodeKind::kScalar:
      return yaml::Node::Scalar(HidePassword(node.text()), node.is_quoted());
    case yaml::NodeKind::kSequence: {
      yaml::Node copy = yaml::Node::Sequence();
      for (const yaml::Node& item : node.items()) copy.Append(Hide(item));
      return copy;
    }
    case yaml::NodeKind::kMapping:
      break;
  }
  yaml::Node copy = yaml::Node::Mapping();
  for (const yaml::Member& member : node.members()) {
    yaml::Node value = Hide(member.value);
    const bool is_list_of_secrets = member.key == "secrets" || member.key == "proxy_connect_header";
    if (IsSecretKey(member.key) && member.value.is_scalar()) {
      value = yaml::Node::Scalar(std::string(kHidden));
    } else if (is_list_of_secrets && !member.value.is_null()) {
      value = yaml::Node::Sequence();
      value.Append(yaml::Node::Scalar(std::string(kHidden)));
    }
    copy.AddMember({member.key, {}, std::move(value)});
  }
  return copy;
}

yaml::Node Word(std::string_view text) { return yaml::Node::Scalar(std::string(text)); }
yaml::Node Flag(bool flag) { return Word(flag ? "true" : "false"); }
yaml::Node Duration(std::chrono::milliseconds duration) {
  return Word(model::FormatDuration(duration));
}

yaml::Node Protocols(const std::vector<ScrapeProtocol>& protocols) {
  yaml::Node list = yaml::Node::Sequence();
  for (const ScrapeProtocol protocol : protocols) list.Append(Word(ScrapeProtocolName(protocol)));
  return list;
}

// Sets what the file left out.
void Default(yaml::Node& mapping, std::string_view key, yaml::Node value) {
  const yaml::Node* found = mapping.Find(key);
  if (found == nullptr || found->is_null()) mapping.Set(key, std::move(value));
}

void CompleteGlobal(yaml::Node& root, const GlobalConfig& global) {
  const yaml::Node* found = root.Find("global");
  yaml::Node copy = found != nullptr && found->is_mapping() ? *found : yaml::Node::Mapping();
  copy.Set("scrape_interval", Duration(global.scrape_interval));
  copy.Set("scrape_timeout", Duration(global.scrape_timeout));
  Default(copy, "scrape_protocols",
          Protocols(global.scrape_protocols.empty()
                        ? DefaultProtocols(global.histograms.scrape_native_histograms)
                        : global.scrape_protocols));
  copy.Set("evaluation_interval", Duration(global.evaluation_interval));
  if (!global.external_labels.empty()) {
    yaml::Node& labels = copy.Set("external_labels", yaml::Node::Mapping());
    for (const model::Label& label : global.external_labels) {
      labels.Set(label.name, yaml::Node::Scalar(std::string(label.value), true));
    }
  }
  root.Set("global", std::move(copy));
}

void CompleteScrape(yaml::Node& node, const ScrapeConfig& scrape) {
  Default(node, "honor_timestamps", Flag(scrape.honor_timestamps));
  Default(node, "track_timestamps_staleness", Flag(scrape.track_timestamps_staleness));
  node.Set("scrape_interval", Duration(scrape.scrape_interval));
  node.Set("scrape_timeout", Duration(scrape.scrape_timeout));
  Default(node, "scrape_protocols", Protocols(scrape.scrape_protocols));
  Default(node, "scrape_native_histograms", Flag(scrape.histograms.scrape_native_histograms));
  Default(node, "always_scrape_classic_histograms",
          Flag(scrape.histograms.always_scrape_classic_histograms));
  Default(node, "convert_classic_histograms_to_nhcb",
          Flag(scrape.histograms.convert_classic_histograms_to_nhcb));
  Default(node, "extra_scrape_metrics", Flag(scrape.extra_scrape_metrics));
  Default(node, "metrics_path", Word(scrape.metrics_path));
  Default(node, "scheme", Word(scrape.scheme));
  Default(node, "enable_compression", Flag(scrape.enable_compression));
  Default(node, "metric_name_validation_scheme",
          Word(scrape.metric_name_validation_scheme == model::NameValidation::kUtf8 ? "utf8"
                                                                                    : "legacy"));
  Default(node, "metric_name_escaping_scheme",
          Word(model::NameEscapingText(scrape.metric_name_escaping_scheme)));
  Default(node, "follow_redirects", Flag(scrape.http.follow_redirects));
  Default(node, "enable_http2", Flag(scrape.http.enable_http2));
}

}  // namespace

yaml::Node EffectiveTree(const yaml::Node& root, const Config& config) {
  yaml::Node copy = root.is_mapping() ? Hide(root) : yaml::Node::Mapping();
  CompleteGlobal(copy, config.global);
  if (yaml::Node* list = copy.Find("scrape_configs")) {
    const std::size_t count = std::min(list->items().size(), config.scrape_configs.size());
    for (std::size_t i = 0; i < count; ++i)
      CompleteScrape(list->items()[i], config.scrape_configs[i]);
  }
  return copy;
}

}  // namespace narthex::config
