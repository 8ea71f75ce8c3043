// Strings, each once, under small numbers, with a count of their uses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace narthex::index {

using Symbol = std::uint32_t;

// Not thread-safe. A view of a string lives as long as the string is in use.
class SymbolTable {
 public:
  SymbolTable();
  ~SymbolTable();
  SymbolTable(const SymbolTable&) = delete;
  SymbolTable& operator=(const SymbolTable&) = delete;

  // Counts one use more.
  Symbol Acquire(std::string_view text);
  // Counts one use less; without uses the number may be given to another string.
  void Release(Symbol symbol);
  std::optional<Symbol> Find(std::string_view text) const;
  std::string_view Text(Symbol symbol) const;

  std::size_t size() const { return slots_.size() - free_.size(); }
  std::size_t text_bytes() const { return text_bytes_; }

 private:
  struct Lookup;  // text to symbol
  // Uses, length and bytes in one allocation.
  std::vector<std::unique_ptr<char[]>> slots_;
  std::vector<Symbol> free_;
  std::unique_ptr<Lookup> lookup_;
  std::size_t text_bytes_ = 0;
};

}  // namespace narthex::index
