// An answer from another server, passed on while it arrives.
#pragma once

#include "http/client.h"
#include "http/message.h"

namespace narthex::dashapi {

// Sends `request`, waits for status and headers, and gives a response whose body follows as it
// comes in; only headers about the content are passed on (no cookies). When the reader of the
// response goes away, so does the transfer. request.timeout is how long the other server may be
// silent; request.body_size_bytes_max is not used, since nothing is kept.
//
// Memory: http::BodyReader::kHeldSizeBytes; the other server waits for a slow reader. Errors: those
// of http::Client, if there is no answer
Result<http::Response> FetchStreamed(http::Client& client, http::ClientRequest request,
                                     std::stop_token canceled);

}  // namespace narthex::dashapi
