#include "core/roberta/config.h"

#include <set>

#include "core/roberta/activation.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorKind::kConfig, "config: " + what); }

void inRange(const char* field, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high) {
    refuse(std::string(field) + " is " + std::to_string(value) + ", must lie in " + std::to_string(low) +
           ".." + std::to_string(high));
  }
}

void isProbability(const char* field, double value) {
  if (!(value >= 0.0 && value < 1.0)) {
    refuse(std::string(field) + " is " + std::to_string(value) + ", must be at least 0 and below 1");
  }
}

}  // namespace

void validate(const RobertaConfig& config) {
  // The upper limits keep every product of two sizes far from 64-bit overflow; no published model comes near.
  inRange("vocab_size", config.vocab_size, 1, 1 << 26);
  inRange("hidden_size", config.hidden_size, 1, 1 << 16);
  inRange("num_hidden_layers", config.num_hidden_layers, 0, 1024);
  inRange("num_attention_heads", config.num_attention_heads, 1, 1024);
  inRange("intermediate_size", config.intermediate_size, 1, 1 << 18);
  inRange("max_position_embeddings", config.max_position_embeddings, 1, 1 << 22);
  inRange("type_vocab_size", config.type_vocab_size, 1, 1 << 16);
  inRange("pad_token_id", config.pad_token_id, 0, config.vocab_size - 1);
  if (config.firstPosition() > 0) {
    inRange("pad_token_id + 1", config.firstPosition(), 0, config.max_position_embeddings - 1);
  }
  inRange("chunk_size_feed_forward", config.chunk_size_feed_forward, 0, 1 << 22);
  if (config.add_cross_attention && !config.is_decoder)
    refuse("add_cross_attention is true, so is_decoder must be true as well");
  inRange("num_labels", config.num_labels, 1, 1 << 24);
  if (config.hidden_size % config.num_attention_heads != 0) {
    refuse("hidden_size " + std::to_string(config.hidden_size) +
           " is not a multiple of num_attention_heads " + std::to_string(config.num_attention_heads));
  }
  for (const auto& [layer, heads] : config.pruned_heads) {
    inRange("a layer of pruned_heads", layer, 0, config.num_hidden_layers - 1);
    for (const int64_t head : heads)
      inRange("a head of pruned_heads", head, 0, config.num_attention_heads - 1);
    const std::set<int64_t> gone(heads.begin(), heads.end());
    if (static_cast<int64_t>(gone.size()) == config.num_attention_heads)
      refuse("pruned_heads leaves layer " + std::to_string(layer) + " without a head");
  }
  isProbability("hidden_dropout_prob", config.hidden_dropout_prob);
  isProbability("attention_probs_dropout_prob", config.attention_probs_dropout_prob);
  isProbability("classifier_dropout", config.classifier_dropout);
  if (!(config.layer_norm_eps > 0)) refuse("layer_norm_eps must be above 0");
  if (!(config.initializer_range >= 0)) refuse("initializer_range must not be negative");
  findActivation(config.hidden_act);
}

}  // namespace robertorch
