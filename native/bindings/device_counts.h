// How many tensors and storages of one environment are on which device. Inline and without a table: it is
// counted for every tensor that is made, and there are hardly ever more than two devices.
#pragma once

#include <c10/core/Device.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace robertorch {

class DeviceCounts {
 public:
  struct Count {
    c10::Device device;
    int64_t tensors = 0;
    int64_t peakTensors = 0;
    int64_t storages = 0;
  };

  /** Counts a tensor in. The place that `leave` takes is returned: `.data = …` may move the tensor meanwhile.
   */
  size_t enter(c10::Device device) {
    size_t place = 0;
    while (place < counts_.size() && counts_[place].device != device) ++place;
    if (place == counts_.size()) counts_.push_back({device});
    Count& count = counts_[place];
    count.peakTensors = std::max(count.peakTensors, ++count.tensors);
    return place;
  }
  void leave(size_t place) { --counts_[place].tensors; }
  void enterStorage(size_t place) { ++counts_[place].storages; }
  void leaveStorage(size_t place) { --counts_[place].storages; }

  void resetPeaks() {
    for (Count& count : counts_) count.peakTensors = count.tensors;
  }
  /** The CPU first, then devices in the order in which they came into use. */
  const std::vector<Count>& all() const { return counts_; }

 private:
  std::vector<Count> counts_{{c10::Device(c10::DeviceType::CPU)}};
};

}  // namespace robertorch
