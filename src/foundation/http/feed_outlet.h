// The connection's end of a feed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/feed.h"

namespace narthex::http {

// Used by one thread; Feed says who may be at the other end meanwhile.
class FeedOutlet {
 public:
  explicit FeedOutlet(std::shared_ptr<Feed> feed) : feed_(std::move(feed)) {}
  // The peer has gone, if Leave() was not called.
  ~FeedOutlet() { Leave(); }
  FeedOutlet(const FeedOutlet&) = delete;
  FeedOutlet& operator=(const FeedOutlet&) = delete;

  struct Taken {
    std::string bytes;  // of some pieces, as they go on the wire
    bool is_last = false;
  };
  // What waits, up to a system call's worth. If that is nothing and not the end, `wake` is called
  // once as soon as there is more; it may only queue a task.
  Taken Take(bool is_chunked, std::function<void()> wake);

  void Leave();

 private:
  const std::shared_ptr<Feed> feed_;
};

}  // namespace narthex::http
