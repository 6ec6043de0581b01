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

  /** The bare model that the head stands on, over the same weights; of a model without a head, itself again.
   */
  Model base() const { return Model(*this, nullptr); }

  /** transformers prune_heads; the parameters stay the same tensors. Throws ArgumentError for what is not
   * there. */
  void pruneHeads(const HeadsByLayer& heads, Initialization how = Initialization::kPyTorch) {
    encoder_->pruneHeads(heads, how);
  }

  /** The word embeddings (V, C), and the decoder's weight: the same tensor when tied, undefined without a
   * decoder. */
  at::Tensor inputEmbeddings() const { return encoder_->embeddings.word.weight; }
  at::Tensor outputEmbeddings() const { return head_ ? head_->decoderWeight() : at::Tensor(); }

  at::Device device() const { return inputEmbeddings().device(); }

  const RobertaConfig config;

 private:
  Model(const Model& whole, std::nullptr_t)
      : config(whole.config), encoder_(whole.encoder_), pooler_(whole.pooler_) {}

  /** Whether Python draws a parameter anew when the class with a head prunes once more, though nothing is
   * left to prune. */
  bool isPrunedAgain(const std::string& name) const;

  /** The inner model's name in a class with a head; "" in the bare class. */
  std::string inner() const { return head_ ? config.family.inner : ""; }

  std::shared_ptr<Encoder> encoder_;  // the bare model's too
  std::optional<Pooler> pooler_;
  std::unique_ptr<Head> head_;
};

}  // namespace robertorch
