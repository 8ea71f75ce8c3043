#include "symbol_table.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstring>

#include "base/hash.h"

namespace narthex::index {
namespace {

struct Head {
  std::uint32_t use_count;
  std::uint32_t size;
};

Head ReadHead(const char* slot) {
  Head head;
  std::memcpy(&head, slot, sizeof(head));
  return head;
}

std::string_view TextOf(const char* slot) { return {slot + sizeof(Head), ReadHead(slot).size}; }

struct TextHash {
  using is_transparent = void;
  using is_avalanching = void;
  const std::vector<std::unique_ptr<char[]>>* slots;
  std::size_t operator()(std::string_view text) const { return Hash64(text); }
  std::size_t operator()(Symbol symbol) const { return Hash64(TextOf((*slots)[symbol].get())); }
};

struct TextEqual {
  using is_transparent = void;
  const std::vector<std::unique_ptr<char[]>>* slots;
  bool operator()(Symbol a, Symbol b) const { return a == b; }
  bool operator()(std::string_view text, Symbol symbol) const {
    return text == TextOf((*slots)[symbol].get());
  }
  bool operator()(Symbol symbol, std::string_view text) const { return (*this)(text, symbol); }
};

}  // namespace

struct SymbolTable::Lookup {
  explicit Lookup(const std::vector<std::unique_ptr<char[]>>& slots)
      : symbols(0, TextHash{&slots}, TextEqual{&slots}) {}
  boost::unordered_flat_set<Symbol, TextHash, TextEqual> symbols;
};

SymbolTable::SymbolTable() : lookup_(std::make_unique<Lookup>(slots_)) {}
SymbolTable::~SymbolTable() = default;

Symbol SymbolTable::Acquire(std::string_view text) {
  if (const auto known = Find(text)) {
    char* slot = slots_[*known].get();
    Head head = ReadHead(slot);
    ++head.use_count;
    std::memcpy(slot, &head, sizeof(head));
    return *known;
  }
  auto slot = std::make_unique_for_overwrite<char[]>(sizeof(Head) + text.size());
  const Head head{1, static_cast<std::uint32_t>(text.size())};
  std::memcpy(slot.get(), &head, sizeof(head));
  std::memcpy(slot.get() + sizeof(head), text.data(), text.size());
  text_bytes_ += text.size();

  Symbol symbol = static_cast<Symbol>(slots_.size());
  if (free_.empty()) {
    slots_.push_back(std::move(slot));
  } else {
    symbol = free_.back();
    free_.pop_back();
    slots_[symbol] = std::move(slot);
  }
  lookup_->symbols.insert(symbol);
  return symbol;
}

void SymbolTable::Release(Symbol symbol) {
  char* slot = slots_[symbol].get();
  Head head = ReadHead(slot);
  --head.use_count;
  std::memcpy(slot, &head, sizeof(head));
  if (head.use_count > 0) return;
  lookup_->symbols.erase(symbol);
  text_bytes_ -= head.size;
  slots_[symbol].reset();
  free_.push_back(symbol);
}

std::optional<Symbol> SymbolTable::Find(std::string_view text) const {
  const auto found = lookup_->symbols.find(text);
  if (found == lookup_->symbols.end()) return std::nullopt;
  return *found;
}

std::string_view SymbolTable::Text(Symbol symbol) const { return TextOf(slots_[symbol].get()); }

}  // namespace narthex::index
