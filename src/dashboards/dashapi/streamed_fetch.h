// An answer from another server, passed on while it arrives.
#pragma once

#include "http/client.h"
#include "http/message.h"

namespace narthex::dashapi {

// Sends `request`, waits for status and headers, and gives a response whose body follows as it
// comes in; only headers about the content are passed on (no cookies). When the reader of the
// response goes away, so does the transfer.
//
// Memory: what the other server sends faster than the reader takes it, up to
// request.body_size_bytes_max; more ends the transfer, since holding back would hold back all
// transfers of the client. Errors: those of http::Client, if there is no answer
Result<http::Response> FetchStreamed(http::Client& client, http::ClientRequest request,
                                     std::stop_token canceled);

}  // namespace narthex::dashapi
