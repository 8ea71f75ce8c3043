// How people sign in by JSON web tokens.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "dashstore/users.h"

namespace narthex::dashapi {

// Names of fields say which setting of [auth.jwt] they are; defaults are Grafana's. Paths are
// expressions in JMESPath, asked of a token's claims; empty: not asked.
struct JwtOptions {
  bool is_enabled = false;
  std::string header_name;       // where the token stands
  bool takes_url_token = false;  // or in the parameter `auth_token`

  std::string username_claim;
  std::string username_attribute_path;  // if no claim is named
  std::string email_claim;
  std::string email_attribute_path;
  std::string expected_claims = "{}";

  // Keys come from exactly one of the next three.
  std::string key_file;  // PEM
  std::string jwk_set_file;
  std::string jwk_set_url;                // https
  bool takes_http_url = false;            // also http: [] app_mode = development
  std::string key_id;                     // of key_file
  std::string jwk_set_bearer_token_file;  // sent to jwk_set_url
  std::chrono::milliseconds cache_ttl = std::chrono::hours(1);  // of jwk_set_url; 0: not kept
  std::string tls_ca_file;  // of jwk_set_url; empty: the system's
  bool skips_tls_verification = false;

  bool signs_up = false;
  bool keeps_roles = false;  // skip_org_role_sync
  std::string role_attribute_path;
  bool is_role_strict = false;                      // without a valid role nobody signs in
  bool allows_server_admin = false;                 // by the role GrafanaAdmin
  std::string org_attribute_path;                   // a list of names
  std::vector<std::string> org_mapping;             // "name of that list:organisation:role"
  dashstore::Role role = dashstore::Role::kViewer;  // of those without one
};

}  // namespace narthex::dashapi
