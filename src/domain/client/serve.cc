#include "client/serve.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "exposition/negotiation.h"
#include "exposition/writer.h"

namespace narthex::client {
namespace {

// What is handed on at once: enough that a call for it costs little.
constexpr std::size_t kPieceSizeBytes = 32u << 10;

// `write` may clear what it is given, or leave it to grow.
template <typename Take>
void WriteAll(const Registry& registry, const exposition::WriteOptions& options, Take take) {
  exposition::FamilyWriter writer(options);
  std::string out;
  bool is_wanted = true;
  registry.GatherParts([&](const exposition::MetricFamily& family, exposition::FamilyPart part) {
    writer.Write(out, family, part);
    is_wanted = take(out);
    return is_wanted;
  });
  if (!is_wanted) return;
  writer.WriteEnd(out);
  take(out);
}

std::string Written(const Registry& registry, const exposition::WriteOptions& options) {
  std::string whole;
  WriteAll(registry, options, [&whole](std::string& out) {
    whole += out;
    out.clear();
    return true;
  });
  return whole;
}

exposition::Negotiated Negotiate(std::string_view accept) {
  return exposition::Negotiate(accept, {.offers_open_metrics_2 = true});
}

}  // namespace

Answer Expose(const Registry& registry, std::string_view accept) {
  const auto negotiated = Negotiate(accept);
  return {negotiated.content_type, Written(registry, negotiated.write)};
}

struct StreamedAnswer::State {
  const Registry& registry;
  const exposition::Negotiated negotiated;
};

StreamedAnswer::StreamedAnswer(const Registry& registry, std::string_view accept)
    : state_(std::make_unique<State>(State{registry, Negotiate(accept)})) {}
StreamedAnswer::~StreamedAnswer() = default;

const std::string& StreamedAnswer::content_type() const { return state_->negotiated.content_type; }

void StreamedAnswer::Write(const std::function<bool(std::string_view)>& write) const {
  std::string piece;
  WriteAll(state_->registry, state_->negotiated.write, [&](std::string& out) {
    piece += out;
    out.clear();
    if (piece.size() < kPieceSizeBytes) return true;
    const bool is_wanted = write(piece);
    piece.clear();
    return is_wanted;
  });
  if (!piece.empty()) write(piece);
}

std::error_code WriteTextfile(const Registry& registry, const std::string& path) {
  const std::string beside = path + "." + std::to_string(getpid()) + ".tmp";
  std::error_code error;
  {
    errno = 0;
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << Written(registry, {.escaping = model::NameEscaping::kUnderscores});
    file.close();
    if (!file) error = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
  }
  if (!error) std::filesystem::rename(beside, path, error);
  if (!error) return error;
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  return error;
}

}  // namespace narthex::client
