#include "webconfig/web_guard.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "base/log.h"
#include "base/mutex.h"
#include "file_stamp.h"
#include "io/file_system.h"
#include "password_checker.h"
#include "rate_limiter.h"
#include "webconfig/web_config.h"

namespace narthex::webconfig {
namespace {

constexpr std::uint64_t kFileSizeBytesMax = 4u << 20;

struct State {
  WebConfig config;
  std::shared_ptr<const http::ServerTls> tls;
};

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::vector<std::string> PathsOf(const TlsSection& tls) {
  return {tls.cert_file, tls.key_file, tls.client_ca_file};
}

// The text of `file`, or what the configuration has in its place.
Status ReadPem(std::string_view key, const std::string& file, std::string& text) {
  if (file.empty()) return Ok();
  auto read = io::ReadFile(io::SystemFiles(), file, kFileSizeBytesMax);
  if (!read.ok()) return std::move(read).error().Under(fmt::format("failed to read {}", key));
  text = std::move(read).value();
  return Ok();
}

Result<std::shared_ptr<const http::ServerTls>> LoadTls(const TlsSection& section) {
  if (!section.is_enabled()) return std::shared_ptr<const http::ServerTls>();
  http::ServerTlsOptions options = section.options;
  NARTHEX_TRY(ReadPem("cert_file", section.cert_file, options.certificate_pem));
  NARTHEX_TRY(ReadPem("key_file", section.key_file, options.key_pem));
  NARTHEX_TRY(ReadPem("client_ca_file", section.client_ca_file, options.client_ca_pem));
  return http::ServerTls::Make(options);
}

Result<State> LoadState(const std::string& path) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                           io::ReadFile(io::SystemFiles(), path, kFileSizeBytesMax));
  State state;
  NARTHEX_ASSIGN_OR_RETURN(state.config, ParseWebConfig(text, FolderOf(path)));
  NARTHEX_ASSIGN_OR_RETURN(state.tls, LoadTls(state.config.tls));
  return state;
}

// Where the configuration comes from: a file, or the names of two.
struct Origin {
  std::string path;
  TlsSection tls;  // if `path` is empty

  std::string name() const {
    return path.empty() ? "certificate " + tls.cert_file : "web configuration " + path;
  }
};

Result<State> LoadTlsOnly(const TlsSection& section) {
  State state;
  state.config.tls = section;
  NARTHEX_ASSIGN_OR_RETURN(state.tls, LoadTls(section));
  return state;
}

Result<State> Load(const Origin& origin) {
  auto state = origin.path.empty() ? LoadTlsOnly(origin.tls) : LoadState(origin.path);
  if (state.ok()) return state;
  return std::move(state).error().Under(origin.name());
}

class FileGuard final : public WebGuard {
 public:
  using Stamps = std::vector<std::optional<FileStamp>>;

  FileGuard(Origin origin, State state, Stamps stamps, Clock& clock)
      : origin_(std::move(origin)),
        has_tls_(state.tls != nullptr),
        limiter_(state.config.rate_limit, clock),
        stamps_(std::move(stamps)),
        state_(std::make_shared<const State>(std::move(state))) {}

  bool has_tls() const override { return has_tls_; }

  Status Reload() override EXCLUDES(reload_mutex_, state_mutex_) {
    MutexLock lock(reload_mutex_);
    stamps_ = StampAll(state()->config.tls);
    return ReloadNow();
  }

  std::shared_ptr<const http::ServerTls> Tls() override {
    Refresh();
    return state()->tls;
  }

  http::Response Answer(const http::Request& request, const http::Handler& next) override {
    Refresh();
    if (!limiter_.Allow()) return http::Response::Text(429, "Too Many Requests\n");
    const std::shared_ptr<const State> now = state();
    http::Response response = AnswerUser(now->config, request, next);
    for (const auto& [name, value] : now->config.headers) {
      if (!response.headers.Has(name)) response.headers.Set(name, value);
    }
    return response;
  }

 private:
  http::Response AnswerUser(const WebConfig& config, const http::Request& request,
                            const http::Handler& next) {
    if (config.users.empty()) return next(request);
    if (const auto credentials = http::BasicCredentials(request)) {
      const auto& [name, password] = *credentials;
      const std::optional<bool> verdict = checker_.Check(config.users, name, password);
      if (!verdict) return http::Response::Text(503, "too many requests wait to sign in\n");
      if (*verdict) return next(request);
    }
    http::Response response = http::Response::Text(401, "Unauthorized\n");
    response.headers.Set("WWW-Authenticate", "Basic");
    return response;
  }

  std::shared_ptr<const State> state() const EXCLUDES(state_mutex_) {
    MutexLock lock(state_mutex_);
    return state_;
  }

  Stamps StampAll(const TlsSection& tls) const {
    Stamps stamps = {origin_.path.empty() ? std::nullopt : StampOf(origin_.path)};
    for (const std::string& path : PathsOf(tls)) {
      stamps.push_back(path.empty() ? std::nullopt : StampOf(path));
    }
    return stamps;
  }

  void Refresh() EXCLUDES(reload_mutex_, state_mutex_) {
    // One who looks suffices; the others go by what is known.
    if (!reload_mutex_.try_lock()) return;
    Stamps stamps = StampAll(state()->config.tls);
    if (stamps != stamps_) {
      // Noted first: a file that is wrong is told of once, one that changes meanwhile is read
      // again.
      stamps_ = std::move(stamps);
      const Status status = ReloadNow();
      if (!status.ok()) {
        LogError("web", "The web configuration is wrong; the one before stays in force",
                 {{"reason", status.error().message()}});
      }
    }
    reload_mutex_.unlock();
  }

  Status ReloadNow() REQUIRES(reload_mutex_) EXCLUDES(state_mutex_) {
    NARTHEX_ASSIGN_OR_RETURN(State loaded, Load(origin_));
    if ((loaded.tls != nullptr) != has_tls_) {
      return Error{ErrorCode::kFailedPrecondition,
                   fmt::format("{}: TLS is switched on and off by a restart only", origin_.name())};
    }
    // Other files than those of the stamps: read once more, by stamps of theirs.
    if (PathsOf(loaded.config.tls) != PathsOf(state()->config.tls)) stamps_.clear();
    auto next = std::make_shared<const State>(std::move(loaded));
    MutexLock lock(state_mutex_);
    state_ = std::move(next);
    return Ok();
  }

  const Origin origin_;
  const bool has_tls_;
  RateLimiter limiter_;
  PasswordChecker checker_;

  Mutex reload_mutex_;
  Stamps stamps_ GUARDED_BY(reload_mutex_);

  mutable Mutex state_mutex_;
  // Shared with the requests that go by it.
  std::shared_ptr<const State> state_ GUARDED_BY(state_mutex_);
};

}  // namespace

namespace {

Result<std::shared_ptr<WebGuard>> OpenOrigin(Origin origin, Clock& clock) {
  NARTHEX_ASSIGN_OR_RETURN(State state, Load(origin));
  // No stamps yet: the first who looks reads it again, whatever happened since.
  return std::make_shared<FileGuard>(std::move(origin), std::move(state), FileGuard::Stamps(),
                                     clock);
}

}  // namespace

Result<std::shared_ptr<WebGuard>> WebGuard::Open(const std::string& path, Clock& clock) {
  return OpenOrigin({path, {}}, clock);
}

Result<std::shared_ptr<WebGuard>> WebGuard::OpenTls(const std::string& cert_file,
                                                    const std::string& key_file, Clock& clock) {
  TlsSection tls;
  tls.cert_file = cert_file;
  tls.key_file = key_file;
  return OpenOrigin({{}, std::move(tls)}, clock);
}

void WebGuard::Protect(const std::shared_ptr<WebGuard>& guard, http::ServerOptions& options,
                       http::Router& router) {
  if (guard->has_tls()) options.tls = [guard] { return guard->Tls(); };
  router.Wrap([guard](const http::Request& request,
                      const http::Handler& next) { return guard->Answer(request, next); },
              http::RunOn::kWorker);
}

Result<std::shared_ptr<WebGuard>> OpenAndProtect(const std::string& path,
                                                 http::ServerOptions& options, http::Router& router,
                                                 Clock& clock) {
  if (path.empty()) return std::shared_ptr<WebGuard>();
  NARTHEX_ASSIGN_OR_RETURN(std::shared_ptr<WebGuard> guard, WebGuard::Open(path, clock));
  WebGuard::Protect(guard, options, router);
  return guard;
}

}  // namespace narthex::webconfig
