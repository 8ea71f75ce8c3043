#include "prometheus/gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "exposer/push_gateway.h"
#include "family_source.h"
#include "http/client.h"

namespace prometheus {
namespace {

namespace exposer = narthex::exposer;
namespace exposition = narthex::exposition;
namespace http = narthex::http;

constexpr int kNoAnswer = -1;

template <typename T>
T OrThrow(narthex::Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().message());
  return *std::move(result);
}

bool IsSuccess(int status) { return status >= 100 && status < 400; }

std::string Body(const Collectable& collectable) {
  exposition::FamilyWriter writer({});
  std::string body;
  detail::WriteSources(collectable.Sources(), writer, body, [](std::string&) { return true; });
  return body;
}

}  // namespace

class Gateway::State {
 public:
  State(exposer::PushGatewayOptions options)
      : options_(std::move(options)), client_(OrThrow(http::Client::Make({}))) {
    job_url_ = Url({});
    instance_url_ = Url(options_.grouping);
  }

  void Add(const std::weak_ptr<Collectable>& collectable, const Labels* labels) EXCLUDES(mutex_) {
    narthex::client::Labels grouping = options_.grouping;
    if (labels != nullptr) grouping.insert(grouping.end(), labels->begin(), labels->end());
    const std::string url = Url(grouping);
    narthex::MutexLock lock(mutex_);
    std::erase_if(groups_, [](const Group& group) { return group.collectable.expired(); });
    groups_.push_back({collectable, url});
  }

  void AddHeader(std::string name, std::string value) EXCLUDES(mutex_) {
    narthex::MutexLock lock(mutex_);
    headers_.Add(name, value);
  }

  int Push(std::string_view method) EXCLUDES(mutex_) {
    std::vector<Group> groups;
    {
      narthex::MutexLock lock(mutex_);
      groups = groups_;
    }
    for (const Group& group : groups) {
      const auto collectable = group.collectable.lock();
      if (collectable == nullptr) continue;
      const int status = Send(method, group.url, Body(*collectable));
      if (!IsSuccess(status)) return status;
    }
    return 200;
  }

  int Delete() { return Send("DELETE", job_url_, {}); }
  int DeleteForInstance() { return Send("DELETE", instance_url_, {}); }

 private:
  struct Group {
    std::weak_ptr<Collectable> collectable;
    std::string url;
  };

  // The path is that of the exposer's client; the answers here are told by their status.
  std::string Url(narthex::client::Labels grouping) const {
    exposer::PushGatewayOptions options = options_;
    options.grouping = std::move(grouping);
    return OrThrow(exposer::PushGateway::Make(std::move(options), *client_)).url();
  }

  int Send(std::string_view method, const std::string& url, std::string body) EXCLUDES(mutex_) {
    http::ClientRequest request;
    request.method = method;
    request.url = url;
    {
      narthex::MutexLock lock(mutex_);
      request.headers = headers_;
    }
    request.headers.Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    request.body = std::move(body);
    request.timeout = options_.timeout;
    request.basic_auth = options_.basic_auth;
    const auto answer = client_->FetchAndWait(std::move(request));
    return answer.ok() ? answer->status : kNoAnswer;
  }

  const exposer::PushGatewayOptions options_;
  const std::unique_ptr<http::Client> client_;
  std::string job_url_;
  std::string instance_url_;

  narthex::Mutex mutex_;
  std::vector<Group> groups_ GUARDED_BY(mutex_);
  http::Headers headers_ GUARDED_BY(mutex_);
};

namespace {

exposer::PushGatewayOptions OptionsFor(const std::string& host, const std::string& port,
                                       const std::string& jobname, const Labels& labels) {
  exposer::PushGatewayOptions options;
  options.url = fmt::format("{}:{}", host, port);
  options.job = jobname;
  options.grouping.assign(labels.begin(), labels.end());
  return options;
}

}  // namespace

Gateway::Gateway(const std::string& host, const std::string& port, const std::string& jobname,
                 const Labels& labels, const std::string& username, const std::string& password,
                 std::chrono::seconds timeout) {
  auto options = OptionsFor(host, port, jobname, labels);
  if (!username.empty()) options.basic_auth = {username, password};
  options.timeout = timeout;
  state_ = std::make_shared<State>(std::move(options));
}

Gateway::~Gateway() = default;

Labels Gateway::GetInstanceLabel(std::string hostname) {
  if (hostname.empty()) return {};
  return {{"instance", std::move(hostname)}};
}

void Gateway::RegisterCollectable(const std::weak_ptr<Collectable>& collectable,
                                  const Labels* labels) {
  state_->Add(collectable, labels);
}

bool Gateway::AddHttpHeader(const std::string& header) {
  const std::size_t colon = header.find(':');
  if (colon == 0 || colon == std::string::npos ||
      header.find_first_of("\r\n") != std::string::npos) {
    return false;
  }
  const std::size_t value = header.find_first_not_of(' ', colon + 1);
  state_->AddHeader(header.substr(0, colon),
                    value == std::string::npos ? std::string() : header.substr(value));
  return true;
}

int Gateway::Push() { return state_->Push("POST"); }
int Gateway::PushAdd() { return state_->Push("PUT"); }
int Gateway::Delete() { return state_->Delete(); }
int Gateway::DeleteForInstance() { return state_->DeleteForInstance(); }

std::future<int> Gateway::AsyncPush() {
  return std::async(std::launch::async, [state = state_] { return state->Push("POST"); });
}
std::future<int> Gateway::AsyncPushAdd() {
  return std::async(std::launch::async, [state = state_] { return state->Push("PUT"); });
}
std::future<int> Gateway::AsyncDelete() {
  return std::async(std::launch::async, [state = state_] { return state->Delete(); });
}
std::future<int> Gateway::AsyncDeleteForInstance() {
  return std::async(std::launch::async, [state = state_] { return state->DeleteForInstance(); });
}

}  // namespace prometheus
