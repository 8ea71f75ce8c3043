#include "exposer/push_gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exposition/metric_family.h"
#include "exposition/writer.h"
#include "http/message.h"
#include "model/labels.h"

namespace narthex::exposer {
namespace {

constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";
// Of what the gateway says about a refusal: a sentence, not a page.
constexpr std::size_t kReasonSizeBytesMax = 512;

// One label of the grouping key as parts of a path. A part can be neither empty nor hold a slash,
// encoded or not, so that such values come in base64 with the alphabet for URLs; one without
// anything is the padding alone.
std::string PathOf(std::string_view name, std::string_view value) {
  if (!value.empty() && value.find('/') == std::string_view::npos) {
    return fmt::format("/{}/{}", name, http::UrlEncode(value));
  }
  std::string coded = value.empty() ? "=" : http::EncodeBase64(value);
  std::replace(coded.begin(), coded.end(), '+', '-');
  std::replace(coded.begin(), coded.end(), '/', '_');
  return fmt::format("/{}@base64/{}", name, coded);
}

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Status CheckGrouping(const client::Labels& grouping) {
  std::set<std::string_view> names = {"job"};
  for (const auto& [name, value] : grouping) {
    if (!model::IsValidLabelName(name, model::NameValidation::kLegacy) || name.starts_with("__")) {
      return Invalid(fmt::format("grouping label {} is malformed", model::Quote(name)));
    }
    if (!names.insert(name).second) {
      return Invalid(fmt::format("grouping label {} is given twice", model::Quote(name)));
    }
  }
  return Ok();
}

ErrorCode CodeOf(int status) {
  if (status == 401) return ErrorCode::kUnauthenticated;
  return status == 403 ? ErrorCode::kPermissionDenied : ErrorCode::kUnavailable;
}

// An error must not show the user and the password that a URL may hold.
std::string WithoutUser(std::string url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t at = url.substr(0, url.find('/', host)).rfind('@');
  if (at != std::string::npos && at >= host) url.erase(host, at + 1 - host);
  return url;
}

std::string_view Reason(std::string_view body) {
  body = body.substr(0, kReasonSizeBytesMax);
  while (body.ends_with('\n') || body.ends_with('\r')) body.remove_suffix(1);
  return body;
}

}  // namespace

Result<PushGateway> PushGateway::Make(PushGatewayOptions options, http::Client& client) {
  if (options.url.empty()) return Invalid("the Pushgateway's URL is empty");
  if (options.job.empty()) return Invalid("job name is empty");
  NARTHEX_TRY(CheckGrouping(options.grouping));
  std::string url = options.url;
  if (url.find("://") == std::string::npos) url.insert(0, "http://");
  while (url.ends_with('/')) url.pop_back();
  url += "/metrics" + PathOf("job", options.job);
  for (const auto& [name, value] : options.grouping) url += PathOf(name, value);
  return PushGateway(std::move(options), std::move(url), client);
}

Status PushGateway::Push(const client::Registry& registry) const { return Push(registry.Gather()); }

Status PushGateway::PushAdd(const client::Registry& registry) const {
  return PushAdd(registry.Gather());
}

Status PushGateway::Push(const std::vector<exposition::MetricFamily>& families) const {
  return Send("PUT", families);
}

Status PushGateway::PushAdd(const std::vector<exposition::MetricFamily>& families) const {
  return Send("POST", families);
}

Status PushGateway::Delete() const { return Exchange("DELETE", {}); }

// The gateway would put the group's labels in the place of such labels without a word.
Status PushGateway::CheckLabels(const std::vector<exposition::MetricFamily>& families) const {
  const auto is_grouping = [this](std::string_view name) {
    return name == "job" || std::any_of(options_.grouping.begin(), options_.grouping.end(),
                                        [&](const auto& label) { return label.first == name; });
  };
  for (const auto& family : families) {
    for (const auto& metric : family.metrics) {
      for (exposition::LabelReader label(metric.labels); label.Next();) {
        if (!is_grouping(label.name())) continue;
        return Invalid(fmt::format("pushed metric {} already has the grouping label {}",
                                   family.name, model::Quote(label.name())));
      }
    }
  }
  return Ok();
}

Status PushGateway::Send(std::string_view method,
                         const std::vector<exposition::MetricFamily>& families) const {
  NARTHEX_TRY(CheckLabels(families));
  std::string body;
  for (const auto& family : families) {
    exposition::WriteFamily(body, family, {.escaping = model::NameEscaping::kUnderscores});
  }
  return Exchange(method, std::move(body));
}

Status PushGateway::Exchange(std::string_view method, std::string body) const {
  http::ClientRequest request;
  request.method = method;
  request.url = url_;
  request.headers = options_.headers;
  if (method != "DELETE") request.headers.Set("Content-Type", kContentType);
  request.body = std::move(body);
  request.timeout = options_.timeout;
  // A redirected PUT or POST would become a GET that changes nothing.
  request.follows_redirects = false;
  request.basic_auth = options_.basic_auth;
  request.bearer_token = options_.bearer_token;
  request.tls = options_.tls;
  NARTHEX_ASSIGN_OR_RETURN(const http::ClientResponse response,
                           client_->FetchAndWait(std::move(request)));
  // Old gateways accept with 202, newer ones answer 200 when the push is applied.
  if (response.status == 200 || response.status == 202) return Ok();
  return Error{CodeOf(response.status),
               fmt::format("unexpected status code {} while {} {}: {}", response.status,
                           method == "DELETE" ? "deleting" : "pushing to", WithoutUser(url_),
                           Reason(response.body))};
}

}  // namespace narthex::exposer
