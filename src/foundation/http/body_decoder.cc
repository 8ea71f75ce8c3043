#include "body_decoder.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace narthex::http {
namespace {

// zlib's window bits with the flag for gzip's framing.
constexpr int kGzipWindowBits = 15 + 16;
constexpr std::size_t kRoomSizeBytesMin = 32u << 10;
constexpr std::string_view kGzipMagic = "\x1f\x8b";

Error TooLarge() {
  return {ErrorCode::kResourceExhausted, "the decoded body is larger than allowed"};
}

// Text grows about sevenfold; what a body says of itself is not believed.
std::size_t FirstRoom(std::size_t coded_size, std::uint64_t size_bytes_max) {
  const std::uint64_t limit = size_bytes_max == 0 ? UINT64_MAX : size_bytes_max + 1;
  return static_cast<std::size_t>(
      std::min<std::uint64_t>(std::max(8 * coded_size, kRoomSizeBytesMin), limit));
}

// Room for more output, but for not much more than is allowed.
std::span<char> NextRoom(ReceiveBuffer& out, std::uint64_t size_bytes_max) {
  std::span<char> room = out.Room(1);
  if (size_bytes_max == 0) return room;
  // One byte too many is enough to see that it is too many.
  const std::uint64_t left = size_bytes_max + 1 - out.size();
  return room.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, room.size())));
}

}  // namespace

BodyDecoder::~BodyDecoder() {
  if (has_gzip_) inflateEnd(&gzip_);
}

Status BodyDecoder::Decode(Coding coding, std::string_view bytes, std::uint64_t size_bytes_max,
                           ReceiveBuffer& out) {
  NARTHEX_CHECK(coding != Coding::kIdentity, "there is something to take off");
  out.Room(FirstRoom(bytes.size(), size_bytes_max));
  return coding == Coding::kGzip ? Gunzip(bytes, size_bytes_max, out)
                                 : Unzstd(bytes, size_bytes_max, out);
}

Status BodyDecoder::Gunzip(std::string_view bytes, std::uint64_t size_bytes_max,
                           ReceiveBuffer& out) {
  const int started = has_gzip_ ? inflateReset(&gzip_) : inflateInit2(&gzip_, kGzipWindowBits);
  NARTHEX_CHECK(started == Z_OK, "zlib starts");
  has_gzip_ = true;
  NARTHEX_CHECK(bytes.size() <= std::numeric_limits<uInt>::max(), "bodies are below 4 GB");
  gzip_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  gzip_.avail_in = static_cast<uInt>(bytes.size());
  while (true) {
    const std::span<char> room = NextRoom(out, size_bytes_max);
    const auto room_size = static_cast<uInt>(std::min<std::size_t>(room.size(), 1u << 30));
    gzip_.next_out = reinterpret_cast<Bytef*>(room.data());
    gzip_.avail_out = room_size;
    const int code = inflate(&gzip_, Z_NO_FLUSH);
    out.Commit(room_size - gzip_.avail_out);
    if (size_bytes_max != 0 && out.size() > size_bytes_max) return TooLarge();
    if (code == Z_STREAM_END) {
      const std::string_view rest = bytes.substr(bytes.size() - gzip_.avail_in);
      // As gzip(1) does, what is no further member is passed over.
      if (!rest.starts_with(kGzipMagic)) return Ok();
      inflateReset(&gzip_);
      continue;
    }
    if (code != Z_OK || (gzip_.avail_in == 0 && gzip_.avail_out != 0)) {
      return Error{ErrorCode::kInvalidArgument, "malformed or incomplete gzip body"};
    }
  }
}

Status BodyDecoder::Unzstd(std::string_view bytes, std::uint64_t size_bytes_max,
                           ReceiveBuffer& out) {
  if (zstd_ == nullptr) zstd_.reset(ZSTD_createDCtx());
  NARTHEX_CHECK(zstd_ != nullptr, "zstd starts");
  ZSTD_DCtx_reset(zstd_.get(), ZSTD_reset_session_only);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::size_t left = 1;
  while (left != 0 || in.pos < in.size) {
    const std::span<char> room = NextRoom(out, size_bytes_max);
    ZSTD_outBuffer piece{room.data(), room.size(), 0};
    const std::size_t consumed_before = in.pos;
    left = ZSTD_decompressStream(zstd_.get(), &piece, &in);
    out.Commit(piece.pos);
    if (size_bytes_max != 0 && out.size() > size_bytes_max) return TooLarge();
    const bool is_stuck = left != 0 && piece.pos == 0 && in.pos == consumed_before;
    if (ZSTD_isError(left) != 0 || is_stuck) {
      return Error{ErrorCode::kInvalidArgument, "malformed or incomplete zstd body"};
    }
  }
  return Ok();
}

}  // namespace narthex::http
