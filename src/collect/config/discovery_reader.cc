// Service discovery sections: static and file are read, the others are checked and warned about.
#include <fmt/format.h>

#include <iterator>

#include "http_client_reader.h"
#include "sections.h"

namespace narthex::config {
namespace {

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// A discovery that has no implementation: the keys it knows.
struct Mechanism {
  std::string_view key;
  std::string_view type;  // as upstream's errors name it
  bool has_http;          // takes the keys of an HTTP client too
  std::vector<std::string_view> keys;
};

// Source: Prometheus documentation, "Configuration", one section each.
const std::vector<Mechanism> kMechanisms = {
    {"aws_sd_configs",
     "aws.plain",
     true,
     {"role", "region", "endpoint", "access_key", "secret_key", "profile", "role_arn",
      "external_id", "port", "refresh_interval", "clusters", "filters", "request_concurrency"}},
    {"azure_sd_configs",
     "azure.plain",
     true,
     {"environment", "authentication_method", "port", "subscription_id", "tenant_id", "client_id",
      "client_secret", "refresh_interval", "resource_group"}},
    {"consul_sd_configs",
     "consul.plain",
     true,
     {"server", "path_prefix", "token", "datacenter", "namespace", "partition", "tag_separator",
      "scheme", "username", "password", "allow_stale", "refresh_interval", "services", "tags",
      "node_meta", "filter", "health_filter"}},
    {"digitalocean_sd_configs", "digitalocean.plain", true, {"port", "refresh_interval", "role"}},
    {"dns_sd_configs", "dns.plain", false, {"names", "refresh_interval", "type", "port"}},
    {"docker_sd_configs",
     "moby.plain",
     true,
     {"host", "port", "filters", "host_networking_host", "refresh_interval",
      "match_first_network"}},
    {"dockerswarm_sd_configs",
     "moby.plain",
     true,
     {"host", "role", "port", "filters", "refresh_interval"}},
    {"ec2_sd_configs",
     "aws.plain",
     true,
     {"endpoint", "region", "access_key", "secret_key", "profile", "role_arn", "external_id",
      "refresh_interval", "port", "filters"}},
    {"eureka_sd_configs", "eureka.plain", true, {"server", "refresh_interval"}},
    {"gce_sd_configs",
     "gce.plain",
     false,
     {"project", "zone", "filter", "refresh_interval", "port", "tag_separator"}},
    {"hetzner_sd_configs",
     "hetzner.plain",
     true,
     {"role", "port", "refresh_interval", "label_selector"}},
    {"http_sd_configs", "http.plain", true, {"url", "refresh_interval"}},
    {"ionos_sd_configs", "ionos.plain", true, {"datacenter_id", "refresh_interval", "port"}},
    {"kubernetes_sd_configs",
     "kubernetes.plain",
     true,
     {"api_server", "role", "kubeconfig_file", "namespaces", "selectors", "attach_metadata"}},
    {"kuma_sd_configs",
     "xds.plain",
     true,
     {"server", "client_id", "refresh_interval", "fetch_timeout"}},
    {"lightsail_sd_configs",
     "aws.plain",
     true,
     {"endpoint", "region", "access_key", "secret_key", "profile", "role_arn", "external_id",
      "refresh_interval", "port"}},
    {"linode_sd_configs",
     "linode.plain",
     true,
     {"port", "refresh_interval", "tag_separator", "region"}},
    {"marathon_sd_configs",
     "marathon.plain",
     true,
     {"servers", "refresh_interval", "auth_token", "auth_token_file"}},
    {"nerve_sd_configs", "zookeeper.plain", false, {"servers", "paths", "timeout"}},
    {"nomad_sd_configs",
     "nomad.plain",
     true,
     {"allow_stale", "namespace", "refresh_interval", "region", "server", "tag_separator"}},
    {"oci_sd_configs",
     "oci.plain",
     true,
     {"region", "tenancy", "user", "fingerprint", "key_file", "key_passphrase", "compartments",
      "port", "refresh_interval"}},
    {"openstack_sd_configs",
     "openstack.plain",
     false,
     {"identity_endpoint", "username", "userid", "password", "project_name", "project_id",
      "domain_name", "domain_id", "application_credential_name", "application_credential_id",
      "application_credential_secret", "role", "region", "refresh_interval", "port", "all_tenants",
      "tls_config", "availability"}},
    {"outscale_sd_configs",
     "outscale.plain",
     true,
     {"region", "access_key", "secret_key", "secret_key_file", "port", "refresh_interval",
      "endpoint"}},
    {"ovhcloud_sd_configs",
     "ovhcloud.plain",
     false,
     {"endpoint", "application_key", "application_secret", "consumer_key", "refresh_interval",
      "service"}},
    {"puppetdb_sd_configs",
     "puppetdb.plain",
     true,
     {"url", "query", "include_parameters", "port", "refresh_interval"}},
    {"scaleway_sd_configs",
     "scaleway.plain",
     true,
     {"project_id", "api_url", "zone", "access_key", "secret_key", "secret_key_file", "name_filter",
      "tags_filter", "role", "port", "refresh_interval"}},
    {"serverset_sd_configs", "zookeeper.plain", false, {"servers", "paths", "timeout"}},
    {"stackit_sd_configs",
     "stackit.plain",
     true,
     {"project", "region", "port", "refresh_interval", "endpoint", "service_account_key",
      "service_account_key_path", "private_key", "private_key_path", "credentials_file_path"}},
    {"triton_sd_configs",
     "triton.plain",
     false,
     {"account", "role", "dns_suffix", "endpoint", "groups", "port", "refresh_interval",
      "tls_config", "version"}},
    {"uyuni_sd_configs",
     "uyuni.plain",
     true,
     {"server", "username", "password", "entitlement", "separator", "refresh_interval"}},
    {"vultr_sd_configs", "vultr.plain", true, {"refresh_interval", "port"}},
};

Status CheckMechanism(Reader& reader, const Mechanism& mechanism, const yaml::Node& node) {
  if (node.is_null()) return Wrong(fmt::format("empty or null section in {}", mechanism.key));
  HttpClientKeys http;
  std::vector<Field> fields;
  if (mechanism.has_http) fields = HttpClientFields(reader, http);
  for (const std::string_view key : mechanism.keys) fields.push_back(reader.Ignored(key));
  NARTHEX_TRY(reader.Read(node, mechanism.type, fields));
  if (!reader.has_faults()) {
    NARTHEX_TRY(CheckDiscovery(mechanism.key, node));
    NARTHEX_TRY(FinishHttpClient(std::move(http)));
  }
  reader.AddWarning(node.position(),
                    fmt::format("{} is not supported yet: it gives no targets", mechanism.key));
  return Ok();
}

// At most one `*`, and only in the file's name.
bool IsFilePattern(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const bool has_suffix =
      path.ends_with(".json") || path.ends_with(".yml") || path.ends_with(".yaml");
  return has_suffix && std::count(path.begin(), path.end(), '*') <= 1 &&
         std::count(path.begin(), path.end(), '*') == std::count(name.begin(), name.end(), '*');
}

Status ReadFileSd(Reader& reader, const yaml::Node& node, std::vector<FileSdConfig>& into) {
  if (node.is_null()) return Wrong("empty or null section in file_sd_configs");
  FileSdConfig config;
  NARTHEX_TRY(reader.Read(node, "file.plain",
                          {reader.Paths("files", config.files),
                           reader.Duration("refresh_interval", config.refresh_interval)}));
  if (config.files.empty() && !reader.has_faults()) {
    return Wrong("file service discovery config must contain at least one path name");
  }
  for (const std::string& path : config.files) {
    if (!IsFilePattern(path))
      return Wrong(fmt::format("path name {} is not valid for file discovery", model::Quote(path)));
  }
  into.push_back(std::move(config));
  return Ok();
}

}  // namespace

Status ReadStaticConfig(Reader& reader, const yaml::Node& node, std::vector<StaticConfig>& into) {
  if (node.is_null()) return Wrong("empty or null section in static_configs");
  StaticConfig group;
  std::map<std::string, std::string> labels;
  NARTHEX_TRY(
      reader.Read(node, "targetgroup.Group",
                  {reader.Texts("targets", group.targets), reader.TextMap("labels", labels)}));
  for (const auto& [name, value] : labels) {
    if (name.empty() || !model::IsUtf8(name))
      return Wrong(model::Quote(name) + " is not a valid label name");
    if (!model::IsUtf8(value)) return Wrong(model::Quote(value) + " is not a valid label value");
  }
  group.labels = model::LabelSet::From({labels.begin(), labels.end()});
  into.push_back(std::move(group));
  return Ok();
}

std::vector<Field> DiscoveryFields(Reader& reader, std::vector<StaticConfig>& statics,
                                   std::vector<FileSdConfig>& files) {
  std::vector<Field> fields = {
      reader.Each("static_configs",
                  [&](const yaml::Node& item) { return ReadStaticConfig(reader, item, statics); }),
      reader.Each("file_sd_configs",
                  [&](const yaml::Node& item) { return ReadFileSd(reader, item, files); })};
  for (const Mechanism& mechanism : kMechanisms) {
    fields.push_back(reader.Each(mechanism.key, [&](const yaml::Node& item) {
      return CheckMechanism(reader, mechanism, item);
    }));
  }
  return fields;
}

}  // namespace narthex::config
