// What every handler of the service works with.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "dashapi/options.h"
#include "dashstore/store.h"
#include "http/client.h"

namespace narthex::dashapi {

class Authenticator;
class LiveHub;
class MetadataCache;
class OAuth;
class Provisioner;
class SharedQueries;

// Lives as long as the service; all parts are thread-safe.
struct Context {
  const DashboardsOptions& options;
  Clock& clock;
  dashstore::Store& store;
  http::Client& client;
  Authenticator& authenticator;
  Provisioner& provisioner;
  SharedQueries& shared_queries;
  OAuth& oauth;
  LiveHub& live;
  MetadataCache& metadata;
};

// Who sends a request, and in which organisation.
struct Caller {
  dashstore::User user;  // id 0 for an anonymous one
  std::int64_t org_id = 1;
  std::string org_name;
  dashstore::Role role = dashstore::Role::kNone;
  std::string session_token;    // empty unless it came with a cookie
  std::int64_t session_id = 0;  // 0 unless it came with a cookie
  TimestampMs rotation_due = 0;
  std::string api_token;        // empty unless it came with the token of a service account
  TimestampMs valid_until = 0;  // when what it came with ends; 0: that is for others to say

  bool is_anonymous() const { return user.id == 0; }
};

}  // namespace narthex::dashapi
