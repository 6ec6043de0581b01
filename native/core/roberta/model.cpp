#include "core/roberta/model.h"

#include <ATen/ops/normal.h>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

const RobertaConfig& validated(const RobertaConfig& config) {
  validate(config);
  return config;
}

}  // namespace

Model::Model(HeadKind kind, bool addPooler, const RobertaConfig& config, Initialization how)
    : config(validated(config)), encoder_(std::make_shared<Encoder>(config, how)) {
  const bool draw = how == Initialization::kPyTorch;
  const bool bare = kind == HeadKind::kNone;
  if (bare ? addPooler : needsPooler(kind, config.family)) pooler_.emplace(config, how);
  pruneHeads(config.pruned_heads, how);
  // The inner model initialises itself before the head is made: the order of draws is Python's.
  if (draw) initialize([](const std::string&) { return true; });
  head_ = makeHead(kind, config, how);
  if (!head_) return;
  if (draw) {
    pruneHeads(config.pruned_heads, how);
    initialize([&](const std::string& name) {
      return name.rfind(config.family.inner, 0) != 0 || isPrunedAgain(name);
    });
  }
  // Only now, since Python draws the decoder's weight before tying throws it away.
  if (config.tie_word_embeddings) head_->tie(encoder_->embeddings.word.weight);
}

ModelOutput Model::forward(const ModelInputs& inputs) const {
  const ModelInputs flat = head_ ? head_->flatten(inputs) : inputs;
  checkInputs(flat, config, inputEmbeddings(), encoder_->heads());
  EncoderOutput encoded = encoder_->forward(flat, inputs.encoder_training);
  const at::Tensor& states = encoded.last_hidden_state;
  const at::Tensor pooled = pooler_ ? pooler_->forward(states) : at::Tensor();
  ModelOutput output;
  output.past_key_values = std::move(encoded.past_key_values);
  output.hidden_states = std::move(encoded.hidden_states);
  output.attentions = std::move(encoded.attentions);
  output.cross_attentions = std::move(encoded.cross_attentions);
  if (head_) {
    head_->forward({states, pooled, inputs}, output);
    return output;
  }
  if (inputs.labels.defined()) {
    throw Error(
        ErrorKind::kArgument, "this model has no head, so labels mean nothing to it",
        "use the class of your task, for example RobertaForMaskedLM or RobertaForSequenceClassification");
  }
  output.last_hidden_state = states;
  output.pooler_output = pooled;
  return output;
}

void Model::visit(const ParameterVisitor& f) {
  encoder_->visit(inner(), f);
  if (pooler_) pooler_->visit(inner() + "pooler", f);
  if (head_) head_->visit(f);
}

bool Model::isPrunedAgain(const std::string& name) const {
  for (const auto& [layer, heads] : config.pruned_heads) {
    const std::string attention = inner() + "encoder.layer." + std::to_string(layer) + ".attention.";
    if (heads.empty() || name.rfind(attention, 0) != 0) continue;
    const std::string part = name.substr(attention.size());
    return part.rfind("output.dense.", 0) == 0 ||
           (part.rfind("self.", 0) == 0 && part.rfind("self.distance_embedding", 0) != 0);
  }
  return false;
}

void Model::initialize(const std::function<bool(const std::string&)>& wanted) {
  at::NoGradGuard noGrad;
  const bool paddedPositions = config.family.positions == PositionRule::kCountTokens;
  visit([&](const std::string& name, at::Tensor& parameter) {
    if (!wanted(name)) return;
    const bool norm =
        name.find("LayerNorm.") != std::string::npos || name.find("layer_norm.") != std::string::npos;
    if (endsWith(name, "bias")) {
      parameter.zero_();
    } else if (norm) {
      parameter.fill_(1.0);
    } else {
      parameter.normal_(0.0, config.initializer_range);
      const bool padded = endsWith(name, "word_embeddings.weight") ||
                          (paddedPositions && endsWith(name, "position_embeddings.weight"));
      if (padded) parameter[config.pad_token_id].zero_();
    }
  });
}

}  // namespace robertorch
