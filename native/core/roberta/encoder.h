// transformers RobertaModel without its pooler: embeddings and the stack of layers.
#pragma once

#include "core/roberta/embeddings.h"
#include "core/roberta/layer.h"

namespace robertorch {

struct EncoderOutput {
  at::Tensor last_hidden_state;              // (B, T, C)
  std::vector<at::Tensor> hidden_states;     // embedding output and every layer's, when asked for
  std::vector<at::Tensor> attentions;        // (B, H, T, T) per layer, when asked for
  std::vector<at::Tensor> cross_attentions;  // (B, H, T, S) per layer, likewise
  std::vector<LayerCache> past_key_values;   // with the cache in use
};

class Encoder {
 public:
  Encoder(const RobertaConfig& config, Initialization how);

  EncoderOutput forward(const ModelInputs& inputs, bool training) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

  /** Heads of each layer. */
  std::vector<int64_t> heads() const;
  /** Throws ArgumentError, before anything is changed, for a layer or head that is not there. */
  void pruneHeads(const HeadsByLayer& heads, Initialization how);

  Embeddings embeddings;

 private:
  LayerContext contextOf(const ModelInputs& inputs, const at::Tensor& x, bool training) const;

  std::vector<Layer> layers_;
  AttentionImplementation attention_;
  bool isDecoder_, crossAttention_, relativePositions_;
};

}  // namespace robertorch
