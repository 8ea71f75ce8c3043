// Requests to the servers behind data sources.
#pragma once

#include <string>
#include <string_view>

#include "context.h"
#include "http/client.h"

namespace narthex::dashapi {

// A request to `path_and_query` ("/api/v1/query?time=1", encoded) below the data source's address,
// with its authentication, headers, TLS settings, query parameters and timeout.
//
// Errors: kInvalidArgument  the data source has no usable address
//         kCorruption       a secret cannot be opened
Result<http::ClientRequest> UpstreamRequest(Context& context,
                                            const dashstore::Datasource& datasource,
                                            std::string_view path_and_query);

// Adds what the data source is to know of the viewer, by the settings: the cookies that it keeps
// (jsonData.keepCookies; never those of our sessions) and the login (`send_user_header`).
void AddViewer(const Context& context, const dashstore::Datasource& datasource,
               const Caller& caller, const http::Request& request, http::ClientRequest& upstream);

// Whether the data source is told who asks: then one viewer's answer is not another's.
bool KnowsViewer(const Context& context, const dashstore::Datasource& datasource);

// Whether a path (percent-encoded) tries to leave the data source's address: "..", also encoded.
bool LeavesBase(std::string_view encoded_path);

}  // namespace narthex::dashapi
