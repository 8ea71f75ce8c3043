#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "base/mutex.h"
#include "stream.h"
#include "tls_context.h"

namespace narthex::http {
namespace {

// Of one Write(): other connections of the thread want their turn.
constexpr std::size_t kWriteSizeBytesMax = 256u << 10;

// OpenSSL's own socket BIO raises SIGPIPE when the peer is gone.
int FdOf(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int SendToSocket(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      ::send(FdOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int ReceiveFromSocket(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t received = ::recv(FdOf(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(received);
}

long ControlSocket(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// Lives as long as the process.
const BIO_METHOD* SocketMethod() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == nullptr) return made;
    BIO_meth_set_write(made, SendToSocket);
    BIO_meth_set_read(made, ReceiveFromSocket);
    BIO_meth_set_ctrl(made, ControlSocket);
    return made;
  }();
  return method;
}

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

class TlsStream final : public Stream {
 public:
  TlsStream(int fd, std::shared_ptr<const ServerTls> tls)
      : tls_(std::move(tls)), ssl_(SSL_new(tls_->context().ssl.get())) {
    BIO* bio = BIO_new(SocketMethod());
    if (ssl_ == nullptr || bio == nullptr) {
      BIO_free(bio);
      ssl_.reset();
      return;
    }
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
  }

  Wait ShakeHands() override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (ssl_ == nullptr) return Wait::kGone;
    ERR_clear_error();
    const int verdict = SSL_do_handshake(ssl_.get());
    if (verdict == 1) return Wait::kNothing;
    has_plain_request_ = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_HTTP_REQUEST;
    return WaitAfter(verdict);
  }

  Moved Read(std::span<char> into) override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Moved moved;
    ERR_clear_error();
    const int verdict = SSL_read_ex(ssl_.get(), into.data(), into.size(), &moved.size_bytes);
    if (verdict != 1) moved.wait = WaitAfter(verdict);
    return moved;
  }

  Moved Write(std::string_view head, std::string_view body) override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Moved moved;
    for (std::string_view part : {head, body}) {
      while (!part.empty()) {
        if (moved.size_bytes >= kWriteSizeBytesMax) {
          moved.wait = Wait::kWritable;
          return moved;
        }
        ERR_clear_error();
        std::size_t size = 0;
        const int verdict = SSL_write_ex(ssl_.get(), part.data(), part.size(), &size);
        if (verdict != 1) {
          moved.wait = WaitAfter(verdict);
          return moved;
        }
        moved.size_bytes += size;
        part.remove_prefix(size);
      }
    }
    return moved;
  }

  bool has_unread() const override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return SSL_pending(ssl_.get()) > 0;
  }

  Peer LookAtPeer() override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ERR_clear_error();
    char byte;
    std::size_t size = 0;
    const int verdict = SSL_peek_ex(ssl_.get(), &byte, 1, &size);
    if (verdict == 1) return Peer::kSpeaks;
    return WaitAfter(verdict) == Wait::kGone ? Peer::kGone : Peer::kSilent;
  }

  void EndSending() override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    // After a failed handshake OpenSSL wants no such call.
    if (ssl_ == nullptr || SSL_in_init(ssl_.get()) != 0) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  bool is_tls() const override { return true; }

  bool has_plain_request() const override EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return has_plain_request_;
  }

 private:
  Wait WaitAfter(int verdict) REQUIRES(mutex_) {
    switch (SSL_get_error(ssl_.get(), verdict)) {
      case SSL_ERROR_WANT_READ:
        return Wait::kReadable;
      case SSL_ERROR_WANT_WRITE:
        return Wait::kWritable;
      default:
        ERR_clear_error();
        return Wait::kGone;
    }
  }

  // Shared with the server, which may have another one by now.
  const std::shared_ptr<const ServerTls> tls_;

  // Held over calls to the socket, none of which blocks.
  mutable Mutex mutex_;
  std::unique_ptr<SSL, SslDeleter> ssl_ PT_GUARDED_BY(mutex_);
  bool has_plain_request_ GUARDED_BY(mutex_) = false;
};

}  // namespace

std::unique_ptr<Stream> MakeTlsStream(int fd, std::shared_ptr<const ServerTls> tls) {
  return std::make_unique<TlsStream>(fd, std::move(tls));
}

}  // namespace narthex::http
