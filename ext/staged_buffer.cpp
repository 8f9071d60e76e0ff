#include "ext/staged_buffer.h"

#include <utility>

namespace vkv::ext {

void StagedBuffer::start(std::int64_t workspace, const Hash& base) {
  if (!spare_) spare_ = std::make_shared<StagedRows>();
  contents_ = Contents{workspace, base, std::move(spare_)};
}

bool StagedBuffer::empty_rows(std::size_t kept) noexcept {
  if (contents_->rows.use_count() > 1) return false;
  contents_->rows->clear(kept);
  return true;
}

void StagedBuffer::clear() noexcept {
  if (contents_ && empty_rows(kMostKept)) spare_ = std::move(contents_->rows);
  contents_.reset();
}

bool StagedBuffer::ready_to_write(std::int64_t workspace) {
  if (!holds(workspace)) return false;
  if (contents_->rows->bytes() > kMostBytes) write_batch();
  return contents_.has_value();
}

bool StagedBuffer::erase(BytesView key) {
  StagedRows& rows = *contents_->rows;
  const bool found = rows.erase(key);
  if (found && rows.map().empty()) clear();
  return found;
}

void StagedBuffer::write_batch() {
  write(true);
  if (!contents_) return;
  contents_->has_all = false;
  if (!empty_rows(kMostBytes)) contents_->rows = std::make_shared<StagedRows>();
}

void StagedBuffer::write_out() {
  if (!contents_ || is_writing_) return;
  write(false);
  clear();
}

// A statement that writes may have a savepoint of its own, of which this then hears: nothing that
// it undoes is here. The whole transaction may be undone too.
void StagedBuffer::write(bool is_batch) {
  contents_->has_written = true;
  is_writing_ = true;
  try {
    Contents writing = *contents_;
    writing.is_batch = is_batch;
    write_(writing);
  } catch (...) {
    is_writing_ = false;
    throw;
  }
  is_writing_ = false;
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
