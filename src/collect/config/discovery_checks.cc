// The rules on the values of discoveries that are not supported, so that a wrong file is refused
// anyway.
#include <fmt/format.h>

#include <set>

#include "sections.h"

namespace narthex::config {
namespace {

Status Wrong(std::string message) { return Error{ErrorCode::kInvalidArgument, std::move(message)}; }

// The text of a key, empty if it is missing.
std::string_view Text(const yaml::Node& node, std::string_view key) {
  const yaml::Node* value = node.Find(key);
  return value == nullptr ? std::string_view() : std::string_view(value->text());
}
bool Has(const yaml::Node& node, std::string_view key) {
  const yaml::Node* value = node.Find(key);
  return value != nullptr && !value->is_null() && !(value->is_scalar() && value->text().empty());
}
bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::string_view kHttpKeys[] = {"basic_auth",   "authorization",     "oauth2",
                                          "bearer_token", "bearer_token_file", "tls_config",
                                          "proxy_url",    "http_headers"};

bool HasHttpKeys(const yaml::Node& node) {
  return std::any_of(std::begin(kHttpKeys), std::end(kHttpKeys),
                     [&](std::string_view key) { return Has(node, key); });
}

// `label` and `field` are lists of key=value, key==value or key!=value.
bool IsSelector(std::string_view text) {
  return text.empty() || text.find('=') != std::string_view::npos;
}

Status CheckKubernetesSelectors(std::string_view role, const yaml::Node& selectors) {
  const std::map<std::string_view, std::vector<std::string_view>> allowed = {
      {"pod", {"pod", "node"}},
      {"service", {"service"}},
      {"endpointslice", {"pod", "service", "endpointslice"}},
      {"endpoints", {"pod", "service", "endpoints"}},
      {"node", {"node"}},
      {"ingress", {"ingress"}}};
  const std::vector<std::string_view>& roles = allowed.at(role);
  std::set<std::string_view> seen;
  for (const yaml::Node& selector : selectors.items()) {
    const std::string_view selected = Text(selector, "role");
    if (std::find(roles.begin(), roles.end(), selected) == roles.end()) {
      return Wrong(fmt::format("{} role supports only {} selectors", role, fmt::join(roles, ", ")));
    }
    if (!seen.insert(selected).second)
      return Wrong(fmt::format("duplicated selector role: {}", selected));
    for (const std::string_view key : {"field", "label"}) {
      const std::string_view text = Text(selector, key);
      if (!IsSelector(text))
        return Wrong(fmt::format("invalid selector: '{}'; can't understand '{}'", text, text));
    }
  }
  return Ok();
}

Status CheckKubernetes(const yaml::Node& node) {
  const std::string_view role = Text(node, "role");
  if (role.empty())
    return Wrong("role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
  if (!IsOneOf(role, {"pod", "service", "endpoints", "endpointslice", "node", "ingress"})) {
    return Wrong(fmt::format("unknown Kubernetes SD role {}", model::Quote(role)));
  }
  bool own_namespace = false;
  if (const yaml::Node* namespaces = node.Find("namespaces")) {
    for (const yaml::Member& member : namespaces->members()) {
      if (member.key == "own_namespace") {
        own_namespace = yaml::AsBool(member.value).ok() && *yaml::AsBool(member.value);
      } else if (member.key != "names") {
        return Wrong(fmt::format(
            "yaml: unmarshal errors:\n  line {}: field {} not found in type kubernetes.plain",
            member.position.line, member.key));
      }
    }
  }
  const bool has_server = Has(node, "api_server");
  const bool has_file = Has(node, "kubeconfig_file");
  if (has_server && has_file)
    return Wrong("cannot use 'kubeconfig_file' and 'api_server' simultaneously");
  if (has_file && HasHttpKeys(node)) {
    return Wrong("cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
  }
  if (!has_server && HasHttpKeys(node)) {
    return Wrong(
        "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
  }
  if (has_server && own_namespace)
    return Wrong("cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
  if (has_file && own_namespace) {
    return Wrong("cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
  }
  const yaml::Node* selectors = node.Find("selectors");
  return selectors == nullptr ? Ok() : CheckKubernetesSelectors(role, *selectors);
}

Status CheckMarathon(const yaml::Node& node) {
  const bool has_token = Has(node, "auth_token");
  const bool has_file = Has(node, "auth_token_file");
  if (!Has(node, "servers")) return Wrong("marathon_sd: must contain at least one Marathon server");
  if (has_token && has_file)
    return Wrong("marathon_sd: at most one of auth_token & auth_token_file must be configured");
  if (!has_token && !has_file) return Ok();
  if (Has(node, "basic_auth")) {
    return Wrong(
        "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured");
  }
  if (Has(node, "bearer_token") || Has(node, "bearer_token_file")) {
    return Wrong(
        "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file "
        "must be configured");
  }
  if (Has(node, "authorization")) {
    return Wrong(
        "marathon_sd: at most one of auth_token, auth_token_file & authorization must be "
        "configured");
  }
  return Ok();
}

Status CheckOpenstack(const yaml::Node& node) {
  const std::string_view availability = Text(node, "availability");
  if (!availability.empty() && !IsOneOf(availability, {"public", "internal", "admin"})) {
    return Wrong(fmt::format("unknown availability {}, must be one of admin, internal or public",
                             availability));
  }
  const std::string_view role = Text(node, "role");
  if (role.empty()) return Wrong("role missing (one of: instance, hypervisor, loadbalancer)");
  if (!IsOneOf(role, {"instance", "hypervisor", "loadbalancer"})) {
    return Wrong(fmt::format("unknown OpenStack SD role {}", model::Quote(role)));
  }
  return Has(node, "region") ? Ok() : Wrong("openstack SD configuration requires a region");
}

Status CheckAzure(const yaml::Node& node) {
  if (!Has(node, "subscription_id"))
    return Wrong("azure SD configuration requires a subscription_id");
  const std::string_view method =
      node.Find("authentication_method") == nullptr ? "OAuth" : Text(node, "authentication_method");
  if (method == "OAuth") {
    for (const std::string_view key : {"tenant_id", "client_id", "client_secret"}) {
      if (!Has(node, key)) return Wrong(fmt::format("azure SD configuration requires a {}", key));
    }
  }
  if (!IsOneOf(method, {"OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity"})) {
    return Wrong(
        fmt::format("unknown authentication_type {}. Supported types are \"OAuth\", "
                    "\"ManagedIdentity\", \"SDK\" "
                    "or \"WorkloadIdentity\"",
                    model::Quote(method)));
  }
  return Ok();
}

Status CheckUrl(const yaml::Node& node, std::string_view key) {
  const std::string_view url = Text(node, key);
  if (url.empty()) return Wrong("URL is missing");
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return Wrong("URL scheme must be 'http' or 'https'");
  return Ok();
}

Status CheckPuppet(const yaml::Node& node) {
  NARTHEX_TRY(CheckUrl(node, "url"));
  return Has(node, "query") ? Ok() : Wrong("query missing");
}

Status CheckEureka(const yaml::Node& node) {
  const std::string_view server = Text(node, "server");
  if (server.empty()) return Wrong("eureka_sd: empty or null eureka server");
  return server.find("://") != std::string_view::npos ? Ok() : Wrong("invalid eureka server URL");
}

Status CheckEc2(const yaml::Node& node) {
  const yaml::Node* list = node.Find("filters");
  if (list == nullptr) return Ok();
  for (const yaml::Node& condition : list->items()) {
    const yaml::Node* values = condition.Find("values");
    if (values == nullptr || values->items().empty())
      return Wrong("EC2 SD configuration filter values cannot be empty");
  }
  return Ok();
}

Status CheckScaleway(const yaml::Node& node) {
  const std::string_view role = Text(node, "role");
  if (!IsOneOf(role, {"instance", "baremetal"}))
    return Wrong(fmt::format("unknown role {}", model::Quote(role)));
  return Ok();
}

Status CheckHetzner(const yaml::Node& node) {
  const std::string_view role = Text(node, "role");
  if (role.empty()) return Wrong("role missing (one of: robot, hcloud)");
  return IsOneOf(role, {"robot", "hcloud"})
             ? Ok()
             : Wrong(fmt::format("unknown role {}", model::Quote(role)));
}

Status CheckOutscale(const yaml::Node& node) {
  if (node.Find("region") != nullptr && !Has(node, "region"))
    return Wrong("outscale SD configuration requires a region");
  if (Has(node, "secret_key") && Has(node, "secret_key_file")) {
    return Wrong("at most one of secret_key & secret_key_file must be configured");
  }
  return Ok();
}

Status CheckIonos(const yaml::Node& node) {
  return Has(node, "datacenter_id") ? Ok() : Wrong("datacenter id can't be empty");
}

Status CheckOvhcloud(const yaml::Node& node) {
  if (!Has(node, "endpoint")) return Wrong("endpoint can not be empty");
  if (!Has(node, "application_key")) return Wrong("application key can not be empty");
  if (!Has(node, "application_secret")) return Wrong("application secret can not be empty");
  if (!Has(node, "consumer_key")) return Wrong("consumer key can not be empty");
  const std::string_view service = Text(node, "service");
  return IsOneOf(service, {"dedicated_server", "vps"})
             ? Ok()
             : Wrong(fmt::format("unknown service: {}", service));
}

Status CheckStackit(const yaml::Node& node) {
  const std::string_view endpoint = Text(node, "endpoint");
  return endpoint.starts_with("://")
             ? Wrong(fmt::format("invalid endpoint: {}", model::Quote(endpoint)))
             : Ok();
}

Status CheckHttpSd(const yaml::Node& node) { return CheckUrl(node, "url"); }

}  // namespace

Status CheckDiscovery(std::string_view key, const yaml::Node& node) {
  static const std::map<std::string_view, Status (*)(const yaml::Node&)> checks = {
      {"azure_sd_configs", CheckAzure},           {"ec2_sd_configs", CheckEc2},
      {"eureka_sd_configs", CheckEureka},         {"hetzner_sd_configs", CheckHetzner},
      {"http_sd_configs", CheckHttpSd},           {"ionos_sd_configs", CheckIonos},
      {"kubernetes_sd_configs", CheckKubernetes}, {"marathon_sd_configs", CheckMarathon},
      {"openstack_sd_configs", CheckOpenstack},   {"outscale_sd_configs", CheckOutscale},
      {"ovhcloud_sd_configs", CheckOvhcloud},     {"puppetdb_sd_configs", CheckPuppet},
      {"scaleway_sd_configs", CheckScaleway},     {"stackit_sd_configs", CheckStackit}};
  const auto found = checks.find(key);
  return found == checks.end() ? Ok() : found->second(node);
}

}  // namespace narthex::config
