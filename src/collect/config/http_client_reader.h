// The HTTP client keys that many sections share.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/http_client_config.h"
#include "reader.h"

namespace narthex::config {

// What is read of the keys before they are checked together.
struct HttpClientKeys {
  HttpClientConfig config;
  Secret bearer_token;
  std::string bearer_token_file;
  // What is wrong with oauth2 on its own; counts only if the keys go together.
  Status oauth2_status;
};

// The fields of the keys, to stand beside the own fields of a section.
std::vector<Field> HttpClientFields(Reader& reader, HttpClientKeys& keys);

// The rules that span several keys. Errors: kInvalidArgument.
Result<HttpClientConfig> FinishHttpClient(HttpClientKeys keys);

// A tls_config on its own.
Status ReadTlsConfig(Reader& reader, const yaml::Node& node, TlsConfig& into);

// Whether requests never carry `name` as a free header. Source: common/config, reserved headers.
bool IsReservedHeader(std::string_view name);

// "Content-Type" from "content-type".
std::string CanonicalHeader(std::string_view name);

}  // namespace narthex::config
