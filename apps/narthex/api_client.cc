#include "api_client.h"

#include <fmt/format.h>

#include "http/client.h"
#include "json/reader.h"

namespace narthex::apps {
namespace {

constexpr std::chrono::minutes kTimeout{2};  // as promtool's

std::string WithScheme(std::string server) {
  while (server.ends_with('/')) server.pop_back();
  return server.find("://") == std::string::npos ? "http://" + server : server;
}

}  // namespace

ApiClient::ApiClient(std::string server, http::Headers headers)
    : server_(WithScheme(std::move(server))), headers_(std::move(headers)) {}

Result<json::Value> ApiClient::Ask(const std::string& path,
                                   const http::Parameters& parameters) const {
  NARTHEX_ASSIGN_OR_RETURN(const auto client, http::Client::Make({}));
  http::ClientRequest request;
  request.url = fmt::format("{}{}?{}", server_, path, parameters.ToString());
  request.headers = headers_;
  request.timeout = kTimeout;
  request.body_size_bytes_max = 0;
  NARTHEX_ASSIGN_OR_RETURN(const http::ClientResponse response,
                           client->FetchAndWait(std::move(request)));
  const Result<json::Value> answer = json::Parse(response.body);
  if (!answer.ok() || !answer->is_object()) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("{}{} answers {} and no JSON", server_, path, response.status)};
  }
  if ((*answer)["status"].AsString() != "success") {
    return Error{
        ErrorCode::kFailedPrecondition,
        fmt::format("{}: {}", (*answer)["errorType"].AsString(), (*answer)["error"].AsString())};
  }
  warnings_.clear();
  for (const json::Value& warning : (*answer)["warnings"].items())
    warnings_.emplace_back(warning.AsString());
  return (*answer)["data"];
}

}  // namespace narthex::apps
