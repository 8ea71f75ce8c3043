// How the dashboards service is set up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "dashstore/store.h"
#include "http/asset.h"

namespace narthex::dashapi {

struct AnonymousOptions {
  bool is_enabled = false;
  std::string org_name = "Main Org.";
  dashstore::Role role = dashstore::Role::kViewer;
  bool hides_version = false;
};

struct CookieOptions {
  bool is_secure = false;
  std::string same_site = "Lax";  // empty: the attribute is left out
};

// Names of fields say which setting of Grafana they are; defaults are Grafana's.
struct DashboardsOptions {
  std::vector<std::string> listen_addresses = {":3000"};
  // TLS and headers, as of Prometheus; empty: none. Users in it stand before the sign-in.
  std::string web_config_file;
  std::string root_url;  // for links; empty: relative ones

  std::string data_folder = "data";
  std::string provisioning_folder = "conf/provisioning";

  std::string admin_user = "admin";
  std::string admin_password = "admin";
  std::string admin_email = "admin@localhost";
  bool creates_initial_admin = true;

  std::string default_theme = "dark";  // dark, light, system
  AnonymousOptions anonymous;
  CookieOptions cookies;
  dashstore::SessionLimits sessions;
  bool is_basic_auth_enabled = true;
  bool is_brute_force_protected = true;
  int brute_force_attempts_max = 5;
  std::vector<std::string> csrf_trusted_origins;
  bool allows_embedding = false;
  std::string signout_redirect_url;

  std::int64_t dashboard_versions_kept = 20;
  std::string min_refresh_interval = "5s";
  std::chrono::milliseconds data_proxy_timeout = std::chrono::seconds(30);
  std::uint64_t data_proxy_response_size_max = 64u << 20;
  bool is_metrics_enabled = true;

  // "exposer" -> "127.0.0.1:18000": names in data source addresses.
  std::map<std::string, std::string, std::less<>> host_aliases;

  // What the program brings along; not settings.
  std::string version = "12.3.0";  // of Grafana, whose clients choose their behaviour by it
  std::string commit = "unknown";
  std::span<const http::Asset> assets;  // must outlive the service
  std::function<std::optional<std::string>(std::string_view name)>
      environment;         // of provisioning files
  Clock* clock = nullptr;  // null: the system's
  std::size_t worker_count = 8;
};

}  // namespace narthex::dashapi
