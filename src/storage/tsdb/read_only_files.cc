#include "read_only_files.h"

namespace narthex::tsdb {
namespace {

// Where changes go: nowhere. Reads are those of `file`, if there is one.
class UnchangedFile final : public io::File {
 public:
  UnchangedFile(std::string path, std::unique_ptr<io::File> file)
      : path_(std::move(path)), file_(std::move(file)) {}

  const std::string& path() const override { return path_; }
  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> buffer) const override {
    if (file_ == nullptr) return std::size_t{0};
    return file_->ReadAt(offset, buffer);
  }
  Status Append(std::span<const std::string_view> parts) override {
    for (const std::string_view part : parts) appended_size_ += part.size();
    return Ok();
  }
  Status Sync() override { return Ok(); }
  Status Truncate(std::uint64_t) override { return Ok(); }
  Status Preallocate(std::uint64_t) override { return Ok(); }
  Result<std::uint64_t> Size() const override {
    if (file_ == nullptr) return appended_size_;
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t size, file_->Size());
    return size + appended_size_;
  }

 private:
  const std::string path_;
  const std::unique_ptr<io::File> file_;
  std::uint64_t appended_size_ = 0;
};

}  // namespace

Result<std::unique_ptr<io::File>> ReadOnlyFiles::Open(std::string_view path, io::OpenMode mode) {
  std::unique_ptr<io::File> file;
  if (mode == io::OpenMode::kRead || io::Exists(files_, path)) {
    NARTHEX_ASSIGN_OR_RETURN(file, files_.Open(path, io::OpenMode::kRead));
  }
  return std::make_unique<UnchangedFile>(std::string(path), std::move(file));
}

}  // namespace narthex::tsdb
