#include <unordered_map>

#include "base/check.h"
#include "json/reader.h"

namespace narthex::json {
namespace {

// Below this many members a search through all of them beats a hash table.
constexpr std::size_t kIndexedFrom = 24;

// Builds the tree from tokens without recursion, so that depth costs heap and not stack.
class TreeBuilder {
 public:
  void Scalar(Value value) { Place(std::move(value)); }

  void Open(Value container) {
    levels_.emplace_back();
    levels_.back().container = std::move(container);
    levels_.back().key = std::move(key_);
    key_.clear();
  }

  void Close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    key_ = std::move(level.key);
    Place(std::move(level.container));
  }

  void Key(std::string_view key) { key_ = key; }

  Value Take() && { return std::move(root_); }

 private:
  struct Level {
    Value container;
    std::string key;  // under which the container itself goes into the level above
    std::unordered_map<std::string, std::size_t> index;
  };

  void Place(Value value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (Value::Array* items = level.container.mutable_items()) {
      items->push_back(std::move(value));
      return;
    }
    PlaceMember(level, std::move(value));
  }

  void PlaceMember(Level& level, Value value) {
    Value::Object& members = *level.container.mutable_members();
    if (members.size() < kIndexedFrom) {
      if (Value* found = level.container.Find(key_)) {
        *found = std::move(value);
        return;
      }
    } else {
      if (level.index.empty()) {
        for (std::size_t i = 0; i < members.size(); ++i) level.index.emplace(members[i].key, i);
      }
      const auto [position, is_new] = level.index.emplace(key_, members.size());
      if (!is_new) {
        members[position->second].value = std::move(value);
        return;
      }
    }
    members.push_back(Member{std::move(key_), std::move(value)});
    key_.clear();
  }

  std::vector<Level> levels_;
  std::string key_;
  Value root_;
};

}  // namespace

Result<Value> Parse(std::string_view text, const Limits& limits) {
  Reader reader(text, limits);
  TreeBuilder tree;
  while (true) {
    switch (reader.Next()) {
      case Token::kObjectBegin:
        tree.Open(Value::MakeObject());
        break;
      case Token::kArrayBegin:
        tree.Open(Value::MakeArray());
        break;
      case Token::kObjectEnd:
      case Token::kArrayEnd:
        tree.Close();
        break;
      case Token::kKey:
        tree.Key(reader.text());
        break;
      case Token::kString:
        tree.Scalar(Value(reader.text()));
        break;
      case Token::kNumber:
        tree.Scalar(Value::NumberFromText(std::string(reader.text())));
        break;
      case Token::kTrue:
        tree.Scalar(Value(true));
        break;
      case Token::kFalse:
        tree.Scalar(Value(false));
        break;
      case Token::kNull:
        tree.Scalar(Value());
        break;
      case Token::kEnd:
        return std::move(tree).Take();
      case Token::kError:
        return reader.error();
    }
  }
}

}  // namespace narthex::json
