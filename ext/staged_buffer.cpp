#include "ext/staged_buffer.h"

#include <utility>

namespace vkv::ext {
void StagedBuffer::start(std::int64_t workspace, const Hash& base) {
  contents_ = Contents{workspace, base, std::make_shared<Rows>(), 0};
}

bool StagedBuffer::ready_to_write(std::int64_t workspace) {
  if (!holds(workspace)) return false;
  if (is_torn_ || contents_->bytes > kMostBytes) write_out();
  return contents_.has_value();
}

void StagedBuffer::put(BytesView key, const std::optional<ValueView>& value) {
  Rows& rows = *contents_->rows;
  std::optional<Value> copied = copy_of(value);
  auto row = rows.lower_bound(key);
  if (row == rows.end() || row->first != key) {
    row = rows.emplace_hint(row, Bytes(key), std::nullopt);
    contents_->bytes += kRowBytes + key.size();
  }
  contents_->bytes += copied ? copied->bytes.size() : 0;
  contents_->bytes -= row->second ? row->second->bytes.size() : 0;
  row->second = std::move(copied);
}

bool StagedBuffer::insert(BytesView key, ValueView value) {
  Rows& rows = *contents_->rows;
  const auto row = rows.lower_bound(key);
  if (row != rows.end() && row->first == key) return false;
  rows.emplace_hint(row, Bytes(key), Value(value));
  contents_->bytes += kRowBytes + key.size() + value.bytes.size();
  return true;
}

bool StagedBuffer::erase(BytesView key) {
  Rows& rows = *contents_->rows;
  const auto row = rows.find(key);
  if (row == rows.end()) return false;
  contents_->bytes -= kRowBytes + key.size() + (row->second ? row->second->bytes.size() : 0);
  rows.erase(row);
  if (rows.empty()) clear();
  return true;
}

// A statement that writes may have a savepoint of its own, of which this then hears: nothing that
// it undoes is here. The whole transaction may be undone too.
void StagedBuffer::write_out() {
  if (!contents_ || is_writing_) return;
  is_writing_ = true;
  try {
    const Contents writing = *contents_;
    write_(writing);
  } catch (...) {
    is_writing_ = false;
    is_torn_ = contents_.has_value();
    throw;
  }
  is_writing_ = false;
  clear();
}

void StagedBuffer::undo() {
  if (!is_writing_) clear();
}

void StagedBuffers::write_out() {
  for (StagedBuffer* const buffer : buffers_) buffer->write_out();
}

void StagedBuffers::undo() {
  for (StagedBuffer* const buffer : buffers_) buffer->undo();
}

void StagedBuffers::clear() {
  for (StagedBuffer* const buffer : buffers_) buffer->clear();
}

}  // namespace vkv::ext
