#include "scrape_endpoint.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace narthex::demo_exposer {
namespace {

constexpr std::chrono::milliseconds kSilenceMax = std::chrono::minutes(1);
// How soon a silent answer hears of a change, and how finely a slow one is timed.
constexpr std::chrono::milliseconds kListenInterval{100};

class Endpoint {
 public:
  Endpoint(Playground& playground, Clock& clock) : playground_(playground), clock_(clock) {}

  http::Response Answer(const http::Request& request) {
    if (request.method != http::Method::kGet) return playground_.Expose(request);
    switch (playground_.answer()) {
      case AnswerMode::kNormal:
        break;
      case AnswerMode::kSlow:
      case AnswerMode::kSilent:
        return AnswerLate(request);
      case AnswerMode::kBroken:
        return Break(playground_.Expose(request));
      case AnswerMode::kFailing:
        return http::Response::Text(500, "This failure was ordered at /control.\n");
    }
    return playground_.Expose(request);
  }

 private:
  http::Response AnswerLate(const http::Request& request) {
    // Relaxed: the number alone decides.
    if (held_count_.fetch_add(1, std::memory_order_relaxed) >= kHeldScrapeCountMax) {
      held_count_.fetch_sub(1, std::memory_order_relaxed);
      return http::Response::Text(503, "Too many scrapes are kept waiting.\n");
    }
    const bool is_answered = Hold(request.canceled);
    held_count_.fetch_sub(1, std::memory_order_relaxed);
    if (!is_answered) return http::Response::Text(503, "This silence was ordered at /control.\n");
    return playground_.Expose(request);
  }

  // Waits for as long as the knobs say now, which may change meanwhile. False: no answer is due.
  bool Hold(const std::stop_token& canceled) {
    const std::chrono::nanoseconds start = clock_.Monotonic();
    for (;;) {
      const auto knobs = playground_.state().knobs;
      const std::chrono::nanoseconds waited = clock_.Monotonic() - start;
      const std::chrono::duration<double> delay(knobs.answer_delay_seconds);
      if (knobs.answer == AnswerMode::kSlow && waited >= delay) return true;
      if (knobs.answer == AnswerMode::kSilent && waited >= kSilenceMax) return false;
      if (knobs.answer != AnswerMode::kSlow && knobs.answer != AnswerMode::kSilent) return true;
      if (!clock_.WaitFor(kListenInterval, canceled)) return false;
    }
  }

  // Cuts the page in the middle and ends it with a line that is no sample, so that every format's
  // parser fails.
  static http::Response Break(http::Response response) {
    response.body.resize(response.body.size() / 2);
    response.body += "\ndemo_broken_page{code=\"200 is what the knob ordered\n";
    return response;
  }

  Playground& playground_;
  Clock& clock_;
  std::atomic<int> held_count_{0};
};

}  // namespace

http::Handler ScrapeEndpoint(Playground& playground, Clock& clock) {
  // Shared, because a handler is copied.
  auto endpoint = std::make_shared<Endpoint>(playground, clock);
  return [endpoint](const http::Request& request) { return endpoint->Answer(request); };
}

}  // namespace narthex::demo_exposer
