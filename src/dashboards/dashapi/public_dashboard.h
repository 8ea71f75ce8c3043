// Public dashboards: what those who manage them and those who visit them have in common.
#pragma once

#include <string_view>

#include "http/message.h"

namespace narthex::dashapi {

// Of the store's records. A record's name is the dashboard's uid, its alias the token that opens
// it.
inline constexpr std::string_view kPublicDashboardKind = "public-dashboard";

// Whether it has the form of an access token: a UUID, with dashes or without.
bool IsPublicToken(std::string_view text);

// `word`: what follows "publicdashboards." in the message's id, which clients branch on.
http::Response PublicFault(int status, std::string_view word, std::string_view message);

}  // namespace narthex::dashapi
