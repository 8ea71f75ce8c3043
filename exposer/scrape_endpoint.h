// The answer to a scraper, well or as badly as the knobs say.
#pragma once

#include "base/clock.h"
#include "http/router.h"
#include "playground.h"

namespace narthex::demo_exposer {

// Scrapes that are kept waiting at once; beyond: 503.
inline constexpr int kHeldScrapeCountMax = 8;

// Answers with the metrics of `playground`. A GET is held, refused or garbled as AnswerMode says:
// slow by the clock; silent until the mode changes or the peer goes away, at most for a minute, and
// 503 then. Both arguments outlive the handler.
http::Handler ScrapeEndpoint(Playground& playground, Clock& clock);

}  // namespace narthex::demo_exposer
