// The HTTP request of a scrape, and what to make of the answer.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/scrape_config.h"
#include "exposition/format.h"
#include "http/client.h"
#include "sample_labels.h"
#include "scrape/target.h"

namespace narthex::scrape {

// A body without body_size_limit may be this large: a target that never ends must not fill the
// memory.
inline constexpr std::uint64_t kBodySizeBytesMax = 64u << 20;

// The Accept header for these protocols, in their order. Those that this build cannot read are left
// out.
std::string AcceptHeader(const config::ScrapeConfig& config);

// Reads the files that hold passwords anew.
// Errors: kIo, kNotFound  such a file cannot be read
Result<http::ClientRequest> MakeRequest(const JobRules& rules, const Target& target);

// Whether MakeRequest() reads files, so that each scrape may need another request.
bool ReadsFiles(const config::HttpClientConfig& config);

// The format of an answer's body. Errors: kInvalidArgument, kUnsupported.
Result<exposition::FormatChoice> FormatOfAnswer(const config::ScrapeConfig& config,
                                                std::string_view content_type);

}  // namespace narthex::scrape
