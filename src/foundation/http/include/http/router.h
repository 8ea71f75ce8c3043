// Which handler answers a request.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace narthex::http {

using Handler = std::function<Response(const Request&)>;

// Where a handler runs.
enum class RunOn {
  kWorker,  // a thread of the pool: may block
  kInline,  // the thread of the connection: must answer within microseconds
};

// Routes by method and path. Filled first, then read from many threads.
//
// A pattern is a path whose parts may be `:name` (any one part) and whose last may be `*` (all the
// rest, also nothing). Of several that fit, the one with the most literal parts from the left wins.
// GET also answers HEAD. A path that fits with another method gives 405 with Allow; one that fits
// nothing gives 404, or the fallback's answer.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void Handle(Method method, std::string_view pattern, Handler handler,
              RunOn run_on = RunOn::kWorker);
  void Get(std::string_view pattern, Handler handler, RunOn run_on = RunOn::kWorker) {
    Handle(Method::kGet, pattern, std::move(handler), run_on);
  }
  void Post(std::string_view pattern, Handler handler, RunOn run_on = RunOn::kWorker) {
    Handle(Method::kPost, pattern, std::move(handler), run_on);
  }
  // Answers what no pattern fits.
  void Fallback(Handler handler);
  // Stands before every handler, the last added outermost; also before 404 and 405. One that may
  // block moves all handlers to workers.
  void Wrap(std::function<Response(const Request&, const Handler& next)> middleware,
            RunOn run_on = RunOn::kInline);

  struct Match {
    Handler handler;      // never empty; middlewares included
    std::string pattern;  // empty for 404, 405 and the fallback
    RunOn run_on = RunOn::kInline;
  };
  // Fills request.path_parameters.
  Match Find(Request& request) const;

  // Finds and runs: for tests and for handlers inside handlers.
  Response Answer(Request request) const;

 private:
  Match FindRoute(Request& request) const;

  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace narthex::http
