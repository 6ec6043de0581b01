#include "bindings/model_config.h"

#include <cmath>

namespace robertorch {
namespace {

PositionEmbedding positionsFrom(const std::string& name) {
  if (name == "absolute") return PositionEmbedding::kAbsolute;
  if (name == "relative_key") return PositionEmbedding::kRelativeKey;
  if (name == "relative_key_query") return PositionEmbedding::kRelativeKeyQuery;
  throw Error(ErrorKind::kConfig, "config: position_embedding_type '" + name +
                                      "' is not known; known are absolute, relative_key and "
                                      "relative_key_query");
}

}  // namespace

HeadsByLayer headsFrom(const Napi::Value& value, ErrorKind kind, const char* what) {
  HeadsByLayer result;
  if (value.IsUndefined() || value.IsNull()) return result;
  const auto refuse = [&] {
    throw Error(kind, std::string(what) + " must be an object of layers and lists of heads, {1: [0, 2]}");
  };
  if (!value.IsObject() || value.IsArray()) refuse();
  const Napi::Object object = value.As<Napi::Object>();
  const Napi::Array layers = object.GetPropertyNames();
  for (uint32_t i = 0; i < layers.Length(); ++i) {
    const std::string layer = layers.Get(i).ToString().Utf8Value();
    const bool isNumber =
        !layer.empty() && layer.size() <= 9 && layer.find_first_not_of("0123456789") == std::string::npos;
    const Napi::Value heads = object.Get(layer);
    if (!isNumber || !heads.IsArray()) refuse();
    std::vector<int64_t>& ofLayer = result[std::stoll(layer)];
    for (uint32_t j = 0; j < heads.As<Napi::Array>().Length(); ++j) {
      const Napi::Value head = heads.As<Napi::Array>().Get(j);
      const double number = head.IsNumber() ? head.As<Napi::Number>().DoubleValue() : -1;
      if (!(number >= 0 && number < 1e9) || number != std::floor(number)) refuse();
      ofLayer.push_back(static_cast<int64_t>(number));
    }
  }
  return result;
}

RobertaConfig configFrom(const Napi::Value& value) {
  const Napi::Object object = value.As<Napi::Object>();
  RobertaConfig config;
  readField(object, "vocab_size", config.vocab_size);
  readField(object, "hidden_size", config.hidden_size);
  readField(object, "num_hidden_layers", config.num_hidden_layers);
  readField(object, "num_attention_heads", config.num_attention_heads);
  readField(object, "intermediate_size", config.intermediate_size);
  readField(object, "max_position_embeddings", config.max_position_embeddings);
  readField(object, "type_vocab_size", config.type_vocab_size);
  readField(object, "pad_token_id", config.pad_token_id);
  readField(object, "num_labels", config.num_labels);
  readField(object, "layer_norm_eps", config.layer_norm_eps);
  readField(object, "hidden_dropout_prob", config.hidden_dropout_prob);
  readField(object, "attention_probs_dropout_prob", config.attention_probs_dropout_prob);
  config.classifier_dropout = config.hidden_dropout_prob;
  readField(object, "classifier_dropout", config.classifier_dropout);
  readField(object, "initializer_range", config.initializer_range);
  readField(object, "tie_word_embeddings", config.tie_word_embeddings);
  readField(object, "is_decoder", config.is_decoder);
  readField(object, "add_cross_attention", config.add_cross_attention);
  readField(object, "chunk_size_feed_forward", config.chunk_size_feed_forward);
  readField(object, "hidden_act", config.hidden_act);
  std::string modelType = "roberta";
  readField(object, "model_type", modelType);
  config.family = findFamily(modelType);
  std::string positions = "absolute";
  readField(object, "position_embedding_type", positions);
  config.position_embedding = positionsFrom(positions);
  config.pruned_heads = headsFrom(object.Get("pruned_heads"), ErrorKind::kConfig, "pruned_heads");
  std::string attention = "sdpa";
  readField(object, "attn_implementation", attention);
  if (attention == "eager")
    config.attention = AttentionImplementation::kEager;
  else if (attention != "sdpa") {
    throw Error(ErrorKind::kConfig,
                "attn_implementation '" + attention + "' is not known; known are sdpa and eager");
  }
  return config;
}

}  // namespace robertorch
