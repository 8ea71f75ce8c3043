// Takes gzip and zstd off whole bodies, again and again with the same memory.
#pragma once

#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "coding.h"
#include "receive_buffer.h"

namespace narthex::http {

// Not thread-safe. Memory: 45 kB once gzip was seen, some 100 kB once zstd was.
class BodyDecoder {
 public:
  BodyDecoder() = default;
  ~BodyDecoder();
  BodyDecoder(const BodyDecoder&) = delete;
  BodyDecoder& operator=(const BodyDecoder&) = delete;

  // Appends what `bytes` become to the empty `out`; gzip may have several members. No more memory
  // is taken than twice `size_bytes_max` (0: no limit), whatever the bytes say. Errors:
  // kInvalidArgument    the bytes are not of that coding, or end too early
  //         kResourceExhausted  more than `size_bytes_max` come out of them
  Status Decode(Coding coding, std::string_view bytes, std::uint64_t size_bytes_max,
                ReceiveBuffer& out);

 private:
  Status Gunzip(std::string_view bytes, std::uint64_t size_bytes_max, ReceiveBuffer& out);
  Status Unzstd(std::string_view bytes, std::uint64_t size_bytes_max, ReceiveBuffer& out);

  bool has_gzip_ = false;
  z_stream gzip_{};
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> zstd_{nullptr, ZSTD_freeDCtx};
};

}  // namespace narthex::http
