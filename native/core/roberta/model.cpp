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

Model::Model(HeadKind head, const RobertaConfig& config, Initialization how)
    : config(validated(config)), head_(head), encoder_(config, how) {
  const bool draw = how == Initialization::kPyTorch;
  if (head == HeadKind::kPooler) pooler_.emplace(config, how);
  // The inner RobertaModel initialises itself before the head is made: the order of draws is Python's.
  if (draw) initialize([](const std::string&) { return true; });
  if (head == HeadKind::kMaskedLm) lmHead_.emplace(config, how);
  if (head == HeadKind::kSequenceClassification) classifier_.emplace(config, how);
  if (draw && (lmHead_ || classifier_)) {
    initialize([](const std::string& name) { return name.compare(0, 8, "roberta.") != 0; });
  }
  tieWeights();
}

ModelOutput Model::forward(const ModelInputs& inputs) {
  checkInputs(inputs, config, device());
  EncoderOutput encoded = encoder_.forward(inputs, inputs.training);
  ModelOutput output;
  output.hidden_states = std::move(encoded.hidden_states);
  output.attentions = std::move(encoded.attentions);
  const at::Tensor& x = encoded.last_hidden_state;
  if (lmHead_) {
    output.logits = lmHead_->forward(x);
    if (inputs.labels.defined()) output.loss = crossEntropyLoss(output.logits, inputs.labels, "vocab_size");
  } else if (classifier_) {
    output.logits = classifier_->forward(x, inputs.training);
    if (inputs.labels.defined()) {
      output.problem_type = inputs.problem_type;
      output.loss = sequenceClassificationLoss(output.logits, inputs.labels, output.problem_type);
    }
  } else {
    output.last_hidden_state = x;
    if (pooler_) output.pooler_output = pooler_->forward(x);
    if (inputs.labels.defined()) {
      throw Error(ErrorKind::kArgument, "this model has no head, so labels mean nothing to it",
                  "use RobertaForMaskedLM or RobertaForSequenceClassification");
    }
  }
  return output;
}

void Model::visit(const ParameterVisitor& f) {
  // The inner model of a headed class is its member `roberta`.
  const bool headed = head_ == HeadKind::kMaskedLm || head_ == HeadKind::kSequenceClassification;
  encoder_.visit(headed ? "roberta." : "", f);
  if (pooler_) pooler_->visit("pooler", f);
  if (lmHead_) lmHead_->visit("lm_head", f);
  if (classifier_) classifier_->visit("classifier", f);
}

void Model::initialize(const std::function<bool(const std::string&)>& wanted) {
  at::NoGradGuard noGrad;
  auto initializeOne = [&](const std::string& name, at::Tensor& parameter) {
    if (!wanted(name)) return;
    const bool norm =
        name.find("LayerNorm.") != std::string::npos || name.find("layer_norm.") != std::string::npos;
    if (endsWith(name, "bias")) {
      parameter.zero_();
    } else if (norm) {
      parameter.fill_(1.0);
    } else {
      parameter.normal_(0.0, config.initializer_range);
      const bool padded =
          endsWith(name, "word_embeddings.weight") || endsWith(name, "position_embeddings.weight");
      if (padded) parameter[config.pad_token_id].zero_();
    }
  };
  visit(initializeOne);
  // Python draws the decoder's weight before tying throws it away.
  if (lmHead_ && lmHead_->tied && wanted("lm_head.decoder.weight")) {
    at::Tensor drawn = at::empty_like(encoder_.embeddings.word.weight);
    drawn.normal_(0.0, config.initializer_range);
  }
}

void Model::tieWeights() {
  if (lmHead_ && lmHead_->tied) lmHead_->decoder = encoder_.embeddings.word.weight;
}

}  // namespace robertorch
