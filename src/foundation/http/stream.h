// How the bytes of a connection reach the wire: as they are, or through TLS.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "http/server_tls.h"

namespace narthex::http {

// What a stream needs before it can go on.
enum class Wait { kNothing, kReadable, kWritable, kGone };

struct Moved {
  std::size_t size_bytes = 0;
  Wait wait = Wait::kNothing;  // why it was not more; kGone also for an end that was announced
};

// Over a socket that does not block and outlives it; no call blocks. Thread-safe: a worker writes
// while the connection's thread looks at the peer.
class Stream {
 public:
  enum class Peer { kSilent, kSpeaks, kGone };

  virtual ~Stream() = default;

  // To be repeated after what it waits for, until it needs nothing; before anything else.
  virtual Wait ShakeHands() = 0;
  // What has arrived; `into` must not be empty.
  virtual Moved Read(std::span<char> into) = 0;
  // As much of `head` and then `body` as the socket takes at once. What was not sent must be the
  // beginning of what is sent next.
  virtual Moved Write(std::string_view head, std::string_view body) = 0;
  // Whether Read() would give bytes although the socket has none.
  virtual bool has_unread() const = 0;
  // Takes nothing of what has arrived.
  virtual Peer LookAtPeer() = 0;
  // Tells the peer that nothing more comes, where the protocol has words for it.
  virtual void EndSending() = 0;
  virtual bool is_tls() const = 0;
  // After failed handshakes: the peer sent a plain HTTP request.
  virtual bool has_plain_request() const { return false; }
};

std::unique_ptr<Stream> MakePlainStream(int fd);
// Errors: none; without memory for it, handshakes fail.
std::unique_ptr<Stream> MakeTlsStream(int fd, std::shared_ptr<const ServerTls> tls);

}  // namespace narthex::http
