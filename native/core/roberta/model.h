// The trainable models. One class: what differs between RobertaModel, BertForMaskedLM and their siblings is
// the family (data) and which head stands on the encoder.
#pragma once

#include "core/roberta/encoder.h"
#include "core/roberta/heads/head.h"
#include "core/roberta/pooler.h"

namespace robertorch {

class Model {
 public:
  /** `addPooler` counts for kNone only; the other kinds have a pooler or not as their Transformers classes
   * do. */
  Model(HeadKind head, bool addPooler, const RobertaConfig& config, Initialization how);

  /** Throws before any computation when an input is out of bounds (see checkInputs). */
  ModelOutput forward(const ModelInputs& inputs) const;

  /** All parameters in the order of Python's named_parameters(), tied ones once. */
  void visit(const ParameterVisitor& f);

  /** Transformers' `_init_weights` over all parameters for which `wanted(name)`, in module order. */
  void initialize(const std::function<bool(const std::string& name)>& wanted);

  /** The word embeddings (V, C), and the decoder's weight: the same tensor when tied, undefined without a
   * decoder. */
  at::Tensor inputEmbeddings() const { return encoder_.embeddings.word.weight; }
  at::Tensor outputEmbeddings() const { return head_ ? head_->decoderWeight() : at::Tensor(); }

  at::Device device() const { return inputEmbeddings().device(); }

  const RobertaConfig config;

 private:
  /** The inner model's name in a class with a head; "" in the bare class. */
  std::string inner() const { return head_ ? config.family.inner : ""; }

  Encoder encoder_;
  std::optional<Pooler> pooler_;
  std::unique_ptr<Head> head_;
};

}  // namespace robertorch
