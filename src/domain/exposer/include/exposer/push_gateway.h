// Pushes metrics to a Pushgateway: for jobs that end before anybody scrapes them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "client/labels.h"
#include "client/registry.h"
#include "http/client.h"

namespace narthex::exposer {

struct PushGatewayOptions {
  // "http://gateway:9091", with the path in front of /metrics if there is one. Without a scheme it
  // is http.
  std::string url;
  // With the job: the labels by which the gateway knows the group. A value may be anything.
  std::string job;
  client::Labels grouping = {};
  http::Headers headers = {};
  std::optional<std::pair<std::string, std::string>> basic_auth = std::nullopt;  // name, password
  std::string bearer_token = {};
  std::optional<http::TlsOptions> tls = std::nullopt;
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  // of a whole exchange
};

// One group of a Pushgateway. Thread-safe: each call is one request of its own.
//
// Errors of the three requests: kInvalidArgument  a metric has a label of the grouping key; nothing
//                                                 was sent
//                               kUnauthenticated  status 401
//                               kPermissionDenied status 403
//                               kUnavailable      any other status that is no success, with the
//                                                 gateway's words; those of http::Client too
// Source: Pushgateway, README, "API".
class PushGateway {
 public:
  // `client` outlives it.
  // Errors: kInvalidArgument  the job is empty; the name of a grouping label is malformed, reserved
  //                           or given twice; the URL is empty
  static Result<PushGateway> Make(PushGatewayOptions options, http::Client& client);

  // PUT: the group consists of these metrics afterwards.
  Status Push(const client::Registry& registry) const;
  // POST: replaces metrics of the same names, and leaves the others of the group.
  Status PushAdd(const client::Registry& registry) const;
  // The same for families that are gathered already.
  Status Push(const std::vector<exposition::MetricFamily>& families) const;
  Status PushAdd(const std::vector<exposition::MetricFamily>& families) const;
  // DELETE: the group is gone, and the metrics with it.
  Status Delete() const;

  // Of the group, as it is asked for.
  const std::string& url() const { return url_; }

 private:
  PushGateway(PushGatewayOptions options, std::string url, http::Client& client)
      : options_(std::move(options)), url_(std::move(url)), client_(&client) {}

  Status CheckLabels(const std::vector<exposition::MetricFamily>& families) const;
  Status Send(std::string_view method, const std::vector<exposition::MetricFamily>& families) const;
  Status Exchange(std::string_view method, std::string body) const;

  PushGatewayOptions options_;
  std::string url_;
  http::Client* client_;  // never null; a pointer so that a gateway can be moved
};

}  // namespace narthex::exposer
