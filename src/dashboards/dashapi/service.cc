#include "dashapi/service.h"

#include <fmt/format.h>

#include <utility>

#include "answers.h"
#include "authenticator.h"
#include "base/log.h"
#include "context.h"
#include "dashboard_answers.h"
#include "dashstore/random.h"
#include "http/client.h"
#include "http/server.h"
#include "live_hub.h"
#include "metadata_cache.h"
#include "oauth.h"
#include "provisioner.h"
#include "routes.h"
#include "service_metrics.h"
#include "shared_queries.h"
#include "sub_path.h"
#include "webconfig/web_guard.h"

namespace narthex::dashapi {
namespace {

// A dashboard with all its panels, or the answers to it; nothing that is sent here is larger.
constexpr std::size_t kBodySizeMax = 16u << 20;

// Styles are set from scripts, so they are allowed inline; scripts come from files only.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; script-src 'self'; object-src 'none'; style-src 'self' 'unsafe-inline'; "
    "img-src * data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; "
    "form-action 'self'";

void ReplaceAll(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string ContentSecurityPolicy(const DashboardsOptions& options) {
  std::string policy = options.security_headers.content_security_policy;
  if (policy.empty()) policy = kContentSecurityPolicy;
  ReplaceAll(policy, "$NONCE", "'nonce-" + dashstore::RandomHex(16) + "'");
  std::string_view root = options.root_url;
  root = root.substr(root.find("://") == std::string_view::npos ? 0 : root.find("://") + 3);
  ReplaceAll(policy, "$ROOT_PATH", root);
  return policy;
}

void AddSecurityHeaders(const http::Request& request, const DashboardsOptions& options,
                        http::Response& response) {
  http::Headers& headers = response.headers;
  const SecurityHeaderOptions& security = options.security_headers;
  if (security.has_content_type_options) headers.Set("X-Content-Type-Options", "nosniff");
  if (security.has_xss_protection) headers.Set("X-XSS-Protection", "1; mode=block");
  if (security.has_strict_transport_security) {
    headers.Set("Strict-Transport-Security",
                fmt::format("max-age={}", security.strict_transport_security_max_age_s));
  }
  // Answers of other servers bring a stricter one along.
  if (security.has_content_security_policy && !headers.Has("Content-Security-Policy")) {
    headers.Set("Content-Security-Policy", ContentSecurityPolicy(options));
  }
  if (!options.allows_embedding) headers.Set("X-Frame-Options", "deny");
  const bool is_api =
      request.path.starts_with("/api/") || request.path == "/login" || request.path == "/logout";
  if (is_api && !headers.Has("Cache-Control")) headers.Set("Cache-Control", "no-store");
}

// What stands before every route.
http::Response Guarded(const DashboardsOptions& options, const http::Request& request,
                       const http::Handler& next) {
  http::Response response;
  if (auto refused = RefuseForeignOrigin(request, options)) {
    response = *std::move(refused);
  } else {
    response = next(request);
    // Clients know "not found" from this API and no other refusal of a path.
    const bool is_api = request.path.starts_with("/api/");
    if (is_api && response.status == 405) response = MessageAnswer(404, "Not found");
  }
  AddSecurityHeaders(request, options, response);
  return response;
}

void AddAllRoutes(http::Router& router, Context& context) {
  AddLoginRoutes(router, context);
  AddUserRoutes(router, context);
  AddAccountRoutes(router, context);
  AddOrgRoutes(router, context);
  AddTeamRoutes(router, context);
  AddServiceAccountRoutes(router, context);
  AddStatusRoutes(router, context);
  AddSettingsRoutes(router, context);
  AddDashboardRoutes(router, context);
  AddPermissionRoutes(router, context);
  AddAccessControlRoutes(router, context);
  AddTeamAccessRoutes(router, context);
  AddOwnPermissionRoutes(router, context);
  AddVersionRoutes(router, context);
  AddAnnotationRoutes(router, context);
  AddSnapshotRoutes(router, context);
  AddPlaylistRoutes(router, context);
  AddLibraryRoutes(router, context);
  AddShortUrlRoutes(router, context);
  AddPublicDashboardRoutes(router, context);
  AddPublicViewRoutes(router, context);
  AddAlertingRoutes(router, context);
  AddPluginRoutes(router, context);
  AddSearchRoutes(router, context);
  AddFolderRoutes(router, context);
  AddDatasourceRoutes(router, context);
  AddProxyRoutes(router, context);
  AddQueryRoutes(router, context);
  AddLiveRoutes(router, context);
  AddAdminRoutes(router, context);
  AddPageRoutes(router, context);
}

}  // namespace

struct Service::Parts {
  DashboardsOptions options;
  std::unique_ptr<dashstore::Store> store;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<Authenticator> authenticator;
  std::unique_ptr<Provisioner> provisioner;
  std::unique_ptr<SharedQueries> shared_queries;
  std::unique_ptr<OAuth> oauth;
  std::unique_ptr<LiveHub> live;
  std::unique_ptr<MetadataCache> metadata;
  std::unique_ptr<Context> context;
  std::unique_ptr<ServiceMetrics> metrics;
  std::shared_ptr<webconfig::WebGuard> web_guard;  // shared with the handlers behind it
  std::unique_ptr<http::Server> server;            // last: it must go first

  // The thread of the live channel looks its viewers up in `context`, which would go before it.
  ~Parts() {
    server.reset();
    live.reset();
  }

  Clock& clock() { return options.clock == nullptr ? SystemClock() : *options.clock; }

  Status Open();
  Status MakeFirstUser();
  // Null: neither TLS nor anything else stands before the routes.
  Result<std::shared_ptr<webconfig::WebGuard>> OpenGuard() const;
  Status Serve();
};

Status Service::Parts::Open() {
  dashstore::StoreOptions store_options;
  store_options.folder = options.data_folder;
  store_options.sessions = options.sessions;
  store_options.dashboard_versions_kept = options.dashboard_versions_kept;
  NARTHEX_ASSIGN_OR_RETURN(store, dashstore::Store::Open(store_options, clock()));
  NARTHEX_TRY(store->sessions().RemoveExpired());
  NARTHEX_TRY(store->records().RemoveExpired());

  http::ClientOptions client_options;
  client_options.host_aliases = options.host_aliases;
  client_options.user_agent = options.data_proxy_user_agent;
  client_options.idle_connection_count_max = options.data_proxy_idle_connection_count_max;
  NARTHEX_ASSIGN_OR_RETURN(client, http::Client::Make(std::move(client_options)));
  std::unique_ptr<JwtSignIn> jwt;
  if (options.jwt.is_enabled) {
    auto made = JwtSignIn::Make(options.jwt, *client, *store, clock());
    if (!made.ok()) return std::move(made).error().Under("[auth.jwt]");
    jwt = *std::move(made);
  }
  authenticator = std::make_unique<Authenticator>(options, *store, clock(), std::move(jwt));
  provisioner = std::make_unique<Provisioner>(options, *store, clock());
  oauth = std::make_unique<OAuth>(options.oauth, clock());
  shared_queries = std::make_unique<SharedQueries>(*client, clock());
  metadata = std::make_unique<MetadataCache>(clock());
  LiveHub::Limits live_limits;
  live_limits.client_count_max = options.live_connection_count_max;
  live = std::make_unique<LiveHub>(*client, clock(), live_limits);
  metrics = std::make_unique<ServiceMetrics>(options, *store, *live);
  context.reset(new Context{options, clock(), *store, *client, *authenticator, *provisioner,
                            *shared_queries, *oauth, *live, *metadata});
  return Ok();
}

Status Service::Parts::MakeFirstUser() {
  if (!options.creates_initial_admin) return Ok();
  dashstore::NewUser admin;
  admin.login = options.admin_user;
  admin.email = options.admin_email;
  admin.password = options.admin_password;
  admin.is_server_admin = true;
  admin.role = dashstore::Role::kAdmin;
  Result<bool> made = store->users().CreateFirst(admin);
  if (!made.ok()) return std::move(made).error().Under("first user");
  if (*made) LogInfo("dashapi", "first user made", {{"login", options.admin_user}});
  return Ok();
}

Result<std::shared_ptr<webconfig::WebGuard>> Service::Parts::OpenGuard() const {
  if (!options.is_https) {
    if (options.web_config_file.empty()) return std::shared_ptr<webconfig::WebGuard>();
    return webconfig::WebGuard::Open(options.web_config_file);
  }
  if (!options.web_config_file.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "[server] protocol = https and --web.config.file exclude one another");
  }
  if (options.cert_file.empty() || options.cert_key_file.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "[server] protocol = https needs cert_file and cert_key");
  }
  return webconfig::WebGuard::OpenTls(options.cert_file, options.cert_key_file);
}

Status Service::Parts::Serve() {
  http::Router router;
  AddAllRoutes(router, *context);
  if (options.is_metrics_enabled) router.Get("/metrics", metrics->Handler());
  router.Wrap([this](const http::Request& request, const http::Handler& next) {
    return Guarded(options, request, next);
  });

  router = BelowSubPath(options, std::move(router));

  http::ServerOptions server_options;
  NARTHEX_ASSIGN_OR_RETURN(web_guard, OpenGuard());
  if (web_guard != nullptr) {
    webconfig::WebGuard::Protect(web_guard, server_options, router);
  }
  server_options.listen_addresses = options.listen_addresses;
  server_options.worker_count = options.worker_count;
  server_options.body_size_bytes_max = kBodySizeMax;
  server_options.observer = [this](const http::Served& served) { metrics->Observe(served); };
  NARTHEX_ASSIGN_OR_RETURN(server,
                           http::Server::Start(std::move(server_options), std::move(router)));
  return Ok();
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Service::~Service() {
  if (parts_ != nullptr) Stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<Service>> Service::Start(DashboardsOptions options) {
  auto parts = std::make_unique<Parts>();
  parts->options = std::move(options);
  NARTHEX_TRY(parts->Open());
  NARTHEX_TRY(parts->MakeFirstUser());
  if (Status status = parts->provisioner->ApplyDatasources(); !status.ok()) {
    return std::move(status).error().Under("provisioning");
  }
  NARTHEX_TRY(parts->provisioner->ApplyDashboards());
  NARTHEX_TRY(parts->Serve());
  parts->provisioner->StartWatching(
      [&context = *parts->context](const dashstore::DashboardRecord& record) {
        TellSaved(context, record, 0);
      });
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

std::uint16_t Service::port() const { return parts_->server->port(); }
std::vector<std::string> Service::addresses() const { return parts_->server->addresses(); }

Status Service::ReloadProvisioning() {
  NARTHEX_TRY(parts_->provisioner->ApplyDatasources());
  return parts_->provisioner->ApplyDashboards();
}

void Service::Stop(std::chrono::milliseconds grace) {
  // First, or its connections would use up the grace.
  parts_->live->Stop();
  parts_->server->Shutdown(grace);
  parts_->provisioner->StopWatching();
}

}  // namespace narthex::dashapi
