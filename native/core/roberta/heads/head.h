// The heads that stand on the encoder, each with the parameter names and the loss of its Transformers class.
#pragma once

#include "core/roberta/modules.h"
#include "core/roberta/output.h"

namespace robertorch {

enum class HeadKind {
  kNone,
  kMaskedLm,
  kCausalLm,
  kSequenceClassification,
  kTokenClassification,
  kQuestionAnswering,
  kMultipleChoice,
  kSentencePair,
  kPreTraining,
};

/** What a head sees of a forward pass. */
struct HeadInput {
  const at::Tensor& states;   // (B, T, C)
  const at::Tensor& pooled;   // (B, C), undefined without a pooler
  const ModelInputs& inputs;  // as the caller gave them
};

class Head {
 public:
  virtual ~Head() = default;

  /** Fills in the logits and, with labels, the loss. */
  virtual void forward(const HeadInput& input, ModelOutput& output) const = 0;

  /** The head's own parameters in the order of Python's named_parameters(), tied ones left out. */
  virtual void visit(const ParameterVisitor& f) = 0;

  /** Inputs as the encoder takes them, (B, T); several choices a row become rows of their own. */
  virtual ModelInputs flatten(const ModelInputs& inputs) const { return inputs; }

  /** Takes the word embeddings (V, C) for the decoder's weight, where the head has a decoder. */
  virtual void tie(const at::Tensor&) {}

  /** The decoder's weight (V, C), or undefined. */
  virtual at::Tensor decoderWeight() const { return {}; }
};

/** Whether the class of this head keeps the inner model's pooler. */
bool needsPooler(HeadKind kind, const Family& family);

/** Null for kNone. */
std::unique_ptr<Head> makeHead(HeadKind kind, const RobertaConfig& config, Initialization how);

}  // namespace robertorch
