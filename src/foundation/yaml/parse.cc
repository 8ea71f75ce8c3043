#include "yaml/parse.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <set>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "binary.h"

namespace narthex::yaml {
namespace {

// Carries our error out through the library's parser, which only knows exceptions.
struct Abort {
  Error error;
};

Position PositionOf(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

[[noreturn]] void Fail(Position position, std::string_view what) {
  throw Abort{{ErrorCode::kInvalidArgument,
               fmt::format("line {}, column {}: {}", position.line, position.column, what)}};
}

// Builds the tree from the library's events; aliases become copies.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const ParseOptions& options) : options_(options) {}

  Node TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Count(1);
    Place({Node::Null(PositionOf(mark)), 1, 1}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) Fail(PositionOf(mark), "anchor contains itself");
    Count(found->second.count);
    Place(found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Count(1);
    const Position position = PositionOf(mark);
    if (tag == "tag:yaml.org,2002:binary") {
      std::optional<std::string> bytes = DecodeBase64(value);
      if (!bytes) Fail(position, "!!binary value contains invalid base64 data");
      return Place({Node::Scalar(*std::move(bytes), true, position), 1, 1}, anchor);
    }
    // "?" is the library's word for plain, "!" for quoted.
    const bool is_quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    Place({Node::Scalar(value, is_quoted, position), 1, 1}, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Node::Sequence(PositionOf(mark)), anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(Node::Mapping(PositionOf(mark)), anchor);
  }
  void OnMapEnd() override {
    ResolveMerges(frames_.back().tree.node);
    Close();
  }

 private:
  struct Tree {
    Node node;
    std::size_t count = 1;   // nodes in it
    std::size_t height = 1;  // levels in it
  };

  struct Frame {
    Tree tree;
    YAML::anchor_t anchor;
    std::optional<Member> pending;  // a key that waits for its value
    std::unordered_set<std::string> keys;
  };

  void Count(std::size_t count) {
    node_count_ += count;
    if (node_count_ > options_.limits.node_count_max) {
      throw Abort{{ErrorCode::kResourceExhausted,
                   fmt::format("document has more than {} nodes after expanding aliases",
                               options_.limits.node_count_max)}};
    }
  }

  void CheckDepth(std::size_t depth) {
    if (depth <= options_.limits.depth_max) return;
    throw Abort{
        {ErrorCode::kResourceExhausted,
         fmt::format("document is nested more than {} levels deep", options_.limits.depth_max)}};
  }

  void Open(Node node, YAML::anchor_t anchor) {
    Count(1);
    CheckDepth(frames_.size() + 1);
    frames_.push_back({{std::move(node), 1, 1}, anchor, std::nullopt, {}});
  }

  void Close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Place(std::move(frame.tree), frame.anchor);
  }

  void Place(Tree tree, YAML::anchor_t anchor) {
    CheckDepth(frames_.size() + tree.height);
    if (anchor != YAML::NullAnchor) {
      Count(tree.count);
      anchors_.insert_or_assign(anchor, tree);
    }
    if (frames_.empty()) {
      root_ = std::move(tree.node);
      return;
    }

    Frame& frame = frames_.back();
    frame.tree.count += tree.count;
    frame.tree.height = std::max(frame.tree.height, tree.height + 1);
    if (frame.tree.node.is_sequence()) {
      frame.tree.node.Append(std::move(tree.node));
    } else if (!frame.pending) {
      StartMember(frame, std::move(tree.node));
    } else {
      frame.pending->value = std::move(tree.node);
      frame.tree.node.AddMember(*std::move(frame.pending));
      frame.pending.reset();
    }
  }

  void StartMember(Frame& frame, Node key) {
    const Position position = key.position();
    if (key.is_sequence() || key.is_mapping())
      Fail(position, "the key of a mapping must be a scalar");
    std::string text = key.is_null() ? "null" : key.text();
    const bool is_merge = text == "<<" && !key.is_quoted();
    if (options_.duplicate_keys == DuplicateKeys::kRefuse && !is_merge &&
        !frame.keys.insert(text).second) {
      Fail(position, fmt::format("key \"{}\" already set in map", text));
    }
    // A quoted "<<" is an ordinary key; the prefix keeps it apart until merges are resolved.
    frame.pending = Member{std::move(text), position, Node()};
    if (!is_merge && frame.pending->key == "<<") quoted_merge_keys_.insert(KeyOf(position));
  }

  static std::pair<int, int> KeyOf(Position position) { return {position.line, position.column}; }

  void ResolveMerges(Node& mapping) {
    const auto is_merge = [&](const Member& member) {
      return member.key == "<<" && !quoted_merge_keys_.contains(KeyOf(member.position));
    };
    if (std::none_of(mapping.members().begin(), mapping.members().end(), is_merge)) return;

    Node merged = Node::Mapping(mapping.position());
    std::vector<const Node*> sources;
    std::unordered_set<std::string_view> keys;
    for (const Member& member : mapping.members()) {
      if (is_merge(member)) {
        CollectMergeSources(member, sources);
      } else {
        keys.insert(member.key);
        merged.AddMember(member);
      }
    }
    // Own keys win over merged ones, earlier sources over later ones.
    for (const Node* source : sources) {
      for (const Member& member : source->members()) {
        if (keys.insert(member.key).second) merged.AddMember(member);
      }
    }
    mapping = std::move(merged);
  }

  static void CollectMergeSources(const Member& member, std::vector<const Node*>& sources) {
    constexpr std::string_view kWrong = "map merge requires map or sequence of maps as the value";
    if (member.value.is_mapping()) {
      sources.push_back(&member.value);
      return;
    }
    if (!member.value.is_sequence()) Fail(member.position, kWrong);
    for (const Node& item : member.value.items()) {
      if (!item.is_mapping()) Fail(member.position, kWrong);
      sources.push_back(&item);
    }
  }

  const ParseOptions& options_;
  Node root_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Tree> anchors_;
  std::set<std::pair<int, int>> quoted_merge_keys_;
  std::size_t node_count_ = 0;
};

}  // namespace

Result<Document> Parse(std::string_view text, const ParseOptions& options) {
  if (text.size() > options.limits.size_bytes_max) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("document is larger than {} bytes", options.limits.size_bytes_max)};
  }
  NARTHEX_TRY(CheckCharacters(text));

  // The library takes the end of the text for the end of an open quoted scalar when a newline
  // stands before it; a document end marker there makes it an error, and changes nothing elsewhere.
  std::istringstream stream(fmt::format("{}{}...\n", text, text.ends_with('\n') ? "" : "\n"));
  try {
    TreeBuilder builder(options);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return Document{};
    return Document{builder.TakeRoot(), static_cast<bool>(parser)};
  } catch (Abort& abort) {
    return std::move(abort.error);
  } catch (const YAML::Exception& exception) {
    // Deep nesting ends here too: the library has its own guard against it.
    const Position position =
        exception.mark.is_null() ? Position{1, 1} : PositionOf(exception.mark);
    const bool is_open_quote = exception.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("line {}, column {}: {}", position.line, position.column,
                             is_open_quote ? "quoted scalar is not closed" : exception.msg)};
  }
}

}  // namespace narthex::yaml
