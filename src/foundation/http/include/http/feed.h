// A body that others feed while its connection stays open: events.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "base/mutex.h"

namespace narthex::http {

// The way from whoever has something to tell to one peer. While nothing is told it costs a
// connection, no thread. Pieces are shared, so that one text can wait for many peers.
//
// Thread-safe. Memory: what waits for the peer, up to `backlog_size_bytes_max`, and one system
// call's worth on its way. To be given to one Response.
class Feed {
 public:
  using Piece = std::shared_ptr<const std::string>;

  explicit Feed(std::size_t backlog_size_bytes_max)
      : backlog_size_bytes_max_(backlog_size_bytes_max) {}

  // Puts `piece` behind what waits. False, and nothing changed: the peer reads too slowly (the
  // backlog would pass its limit), the feed has ended or the peer has gone.
  bool Push(Piece piece) EXCLUDES(mutex_);
  // The body ends after what waits.
  void End() EXCLUDES(mutex_);
  // The body ends with `last`; what else waits is dropped.
  void EndWith(Piece last) EXCLUDES(mutex_);

  // `gone` is called once, from the connection's thread and without a lock, when the connection
  // has closed or the body has been sent to its end; at once if that has happened. It must be
  // quick.
  void WhenGone(std::function<void()> gone) EXCLUDES(mutex_);

 private:
  friend class FeedOutlet;

  void Wake() REQUIRES(mutex_);

  const std::size_t backlog_size_bytes_max_;

  Mutex mutex_;
  std::deque<Piece> backlog_ GUARDED_BY(mutex_);
  std::size_t backlog_size_bytes_ GUARDED_BY(mutex_) = 0;
  bool has_ended_ GUARDED_BY(mutex_) = false;
  bool is_gone_ GUARDED_BY(mutex_) = false;
  // Queues a task for the connection's thread, nothing else; so it may be called under the lock,
  // which is what keeps the connection there meanwhile. Null: nobody waits.
  std::function<void()> wake_ GUARDED_BY(mutex_);
  std::function<void()> gone_ GUARDED_BY(mutex_);
};

}  // namespace narthex::http
