#include "ext/staged_buffer.h"

#include <utility>

namespace vkv::ext {
namespace {

std::optional<Value> copy(const std::optional<ValueView>& value) {
  if (!value) return {};
  return Value(*value);
}

}  // namespace

void StagedBuffer::start(std::int64_t workspace, const Hash& base) {
  contents_ = Contents{workspace, base, std::make_shared<Rows>(), 0};
}

bool StagedBuffer::ready_to_write(std::int64_t workspace) {
  if (!holds(workspace)) return false;
  if (held_at_ || contents_->bytes > kMostBytes) write_out();
  return contents_.has_value();
}

void StagedBuffer::put(BytesView key, const std::optional<ValueView>& value) {
  Rows& rows = *contents_->rows;
  auto row = rows.lower_bound(key);
  if (row == rows.end() || row->first != key) {
    row = rows.emplace_hint(row, Bytes(key), std::nullopt);
    contents_->bytes += kRowBytes + key.size();
  }
  contents_->bytes += value ? value->bytes.size() : 0;
  contents_->bytes -= row->second ? row->second->bytes.size() : 0;
  row->second = copy(value);
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

void StagedBuffer::clear() {
  if (held_at_ && !before_) before_ = std::move(contents_);
  contents_.reset();
}

// A statement that writes may have a savepoint of its own, of which savepoint() and the others then
// hear: nothing that it undoes is here.
void StagedBuffer::write_out() {
  if (!contents_ || is_writing_) return;
  is_writing_ = true;
  try {
    write_(*contents_);
  } catch (...) {
    is_writing_ = false;
    throw;
  }
  is_writing_ = false;
  clear();
}

// SQLite may tell of the same savepoint once more: when it is open already, and too late to write.
void StagedBuffer::savepoint(int number) {
  if (!held_at_ || number < *held_at_) write_out();
}

void StagedBuffer::hold_at_savepoint(int number) {
  if (contents_) held_at_ = number;
}

void StagedBuffer::release(int number) {
  if (held_at_ && number <= *held_at_) release_hold();
}

void StagedBuffer::release_hold() {
  held_at_.reset();
  before_.reset();
}

void StagedBuffer::roll_back_to(int number) {
  if (is_writing_ || (held_at_ && number > *held_at_)) return;
  if (held_at_ != number) return end();
  if (before_) contents_ = std::exchange(before_, std::nullopt);
}

void StagedBuffer::end() {
  contents_.reset();
  release_hold();
}

void StagedBuffers::write_out() {
  for (StagedBuffer* const buffer : buffers_) buffer->write_out();
}

void StagedBuffers::savepoint(int number) {
  const bool is_command = std::exchange(is_command_next_, false);
  for (StagedBuffer* const buffer : buffers_) {
    is_command ? buffer->hold_at_savepoint(number) : buffer->savepoint(number);
  }
}

void StagedBuffers::release(int number) {
  for (StagedBuffer* const buffer : buffers_) buffer->release(number);
}

void StagedBuffers::roll_back_to(int number) {
  for (StagedBuffer* const buffer : buffers_) buffer->roll_back_to(number);
}

void StagedBuffers::command_ended() {
  is_command_next_ = false;
  for (StagedBuffer* const buffer : buffers_) buffer->release_hold();
}

void StagedBuffers::end() {
  for (StagedBuffer* const buffer : buffers_) buffer->end();
}

}  // namespace vkv::ext
