#include "prometheus/exposer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/number.h"
#include "civet_options.h"
#include "exposition/negotiation.h"
#include "family_source.h"
#include "http/router.h"
#include "http/server.h"
#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "prometheus/summary.h"

namespace prometheus {
namespace {

namespace http = narthex::http;
namespace exposition = narthex::exposition;

// What is shown under one path, with metrics about that.
class Page {
 public:
  using IsAllowed = std::function<bool(const std::string&, const std::string&)>;

  Page()
      : own_(std::make_shared<Registry>()),
        transferred_bytes_(BuildCounter()
                               .Name("exposer_transferred_bytes_total")
                               .Help("Transferred bytes to metrics services")
                               .Register(*own_)
                               .Add({})),
        scrapes_(BuildCounter()
                     .Name("exposer_scrapes_total")
                     .Help("Number of times metrics were scraped")
                     .Register(*own_)
                     .Add({})),
        latencies_(BuildSummary()
                       .Name("exposer_request_latencies")
                       .Help("Latencies of serving scrape requests, in microseconds")
                       .Register(*own_)
                       .Add({}, Summary::Quantiles{{0.5, 0.05}, {0.9, 0.01}, {0.99, 0.001}})) {
    collectables_.push_back(own_);
  }

  void Add(const std::weak_ptr<Collectable>& collectable) EXCLUDES(mutex_) {
    narthex::MutexLock lock(mutex_);
    std::erase_if(collectables_, [](const auto& known) { return known.expired(); });
    collectables_.push_back(collectable);
  }
  void Remove(const std::weak_ptr<Collectable>& collectable) EXCLUDES(mutex_) {
    const auto removed = collectable.lock();
    narthex::MutexLock lock(mutex_);
    std::erase_if(collectables_, [&removed](const auto& known) { return known.lock() == removed; });
  }
  void SetAuth(IsAllowed is_allowed, std::string realm) EXCLUDES(mutex_) {
    narthex::MutexLock lock(mutex_);
    is_allowed_ = std::make_shared<const IsAllowed>(std::move(is_allowed));
    realm_ = std::move(realm);
  }

  // Empty: the request may go on.
  std::optional<http::Response> Refuse(const http::Request& request) const EXCLUDES(mutex_) {
    std::shared_ptr<const IsAllowed> is_allowed;
    std::string realm;
    {
      narthex::MutexLock lock(mutex_);
      is_allowed = is_allowed_;
      realm = realm_;
    }
    if (is_allowed == nullptr) return std::nullopt;
    const auto credentials = http::BasicCredentials(request);
    if (credentials && (*is_allowed)(credentials->first, credentials->second)) return std::nullopt;
    auto response = http::Response::Text(401, "Unauthorized\n");
    response.headers.Set("WWW-Authenticate", fmt::format("Basic realm=\"{}\"", realm));
    return response;
  }

  narthex::Status Write(const exposition::WriteOptions& options, http::BodyWriter& body) {
    const narthex::Clock& clock = narthex::SystemClock();
    const auto start = clock.Monotonic();
    exposition::FamilyWriter writer(options);
    std::string out;
    narthex::Status status = narthex::Ok();
    double size_bytes = 0;
    const auto send = [&](std::string& piece) {
      status = body.Write(piece);
      size_bytes += static_cast<double>(piece.size());
      piece.clear();
      return status.ok();
    };
    detail::WriteSources(Collect(), writer, out, send);
    if (!status.ok()) return status;
    writer.WriteEnd(out);
    if (!send(out)) return status;
    const std::chrono::duration<double, std::micro> duration = clock.Monotonic() - start;
    latencies_.Observe(duration.count());
    transferred_bytes_.Increment(size_bytes);
    scrapes_.Increment();
    return status;
  }

 private:
  detail::Sources Collect() const EXCLUDES(mutex_) {
    std::vector<std::weak_ptr<Collectable>> collectables;
    {
      narthex::MutexLock lock(mutex_);
      collectables = collectables_;
    }
    detail::Sources sources;
    for (const auto& weak : collectables) {
      const auto collectable = weak.lock();
      if (collectable == nullptr) continue;
      try {
        const auto found = collectable->Sources();
        sources.insert(sources.end(), found.begin(), found.end());
      } catch (...) {
        // Code of others: what it throws must not keep the other metrics from the reader.
        continue;
      }
    }
    return sources;
  }

  const std::shared_ptr<Registry> own_;
  Counter& transferred_bytes_;
  Counter& scrapes_;
  Summary& latencies_;

  mutable narthex::Mutex mutex_;
  std::vector<std::weak_ptr<Collectable>> collectables_ GUARDED_BY(mutex_);
  std::shared_ptr<const IsAllowed> is_allowed_ GUARDED_BY(mutex_);
  std::string realm_ GUARDED_BY(mutex_);
};

}  // namespace

class Exposer::State {
 public:
  // The page of `uri`, which is made if there is none.
  Page& PageOf(const std::string& uri) EXCLUDES(mutex_) {
    narthex::MutexLock lock(mutex_);
    auto& page = pages_[uri];
    if (page == nullptr) page = std::make_shared<Page>();
    return *page;
  }

  http::Response Answer(const http::Request& request) {
    const auto page = Find(request.path);
    if (page == nullptr) return http::Response::Text(404, "Not found\n");
    if (auto refusal = page->Refuse(request)) return *std::move(refusal);
    const auto negotiated = exposition::Negotiate(request.headers.Get("Accept"));
    http::Response response;
    response.headers.Set("Content-Type", negotiated.content_type);
    response.stream = [page, write = negotiated.write](http::BodyWriter& body) {
      return page->Write(write, body);
    };
    return response;
  }

  std::unique_ptr<http::Server> server;

 private:
  // A page answers for its path and for all below it.
  std::shared_ptr<Page> Find(std::string_view path) const EXCLUDES(mutex_) {
    narthex::MutexLock lock(mutex_);
    while (true) {
      const auto found = pages_.find(path);
      if (found != pages_.end()) return found->second;
      const std::size_t end = path.rfind('/');
      if (end == std::string_view::npos || path.size() <= 1) return nullptr;
      path = path.substr(0, std::max<std::size_t>(end, 1));
    }
  }

  mutable narthex::Mutex mutex_;
  // By path; pages stay to the end. Shared with answers under way.
  std::map<std::string, std::shared_ptr<Page>, std::less<>> pages_ GUARDED_BY(mutex_);
};

Exposer::Exposer(const std::string& bind_address, std::size_t num_threads,
                 const CivetCallbacks* callbacks)
    : Exposer({"listening_ports", bind_address, "num_threads", std::to_string(num_threads)},
              callbacks) {}

Exposer::Exposer(std::vector<std::string> options, const CivetCallbacks* callbacks)
    : state_(std::make_shared<State>()) {
  if (callbacks != nullptr) throw std::runtime_error("the exposer calls no CivetCallbacks");
  http::Router router;
  State* const state = state_.get();
  router.Get("/*", [state](const http::Request& request) { return state->Answer(request); });
  auto server = http::Server::Start(detail::ServerOptionsFrom(options), std::move(router));
  if (!server.ok()) throw std::runtime_error(server.error().message());
  state_->server = *std::move(server);
}

Exposer::~Exposer() { state_->server.reset(); }

void Exposer::RegisterCollectable(const std::weak_ptr<Collectable>& collectable,
                                  const std::string& uri) {
  state_->PageOf(uri).Add(collectable);
}

void Exposer::RemoveCollectable(const std::weak_ptr<Collectable>& collectable,
                                const std::string& uri) {
  state_->PageOf(uri).Remove(collectable);
}

void Exposer::RegisterAuth(std::function<bool(const std::string&, const std::string&)> callback,
                           const std::string& realm, const std::string& uri) {
  state_->PageOf(uri).SetAuth(std::move(callback), realm);
}

std::vector<int> Exposer::GetListeningPorts() const {
  std::vector<int> ports;
  for (const std::string& address : state_->server->addresses()) {
    const std::string_view port = std::string_view(address).substr(address.rfind(':') + 1);
    ports.push_back(static_cast<int>(narthex::ParseInt64(port).value_or(0)));
  }
  return ports;
}

}  // namespace prometheus
