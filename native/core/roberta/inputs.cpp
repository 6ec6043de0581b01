#include "core/roberta/inputs.h"

#include <algorithm>
#include <array>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

void expectIds(const at::Tensor& tensor, const char* name) {
  if (tensor.scalar_type() != at::kLong) {
    throw Error(ErrorKind::kDType,
                std::string(name) + " must be int64, is " + c10::toString(tensor.scalar_type()),
                "convert it: " + std::string(name) + ".to(torch.int64)");
  }
}

void expectShape(const at::Tensor& tensor, const char* name, int64_t batch, int64_t length) {
  if (tensor.dim() != 2 || tensor.size(0) != batch || tensor.size(1) != length) {
    throw Error(ErrorKind::kShape, std::string(name) + " has shape " + shapeText(tensor) + ", expected (" +
                                       std::to_string(batch) + ", " + std::to_string(length) + ")");
  }
}

void expectDevice(const at::Tensor& tensor, const char* name, at::Device device) {
  if (tensor.device() != device) {
    throw Error(ErrorKind::kDevice,
                std::string(name) + " is on " + tensor.device().str() + ", the model on " + device.str(),
                "move it: " + std::string(name) + ".to(model.device)");
  }
}

// There is a row for each distance up to the longest input's.
void checkDistances(const ModelInputs& inputs, const RobertaConfig& config) {
  const int64_t length = inputs.sequenceLength() + inputs.pastLength();
  if (length <= config.max_position_embeddings) return;
  const std::string limit = std::to_string(config.max_position_embeddings);
  throw Error(ErrorKind::kIndex,
              "a sequence has " + std::to_string(length) + " tokens, the limit is " + limit +
                  " (max_position_embeddings, relative positions)",
              "truncate: tokenizer(text, { truncation: true, max_length: " + limit + " })");
}

// RoBERTa's rows count their own tokens: `tokens` is the largest position that createPositionIds will give.
void checkLength(const ModelInputs& inputs, const RobertaConfig& config) {
  if (config.position_embedding != PositionEmbedding::kAbsolute) return checkDistances(inputs, config);
  const int64_t longest = config.max_position_embeddings - config.firstPosition();
  const int64_t length = inputs.sequenceLength() + inputs.pastLength();
  if (length <= longest || inputs.position_ids.defined()) return;
  const bool counted = config.family.positions == PositionRule::kCountTokens;
  int64_t tokens = length;
  if (counted && inputs.input_ids.defined()) {
    tokens = inputs.input_ids.ne(config.pad_token_id).sum(1).max().item<int64_t>() + inputs.pastLength();
  }
  if (tokens > longest) {
    throw Error(
        ErrorKind::kIndex,
        "a sequence has " + std::to_string(tokens) + " tokens, the limit is " + std::to_string(longest) +
            " (max_position_embeddings " + std::to_string(config.max_position_embeddings) +
            (counted ? ", of which the rows up to pad_token_id " + std::to_string(config.pad_token_id) +
                           " hold no position)"
                     : ")"),
        "truncate: tokenizer(text, { truncation: true, max_length: " + std::to_string(longest) + " })");
  }
}

void checkMask(const at::Tensor& mask, int64_t batch, int64_t queries, int64_t length) {
  if (mask.dim() == 2) {
    expectShape(mask, "attention_mask", batch, length);
  } else if (mask.dim() != 3 || mask.size(0) != batch || mask.size(1) != queries || mask.size(2) != length) {
    const std::string sizes = std::to_string(batch) + ", ";
    throw Error(ErrorKind::kShape, "attention_mask has shape " + shapeText(mask) + ", expected (" + sizes +
                                       std::to_string(length) + ") or (" + sizes + std::to_string(queries) +
                                       ", " + std::to_string(length) + ")");
  }
}

void checkHeadMask(const at::Tensor& mask, const RobertaConfig& config, const std::vector<int64_t>& heads) {
  const int64_t masked = mask.dim() > 0 ? mask.size(-1) : 0;
  const auto other =
      std::find_if(heads.begin(), heads.end(), [&](int64_t ofLayer) { return ofLayer != masked; });
  const bool perLayer = mask.dim() == 2 && mask.size(0) == config.num_hidden_layers;
  if ((mask.dim() == 1 || perLayer) && other == heads.end()) return;
  const std::string expected = std::to_string(other == heads.end() ? config.num_attention_heads : *other);
  throw Error(ErrorKind::kShape,
              "head_mask has shape " + shapeText(mask) + ", expected (heads) or (layers, heads), (" +
                  expected + ",) or (" + std::to_string(config.num_hidden_layers) + ", " + expected + ")",
              std::adjacent_find(heads.begin(), heads.end(), std::not_equal_to<>()) == heads.end()
                  ? ""
                  : "layers were pruned to different numbers of heads: prune the others instead of a mask");
}

void checkEncoderStates(const ModelInputs& inputs, const RobertaConfig& config, at::Device device) {
  const at::Tensor& states = inputs.encoder_hidden_states;
  if (!config.add_cross_attention) {
    throw Error(ErrorKind::kArgument, "encoder_hidden_states needs layers with cross-attention",
                "set is_decoder and add_cross_attention in the configuration");
  }
  if (states.dim() != 3 || states.size(0) != inputs.batchSize() || states.size(2) != config.hidden_size) {
    throw Error(ErrorKind::kShape, "encoder_hidden_states has shape " + shapeText(states) + ", expected (" +
                                       std::to_string(inputs.batchSize()) + ", tokens, " +
                                       std::to_string(config.hidden_size) + ")");
  }
  expectDevice(states, "encoder_hidden_states", device);
  if (inputs.encoder_attention_mask.defined()) {
    expectDevice(inputs.encoder_attention_mask, "encoder_attention_mask", device);
    expectShape(inputs.encoder_attention_mask, "encoder_attention_mask", inputs.batchSize(), states.size(1));
  }
}

void checkCache(const ModelInputs& inputs, const RobertaConfig& config, const std::vector<int64_t>& heads,
                at::Device device) {
  if (inputs.past_key_values.empty()) return;
  if (!config.is_decoder) {
    throw Error(ErrorKind::kArgument, "past_key_values is for decoders",
                "set is_decoder in the configuration");
  }
  if (static_cast<int64_t>(inputs.past_key_values.size()) != config.num_hidden_layers) {
    throw Error(ErrorKind::kShape, "past_key_values has " + std::to_string(inputs.past_key_values.size()) +
                                       " layers, the model " + std::to_string(config.num_hidden_layers));
  }
  const auto check = [&](const at::Tensor& tensor, int64_t ofLayer, int64_t length) {
    const std::array<int64_t, 4> expected = {inputs.batchSize(), ofLayer, length, config.headSize()};
    if (!tensor.sizes().equals(expected)) {
      throw Error(ErrorKind::kShape, "past_key_values holds a tensor of shape " + shapeText(tensor) +
                                         ", expected (batch, heads, tokens, head size) as the model gave it");
    }
    expectDevice(tensor, "past_key_values", device);
  };
  for (size_t i = 0; i < heads.size(); ++i) {
    const LayerCache& layer = inputs.past_key_values[i];
    check(layer.key, heads[i], inputs.pastLength());
    check(layer.value, heads[i], inputs.pastLength());
    if (!layer.crossKey.defined()) continue;
    check(layer.crossKey, config.num_attention_heads, layer.crossKey.size(2));
    check(layer.crossValue, config.num_attention_heads, layer.crossKey.size(2));
  }
}

}  // namespace

std::vector<at::Tensor> ModelInputs::tensors() const {
  std::vector<at::Tensor> all = {input_ids,     attention_mask, token_type_ids,        position_ids,
                                 inputs_embeds, head_mask,      encoder_hidden_states, encoder_attention_mask,
                                 labels,        sentence_label, start_positions,       end_positions};
  for (const LayerCache& layer : past_key_values)
    all.insert(all.end(), {layer.key, layer.value, layer.crossKey, layer.crossValue});
  return all;
}

std::string shapeText(const at::Tensor& tensor) {
  std::string text = "(";
  for (int64_t i = 0; i < tensor.dim(); ++i) text += (i > 0 ? ", " : "") + std::to_string(tensor.size(i));
  return text + (tensor.dim() == 1 ? ",)" : ")");
}

void checkIds(const at::Tensor& tensor, int64_t limit, const std::string& name, const std::string& limitName,
              std::optional<int64_t> ignored) {
  // On a GPU a bad id would poison the context, but reading it back would stall every step: ids are checked
  // where they are made, on the host.
  if (!tensor.device().is_cpu()) return;
  const at::Tensor ids = tensor.contiguous();
  const int64_t* data = ids.const_data_ptr<int64_t>();
  for (int64_t i = 0, n = ids.numel(); i < n; ++i) {
    if (data[i] >= 0 && data[i] < limit) continue;
    if (ignored.has_value() && data[i] == *ignored) continue;
    std::string place;
    if (ids.dim() == 2) {
      place = " at row " + std::to_string(i / ids.size(1)) + ", column " + std::to_string(i % ids.size(1));
    } else if (ids.dim() == 1) {
      place = " at row " + std::to_string(i);
    }
    throw Error(ErrorKind::kIndex, name + " holds " + std::to_string(data[i]) + place + ", must lie in 0.." +
                                       std::to_string(limit - 1) + " (" + limitName + " " +
                                       std::to_string(limit) + ")");
  }
}

void checkInputs(const ModelInputs& inputs, const RobertaConfig& config, const at::Tensor& words,
                 const std::vector<int64_t>& heads) {
  const at::Device modelDevice = words.device();
  if (inputs.input_ids.defined() == inputs.inputs_embeds.defined()) {
    throw Error(ErrorKind::kArgument, inputs.input_ids.defined() ? "give input_ids or inputs_embeds, not both"
                                                                 : "give input_ids or inputs_embeds");
  }
  if (inputs.input_ids.defined()) {
    expectIds(inputs.input_ids, "input_ids");
    if (inputs.input_ids.dim() != 2) {
      throw Error(
          ErrorKind::kShape,
          "input_ids has shape " + shapeText(inputs.input_ids) + ", expected two dimensions (batch, tokens)",
          inputs.input_ids.dim() == 1 ? "add the batch dimension: input_ids.unsqueeze(0)" : "");
    }
  } else if (inputs.inputs_embeds.dim() != 3 || inputs.inputs_embeds.size(2) != config.hidden_size) {
    throw Error(ErrorKind::kShape, "inputs_embeds has shape " + shapeText(inputs.inputs_embeds) +
                                       ", expected (batch, tokens, " + std::to_string(config.hidden_size) +
                                       ")");
  }
  const int64_t batch = inputs.batchSize(), length = inputs.sequenceLength();
  if (batch == 0 || length == 0) {
    throw Error(
        ErrorKind::kShape,
        "the batch is empty: " + std::string(inputs.input_ids.defined() ? "input_ids" : "inputs_embeds") +
            " has shape " + shapeText(inputs.source()));
  }
  expectDevice(inputs.source(), inputs.input_ids.defined() ? "input_ids" : "inputs_embeds", modelDevice);
  if (inputs.input_ids.defined()) checkIds(inputs.input_ids, words.size(0), "input_ids", "vocab_size");
  if (inputs.position_ids.defined()) {
    expectIds(inputs.position_ids, "position_ids");
    expectDevice(inputs.position_ids, "position_ids", modelDevice);
    if (inputs.position_ids.dim() != 2 || inputs.position_ids.size(0) != 1) {
      expectShape(inputs.position_ids, "position_ids", batch, length);
    } else {
      expectShape(inputs.position_ids, "position_ids", 1, length);
    }
    checkIds(inputs.position_ids, config.max_position_embeddings, "position_ids", "max_position_embeddings");
  }
  if (inputs.token_type_ids.defined()) {
    expectIds(inputs.token_type_ids, "token_type_ids");
    expectDevice(inputs.token_type_ids, "token_type_ids", modelDevice);
    expectShape(inputs.token_type_ids, "token_type_ids", batch, length);
    checkIds(inputs.token_type_ids, config.type_vocab_size, "token_type_ids", "type_vocab_size");
  }
  checkCache(inputs, config, heads, modelDevice);
  if (inputs.attention_mask.defined()) {
    expectDevice(inputs.attention_mask, "attention_mask", modelDevice);
    checkMask(inputs.attention_mask, batch, length, length + inputs.pastLength());
  }
  if (inputs.head_mask.defined()) {
    expectDevice(inputs.head_mask, "head_mask", modelDevice);
    checkHeadMask(inputs.head_mask, config, heads);
  }
  if (inputs.encoder_hidden_states.defined()) checkEncoderStates(inputs, config, modelDevice);
  checkLength(inputs, config);
}

}  // namespace robertorch
