#include "parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "jmespath/expression.h"
#include "token.h"

namespace narthex::jmespath {
namespace {

// How strongly an operator holds what stands before it; the order of the specification.
enum Strength : int {
  kNone = 0,
  kPipeStrength = 1,
  kOrStrength = 2,
  kAndStrength = 3,
  kCompareStrength = 5,
  kFlattenStrength = 9,
  // What follows a projection and is weaker is asked of the whole list, not of each item.
  kProjectionEnd = 10,
  kStarStrength = 20,
  kFilterStrength = 21,
  kDotStrength = 40,
  kNotStrength = 45,
  kBracketStrength = 55,
  kCallStrength = 60,
};

int StrengthOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPipe:
      return kPipeStrength;
    case TokenKind::kOr:
      return kOrStrength;
    case TokenKind::kAnd:
      return kAndStrength;
    case TokenKind::kEqual:
    case TokenKind::kNotEqual:
    case TokenKind::kLess:
    case TokenKind::kLessEqual:
    case TokenKind::kGreater:
    case TokenKind::kGreaterEqual:
      return kCompareStrength;
    case TokenKind::kFlatten:
      return kFlattenStrength;
    case TokenKind::kStar:
      return kStarStrength;
    case TokenKind::kFilter:
      return kFilterStrength;
    case TokenKind::kDot:
      return kDotStrength;
    case TokenKind::kOpenBracket:
      return kBracketStrength;
    case TokenKind::kOpen:
      return kCallStrength;
    default:
      return kNone;
  }
}

// Only of what joins two values.
NodeKind KindOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr:
      return NodeKind::kOr;
    case TokenKind::kAnd:
      return NodeKind::kAnd;
    case TokenKind::kEqual:
      return NodeKind::kEqual;
    case TokenKind::kNotEqual:
      return NodeKind::kNotEqual;
    case TokenKind::kLess:
      return NodeKind::kLess;
    case TokenKind::kLessEqual:
      return NodeKind::kLessEqual;
    case TokenKind::kGreater:
      return NodeKind::kGreater;
    case TokenKind::kGreaterEqual:
      return NodeKind::kGreaterEqual;
    default:
      return NodeKind::kChain;
  }
}

int HeightOver(const std::vector<Node>& children) {
  int height = 0;
  for (const Node& child : children) height = std::max(height, child.height);
  return height + 1;
}

Node Make(NodeKind kind, std::vector<Node> children = {}) {
  Node node;
  node.kind = kind;
  node.height = HeightOver(children);
  node.children = std::move(children);
  return node;
}

Node MakeOne(NodeKind kind, Node child) {
  std::vector<Node> children;
  children.push_back(std::move(child));
  return Make(kind, std::move(children));
}

Node MakeTwo(NodeKind kind, Node first, Node second) {
  std::vector<Node> children;
  children.push_back(std::move(first));
  children.push_back(std::move(second));
  return Make(kind, std::move(children));
}

Node Named(NodeKind kind, std::string name) {
  Node node;
  node.kind = kind;
  node.name = std::move(name);
  return node;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<Node> Parse() {
    NARTHEX_ASSIGN_OR_RETURN(Node root, Read(kNone));
    if (next().kind != TokenKind::kEnd) return Unexpected();
    return root;
  }

 private:
  // Counts a level while it lives.
  class Level {
   public:
    explicit Level(int& depth) : depth_(depth) { ++depth_; }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    int& depth_;
  };

  const Token& next() const { return tokens_[at_]; }
  const Token& after_next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }

  // kEnd is never passed.
  Token Take() {
    Token token = tokens_[at_];
    if (token.kind != TokenKind::kEnd) ++at_;
    return token;
  }
  bool TakeIf(TokenKind kind) {
    if (next().kind != kind) return false;
    Take();
    return true;
  }

  Error Unexpected() const {
    const bool is_end = next().kind == TokenKind::kEnd;
    return {ErrorCode::kInvalidArgument,
            fmt::format("{} at {}", is_end ? "unexpected end" : "this does not belong here",
                        next().place + 1)};
  }
  Status Expect(TokenKind kind) { return TakeIf(kind) ? Ok() : Status(Unexpected()); }

  // As long as what comes holds more strongly than `strength`.
  Result<Node> Read(int strength) {
    const Level level(depth_);
    if (depth_ > Expression::kDepthMax) {
      return Error(ErrorCode::kResourceExhausted,
                   fmt::format("more than {} levels", Expression::kDepthMax));
    }
    NARTHEX_ASSIGN_OR_RETURN(Node left, ReadFirst());
    while (left.height <= kHeightMax && StrengthOf(next().kind) > strength) {
      NARTHEX_ASSIGN_OR_RETURN(left, ReadNext(std::move(left)));
    }
    if (left.height > kHeightMax) {
      return Error(ErrorCode::kResourceExhausted, fmt::format("more than {} steps", kHeightMax));
    }
    return left;
  }

  Result<Node> ReadFirst() {
    switch (next().kind) {
      case TokenKind::kName:
        return Named(NodeKind::kField, Take().text);
      case TokenKind::kQuotedName:
        return ReadQuotedName();
      case TokenKind::kLiteral: {
        Node node = Make(NodeKind::kLiteral);
        node.literal = Take().literal;
        return node;
      }
      case TokenKind::kCurrent:
        Take();
        return Node();
      case TokenKind::kStar:
        Take();
        return ReadStar(Node());
      case TokenKind::kNot:
      case TokenKind::kReference:
        return ReadPrefix();
      case TokenKind::kOpen: {
        Take();
        NARTHEX_ASSIGN_OR_RETURN(Node inside, Read(kNone));
        NARTHEX_TRY(Expect(TokenKind::kClose));
        // A projection ends at its brackets.
        return MakeTwo(NodeKind::kChain, std::move(inside), Node());
      }
      case TokenKind::kOpenBrace:
        Take();
        return ReadObject();
      case TokenKind::kOpenBracket:
        return ReadFirstBracket();
      case TokenKind::kFlatten:
      case TokenKind::kFilter:
        return ReadNext(Node());
      default:
        return Unexpected();
    }
  }

  Result<Node> ReadQuotedName() {
    Node field = Named(NodeKind::kField, Take().text);
    // Names of functions are never quoted.
    if (next().kind == TokenKind::kOpen) return Unexpected();
    return field;
  }

  Result<Node> ReadPrefix() {
    const bool is_not = Take().kind == TokenKind::kNot;
    NARTHEX_ASSIGN_OR_RETURN(Node operand, Read(is_not ? kNotStrength : kNone));
    return MakeOne(is_not ? NodeKind::kNot : NodeKind::kReference, std::move(operand));
  }

  Result<Node> ReadNext(Node left) {
    const Token token = Take();
    switch (token.kind) {
      case TokenKind::kDot: {
        if (TakeIf(TokenKind::kStar)) return ReadStar(std::move(left));
        NARTHEX_ASSIGN_OR_RETURN(Node right, ReadAfterDot(kDotStrength));
        return MakeTwo(NodeKind::kChain, std::move(left), std::move(right));
      }
      case TokenKind::kOpen:
        return ReadCall(std::move(left));
      case TokenKind::kFlatten: {
        return ReadProjection(NodeKind::kProjection, MakeOne(NodeKind::kFlatten, std::move(left)),
                              kFlattenStrength);
      }
      case TokenKind::kFilter:
        return ReadFilter(std::move(left));
      case TokenKind::kOpenBracket:
        return ReadBracket(std::move(left));
      case TokenKind::kStar:
        --at_;
        return Unexpected();
      default: {
        NARTHEX_ASSIGN_OR_RETURN(Node right, Read(StrengthOf(token.kind)));
        return MakeTwo(KindOf(token.kind), std::move(left), std::move(right));
      }
    }
  }

  Result<Node> ReadStar(Node left) {
    return ReadProjection(NodeKind::kValueProjection, std::move(left), kStarStrength);
  }

  Result<Node> ReadProjection(NodeKind kind, Node left, int strength) {
    NARTHEX_ASSIGN_OR_RETURN(Node right, ReadProjected(strength));
    return MakeTwo(kind, std::move(left), std::move(right));
  }

  // What is asked of each item.
  Result<Node> ReadProjected(int strength) {
    if (StrengthOf(next().kind) < kProjectionEnd) return Node();
    if (next().kind == TokenKind::kOpenBracket || next().kind == TokenKind::kFilter) {
      return Read(strength);
    }
    if (TakeIf(TokenKind::kDot)) return ReadAfterDot(strength);
    return Unexpected();
  }

  Result<Node> ReadAfterDot(int strength) {
    switch (next().kind) {
      case TokenKind::kName:
      case TokenKind::kQuotedName:
      case TokenKind::kStar:
        return Read(strength);
      case TokenKind::kOpenBracket:
        Take();
        return ReadList();
      case TokenKind::kOpenBrace:
        Take();
        return ReadObject();
      default:
        return Unexpected();
    }
  }

  Result<Node> ReadFilter(Node left) {
    NARTHEX_ASSIGN_OR_RETURN(Node condition, Read(kNone));
    NARTHEX_TRY(Expect(TokenKind::kCloseBracket));
    Node right;
    if (next().kind != TokenKind::kFlatten) {
      NARTHEX_ASSIGN_OR_RETURN(right, ReadProjected(kFilterStrength));
    }
    std::vector<Node> children;
    children.push_back(std::move(left));
    children.push_back(std::move(right));
    children.push_back(std::move(condition));
    return Make(NodeKind::kFilterProjection, std::move(children));
  }

  Result<Node> ReadCall(Node left) {
    if (left.kind != NodeKind::kField) {
      --at_;
      return Unexpected();
    }
    std::vector<Node> arguments;
    if (!TakeIf(TokenKind::kClose)) {
      NARTHEX_ASSIGN_OR_RETURN(arguments, ReadUntil(TokenKind::kClose));
    }
    Node call = Make(NodeKind::kCall, std::move(arguments));
    call.name = std::move(left.name);
    return call;
  }

  // One or more expressions, with commas between them.
  Result<std::vector<Node>> ReadUntil(TokenKind end) {
    std::vector<Node> nodes;
    do {
      NARTHEX_ASSIGN_OR_RETURN(Node node, Read(kNone));
      nodes.push_back(std::move(node));
    } while (TakeIf(TokenKind::kComma));
    NARTHEX_TRY(Expect(end));
    return nodes;
  }

  bool BeginsIndex() const {
    return next().kind == TokenKind::kNumber || next().kind == TokenKind::kColon;
  }

  // A bracket with nothing before it.
  Result<Node> ReadFirstBracket() {
    const Token bracket = Take();
    if (BeginsIndex()) return ReadIndex(Node());
    if (next().kind == TokenKind::kStar && after_next().kind == TokenKind::kCloseBracket) {
      --at_;
      return ReadNext(Node());
    }
    return ReadList();
  }

  Result<Node> ReadBracket(Node left) {
    if (BeginsIndex()) return ReadIndex(std::move(left));
    NARTHEX_TRY(Expect(TokenKind::kStar));
    NARTHEX_TRY(Expect(TokenKind::kCloseBracket));
    return ReadProjection(NodeKind::kProjection, std::move(left), kStarStrength);
  }

  // `0]` or `1:-1:2]`
  Result<Node> ReadIndex(Node left) {
    Node node;
    std::size_t part = 0;
    for (; !TakeIf(TokenKind::kCloseBracket);) {
      if (TakeIf(TokenKind::kColon)) {
        if (++part > 2) return Unexpected();
      } else if (next().kind == TokenKind::kNumber && !node.slice[part]) {
        node.slice[part] = Take().number;
      } else {
        return Unexpected();
      }
    }
    if (part == 0) {
      node.kind = NodeKind::kIndex;
      node.index = node.slice[0].value_or(0);
      return MakeTwo(NodeKind::kChain, std::move(left), std::move(node));
    }
    node.kind = NodeKind::kSlice;
    return ReadProjection(NodeKind::kProjection,
                          MakeTwo(NodeKind::kChain, std::move(left), std::move(node)),
                          kStarStrength);
  }

  Result<Node> ReadList() {
    NARTHEX_ASSIGN_OR_RETURN(std::vector<Node> items, ReadUntil(TokenKind::kCloseBracket));
    return Make(NodeKind::kList, std::move(items));
  }

  Result<Node> ReadObject() {
    std::vector<std::string> names;
    std::vector<Node> values;
    do {
      if (next().kind != TokenKind::kName && next().kind != TokenKind::kQuotedName) {
        return Unexpected();
      }
      names.push_back(Take().text);
      NARTHEX_TRY(Expect(TokenKind::kColon));
      NARTHEX_ASSIGN_OR_RETURN(Node value, Read(kNone));
      values.push_back(std::move(value));
    } while (TakeIf(TokenKind::kComma));
    NARTHEX_TRY(Expect(TokenKind::kCloseBrace));
    Node object = Make(NodeKind::kObject, std::move(values));
    object.names = std::move(names);
    return object;
  }

  // `a.b.c...`: each level of the tree is a call on the stack when it is asked.
  static constexpr int kHeightMax = 256;

  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Node> ParseExpression(std::string_view text) {
  if (text.size() > Expression::kSizeBytesMax) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("an expression of more than {} bytes", Expression::kSizeBytesMax));
  }
  NARTHEX_ASSIGN_OR_RETURN(std::vector<Token> tokens, ReadTokens(text));
  return Parser(std::move(tokens)).Parse();
}

}  // namespace narthex::jmespath
