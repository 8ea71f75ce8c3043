#include "coding.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "http/message.h"

namespace narthex::http {
namespace {

// zlib's window bits with the flag for gzip's framing.
constexpr int kGzipWindowBits = 15 + 16;
// Fast rather than small: answers are sent once. zlib's 1 takes a third of the time of its 6.
constexpr int kGzipLevel = 1;
constexpr int kZstdLevel = 1;
constexpr std::size_t kPieceSizeBytes = 64u << 10;

Error TooLarge(std::uint64_t size_bytes_max) {
  return Error{ErrorCode::kResourceExhausted,
               fmt::format("decompressed body is larger than {} bytes", size_bytes_max)};
}

Result<std::string> Gunzip(std::string_view bytes, std::uint64_t size_bytes_max) {
  z_stream stream{};
  NARTHEX_CHECK(inflateInit2(&stream, kGzipWindowBits) == Z_OK, "zlib starts");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    const std::size_t before = out.size();
    out.resize(before + kPieceSizeBytes);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(kPieceSizeBytes);
    code = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + kPieceSizeBytes - stream.avail_out);
    if (out.size() > size_bytes_max) return TooLarge(size_bytes_max);
    const bool is_stuck = code == Z_OK && stream.avail_in == 0 && stream.avail_out != 0;
    if ((code != Z_OK && code != Z_STREAM_END) || is_stuck) {
      return Error{ErrorCode::kInvalidArgument, "malformed or incomplete gzip body"};
    }
  }
  return out;
}

Result<std::string> Unzstd(std::string_view bytes, std::uint64_t size_bytes_max) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                        ZSTD_freeDCtx);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::string out;
  std::size_t left = 1;
  while (left != 0 || in.pos < in.size) {
    const std::size_t before = out.size();
    out.resize(before + kPieceSizeBytes);
    ZSTD_outBuffer piece{out.data() + before, kPieceSizeBytes, 0};
    const std::size_t consumed_before = in.pos;
    left = ZSTD_decompressStream(context.get(), &piece, &in);
    out.resize(before + piece.pos);
    if (out.size() > size_bytes_max) return TooLarge(size_bytes_max);
    const bool is_stuck = left != 0 && piece.pos == 0 && in.pos == consumed_before;
    if (ZSTD_isError(left) != 0 || is_stuck) {
      return Error{ErrorCode::kInvalidArgument, "malformed or incomplete zstd body"};
    }
  }
  return out;
}

}  // namespace

std::string_view CodingName(Coding coding) {
  switch (coding) {
    case Coding::kIdentity:
      return "identity";
    case Coding::kGzip:
      return "gzip";
    case Coding::kZstd:
      return "zstd";
  }
  return "identity";
}

Coding NegotiateCoding(std::string_view accept_encoding) {
  const double gzip = HeaderQuality(accept_encoding, "gzip").value_or(0);
  const double zstd = HeaderQuality(accept_encoding, "zstd").value_or(0);
  if (gzip == 0 && zstd == 0) return Coding::kIdentity;
  return gzip >= zstd ? Coding::kGzip : Coding::kZstd;
}

// What is done with the bytes that the compressor holds back to compress better.
enum class Held { kKept, kFlushed, kEnded };

struct StreamCompressor::State {
  Coding coding;
  z_stream gzip{};
  ZSTD_CCtx* zstd = nullptr;

  std::string Run(std::string_view piece, Held held) {
    return coding == Coding::kGzip ? RunGzip(piece, held) : RunZstd(piece, held);
  }

  std::string RunGzip(std::string_view piece, Held held) {
    const int flush = held == Held::kKept      ? Z_NO_FLUSH
                      : held == Held::kFlushed ? Z_SYNC_FLUSH
                                               : Z_FINISH;
    std::string out;
    gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    gzip.avail_in = static_cast<uInt>(piece.size());
    do {
      const std::size_t before = out.size();
      out.resize(before + kPieceSizeBytes);
      gzip.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      gzip.avail_out = static_cast<uInt>(kPieceSizeBytes);
      deflate(&gzip, flush);
      out.resize(before + kPieceSizeBytes - gzip.avail_out);
    } while (gzip.avail_out == 0);
    return out;
  }

  std::string RunZstd(std::string_view piece, Held held) {
    const ZSTD_EndDirective directive = held == Held::kKept      ? ZSTD_e_continue
                                        : held == Held::kFlushed ? ZSTD_e_flush
                                                                 : ZSTD_e_end;
    std::string out;
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    std::size_t left = 0;
    do {
      const std::size_t before = out.size();
      out.resize(before + kPieceSizeBytes);
      ZSTD_outBuffer room{out.data() + before, kPieceSizeBytes, 0};
      left = ZSTD_compressStream2(zstd, &room, &in, directive);
      out.resize(before + room.pos);
      NARTHEX_CHECK(ZSTD_isError(left) == 0, "zstd compresses any bytes");
    } while (in.pos < in.size || (held != Held::kKept && left != 0));
    return out;
  }
};

StreamCompressor::StreamCompressor(Coding coding) : state_(std::make_unique<State>()) {
  state_->coding = coding;
  if (coding == Coding::kGzip) {
    NARTHEX_CHECK(deflateInit2(&state_->gzip, kGzipLevel, Z_DEFLATED, kGzipWindowBits, 8,
                               Z_DEFAULT_STRATEGY) == Z_OK,
                  "zlib starts");
  } else {
    state_->zstd = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(state_->zstd, ZSTD_c_compressionLevel, kZstdLevel);
  }
}

StreamCompressor::~StreamCompressor() {
  if (state_->coding == Coding::kGzip) deflateEnd(&state_->gzip);
  ZSTD_freeCCtx(state_->zstd);
}

std::string StreamCompressor::Add(std::string_view piece) {
  return state_->Run(piece, Held::kKept);
}
std::string StreamCompressor::Flush() { return state_->Run({}, Held::kFlushed); }
std::string StreamCompressor::Finish() { return state_->Run({}, Held::kEnded); }

std::string Compress(Coding coding, std::string_view bytes) {
  if (coding == Coding::kIdentity) return std::string(bytes);
  StreamCompressor compressor(coding);
  std::string out = compressor.Add(bytes);
  out += compressor.Finish();
  return out;
}

Result<std::string> Decompress(Coding coding, std::string_view bytes,
                               std::uint64_t size_bytes_max) {
  switch (coding) {
    case Coding::kGzip:
      return Gunzip(bytes, size_bytes_max);
    case Coding::kZstd:
      return Unzstd(bytes, size_bytes_max);
    case Coding::kIdentity:
      break;
  }
  if (bytes.size() > size_bytes_max) return TooLarge(size_bytes_max);
  return std::string(bytes);
}

}  // namespace narthex::http
