// Sign-in by a reverse proxy that has checked who it is and says so in a header.
#pragma once

#include <optional>

#include "dashapi/options.h"
#include "dashstore/store.h"
#include "http/message.h"

namespace narthex::dashapi {

// The user whom the proxy names; made if there is none and the options say so. Empty if the proxy
// names nobody or this is switched off.
//
// Errors: kUnauthenticated  the request does not come from a proxy that may vouch, or the user does
//                           not exist; those of the store
// Source: Grafana, "Configure auth proxy authentication".
Result<std::optional<dashstore::User>> ProxyUser(const AuthProxyOptions& options,
                                                 dashstore::Store& store,
                                                 const http::Request& request);

}  // namespace narthex::dashapi
