// The trainable models. One class: what differs between RobertaModel, RobertaForMaskedLM and
// RobertaForSequenceClassification is which head stands on the encoder.
#pragma once

#include "core/roberta/encoder.h"
#include "core/roberta/heads.h"
#include "core/roberta/losses.h"

namespace robertorch {

enum class HeadKind { kNone, kPooler, kMaskedLm, kSequenceClassification };

struct ModelOutput {
  at::Tensor loss;               // only with labels
  std::string problem_type;      // what the labels of a sequence classification decided or confirmed
  at::Tensor logits;             // of the head, if any
  at::Tensor last_hidden_state;  // (B, T, C), only without a head of its own
  at::Tensor pooler_output;      // (B, C)
  std::vector<at::Tensor> hidden_states;
  std::vector<at::Tensor> attentions;
};

class Model {
 public:
  Model(HeadKind head, const RobertaConfig& config, Initialization how);

  /** Throws before any computation when an input is out of bounds (see checkInputs). */
  ModelOutput forward(const ModelInputs& inputs);

  /** All parameters in the order of Python's named_parameters(), tied ones once. */
  void visit(const ParameterVisitor& f);

  /** Transformers' `_init_weights` over all parameters for which `wanted(name)`, in module order. */
  void initialize(const std::function<bool(const std::string& name)>& wanted);

  /** Points the decoder at the word embeddings. To be called after parameters were replaced. */
  void tieWeights();

  at::Device device() const { return encoder_.embeddings.word.weight.device(); }

  const RobertaConfig config;

 private:
  HeadKind head_;
  Encoder encoder_;
  std::optional<Pooler> pooler_;
  std::optional<LmHead> lmHead_;
  std::optional<ClassificationHead> classifier_;
};

}  // namespace robertorch
