// Heads that predict tokens.
#pragma once

#include "core/roberta/activation.h"
#include "core/roberta/heads/head.h"

namespace robertorch {

/**
 * transformers RobertaLMHead and BertLMPredictionHead: dense, activation, LayerNorm, and a decoder whose
 * weight is the word embeddings' once tied.
 */
struct LmDecoder {
  Linear dense;
  Activation activation;
  LayerNorm norm;
  Linear decoder;   // only its weight (V, C) is used
  at::Tensor bias;  // (V), the decoder's own
  bool tied = false;
  std::string prefix, denseName, normName;

  LmDecoder(const RobertaConfig& config, Initialization how);
  at::Tensor forward(const at::Tensor& x) const;  // (B, T, C) → (B, T, V)
  void visit(const ParameterVisitor& f);
  void tie(const at::Tensor& words);
};

/** What the heads with such a decoder share. */
class LanguageModelHead : public Head {
 public:
  LanguageModelHead(const RobertaConfig& config, Initialization how) : decoder_(config, how) {}
  void visit(const ParameterVisitor& f) override { decoder_.visit(f); }
  void tie(const at::Tensor& words) override { decoder_.tie(words); }
  at::Tensor decoderWeight() const override { return decoder_.decoder.weight; }

 protected:
  LmDecoder decoder_;
};

/** Labels (B, T) at masked places, -100 elsewhere. */
class MaskedLmHead : public LanguageModelHead {
 public:
  using LanguageModelHead::LanguageModelHead;
  void forward(const HeadInput& input, ModelOutput& output) const override;
};

/** Labels (B, T) are the inputs: each token is to be predicted from those before it (ForCausalLMLoss). */
class CausalLmHead : public LanguageModelHead {
 public:
  using LanguageModelHead::LanguageModelHead;
  void forward(const HeadInput& input, ModelOutput& output) const override;
};

}  // namespace robertorch
